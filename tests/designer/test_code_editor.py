"""Writing Python in the form: keys, faults while typing, whole texts only, and the window with more room."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from core.parameters import parameter, parameter_of
from designer.code_editor import FEWEST, MOST, CodeEditor, syntax_fault
from designer.plots.colouring import DARK_COLOURS, LIGHT_COLOURS
from designer.theme import DARK, LIGHT

DOUBLE = "def double(x):\n    return 2 * x\n"
CONTROL = Qt.KeyboardModifier.ControlModifier


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sample:
    """A declaration with code."""

    code: str = parameter(DOUBLE, "What it does.", kind="code")


@pytest.fixture
def editor(qtbot: QtBot) -> Iterator[CodeEditor]:
    """An editor beside another control, to which the keys can go."""
    holder = QWidget()
    qtbot.addWidget(holder)
    declared = parameter_of(Sample, "code")
    assert declared is not None
    made = CodeEditor(declared)
    column = QVBoxLayout(holder)
    column.addWidget(made)
    column.addWidget(QLineEdit())
    holder.resize(320, 300)
    holder.show()
    qtbot.waitExposed(holder)
    holder.activateWindow()
    made.pane.field.setFocus()
    qtbot.waitUntil(made.pane.field.hasFocus)
    yield made
    holder.close()


def text_of(editor: CodeEditor) -> str:
    return editor.pane.field.toPlainText()


def heard_from(editor: CodeEditor) -> list[object]:
    heard: list[object] = []
    editor.committed.connect(heard.append)
    return heard


def other(editor: CodeEditor) -> QLineEdit:
    found = editor.window().findChildren(QLineEdit)[0]
    assert isinstance(found, QLineEdit)
    return found


def test_that_a_whole_text_is_committed_on_leaving_and_nothing_while_typing(qtbot: QtBot, editor: CodeEditor):
    heard = heard_from(editor)
    editor.show_value(DOUBLE, False)
    qtbot.keyClicks(editor.pane.field, "# ")
    qtbot.wait(400)
    assert heard == []
    other(editor).setFocus()
    assert heard == ["# " + DOUBLE]
    editor.pane.field.setFocus()
    other(editor).setFocus()
    assert heard == ["# " + DOUBLE]


def test_that_control_and_enter_commit_and_keep_the_cursor(qtbot: QtBot, editor: CodeEditor):
    heard = heard_from(editor)
    editor.show_value(DOUBLE, False)
    qtbot.keyClicks(editor.pane.field, "#")
    qtbot.keyClick(editor.pane.field, Qt.Key.Key_Return, CONTROL)
    assert heard == ["#" + DOUBLE]
    editor.show_value("#" + DOUBLE, False)
    assert editor.pane.field.hasFocus()
    assert editor.pane.field.textCursor().position() == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_F5, Qt.Key.Key_S])
def test_that_a_key_of_the_window_sees_what_is_typed(qtbot: QtBot, editor: CodeEditor, key: Qt.Key):
    heard = heard_from(editor)
    qtbot.keyClicks(editor.pane.field, "x = 1")
    qtbot.keyClick(editor.pane.field, Qt.Key.Key_C, CONTROL)
    assert heard == []
    qtbot.keyClick(editor.pane.field, key, CONTROL if key == Qt.Key.Key_S else Qt.KeyboardModifier.NoModifier)
    assert heard == ["x = 1"]


def test_that_a_text_that_was_only_shown_is_never_changed(qtbot: QtBot, editor: CodeEditor):
    heard = heard_from(editor)
    editor.show_value("a = 1\r\nb = '\u00a0'\n", False)  # the field itself would write both in another way
    editor.pane.field.setFocus()
    other(editor).setFocus()
    editor.commit()
    assert heard == []


def test_that_what_is_being_typed_survives_a_check_and_yields_to_another_value(qtbot: QtBot, editor: CodeEditor):
    editor.show_value(DOUBLE, False)
    qtbot.keyClicks(editor.pane.field, "#")
    editor.show_value(DOUBLE, False)
    assert text_of(editor) == "#" + DOUBLE
    editor.show_value("x = 3", False)
    assert text_of(editor) == "x = 3"


def test_that_tab_indents_and_shift_tab_takes_it_back(qtbot: QtBot, editor: CodeEditor):
    field = editor.pane.field
    qtbot.keyClicks(field, "ab")
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert text_of(editor) == "ab  "
    editor.show_value("a\n  b\n\nc", False)
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert text_of(editor) == "    a\n    b\n\n    c"
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    qtbot.keyClick(field, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert text_of(editor) == "    a\n    b\n\n    c"
    field.undo()
    assert text_of(editor) == "        a\n        b\n\n        c"
    assert field.hasFocus()


def test_that_enter_keeps_the_indentation_and_a_colon_goes_deeper(qtbot: QtBot, editor: CodeEditor):
    field = editor.pane.field
    qtbot.keyClicks(field, "def f(x):")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClicks(field, "y = x")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClicks(field, "return y")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    qtbot.keyClicks(field, "z = 1")
    assert text_of(editor) == "def f(x):\n    y = x\n    return y\nz = 1"


def test_that_a_fault_is_marked_while_typing_and_committed_none_the_less(qtbot: QtBot, editor: CodeEditor):
    heard = heard_from(editor)
    editor.show_value(DOUBLE, False)
    editor.pane.field.moveCursor(editor.pane.field.textCursor().MoveOperation.End)
    qtbot.keyClicks(editor.pane.field, "y = (1")
    qtbot.waitUntil(editor.pane.fault.isVisible)
    assert editor.pane.field.marked == (3,)
    assert editor.pane.fault.text() == "Line 3 is no Python: '(' was never closed."
    assert heard == []
    editor.commit()
    assert heard == [DOUBLE + "y = (1"]  # what a person wrote is never thrown away; check says the fault at the node
    qtbot.keyClicks(editor.pane.field, ")")
    qtbot.waitUntil(lambda: not editor.pane.fault.isVisible())
    assert editor.pane.field.marked == ()


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("x = 1\n", 0),
        ("x = '\\d'\n", 0),
        ("x = (\n", 1),
        ("a\n b\n", 2),
        ("x = \0", 1),
        ("(" * 5000, 1),
        ("-" * 9000 + "1", 1),
    ],
)
def test_that_a_fault_has_a_line_whatever_the_text_is(code: str, line: int):
    fault = syntax_fault(code)
    assert (fault[0] if fault else 0) == line


def test_that_the_field_grows_with_its_text_up_to_a_limit(editor: CodeEditor):
    heights = []
    for lines in (1, FEWEST, FEWEST + 3, MOST, 500):
        editor.show_value("\n".join(f"x = {number}" for number in range(lines)), False)
        heights.append(editor.pane.field.height())
    assert heights[0] == heights[1] < heights[2] < heights[3] == heights[4]


def test_that_escape_commits_and_lets_the_keys_go_on(qtbot: QtBot, editor: CodeEditor):
    heard = heard_from(editor)
    qtbot.keyClicks(editor.pane.field, "x = 1")
    qtbot.keyClick(editor.pane.field, Qt.Key.Key_Escape)
    assert heard == ["x = 1"]
    assert editor.large.hasFocus()
    qtbot.keyClick(editor.large, Qt.Key.Key_Tab)
    assert other(editor).hasFocus()


def test_that_another_program_in_front_is_no_leaving(qtbot: QtBot, editor: CodeEditor):
    heard = heard_from(editor)
    qtbot.keyClicks(editor.pane.field, "x =")
    elsewhere = QWidget()
    qtbot.addWidget(elsewhere)
    elsewhere.show()
    elsewhere.activateWindow()
    qtbot.waitUntil(elsewhere.isActiveWindow)
    assert heard == []


def test_that_several_nodes_that_differ_show_no_code(editor: CodeEditor):
    editor.show_value(DOUBLE, True)
    assert text_of(editor) == ""
    assert editor.pane.field.placeholderText() == "several values"


@pytest.mark.parametrize(("theme", "colours"), [(DARK, DARK_COLOURS), (LIGHT, LIGHT_COLOURS)], ids=["dark", "light"])
def test_that_words_are_coloured_as_in_the_source_view(editor: CodeEditor, theme, colours):
    editor.set_theme(theme)
    editor.show_value(DOUBLE, False)
    formats = editor.pane.field.document().firstBlock().layout().formats()
    assert formats[0].format.foreground().color().name() == colours["keyword"]


def test_that_every_part_has_a_name_for_a_screen_reader(editor: CodeEditor):
    inner = ("QScrollBar", "QWidget")
    unnamed = [
        each
        for each in editor.findChildren(QWidget)
        if not each.accessibleName()
        and not each.objectName().startswith("qt_")
        and each.metaObject().className() not in inner
    ]
    assert unnamed == []
