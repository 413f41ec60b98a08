"""The text of how weights begin: it builds for every layer and function, and the tensors are what was promised."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import msgspec
import pytest
import torch
from torch import Tensor, nn

from core import graph as graphs
from core.edits import repaired
from core.engine.check import check
from core.engine.compile import moved, written
from core.engine.examine import Found, examined
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE, Layer
from core.messages import Checked
from core.parameters import dropped_values
from core.project import Project
from core.source import write
from core.specs import Spec
from core.weights import ARGUMENTS, filled

Draw = Callable[..., Project]

SETTINGS: dict[str, dict[str, Any]] = {
    **{function: {} for function in ARGUMENTS},
    "uniform_": {"a": -0.25, "b": 0.5},
    "normal_": {"mean": 1.0, "std": 0.1},
    "trunc_normal_": {"std": 0.5, "a": -0.5, "b": 0.75},
    "constant_": {"val": 0.125},
    "xavier_uniform_": {"gain": 2.0},
    "xavier_normal_": {"gain": 2.0},
    "kaiming_uniform_": {"a": 0.5, "mode": "fan_out"},
    "kaiming_normal_": {"nonlinearity": "relu"},
    "orthogonal_": {"gain": 3.0},
    "sparse_": {"sparsity": 0.5, "std": 0.2},
}
"""Arguments other than the defaults, so that what is written is what is meant."""

SHAPES = [(16,), (6, 16), (16, 8, 8), (16, 4, 6, 8), ()]
ANSWERS = {"target": Spec(("N",), "int64", 3)}


def inputs_of(name: str, layer: Layer) -> dict[str, Spec] | None:
    """What the layer takes and then has weights; None where it never has any."""
    for shape, dtype in itertools.product(SHAPES, ("float32", "int64")):
        spec = Spec(("N", *shape), dtype, 5 if dtype == "int64" else 0)
        inputs = {port.name: ANSWERS.get(port.name, spec) for port in CATALOGUE[name].inputs if not port.optional}
        found = examined(layer, inputs)
        if isinstance(found, Found) and found.parameters:
            return inputs
    return None


def with_weights_in() -> dict[str, dict[str, Spec]]:
    found: dict[str, dict[str, Spec]] = {}
    for name, declared in CATALOGUE.items():
        if declared.family not in ("data", "output", "custom"):
            inputs = inputs_of(name, declared(**dropped_values(declared)))
            if inputs is not None:
                found[name] = inputs
    return found


LAYERS = with_weights_in()


def project_of(name: str, several: dict[str, dict[str, Any]]) -> Project:
    """A node of the layer for each of these weights, all on the same inputs."""
    nodes, links = {}, []
    for port, spec in LAYERS[name].items():
        nodes[f"in_{port}"] = Node("Input", {"shape": spec.shape[1:], "dtype": spec.dtype})
    for node_id, weights in several.items():
        nodes[node_id] = Node(name, dropped_values(CATALOGUE[name]), weights=weights)
        links += [Link(f"in_{port}", "output", node_id, port) for port in LAYERS[name]]
        if not LAYERS[name]:  # a learned parameter leads somewhere only with something that flows
            nodes |= {"x": Node("Input", {"shape": (1,)}), f"{node_id}_sum": Node("Add")}
            links += [
                Link("x", "output", f"{node_id}_sum", "tensors_0"),
                Link(node_id, "output", f"{node_id}_sum", "tensors_1"),
            ]
    return Project(Graph(nodes, tuple(sorted(links, key=graphs.link_key))))


def model_of(project: Project, checked: Checked, seed: int = 0) -> nn.Module:
    module = ModuleType("written")
    exec(write(project, checked).files["model.py"], vars(module))
    torch.manual_seed(seed)
    return module.Model()


def at(problems: Any, node_id: str) -> list[Any]:
    return [each for each in problems if each.node == node_id and each.severity == "error"]


def fans(weight: Tensor) -> tuple[int, int]:
    around = math.prod(weight.shape[2:])
    return weight.shape[1] * around, weight.shape[0] * around


def near(found: float, expected: float, count: int) -> bool:
    """Whether a spread is what was asked for, as closely as so many numbers can tell."""
    return abs(found - expected) < 4.5 * expected / math.sqrt(2 * count) + 1e-6


def keeps(function: str, w: Tensor) -> bool:
    """Whether a tensor is what the function promises with the settings above."""
    many = w.numel() >= 64
    match function:
        case "zeros_" | "ones_" | "constant_":
            return bool((w == {"zeros_": 0.0, "ones_": 1.0, "constant_": 0.125}[function]).all())
        case "eye_":
            return torch.equal(w, torch.eye(*w.shape))
        case "dirac_":
            centre = w[(..., *(size // 2 for size in w.shape[2:]))]
            return torch.equal(centre, torch.eye(*w.shape[:2])) and w.sum().item() == min(w.shape[:2])
        case "orthogonal_":
            flat = w.reshape(w.shape[0], -1)
            flat = flat if flat.shape[0] <= flat.shape[1] else flat.T
            return torch.allclose(flat @ flat.T, 9 * torch.eye(len(flat)), atol=1e-4)
        case "xavier_uniform_":
            bound = 2 * math.sqrt(6 / sum(fans(w)))
            return w.abs().max().item() <= bound and (not many or w.abs().max().item() > 0.8 * bound)
        case "kaiming_uniform_":
            bound = math.sqrt(2 / (1 + 0.25)) * math.sqrt(3 / fans(w)[1])
            return w.abs().max().item() <= bound and (not many or w.abs().max().item() > 0.8 * bound)
        case "xavier_normal_":
            return not many or near(w.std().item(), 2 * math.sqrt(2 / sum(fans(w))), w.numel())
        case "kaiming_normal_":
            return not many or near(w.std().item(), math.sqrt(2 / fans(w)[0]), w.numel())
        case "normal_":
            middle = abs(w.mean().item() - 1) < 4.5 * 0.1 / math.sqrt(w.numel())
            return middle and (not many or near(w.std().item(), 0.1, w.numel()))
        case "uniform_":
            return w.min().item() >= -0.25 and w.max().item() <= 0.5 and (not many or w.max().item() > 0.4)
        case "trunc_normal_":
            return w.min().item() >= -0.5 and w.max().item() <= 0.75 and (not many or w.max().item() > 0.5)
        case "sparse_":
            zeros = (w == 0).sum(0)
            left = w[w != 0]
            return bool((zeros == math.ceil(0.5 * len(w))).all()) and (
                not many or near(left.std().item(), 0.2, len(left))
            )
    raise AssertionError(function)


def test_that_every_layer_with_weights_is_among_those_that_are_tested() -> None:
    assert {"Linear", "Conv2d", "ConvTranspose3d", "LSTM", "GRUCell", "MultiheadAttention", "Transformer", "Bilinear",
            "PReLU", "Embedding", "EmbeddingBag", "BatchNorm2d", "LayerNorm", "Parameter",
            "AdaptiveLogSoftmaxWithLoss"} <= set(LAYERS)  # fmt: skip
    assert len(LAYERS) >= 33


@pytest.mark.parametrize("name", LAYERS)
def test_that_every_function_fills_what_it_promises_in_every_layer(name: str) -> None:
    node_ids = {function: f"with_{function.strip('_')}" for function in ARGUMENTS}
    several = {node_ids[function]: {"init": function, **SETTINGS[function]} for function in ARGUMENTS}
    checked = check(project_of(name, several), 0)
    held = next(report.held for node_id, report in checked.nodes.items() if node_id in several)
    assert held is not None
    shapes = held.parameters
    unfit = [function for function in ARGUMENTS if not filled(shapes, function)]
    for function, node_id in node_ids.items():
        said = at(checked.problems, node_id)
        assert len(said) == (function in unfit), said
        assert all("axes" in each.message and each.repair for each in said)
        if said:
            mended = repaired(project_of(name, several).graph, said[0].repair)
            assert not at(check(Project(mended), 0).problems, node_id)
    project = project_of(name, {node_ids[each]: several[node_ids[each]] for each in ARGUMENTS if each not in unfit})
    model, checked = model_of(project, check(project, 0)), check(project, 0)
    plain = project_of(name, {node_id: {} for node_id in several if node_id in project.graph.nodes})
    as_torch = dict(model_of(plain, check(plain, 0)).named_parameters())
    for function in set(ARGUMENTS) - set(unfit):
        for own in shapes:
            path = f"{node_ids[function]}.{own}".rstrip(".")
            w = model.get_parameter(path).detach()
            if own in filled(shapes, function):
                w = (
                    w[1:]
                    if name.startswith("Embedding") and "padding_idx" in str(checked.nodes[node_ids[function]].call)
                    else w
                )
                assert keeps(function, w), (function, own)
            else:
                assert torch.equal(w, as_torch[path].detach()), (function, own)


@pytest.mark.parametrize("name", LAYERS)
def test_that_biases_begin_as_they_are_asked_to(name: str) -> None:
    weights = {
        "one": {"bias": "ones_"},
        "two": {"bias": "constant_", "bias_val": -2.0},
        "both": {"init": "normal_", "bias": "zeros_"},
    }
    project = project_of(name, weights)
    checked = check(project, 0)
    model = model_of(project, checked)
    biases = (
        [own for own, _ in model.get_submodule("one").named_parameters() if "bias" in own]
        if name != "Parameter"
        else []
    )
    notes = [
        each for each in checked.problems if each.severity == "note" and each.node == "one" and "bias" in each.message
    ]
    assert bool(notes) == (not biases)
    for own in biases:
        assert (model.get_parameter(f"one.{own}") == 1).all()
        assert (model.get_parameter(f"two.{own}") == -2).all()
        assert (model.get_parameter(f"both.{own}") == 0).all()


def test_that_the_lines_read_as_a_person_would_write_them(draw: Draw) -> None:
    project = draw("""
image = Input(field="image")
conv1 = Conv2d(image, out_channels=8)
norm1 = BatchNorm2d(conv1)
rows = Flatten(norm1, start_dim=2)
lstm1 = LSTM(rows, hidden_size=4)
flatten1 = Flatten(lstm1)
linear1 = Linear(flatten1, out_features=10)
label = Target(field="label")
loss1 = CrossEntropyLoss(linear1, label)
""")
    asked = {
        "conv1": {"init": "kaiming_normal_", "nonlinearity": "relu", "bias": "zeros_"},
        "norm1": {"frozen": True},
        "lstm1": {"init": "orthogonal_", "bias": "constant_", "bias_val": 0.5},
        "linear1": {"init": "trunc_normal_", "std": 0.02, "frozen": True},
    }
    project = weighed(project, asked)
    source = written(project, check(project, 0))
    text = source.files["model.py"]
    assert (
        '''
        nn.init.kaiming_normal_(self.conv1.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv1.bias)
        self.norm1.requires_grad_(False)
        for name, values in self.lstm1.named_parameters():
            if "bias" in name:
                nn.init.constant_(values, 0.5)
            else:
                nn.init.orthogonal_(values)
        nn.init.trunc_normal_(self.linear1.weight, std=0.02)
        self.linear1.requires_grad_(False)

    def train(self, mode: bool = True) -> "Model":
        """Frozen layers work as in evaluation, so that nothing in them moves."""
        super().train(mode)
        self.norm1.eval()
        return self
'''
        in text
    )
    for number, line in enumerate(text.split("\n"), 1):
        for node_id in asked:
            if f"self.{node_id}." in line and "nn.init" in line:
                assert source.lines[number] == (node_id,)
        if "nn.init.orthogonal_" in line or "self.norm1.eval()" in line:
            assert source.lines[number] == (("lstm1",) if "orthogonal" in line else ("norm1",))
    plain = write(project, check(project, 0))
    assert moved(plain.files["model.py"], text, plain.lines) == source.lines


def weighed(project: Project, asked: dict[str, dict[str, Any]]) -> Project:
    graph = project.graph
    for node_id, weights in asked.items():
        graph = graphs.with_node(graph, node_id, weights=weights)
    return msgspec.structs.replace(project, graph=graph)


def test_that_nothing_is_written_for_nodes_without_settings(draw: Draw) -> None:
    project = draw("""
image = Input(field="image")
flatten1 = Flatten(image)
linear1 = Linear(flatten1, out_features=10)
relu1 = ReLU(linear1)
label = Target(field="label")
loss1 = CrossEntropyLoss(relu1, label)
""")
    plain = write(project, check(project, 0)).files
    assert "nn.init" not in plain["model.py"]
    assert "load_file" not in plain["train.py"]
    told = check(weighed(project, {"relu1": {"init": "normal_", "file": "/nowhere/a.safetensors"}}), 0)
    notes = [each for each in told.problems if each.node == "relu1" and "weights" in each.message]
    assert len(notes) == 1
    assert "has no weights" in notes[0].message
    assert notes[0].repair is not None
    mended = repaired(weighed(project, {"relu1": {"init": "normal_"}}).graph, notes[0].repair)
    assert mended.nodes["relu1"].weights == {}
    assert write(weighed(project, {"relu1": {"init": "normal_"}}), told).files == plain


def test_that_a_row_of_padding_stays_zero(draw: Draw) -> None:
    name = "Embedding"
    declared = CATALOGUE[name]
    node = Node(name, {**dropped_values(declared), "padding_idx": 1}, weights={"init": "normal_"})
    project = Project(
        Graph(
            {"words": Node("Input", {"shape": (6,), "dtype": "int64"}), "embedding1": node},
            (Link("words", "output", "embedding1", "input"),),
        )
    )
    model = model_of(project, check(project, 0))
    weight = model.get_parameter("embedding1.weight")
    assert (weight[1] == 0).all()
    assert (weight[0] != 0).all()
    assert weight.requires_grad
    assert weight.is_leaf


def test_that_a_frozen_table_that_shortens_its_rows_is_warned_of() -> None:
    project = project_of("Embedding", {"embedding1": {"frozen": True}})
    assert not [each for each in check(project, 0).problems if "max_norm" in each.message]
    graph = graphs.with_value(project.graph, "embedding1", "max_norm", 1.0)
    (said,) = [each for each in check(Project(graph), 0).problems if "max_norm" in each.message]
    assert said.repair is not None
    assert repaired(graph, said.repair) == project.graph


def test_that_a_frozen_layer_works_as_in_evaluation_and_learns_nothing() -> None:
    for name in ("BatchNorm2d", "TransformerEncoderLayer", "Linear", "Parameter"):
        project = project_of(name, {"still": {"frozen": True}, "moving": {}})
        model = model_of(project, check(project, 0)).train()
        learning = {own.split(".")[0] for own, each in model.named_parameters() if each.requires_grad}
        assert learning == {"moving"}
        assert model.training
        if name in ("BatchNorm2d", "TransformerEncoderLayer"):
            assert [each.training for each in model.get_submodule("still").modules()].count(True) == 0
            assert model.get_submodule("moving").training
        text = write(project, check(project, 0)).files["model.py"]
        assert ("def train" in text) == (name in ("BatchNorm2d", "TransformerEncoderLayer"))


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"init": "xavier"}, "init must be one of"),
        ({"std": -1.0}, "std must be a number above 0"),
        ({"speed": 3}, "There is no parameter speed"),
        ({"frozen": "yes"}, "frozen must be true or false"),
        ({"init": "uniform_", "a": 2.0}, "a must be less than b"),
        ({"init": "trunc_normal_", "a": 2.0}, "a must be less than b"),
        ({"init": "dirac_", "groups": 3}, "3 groups, which must divide the 16"),
        ({"init": "eye_"}, "needs weights of 2 axes, but its weight has 4 (16×16×3×3)"),
    ],
)
def test_that_what_does_not_fit_is_said_at_the_node_with_a_way_out(weights: dict[str, Any], words: str) -> None:
    project = project_of("Conv2d", {"conv1": weights})
    graph = graphs.with_value(project.graph, "conv1", "out_channels", 16)
    said = at(check(Project(graph), 0).problems, "conv1")
    assert len(said) == 1
    assert words in said[0].message
    assert said[0].message.count(". ") == 0
    mended = repaired(graph, said[0].repair)
    assert not at(check(Project(mended), 0).problems, "conv1")
