"""The menus of a right click in the window: what they hold is what the table of actions says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from core.graph import Annotation, Block, Graph, Link, Node
from core.project import Project
from designer.action import Action
from designer.app import make_window
from designer.canvas import menus, picture_menus
from designer.canvas.menus import Entry, Inner
from designer.document import Document
from designer.window import Window

CHAIN = Graph(
    {"image": Node("Input"), "act": Node("ReLU", {}, 220), "fc": Node("Linear", {"out_features": 10}, 440)},
    (Link("act", "output", "fc", "input"), Link("image", "output", "act", "input")),
)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = make_window(Document())
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.resize(1280, 720)
    made.show()
    made.document.new(Project(CHAIN))
    return made


@pytest.fixture
def menu(window: Window) -> Iterator[QMenu]:
    """The menu of the node in the middle."""
    canvas = window.canvas
    made = canvas.menu_at(canvas.to_view(canvas.drawing.items_by_id["act"].rect().center()))
    yield made
    made.deleteLater()


def words(menu: QMenu) -> list[str]:
    return [each.text().replace("&", "").partition("\t")[0] for each in menu.actions() if not each.isSeparator()]


def ids(entries: list[Entry]) -> Iterator[str]:
    for each in entries:
        if isinstance(each, str):
            yield each
        elif isinstance(each, Inner):
            yield from ids(list(each.entries))


def test_that_a_menu_shows_the_keys_that_an_action_has_now(window: Window, menu: QMenu):
    duplicate, note = window.actions_of["duplicate"], window.actions_of["note"]
    assert duplicate in menu.actions()
    window.actions_of.bind("duplicate", ["Ctrl+K"])
    window.actions_of.bind("note", ["Ctrl+Alt+N"])
    assert next(each for each in menu.actions() if each is duplicate).shortcut().toString() == "Ctrl+K"
    assert duplicate.isShortcutVisibleInContextMenu()
    empty = window.canvas.menu_at(QPointF(4, window.canvas.viewport().height() - 4))
    assert "Write a note here\tCtrl+Alt+N" in [each.text() for each in empty.actions()]
    empty.deleteLater()
    assert note.shortcut().toString() == "Ctrl+Alt+N"


def test_that_every_action_that_a_menu_names_is_in_the_table(window: Window):
    window.document.new(Project(Graph({"use": Node("Two")}, blocks={"Two": Block({"relu1": Node("ReLU")})})))
    canvas, link, at = window.canvas, CHAIN.links[0], QPointF()
    entries = [
        *menus.node_entries(canvas, "use", canvas.blocks),
        *menus.link_entries(canvas, link, at, []),
        *menus.empty_entries(canvas, at, None, is_inside=True),
        *picture_menus.entries(canvas.picture, "note1"),
    ]
    named = set(ids(entries))
    assert len(named) >= 40
    assert named <= set(window.actions_of)


def test_that_the_menu_of_a_node_begins_with_its_form_and_ends_with_deleting(window: Window, menu: QMenu):
    found = words(menu)
    assert found[:2] == ["Edit…", "Rename…"]
    assert {"Links", "Arrange"} <= set(found)
    assert found[-2:] == ["Delete and reconnect", "Delete"]
    arrange = next(each.menu() for each in menu.actions() if each.text() == "Arrange")
    assert isinstance(arrange, QMenu)
    assert words(arrange)[0] == "Automatic layout"
    assert window.selected == ("act",)
    next(each for each in menu.actions() if each.text() == "Delete and reconnect").trigger()
    assert window.document.project.graph.links == (Link("image", "output", "fc", "input"),)
    assert window.document.undo_stack.undoText() == "Delete act and reconnect"


def test_that_a_menu_ticks_what_is_switched_on(window: Window, menu: QMenu):
    mute = window.actions_of["mute"]
    assert (mute.isCheckable(), mute.isChecked()) == (True, False)
    for is_on in (True, False):
        next(each for each in menu.actions() if each is mute).trigger()
        assert (window.document.project.graph.nodes["act"].muted, mute.isChecked()) == (is_on, is_on)


def test_that_a_note_is_deleted_by_its_menu(window: Window):
    note = Annotation("note", 0, 220, 200, 110, text="why")
    window.document.edit("Add a note", Project(Graph(CHAIN.nodes, CHAIN.links, annotations={"note1": note})))
    window.canvas.frame_all()
    made = window.canvas.menu_at(window.canvas.to_view(QPointF(100, 270)))
    assert words(made)[0] == "Edit the text…"
    made.actions()[-1].trigger()
    made.deleteLater()
    assert window.document.project.graph.annotations == {}


# ---- what is half written


def type_into_form(window: Window) -> QLineEdit:
    """Type 77 into the first size of the form of fc, and do not leave the line."""
    window.activateWindow()
    window.reveal("fc")
    line = next(each for each in window.inspector.findChildren(QLineEdit) if each.text() == "10")
    line.setFocus()
    QApplication.processEvents()
    line.selectAll()
    QTest.keyClicks(line, "77")
    assert window.document.project.graph.nodes["fc"].values["out_features"] == 10
    return line


@pytest.mark.parametrize(("place", "seen"), [("&Train", 77), ("&View", 10)])
def test_that_an_action_that_reads_the_document_takes_over_what_is_half_typed(window: Window, place: str, seen: int):
    type_into_form(window)
    read: list[object] = []

    def look(window: Window) -> None:
        read.append(window.document.project.graph.nodes["fc"].values["out_features"])

    window.actions_of.do(Action("read", "Read", place, look))
    window.take_written()  # closing the window would, and ask what is to become of it
    assert read == [seen]


def test_that_an_estimate_is_made_of_what_is_half_typed(window: Window):
    type_into_form(window)
    costs, read = window.inspector.costs, []
    costs.wanted.connect(lambda: read.append(window.document.project.graph.nodes["fc"].values["out_features"]))
    costs.link_clicked.emit("estimate")
    assert read == [77]


# ---- steps and what is said


def test_that_entering_a_block_selects_nothing(window: Window):
    inner = Block({"relu1": Node("ReLU")})
    window.document.new(Project(Graph({"use": Node("Two")}, blocks={"Two": inner})))
    window.canvas.select(("use",))
    window.scope.enter("use")
    assert window.canvas.selected == ()
    window.canvas.add_layer("Tanh")
    window.scope.leave()
    window.document.undo_stack.undo()
    assert (window.scope.block, window.canvas.selected) == ("Two", ())


def test_that_find_stays_before_a_message(window: Window):
    window.actions_of["find_node"].trigger()
    finder = window.canvas.popups.finder
    assert finder is not None
    window.say("note", "A sentence that is said meanwhile.")
    order = window.canvas.children()
    assert finder.isVisible()
    assert window.centre.message.isVisible()
    assert order.index(finder) > order.index(window.centre.message)
