"""How one weight's distribution went through a run: snapshots by step, thinned evenly when there are many."""

from __future__ import annotations

import dataclasses

import numpy as np

from core.events import Histogram

MOST = 240
"""Snapshots kept of each weight: more than a dock has columns for."""
ROWS = 96


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """One distribution: counts in equal bins from low to high, and its summary."""

    step: int
    low: float
    high: float
    counts: np.ndarray
    mean: float
    spread: float
    zeros: float
    gradient_norm: float

    def density(self, edges: np.ndarray) -> np.ndarray:
        """The share of values in each of the bins between `edges`, as if evenly spread within each own bin."""
        total = float(self.counts.sum())
        if not total:
            return np.zeros(len(edges) - 1)
        own = np.linspace(self.low, self.high, len(self.counts) + 1)
        if self.high <= self.low:  # every value is the same
            return np.histogram([self.low], edges)[0].astype(np.float64)
        passed = np.concatenate([[0.0], np.cumsum(self.counts, dtype=np.float64)]) / total
        return np.diff(np.interp(edges, own, passed))


def snapshot(step: int, said: Histogram) -> Snapshot | None:
    """A snapshot from a message; None where it holds nothing that can be drawn."""
    counts = np.frombuffer(said.counts, "<u4", len(said.counts) // 4)
    if not len(counts) or not (np.isfinite(said.low) and np.isfinite(said.high)):
        return None
    return Snapshot(step, said.low, said.high, counts, said.mean, said.spread, said.zeros, said.gradient_norm)


class Course:
    """The snapshots of one weight in the order of their steps."""

    def __init__(self) -> None:
        self.snapshots: list[Snapshot] = []
        self._stride = 1
        self._newest_is_loose = False
        """Whether the newest stands between two strides, and goes when another comes."""
        self._seen = 0

    def put(self, taken: Snapshot) -> None:
        """Take in a snapshot; one of the same step is replaced. When there are many, every second one goes."""
        steps = [each.step for each in self.snapshots]
        if steps and taken.step <= steps[-1]:
            place = int(np.searchsorted(steps, taken.step))
            replaces = steps[place] == taken.step
            self.snapshots[place : place + replaces] = [taken]
            return
        if self._newest_is_loose:
            self.snapshots[-1] = taken
        else:
            self.snapshots.append(taken)
        self._newest_is_loose = self._seen % self._stride != 0
        self._seen += 1
        if len(self.snapshots) > MOST:
            self._thin()

    def _thin(self) -> None:
        newest = self.snapshots[-1]
        regular = self.snapshots[:-1] if self._newest_is_loose else self.snapshots
        self.snapshots = regular[::2]
        self._stride *= 2
        self._newest_is_loose = self.snapshots[-1] is not newest
        if self._newest_is_loose:
            self.snapshots.append(newest)

    @property
    def span(self) -> tuple[float, float]:
        """The least and greatest value of all snapshots, a little apart."""
        low = min((each.low for each in self.snapshots), default=-1.0)
        high = max((each.high for each in self.snapshots), default=1.0)
        room = 0.02 * (high - low) or abs(high) * 0.1 or 1.0
        return low - room, high + room

    def spread_out(self, count: int) -> list[Snapshot]:
        """At most `count` snapshots evenly over the run, the newest last; the choice rarely changes as more come."""
        stride = 1
        while len(self.snapshots[:-1:stride]) > count - 1:
            stride *= 2
        return [*self.snapshots[:-1:stride], *self.snapshots[-1:]]

    def field(self, rows: int = ROWS) -> np.ndarray:
        """Density by time (columns, oldest first) and value (rows, greatest first), 0 to 1 in each column."""
        edges = np.linspace(*self.span, rows + 1)
        columns = np.stack([each.density(edges) for each in self.snapshots], axis=1)
        return (columns / np.maximum(columns.max(axis=0), 1e-12))[::-1]
