"""How a person steers an engine that is at work: flags set by the reader thread, read between two steps."""

from __future__ import annotations

import threading

from core.engine.fault import Cancelled
from core.messages import Control, Watch


class Controls:
    """Stop, pause, cancel and what to watch; every read is a plain attribute, so a step pays nothing for it."""

    def __init__(self) -> None:
        self.stopped = False
        self.cancelled = False
        self.paused = False
        self.watch = ""
        self.is_awaited = False
        """Whether another request has come: what is only done ahead makes way for it."""
        self._goes_on = threading.Event()
        self._goes_on.set()

    def steer(self, said: Control | Watch) -> None:
        """Take one message in (called on the reader thread)."""
        if isinstance(said, Watch):
            self.watch = said.node
            return
        match said.action:
            case "pause":
                self.paused = True
                self._goes_on.clear()
            case "continue":
                self.paused = False
                self._goes_on.set()
            case "stop":
                self.stopped = True
                self._goes_on.set()
            case "cancel":
                self.cancelled = self.stopped = True
                self._goes_on.set()

    def reset(self) -> None:
        """Make ready for the next request."""
        self.stopped = self.cancelled = self.paused = self.is_awaited = False
        self._goes_on.set()

    def wait(self) -> None:
        """Stand still while paused."""
        self._goes_on.wait()

    def raise_if_cancelled(self) -> None:
        """Raise Cancelled where the person has taken the request back."""
        if self.cancelled:
            raise Cancelled
