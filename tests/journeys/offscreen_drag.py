"""Drag and drop where the platform has none: Qt's offscreen platform ends every drag at once.

This stands in for the window system alone: it waits in the drag as a real one does, and turns the mouse's moves
into the drag events that a window gets. On a platform with a display the real one is used.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, Qt
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QMouseEvent,
    QWindow,
)
from PySide6.QtWidgets import QApplication

LEFT = Qt.MouseButton.LeftButton
COPY = Qt.DropAction.CopyAction


class OffscreenDrag(QDrag):
    """A drag that goes on until the button is let go."""

    def exec(self, supportedActions: Qt.DropAction = COPY) -> Qt.DropAction:  # type: ignore[override]
        """Wait until the drag has ended and return what was done."""
        if QGuiApplication.platformName() != "offscreen":
            return super().exec(supportedActions)
        course = _Course(self)
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(course)
        course.waiting.exec()
        application.removeEventFilter(course)
        return course.action


class _Course(QObject):
    def __init__(self, drag: QDrag) -> None:
        super().__init__()
        self.waiting = QEventLoop()
        self.action = Qt.DropAction.IgnoreAction
        self._data = drag.mimeData()
        self._over: QWindow | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Turn what the mouse does over a window into what a drag does."""
        if not isinstance(watched, QWindow) or not isinstance(event, QMouseEvent):
            return False
        at, keys = event.position(), event.modifiers()
        if event.type() == QEvent.Type.MouseMove:
            self._move(watched, at, keys)
            return True
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._move(watched, at, keys)
            drop = QDropEvent(at, COPY, self._data, LEFT, keys)
            QApplication.sendEvent(watched, drop)
            self.action = drop.dropAction() if drop.isAccepted() else Qt.DropAction.IgnoreAction
            self.waiting.quit()
            return False
        return False

    def _move(self, window: QWindow, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        if self._over is not window:
            if self._over is not None:
                QApplication.sendEvent(self._over, QDragLeaveEvent())
            self._over = window
            QApplication.sendEvent(window, QDragEnterEvent(at.toPoint(), COPY, self._data, LEFT, keys))
        QApplication.sendEvent(window, QDragMoveEvent(at.toPoint(), COPY, self._data, LEFT, keys))
