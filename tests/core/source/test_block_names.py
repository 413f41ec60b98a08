"""Names in blocks are legal and harmless in source, and what is unfinished is marked."""

from __future__ import annotations

import pytest
import torch
from drawn_blocks import block, image, project
from proving import proved

from core import graph as graphs
from core.engine.check import check
from core.engine.compile import written
from core.expressions import expression as e
from core.graph import Block, BlockParameter, Graph, Link, Node
from core.project import Project

EVIL = [
    '"; import os #',
    "a\nb = 1",
    "'''\"\"\"",
    "class",
    "forward",
    "Соnv",  # Cyrillic letters among Latin ones
    "x" * 10_000,
    "{0} % {port}",
    "nn",
    "Model",
    "print",
    "\\",
]


@pytest.mark.parametrize("name", EVIL)
def test_that_names_cannot_break_out_of_the_source(name: str) -> None:
    held = block(
        f"x fc, fc {'y'}",
        BlockParameter("width", default=3, help=name),
        BlockParameter(name, default=3),
        x=Node("Input", {"axes": f"N, {name}"}),
        fc=Node("Linear", {"out_features": e("width")}),
        y=Node("Output", note=name),
    )
    odd = Block(
        {**held.nodes, name: Node("ReLU")},
        (*held.links[:-1], Link("fc", "output", name, "input"), Link(name, "output", "y", "input")),
        held.parameters,
        help=name,
    )
    nodes = {"a": image(4), name + "!": Node(name), "two": Node(name, {"width": 5}), "out": Node("Output")}
    drawn = Project(
        Graph(
            nodes,
            (
                Link("a", "output", name + "!", "x"),
                Link(name + "!", "y", "two", "x"),
                Link("two", "y", "out", "input"),
            ),
            {name: odd},
        )
    )
    drawn = Project(graphs.Graph(drawn.graph.nodes, drawn.graph.links, {name: _with_sound_parameters(odd)}))
    text = proved(drawn, torch.rand(2, 4))
    assert "import os" not in text
    assert max(map(len, text.splitlines())) <= 100


def _with_sound_parameters(held: Block) -> Block:
    return Block(held.nodes, held.links, held.parameters[:1], held.help)


def test_that_an_unfinished_block_is_written_with_what_is_missing() -> None:
    half = block(
        "x fc, fc act", x=Node("Input"), fc=Node("Linear", {"out_features": 3}), act=Node("ReLU"), y=Node("Output")
    )
    drawn = project("a one.x, one.y out", {"Half": half}, a=image(4), one=Node("Half"), out=Node("Output"))
    text = written(drawn, check(drawn, 0)).files["model.py"]
    assert "        _ = nn.functional.relu(self.fc(x))\n        # missing: y has no input\n" in text
    assert 'raise NotImplementedError("This block is not finished.")' in text
    compile(text, "model.py", "exec")


def test_that_weights_of_a_block_begin_as_asked_and_stay_still() -> None:
    unit = block(
        "x fc, fc bn, bn y",
        x=Node("Input", {"axes": "N, width"}),
        fc=Node("Linear", {"out_features": e("width")}, weights={"init": "normal_", "std": 0.02}),
        bn=Node("BatchNorm1d", weights={"frozen": True}),
        y=Node("Output"),
    )
    drawn = project(
        "a one.x, one.y out", {"Unit": unit}, a=image(4), one=Node("Unit", {"repeat": 2}), out=Node("Output")
    )
    text = proved(drawn, torch.rand(2, 4))
    assert "nn.init.normal_(self.fc.weight, std=0.02)" in text
    assert 'def train(self, mode: bool = True) -> "Unit":' in text


def two_ways() -> Block:
    return block(
        "data to_mean, to_mean mean, data to_spread, to_spread spread",
        data=Node("Input"),
        to_mean=Node("Linear", {"out_features": 8}),
        to_spread=Node("Linear", {"out_features": 8}),
        mean=Node("Output"),
        spread=Node("Output"),
    )


def test_that_the_outputs_of_a_block_are_called_what_it_calls_them_where_that_is_free() -> None:
    drawn = project(
        "a first.data, first.mean add1.tensors_0, first.spread add1.tensors_1, add1 print.data, "
        "print.mean add2.tensors_0, print.spread add2.tensors_1, add2 out",
        {"Both ways": two_ways()},
        a=image(8),
        first=Node("Both ways"),
        print=Node("Both ways"),
        add1=Node("Add"),
        add2=Node("Add"),
        out=Node("Output"),
    )
    text = proved(drawn, torch.rand(2, 8))
    assert "mean, spread = self.first(a)" in text
    assert "print_mean, print_spread = self.print_(" in text


def test_that_the_turns_of_a_loop_hand_on_values_under_the_names_of_the_block() -> None:
    pair = block(
        "mean fc1, fc1 mean_out, spread fc2, fc2 spread_out",
        mean=Node("Input"),
        spread=Node("Input"),
        fc1=Node("Linear", {"out_features": 8}),
        fc2=Node("Linear", {"out_features": 8}),
        mean_out=Node("Output"),
        spread_out=Node("Output"),
    )
    drawn = project(
        "a many.mean, b many.spread, many.mean_out add.tensors_0, many.spread_out add.tensors_1, add out",
        {"Pair": pair},
        a=image(8),
        b=image(8),
        many=Node("Pair", {"repeat": 3}),
        add=Node("Add"),
        out=Node("Output"),
    )
    text = proved(drawn, torch.rand(2, 8), torch.rand(2, 8))
    assert "mean_out, spread_out = layer(mean_out, spread_out)" in text


@pytest.mark.parametrize("name", [*EVIL, "x", "values", "self", "layer", "count", "math", "a", "a mean"])
def test_that_the_names_of_several_outputs_cannot_break_out_of_the_source(name: str) -> None:
    held = two_ways()
    nodes = {name if each == "spread" else each: node for each, node in held.nodes.items()}
    kept = [link for link in held.links if link.target != "spread"]
    odd = Block(nodes, (*kept, Link("to_spread", "output", name, "input")))
    drawn = Project(
        Graph(
            {"a": image(8), "one": Node("Odd"), "more": Node("Odd"), "add": Node("Add"), "out": Node("Output")},
            (
                Link("a", "output", "one", "data"),
                Link("one", name, "more", "data"),
                Link("one", "mean", "add", "tensors_0"),
                Link("more", "mean", "add", "tensors_1"),
                Link("more", name, "add", "tensors_2"),
                Link("add", "output", "out", "input"),
            ),
            {"Odd": odd},
        )
    )
    text = proved(drawn, torch.rand(2, 8))
    assert "import os" not in text
