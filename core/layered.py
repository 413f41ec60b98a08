"""Layered layout of boxes of different heights: where each stands so that links lead to the right and few cross.

The steps are the usual ones: cycles are broken, every box gets a rank, long links get a vertex in each rank that they
pass, the vertices of a rank get an order, and then places: weighted medians of what they are linked to, pushed apart
as far as their heights ask (isotonic regression in the L1 norm, which leaves most links level). Ranks and order come
from fast-sugiyama, or from `core.layout` where that cannot be had.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from core.graph import Link
from core.layout import columns_and_rows

BOX_GAP, WIRE_GAP, WIRE = 44.0, 16.0, 8.0
"""Room between two boxes above each other, around a link that passes them, and half the room that it takes itself."""

PASSES, PATIENCE = 24, 6
WIDEST_EXACT = 200
"""So many vertices pushed together settle at their median; more at their mean, which is as good and far quicker."""

SLANT = 44.0
"""A long link whose ports are at most this far apart in height joins boxes whose tops are level, else each shortcut
in a row would lift what follows."""

LONGEST = 20
"""Ranks that links may pass for each box in all: with more, the order is worked out without the longest ones."""


class Bond(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A link between two boxes by number, and how far below their tops it leaves and enters."""

    source: int
    target: int
    leave: float = 0.0
    enter: float = 0.0


class Ordered(NamedTuple):
    """Ranks from left to right with their vertices from top to bottom; those from `boxes` on stand for long links."""

    boxes: int
    ranks: list[list[int]]
    bonds: list[Bond]
    """Between vertices of neighbouring ranks, those of long links included."""


Order = Callable[[int, Sequence[Bond]], Ordered | None]


def _lane_end(bond: Bond) -> float:
    """At which height below the top of its target a long link arrives, as far as its place is concerned."""
    return bond.leave if abs(bond.leave - bond.enter) <= SLANT else bond.enter


def forwards(count: int, bonds: Iterable[Bond]) -> list[Bond]:
    """The bonds without loops, second ones between the same boxes, and those that close a cycle."""
    first: dict[tuple[int, int], Bond] = {}
    for bond in bonds:
        if bond.source != bond.target:
            first.setdefault((bond.source, bond.target), bond)
    ahead: list[list[Bond]] = [[] for _ in range(count)]
    for bond in first.values():
        ahead[bond.source].append(bond)
    fed = {bond.target for bond in first.values()}
    kept: list[Bond] = []
    state = [0] * count
    for start in sorted(range(count), key=lambda each: each in fed):
        if state[start]:
            continue
        state[start] = 1
        way = [(start, iter(ahead[start]))]
        while way:
            vertex, rest = way[-1]
            bond = next(rest, None)
            if bond is None:
                state[vertex] = 2
                way.pop()
            elif state[bond.target] != 1:  # 1: it lies on the way here, so the bond would close a cycle
                kept.append(bond)
                if not state[bond.target]:
                    state[bond.target] = 1
                    way.append((bond.target, iter(ahead[bond.target])))
    return sorted(kept, key=lambda each: (each.source, each.target))


def parts(count: int, bonds: Sequence[Bond]) -> list[list[int]]:
    """The boxes that hang together, the largest part first."""
    holder = list(range(count))

    def root(vertex: int) -> int:
        while holder[vertex] != vertex:
            holder[vertex] = holder[holder[vertex]]
            vertex = holder[vertex]
        return vertex

    for bond in bonds:
        one, other = sorted((root(bond.source), root(bond.target)))
        holder[other] = one
    found: dict[int, list[int]] = defaultdict(list)
    for vertex in range(count):
        found[root(vertex)].append(vertex)
    return sorted(found.values(), key=lambda each: (-len(each), each[0]))


# ---- ranks and orders


def own_order(count: int, bonds: Sequence[Bond]) -> Ordered:
    """Ranks and orders as scripts place their nodes; all long links of one box share their vertices."""
    links = [Link(str(bond.source), "", str(bond.target), str(place)) for place, bond in enumerate(bonds)]
    places = columns_and_rows([str(vertex) for vertex in range(count)], links)
    columns = [places[str(vertex)][0] for vertex in range(count)]
    ranked: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for vertex in range(count):
        column, row = places[str(vertex)]
        ranked[column].append((row, vertex))
    made: list[Bond] = []
    lanes: dict[tuple[int, float], list[int]] = {}
    fresh = count
    for bond in sorted(bonds, key=lambda each: columns[each.target]):
        start, stop = columns[bond.source], columns[bond.target]
        lane = lanes.setdefault((bond.source, bond.leave), [])
        for column in range(start + 1 + len(lane), stop):
            before = Bond(bond.source, fresh, bond.leave) if not lane else Bond(lane[-1], fresh)
            made.append(before)
            ranked[column].append((places[str(bond.source)][1], fresh))
            lane.append(fresh)
            fresh += 1
        last = stop - start - 2
        made.append(bond if last < 0 else Bond(lane[last], bond.target, 0.0, _lane_end(bond)))
    ranks = [[vertex for _, vertex in sorted(ranked[column])] for column in range(max(columns, default=-1) + 1)]
    return Ordered(count, ranks, made)


def quick_order(count: int, bonds: Sequence[Bond]) -> Ordered | None:
    """Ranks and orders by fast-sugiyama for boxes that hang together; None where a link does not lead forwards.

    Loops abort it, cycles hang it and boxes without links it leaves out, so there must be none of them.
    """
    from fast_sugiyama import from_edges

    if count < 2 or passed(count, bonds) > LONGEST * count + 20_000:
        return None
    by_ends = {(bond.source, bond.target): bond for bond in bonds}
    found = from_edges(by_ends, vertex_spacing=1.0, dummy_vertices=True, ranking_type="minimize")
    if len(found) != 1:
        return None
    said, _, _, edges = found[0]
    highest = max(y for _, (_, y) in said)
    place = {int(vertex): (round(highest - y), x) for vertex, (x, y) in said}
    if not place.keys() >= set(range(count)):
        return None
    ranks: list[list[int]] = [[] for _ in range(max(rank for rank, _ in place.values()) + 1)]
    for vertex in sorted(place, key=lambda each: (place[each][1], each)):
        ranks[place[vertex][0]].append(vertex)
    made = _along({int(source): [] for source, _ in edges or ()}, edges or (), by_ends, count)
    is_forward = all(place[bond.target][0] == place[bond.source][0] + 1 for bond in made)
    whole = all(place[bond.source][0] < place[bond.target][0] for bond in bonds)
    return Ordered(count, ranks, made) if is_forward and whole else None


def _along(
    ahead: dict[int, list[int]],
    edges: Iterable[tuple[int | str, int | str]],
    by_ends: Mapping[tuple[int, int], Bond],
    count: int,
) -> list[Bond]:
    """The edges as bonds: where a long link begins and ends it has the heights of its ports."""
    for source, target in edges:
        ahead[int(source)].append(int(target))
    made: list[Bond] = []
    for source in range(count):
        for step in ahead.get(source, ()):
            way = [source, step]
            while way[-1] >= count:
                way.append(ahead[way[-1]][0])
            bond = by_ends[source, way[-1]]
            if len(way) == 2:
                made.append(bond)
                continue
            last = len(way) - 2
            for place in range(len(way) - 1):
                leave, enter = bond.leave if not place else 0.0, _lane_end(bond) if place == last else 0.0
                made.append(Bond(way[place], way[place + 1], leave, enter))
    return made


def passed(count: int, bonds: Sequence[Bond]) -> int:
    """How many ranks all links pass together, where each box stands as far left as it can."""
    waits = [0] * count
    ahead: list[list[int]] = [[] for _ in range(count)]
    for bond in bonds:
        waits[bond.target] += 1
        ahead[bond.source].append(bond.target)
    rank = [0] * count
    ready = [vertex for vertex in range(count) if not waits[vertex]]
    while ready:
        vertex = ready.pop()
        for target in ahead[vertex]:
            rank[target] = max(rank[target], rank[vertex] + 1)
            waits[target] -= 1
            if not waits[target]:
                ready.append(target)
    return sum(rank[bond.target] - rank[bond.source] - 1 for bond in bonds)


# ---- places


def placed(ordered: Ordered, heights: Sequence[float]) -> list[float]:
    """The top of each box and the height of each long link where it passes, in the order that was found."""
    count = ordered.boxes
    size = 1 + max((vertex for rank in ordered.ranks for vertex in rank), default=-1)
    over = [0.0 if vertex < count else WIRE for vertex in range(size)]
    under = [heights[vertex] if vertex < count else WIRE for vertex in range(size)]
    left, right = _neighbours(ordered, size)
    offsets = [_offsets(rank, over, under, count) for rank in ordered.ranks]
    tops = [0.0] * size
    for rank, offset in zip(ordered.ranks, offsets, strict=True):
        for vertex, place in zip(rank, offset, strict=True):
            tops[vertex] = place - offset[-1] / 2
    best, fewest, waited = tops[:], float("inf"), 0
    order = list(range(len(ordered.ranks)))
    for step in range(PASSES):
        is_rightwards, is_both = step % 2 == 0, step % 6 >= 4
        for number in order if is_rightwards else reversed(order):
            wanted: list[tuple[float, float]] = []
            for vertex in ordered.ranks[number]:
                near = left[vertex] + right[vertex] if is_both else (left if is_rightwards else right)[vertex]
                wanted.append(_median([(tops[other] + shift, weight) for other, shift, weight in near]))
                if not near:
                    wanted[-1] = (tops[vertex], 0.01)
            for vertex, place in zip(ordered.ranks[number], _settled(wanted, offsets[number]), strict=True):
                tops[vertex] = place
        bent = sum(
            weight * abs(tops[other] + shift - tops[vertex])
            for vertex, near in enumerate(left)
            for other, shift, weight in near
        )
        if bent < fewest - 0.5:
            best, fewest, waited = tops[:], bent, 0
        else:
            waited += 1
        if waited >= PATIENCE or not bent:
            break
    return best


Near = list[list[tuple[int, float, float]]]


def _neighbours(ordered: Ordered, size: int) -> tuple[Near, Near]:
    """For every vertex its neighbours to the left and to the right: which, how much higher, how important.

    What is drawn is one curve from port to port, so a long link is to be level above all: then it crosses no box.
    """
    left: Near = [[] for _ in range(size)]
    right: Near = [[] for _ in range(size)]
    for bond in ordered.bonds:
        long = (bond.source >= ordered.boxes) + (bond.target >= ordered.boxes)
        weight = (1.0, 3.0, 8.0)[long]
        left[bond.target].append((bond.source, bond.leave - bond.enter, weight))
        right[bond.source].append((bond.target, bond.enter - bond.leave, weight))
    return left, right


def _offsets(rank: Sequence[int], over: Sequence[float], under: Sequence[float], count: int) -> list[float]:
    """How far below the first vertex of a rank each one stands at least."""
    found: list[float] = []
    for place, vertex in enumerate(rank):
        if not place:
            found.append(0.0)
            continue
        above = rank[place - 1]
        gap = BOX_GAP if vertex < count and above < count else WIRE_GAP
        found.append(found[-1] + under[above] + gap + over[vertex])
    return found


def _median(values: list[tuple[float, float]]) -> tuple[float, float]:
    """The lower weighted median of (value, weight), and all their weight."""
    total = sum(weight for _, weight in values)
    half = 0.0
    for value, weight in sorted(values):
        half += weight
        if half * 2 >= total:
            return value, total
    return 0.0, 0.0


def _settled(wanted: Sequence[tuple[float, float]], offsets: Sequence[float]) -> list[float]:
    """Places as near to the wanted ones as order and room allow (pool adjacent violators)."""
    held: list[tuple[float, list[tuple[float, float]]]] = []
    for (place, weight), offset in zip(wanted, offsets, strict=True):
        value, members = place - offset, [(place - offset, weight)]
        while held and held[-1][0] > value:
            members = held.pop()[1] + members
            value = _middle(members)
        held.append((value, members))
    values = [value for value, members in held for _ in members]
    return [value + offset for value, offset in zip(values, offsets, strict=True)]


def _middle(members: list[tuple[float, float]]) -> float:
    if len(members) <= WIDEST_EXACT:
        return _median(members)[0]
    total = sum(weight for _, weight in members)
    return sum(value * weight for value, weight in members) / total
