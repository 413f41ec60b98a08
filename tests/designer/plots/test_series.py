"""Series and smoothing, against the same figures computed the plain way."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer.plots.series import LONGEST, Series, smoothed

FLOATS = st.one_of(st.floats(-1e6, 1e6, width=32), st.sampled_from([math.nan, math.inf, -math.inf]))


def frames_of(values: list[float], sizes: list[int]) -> list[tuple[int, np.ndarray]]:
    frames, place = [], 0
    for size in sizes:
        frames.append((place, np.array(values[place : place + size], np.float32)))
        place += size
    return [*frames, (place, np.array(values[place:], np.float32))]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(FLOATS, min_size=1, max_size=200),
    st.lists(st.integers(1, 40), max_size=8),
    st.randoms(use_true_random=False),
    st.sampled_from([4, 8, 16]),
)
def test_that_buckets_hold_least_greatest_and_mean_in_whatever_order_frames_come(values, sizes, random, buckets):
    frames = frames_of(values, sizes)
    frames.append(frames[0])  # one frame comes twice
    random.shuffle(frames)
    series = Series(buckets)
    for first, part in frames:
        series.put(first, part)
    whole = np.array(values, np.float32)
    assert series.count == len(values)
    assert np.array_equal(series.values, whole, equal_nan=True)
    assert series.unfit == sum(not math.isfinite(value) for value in values)
    assert series.used <= buckets
    lows, means = series.outline()[1], series.means()
    for number in range(series.used):
        part = whole[number * series.width : (number + 1) * series.width]
        finite = part[np.isfinite(part)]
        low = lows[number] if series.width == 1 else lows[2 * number]
        high = lows[number] if series.width == 1 else lows[2 * number + 1]
        if len(finite):
            assert low == finite.min()
            assert high == finite.max()
            assert means[number] == pytest.approx(float(finite.astype(np.float64).mean()), rel=1e-5, abs=1e-5)
        else:
            assert np.isnan([low, high, means[number]]).all()
    bad = {step // series.width for step, value in enumerate(values) if not math.isfinite(value)}
    assert {int(step // series.width) for step in series.bad()} == bad


def test_that_steps_never_received_are_a_gap_and_not_a_fault():
    series = Series(8)
    series.put(6, np.array([1.0], np.float32))
    assert series.unfit == 0
    assert len(series.bad()) == 0
    assert np.isnan(series.outline()[1][:6]).all()
    series.put(0, np.arange(6, dtype=np.float32))
    assert series.outline()[1].tolist() == [0, 1, 2, 3, 4, 5, 1]


def test_that_absurd_steps_are_passed_over():
    series = Series()
    series.put(-5, np.ones(3, np.float32))
    series.put(LONGEST, np.ones(3, np.float32))
    series.put(0, np.empty(0, np.float32))
    assert series.count == 0
    assert series.bounds() is None


def test_that_the_width_of_buckets_doubles_and_none_is_lost():
    rng = np.random.default_rng(0)
    values = rng.normal(size=1_000_000).astype(np.float32)
    series = Series()
    for first in range(0, len(values), 9_973):
        series.put(first, values[first : first + 9_973])
    assert series.width == 512
    assert series.used == -(-len(values) // 512)
    assert series.bounds() == (float(values.min()), float(values.max()))
    steps, drawn = series.outline()
    assert len(steps) == len(drawn) == 2 * series.used


def test_that_a_closer_look_shows_the_steps_themselves():
    values = np.sin(np.arange(100_000) / 50).astype(np.float32)
    series = Series()
    series.put(0, values)
    steps, drawn = series.part(50_000, 50_900)
    assert steps.tolist() == list(range(50_000, 50_900))
    assert np.array_equal(drawn, values[50_000:50_900])
    assert len(series.part(200_000, 300_000)[0]) == 0


def plainly_smoothed(values: np.ndarray, steps: float) -> list[float]:
    made = []
    for here in range(len(values)):
        weights = [(math.exp(-abs(here - there) / steps), values[there]) for there in range(len(values))]
        known = [(weight, value) for weight, value in weights if math.isfinite(value)]
        made.append(
            sum(w * v for w, v in known) / sum(w for w, _ in known) if math.isfinite(values[here]) else math.nan
        )
    return made


def test_that_smoothing_is_the_weighted_mean_of_neighbours_and_leaves_gaps():
    rng = np.random.default_rng(1)
    values = (np.exp(-np.arange(80) / 20) + rng.normal(0, 0.05, 80)).astype(np.float32)
    values[30:33] = np.nan
    values[60] = np.inf
    found = smoothed(values, 3.0)
    assert np.isnan(found[[30, 31, 32, 60]]).all()
    wanted = np.array(plainly_smoothed(values, 3.0))
    known = np.isfinite(wanted)
    assert np.abs(found[known] - wanted[known]).max() < 0.01  # weights below exp(-6) are left out


def test_that_smoothing_a_straight_line_keeps_it_away_from_its_ends():
    line = np.arange(200, dtype=np.float32)
    assert np.abs(smoothed(line, 4.0)[40:160] - line[40:160]).max() < 1e-3
