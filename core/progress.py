"""Progress on the error stream: a bar with loss and time left in a terminal, a line an epoch elsewhere."""

from __future__ import annotations

import sys
from typing import Any

from core.events import Baseline, Ended, Epoch, Losses, Note, Started
from core.messages import Body, Progress


class TrainingProgress:
    """Shows the events of one run while it goes on."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._epochs = 0

    def __enter__(self) -> TrainingProgress:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                TaskProgressColumn(),
                TimeRemainingColumn(),
            )
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task("Preparing", total=1.0)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, event: Body) -> None:
        """Show one event."""
        match event:
            case Started():
                self._epochs = event.epochs
                rows = "/".join(f"{count:,}" for count in event.rows)
                self._say(
                    f"Training {event.parameters:,} parameters on {event.device} ({event.threads} threads), {rows} rows"
                )
            case Losses() if self._bar is not None:
                self._bar.update(
                    self._task, completed=event.done, description=f"{event.samples_per_second:,.0f} samples/s"
                )
            case Epoch():
                figures = "  ".join(f"{name} {value:.4f}" for name, value in event.metrics.items())
                self._say(f"epoch {event.epoch}/{self._epochs}  {figures}{'  best' if event.best else ''}")
            case Note():
                self._say(event.message)
            case Baseline():
                self._say(f"{event.name} on the same split: {event.metric} {event.value:.4f}")
            case Ended() if event.message:
                self._say(event.message)
            case _:
                pass

    def _say(self, line: str) -> None:
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False)
        else:
            print(line, file=sys.stderr, flush=True)


def tell_progress(body: Body) -> None:
    """Show a Progress message as a line."""
    if isinstance(body, Progress):
        share = "" if body.share < 0 else f" {body.share:.0%}"
        print(f"{body.text}{share}", file=sys.stderr, flush=True)
