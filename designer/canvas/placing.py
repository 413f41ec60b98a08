"""Where selected nodes go when they are aligned, distributed, straightened or arranged: functions that know no Qt."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from core import graph as graphs
from core import picture
from core.graph import Annotation, Graph, Link
from core.picture import Box, box_of, holds
from designer.canvas.metrics import GRID, STEP
from designer.late import np

if TYPE_CHECKING:
    from designer.canvas.primitives import Rows

Places = dict[str, tuple[float, float]]
"""The upper left corner of nodes by id."""

Boxes = Mapping[str, Box]
Side = Literal["left", "centre", "right", "top", "middle", "bottom"]
Way = Literal["across", "down"]
Level = tuple[Link, float, float]
"""A link, and how far below the tops of its nodes it leaves and enters."""

FRAME_SIDE, FRAME_TOP = GRID, 2 * GRID
"""Room between a frame and its nodes; its title stands on top."""

NUDGES = 200
"""So often an arranged selection is pushed on to find free room."""


def aligned(boxes: Boxes, side: Side) -> Places:
    """Nodes with one side, or their middle, on one line: that of the outermost, or the mean of the middles."""
    share = {"left": 0.0, "centre": 0.5, "right": 1.0, "top": 0.0, "middle": 0.5, "bottom": 1.0}[side]
    across = side in ("left", "centre", "right")
    axis, size = (0, 2) if across else (1, 3)
    lines = [box[axis] + share * box[size] for box in boxes.values()]
    line = {0.0: min, 0.5: lambda each: sum(each) / len(each), 1.0: max}[share](lines)
    return {
        name: (line - share * box[2], box[1]) if across else (box[0], line - share * box[3])
        for name, box in boxes.items()
    }


def distributed(boxes: Boxes, way: Way) -> Places:
    """Nodes with the same gap between each and the next; the outermost two stay where they are."""
    axis, size = (0, 2) if way == "across" else (1, 3)
    order = sorted(boxes, key=lambda each: (boxes[each][axis], graphs.natural(each)))
    start, last = boxes[order[0]][axis], boxes[order[-1]]
    room = last[axis] + last[size] - start - sum(boxes[each][size] for each in order)
    gap = room / max(1, len(order) - 1)
    places: Places = {}
    for name in order:
        box = boxes[name]
        places[name] = (start, box[1]) if way == "across" else (box[0], start)
        start += box[size] + gap
    return places


def straightened(boxes: Boxes, levels: Iterable[Level], others: Boxes) -> Places:
    """Nodes moved up or down until the first link of each, from another of them on its left, is level.

    A node alone is levelled with what feeds it, or else with what it feeds. One that would come to lie on another
    stays.
    """
    levels = list(levels)
    held = dict(boxes)
    if len(boxes) == 1:
        (name,) = boxes
        _, _, width, height = boxes[name]
        for link, leave, enter in levels:
            other = link.source if link.target == name else link.target
            if other in others:
                down = others[other][1] + (leave - enter if link.target == name else enter - leave)
                return {name: (boxes[name][0], down)} if _is_free((boxes[name][0], down, width, height), others) else {}
        return {}
    arriving: dict[str, list[Level]] = {}
    for level in levels:
        if level[0].source in boxes and level[0].target in boxes:
            arriving.setdefault(level[0].target, []).append(level)
    places: Places = {}
    for name in sorted(boxes, key=lambda each: (boxes[each][0], graphs.natural(each))):
        left, top, width, height = held[name]
        feeding = [each for each in arriving.get(name, ()) if held[each[0].source][0] < left]
        if not feeding:
            continue
        link, leave, enter = min(feeding, key=lambda each: each[2])
        down = held[link.source][1] + leave - enter
        rest = {**others, **{each: box for each, box in held.items() if each != name}}
        if down != top and _is_free((left, down, width, height), rest):
            held[name] = (left, down, width, height)
            places[name] = (left, down)
    return places


def _is_free(box: Box, others: Boxes) -> bool:
    return not any(overlap(box, other) for other in others.values())


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes cover a common part of the drawing."""
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def on_grid(boxes: Boxes) -> Places:
    """Nodes at the nearest points of the grid."""
    return {name: (snapped(box[0]), snapped(box[1])) for name, box in boxes.items()}


def guided(
    box: Box, others: Rows, reach: float, snaps: bool
) -> tuple[tuple[float, float], list[tuple[float, float, float, float]]]:
    """Where a dragged node lands, on the grid or else level with what is near, and lines to what it is level with.

    All nodes are equally wide, so left sides on one line mean that everything is; tops on one line make links level.
    """
    corner = [snapped(box[0]), snapped(box[1])] if snaps else [box[0], box[1]]
    lines: list[tuple[float, float, float, float]] = []
    for axis in (0, 1):
        away = others[:, axis] - corner[axis]
        level = np.nonzero(np.abs(away) <= (0.5 if snaps else reach))[0]
        if not len(level):
            continue
        across = np.abs(others[level, 1 - axis] - corner[1 - axis])
        best = int(level[np.lexsort((across, np.abs(away[level])))[0]])
        if not snaps:
            corner[axis] += float(away[best])
        other = others[best].tolist()
        start = min(other[1 - axis], corner[1 - axis])
        stop = max(other[1 - axis] + other[3 - axis], corner[1 - axis] + box[3 - axis])
        line = corner[axis]
        lines.append((line, start, line, stop) if axis == 0 else (start, line, stop, line))
    return (corner[0], corner[1]), lines


def snapped(value: float) -> float:
    """The nearest place on the grid that nodes stand on."""
    return round(value / STEP) * STEP


def free_shift(laid: Sequence[Box], others: Sequence[Box]) -> tuple[float, float]:
    """How far boxes have to be pushed, down, right, up or left, until they cover none of the others."""
    if not laid or not others:
        return 0.0, 0.0
    still, moving = np.array(others), np.array(laid)
    found: list[tuple[float, float]] = []
    for axis, sign in ((1, 1), (0, 1), (1, -1), (0, -1)):
        pushed = 0.0
        for _ in range(NUDGES):
            boxes = moving.copy()
            boxes[:, axis] += pushed
            need = _push(boxes, still, axis, sign)
            if not need:
                break
            pushed += sign * math.ceil((need + GRID) / STEP) * STEP
        found.append((0.0, pushed) if axis else (pushed, 0.0))
    return min(found, key=lambda each: abs(each[0]) + abs(each[1]))


def _push(boxes: Rows, still: Rows, axis: int, sign: int) -> float:
    """How far boxes have to go along an axis to leave those that they cover now."""
    (left, top, width, height), (x, y, across, down) = boxes.T[:, :, None], still.T[:, None, :]
    covers = (left < x + across) & (x < left + width) & (top < y + down) & (y < top + height)
    if not covers.any():
        return 0.0
    start, size = (left, width) if axis == 0 else (top, height)
    begin, room = (x, across) if axis == 0 else (y, down)
    return float(np.where(covers, begin + room - start if sign > 0 else start + size - begin, 0.0).max())


def with_places(graph: Graph, places: Places) -> Graph:
    """The graph with nodes at other places."""
    return graphs.with_nodes(graph, {name: replace(graph.nodes[name], x=x, y=y) for name, (x, y) in places.items()})


def rearranged(graph: Graph, places: Places, boxes: Boxes) -> Graph:
    """The graph with nodes at other places, frames around the same nodes as before, and notes beside theirs.

    `boxes` says where all nodes were; the points through which links were led are no use any more.
    """
    made = with_places(graph, places)
    if graph.annotations:
        made = replace(made, annotations=_following(graph.annotations, places, boxes))
    return picture.straightened(made, places.keys()) if graph.bends else made


def _following(annotations: Mapping[str, Annotation], places: Places, boxes: Boxes) -> dict[str, Annotation]:
    """Frames, the smallest first, around what lay in them; notes moved with the node that is nearest."""
    now = {name: (*places.get(name, box[:2]), box[2], box[3]) for name, box in boxes.items()}
    before = {name: box_of(each) for name, each in annotations.items()}
    found = dict(annotations)
    notes = [name for name, each in annotations.items() if each.kind != "frame"]
    for name in notes:
        nearest = min(boxes, key=lambda each: _apart(boxes[each], before[name]), default="")
        if nearest in places:
            old, new = boxes[nearest], now[nearest]
            note = annotations[name]
            found[name] = replace(note, x=note.x + new[0] - old[0], y=note.y + new[1] - old[1])
    frames = [name for name in annotations if name not in notes]
    for name in sorted(frames, key=lambda each: (before[each][2] * before[each][3], each)):
        inside = [each for each, box in boxes.items() if holds(before[name], box)]
        if not any(each in places for each in inside):
            continue
        held = [now[each] for each in inside]
        held += [box_of(found[each]) for each in annotations if each != name and holds(before[name], before[each])]
        left, top = min(box[0] for box in held) - FRAME_SIDE, min(box[1] for box in held) - FRAME_TOP
        right = max(box[0] + box[2] for box in held) + FRAME_SIDE
        bottom = max(box[1] + box[3] for box in held) + FRAME_SIDE
        found[name] = replace(found[name], x=left, y=top, width=right - left, height=bottom - top)
    return found


def _apart(one: Box, other: Box) -> float:
    """How far the middles of two boxes are from each other, squared."""
    across = one[0] + one[2] / 2 - other[0] - other[2] / 2
    down = one[1] + one[3] / 2 - other[1] - other[3] / 2
    return across * across + down * down


def box_around(boxes: Collection[Box]) -> Box:
    """The least box that holds all of them."""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    return (
        left,
        top,
        max(box[0] + box[2] for box in boxes) - left,
        max(box[1] + box[3] for box in boxes) - top,
    )
