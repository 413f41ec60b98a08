"""The curve of a link that is led through points: cubics that meet smoothly, and the same as short lines."""

from __future__ import annotations

import functools

from core.graph import Points
from designer.canvas.primitives import Rows
from designer.late import np

TENSION = 0.36
"""How far the handles of a cubic reach along the way between two points."""

LEAVING = 40.0
"""So far a link goes on level from a port, where there is room."""


def led(ends: Rows, points: Points) -> Rows:
    """The control points (P, 4, 2) of the cubics from port to port through these points."""
    way = np.array([ends[:2], *points, ends[2:]], dtype=np.float64)
    along = np.zeros_like(way)
    along[1:-1] = way[2:] - way[:-2]
    along[[0, -1]] = (1.0, 0.0)
    length = np.sqrt((along**2).sum(1, keepdims=True))
    along = np.where(length > 1e-9, along / np.maximum(length, 1e-9), (1.0, 0.0))
    gaps = np.sqrt(((way[1:] - way[:-1]) ** 2).sum(1, keepdims=True))
    before, behind = TENSION * gaps, TENSION * gaps
    before[0] = max(before[0], min(LEAVING, gaps[0]))
    behind[-1] = max(behind[-1], min(LEAVING, gaps[-1]))
    return np.stack([way[:-1], way[:-1] + along[:-1] * before, way[1:] - along[1:] * behind, way[1:]], axis=1)


def flattened(cubics: Rows, segments: int) -> Rows:
    """The path (segments + 1, 2) of cubics: the longer one is, the more of the lines it gets."""
    gaps = np.sqrt(((cubics[:, 3] - cubics[:, 0]) ** 2).sum(1))
    path = [cubics[:1, 0]]
    for cubic, count in zip(cubics, _shares(gaps, segments), strict=True):
        path.append(_weights(count)[1:] @ cubic)
    return np.concatenate(path)


def _shares(gaps: Rows, segments: int) -> list[int]:
    """How many lines each piece gets: one at least, the rest by length."""
    free = segments - len(gaps)
    wanted = gaps / max(float(gaps.sum()), 1e-9) * free
    counts = np.floor(wanted).astype(int)
    longest = np.argsort(counts - wanted, kind="stable")[: free - int(counts.sum())]
    counts[longest] += 1
    counts[0] += free - int(counts.sum())
    return [int(each) + 1 for each in counts]


@functools.lru_cache(64)
def _weights(count: int) -> Rows:
    t = np.linspace(0, 1, count + 1)
    return np.stack([(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3], axis=1)


def piece_at(cubics: Rows, x: float, y: float) -> int:
    """Which of the cubics passes closest to a point."""
    places = _weights(16) @ cubics
    return int(((places - (x, y)) ** 2).sum(-1).min(1).argmin())
