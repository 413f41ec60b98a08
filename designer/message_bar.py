"""One sentence on top of the canvas, with at most one button; it stops no work, and what only informs soon goes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from designer.icons import icon
from designer.problems import tone
from designer.theme import DARK, Theme
from designer.words import tr

PASSING = ("good", "note")
SECONDS_PASSING = 12
"""What only informs and offers nothing goes after so long: it would cover nodes, and soon be no longer true."""


class MessageBar(QFrame):
    """Hidden until something is to be said; what opens over the canvas later stands before it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "message")
        self.setAccessibleName(tr("Message"))
        self._theme: Theme = DARK
        self._tone = "note"
        self._run: Callable[[], object] | None = None
        self.mark = QLabel()
        self.mark.setAccessibleName(tr("Kind of message"))
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setAccessibleName(tr("Message"))
        self.button = QPushButton()
        self.button.setProperty("role", "flat")
        self.button.setAccessibleName(tr("What can be done"))
        self.close_button = QToolButton()
        self.close_button.setProperty("role", "flat")
        self.close_button.setIconSize(QSize(14, 14))
        self.close_button.setToolTip(tr("Close this message"))
        self.close_button.setAccessibleName(tr("Close this message"))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 6, 6)
        row.setSpacing(8)
        row.addWidget(self.mark)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        row.addWidget(self.close_button)
        self.close_button.clicked.connect(self.hide)
        self.button.clicked.connect(self._do)
        self.passing = QTimer(self, singleShot=True, interval=SECONDS_PASSING * 1000)
        self.passing.timeout.connect(self._pass)
        self.hide()

    def say(self, severity: str, sentence: str, button: str = "", run: Callable[[], object] | None = None) -> None:
        """Show a sentence of a severity ("good", "note", "warning", "error")."""
        self._tone, self._run = severity, run
        self.words.setText(sentence)
        self.setAccessibleDescription(sentence)
        self.button.setText(button)
        self.button.setAccessibleName(button or tr("What can be done"))
        self.button.setVisible(bool(button))
        self.setProperty("tone", severity)
        self.style().unpolish(self)
        self.style().polish(self)
        self.set_theme(self._theme)
        self.show()
        self.place()
        self.raise_()
        if severity in PASSING and not button:
            self.passing.start()
        else:
            self.passing.stop()

    def _pass(self) -> None:
        """Go, but not while it is read closely or its button has the focus."""
        if self.underMouse() or self.close_button.hasFocus():
            self.passing.start()
        else:
            self.hide()

    def withdraw(self) -> None:
        """Take away the offer to cancel what is over now; any other sentence stays."""
        if self.button.text() == tr("Cancel"):
            self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        self._theme = theme
        self.mark.setPixmap(icon(self._tone, tone(self._tone, theme)).pixmap(16, 16))
        self.close_button.setIcon(icon("close", theme.dim))

    def place(self) -> None:
        """Stand in the upper middle of the canvas, as high as the words need."""
        holder = self.parentWidget()
        if holder is None:
            return
        room = holder.width() - 24
        width = max(200, min(720, room))
        layout = self.layout()
        height = (
            layout.totalHeightForWidth(width) if layout and layout.hasHeightForWidth() else self.sizeHint().height()
        )
        self.setGeometry((holder.width() - width) // 2, 10, width, max(38, height))

    def _do(self) -> None:
        self.hide()
        if self._run is not None:
            self._run()
