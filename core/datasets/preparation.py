"""From raw arrays to what a network sees: classes counted, rows split, numbers scaled by the training part alone.

These functions stand alone: the text of `EXPORTED` goes into an exported script, which therefore prepares its data
bit for bit as the application does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def split_rows(
    target: np.ndarray[Any, Any], validation: float, test: float, seed: int, stratify: bool
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Row numbers of the training, validation and test part, drawn with a seed.

    Rows are shuffled, sorted by class where `stratify` is set, and every part takes them at even distances, so that
    each class has its share of each part.
    """
    random = np.random.default_rng(seed)
    rows = random.permutation(len(target))
    if stratify and target.ndim == 1 and target.dtype.kind != "f":
        rows = rows[np.argsort(target[rows], kind="stable")]
    parts: list[np.ndarray[Any, Any]] = []
    for share in (test, validation / (1 - test) if test < 1 else 0.0):
        ladder = np.floor(np.arange(len(rows) + 1) * min(share, 1.0) + random.uniform(0.25, 0.75))
        chosen = ladder[1:] > ladder[:-1]
        parts.append(random.permutation(rows[chosen]))
        rows = rows[~chosen]
    return random.permutation(rows), parts[1], parts[0]


def class_indices(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Classes (numbers or text) as int64 from 0, in the order of their names."""
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def scaling(training: np.ndarray[Any, Any], how: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Centre and width of the training rows: of each column of a table (N, k), of pictures as a whole.

    `how` is "standardise" (mean and spread), "range" (lowest value and range) or "none". What hardly varies keeps
    its width.
    """
    axes = 0 if training.ndim <= 2 else None
    if how == "standardise":
        centre, width = training.mean(axes, dtype=np.float64), training.std(axes, dtype=np.float64)
    elif how == "range":
        centre = training.min(axes).astype(np.float64)
        width = training.max(axes).astype(np.float64) - centre
    else:
        centre = np.zeros(training.shape[1] if axes == 0 else ())
        width = np.ones_like(centre)
    return np.asarray(centre), np.where(width > 1e-7 * np.abs(centre), width, 1.0)


def scaled(values: np.ndarray[Any, Any], training: np.ndarray[Any, Any], how: str) -> np.ndarray[Any, Any]:
    """The values less the centre, divided by the width of the training rows, as float32."""
    centre, width = scaling(values[training], how)
    return ((values - centre) / width).astype(np.float32)


def scaling_of(values: np.ndarray[Any, Any], is_target: bool, how: str) -> str:
    """How a field is scaled: answers that are shares (0 to 1) stay as they are, as losses of probability take them."""
    is_share = is_target and len(values) > 0 and bool(values.min() >= 0 and values.max() <= 1)
    return "none" if is_share else how


EXPORTED: tuple[Callable[..., Any], ...] = (split_rows, class_indices, scaling, scaled)
"""The functions that an exported script takes along, in order."""


def is_classes(values: Array) -> bool:
    """Whether a target counts classes: text, yes or no, and whole numbers do; fractions do not."""
    return values.dtype.kind in "USbiu" and values.ndim == 1


def class_names(values: Array) -> tuple[str, ...]:
    """The names of the classes, in the order of their indices."""
    return tuple(str(each) for each in np.unique(values))


def rescaled(values: Array, centre: Array, width: Array) -> Array:
    """Values as they are in the data, from scaled ones: float64."""
    return values * width + centre
