"""The values of consecutive steps, kept whole, with their least, greatest and mean in a fixed number of buckets.

Painting costs the same for a hundred steps and for ten million: when the buckets are full, two become one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BUCKETS = 2048
LONGEST = 200_000_000
"""Steps beyond this are not kept (800 MB of memory); a run that long is shown by its epochs."""

Floats = NDArray[np.float32]


class Series:
    """Values by step from 0; frames may come in any order, twice, or with steps missing."""

    def __init__(self, buckets: int = BUCKETS) -> None:
        self.buckets = buckets
        self.count = 0
        """Steps up to the last known one."""
        self.width = 1
        """Steps in one bucket."""
        self.unfit = 0
        """Known values that are not finite numbers."""
        self._values = np.full(buckets, np.nan, np.float32)
        self._known = np.zeros(buckets, bool)
        self._low = np.full(buckets, np.nan, np.float32)
        self._high = np.full(buckets, np.nan, np.float32)
        self._mean = np.full(buckets, np.nan, np.float32)
        self._bad = np.zeros(buckets, bool)

    @property
    def values(self) -> Floats:
        """Every value (steps,), not a number where none is known."""
        return self._values[: self.count]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which steps have a value, be it a finite number or not (steps,)."""
        return self._known[: self.count]

    @property
    def used(self) -> int:
        """How many buckets hold something."""
        return -(-self.count // self.width)

    @property
    def last(self) -> float:
        """The value of the last step, not a number where there is none."""
        return float(self._values[self.count - 1]) if self.count else float("nan")

    def put(self, first: int, values: Floats) -> None:
        """Take in the values of the steps from `first`; what was there is replaced."""
        end = first + len(values)
        if first < 0 or not len(values) or end > LONGEST:
            return
        self._grow(end)
        self.unfit -= int(np.count_nonzero(self._known[first:end] & ~np.isfinite(self._values[first:end])))
        self._values[first:end] = values
        self._known[first:end] = True
        self.unfit += int(np.count_nonzero(~np.isfinite(values)))
        gap = min(first, self.count)
        self.count = max(self.count, end)
        while self.count > self.buckets * self.width:
            self.width *= 2
            gap = 0
        self._gather(gap // self.width, -(-end // self.width))

    def _grow(self, end: int) -> None:
        size = len(self._values)
        if end <= size:
            return
        more = max(end, 2 * size) - size
        self._values = np.concatenate([self._values, np.full(more, np.nan, np.float32)])
        self._known = np.concatenate([self._known, np.zeros(more, bool)])

    def _gather(self, first: int, end: int) -> None:
        """Count the buckets from `first` up to `end` again from their values."""
        begin, stop = first * self.width, min(end * self.width, len(self._values))
        values = self._values[begin:stop]
        starts = np.arange(0, len(values), self.width)
        finite = np.isfinite(values)
        numbers = np.where(finite, values, np.nan)
        place = slice(first, first + len(starts))
        self._low[place] = np.fmin.reduceat(numbers, starts)
        self._high[place] = np.fmax.reduceat(numbers, starts)
        known = np.maximum(np.add.reduceat(finite, starts, dtype=np.int64), 1)
        sums = np.add.reduceat(np.where(finite, values, 0), starts, dtype=np.float64)
        self._mean[place] = np.where(np.isnan(self._low[place]), np.nan, sums / known)
        self._bad[place] = np.logical_or.reduceat(self._known[begin:stop] & ~finite, starts)

    def outline(self) -> tuple[NDArray[np.float64], Floats]:
        """Steps and values to draw: each value while they fit, else least and greatest of each bucket."""
        used = self.used
        if self.width == 1:
            return np.arange(used, dtype=np.float64), self._low[:used]
        values = np.empty(2 * used, np.float32)
        values[0::2] = self._low[:used]
        values[1::2] = self._high[:used]
        return np.repeat(self.centres(), 2), values

    def centres(self) -> NDArray[np.float64]:
        """The step in the middle of each used bucket."""
        return np.arange(self.used, dtype=np.float64) * self.width + (self.width - 1) / 2

    def means(self) -> Floats:
        """The mean of the finite values of each used bucket."""
        return self._mean[: self.used]

    def bad(self) -> NDArray[np.float64]:
        """The steps (or middles of buckets) at which a value was not a finite number."""
        return self.centres()[self._bad[: self.used]]

    def bounds(self) -> tuple[float, float] | None:
        """Least and greatest finite value, or None where there is none."""
        low, high = self._low[: self.used], self._high[: self.used]
        if not len(low) or np.all(np.isnan(low)):
            return None
        return float(np.nanmin(low)), float(np.nanmax(high))

    def part(self, begin: int, end: int) -> tuple[NDArray[np.float64], Floats]:
        """Steps and values to draw of a stretch of steps, as fine as the buckets allow."""
        begin, end = max(0, begin), min(end, self.count)
        if end <= begin:
            return np.empty(0), np.empty(0, np.float32)
        piece = Series(self.buckets)
        piece.put(0, self._values[begin:end])
        steps, values = piece.outline()
        return steps + begin, values


def smoothed(values: Floats, steps: float) -> Floats:
    """The mean of a value and its neighbours, each weighing 1/e less per `steps` of distance.

    The neighbours on both sides count, so that a falling curve is not drawn too late. What is not a number is
    left out, and stays a gap in the result.
    """
    count = len(values)
    if steps < 0.5 or count < 2:
        return values
    reach = min(count - 1, int(6 * steps) + 1)
    weights = np.exp(-np.abs(np.arange(-reach, reach + 1)) / steps)
    finite = np.isfinite(values)
    sums = np.convolve(np.where(finite, values, 0).astype(np.float64), weights)[reach : reach + count]
    shares = np.convolve(finite.astype(np.float64), weights)[reach : reach + count]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(finite, sums / shares, np.nan).astype(np.float32)
