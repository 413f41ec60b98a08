"""Code in a project: shown and not run until a person trusts it; what he writes himself is trusted as he writes it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from person import wait_until
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from core import trust
from core.graph import Graph, Link, Node, renamed, with_link, with_node, with_nodes, with_value, without_nodes
from core.messages import Checked
from core.project import Data, Project, text_of
from core.repairs import Repair, SetValue
from designer import app as application
from designer.code_editor import CodeEditor, CodeWindow
from designer.document import Document
from designer.icons import names
from designer.theme import family_colour
from designer.trust import sentence
from designer.window import Window

DOUBLE = "def double(x: Tensor) -> Tensor:\n    return 2 * x\n"
TRIPLE = "def triple(x: Tensor) -> Tensor:\n    return 3 * x\n"
FOREVER = "def forever(x: Tensor) -> Tensor:\n    while True:\n        pass\n    return x\n"


def project(**code: str) -> Project:
    """Digits into a Linear, and into a Python node for each code."""
    nodes = {
        "image": Node("Input", {"field": "image"}),
        "flat": Node("Flatten", {}, 220),
        "linear1": Node("Linear", {"out_features": 10}, 440),
    }
    links = [Link("image", "output", "flat", "input"), Link("flat", "output", "linear1", "input")]
    for place, (name, text) in enumerate(code.items()):
        nodes[name] = Node("Python", {"code": text}, 660, 160 * place)
        links.append(Link("linear1", "output", name, "x"))
    return Project(Graph(nodes, tuple(links)), Data("Digits"))


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    """The window without its engines."""
    made = application.make_window(Document())
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    yield made
    for each in made.findChildren(CodeWindow):
        each.close()


@pytest.fixture
def live(qapp: QApplication) -> Iterator[Window]:
    """The real window with its engines."""
    made = application.make_window(Document())
    made.resize(1280, 800)
    made.show()
    application.load_rest(made)
    wait_until(lambda: made.document.report is not None, "the empty drawing is checked")
    yield made
    made.document.undo_stack.setClean()
    assert made.close()


def code_editor(window: Window) -> CodeEditor:
    editor = window.inspector.form.rows["code"].editor
    assert isinstance(editor, CodeEditor)
    return editor


def rewrite(window: Window, node_id: str, text: str) -> None:
    """Write another text into a node's form and leave it."""
    window.canvas.select((node_id,))
    field = code_editor(window).pane.field
    field.setFocus()
    field.selectAll()
    field.insertPlainText(text)
    field.left.emit()


def code_of(window: Window, node_id: str) -> str:
    return window.document.project.graph.nodes[node_id].values["code"]


# ---- the bar


def test_that_code_of_a_file_is_named_above_the_canvas_and_nothing_is_trusted(window: Window, tmp_path: Path):
    path = tmp_path / "theirs.loom"
    path.write_text(text_of(project(python1=DOUBLE)))
    assert not window.trust_bar.isVisible()
    window.files.open(path)
    bar = window.trust_bar
    assert bar.isVisible()
    said = "python1 brings Python code that is not run until you trust it."
    assert bar.words.text() == said
    assert trust.trusted() == frozenset()
    window.say("note", "Something else.")
    message = window.centre.message
    assert message.mapTo(window, message.rect().topLeft()).y() >= bar.mapTo(window, bar.rect().bottomLeft()).y()


@pytest.mark.parametrize(
    ("names", "beginning"),
    [
        (("a", "b"), "a and b bring Python code that is not run until"),
        (("a", "b", "c"), "a, b and c bring"),
        (("a", "b", "c", "d", "e"), "a, b, c and 2 more bring"),
    ],
)
def test_that_several_nodes_are_one_sentence(names: tuple[str, ...], beginning: str):
    assert sentence(names).startswith(beginning)


def test_that_escape_and_close_leave_it_untrusted_and_are_not_asked_again_for_the_same_code(
    window: Window, qtbot: QtBot
):
    window.document.new(project(python1=DOUBLE))
    window.trust_bar.show_code.setFocus()
    qtbot.keyClick(window.trust_bar.show_code, Qt.Key.Key_Escape)
    assert not window.trust_bar.isVisible()
    held = window.document.project
    window.document.edit("Move", msgspec.structs.replace(held, graph=with_node(held.graph, "python1", x=9.0)))
    assert not window.trust_bar.isVisible()
    assert trust.trusted() == frozenset()
    held = window.document.project
    window.document.edit("Set", msgspec.structs.replace(held, graph=with_value(held.graph, "python1", "code", TRIPLE)))
    assert window.trust_bar.isVisible()
    qtbot.mouseClick(window.trust_bar.close_button, Qt.MouseButton.LeftButton)
    assert not window.trust_bar.isVisible()
    window.document.undo_stack.setClean()
    window.document.new(project(python1=TRIPLE))
    assert window.trust_bar.isVisible()


def test_that_trust_is_remembered_by_the_text_alone(window: Window, qtbot: QtBot):
    window.document.new(project(python1=DOUBLE, python2=TRIPLE))
    qtbot.mouseClick(window.trust_bar.trust, Qt.MouseButton.LeftButton)
    assert not window.trust_bar.isVisible()
    assert not window.actions_of["show_code"].isEnabled()
    assert trust.trusted() == {trust.fingerprint(DOUBLE), trust.fingerprint(TRIPLE)}
    again = application.make_window(Document())
    qtbot.addWidget(again)
    again.show()
    again.document.new(project(other=DOUBLE))
    assert not again.trust_bar.isVisible()
    again.document.new(project(other=DOUBLE + "\n"))
    assert again.trust_bar.isVisible()


def test_that_the_code_is_shown_in_the_form_node_by_node(window: Window, qtbot: QtBot):
    window.document.new(project(python1=DOUBLE, python2=TRIPLE))
    for node_id, text in (("python1", DOUBLE), ("python2", TRIPLE), ("python1", DOUBLE)):
        if text is TRIPLE:
            window.actions_of["show_code"].trigger()
        else:
            qtbot.mouseClick(window.trust_bar.show_code, Qt.MouseButton.LeftButton)
        assert window.selected == (node_id,)
        assert code_editor(window).pane.field.toPlainText() == text
        card = window.inspector.trust
        assert card.isVisible()
        assert card.words.text().startswith(f"{node_id} brings")
        assert card.y() < code_editor(window).mapTo(window.inspector, code_editor(window).rect().topLeft()).y()
    window.canvas.select(("linear1",))
    assert not window.inspector.trust.isVisible()


def test_that_trust_in_the_form_is_for_that_node_alone(window: Window, qtbot: QtBot):
    window.document.new(project(python1=DOUBLE, python2=TRIPLE))
    window.canvas.select(("python2",))
    qtbot.mouseClick(window.inspector.trust.button, Qt.MouseButton.LeftButton)
    assert not window.inspector.trust.isVisible()
    assert trust.trusted() == {trust.fingerprint(TRIPLE)}
    assert window.trust_bar.words.text().startswith("python1 brings")


def test_that_what_a_reader_could_overlook_is_said(window: Window):
    hidden = DOUBLE + "# \u202e read me backwards\n" + "x = 1" + " " * 200 + "; import os\n"
    window.document.new(project(python1=hidden))
    window.canvas.select(("python1",))
    said = window.inspector.trust.words.text()
    assert "characters that cannot be seen" in said
    assert "longer than 120 characters" in said


# ---- what is trusted, and what is not


def test_that_a_fresh_node_asks_for_nothing(window: Window):
    window.add_layer("Python")
    assert not window.trust_bar.isVisible()
    assert window.trusted.waiting == {}


def test_that_what_a_person_writes_is_trusted_as_it_is_committed(window: Window):
    window.add_layer("Python")
    (node_id,) = window.document.project.graph.nodes
    rewrite(window, node_id, DOUBLE)
    assert code_of(window, node_id) == DOUBLE
    assert window.document.undo_stack.text(1) == f"Set code of {node_id}"
    assert window.document.undo_stack.count() == 2
    assert trust.trusted() == {trust.fingerprint(DOUBLE)}
    rewrite(window, node_id, TRIPLE)
    assert trust.fingerprint(TRIPLE) in trust.trusted()
    assert not window.trust_bar.isVisible()


def test_that_a_letter_changed_in_the_code_of_someone_else_makes_it_not_ones_own(window: Window):
    window.document.new(project(python1=DOUBLE))
    rewrite(window, "python1", DOUBLE + "# read\n")
    assert code_of(window, "python1") == DOUBLE + "# read\n"
    assert trust.trusted() == frozenset()
    assert window.trust_bar.isVisible()
    window.trusted.trust(("python1",))
    rewrite(window, "python1", TRIPLE)
    assert trust.fingerprint(TRIPLE) in trust.trusted()


def test_that_code_in_a_muted_node_is_not_trusted_by_an_edit_either(window: Window):
    held = project(python1=DOUBLE)
    window.document.new(msgspec.structs.replace(held, graph=with_node(held.graph, "python1", muted=True)))
    rewrite(window, "python1", TRIPLE)
    assert trust.trusted() == frozenset()


def test_that_pasted_and_repaired_code_is_not_trusted(window: Window):
    window.document.new(project())
    QApplication.clipboard().setText(text_of(project(python1=DOUBLE)))
    window.canvas.paste()
    assert window.trusted.waiting == {"python1": trust.fingerprint(DOUBLE)}
    assert window.trust_bar.isVisible()
    window.trusted.trust(("python1",))
    window.repair(Repair("Use this", (SetValue("python1", "code", TRIPLE),)))
    assert window.trusted.waiting == {"python1": trust.fingerprint(TRIPLE)}
    assert window.trust_bar.isVisible()
    window.document.undo_stack.undo()
    assert not window.trust_bar.isVisible()


def test_that_trust_that_cannot_be_kept_holds_while_the_window_is_open(window: Window, own_home: Path):
    trust.trusted_file().mkdir(parents=True)
    window.document.new(project(python1=DOUBLE))
    window.trusted.trust(("python1",))
    assert window.trusted.waiting == {}
    assert "it runs until the window is closed" in window.centre.message.words.text()


# ---- writing


def test_that_another_selection_takes_over_what_is_being_written(window: Window, qtbot: QtBot):
    window.document.new(project(python1=DOUBLE, python2=DOUBLE))
    window.trusted.trust(("python1",))
    window.canvas.select(("python1",))
    qtbot.keyClicks(code_editor(window).pane.field, "# mine ")
    window.reveal("python2")
    assert code_of(window, "python1") == "# mine " + DOUBLE
    assert code_of(window, "python2") == DOUBLE
    assert code_editor(window).pane.field.toPlainText() == DOUBLE


def test_that_what_is_being_written_in_a_node_that_goes_is_gone_with_it(window: Window, qtbot: QtBot):
    window.add_layer("Python")
    qtbot.keyClicks(code_editor(window).pane.field, "# mine ")
    window.document.undo_stack.undo()
    assert window.document.project.graph.nodes == {}
    window.document.undo_stack.redo()
    assert "code" not in next(iter(window.document.project.graph.nodes.values())).values


def test_that_new_ports_and_settings_leave_the_cursor_where_it_is(window: Window, qtbot: QtBot):
    window.add_layer("Python")
    (node_id,) = window.document.project.graph.nodes
    field = code_editor(window).pane.field
    field.setFocus()
    field.selectAll()
    field.insertPlainText("def scaled(a: Tensor, b: Tensor, factor: int = 3) -> Tensor:\n    return a + factor * b\n")
    field.moveCursor(field.textCursor().MoveOperation.Up)
    place = field.textCursor().position()
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "factor" in window.inspector.form.rows
    assert "slope" not in window.inspector.form.rows
    assert code_editor(window).pane.field is field
    assert field.textCursor().position() == place
    assert window.canvas.drawing.items_by_id[node_id].card.slot("b", False) is not None


def open_large(window: Window, qtbot: QtBot) -> CodeWindow:
    qtbot.mouseClick(code_editor(window).large, Qt.MouseButton.LeftButton)
    (found,) = (each for each in window.findChildren(CodeWindow) if each.isVisible())
    return found


def test_that_the_large_window_stays_with_its_node_and_commits_when_it_is_closed(window: Window, qtbot: QtBot):
    window.document.new(project(python1=DOUBLE, python2=TRIPLE))
    window.trusted.trust(("python1", "python2"))
    window.canvas.select(("python1",))
    large = open_large(window, qtbot)
    assert not large.isModal()
    assert large.windowTitle() == "code of python1"
    window.canvas.select(("python2",))
    held = window.document.project
    window.document.edit("Rename", msgspec.structs.replace(held, graph=renamed(held.graph, "python1", "twice")))
    assert large.windowTitle() == "code of twice"
    qtbot.keyClicks(large.pane.field, "# large ")
    large.close()
    assert code_of(window, "twice") == "# large " + DOUBLE
    assert code_of(window, "python2") == TRIPLE
    assert trust.fingerprint("# large " + DOUBLE) in trust.trusted()
    window.canvas.select(("twice",))
    again = open_large(window, qtbot)
    window.document.undo_stack.undo()
    assert again.pane.field.toPlainText() == DOUBLE


def test_that_the_large_window_is_opened_once_and_goes_with_its_node(window: Window, qtbot: QtBot):
    window.document.new(project(python1=DOUBLE))
    window.canvas.select(("python1",))
    large = open_large(window, qtbot)
    assert open_large(window, qtbot) is large
    qtbot.keyClicks(large.pane.field, "# lost with its node ")
    held = window.document.project
    window.document.edit("Delete", msgspec.structs.replace(held, graph=without_nodes(held.graph, ["python1"])))
    assert not large.isVisible()
    assert "python1" not in window.document.project.graph.nodes


def test_that_closing_the_window_asks_about_what_is_still_being_written(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    window.add_layer("Python")
    window.document.undo_stack.setClean()
    qtbot.keyClicks(code_editor(window).pane.field, "# mine ")
    assert window.document.is_clean
    seen: list[bool] = []
    cancel = QMessageBox.StandardButton.Cancel
    monkeypatch.setattr(QMessageBox, "exec", lambda _: seen.append(window.document.is_clean) or cancel)
    assert not window.close()
    monkeypatch.undo()
    assert seen == [False]


def test_that_a_dropped_project_does_not_throw_away_what_is_being_written(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    window.add_layer("Python")
    window.document.undo_stack.setClean()
    (node_id,) = window.document.project.graph.nodes
    qtbot.keyClicks(code_editor(window).pane.field, "# mine ")
    monkeypatch.setattr(window.files, "may_leave", lambda: window.document.is_clean)
    window.take_file(tmp_path / "other.loom")
    assert code_of(window, node_id).startswith("# mine ")
    monkeypatch.undo()


# ---- the look


def test_that_the_family_has_a_colour_and_an_icon_of_its_own():
    assert "family-custom" in names()
    assert family_colour("custom") != family_colour("no such family")
    colour = QColor(family_colour("custom"))
    parts = [part / 255 for part in (colour.red(), colour.green(), colour.blue())]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    assert 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05) >= 4.6  # white stands on it


# ---- with the engines


def outputs(window: Window, node_id: str) -> tuple[object, ...] | None:
    report = window.document.report
    found = report.nodes.get(node_id) if report and not report.partial else None
    return next(iter(found.outputs.values())).shape if found and found.outputs else None


def faults(window: Window, node_id: str) -> list[str]:
    report = window.document.report
    problems = report.problems if report and is_checked(window) else ()
    return [each.message for each in problems if each.node == node_id and each.severity == "error"]


def is_checked(window: Window) -> bool:
    report = window.document.report
    return isinstance(report, Checked) and not report.partial and report.revision == window.document.revision


def test_that_untrusted_code_is_a_problem_whose_way_out_is_trust_for_every_engine(live: Window):
    live.document.new(project(python1=DOUBLE))
    wait_until(lambda: is_checked(live) and outputs(live, "linear1"), "the rest is checked")
    assert outputs(live, "linear1") == ("N", 10)
    assert outputs(live, "python1") is None
    live.canvas.select(("python1",))
    buttons = [each for card in live.inspector._problems for each in card.findChildren(QPushButton)]
    (way_out,) = [each for each in buttons if each.text() == "Trust"]
    assert not any(each.property("role") == "repair" for each in buttons if each is way_out)
    QTest.mouseClick(way_out, Qt.MouseButton.LeftButton)
    wait_until(lambda: outputs(live, "python1"), "trusted code is checked")
    assert outputs(live, "python1") == ("N", 10)
    assert faults(live, "python1") == []
    assert live.engines is not None
    before = live.engines.editor_pid
    live.document.report = None
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: is_checked(live), "the next engine has checked")
    assert outputs(live, "python1") == ("N", 10)  # it knew what is trusted before it was asked


def test_that_code_that_never_ends_leaves_the_window_and_its_checks_alone(live: Window):
    live.document.new(project(python1=FOREVER))
    live.trusted.trust(("python1",))
    wait_until(
        lambda: any("did not end" in each for each in faults(live, "python1")), "the code was stopped, and that is said"
    )
    assert len(faults(live, "python1")) == 1
    assert not live.centre.message.isVisible()  # no engine died of it
    assert live.trust_bar.isHidden()
    graph = live.document.project.graph
    graph = with_link(with_nodes(graph, {"linear2": Node("Linear")}), Link("flat", "output", "linear2", "input"))
    live.document.edit("Add", msgspec.structs.replace(live.document.project, graph=graph))
    wait_until(lambda: outputs(live, "linear2") == ("N", 32), "another edit is checked", 20)
