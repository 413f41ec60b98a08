"""What training keeps for its backward pass: check's figure is that of torch itself, byte for byte."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.autograd.graph import saved_tensors_hooks

from core import graph as graphs
from core.costs import kept_by, optimizer_copies, training_memory
from core.engine.check import check
from core.engine.plan import prepare
from core.examples import EXAMPLES, example_project
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE
from core.messages import Train
from core.parameters import dropped_values
from core.project import Data, Project
from core.training import Training

BATCHES = (4, 9)


def kept_by_torch(project: Project, folder: Path, batches: tuple[int, ...] = BATCHES) -> dict[int, int]:
    """What autograd keeps of one step of the written model on the processor, by batch; parameters left out."""
    plan = prepare(Train(project, str(folder)))
    found: dict[int, int] = {}
    for batch in batches:
        model = plan.model().train()
        fields = {name: torch.from_numpy(plan.loaded.parts["training"][name][:batch]).clone() for name in plan.fields}
        own = {each.untyped_storage()._cdata for each in (*model.parameters(), *model.buffers())}
        saved: dict[int, torch.Tensor] = {}

        def keep(tensor: torch.Tensor, saved: dict[int, torch.Tensor] = saved) -> torch.Tensor:
            saved[tensor.untyped_storage()._cdata] = tensor
            return tensor

        with saved_tensors_hooks(keep, lambda tensor: tensor):
            plan.objective(model, fields)
        found[batch] = sum(each.untyped_storage().nbytes() for key, each in saved.items() if key not in own)
    return found


def kept_by_check(project: Project, batches: tuple[int, ...] = BATCHES) -> dict[int, int]:
    checked = check(project, 0)
    assert not checked.has_errors, checked.problems
    assert sum(sample for sample, _ in checked.kept.values()) == checked.activation_bytes
    return {batch: checked.activation_bytes * batch + checked.fixed_bytes for batch in batches}


def drawn(*chain: tuple[str, dict[str, Any]], extra: tuple[Link, ...] = ()) -> Project:
    """The digits through these layers, one behind the other, into a loss; nodes are named n0, n1, ..."""
    nodes = {"image": Node("Input", {"field": "image"}), "label": Node("Target", {"field": "label"})}
    links = [Link("label", "output", "loss", "target")]
    last = "image"
    for number, (layer, values) in enumerate(chain):
        declared = CATALOGUE[layer]
        nodes[f"n{number}"] = Node(layer, {**dropped_values(declared), **values})
        port = declared.inputs[0].name
        links.append(Link(last, "output", f"n{number}", f"{port}_0" if declared.inputs[0].variadic else port))
        last = f"n{number}"
    nodes["loss"] = Node("CrossEntropyLoss")
    links += [Link(last, "output", "loss", "input"), *extra]
    split = {"stratify": False}
    return Project(Graph(nodes, tuple(sorted(links, key=graphs.link_key))), Data("Digits", {}, split))


END = (("Flatten", {}), ("Linear", {"out_features": 10}))
SEQUENCE = ("Reshape", {"shape": (8, 8)})


@pytest.mark.parametrize("name", [each.name for each in EXAMPLES])
def test_that_what_training_keeps_of_an_example_is_what_torch_keeps(name: str, tmp_path: Path) -> None:
    project = example_project(name)
    assert kept_by_check(project) == kept_by_torch(project, tmp_path)


PICTURE_LAYERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Conv2d", {"out_channels": 6, "kernel_size": 3, "padding": 1}),
    ("Conv2d", {"out_channels": 7, "kernel_size": 1, "bias": False}),
    ("ConvTranspose2d", {"out_channels": 5, "kernel_size": 3, "padding": 1}),
    ("BatchNorm2d", {}),
    ("GroupNorm", {"num_groups": 1}),
    ("InstanceNorm2d", {}),
    ("LocalResponseNorm", {"size": 2}),
    ("ReLU", {}),
    ("GELU", {}),
    ("SiLU", {}),
    ("Tanh", {}),
    ("PReLU", {}),
    ("LeakyReLU", {}),
    ("Softplus", {}),
    ("Dropout", {"p": 0.3}),
    ("Dropout2d", {"p": 0.3}),
    ("Identity", {}),
    ("AvgPool2d", {"kernel_size": 3, "stride": 1, "padding": 1}),
    ("MaxPool2d", {"kernel_size": 3, "stride": 1, "padding": 1}),
    ("Softmax", {"dim": 1}),
)


@pytest.mark.parametrize("seed", range(8))
def test_that_what_training_keeps_of_a_stack_at_random_is_what_torch_keeps(seed: int, tmp_path: Path) -> None:
    chosen = random.Random(seed).choices(PICTURE_LAYERS, k=9)
    joined = (Link("n2", "output", "n9", "tensors_1"),)
    project = drawn(*chosen, ("Cat", {"dim": 1}), *END, extra=joined)
    assert kept_by_check(project) == kept_by_torch(project, tmp_path)


def test_that_a_value_before_anything_learned_is_not_kept_for_its_own_sake(tmp_path: Path) -> None:
    """Gradients end at the first weights: an activation on the data itself keeps nothing."""
    project = drawn(("Tanh", {}), ("Dropout", {}), *PICTURE_LAYERS[:1], *END)
    assert kept_by_check(project) == kept_by_torch(project, tmp_path)
    checked = check(project, 0)
    assert "n0" not in checked.kept
    assert kept_by(checked, "n1", 1) == 64 * 4  # the convolution's input


def test_that_views_and_muted_nodes_share_memory(tmp_path: Path) -> None:
    project = drawn(
        *PICTURE_LAYERS[:1], ("Flatten", {}), ("Identity", {}), ("ReLU", {}), ("Linear", {"out_features": 10})
    )
    assert kept_by_check(project) == kept_by_torch(project, tmp_path / "one")
    nodes = {**project.graph.nodes, "n3": Node("ReLU", muted=True)}
    muted = Project(Graph(nodes, project.graph.links), project.data)
    assert kept_by_check(muted) == kept_by_torch(muted, tmp_path / "two")
    assert kept_by_check(muted)[4] < kept_by_check(project)[4] + 1


@pytest.mark.parametrize(
    ("layer", "values"),
    [
        ("GRU", {"hidden_size": 6}),
        ("GRU", {"hidden_size": 6, "num_layers": 2, "bidirectional": True}),
        ("GRU", {"hidden_size": 5, "num_layers": 2, "dropout": 0.5}),
        ("RNN", {"hidden_size": 6, "num_layers": 2, "nonlinearity": "relu"}),
        ("RNN", {"hidden_size": 6, "bias": False}),
    ],
)
def test_that_what_a_recurrent_layer_keeps_is_what_torch_keeps(
    layer: str, values: dict[str, Any], tmp_path: Path
) -> None:
    project = drawn(SEQUENCE, (layer, values), *END)
    assert kept_by_check(project) == kept_by_torch(project, tmp_path)


@pytest.mark.parametrize(
    "values",
    [
        {"hidden_size": 64},
        {"hidden_size": 96, "num_layers": 2, "dropout": 0.2},
        {"hidden_size": 64, "num_layers": 2, "bidirectional": True},
    ],
)
def test_that_what_an_lstm_keeps_is_torchs_to_within_a_tenth(values: dict[str, Any], tmp_path: Path) -> None:
    """OneDNN keeps a workspace whose rows are padded as the processor likes it."""
    project = drawn(SEQUENCE, ("LSTM", values), *END)
    said, real = kept_by_check(project, (64, 200)), kept_by_torch(project, tmp_path, (64, 200))
    for batch, bytes_kept in real.items():
        assert said[batch] == pytest.approx(bytes_kept, rel=0.1)


def test_that_what_attention_keeps_is_what_torch_keeps(tmp_path: Path) -> None:
    encoder = {"nhead": 2, "dim_feedforward": 16}
    project = drawn(SEQUENCE, ("TransformerEncoderLayer", encoder), ("LayerNorm", {}), *END)
    assert kept_by_check(project) == kept_by_torch(project, tmp_path / "one")
    fused = drawn(SEQUENCE, ("TransformerEncoderLayer", {**encoder, "dropout": 0.0}), *END)
    assert kept_by_check(fused) == kept_by_torch(fused, tmp_path / "two")


def test_that_frozen_weights_and_what_lies_before_them_keep_less(tmp_path: Path) -> None:
    convolution = PICTURE_LAYERS[0]
    project = drawn(convolution, ("ReLU", {}), *END)
    frozen = Node("Conv2d", project.graph.nodes["n0"].values, weights={"frozen": True})
    graph = Graph({**project.graph.nodes, "n0": frozen}, project.graph.links)
    still = Project(graph, project.data)
    assert kept_by_check(still) == kept_by_torch(still, tmp_path)
    assert kept_by_check(still)[9] < kept_by_check(project)[9]
    less, more = training_memory(still, check(still, 0)), training_memory(project, check(project, 0))
    assert less.weights == more.weights
    assert more.gradients - less.gradients == 4 * check(project, 0).nodes["n0"].parameters


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "AdamW", "RMSprop"])
def test_that_weights_gradients_and_optimizer_take_what_torch_holds(
    optimizer: str, momentum: float, tmp_path: Path
) -> None:
    settings = {"optimizer": optimizer, "momentum": momentum, "batch_size": 16}
    example = example_project("iris")
    project = Project(example.graph, example.data, settings)
    plan = prepare(Train(project, str(tmp_path)))
    model = plan.model()
    made = plan.optimizer(model.parameters())
    fields = {name: torch.from_numpy(plan.loaded.parts["training"][name][:16]) for name in plan.fields}
    plan.objective(model, fields)[0].backward()
    made.step()
    state = [each for held in made.state.values() for each in held.values() if isinstance(each, torch.Tensor)]
    memory = training_memory(project, check(project, 0))
    assert memory.weights == sum(each.nbytes for each in model.parameters())
    assert memory.gradients == sum(each.grad.nbytes for each in model.parameters() if each.grad is not None)
    assert memory.optimizer == sum(each.nbytes for each in state if each.ndim)  # a count of steps is one number
    checked = check(project, 0)
    assert memory.activations == 16 * checked.activation_bytes + checked.fixed_bytes
    assert memory.total == memory.weights + memory.gradients + memory.optimizer + memory.activations


def test_that_every_optimizer_of_the_settings_is_known() -> None:
    from core.parameters import parameter_of

    declared = parameter_of(Training, "optimizer")
    assert declared is not None
    assert all(0 <= optimizer_copies(Training(optimizer=name)) <= 2 for name in declared.choices)
