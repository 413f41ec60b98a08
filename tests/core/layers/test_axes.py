"""What the axes of a shape count: where a layer knows it, and that it never decides whether something fits."""

from __future__ import annotations

import msgspec
import pytest

from core.engine.check import check
from core.engine.examine import Fault, Found, examined
from core.examples import EXAMPLES, example_project
from core.layers import CATALOGUE
from core.parameters import read
from core.project import Project
from core.specs import Spec, axes_text, flow_text

BATCH, PICTURE, ROW = ("N", "C", "T"), ("N", "C", "H", "W"), ("N", "features")
VOLUME, STEPS = ("N", "C", "D", "H", "W"), ("N", "T", "features")

CASES: list[tuple[str, dict[str, object], tuple[int | str, ...], tuple[str, ...], dict[str, tuple[str, ...]]]] = [
    ("Conv1d", {}, ("N", 3, 20), (), {"output": BATCH}),
    ("Conv2d", {}, ("N", 3, 8, 8), (), {"output": PICTURE}),
    ("Conv3d", {}, ("N", 3, 8, 8, 8), (), {"output": VOLUME}),
    ("ConvTranspose2d", {}, ("N", 3, 8, 8), (), {"output": PICTURE}),
    ("MaxPool2d", {"return_indices": True}, ("N", 3, 8, 8), (), {"output": PICTURE, "indices": PICTURE}),
    ("AvgPool1d", {}, ("N", 3, 8), (), {"output": BATCH}),
    ("AdaptiveAvgPool3d", {}, ("N", 3, 8, 8, 8), (), {"output": VOLUME}),
    ("LPPool2d", {}, ("N", 3, 8, 8), (), {"output": PICTURE}),
    ("FractionalMaxPool2d", {"output_ratio": 0.5}, ("N", 3, 8, 8), (), {"output": PICTURE}),
    ("Upsample", {"scale_factor": 2.0}, ("N", 3, 8), (), {"output": BATCH}),
    ("Interpolate", {"scale_factor": 2.0}, ("N", 3, 8, 8), (), {"output": PICTURE}),
    ("PixelShuffle", {}, ("N", 8, 8, 8), (), {"output": PICTURE}),
    ("BatchNorm1d", {}, ("N", 8), (), {"output": ROW}),
    ("BatchNorm1d", {}, ("N", 8, 20), (), {"output": BATCH}),
    ("BatchNorm1d", {}, ("N", 8, 20), STEPS, {"output": STEPS}),
    ("BatchNorm2d", {}, ("N", 8, 4, 4), (), {"output": PICTURE}),
    ("InstanceNorm3d", {}, ("N", 8, 4, 4, 4), (), {"output": VOLUME}),
    ("GroupNorm", {}, ("N", 8, 4, 4), (), {"output": PICTURE}),
    ("LocalResponseNorm", {}, ("N", 8, 4, 4), (), {"output": PICTURE}),
    ("LayerNorm", {}, ("N", 5, 8), STEPS, {"output": STEPS}),
    ("LayerNorm", {}, ("N", 5, 8), (), {"output": ()}),
    ("Linear", {}, ("N", 8), (), {"output": ROW}),
    ("Linear", {}, ("N", 5, 8), STEPS, {"output": STEPS}),
    ("Linear", {}, ("N", 3, 4, 8), PICTURE, {"output": ("N", "C", "H", "features")}),
    ("Linear", {}, ("N", 5, 8), (), {"output": ("N", "", "features")}),
    ("ReLU", {}, ("N", 3, 8, 8), PICTURE, {"output": PICTURE}),
    ("ReLU", {}, ("N", 3, 8, 8), (), {"output": ()}),
    ("Softmax", {"dim": -1}, ("N", 10), ROW, {"output": ROW}),
    ("Softmax2d", {}, ("N", 3, 8, 8), (), {"output": PICTURE}),
    ("GLU", {}, ("N", 10), ROW, {"output": ROW}),
    ("Dropout", {}, ("N", 5, 8), STEPS, {"output": STEPS}),
    ("Dropout2d", {}, ("N", 3, 8, 8), (), {"output": PICTURE}),
    ("GRU", {"batch_first": True}, ("N", 5, 8), (), {"output": STEPS, "h": ("layers", "N", "features")}),
    ("RNN", {}, (5, "N", 8), (), {"output": ("T", "N", "features"), "h": ("layers", "N", "features")}),
    (
        "LSTM",
        {"batch_first": True, "bidirectional": True},
        ("N", 5, 8),
        (),
        {"output": STEPS, "h": ("layers", "N", "features"), "c": ("layers", "N", "features")},
    ),
    ("LSTMCell", {}, ("N", 8), (), {"h": ROW, "c": ROW}),
    ("TransformerEncoderLayer", {"batch_first": True}, ("N", 5, 8), (), {"output": STEPS}),
    ("TransformerEncoder", {}, (5, "N", 8), (), {"output": ("T", "N", "features")}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "values", "shape", "axes", "wanted"),
    CASES,
    ids=[f"{number}-{case[0]}" for number, case in enumerate(CASES)],
)
def test_that_a_layer_names_the_axes_that_it_knows(
    name: str,
    values: dict[str, object],
    shape: tuple[int | str, ...],
    axes: tuple[str, ...],
    wanted: dict[str, tuple[str, ...]],
) -> None:
    layer, _ = read(CATALOGUE[name], values)
    found = examined(layer, {"input" if "input" in ports(name) else "src": Spec(shape, axes=axes)})
    assert isinstance(found, Found)
    assert {port: spec.axes for port, spec in found.outputs.items()} == wanted


def ports(name: str) -> list[str]:
    """The names of a layer's inputs."""
    return [port.name for port in CATALOGUE[name].inputs]


def test_that_looking_up_adds_features_to_what_was_there() -> None:
    words = Spec(("N", 12), "int64", axes=("N", "T"))
    assert spec_of("Embedding", input=words).axes == STEPS
    assert spec_of("EmbeddingBag", input=words).axes == ROW


def test_that_attention_says_who_asks_and_who_is_searched() -> None:
    asking, searched = Spec(("N", 5, 8)), Spec(("N", 9, 8))
    layer, _ = read(CATALOGUE["MultiheadAttention"], {"batch_first": True})
    found = examined(layer, {"query": asking, "key": searched, "value": searched})
    assert isinstance(found, Found)
    assert found.outputs["output"] == Spec(("N", 5, 8), axes=STEPS)
    assert found.outputs["weights"] == Spec(("N", 5, 9), axes=("N", "queries", "keys"))


def spec_of(name: str, **inputs: Spec) -> Spec:
    """The first output of a layer as it is made."""
    found = examined(CATALOGUE[name](), inputs)
    assert isinstance(found, Found)
    return next(iter(found.outputs.values()))


@pytest.mark.parametrize("name", [name for name, each in CATALOGUE.items() if len(each.inputs) == 1 and each.outputs])
def test_that_names_of_axes_change_nothing_but_names(name: str) -> None:
    layer, _ = read(CATALOGUE[name], {})
    for shape in [("N", 8), ("N", 6, 8), ("N", 8, 4, 4), ("N", 8, 4, 4, 4)]:
        for dtype in ("float32", "int64", "bool"):
            port = CATALOGUE[name].inputs[0].name
            port = f"{port}_0" if CATALOGUE[name].inputs[0].variadic else port
            plain = examined(layer, {port: Spec(shape, dtype)})
            odd = examined(layer, {port: Spec(shape, dtype, axes=("N", *"QRXY")[: len(shape)])})
            assert type(odd) is type(plain)
            if isinstance(plain, Fault) or isinstance(odd, Fault):
                assert odd == plain
                continue
            bare = {each: msgspec.structs.replace(spec, axes=()) for each, spec in odd.outputs.items()}
            assert bare == {each: msgspec.structs.replace(spec, axes=()) for each, spec in plain.outputs.items()}
            assert (odd.call, odd.parameters, odd.macs) == (plain.call, plain.parameters, plain.macs)
            assert all(len(spec.axes) in (0, spec.rank) for spec in odd.outputs.values())


@pytest.mark.parametrize("example", [each.name for each in EXAMPLES])
def test_that_the_axes_of_an_example_are_named_one_for_one(example: str) -> None:
    checked = check(example_project(example), 0)
    specs = [spec for report in checked.nodes.values() for spec in report.outputs.values()]
    assert specs
    assert all(len(spec.axes) in (0, spec.rank) for spec in specs)
    assert sum(bool(spec.axes) for spec in specs) >= len(specs) / 2


def test_that_a_picture_keeps_its_names_through_the_digits_example() -> None:
    project: Project = example_project("digits")
    checked = check(project, 0)
    by_layer = {project.graph.nodes[each].layer: report for each, report in checked.nodes.items()}
    assert by_layer["Input"].outputs["output"].axes == PICTURE
    assert by_layer["Conv2d"].outputs["output"].axes == PICTURE
    assert by_layer["Linear"].outputs["output"].axes == ROW


def test_that_a_shape_is_shown_with_what_its_axes_count() -> None:
    assert axes_text(Spec(("N", 32, 8, 8), axes=PICTURE)) == "N × C=32 × H=8 × W=8"
    assert flow_text(Spec(("N", "T", 16), axes=STEPS)) == "N × T × features=16 float32"
    assert flow_text(Spec(("N", 5, 16), axes=("N", "", "features"))) == "N × 5 × features=16 float32"
    assert flow_text(Spec(("2*N", 5), axes=ROW)) == "2*N × features=5 float32"
    assert flow_text(Spec(("N", 32, 8))) == "N × 32 × 8 float32"
    assert flow_text(Spec(("N",), "int64", 10)) == "N int64, 10 classes"
    assert flow_text(Spec(())) == "one number float32"
