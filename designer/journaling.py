"""The journal of the open document: every edit is on the disk a second after it was made, until it is saved.

What changed is worked out on the window's own thread, a millisecond or two at a time between its events: on another
one, Python's collector could free Qt's objects where they must not be freed. Writing and flushing are a thread's.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from core import journal, places
from core.journal import Appender, Moved, Opened, entry, stepped
from core.project import Project
from designer.document import Document
from designer.history import Step
from designer.words import tr

WAIT_MILLISECONDS = 800
"""After an edit, so that it is on the disk within the second."""
SLICE_SECONDS = 0.002
LARGEST = 50_000_000
"""Bytes that a journal grows by after which a new one begins, in which the edits so far are one step."""
MOST_STEPS = 100
"""How many steps are kept of a document that no step of leads to what was saved."""

Pieces = Generator[None, None, None]


class Journal(QObject):
    """Follows a document; `failed(sentence)` says once that the disk refuses."""

    failed = Signal(str)
    _refused = Signal(str)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._appender: Appender | None = None
        self._ending: list[Appender] = []
        self._older: list[Path] = []  # what the journal stands instead of as soon as it is on the disk
        self._pieces: Pieces | None = None
        self._has_more = False
        self._has_failed = False
        self._start = 0  # the step of the document's history at which the journal begins
        self._lead: list[Step] = []  # what stands before that step in the journal alone
        self._steps: list[Step] = []  # what stands in the journal
        self._place = 0
        self._limit = LARGEST
        self._waiting = QTimer(self, singleShot=True, interval=WAIT_MILLISECONDS)
        self._waiting.timeout.connect(self._begin_writing)
        self._slices = QTimer(self, interval=0)
        self._slices.timeout.connect(self._write_slice)
        self._refused.connect(self._say_failed, Qt.ConnectionType.QueuedConnection)
        document.changed.connect(lambda *_: self._follow())
        document.clean_changed.connect(lambda is_clean: self.drop() if is_clean else None)

    @property
    def is_behind(self) -> bool:
        """Whether edits are waiting to be written."""
        return self._waiting.isActive() or self._pieces is not None

    def drop(self) -> None:
        """Forget the journal: what is shown is on the disk, or was given up."""
        self._waiting.stop()
        self._slices.stop()
        self._pieces, self._has_more = None, False
        if self._appender is not None:
            self._end(self._appender, keep=False)
            self._appender = None
        for file in self._older:
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)
        self._older = []

    def write(self, instead_of: Path | None = None) -> bool:
        """Write everything now and wait for the disk; says whether it is there, and then deletes an older journal."""
        self._waiting.stop()
        self._slices.stop()
        for pieces in (self._pieces or (), self._synchronised()):
            for _ in pieces:
                pass
        self._pieces, self._has_more = None, False
        if self._appender is None:
            return False
        if instead_of is not None:
            self._appender.replace(instead_of)
        return self._appender.flush()

    def close(self) -> None:
        """End with the window: what was not saved has been given up by then."""
        self.drop()
        for each in self._ending:
            each.join()

    def _end(self, appender: Appender, keep: bool) -> None:
        appender.close(keep)
        self._ending = [each for each in self._ending if each.is_writing] + [appender]

    # ---- following

    def _follow(self) -> None:
        if self._document.is_clean:
            return
        if self._pieces is not None:
            self._has_more = True
        elif not self._waiting.isActive():
            self._waiting.start()  # never put off again: steady work is written each second too

    def _begin_writing(self) -> None:
        if not self._document.is_clean:
            self._pieces = self._synchronised()
            self._slices.start()

    def _write_slice(self) -> None:
        until = time.perf_counter() + SLICE_SECONDS
        while self._pieces is not None and time.perf_counter() < until:
            try:
                next(self._pieces)
            except StopIteration:
                self._pieces = None
        if self._pieces is None:
            self._slices.stop()
            if self._has_more:
                self._has_more = False
                self._waiting.start()

    # ---- writing

    def _synchronised(self) -> Pieces:
        """Bring the journal up to the document as it is now, in pieces; what is done meanwhile comes later."""
        history = self._document.undo_stack
        steps, index, clean = history.steps, history.index(), history.clean_index
        left, reach = self._appender, index
        is_new = left is None or left.is_broken or left.size > self._limit or index < self._start
        if is_new:
            yield from self._begun(steps, index, clean)
            reach = max(index, clean)
        wanted = [*self._lead, *steps[self._start :]]
        shift = len(self._lead) - self._start
        yield from self._pushed(wanted, reach + shift)
        self._move(index + shift)
        if is_new and self._appender is not None:
            self._limit = self._appender.size + LARGEST
            for file in self._older:
                self._appender.replace(file)

    def _pushed(self, wanted: list[Step], reach: int) -> Pieces:
        """Write the steps that are not in the journal yet, up to one."""
        pairs = zip(self._steps, wanted, strict=False)
        same = next((at for at, (one, two) in enumerate(pairs) if one is not two), min(len(self._steps), len(wanted)))
        for step in wanted[same:reach]:
            self._move(same)
            made = yield from stepped(step.text, step.before, step.after, time.time())
            yield
            self._append(made)
            self._steps[same:] = [step]
            same += 1
            self._place = same

    def _move(self, place: int) -> None:
        if place != self._place:
            self._append(Moved(place, time.time()))
            self._place = place

    def _append(self, said: Opened | journal.Stepped | Moved) -> None:
        if self._appender is not None:
            self._appender.append(entry(said))

    def _begun(self, steps: tuple[Step, ...], index: int, clean: int) -> Pieces:
        """Begin a file of its own: whose it is, and the value that it starts from."""
        values = [steps[0].before if steps else self._document.project, *(step.after for step in steps)]
        is_too_large = self._appender is not None and self._appender.size > self._limit
        start = min(clean, index) if clean >= 0 else max(0, index - MOST_STEPS)
        earlier = 0
        self._lead = []
        base = values[start]
        if is_too_large and index - start > 1:
            self._lead = [Step(tr("{value} edits", value=index - start), base, values[index])]
            earlier, clean = index - start - 1, 0 if clean >= 0 else -1
            start = index
        else:
            clean = clean - start if clean >= 0 else -1
        path = self._document.path
        if self._appender is not None:
            self._end(self._appender, keep=True)
            self._older.append(self._appender.file)
        folder = places.journals_folder()
        now = time.time()
        pid, started, host = journal.this_process()
        name = time.strftime("%Y-%m-%d %H.%M.%S", time.localtime(now)) + f" {pid} {time.monotonic_ns()}"
        self._appender = Appender(folder / (name + journal.ENDING), self._refused.emit)
        self._start, self._steps, self._place = start, [], 0
        self._append(
            Opened(
                journal.VERSION,
                pid,
                started,
                host,
                str(path.absolute()) if path else "",
                self._document.known,
                clean,
                earlier,
                now,
            )
        )
        made = yield from stepped("", Project(), base, now)
        yield
        self._append(made)

    def _say_failed(self, sentence: str) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(sentence)
