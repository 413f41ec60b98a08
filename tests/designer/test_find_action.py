"""Find action: everything is found, what cannot be done says why, what was found last comes first."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.graph import Graph, Node
from core.project import Project
from designer.action import Action, always, obstacle, plain
from designer.actions import ACTIONS
from designer.app import make_window
from designer.document import Document
from designer.find_action import WHY_NOT, FindAction
from designer.popup import Popup
from designer.window import Window

ALONE = [each for each in ACTIONS if isinstance(each, Action)]


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = make_window(Document())
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.resize(1280, 720)
    made.show()
    made.canvas.setFocus()
    return made


def opened(window: Window, qtbot: QtBot) -> FindAction:
    qtbot.keyClick(window.canvas, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    popup = next(each for each in QApplication.topLevelWidgets() if isinstance(each, Popup) and each.isVisible())
    assert isinstance(popup.content, FindAction)
    return popup.content


def words(search: FindAction) -> list[str]:
    return [search.list.item(place).text() for place in range(search.list.count())]


def test_that_every_action_is_found_by_its_words(window: Window, qtbot: QtBot):
    search = opened(window, qtbot)
    missed = []
    for each in window.actions_of.everything():
        if each.id != "find_action":
            search.line.setText(plain(each.text))
            if plain(each.text) not in words(search)[:12]:
                missed.append((each.id, words(search)[:3]))
    search.window().close()
    assert missed == []


def test_that_what_cannot_be_done_says_why(window: Window, qtbot: QtBot):
    search = opened(window, qtbot)
    search.line.setText("duplicate")
    assert search.list.item(0).data(WHY_NOT) == "Select a node, a note or a frame first."
    assert "Select a node, a note or a frame first." in search.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    qtbot.keyClick(search.line, Qt.Key.Key_Return)
    assert window.document.undo_stack.count() == 0
    search.window().close()
    window.document.new(Project(Graph({"relu1": Node("ReLU")})))
    window.canvas.select(("relu1",))
    search = opened(window, qtbot)
    search.line.setText("duplicate")
    assert search.list.item(0).data(WHY_NOT) == ""
    search.window().close()


def test_that_every_condition_says_what_is_missing(window: Window):
    for action in ALONE:
        if action.when is not always:
            assert getattr(action.when, "sentence", ""), f"{action.id}: write its condition with @needs"
            said = obstacle(action, window)
            assert not said or said.endswith((".", ")"))


def test_that_what_was_found_last_comes_first(window: Window, qtbot: QtBot):
    search = opened(window, qtbot)
    search.line.setText("light")
    qtbot.keyClick(search.line, Qt.Key.Key_Return)
    assert window.theme.name == "light"
    search = opened(window, qtbot)
    search.line.setText("reset layout")
    qtbot.keyClick(search.line, Qt.Key.Key_Return)
    search = opened(window, qtbot)
    assert words(search)[:2] == ["Reset layout", "Light"]
    search.window().close()
