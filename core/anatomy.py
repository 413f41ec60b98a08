"""What a drawn graph is made of: what its nodes say, its order, its losses, its model part and what that returns."""

from __future__ import annotations

import dataclasses
import heapq
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import msgspec

from core import graph as graphs
from core.graph import Block, Graph, Link, Node, natural, once
from core.layers import CATALOGUE, Layer
from core.layers.block import declaration
from core.layers.data import Input, Noise, Output
from core.parameters import read

SOURCES = ("Input", "Target", "Noise")
NO_PREDICTION = ("target", "targets", "input_lengths", "target_lengths", "weight", "pos_weight", "number")
"""The inputs of losses that are no prediction: answers, weights, and a number that is itself the loss."""
MOST_READINGS = 20_000


@dataclasses.dataclass(frozen=True, eq=False, slots=True)
class Reading:
    """A node's declaration and its values as a layer; `faults` has (parameter, sentence) for each that does not fit.

    Nodes that say the same share one reading, so that it is known by identity.
    """

    declared: type[Layer]
    layer: Layer
    faults: tuple[tuple[str, str], ...]
    outputs: tuple[str, ...]
    """The names of its outputs."""


_readings: dict[tuple[type[Layer], bytes], Reading] = {}


def reading_of(node: Node, blocks: Mapping[str, Block]) -> Reading | None:
    """What a node says; None for a layer that is not known here."""
    entry = declaration(node.layer, blocks[node.layer]) if node.layer in blocks else CATALOGUE.get(node.layer)
    if entry is None:
        return None
    try:
        key = entry, msgspec.msgpack.encode(node.values) if node.values else b""
    except (TypeError, ValueError, OverflowError):  # a value that no parameter takes; its sentence says so
        return _read(entry, node)
    found = _readings.get(key)
    if found is None:
        found = _read(entry, node)
        if not found.faults:  # a list and a tuple are written alike, but a sentence shows which it was
            if len(_readings) >= MOST_READINGS:
                _readings.clear()
            _readings[key] = found
    return found


def forget() -> None:
    """Read everything anew from here on, as a fresh process does."""
    _readings.clear()


def _read(entry: type[Layer], node: Node) -> Reading:
    declared = entry.of(node.values)
    layer, faults = read(declared, declared.own(node.values))
    return Reading(declared, layer, tuple(faults), tuple(port.name for port in declared.outputs))


@once
def readings(graph: Graph) -> dict[str, Reading]:
    """What each node says, by its id; nodes of layers that are not known here are left out."""
    found = ((node_id, reading_of(node, graph.blocks)) for node_id, node in graph.nodes.items())
    return {node_id: reading for node_id, reading in found if reading is not None}


@once
def order(graph: Graph) -> list[str]:
    """The nodes, each behind what feeds it, ties in natural order; nodes in a cycle are left out."""
    found = _sorted(graph, frozenset())
    if len(found) < len(graph.nodes):
        found = _sorted(graph, frozenset(node_id for cycle in cycles(graph) for node_id in cycle))
    return found


def follow(graph: Graph, before: Graph) -> None:
    """Take over how the nodes stand to each other from a graph with the same ids and links, as after most edits."""
    if graph.links == before.links and list(graph.nodes) == list(before.nodes):
        known = vars(before)
        vars(graph).update({name: known[name] for name in STANDING if name in known})


STANDING = ("arriving", "leaving", "in_order", f"{__name__}.{order.__qualname__}")
"""What is kept with a graph and depends on ids and links alone."""


def _sorted(graph: Graph, without: frozenset[str]) -> list[str]:
    named = [node_id for node_id in graph.in_order if node_id not in without]
    place = {node_id: index for index, node_id in enumerate(named)}
    waiting = dict.fromkeys(named, 0)
    for node_id in named:
        for link in graph.leaving[node_id]:
            if link.target in waiting:
                waiting[link.target] += 1
    ready = [index for index, node_id in enumerate(named) if not waiting[node_id]]  # sorted, so a heap already
    found: list[str] = []
    while ready:
        node_id = named[heapq.heappop(ready)]
        found.append(node_id)
        for link in graph.leaving[node_id]:
            left = waiting.get(link.target)
            if left is not None:
                waiting[link.target] = left - 1
                if left == 1:
                    heapq.heappush(ready, place[link.target])
    return found


def cycles(graph: Graph) -> list[list[str]]:
    """Each knot of nodes that feed each other, as node ids in natural order; a loss of time where `order` has all."""
    import networkx as nx

    drawn = graphs.network(graph)
    knots = (list(knot) for knot in nx.strongly_connected_components(drawn))
    tied = (knot for knot in knots if len(knot) > 1 or drawn.has_edge(knot[0], knot[0]))
    return sorted((sorted(knot, key=natural) for knot in tied), key=lambda knot: natural(knot[0]))


@once
def nodes_by_layer(graph: Graph) -> dict[str, list[str]]:
    """The nodes of each layer by its name, in natural order."""
    found: dict[str, list[str]] = {}
    for node_id in graph.in_order:
        found.setdefault(graph.nodes[node_id].layer, []).append(node_id)
    return found


def nodes_of(graph: Graph, *layers: str) -> list[str]:
    """The nodes of these layers, in natural order."""
    by_layer = nodes_by_layer(graph)
    found = [by_layer[layer] for layer in layers if layer in by_layer]
    return found[0] if len(found) == 1 else sorted((node_id for named in found for node_id in named), key=natural)


@once
def losses(graph: Graph) -> list[str]:
    """The losses, muted ones too, in natural order."""
    return nodes_of(graph, *filter(is_loss, nodes_by_layer(graph)))


@once
def loss_nodes(graph: Graph) -> list[str]:
    """The losses that count, in natural order; a muted loss counts 0."""
    return [node_id for node_id in losses(graph) if not graph.nodes[node_id].muted]


def is_loss(layer: str) -> bool:
    """Whether a layer of that name is a loss."""
    declared = CATALOGUE.get(layer)
    return declared is not None and declared.family == "loss"


@once
def model_outputs(graph: Graph) -> list[tuple[str, str]]:
    """(node, port) of what the model returns: what leads to Output nodes, else each computed prediction of a loss."""
    links = graph.arriving
    drawn = [
        links[node_id]["input"]
        for node_id in nodes_of(graph, Output.__name__)
        if not graph.nodes[node_id].muted and "input" in links[node_id]
    ]
    return list(dict.fromkeys((link.source, link.output) for link in drawn or implied_outputs(graph)))


@once
def fed_by_data(graph: Graph) -> set[str]:
    """The nodes that an Input or a Noise feeds, near or far, and these themselves."""
    return reached(graph, nodes_of(graph, Input.__name__, Noise.__name__))


@once
def implied_outputs(graph: Graph) -> list[Link]:
    """The links that bring a computed prediction (no target, nothing straight from the data) to a loss."""
    links = graph.arriving
    fed = fed_by_data(graph)
    found: list[Link] = []
    for loss in loss_nodes(graph):
        for port in CATALOGUE[graph.nodes[loss].layer].inputs:
            link = links[loss].get(port.name)
            if (
                link
                and port.name not in NO_PREDICTION
                and link.source in fed
                and graph.nodes[link.source].layer not in SOURCES
            ):
                found.append(link)
    return found


@once
def feeding_outputs(graph: Graph) -> set[str]:
    """The nodes that lead to the model's outputs."""
    return reaching(graph, [node_id for node_id, _ in model_outputs(graph)])


def model_part(graph: Graph, outputs: Sequence[tuple[str, str]], order: Iterable[str]) -> list[str]:
    """The nodes that lead to the model's outputs, in the order given; Output nodes themselves are not among them."""
    held = reaching(graph, [node_id for node_id, _ in outputs])
    return [node_id for node_id in order if node_id in held]


def reached(graph: Graph, starts: Iterable[str]) -> set[str]:
    """The nodes that these feed, near or far, and they themselves."""
    found = set(starts)
    ahead = list(found)
    while ahead:
        for link in graph.leaving.get(ahead.pop(), ()):
            if link.target not in found:
                found.add(link.target)
                ahead.append(link.target)
    return found


def reaching(graph: Graph, ends: Iterable[str], known: AbstractSet[str] = frozenset()) -> set[str]:
    """The nodes that feed these, near or far, and they themselves; and those of `known`, found in this way before."""
    ahead = [node_id for node_id in ends if node_id not in known]
    found = {*known, *ahead}
    while ahead:
        for link in graph.arriving.get(ahead.pop(), {}).values():
            if link.source not in found:
                found.add(link.source)
                ahead.append(link.source)
    return found
