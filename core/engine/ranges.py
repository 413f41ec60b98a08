"""What the data holds against what is looked up with it: places in a table, class numbers, shares, counts.

Shapes and kinds of number fit here; only the numbers themselves do not, and training would stop at the first of them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterator, Mapping
from typing import Any

from core.anatomy import nodes_by_layer
from core.engine.data import Loaded, load
from core.engine.fault import Fault
from core.graph import Graph
from core.layers import Inputs, Layer, remedies
from core.messages import Problem
from core.placement import placed
from core.project import Project
from core.repairs import Repair, SetData

TABLES = {
    "Embedding": ("input", "num_embeddings"),
    "EmbeddingBag": ("input", "num_embeddings"),
    "OneHot": ("input", "num_classes"),
    "AdaptiveLogSoftmaxWithLoss": ("target", "n_classes"),
    "LinearCrossEntropyLoss": ("target", "num_classes"),
}
"""The port that a layer looks up with, and the parameter that says how many places there are."""
AXES = {"Gather": "index", "Lookup": "input"}
"""The port that a layer looks up with in another of its inputs, whose axis says how many places there are."""
SCORED = ("CrossEntropyLoss", "NLLLoss", "MultiMarginLoss")
SHARES = ("BCELoss", "BCEWithLogitsLoss", "MultiLabelSoftMarginLoss")
COUNTED = ("PoissonNLLLoss",)
SAME_NUMBERS = (
    "Identity", "Flatten", "Unflatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose", "Permute", "Long", "Float",
)  # fmt: skip
"""Layers behind which the numbers of a field are still all there, and no others."""


def problems(
    project: Project, layers: Mapping[str, Layer], inputs: Mapping[str, Inputs], sound: Container[str]
) -> list[Problem]:
    """Every number in the data that a layer could not look up; nodes that are not `sound` have a problem already."""
    asking = [
        node_id
        for name in (*TABLES, *AXES, *SCORED, *SHARES, *COUNTED)
        for node_id in nodes_by_layer(project.graph).get(name, ())
        if node_id in sound and not project.graph.nodes[node_id].muted
    ]
    held = {node_id: _field(project.graph, node_id, _port(project.graph, node_id)) for node_id in asking}
    if not any(held.values()):
        return []
    with contextlib.suppress(Fault):
        loaded = load(project.data)
        return [
            problem
            for node_id, field in held.items()
            if field in loaded.raw
            for problem in _looked_at(project, node_id, field, layers[node_id], inputs[node_id], loaded)
        ]
    return []


def _port(graph: Graph, node_id: str) -> str:
    layer = graph.nodes[node_id].layer
    return AXES.get(layer) or TABLES.get(layer, ("target",))[0]


def _field(graph: Graph, node_id: str, port: str) -> str:
    """The field of the data whose numbers arrive at a port, "" where something else does."""
    link = graph.arriving[node_id].get(port)
    while link is not None:
        node = graph.nodes[link.source]
        if node.layer in ("Input", "Target"):
            return str(node.values.get("field", ""))
        if node.layer not in SAME_NUMBERS and not node.muted:
            return ""
        link = next(iter(graph.arriving[link.source].values()), None)
    return ""


def _looked_at(
    project: Project, node_id: str, field: str, layer: Layer, inputs: Inputs, loaded: Loaded
) -> Iterator[Problem]:
    name, port = type(layer).__name__, _port(project.graph, node_id)
    spec = inputs[port]
    low, high = _extent(loaded, field, getattr(layer, "ignore_index", None))
    source = project.graph.arriving[node_id][port].source
    what = f"but {source} brings {low:g} to {high:g}, the numbers of {field}"
    if name in SHARES:
        if low < 0 or high > 1:
            yield _shares(project, node_id, name, f"{name} expects targets from 0 to 1, {what}")
        return
    if name in COUNTED:
        if low < 0:
            yield _shares(project, node_id, name, f"{name} expects counts from 0 as targets, {what}", None)
        return
    if name in AXES:
        yield from _looked_up(node_id, name, port, layer, inputs, (low, high), what)
        return
    count: Any = getattr(layer, TABLES[name][1]) if name in TABLES else inputs["input"].shape[1]
    if spec.dtype != "int64" or not isinstance(count, int) or count < 1 or (low >= 0 and high < count):
        return
    if name in TABLES:
        said = f"{name} expects whole numbers from 0 to {count - 1} at {port}, as {TABLES[name][1]} is {count}, {what}"
        repair = remedies.set_value(TABLES[name][1], int(high) + 1)
    else:
        said = f"{name} expects class numbers from 0 to {count - 1}, as it gets {count} scores, {what}"
        repair = remedies.insert("input", "Linear", out_features=int(high) + 1) if inputs["input"].rank == 2 else None
    if low < 0:
        yield Problem("error", node_id, port, f"{said}: take whole numbers from 0, as the data's indices are.")
        return
    made = placed(project.graph, node_id, "input", repair) if repair else None
    way = f"{made.text[0].lower()}{made.text[1:]}" if made else f"give the layer before it {int(high) + 1} channels"
    yield Problem("error", node_id, port, f"{said}: {way}.", made)


def _looked_up(
    node_id: str, name: str, port: str, layer: Layer, inputs: Inputs, extent: tuple[float, float], what: str
) -> Iterator[Problem]:
    """What is wrong with places in an axis of another input."""
    axis: Any = getattr(layer, "dim", 0)
    count = inputs["weight" if name == "Lookup" else "input"].shape[axis]
    if isinstance(count, int) and (extent[0] < 0 or extent[1] >= count):
        where = f"axis {axis} of its input" if name == "Gather" else "its table"
        said = f"{name} expects whole numbers from 0 to {count - 1} at {port}, as {where} has size {count}, {what}"
        wider = "a longer axis" if name == "Gather" else "a larger table"
        way = "take whole numbers from 0" if extent[0] < 0 else f"give it {wider}, or look at {port}"
        yield Problem("error", node_id, port, f"{said}: {way}.")


def _shares(project: Project, node_id: str, name: str, said: str, most: float | None = 1.0) -> Problem:
    if project.data.split.get("normalise", "standardise") == "standardise":
        repair = Repair("Scale the data to 0..1", (SetData("split", {**project.data.split, "normalise": "range"}),))
        return Problem("error", node_id, "target", f"{said}: set normalise of the data to range.", repair)
    repair = placed(project.graph, node_id, "target", remedies.insert("target", "Clamp", min=0.0, max=most))
    return Problem("error", node_id, "target", f"{said}: insert Clamp, or use MSELoss.", repair)


def _extent(loaded: Loaded, field: str, ignored: object) -> tuple[float, float]:
    """The least and the greatest number of a field as the network gets it, whichever part its row is in."""
    kept: dict[tuple[str, object], tuple[float, float]] = vars(loaded).setdefault("extents", {})
    if (field, ignored) not in kept:
        held = [part[field] for part in loaded.parts.values()]
        held = [values[values != ignored] for values in held] if isinstance(ignored, int) else held
        held = [values for values in held if values.size]
        bounds = [(float(values.min()), float(values.max())) for values in held]
        kept[field, ignored] = min(low for low, _ in bounds), max(high for _, high in bounds)
    return kept[field, ignored]
