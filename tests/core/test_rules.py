from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from core import graph as graphs
from core.engine.check import check
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE
from core.messages import Problem
from core.project import Data, Project, repaired

Chain = Mapping[str, tuple[str, dict[str, Any]]]

FLAT: Chain = {"flat": ("Flatten", {})}
FC: Chain = {"fc": ("Linear", {"out_features": 10})}
CROSS: Chain = {"loss": ("CrossEntropyLoss", {})}


def chain(*parts: Chain, data: str = "Digits", field: str = "image", **more: Any) -> Project:
    """The data through the layers, one behind the other, into the last one: a loss on the label."""
    graph = Graph({"x": Node("Input", {"field": field})})
    before = "x"
    for node_id, (layer, values) in {name: row for part in parts for name, row in part.items()}.items():
        graph = graphs.with_nodes(graph, {node_id: Node(layer, values)})
        port = CATALOGUE[layer].inputs[0].name
        graph = graphs.with_link(
            graph, Link(before, CATALOGUE[graph.nodes[before].layer].outputs[0].name, node_id, port)
        )
        before = node_id
    if graph.nodes[before].layer.endswith("Loss"):
        graph = graphs.with_nodes(
            graph, {"y": Node("Target", {"field": "progression" if data == "Diabetes" else "label"})}
        )
        graph = graphs.with_link(graph, Link("y", "output", before, "target"))
    return Project(graph, Data(data), **more)


def said(project: Project, *severities: str) -> list[Problem]:
    """What check says of these severities, errors and warnings where none is named."""
    return [
        problem for problem in check(project, 0).problems if problem.severity in (severities or ("error", "warning"))
    ]


def mended(project: Project) -> Project:
    (problem,) = said(project)
    assert problem.repair is not None
    assert problem.why or problem.severity == "error"
    after = repaired(project, problem.repair)
    assert said(after) == []
    return after


def test_that_a_healthy_network_is_left_alone() -> None:
    conv: dict[str, Any] = {"out_channels": 16, "padding": 1, "bias": False}
    project = chain(
        {"conv1": ("Conv2d", conv), "norm1": ("BatchNorm2d", {}), "act1": ("ReLU", {}), "pool1": ("MaxPool2d", {})},
        {"conv2": ("Conv2d", conv), "act2": ("ReLU", {}), "norm2": ("BatchNorm2d", {}), **FLAT},
        {"wide": ("Linear", {"out_features": 64}), "act3": ("ReLU", {}), "drop": ("Dropout", {}), **FC, **CROSS},
    )
    assert said(project) == []


def test_that_softmax_before_cross_entropy_is_taken_out() -> None:
    project = chain(FLAT, FC, {"soft": ("Softmax", {"dim": 1})}, CROSS)
    (problem,) = said(project)
    assert (problem.severity, problem.node) == ("warning", "soft")
    assert problem.message == ("soft is a Softmax before loss, but CrossEntropyLoss does that itself: take soft out.")
    assert "soft" not in mended(project).graph.nodes


def test_that_a_softmax_that_the_output_shows_stays() -> None:
    project = chain(FLAT, FC, {"soft": ("Softmax", {"dim": 1})}, CROSS)
    graph = graphs.with_nodes(project.graph, {"out": Node("Output")})
    project = Project(graphs.with_link(graph, Link("soft", "output", "out", "input")), project.data)
    after = mended(project)
    assert graphs.incoming(after.graph, "loss")["input"].source == "fc"
    assert graphs.incoming(after.graph, "out")["input"].source == "soft"


@pytest.mark.parametrize("activation", ["ReLU", "Tanh", "Sigmoid"])
def test_that_an_activation_that_cuts_scores_is_taken_out(activation: str) -> None:
    project = chain(FLAT, FC, {"last": (activation, {})}, CROSS)
    (problem,) = said(project)
    assert problem.message == (
        f"last is a {activation} before loss, which cuts scores that CrossEntropyLoss needs: take last out."
    )
    mended(project)


def yes_or_no(*parts: Chain) -> Project:
    """The moons into a yes or no, with the target already in the shape of the prediction."""
    project = chain({"fc": ("Linear", {"out_features": 1})}, *parts, data="Moons", field="point")
    (problem,) = said(project, "error")
    assert problem.repair is not None
    assert problem.repair.text == "Insert Float and Unsqueeze"
    return repaired(project, problem.repair)


def test_that_sigmoid_before_bce_with_logits_is_taken_out() -> None:
    project = yes_or_no({"sig": ("Sigmoid", {}), "loss": ("BCEWithLogitsLoss", {})})
    (problem,) = said(project)
    assert problem.message == "sig is a Sigmoid before loss, but BCEWithLogitsLoss does that itself: take sig out."
    mended(project)


def test_that_bce_wants_probabilities() -> None:
    project = yes_or_no({"loss": ("BCELoss", {})})
    (problem,) = said(project)
    assert problem.message == (
        "BCELoss expects probabilities between 0 and 1, but loss takes the output of fc, a Linear: insert Sigmoid."
    )
    mended(project)


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        (
            {},
            "NLLLoss expects the logarithms of probabilities, but loss takes the output of fc, a Linear: insert "
            "LogSoftmax.",
        ),
        (
            {"soft": ("Softmax", {"dim": 1})},
            "NLLLoss expects the logarithms of probabilities, but soft gives the probabilities themselves: use "
            "LogSoftmax.",
        ),
    ],
)
def test_that_nll_wants_logarithms_of_probabilities(last: Chain, sentence: str) -> None:
    project = chain(FLAT, FC, last, {"loss": ("NLLLoss", {})})
    (problem,) = said(project)
    assert problem.message == sentence
    mended(project)


def test_that_two_linear_layers_in_a_row_get_an_activation() -> None:
    project = chain(FLAT, {"wide": ("Linear", {"out_features": 64}), "drop": ("Dropout", {})}, FC, CROSS)
    (problem,) = said(project)
    assert problem.message == "fc follows wide without an activation between them: insert one, for example ReLU."
    mended(project)


def test_that_a_narrow_waist_between_linear_layers_is_meant() -> None:
    waist: Chain = {
        "down": ("Linear", {"out_features": 4}),
        "up": ("Linear", {"out_features": 32}),
        "act": ("ReLU", {}),
    }
    assert said(chain(FLAT, waist, FC, CROSS)) == []


def test_that_a_depthwise_convolution_needs_no_activation_behind_it() -> None:
    project = chain(
        {"first": ("Conv2d", {"out_channels": 8}), "act": ("ReLU", {})},
        {"depth": ("Conv2d", {"out_channels": 8, "groups": 8})},
        {"point": ("Conv2d", {"out_channels": 16, "kernel_size": 1}), "end": ("ReLU", {})},
        FLAT,
        FC,
        CROSS,
    )
    assert said(project) == []


def test_that_a_second_activation_is_taken_out() -> None:
    project = chain(FLAT, {"wide": ("Linear", {}), "one": ("ReLU", {}), "two": ("Tanh", {})}, FC, CROSS)
    (problem,) = said(project)
    assert problem.message == "two is a Tanh right behind one, a ReLU: keep one of them."
    mended(project)


def test_that_classes_last_are_found_where_torch_stays_silent() -> None:
    nodes = {
        "x": Node("Input", {"shape": (10, 16)}),
        "fc": Node("Linear", {"out_features": 10}),
        "y": Node("Target", {"shape": (10,), "dtype": "int64"}),
        "loss": Node("CrossEntropyLoss"),
    }
    links = (
        Link("x", "output", "fc", "input"),
        Link("fc", "output", "loss", "input"),
        Link("y", "output", "loss", "target"),
    )
    project = Project(Graph(nodes, tuple(sorted(links, key=graphs.link_key))))
    (problem,) = [problem for problem in said(project) if problem.node == "loss"]
    assert problem.severity == "error"
    assert problem.message == (
        "CrossEntropyLoss expects the classes on axis 1, but fc gives them on the last axis of N × 10 × 10: insert "
        "Transpose."
    )
    assert problem.repair is not None
    after = repaired(project, problem.repair)
    assert [problem for problem in said(after) if problem.node == "loss"] == []


def test_that_a_loss_must_be_one_number() -> None:
    project = chain(FLAT, FC, {"loss": ("CrossEntropyLoss", {"reduction": "none"})})
    (problem,) = said(project)
    assert problem.message == "loss gives N numbers, but training needs one: set reduction to mean."
    mended(project)


def test_that_scores_for_classes_that_are_not_there_are_named() -> None:
    project = chain(FLAT, {"fc": ("Linear", {"out_features": 12})}, CROSS)
    (problem,) = said(project)
    assert problem.severity == "warning"
    assert problem.message == (
        "loss takes 12 scores, but the target has only 10 classes: give the last layer 10 outputs."
    )
    assert mended(project).graph.nodes["fc"].values["out_features"] == 10


def test_that_batch_norm_cannot_train_on_one_sample() -> None:
    parts: tuple[Chain, ...] = (FLAT, {"norm": ("BatchNorm1d", {})}, FC, CROSS)
    assert said(chain(*parts)) == []
    project = chain(*parts, training={"batch_size": 1})
    (problem,) = said(project)
    assert problem.message == (
        "norm needs batches of at least 2 samples to train, but batch_size is 1: raise it, or use LayerNorm."
    )
    mended(project)


def test_that_a_bias_before_batch_norm_is_noted() -> None:
    project = chain({"conv": ("Conv2d", {}), "norm": ("BatchNorm2d", {}), "act": ("ReLU", {})}, FLAT, FC, CROSS)
    note = next(problem for problem in said(project, "note") if problem.node == "conv")
    assert note.message == ("The bias of conv does nothing, because norm takes the mean away again: set bias to false.")
    assert note.repair is not None
    after = repaired(project, note.repair)
    assert [problem.node for problem in said(after, "note")] == ["fc"]


def test_that_an_output_that_nobody_drew_is_noted_and_can_be_added() -> None:
    project = chain(FLAT, FC, CROSS)
    (note,) = said(project, "note")
    assert note.message == (
        "The model returns the output of fc, because no Output is drawn: add one to say it yourself."
    )
    assert note.repair is not None
    after = repaired(project, note.repair)
    assert check(after, 0).problems == ()
    assert check(after, 0).outputs == check(project, 0).outputs


def test_that_feeding_the_answers_is_warned_about() -> None:
    project = chain(
        {"emb": ("Embedding", {"num_embeddings": 10}), **FC, **CROSS},
        field="label",
    )
    (problem,) = said(project)
    assert problem.message == (
        "x feeds the network label, the right answer itself: take another field, unless that is meant."
    )
    assert problem.repair is not None
    assert problem.repair.text == "Use image"


def test_that_advice_comes_once_and_muted_nodes_give_none() -> None:
    project = chain(FLAT, FC, {"soft": ("Softmax", {"dim": 1})}, CROSS)
    muted = Project(graphs.with_node(project.graph, "soft", muted=True), project.data)
    assert said(muted) == []
    every = [problem.message for problem in check(project, 0).problems]
    assert len(every) == len(set(every))


def test_that_a_broken_graph_is_advised_on_without_a_crash() -> None:
    project = chain(FLAT, FC, {"soft": ("Softmax", {"dim": 1})}, CROSS)
    graph = graphs.with_link(project.graph, Link("loss", "loss", "flat", "input"))
    graph = graphs.with_nodes(graph, {"odd": Node("Nonsense"), "bad": Node("Linear", {"out_features": -1})})
    assert {problem.node for problem in said(Project(graph, project.data), "error")} >= {"odd", "bad"}
