"""The dock of curves shows what the events say, whatever their order and length."""

from __future__ import annotations

import csv
import math
import random

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage

from core.events import Baseline, Epoch, Losses, Started
from designer.plots.curves import Curves
from designer.plots.series import smoothed
from designer.plots.ticks import figure, percent


@pytest.fixture
def curves(qtbot):
    made = Curves()
    qtbot.addWidget(made)
    made.resize(480, 290)
    made.show()
    qtbot.waitExposed(made)
    return made


def contents(drawn):
    return [part.tolist() for line in (drawn.train, drawn.smooth, drawn.validation) for part in line]


def give(curves, events):
    for event in events:
        curves.receive(event)
    curves._refresh.now()


def test_that_every_loss_is_drawn_and_the_figures_are_the_last_values(curves, run, losses):
    give(curves, run)
    steps, values = curves.drawn.train
    assert steps.tolist() == list(range(len(losses)))
    assert np.array_equal(values, losses)
    wanted = smoothed(losses, max(4.0, len(losses) / 100))[-1]
    assert curves.train.text == figure(float(wanted))
    assert curves.validation.text == figure(0.9 / 5 + 0.01)
    assert curves.drawn.validation[0].tolist() == [20, 40, 60, 80, 100]
    assert curves.drawn.best is not None
    assert curves.drawn.best == (80.0, pytest.approx(0.9 / 4 + 0.01))


def test_that_the_order_of_events_does_not_matter(curves, run, qtbot):
    give(curves, run)
    wanted = contents(curves.drawn)
    shuffled = [*run, run[3], run[3]]
    random.Random(3).shuffle(shuffled)
    other = Curves()
    qtbot.addWidget(other)
    other.resize(480, 290)
    give(other, shuffled)
    other._refresh.now()
    assert contents(other.drawn) == wanted
    assert other.train.text == curves.train.text


def test_that_the_plotted_items_stand_on_a_logarithmic_scale_until_it_is_switched_off(curves, run, losses, qtbot):
    give(curves, run)
    assert curves.is_logarithmic
    assert np.allclose(curves.chart._train.getData()[1], np.log10(losses), atol=1e-6)
    qtbot.mouseClick(curves.log, Qt.MouseButton.LeftButton)
    assert not curves.is_logarithmic
    assert np.array_equal(curves.chart._train.getData()[1], losses)


def test_that_losses_below_zero_are_shown_on_a_linear_scale(curves):
    give(curves, [Losses(0, np.array([0.5, -0.2, -0.7], "<f4").tobytes())])
    assert not curves.is_logarithmic
    assert not curves.log.isEnabled()
    assert np.allclose(curves.chart._train.getData()[1], [0.5, -0.2, -0.7])


def test_that_nan_and_infinity_are_gaps_with_a_mark_and_a_word(curves, run, shot):
    give(curves, [*run, Losses(40, np.array([np.nan, np.inf], "<f4").tobytes())])
    heights = curves.chart._train.getData()[1]
    assert np.isnan(heights[[40, 41]]).all()
    assert np.isfinite(heights[[39, 42]]).all()
    assert curves.drawn.bad.tolist() == [40, 41]
    assert curves.chart._bad.getData()[0].tolist() == [40, 41]
    assert "train not a number" in curves.readout(40)
    picture = shot(curves)
    assert count_of(picture, curves.chart._theme.bad) > 10


def count_of(picture: QImage, colour: str) -> int:
    wanted = QImage(1, 1, QImage.Format.Format_RGB32)
    wanted.fill(colour)
    pixels = np.frombuffer(picture.constBits(), np.uint32).reshape(picture.height(), -1) & 0xFFFFFF
    return int(np.count_nonzero(pixels == (wanted.pixel(0, 0) & 0xFFFFFF)))


def test_that_accuracy_has_its_own_view_with_the_baseline(curves, run, qtbot):
    give(curves, run)
    assert curves.switch.choices == ("loss", "accuracy")
    qtbot.mouseClick(curves.switch._buttons["accuracy"], Qt.MouseButton.LeftButton)
    assert curves.family == "accuracy"
    assert curves.validation.text == percent(0.9)
    assert curves.train.text == percent(0.92)
    assert curves.drawn.baseline == ("logistic regression", 0.969)
    assert curves.chart._baseline.isVisible()
    assert curves.chart._baseline.value() == pytest.approx(0.969)
    assert curves.chart._baseline.label.format == "logistic regression 96.9\u00a0%"
    assert curves.log.isHidden()


def test_that_regression_metrics_are_offered_where_there_is_no_accuracy(curves):
    give(curves, [Epoch(1, 10, 1.0, {"validation_loss": 1.0, "validation_r2": 0.4, "validation_mae": 40.0})])
    assert curves.switch.choices == ("loss", "mae", "r2")


def test_that_the_readout_says_what_stands_under_the_cursor(curves, run, losses, qtbot):
    give(curves, run)
    box = curves.chart._box
    place = curves.chart.mapFromScene(box.mapViewToScene(QPointF(50.0, -0.5)))
    qtbot.mouseMove(curves.chart.viewport(), QPoint(5, 5))
    qtbot.mouseMove(curves.chart.viewport(), place)
    step = round(curves._pointed)
    assert abs(step - 50) <= 1
    text = curves.chart._readout.text()
    assert f"step {step}" in text
    assert f"epoch {step // 20 + 1}" in text
    assert f"train {figure(float(losses[step]))}" in text
    assert f"val {figure(0.9 / 2 + 0.01)}" in text
    assert curves.chart._readout.isVisible()
    curves.chart.pointed.emit(-1.0)
    assert not curves.chart._readout.isVisible()


def test_that_zooming_in_shows_single_steps_and_a_double_click_the_whole_run(curves, qtbot):
    values = np.exp(np.random.default_rng(0).normal(size=50_000)).astype("<f4")
    give(curves, [Losses(0, values.tobytes())])
    assert curves.history.losses.width > 1
    curves.chart._box.setXRange(1000, 1500, padding=0)
    curves.chart._box.sigRangeChangedManually.emit([True, False])
    curves._refresh.now()
    steps, drawn = curves.drawn.train
    assert np.array_equal(drawn, values[1000 : 1000 + len(drawn)])
    assert steps[0] == 1000
    assert 500 <= len(steps) <= 503
    qtbot.mouseDClick(curves.chart.viewport(), Qt.MouseButton.LeftButton)
    curves._refresh.now()
    assert curves.chart.span == pytest.approx((0, 50_000))


def test_that_the_axis_spans_the_planned_run_so_that_nothing_jumps(curves, run):
    give(curves, run[:4])
    before = curves.chart.span
    give(curves, run[4:12])
    assert curves.chart.span == before == pytest.approx((0, 100))


def test_that_a_new_run_takes_the_place_of_the_old_one(curves, run):
    give(curves, run)
    other = Started("run 2", "cpu", 1, False, 3, 5, (1, 1, 1), 0, 10)
    give(curves, [other, Losses(0, np.ones(4, "<f4").tobytes())])
    assert curves.history.losses.count == 4
    assert curves.switch.choices == ("loss",)
    assert curves.chart.span == pytest.approx((0, 15))


def test_that_clearing_shows_the_hint_again(curves, run):
    give(curves, run)
    assert curves._empty.isHidden()
    curves.clear()
    assert not curves._empty.isHidden()
    assert curves.train.text == "–"
    assert len(curves.chart._train.getData()[0] if curves.chart._train.getData()[0] is not None else []) == 0


def test_that_the_numbers_are_saved_whole(curves, run, losses, tmp_path):
    give(curves, run)
    curves.save_numbers(tmp_path / "curves.csv")
    rows = list(csv.DictReader((tmp_path / "curves.csv").read_text("utf-8").splitlines()))
    steps = [row for row in rows if row["name"] == "train_loss_of_step"]
    assert [int(row["step"]) for row in steps] == list(range(len(losses)))
    assert np.array_equal(np.array([float(row["value"]) for row in steps], np.float32), losses)
    accuracies = [float(row["value"]) for row in rows if row["name"] == "validation_accuracy"]
    assert accuracies == pytest.approx([1 - 0.5 / epoch for epoch in range(1, 6)])


def test_that_the_picture_is_saved_at_twice_its_size(curves, run, tmp_path):
    give(curves, run)
    curves.save_picture(tmp_path / "curves.png")
    saved = QImage(str(tmp_path / "curves.png"))
    assert (saved.width(), saved.height()) == (960, 580)
    with pytest.raises(OSError, match="could not be written"):
        curves.save_picture(tmp_path / "nowhere" / "curves.png")


def test_that_figures_keep_their_width(curves, run):
    give(curves, run)
    before = curves.train._value.width()
    give(curves, [Losses(100, np.full(60, 1.2345e-7, "<f4").tobytes())])
    assert curves.train._value.width() == before
    assert "e-" in curves.train.text


def test_that_a_million_events_are_painted_a_few_times_only(curves, qtbot):
    painted = []
    show = curves._refresh._show
    curves._refresh._show = lambda: (painted.append(1), show())
    values = np.ones(100, "<f4").tobytes()
    for first in range(0, 1_000_000, 100):
        curves.receive(Losses(first, values))
    assert not painted
    qtbot.waitUntil(lambda: bool(painted), timeout=5000)
    assert curves.history.losses.count == 1_000_000
    assert len(painted) == 1


def test_that_nothing_is_painted_while_the_dock_is_hidden(curves, run, qtbot):
    curves.hide()
    for event in run:
        curves.receive(event)
    assert curves._refresh.is_pending
    assert not curves._refresh._timer.isActive()
    curves.show()
    qtbot.waitUntil(lambda: not curves._refresh.is_pending, timeout=5000)
    assert curves.validation.text == figure(0.9 / 5 + 0.01)


@pytest.mark.parametrize("size", [(1, 1), (40, 20), (120, 60), (230, 150), (1600, 400)])
def test_that_every_size_and_theme_can_be_painted(curves, run, theme, size, shot):
    give(curves, run)
    curves.set_theme(theme)
    curves.resize(*size)
    assert not shot(curves).isNull()
    curves.clear()
    assert not shot(curves).isNull()


def test_that_a_constant_or_lonely_loss_can_be_drawn(curves):
    give(curves, [Losses(0, np.array([2.3], "<f4").tobytes())])
    assert curves.train.text == "2.300"
    low, high = curves.chart._box.viewRange()[1]
    assert low < math.log10(2.3) < high
    give(curves, [Losses(0, np.zeros(5, "<f4").tobytes())])
    assert not curves.is_logarithmic
    give(curves, [Losses(0, np.full(5, np.nan, "<f4").tobytes())])
    assert curves.train.text == "NaN"


def test_that_a_baseline_alone_is_no_curve(curves):
    give(curves, [Baseline("logistic regression", "validation_accuracy", 0.97)])
    assert curves.history.is_empty
    assert not curves._empty.isHidden()
