"""Painting at most 15 times a second, and only when there is news that someone can see."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

INTERVAL = 66
"""Milliseconds between two refreshes: plots move at 10 to 20 Hz."""


class Refresh(QObject):
    """Calls `show` soon after `news()`, never twice within the interval, and not while the widget is hidden."""

    def __init__(self, widget: QWidget, show: Callable[[], None], interval: int = INTERVAL) -> None:
        super().__init__(widget)
        self._widget = widget
        self._show = show
        self._interval = interval
        self._pending = False
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.now)
        widget.installEventFilter(self)

    def news(self) -> None:
        """Something changed; it will be shown within the interval, or once the widget is visible."""
        self._pending = True
        if self._widget.isVisible() and not self._timer.isActive():
            since = (time.monotonic() - self._last) * 1000
            self._timer.start(max(0, int(self._interval - since)))

    def now(self) -> None:
        """Show what is pending at once."""
        self._timer.stop()
        if self._pending:
            self._pending = False
            self._show()
            self._last = time.monotonic()

    @property
    def is_pending(self) -> bool:
        """Whether there is news that was not shown yet."""
        return self._pending

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show what gathered while the widget was hidden as soon as it is shown."""
        if event.type() == QEvent.Type.Show and self._pending and not self._timer.isActive():
            self._timer.start(0)
        return False
