"""What has to be true of any data set before it may train a network, said in sentences."""

from __future__ import annotations

import numpy as np

from core.datasets.dataset import Arrays, DataFault, DataSet
from core.datasets.preparation import Array, class_names, is_classes

MOST_CLASSES = 10_000
"""More classes than this are most likely numbers or names of rows."""


def examine(declared: DataSet, arrays: Arrays, target: str) -> None:
    """Raise DataFault where the arrays cannot be learned from: empty, not finite, one class only."""
    name = declared.name
    for field, values in arrays.items():
        if len(values) == 0 or values.size == 0:
            raise DataFault(f"{name} holds no rows in {field!r}; choose data with at least a few rows.")
        _examine_numbers(name, field, values, declared.columns())
    answers = arrays[target]
    if is_classes(answers):
        names = class_names(answers)
        if len(names) < 2:
            raise DataFault(
                f"{name}: every row of {target!r} is of the one class {''.join(names)!r}; at least "
                "two are needed to learn a difference."
            )
        if len(names) > MOST_CLASSES:
            raise DataFault(
                f"{name}: {target!r} counts {len(names):,} classes; choose the field with the answers, or "
                "take them as numbers."
            )
    for field in declared.whole_fields():
        if field not in arrays:
            raise DataFault(f"{name} has no array {field!r} to take as indices; there are {', '.join(arrays)}.")
        if arrays[field].dtype.kind not in "iu" or arrays[field].min() < 0:
            raise DataFault(f"{name}: {field!r} is to be taken as indices, but does not hold whole numbers from 0.")


def _examine_numbers(name: str, field: str, values: Array, columns: tuple[str, ...]) -> None:
    if values.dtype.kind != "f":
        return
    wrong = ~np.isfinite(values)
    if not wrong.any():
        return
    rows = wrong.reshape(len(values), -1)
    first = int(rows.any(axis=1).argmax())
    column = int(rows[first].argmax())
    place = f", column {columns[column]!r}" if len(columns) == rows.shape[1] and values.ndim == 2 else ""
    word = "NaN (not a number)" if np.isnan(values.reshape(len(values), -1)[first, column]) else "infinity"
    count = int(rows.any(axis=1).sum())
    raise DataFault(
        f"{name}: {field!r} holds {word} in row {first + 1:,}{place}, and {count:,} such "
        f"{'row' if count == 1 else 'rows'} in all; fill in or remove them."
    )


def examine_parts(name: str, rows: tuple[Array, Array, Array], validation: float, test: float) -> None:
    """Raise DataFault where the split leaves a part without rows."""
    count = sum(len(part) for part in rows)
    if validation + test >= 1:
        raise DataFault(
            f"The split gives {validation:.0%} to validation and {test:.0%} to test, which leaves nothing to train on; "
            "make them smaller."
        )
    for part, share, words in zip(rows, (1.0, validation, test), ("training", "validation", "test"), strict=True):
        if share > 0 and len(part) == 0:
            raise DataFault(
                f"{name} has only {count:,} {'row' if count == 1 else 'rows'}, too few for the split: the {words} part "
                "would be empty; take more rows or change the shares."
            )


def notes_on(name: str, target: str, arrays: Arrays, rows: tuple[Array, Array, Array]) -> tuple[str, ...]:
    """What is worth knowing before training: classes that the training part never shows."""
    if not is_classes(arrays[target]):
        return ()
    shown = set(np.unique(arrays[target][rows[0]]).tolist())
    unseen = [str(each) for each in np.unique(arrays[target]).tolist() if each not in shown]
    if not unseen:
        return ()
    few = ", ".join(unseen[:5]) + (", ..." if len(unseen) > 5 else "")
    return (f"{name}: no training row is of the class {few}; the network cannot learn what it never sees.",)
