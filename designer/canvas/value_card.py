"""Edits one value of a node right where it stands, with the editor that the form has for it; or its name."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from core.messages import Field
from core.parameters import Parameter
from designer.theme import Theme
from designer.values import Terms
from designer.words import tr

WIDTH, LABEL = 290, 118
NAME = ""
"""Stands for the name of the node among its values."""


class ValueCard(QFrame):
    """A row of the form, floating over its line: Enter and a click elsewhere take the value, Escape leaves it."""

    changed = Signal(str, str, object)
    """Node, parameter and value."""
    reset = Signal(str, str)
    renamed = Signal(str, str)
    """Node and the name that was typed."""
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.node_id, self.name = "", NAME
        self.at = QPointF()
        """Where the line begins in the scene."""
        self.line: QLineEdit | None = None
        self.row: Any = None
        self.fault = QLabel()
        self.setProperty("role", "popup")
        self.setAutoFillBackground(True)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(tr("Value"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 6, 8, 6)
        self._column.setSpacing(2)
        self.fault.setProperty("role", "fault")
        self.fault.setAccessibleName(tr("Name, fault"))
        self.fault.setWordWrap(True)
        self.fault.hide()
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take on other colours."""
        self._theme = theme
        self.setStyleSheet(
            f'QFrame[role="popup"] {{ background: {theme.raised}; border: 1px solid {theme.accent};'
            " border-radius: 8px; }"
        )

    # ---- opening

    def open_value(
        self, node_id: str, declared: Parameter, value: Any, fields: tuple[Field, ...], terms: Terms | None
    ) -> None:
        """Edit one parameter of a node."""
        from designer.form import Row  # the form is loaded with the window; a canvas alone does without

        self._clear()
        self.node_id, self.name = node_id, declared.name
        self.row = Row(declared, fields)
        if terms is not None:
            self.row.take_terms(terms)
        self.row.label.setFixedWidth(LABEL)
        self.row.reset.setVisible(False)
        self._column.addWidget(self.row)
        self.show_value(value)
        self.row.editor.committed.connect(self._commit)
        self.row.editor.refused.connect(self._refuse)
        self.row.reset.clicked.connect(lambda: self.reset.emit(self.node_id, self.name))
        self.setAccessibleName(tr("{name} of {node_id}", name=declared.name, node_id=node_id))
        self._open(self._control())

    def open_name(self, node_id: str) -> None:
        """Edit the name of a node."""
        self._clear()
        self.node_id, self.name = node_id, NAME
        self.line = QLineEdit(node_id)
        self.line.setAccessibleName(tr("Name of {node_id}", node_id=node_id))
        self._column.addWidget(self.line)
        self._column.addWidget(self.fault)
        self.setAccessibleName(tr("Name of {node_id}", node_id=node_id))
        self._open(self.line)
        self.line.selectAll()

    def show_value(self, value: Any) -> None:
        """Show the value that the node has now."""
        if self.row is not None:
            from core.expressions import has_expression
            from designer.icons import icon

            declared = self.row.declared
            is_default = not has_expression(value) and value == declared.default
            self.row.show_value(value, is_default, False, "")
            self.row.reset.setIcon(icon("reset", self._theme.dim))
            self._fit()

    def _control(self) -> QWidget:
        row = self.row
        return row.line.control if row.line is not None and not row.line.isHidden() else row.editor.control

    def _open(self, control: QWidget) -> None:
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        self._fit()
        self.show()
        self.raise_()
        control.setFocus(Qt.FocusReason.PopupFocusReason)
        if isinstance(control, QLineEdit):
            control.selectAll()

    def _fit(self) -> None:
        self._column.activate()
        column = self._column
        height = column.totalHeightForWidth(WIDTH) if column.hasHeightForWidth() else self.sizeHint().height()
        self.setFixedHeight(height)

    def _clear(self) -> None:
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        for each in (self.row, self.line):
            if each is not None:
                each.hide()
                self._column.removeWidget(each)
                each.deleteLater()
        self.row = self.line = None
        self.fault.hide()
        self._column.removeWidget(self.fault)

    # ---- closing

    def _commit(self, value: Any) -> None:
        self.changed.emit(self.node_id, self.name, value)

    def _refuse(self, sentence: str) -> None:
        self.row.say(sentence)
        self._fit()

    def say(self, sentence: str) -> None:
        """Say why a name cannot be."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))
        self._fit()

    def take(self) -> None:
        """Take what is typed and close, unless it cannot be taken: then it says why."""
        if self.line is not None:
            name = self.line.text().strip()
            if name != self.node_id:
                self.renamed.emit(self.node_id, name)
                if not self.fault.isHidden():
                    return
        elif self.row is not None:
            focused = QApplication.focusWidget()
            if isinstance(focused, QLineEdit) and self.isAncestorOf(focused):
                focused.editingFinished.emit()
            if self.row is not None and not self.row.fault.isHidden():
                return
        self.give_up()

    def give_up(self) -> None:
        """Close and leave the value as it is."""
        if self.isHidden():
            return
        if self.row is not None:
            self.row.editor.blockSignals(True)
            for each in self.row.findChildren(QLineEdit):
                each.blockSignals(True)
        self._clear()
        self.hide()
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter takes, Escape leaves; a press outside takes what is typed."""
        if not isinstance(watched, QWidget) or self.isHidden():
            return False
        inside = watched is self or self.isAncestorOf(watched)
        if inside and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.setAccepted(not event.matches(QKeySequence.StandardKey.Save))
                return False
            if event.type() == QEvent.Type.KeyPress:
                return self._steer(event)
        if event.type() == QEvent.Type.MouseButtonPress and not inside and watched.window() is self.window():
            self.take()
            if not self.isHidden():
                self.give_up()
        return False

    def _steer(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        else:
            return False
        return True
