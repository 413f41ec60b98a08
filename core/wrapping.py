"""From ranks to a sheet: long drawings are broken into rows that fit the view, and parts stand on shelves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from core.layered import Bond, Order, Ordered, forwards, own_order, parts, placed
from core.layout import PITCH_X

SHELF_GAP, ROW_GAP, DEEPEST_GAP = 66.0, 88.0, 700.0
CLEAR = 20.0
"""How far from the boxes of both rows a link keeps that leads back to the beginning of the next row."""

SHORTEST_ROW = 0.75
"""A row may end before it is full, up to this share, where fewer links are cut."""

STRAND = 0.5
"""How much each further link that is cut between two rows weighs against the aspect: a ladder is better left whole."""

CLOSER = 1.06
"""By how much the lengths of row differ that are tried."""


class Boxes(msgspec.Struct, frozen=True):
    """What is to be arranged: the height of each box, the links, and the view that it should fit."""

    heights: tuple[float, ...]
    bonds: tuple[Bond, ...] = ()
    wide: float = 3200.0
    """Drawings up to this width stand in one row."""
    aspect: float = 1.6
    """Width by height of the view."""
    is_quick: bool = True
    """Whether fast-sugiyama is asked; else the layout is our own."""


class Part(NamedTuple):
    """Boxes that hang together: their corners from the upper left one of all, and how much room they take."""

    corners: list[tuple[float, float]]
    width: float
    height: float


def arranged(boxes: Boxes, quick: Order) -> list[tuple[float, float]]:
    """The upper left corner of each box: links lead to the right, or back to the beginning of the next row."""
    count = len(boxes.heights)
    bonds = forwards(count, boxes.bonds)
    made: list[tuple[list[int], Part]] = []
    inside: list[list[Bond]] = [[] for _ in range(count)]
    groups = parts(count, bonds)
    number = {vertex: place for place, group in enumerate(groups) for vertex in group}
    for bond in bonds:
        inside[number[bond.source]].append(bond)
    for place, group in enumerate(groups):
        local = {vertex: index for index, vertex in enumerate(group)}
        own = [Bond(local[each.source], local[each.target], each.leave, each.enter) for each in inside[place]]
        heights = [boxes.heights[vertex] for vertex in group]
        made.append((group, _part(heights, own, boxes, quick)))
    return _shelved(count, made, boxes)


def _part(heights: Sequence[float], bonds: Sequence[Bond], boxes: Boxes, quick: Order) -> Part:
    if len(heights) == 1:
        return Part([(0.0, 0.0)], PITCH_X, heights[0])
    ordered = (quick(len(heights), bonds) if boxes.is_quick else None) or own_order(len(heights), bonds)
    return wrapped(ordered, heights, placed(ordered, heights), bonds, boxes.wide, boxes.aspect)


# ---- rows


class Columns(NamedTuple):
    """The ranks of a part: the upper and lower end of each, and how many links end at the left of each."""

    high: list[float]
    low: list[float]
    links: list[int]


def wrapped(
    ordered: Ordered,
    heights: Sequence[float],
    tops: Sequence[float],
    bonds: Sequence[Bond],
    wide: float,
    aspect: float,
) -> Part:
    """The ranks side by side, or in as many rows as come closest to the aspect where they are too wide for one."""
    count = ordered.boxes
    rank_of = [0] * len(tops)
    for number, rank in enumerate(ordered.ranks):
        for vertex in rank:
            rank_of[vertex] = number
    links = [0] * len(ordered.ranks)
    for bond in ordered.bonds:
        links[rank_of[bond.target]] += 1
    high = [min(tops[each] for each in rank) for rank in ordered.ranks]
    low = [max(tops[each] + (heights[each] if each < count else 0.0) for each in rank) for rank in ordered.ranks]
    columns = Columns(high, low, links)
    starts = _starts(columns, wide, aspect)
    row_of = [row for row, (start, stop) in enumerate(_spans(columns, starts)) for _ in range(start, stop)]
    shifts, height = _shifts(columns, starts, row_of, rank_of, tops, bonds)
    corners = [
        (PITCH_X * (rank_of[box] - starts[row_of[rank_of[box]]]), tops[box] + shifts[row_of[rank_of[box]]])
        for box in range(count)
    ]
    longest = max(stop - start for start, stop in _spans(columns, starts))
    return Part(corners, PITCH_X * longest, height)


def _spans(columns: Columns, starts: Sequence[int]) -> list[tuple[int, int]]:
    return list(zip(starts, [*starts[1:], len(columns.high)], strict=True))


def _starts(columns: Columns, wide: float, aspect: float) -> list[int]:
    """The ranks at which rows begin."""
    count = len(columns.high)
    if count * PITCH_X <= wide:
        return [0]
    best, nearest = [0], math.inf
    length = max(4.0, wide // PITCH_X / 2)
    while length < count * CLOSER:
        starts = _cut(columns, min(count, int(length)))
        spans = _spans(columns, starts)
        height = sum(max(columns.low[a:b]) - min(columns.high[a:b]) + ROW_GAP for a, b in spans)
        width = PITCH_X * max(stop - start for start, stop in spans)
        cut = [columns.links[start] - 1 for start in starts[1:]]
        away = abs(math.log(width / height / aspect)) + STRAND * sum(cut) / max(1, len(cut))
        if away < nearest:
            best, nearest = starts, away
        length = max(length + 1, length * CLOSER)
    return best


def _cut(columns: Columns, length: int) -> list[int]:
    """Rows of at most that many ranks, each ended where the fewest links are cut, late rather than early."""
    starts = [0]
    while len(columns.high) - starts[-1] > length:
        start = starts[-1]
        ends = range(start + max(1, math.ceil(length * SHORTEST_ROW)), start + length + 1)
        starts.append(min(ends, key=lambda end: (columns.links[end], -end)))
    return starts


def _shifts(
    columns: Columns,
    starts: Sequence[int],
    row_of: Sequence[int],
    rank_of: Sequence[int],
    tops: Sequence[float],
    bonds: Sequence[Bond],
) -> tuple[list[float], float]:
    """How far each row is moved down, and how high all are together.

    A link back to the next row runs level in the middle between its ends: the rows are so far from each other that
    this is between them.
    """
    spans = _spans(columns, starts)
    gaps = [ROW_GAP] * len(spans)
    for bond in bonds:
        row = row_of[rank_of[bond.source]]
        if row_of[rank_of[bond.target]] == row + 1:
            (start, stop), (after, end) = spans[row], spans[row + 1]
            below = max(columns.low[start:stop]) - tops[bond.source] - bond.leave
            above = tops[bond.target] + bond.enter - min(columns.high[after:end])
            gaps[row] = max(gaps[row], min(abs(above - below) + 2 * CLEAR, DEEPEST_GAP))
    shifts: list[float] = []
    down = 0.0
    for (start, stop), gap in zip(spans, gaps, strict=True):
        top, bottom = min(columns.high[start:stop]), max(columns.low[start:stop])
        shifts.append(down - top)
        down += bottom - top + gap
    return shifts, down - gaps[-1]


# ---- shelves


def _shelved(count: int, made: Sequence[tuple[list[int], Part]], boxes: Boxes) -> list[tuple[float, float]]:
    """The parts one beside the other, and below each other where the view is full."""
    area = sum(part.width * (part.height + SHELF_GAP) for _, part in made)
    widest = max((part.width for _, part in made), default=0.0)
    wide = max(widest, min(boxes.wide, area), math.sqrt(area * boxes.aspect))
    corners = [(0.0, 0.0)] * count
    x = y = deepest = 0.0
    for group, part in made:
        if x and x + part.width > wide + 0.5:
            x, y, deepest = 0.0, y + deepest + SHELF_GAP, 0.0
        for vertex, (left, top) in zip(group, part.corners, strict=True):
            corners[vertex] = (x + left, y + top)
        x += part.width + (SHELF_GAP if len(group) > 1 else 0.0)
        deepest = max(deepest, part.height)
    return corners
