"""The head row of a dock: its title on the left, figures of fixed width and small switches on the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QToolButton, QWidget

from designer.theme import DARK, Theme

HEIGHT = 30
MARGINS = (12, 0, 8, 0)
SPACING = 6
SMALL = 12


def tabular(font: QFont, pixels: int = SMALL, bold: bool = False) -> QFont:
    """A font whose digits all have one width, so that numbers change in place."""
    made = QFont(font)
    made.setPixelSize(pixels)
    made.setBold(bold)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


class Header(QWidget):
    """A row with a title; `add` puts widgets on its right. It can serve as a dock's title bar.

    Where the row is too narrow for all of them, those that matter least are left out; nothing overlaps.
    Without a title the widgets stand on the left: a row of figures.
    """

    def __init__(self, title: str, about: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title or about)
        self.setFixedHeight(HEIGHT)
        self._added: list[tuple[int, QWidget]] = []
        self._unwanted: set[QWidget] = set()
        self.title = QLabel(title)
        self._heads: list[QWidget] = [self.title]
        self.title.setToolTip(about)
        self._row = QHBoxLayout(self)
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)  # what does not fit goes; the row stays
        self._row.setContentsMargins(*MARGINS)
        self._row.setSpacing(SPACING)
        self._row.addWidget(self.title)
        self.title.setVisible(bool(title))
        if title:
            self._row.addStretch(1)
        else:
            self._row.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.set_theme(DARK)

    def lead(self, widget: QWidget) -> None:
        """Put a widget in the title's place."""
        self._row.insertWidget(1, widget)
        self._heads.append(widget)

    def add(self, widget: QWidget, keep: int = 1) -> None:
        """Put a widget at the right end; the one with the least `keep` is the first to go where it is narrow."""
        self._row.addWidget(widget)
        self._added.append((keep, widget))
        self._fit()

    def want(self, widget: QWidget, wanted: bool) -> None:
        """Say whether an added widget is of use now."""
        if wanted == (widget in self._unwanted):
            self._unwanted ^= {widget}
            self._fit()

    def _fit(self) -> None:
        shown = [pair for pair in self._added if pair[1] not in self._unwanted]
        used = sum(head.sizeHint().width() + SPACING for head in self._heads if not head.isHidden())
        room = self.width() - MARGINS[0] - MARGINS[2] - used - SPACING
        while shown and sum(widget.sizeHint().width() + SPACING for _, widget in shown) > room:
            shown.remove(min(shown, key=lambda pair: pair[0]))
        for _, widget in self._added:
            wanted = any(widget is each for _, each in shown)
            if widget.isHidden() == wanted:
                widget.setVisible(wanted)

    def event(self, event: QEvent) -> bool:
        """Fit again when a widget wants another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """The row may become as narrow as its dock."""
        return QSize(40, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what does not fit."""
        super().resizeEvent(event)
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.title.setStyleSheet(f"color: {theme.text}; font-weight: 600;")


class Switch(QWidget):
    """A few small buttons of which one is chosen."""

    chosen = Signal(str)

    def __init__(self, name: str, is_title: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._is_title = is_title
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, QToolButton] = {}
        self._theme = DARK

    @property
    def choices(self) -> tuple[str, ...]:
        """The keys of the buttons, from the left."""
        return tuple(self._buttons)

    @property
    def choice(self) -> str:
        """The key of the chosen button, or "" where there is none."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def offer(self, choices: Sequence[tuple[str, str, str]]) -> None:
        """Show these (key, text, help); the choice is kept where it is still there, else the first is chosen."""
        if tuple(key for key, _, _ in choices) == self.choices:
            return
        before = self.choice
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.deleteLater()
        self._buttons = {key: self._button(key, text, help) for key, text, help in choices}
        self.choose(before if before in self._buttons else next(iter(self._buttons), ""))
        self.setVisible(len(self._buttons) > 1)
        self.set_theme(self._theme)

    def choose(self, key: str) -> None:
        """Choose a button as a click would, without the signal."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def _button(self, key: str, text: str, help: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(help)
        button.setAccessibleName(f"{self.accessibleName()}: {text}")
        button.setCheckable(True)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda _=False: self.chosen.emit(key))
        self._group.addButton(button)
        self._row.addWidget(button)
        return button

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.setStyleSheet(title_button(theme) if self._is_title else small_button(theme))


def title_button(theme: Theme) -> str:
    """The style of buttons that stand for a title; the chosen one has a line below it."""
    return f"""
    QToolButton {{ background: transparent; color: {theme.dim}; border: 0; border-bottom: 2px solid transparent;
      border-radius: 0; padding: 3px 0 1px 0; margin-right: 10px; font-size: 13px; font-weight: 600; }}
    QToolButton:hover {{ color: {theme.text}; }}
    QToolButton:checked {{ color: {theme.text}; border-bottom-color: {theme.accent}; }}
    QToolButton:focus {{ color: {theme.text}; border-bottom-color: {theme.text}; }}
    """


def small_button(theme: Theme) -> str:
    """The style of the small buttons in a head row; the checked one stands on a raised surface with a border."""
    return f"""
    QToolButton {{ background: transparent; color: {theme.dim}; border: 1px solid transparent; border-radius: 4px;
      padding: 1px 6px; font-size: {SMALL}px; }}
    QToolButton:hover {{ background: {theme.hover}; color: {theme.text}; }}
    QToolButton:checked {{ background: {theme.hover}; color: {theme.text}; border-color: {theme.line}; }}
    QToolButton:focus {{ border-color: {theme.accent}; }}
    QToolButton:disabled {{ color: {theme.line}; text-decoration: none; }}
    """


class LineMark(QWidget):
    """A short piece of a line as it is drawn in the plot: plain, or with a dot."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind
        self._colour = QColor(DARK.accent)
        self.setFixedSize(16, 10)

    def set_colour(self, colour: str) -> None:
        """Draw in this colour."""
        self._colour = QColor(colour)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the piece of line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._colour, 1.5))
        painter.drawLine(QPointF(0, 5), QPointF(16, 5))
        if self._kind == "dots":
            painter.setBrush(self._colour)
            painter.drawEllipse(QPointF(8, 5), 2.5, 2.5)


class Figure(QWidget):
    """A dim word and a number beside it that never changes its width: `val 0.052`."""

    def __init__(self, word: str, widest: str = "0.0000", mark: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = LineMark(mark)
        self._mark.setVisible(bool(mark))
        self._word = QLabel(word)
        self._value = QLabel("–")
        self._value.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._mark)
        row.addWidget(self._word)
        row.addWidget(self._value)
        font = tabular(self.font(), SMALL, bold=True)
        self._value.setFont(font)
        self._value.setFixedWidth(int(QFontMetricsF(font).horizontalAdvance(widest)) + 2)
        self.setAccessibleName(word)

    @property
    def text(self) -> str:
        """What the number says."""
        return self._value.text()

    def say(self, text: str) -> None:
        """Show a number; the same text costs nothing."""
        if text != self._value.text():
            self._value.setText(text)
            self.setAccessibleDescription(text)

    def set_word(self, word: str) -> None:
        """Show another word."""
        self._word.setText(word)
        self.setAccessibleName(word)

    def set_colours(self, word: str, value: str) -> None:
        """Colour the word, and the number with its mark."""
        self._mark.set_colour(value)
        self._word.setStyleSheet(f"color: {word}; font-size: {SMALL}px;")
        self._value.setStyleSheet(f"color: {value}; font-size: {SMALL}px; font-weight: 600;")
