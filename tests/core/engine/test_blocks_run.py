"""A network drawn from blocks: trained, measured, taken away, and its weights known by the paths of its nodes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import safetensors
import torch

from core.engine.check import check
from core.engine.control import Controls
from core.engine.export import export
from core.engine.fit import fit
from core.engine.predict import evaluate
from core.engine.trial import Choices
from core.expressions import expression as e
from core.graph import Block, BlockParameter, Graph, Link, Node, link_key
from core.messages import Evaluate, Export, Train
from core.project import Data, Project, drawing


def links(text: str) -> tuple[Link, ...]:
    pairs = [part.split() for part in text.split(",")]
    ends = [(left.partition(".")[::2], right.partition(".")[::2]) for left, right in pairs]
    made = [Link(a, out or "output", b, into or "input") for (a, out), (b, into) in ends]
    return tuple(sorted(made, key=link_key))


@pytest.fixture(scope="module")
def project() -> Project:
    """The digits through two repetitions of a residual block, and a block in a block."""
    conv: dict[str, Any] = {"kernel_size": 3, "padding": 1}
    residual = Block(
        {
            "x": Node("Input", {"axes": "N, channels"}),
            "conv": Node("Conv2d", {**conv, "out_channels": e("channels")}),
            "bn": Node("BatchNorm2d"),
            "drop": Node("Dropout", {"p": e("rate")}),
            "add": Node("Add"),
            "relu": Node("ReLU"),
            "y": Node("Output"),
        },
        links("x conv, conv bn, bn drop, drop add.tensors_0, x add.tensors_1, add relu, relu y"),
        (BlockParameter("rate", "number", 0.1),),
    )
    stage = Block(
        {
            "x": Node("Input"),
            "units": Node("Residual", {"repeat": e("depth"), "rate": 0.2}),
            "pool": Node("MaxPool2d"),
            "y": Node("Output"),
        },
        links("x units.x, units.y pool, pool y"),
        (BlockParameter("depth", default=2),),
    )
    nodes = {
        "image": Node("Input", {"field": "image"}),
        "first": Node("Conv2d", {**conv, "out_channels": 4}),
        "stage": Node("Stage"),
        "flat": Node("Flatten"),
        "fc": Node("Linear", {"out_features": 10}),
        "label": Node("Target", {"field": "label"}),
        "loss": Node("CrossEntropyLoss"),
        "out": Node("Output"),
    }
    drawn = links("image first, first stage.x, stage.y flat, flat fc, fc loss, label loss.target, fc out")
    graph = Graph(nodes, drawn, {"Residual": residual, "Stage": stage})
    return Project(graph, Data("Digits"), {"epochs": 1, "device": "cpu", "threads": 1}, 3)


@pytest.fixture(scope="module")
def run(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blocks") / "run"
    assert fit(Train(project, str(folder)), lambda _: None, Controls(), Choices(1)).how == "finished"
    return folder


def test_that_weights_of_a_run_are_known_by_the_paths_of_their_nodes(project: Project, run: Path) -> None:
    with safetensors.safe_open(run / "best.safetensors", "pt") as file:
        owners = json.loads(file.metadata()["layerloom"])["nodes"]
    assert owners["first.weight"] == "first"
    assert owners["stage.units.0.conv.weight"] == "stage/units/0/conv"
    assert owners["stage.units.1.bn.running_mean"] == "stage/units/1/bn"
    inner = check(project, 0).inner
    assert {node for node in owners.values() if "/" in node} <= set(inner)


def test_that_a_run_with_blocks_is_measured_on_its_test_part(project: Project, run: Path) -> None:
    assert evaluate(Evaluate(project, str(run))).metrics["test_accuracy"] > 0.2
    assert drawing(project) == drawing(Project(project.graph))


@pytest.mark.parametrize("to", ["python", "script", "onnx"])
def test_that_a_run_with_blocks_is_taken_away(project: Project, run: Path, to: Any, tmp_path: Path) -> None:
    out = tmp_path / ("model.onnx" if to == "onnx" else "out")
    found = export(Export(project, to, str(out), str(run)), lambda _: None, Controls())
    assert found.max_difference is not None
    assert found.max_difference <= 1e-5
    if to == "python":
        assert "class Residual(nn.Module):" in (out / "model.py").read_text()


def test_that_weights_of_a_block_begin_from_a_run(project: Project, run: Path, tmp_path: Path) -> None:
    graph = project.graph
    first = Node("Conv2d", graph.nodes["first"].values, weights={"file": str(run), "frozen": True})
    last = Node("Linear", graph.nodes["fc"].values, weights={"file": str(run), "frozen": True})
    block = graph.blocks["Residual"]
    begun = {"file": str(run), "from_node": "stage/units/1/conv", "frozen": True}
    conv = Node("Conv2d", block.nodes["conv"].values, weights=begun)
    blocks = {**graph.blocks, "Residual": Block({**block.nodes, "conv": conv}, block.links, block.parameters)}
    drawn = Graph({**graph.nodes, "first": first, "fc": last}, graph.links, blocks)
    told = Project(drawn, project.data, project.training, 1)
    folder = tmp_path / "again"
    assert fit(Train(told, str(folder)), lambda _: None, Controls(), Choices(1)).how == "finished"
    with (
        safetensors.safe_open(run / "best.safetensors", "pt") as old,
        safetensors.safe_open(folder / "best.safetensors", "pt") as new,
    ):
        for name in ("first.weight", "fc.weight", "stage.units.1.conv.weight"):
            assert torch.equal(old.get_tensor(name), new.get_tensor(name))
        assert torch.equal(old.get_tensor("stage.units.1.conv.bias"), new.get_tensor("stage.units.0.conv.bias"))
