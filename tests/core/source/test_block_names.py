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
    assert "# missing: y has no input" in text
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
