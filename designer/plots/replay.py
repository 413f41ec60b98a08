"""An old run through the same plots: a few milliseconds of events at a time, so that the window goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core import runs
from core.messages import Event

SLICE = 0.008
"""Seconds of reading between two chances for the window to paint."""


class Replay(QObject):
    """Reads a run's events and tells each; `ended` says "" or, in one sentence, why it broke off."""

    ended = Signal(str)

    def __init__(self, folder: str, tell: Callable[[Event], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tell = tell
        self._events: Iterator[Event] | None = runs.events(Path(folder))
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._slice)
        self._timer.start()

    @property
    def is_over(self) -> bool:
        """Whether everything was told, or the replay was stopped."""
        return self._events is None

    def stop(self) -> None:
        """Tell no more."""
        self._timer.stop()
        self._events = None

    def _slice(self) -> None:
        until = time.monotonic() + SLICE
        try:
            while self._events is not None and time.monotonic() < until:
                self._tell(next(self._events))
        except StopIteration:
            self.stop()
            self.ended.emit("")
        except runs.RunFault as fault:
            self.stop()
            self.ended.emit(str(fault))
