"""Where a person writes Python, in the form or in a window of its own; only whole texts are committed."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.graph import Node
from core.layers import declaration_of
from core.parameters import Parameter, Value, parameter_of
from core.project import Project
from designer.document import Document
from designer.editors import SEVERAL, Editor
from designer.plots.code_text import CodeText
from designer.scope import Scope
from designer.theme import DARK, RADIUS, Theme
from designer.words import tr

INDENT = 4
FEWEST, MOST = 4, 18
"""Lines that the editor in the form is high, however long the text is."""
FRAME = 20
"""Pixels around the lines: border, padding, and the margin of the text."""
SETTLE_MS = 250
"""A fault is marked when typing has rested this long: half a line is no fault."""
HOW = tr("Tab indents, Ctrl+Enter takes the text over, Escape leaves it; what is typed is taken over on leaving, too.")


def syntax_fault(code: str) -> tuple[int, str] | None:
    """The line (from 1) where a text is no Python, and a sentence; None where it is, and nothing of it is run."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape in a string is a warning, and no fault
            ast.parse(code)
    except SyntaxError as error:
        line = max(1, min(error.lineno or 1, code.count("\n") + 1))
        return line, tr("Line {line} is no Python: {msg}.", line=line, msg=error.msg)
    except (ValueError, RecursionError, MemoryError) as error:
        return 1, tr("This is no Python that can be read: {value}.", value=error or "it is nested too deeply")
    return None


class CodeField(CodeText):
    """Python to write in; `left` says that the text is to be taken over, `escaped` that the keys are to go on."""

    left = Signal()
    escaped = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setTabStopDistance(INDENT * self.fontMetrics().horizontalAdvance(" "))
        self._has_menu = False

    def sheet(self, theme: Theme) -> str:
        """A frame like that of the other editors."""
        return (
            f"QPlainTextEdit {{ background: {theme.canvas}; color: {theme.text}; border-radius: {RADIUS}px;"
            f" border: 1px solid {theme.line}; padding: 2px 0; }}"
            f"QPlainTextEdit:focus {{ border: 1px solid {theme.accent}; }}"
            "QAbstractScrollArea::corner { background: transparent; border: 0; }"
        )

    # ---- keys

    def event(self, event: QEvent) -> bool:
        """Take over what is typed before a key that is not the text's: Save and Train have to see it."""
        done = super().event(event)
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and not event.isAccepted():
            others = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
            is_function = Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35
            is_modifier = event.key() in (Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Shift, Qt.Key.Key_Meta)
            if is_function or (event.modifiers() & others and not is_modifier):
                self.left.emit()
        return done

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Indent by steps, keep the indentation of a line, take over, and leave."""
        key = event.key()
        is_enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if key == Qt.Key.Key_Escape:
            self.left.emit()
            self.escaped.emit()
        elif is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.left.emit()
        elif self.isReadOnly():
            super().keyPressEvent(event)
        elif is_enter:
            self._break_line()
        elif key == Qt.Key.Key_Tab and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._indent()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) or (key == Qt.Key.Key_Backspace and self._is_in_indentation()):
            self._shift_lines(-1)
        else:
            super().keyPressEvent(event)

    def _break_line(self) -> None:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()] if not cursor.hasSelection() else ""
        if cursor.hasSelection():
            first = self.document().findBlock(cursor.selectionStart())
            before = first.text()[: cursor.selectionStart() - first.position()]
        deeper = INDENT if before.rstrip().endswith(":") else 0
        cursor.insertText("\n" + " " * (_indentation(before) + deeper))
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _indent(self) -> None:
        cursor = self.textCursor()
        if cursor.hasSelection():
            self._shift_lines(1)
        else:
            cursor.insertText(" " * (INDENT - cursor.positionInBlock() % INDENT))
            self.setTextCursor(cursor)

    def _is_in_indentation(self) -> bool:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        return not cursor.hasSelection() and bool(before) and not before.strip(" ")

    def _shift_lines(self, by: int) -> None:
        """Move the selected lines, or the cursor's, by one step; as one step of the text's own undo."""
        cursor = self.textCursor()
        document = self.document()
        first = document.findBlock(cursor.selectionStart()).blockNumber()
        last = document.findBlock(max(cursor.selectionStart(), cursor.selectionEnd() - 1)).blockNumber()
        cursor.beginEditBlock()
        for number in range(first, last + 1):
            block = document.findBlockByNumber(number)
            held = _indentation(block.text())
            edge = QTextCursor(block)
            if by > 0 and block.text().strip():
                edge.insertText(" " * (INDENT - held % INDENT))
            elif by < 0 and held:
                gone = held % INDENT or INDENT
                edge.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, gone)
                edge.removeSelectedText()
        cursor.endEditBlock()

    # ---- leaving

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving the text takes it over; looking at another program, or at the text's own menu, does not."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason and not self._has_menu:
            self.left.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy, cut and paste, while the text stays as it is."""
        self._has_menu = True
        try:
            super().contextMenuEvent(event)
        finally:
            self._has_menu = False


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


class CodePane(QWidget):
    """A text with what is wrong with it below; `committed` carries a whole text that a person has written."""

    committed = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.field = CodeField(name)
        self.fault = QLabel()
        self.fault.setProperty("role", "fault")
        self.fault.setWordWrap(True)
        self.fault.setTextFormat(Qt.TextFormat.PlainText)
        self.fault.setAccessibleName(tr("{name}, fault", name=name))
        self.fault.hide()
        self._settled = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settled.timeout.connect(self._look)
        self._shown = ""
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(2)
        self.column.addWidget(self.field, 1)
        self.column.addWidget(self.fault)
        self.field.textChanged.connect(self._settled.start)
        self.field.left.connect(self.commit)

    def show_text(self, text: str) -> None:
        """Show a text; what is being typed stays while the text that it stands for is the same."""
        if text == self._shown:
            return
        self._shown = text
        self.field.setPlainText(text)
        self._look()

    def commit(self) -> None:
        """Take over what was typed, if anything was: a text that was only shown never changes by a letter."""
        text = self.field.toPlainText()
        if not self.field.document().isModified() or text == self._shown:
            return
        self._shown = text
        self.field.document().setModified(False)
        self._look()
        self.committed.emit(text)

    def _look(self) -> None:
        self._settled.stop()
        fault = syntax_fault(self.field.toPlainText())
        self.field.mark((fault[0],) if fault else (), means_fault=True)
        self.fault.setText(fault[1] if fault else "")
        self.fault.setVisible(bool(fault))


class CodeEditor(Editor):
    """Python in the form; as high as its text, up to a limit, and opened large by a button."""

    window_wanted = Signal()

    def __init__(self, declared: Parameter) -> None:
        self.pane = CodePane(declared.name)
        super().__init__(declared, self.pane.field)
        self.pane.field.setToolTip("")  # a tip over a text that is being read would hide it
        self.large = QPushButton(tr("Open in a window"))
        self.large.setProperty("role", "flat")
        self.large.setAccessibleName(tr("Open {name} in a window", name=declared.name))
        self.large.setToolTip(tr("The same text with more room, beside the window. {HOW}", HOW=HOW))
        self.large.clicked.connect(self.window_wanted)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self.pane)
        column.addWidget(self.large, 0, Qt.AlignmentFlag.AlignRight)
        self.layout_of.removeWidget(self.pane.field)
        self.pane.column.insertWidget(0, self.pane.field, 1)
        self.layout_of.addLayout(column, 1)
        self.pane.field.textChanged.connect(self._grow)
        self.pane.field.escaped.connect(lambda: self.large.setFocus(Qt.FocusReason.OtherFocusReason))
        self.pane.committed.connect(self.committed)
        self.set_theme(DARK)
        self._grow()

    def show_value(self, value: Value, mixed: bool) -> None:
        """Show the text of a node, or that several nodes differ."""
        self.pane.field.setPlaceholderText(SEVERAL if mixed else "")
        self.pane.show_text("" if mixed else str(value))

    def commit(self) -> None:
        """Take over what was typed, before something else is shown here or is done with the project."""
        self.pane.commit()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.pane.field.set_theme(theme)
        self._grow()

    def _grow(self) -> None:
        field = self.pane.field
        lines = max(FEWEST, min(MOST, field.blockCount()))
        bar = field.horizontalScrollBar().sizeHint().height()
        field.setFixedHeight(lines * field.fontMetrics().lineSpacing() + FRAME + bar)


class CodeWindow(QDialog):
    """One node's code with more room, beside the window; it stays with its node, whatever is selected."""

    def __init__(
        self,
        document: Document | Scope,
        node_id: str,
        name: str,
        write: Callable[[str, str, str], None],
        parent: QWidget,
    ) -> None:
        """`write(node_id, name, text)` sets the code of a node."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 560)
        self._document, self.node_id, self._name, self._write = document, node_id, name, write
        self.pane = CodePane("Python")
        self.pane.field.setAccessibleDescription(HOW)
        hint = QLabel(tr("Tab indents, Ctrl+Enter takes the text over; closing does so, too."))
        hint.setProperty("role", "small")
        hint.setAccessibleName(tr("How to take the text over"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.close_button = buttons.button(QDialogButtonBox.StandardButton.Close)
        self.close_button.setAccessibleName(tr("Close"))
        self.close_button.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(hint, 1)
        row.addWidget(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.pane, 1)
        column.addLayout(row)
        self.pane.committed.connect(self._take)
        self.pane.field.escaped.connect(self.close_button.setFocus)
        document.changed.connect(self._follow)
        self._show(document.project.graph.nodes[node_id])
        self.pane.field.setFocus()

    def shows(self, node_id: str, name: str) -> bool:
        """Whether this is the open window of that code."""
        return self.isVisible() and (self.node_id, self._name) == (node_id, name)

    def commit(self) -> None:
        """Take over what was typed, as long as there is a node to take it."""
        if self.node_id in self._document.project.graph.nodes:
            self.pane.commit()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.pane.field.set_theme(theme)

    def done(self, result: int) -> None:
        """Close, with the text taken over."""
        self.commit()
        super().done(result)

    def closeEvent(self, event: object) -> None:
        """Take the text over before the window is gone."""
        self.commit()
        super().closeEvent(event)  # type: ignore[arg-type]

    def changeEvent(self, event: QEvent) -> None:
        """Take the text over when a person goes to the main window; not when he looks at another program."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            QTimer.singleShot(0, self, self._leave)

    def _take(self, text: str) -> None:
        if self.node_id in self._document.project.graph.nodes:
            self._write(self.node_id, self._name, text)

    def _leave(self) -> None:
        if QApplication.activeWindow() not in (None, self):
            self.commit()

    def _follow(self, before: Project, after: Project) -> None:
        """Show what the node holds now; a node that was renamed is the same value under another id."""
        nodes, held = after.graph.nodes, before.graph.nodes.get(self.node_id)
        if self.node_id not in nodes:
            renamed = next((each for each, node in nodes.items() if node is held), "")
            if not renamed:
                self._document.changed.disconnect(self._follow)
                self.close()  # the node is gone, and its code with it
                return
            self.node_id = renamed
        self._show(nodes[self.node_id])

    def _show(self, node: Node) -> None:
        declaration = declaration_of(node, self._document.project.graph.blocks)
        declared = parameter_of(declaration, self._name) if declaration else None
        self.setWindowTitle(tr("{name} of {node_id}", name=self._name, node_id=self.node_id))
        self.setAccessibleName(self.windowTitle())
        self.pane.show_text(str(node.values.get(self._name, declared.default if declared else "")))
