"""Every layer through the application's own export to ONNX, or refused in a sentence that names the node."""

from __future__ import annotations

import itertools
from pathlib import Path

import onnxruntime
import pytest
from branches import side_by_side

from core.engine import proof
from core.engine.control import Controls
from core.engine.export import export
from core.engine.fault import Fault
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE
from core.messages import Export
from core.project import Data, Project

EXCEPTIONS = {
    "FractionalMaxPool2d": "ONNX has no pooling over windows at random",
    "FractionalMaxPool3d": "ONNX has no pooling over windows at random",
    "RReLU": "ONNX has no slopes at random, and torch does not write the one slope that stays after training",
    "CumProd": "torch cannot write a running product as ONNX",
    "ScaledDotProductAttention": "torch writes attention as ONNX with an axis of heads alone, not N × steps × features",
    "Gradient": "an ONNX file holds what is computed forwards alone",
}
"""Layers that cannot be exported as they are dropped, with the reason that the export gives too."""

COMMON = (
    "Linear", "Conv2d", "ConvTranspose2d", "MaxPool2d", "AdaptiveAvgPool2d", "BatchNorm2d", "LayerNorm", "ReLU",
    "GELU", "Softmax", "Dropout", "GRU", "Embedding", "MultiheadAttention", "Flatten", "Permute", "Slice", "Cat",
    "Add", "Where",
)  # fmt: skip
EXPORTED = [
    name
    for name, declared in CATALOGUE.items()
    if declared.family not in ("data", "output", "loss") and name not in EXCEPTIONS
]
GROUPS = [EXPORTED[first : first + 20] for first in range(0, len(EXPORTED), 20)]


def exported(project: Project, path: Path) -> float:
    """The largest difference of the ONNX file from the application's model, at batches of 1, 2 and 5; may raise."""
    made = export(Export(project, "onnx", str(path)), lambda _: None, Controls())
    assert made.max_difference is not None
    return made.max_difference


def test_that_the_usual_layers_are_exported_to_onnx(tmp_path: Path) -> None:
    assert exported(side_by_side(COMMON, tmp_path), tmp_path / "model.onnx") <= proof.LARGEST_DIFFERENCE
    outputs = onnxruntime.InferenceSession(tmp_path / "model.onnx").get_outputs()
    assert len(outputs) >= len(COMMON)


@pytest.mark.campaign
@pytest.mark.parametrize("names", GROUPS, ids=[f"{group[0]} to {group[-1]}" for group in GROUPS])
def test_that_every_layer_is_exported_to_onnx(names: list[str], tmp_path: Path) -> None:
    assert exported(side_by_side(names, tmp_path), tmp_path / "model.onnx") <= proof.LARGEST_DIFFERENCE


def test_that_an_export_which_torch_refuses_names_the_node_and_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(Fault) as caught:
        exported(side_by_side(["ReLU", "RReLU", "Linear"], tmp_path), tmp_path / "model.onnx")
    assert caught.value.message == (
        "RReLU (RReLU) cannot be exported to ONNX, because ONNX has no slopes at random; use LeakyReLU with a slope "
        "between lower and upper, or export Python."
    )
    assert not (tmp_path / "model.onnx").exists()


@pytest.mark.campaign
@pytest.mark.parametrize("name", EXCEPTIONS)
def test_that_no_exception_is_unnecessary_and_each_is_told_at_its_node(name: str, tmp_path: Path) -> None:
    with pytest.raises(Fault, match=rf"^{name} \({name}\) cannot be exported to ONNX, because .+; .+ export Python\.$"):
        exported(side_by_side([name], tmp_path), tmp_path / "model.onnx")


def test_that_what_draws_random_numbers_in_use_is_refused_for_onnx_and_proved_as_python(tmp_path: Path) -> None:
    nodes = {
        "point": Node("Input", {"field": "point"}),
        "blur": Node("GaussianNoise", {"always": True}),
        "fc": Node("Linear"),
        "out": Node("Output"),
    }
    road = list(nodes)
    links = tuple(Link(one, "output", two, "input") for one, two in itertools.pairwise(road))
    project = Project(Graph(nodes, links), Data("Moons"))
    with pytest.raises(Fault) as caught:
        exported(project, tmp_path / "model.onnx")
    assert caught.value.message == (
        "blur (GaussianNoise) cannot be exported to ONNX, because it draws new random numbers whenever the model is "
        "used, so that the file could not be compared with it; set always to false, or export Python."
    )
    made = export(Export(project, "python", str(tmp_path / "out")), lambda _: None, Controls())
    assert made.max_difference == 0


def test_that_losses_are_left_out_since_a_file_holds_the_model_alone() -> None:
    losses = {name for name, declared in CATALOGUE.items() if declared.family == "loss"}
    assert {*EXPORTED, *EXCEPTIONS, *losses} == {
        name for name, declared in CATALOGUE.items() if declared.family not in ("data", "output")
    }
