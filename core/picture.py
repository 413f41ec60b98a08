"""What of a drawing is only seen: notes and frames, and the points through which links are led."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from core.graph import Annotation, Graph, Link, Points
from core.project import LARGEST, MOST_POINTS, SMALLEST, Project


class Bend(NamedTuple):
    """One of the points through which a link is led, by its place along the way."""

    link: Link
    place: int


Piece = str | Bend
"""What can be selected beside nodes: an annotation by its id, or a point of a link."""

Box = tuple[float, float, float, float]
"""Left, top, width and height."""


# ---- annotations


def fresh_id(graph: Graph, kind: str) -> str:
    """An id for a new annotation: `note1`, `frame2`."""
    return next(name for number in itertools.count(1) if (name := f"{kind}{number}") not in graph.annotations)


def with_annotation(graph: Graph, name: str, annotation: Annotation) -> Graph:
    """The graph with an annotation added or replaced, its sides kept within bounds."""
    width, height = (min(max(side, SMALLEST), LARGEST) for side in (annotation.width, annotation.height))
    held = replace(annotation, width=width, height=height)
    return replace(graph, annotations={**graph.annotations, name: held})


def coloured(graph: Graph, names: Collection[str], colour: str) -> Graph:
    """The graph with these annotations in another colour."""
    changed = {name: replace(graph.annotations[name], colour=colour) for name in names}
    return replace(graph, annotations={**graph.annotations, **changed})


def box_of(annotation: Annotation) -> Box:
    """Where an annotation is."""
    return annotation.x, annotation.y, annotation.width, annotation.height


def holds(outer: Box, inner: Box) -> bool:
    """Whether a box lies wholly in another one."""
    return (
        outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and inner[0] + inner[2] <= outer[0] + outer[2]
        and inner[1] + inner[3] <= outer[1] + outer[3]
    )


def carried(graph: Graph, node_ids: Iterable[str], pieces: Iterable[Piece], boxes: Mapping[str, Box]) -> Carried:
    """Everything that moves when these move: what lies wholly in a frame, and the points between two moved nodes.

    `boxes` says where the nodes are.
    """
    nodes, taken = dict.fromkeys(node_ids), dict.fromkeys(pieces)
    for name in [each for each in taken if isinstance(each, str)]:
        frame = graph.annotations[name]
        if frame.kind != "frame":
            continue
        area = box_of(frame)
        nodes |= dict.fromkeys(node_id for node_id, box in boxes.items() if holds(area, box))
        taken |= dict.fromkeys(each for each, other in graph.annotations.items() if holds(area, box_of(other)))
        for link, points in graph.bends.items():
            inside = (place for place, point in enumerate(points) if holds(area, (*point, 0.0, 0.0)))
            taken |= dict.fromkeys(Bend(link, place) for place in inside)
    for link, points in graph.bends.items():
        if link.source in nodes and link.target in nodes:
            taken |= dict.fromkeys(Bend(link, place) for place in range(len(points)))
    return Carried(tuple(nodes), tuple(taken))


class Carried(NamedTuple):
    """Nodes, and the pieces of the picture that go with them."""

    nodes: tuple[str, ...]
    pieces: tuple[Piece, ...]


def moved(graph: Graph, carried: Carried, dx: float, dy: float) -> Graph:
    """The graph with these nodes, annotations and points moved."""
    nodes = {each: graph.nodes[each] for each in carried.nodes}
    nodes = {each: replace(node, x=node.x + dx, y=node.y + dy) for each, node in nodes.items()}
    names = [each for each in carried.pieces if isinstance(each, str)]
    held = {each: graph.annotations[each] for each in names}
    held = {each: replace(other, x=other.x + dx, y=other.y + dy) for each, other in held.items()}
    return replace(
        graph,
        nodes={**graph.nodes, **nodes} if nodes else graph.nodes,
        annotations={**graph.annotations, **held} if held else graph.annotations,
        bends=bends_moved(graph.bends, carried.pieces, dx, dy),
    )


def bends_moved(bends: dict[Link, Points], pieces: Iterable[Piece], dx: float, dy: float) -> dict[Link, Points]:
    """The points of all links, some of them moved."""
    places: dict[Link, set[int]] = {}
    for piece in pieces:
        if not isinstance(piece, str):
            places.setdefault(piece.link, set()).add(piece.place)
    if not places:
        return bends
    changed = {
        link: tuple((x + dx, y + dy) if place in held else (x, y) for place, (x, y) in enumerate(bends[link]))
        for link, held in places.items()
    }
    return {**bends, **changed}


def without(graph: Graph, pieces: Iterable[Piece]) -> Graph:
    """The graph without these annotations and points."""
    away = set(pieces)
    bends: dict[Link, Points] = {}
    for link, points in graph.bends.items():
        kept = tuple(point for place, point in enumerate(points) if Bend(link, place) not in away)
        if kept:
            bends[link] = kept
    annotations = {name: each for name, each in graph.annotations.items() if name not in away}
    return replace(
        graph,
        annotations=annotations if len(annotations) < len(graph.annotations) else graph.annotations,
        bends=bends if bends != graph.bends else graph.bends,
    )


# ---- points of links


def with_bend(graph: Graph, link: Link, place: int, x: float, y: float) -> Graph:
    """The graph with one more point of a link, before the one at this place; unchanged where there are too many."""
    points = graph.bends.get(link, ())
    if len(points) >= MOST_POINTS:
        return graph
    return replace(graph, bends={**graph.bends, link: (*points[:place], (x, y), *points[place:])})


def led_through(graph: Graph, points: Points, first: Link, second: Link, node_id: str) -> Graph:
    """The graph with the points of a link that a node was put into: some on the link before it, the rest behind it."""
    if not points:
        return graph
    x, y = graph.nodes[node_id].x, graph.nodes[node_id].y
    near = min(range(len(points)), key=lambda place: (points[place][0] - x) ** 2 + (points[place][1] - y) ** 2)
    cut = near + (points[near][0] < x)
    halves = ((first, points[:cut]), (second, points[cut:]))
    return replace(graph, bends={**graph.bends, **{link: part for link, part in halves if part}})


def straightened(graph: Graph, node_ids: Collection[str]) -> Graph:
    """The graph without the points of links between these nodes, which stand elsewhere now."""
    bends = {
        link: points
        for link, points in graph.bends.items()
        if not (link.source in node_ids and link.target in node_ids)
    }
    return replace(graph, bends=bends) if len(bends) < len(graph.bends) else graph


def brought(
    graph: Graph,
    annotations: Mapping[str, Annotation],
    bends: Mapping[Link, Points],
    names: Mapping[str, str],
    dx: float,
    dy: float,
) -> tuple[Graph, list[str]]:
    """The graph with the picture of other nodes, which are called `names` here, and its annotations' new ids."""
    made: list[str] = []
    for each in annotations.values():
        made.append(fresh_id(graph, "frame" if each.kind == "frame" else "note"))
        graph = with_annotation(graph, made[-1], replace(each, x=each.x + dx, y=each.y + dy))
    led = {
        Link(names[link.source], link.output, names[link.target], link.input): tuple(
            (x + dx, y + dy) for x, y in points
        )
        for link, points in bends.items()
        if link.source in names and link.target in names
    }
    held = set(graph.links)
    led = {link: points for link, points in led.items() if link in held}
    return (replace(graph, bends={**graph.bends, **led}) if led else graph), made


# ---- without any


def bare(project: Project) -> Project:
    """The project without its picture, as an engine is asked about it; itself where there is none."""
    graph = project.graph
    seen = {name: block for name, block in graph.blocks.items() if block.annotations or block.bends}
    if not (graph.annotations or graph.bends or seen):
        return project
    blocks = graph.blocks
    if seen:
        blocks = {**blocks, **{name: replace(block, annotations={}, bends={}) for name, block in seen.items()}}
    return replace(project, graph=replace(graph, annotations={}, bends={}, blocks=blocks))
