"""The middle of the window: the canvas, and over it the message bar and what an empty canvas says."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from designer.canvas import Canvas
from designer.message_bar import MessageBar
from designer.start_page import StartPage
from designer.theme import Theme


class Centre(QWidget):
    """Keeps what lies over the canvas in its place."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self.setAccessibleName("Canvas")
        self.setMinimumSize(320, 200)
        self.canvas = canvas
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(canvas)
        self.start = StartPage(canvas)
        self.message = MessageBar(self)

    def set_empty(self, is_empty: bool) -> None:
        """Show or hide what an empty canvas says."""
        self.start.setVisible(is_empty)
        self.start.place()

    def set_theme(self, theme: Theme) -> None:
        """Show everything in a theme."""
        self.canvas.set_theme(theme)
        self.message.set_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what lies over the canvas in its place."""
        super().resizeEvent(event)
        self.message.place()
        self.start.place()
