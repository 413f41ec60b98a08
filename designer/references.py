"""The small button at a setting inside a block: which parameters of the block it can refer to."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton

from core.expressions import expression, has_expression
from core.parameters import Parameter, shown
from designer.form_sizes import RESET_WIDTH
from designer.values import Terms, worked_out
from designer.words import tr

WITHOUT = ("code", "field", "path")
"""Kinds that no expression stands for."""


class Reference(QToolButton):
    """Opens the list of names; `chosen` carries the value that is to stand there, `promoted` asks for a parameter."""

    chosen = Signal(object)
    promoted = Signal()

    def __init__(self, declared: Parameter) -> None:
        super().__init__()
        self._declared = declared
        self._value: Any = declared.default
        self.terms: Terms = {}
        self.setText("=")
        self.setProperty("role", "icon")
        self.setFixedSize(RESET_WIDTH, RESET_WIDTH)
        self.setToolTip(tr("Let it follow a parameter of this block; or type = and an expression, like =channels * 4"))
        self.setAccessibleName(tr("Refer {name} to a parameter of the block", name=declared.name))
        self.clicked.connect(lambda: self.opened().popup(self.mapToGlobal(self.rect().bottomLeft())))

    def show_value(self, value: Any, terms: Terms) -> None:
        """Take in what stands at the setting, and what can be named."""
        self._value, self.terms = value, terms

    def opened(self) -> QMenu:
        """The menu: names with what they come to here, then a new parameter or the plain value."""
        menu = QMenu(self)
        menu.setAccessibleName(self.accessibleName())
        for name, value in self.terms.items():
            known = tr("\t{shown} here", shown=shown(value)) if value is not None else ""
            action = menu.addAction(f"{name}{known}")
            action.triggered.connect(lambda _=False, name=name: self.chosen.emit(expression(name)))
        menu.addSeparator()
        if has_expression(self._value):
            menu.addAction(tr("The plain value")).triggered.connect(lambda _=False: self.chosen.emit(self._plain()))
        else:
            menu.addAction(tr("New parameter from this value")).triggered.connect(lambda _=False: self.promoted.emit())
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _plain(self) -> Any:
        """What the expression comes to here, else the default."""
        known = {name: each for name, each in self.terms.items() if each is not None}
        try:
            return worked_out(self._declared, self._value, known)
        except ValueError:
            return self._declared.default
