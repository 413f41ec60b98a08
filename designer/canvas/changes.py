"""What the gestures of the canvas make of a project: functions that return the next value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from core import edits, picture
from core import graph as graphs
from core.graph import Block, Graph, Link, Node
from core.layers import Layer, declaration_of
from core.messages import DataReport
from core.parameters import dropped_values
from core.picture import Carried, Piece
from core.project import Project
from designer import entries
from designer.canvas.cards import variadic_names
from designer.canvas.metrics import HEADER_HEIGHT, NODE_WIDTH, STEP
from designer.words import tr


class End(NamedTuple):
    """The end of a link that stays while the other one is dragged."""

    node_id: str
    port: str
    is_output: bool

    def link_to(self, node_id: str, port: str) -> Link:
        """The link from here to a port on the other side."""
        if self.is_output:
            return Link(self.node_id, self.port, node_id, port)
        return Link(node_id, port, self.node_id, self.port)


def with_graph(project: Project, graph: Graph) -> Project:
    """The project with another graph."""
    return msgspec.structs.replace(project, graph=graph)


def counted(verb: str, node_ids: Collection[str]) -> str:
    """What an edit is called: `Move conv1`, `Move 3 nodes`."""
    return (
        f"{verb} {next(iter(node_ids))}"
        if len(node_ids) == 1
        else tr("{verb} {count} nodes", verb=verb, count=len(node_ids))
    )


def snapped(value: float) -> float:
    """The nearest place that nodes stand on."""
    return round(value / STEP) * STEP


def moved(project: Project, node_ids: Iterable[str], dx: float, dy: float, pieces: Iterable[Piece] = ()) -> Project:
    """The project with nodes, annotations and points of links moved."""
    return with_graph(project, picture.moved(project.graph, Carried(tuple(node_ids), tuple(pieces)), dx, dy))


def switched(project: Project, node_ids: Collection[str], field: str) -> Project:
    """The project with a flag of nodes set, or taken from all of them where all had it: `collapsed`, `tight`."""
    nodes = project.graph.nodes
    wanted = not all(getattr(nodes[node_id], field) for node_id in node_ids)
    changed = {node_id: msgspec.structs.replace(nodes[node_id], **{field: wanted}) for node_id in node_ids}
    return with_graph(project, graphs.with_nodes(project.graph, changed))


def spoken(graph: Graph, pieces: Collection[Piece], node_ids: Collection[str] = ()) -> str:
    """What is selected, as the name of an edit says it: `the frame Encoder`, `2 notes`, `4 items`."""
    if node_ids:
        count = len(node_ids) + len(pieces)
        return counted("", node_ids).strip() if not pieces else tr("{count} items", count=count)
    names = [each for each in pieces if isinstance(each, str)]
    if not names:
        return tr("a point of a link") if len(pieces) == 1 else tr("{count} points of links", count=len(pieces))
    kinds = {"frame" if graph.annotations[each].kind == "frame" else "note" for each in names}
    if len(pieces) > 1:
        return (
            f"{len(pieces)} {kinds.pop()}s"
            if len(kinds) == 1 and len(names) == len(pieces)
            else tr("{count} items", count=len(pieces))
        )
    kind = kinds.pop()
    title = " ".join(graph.annotations[names[0]].text.split())
    if kind == "note" or not title:
        return f"a {kind}"
    return tr("the frame {value}", value=title if len(title) <= 30 else title[:29] + "…")


def muted(project: Project, node_ids: Collection[str]) -> Project:
    """The project with nodes muted, or all of them heard again where all were muted."""
    nodes = project.graph.nodes
    mute = not all(nodes[node_id].muted for node_id in node_ids)
    changed = {node_id: msgspec.structs.replace(nodes[node_id], muted=mute) for node_id in node_ids}
    return with_graph(project, graphs.with_nodes(project.graph, changed))


def removed(
    project: Project,
    node_ids: Iterable[str],
    links: Iterable[Link] = (),
    reconnect: bool = False,
    pieces: Iterable[Piece] = (),
) -> Project:
    """The project without nodes, links and pieces; `reconnect` joins what came into a node to what it fed."""
    graph = graphs.without_links(picture.without(project.graph, pieces), links)
    away = tuple(node_id for node_id in node_ids if node_id in graph.nodes)
    for node_id in away if reconnect else ():
        graph = edits.bypassed(graph, node_id)
    graph = graphs.without_nodes(graph, away)
    alone = [node_id for node_id, node in graph.nodes.items() if node.shares in away and node.shares]
    for node_id in alone:  # whose weights are gone has its own again
        graph = graphs.with_node(graph, node_id, shares="")
    return with_graph(project, graph)


def linked(project: Project, link: Link, instead_of: Link | None = None) -> Project:
    """The project with a link, without the one that was pulled off for it."""
    graph = graphs.without_links(project.graph, [instead_of]) if instead_of and instead_of != link else project.graph
    return with_graph(project, graph if link in graph.links else graphs.with_link(graph, link))


def first_input(graph: Graph, node_id: str, declared: type[Layer]) -> str:
    """The input port of a node that a link dropped on it takes: the first that is free, else the first."""
    held = graphs.incoming(graph, node_id)
    names = [
        name for port in declared.inputs for name in (variadic_names(port.name, held) if port.variadic else [port.name])
    ]
    return next((name for name in names if name not in held), names[0] if names else "")


def can_take(layer: str, side: str, blocks: Mapping[str, Block]) -> bool:
    """Whether an entry has a port on a side: "inputs", "outputs", or "both" as an insertion into a link needs."""
    declared = entries.declared(layer, blocks)
    if declared is None:
        return False
    return bool(declared.inputs or side == "outputs") and bool(declared.outputs or side == "inputs")


def corner_at(x: float, y: float) -> tuple[float, float]:
    """The corner of a new node whose header's middle is to be at a point."""
    return snapped(x - NODE_WIDTH / 2), snapped(y - HEADER_HEIGHT / 2)


def free_corner(graph: Graph, x: float, y: float) -> tuple[float, float]:
    """The corner, or the next one down and right of it at which no node stands."""
    held = {(node.x, node.y) for node in graph.nodes.values()}
    while (x, y) in held:
        x, y = x + 2 * STEP, y + 2 * STEP
    return x, y


def placed(project: Project, layer: str, corner: tuple[float, float], data: DataReport) -> tuple[Project, str]:
    """The project with a new node as it is dropped, and its id; sources take the first field that is unused."""
    declared = entries.declared(layer, project.graph.blocks)
    values = (dropped_values(declared) if declared else {}) | unused_field(project, layer, data)
    node_id = graphs.fresh_id(project.graph.nodes, layer)
    node = Node(layer, values, *free_corner(project.graph, *corner))
    return with_graph(project, graphs.with_nodes(project.graph, {node_id: node})), node_id


def unused_field(project: Project, layer: str, data: DataReport) -> dict[str, Any]:
    """The value of `field` for a new Input or Target: the first of its role that no node takes, else the first."""
    role = {"Input": "input", "Target": "target"}.get(layer)
    if role is None or not project.data.source or not data.fields:
        return {}
    names = [field.name for field in data.fields if field.role == role]
    taken = {node.values.get("field") for node in project.graph.nodes.values() if node.layer == layer}
    chosen = next((name for name in names if name not in taken), names[0] if names else "")
    return {"field": chosen} if chosen else {}


def inserted_on(graph: Graph, link: Link, node_id: str) -> Graph:
    """The graph with a link led through a node that has an input and an output."""
    declared = declaration_of(graph.nodes[node_id], graph.blocks)
    if declared is None:
        return graph
    points = graph.bends.get(link, ())
    graph = graphs.without_links(graph, [link])
    first = Link(link.source, link.output, node_id, first_input(graph, node_id, declared))
    second = Link(node_id, declared.outputs[0].name, link.target, link.input)
    graph = graphs.with_link(graphs.with_link(graph, first), second)
    return picture.led_through(graph, points, first, second, node_id)


def reachable(graph: Graph, start: str, backwards: bool) -> set[str]:
    """The node and every node that it feeds, or that feeds it."""
    next_of: dict[str, list[str]] = {}
    for link in graph.links:
        one, other = (link.target, link.source) if backwards else (link.source, link.target)
        next_of.setdefault(one, []).append(other)
    found, waiting = {start}, [start]
    while waiting:
        for node_id in next_of.get(waiting.pop(), ()):
            if node_id not in found:
                found.add(node_id)
                waiting.append(node_id)
    return found
