"""A drawing becomes what the network takes: averaged like the data were, fitted like the data are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from sklearn.datasets import load_digits

from designer.plots.pad import LARGEST_SIDE, Pad
from designer.plots.strokes import Habit, averaged, box, fitted, habit, raw


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_that_averaging_keeps_the_ink(height, width, rows, columns, seed):
    sheet = np.random.default_rng(seed).random((rows, columns), dtype=np.float32)
    cells = averaged(sheet, height, width)
    assert cells.shape == (height, width)
    assert cells.mean() == pytest.approx(sheet.mean(), rel=1e-3)
    assert cells.min() >= sheet.min() - 1e-5
    assert cells.max() <= sheet.max() + 1e-5


def test_that_whole_cells_are_plain_means():
    sheet = np.random.default_rng(0).random((80, 50), dtype=np.float32)
    wanted = sheet.reshape(8, 10, 5, 10).mean(axis=(1, 3))
    assert np.abs(averaged(sheet, 8, 5) - wanted).max() < 1e-6


def test_that_the_habit_of_the_real_digits_is_found():
    pictures = load_digits(return_X_y=True)[0].reshape(-1, 8, 8).astype(np.float32)
    found = habit(pictures, 0, 16)
    assert found.is_ink_high
    assert found.height == 1.0  # each digit of this set fills its eight rows
    assert 0.6 <= found.width <= 0.9
    turned = habit(16 - pictures, 0, 16)
    assert not turned.is_ink_high
    assert (turned.height, turned.width) == (found.height, found.width)


def test_that_there_is_a_habit_without_samples():
    assert habit(np.empty((0, 8, 8), np.float32), 0, 16) == Habit()
    assert habit(np.zeros((3, 8, 8), np.float32), 0, 16).is_ink_high
    assert habit(np.ones((3, 8, 8), np.float32), 1, 1) == Habit()


@pytest.mark.parametrize(
    ("top", "left", "tall", "wide"), [(5, 5, 20, 12), (60, 50, 18, 6), (0, 0, 80, 80), (30, 10, 6, 50)]
)
def test_that_a_drawing_anywhere_is_fitted_to_the_middle(top, left, tall, wide):
    sheet = np.zeros((80, 80), np.float32)
    sheet[top : top + tall, left : left + wide] = 1
    found = box(fitted(sheet, Habit(0.9, 0.6)))
    assert found is not None
    height, width = found[1] - found[0], found[3] - found[2]
    assert height <= 0.9 * 80 + 2
    assert width <= 0.6 * 80 + 2
    assert height >= 0.9 * 80 - 2 or width >= 0.6 * 80 - 2
    assert height / width == pytest.approx(tall / wide, rel=0.25, abs=0.3)
    assert abs(found[0] + found[1] - 80) <= 2
    assert abs(found[2] + found[3] - 80) <= 2


def test_that_an_empty_sheet_stays_empty():
    assert box(np.zeros((8, 8), np.float32)) is None
    assert not fitted(np.zeros((80, 80), np.float32), Habit()).any()


def test_that_ink_is_given_in_the_units_of_the_data():
    ink = np.array([[0.0, 0.5], [1.0, 0.25]], np.float32)
    assert raw(ink, Habit(), 0, 16) == [0, 8, 16, 4]
    assert raw(ink, Habit(is_ink_high=False), -1, 1) == [1, 0, -1, 0.5]


@pytest.fixture
def pad(qtbot):
    made = Pad(8, 8)
    qtbot.addWidget(made)
    made.resize(162, 162)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_that_the_mouse_draws_where_it_goes(pad, qtbot):
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(81, 11))
    for y in range(21, 152, 10):
        qtbot.mouseMove(pad, QPoint(81, y))
    qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(81, 151))
    qtbot.mouseMove(pad, QPoint(20, 20))
    seen = pad.seen(Habit(), fit=False)
    assert seen[:, 3:5].min() > 0.2
    assert not seen[:, :3].any()
    assert not seen[:, 5:].any()


def test_that_delete_clears_the_sheet(pad, qtbot):
    pad.stroke([QPointF(1, 1), QPointF(7, 7)])
    assert pad.ink().any()
    with qtbot.waitSignal(pad.drawn):
        qtbot.keyClick(pad, Qt.Key.Key_Delete)
    assert not pad.ink().any()
    assert pad.is_empty


def test_that_a_dark_digit_on_white_paper_becomes_ink(pad):
    paper = QImage(40, 40, QImage.Format.Format_RGB32)
    paper.fill(QColor("white"))
    for x in range(15, 25):
        for y in range(5, 35):
            paper.setPixelColor(x, y, QColor("black"))
    pad.put(paper)
    seen = pad.seen(Habit(), fit=False)
    assert seen[2:6, 3:5].min() > 0.9
    assert seen[:, :2].max() < 0.05


def test_that_large_fields_keep_the_sheet_small(qtbot):
    large = Pad(2000, 1000)
    qtbot.addWidget(large)
    assert large.ink().shape == (2000, 1000)
    middle = Pad(100, 50)
    qtbot.addWidget(middle)
    assert max(middle.ink().shape) <= LARGEST_SIDE
    assert middle.seen(Habit(), fit=True).shape == (100, 50)
