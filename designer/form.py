"""The one property form: it is made from a declaration, for layers, data sets, training and preferences alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from core.messages import Field
from core.parameters import Parameter, expected, parameters, read
from designer.editors import Editor, editor
from designer.icons import icon
from designer.theme import DARK, Theme
from designer.values import written

LABEL_WIDTH = 104
RESET_WIDTH = 22


class Row(QWidget):
    """One parameter: its name, its editor, the way back to the default, and what is wrong with it."""

    def __init__(self, declared: Parameter, fields: Sequence[Field]) -> None:
        super().__init__()
        self.declared = declared
        self.label = QLabel(declared.name)
        self.editor: Editor = editor(declared, fields)
        self.reset = QToolButton()
        self.fault = QLabel()
        self._arrange()

    def _arrange(self) -> None:
        default = written(self.declared, self.declared.default) or "nothing"
        said = f"{self.declared.help} It is {expected(self.declared)}; {default} by default."
        self.setAccessibleName(self.declared.name)
        self.label.setToolTip(said)
        self.label.setWhatsThis(said)
        self.label.setAccessibleName(f"{self.declared.name}, name")
        self.label.setFixedWidth(LABEL_WIDTH)
        self.label.setBuddy(self.editor)
        self.editor.setWhatsThis(said)
        self.editor.control.setWhatsThis(said)
        self.reset.setToolTip(f"Back to the default: {default}")
        self.reset.setAccessibleName(f"Reset {self.declared.name} to {default}")
        self.reset.setProperty("role", "icon")
        self.reset.setFixedSize(RESET_WIDTH, RESET_WIDTH)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self.fault.setProperty("role", "fault")
        self.fault.setWordWrap(True)
        self.fault.setAccessibleName(f"{self.declared.name}, fault")
        self.fault.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.label, 0, 0)
        grid.addWidget(self.editor, 0, 1)
        grid.addWidget(self.reset, 0, 2)
        grid.addWidget(self.fault, 1, 0, 1, 3)

    def show_value(self, value: Any, is_default: bool, mixed: bool, fault: str) -> None:
        """Show a value with its marks and, where it does not fit, why."""
        self.editor.show_value(value, mixed)
        self.editor.mark(is_default)
        self.label.setProperty("isChanged", not is_default)
        self.label.style().unpolish(self.label)
        self.label.style().polish(self.label)
        self.reset.setVisible(not is_default)
        self.say(fault)

    def say(self, fault: str) -> None:
        """Show one sentence under the editor, or nothing."""
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))


class Form(QWidget):
    """Edits the values of one declaration; `changed(name, value)` and `reset(name)` say what a person did."""

    changed = Signal(str, object)
    reset = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Properties")
        self.rows: dict[str, Row] = {}
        self._declaration: type | None = None
        self._fields: tuple[Field, ...] = ()
        self._theme: Theme = DARK
        self._rare_shown = False
        self.more = QToolButton()
        self.more.setProperty("role", "flat")
        self.more.setCheckable(True)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.toggled.connect(self._show_rare)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(self.more)
        self.more.hide()

    def show_values(
        self, declaration: type, several: Sequence[Mapping[str, Any]], fields: tuple[Field, ...] = ()
    ) -> None:
        """Show one declaration with the values of one thing, or of several that are edited at once.

        The rows stay (and keep the focus) while the declaration is the same.
        """
        if declaration is not self._declaration or fields != self._fields:
            self._build(declaration, fields)
        known = {each.name for each in parameters(declaration)}
        read_values = [read(declaration, {key: value for key, value in one.items() if key in known}) for one in several]
        for name, row in self.rows.items():
            values = [getattr(value, name) for value, _ in read_values]
            faults = [sentence for _, found in read_values for fault, sentence in found if fault == name]
            set_by_hand = any(name in one and one[name] != row.declared.default for one in several)
            mixed = any(value != values[0] for value in values)
            row.show_value(values[0], not set_by_hand, mixed, faults[0] if faults else "")

    def set_theme(self, theme: Theme) -> None:
        """Tint the small icons."""
        self._theme = theme
        for row in self.rows.values():
            row.reset.setIcon(icon("reset", theme.dim))
        self._mark_more()

    def _build(self, declaration: type, fields: tuple[Field, ...]) -> None:
        for row in self.rows.values():
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._declaration, self._fields = declaration, fields
        self.rows = {each.name: self._row(each, fields) for each in parameters(declaration)}
        common = [row for row in self.rows.values() if not row.declared.rare]
        rare = [row for row in self.rows.values() if row.declared.rare]
        self._column.removeWidget(self.more)
        for each in (*common, self.more, *rare):
            self._column.addWidget(each)
        for row in rare:
            row.setVisible(self._rare_shown)
        self.more.setVisible(bool(rare))
        self.set_theme(self._theme)
        self._chain_focus([*common, *rare])

    def _chain_focus(self, rows: list[Row]) -> None:
        before: QWidget | None = None
        for row in rows:
            for each in (row.editor.control, row.reset):
                if before is not None:
                    QWidget.setTabOrder(before, each)
                before = each

    def _row(self, declared: Parameter, fields: tuple[Field, ...]) -> Row:
        row = Row(declared, fields)
        row.editor.committed.connect(lambda value: self._commit(declared.name, value))
        row.editor.refused.connect(row.say)
        row.reset.clicked.connect(lambda: self.reset.emit(declared.name))
        return row

    def _commit(self, name: str, value: Any) -> None:
        self.rows[name].say("")
        self.changed.emit(name, value)

    def _show_rare(self, shown: bool) -> None:
        self._rare_shown = shown
        for row in self.rows.values():
            if row.declared.rare:
                row.setVisible(shown)
        self._mark_more()

    def _mark_more(self) -> None:
        rare = sum(row.declared.rare for row in self.rows.values())
        self.more.setText("Fewer settings" if self._rare_shown else f"More settings ({rare})")
        self.more.setAccessibleName(self.more.text())
        self.more.setIcon(icon("chevron" if self._rare_shown else "chevron-right", self._theme.dim))
