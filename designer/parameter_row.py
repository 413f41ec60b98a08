"""One parameter of a block as it is edited: name, type, default, bounds or choices, and help."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from core.graph import BlockParameter
from core.parameters import LARGEST, Parameter, fitted
from designer.icons import icon
from designer.theme import DARK, Theme
from designer.use_card import fault_label
from designer.values import typed, written
from designer.words import tr

KINDS = {
    "integer": tr("integer"),
    "number": tr("number"),
    "boolean": tr("yes / no"),
    "text": tr("text"),
    "choice": tr("choice"),
    "shape": tr("sizes"),
}
FRESH: dict[str, Any] = {"integer": 1, "number": 1.0, "boolean": False, "text": "", "choice": "", "shape": (1,)}


def declared_of(parameter: BlockParameter) -> Parameter:
    """A block's parameter as forms know them."""
    choices = parameter.choices if parameter.kind == "choice" else ()
    return Parameter(
        parameter.name, parameter.kind, parameter.default, parameter.default, parameter.help, parameter.low,
        parameter.high, choices=choices,
    )  # fmt: skip


class ParameterRow(QFrame):
    """A card with a few lines of fields; each committed field is one change."""

    renamed = Signal(str, str)
    changed = Signal(str, object)
    removed = Signal(str)
    moved = Signal(int)
    """By how many places the parameter is to go down."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAccessibleName(tr("Parameter"))
        self._shown = BlockParameter("")
        self._theme: Theme = DARK
        self.name = self._line(
            tr("Name of the parameter"), tr("Its name: expressions inside use it, like =channels * 4")
        )
        self.kind = QComboBox()
        self.kind.setAccessibleName(tr("Type of the parameter"))
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.kind.setMinimumContentsLength(6)
        for kind, words in KINDS.items():
            self.kind.addItem(words, kind)
        self.default = self._line(tr("Default"), tr("The value where a use says nothing"))
        self.low = self._line(tr("Least value"), tr("The least value that a use may give; empty for none"))
        self.high = self._line(tr("Greatest value"), tr("The greatest value that a use may give; empty for none"))
        self.choices = self._line(tr("Choices"), tr("The words to choose from, with commas between them"))
        self.about = self._line(tr("What the parameter does"), tr("One sentence of help"))
        self.about.setPlaceholderText(tr("What it is for"))
        self.remove, self.up, self.down = (QToolButton() for _ in range(3))
        for button in (self.remove, self.up, self.down):
            button.setProperty("role", "icon")
            button.setIconSize(QSize(12, 12))
        self.fault = fault_label(tr("Parameter, fault"))
        words = {"default": tr("default"), "from": tr("from"), "to": tr("to"), "one of": tr("one of")}
        self._labels = {name: _small(text) for name, text in words.items()}
        self._arrange()
        self._connect()

    def _line(self, name: str, tip: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.setToolTip(tip)
        line.setMinimumWidth(30)
        return line

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 6, 6, 8)
        grid.setHorizontalSpacing(5)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        first, second, third = (QHBoxLayout() for _ in range(3))
        first.setSpacing(6)
        first.addWidget(self.name, 1)
        moving = QHBoxLayout()
        moving.setSpacing(0)
        for button in (self.up, self.down, self.remove):
            moving.addWidget(button)
        first.addLayout(moving)
        second.addWidget(self.kind, 1)
        for line, label, field in (
            (second, "default", self.default),
            (third, "from", self.low),
            (third, "to", self.high),
        ):
            line.setSpacing(5)
            line.addWidget(self._labels[label])
            line.addWidget(field, 1)
        for row, line in enumerate((first, second, third)):
            grid.addLayout(line, row, 0, 1, 2)
        grid.addWidget(self._labels["one of"], 3, 0)
        grid.addWidget(self.choices, 3, 1)
        grid.addWidget(self.about, 4, 0, 1, 2)
        grid.addWidget(self.fault, 5, 0, 1, 2)

    def _connect(self) -> None:
        self.name.editingFinished.connect(self._rename)
        self.kind.activated.connect(lambda _: self._take_kind(self.kind.currentData()))
        self.default.editingFinished.connect(self._take_default)
        self.low.editingFinished.connect(lambda: self._take_bound("low", self.low.text()))
        self.high.editingFinished.connect(lambda: self._take_bound("high", self.high.text()))
        self.choices.editingFinished.connect(self._take_choices)
        self.about.editingFinished.connect(lambda: self._take(help=self.about.text().strip()))
        self.remove.clicked.connect(lambda: self.removed.emit(self._shown.name))
        self.up.clicked.connect(lambda: self.moved.emit(-1))
        self.down.clicked.connect(lambda: self.moved.emit(1))

    def set_theme(self, theme: Theme) -> None:
        """Tint the small icons."""
        self._theme = theme
        for button, picture in ((self.remove, "close"), (self.up, "up"), (self.down, "down")):
            button.setIcon(icon(picture, theme.dim))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Up and Alt+Down move the parameter."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if not by or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier != Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
        else:
            self.moved.emit(by)

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """What can have the cursor, in its order."""
        fields = (self.name, self.kind, self.up, self.down, self.remove)
        return (*fields, self.default, self.low, self.high, self.choices, self.about)

    @property
    def focused(self) -> QWidget | None:
        """The part that has the cursor."""
        return next((part for part in self.parts if part.hasFocus()), None)

    def offer_moves(self, up: bool, down: bool) -> None:
        """Say which way the parameter can go."""
        self.up.setEnabled(up)
        self.down.setEnabled(down)

    def show_parameter(self, parameter: BlockParameter) -> None:
        """Show a parameter; what is right already is left alone."""
        self._shown = parameter
        self.say("")
        kind = parameter.kind
        texts = {
            self.name: parameter.name,
            self.default: written(declared_of(parameter), _plain(parameter.default)),
            self.low: _bound(parameter.low),
            self.high: _bound(parameter.high),
            self.choices: ", ".join(parameter.choices),
            self.about: parameter.help,
        }
        for line, text in texts.items():
            if line.text() != text:
                line.setText(text)
                line.setCursorPosition(0)
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        has_bounds = kind in ("integer", "number", "shape")
        for part in (self.low, self.high, self._labels["from"], self._labels["to"]):
            part.setVisible(has_bounds)
        for part in (self.choices, self._labels["one of"]):
            part.setVisible(kind == "choice")
        self.setAccessibleName(tr("Parameter {name}", name=parameter.name))
        self.remove.setAccessibleName(tr("Remove the parameter {name}", name=parameter.name))
        self.remove.setToolTip(tr("Remove it; what refers to it inside gets its plain value"))
        self.up.setAccessibleName(tr("Move the parameter {name} up", name=parameter.name))
        self.up.setToolTip(tr("Move it up (Alt+Up): its place is that in forms and in the source"))
        self.down.setAccessibleName(tr("Move the parameter {name} down", name=parameter.name))
        self.down.setToolTip(tr("Move it down (Alt+Down): its place is that in forms and in the source"))

    def say(self, fault: str) -> None:
        """Show one sentence under the fields, or nothing."""
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))

    def _rename(self) -> None:
        new = self.name.text().strip()
        self.say("")
        if new != self._shown.name:
            self.renamed.emit(self._shown.name, new)

    def _take(self, **changes: Any) -> None:
        if any(getattr(self._shown, name) != value for name, value in changes.items()):
            self.say("")
            self.changed.emit(self._shown.name, changes)

    def _take_kind(self, kind: str) -> None:
        value = self._shown.default
        fresh: Any = FRESH[kind]
        try:
            like = BlockParameter(self._shown.name, kind, fresh)  # type: ignore[arg-type]
            fresh = fitted(declared_of(like), value)
        except ValueError:
            pass
        choices = self._shown.choices
        if kind == "choice":
            choices = choices or ((str(value),) if isinstance(value, str) and value else ("one", "other"))
            fresh = choices[0]
        if kind != self._shown.kind:
            bounds = {} if kind in ("integer", "number", "shape") else {"low": None, "high": None}
            self._take(kind=kind, default=fresh, choices=choices, **bounds)

    def _take_default(self) -> None:
        text = self.default.text().strip()
        if text == written(declared_of(self._shown), _plain(self._shown.default)):
            return
        words: dict[str, Any] = {"yes": True, "true": True, "no": False, "false": False}
        try:
            if self._shown.kind == "boolean":
                if text.lower() not in words:
                    raise ValueError(
                        tr("{name} must be yes or no, but is “{words}”.", name=self._shown.name, words=text[:60])
                    )
                self._take(default=words[text.lower()])
            else:
                self._take(default=typed(declared_of(self._shown), text))
        except ValueError as fault:
            self.say(str(fault))

    def _take_bound(self, which: str, text: str) -> None:
        value: int | float | None = None
        if text.strip():
            try:
                value = float(text)
            except ValueError:
                self.say(tr("A bound is a number or nothing, but this is “{value}”.", value=text.strip()[:40]))
                return
            if not abs(value) < LARGEST:
                self.say(tr("A bound is a number that 64 bits hold, or nothing."))
                return
            value = int(value) if value.is_integer() else value
        low, high = (value, self._shown.high) if which == "low" else (self._shown.low, value)
        if low is not None and high is not None and low > high:
            self.say(tr("No value is at least {low} and at most {high}.", low=_bound(low), high=_bound(high)))
            return
        self._take(**{which: value})

    def _take_choices(self) -> None:
        words = tuple(dict.fromkeys(word.strip() for word in self.choices.text().split(",") if word.strip()))
        if not words:
            self.say(tr("A choice needs words to choose from, with commas between them."))
            return
        default = self._shown.default if self._shown.default in words else words[0]
        self._take(choices=words, default=default)


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _bound(value: float | None) -> str:
    return "" if value is None else str(int(value)) if float(value).is_integer() else str(value)


def _small(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "small")
    label.setAccessibleName(text)
    return label
