"""Layers along the batch's axis: pairs through one network, frames as samples, numbered samples, and codebooks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from test_operations import chain, errors, model_of

from core.engine.check import check
from core.engine.examine import Fault, Found, examined
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE
from core.parameters import read
from core.project import Data, Project, repaired
from core.specs import Size, Spec

PAIR = ("both", "Cat", {"dim": 0}, {"tensors_0": "x", "tensors_1": "x"})


def outcome(layer: str, values: dict[str, Any], *shape: Size, **others: Spec) -> Found | Fault:
    made, faults = read(CATALOGUE[layer], values)
    assert not faults
    return examined(made, {CATALOGUE[layer].inputs[0].name: Spec(shape), **others})


def shapes(layer: str, values: dict[str, Any], *shape: Size) -> list[tuple[Size, ...]]:
    found = outcome(layer, values, *shape)
    assert isinstance(found, Found), found
    return [spec.shape for spec in found.outputs.values()]


@pytest.mark.parametrize("parts", [("Chunk", {"chunks": 2, "dim": 0}), ("Split", {"split_sizes": (1, 1), "dim": 0})])
def test_that_a_pair_goes_through_one_network_with_shared_weights(parts: tuple[str, dict[str, Any]]) -> None:
    project = chain(
        PAIR,
        ("turned", "Negative", {}, {"input": "x"}),
        ("two", "Cat", {"dim": 0}, {"tensors_0": "x", "tensors_1": "turned"}),
        ("fc", "Linear", {"out_features": 3}, {"input": "two"}),
        ("apart", *parts, {"input": "fc"}),
        ("first", "Output", {}, {"input": "apart.part_0"}),
        ("second", "Output", {}, {"input": "apart.part_1"}),
        shape=(4,),
    )
    assert errors(project) == []
    model: Any = model_of(project)
    rows = torch.randn(5, 4)
    first, second = model(rows)
    assert torch.equal(first, model.fc(torch.cat([rows, -rows]))[:5])
    assert torch.equal(second, model.fc(torch.cat([rows, -rows]))[5:])


@pytest.mark.parametrize("way", ["Flatten", "Reshape"])
def test_that_a_network_runs_on_each_frame_of_a_clip(way: str) -> None:
    there: dict[str, Any] = {"start_dim": 0, "end_dim": 1}
    back: tuple[str, dict[str, Any]] = ("Unflatten", {"dim": 0, "unflattened_size": (-1, 9)})
    if way == "Reshape":
        there = {"shape": (1, 8, 8), "keep_batch": False}
        back = ("Reshape", {"shape": (9, 144), "keep_batch": False})
    project = chain(
        ("frames", way, there, {"input": "x"}),
        ("conv", "Conv2d", {"out_channels": 4}, {"input": "frames"}),
        ("flat", "Flatten", {}, {"input": "conv"}),
        ("clips", back[0], back[1], {"input": "flat"}),
        ("end", "Output", {}, {"input": "clips"}),
        shape=(9, 1, 8, 8),
    )
    reports = check(project, 0).nodes
    assert reports["frames"].outputs["output"].shape == ("9*N", 1, 8, 8)
    assert reports["clips"].outputs["output"].shape == ("N", 9, 144)
    assert errors(project) == []
    model: Any = model_of(project)
    rows = torch.randn(3, 9, 1, 8, 8)
    assert torch.allclose(model(rows)[1, 5], model.conv(rows[1, 5:6]).flatten(), atol=1e-6)


def test_that_sizes_follow_every_batch() -> None:
    assert shapes("Flatten", {"start_dim": 0}, "2*N+1", 3) == [("6*N+3",)]
    assert shapes("Unflatten", {"dim": 0, "unflattened_size": (2, -1)}, "6*N+4", 3) == [(2, "3*N+2", 3)]
    assert shapes("Reshape", {"shape": (3,), "keep_batch": False}, "N", 4, 6) == [("8*N", 3)]
    assert shapes("Split", {"dim": 0, "split_sizes": (1, 3)}, "4*N", 3) == [("N", 3), ("3*N", 3)]
    assert shapes("Chunk", {"dim": 1, "chunks": 2}, 5, "4*N") == [(5, "2*N"), (5, "2*N")]
    assert shapes("Arange", {"dim": 0}, "2*N", 3) == [("2*N",)]


@pytest.mark.parametrize(
    ("layer", "values", "shape", "said"),
    [
        ("Flatten", {"start_dim": 0}, ("N", "N"), "where samples are mixed"),
        ("Chunk", {"dim": 0, "chunks": 2}, ("2*N+1", 3), "is the batch's axis"),
        ("Chunk", {"dim": 0, "chunks": 2}, ("3*N", 3), "to divide the 3 batches on axis 0"),
        ("Split", {"dim": 0, "split_sizes": (1, 1)}, ("3*N", 3), "add up to 3, the batches on axis 0"),
        ("Unflatten", {"dim": 0, "unflattened_size": (2, 3)}, ("6*N", 3), "one size of -1 for the batch"),
        ("Unflatten", {"dim": 0, "unflattened_size": (-1, 3)}, ("6*N+1", 3), "one size of -1 for the batch"),
        ("Reshape", {"shape": (4,), "keep_batch": False}, ("2*N+1", 2), "numbers for whole samples of 4"),
        ("Reshape", {"shape": (), "keep_batch": False}, ("N", "N"), "where samples are mixed"),
    ],
)
def test_that_what_would_not_follow_the_batch_is_refused_in_words(
    layer: str, values: dict[str, Any], shape: tuple[Size, ...], said: str
) -> None:
    found = outcome(layer, values, *shape)
    assert isinstance(found, Fault)
    assert said in found.message


def test_that_scores_of_every_sample_with_every_other_are_told_apart_by_their_numbers() -> None:
    project = chain(
        ("a", "Linear", {"out_features": 6}, {"input": "x"}),
        ("b", "Linear", {"out_features": 6}, {"input": "x"}),
        ("turned", "Transpose", {"dim0": 0, "dim1": 1}, {"input": "b"}),
        ("scores", "MatMul", {}, {"input": "a", "other": "turned"}),
        ("right", "Arange", {"dim": 0}, {"input": "scores"}),
        ("loss", "CrossEntropyLoss", {}, {"input": "scores", "target": "right"}),
        ("end", "Output", {}, {"input": "a"}),
        shape=(8,),
    )
    assert errors(project) == []
    reports = check(project, 0).nodes
    assert reports["scores"].outputs["output"].shape == ("N", "N")
    assert reports["right"].outputs["output"] == Spec(("N",), "int64", axes=("N",))


def test_that_a_codebook_is_looked_up_and_learned() -> None:
    project = chain(
        ("table", "Parameter", {"shape": (16, 8), "init": "normal"}, {}),
        ("code", "ArgMax", {"dim": 1}, {"input": "x"}),
        ("vector", "Lookup", {}, {"input": "code", "weight": "table"}),
        ("end", "Output", {}, {"input": "vector"}),
        shape=(8,),
    )
    assert errors(project) == []
    model: Any = model_of(project)
    rows = torch.randn(5, 8)
    model(rows).sum().backward()
    assert torch.equal(model(rows), model.table[rows.argmax(1)])
    assert model.table.grad is not None


def test_that_an_axis_is_taken_apart_into_many_parts() -> None:
    assert len(shapes("Unbind", {"dim": 1}, "N", 64, 2)) == 64
    assert len(shapes("Chunk", {"dim": 1, "chunks": 12}, "N", 24)) == 12
    assert len(shapes("Split", {"dim": 1, "split_sizes": (1,) * 10}, "N", 10)) == 10


def test_that_a_repair_that_uses_another_layer_takes_its_links_along() -> None:
    project = chain(
        ("parts", "Unbind", {"dim": 1}, {"input": "x"}),
        ("end", "Output", {}, {"input": "parts.part_0"}),
        shape=(99,),
    )
    (problem,) = errors(project)
    assert problem.repair is not None
    project = repaired(project, problem.repair)
    assert errors(project) == []
    assert Link("parts", "output", "end", "input") in project.graph.links


def test_that_weights_of_another_number_of_classes_can_be_unlinked() -> None:
    nodes = {
        "x": Node("Input", {"shape": (3,)}),
        "t": Node("Target", {"field": "label"}),
        "w": Node("Buffer", {"values": (1.0, 2.0)}),
        "f": Node("Flatten"),
        "fc": Node("Linear", {"out_features": 10}),
        "loss": Node("CrossEntropyLoss"),
    }
    nodes["x"] = Node("Input", {"field": "image"})
    links = ("x output f input", "f output fc input", "fc output loss input", "t output loss target",
             "w output loss weight")  # fmt: skip
    project = Project(Graph(nodes, tuple(Link(*link.split()) for link in links)), Data("Digits"))
    (problem,) = errors(project)
    assert problem.message == (
        "CrossEntropyLoss expects one weight for each of its 10 classes, but receives 2 from w: link a Buffer with 10 "
        "numbers, or nothing."
    )
    assert problem.repair is not None
    assert problem.repair.text == "Unlink weight"
    assert errors(repaired(project, problem.repair)) == []


@pytest.mark.parametrize(
    ("equation", "shapes"),
    [
        ("ni->in", [(4, 3)]),
        ("ni", [(4, 3)]),
        ("in", [(4, 3)]),
        ("nij, njk", [(4, 3, 5), (4, 5, 2)]),
        ("...ij, ...jk -> ...ik", [(4, 2, 3, 5), (4, 2, 5, 6)]),
        ("...i, i -> ...", [(4, 2, 3), (3,)]),
        ("n...c, cd -> n...d", [(4, 2, 6, 3), (3, 7)]),
        ("nii -> ni", [(4, 3, 3)]),
        ("n... -> n", [(4, 3, 3)]),
    ],
)
def test_that_every_equation_of_torch_gives_what_check_says(equation: str, shapes: list[tuple[int, ...]]) -> None:
    layer, _ = read(CATALOGUE["Einsum"], {"equation": equation})
    specs = {
        f"tensors_{number}": Spec(("N", *shape[1:]) if shape[0] == 4 else shape) for number, shape in enumerate(shapes)
    }
    found = examined(layer, specs)
    assert isinstance(found, Found), found
    real = torch.einsum(equation, *(torch.ones(shape) for shape in shapes))
    (spec,) = found.outputs.values()
    assert tuple(4 if size == "N" else size for size in spec.shape) == tuple(real.shape)
    assert len(spec.axes) in (0, spec.rank)


def test_that_one_input_is_enough_for_an_equation() -> None:
    project = chain(
        ("turned", "Einsum", {"equation": "nij -> nji"}, {"tensors_0": "x"}),
        ("end", "Output", {}, {"input": "turned"}),
        shape=(3, 5),
    )
    assert errors(project) == []
    rows = torch.randn(2, 3, 5)
    assert torch.equal(model_of(project)(rows), rows.transpose(1, 2))


# ---- numbers in the data


@pytest.fixture
def numbers(tmp_path: Any) -> Data:
    """Rows of 6 numbers, places up to 30, and answers on both sides of 0."""
    draw = np.random.default_rng(0)
    np.savez(
        tmp_path / "rows.npz",
        rows=draw.random((60, 6)),
        place=np.arange(60).reshape(60, 1) % 31,
        answer=draw.normal(size=(60, 6)),
    )
    return Data("Npz", {"path": str(tmp_path / "rows.npz"), "indices": "place", "target": "answer"})


def looked_at(numbers: Data, links: str, **nodes: Node) -> list[str]:
    sources = {"rows": Node("Input", {"field": "rows"}), "place": Node("Input", {"field": "place"})}
    made = tuple(Link(*link.split()) for link in links.split(", "))
    drawing = {name: node for name, node in {**sources, **nodes}.items() if name != "place" or "place" in links}
    return [each.message for each in errors(Project(Graph(drawing, made), numbers))]


def test_that_places_beyond_an_axis_or_a_table_are_found_before_training(numbers: Data) -> None:
    (said,) = looked_at(
        numbers,
        "rows output pick input, place output pick index, pick output end input",
        pick=Node("Gather", {"dim": 1}),
        end=Node("Output"),
    )
    assert said == (
        "Gather expects whole numbers from 0 to 5 at index, as axis 1 of its input has size 6, but place brings 0 to "
        "30, the numbers of place: give it a longer axis, or look at index."
    )
    (said,) = looked_at(
        numbers,
        "place output pick input, table output pick weight, pick output end input",
        table=Node("Parameter", {"shape": (8, 4)}),
        pick=Node("Lookup"),
        end=Node("Output"),
    )
    assert said == (
        "Lookup expects whole numbers from 0 to 7 at input, as its table has size 8, but place brings 0 to 30, the "
        "numbers of place: give it a larger table, or look at input."
    )


@pytest.mark.parametrize(
    ("loss", "port", "expected"),
    [
        ("PoissonNLLLoss", "log_input", "counts from 0 as targets"),
        ("BCEWithLogitsLoss", "input", "targets from 0 to 1"),
        ("MultiLabelSoftMarginLoss", "input", "targets from 0 to 1"),
    ],
)
def test_that_answers_that_a_loss_cannot_take_are_found_and_mended(
    numbers: Data, loss: str, port: str, expected: str
) -> None:
    nodes = {
        "rows": Node("Input", {"field": "rows"}),
        "fc": Node("Linear", {"out_features": 6}),
        "answer": Node("Target", {"field": "answer"}),
        "loss": Node(loss),
    }
    links = (Link("rows", "output", "fc", "input"), Link("fc", "output", "loss", port),
             Link("answer", "output", "loss", "target"))  # fmt: skip
    project = Project(Graph(nodes, links), numbers)
    (problem,) = errors(project)
    assert problem.message.startswith(f"{loss} expects {expected}, but answer brings -")
    assert problem.repair is not None
    for _ in range(2):  # rows that are not trained on may lie beyond the range of the others
        for problem in errors(project):
            assert problem.repair is not None
            project = repaired(project, problem.repair)
    assert errors(project) == []
