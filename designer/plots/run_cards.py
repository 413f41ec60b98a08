"""Cards of runs: the one that is on, with its progress, and old ones at a glance."""

from __future__ import annotations

import datetime
import math
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QVBoxLayout

from core.events import Losses
from core.runs import Summary
from designer.numbers import NARROW, duration, grouped
from designer.plots.header import tabular
from designer.plots.ticks import figure, percent
from designer.words import tr

HOW = {"finished": "", "stopped": "stopped", "failed": "failed", "": tr("not ended")}
DOT, RING, CROSS = "●", "○", "✗"


def when(summary: Summary) -> str:
    """When a run began, as people say it; the folder's name where that is not known."""
    if not summary.time:
        return Path(summary.folder).name
    began = datetime.datetime.fromtimestamp(summary.time)
    today = datetime.datetime.now().date()
    day = (
        "today"
        if began.date() == today
        else f"{began.day} {began:%b}" + ("" if began.year == today.year else f" {began.year}")
    )
    return f"{day} {began:%H:%M:%S}" if began.date() == today else f"{day} {began:%H:%M}"


def figures(summary: Summary) -> list[str]:
    """What a run came to: validation loss, its metric, parameters, time."""
    parts: list[str] = []
    metrics = summary.metrics
    if "validation_loss" in metrics:
        parts.append(tr("val {figure}", figure=figure(metrics["validation_loss"])))
    if "validation_accuracy" in metrics:
        parts.append(percent(metrics["validation_accuracy"]))
    elif "validation_mae" in metrics:
        parts.append(tr("mean error {figure}", figure=figure(metrics["validation_mae"])))
    if summary.started:
        parts.append(tr("{grouped} parameters", grouped=grouped(summary.started.parameters)))
    if summary.seconds:
        parts.append(duration(summary.seconds))
    return parts


class RunCard(QFrame):
    """One run; a click or Enter opens it."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.summary = Summary("")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setFont(tabular(self.font(), 13))
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setAccessibleName(tr("Progress of the run"))
        self.bar.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 10, 7)
        column.setSpacing(7)
        column.addWidget(self.words)
        column.addWidget(self.bar)

    def show_ended(self, summary: Summary) -> None:
        """Show a run that is over, or one of which no end is known."""
        self.summary = summary
        mark = CROSS if summary.how == "failed" else RING
        parts = [part for part in (HOW.get(summary.how, ""), *figures(summary)) if part]
        text = f"{mark} {when(summary)} — {' · '.join(parts) or tr('nothing was measured')}"
        if summary.message:
            text += "\n" + summary.message
        self._say(text)
        self.bar.hide()
        self.setToolTip(tr("{folder}\nClick to see its curves again.", folder=summary.folder))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_running(self, summary: Summary, losses: Losses | None, is_paused: bool) -> None:
        """Show the run that is on, with its progress."""
        self.summary = summary
        epochs = summary.started.epochs if summary.started else 0
        parts = ["paused"] if is_paused else []
        parts.append(
            tr(
                "epoch {grouped}/{grouped2}",
                grouped=grouped(min(summary.epochs + 1, max(1, epochs))),
                grouped2=grouped(epochs),
            )
        )
        if losses and not is_paused:
            if losses.samples_per_second > 0:
                parts.append(f"{grouped(round(losses.samples_per_second))}{NARROW}samples/s")
            if math.isfinite(losses.seconds_left) and losses.done < 1:
                parts.append(tr("{duration} left", duration=duration(losses.seconds_left)))
        self._say(f"{DOT} {when(summary)} — {' · '.join(parts)}")
        self.bar.setValue(round(1000 * min(1.0, losses.done)) if losses else 0)
        self.bar.show()
        self.setToolTip(summary.folder)

    def _say(self, text: str) -> None:
        if text != self.words.text():
            self.words.setText(text)
            self.setAccessibleName(text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the run."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self.summary.folder)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the run."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self.summary.folder)
        else:
            super().keyPressEvent(event)
