"""Blocks through the real window: grouped, named, parametrised, repeated, edited inside, taken apart, and kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from offscreen_drag import OffscreenDrag
from person import LEFT, NONE, Person, wait_until
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QScrollArea, QWidget

from core import graph as graphs
from core.expressions import expression
from core.graph import Graph, Link, Node
from core.project import Project, text_of
from designer import app as application
from designer.document import Document
from designer.references import Reference
from designer.window import Window

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """The real window on an empty document, with its engines."""
    monkeypatch.setattr("designer.palette_tree.QDrag", OffscreenDrag)
    made = application.make_window(Document())
    made.resize(1600, 1000)
    made.show()
    wait_until(made.isVisible, "the window is shown")
    application.load_rest(made)
    wait_until(lambda: made.engines is not None and made.document.report is not None, "the empty drawing is checked")
    yield made
    made.document.undo_stack.setClean()
    made.close()


@pytest.fixture
def person(window: Window) -> Person:
    """Someone who uses it."""
    return Person(window)


def drawn() -> Project:
    """data -> fc -> act -> out; the two in the middle are to become a block."""
    nodes = {
        "data": Node("Input", {"shape": (8,)}, 0, 0),
        "fc": Node("Linear", {"out_features": 8}, 220, 0),
        "act": Node("ReLU", {}, 440, 0),
        "out": Node("Output", {}, 880, 0),
    }
    links = (
        Link("data", "output", "fc", "input"),
        Link("fc", "output", "act", "input"),
        Link("act", "output", "out", "input"),
    )
    return Project(Graph(nodes, tuple(sorted(links, key=graphs.link_key))))


def part(window: Window, name: str) -> QWidget:
    """The part of the form of that name that is seen."""
    return next(each for each in window.inspector.findChildren(QWidget) if is_seen(each, name))


def is_seen(widget: QWidget, name: str) -> bool:
    return widget.accessibleName() == name and widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus


def type_into(person: Person, widget: QWidget, text: str) -> None:
    """Click a field, replace what stands there, and press Enter."""
    show(widget)
    person.click(person.on(widget))
    assert QApplication.focusWidget() in (widget, *widget.findChildren(QWidget))
    person.key(Qt.Key.Key_A, CONTROL)
    person.write(text)
    person.key(Qt.Key.Key_Return)


def show(widget: QWidget) -> None:
    """Scroll a part of a form to where it is seen."""
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        above.ensureWidgetVisible(widget)
    QApplication.processEvents()


def choose(words: str) -> None:
    """Click an entry of the menu that is open."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu), "a menu is open"
    action = next(each for each in menu.actions() if words in each.text())
    assert action.isEnabled()
    QTest.mouseClick(menu.windowHandle(), LEFT, NONE, menu.actionGeometry(action).center())
    QApplication.processEvents()


def press(person: Person, node_id: str, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Click a node's header."""
    person.click(person.header(node_id), keys)


def double_click(person: Person, at: QPoint) -> None:
    handle = person.window.windowHandle()
    person.click(at)
    QTest.mouseDClick(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QApplication.processEvents()


def checked(window: Window) -> bool:
    report = window.document.report
    return report is not None and not report.partial and report.revision == window.document.revision


def group_and_name(person: Person, window: Window) -> None:
    """Select the two nodes, group them by the keyboard, and name the block in place."""
    press(person, "fc")
    press(person, "act", CONTROL)
    assert window.selected == ("fc", "act")
    person.key(Qt.Key.Key_G, CONTROL)
    focused = QApplication.focusWidget()
    assert isinstance(focused, QLineEdit)
    assert focused.selectedText() == "Block1"
    person.write("Dense")
    person.key(Qt.Key.Key_Return)
    assert set(window.document.project.graph.blocks) == {"Dense"}
    assert window.selected == ("dense1",)


def give_a_parameter(person: Person, window: Window) -> None:
    """Enter by a double click, and let out_features be a parameter, by the menu at its editor."""
    double_click(person, person.header("dense1"))
    assert window.scope.block == "Dense"
    assert window.breadcrumb.isVisible()
    press(person, "fc")
    reference = window.inspector.form.rows["out_features"].reference
    assert isinstance(reference, Reference)
    show(reference)
    person.click(person.on(reference))
    choose("New parameter")
    block = window.document.project.graph.blocks["Dense"]
    assert [each.name for each in block.parameters] == ["out_features"]
    assert block.nodes["fc"].values["out_features"] == expression("out_features")
    person.click(person.on(window.canvas.viewport(), QPoint(30, 30)))
    assert window.selected == ()
    name = window.inspector.block.rows[0].name
    type_into(person, name, "width")
    block = window.document.project.graph.blocks["Dense"]
    assert [each.name for each in block.parameters] == ["width"]
    assert block.nodes["fc"].values["out_features"] == expression("width")


def test_that_a_block_is_made_used_twice_edited_for_both_and_taken_apart(person: Person, window: Window) -> None:
    document = window.document
    document.edit("Draw", drawn())
    window.canvas.frame_all()
    QApplication.processEvents()
    first = text_of(document.project)
    group_and_name(person, window)
    give_a_parameter(person, window)

    window.canvas.setFocus()
    person.key(Qt.Key.Key_Backspace, CONTROL)
    assert window.scope.steps == ()
    assert not window.breadcrumb.isVisible()

    person.drag(person.layer("Dense"), person.scene(QPointF(330, 260)))
    wait_until(lambda: "dense2" in document.project.graph.nodes, "the second use is dropped", 10)
    person.drag(person.port("dense1", "output", True), person.port("dense2", "input"))
    press(person, "dense1")
    type_into(person, part(window, "width"), "16")
    press(person, "dense2")
    type_into(person, part(window, "width"), "5")
    type_into(person, part(window, "repeat"), "4")
    assert document.project.graph.nodes["dense2"].values == {"width": 5, "repeat": 4}
    wait_until(lambda: checked(window), "it is checked")
    assert outputs(window) == [("N", 16), ("N", 5)]
    assert "× 4" in "".join(run.text for run in window.canvas.drawing.items_by_id["dense2"].card.lines[0])

    press(person, "dense2")
    window.canvas.setFocus()
    person.key(Qt.Key.Key_Return, CONTROL)
    assert window.scope.block == "Dense"
    press(person, "fc")
    type_into(person, part(window, "out_features"), "=width * 2")
    assert document.project.graph.blocks["Dense"].nodes["fc"].values["out_features"] == expression("width * 2")
    type_into(person, part(window, "out_features"), "=depth")
    assert "no parameter depth" in window.inspector.form.rows["out_features"].fault.text()
    window.canvas.setFocus()
    person.key(Qt.Key.Key_Backspace, CONTROL)
    wait_until(lambda: checked(window), "the edit inside is checked")
    assert outputs(window) == [("N", 32), ("N", 10)]

    press(person, "dense2")
    person.key(Qt.Key.Key_G, CONTROL | SHIFT)
    assert "dense2" not in document.project.graph.nodes
    assert sum(node.layer == "Linear" for node in document.project.graph.nodes.values()) == 4
    wait_until(lambda: checked(window), "the ungrouped drawing is checked")
    undo_all(person, window, first)


def outputs(window: Window) -> list[tuple[object, ...]]:
    """What leaves the two uses."""
    report = window.document.report
    assert report is not None
    return [report.nodes[each].outputs["output"].shape for each in ("dense1", "dense2")]


def undo_all(person: Person, window: Window, first: str) -> None:
    """Undo to the drawing at the beginning and redo all of it, by the keyboard."""
    document = window.document
    window.canvas.setFocus()
    last = text_of(document.project)
    while document.undo_stack.index() > 1:
        person.key(Qt.Key.Key_Z, CONTROL)
        window.canvas.setFocus()
    assert text_of(document.project) == first
    assert window.scope.steps == ()
    while document.undo_stack.canRedo():
        person.key(Qt.Key.Key_Z, CONTROL | SHIFT)
        window.canvas.setFocus()
    assert text_of(document.project) == last


def test_that_a_block_is_kept_in_the_library_and_used_in_a_new_document(person: Person, window: Window) -> None:
    document = window.document
    document.edit("Draw", drawn())
    window.canvas.frame_all()
    QApplication.processEvents()
    group_and_name(person, window)
    at = person.header("dense1")
    QTest.mouseMove(window.windowHandle(), at)
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.RightButton, NONE, at)
    choose("library")
    assert "library" in window.centre.message.words.text()
    kept = document.project.graph.blocks["Dense"]
    document.undo_stack.setClean()
    person.key(Qt.Key.Key_N, CONTROL)
    wait_until(lambda: not document.project.graph.nodes, "a new document is shown", 10)
    assert document.project.graph.blocks == {}
    window.palette_of_layers.show_set("all")
    person.drag(person.layer("Dense"), person.scene(QPointF(100, 100)))
    wait_until(lambda: document.project.graph.nodes, "the block is dropped", 10)
    assert document.project.graph.blocks == {"Dense": kept}
    assert [node.layer for node in document.project.graph.nodes.values()] == ["Dense"]
    person.key(Qt.Key.Key_Z, CONTROL)
    assert document.project.graph.blocks == {}
