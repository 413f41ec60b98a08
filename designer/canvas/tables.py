"""Nodes and links as numpy tables: what the overview, the link layer and the hit tests read."""

from __future__ import annotations

import functools
from typing import Any, Generic, TypeVar

from core.graph import Link, Points
from designer.canvas.leading import flattened, led
from designer.canvas.primitives import Rows
from designer.late import np

Key = TypeVar("Key")
SEGMENTS = 48
COARSE = 4
"""Of how many fine segments one coarse segment is made: those of links too short for a kink to be seen."""

SHORT = 340.0
LINK_MARGIN = 3.0
LABEL_ROOM = 96.0
LABEL_HEIGHT = 22.0
PLAIN, CHOSEN, WRONG, DOUBTFUL = range(4)
"""How a node stands out in the overview: not, selected, with an error, with a warning."""


class Table(Generic[Key]):
    """Rows of numbers under keys; adding, changing and removing one costs the same at any size."""

    def __init__(self, **columns: int) -> None:
        self.keys: list[Key] = []
        self.slot: dict[Key, int] = {}
        self._widths = columns

    @functools.cached_property
    def _columns(self) -> dict[str, Any]:
        return {name: np.zeros((16, width)) for name, width in self._widths.items()}

    def __len__(self) -> int:
        return len(self.keys)

    def __contains__(self, key: Key) -> bool:
        return key in self.slot

    def column(self, name: str) -> Rows:
        """The rows in use of one column; a view, valid until rows are added or removed."""
        return self._columns[name][: len(self.keys)]

    def put(self, key: Key, **values: Any) -> int:
        """Add a row or change some of its columns; the slot that it has."""
        slot = self.slot.get(key)
        if slot is None:
            slot = self.slot[key] = len(self.keys)
            self.keys.append(key)
            if slot >= len(next(iter(self._columns.values()))):
                self._columns = {
                    name: np.concatenate([rows, np.zeros_like(rows)]) for name, rows in self._columns.items()
                }
        for name, value in values.items():
            self._columns[name][slot] = value
        return slot

    def remove(self, key: Key) -> None:
        """Take a row away; the last one moves into its place."""
        slot = self.slot.pop(key)
        last = self.keys.pop()
        if last != key:
            self.keys[slot] = last
            self.slot[last] = slot
            for rows in self._columns.values():
                rows[slot] = rows[len(self.keys)]


class NodeTable(Table[str]):
    """Rectangle (x, y, width, height), family number and mark of every node."""

    def __init__(self) -> None:
        super().__init__(rect=4, family=1, mark=1)

    @property
    def rects(self) -> Rows:
        """x, y, width and height of every node."""
        return self.column("rect")

    def bounds(self) -> tuple[float, float, float, float] | None:
        """Left, top, right and bottom of all nodes; None without any."""
        if not self.keys:
            return None
        x, y, width, height = self.rects.T
        return float(x.min()), float(y.min()), float((x + width).max()), float((y + height).max())

    def inside(self, left: float, top: float, right: float, bottom: float) -> list[str]:
        """The nodes that touch a rectangle."""
        x, y, width, height = self.rects.T
        hit = (x < right) & (x + width > left) & (y < bottom) & (y + height > top)
        return [self.keys[slot] for slot in np.nonzero(hit)[0]]


@functools.cache
def _weights(segments: int) -> Rows:
    """The weights of the four control points at the ends of the segments of a cubic."""
    t = np.linspace(0, 1, segments + 1)
    return np.stack([(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3], axis=1)


def _blossom(u: float, v: float, w: float) -> list[float]:
    """The weights of the four control points in the blossom of a cubic."""
    a, b, c = 1 - u, 1 - v, 1 - w
    return [a * b * c, u * b * c + a * v * c + a * b * w, u * v * c + u * b * w + a * v * w, u * v * w]


def _third(part: int) -> list[list[float]]:
    """The control points of one third of a cubic from those of the whole."""
    low, high = part / 3, (part + 1) / 3
    return [
        _blossom(*parameters)
        for parameters in ((low, low, low), (low, low, high), (low, high, high), (high, high, high))
    ]


@functools.cache
def _thirds() -> Any:
    """The control points of each third from those of the whole."""
    return np.array([_third(part) for part in range(3)])


def _way_back(y1: Rows, y2: Rows) -> Rows:
    """The height at which links run that lead back: between their ends, or below both where these are level."""
    return np.where(np.abs(y2 - y1) > 70, (y1 + y2) / 2, np.maximum(y1, y2) + 96)


def _turned(ends: Rows) -> Rows:
    """Links that lead back, as three lines: down, back between the rows, and down again."""
    x1, y1, x2, y2 = ends.T
    middle = _way_back(y1, y2)
    lines = [[x1, y1, x1, middle], [x1, middle, x2, middle], [x2, middle, x2, y2]]
    return np.stack([np.stack(line, axis=1) for line in lines], axis=1).reshape(-1, 4)


def controls(ends: Rows) -> Rows:
    """The control points (E, 3, 4, 2) of the three cubics of each link.

    Forwards they are the thirds of one cubic; backwards a link leaves to the right in a loop, runs back level
    between the rows and enters in a loop from the left.
    """
    x1, y1, x2, y2 = ends.T
    bend = np.maximum(40.0, (x2 - x1) * 0.5)
    whole = np.stack([np.stack([x1, x1 + bend, x2 - bend, x2], axis=1), np.stack([y1, y1, y2, y2], axis=1)], axis=2)
    forth = np.einsum("pkc,ecd->epkd", _thirds(), whole)
    loop = np.clip(34 + 0.22 * np.abs(y2 - y1), 52.0, 110.0)
    middle = _way_back(y1, y2)
    flat = np.minimum(30.0, (x1 - x2) / 2)
    leave, enter = x1 - flat, x2 + flat
    across = [x1, x1 + loop, x1 + loop, leave, leave, (2 * leave + enter) / 3, (leave + 2 * enter) / 3, enter]
    across += [enter, x2 - loop, x2 - loop, x2]
    down = [y1, y1, middle, middle, middle, middle, middle, middle, middle, middle, y2, y2]
    back = np.stack([np.stack(across, axis=1), np.stack(down, axis=1)], axis=2).reshape(-1, 3, 4, 2)
    return np.where((x2 < x1)[:, None, None, None], back, forth)


def geometry(ends: Rows) -> tuple[Rows, Rows]:
    """The segments (E, SEGMENTS * 4) and boxes (E, 4) of curves; a box has room for the label at its start."""
    parts = np.einsum("sk,epkc->epsc", _weights(SEGMENTS // 3), controls(ends))
    return _laid(np.concatenate([parts[:, 0], parts[:, 1, 1:], parts[:, 2, 1:]], axis=1))


def _laid(path: Rows) -> tuple[Rows, Rows]:
    """The segments and boxes of paths (E, SEGMENTS + 1, 2)."""
    segments = np.concatenate([path[:, :-1], path[:, 1:]], axis=2).reshape(len(path), -1)
    x, y = path[..., 0], path[..., 1]
    x1, y1 = x[:, 0], y[:, 0]
    boxes = np.stack(
        [
            x.min(1) - LINK_MARGIN,
            np.minimum(y.min(1) - LINK_MARGIN, y1 - LABEL_HEIGHT),
            np.maximum(x.max(1) + LINK_MARGIN, x1 + LABEL_ROOM),
            np.maximum(y.max(1) + LINK_MARGIN, y1 + LABEL_HEIGHT),
        ],
        axis=1,
    )
    return segments, boxes


class LinkTable(Table[Link]):
    """Ends, kind, segments and box of every link; `bends` are the points through which some are led, as shown."""

    def __init__(self) -> None:
        super().__init__(ends=4, kind=1, segments=SEGMENTS * 4, box=4, led=1)
        self.bends: dict[Link, Points] = {}

    def put_ends(self, links: list[Link], ends: Rows) -> None:
        """Add links or give them new ends, all at once."""
        if not links:
            return
        segments, boxes = geometry(ends)
        bent = [place for place, link in enumerate(links) if link in self.bends] if self.bends else []
        if bent:
            paths = np.stack([flattened(led(ends[place], self.bends[links[place]]), SEGMENTS) for place in bent])
            segments[bent], boxes[bent] = _laid(paths)
        slots = [self.put(link) for link in links]
        self.column("led")[slots, 0] = 0.0
        self.column("led")[[slots[place] for place in bent], 0] = 1.0
        self.column("ends")[slots] = ends
        self.column("segments")[slots] = segments
        self.column("box")[slots] = boxes

    def carry(self, slots: list[int], dx: float, dy: float) -> None:
        """Move links as they are."""
        for name in ("ends", "segments", "box"):
            column = self.column(name)
            column[slots] += np.tile((dx, dy), column.shape[1] // 2)

    def lines(self, slots: Any) -> Rows:
        """The lines (L, 4) that draw these links: one for a level link, coarse ones for a short one, else all."""
        ends, segments = self.column("ends")[slots], self.column("segments")[slots].reshape(len(slots), SEGMENTS, 4)
        dx, dy = ends[:, 2] - ends[:, 0], np.abs(ends[:, 3] - ends[:, 1])
        free = self.column("led")[slots, 0] == 0
        level = (dx >= 0) & (dy < 0.5) & free
        short = ~level & (np.abs(dx) + dy < SHORT) & free
        coarse = np.concatenate([segments[short, ::COARSE, :2], segments[short, COARSE - 1 :: COARSE, 2:]], axis=2)
        rest = segments[~level & ~short]
        return np.concatenate([ends[level], coarse.reshape(-1, 4), rest.reshape(-1, 4)])

    def straight(self, slots: Any, coarse: int = 1) -> Rows:
        """The lines (L, 4) that draw these links from afar: one forwards, three back, more where led through points.

        `coarse` is of how many short lines each of those of a led link is made.
        """
        ends = self.column("ends")[slots]
        back = ends[:, 2] < ends[:, 0]
        if not self.bends:
            return np.concatenate([ends[~back], _turned(ends[back])]) if back.any() else ends
        free = self.column("led")[slots, 0] == 0
        segments = self.column("segments")[slots][~free].reshape(-1, SEGMENTS, 4)
        way = np.concatenate([segments[:, ::coarse, :2], segments[:, coarse - 1 :: coarse, 2:]], axis=2)
        return np.concatenate([ends[free & ~back], _turned(ends[free & back]), way.reshape(-1, 4)])

    def cubics(self, link: Link) -> Rows:
        """The control points (P, 4, 2) of a link as it is drawn."""
        ends = self.column("ends")[self.slot[link]]
        return led(ends, self.bends[link]) if link in self.bends else controls(ends[None])[0]

    def box(self, link: Link) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what a link and its label cover."""
        left, top, right, bottom = self.column("box")[self.slot[link]].tolist()
        return left, top, right, bottom

    def touching(self, left: float, top: float, right: float, bottom: float) -> Any:
        """The slots whose box touches a rectangle."""
        a, b, c, d = self.column("box").T
        return np.nonzero((a < right) & (c > left) & (b < bottom) & (d > top))[0]

    def nearest(self, x: float, y: float, within: float) -> Link | None:
        """The link that passes closest to a point, if any does within this distance."""
        slots = self.touching(x - within, y - within, x + within, y + within)
        if not len(slots):
            return None
        lines = self.column("segments")[slots].reshape(len(slots), SEGMENTS, 4)
        start, along = lines[..., :2], lines[..., 2:] - lines[..., :2]
        length = np.maximum((along**2).sum(-1), 1e-9)
        share = np.clip((((x, y) - start) * along).sum(-1) / length, 0, 1)
        gaps = ((start + along * share[..., None] - (x, y)) ** 2).sum(-1).min(1)
        best = int(gaps.argmin())
        return self.keys[int(slots[best])] if gaps[best] <= within**2 else None

    def crossing(self, x1: float, y1: float, x2: float, y2: float) -> list[Link]:
        """The links that a straight stroke cuts."""
        slots = self.touching(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        if not len(slots):
            return []
        lines = self.column("segments")[slots].reshape(len(slots), SEGMENTS, 4)
        start, end = lines[..., :2], lines[..., 2:]
        one, other = np.array([x1, y1]), np.array([x2, y2])
        parts = (_turn(one, other, start) * _turn(one, other, end) <= 0) & (
            _turn(start, end, one) * _turn(start, end, other) <= 0
        )
        return [self.keys[slot] for slot in slots[parts.any(1)]]


def _turn(start: Rows, end: Rows, at: Rows) -> Rows:
    """On which side of a line a point lies: the sign of the cross product."""
    along, away = end - start, at - start
    return along[..., 0] * away[..., 1] - along[..., 1] * away[..., 0]


def label_rooms(places: Rows, rects: Rows, height: float) -> Rows:
    """How wide a label may be at each place (left, top) before the next node begins; 0 where one covers it."""
    if not len(rects):
        return np.full(len(places), LABEL_ROOM)
    left, top = places[:, :1], places[:, 1:]
    x, y, width, rect_height = rects.T
    level = (y[None] - 3 < top + height) & (y[None] + rect_height[None] > top) & (x[None] + width[None] > left)
    gaps = np.where(level, x[None] - 6 - left, LABEL_ROOM)
    return np.clip(gaps.min(1), 0.0, LABEL_ROOM)
