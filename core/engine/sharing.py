"""Two nodes with one module: what the second one is called as, or why the two cannot be one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from core.graph import Graph, sharing
from core.layers import Call, Layer
from core.layers.block import BlockUse
from core.layers.calls import construction
from core.messages import NodeReport, Problem
from core.parameters import parameters
from core.repairs import Repair, SetValue

TIED = Call(expression="nn.functional.linear({input}, {module}.weight)")
"""A linear layer that has the table of an embedding for its weights."""


def shared(
    graph: Graph,
    node_id: str,
    layers: Mapping[str, Layer],
    reports: Mapping[str, NodeReport],
    modules: Callable[[str], Sequence[Call]],
) -> NodeReport | Problem:
    """The report of a node that uses the module of another one, or why it cannot; `modules` are those in a block."""
    report, wanted = reports[node_id], graph.nodes[node_id].shares
    owner = sharing(graph, node_id)
    if not owner:
        what = "which is not there" if wanted not in graph.nodes else "which uses its own in turn"
        return Problem("error", node_id, "", f"{node_id} uses the weights of {wanted}, {what}: choose another node.")
    theirs = reports.get(owner)
    if not report.outputs or theirs is None or not theirs.outputs or node_id not in layers or owner not in layers:
        return report  # what is missing is said there
    own, other = layers[node_id], layers[owner]
    is_use = isinstance(own, BlockUse)
    if own == other and (
        (is_use and [*map(_text, modules(node_id))] == [*map(_text, modules(owner))])
        or (report.call and theirs.call and _text(report.call) == _text(theirs.call))
    ):
        return replace(report, parameters=0)
    if type(own).__name__ == "Linear" and type(other).__name__ == "Embedding":
        return _tied(node_id, owner, own, other, report)
    how = next(
        (each.name for each in parameters(type(own)) if getattr(own, each.name) != getattr(other, each.name, None)), ""
    )
    if type(own) is not type(other):
        how = f"one is {type(own).__name__}, the other {type(other).__name__}"
    else:
        how = f"they differ in {how}" if how else "what arrives has other sizes"
    message = f"{node_id} cannot use the weights of {owner}, because {how}: make both alike, or give each its own."
    return Problem("error", node_id, "", message)


def _tied(node_id: str, owner: str, own: Layer, other: Layer, report: NodeReport) -> NodeReport | Problem:
    """A Linear with the table of an Embedding: as many outputs as it has rows, and no bias of its own."""
    rows, width = getattr(other, "num_embeddings", 0), getattr(other, "embedding_dim", 0)
    begins = f"{node_id} uses the weights of {owner}"
    if getattr(own, "bias", False):
        message = f"{begins}, which holds no bias: set bias of {node_id} to false."
        repair = Repair(f"Set bias of {node_id} to false", (SetValue(node_id, "bias", False),))
        return Problem("error", node_id, "", message, repair)
    if getattr(own, "out_features", 0) != rows:
        given = getattr(own, "out_features", 0)
        message = f"{begins}, so it gives {rows} numbers and not {given}: set out_features to {rows}."
        repair = Repair(f"Set out_features to {rows}", (SetValue(node_id, "out_features", rows),))
        return Problem("error", node_id, "", message, repair)
    if report.call is None or report.call.positional[:1] != (width,):
        message = f"{begins}, whose vectors have {width} numbers, but what arrives at it has others: make both alike."
        return Problem("error", node_id, "input", message)
    return replace(report, parameters=0, call=TIED)


def _text(call: Call) -> str:
    return construction(call) if call.target else call.expression
