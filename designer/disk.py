"""The document's file as others see it: who else has it open, and whether it is still what was read or written here."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QFileSystemWatcher, QLockFile, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from designer.document import Document, hash_of, read_or_none
from designer.words import tr

State = Literal["same", "changed", "gone"]
SETTLE_MILLISECONDS = 200
"""How long a file is left alone after it moved: other programs write in several steps."""


class Disk(QObject):
    """Watches the file of a document, and holds a lock on it that other windows respect.

    `found(state)` tells that it is "changed" by others, "gone", or the "same" again; `held_elsewhere` that another
    window has it open.
    """

    found = Signal(str)
    held_elsewhere = Signal()

    def __init__(self, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._watcher: QFileSystemWatcher | None = None
        self._lock: QLockFile | None = None
        self._seen: tuple[int, int, str] | None = None
        self.state: State = "same"
        self.holder = ""
        """Which other window has the file open, in words; "" where none has."""
        self._settled = QTimer(self, singleShot=True, interval=SETTLE_MILLISECONDS)
        self._settled.timeout.connect(self.look)
        document.path_changed.connect(lambda _: self._follow_path())
        document.clean_changed.connect(lambda is_clean: self._watch() if is_clean else None)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._come_back)

    def look(self) -> None:
        """Find out how the file stands now."""
        path = self._document.path
        if path is None:
            return
        self._watch()
        try:
            stat = path.stat()
            seen = (stat.st_mtime_ns, stat.st_size, self._document.known)
        except OSError:
            seen = None
        if seen is not None and seen == self._seen:
            return
        content, _ = read_or_none(path)
        self._seen = seen if content is not None else None
        state: State = "gone" if content is None else "same" if hash_of(content) == self._document.known else "changed"
        if not self._document.known and content is None:
            state = "same"  # it never was there
        if state != self.state or state == "changed":
            self.state = state
            self.found.emit(state)

    def time(self) -> str:
        """When the file was last written, for people."""
        path = self._document.path
        try:
            when = path.stat().st_mtime if path else 0.0
        except OSError:
            when = 0.0
        return datetime.datetime.fromtimestamp(when).astimezone().strftime("%H:%M") if when else ""

    def lock(self) -> bool:
        """Take the file for this window where no other has it; False where another one has."""
        path = self._document.path
        if path is None or self._lock is not None:
            return True
        lock = QLockFile(str(lock_of(path)))
        lock.setStaleLockTime(0)  # an owner that lives keeps it, however long; a dead one loses it at once
        self.holder = ""
        if lock.tryLock(0):
            self._lock = lock
            return True
        if lock.error() == QLockFile.LockError.LockFailedError:
            pid, host, _ = lock.getLockInfo()
            self.holder = tr("process {pid} on {host}", pid=pid, host=host) if host else tr("process {pid}", pid=pid)
        return not self.holder

    def close(self) -> None:
        """Give the file free."""
        self._settled.stop()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
        if self._watcher is not None and self._watcher.files():
            self._watcher.removePaths(self._watcher.files())

    def _follow_path(self) -> None:
        self.close()
        self.state, self._seen, self.holder = "same", None, ""
        self._watch()
        if not self.lock():
            self.held_elsewhere.emit()

    def _watch(self) -> None:
        """Watch the file, which a program that replaces it takes out of the watch."""
        path = self._document.path
        if path is None:
            return
        if self._watcher is None:
            self._watcher = QFileSystemWatcher(self)
            self._watcher.fileChanged.connect(lambda _: self._settled.start())
        if str(path) not in self._watcher.files() and path.is_file():
            self._watcher.addPath(str(path))

    def _come_back(self, state: Qt.ApplicationState) -> None:
        """Network drives tell nothing: look when the person comes back to the window."""
        if state == Qt.ApplicationState.ApplicationActive and self._document.path is not None:
            self._settled.start()


def lock_of(path: Path) -> Path:
    """Where the lock of a file stands: hidden beside it, where every window on every computer sees it."""
    real = Path(os.path.realpath(path))
    return real.parent / f".{real.name}.lock"
