"""Splitting and scaling keep their laws for any data."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from core.datasets.preparation import class_indices, rescaled, scaled, scaling, split_rows


@given(
    some.integers(1, 400),
    some.integers(1, 12),
    some.floats(0, 0.45),
    some.floats(0, 0.45),
    some.integers(0, 10),
    some.booleans(),
)
def test_that_a_split_takes_every_row_once_and_each_class_by_its_share(
    rows: int, classes: int, validation: float, test: float, seed: int, stratify: bool
) -> None:
    target = np.random.default_rng(seed).integers(0, classes, rows)
    parts = split_rows(target, validation, test, seed, stratify)
    assert sorted(np.concatenate(parts).tolist()) == list(range(rows))
    for part, share in zip(parts[1:], (validation, test), strict=True):
        assert abs(len(part) - share * rows) <= 2
        if stratify:
            for each in range(classes):
                assert abs(int((target[part] == each).sum()) - share * int((target == each).sum())) <= 3


@given(some.integers(0, 2**63 - 1))
def test_that_the_same_seed_splits_the_same_way(seed: int) -> None:
    target = np.arange(50) % 3
    once, again = (split_rows(target, 0.2, 0.1, seed, True) for _ in range(2))
    assert all((a == b).all() for a, b in zip(once, again, strict=True))


def test_that_constant_columns_stay_finite() -> None:
    values = np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0]], dtype=np.float32)
    for how in ("standardise", "range", "none"):
        made = scaled(values, np.arange(3), how)
        assert np.isfinite(made).all()
    assert (scaled(values, np.arange(3), "standardise")[:, 1] == 0).all()


def test_that_range_brings_the_training_rows_to_zero_and_one() -> None:
    values = np.array([[2.0], [4.0], [100.0]])
    made = scaled(values, np.array([0, 1]), "range")
    assert made[:2].tolist() == [[0.0], [1.0]]
    assert made[2, 0] > 1


def test_that_pictures_keep_one_centre_and_tables_one_for_each_column() -> None:
    random = np.random.default_rng(0)
    assert scaling(random.normal(size=(5, 3, 4, 4)), "standardise")[0].shape == ()
    assert scaling(random.normal(size=(5, 3)), "standardise")[0].shape == (3,)


@given(some.lists(some.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_that_scaling_back_gives_the_values_again(values: list[float]) -> None:
    raw = np.array(values)[:, None]
    centre, width = scaling(raw, "standardise")
    back = rescaled((raw - centre) / width, centre, width)
    assert np.allclose(back, raw, atol=1e-6 * max(1.0, float(np.abs(raw).max())))


def test_that_classes_are_counted_in_the_order_of_their_names() -> None:
    assert class_indices(np.array(["pear", "apple", "pear"])).tolist() == [1, 0, 1]
    assert class_indices(np.array([7, 3, 3])).tolist() == [1, 0, 0]
