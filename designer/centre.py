"""The middle of the window: the canvas, and over it the message bar, the start page and what an empty canvas says."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from designer.canvas import Canvas
from designer.message_bar import MessageBar
from designer.start_page import EmptyHint, StartPage
from designer.theme import Theme
from designer.words import tr


class Centre(QWidget):
    """Keeps what lies over the canvas in its place; `start_shown` says that the start page came or went."""

    start_shown = Signal(bool)

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self.setAccessibleName(tr("Canvas"))
        self.setMinimumSize(320, 120)
        self.canvas = canvas
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(canvas)
        self.hint = EmptyHint(canvas)
        self.start = StartPage(canvas)
        self.message = MessageBar(canvas)
        self._is_empty = True
        self._starts = True
        self.hint.start_wanted.connect(self.show_start)
        self.start.left.connect(self.leave_start)
        canvas.floating.quick_add.installEventFilter(self)

    def set_empty(self, is_empty: bool) -> None:
        """Show or hide what an empty canvas says; with a network to be seen the start page is over."""
        self._starts = self._starts and is_empty
        self._is_empty = is_empty
        self._show()

    def show_start(self) -> None:
        """Show the start page over whatever is drawn."""
        self._starts = True
        self.start.renew()
        self._show()
        self.start.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave_start(self) -> None:
        """Show the canvas."""
        self._starts = False
        self._show()

    def _show(self) -> None:
        was_shown = not self.start.isHidden()
        if not self._starts and self.start.isAncestorOf(self.window().focusWidget() or self):
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.start.setVisible(self._starts)
        self.hint.setVisible(self._is_empty and not self._starts)
        self.start.place()
        self.hint.place()
        self.start.raise_()
        if self._starts:
            self.message.raise_()
        if was_shown != self._starts:
            self.start_shown.emit(self._starts)

    def set_theme(self, theme: Theme) -> None:
        """Show everything in a theme."""
        self.canvas.set_theme(theme)
        self.message.set_theme(theme)
        self.start.set_theme(theme)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever searches a layer means the canvas."""
        if event.type() == QEvent.Type.Show:
            self.leave_start()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what lies over the canvas in its place."""
        super().resizeEvent(event)
        self.message.place()
        self.start.place()
        self.hint.place()
