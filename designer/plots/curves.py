"""The dock of curves: loss and metrics while a run is on, and of any run that is replayed."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QMenu, QMessageBox, QToolButton, QVBoxLayout, QWidget

from core.events import Event
from core.project import reason
from designer.numbers import grouped
from designer.plots.chart import Chart
from designer.plots.drawing import Drawing, can_be_logarithmic, drawing
from designer.plots.header import Figure, Header, Switch, small_button
from designer.plots.history import SHARES, History, title_of
from designer.plots.refresh import Refresh
from designer.plots.ticks import epoch_ticks, figure, percent
from designer.theme import DARK, Theme
from designer.words import tr

EMPTY = tr("Train to see the loss of every step here.")


class Curves(QWidget):
    """Live curves of the loss and of each metric, with the simplest model as a dashed line."""

    about = tr(
        "The loss says how wrong the network is, step by step; when training falls and validation rises, "
        "it learns by heart instead of learning the rule."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Loss and metric curves"))
        self.history = History()
        self.drawn = Drawing()
        self._pointed = -1.0
        self._wants_log = True
        self.chart = Chart()
        self.chart.pointed.connect(self._point)
        self._refresh = Refresh(self, self._show)
        self.chart.moved.connect(self._refresh.news)
        self._empty = QLabel(EMPTY, self.chart)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._make_header()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.chart, 1)
        self.set_theme(DARK)
        self._show()

    def _make_header(self) -> None:
        self.header = Header(tr("Loss"), self.about)
        self.train = Figure(tr("train"), "0.0e-0", mark="line")
        self.validation = Figure(tr("val"), "0.0e-0", mark="dots")
        self.switch = Switch(tr("Metric"), is_title=True)
        self.switch.chosen.connect(self._choose)
        self.log = QToolButton()
        self.log.setText(tr("log"))
        self.log.setCheckable(True)
        self.log.setChecked(True)
        self.log.setAccessibleName(tr("Logarithmic scale"))
        self.log.clicked.connect(self._set_log)
        self.header.lead(self.switch)
        for keep, widget in ((2, self.train), (3, self.validation), (1, self.log)):
            self.header.add(widget, keep)

    # ---- news

    def receive(self, event: Event) -> None:
        """Take in an event of a run."""
        if self.history.receive(event):
            self._refresh.news()

    def clear(self) -> None:
        """Forget the run."""
        self.history = History()
        self.chart.is_zoomed = False
        self._show()

    def follow(self, node_ids: tuple[str, ...]) -> None:
        """The curves are those of the whole network, whatever is selected."""

    @property
    def family(self) -> str:
        """The metric that is shown."""
        return self.switch.choice or "loss"

    @property
    def is_logarithmic(self) -> bool:
        """Whether values stand on a logarithmic scale."""
        return self._wants_log and self.family == "loss" and can_be_logarithmic(self.drawn)

    # ---- showing

    def _show(self) -> None:
        history = self.history
        titles = [
            (family, title_of(family), tr("Show {title_of} over the steps.", title_of=title_of(family)))
            for family in history.families
        ]
        self.switch.offer(titles)
        family = self.family
        self.header.title.setText(title_of(family))
        self.header.title.setVisible(len(titles) == 1)
        span = self.chart.span if self.chart.is_zoomed else (0.0, max(1.0, float(history.steps)))
        self.drawn = drawing(history, family, span if self.chart.is_zoomed else None)
        self._show_log()
        share = family in SHARES
        wanted = max(2, self.chart.width() // 60)
        ticks = [] if history.is_empty else epoch_ticks(*span, history.steps_per_epoch, wanted)
        self.chart.draw(self.drawn, self.is_logarithmic, span, ticks, share)
        self._empty.setVisible(history.is_empty)
        self._show_figures()
        self._point(self._pointed)

    def _show_log(self) -> None:
        possible = can_be_logarithmic(self.drawn)
        self.header.want(self.log, self.family == "loss")
        self.log.setEnabled(possible)
        self.log.setChecked(self.is_logarithmic)
        why = tr("Equal distances are equal factors.") if possible else tr("Not possible: some values are 0 or below.")
        self.log.setToolTip(tr("Logarithmic scale. ") + why)

    def _show_figures(self) -> None:
        for shown, line in ((self.train, self.drawn.smooth), (self.validation, self.drawn.validation)):
            shown.say(self._figure(float(line[1][-1])) if len(line[1]) else "–")

    def _figure(self, value: float) -> str:
        return percent(value) if self.family in SHARES else figure(value)

    def _choose(self, _: str) -> None:
        self._show()

    def _set_log(self, wanted: bool) -> None:
        self._wants_log = wanted
        self._show()

    # ---- the readout

    def _point(self, step: float) -> None:
        self._pointed = step
        text = self.readout(step) if step >= 0 else ""
        self.chart.say(max(0.0, step), text, low=self.family != "loss")

    def readout(self, at: float) -> str:
        """What is known at a step: its number, the epoch, and the values of both lines."""
        history = self.history
        if history.is_empty:
            return ""
        step = min(round(at), max(0, history.steps - 1))
        parts = [tr("step {grouped}", grouped=grouped(step))]
        if history.steps_per_epoch:
            parts.append(tr("epoch {grouped}", grouped=grouped(step // history.steps_per_epoch + 1)))
        if self.family == "loss" and step < history.losses.count and history.losses.known[step]:
            value = float(history.losses.values[step])
            parts.append(tr("train {value}", value=figure(value) if math.isfinite(value) else "not a number"))
        for part, word in (("train", tr("train")), ("validation", tr("val"))):
            metric = history.metrics.get((part, self.family))
            if metric and (found := metric.at(step)) and not (part == "train" and self.family == "loss"):
                parts.append(f"{word} {self._figure(found[1])}")
        return "  ·  ".join(parts)

    # ---- taking away

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the whole run, a picture and the numbers."""
        self.menu().exec(event.globalPos())

    def menu(self) -> QMenu:
        """The context menu."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Show the whole run"), self.chart.show_all)
        scale = menu.addAction(tr("Logarithmic scale"))  # also here: a narrow head row has no room for its button
        scale.setCheckable(True)
        scale.setChecked(self.is_logarithmic)
        scale.setEnabled(self.family == "loss" and can_be_logarithmic(self.drawn))
        scale.triggered.connect(self._set_log)
        menu.addSeparator()
        menu.addAction(tr("Copy picture"), lambda: QGuiApplication.clipboard().setPixmap(self.picture()))
        menu.addAction(tr("Save picture…"), lambda: self._ask("curves.png", tr("Pictures (*.png)"), self.save_picture))
        menu.addAction(tr("Save numbers…"), lambda: self._ask("curves.csv", tr("Tables (*.csv)"), self.save_numbers))
        return menu

    def _ask(self, name: str, kinds: str, save) -> None:
        path, _ = QFileDialog.getSaveFileName(self, tr("Save"), name, kinds)
        if path:
            try:
                save(Path(path))
            except OSError as error:
                QMessageBox.warning(
                    self, tr("Not saved"), tr("{path} was not saved: {reason}.", path=path, reason=reason(error))
                )

    def picture(self) -> QPixmap:
        """The plot as a picture, at twice its size on the screen."""
        self._refresh.now()
        made = QPixmap(QSize(max(1, self.width()), max(1, self.height())) * 2)
        made.setDevicePixelRatio(2)
        self.render(made)
        return made

    def save_picture(self, path: Path) -> None:
        """Save the plot as PNG; raises OSError."""
        if not self.picture().save(str(path), "PNG"):
            raise OSError(None, tr("the picture could not be written there"))

    def save_numbers(self, path: Path) -> None:
        """Save every loss and metric as CSV (step, epoch, name, value); raises OSError."""
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(("step", "epoch", "name", "value"))
            table.writerows(self.history.rows())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the ticks readable and the hint in the middle."""
        super().resizeEvent(event)
        self._empty.setGeometry(self.chart.rect().adjusted(16, 0, -16, 0))
        self._refresh.news()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.setStyleSheet(f"Curves {{ background: {theme.panel}; }}")
        self.header.set_theme(theme)
        self.chart.set_theme(theme)
        self.switch.set_theme(theme)
        self.log.setStyleSheet(small_button(theme))
        self.train.set_colours(theme.dim, theme.accent)
        self.validation.set_colours(theme.dim, theme.warn)
        self._empty.setStyleSheet(f"color: {theme.dim}; background: transparent;")
