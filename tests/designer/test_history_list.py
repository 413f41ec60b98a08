"""The list of steps: it follows, marks the present one, and goes to any."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from core.project import Project, text_of
from designer.app import make_window
from designer.document import Document
from designer.history_list import HistoryList
from designer.window import Window


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = make_window(Document())
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.resize(1280, 720)
    made.show()
    return made


@pytest.fixture
def history(window: Window, qtbot: QtBot) -> HistoryList:
    for seed in (1, 2, 3):
        window.document.edit(f"Set seed to {seed}", Project(seed=seed))
    window.actions_of["dock_history"].trigger()
    qtbot.waitUntil(lambda: "History" in window.docks.on_demand)
    return window.docks.on_demand["History"]


def rows(view: QListView) -> list[str]:
    return [view.model().index(row, 0).data() for row in range(view.model().rowCount())]


def test_that_the_list_is_not_made_before_it_is_seen(window: Window):
    assert "History" not in window.docks.on_demand


def test_that_every_step_is_listed_and_the_present_one_is_marked(history: HistoryList):
    assert rows(history.list) == [
        "\u2003 The beginning",
        "\u2003 Set seed to 1",
        "\u2003 Set seed to 2",
        "● Set seed to 3",
    ]
    assert history.list.currentIndex().row() == 3


def test_that_a_click_and_enter_go_to_a_step(history: HistoryList, window: Window, qtbot: QtBot):
    place = history.list.visualRect(history.steps.index(1, 0)).center()
    qtbot.mouseClick(history.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.document.project.seed == 1
    qtbot.waitUntil(lambda: rows(history.list)[1] == "● Set seed to 1")
    history.list.setFocus()
    qtbot.keyClick(history.list, Qt.Key.Key_Down)
    qtbot.keyClick(history.list, Qt.Key.Key_Return)
    assert window.document.project.seed == 2


def test_that_the_list_follows_undo_and_new_steps(history: HistoryList, window: Window, qtbot: QtBot):
    window.actions_of["undo"].trigger()
    qtbot.waitUntil(lambda: rows(history.list)[2] == "● Set seed to 2")
    words = history.steps.index(3, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert words == "Set seed to 3, taken back"
    window.document.edit("Other", Project(seed=9))
    qtbot.waitUntil(lambda: rows(history.list)[-1] == "● Other")
    assert len(rows(history.list)) == 4


def test_that_the_beginning_of_a_file_has_its_name(history: HistoryList, window: Window, qtbot: QtBot, tmp_path: Path):
    path = tmp_path / "mine.loom"
    path.write_text(text_of(Project(seed=5)))
    window.document.open(path)
    qtbot.waitUntil(lambda: rows(history.list) == ["● Opened mine.loom"])
