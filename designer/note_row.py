"""The note of a node: a few lines of a person's own, which stand at its corner on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QWidget

from core import graph as graphs
from core.project import LONGEST_TEXT
from designer.canvas.changes import counted, with_graph
from designer.form_sizes import LABEL_WIDTH, RESET_WIDTH
from designer.scope import Scope
from designer.words import tr

LINES = 2.4
MOST_LINES = 7.0


class NoteText(QPlainTextEdit):
    """Text that is committed when it is left, or by Ctrl+Enter."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Commit, but not when only its menu opens."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def event(self, event: QEvent) -> bool:
        """Ctrl+Enter is this one's own while it is written in."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _ends(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Commit by Ctrl+Enter; everything else is written."""
        if _ends(event):
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _ends(event: QKeyEvent) -> bool:
    is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return is_enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


class NoteRow(QWidget):
    """One row of the form: the note of the selected nodes, empty where they differ."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.setAccessibleName(tr("Note"))
        self._scope = scope
        self._ids: tuple[str, ...] = ()
        self._shown = ""
        self._opened = scope.opened
        label = QLabel(tr("note"))
        label.setFixedWidth(LABEL_WIDTH)
        label.setProperty("isChanged", False)
        label.setAccessibleName(tr("note, name"))
        label.setToolTip(
            tr("A few words of your own; the node shows them at its corner, and nothing is computed from them.")
        )
        self.text = NoteText()
        self.text.setAccessibleName(tr("Note"))
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(tr("A few words of your own"))
        self.text.left.connect(self.commit)
        self.text.textChanged.connect(self._fit)
        label.setBuddy(self.text)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, RESET_WIDTH + 6, 0)
        row.setSpacing(6)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        self._fit()
        self.hide()

    def show_nodes(self, ids: tuple[str, ...]) -> None:
        """Show the note of these nodes."""
        nodes = self._scope.project.graph.nodes
        if ids != self._ids:
            self.commit()
        is_other, self._opened = self._opened != self._scope.opened, self._scope.opened
        self._ids = tuple(each for each in ids if each in nodes)
        notes = {nodes[each].note for each in self._ids}
        said = notes.pop() if len(notes) == 1 else ""
        if said != self._shown or is_other or not self.text.hasFocus():
            self._shown = said
            self.text.setPlainText(said)
        self.setVisible(bool(self._ids))

    def _fit(self) -> None:
        """As high as what is written, within bounds."""
        lines = min(max(LINES, self.text.document().size().height() + 0.6), MOST_LINES)
        self.text.setFixedHeight(round(lines * self.text.fontMetrics().lineSpacing()) + 8)

    def commit(self) -> None:
        """Take over what is written, as one edit."""
        said = self.text.toPlainText().strip()[:LONGEST_TEXT]
        project = self._scope.project
        ids = [each for each in self._ids if each in project.graph.nodes]
        if said == self._shown.strip() or not ids or self._opened != self._scope.opened:
            return
        self._shown = said
        graph = project.graph
        for each in ids:
            graph = graphs.with_node(graph, each, note=said)
        self._scope.edit(counted(tr("Write a note at"), ids), with_graph(project, graph))
