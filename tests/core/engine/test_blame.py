"""An exception in a written network names its node, on a line of several nodes too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import torch
from torch import nn

from core.engine.blame import blamed
from core.engine.check import check
from core.engine.compile import new_model, written
from core.engine.onnx_refusals import refused
from core.graph import Block, Graph, Link, Node
from core.messages import Source
from core.project import Project

Draw = Callable[..., Project]

NETWORK = """
image = Input(field="image")
conv1 = Conv2d(image, out_channels=4, kernel_size=2, stride=2)
bn1 = BatchNorm2d(conv1)
pool1 = MaxPool2d(image, kernel_size=2, ceil_mode=True)
conv2 = Conv2d(pool1, out_channels=4, kernel_size=1)
add1 = Add(bn1, conv2)
relu1 = ReLU(add1)
norm1 = BatchNorm2d(relu1)
relu2 = ReLU(norm1)
flatten1 = Flatten(relu2)
linear1 = Linear(flatten1, out_features=10)
scores = Output(linear1)
"""
LINES = {
    "x = nn.functional.relu(bn1 + self.conv2(x))": ("conv2", "add1", "relu1"),
    "x = nn.functional.relu(self.norm1(x))": ("norm1", "relu2"),
    "return self.linear1(x.flatten(1))": ("flatten1", "linear1", "scores"),
}


@pytest.fixture
def made(draw: Draw, tmp_path: Path) -> tuple[Project, Source, nn.Module]:
    """A network with several nodes on a line, written and built."""
    project = draw(NETWORK)
    source = written(project, check(project, 0))
    (tmp_path / "model.py").write_text(source.files["model.py"], encoding="utf-8")
    return project, source, new_model(tmp_path)


def test_that_a_line_with_several_nodes_knows_them_in_the_order_of_the_data(made: tuple[Project, Source, nn.Module]):
    _, source, _ = made
    lines = source.files["model.py"].split("\n")
    assert {lines[at - 1].strip(): nodes for at, nodes in source.lines.items() if len(nodes) > 1} == LINES


def refuse(*_: object, **__: object) -> None:
    raise NotImplementedError("no kernel for it")


@pytest.mark.parametrize(
    ("node", "broken"),
    [
        ("add1", lambda model, patch: torch.zeros(2, 1, 7, 7)),
        ("linear1", lambda model, patch: torch.zeros(2, 1, 4, 4)),
        ("conv2", lambda model, patch: patch.setattr(model.conv2, "forward", refuse)),
        ("norm1", lambda model, patch: patch.setattr(model.norm1, "forward", refuse)),
        ("bn1", lambda model, patch: patch.setattr(model.bn1, "forward", refuse)),
        ("relu1", lambda model, patch: patch.setattr(nn.functional, "relu", refuse)),
        ("flatten1", lambda model, patch: patch.setattr(torch.Tensor, "flatten", refuse)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_that_the_node_that_raised_is_named_whatever_stands_beside_it(
    made: tuple[Project, Source, nn.Module], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, node: str, broken
):
    project, source, model = made
    values = broken(model, monkeypatch)
    with pytest.raises((RuntimeError, NotImplementedError)) as caught:
        model(torch.zeros(2, 1, 8, 8) if values is None else values)
    said = blamed(caught.value, project, tmp_path, source.lines, "the step")
    assert said.startswith(f"torch refused the step at {node}: "), said


def test_that_a_node_in_a_block_is_named_with_the_block_in_training_and_in_an_export(draw: Draw, tmp_path: Path):
    links = (
        Link("x", "output", "norm", "input"),
        Link("norm", "output", "add", "tensors_1"),
        Link("x", "output", "add", "tensors_2"),
        Link("add", "output", "act", "input"),
        Link("act", "output", "y", "input"),
    )
    nodes = {
        "x": Node("Input"),
        "norm": Node("BatchNorm1d"),
        "add": Node("Add"),
        "act": Node("ReLU"),
        "y": Node("Output"),
    }
    begun = draw('image = Input(field="image")\nflatten1 = Flatten(image)\n')
    drawn = begun.graph
    linked = (*drawn.links, Link("flatten1", "output", "skip", "x"))
    blocks = {"Skip: one": Block(nodes, links)}
    graph = Graph({**drawn.nodes, "skip": Node("Skip: one")}, linked, blocks)
    project = msgspec.structs.replace(begun, graph=graph)
    source = written(project, check(project, 0))
    (tmp_path / "model.py").write_text(source.files["model.py"], encoding="utf-8")
    with pytest.raises(ValueError, match="Expected more than 1 value") as caught:
        new_model(tmp_path)(torch.zeros(1, 1, 8, 8))
    said = blamed(caught.value, project, tmp_path, source.lines, "the step")
    assert said.startswith("torch refused the step at norm in Skip: one: Expected more than 1 value"), said
    fault = refused(caught.value, tmp_path / "model.py", source.lines, project.graph)
    assert fault.message.startswith("skip (Skip: one) cannot be exported to ONNX, because torch refuses it (Expected")
