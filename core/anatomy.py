"""What a drawn graph is made of: its order, its losses, its model part and what that returns."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

from core import graph as graphs
from core.graph import Graph, Link, natural
from core.layers import CATALOGUE
from core.layers.data import Input, Noise, Output

SOURCES = ("Input", "Target", "Noise")


def order(graph: Graph) -> list[str]:
    """The nodes, each behind what feeds it, ties in natural order; nodes in a cycle are left out."""
    found = _sorted(graph, frozenset())
    if len(found) < len(graph.nodes):
        found = _sorted(graph, frozenset(node_id for cycle in cycles(graph) for node_id in cycle))
    return found


def _sorted(graph: Graph, without: frozenset[str]) -> list[str]:
    waiting = {node_id: 0 for node_id in graph.nodes if node_id not in without}
    feeds: dict[str, list[str]] = {node_id: [] for node_id in waiting}
    for link in graph.links:
        if link.source in waiting and link.target in waiting:
            waiting[link.target] += 1
            feeds[link.source].append(link.target)
    ready = [(natural(node_id), node_id) for node_id, count in waiting.items() if not count]
    heapq.heapify(ready)
    found: list[str] = []
    while ready:
        _, node_id = heapq.heappop(ready)
        found.append(node_id)
        for target in feeds[node_id]:
            waiting[target] -= 1
            if not waiting[target]:
                heapq.heappush(ready, (natural(target), target))
    return found


def cycles(graph: Graph) -> list[list[str]]:
    """Each knot of nodes that feed each other, as node ids in natural order; a loss of time where `order` has all."""
    import networkx as nx

    drawn = graphs.network(graph)
    knots = (list(knot) for knot in nx.strongly_connected_components(drawn))
    tied = (knot for knot in knots if len(knot) > 1 or drawn.has_edge(knot[0], knot[0]))
    return sorted((sorted(knot, key=natural) for knot in tied), key=lambda knot: natural(knot[0]))


def loss_nodes(graph: Graph) -> list[str]:
    """The losses that count, in natural order; a muted loss counts 0."""
    named = (node_id for node_id, node in graph.nodes.items() if not node.muted and is_loss(node.layer))
    return sorted(named, key=natural)


def is_loss(layer: str) -> bool:
    """Whether a layer of that name is a loss."""
    declared = CATALOGUE.get(layer)
    return declared is not None and declared.family == "loss"


def model_outputs(graph: Graph) -> list[tuple[str, str]]:
    """(node, port) of what the model returns: what leads to Output nodes, else each computed prediction of a loss."""
    links = graph.arriving
    drawn = [
        links[node_id]["input"]
        for node_id in sorted(graph.nodes, key=natural)
        if graph.nodes[node_id].layer == Output.__name__
        and not graph.nodes[node_id].muted
        and "input" in links[node_id]
    ]
    return list(dict.fromkeys((link.source, link.output) for link in drawn or implied_outputs(graph)))


def implied_outputs(graph: Graph) -> list[Link]:
    """The links that bring a computed prediction (no target, nothing straight from the data) to a loss."""
    links = graph.arriving
    starts = [node_id for node_id, node in graph.nodes.items() if node.layer in (Input.__name__, Noise.__name__)]
    fed = reached(graph, starts)
    found: list[Link] = []
    for loss in loss_nodes(graph):
        for port in CATALOGUE[graph.nodes[loss].layer].inputs:
            link = links[loss].get(port.name)
            if link and port.name != "target" and link.source in fed and graph.nodes[link.source].layer not in SOURCES:
                found.append(link)
    return found


def model_part(graph: Graph, outputs: Sequence[tuple[str, str]], order: Iterable[str]) -> list[str]:
    """The nodes that lead to the model's outputs, in the order given; Output nodes themselves are not among them."""
    held = reaching(graph, [node_id for node_id, _ in outputs])
    return [node_id for node_id in order if node_id in held]


def reached(graph: Graph, starts: Iterable[str]) -> set[str]:
    """The nodes that these feed, near or far, and they themselves."""
    feeds: dict[str, list[str]] = {}
    for link in graph.links:
        feeds.setdefault(link.source, []).append(link.target)
    return _closure(feeds, starts)


def reaching(graph: Graph, ends: Iterable[str]) -> set[str]:
    """The nodes that feed these, near or far, and they themselves."""
    fed: dict[str, list[str]] = {}
    for link in graph.links:
        fed.setdefault(link.target, []).append(link.source)
    return _closure(fed, ends)


def _closure(steps: Mapping[str, Sequence[str]], starts: Iterable[str]) -> set[str]:
    found = set(starts)
    ahead = list(found)
    while ahead:
        for node_id in steps.get(ahead.pop(), ()):
            if node_id not in found:
                found.add(node_id)
                ahead.append(node_id)
    return found
