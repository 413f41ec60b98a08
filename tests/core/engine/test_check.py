from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch

from core import graph as graphs
from core.engine.check import check
from core.engine.examine import examined, size_at, size_text
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE, Layer
from core.messages import Checked, Problem
from core.project import Data, Project, repaired
from core.specs import Spec

DIGITS = Data("Digits")


def chain(*nodes: tuple[str, str, dict[str, Any]], data: Data = DIGITS) -> Project:
    """A project in which each node feeds the next through its first ports, ending in a loss on the label."""
    made = {node_id: Node(layer, values) for node_id, layer, values in nodes}
    ids = list(made)
    links = [Link(a, "output", b, CATALOGUE[made[b].layer].inputs[0].name) for a, b in itertools.pairwise(ids)]
    if made[ids[-1]].layer.endswith("Loss"):
        made["label"] = Node("Target", {"field": "label"})
        links.append(Link("label", "output", ids[-1], "target"))
    graph = Graph(made)
    for link in links:
        graph = graphs.with_link(graph, link)
    return Project(graph, data)


IMAGE: tuple[str, str, dict[str, Any]] = ("image", "Input", {"field": "image"})
LOSS: tuple[str, str, dict[str, Any]] = ("loss", "CrossEntropyLoss", {})


def errors(checked: Checked) -> list[Problem]:
    return [problem for problem in checked.problems if problem.severity == "error"]


def test_that_shapes_dtypes_parameters_and_macs_are_torchs() -> None:
    project = chain(
        IMAGE,
        ("conv", "Conv2d", {"out_channels": 32, "kernel_size": 3, "padding": 1}),
        ("relu", "ReLU", {}),
        ("pool", "MaxPool2d", {"kernel_size": 2}),
        ("flat", "Flatten", {}),
        ("fc", "Linear", {"out_features": 10}),
        LOSS,
    )
    checked = check(project, 3)
    assert errors(checked) == []
    shapes = {node_id: [spec.shape for spec in report.outputs.values()] for node_id, report in checked.nodes.items()}
    assert shapes["image"] == [("N", 1, 8, 8)]
    assert shapes["conv"] == [("N", 32, 8, 8)]
    assert shapes["flat"] == [("N", 512)]
    assert shapes["loss"] == [()]
    assert checked.nodes["label"].outputs["output"] == Spec(("N",), "int64", 10)
    assert checked.nodes["conv"].parameters == 32 * 9 + 32
    assert checked.nodes["conv"].macs == 32 * 9 * 64
    assert checked.nodes["fc"].macs == 512 * 10
    assert checked.parameters == 320 + 5130
    assert checked.revision == 3
    assert checked.outputs == (("fc", "output"),)
    assert checked.model == ("image", "conv", "relu", "pool", "flat", "fc")
    assert checked.losses == ("loss",)


def test_that_one_fault_is_one_problem_and_what_lies_behind_is_unknown() -> None:
    project = chain(IMAGE, ("conv", "Conv1d", {}), ("relu", "ReLU", {}), ("fc", "Linear", {"out_features": 10}), LOSS)
    checked = check(project, 0)
    assert [problem.node for problem in errors(checked)] == ["conv"]
    assert checked.nodes["relu"].outputs == {}
    assert checked.nodes["fc"].outputs == {}


def test_that_several_faults_are_all_said() -> None:
    project = chain(IMAGE, ("flat", "Flatten", {}), ("fc", "Linear", {"out_features": 10}), LOSS)
    graph = graphs.with_nodes(
        project.graph, {"odd": Node("Nonsense"), "alone": Node("Linear"), "bad": Node("Dropout", {"p": 7})}
    )
    graph = graphs.with_link(graph, Link("image", "output", "bad", "input"))
    named = {problem.node for problem in errors(check(Project(graph, project.data), 0))}
    assert {"odd", "alone", "bad"} <= named


def test_that_a_repair_makes_the_graph_valid() -> None:
    project = chain(IMAGE, ("fc", "Linear", {"out_features": 10}), LOSS)
    problem = errors(check(project, 0))[0]
    assert problem.repair is not None
    assert errors(check(repaired(project, problem.repair), 0)) == []


def test_that_a_number_of_scores_that_differs_from_the_classes_is_repaired_at_its_source() -> None:
    project = chain(IMAGE, ("flat", "Flatten", {}), ("fc", "Linear", {"out_features": 7}), LOSS)
    problem = errors(check(project, 0))[0]
    assert problem.node == "loss"
    assert "10" in problem.message
    assert "7" in problem.message
    assert problem.repair is not None
    mended = repaired(project, problem.repair)
    assert mended.graph.nodes["fc"].values["out_features"] == 10
    assert errors(check(mended, 0)) == []


def test_that_softmax_before_cross_entropy_is_warned_about_with_reason_and_repair() -> None:
    project = chain(
        IMAGE,
        ("flat", "Flatten", {}),
        ("fc", "Linear", {"out_features": 10}),
        ("soft", "Softmax", {"dim": 1}),
        LOSS,
    )
    warnings = [problem for problem in check(project, 0).problems if problem.severity == "warning"]
    assert any(problem.node == "soft" or "Softmax" in problem.message for problem in warnings)
    warning = next(problem for problem in warnings if "Softmax" in problem.message)
    assert warning.why
    assert warning.repair is not None
    mended = check(repaired(project, warning.repair), 0)
    assert not [problem for problem in mended.problems if "Softmax" in problem.message]
    assert errors(mended) == []


def test_that_a_muted_node_passes_its_first_input_on() -> None:
    project = chain(
        IMAGE,
        ("flat", "Flatten", {}),
        ("wide", "Linear", {"out_features": 99}),
        ("fc", "Linear", {"out_features": 10}),
        LOSS,
    )
    graph = graphs.with_node(project.graph, "wide", muted=True)
    checked = check(Project(graph, project.data), 0)
    assert checked.nodes["wide"].outputs["output"].shape == ("N", 64)
    assert checked.nodes["wide"].parameters == 0
    assert errors(checked) == []


def test_that_a_cycle_is_one_problem_and_the_rest_is_checked() -> None:
    project = chain(IMAGE, ("flat", "Flatten", {}), ("fc", "Linear", {"out_features": 10}), LOSS)
    graph = graphs.with_nodes(project.graph, {"a": Node("ReLU"), "b": Node("Tanh")})
    for link in (Link("a", "output", "b", "input"), Link("b", "output", "a", "input")):
        graph = graphs.with_link(graph, link)
    checked = check(Project(graph, project.data), 0)
    cycles = [problem for problem in errors(checked) if "cycle" in problem.message.lower()]
    assert len(cycles) == 1
    assert checked.nodes["fc"].outputs["output"].shape == ("N", 10)


def test_that_a_graph_without_weights_has_nothing_to_train() -> None:
    project = chain(IMAGE, ("flat", "Flatten", {}), ("relu", "ReLU", {}), LOSS)
    messages = [problem.message for problem in errors(check(project, 0))]
    assert any("nothing to train" in message for message in messages) or any(
        "scores" in message for message in messages
    )


def test_that_an_empty_project_is_checked_without_a_crash() -> None:
    assert check(Project(), 0).nodes == {}


def test_that_an_unreadable_data_set_is_a_problem_and_not_a_crash() -> None:
    project = chain(IMAGE, ("fc", "Linear", {}), LOSS, data=Data("Csv", {"path": "/nowhere/points.csv"}))
    assert any("points.csv" in problem.message for problem in errors(check(project, 0)))


@pytest.mark.parametrize(("factor", "constant"), [(1, 0), (2, 0), (1, 1), (3, -2)])
def test_that_symbolic_sizes_are_written_and_read_alike(factor: int, constant: int) -> None:
    assert size_at(size_text(factor, constant), 5) == factor * 5 + constant


def test_that_the_memo_keeps_refusals_too() -> None:
    layer = CATALOGUE["Conv2d"]()
    assert isinstance(layer, Layer)
    first = examined(layer, {"input": Spec(("N", 3))})
    assert examined(layer, {"input": Spec(("N", 3))}) == first


def test_that_partial_answers_hold_what_is_known_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.engine.check.STREAM_SECONDS", 0.0)
    told: list[Checked] = []
    whole = check(chain(IMAGE, ("flat", "Flatten", {}), ("fc", "Linear", {"out_features": 10}), LOSS), 1, told.append)
    assert all(part.partial for part in told)
    assert [len(part.nodes) for part in told] == sorted(len(part.nodes) for part in told)
    assert told[-1].nodes["fc"] == whole.nodes["fc"]
    assert not whole.partial


def test_that_checking_draws_no_random_number() -> None:
    torch.manual_seed(0)
    before = torch.get_rng_state()
    check(
        chain(
            IMAGE,
            ("drop", "Dropout", {}),
            ("flat", "Flatten", {}),
            ("fc", "Linear", {"out_features": 13}),
            LOSS,
        ),
        0,
    )
    assert torch.equal(before, torch.get_rng_state())
