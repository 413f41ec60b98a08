"""Edits of a graph that need to know the catalogue: insert on a link, bypass, swap, and applying a repair."""

from __future__ import annotations

from typing import Any

from core import graph as graphs
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE, Port, declaration_of
from core.repairs import (
    AddBefore,
    Append,
    Bypass,
    Edit,
    Insert,
    Join,
    Remove,
    Repair,
    SetData,
    SetValue,
    SetWeights,
    Swap,
    Unlink,
)
from core.weights import with_weights


def repaired(graph: Graph, repair: Repair) -> Graph:
    """The graph after a repair; edits that no longer fit, and those of the data, are passed over."""
    for edit in repair.edits:
        if isinstance(edit, SetData | Join) or edit.node in graph.nodes:
            graph = _applied(graph, edit)
    return graph


def _applied(graph: Graph, edit: Edit) -> Graph:
    match edit:
        case Insert():
            return inserted(graph, edit.node, edit.port, edit.layer, edit.values)[0]
        case Bypass():
            return bypassed(graph, edit.node)
        case SetValue():
            return graphs.with_value(graph, edit.node, edit.name, edit.value)
        case SetWeights():
            return with_weights(graph, edit.node, edit.name, edit.value)
        case Remove():
            return graphs.without_nodes(graph, [edit.node])
        case Unlink():
            return graphs.without_links(
                graph, [link for link in graph.links if (link.target, link.input) == (edit.node, edit.port)]
            )
        case Join():
            return graphs.with_link(graph, edit.link)
        case Swap():
            return _swapped(graph, edit)
        case Append() | AddBefore():
            return _beside(graph, edit)
        case SetData():
            return graph


def _swapped(graph: Graph, edit: Swap) -> Graph:
    """The graph with a node made another layer; a link to a port that is called otherwise there follows to it."""
    before = declaration_of(graph.nodes[edit.node], graph.blocks)
    graph = graphs.with_node(graph, edit.node, layer=edit.layer, values=edit.values)
    after = declaration_of(graph.nodes[edit.node], graph.blocks)
    if before is None or after is None:
        return graph
    inputs, outputs = _followed(before.inputs, after.inputs), _followed(before.outputs, after.outputs)
    moved = [link for link in graph.links if edit.node in (link.source, link.target)]
    for link in moved:
        output = outputs.get(link.output, link.output) if link.source == edit.node else link.output
        port = inputs.get(link.input, link.input) if link.target == edit.node else link.input
        if (output, port) != (link.output, link.input):
            graph = graphs.with_link(graphs.without_links(graph, [link]), Link(link.source, output, link.target, port))
    return graph


def _followed(before: tuple[Port, ...], after: tuple[Port, ...]) -> dict[str, str]:
    """The ports that stand at the same place under another name, where neither layer has the other's."""
    names = {port.name for port in before}, {port.name for port in after}
    pairs = zip(before, after, strict=False)
    plain = [(one, two) for one, two in pairs if not one.variadic and not two.variadic]
    return {one.name: two.name for one, two in plain if one.name not in names[1] and two.name not in names[0]}


NODE_PITCH = 220.0


def inserted(graph: Graph, node_id: str, port: str, layer: str, values: dict[str, Any]) -> tuple[Graph, str]:
    """The graph with a new node on the link that ends at a port, and its id; unchanged without such a link."""
    link = graphs.incoming(graph, node_id).get(port)
    if link is None:
        return graph, ""
    declared = CATALOGUE[layer]
    made = graphs.fresh_id(graph.nodes, layer)
    source, target = graph.nodes[link.source], graph.nodes[node_id]
    node = Node(layer, values, (source.x + target.x) / 2, (source.y + target.y) / 2)
    graph = graphs.with_nodes(graph, {made: node})
    first = declared.inputs[0]
    graph = graphs.with_link(graph, Link(link.source, link.output, made, first.name + "_0" * first.variadic))
    return graphs.with_link(graph, Link(made, declared.outputs[0].name, node_id, port)), made


def bypassed(graph: Graph, node_id: str) -> Graph:
    """The graph without a node, what came into its first input joined to what its first output fed."""
    arrives = graphs.incoming(graph, node_id)
    leaves = graphs.outgoing(graph, node_id)
    graph = graphs.without_nodes(graph, [node_id])
    if arrives:
        first = arrives[min(arrives, key=graphs.natural)]
        for link in leaves:
            graph = graphs.with_link(graph, Link(first.source, first.output, link.target, link.input))
    return graph


def _beside(graph: Graph, edit: Append | AddBefore) -> Graph:
    declared = CATALOGUE[edit.layer]
    made = graphs.fresh_id(graph.nodes, edit.layer)
    at = graph.nodes[edit.node]
    after = isinstance(edit, Append)
    node = Node(edit.layer, edit.values, at.x + (NODE_PITCH if after else -NODE_PITCH), at.y)
    graph = graphs.with_nodes(graph, {made: node})
    if after:
        return graphs.with_link(graph, Link(edit.node, edit.port, made, declared.inputs[0].name))
    return graphs.with_link(graph, Link(made, declared.outputs[0].name, edit.node, edit.port))
