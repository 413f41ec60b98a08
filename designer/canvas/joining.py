"""Which links could be drawn between nodes, the likeliest first: for connecting without pointing at ports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.graph import Link, natural
from designer.canvas import changes, fitting
from designer.canvas.drawing import Drawing
from designer.words import tr

MOST = 60
"""So many nodes are looked at for one list: the nearest, or the nearest whose names fit what was typed."""


class Offer(NamedTuple):
    """A link that could be drawn, to the node at its other end, and what the layer would say against it."""

    link: Link
    node_id: str
    doubt: str


def links_between(drawing: Drawing, source: str, target: str) -> Iterator[Link]:
    """Every link that could be drawn from one node to another: free inputs first, in the order of the ports."""
    outputs = [each for each in drawing.items_by_id[source].card.slots if each.is_output and each.known]
    inputs = [each for each in drawing.items_by_id[target].card.slots if not each.is_output and each.known]
    for free in (True, False):
        for output in outputs:
            for port in inputs:
                link = Link(source, output.name, target, port.name)
                if port.linked != free and drawing.inputs.get(target, {}).get(port.name) != link:
                    yield link


def best(drawing: Drawing, source: str, target: str) -> tuple[Link | None, str]:
    """The likeliest link from one node to another with what speaks against it, or no link and why."""
    if target in changes.reachable(drawing.graph, source, backwards=True):
        return None, tr("This would close a cycle: {target} already leads to {source}.", target=target, source=source)
    found = list(links_between(drawing, source, target))
    doubts = [fitting.refusal(drawing.graph, drawing.checked.nodes, link) for link in found]
    taken = [link.input in drawing.inputs.get(target, {}) for link in found]
    order = sorted(range(len(found)), key=lambda place: (taken[place], bool(doubts[place]), place))
    if order:
        return found[order[0]], doubts[order[0]]
    if not any(slot.is_output for slot in drawing.items_by_id[source].card.slots):
        return None, tr("{source} has no output.", source=source)
    if not any(not slot.is_output for slot in drawing.items_by_id[target].card.slots):
        return None, tr("{target} has no input.", target=target)
    return None, tr("{source} already feeds {target}.", source=source, target=target)


def offers(drawing: Drawing, node_id: str, typed: str = "") -> list[Offer]:
    """What a node could be linked to: ports that fit first, then those that the layer would refuse, near ones first.

    A node with outputs offers what it could feed; one without (a loss, an Output) what could feed it.
    """
    feeds = any(slot.is_output and slot.known for slot in drawing.items_by_id[node_id].card.slots)
    closing = changes.reachable(drawing.graph, node_id, backwards=feeds)
    words = typed.casefold().split()
    found: list[Offer] = []
    for other in _near(drawing, node_id):
        if len(found) >= MOST:
            break
        layer = drawing.graph.nodes[other].layer.casefold()
        if other in closing or not all(word in other.casefold() or word in layer for word in words):
            continue
        ends = (node_id, other) if feeds else (other, node_id)
        found += [
            Offer(link, other, fitting.refusal(drawing.graph, drawing.checked.nodes, link))
            for link in links_between(drawing, *ends)
        ]
    held = drawing.inputs
    return sorted(found, key=lambda each: (bool(each.doubt), each.link.input in held.get(each.link.target, {})))


def _near(drawing: Drawing, node_id: str) -> list[str]:
    """The other nodes, the nearest first."""
    table, here = drawing.nodes, drawing.items_by_id[node_id].rect().center()
    x, y, width, height = table.rects.T
    away = abs(x + width / 2 - here.x()) + abs(y + height / 2 - here.y())
    places = sorted(zip(away.tolist(), table.keys, strict=True), key=lambda each: (each[0], natural(each[1])))
    return [key for _, key in places if key != node_id]
