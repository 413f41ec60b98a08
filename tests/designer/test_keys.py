"""Keys: one sheet of all of them, searched and copied; bound anew, with conflicts said and settled."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from core.graph import Graph, Node
from core.project import Project
from designer import bindings
from designer.action import Action
from designer.actions import ACTIONS
from designer.app import make_window
from designer.canvas.gesture_table import GESTURES
from designer.document import Document
from designer.keys_page import KeysPage, as_page, as_text, sheet
from designer.window import Window

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
RELU = Project(Graph({"relu1": Node("ReLU")}))


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = make_window(Document())
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.resize(1280, 720)
    made.show()
    return made


@pytest.fixture
def page(window: Window, qtbot: QtBot) -> KeysPage:
    window.actions_of["keys"].trigger()
    found = window.findChild(KeysPage)
    assert isinstance(found, KeysPage)
    qtbot.waitUntil(found.isVisible)
    return found


def lines(page: KeysPage) -> list[QTreeWidgetItem]:
    found = page.tree.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
    return [item for item in found if item.parent() is not None]


def press(page: KeysPage, qtbot: QtBot, action_id: str, key: Qt.Key, keys=Qt.KeyboardModifier.NoModifier) -> None:
    page.choose(action_id)
    page.press.setFocus()
    qtbot.keyClick(page.press, key, keys)


def test_that_the_sheet_holds_every_action_its_keys_and_every_gesture(window: Window):
    rows = sheet(window.actions_of)
    alone = [each for each in ACTIONS if isinstance(each, Action)]
    assert sorted(row.action_id for row in rows if row.action_id) == sorted(each.id for each in alone)
    for each in alone:
        row = next(row for row in rows if row.action_id == each.id)
        for key in each.keys:
            assert QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) in row.keys
    assert {(row.text, row.keys) for row in rows} >= {(each.what, each.how) for each in GESTURES}


def test_that_the_sheet_is_searched_by_words_and_by_keys(page: KeysPage, qtbot: QtBot):
    qtbot.keyClicks(page.search, "ctrl+d dupl")
    assert [item.text(0) for item in lines(page)] == ["Duplicate"]
    page.search.clear()
    qtbot.keyClicks(page.search, "frame")
    assert {item.text(0) for item in lines(page)} >= {"Frame all", "Frame selection"}


def test_that_the_sheet_is_copied_and_made_a_page_to_print(page: KeysPage, window: Window, qtbot: QtBot):
    qtbot.mouseClick(page.copy, Qt.MouseButton.LeftButton)
    assert "  Duplicate: Ctrl+D\n" in QGuiApplication.clipboard().text()
    rows = sheet(window.actions_of)
    assert as_text(rows).count("\nEdit\n") == 1
    assert "<b>Ctrl+D</b>" in as_page(rows)


def test_that_new_keys_work_at_once_and_stand_in_the_menu_the_sheet_and_the_settings(
    page: KeysPage, window: Window, qtbot: QtBot
):
    press(page, qtbot, "mute", Qt.Key.Key_U)
    qtbot.mouseClick(page.use, Qt.MouseButton.LeftButton)
    assert page.said.text() == "Mute answers to U now."
    assert window.actions_of["mute"].shortcut().toString() == "U"
    assert next(item for item in lines(page) if item.text(0) == "Mute").text(1) == "U"
    assert bindings.chosen() == {"mute": ("U",)}
    page.close()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.document.new(RELU)
    window.canvas.select(("relu1",))
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_M)
    assert not window.document.project.graph.nodes["relu1"].muted
    qtbot.keyClick(window.canvas, Qt.Key.Key_U)
    assert window.document.project.graph.nodes["relu1"].muted


def test_that_new_keys_outlive_the_window_and_show_in_tool_tips(page: KeysPage, window: Window, qtbot: QtBot):
    press(page, qtbot, "train", Qt.Key.Key_T, CTRL | Qt.KeyboardModifier.AltModifier)
    qtbot.mouseClick(page.use, Qt.MouseButton.LeftButton)
    assert "Ctrl+Alt+T" in window.toolbar.train.toolTip()
    again = make_window(Document())
    qtbot.addWidget(again)
    assert again.actions_of.keys_of("train") == "Ctrl+Alt+T"


def test_that_a_conflict_is_one_sentence_and_can_be_settled(page: KeysPage, window: Window, qtbot: QtBot):
    press(page, qtbot, "mute", Qt.Key.Key_D, CTRL)
    assert page.said.text() == "Ctrl+D belongs to Duplicate: take it over, or press other keys for Mute."
    assert page.use.text() == "Take it over"
    qtbot.mouseClick(page.use, Qt.MouseButton.LeftButton)
    assert window.actions_of.keys_of("mute") == "Ctrl+D"
    assert window.actions_of.keys_of("duplicate") == ""
    assert bindings.chosen() == {"mute": ("Ctrl+D",), "duplicate": ()}
    qtbot.mouseClick(page.reset_all, Qt.MouseButton.LeftButton)
    assert (window.actions_of.keys_of("mute"), window.actions_of.keys_of("duplicate")) == ("M", "Ctrl+D")
    assert bindings.chosen() == {}


def test_that_one_action_is_reset_alone_without_taking_what_another_one_holds(
    page: KeysPage, window: Window, qtbot: QtBot
):
    press(page, qtbot, "mute", Qt.Key.Key_D, CTRL)
    qtbot.mouseClick(page.use, Qt.MouseButton.LeftButton)
    page.choose("duplicate")
    qtbot.mouseClick(page.reset_one, Qt.MouseButton.LeftButton)
    assert window.actions_of.keys_of("duplicate") == ""
    assert "belongs to another action" in page.said.text()
    page.choose("mute")
    qtbot.mouseClick(page.reset_one, Qt.MouseButton.LeftButton)
    assert window.actions_of.keys_of("mute") == "M"


@pytest.mark.parametrize(
    ("action_id", "key", "keys", "words"),
    [
        ("train", Qt.Key.Key_T, Qt.KeyboardModifier.NoModifier, "is typed as text"),
        ("mute", Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, "cannot be given away"),
        ("mute", Qt.Key.Key_A, SHIFT, "cannot be given away"),
    ],
)
def test_that_keys_that_cannot_be_had_are_refused_with_the_reason(
    page: KeysPage, window: Window, qtbot: QtBot, action_id: str, key: Qt.Key, keys: Qt.KeyboardModifier, words: str
):
    before = window.actions_of.keys_of(action_id)
    press(page, qtbot, action_id, key, keys)
    assert words in page.said.text()
    assert not page.use.isEnabled()
    assert window.actions_of.keys_of(action_id) == before


def test_that_keys_can_be_removed(page: KeysPage, window: Window, qtbot: QtBot):
    page.choose("frame_all")
    qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    assert window.actions_of.keys_of("frame_all") == ""
    again = make_window(Document())
    qtbot.addWidget(again)
    assert again.actions_of.keys_of("frame_all") == ""


def test_that_a_gesture_is_shown_and_stays_as_it_is(page: KeysPage, qtbot: QtBot):
    item = next(item for item in lines(page) if not item.data(0, Qt.ItemDataRole.UserRole))
    page.tree.setCurrentItem(item)
    assert not page.press.isEnabled()
    assert "stays as it is" in page.said.text()


def test_that_the_page_is_worked_without_a_mouse(page: KeysPage, window: Window, qtbot: QtBot):
    qtbot.keyClicks(page.search, "mute")
    qtbot.keyClick(page.search, Qt.Key.Key_Down)
    assert page.focusWidget() is page.tree
    qtbot.keyClick(page.tree, Qt.Key.Key_Tab)
    assert page.focusWidget() is page.press
    qtbot.keyClick(page.press, Qt.Key.Key_U)
    qtbot.keyClick(page.press, Qt.Key.Key_Tab)
    assert page.focusWidget() is page.use
    qtbot.keyClick(page.use, Qt.Key.Key_Space)
    assert window.actions_of.keys_of("mute") == "U"
