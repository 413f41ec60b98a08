"""The start page: new, open, recent files, networks as pictures; it is away as soon as there is something to see."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from core.examples import ARCHITECTURES, EXAMPLES
from core.graph import Graph, Node
from core.project import Project, text_of
from designer.app import make_window
from designer.document import Document
from designer.preferences import recent_files, remember, remembered_files
from designer.start_page import StartPage, in_lines, time_in_words
from designer.window import Window

LEFT = Qt.MouseButton.LeftButton
RELU = Project(Graph({"relu1": Node("ReLU")}))


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = make_window(Document())
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.resize(1280, 720)
    made.show()
    return made


def filled(window: Window, qtbot: QtBot) -> StartPage:
    page = window.centre.start
    qtbot.waitUntil(lambda: bool(page.cards) and all(card.picture is not None for card in page.cards))
    return page


def colours(card) -> int:
    image = card.picture.toImage()
    return len({image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)})


def test_that_only_the_head_of_the_page_is_made_before_the_first_paint(window: Window):
    assert window.centre.start.isVisible()
    assert window.centre.start.cards == []


def test_that_every_network_that_comes_along_has_a_card_with_its_drawing(window: Window, qtbot: QtBot):
    page = filled(window, qtbot)
    assert [card.name for card in page.cards] == [each.name for each in (*EXAMPLES, *ARCHITECTURES)]
    assert min(colours(card) for card in page.cards) > 3


def test_that_what_a_card_of_an_example_says_is_not_cut_off(window: Window, qtbot: QtBot):
    for card in filled(window, qtbot).cards[: len(EXAMPLES)]:
        measure, room = card.fontMetrics(), card.width() - 24
        lines = in_lines(card.about, measure, room)
        assert " ".join(lines) == card.about
        assert all(measure.elidedText(line, Qt.TextElideMode.ElideRight, room) == line for line in lines), card.about


def test_that_a_card_opens_its_network_and_the_page_is_away(window: Window, qtbot: QtBot):
    page = filled(window, qtbot)
    card = next(each for each in page.cards if each.name == "digits")
    qtbot.mouseClick(card, LEFT)
    assert "conv1" in window.document.project.graph.nodes
    assert page.isHidden()
    assert window.centre.hint.isHidden()


def test_that_the_page_comes_back_over_an_open_network_and_leaves_it_as_it_is(window: Window, qtbot: QtBot):
    window.document.new(RELU)
    assert window.centre.start.isHidden()
    window.actions_of["start_page"].trigger()
    page = filled(window, qtbot)
    assert page.isVisible()
    QApplication.processEvents()
    qtbot.keyClick(page.buttons["New network"], Qt.Key.Key_Escape)
    assert page.isHidden()
    assert window.document.project is RELU
    assert window.focusWidget() is window.canvas


def test_that_new_begins_an_empty_canvas_that_says_what_to_do(window: Window, qtbot: QtBot):
    qtbot.mouseClick(window.centre.start.buttons["New network"], LEFT)
    assert window.centre.start.isHidden()
    assert window.centre.hint.isVisible()
    window.document.edit("Add", RELU)
    assert window.centre.hint.isHidden()


def test_that_a_click_beside_everything_is_for_the_canvas(window: Window, qtbot: QtBot):
    qtbot.mouseClick(window.centre.start, LEFT, pos=QPoint(6, 6))
    assert window.centre.start.isHidden()
    assert window.centre.hint.isVisible()


def test_that_recent_files_are_listed_with_folder_and_time_and_missing_ones_can_go(
    window: Window, qtbot: QtBot, tmp_path: Path
):
    there, gone = tmp_path / ("long " * 12) / "there.loom", tmp_path / "gone.loom"
    there.parent.mkdir()
    for path in (there, gone):
        path.write_text(text_of(RELU))
        remember(path)
    gone.unlink()
    page = filled(window, qtbot)
    assert [(row.text(), row.is_missing) for row in page.rows] == [("gone.loom", True), ("there.loom", False)]
    assert page.rows[0].when == "not there any more"
    assert page.rows[1].when.startswith("today ")
    assert str(there) in page.rows[1].accessibleDescription()
    away = next(
        each for each in page.findChildren(QToolButton) if each.accessibleName() == "Take gone.loom off this list"
    )
    qtbot.mouseClick(away, LEFT)
    assert remembered_files() == (there,)
    assert [row.text() for row in page.rows] == ["there.loom"]
    qtbot.mouseClick(page.rows[0], LEFT)
    assert window.document.path == there
    assert page.isHidden()


def test_that_a_file_that_is_away_for_a_while_stays_remembered(tmp_path: Path):
    there, away = tmp_path / "there.loom", tmp_path / "away.loom"
    for path in (away, there):
        path.write_text(text_of(RELU))
        remember(path)
    away.unlink()
    remember(there)
    assert recent_files() == (there,)
    assert remembered_files() == (there, away)


def test_that_the_page_is_walked_with_the_keyboard_alone(window: Window, qtbot: QtBot):
    page = filled(window, qtbot)
    page.setFocus()
    seen = []
    for _ in range(len(page.buttons) + len(page.cards)):
        held = window.focusWidget()
        assert held is not None
        seen.append(held)
        qtbot.keyClick(held, Qt.Key.Key_Tab)
    assert {*page.buttons.values(), *page.cards} == set(seen)
    page.cards[1].setFocus()
    qtbot.keyClick(page.cards[1], Qt.Key.Key_Return)
    assert window.document.project.data.source == "Iris"


def test_that_a_focused_card_is_scrolled_into_view(window: Window, qtbot: QtBot):
    page = filled(window, qtbot)
    page.cards[-1].setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    assert not page.cards[-1].visibleRegion().isEmpty()


@pytest.mark.parametrize("size", [(1000, 600), (1280, 720), (2560, 1400)])
def test_that_nothing_of_the_page_is_cut_off_sideways(window: Window, qtbot: QtBot, size: tuple[int, int], tmp_path):
    (tmp_path / "one.loom").write_text(text_of(RELU))
    remember(tmp_path / "one.loom")
    window.resize(*size)
    page = filled(window, qtbot)
    QApplication.processEvents()
    width = page.area.viewport().width()
    for each in (*page.cards, *page.rows):
        left = each.mapTo(page.body, QPoint(0, 0)).x()
        assert left >= 0
        assert left + each.width() <= width
    for button in page.buttons.values():
        assert button.width() >= button.sizeHint().width()


def test_that_pictures_follow_the_theme(window: Window, qtbot: QtBot):
    page = filled(window, qtbot)
    dark = page.cards[0].picture
    window.actions_of["theme_light" if window.theme.is_dark else "theme_dark"].trigger()
    qtbot.waitUntil(lambda: page.cards[0].picture is not dark)


def test_that_moments_are_said_as_people_say_them():
    now = time.mktime((2026, 3, 5, 12, 0, 0, 0, 0, -1))
    assert time_in_words(now - 3600, now) == "today 11:00"
    assert time_in_words(now - 86_400, now) == "yesterday 12:00"
    assert time_in_words(now - 4 * 86_400, now) == "1 March"
    assert time_in_words(now - 400 * 86_400, now) == "29 January 2025"
