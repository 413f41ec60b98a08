"""The one property form: it is made from a declaration, for layers, data sets, training and preferences alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from core.expressions import has_expression, names_in
from core.messages import Field
from core.parameters import Parameter, dropped_values, expected, parameter_of, parameters, read
from designer.code_editor import CodeEditor
from designer.editors import Editor, LineEditor, editor
from designer.flow_layout import FlowLayout
from designer.form_sizes import LABEL_WIDTH, RESET_WIDTH
from designer.icons import icon
from designer.references import WITHOUT, Reference
from designer.theme import DARK, Theme
from designer.values import Terms, worked_out, written
from designer.words import tr

CONTENT = frozenset({"code", "field"})
"""Kinds that hold what a person wrote or chose from the data: "Reset all" leaves them alone."""


def in_force(declared: Parameter, value: Any) -> bool:
    """Whether a parameter matters beside the other values of a declaration, and those that it hangs on as well."""
    if declared.when is None:
        return True
    name, values = declared.when
    other = parameter_of(type(value), name)
    return getattr(value, name) in values and (other is None or in_force(other, value))


class Row(QWidget):
    """One parameter: its name, its editor, the way back to the default, and what is wrong with it."""

    def __init__(self, declared: Parameter, fields: Sequence[Field]) -> None:
        super().__init__()
        self.declared = declared
        self.label = QLabel(declared.name.replace("_", "_\u200b"))  # a long name turns at an underscore
        self.label.setWordWrap(True)
        self.fields = tuple(fields)
        self.editor: Editor = CodeEditor(declared) if declared.kind == "code" else editor(declared, fields)
        self.reset = QToolButton()
        self.fault = QLabel()
        self.reference: Reference | None = None
        self.line: LineEditor | None = None
        """Stands for a box or a list while an expression stands there."""
        self._arrange()

    def _arrange(self) -> None:
        default = written(self.declared, self.declared.default) or "nothing"
        said = tr(
            "{help} It is {expected}; {default} by default.",
            help=self.declared.help,
            expected=expected(self.declared),
            default=default,
        )
        self.setAccessibleName(self.declared.name)
        self.label.setToolTip(said)
        self.label.setWhatsThis(said)
        self.label.setAccessibleName(tr("{name}, name", name=self.declared.name))
        self.label.setFixedWidth(LABEL_WIDTH)
        self.label.setBuddy(self.editor)
        self.editor.setWhatsThis(said)
        self.editor.control.setWhatsThis(said)
        self.reset.setToolTip(tr("Back to the default: {default}", default=default))
        self.reset.setAccessibleName(tr("Reset {name} to {default}", name=self.declared.name, default=default))
        self.reset.setProperty("role", "icon")
        self.reset.setFixedSize(RESET_WIDTH, RESET_WIDTH)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self.fault.setProperty("role", "fault")
        self.fault.setWordWrap(True)
        self.fault.setAccessibleName(tr("{name}, fault", name=self.declared.name))
        self.fault.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.label, 0, 0)
        is_wide = self.declared.kind == "code"
        if is_wide:
            grid.addWidget(self.editor, 1, 0, 1, 3)
        else:
            grid.addWidget(self.editor, 0, 1)
        grid.addWidget(self.reset, 0, 2)
        grid.addWidget(self.fault, 2, 0, 1, 3)

    def take_terms(self, terms: Terms) -> None:
        """Let expressions be written here, over these names."""
        if self.declared.kind in WITHOUT:
            return
        if self.reference is None:
            self.reference = Reference(self.declared)
            self.editor.layout_of.addWidget(self.reference)
            self.reference.chosen.connect(lambda value: self.editor.committed.emit(value))
            if not isinstance(self.editor, LineEditor):
                self.line = LineEditor(self.declared)
                self.editor.layout_of.insertWidget(0, self.line, 1)
                self.line.committed.connect(lambda value: self.editor.committed.emit(value))
                self.line.refused.connect(lambda fault: self.editor.refused.emit(fault))
                self.line.hide()
        self.reference.terms = self.editor.terms = terms
        if self.line is not None:
            self.line.terms = terms

    def show_value(self, value: Any, is_default: bool, mixed: bool, fault: str) -> None:
        """Show a value with its marks and, where it does not fit, why."""
        if self.reference is not None:
            self.reference.show_value(value, self.reference.terms)
        is_line = self.line is not None and has_expression(value) and not mixed
        if self.line is not None:
            self.line.setVisible(is_line)
            self.editor.control.setVisible(not is_line)
        (self.line if is_line and self.line is not None else self.editor).show_value(value, mixed)
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


def _read(declaration: type, one: Mapping[str, Any], terms: Terms) -> tuple[Any, list[tuple[str, str]]]:
    """The declared value and its faults, expressions as what they come to here; the default where that is unknown."""
    known = {name: value for name, value in terms.items() if value is not None}
    plain: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for declared in parameters(declaration):
        if declared.name not in one:
            continue
        value = one[declared.name]
        if not has_expression(value):
            plain[declared.name] = value
        elif names_in(value) <= set(known) or names_in(value) - set(terms):
            try:
                plain[declared.name] = worked_out(declared, value, known)
            except ValueError as fault:
                faults.append((declared.name, str(fault)))
    made, found = read(declaration, plain)
    return made, faults + found


def _may_stay(row: Row | None, declared: Parameter, fields: Sequence[Field], has_terms: bool) -> bool:
    """Whether a row serves another declaration as well: it keeps the cursor of whoever is typing in it."""
    can_refer = has_terms and declared.kind not in WITHOUT
    if row is None or row.declared != declared or (row.reference is not None) != can_refer:
        return False
    return declared.kind != "field" or row.fields == tuple(fields)


class Form(QWidget):
    """Edits the values of one declaration; `changed(name, value)` and `reset(name)` say what a person did.

    With `resets_all` there is a button for all at once (`reset_all`), where anything differs from a fresh one.
    """

    changed = Signal(str, object)
    reset = Signal(str)
    reset_all = Signal()
    promoted = Signal(str)
    window_wanted = Signal(str)

    def __init__(self, resets_all: bool = False) -> None:
        super().__init__()
        self.setAccessibleName(tr("Properties"))
        self.rows: dict[str, Row] = {}
        self._declaration: type | None = None
        self._fields: tuple[Field, ...] = ()
        self._has_terms = False
        self._theme: Theme = DARK
        self._rare_shown = False
        self._resets_all = resets_all
        self._in_force: frozenset[str] = frozenset()
        """The parameters that matter with the values that are shown."""
        self.more = QToolButton()
        self.more.setProperty("role", "flat")
        self.more.setCheckable(True)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.toggled.connect(self._show_rare)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.more.hide()
        self.everything = QToolButton()
        self.everything.setProperty("role", "flat")
        self.everything.setText(tr("Reset all"))
        self.everything.setToolTip(tr("Every setting as it is on a layer that was just added"))
        self.everything.setAccessibleName(tr("Reset all settings"))
        self.everything.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.everything.clicked.connect(lambda _=False: self.reset_all.emit())
        self.everything.hide()
        self._below = FlowLayout()  # the second button goes below the first where the dock is narrow
        self._below.setContentsMargins(0, 0, 0, 0)
        self._below.addWidget(self.more)
        self._below.addWidget(self.everything)
        self._column.addLayout(self._below)

    def show_values(
        self,
        declaration: type,
        several: Sequence[Mapping[str, Any]],
        fields: tuple[Field, ...] = (),
        terms: Terms | None = None,
    ) -> None:
        """Show one declaration with the values of one thing, or of several that are edited at once.

        The rows stay (and keep the focus) while the declaration is the same. With `terms` values may be expressions.
        """
        if declaration is not self._declaration or fields != self._fields or (terms is not None) != self._has_terms:
            self._has_terms = terms is not None
            self._build(declaration, fields)
        if terms is not None:
            for row in self.rows.values():
                row.take_terms(terms)
        read_values = [_read(declaration, one, terms or {}) for one in several]
        for name, row in self.rows.items():
            values = [
                one[name] if has_expression(one.get(name)) else getattr(value, name)
                for one, (value, _) in zip(several, read_values, strict=True)
            ]
            faults = [sentence for _, found in read_values for fault, sentence in found if fault == name]
            set_by_hand = any(name in one and one[name] != row.declared.default for one in several)
            mixed = any(value != values[0] for value in values)
            row.show_value(values[0], not set_by_hand, mixed, faults[0] if faults else "")
        self._in_force = frozenset(
            name
            for name, row in self.rows.items()
            if not row.fault.isHidden() or any(in_force(row.declared, value) for value, _ in read_values)
        )
        settings = {each.name for each in parameters(declaration) if each.kind not in CONTENT}
        fresh = {name: value for name, value in dropped_values(declaration).items() if name in settings}
        is_fresh = all({key: value for key, value in one.items() if key in settings} == fresh for one in several)
        self.everything.setVisible(self._resets_all and not is_fresh)
        self._show_rows()

    def set_theme(self, theme: Theme) -> None:
        """Tint the small icons."""
        self._theme = theme
        for row in self.rows.values():
            row.reset.setIcon(icon("reset", theme.dim))
            row.editor.set_theme(theme)
        self.everything.setIcon(icon("reset", theme.dim))
        self._mark_more()

    def _build(self, declaration: type, fields: tuple[Field, ...]) -> None:
        wanted, before = parameters(declaration), self.rows
        terms = self._has_terms
        kept = {
            each.name: before[each.name] for each in wanted if _may_stay(before.get(each.name), each, fields, terms)
        }
        for name, row in before.items():
            self._column.removeWidget(row)
            if kept.get(name) is not row:
                row.hide()
                row.deleteLater()
        self._declaration, self._fields = declaration, fields
        self.rows = {each.name: kept.get(each.name) or self._row(each, fields) for each in wanted}
        common = [row for row in self.rows.values() if not row.declared.rare]
        rare = [row for row in self.rows.values() if row.declared.rare]
        self._column.removeItem(self._below)
        for each in common:
            self._column.addWidget(each)
        self._column.addLayout(self._below)
        for each in rare:
            self._column.addWidget(each)
        self._in_force = frozenset(self.rows)
        self._show_rows()
        self.set_theme(self._theme)
        self._chain_focus([*common, *rare])

    def _chain_focus(self, rows: list[Row]) -> None:
        before: QWidget | None = None
        for row in rows:
            between = (row.reference,) if row.reference is not None else ()
            for each in (row.editor.control, *between, row.reset):
                if before is not None:
                    QWidget.setTabOrder(before, each)
                before = each

    def _row(self, declared: Parameter, fields: tuple[Field, ...]) -> Row:
        row = Row(declared, fields)
        if isinstance(row.editor, CodeEditor):
            row.editor.window_wanted.connect(lambda: self.window_wanted.emit(declared.name))
        row.editor.committed.connect(lambda value: self._commit(declared.name, value))
        row.editor.refused.connect(row.say)
        row.reset.clicked.connect(lambda: self.reset.emit(declared.name))
        if self._has_terms:
            row.take_terms({})
        if row.reference is not None:
            row.reference.promoted.connect(lambda: self.promoted.emit(declared.name))
        return row

    def _commit(self, name: str, value: Any) -> None:
        self.rows[name].say("")
        self.changed.emit(name, value)

    def _show_rare(self, shown: bool) -> None:
        self._rare_shown = shown
        self._show_rows()

    def _show_rows(self) -> None:
        """Show the rows that matter; a rare one only where it is wanted, or has a fault that should be seen."""
        for name, row in self.rows.items():
            is_wanted = self._rare_shown or not row.declared.rare or not row.fault.isHidden()
            row.setVisible(name in self._in_force and is_wanted)
        self.more.setVisible(any(row.declared.rare for name, row in self.rows.items() if name in self._in_force))
        self._mark_more()

    def _mark_more(self) -> None:
        rare = [row for name, row in self.rows.items() if row.declared.rare and name in self._in_force]
        changed = sum(row.label.property("isChanged") is True for row in rare)
        said = tr("{count}, {changed} changed", count=len(rare), changed=changed) if changed else f"{len(rare)}"
        self.more.setText(tr("Fewer settings") if self._rare_shown else tr("More settings ({said})", said=said))
        self.more.setAccessibleName(self.more.text())
        self.more.setIcon(icon("chevron" if self._rare_shown else "chevron-right", self._theme.dim))
