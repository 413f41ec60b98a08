"""Train, pause and stop as the window offers them, and which run its docks show."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from core.events import Ended, Event
from designer.document import Document
from designer.words import tr

if TYPE_CHECKING:
    from designer.engines import Run

SLICE_SECONDS = 0.008
"""How long an old run may be replayed at a stretch, so that the window never waits for it."""

Say = Callable[[str, str], None]


class Training(QObject):
    """Starts and steers the run, and hands the events of the run that is shown to everyone who listens.

    `told` carries the shown run; `cleared` comes before another one is shown.
    """

    told = Signal(object)
    cleared = Signal()
    state_changed = Signal(str)

    def __init__(self, document: Document, say: Say, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._say = say
        self._run: Run | None = None
        self._replayed: Iterator[Event] | None = None
        self._replay_timer = QTimer(self)
        self._replay_timer.setInterval(0)
        self._replay_timer.timeout.connect(self._replay_slice)
        self.shown = ""  # the folder of the run that the docks show

    def attach(self, run: Run) -> None:
        """Take over the run, once the engines are there."""
        self._run = run
        run.happened.connect(self._receive)
        run.state_changed.connect(self.state_changed)

    @property
    def state(self) -> str:
        """How the run stands: "idle", "starting", "running", "paused" or "stopping"."""
        return self._run.state if self._run else "idle"

    @property
    def obstacle(self) -> str:
        """Why Train cannot be pressed now, in one sentence; "" where it can."""
        report = self._document.report
        if self._run is None:
            return tr("The engine is starting.")
        if self.state != "idle":
            return tr("A run is under way; stop it first.")
        if not self._document.project.graph.nodes:
            return tr("There is nothing to train yet: draw a network or open an example.")
        if report is None:
            return tr("The network is being checked.")
        return next((each.message for each in report.problems if each.severity == "error"), "")

    def start(self) -> None:
        """Train the document as it is now; refused with one sentence while something stands in the way."""
        if self.obstacle or self._run is None:
            self._say("error", tr("Training cannot start: {obstacle}", obstacle=self.obstacle))
            return
        self._stop_replay()
        self.cleared.emit()
        self._run.start(self._document.project)
        self.shown = self._run.folder

    def toggle_pause(self) -> None:
        """Pause, or go on."""
        if self._run is not None:
            if self.state == "paused":
                self._run.resume()
            else:
                self._run.pause()

    def stop(self) -> None:
        """Stop after the current step."""
        if self._run is not None:
            self._run.stop()

    def show_run(self, folder: str) -> None:
        """Replay an old run into the docks."""
        from core import runs

        self._stop_replay()
        self.cleared.emit()
        self.shown = folder
        self._replayed = iter(runs.events(Path(folder)))
        self._replay_timer.start()

    def may_end(self, window: QWidget) -> bool:
        """Whether a run that is under way may end with the window; what it has trained is kept either way."""
        if self.state == "idle":
            return True
        box = QMessageBox(window)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle(tr("A run is under way"))
        box.setText(tr("Stop the run and close?"))
        box.setInformativeText(tr("The run stops after its current step; what it has trained so far is kept."))
        stop = box.addButton(tr("Stop and close"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(tr("Keep training"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        agreed = box.clickedButton() is stop
        box.deleteLater()
        return agreed

    def close(self) -> None:
        """End the run in order."""
        self._stop_replay()
        if self._run is not None:
            self._run.close()

    def _receive(self, event: Event) -> None:
        if isinstance(event, Ended) and event.how == "failed" and event.message:
            self._say("error", event.message)
        if self._run is not None and (self.shown == self._run.folder or not self.shown) and self._replayed is None:
            self.told.emit(event)

    def _replay_slice(self) -> None:
        from core.runs import RunFault

        until = time.monotonic() + SLICE_SECONDS
        while self._replayed is not None and time.monotonic() < until:
            try:
                event = next(self._replayed, None)
            except (OSError, RunFault) as error:
                self._say("error", tr("The run in {shown} cannot be read: {error}.", shown=self.shown, error=error))
                event = None
            if event is None:
                self._stop_replay()
                return
            self.told.emit(event)

    def _stop_replay(self) -> None:
        self._replayed = None
        self._replay_timer.stop()
