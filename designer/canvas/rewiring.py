"""Edits by hand that are about links: detach, insert a row of nodes, swap inputs, swap a layer, keep inputs."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable, Mapping

from core import graph as graphs
from core import picture
from core.expressions import has_expression
from core.graph import Graph, Link, natural
from core.layers import Layer, declaration_of
from core.layers.layer import linked_ports
from core.parameters import fitted, parameter_of
from designer import entries
from designer.canvas import changes
from designer.words import tr


def outer_links(graph: Graph, ids: Collection[str]) -> tuple[Link, ...]:
    """The links between these nodes and all others."""
    inside = set(ids)
    return tuple(link for link in graph.links if (link.source in inside) != (link.target in inside))


def detached(graph: Graph, ids: Collection[str]) -> Graph:
    """The graph with these nodes taken out of their links to others, what they stood between joined.

    What each target got from them comes from the first thing that fed them, as for a muted node: from the first
    input of the node that the target hung on, followed back through the taken nodes.
    """
    away = outer_links(graph, ids)
    inside = set(ids)
    joined: list[Link] = []
    for link in away:
        if link.source in inside:
            origin = _origin(graph, link.source, inside)
            if origin is not None:
                joined.append(Link(origin.source, origin.output, link.target, link.input))
    graph = graphs.without_links(graph, away)
    for link in joined:
        graph = graphs.with_link(graph, link)
    return graph


def _origin(graph: Graph, node_id: str, inside: Collection[str]) -> Link | None:
    """The link from outside that feeds a node by its first inputs; None where it begins inside."""
    been: set[str] = set()
    while node_id not in been:
        been.add(node_id)
        first = first_arriving(graph, node_id)
        if first is None or first.source not in inside:
            return first
        node_id = first.source
    return None


def first_arriving(graph: Graph, node_id: str) -> Link | None:
    """The link at the first linked input of a node, in the order of its declaration."""
    arriving = graph.arriving.get(node_id, {})
    declared = declaration_of(graph.nodes[node_id], graph.blocks)
    ports = linked_ports(declared, arriving) if declared else []
    return arriving[ports[0]] if ports else next(iter(arriving.values()), None)


# ---- into a link


def row_of(graph: Graph, ids: Collection[str]) -> tuple[str, str] | None:
    """The first and the last of nodes that have no links to others and can be led into a link; None where they cannot.

    The one at the front has a free input and nothing before it, the one at the back an output that feeds none of them.
    """
    if outer_links(graph, ids):
        return None
    fronts = [each for each in ids if not graph.arriving[each]]
    backs = [each for each in ids if not graph.leaving[each]]
    if len(fronts) != 1 or len(backs) != 1:
        return None
    front, back = (declaration_of(graph.nodes[each], graph.blocks) for each in (fronts[0], backs[0]))
    return (fronts[0], backs[0]) if front and back and front.inputs and back.outputs else None


def inserted_row(graph: Graph, link: Link, row: tuple[str, str]) -> Graph:
    """The graph with a link led through a row of nodes."""
    first, last = row
    front, back = declaration_of(graph.nodes[first], graph.blocks), declaration_of(graph.nodes[last], graph.blocks)
    if front is None or back is None:
        return graph
    points = graph.bends.get(link, ())
    graph = graphs.without_links(graph, [link])
    before = Link(link.source, link.output, first, changes.first_input(graph, first, front))
    behind = Link(last, back.outputs[0].name, link.target, link.input)
    graph = graphs.with_link(graphs.with_link(graph, before), behind)
    return picture.led_through(graph, points, before, behind, first)


# ---- inputs


def with_swapped_inputs(graph: Graph, node_id: str) -> Graph:
    """The graph with what arrives at the first two inputs of a node changed over; unchanged where there are not two."""
    declared = declaration_of(graph.nodes[node_id], graph.blocks)
    if declared is None:
        return graph
    held = graph.arriving[node_id]
    names = [
        name
        for port in declared.inputs
        for name in (changes.variadic_names(port.name, held) if port.variadic else [port.name])
    ]
    if len(names) < 2 or not (held.keys() & set(names[:2])):
        return graph
    one, other = names[:2]
    graph = graphs.without_links(graph, [held[name] for name in (one, other) if name in held])
    for name, goal in ((one, other), (other, one)):
        if name in held:
            graph = graphs.with_link(graph, Link(held[name].source, held[name].output, node_id, goal))
    return graph


def with_inputs(graph: Graph, wanted: Iterable[Link]) -> Graph:
    """The graph with those of these links whose ends are there and whose input is free and closes no cycle."""
    for link in wanted:
        if link.source not in graph.nodes or link.target not in graph.nodes or link.source == link.target:
            continue
        declared = declaration_of(graph.nodes[link.source], graph.blocks)
        known = declared is not None and any(port.name == link.output for port in declared.outputs)
        if known and link.input not in graph.arriving[link.target]:
            graph = graphs.with_link(graph, link)
    return graph


# ---- another layer


def may_replace(graph: Graph, node_id: str, layer: str) -> bool:
    """Whether a layer has ports for every link of a node, by name or by place."""
    node = graph.nodes[node_id]
    before, after = declaration_of(node, graph.blocks), entries.declared(layer, graph.blocks)
    if after is None or layer == node.layer:
        return False
    moved = ports_after(before, after, graph, node_id)
    return moved is not None


def ports_after(
    before: type[Layer] | None, after: type[Layer], graph: Graph, node_id: str
) -> tuple[dict[str, str], dict[str, str]] | None:
    """For each linked input and output of a node its name in another layer; None where one has no place there."""
    arriving = list(graph.arriving[node_id])
    arriving = [*linked_ports(before, arriving), *(each for each in arriving)] if before else arriving
    leaving = dict.fromkeys(link.output for link in graph.leaving[node_id])
    inputs = _places(list(dict.fromkeys(arriving)), _names(after, len(arriving)))
    order = [port.name for port in before.outputs] if before else []
    outs = sorted(leaving, key=lambda name: (order.index(name) if name in order else len(order), natural(name)))
    outputs = _places(outs, [port.name for port in after.outputs])
    return None if inputs is None or outputs is None else (inputs, outputs)


def _names(declared: type[Layer], count: int) -> list[str]:
    """The input ports of a layer, a variadic one with as many places as may be needed."""
    return [
        name
        for port in declared.inputs
        for name in ([f"{port.name}_{number}" for number in range(count)] if port.variadic else [port.name])
    ]


def _places(linked: list[str], names: list[str]) -> dict[str, str] | None:
    """A name for each linked port: the same where it is there, else the first that is free; None where none is left."""
    found = {name: name for name in linked if name in names}
    free = [name for name in names if name not in found]
    for name in linked:
        if name not in found:
            if not free:
                return None
            found[name] = free.pop(0)
    return found


def replaced(graph: Graph, node_id: str, layer: str, values: Mapping[str, object]) -> tuple[Graph, str]:
    """The graph with a node made another layer, and its id: links stay, and so do the values that both know and take.

    `values` are those that the layer is dropped with. A name that the editor gave (`relu1`) follows the layer.
    """
    node = graph.nodes[node_id]
    before, after = declaration_of(node, graph.blocks), entries.declared(layer, graph.blocks)
    moved = ports_after(before, after, graph, node_id) if after else None
    if after is None or moved is None:
        return graph, node_id
    held = dict(values)
    for name, value in node.values.items():
        declared = parameter_of(after, name)
        old = parameter_of(before, name) if before else None
        if declared is None or (old is not None and old.kind != declared.kind):
            continue
        with contextlib.suppress(ValueError):  # a value that the other layer does not take is left behind
            held[name] = value if has_expression(value) else fitted(declared, value)
    inputs, outputs = moved
    called: dict[Link, Link] = {}
    for link in (*graph.arriving[node_id].values(), *graph.leaving[node_id]):
        output = outputs[link.output] if link.source == node_id else link.output
        port = inputs[link.input] if link.target == node_id else link.input
        called[link] = Link(link.source, output, link.target, port)
    moved_links = {link: new for link, new in called.items() if new != link}
    graph = graphs.with_node(graph, node_id, layer=layer, values=held, weights={}, shares="")
    graph = graphs.without_links(graph, moved_links)
    for link in moved_links.values():
        graph = graphs.with_link(graph, link)
    return _renamed(graph, node_id, node.layer, layer)


def _renamed(graph: Graph, node_id: str, old: str, new: str) -> tuple[Graph, str]:
    """The graph with a node under the name that its layer would give it, where its name was that of the old layer."""
    word = re.sub(r"\d+$", "", graphs.fresh_id((), old))
    if not re.fullmatch(rf"{re.escape(word)}\d+", node_id):
        return graph, node_id
    taken = [each for each in graph.nodes if each != node_id]
    name = graphs.fresh_id(taken, new)
    return (graphs.renamed(graph, node_id, name), name) if name not in taken else (graph, node_id)


def bypass_refusal(graph: Graph, node_id: str) -> str:
    """Why a node cannot be muted, because it has nothing to pass on; "" where it can."""
    declared = declaration_of(graph.nodes[node_id], graph.blocks)
    if declared is not None and not declared.inputs:
        return tr(
            "{node_id} is a source and has no input to pass on: delete it, or mute what it feeds", node_id=node_id
        )
    return ""


def extended(graph: Graph, ids: Collection[str], backwards: bool) -> list[str]:
    """These nodes and all that feed them, or that they feed, in natural order."""
    found: set[str] = set()
    waiting = [each for each in ids if each in graph.nodes]
    while waiting:
        node_id = waiting.pop()
        if node_id not in found:
            found.add(node_id)
            links = graph.arriving[node_id].values() if backwards else graph.leaving[node_id]
            waiting += [link.source if backwards else link.target for link in links]
    return sorted(found, key=natural)
