"""Asking an engine for what is wanted now: never more than one request under way, and the last wish wins."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject

from core.messages import Answer, Request

if TYPE_CHECKING:
    from designer.engines import Engines


class Latest(QObject):
    """Sends the newest request as soon as the one before it is answered; older wishes are dropped."""

    def __init__(
        self, engines: Engines, done: Callable[[Request, Answer], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engines = engines
        self._done = done
        self._under_way: Request | None = None
        self._wanted: Request | None = None
        self._round = 0
        self.asked = 0
        """Requests sent so far."""

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is still to come."""
        return self._under_way is not None

    def want(self, body: Request) -> None:
        """Ask for this, now or when the engine has answered what it was asked before."""
        self._wanted = body
        if self._under_way is None:
            self._send()

    def forget(self) -> None:
        """Neither ask nor listen any more, until something new is wanted."""
        self._wanted = None
        self._under_way = None
        self._round += 1

    def _send(self) -> None:
        body, self._wanted = self._wanted, None
        if body is None:
            return
        self._under_way = body
        self.asked += 1
        turn = self._round
        self._engines.ask(body, lambda answer: self._take(turn, body, answer))

    def _take(self, turn: int, body: Request, answer: Answer) -> None:
        if turn != self._round or not shiboken6.isValid(self):
            return  # nobody asks any more, or the dock that asked is gone
        self._under_way = None
        self._done(body, answer)
        self._send()
