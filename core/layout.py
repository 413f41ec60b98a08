"""Where the nodes of a drawing stand that nobody has placed: from left to right, in columns and rows.

A node's column is how many steps lie before it on the longest way; what takes nothing stands right before what takes
it. A link that skips columns keeps its row free, so that shortcuts run straight and what they pass stands below. A
drawing too long to be read in one view goes on below, where but one value passes on.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping

from msgspec.structs import replace

from core.graph import Graph, Link, Node, natural

PITCH_X, PITCH_Y = 220.0, 150.0
LONGEST = 10
"""Drawings of so many columns stand side by side; longer ones are broken where they can be."""

BREAK_GAP, ASPECT = 66.0, 1.6
"""What more lies between two parts of a broken drawing, and its width by its height."""

STANDS_FIRST = ("Input", "Noise")
"""Sources that stand at the very left, whoever takes them."""


def laid_out(graph: Graph) -> Graph:
    """The graph with every node, those of its blocks too, in a place of its own."""
    blocks = {name: replace(block, nodes=_placed(block.nodes, block.links)) for name, block in graph.blocks.items()}
    return replace(graph, nodes=_placed(graph.nodes, graph.links), blocks=blocks)


def _placed(nodes: Mapping[str, Node], links: Iterable[Link]) -> dict[str, Node]:
    inner = [link for link in links if link.source in nodes and link.target in nodes]
    places = columns_and_rows(nodes, inner, {each for each, node in nodes.items() if node.layer in STANDS_FIRST})
    starts = _starts(places, inner)
    spans = list(zip(starts, [*starts[1:], len(nodes)], strict=True))
    rows = [[row for column, row in places.values() if start <= column < stop] for start, stop in spans]
    steps = [PITCH_Y * (2 * max(each, default=0) + 1) + BREAK_GAP for each in rows]  # links lead back in the middle
    downs = [sum(steps[:part]) for part in range(len(spans))]

    def placed(node_id: str) -> Node:
        column, row = places[node_id]
        part = next(part for part, (_, stop) in enumerate(spans) if column < stop)
        return replace(nodes[node_id], x=PITCH_X * (column - starts[part]), y=PITCH_Y * row + downs[part])

    return {node_id: placed(node_id) for node_id in nodes}


def _starts(places: Mapping[str, tuple[int, int]], links: Iterable[Link]) -> list[int]:
    """The columns at which a drawing begins and goes on: only where what passes on comes from one output."""
    count = max((column for column, _ in places.values()), default=0) + 1
    if count <= LONGEST:
        return [0]
    passing: list[set[tuple[str, str]]] = [set() for _ in range(count)]
    for link in links:
        for column in range(places[link.source][0] + 1, places[link.target][0] + 1):
            passing[column].add((link.source, link.output))
    deep = max(row for _, row in places.values()) + 1
    length = max(LONGEST // 2, round(math.sqrt(count * (PITCH_Y * deep + BREAK_GAP) * ASPECT / PITCH_X)))
    starts = [0]
    for column in range(1, count):
        is_good = count - column > 2 and column - starts[-1] >= length
        if is_good and len(passing[column]) == 1:
            starts.append(column)
    return starts


def columns_and_rows(
    nodes: Collection[str], links: Iterable[Link], first: Collection[str] = ()
) -> dict[str, tuple[int, int]]:
    """Column and row of each node; those in `first` stand at the very left, whoever takes them."""
    ahead: dict[str, list[str]] = {node_id: [] for node_id in nodes}
    before: dict[str, list[str]] = {node_id: [] for node_id in nodes}
    comes_by: dict[str, str] = {}
    for link in sorted(links, key=lambda link: (natural(link.target), natural(link.input))):
        ahead[link.source].append(link.target)
        before[link.target].append(link.source)
        comes_by.setdefault(link.target, natural(link.output))
    order = _in_order(before, ahead)
    columns = _columns(first, order, before, ahead)
    left: dict[str, int] = {}
    for node_id in reversed(order):
        left[node_id] = max((left.get(each, 0) + 1 for each in ahead[node_id]), default=0)
    ranks = {
        node_id: (
            not before[node_id] and node_id not in first,
            -left[node_id],
            comes_by.get(node_id, ""),
        )
        for node_id in nodes
    }
    rows = _rows(order, columns, ranks, before, ahead)
    return {node_id: (columns[node_id], rows[node_id]) for node_id in nodes}


def _rows(
    order: list[str],
    columns: Mapping[str, int],
    ranks: Mapping[str, tuple[bool, int, str]],
    before: Mapping[str, list[str]],
    ahead: Mapping[str, list[str]],
) -> dict[str, int]:
    """The row of each node: that of what it takes, or the next free one below.

    Of a column what lies highest comes first, of that the longest way; what takes nothing, as a Target, comes last.
    """
    here: dict[int, list[str]] = {}
    for node_id in order:
        here.setdefault(columns[node_id], []).append(node_id)
    rows: dict[str, int] = {}
    passing: list[tuple[int, int]] = []
    for column in sorted(here):
        passing = [(row, end) for row, end in passing if end > column]
        held = {row for row, _ in passing}
        wanted = {each: min((rows[one] for one in before[each] if one in rows), default=0) for each in here[column]}
        ranked = [(ranks[each][0], wanted[each], *ranks[each][1:], natural(each), each) for each in here[column]]
        for *_, node_id in sorted(ranked):
            row = wanted[node_id]
            while row in held:
                row += 1
            rows[node_id] = row
            held.add(row)
            passing.append((row, _last(node_id, ahead, columns)))
    return rows


def _last(node_id: str, ahead: Mapping[str, list[str]], columns: Mapping[str, int]) -> int:
    """The column up to which a node's links keep its row free."""
    reached = [columns[each] for each in ahead[node_id]]
    skips = [column for column in reached if column > columns[node_id] + 1]
    return max(skips, default=0)


def _in_order(before: Mapping[str, list[str]], ahead: Mapping[str, list[str]]) -> list[str]:
    """Every node behind those that it takes from; those of a circle come last."""
    waits = {node_id: len(sources) for node_id, sources in before.items()}
    ready = sorted((node_id for node_id, count in waits.items() if not count), key=natural)
    found: list[str] = []
    while ready:
        node_id = ready.pop(0)
        found.append(node_id)
        for target in ahead[node_id]:
            waits[target] -= 1
            if not waits[target]:
                ready.append(target)
    return [*found, *sorted(set(before) - set(found), key=natural)]


def _columns(
    first: Collection[str], order: list[str], before: Mapping[str, list[str]], ahead: Mapping[str, list[str]]
) -> dict[str, int]:
    columns: dict[str, int] = {}
    for node_id in order:
        columns[node_id] = max((columns.get(source, -1) + 1 for source in before[node_id]), default=0)
    for node_id in order:
        if not before[node_id] and ahead[node_id] and node_id not in first:
            columns[node_id] = max(0, min(columns[target] for target in ahead[node_id]) - 1)
    return columns
