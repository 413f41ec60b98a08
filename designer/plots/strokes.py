"""From what a person drew to what the network takes: ink on a fine sheet, fitted like the data and averaged down."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

Sheet = NDArray[np.float32]
INK = 0.25
"""A place counts as drawn on above this share of full ink."""


@dataclasses.dataclass(frozen=True)
class Habit:
    """How the pictures of a data set are drawn: how much of the field they fill, and whether ink is high or low."""

    height: float = 0.9
    width: float = 0.9
    is_ink_high: bool = True


def habit(pictures: Sheet, low: float, high: float) -> Habit:
    """The habit of sample pictures (rows, H, W) whose values go from low to high; the usual one without any."""
    if not len(pictures) or high <= low:
        return Habit()
    shares = np.clip(np.nan_to_num((pictures - low) / (high - low)), 0, 1)
    border = np.concatenate(
        [shares[:, 0].ravel(), shares[:, -1].ravel(), shares[:, :, 0].ravel(), shares[:, :, -1].ravel()]
    )
    is_high = bool(np.median(border) < 0.5)
    boxes = [found for each in (shares if is_high else 1 - shares) if (found := box(each)) is not None]
    if not boxes:
        return Habit(is_ink_high=is_high)
    spans = np.array([(bottom - top, right - left) for top, bottom, left, right in boxes], float)
    tall, wide = np.median(spans / np.array(shares.shape[1:]), axis=0)
    # the wider of three letters in four fits; what is narrower keeps its own proportions
    return Habit(float(tall), float(max(wide, np.quantile(spans[:, 1] / shares.shape[2], 0.75))), is_high)


def box(ink: Sheet) -> tuple[int, int, int, int] | None:
    """First and last row and column (top, bottom, left, right; ends excluded) with ink on them, or None."""
    rows = np.flatnonzero((ink > INK).any(axis=1))
    columns = np.flatnonzero((ink > INK).any(axis=0))
    if not len(rows):
        return None
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def fitted(ink: Sheet, like: Habit) -> Sheet:
    """The drawing moved to the middle and scaled to fill as much of the sheet as the data's pictures do."""
    found = box(ink)
    if found is None:
        return ink
    top, bottom, left, right = found
    height, width = ink.shape
    scale = min(like.height * height / (bottom - top), like.width * width / (right - left))
    middle = ((top + bottom) / 2, (left + right) / 2)
    rows = (np.arange(height) + 0.5 - height / 2) / scale + middle[0] - 0.5
    columns = (np.arange(width) + 0.5 - width / 2) / scale + middle[1] - 0.5
    return _sampled(ink, rows, columns)


def _sampled(ink: Sheet, rows: NDArray[np.float64], columns: NDArray[np.float64]) -> Sheet:
    """The sheet at fractional rows and columns, linear between its points and empty outside."""
    padded = np.pad(ink, 1)
    places = [np.clip(each + 1, 0, size + 1) for each, size in zip((rows, columns), ink.shape, strict=True)]
    firsts = [np.minimum(each.astype(int), size) for each, size in zip(places, ink.shape, strict=True)]
    down, across = (place - first for place, first in zip(places, firsts, strict=True))
    above, below = padded[firsts[0]], padded[firsts[0] + 1]
    mixed = above + (below - above) * down[:, None]
    before, after = mixed[:, firsts[1]], mixed[:, firsts[1] + 1]
    return (before + (after - before) * across[None, :]).astype(np.float32)


def averaged(sheet: Sheet, height: int, width: int) -> Sheet:
    """The sheet as (height, width): each cell is the mean of the ink that falls on it."""
    rows = np.linspace(0, sheet.shape[0], height + 1)
    columns = np.linspace(0, sheet.shape[1], width + 1)
    return _parts(_parts(sheet, rows).T, columns).T.astype(np.float32)


def _parts(sheet: NDArray[np.floating], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means of the rows between fractional edges."""
    passed = np.concatenate([np.zeros((1, sheet.shape[1])), np.cumsum(sheet, axis=0, dtype=np.float64)])
    whole = np.minimum(edges.astype(int), len(sheet) - 1)
    sums = passed[whole] + (edges - whole)[:, None] * sheet[whole]
    return np.diff(sums, axis=0) / np.diff(edges)[:, None]


def raw(ink: Sheet, like: Habit, low: float, high: float) -> list[float]:
    """Ink shares (H, W) in the units of the data, row by row."""
    shares = ink if like.is_ink_high else 1 - ink
    return (low + np.clip(shares, 0, 1) * (high - low)).ravel().tolist()
