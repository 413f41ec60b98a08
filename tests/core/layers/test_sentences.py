"""The sentences that people read when layers do not fit together, and that the repair on the button mends it."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from branches import first_fitting
from fitting import other_values

from core import graph as graphs
from core.engine.check import check
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE, FAMILIES
from core.messages import Problem
from core.parameters import Parameter, fitted, parameters
from core.project import Data, Project, repaired
from core.specs import Spec


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


# ---- the whole catalogue

SIDEWAYS: list[tuple[int | str, ...]] = [
    ("N",), ("N", 7), ("N", 5, 7), ("N", 3, 5, 7), ("N", 3, 4, 5, 7), ("N", 2, 3, 4, 5, 7),
]  # fmt: skip
OWN_WORDS = re.compile(r"[A-Z]\w+ (expects|works|takes|cannot|leaves|needs|makes|ignores) .+ from x\d\b.*: .+\.")


def open_faults(project: Project) -> list[Problem]:
    """The errors of nodes, but that an Input has no data."""
    return [problem for problem in faults(project) if "no data to train on" not in problem.message]


def disturbed() -> Iterator[tuple[str, Project]]:
    """Each layer with one of its inputs of another rank, or of another kind of number, the others as it takes them."""
    for name, declared in CATALOGUE.items():
        if declared.family in ("data", "output") or name == "Gradient":  # it asks for more than shapes
            continue
        layer, inputs = first_fitting(name)
        if any(spec.shape[:1] != ("N",) or spec.shape.count("N") > 1 for spec in inputs.values()):
            continue
        values = {each.name: getattr(layer, each.name) for each in parameters(declared)}
        for port, spec in inputs.items():
            others = [Spec(shape, spec.dtype) for shape in SIDEWAYS]
            others += [Spec(spec.shape, dtype) for dtype in ("float32", "int64", "bool") if dtype != spec.dtype]
            for other in others:
                given_here = {**inputs, port: other}
                nodes = {
                    f"x{index}": Node("Input", {"shape": each.shape[1:], "dtype": each.dtype})
                    for index, each in enumerate(given_here.values())
                }
                links = tuple(
                    Link(source, "output", "node", end) for source, end in zip(nodes, given_here, strict=True)
                )
                yield name, Project(Graph({**nodes, "node": Node(name, values)}, links))


def refused_in_own_words(every: int) -> None:
    """Every so-manyth of them is right or refused in a sentence; most have a repair, and nearly all of these mend."""
    counts: Counter[str] = Counter()
    for index, (name, project) in enumerate(disturbed()):
        if index % every:
            continue
        found = open_faults(project)
        if not found:
            continue
        (problem,) = found
        assert not problem.why, (name, problem.message)  # torch's own words
        assert OWN_WORDS.fullmatch(problem.message), problem.message
        counts["refused"] += 1
        counts["with a repair"] += problem.repair is not None
        had_one = problem.repair is not None
        for _ in range(4):  # one repair may bring the next fault to light
            if found and found[0].repair:
                project = repaired(project, found[0].repair)
                found = open_faults(project)
        counts["mended"] += had_one and not found
    assert counts["refused"] > 1000 / every
    assert counts["with a repair"] > 0.6 * counts["refused"], counts
    assert counts["mended"] > 0.93 * counts["with a repair"], counts


def test_that_inputs_of_another_kind_are_refused_in_own_words_by_every_layer() -> None:
    refused_in_own_words(every=3)


@pytest.mark.campaign
def test_that_all_inputs_of_another_kind_are_refused_in_own_words_by_every_layer() -> None:
    refused_in_own_words(every=1)


def out_of_bounds(each: Parameter) -> list[Any]:
    """Values that the declaration does not allow: below, above, and of another kind."""
    beyond = [each.low - 1] if each.low is not None else []
    beyond += [each.high + 1] if each.high is not None else []
    beyond += [int(value) for value in beyond if value == int(value)]
    strange: list[Any] = [*beyond, "none of these", None, {"a": 1}, (1, 2, 3, 4, 5, 6, 7), float("nan"), 2**70]
    return [value for value in [*strange, *other_values(each)] if not fits(each, value)]


def fits(each: Parameter, value: Any) -> bool:
    try:
        fitted(each, value)
    except ValueError:
        return False
    return True


def test_that_each_parameter_says_what_it_takes_and_its_repair_brings_that_back() -> None:
    for name, declared in CATALOGUE.items():
        for each in parameters(declared):
            if each.kind == "code":
                continue
            for value in out_of_bounds(each):
                project = Project(Graph({"node": Node(name, {each.name: value})}))
                said = [found for found in faults(project) if " must be " in found.message]
                assert len(said) == 1, (name, each.name, value)
                start = re.escape(f"{name}: {each.name} must be ")
                assert re.fullmatch(rf"{start}.+, but is .+\.", said[0].message, re.DOTALL), said[0].message
                assert said[0].node == "node"
                assert said[0].repair is not None
                again = faults(repaired(project, said[0].repair))
                assert not [found for found in again if " must be " in found.message], (name, each.name, value)


def test_that_each_open_input_is_asked_for_by_name() -> None:
    for name, declared in CATALOGUE.items():
        said = {found.port.removesuffix("_0"): found.message for found in faults(Project(Graph({"node": Node(name)})))}
        for port in (port for port in declared.inputs if not port.optional):
            assert re.fullmatch(rf"node needs a link to its input “{port.name}”.*: .+\.", said[port.name]), (name, said)


def test_that_the_table_has_every_family_and_most_rows_have_a_repair() -> None:
    families = Counter(CATALOGUE[case.layer].family for case in CASES.values())
    assert set(FAMILIES) - set(families) == {"data", "output", "custom"}  # said in tests of their own
    assert min(families.values()) >= 3, families
    with_button = sum(bool(case.button) for case in CASES.values())
    assert with_button > 0.8 * len(CASES)


# ---- numbers in the data


@pytest.fixture
def archive(tmp_path: Path) -> Data:
    """Words, an answer of 20 kinds that is no class, pictures with numbers from -3 to 5, and three classes."""
    draw = np.random.default_rng(0)
    np.savez(
        tmp_path / "rows.npz",
        words=np.arange(360).reshape(60, 6) % 100,
        kind=np.arange(60) % 20,
        picture=draw.random((60, 1, 4, 4)) * 8 - 3,
        label=np.arange(60) % 3,
    )
    return Data("Npz", {"path": str(tmp_path / "rows.npz"), "indices": "words,kind", "target": "label"})


def from_rows(archive: Data, text: dict[str, tuple[str, dict[str, Any], str]], answer: str, field: str) -> Project:
    """A chain of layers from a field of the archive into a loss, whose target is what one of them gives."""
    nodes = {"rows": Node("Input", {"field": field})}
    links: list[Link] = []
    for name, (layer, values, source) in text.items():
        nodes[name] = Node(layer, values)
        if source:
            links.append(Link(source, "output", name, CATALOGUE[layer].inputs[0].name))
    links.append(Link(answer, "output", "loss", "target"))
    return Project(Graph(nodes, tuple(links)), archive)


def mended(project: Project, sentence: str, button: str) -> None:
    """The one error of a project is this one, and its repairs leave none."""
    (problem,) = faults(project)
    assert problem.message == sentence
    assert problem.repair is not None
    assert problem.repair.text == button
    for _ in range(3):
        found = faults(project)
        if found and found[0].repair:
            project = repaired(project, found[0].repair)
    assert faults(project) == []


LABEL = ("Target", {"field": "label"}, "")


@pytest.mark.parametrize("layer", ["Embedding", "EmbeddingBag"])
def test_that_numbers_beyond_a_table_are_found_before_training(archive: Data, layer: str) -> None:
    text = {
        "table": (layer, {"num_embeddings": 50, "embedding_dim": 4}, "rows"),
        "flat": ("Flatten", {}, "table"),
        "fc": ("Linear", {"out_features": 3}, "flat"),
        "label": LABEL,
        "loss": ("CrossEntropyLoss", {}, "fc"),
    }
    mended(
        from_rows(archive, text, "label", "words"),
        f"{layer} expects whole numbers from 0 to 49 at input, as num_embeddings is 50, but rows brings 0 to 99, the "
        "numbers of words: set num_embeddings to 100.",
        "Set num_embeddings to 100",
    )


def test_that_class_numbers_out_of_range_are_found_before_training(archive: Data) -> None:
    text = {
        "flat": ("Flatten", {}, "rows"),
        "fc": ("Linear", {"out_features": 3}, "flat"),
        "kind": ("Target", {"field": "kind"}, ""),
        "thin": ("Squeeze", {"dim": -1}, "kind"),
        "loss": ("CrossEntropyLoss", {}, "fc"),
    }
    mended(
        from_rows(archive, text, "thin", "picture"),
        "CrossEntropyLoss expects class numbers from 0 to 2, as it gets 3 scores, but thin brings 0 to 19, the numbers "
        "of kind: set out_features of fc to 20.",
        "Set out_features of fc to 20",
    )


def test_that_a_class_number_that_does_not_count_may_be_out_of_range(archive: Data) -> None:
    text = {
        "flat": ("Flatten", {}, "rows"),
        "fc": ("Linear", {"out_features": 19}, "flat"),
        "kind": ("Target", {"field": "kind"}, ""),
        "thin": ("Squeeze", {"dim": -1}, "kind"),
        "loss": ("CrossEntropyLoss", {"ignore_index": 19}, "fc"),
    }
    assert faults(from_rows(archive, text, "thin", "picture")) == []


def test_that_pictures_that_are_no_shares_are_found_before_training(archive: Data) -> None:
    text = {
        "flat": ("Flatten", {}, "rows"),
        "fc": ("Linear", {"out_features": 16}, "flat"),
        "share": ("Sigmoid", {}, "fc"),
        "loss": ("BCELoss", {}, "share"),
    }
    project = from_rows(archive, text, "flat", "picture")
    (problem,) = faults(project)
    assert re.fullmatch(
        r"BCELoss expects targets from 0 to 1, but flat brings -1\.\d+ to 1\.\d+, the numbers of picture: set "
        r"normalise of the data to range\.",
        problem.message,
    )
    mended(project, problem.message, "Scale the data to 0..1")
