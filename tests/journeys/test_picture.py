"""Notes, frames, reroute points and collapsed nodes in the window: by keys, menus, the form and a person's mouse."""

from __future__ import annotations

from typing import Any

import pytest
from person import Person
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.graph import Graph, Link, Node, link_key
from core.project import Project, load
from designer.actions import ACTIONS
from designer.document import Document
from designer.window import Window

CONTROL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
LINK = Link("conv", "output", "act", "input")


@pytest.fixture
def window(qtbot: Any) -> Window:
    document = Document()
    made = Window(document, ACTIONS)
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.resize(1500, 950)
    made.show()
    qtbot.waitExposed(made)
    nodes = {
        "image": Node("Input", {"field": "image"}),
        "conv": Node("Conv2d", {"out_channels": 8}, 220.0),
        "act": Node("ReLU", {}, 440.0),
    }
    links = (LINK, Link("image", "output", "conv", "input"))
    document.new(Project(Graph(nodes, tuple(sorted(links, key=link_key)))))
    made.canvas.set_zoom(1.0)
    made.canvas.show_centre(QPointF(300, 150))
    made.canvas.setFocus()
    QApplication.processEvents()
    return made


def press(window: Window, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(QApplication.focusWidget() or window.canvas, key, keys)
    QApplication.processEvents()


def write(window: Window, text: str) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused is window.canvas.picture.editor
    QTest.keyClicks(focused, text)


def steps(window: Window) -> list[str]:
    stack = window.document.undo_stack
    return [stack.text(place) for place in range(stack.count())]


def test_that_a_drawing_is_explained_without_a_mouse(window: Window, tmp_path):
    press(window, Qt.Key.Key_N)
    write(window, "h: why m and n are letters here")
    press(window, Qt.Key.Key_Return, CONTROL)
    window.canvas.select(("conv", "act"))
    press(window, Qt.Key.Key_J, CONTROL)
    write(window, "Encoder")
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Right, ALT | SHIFT)
    green = next(each for each in window.actions_of.everything() if each.id == "colour_green")
    assert green.when(window)
    green.run(window)
    press(window, Qt.Key.Key_Right, CONTROL)
    press(window, Qt.Key.Key_N, SHIFT)
    press(window, Qt.Key.Key_F2)
    write(window, "shorter")
    press(window, Qt.Key.Key_Return, CONTROL)
    window.canvas.select(("conv",))
    press(window, Qt.Key.Key_H)
    press(window, Qt.Key.Key_H, CONTROL)
    assert steps(window) == [
        "Add a note",
        "Put a frame around 2 nodes",
        "Resize the frame Encoder",
        "Colour the frame Encoder green",
        "Move the frame Encoder",
        "Write on a note",
        "Collapse conv",
        "Hide unused ports of conv",
    ]
    graph = window.document.project.graph
    assert (graph.annotations["frame1"].colour, graph.annotations["note1"].text) == ("green", "shorter")
    assert (graph.nodes["conv"].x, graph.nodes["conv"].collapsed, graph.nodes["conv"].tight) == (231.0, True, True)
    window.document.save(tmp_path / "a.loom")
    assert load(tmp_path / "a.loom") == window.document.project
    last = window.document.project
    while window.document.undo_stack.canUndo():
        window.document.undo_stack.undo()
    assert window.document.project.graph.annotations == {}
    while window.document.undo_stack.canRedo():
        window.document.undo_stack.redo()
    assert window.document.project == last


def test_that_keys_of_the_picture_wait_for_what_they_need(window: Window):
    window.canvas.select(())
    window.actions_of.refresh()
    enabled = {
        name: window.actions_of[name].isEnabled() for name in ("surround", "next_annotation", "collapse", "note")
    }
    assert enabled == {"surround": False, "next_annotation": False, "collapse": False, "note": True}


def test_that_the_note_of_a_node_is_written_in_the_form(window: Window):
    window.canvas.select(("conv",))
    row = window.inspector.note
    assert row.isVisible()
    row.text.setFocus()
    QTest.keyClicks(row.text, "try 5 here")
    QTest.keyClick(row.text, Qt.Key.Key_Return, CONTROL)
    assert window.document.project.graph.nodes["conv"].note == "try 5 here"
    assert steps(window) == ["Write a note at conv"]
    assert window.canvas.drawing.items_by_id["conv"].card.note == "try 5 here"
    window.canvas.select(("act",))
    assert row.text.toPlainText() == ""
    QTest.keyClicks(row.text, "and here")
    window.canvas.select(("conv", "act"))
    assert window.document.project.graph.nodes["act"].note == "and here"
    assert row.text.toPlainText() == ""
    window.document.undo_stack.undo()
    window.canvas.select(("conv",))
    assert row.text.toPlainText() == "try 5 here"
    window.document.undo_stack.undo()
    assert row.text.toPlainText() == ""


def test_that_what_is_being_written_is_kept_when_the_drawing_is_left(window: Window):
    window.canvas.select(("conv", "act"))
    window.canvas.blocks.group()
    use = window.canvas.selected[0]
    window.canvas.picture.add_note(QPointF(0, 220))
    write(window, "outside")
    window.scope.enter(use)
    assert [each.text for each in window.document.project.graph.annotations.values()] == ["outside"]
    assert window.scope.project.graph.annotations == {}


def test_that_undo_of_a_note_outside_leads_out_of_a_block(window: Window):
    window.canvas.select(("conv", "act"))
    window.canvas.blocks.group()
    use = window.canvas.selected[0]
    window.canvas.picture.add_note(QPointF(0, 220))
    write(window, "outside")
    press(window, Qt.Key.Key_Return, CONTROL)
    window.scope.enter(use)
    window.document.undo_stack.undo()
    assert window.scope.steps == ()


def test_that_a_person_frames_bends_and_moves_with_the_mouse(window: Window):
    person = Person(window)
    window.canvas.select(("conv", "act"))
    press(window, Qt.Key.Key_J, CONTROL)
    write(window, "Encoder")
    person.click(person.scene(QPointF(0, 330)))  # a click elsewhere keeps the title
    drawing = window.canvas.drawing
    middle = (drawing.port_place("conv", "output", True) + drawing.port_place("act", "input", False)) / 2
    handle = window.windowHandle()
    QTest.mouseDClick(handle, Qt.MouseButton.LeftButton, NONE, person.scene(middle))
    QApplication.processEvents()
    (point,) = window.document.project.graph.bends[LINK]
    person.drag(person.scene(QPointF(*point)), person.scene(QPointF(point[0], point[1] + 66)))
    frame = window.document.project.graph.annotations["frame1"]
    title = QPointF(frame.x + 60, frame.y + 12)
    person.drag(person.scene(title), person.scene(title + QPointF(44, 88)))
    person.drag(person.header("act"), person.header("act") + QPoint(110, 0))
    assert steps(window) == [
        "Put a frame around 2 nodes",
        "Bend the link to act",
        "Move a point of a link",
        "Move the frame Encoder",
        "Move act",
    ]
    graph = window.document.project.graph
    assert (graph.nodes["conv"].y, graph.nodes["act"].y, graph.nodes["image"].y) == (88.0, 88.0, 0.0)
    assert graph.bends[LINK] == ((point[0] + 44, point[1] + 66 + 88),)
    assert graph.nodes["act"].x == 594.0
