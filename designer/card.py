"""A card: a few sentences on a raised surface, with at most two buttons."""

from __future__ import annotations

import html
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QVBoxLayout

from designer.flow_layout import FlowLayout
from designer.words import tr


class Card(QFrame):
    """Words that wrap; `tone` is "error", "warning" or "note" and colours the edge."""

    link_clicked = Signal(str)

    def __init__(self, name: str, tone: str = "") -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setProperty("tone", tone)
        self.setAccessibleName(name)
        self.words = QLabel()
        self.words.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # a long word widens nothing
        policy.setHeightForWidth(True)
        self.words.setSizePolicy(policy)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setAccessibleName(name)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.words.linkActivated.connect(self.link_clicked)
        self._buttons = FlowLayout()
        self._buttons.setSpacing(6)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 8, 10, 8)
        self._column.setSpacing(6)
        self._column.addWidget(self.words)

    def show_text(self, text: str, link: str = "", target: str = "") -> None:
        """Show plain words and, behind them, a link."""
        words = html.escape(text)
        self.show_html(f'{words} <a href="{html.escape(target)}">{link}</a>' if link else words)

    def show_html(self, text: str) -> None:
        """Show words of which some are marked."""
        self.words.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Lay the words out anew in another theme: rich text keeps the colour that links had when it was set."""
        if event.type() == QEvent.Type.PaletteChange:
            words = self.words.text()
            self.words.clear()
            self.words.setText(words)
        super().changeEvent(event)

    def show_button(self, text: str, clicked: Callable[[bool], object]) -> QPushButton:
        """Add a button under the words."""
        button = QPushButton(text)
        button.setProperty("role", "flat" if self._buttons.count() else "repair")
        button.setAccessibleName(text)
        button.setToolTip(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click keeps the focus: the repair takes the button away
        button.clicked.connect(clicked)
        if self._buttons.parent() is None:
            self._column.addLayout(self._buttons)
        self._buttons.addWidget(button)
        return button

    def show_why(self, why: str) -> None:
        """Add the button that shows the reason."""
        reason = QLabel(why)
        reason.setWordWrap(True)
        reason.setProperty("role", "dim")
        reason.setAccessibleName(tr("Why"))
        reason.hide()
        self.show_button(tr("Explain"), lambda _: reason.setVisible(not reason.isVisible()))
        self._column.addWidget(reason)
