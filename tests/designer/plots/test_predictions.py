"""The dock of predictions, with the real digits, irises and diabetes patients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from sklearn.datasets import load_diabetes, load_digits, load_iris

from core.events import Epoch, Prediction
from core.events import Predictions as Said
from designer.plots.predictions import Predictions
from designer.plots.samples import PICTURE, WRONG, decided, picture
from designer.plots.ticks import figure

DIGITS = tuple("0123456789")


def shares(count: int, best: int, share: float) -> tuple[float, ...]:
    rest = (1 - share) / (count - 1)
    return tuple(share if number == best else rest for number in range(count))


@pytest.fixture(scope="module")
def digits() -> Said:
    """Forty real digits, of which every fifth is taken for the next one."""
    inputs, targets = load_digits(return_X_y=True)
    rows = tuple(
        Prediction(
            row, 1.0 - row / 100, (float(targets[row]),),
            shares(10, int(targets[row] + (row % 5 == 0)) % 10, 0.91),
            inputs[row].astype("<f4").tobytes(),
        )
        for row in range(40)
    )  # fmt: skip
    return Said(100, "image", (1, 8, 8), rows, 0.8, DIGITS)


@pytest.fixture(scope="module")
def irises() -> Said:
    found: Any = load_iris()
    rows = tuple(
        Prediction(row, 0.1, (float(found.target[row]),), shares(3, 1, 0.6), found.data[row].astype("<f4").tobytes())
        for row in range(0, 150, 10)
    )
    return Said(1, "features", (4,), rows, 1 / 3, tuple(found.target_names), tuple(found.feature_names))


@pytest.fixture(scope="module")
def patients() -> Said:
    found: Any = load_diabetes(scaled=False)
    rows = tuple(
        Prediction(
            row,
            1.0,
            (float(found.target[row]),),
            (float(found.target[row]) + row,),
            found.data[row].astype("<f4").tobytes(),
        )
        for row in range(30)
    )
    return Said(1, "features", (10,), rows, None, (), tuple(found.feature_names))


@pytest.fixture
def dock(qtbot):
    made = Predictions()
    qtbot.addWidget(made)
    made.resize(345, 290)
    made.show()
    qtbot.waitExposed(made)
    return made


def give(dock, *events):
    for event in events:
        dock.receive(event)
    dock._refresh.now()


def test_that_digits_are_tiles_in_the_order_of_the_engine(dock, digits):
    give(dock, digits)
    assert dock._pages.currentWidget() is dock.tiles
    assert dock.accuracy.text == "80.0\u00a0%"
    model = dock.model
    captions = [model.caption(row) for row in digits.rows]
    for row, caption in zip(digits.rows, captions, strict=True):
        target = int(row.target[0])
        assert caption == (f"{(target + 1) % 10}? .91" if row.row % 5 == 0 else f"{target} .91")
        assert model.is_wrong(row) == (row.row % 5 == 0)
    assert model.index(0, 0).data(WRONG)
    assert not model.index(1, 0).data(WRONG)


def test_that_a_tile_shows_the_very_pixels_of_the_sample(dock, digits):
    give(dock, digits)
    shown = dock.model.index(3, 0).data(PICTURE).toImage()
    wanted = np.frombuffer(digits.rows[3].input, "<f4").reshape(8, 8) / 16 * 255
    found = np.array([[shown.pixelColor(x, y).red() for x in range(8)] for y in range(8)])
    assert np.abs(found - wanted).max() <= 1


def test_that_colours_stand_in_their_channels():
    red = np.zeros((3, 4, 5), "<f4")
    red[0] = 2.0
    image = picture(red.tobytes(), (3, 4, 5), 0.0, 2.0)
    assert (image.width(), image.height()) == (5, 4)
    assert image.pixelColor(0, 0).name() == "#ff0000"
    assert picture(b"1234", (3, 4, 5), 0, 1).isNull()


def test_that_tiles_fill_the_width_and_never_overlap(dock, digits):
    for width in (90, 200, 345, 500, 700):
        dock.resize(width, 290)
        give(dock, digits)
        rects = [dock.tiles.visualRect(dock.model.index(row, 0)) for row in range(40)]
        tiles = [rect.adjusted(0, 0, -6, -6) for rect in rects]
        assert not any(one.intersects(other) for place, one in enumerate(tiles) for other in tiles[:place])
        columns = len({rect.x() for rect in rects})
        room = dock.tiles.maximumViewportSize().width()
        assert columns == max(1, (room - 1) // 62)
        assert max(rect.right() for rect in tiles) <= max(room, 24)


def test_that_the_tooltip_names_the_target_and_the_likeliest_classes(dock, digits):
    give(dock, digits)
    words = dock.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    target = int(digits.rows[0].target[0])
    assert f"✗ is {target}" in words
    assert f"{target + 1}: 91.0 %" in words
    assert "and 2 less likely ones" in words
    assert dock.model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("row 1, loss 0.990\n✓")


def test_that_wrong_tiles_are_outlined(dock, digits, theme, shot):
    dock.set_theme(theme)
    give(dock, digits)
    image = shot(dock.tiles.viewport())
    marks = []
    for row in range(4):
        rect = dock.tiles.visualRect(dock.model.index(row, 0)).adjusted(0, 0, -6, -6)
        colour = image.pixelColor(rect.center().x(), rect.y() + 1)
        marks.append(colour.red() > colour.blue() + 60)
    assert marks == [True, False, False, False]


def test_that_a_table_names_its_columns_and_marks_wrong_rows(dock, irises):
    give(dock, irises)
    assert dock._pages.currentWidget() is dock.table
    model = dock.model
    heads = [model.headerData(number, Qt.Orientation.Horizontal) for number in range(model.columnCount())]
    assert heads == ["", "prediction", "target", *irises.columns]
    first = [model.index(0, number).data() for number in range(model.columnCount())]
    assert first == ["✗", "versicolor? .60", "setosa", "5.100", "3.500", "1.400", "0.200"]
    assert model.index(5, 0).data() == "✓"
    assert model.headerData(1, Qt.Orientation.Vertical) == "10"


def test_that_regression_shows_target_prediction_and_error(dock, patients):
    give(dock, patients, Epoch(1, 1, 1.0, {"validation_mae": 14.5}))
    model = dock.model
    heads = [model.headerData(number, Qt.Orientation.Horizontal) for number in range(3)]
    assert heads == ["prediction", "target", "error"]
    for row in (0, 7, 29):
        target = patients.rows[row].target[0]
        assert [model.index(row, number).data() for number in range(3)] == [
            figure(target + row),
            figure(target),
            figure(row),
        ]
    assert dock.accuracy.isHidden()
    assert dock.error.text == "14.5"


def test_that_one_probability_is_that_of_the_second_class():
    assert decided(Prediction(0, 0, (1.0,), (0.8,)), ("no", "yes")) == (1, 0.8)
    assert decided(Prediction(0, 0, (1.0,), (0.2,)), ("no", "yes")) == (0, 0.8)
    assert decided(Prediction(0, 0, (1.0, 0.0), (0.2, 0.9)), ("no", "yes")) is None
    assert decided(Prediction(0, 0, (2.5,), (2.4,)), ()) is None


def test_that_news_of_the_same_form_keeps_the_place(dock, digits):
    give(dock, digits)
    dock.tiles.setCurrentIndex(dock.model.index(7, 0))
    dock.tiles.verticalScrollBar().setValue(60)
    place = dock.tiles.verticalScrollBar().value()
    give(dock, Said(200, "image", (1, 8, 8), digits.rows[::-1], 0.9, DIGITS))
    assert dock.tiles.verticalScrollBar().value() == place == 60
    assert dock.tiles.currentIndex().row() == 7
    assert dock.model.caption(dock.model.said.rows[0]) == dock.model.caption(digits.rows[-1])


def test_that_another_form_takes_the_place_of_the_old_one(dock, digits, irises):
    give(dock, irises)
    give(dock, digits)
    assert dock._pages.currentWidget() is dock.tiles
    give(dock, irises)
    assert dock._pages.currentWidget() is dock.table
    dock.clear()
    assert dock._pages.currentWidget() is dock._empty


def test_that_outputs_that_are_no_numbers_are_shown(dock, digits, shot):
    nan = Prediction(1, float("nan"), (3.0,), (float("nan"),) * 10, digits.rows[0].input)
    empty = Prediction(2, float("inf"), (float("nan"),), (0.1,) * 10, b"")
    give(dock, Said(1, "image", (1, 8, 8), (nan, empty), None, DIGITS))
    assert not shot(dock).isNull()
    assert "loss NaN" in dock.model.explanation(nan)


@pytest.mark.parametrize("size", [(1, 1), (60, 40), (1600, 500)])
def test_that_every_size_can_be_painted(dock, digits, irises, shot, size):
    dock.resize(*size)
    for said in (digits, irises):
        give(dock, said)
        assert not shot(dock).isNull()
