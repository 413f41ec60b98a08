"""Everything that a run says, on its two ways: to whoever listens, and into the run folder."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from core import runs
from core.events import Epoch, Event, Histograms
from core.frames import frame

FLUSH_SECONDS = 1.0
TENSORBOARD_AFTER = 20.0
"""Seconds: loading TensorBoard's writer takes 0.2 s, which is one percent of a run of this length."""


class Record:
    """The open files of a run; every method may raise OSError, as when the disk is full."""

    def __init__(self, folder: Path, send: Callable[[Event], None]) -> None:
        self.folder = folder
        self._send = send
        self._events = (folder / runs.EVENTS).open("wb")
        self._metrics = (folder / "metrics.csv").open("w", encoding="utf-8", newline="")
        self._columns: list[str] = []
        self._board: Any = None
        self._for_board: list[Epoch | Histograms] = []
        self._began = self._flushed = time.perf_counter()

    def tell(self, event: Event) -> None:
        """Send an event and append it to the run; it is on disk within a second."""
        self._send(event)
        self.keep(event)
        if isinstance(event, Epoch):
            self._row(event)
        if isinstance(event, Epoch | Histograms):
            self._for_board.append(event)
        now = time.perf_counter()
        if now - self._flushed >= FLUSH_SECONDS:
            self._flushed = now
            self.flush()
            if now - self._began > TENSORBOARD_AFTER:
                self._write_board()

    def keep(self, event: Event) -> None:
        """Append an event to the run without sending it."""
        self._events.write(frame(event))

    def flush(self) -> None:
        """Give everything told so far to the system, so that a kill cannot lose it."""
        self._events.flush()
        self._metrics.flush()

    def _row(self, event: Epoch) -> None:
        writer = csv.writer(self._metrics)
        if not self._columns:
            self._columns = list(event.metrics)
            writer.writerow(["epoch", "step", "seconds", *self._columns])
        values = (event.metrics.get(name, "") for name in self._columns)
        writer.writerow([event.epoch, event.step, f"{event.seconds:.3f}", *values])

    def _write_board(self) -> None:
        """Write what has come since into TensorBoard's own format."""
        if self._board is None:
            from torch.utils.tensorboard import SummaryWriter

            self._board = SummaryWriter(str(self.folder / "tensorboard"))
        for event in self._for_board:
            if isinstance(event, Epoch):
                for name, value in event.metrics.items():
                    part, _, metric = name.partition("_")
                    self._board.add_scalar(f"{metric}/{part}", value, event.step)
            else:
                self._add_histograms(event)
        self._for_board.clear()

    def _add_histograms(self, event: Histograms) -> None:
        for each in event.weights:
            counts = np.frombuffer(each.counts, np.uint32)
            count = int(counts.sum())
            if count == 0:
                continue
            limits = np.linspace(each.low, each.high, len(counts) + 1)[1:]
            squares = count * (each.spread**2 + each.mean**2)
            self._board.add_histogram_raw(
                each.name,
                each.low,
                each.high,
                count,
                each.mean * count,
                squares,
                limits.tolist(),
                counts.tolist(),
                event.step,
            )

    def close(self, title: str) -> None:
        """Write what belongs to the end: the picture of the curves and TensorBoard's log; close every file."""
        self.flush()
        self._write_board()
        self._board.close()
        picture = runs.curves_svg(runs.events(self.folder), title)
        (self.folder / "curves.svg").write_text(picture, encoding="utf-8")
        self._events.close()
        self._metrics.close()

    def abandon(self) -> None:
        """Close the files, whatever they say."""
        for file in (self._events, self._metrics, self._board):
            try:
                if file is not None:
                    file.close()
            except OSError:
                pass
