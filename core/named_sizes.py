"""What the inputs of a block's uses name, over every way to them: one drawing is used with many sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from core import graph as graphs
from core.blocks import axis_names, fed_back, inside
from core.expressions import expression
from core.graph import Block, Graph, natural
from core.layers.block import declaration
from core.specs import Size

Sizes = Mapping[str, Size]


class Unsettled(msgspec.Struct, frozen=True):
    """A size that no number and no name stands for; why, in words that follow "because", and the way out."""

    because: str


def sizes_of_uses(graph: Graph, block: str, found: Mapping[str, Sizes]) -> Mapping[str, Mapping[str, Any]]:
    """What the inputs of the uses in a block's drawing name, by use or `use/turn`; `found` is said by path.

    A size that is the same on every way to the use is that number; one that differs is the size that the block's own
    input names where that is the very same, else Unsettled. For block "", the project's own drawing, all is as found.
    """
    if not block:
        return found
    ways: dict[str, list[tuple[Sizes, Sizes]]] = {}
    for path, sizes in found.items():
        outer, place = _way_to(graph, block, path)
        if place:
            ways.setdefault(place, []).append((sizes, found.get(outer, {})))
    return {
        place: {name: _settled(graph, block, place, name, held) for name in sorted({n for s, _ in held for n in s})}
        for place, held in ways.items()
    }


def _way_to(graph: Graph, block: str, path: str) -> tuple[str, str]:
    """The path of the use of a block (with its repetition) and what follows it; "" where nothing does."""
    nodes, place = graph.nodes, 0
    while place < len(path):
        parts, node_id = path[place:].split("/"), ""
        for count in range(1, len(parts) + 1):  # a person may put "/" into a name: the longest counts
            name = "/".join(parts[:count])
            if name in nodes and nodes[name].layer in graph.blocks:
                node_id = name
        if not node_id:
            return "", ""
        place += len(node_id) + 1
        layer = nodes[node_id].layer
        nodes = graph.blocks[layer].nodes
        turn = path[place:].partition("/")[0]
        if turn.isdecimal() and turn not in nodes:
            place += len(turn) + 1
        if layer == block:
            return path[: place - 1], path[place:]
    return "", ""


def _settled(graph: Graph, block: str, place: str, name: str, ways: Sequence[tuple[Sizes, Sizes]]) -> Any:
    sizes = list(dict.fromkeys(inner.get(name) for inner, _ in ways))
    if len(sizes) == 1:
        return sizes[0]
    drawn = inside(graph, block)
    use, turn = (place, "0") if place in drawn.nodes else place.rpartition("/")[::2]
    if use not in drawn.nodes or drawn.nodes[use].layer not in graph.blocks:
        return None  # a use within that use, which is not taken apart here
    port, axis = _naming(graph.blocks[drawn.nodes[use].layer], name)
    declared = declaration(drawn.nodes[use].layer, graph.blocks[drawn.nodes[use].layer])
    link = graphs.incoming(drawn, use).get(port)
    is_entering = link is not None and link.source in drawn.nodes and drawn.nodes[link.source].layer == "Input"
    if turn != "0" and port in fed_back(declared, {each.name: each for each in declared.outputs}):
        is_entering = False  # it takes what the repetition before gave
    known = " and ".join(str(each) for each in sorted({str(each) for each in sizes if each is not None}, key=natural))
    because = f"its {name} is {known} in different uses of {block}"
    if not is_entering or link is None:
        return Unsettled(f"{because}: ungroup those uses first, or give each a block of its own")
    outer = _axis(graph.blocks[block], link.source, axis)
    if outer and all(inner.get(name) == around.get(outer) for inner, around in ways):
        return expression(outer)
    return Unsettled(f"{because}: give axis {axis} of {link.source}, which feeds it, a name of its own in its axes")


def _naming(block: Block, name: str) -> tuple[str, int]:
    """The port and the axis that alone have a name; ("", 0) where there is not just one."""
    found = [
        (port, axis)
        for port, node in block.nodes.items()
        if node.layer == "Input"
        for axis, each in enumerate(axis_names(str(node.values.get("axes", ""))))
        if each == name
    ]
    return found[0] if len(found) == 1 else ("", 0)


def _axis(block: Block, port: str, axis: int) -> str:
    """What an axis of an input is called in expressions where that means it alone; else ""."""
    names = axis_names(str(block.nodes[port].values.get("axes", "")))
    name = names[axis] if axis < len(names) else ""
    is_its_own = name and _naming(block, name) == (port, axis) and all(each.name != name for each in block.parameters)
    return name if is_its_own else ""
