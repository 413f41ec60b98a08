"""Blocks as they are used: their drawings entered and left, which holds which, and the nodes along a path."""

from __future__ import annotations

import collections
import functools
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from core.expressions import ExpressionFault, has_expression, names_in, resolved
from core.graph import Block, Graph, Node, natural, once
from core.layers.block import can_be_named, declaration
from core.parameters import Value, dropped_values, fitted, parameters

DEEPEST = 32
"""How many blocks may stand within each other."""

FED = ("_out", "_next")
"""What may stand behind the name of an output that feeds the input of that name in the next repetition."""


class BlockFault(Exception):
    """Why a block cannot be made, used or taken apart: one sentence."""


# ---- inside and outside


def inside(graph: Graph, name: str) -> Graph:
    """The drawing of a block as a graph that knows the same blocks."""
    block = graph.blocks[name]
    return Graph(block.nodes, block.links, graph.blocks, block.annotations, block.bends)


def with_inside(graph: Graph, name: str, drawn: Graph) -> Graph:
    """The graph with another drawing for one of its blocks, and the blocks that the drawing knows."""
    fields = {"nodes": drawn.nodes, "links": drawn.links, "annotations": drawn.annotations, "bends": drawn.bends}
    block = replace(graph.blocks[name], **fields)
    return replace(graph, blocks={**drawn.blocks, name: block})


def with_block(graph: Graph, name: str, block: Block) -> Graph:
    """The graph with a block added or replaced."""
    return replace(graph, blocks={**graph.blocks, name: block})


def used_in(nodes: Mapping[str, Node], blocks: Mapping[str, Block]) -> set[str]:
    """The blocks that a drawing uses, straight or through other blocks."""
    found: set[str] = set()
    if not blocks:
        return found
    ahead = [node.layer for node in nodes.values()]
    while ahead:
        name = ahead.pop()
        if name in blocks and name not in found:
            found.add(name)
            ahead += [node.layer for node in blocks[name].nodes.values()]
    return found


def knots(blocks: Mapping[str, Block]) -> list[list[str]]:
    """The ways in which blocks hold themselves, each as the names along it; empty for sound blocks."""
    left = set(blocks).difference(*_levels(blocks))
    found: list[list[str]] = []
    told: set[str] = set()
    for name in sorted(left, key=natural):
        way = [] if name in told else _way_back({each: blocks[each] for each in left}, name)
        if way:
            found.append(way)
            told.update(way)
    return found


def too_deep(blocks: Mapping[str, Block]) -> list[str]:
    """The blocks that hold one block within another `DEEPEST` deep, without those that hold these in turn."""
    return [name for level in _levels(blocks)[DEEPEST : DEEPEST + 1] for name in level]


@once
def tied_blocks(graph: Graph) -> frozenset[str]:
    """The blocks that cannot be entered: they hold themselves, or hold one that does, or are nested too deep."""
    return _tied(_Blocks(graph.blocks))


@functools.lru_cache(4)
def _tied(held: _Blocks) -> frozenset[str]:
    return frozenset(held.blocks).difference(*_levels(held.blocks)[:DEEPEST])


class _Blocks:
    """The blocks of a project as a key: every drawing inside it knows the same ones."""

    def __init__(self, blocks: Mapping[str, Block]) -> None:
        self.blocks = blocks

    def __hash__(self) -> int:
        return id(self.blocks)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Blocks) and other.blocks is self.blocks


def _way_back(blocks: Mapping[str, Block], name: str) -> list[str]:
    before: dict[str, str] = {}
    ahead = collections.deque([name])
    while ahead:
        outer = ahead.popleft()
        for inner in sorted({node.layer for node in blocks[outer].nodes.values()} & set(blocks), key=natural):
            if inner == name:
                way = [outer]
                while way[-1] != name:
                    way.append(before[way[-1]])
                return way[::-1]
            if inner not in before:
                before[inner] = outer
                ahead.append(inner)
    return []


def order_of(blocks: Mapping[str, Block]) -> list[str]:
    """The blocks, each behind those that it uses; those that hold themselves, or one that does, come last."""
    found = [name for level in _levels(blocks) for name in level]
    return [*found, *sorted(set(blocks).difference(found), key=natural)]


def _levels(blocks: Mapping[str, Block]) -> list[list[str]]:
    """The blocks that use none, those that use these, and so on; those that hold themselves are in no level."""
    waits = {name: {node.layer for node in block.nodes.values()} & blocks.keys() for name, block in blocks.items()}
    users: dict[str, list[str]] = {name: [] for name in blocks}
    for name, inner in waits.items():
        for each in inner:
            users[each].append(name)
    levels: list[list[str]] = []
    ready = [name for name, inner in waits.items() if not inner]
    while ready:
        levels.append(sorted(ready, key=natural))
        for name in levels[-1]:
            for user in users[name]:
                waits[user].discard(name)
        ready = [user for user in {each for name in levels[-1] for each in users[name]} if not waits[user]]
    return levels


# ---- a use


def drawn(graph: Graph, name: str, scope: Mapping[str, Value]) -> tuple[Graph, list[tuple[str, str]]]:
    """A block's drawing with its expressions worked out, and (node, words that follow "because") for what could not be.

    Drawings of one block for one scope are one value, whose readings and orders are known already.
    """
    block = graph.blocks[name]
    used = {each: scope[each] for each in sorted(_names_used(block) & set(scope))}
    key = (tuple(used.items()), id(graph.blocks))
    kept: dict[Any, tuple[Graph, list[tuple[str, str]]]] = _beside(block).setdefault("drawings", {})
    if key not in kept or kept[key][0].blocks is not graph.blocks:
        if len(kept) >= MOST_DRAWINGS:
            kept.clear()
        kept[key] = _drawn(graph, block, scope)
    return kept[key]


MOST_DRAWINGS = 2_000


def _beside(block: Block) -> dict[str, Any]:
    """What is kept with a block because it follows from it alone."""
    return vars(block)


def _names_used(block: Block) -> frozenset[str]:
    held = _beside(block).get("names_used")
    if held is None:
        values = (value for node in block.nodes.values() for value in node.values.values() if has_expression(value))
        held = _beside(block)["names_used"] = frozenset[str]().union(*map(names_in, values))
    return held


def _drawn(graph: Graph, block: Block, scope: Mapping[str, Value]) -> tuple[Graph, list[tuple[str, str]]]:
    nodes: dict[str, Node] = {}
    faults: list[tuple[str, str]] = []
    for node_id, node in block.nodes.items():
        if any(has_expression(value) for value in node.values.values()):
            values: dict[str, Any] = {}
            for name, value in node.values.items():
                try:
                    values[name] = resolved(value, scope)
                except ExpressionFault as fault:
                    faults.append((node_id, f"{name} has no value, because {fault}"))
            node = replace(node, values=values)
        nodes[node_id] = node
    return Graph(nodes, block.links, graph.blocks), faults


def fed_back(declared: type[Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    """What the next repetition takes, by input; the inputs that are not there go unchanged into each.

    An output feeds the input of its name, or of its name without `_out` or `_next` behind it (`h_out` feeds `h`);
    a single output with no such partner feeds the first input.
    """
    names = [port.name for port in declared.inputs]
    fed: dict[str, Any] = {}
    for port, value in outputs.items():
        partner = next((each for each in (port, *map(port.removesuffix, FED)) if each in names and each not in fed), "")
        if partner:
            fed[partner] = value
    if not fed and names and len(outputs) == 1:
        fed = {names[0]: next(iter(outputs.values()))}
    return fed


def axis_names(text: str) -> list[str]:
    """The names in an Input's `axes`, "" where an axis has none that an expression could use."""
    parts = [part.strip() for part in text.split(",")] if text.strip() else []
    return [part if part.isidentifier() and part not in ("N", "_", "i") else "" for part in parts]


def parameter_faults(block: Block) -> list[tuple[str, str]]:
    """(parameter, sentence) for each parameter of a block that cannot be used as it is."""
    faults: list[tuple[str, str]] = []
    seen: set[str] = set()
    for each in block.parameters:
        if not can_be_named(each.name):
            faults.append(
                (each.name, f"a parameter cannot be called {each.name[:60]!r}; call it something like channels.")
            )
        elif each.name in seen:
            faults.append((each.name, f"it has two parameters called {each.name}; give one of them another name."))
        seen.add(each.name)
        if each.kind == "choice" and not each.choices:
            faults.append((each.name, f"{each.name} is a choice of nothing; give it choices, or make it text."))
    declared = declaration("block", replace(block))
    defaults = {each.name: each.default for each in block.parameters}
    for each in parameters(declared):
        if each.kind == "choice" and not each.choices:
            continue
        try:
            fitted(each, defaults.get(each.name, each.default))
        except ValueError as error:
            faults.append((each.name, f"the default of {error}"))
    return faults


def dropped(name: str, block: Block) -> Node:
    """A node that uses a block, as it is dropped."""
    return Node(name, dropped_values(declaration(name, block)))


def walk(nodes: Mapping[str, Node], blocks: Mapping[str, Block], path: str = "") -> Iterator[tuple[str, Node]]:
    """Every node with its path, through the blocks: `layer1/conv1`; repetitions are one."""
    for node_id, node in nodes.items():
        yield f"{path}{node_id}", node
        if node.layer in blocks and node.layer not in path.split("/"):
            yield from walk(blocks[node.layer].nodes, blocks, f"{path}{node_id}/")


def nodes_along(graph: Graph, path: str) -> Iterator[Node]:
    """The nodes along a path, `stage1/2/conv1`, from the outermost use to the node itself.

    Numbers between are repetitions, where no node is called so.
    """
    nodes, ahead = graph.nodes, path
    while ahead:
        part, _, ahead = ahead.partition("/")
        while part not in nodes and not part.isdecimal() and ahead:  # a person may put "/" into a name
            more, _, ahead = ahead.partition("/")
            part = f"{part}/{more}"
        node = nodes.get(part)
        if node is None or (part.isdecimal() and ahead and node.layer not in graph.blocks):
            continue
        yield node
        nodes = graph.blocks[node.layer].nodes if node.layer in graph.blocks else {}


def block_of(key: str, graph: Graph) -> str:
    """The block of a node as the source names it, `Basic:conv1`; "" for the drawing's own nodes."""
    if key in graph.nodes or ":" not in key:
        return ""
    return max((name for name in graph.blocks if key.startswith(f"{name}:")), key=len, default="")


def node_of(key: str, graph: Graph) -> Node | None:
    """The node that the source names so, `conv1` or `Basic:conv1`; None where there is none."""
    block = block_of(key, graph)
    return graph.blocks[block].nodes.get(key.removeprefix(f"{block}:")) if block else graph.nodes.get(key)


def node_at(graph: Graph, path: str) -> Node | None:
    """The node of a path through blocks; None where there is none."""
    return next(reversed([*nodes_along(graph, path)]), None)
