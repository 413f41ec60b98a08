"""The table of actions: every value is complete, and menus, search and shortcut sheet are read from it."""

from __future__ import annotations

import collections

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.graph import Graph, Node
from core.project import Project
from designer.action import Action
from designer.actions import ACTIONS
from designer.app import make_window
from designer.document import Document
from designer.find_action import FindAction
from designer.icons import icon, names
from designer.popup import Popup
from designer.window import Window

ACTIONS_ALONE = [each for each in ACTIONS if isinstance(each, Action)]


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = make_window(Document())
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.resize(1280, 720)
    made.show()
    return made


def test_that_every_action_has_an_id_of_its_own_words_and_a_sentence():
    counts = collections.Counter(each.id for each in ACTIONS_ALONE)
    assert [name for name, count in counts.items() if count > 1] == []
    for each in ACTIONS_ALONE:
        assert each.text
        assert each.tip, each.id


def test_that_no_key_does_two_things():
    counts = collections.Counter(QKeySequence(key).toString() for each in ACTIONS_ALONE for key in each.keys)
    assert [key for key, count in counts.items() if count > 1] == []


def test_that_every_action_is_in_a_menu_or_on_the_toolbar(window: Window):
    shown = {action.objectName() for menu in window.actions_of._menus.values() for action in menu.actions()}
    assert {each.id for each in ACTIONS_ALONE} - shown == {"device", "export_menu"}


def test_that_actions_are_off_while_they_cannot_be_done(window: Window):
    assert not window.actions_of["train"].isEnabled()
    assert not window.actions_of["copy"].isEnabled()
    window.document.new(Project(Graph({"relu1": Node("ReLU")})))
    window.canvas.select(("relu1",))
    assert window.actions_of["copy"].isEnabled()
    assert not window.actions_of["undo"].isEnabled()


def test_that_a_search_runs_the_action_that_it_finds(window: Window, qtbot: QtBot):
    window.actions_of["find_action"].trigger()
    popup = next(each for each in QApplication.topLevelWidgets() if isinstance(each, Popup))
    search = popup.content
    assert isinstance(search, FindAction)
    qtbot.keyClicks(search.line, "conv2d")
    assert search.list.item(0).text().startswith("Convolution: Conv2d")
    qtbot.keyClick(search.line, Qt.Key.Key_Return)
    assert [node.layer for node in window.document.project.graph.nodes.values()] == ["Conv2d"]


def test_that_a_search_passes_over_what_cannot_be_done(window: Window, qtbot: QtBot):
    window.actions_of["find_action"].trigger()
    popup = next(each for each in QApplication.topLevelWidgets() if isinstance(each, Popup))
    search = popup.content
    assert isinstance(search, FindAction)
    qtbot.keyClicks(search.line, "undo")
    assert not search.list.item(0).flags() & Qt.ItemFlag.ItemIsEnabled
    popup.close()


def test_that_the_canvas_and_undo_answer_to_their_keys(window: Window, qtbot: QtBot):
    window.document.new(Project(Graph({"relu1": Node("ReLU"), "relu2": Node("ReLU", x=220)})))
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert set(window.selected) == {"relu1", "relu2"}
    qtbot.keyClick(window.canvas, Qt.Key.Key_Delete)
    assert window.document.project.graph.nodes == {}
    qtbot.keyClick(window.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(window.document.project.graph.nodes) == 2


def test_that_letters_stay_letters_in_a_search_line(window: Window, qtbot: QtBot):
    window.document.new(Project(Graph({"relu1": Node("ReLU")})))
    window.canvas.select(("relu1",))
    search = window.palette_of_layers.search
    search.setFocus()
    qtbot.keyClicks(search, "mf")
    assert search.text() == "mf"
    assert not window.document.project.graph.nodes["relu1"].muted


def test_that_the_training_settings_open_under_their_button(window: Window, qtbot: QtBot):
    qtbot.mouseClick(window.toolbar.training, Qt.MouseButton.LeftButton)
    popup = next(each for each in QApplication.topLevelWidgets() if isinstance(each, Popup))
    assert popup.isVisible()
    assert popup.accessibleName() == "Training settings"
    popup.close()


@pytest.mark.parametrize("name", names())
def test_that_every_icon_can_be_drawn(qtbot: QtBot, name: str):
    image = icon(name, "#ff0000").pixmap(32, 32).toImage()
    assert any(image.pixelColor(x, y).alpha() > 128 for x in range(32) for y in range(32))


def test_that_no_word_is_cut_off_in_the_toolbar_of_a_small_window(window: Window):
    window.document.new(Project(Graph({"relu1": Node("ReLU")})))
    for button in window.toolbar.findChildren(type(window.toolbar.train)):
        assert button.width() >= button.sizeHint().width(), button.text()
