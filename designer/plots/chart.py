"""The plot of the curves: pyqtgraph's view with lines of width 1, explicit ticks and a readout under the cursor."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent
from PySide6.QtWidgets import QLabel

from designer.plots.colours import blend
from designer.plots.drawing import Drawing, Line, on_log_scale
from designer.plots.header import tabular
from designer.plots.ticks import linear_ticks, log_ticks, percent, short_number
from designer.theme import DARK, Theme
from designer.words import tr

AXIS_WIDTH = 48
AXIS_HEIGHT = 24
LABEL_HEIGHT = 18
EDGE = 40
"""How many pixels a label may stand out beyond its axis."""
STRONG = 1.6
"""The width of a line that is read (its points are few); that of every single step is 1, which paints fastest."""
MOST_SMOOTHED = 400
"""Above this many points the line of single steps is a dense band: smoothing its edges takes most of a frame."""
MOST_DOTS = 60
"""Above this many epochs a dot for each would only blur the line; it is dashed then."""


class Chart(pg.PlotWidget):
    """Draws one `Drawing`; tells which step the cursor is on and when a person has moved the view."""

    pointed = Signal(float)
    """The step under the cursor, or -1 where there is none."""
    moved = Signal()

    def __init__(self) -> None:
        super().__init__(background=DARK.panel)
        self.setAccessibleName(tr("Curves over the steps of the run"))
        self.setMinimumSize(0, 0)
        self.is_zoomed = False
        self._log = False
        self._shown: dict[str, object] = {}
        self._theme = DARK
        item: pg.PlotItem = self.plotItem  # type: ignore[assignment]
        item.setMenuEnabled(False)
        item.hideButtons()
        item.layout.setContentsMargins(0, 6, 18, 2)  # type: ignore[attr-defined]
        self._box = item.getViewBox()
        self._box.setMouseEnabled(x=True, y=False)
        self._box.setDefaultPadding(0)
        self._box.disableAutoRange()
        self._axes = item.getAxis("left"), item.getAxis("bottom")
        self._axes[0].setWidth(AXIS_WIDTH)
        self._axes[1].setHeight(AXIS_HEIGHT)
        for axis in self._axes:
            axis.setStyle(tickLength=0, tickFont=tabular(QFont(self.font()), 11), autoExpandTextSpace=False)
            axis.setStyle(hideOverlappingLabels=EDGE)
        self._make_lines()
        self._readout = QLabel(self.viewport())
        self._readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._readout.hide()
        self._box.sigRangeChangedManually.connect(self._mark_moved)
        self.viewport().installEventFilter(self)
        self.set_theme(DARK)

    def _make_lines(self) -> None:
        # antialiased: with at most 4,096 points a line of width 1 costs about a millisecond
        self._train = pg.PlotCurveItem(connect="finite", antialias=True)
        self._smooth = pg.PlotCurveItem(connect="finite", antialias=True)
        self._validation = pg.PlotCurveItem(connect="finite", antialias=True)
        self._dots = pg.ScatterPlotItem(size=6, pxMode=True, antialias=True)
        self._best = pg.ScatterPlotItem(size=10, pxMode=True, antialias=True)
        self._bad = pg.ScatterPlotItem(size=9, pxMode=True, symbol="x", antialias=True)
        self._baseline = pg.InfiniteLine(
            angle=0, movable=False, label="", labelOpts={"position": 0.98, "anchors": [(1, 1), (1, 0)]}
        )
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        for each in (
            self._train,
            self._smooth,
            self._baseline,
            self._validation,
            self._dots,
            self._best,
            self._bad,
            self._cursor,
        ):
            self.plotItem.addItem(each, ignoreBounds=True)  # type: ignore[union-attr]
        self._baseline.hide()
        self._cursor.hide()

    # ---- what is drawn

    def draw(
        self, drawn: Drawing, log: bool, span: tuple[float, float], ticks: list[tuple[float, str]], share: bool
    ) -> None:
        """Show the lines over the steps `span`; `ticks` name steps, `share` names values as percentages."""
        self._log = log
        scaled = {name: self._scaled(getattr(drawn, name)) for name in ("train", "smooth", "validation")}
        self._train.setData(*scaled["train"], antialias=len(scaled["train"][0]) <= MOST_SMOOTHED)
        self._smooth.setData(*scaled["smooth"])
        if self._is_new("validation", tuple(part.tobytes() for part in scaled["validation"])):
            self._validation.setData(*scaled["validation"])
            self._dot(scaled["validation"])
        low, high = self._set_range(drawn.bounds(), span, share)
        best = drawn.best
        height = self._height(best[1]) if best else float("nan")
        if self._is_new("best", (best, height if best else 0.0)):
            known = bool(best and np.isfinite(height))
            self._best.setData([best[0]] if best and known else [], [height] if known else [])
        if self._is_new("bad", (drawn.bad.tobytes(), low, high)):
            self._bad.setData(drawn.bad, np.full(len(drawn.bad), high - 0.04 * (high - low)))
        self._draw_baseline(drawn.baseline, share)
        if self._is_new("ticks", ticks):
            self._axes[1].setTicks([ticks])

    def _is_new(self, what: str, value: object) -> bool:
        """Whether this differs from what was shown last: setting it again would paint axes and dots anew."""
        if self._shown.get(what) == value:
            return False
        self._shown[what] = value
        return True

    def _scaled(self, line: Line) -> Line:
        return on_log_scale(line) if self._log else line

    def _height(self, value: float) -> float:
        return float(on_log_scale((np.zeros(1), np.array([value])))[1][0]) if self._log else value

    def _dot(self, line: Line) -> None:
        few = len(line[0]) <= MOST_DOTS
        finite = np.isfinite(line[1])
        self._dots.setData(line[0][finite], line[1][finite]) if few else self._dots.setData([], [])
        pen = pg.mkPen(self._theme.warn, width=STRONG, style=Qt.PenStyle.SolidLine if few else Qt.PenStyle.DashLine)
        if self._validation.opts["pen"] != pen:
            self._validation.setPen(pen)

    def _set_range(
        self, bounds: tuple[float, float] | None, span: tuple[float, float], share: bool
    ) -> tuple[float, float]:
        """Set both ranges and the ticks of values; returns the lowest and highest height of the view."""
        low, high = bounds or ((0.1, 1.0) if self._log else (0.0, 1.0))
        values = log_ticks(low, high) if self._log else linear_ticks(low, high)
        heights = [self._height(value) for value in values]
        words = [f"{100 * value:.6g}\u202f%" if share else short_number(value) for value in values]
        apart = max(1, -(-len(heights) * LABEL_HEIGHT // max(1, self.height() - AXIS_HEIGHT)))
        labels = [pair for index, pair in enumerate(zip(heights, words, strict=True)) if index % apart == 0]
        if self._is_new("values", labels if bounds else []):
            self._axes[0].setTicks([labels if bounds else []])
        first, last = heights[0], heights[-1]
        if share and high <= 1 < values[-1]:
            last = 1 + 0.02 * (1 - first)  # no share is above 100 %
        room = 0.03 * (last - first)
        self._box.setYRange(first - room, last + room, padding=0)
        self._box.setXRange(*span, padding=0)
        return first - room, last + room

    def _draw_baseline(self, baseline: tuple[str, float] | None, share: bool) -> None:
        height = self._height(baseline[1]) if baseline else float("nan")
        self._baseline.setVisible(bool(np.isfinite(height)))
        if baseline and np.isfinite(height):
            self._baseline.setValue(height)
            text = f"{baseline[0]} {percent(baseline[1]) if share else short_number(baseline[1])}"
            if self._baseline.label.format != text:
                self._baseline.label.setFormat(text)

    @property
    def span(self) -> tuple[float, float]:
        """The first and last step in sight."""
        return tuple(self._box.viewRange()[0])  # type: ignore[return-value]

    # ---- the cursor

    def say(self, step: float, text: str, low: bool) -> None:
        """Show a readout and the line under the cursor; an empty text hides both. `low` puts it at the bottom."""
        self._cursor.setVisible(bool(text))
        self._readout.setVisible(bool(text))
        if text:
            self._cursor.setValue(step)
            self._readout.setText(text)
            self._readout.adjustSize()
            right = self.viewport().width() - self._readout.width() - 16
            top = self.viewport().height() - AXIS_HEIGHT - self._readout.height() - 8 if low else 8
            self._readout.move(max(0, right), max(0, top))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the cursor over the plot."""
        if event.type() == QEvent.Type.Leave:
            self.pointed.emit(-1.0)
        elif event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            place = self._box.mapSceneToView(self.mapToScene(event.position().toPoint()))
            inside = self._box.sceneBoundingRect().contains(QPointF(self.mapToScene(event.position().toPoint())))
            self.pointed.emit(place.x() if inside else -1.0)
        return super().eventFilter(watched, event)

    def _mark_moved(self, *_: object) -> None:
        self.is_zoomed = True
        self.moved.emit()

    def show_all(self) -> None:
        """Go back to the whole run."""
        self.is_zoomed = False
        self.moved.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click shows the whole run again."""
        self.show_all()
        event.accept()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.setBackground(theme.panel)
        for axis in self._axes:
            axis.setPen(pg.mkPen(theme.line, width=1))
            axis.setTextPen(theme.dim)
            axis.setTickPen(pg.mkPen(blend(theme.line, theme.panel, 0.6), width=1))
        self._axes[0].setPen(pg.mkPen(None))
        self._axes[0].setGrid(255)
        self._train.setPen(pg.mkPen(blend(theme.accent, theme.panel, 0.5), width=1))
        self._smooth.setPen(pg.mkPen(theme.accent, width=STRONG))
        self._validation.setPen(pg.mkPen(theme.warn, width=STRONG))
        self._dots.setPen(pg.mkPen(theme.warn, width=1))
        self._dots.setBrush(pg.mkBrush(theme.warn))
        self._best.setPen(pg.mkPen(theme.warn, width=1))
        self._best.setBrush(pg.mkBrush(theme.panel))
        self._bad.setPen(pg.mkPen(theme.bad, width=1))
        self._bad.setBrush(pg.mkBrush(theme.bad))
        self._baseline.setPen(pg.mkPen(theme.dim, width=1, style=Qt.PenStyle.DashLine))
        self._baseline.label.setColor(theme.dim)
        self._baseline.label.setFont(tabular(self.font(), 11))
        self._cursor.setPen(pg.mkPen(theme.dim, width=1, style=Qt.PenStyle.DotLine))
        self._readout.setStyleSheet(
            f"background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.line};"
            "border-radius: 6px; padding: 3px 7px; font-size: 12px;"
        )
