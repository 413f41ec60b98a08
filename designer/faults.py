"""Unexpected errors: said in one sentence, written to a log, and never the end of the window."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from core import places
from designer.words import tr

if TYPE_CHECKING:
    import logging

LOG_BYTES = 500_000


class Faults(QObject):
    """Catches what nobody else caught, on any thread; `said` is emitted on the window's thread."""

    said = Signal(str)
    _caught = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._caught.connect(self.said, Qt.ConnectionType.QueuedConnection)
        self._logger: logging.Logger | None = None
        self._before: tuple[Callable[..., Any], Callable[..., Any]] | None = None

    def install(self) -> None:
        """Take over the interpreter's last words."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self.take
        threading.excepthook = lambda args: self.take(args.exc_type, args.exc_value, args.exc_traceback)

    def remove(self) -> None:
        """Give the last words back and close the log."""
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before
            self._before = None
        if self._logger is not None:
            for each in list(self._logger.handlers):
                self._logger.removeHandler(each)
                each.close()

    def take(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        """Log an error and say it."""
        if issubclass(kind, KeyboardInterrupt):
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        self.log(text)
        places.remember_error(text)
        what = str(error).strip().splitlines()[0][:160] if str(error).strip() else kind.__name__
        self._caught.emit(
            tr(
                "Something unexpected happened ({what}); your work is kept, and the details are in {file}.",
                what=what,
                file=self.file,
            )
        )

    def take_in_loop(self, loop: Any, context: dict[str, Any]) -> None:
        """The same for errors in asyncio's tasks."""
        error = context.get("exception")
        if isinstance(error, BaseException):
            self.take(type(error), error, error.__traceback__)
        else:
            self.log(str(context.get("message", "")))

    @property
    def file(self) -> str:
        """The path of the log."""
        return str(places.home() / "layerloom.log")

    def log(self, text: str) -> None:
        """Write a text into the log; a disk that refuses is no reason for a second error."""
        import logging  # here, since they cost a twentieth of the time to the first paint
        from logging.handlers import RotatingFileHandler

        try:
            if self._logger is None:
                places.home().mkdir(parents=True, exist_ok=True)
                self._logger = logging.Logger("layerloom")
                keeper = RotatingFileHandler(self.file, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)
                keeper.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
                self._logger.addHandler(keeper)
            self._logger.error(text)
        except OSError:
            pass
