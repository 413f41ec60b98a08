"""The dock of weight histograms: how the values of one layer's weights move while it learns."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from core.events import Event, Started
from core.events import Histograms as Sampled
from designer.numbers import grouped
from designer.plots.colours import blend
from designer.plots.header import SMALL, Figure, Header, Switch, tabular
from designer.plots.refresh import Refresh
from designer.plots.ticks import figure, percent, short_number
from designer.plots.weights import Course, Snapshot, snapshot
from designer.theme import DARK, Theme
from designer.words import tr

RIDGES = 8
FEWEST_BINS, MOST_BINS = 24, 80
EMPTY = tr("Train to see how the weights of each layer move.")


def bins_for(taken: Snapshot) -> int:
    """Bins of a ridge: few values in many bins would show chance (twice Rice's rule, 4 times the cube root)."""
    return int(np.clip(4 * float(taken.counts.sum()) ** (1 / 3), FEWEST_BINS, MOST_BINS))


class Ridges(QWidget):
    """Paints a course: as ridges one before the other, newest in front, or as a map of density over time."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Distribution of a weight over the run"))
        self.course = Course()
        self.as_map = False
        self.steps_per_epoch = 0
        self._theme = DARK

    def show_course(self, course: Course, as_map: bool) -> None:
        """Paint this course."""
        self.course, self.as_map = course, as_map
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.update()

    def when(self, step: int) -> str:
        """A step for people: the epoch where one is known, else the step."""
        if self.steps_per_epoch and step >= self.steps_per_epoch:
            return tr("epoch {grouped}", grouped=grouped(step // self.steps_per_epoch))
        return tr("step {grouped}", grouped=grouped(step))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ridges or the map, or the hint where there is nothing yet."""
        painter = QPainter(self)
        painter.setFont(tabular(self.font(), 11))
        if self.width() < 60 or self.height() < 40:
            return
        if not self.course.snapshots:
            painter.setPen(QColor(self._theme.dim))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.setFont(tabular(self.font(), SMALL))
            painter.drawText(self.rect().adjusted(16, 0, -16, 0), flags, EMPTY)
        elif self.as_map:
            self._paint_map(painter)
        else:
            self._paint_ridges(painter)

    def _paint_ridges(self, painter: QPainter) -> None:
        shown = self.course.spread_out(min(RIDGES, max(1, (self.height() - 40) // 18)))
        low, high = self.course.span
        bins = bins_for(shown[-1])
        edges = np.linspace(low, high, bins + 1)
        wide = self.width() > 240
        left, right = (70.0 if wide else 12.0), self.width() - 16.0
        bottom = self.height() - 22.0
        top = min(0.32 * self.height(), 70.0)
        pitch = (bottom - top) / max(1, len(shown) - 1) if len(shown) > 1 else 0.0
        densities = [each.density(edges) for each in shown]
        height = min(2.4 * pitch, top - 6) if pitch else bottom - 10
        places = left + (np.arange(bins) + 0.5) / bins * (right - left)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, (each, density) in enumerate(zip(shown, densities, strict=True)):
            base = bottom - pitch * (len(shown) - 1 - index)
            share = (index + 1) / len(shown)
            # each to its own greatest: a sharp first distribution would press all others flat
            heights = base - density / max(float(density.max()), 1e-12) * height
            self._paint_ridge(painter, places, heights, base, (left, right), share)
            if wide and (pitch >= 14 or index in (0, len(shown) - 1)):
                painter.setPen(QColor(self._theme.dim))
                painter.drawText(QRectF(0, base - 14, left - 8, 16), Qt.AlignmentFlag.AlignRight, self.when(each.step))
        self._paint_scale(painter, low, high, left, right)

    def _paint_ridge(self, painter, places, heights, base: float, sides: tuple[float, float], share: float) -> None:
        theme = self._theme
        crest = [QPointF(x, y) for x, y in zip(places.tolist(), heights.tolist(), strict=True)]
        shape = QPolygonF([QPointF(sides[0], base), *crest, QPointF(sides[1], base)])
        fill = blend(theme.accent, theme.panel, 0.18 + 0.47 * share)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(shape)
        painter.setPen(
            QPen(
                blend(
                    theme.accent,
                    theme.text if theme.is_dark else theme.panel,
                    0.8 if share == 1 else 0.65 + 0.15 * share,
                ),
                1,
            )
        )
        painter.drawPolyline(shape)

    def _paint_scale(self, painter: QPainter, low: float, high: float, left: float, right: float) -> None:
        painter.setPen(QColor(self._theme.dim))
        bottom = self.height() - 18.0
        marks = [(low, Qt.AlignmentFlag.AlignLeft), (high, Qt.AlignmentFlag.AlignRight)]
        for value, side in marks:
            painter.drawText(QRectF(left, bottom, right - left, 16), side, short_number(float(f"{value:.2g}")))
        if low < 0 < high:
            zero = left + (0 - low) / (high - low) * (right - left)
            if left + 44 < zero < right - 44:
                painter.drawText(QRectF(zero - 20, bottom, 40, 16), Qt.AlignmentFlag.AlignHCenter, "0")

    def _paint_map(self, painter: QPainter) -> None:
        field = self.course.field()
        low, high = self.course.span
        colours = np.array(
            [blend(self._theme.accent, self._theme.canvas, share / 255).rgb() for share in range(256)], np.uint32
        )
        pixels = np.ascontiguousarray(colours[np.clip(np.sqrt(field) * 255, 0, 255).astype(np.uint8)])
        image = QImage(pixels.data, pixels.shape[1], pixels.shape[0], 4 * pixels.shape[1], QImage.Format.Format_RGB32)
        place = QRectF(56, 8, max(10, self.width() - 72), max(10, self.height() - 34))
        painter.drawImage(place, image)
        painter.setPen(QColor(self._theme.dim))
        side = Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(0, place.top() - 2, 50, 16), side, short_number(float(f"{high:.2g}")))
        painter.drawText(QRectF(0, place.bottom() - 13, 50, 16), side, short_number(float(f"{low:.2g}")))
        if low < 0 < high:
            zero = place.top() + high / (high - low) * place.height()
            if place.top() + 14 < zero < place.bottom() - 14:
                painter.drawText(QRectF(0, zero - 8, 50, 16), side, "0")
        below = QRectF(place.left(), place.bottom() + 3, place.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, self.when(self.course.snapshots[0].step))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, self.when(self.course.snapshots[-1].step))


class Histograms(QWidget):
    """Sampled weight histograms over time for any layer, with mean, spread, zeros and gradient norm."""

    about = tr(
        "Each ridge shows how many weights have which value, the newest in front; "
        "a layer that learns changes its shape, one that stands still does not."
    )
    watch_wanted = Signal(str)
    """The node whose weights a person wants to follow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Weight histograms"))
        self.courses: dict[str, Course] = {}
        self._run = ""
        self._followed: tuple[str, ...] = ()
        self.plot = Ridges()
        self._refresh = Refresh(self, self._show)
        self.header = Header(tr("Histograms"), self.about)
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(tr("Weight to show"))
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.chooser.activated.connect(self._choose)
        self.view = Switch(tr("View"))
        self.view.offer(
            [("ridges", tr("ridges"), tr("One curve for each moment.")), ("map", tr("map"), tr("Density over time."))]
        )
        self.view.chosen.connect(lambda _: self._show())
        self.header.add(self.chooser, 3)
        self.header.add(self.view, 1)
        self._figures = {key: Figure(word, widest) for key, word, widest in FIGURES}
        self._below = Header("", tr("Figures of the newest histogram"))
        for keep, shown in enumerate(self._figures.values()):
            self._below.add(shown, -keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.header, self.plot, self._below):
            layout.addWidget(widget, 1 if widget is self.plot else 0)
        self.set_theme(DARK)
        self._show()

    @property
    def weight(self) -> str:
        """The name of the weight that is shown: `conv1.weight`."""
        return self.chooser.currentText()

    def figures(self) -> dict[str, str]:
        """What the figures below the plot say, by name."""
        return {key: shown.text for key, shown in self._figures.items()}

    def receive(self, event: Event) -> None:
        """Take in an event of a run."""
        if isinstance(event, Started):
            if self._run and event.run != self._run:
                self.courses = {}
            self._run = event.run
            self.plot.steps_per_epoch = event.steps_per_epoch
            for name in event.weights:
                self.courses.setdefault(name, Course())
        elif isinstance(event, Sampled):
            for said in event.weights:
                taken = snapshot(event.step, said)
                if taken:
                    self.courses.setdefault(said.name, Course()).put(taken)
        else:
            return
        self._refresh.news()

    def clear(self) -> None:
        """Forget the run."""
        self.courses = {}
        self._run = ""
        self._show()

    def follow(self, node_ids: tuple[str, ...]) -> None:
        """Show the weights of the selected node, where it has any."""
        self._followed = node_ids
        found = self._weight_of(node_ids)
        if found and found != self.weight:
            self.chooser.setCurrentText(found)
            self._show()
        if found:
            self.watch_wanted.emit(found.rpartition(".")[0])

    def _weight_of(self, node_ids: tuple[str, ...]) -> str:
        for node_id in node_ids:
            names = [name for name in self.courses if name.startswith(node_id + ".")]
            if names and not self.weight.startswith(node_id + "."):
                return next((name for name in names if name.endswith("weight")), names[0])
        return ""

    def _choose(self, _: int) -> None:
        self.watch_wanted.emit(self.weight.rpartition(".")[0])
        self._show()

    def _show(self) -> None:
        names = list(self.courses)
        if names != [self.chooser.itemText(index) for index in range(self.chooser.count())]:
            before = self.weight
            self.chooser.clear()
            self.chooser.addItems(names)
            wanted = before if before in names else self._weight_of(self._followed) or next(iter(names), "")
            self.chooser.setCurrentText(wanted)
        self.header.want(self.chooser, bool(names))
        self.header.want(self.view, bool(names))
        course = self.courses.get(self.weight) or Course()
        self.plot.show_course(course, self.view.choice == "map")
        newest = course.snapshots[-1] if course.snapshots else None
        self._below.setVisible(newest is not None and self.height() > 120)
        if newest:
            said = {
                "mean": figure(newest.mean),
                "spread": figure(newest.spread),
                "zeros": percent(newest.zeros),
                "gradient": figure(newest.gradient_norm),
            }
            for key, text in said.items():
                self._figures[key].say(text)
            self.plot.setAccessibleDescription(", ".join(f"{key} {text}" for key, text in said.items()))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.setStyleSheet(f"Histograms {{ background: {theme.panel}; }}")
        self.chooser.setStyleSheet(
            f"QComboBox {{ background: transparent; color: {theme.text}; border: 1px solid transparent;"
            f" padding: 1px 4px; font-size: {SMALL}px; }} QComboBox:hover {{ background: {theme.hover}; }}"
            f" QComboBox:focus {{ border-color: {theme.accent}; }}"
        )
        for part in (self.header, self.view, self.plot):
            part.set_theme(theme)
        for shown in self._figures.values():
            shown.set_colours(theme.dim, theme.text)


FIGURES = (
    ("mean", tr("mean"), "−0.000e-0"),
    ("spread", tr("spread"), "0.000e-0"),
    ("zeros", tr("zeros"), "100.0 %"),
    ("gradient", tr("gradient"), "0.000e-0"),
)
