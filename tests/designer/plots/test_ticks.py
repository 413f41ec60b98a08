"""Ticks span what is shown, and numbers read as people write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from designer.plots.ticks import MINUS, epoch_ticks, figure, linear_ticks, log_ticks, percent, short_number

SIZES = st.floats(1e-12, 1e12)


@given(SIZES, SIZES)
def test_that_log_ticks_span_the_values_and_are_few(one, other):
    low, high = sorted((one, other))
    ticks = log_ticks(low, high)
    assert ticks == sorted(ticks)
    assert ticks[0] <= low * (1 + 1e-5)
    assert ticks[-1] >= high * (1 - 1e-5)
    assert 2 <= len(ticks) <= 11


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_that_linear_ticks_span_the_values_and_are_few(one, other):
    low, high = sorted((one, other))
    assume(high - low > 1e-6 * max(1e-9, abs(low), abs(high)))
    ticks = linear_ticks(low, high)
    step = ticks[1] - ticks[0]
    assert ticks[0] <= low + 1e-6 * step
    assert ticks[-1] >= high - 1e-6 * step
    assert 2 <= len(ticks) <= 8


@given(st.floats(-1e9, 1e9))
def test_that_a_single_value_has_room_around_it(value):
    ticks = linear_ticks(value, value)
    assert ticks[0] < value < ticks[-1] or ticks[0] == pytest.approx(value)


def test_that_ticks_of_what_is_no_number_do_not_fail():
    assert linear_ticks(math.nan, 1.0) == [0.0, 1.0]
    assert linear_ticks(0.0, math.inf) == [0.0, 1.0]


def test_that_the_ticks_of_a_loss_are_those_of_the_picture():
    assert log_ticks(0.012, 0.99) == pytest.approx([0.01, 0.03, 0.1, 0.3, 1])


def test_that_epochs_stand_where_they_end():
    ticks = epoch_ticks(0, 230, 23, wanted=5)
    assert ticks[0] == (0, "epoch")
    assert ticks[1:] == [(46.0, "2"), (92.0, "4"), (138.0, "6"), (184.0, "8"), (230.0, "10")]


def test_that_steps_are_counted_where_less_than_two_epochs_are_in_sight():
    ticks = epoch_ticks(0, 100, 0, wanted=5)
    assert ticks[0] == (0, "step")
    assert ticks[1:] == [(20.0, "20"), (40.0, "40"), (60.0, "60"), (80.0, "80"), (100.0, "100")]
    assert epoch_ticks(0, 0, 5) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0412, "0.041"),
        (1.23456, "1.235"),
        (12.34, "12.3"),
        (1234.5, "1234"),
        (0.0000412, "4.1e-5"),
        (123456.0, "1.2e5"),
        (0.0, "0.000"),
        (-0.5, MINUS + "0.500"),
        (math.nan, "NaN"),
        (-math.inf, MINUS + "∞"),
    ],
)
def test_that_figures_are_short(value, text):
    assert figure(value) == text


@given(st.floats(-1e300, 1e300))
def test_that_no_figure_is_wider_than_its_place(value):
    assert len(figure(value)) <= 9


def test_that_shares_and_ticks_read_well():
    assert percent(0.98712) == "98.7\u00a0%"
    assert percent(math.nan) == "NaN"
    assert [short_number(value) for value in (0.0, 0.3, 1e-5, 2000.0, -3.0)] == [
        "0",
        "0.3",
        "1e-5",
        "2000",
        MINUS + "3",
    ]
