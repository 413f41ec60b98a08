"""The engines that a window uses: one for the editor, a warm spare for the next run or export, one for each run.

Everything that an engine says is handed to the window's thread by a queued signal; nothing here ever waits.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from core import runs, trust
from core.client import Engine
from core.events import Ended, Event, Paused, Started
from core.messages import (
    Answer,
    Body,
    Check,
    Checked,
    Control,
    Estimated,
    Failure,
    Nothing,
    Progress,
    Request,
    Train,
    Trust,
    Warm,
    Watch,
)
from core.picture import bare
from core.project import Project, training_of
from designer.document import Document
from designer.words import tr

Done = Callable[[Answer], None]
Tell = Callable[[Body], None]
STOP_MILLISECONDS = 5_000
SETTLED_MILLISECONDS = 400
LARGEST_AHEAD = 2_000_000_000
"""Multiply-accumulates of a step up to which a run is prepared ahead; with more, Train might wait for an old trial."""
LARGEST_REHEARSED = 20_000_000
"""Parameters up to which a run is prepared ahead: a rehearsal writes weights to the disk."""


class Channel(QObject):
    """One engine as the window sees it: requests with callbacks on the window's thread, and its death."""

    died = Signal(str)
    _said = Signal(object)

    def __init__(self, parent: QObject | None = None, is_yielding: bool = True) -> None:
        super().__init__(parent)
        self._waiting: dict[int, tuple[Done, Tell | None]] = {}
        self._said.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self.engine = Engine(self._on_message, self._on_exit, is_yielding)
        self._starting = threading.Thread(target=self.engine.start, name="engine-start", daemon=True)
        self._starting.start()  # starting a process on the window's thread would hold it for a tenth of a second

    def ask(self, body: Request, done: Done, tell: Tell | None = None) -> int:
        """Send a request; `done` gets the last answer, `tell` what comes before it."""
        number = self.engine.number()
        self._waiting[number] = (done, tell)
        try:
            self.engine.ask(number, body)
        except (OverflowError, ValueError) as error:  # a value that no message can hold
            self._emit((number, Failure(tr("The engine cannot be asked about this: {error}.", error=error)), True))
        return number

    def forget(self, number: int) -> None:
        """No longer care for the answer to a request."""
        self._waiting.pop(number, None)

    def tell(self, body: Control | Watch | Trust) -> None:
        """Steer what the engine is doing, or say which code may run in it."""
        self.engine.tell(body)

    def close(self, seconds: float = 5.0) -> None:
        """End the engine and wait for it."""
        self._starting.join()
        self._waiting.clear()
        self.engine.close(seconds)

    def close_soon(self) -> None:
        """End the engine without waiting."""
        self._waiting.clear()
        threading.Thread(target=self.close, name="engine-close", daemon=False).start()

    def _on_message(self, number: int, body: Body, last: bool) -> None:
        self._emit((number, body, last))

    def _on_exit(self, sentence: str) -> None:
        self._emit(sentence)

    def _emit(self, said: object) -> None:
        with contextlib.suppress(RuntimeError):  # the window was closed between two messages
            self._said.emit(said)

    def _take(self, said: object) -> None:
        if isinstance(said, str):
            waiting, self._waiting = list(self._waiting.values()), {}
            for done, _ in waiting:
                done(Failure(said, self.engine.errors, "crash"))
            self.died.emit(said)
            return
        number, body, last = said  # type: ignore[misc]
        done, tell = self._waiting.get(number, (None, None))
        if last:
            self._waiting.pop(number, None)
            if done:
                done(body)
        elif tell:
            tell(body)


class Engines(QObject):
    """The editor's engine and the spare; an engine that dies is named, replaced, and asked again for the check."""

    died = Signal(str)
    estimated = Signal(object, object)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._closed = False
        self._checking = False
        self._is_stale = False
        self._trusted = trust.trusted()
        self._deaths = 0
        self._spare: Channel | None = None
        self.has_warm_spare = False
        self._workers: list[Channel] = []
        self._editor = self._new_editor()
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MILLISECONDS)
        self._settled.timeout.connect(self._get_ready)
        document.changed.connect(self.check)
        document.checked.connect(lambda _: self._settled.start())

    @property
    def editor_pid(self) -> int:
        """The process of the editor's engine, 0 while it starts."""
        return self._editor.engine.pid

    def ask(self, body: Request, done: Done, progress: Tell | None = None) -> Callable[[], None]:
        """Ask the editor's engine; returns a function that takes the request back."""
        editor = self._editor
        number = editor.ask(body, done, progress)
        return lambda: editor.forget(number)

    def work(self, body: Request, done: Done, progress: Tell | None = None) -> Callable[[], None]:
        """Ask an engine of its own, for work that takes long; returns a function that cancels it."""
        worker = self.take_spare()
        self._workers.append(worker)

        def ended(answer: Answer) -> None:
            if worker in self._workers:
                self._workers.remove(worker)
                worker.close_soon()
                done(answer)
                self.prepare_spare()

        def cancel() -> None:
            if worker in self._workers:
                self._workers.remove(worker)
                worker.tell(Control("cancel"))
                worker.close_soon()
                done(Failure(tr("Cancelled."), kind="cancelled"))
                self.prepare_spare()

        worker.ask(body, ended, progress)
        return cancel

    def check(self, *_: object) -> None:
        """Check what the document holds now; at most one check is under way, and the last edit wins."""
        if self._checking or self._closed:
            return
        self._checking = True
        self._is_stale = False
        asked = self._document.revision

        def partly(body: Body) -> None:
            if isinstance(body, Checked):
                self._document.take(body)

        def done(answer: Answer) -> None:
            self._checking = False
            if isinstance(answer, Checked):
                self._deaths = 0
                self._document.take(answer)
            is_old = self._is_stale or self._document.revision != asked
            if isinstance(answer, Nothing) or (is_old and not isinstance(answer, Failure)):
                self.check()
            elif isinstance(answer, Failure) and answer.kind != "cancelled":
                self._fail(answer, asked)

        self._editor.ask(Check(bare(self._document.project), asked), done, partly)

    def trust(self, hashes: Iterable[str]) -> None:
        """Let code of these hashes run in every engine from now on, and check what the document holds again."""
        self._trusted = frozenset(hashes)
        for channel in (self._editor, *self._workers, *([self._spare] if self._spare else [])):
            channel.tell(self._trust)
        self._is_stale = True
        self.check()

    @property
    def _trust(self) -> Trust:
        return Trust(tuple(sorted(self._trusted)))

    def _open(self, is_yielding: bool = True) -> Channel:
        """A new engine, which knows what it may run before it is asked anything."""
        made = Channel(self, is_yielding)
        made.tell(self._trust)
        return made

    def prepare_spare(self) -> None:
        """Start and warm the engine that the next run or export takes, so that it starts at once."""
        if self._spare is None and not self._closed:
            self._spare = self._open()
            self._spare.died.connect(self._lose_spare)
            self._spare.ask(Warm(), self._take_warmth)

    def take_spare(self) -> Channel:
        """An engine for a run or other long work: the warm spare, or a new one."""
        spare, self._spare = self._spare, None
        self.has_warm_spare = False
        if spare is None:
            return self._open()
        spare.died.disconnect(self._lose_spare)
        return spare

    def close(self) -> None:
        """End every engine and wait for them."""
        self._closed = True
        channels = [self._editor, *self._workers, *([self._spare] if self._spare else [])]
        self._workers, self._spare = [], None
        closing = [threading.Thread(target=channel.close) for channel in channels]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join()

    def _new_editor(self) -> Channel:
        editor = self._open(is_yielding=False)  # a person waits for its answers
        editor.died.connect(self._replace_editor)
        return editor

    def _fail(self, failure: Failure, asked: int) -> None:
        """A check that itself failed: said once; a dead engine is replaced by `_replace_editor`."""
        if failure.kind == "crash" and self._editor.engine.is_alive and self._document.revision != asked:
            self.check()
        elif self._editor.engine.is_alive:
            self.died.emit(failure.message)

    def _replace_editor(self, sentence: str) -> None:
        if self._closed:
            return
        self._deaths += 1
        self._editor.close_soon()
        self.died.emit(tr("{sentence} A new one is started.", sentence=sentence))
        self._editor = self._new_editor()
        self._checking = False
        if self._deaths <= 3:  # an edit asks again; a check that kills each engine must not start engines for ever
            self.check()

    def _take_warmth(self, _: Answer) -> None:
        self.has_warm_spare = self._spare is not None
        self._settled.start()

    def _get_ready(self) -> None:
        """Let the idle spare do ahead what a run of the drawing as it stands will need."""
        report, project = self._document.report, self._document.project
        if self._spare is None or not self.has_warm_spare or report is None or report.partial or report.has_errors:
            return
        is_small = report.parameters <= LARGEST_REHEARSED
        if is_small and report.macs * training_of(project).batch_size <= LARGEST_AHEAD:
            self._spare.ask(Warm(project), lambda answer: self._tell_estimate(project, answer))

    def estimate(self) -> None:
        """Estimate a run of the document as it is now, in an engine of its own, however long that takes."""
        project = self._document.project

        def done(answer: Answer) -> None:
            if isinstance(answer, Failure) and answer.kind != "cancelled":
                self.died.emit(answer.message)
            self._tell_estimate(project, answer)

        self.work(Warm(project), done)

    def _tell_estimate(self, project: Project, answer: Answer) -> None:
        self.estimated.emit(project, answer if isinstance(answer, Estimated) else None)

    def _lose_spare(self, sentence: str) -> None:
        if self._spare is not None:
            self._spare.close_soon()
            self._spare, self.has_warm_spare = None, False


class Run(QObject):
    """The training run of a window: `happened` carries everything that the engine says of it."""

    happened = Signal(object)
    state_changed = Signal(str)

    def __init__(self, engines: Engines, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engines = engines
        self._channel: Channel | None = None
        self._last_stop = QTimer(self, singleShot=True, interval=STOP_MILLISECONDS)
        self._last_stop.timeout.connect(self._kill)
        self.state = "idle"
        self.folder = ""
        self.project: Project | None = None
        self._watch = ""

    @property
    def is_active(self) -> bool:
        """Whether a run is under way."""
        return self.state != "idle"

    @property
    def pid(self) -> int:
        """The process of the run, 0 without one."""
        return self._channel.engine.pid if self._channel else 0

    def start(self, project: Project, folder: Path | None = None) -> None:
        """Begin a run; does nothing while one is under way."""
        if self.is_active:
            return
        try:
            self.folder = str(folder or runs.new_folder())
        except runs.RunFault as fault:
            self.happened.emit(_failed("", str(fault)))
            return
        self.project = project
        self._set_state("starting")
        channel = self._channel = self._engines.take_spare()
        channel.ask(Train(project, self.folder, self._watch), self._end, self._take)

    def pause(self) -> None:
        """Stand still after the current step."""
        self._tell("pause", {"running", "starting"})

    def resume(self) -> None:
        """Go on."""
        self._tell("continue", {"paused"})

    def stop(self) -> None:
        """Stop after the current step; by force where that takes more than five seconds."""
        if self.is_active and self._channel:
            self._channel.tell(Control("stop"))
            self._set_state("stopping")
            self._last_stop.start()

    def watch(self, node_id: str) -> None:
        """Let the histograms follow one node, or every node ("")."""
        self._watch = node_id
        if self._channel:
            self._channel.tell(Watch(node_id))

    def close(self) -> None:
        """End the run in order, and wait for it."""
        self._last_stop.stop()
        channel, self._channel = self._channel, None
        if channel:
            channel.close()
        self._set_state("idle")

    def _tell(self, action: str, states: set[str]) -> None:
        if self.state in states and self._channel:
            self._channel.tell(Control(action))  # type: ignore[arg-type]

    def _take(self, body: Body) -> None:
        if isinstance(body, Progress):
            return
        if isinstance(body, Started) and self.state == "starting":
            self._set_state("running")
        elif isinstance(body, Paused) and self.state in ("running", "paused"):
            self._set_state("paused" if body.paused else "running")
        self.happened.emit(body)

    def _end(self, answer: Answer) -> None:
        self._last_stop.stop()
        ended: Event = answer if isinstance(answer, Ended) else _failed(self.folder, getattr(answer, "message", ""))
        channel, self._channel = self._channel, None
        if channel:
            channel.close_soon()
        self._set_state("idle")
        self.happened.emit(ended)
        self._engines.prepare_spare()

    def _kill(self) -> None:
        if self._channel:
            channel, self._channel = self._channel, None
            channel.close_soon()
            self._end(
                _failed(
                    self.folder,
                    tr("The run did not stop within five seconds and was ended; its last saved weights are kept."),
                )
            )

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


def _failed(folder: str, message: str) -> Ended:
    return Ended(folder, "failed", 0, 0, 0.0, 0.0, message=message)
