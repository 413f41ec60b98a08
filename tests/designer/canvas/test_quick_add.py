"""The search over all layers at the cursor."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from core.graph import Link
from core.layers import CATALOGUE
from designer.layer_search import found

SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier


def names(canvas) -> list[str]:
    rows = canvas.floating.quick_add.rows
    return [rows.item(row).text() for row in range(rows.count())]


@pytest.mark.parametrize(("key", "keys"), [(Qt.Key.Key_Tab, NONE), (Qt.Key.Key_A, SHIFT)])
def test_that_tab_and_shift_a_open_it_at_the_cursor(canvas, hand, document, key, keys):
    hand.hover((300, 380))
    QTest.keyClick(canvas, key, keys)
    popup = canvas.floating.quick_add
    assert popup.isVisible()
    assert popup.query.hasFocus()
    QTest.keyClicks(popup.query, "flatten")
    QTest.keyClick(popup.query, Qt.Key.Key_Return)
    node = document.project.graph.nodes["flatten1"]
    assert (node.x, node.y) == (220.0, 363.0)
    assert (document.undo_stack.count(), document.undo_stack.undoText()) == (1, "Add Flatten")
    assert canvas.selected == ("flatten1",)
    assert canvas.hasFocus()


def test_that_a_double_click_on_empty_canvas_opens_it(canvas, hand):
    hand.double_click((300, 400))
    assert canvas.floating.quick_add.isVisible()


def test_that_arrows_choose_and_escape_leaves_everything_as_it_was(canvas, document):
    canvas.open_quick_add(QPointF(300, 400))
    popup = canvas.floating.quick_add
    QTest.keyClick(popup.query, Qt.Key.Key_Down)
    assert popup.rows.currentRow() == 1
    QTest.keyClick(popup.query, Qt.Key.Key_Up)
    QTest.keyClick(popup.query, Qt.Key.Key_Up)
    assert popup.rows.currentRow() == popup.rows.count() - 1
    QTest.keyClick(popup.query, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert document.undo_stack.count() == 0
    assert canvas.hasFocus()


def test_that_a_click_on_a_row_adds_its_layer(canvas, document):
    canvas.open_quick_add(QPointF(300, 400))
    popup = canvas.floating.quick_add
    QTest.keyClicks(popup.query, "GELU")
    place = popup.rows.visualItemRect(popup.rows.item(0)).center()
    QTest.mouseClick(popup.rows.viewport(), Qt.MouseButton.LeftButton, NONE, place)
    assert document.project.graph.nodes["gelu1"].layer == "GELU"


def test_that_a_press_beside_it_closes_it(canvas, hand, document):
    canvas.open_quick_add(QPointF(300, 400))
    hand.click((-100, -100))
    assert not canvas.floating.quick_add.isVisible()
    assert document.undo_stack.count() == 0


def test_that_it_lies_inside_the_view_wherever_it_is_opened(canvas):
    for at in (canvas.seen().topLeft(), canvas.seen().bottomRight()):
        canvas.open_quick_add(at)
        assert canvas.rect().contains(canvas.floating.quick_add.geometry())


def test_that_a_search_knows_names_synonyms_and_words_of_the_help():
    assert found("conv2", CATALOGUE)[0] == "Conv2d"
    assert found("CrossEntropyLoss", CATALOGUE)[0] == "CrossEntropyLoss"
    assert "Target" in found("label", CATALOGUE)[:5]
    assert "Noise" in found("random", CATALOGUE)
    assert found("qqqq", CATALOGUE) == []


def test_that_every_layer_is_found_first_by_its_own_name():
    assert [name for name in CATALOGUE if found(name, CATALOGUE)[0] != name] == []


def test_that_a_link_dropped_on_empty_canvas_asks_for_layers_with_inputs_and_connects(canvas, hand, document):
    hand.drag(hand.port("act", "output", True), (700, 120))
    offered = set(names(canvas))
    assert {"Input", "Target", "Noise"}.isdisjoint(offered)
    assert {"Output", "Linear"} <= offered
    assert canvas.marks.wire is not None
    QTest.keyClicks(canvas.floating.quick_add.query, "Flatten")
    QTest.keyClick(canvas.floating.quick_add.query, Qt.Key.Key_Return)
    assert Link("act", "output", "flatten1", "input") in document.project.graph.links
    assert document.undo_stack.count() == 1
    assert canvas.marks.wire is None
    port = hand.port("flatten1", "input")
    assert abs(port.x() - 700) <= 6
    assert abs(port.y() - 120) <= 6


def test_that_a_link_dragged_backwards_asks_for_layers_with_outputs(canvas, hand, document):
    hand.drag(hand.port("fc", "input"), (-180, 330))
    assert "Output" not in names(canvas)
    assert "Input" in names(canvas)
    QTest.keyClicks(canvas.floating.quick_add.query, "Flatten")
    QTest.keyClick(canvas.floating.quick_add.query, Qt.Key.Key_Return)
    assert Link("flatten1", "output", "fc", "input") in document.project.graph.links
    assert document.undo_stack.count() == 1


def test_that_a_dismissed_search_takes_the_dropped_link_away(canvas, hand, document):
    hand.drag(hand.port("act", "output", True), (700, 120))
    QTest.keyClick(canvas.floating.quick_add.query, Qt.Key.Key_Escape)
    assert canvas.marks.wire is None
    assert document.undo_stack.count() == 0
