"""A layer's repair in its graph: where exactly it is best made, and in what words its button says so."""

from __future__ import annotations

import msgspec

from core.graph import Graph, Link
from core.layers import CATALOGUE, declaration_of
from core.layers.remedies import plain
from core.layers.shape import Identity
from core.parameters import parameter_of
from core.repairs import Insert, Join, Repair, SetData, SetValue

KEEP_SHAPE = ("activation", "regularisation", "normalisation")
"""Families whose layers pass on the shape that they get, whatever it is."""


def placed(graph: Graph, node_id: str, port: str, repair: Repair) -> Repair:
    """The repair with `{self}` and `{source}` filled in, made where it does the least harm.

    A layer is not inserted right behind one of its kind: that one's values are set instead, if it feeds nothing
    else. A Flatten goes before the Linear that was given a picture, not behind it.
    """
    arriving = graph.arriving.get(node_id, {})
    link = arriving.get(port) or next(iter(arriving.values()), None)
    names = {"{self}": node_id, "{source}": link.source if link else node_id}
    edits = tuple(
        edit
        if isinstance(edit, SetData | Join)
        else msgspec.structs.replace(edit, node=names.get(edit.node, edit.node))
        for edit in repair.edits
    )
    text = repair.text.replace("{self}", names["{self}"]).replace("{source}", names["{source}"])
    only = edits[0] if len(edits) == 1 else None
    if isinstance(only, Insert) and only.node == node_id and only.port in arriving:
        return _better_place(graph, arriving[only.port], only) or Repair(text, edits)
    return Repair(text, edits)


def _better_place(graph: Graph, link: Link, insert: Insert) -> Repair | None:
    """The repair at the node that a wrong shape comes from, where that node is the one to mend."""
    origin = _origin(graph, link.source)
    if origin is None:
        return None
    layer = graph.nodes[origin].layer
    if insert.layer == "Flatten" and not insert.values and layer == "Linear" and "input" in graph.arriving[origin]:
        return Repair(f"Insert Flatten before {origin}", (Insert(origin, "input", "Flatten"),))
    declared = CATALOGUE.get(layer)
    kin = layer == insert.layer or (layer.startswith("Conv") and insert.layer.startswith("Conv"))
    name, value = next(iter(insert.values.items()), ("", None))
    if not declared or not kin or name not in ("out_features", "out_channels") or not parameter_of(declared, name):
        return None
    if "stride" in insert.values:
        return None
    return Repair(f"Set {name} of {origin} to {plain(value)}", (SetValue(origin, name, value),))


def _origin(graph: Graph, node_id: str) -> str | None:
    """The nearest node before that decides on the shape, if nothing else sees what it gives."""
    for _ in range(len(graph.nodes)):
        node = graph.nodes[node_id]
        declared = declaration_of(node, graph.blocks)
        if declared is None or len(graph.leaving[node_id]) > 1:
            return None
        if not node.muted and declared.family not in KEEP_SHAPE and node.layer != Identity.__name__:
            return node_id
        before = graph.arriving[node_id].get(declared.inputs[0].name) if declared.inputs else None
        if before is None:
            return None
        node_id = before.source
    return None
