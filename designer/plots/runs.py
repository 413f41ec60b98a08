"""The dock of runs and advice: the run that is on, what was noticed, and every run so far."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from core.events import Baseline, Ended, Epoch, Event, Losses, Note, Paused, Started
from core.project import repaired
from core.repairs import Repair
from core.runs import EVENTS, Summary, list_runs
from designer.card import Card
from designer.document import Document
from designer.plots import advice, glances
from designer.plots.header import Header
from designer.plots.refresh import Refresh
from designer.plots.run_cards import RunCard
from designer.plots.tall_area import TallArea
from designer.theme import DARK, Theme
from designer.words import tr

if TYPE_CHECKING:
    from designer.engines import Engines

AT_ONCE = 20
"""Old runs shown before a person asks for more."""
SLICE = 0.006
MOST_NOTES = 50


class Runs(QWidget):
    """Runs newest first, with advice from the run and from the check, each with its repair."""

    about = tr("Every run is kept: click one to see its curves again; advice comes with its repair as a button.")
    open_run = Signal(str)
    node_wanted = Signal(str)

    def __init__(self, document: Document, engines: Engines, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Runs and advice"))
        self._document = document
        self._summaries: dict[str, tuple[float, Summary]] = {}
        self._reading: Iterator[Summary] | None = None
        self._to_read: list[Path] = []
        self._folders: list[Path] = []
        self._shown = AT_ONCE
        self._forget()
        self._replayed = ""
        self._advised: object = None
        self.advice: list[Card] = []
        self.old: list[RunCard] = []
        self._refresh = Refresh(self, self._show)
        self._reader = QTimer(self)
        self._reader.setInterval(0)
        self._reader.timeout.connect(self._read_on)
        self._make_widgets()
        document.checked.connect(lambda _: self._refresh.news())
        self.set_theme(DARK)
        self.look_again()

    def _make_widgets(self) -> None:
        self.header = Header(tr("Runs and advice"), self.about)
        self.current = RunCard()
        self.current.hide()
        self._old_title = QLabel(tr("EARLIER RUNS"))
        self._old_title.setProperty("role", "section")
        self._more = QPushButton(tr("Show more"))
        self._more.setAccessibleName(tr("Show more runs"))
        self._more.clicked.connect(self._show_more)
        self._old_title.hide()  # both until it is known that there are runs
        self._more.hide()
        self._empty = QLabel(tr("Every run that you train is kept here, with its curves and weights."))
        self._empty.setWordWrap(True)
        self._empty.setProperty("role", "dim")
        self._inside = QWidget()
        self._inside.setObjectName("runs")
        self._advice_box, self._old_box = QVBoxLayout(), QVBoxLayout()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(12, 2, 8, 8)
        for box in (self._advice_box, self._old_box, column):
            box.setSpacing(6)
        column.addWidget(self.current)
        column.addLayout(self._advice_box)
        column.addWidget(self._old_title)
        column.addLayout(self._old_box)
        column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._empty)
        column.addStretch(1)
        self._area = TallArea(self._inside, tr("Runs and advice"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self._area, 1)

    # ---- the run

    def receive(self, event: Event) -> None:
        """Take in an event of a run."""
        match event:
            case Started():
                self._forget()
                self.summary = Summary(event.run)
                self._is_on = event.run != self._replayed
                self.look_again()
            case Losses():
                self._losses = event
            case Paused():
                self._is_paused = event.paused
            case Note():
                self.notes = [*self.notes, event][-MOST_NOTES:]
            case Baseline():
                self.baseline = event
            case Ended() if self._is_on or event.run == self.summary.folder:
                self._is_on = False
                self.look_again()
            case _:
                pass
        if isinstance(event, Started | Epoch | Ended | Baseline):
            self.summary = glances.told(self.summary, event)
        self._refresh.news()

    def _forget(self) -> None:
        self.summary = Summary("")
        self.notes: list[Note] = []
        self.baseline: Baseline | None = None
        self._losses: Losses | None = None
        self._is_on = False
        self._is_paused = False

    def clear(self) -> None:
        """Forget the run that is shown; the list of runs stays."""
        self._forget()
        self._refresh.news()

    def follow(self, node_ids: tuple[str, ...]) -> None:
        """Runs are those of the whole network, whatever is selected."""

    def _open(self, folder: str) -> None:
        if folder and not (self._is_on and folder == self.summary.folder):
            self._replayed = folder
            self.open_run.emit(folder)

    # ---- the list, read a little at a time

    def look_again(self) -> None:
        """Look into the folder of runs, and read what is new there."""
        self._folders = list_runs()
        self._plan()

    def _plan(self) -> None:
        self._to_read = [folder for folder in self._folders[: self._shown] if self._is_stale(folder)]
        self._reading = None
        if self._to_read:
            self._reader.start()
        self._refresh.news()

    def _is_stale(self, folder: Path) -> bool:
        return self._summaries.get(str(folder), (0.0,))[0] != changed_at(folder)

    def _read_on(self) -> None:
        until = time.monotonic() + SLICE
        while time.monotonic() < until:
            if self._reading is None:
                if not self._to_read:
                    self._reader.stop()
                    break
                self._reading = glances.glance(self._to_read[0])
            found = next(self._reading, None)
            if found is None:
                self._reading = None
                self._to_read.pop(0)
            else:
                self._summaries[found.folder] = (changed_at(Path(found.folder)), found)
        self._refresh.news()

    def _show_more(self) -> None:
        self._shown += AT_ONCE
        self._plan()

    @property
    def is_reading(self) -> bool:
        """Whether old runs are still being read."""
        return self._reader.isActive()

    # ---- showing

    def _show(self) -> None:
        is_known = bool(self.summary.folder)
        self.current.setVisible(is_known)
        if is_known:
            if self._is_on:
                self.current.show_running(self.summary, self._losses, self._is_paused)
            else:
                self.current.show_ended(self.summary)
        self._show_advice()
        known = [
            self._summaries[str(folder)][1] for folder in self._folders[: self._shown] if str(folder) in self._summaries
        ]
        self._show_old([each for each in known if each.folder != self.summary.folder])
        self._more.setVisible(len(self._folders) > self._shown)
        self._old_title.setVisible(bool(self.old))
        self._empty.setVisible(not self.old and not is_known)
        self._area.settle()

    def _show_advice(self) -> None:
        report = self._document.report
        said = (report.problems if report else None, report and report.partial, tuple(self.notes), self.baseline)
        if said == self._advised:
            return
        self._advised = said
        for card in self.advice:
            self._advice_box.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.advice = advice.cards(report, self.notes, self.baseline, self.repair, self.node_wanted.emit)
        for card in self.advice:
            self._advice_box.addWidget(card)

    def repair(self, wanted: Repair) -> None:
        """Make a repair as one step that a person can undo."""
        self._document.edit(wanted.text, repaired(self._document.project, wanted))

    def _show_old(self, summaries: list[Summary]) -> None:
        while len(self.old) > len(summaries):
            card = self.old.pop()
            self._old_box.removeWidget(card)
            card.hide()
            card.deleteLater()
        while len(self.old) < len(summaries):
            card = RunCard()
            card.opened.connect(self._open)
            self.old.append(card)
            self._old_box.addWidget(card)
        for card, summary in zip(self.old, summaries, strict=True):
            if card.summary is not summary:
                card.show_ended(summary)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.header.set_theme(theme)
        self.setStyleSheet(
            f"Runs, #runs {{ background: {theme.panel}; }}"
            f" RunCard:hover {{ border-color: {theme.dim}; }} RunCard:focus {{ border: 1px solid {theme.accent}; }}"
            f' QFrame[role="card"][tone="good"] {{ border-left: 3px solid {theme.good}; }}'
        )


def changed_at(folder: Path) -> float:
    """When a run's events were last written to, 0 where there are none."""
    try:
        return (folder / EVENTS).stat().st_mtime
    except OSError:
        return 0.0
