"""Layouts of the docks: two that come along, those that a person keeps, and the way back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QTabBar
from pytestqt.qtbot import QtBot

from designer import layouts
from designer.app import make_window
from designer.docks import BELOW
from designer.document import Document
from designer.window import Window


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = make_window(Document())
    qtbot.addWidget(made)
    made.resize(1280, 720)
    made.show()
    return made


def shown(window: Window) -> set[str]:
    return {key for key, dock in window.docks.by_key.items() if not dock.isHidden()}


@pytest.mark.parametrize("name", list(layouts.GIVEN))
def test_that_a_given_layout_shows_its_docks_alone_and_reset_brings_all_back(window: Window, name: str):
    layouts.show(window, name)
    assert shown(window) == set(layouts.GIVEN[name][0])
    window.actions_of["reset_layout"].trigger()
    assert shown(window) == {"Layers", "Properties", *BELOW}


@pytest.mark.parametrize("size", [(1280, 720), (1000, 600)])
def test_that_reset_gives_the_docks_the_room_of_a_fresh_window(window: Window, qtbot: QtBot, size: tuple[int, int]):
    window.resize(*size)
    window.docks.show("Outline")
    window.docks.by_key["Histograms"].hide()
    window.actions_of["reset_layout"].trigger()
    qtbot.wait(50)
    below = [window.docks.by_key[key].width() for key in ("Loss", "Histograms", "Predictions", "Runs")]
    assert below == pytest.approx([size[0] * share for share in (0.27, 0.25, 0.24, 0.24)], abs=12)


@pytest.mark.parametrize("name", ["reset", *layouts.GIVEN])
def test_that_no_head_row_says_what_its_tab_says_and_no_tab_bar_draws_a_line(window: Window, qtbot: QtBot, name: str):
    window.docks.show("Outline")
    layouts.show(window, name) if name in layouts.GIVEN else window.docks.reset()
    qtbot.wait(50)
    for key in shown(window):
        dock = window.docks.by_key[key]
        assert dock.title.label.isHidden() is bool(window.tabifiedDockWidgets(dock)), key
    bars = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert not [bar for bar in bars if bar.isVisible() and (bar.drawBase() or not bar.accessibleName())]


def test_that_each_dock_has_one_tab_from_the_first_paint_on(qtbot: QtBot):
    made = make_window(Document())
    qtbot.addWidget(made)
    made.show()
    bars = made.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    tabs = [bar.tabText(place) for bar in bars if bar.isVisible() for place in range(bar.count())]
    assert len(tabs) == len(set(tabs))


def test_that_a_layout_is_kept_under_a_name_and_comes_back_after_a_restart(window: Window, qtbot: QtBot):
    window.docks.by_key["Histograms"].hide()
    window.docks.show("History")
    before = shown(window)
    layouts.ask_to_keep(window)
    dialog = window.findChild(QInputDialog)
    assert isinstance(dialog, QInputDialog)
    dialog.setTextValue("Mine / yours")
    dialog.accept()
    assert layouts.kept() == ("Mine - yours",)
    window.actions_of["reset_layout"].trigger()
    again = make_window(Document())
    qtbot.addWidget(again)
    again.show()
    action = next(each for each in layouts.layouts(again) if each.text == "Mine - yours")
    action.run(again)
    assert shown(again) == before
    layouts.forget("Mine - yours")
    assert layouts.kept() == ()


@pytest.mark.parametrize("name", ["", "  ", "Train"])
def test_that_a_layout_without_a_name_of_its_own_is_refused_with_a_way_out(window: Window, name: str):
    layouts.keep(window, name)
    assert layouts.kept() == ()
    assert "keep this one under another name" in window.centre.message.words.text()
