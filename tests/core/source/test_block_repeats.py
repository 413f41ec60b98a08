"""Repeated blocks are a Sequential or a loop, whatever goes round."""

from __future__ import annotations

import re
from typing import Any

import torch
from drawn_blocks import block, image, number, project
from proving import flatten, proved
from torch import nn

from core.blocks import fed_back
from core.engine.check import check
from core.engine.compile import written
from core.expressions import expression as e
from core.graph import Block, Node
from core.grouping import ungrouped
from core.layers.block import declaration
from core.project import Project


def test_that_a_memory_goes_unchanged_to_each_repetition() -> None:
    layer = block(
        "x cross.query, memory cross.key, memory cross.value, x add.tensors_0, cross add.tensors_1, add norm, norm y",
        number("heads", 2),
        x=Node("Input", {"axes": "N, T, dim"}),
        memory=Node("Input"),
        cross=Node("MultiheadAttention", {"num_heads": e("heads"), "batch_first": True}),
        add=Node("Add"),
        norm=Node("LayerNorm"),
        y=Node("Output"),
    )
    drawn = project(
        "words embedding, embedding decoder.x, picture lift, lift decoder.memory, decoder.y head, head out",
        {"DecoderLayer": layer},
        words=image(5, dtype="int64"),
        picture=image(7, 12),
        embedding=Node("Embedding", {"num_embeddings": 20, "embedding_dim": 16}),
        lift=Node("Linear", {"out_features": 16}),
        decoder=Node("DecoderLayer", {"repeat": 3}),
        head=Node("Linear", {"out_features": 20}),
        out=Node("Output"),
    )
    text = proved(drawn, torch.rand(2, 7, 12), torch.randint(20, (2, 5)))
    assert "self.decoder = nn.ModuleList(DecoderLayer(16) for _ in range(3))" in text
    assert "for layer in self.decoder:\n            decoder = layer(" in text


def test_that_two_inputs_and_two_outputs_go_round_a_loop() -> None:
    turned = block(
        "p fa, q fb, fa sum.tensors_0, q sum.tensors_1, sum b, fb a",
        p=Node("Input", {"axes": "N, width"}),
        q=Node("Input"),
        fa=Node("Linear", {"out_features": e("width")}),
        fb=Node("Linear", {"out_features": e("width")}),
        sum=Node("Add"),
        a=Node("Output"),
        b=Node("Output"),
    )
    looped = block(
        "a fa, b fb, fa add.tensors_0, b add.tensors_1, add b_out, fb a_out",
        a=Node("Input", {"axes": "N, width"}),
        b=Node("Input"),
        fa=Node("Linear", {"out_features": e("width")}),
        fb=Node("Linear", {"out_features": e("width")}),
        add=Node("Add"),
        a_out=Node("Output"),
        b_out=Node("Output"),
    )
    drawn = project(
        "x one.p, y one.q, one.a add.tensors_0, one.b add.tensors_1, add out, "
        "x two.a, y two.b, two.b_out second, two.a_out third",
        {"Swap": turned, "Straight": looped},
        x=image(6),
        y=image(6),
        one=Node("Swap"),
        two=Node("Straight", {"repeat": 3}),
        add=Node("Add"),
        out=Node("Output"),
        second=Node("Output"),
        third=Node("Output"),
    )
    text = proved(drawn, torch.rand(2, 6), torch.rand(2, 6))
    assert "-> tuple[Tensor, Tensor]:" in text


def test_that_repetitions_whose_first_differs_say_so() -> None:
    unit = block(
        "x fc, fc y",
        number("width", 4),
        x=Node("Input", {"axes": "N, before"}),
        fc=Node("Linear", {"out_features": e("width")}),
        y=Node("Output"),
    )
    drawn = project(
        "a few.x, few.y many.x, many.y out",
        {"Unit": unit},
        a=image(9),
        few=Node("Unit", {"repeat": 3}),
        many=Node("Unit", {"repeat": 6, "width": 5}),
        out=Node("Output"),
    )
    text = proved(drawn, torch.rand(2, 9))
    assert "*(Unit(before) for before in (9, 4, 4))" in text
    assert "*(Unit(before, width=5) for before in [4] + [5] * 5)" in text


def step() -> Block:
    """One step of a memory in two parts, each of which goes into the next step."""
    return block(
        "x cell, h cell.h_0, c cell.c_0, cell.h h_out, cell.c c_next",
        x=Node("Input", {"axes": "N, features"}),
        h=Node("Input", {"axes": "N, width"}),
        c=Node("Input"),
        cell=Node("LSTMCell", {"hidden_size": e("width")}),
        h_out=Node("Output"),
        c_next=Node("Output"),
    )


def stepped(times: int) -> Project:
    return project(
        "a steps.x, first steps.h, second steps.c, steps.h_out out, steps.c_next memory",
        {"Step": step()},
        a=image(5),
        first=image(4),
        second=image(4),
        steps=Node("Step", {"repeat": times}),
        out=Node("Output"),
        memory=Node("Output"),
    )


def test_that_two_states_go_round_a_loop_by_their_names() -> None:
    drawn, given = stepped(3), (torch.rand(2, 5), torch.rand(2, 4), torch.rand(2, 4))
    text = proved(drawn, *given)
    assert re.search(r"self.steps = nn.ModuleList\(Step\(.*\) for _ in range\(3\)\)", text)
    assert "for layer in self.steps:\n            memory, out = layer(memory, out, a)" in text  # c, h and x by name
    assert "memory, out = second, first" in text


def test_that_two_states_drawn_out_are_what_a_loop_over_them_gives() -> None:
    drawn = stepped(3)
    torch.manual_seed(0)
    cells = nn.ModuleList(nn.LSTMCell(5, 4) for _ in range(3))
    x, h, c = torch.rand(2, 5), torch.rand(2, 4), torch.rand(2, 4)
    with torch.no_grad():
        wanted = (h, c)
        for cell in cells:
            wanted = cell(x, wanted)
        for project_of in (drawn, Project(ungrouped(drawn.graph, "steps", {"steps": {"features": 5, "width": 4}})[0])):
            model = model_of(project_of)
            for ours, theirs in zip(model.parameters(), cells.parameters(), strict=True):
                ours.copy_(theirs)
            found = flatten(model(x, h, c))
            assert all(torch.equal(one, other) for one, other in zip(found, reversed(wanted), strict=True))


def model_of(drawn: Project) -> nn.Module:
    space: dict[str, Any] = {"__name__": "model"}
    exec(compile(written(drawn, check(drawn, 0)).files["model.py"], "model.py", "exec"), space)
    return space["Model"]()


def test_which_output_feeds_which_input_of_the_next_repetition() -> None:
    def fed(inputs: str, outputs: str) -> dict[str, str]:
        nodes = {each: Node("Input") for each in inputs.split()} | {each: Node("Output") for each in outputs.split()}
        return fed_back(declaration("b", block("", **nodes)), {each: each for each in outputs.split()})

    assert fed("x h c", "h_out c_next") == {"h": "h_out", "c": "c_next"}
    assert fed("x y_mask", "y") == {"x": "y"}
    assert fed("x h", "y h_out") == {"h": "h_out"}
    assert fed("x h", "h_out") == {"h": "h_out"}
    assert fed("x h", "h_next h_out") == {"h": "h_next"}
    assert fed("x", "a b") == {}
    assert fed("h_out h", "h_out_next") == {"h_out": "h_out_next"}
