"""The sentences that people read when layers do not fit together, and that the repair on the button mends it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from core import graph as graphs
from core.engine.check import check
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE
from core.messages import Problem
from core.project import Data, Project, repaired


def given(text: str) -> dict[str, Any]:
    """`3×8×8 int64` as the values of an Input."""
    sizes, _, dtype = text.rpartition(" ") if text.endswith(("float32", "int64", "bool")) else (text, "", "float32")
    return {"shape": tuple(int(size) for size in sizes.split("×") if size), "dtype": dtype}


def fed(layer: str, values: dict[str, Any], sources: str) -> Project:
    """A node that is fed by an Input at each of its required ports: x, y and z."""
    ports: list[str] = []
    for port in CATALOGUE[layer].inputs:
        if not port.optional:
            ports += [f"{port.name}_0", f"{port.name}_1"] if port.variadic else [port.name]
    nodes = {name: Node("Input", given(text)) for name, text in zip("xyz", sources.split(", "), strict=False)}
    links = tuple(Link(name, "output", "node", port) for name, port in zip(nodes, ports, strict=True))
    return Project(Graph({**nodes, "node": Node(layer, values)}, links))


def faults(project: Project) -> list[Problem]:
    """The errors of nodes; that there is no data, no loss or nothing to train is not looked at here."""
    return [problem for problem in check(project, 0).problems if problem.severity == "error" and problem.node]


@dataclasses.dataclass(frozen=True)
class Case:
    """A layer with its values and what arrives, the sentence that a person reads, and what the button says."""

    layer: str
    values: dict[str, Any]
    sources: str
    sentence: str
    button: str


def cases() -> dict[str, Case]:
    """The table in sentences.txt: a layer and its inputs, the sentence, and the button where there is one."""
    found: dict[str, Case] = {}
    for block in Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        head, sentence, *button = block.splitlines()
        left, _, sources = head.partition("|")
        layer, _, values = left.strip().partition(" ")
        case = Case(layer, json.loads(values or "{}"), sources.strip(), sentence.strip(), "".join(button).strip(" >"))
        found[head] = case
    return found


CASES = cases()


@pytest.mark.parametrize("head", CASES)
def test_that_a_bad_input_gets_one_sentence_and_a_repair_that_mends_it(head: str) -> None:
    case = CASES[head]
    project = fed(case.layer, case.values, case.sources)
    found = faults(project)
    assert [problem.message for problem in found] == [case.sentence]
    assert (found[0].repair.text if found[0].repair else "") == case.button
    for _ in range(3):  # one repair may bring the next fault to light
        if found and found[0].repair:
            project = repaired(project, found[0].repair)
            found = faults(project)
    assert case.button == "" or found == []


def digits(**nodes: tuple[str, dict[str, Any], str]) -> Project:
    """The digits through layers (each with its values and its source) into a loss on their labels."""
    graph = Graph({"image": Node("Input", {"field": "image"}), "label": Node("Target", {"field": "label"})})
    for node_id, (layer, values, source) in nodes.items():
        graph = graphs.with_nodes(graph, {node_id: Node(layer, values)})
        graph = graphs.with_link(graph, Link(source, "output", node_id, CATALOGUE[layer].inputs[0].name))
    if "loss" in nodes:
        graph = graphs.with_link(graph, Link("label", "output", "loss", "target"))
    return Project(graph, Data("Digits"))


def test_that_a_picture_into_linear_is_flattened_before_it() -> None:
    project = digits(fc=("Linear", {"out_features": 10}, "image"), loss=("CrossEntropyLoss", {}, "fc"))
    (problem,) = faults(project)
    assert problem.message == (
        "CrossEntropyLoss expects N × 10 scores, but receives N × 1 × 8 × 10 from fc: insert Flatten, which lays "
        "each sample out as one row."
    )
    assert problem.repair is not None
    assert problem.repair.text == "Insert Flatten before fc"
    assert faults(repaired(project, problem.repair)) == []


@pytest.mark.parametrize("between", ["Dropout", "ReLU", "Identity"])
def test_that_a_wrong_number_of_scores_is_set_where_it_is_decided(between: str) -> None:
    project = digits(
        flat=("Flatten", {}, "image"),
        fc=("Linear", {"out_features": 7}, "flat"),
        mid=(between, {}, "fc"),
        loss=("CrossEntropyLoss", {}, "mid"),
    )
    (problem,) = faults(project)
    assert problem.message == (
        "CrossEntropyLoss expects N × 10 scores, one for each of the 10 classes of the target, but receives N × 7 "
        "from mid: give the last Linear 10 outputs."
    )
    assert problem.repair is not None
    assert problem.repair.text == "Set out_features of fc to 10"
    mended = repaired(project, problem.repair)
    assert mended.graph.nodes["fc"].values["out_features"] == 10
    assert faults(mended) == []


def test_that_a_linear_that_others_use_too_keeps_its_size_and_another_is_inserted() -> None:
    project = digits(
        flat=("Flatten", {}, "image"),
        fc=("Linear", {"out_features": 7}, "flat"),
        out=("Output", {}, "fc"),
        loss=("CrossEntropyLoss", {}, "fc"),
    )
    (problem,) = faults(project)
    assert problem.repair is not None
    assert problem.repair.text == "Insert Linear"
    mended = repaired(project, problem.repair)
    assert mended.graph.nodes["fc"].values["out_features"] == 7
    assert faults(mended) == []


def test_that_ten_classes_are_no_yes_or_no() -> None:
    project = digits(
        flat=("Flatten", {}, "image"),
        fc=("Linear", {"out_features": 10}, "flat"),
        loss=("BCEWithLogitsLoss", {}, "fc"),
    )
    (problem,) = faults(project)
    assert problem.message == (
        "BCEWithLogitsLoss expects targets between 0 and 1, but receives 10 classes from label: use CrossEntropyLoss."
    )
    assert problem.repair is not None
    assert faults(repaired(project, problem.repair)) == []


def test_that_a_memory_of_another_size_is_refused() -> None:
    nodes = {
        "x": Node("Input", given("12×3")),
        "m": Node("Input", given("7")),
        "gru": Node("GRU", {"batch_first": True}),
    }
    links = (Link("x", "output", "gru", "input"), Link("m", "output", "gru", "hx"))
    (problem,) = faults(Project(Graph(nodes, links)))
    assert problem.message == (
        "GRU expects 1 × N × 64 for hx, but receives N × 7 from m: give it the memory of a recurrent layer with the "
        "same sizes."
    )


def test_that_half_a_memory_is_refused() -> None:
    nodes = {"x": Node("Input", given("12×3")), "first": Node("LSTM", {"batch_first": True})}
    nodes["second"] = Node("LSTM", {"batch_first": True})
    links = (
        Link("x", "output", "first", "input"),
        Link("x", "output", "second", "input"),
        Link("first", "h", "second", "h_0"),
    )
    project = Project(Graph(nodes, links))
    (problem,) = faults(project)
    assert problem.message == "LSTM expects c_0 together with h_0: link both or neither."
    assert faults(Project(graphs.with_link(project.graph, Link("first", "c", "second", "c_0")))) == []


def test_that_a_batch_on_another_axis_is_turned_to_the_front() -> None:
    nodes = {
        "x": Node("Input", given("16×8")),
        "turn": Node("Transpose", {"dim0": 0, "dim1": 1}),
        "conv": Node("Conv1d"),
    }
    links = (Link("x", "output", "turn", "input"), Link("turn", "output", "conv", "input"))
    project = Project(Graph(nodes, links))
    (problem,) = faults(project)
    assert problem.message == (
        "Conv1d expects the batch on axis 0, but receives 16 × N × 8 from turn, where it is on axis 1: insert "
        "Transpose."
    )
    assert problem.repair is not None
    assert faults(repaired(project, problem.repair)) == []


def test_that_a_size_that_varies_is_no_size_for_weights() -> None:
    nodes = {"x": Node("Input", given("16")), "turn": Node("Transpose", {"dim0": 0, "dim1": 1}), "fc": Node("Linear")}
    links = (Link("x", "output", "turn", "input"), Link("turn", "output", "fc", "input"))
    (problem,) = faults(Project(Graph(nodes, links)))
    assert problem.message.startswith(
        "Linear expects features for each sample on the last axis, but receives 16 × N from turn"
    )
