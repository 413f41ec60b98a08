"""One editor for each kind of parameter; every one commits whole values, never half a word."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QHBoxLayout, QLineEdit, QListView, QToolButton, QWidget

from core.messages import Field
from core.parameters import Parameter, Value
from core.places import runs_folder
from core.specs import sample_text
from designer.theme import Theme
from designer.values import NONE, Terms, typed, written
from designer.words import tr

SEVERAL = tr("several values")
STEPS_SETTLE_MS = 300
"""Steps by key or wheel become one edit when they have rested this long."""


class Editor(QWidget):
    """Shows one value and says when a person has chosen another."""

    committed = Signal(object)
    refused = Signal(str)

    def __init__(self, declared: Parameter, control: QWidget) -> None:
        super().__init__()
        self.terms: Terms | None = None
        """What expressions may name here; None where there are none."""
        self.declared = declared
        self.control = control
        self.setFocusProxy(control)
        self.setAccessibleName(declared.name)
        self.setAccessibleDescription(declared.help)
        control.setAccessibleName(declared.name)
        control.setAccessibleDescription(declared.help)
        control.setToolTip(declared.help)
        self.layout_of = QHBoxLayout(self)
        self.layout_of.setContentsMargins(0, 0, 0, 0)
        self.layout_of.setSpacing(4)
        self.layout_of.addWidget(control, 1)

    def show_value(self, value: Value, mixed: bool) -> None:
        """Show a value, or that several nodes differ."""
        raise NotImplementedError(type(self).__name__)

    def mark(self, is_default: bool) -> None:
        """Dim what is only the default."""
        if self.control.property("isDefault") != is_default:
            self.control.setProperty("isDefault", is_default)
            self.control.style().unpolish(self.control)
            self.control.style().polish(self.control)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme, where the style sheet alone does not bring them."""


class LineEditor(Editor):
    """Text, numbers, sizes and shapes; Up and Down step a number."""

    def __init__(self, declared: Parameter) -> None:
        self.line = QLineEdit()
        super().__init__(declared, self.line)
        self._shown = ""
        self._steps = QTimer(self)
        self._steps.setSingleShot(True)
        self._steps.setInterval(STEPS_SETTLE_MS)
        self._steps.timeout.connect(self._commit)
        self.line.editingFinished.connect(self._commit)
        self.line.installEventFilter(self)

    def show_value(self, value: Value, mixed: bool) -> None:
        text = "" if mixed else written(self.declared, value)
        self._steps.stop()
        self._shown = text
        if self.line.text() != text:
            self.line.setText(text)
            if not self.line.hasFocus():
                self.line.setCursorPosition(0)
        self.line.setPlaceholderText(SEVERAL if mixed else written(self.declared, self.declared.default))

    def _commit(self) -> None:
        self._steps.stop()
        text = self.line.text()
        if text == self._shown:
            return
        try:
            value = typed(self.declared, text, self.terms)
        except ValueError as error:
            self.refused.emit(str(error))
            return
        self._shown = text
        self.committed.emit(value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Step on Up, Down and the wheel; Escape takes back what was typed."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            by = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
            if by and self._step(by):
                return True
            if event.key() == Qt.Key.Key_Escape and self.line.text() != self._shown:
                self.line.setText(self._shown)
                self._steps.stop()
                return True
        if event.type() == QEvent.Type.Wheel and isinstance(event, QWheelEvent) and self.line.hasFocus():
            turned = event.angleDelta().y()
            return bool(turned) and self._step(1 if turned > 0 else -1)
        return super().eventFilter(watched, event)

    def _step(self, by: int) -> bool:
        if self.declared.kind not in ("integer", "number", "sizes"):
            return False
        try:
            value = typed(self.declared, self.line.text())
            stepped = _stepped(self.declared, value, by)
            text = written(self.declared, stepped)
            typed(self.declared, text)
        except ValueError:
            return True
        self.line.setText(text)
        self._steps.start()
        return True


def _stepped(declared: Parameter, value: Value, by: int) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if declared.kind == "number":
        share = declared.low == 0 and declared.high is not None and declared.high <= 1
        return round(value + by * 0.05, 4) if share else value * (2.0 if by > 0 else 0.5)
    return value + by


class CheckEditor(Editor):
    """Yes or no."""

    def __init__(self, declared: Parameter) -> None:
        self.box = QCheckBox()
        super().__init__(declared, self.box)
        self.box.clicked.connect(self._clicked)

    def show_value(self, value: Value, mixed: bool) -> None:
        self.box.setTristate(mixed)
        state = Qt.CheckState.PartiallyChecked if mixed else None
        self.box.setCheckState(state or (Qt.CheckState.Checked if value else Qt.CheckState.Unchecked))

    def _clicked(self) -> None:
        self.box.setTristate(False)
        self.committed.emit(self.box.isChecked())


class _CalmCombo(QComboBox):
    """A combo box that leaves the wheel to the page unless it has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ChoiceEditor(Editor):
    """One of a few words."""

    def __init__(self, declared: Parameter, choices: Sequence[tuple[str, Value]]) -> None:
        self.combo = _CalmCombo()
        super().__init__(declared, self.combo)
        self.combo.setView(QListView())  # Qt's own one would draw every choice as dim as a default that is shown
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(6)
        self.combo.setMinimumWidth(80)  # less than its style asks for: the form has to fit into a narrow dock
        for text, value in choices:
            self.combo.addItem(text, value)
        self.combo.activated.connect(self._chosen)

    def show_value(self, value: Value, mixed: bool) -> None:
        self.combo.setPlaceholderText(SEVERAL if mixed else "")
        index = -1 if mixed else self._index_of(value)
        if index < 0 and not mixed:
            self.combo.addItem(tr("{value} (not known)", value=value), value)
            index = self.combo.count() - 1
        self.combo.setCurrentIndex(index)

    def _index_of(self, value: Value) -> int:
        found = (i for i in range(self.combo.count()) if self.combo.itemData(i) == value)
        return next(found, -1)

    def _chosen(self, index: int) -> None:
        self.committed.emit(self.combo.itemData(index))


class PathEditor(LineEditor):
    """A file, typed or chosen."""

    def __init__(self, declared: Parameter) -> None:
        super().__init__(declared)
        self.browse = QToolButton()
        self.browse.setText("…")
        self.browse.setToolTip(tr("Choose a file"))
        self.browse.setAccessibleName(tr("Choose a file for {name}", name=declared.name))
        self.browse.clicked.connect(self._browse)
        self.layout_of.addWidget(self.browse)

    def _browse(self) -> None:
        endings = " ".join(f"*{each}" for each in self.declared.suffixes)
        kinds = tr("Files that fit ({endings});;All files (*)", endings=endings) if endings else tr("All files (*)")
        start = self.line.text() or (str(runs_folder()) if ".safetensors" in self.declared.suffixes else "")
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Choose a file"), start, kinds)
        if chosen:
            self.line.setText(chosen)
            self._commit()


def editor(declared: Parameter, fields: Sequence[Field]) -> Editor:
    """The editor that fits a parameter; `fields` are those of the project's data set."""
    match declared.kind:
        case "boolean":
            return CheckEditor(declared)
        case "choice":
            words: list[tuple[str, Value]] = [(choice, choice) for choice in declared.choices]
            return ChoiceEditor(declared, words + [(NONE, None)] * declared.optional)
        case "field":
            known: list[tuple[str, Value]] = [(tr("not chosen"), "")]
            known += [(f"{each.name} · {sample_text(each.spec.shape)} {each.spec.dtype}", each.name) for each in fields]
            return ChoiceEditor(declared, known)
        case "path":
            return PathEditor(declared)
        case _:
            return LineEditor(declared)
