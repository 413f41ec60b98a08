"""The window without its engines: what it shows, keeps, asks and refuses."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.graph import Graph, Link, Node
from core.messages import Checked, DataReport, Field, NodeReport, Problem
from core.project import Data, Project, load, text_of
from core.repairs import Repair, SetValue
from core.specs import Spec
from designer.app import make_window
from designer.card import Card
from designer.document import Document
from designer.preferences import recent_files
from designer.window import Window

PROJECT = Project(
    Graph(
        {
            "image": Node("Input", {"field": "image"}),
            "conv1": Node("Conv2d", {"out_channels": 8}, 220),
            "conv2": Node("Conv2d", {}, 440),
        },
        (Link("image", "output", "conv1", "input"), Link("conv1", "output", "conv2", "input")),
    ),
    Data("Digits"),
)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = make_window(Document())
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.resize(1280, 720)
    made.show()
    qtbot.waitUntil(lambda: made.isVisible())
    return made


def report(window: Window, *problems: Problem) -> Checked:
    image = Spec(("N", 1, 8, 8))
    made = Checked(
        window.document.revision,
        problems,
        {
            "image": NodeReport("Input", {"output": image}),
            "conv1": NodeReport("Conv2d", {"output": Spec(("N", 8, 6, 6))}, 80, 2592),
            "conv2": NodeReport("Conv2d"),
        },
        parameters=80,
        macs=2592,
        data=DataReport("Digits", (Field("image", "input", image),), 1257, 360, 180),
    )
    window.document.take(made)
    return made


FAULT = Problem(
    "error",
    "conv2",
    "input",
    "conv2 expects 4 axes <N>.",
    Repair("Use 16", (SetValue("conv2", "out_channels", 16),)),
    "Since.",
)


def test_that_an_empty_window_says_what_can_be_done(window: Window):
    start = window.centre.start
    assert start.isVisible()
    assert {button.text() for button in start.findChildren(QPushButton)} >= {"New network", "Open a file…"}
    window.document.new(PROJECT)
    assert not start.isVisible()


def test_that_every_widget_has_a_name_for_a_screen_reader(window: Window, qtbot: QtBot):
    window.document.new(PROJECT)
    window.canvas.select(("conv1",))
    report(window, FAULT)
    unnamed = [(each, each.parentWidget()) for each in named_by_us(window) if not each.accessibleName()]
    assert unnamed == []


def named_by_us(window: Window) -> list[QWidget]:
    """All widgets but the inner parts that Qt makes for itself."""
    inner = ("QScrollBar", "QMenu", "QToolBarExtension", "QRubberBand", "QSizeGrip", "QTabBar")
    found = []
    for each in window.findChildren(QWidget):
        kind = each.metaObject().className()
        holder = each.parentWidget()
        of_qt = each.objectName().startswith("qt_") or kind in inner or kind.startswith("QComboBoxPrivate")
        within = holder is not None and (
            holder.metaObject().className()
            in ("QComboBox", "_CalmCombo", "QComboBoxListView", "QComboBoxPrivateContainer", "QTabBar")
            or isinstance(holder, QLineEdit)
            or holder.objectName().startswith("qt_")
        )
        if not (of_qt or within):
            found.append(each)
    return found


def test_that_train_is_off_while_the_check_has_an_error_and_says_which(window: Window):
    window.document.new(PROJECT)
    report(window, FAULT)
    assert window.status.problems.text() == "1 problem"
    assert not window.toolbar.train.isEnabled()
    assert "The engine is starting" in window.toolbar.train.toolTip()
    assert window.status.problems.text() == "1 problem"


def test_that_the_problems_list_repairs_and_jumps(window: Window, qtbot: QtBot):
    window.document.new(PROJECT)
    report(window, FAULT)
    qtbot.mouseClick(window.status.problems, Qt.MouseButton.LeftButton)
    row = window.problems.rows[0]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(20, row.height() - 3))
    assert window.selected == ("conv2",)
    qtbot.mouseClick(row.repair, Qt.MouseButton.LeftButton)
    assert window.document.project.graph.nodes["conv2"].values == {"out_channels": 16}
    window.document.undo_stack.undo()
    assert window.document.project.graph.nodes["conv2"].values == {}


def test_that_thousands_of_problems_are_listed_a_few_at_a_time(window: Window, qtbot: QtBot):
    window.document.new(PROJECT)
    window.docks.show("Problems")
    window.document.take(Checked(window.document.revision, (FAULT,) * 120, {}))
    listed = window.problems
    assert (len(listed.rows), listed.more.text()) == (50, "Show more of 70 further problems")
    qtbot.mouseClick(listed.more, Qt.MouseButton.LeftButton)
    assert (len(listed.rows), listed.more.text()) == (100, "Show more of 20 further problems")
    qtbot.waitUntil(listed.rows[50].hasFocus)
    qtbot.mouseClick(listed.more, Qt.MouseButton.LeftButton)
    assert len(listed.rows) == 120
    assert listed.more.isHidden()


def test_that_the_form_of_many_nodes_shows_a_few_of_their_problems(window: Window, qtbot: QtBot):
    window.document.new(PROJECT)
    window.canvas.select_all()
    advice = Problem("warning", "conv1", "", "conv1 could be smaller.")
    window.document.take(Checked(window.document.revision, (advice,) * 5 + (FAULT,) * 5, {}))

    def said() -> list[str]:
        cards = [card for card in window.inspector.findChildren(Card) if not card.isHidden()]
        return [label.text() for card in cards for label in card.findChildren(QLabel)]

    qtbot.waitUntil(lambda: "4 more problems in the list of problems." in said())
    assert [said().count(words) for words in (html.escape(FAULT.message), advice.message)] == [5, 1]


def test_that_a_problem_is_shown_as_plain_text(window: Window):
    window.document.new(PROJECT)
    report(window, FAULT)
    window.canvas.select(("conv2",))
    words = [label.text() for label in window.inspector.findChildren(QLabel)]
    assert "conv2 expects 4 axes &lt;N&gt;." in words


def test_that_the_form_follows_the_selection_and_edits_once(window: Window, qtbot: QtBot):
    window.document.new(PROJECT)
    report(window)
    window.canvas.select(("conv1",))
    assert window.inspector.name.text() == "conv1"
    assert "1×8×8" in window.inspector.flow.words.text()
    assert "8×6×6" in window.inspector.flow.words.text()
    edit = window.inspector.form.rows["out_channels"].editor.control
    assert isinstance(edit, QLineEdit)
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "24")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert window.document.project.graph.nodes["conv1"].values["out_channels"] == 24
    assert window.document.undo_stack.count() == 1
    assert window.document.undo_stack.text(0) == "Set out_channels of conv1"
    window.document.undo_stack.undo()
    assert edit.text() == "8"


def test_that_several_nodes_of_a_layer_are_edited_at_once(window: Window, qtbot: QtBot):
    window.document.new(PROJECT)
    window.canvas.select(("conv1", "conv2"))
    edit = window.inspector.form.rows["kernel_size"].editor.control
    assert isinstance(edit, QLineEdit)
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "5")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    nodes = window.document.project.graph.nodes
    assert (nodes["conv1"].values["kernel_size"], nodes["conv2"].values["kernel_size"]) == (5, 5)
    assert window.document.undo_stack.count() == 1


def test_that_a_node_is_renamed_in_the_form_and_a_taken_name_is_refused(window: Window, qtbot: QtBot):
    window.document.new(PROJECT)
    window.canvas.select(("conv1",))
    name = window.inspector.name
    for text in ("image", "first"):
        name.setFocus()
        name.selectAll()
        qtbot.keyClicks(name, text)
        qtbot.keyClick(name, Qt.Key.Key_Return)
        if text == "image":
            assert "taken" in window.inspector.name_fault.text()
    assert "first" in window.document.project.graph.nodes
    assert Link("image", "output", "first", "input") in window.document.project.graph.links
    assert not window.inspector.name_fault.isVisible()


def test_that_nothing_selected_shows_the_training_settings(window: Window, qtbot: QtBot):
    window.document.new(PROJECT)
    edit = window.inspector.training.form.rows["epochs"].editor.control
    assert isinstance(edit, QLineEdit)
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "25")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert window.document.project.training == {"epochs": 25}
    assert "25 epochs" in window.toolbar.training.text()


def test_that_a_bad_file_is_said_in_one_sentence_and_changes_nothing(window: Window, tmp_path: Path):
    window.document.new(PROJECT)
    bad = tmp_path / "bad.loom"
    bad.write_text('{"version": 1, "nodes": ')
    assert not window.files.open(bad)
    assert window.document.project is PROJECT
    assert window.centre.message.isVisible()
    assert "bad.loom cannot be read: line 1" in window.centre.message.words.text()


def test_that_saving_clears_the_mark_and_remembers_the_file(window: Window, tmp_path: Path):
    window.document.new(PROJECT)
    window.document.edit("Change", Project(seed=4))
    assert window.windowTitle() == "untitled[*] — Layerloom"
    assert window.isWindowModified()
    path = tmp_path / "network.loom"
    window.document.save(path)
    window.document.edit("Change", Project(seed=5))
    window.actions_of["save"].trigger()
    assert load(path).seed == 5
    assert not window.isWindowModified()
    assert recent_files() == (path.resolve(),)


def answer(button: QMessageBox.StandardButton) -> None:
    def click() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        box.button(button).click()

    QTimer.singleShot(0, click)


@pytest.mark.parametrize(
    ("button", "left"), [(QMessageBox.StandardButton.Discard, True), (QMessageBox.StandardButton.Cancel, False)]
)
def test_that_unsaved_changes_are_asked_about(window: Window, button: QMessageBox.StandardButton, left: bool):
    window.document.edit("Change", PROJECT)
    answer(button)
    window.actions_of["new"].trigger()
    assert (not window.document.project.graph.nodes) is left


def test_that_closing_with_unsaved_changes_can_be_taken_back_or_saved(window: Window, tmp_path: Path):
    path = tmp_path / "network.loom"
    window.document.save(path)
    window.document.edit("Change", PROJECT)
    answer(QMessageBox.StandardButton.Cancel)
    assert not window.close()
    answer(QMessageBox.StandardButton.Save)
    assert window.close()
    assert load(path) == PROJECT


def test_that_a_dropped_project_is_opened(window: Window, qtbot: QtBot, tmp_path: Path):
    path = tmp_path / "network.loom"
    path.write_text(text_of(PROJECT))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    move, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(9, 9), move, data, left, none))
    qtbot.waitUntil(lambda: window.document.path == path)
    assert window.document.project == PROJECT


def test_that_the_layout_survives_a_restart_and_can_be_reset(window: Window, qtbot: QtBot):
    dock = window.docks.by_key["Histograms"]
    assert dock.isVisible()
    window.actions_of["dock_histograms"].trigger()
    assert not dock.isVisible()
    assert window.close()
    again = make_window(Document())
    qtbot.addWidget(again)
    again.show()
    assert again.docks.by_key["Histograms"].isHidden()
    again.actions_of["reset_layout"].trigger()
    assert not again.docks.by_key["Histograms"].isHidden()


def test_that_a_theme_is_kept(window: Window, qtbot: QtBot):
    window.actions_of["theme_light"].trigger()
    assert window.theme.name == "light"
    again = make_window(Document())
    qtbot.addWidget(again)
    assert again.theme.name == "light"
    again.actions_of["theme_dark"].trigger()


def test_that_the_palette_finds_and_adds_a_layer(window: Window, qtbot: QtBot):
    search = window.palette_of_layers.search
    search.setFocus()
    qtbot.keyClicks(search, "relu")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    nodes = window.document.project.graph.nodes
    assert [node.layer for node in nodes.values()] == ["ReLU"]
    assert window.selected == tuple(nodes)


def test_that_the_focus_walks_through_the_parts_of_the_window(window: Window):
    window.canvas.setFocus()
    seen = []
    for _ in range(4):
        window.actions_of["next_part"].trigger()
        seen.append(window.focusWidget())
    assert seen[0] is window.palette_of_layers.search
    assert window.docks.by_key["Properties"].isAncestorOf(seen[1])
    assert len({id(each) for each in seen}) == 4


def test_that_the_title_row_of_a_dock_says_what_it_is(window: Window):
    for key, dock in window.docks.by_key.items():
        assert dock.whatsThis(), key
        assert dock.title.toolTip() == dock.whatsThis()
