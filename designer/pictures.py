"""Pictures that explain a layer, drawn by code: its curve, which window feeds which output, what shares one mean."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen

from core.messages import Curve, Sketched
from designer.theme import Theme
from designer.words import tr

CURVE = QSize(560, 232)
GRID = QSize(560, 190)
CELL = 15.0
MOST_CELLS = 11
"""Cells along an edge of a grid; a larger window would explain nothing."""


def blank(size: QSize, theme: Theme, ratio: float) -> tuple[QImage, QPainter]:
    """A sheet in the theme's colours, sharp at the ratio of the screen, and the painter on it."""
    image = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(theme.panel))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = QFont()
    font.setPixelSize(11)
    painter.setFont(font)
    return image, painter


# ---- curves


def curve_picture(sketch: Sketched, theme: Theme, ratio: float) -> QImage:
    """The curves of a layer with their slopes as thinner lines, over axes with numbers."""
    image, painter = blank(CURVE, theme, ratio)
    x = _numbers(sketch.x)
    ways = list(zip(sketch.curves, (theme.accent, theme.warn, theme.good), strict=False))
    low, high = _range(
        [_numbers(part) for curve, _ in ways for part in (curve.y, curve.low, curve.high)]
        + [_slope(curve) for curve, _ in ways]
    )
    frame = QRectF(44, 30, CURVE.width() - 60, CURVE.height() - 64)
    place = _Place(frame, float(x[0]), float(x[-1]), low, high)
    _draw_axes(painter, place, theme, sketch.across)
    painter.setClipRect(frame.adjusted(-1, -1, 1, 1))
    for curve, colour in ways:
        _draw_band(painter, place, x, curve, colour)
    for curve, colour in ways:
        faded = QColor(colour)
        faded.setAlphaF(0.75)
        _draw_line(painter, place, x, _slope(curve), QPen(faded, 1.1, Qt.PenStyle.DashLine))
    for curve, colour in ways:
        _draw_line(painter, place, x, _numbers(curve.y), QPen(QColor(colour), 2.2))
    painter.setClipping(False)
    _draw_legend(painter, frame, ways, sketch.up, theme)
    painter.end()
    return image


@dataclasses.dataclass(frozen=True)
class _Place:
    """Where a number stands in the frame of a plot."""

    frame: QRectF
    left: float
    right: float
    low: float
    high: float

    def across(self, x: Any) -> Any:
        return self.frame.left() + (x - self.left) / (self.right - self.left) * self.frame.width()

    def up(self, y: Any) -> Any:
        return self.frame.bottom() - (y - self.low) / (self.high - self.low) * self.frame.height()


def _numbers(content: bytes) -> np.ndarray:
    return np.frombuffer(content, "<f4").astype(float)


def _slope(curve: Curve) -> np.ndarray:
    """The slope where there is a value: torch gives the logarithm a slope at negative numbers, too."""
    return np.where(np.isfinite(_numbers(curve.y)), _numbers(curve.slope), np.nan)


def _range(lines: list[np.ndarray]) -> tuple[float, float]:
    """What the vertical axis holds: 0, and all of the lines but a few spikes."""
    held = [line[np.isfinite(line)] for line in lines]
    together = np.concatenate([line for line in held if line.size] or [np.zeros(1)])
    least, most = float(together.min()), float(together.max())
    near_least, near_most = (float(each) for each in np.percentile(together, (3, 97)))
    if most - least > 4 * max(near_most - near_least, 1e-9) and near_most > near_least:
        least, most = near_least, near_most
    least, most = min(least, 0.0), max(most, 0.0)
    room = (most - least) * 0.06 or 1.0
    return least - room, most + room


def steps(low: float, high: float, count: int) -> list[float]:
    """Round numbers from low to high, about as many as asked for."""
    rough = (high - low) / max(1, count)
    scale = 10.0 ** math.floor(math.log10(rough))
    step = next(each * scale for each in (1, 2, 5, 10) if each * scale >= rough)
    return [place * step for place in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _draw_axes(painter: QPainter, place: _Place, theme: Theme, across: str) -> None:
    frame, line = place.frame, QColor(theme.line)
    for number in steps(place.left, place.right, 8):
        x = place.across(number)
        painter.setPen(QPen(QColor(theme.dim) if number == 0 else line, 1))
        painter.drawLine(QLineF(x, frame.top(), x, frame.bottom()))
        painter.setPen(QColor(theme.dim))
        painter.drawText(QRectF(x - 30, frame.bottom() + 3, 60, 14), Qt.AlignmentFlag.AlignHCenter, _written(number))
    for number in steps(place.low, place.high, 5):
        y = place.up(number)
        painter.setPen(QPen(QColor(theme.dim) if number == 0 else line, 1))
        painter.drawLine(QLineF(frame.left(), y, frame.right(), y))
        painter.setPen(QColor(theme.dim))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, y - 8, frame.left() - 6, 16), right, _written(number))
    below = QRectF(frame.left(), frame.bottom() + 17, frame.width(), 15)
    painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, across)


def _written(number: float) -> str:
    return f"{number:.10g}".replace("-", "\N{MINUS SIGN}")


def _draw_line(painter: QPainter, place: _Place, x: np.ndarray, y: np.ndarray, pen: QPen) -> None:
    if not y.size:
        return
    reach = 4 * (place.high - place.low)
    heights = np.where(np.isfinite(y), np.clip(y, place.low - reach, place.high + reach), np.nan)
    path = QPainterPath()
    is_down = False
    for across, up in zip(place.across(x), place.up(heights), strict=True):
        if not np.isfinite(up):
            is_down = False
        elif is_down:
            path.lineTo(across, up)
        else:
            path.moveTo(across, up)
            is_down = True
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def _draw_band(painter: QPainter, place: _Place, x: np.ndarray, curve: Curve, colour: str) -> None:
    low, high = _numbers(curve.low), _numbers(curve.high)
    if not low.size:
        return
    across = place.across(x)
    path = QPainterPath(QPointF(across[0], place.up(low[0])))
    for at, up in zip(across, place.up(low), strict=True):
        path.lineTo(at, up)
    for at, up in zip(across[::-1], place.up(high)[::-1], strict=True):
        path.lineTo(at, up)
    filled = QColor(colour)
    filled.setAlphaF(0.25)
    painter.fillPath(path, filled)


def _draw_legend(painter: QPainter, frame: QRectF, ways: list[tuple[Curve, str]], up: str, theme: Theme) -> None:
    at = frame.left()
    entries = [(curve.name or up, colour, Qt.PenStyle.SolidLine) for curve, colour in ways]
    entries.append(("slope", ways[0][1], Qt.PenStyle.DashLine))
    for words, colour, style in entries:
        painter.setPen(QPen(QColor(colour), 2.2 if style == Qt.PenStyle.SolidLine else 1.1, style))
        painter.drawLine(QLineF(at, 15, at + 18, 15))
        painter.setPen(QColor(theme.text))
        painter.drawText(QPointF(at + 24, 19), words)
        at += 24 + painter.fontMetrics().horizontalAdvance(words) + 20


# ---- windows


@dataclasses.dataclass(frozen=True)
class Window:
    """How one output of a layer on a grid is made, along one axis; `taps` are places in the padded input."""

    size: int
    """Cells of the input, the padding aside."""
    padding: int
    outputs: int
    shown: int
    """The output whose window is shown."""
    taps: tuple[int, ...]


@dataclasses.dataclass(frozen=True)
class Windows:
    """The window of a layer along each of its axes, and whether it grows a grid instead of shrinking it."""

    axes: tuple[Window, ...]
    is_growing: bool
    words: str


def windows_of(layer: str, values: Mapping[str, Any]) -> Windows | None:
    """Which window feeds which output with these values; None where a picture of it would explain nothing."""
    axes = _axes(layer)
    if not axes or not any(kind in layer for kind in ("Conv", "MaxPool", "AvgPool", "LPPool")) or "Unpool" in layer:
        return None
    if layer.startswith("Fractional"):
        return None
    if layer.startswith("Adaptive"):
        outputs = [_along(values.get("output_size", 1), axis) for axis in range(axes)]
        made = [_adaptive(each) for each in outputs]
        return _together(made, False, tr("Each output looks at its own part of the input, however large that is."))
    made = []
    for axis in range(axes):
        kernel = _along(values.get("kernel_size", 2), axis)
        stride = _along(values.get("stride"), axis)
        dilation = _along(values.get("dilation"), axis) or 1
        is_conv = "Conv" in layer
        stride = stride or (1 if is_conv else kernel)
        reach = (dilation or 1) * ((kernel or 1) - 1) + 1
        padding = values.get("padding", 0)
        padding = (reach - 1) // 2 if padding == "same" else 0 if padding == "valid" else _along(padding, axis)
        if not kernel or not stride or padding is None:
            return None
        grows = "Transpose" in layer
        made.append(_sliding(kernel, stride, 0 if grows else padding, dilation))
    if "Transpose" in layer:
        return _together(
            made, True, tr("Each input is spread over a window of the output; where windows overlap they add up.")
        )
    what = (
        tr("is a weighted sum of")
        if "Conv" in layer
        else tr("is the largest of")
        if "Max" in layer
        else tr("is the mean of")
    )
    if layer.startswith("LP"):
        what = tr("is a norm of")
    channels = tr(", over all channels that come in") if "Conv" in layer else tr(", in each channel for itself")
    return _together(made, False, tr("Each output {what} the marked cells{channels}.", what=what, channels=channels))


def _together(made: list[Window | None], is_growing: bool, words: str) -> Windows | None:
    kept = [each for each in made if each is not None]
    if len(kept) != len(made):
        return None
    return Windows(tuple(kept[-2:]), is_growing, words)


def _axes(layer: str) -> int:
    return int(layer[-2]) if layer[-2:] in ("1d", "2d", "3d") else 0


def _along(value: Any, axis: int) -> int | None:
    """One axis of a size that may be one number for all."""
    part = value[axis] if isinstance(value, list | tuple) and axis < len(value) else value
    return part if isinstance(part, int) and not isinstance(part, bool) else None


def _sliding(kernel: int, stride: int, padding: int, dilation: int) -> Window | None:
    reach = dilation * (kernel - 1) + 1
    shown = 1
    size = max(4, reach + stride - padding, 7 if reach + stride - padding <= 7 else 0)
    outputs = (size + 2 * padding - reach) // stride + 1
    if size + 2 * padding > MOST_CELLS or outputs < 1:
        return None
    shown = min(shown, outputs - 1)
    return Window(size, padding, outputs, shown, tuple(shown * stride + dilation * tap for tap in range(kernel)))


def _adaptive(outputs: int | None) -> Window | None:
    size = 7
    if outputs is None or not 1 <= outputs <= size:
        return None
    shown = min(1, outputs - 1)
    first, beyond = shown * size // outputs, -(-(shown + 1) * size // outputs)
    return Window(size, 0, outputs, shown, tuple(range(first, beyond)))


def window_picture(windows: Windows, theme: Theme, ratio: float) -> QImage:
    """Input on the left, output on the right, and the window that one output sees."""
    image, painter = blank(GRID, theme, ratio)
    across = windows.axes[-1]
    down = windows.axes[0] if len(windows.axes) > 1 else Window(1, 0, 1, 0, (0,))
    taken = _grid(down.size, across.size, down.padding, across.padding, QPointF(150, 92))
    given = _grid(down.outputs, across.outputs, 0, 0, QPointF(420, 92))
    window = [(row, column) for row in down.taps for column in across.taps]
    one = [(down.shown, across.shown)]
    accent = QColor(theme.accent)
    _draw_cells(painter, taken, down, across, window, theme, is_padded=True)
    _draw_cells(painter, given, dataclasses.replace(down, padding=0, size=down.outputs),
                dataclasses.replace(across, padding=0, size=across.outputs), one, theme, is_padded=False)  # fmt: skip
    seen = _cell(taken, min(down.taps), min(across.taps)).united(_cell(taken, max(down.taps), max(across.taps)))
    made = _cell(given, *one[0])
    painter.setPen(QPen(accent, 1, Qt.PenStyle.DashLine))
    painter.drawLine(QLineF(seen.topRight(), made.topLeft()))
    painter.drawLine(QLineF(seen.bottomRight(), made.bottomLeft()))
    painter.setPen(QColor(theme.dim))
    left, right = ("output", "input") if windows.is_growing else ("input", "output")
    painter.drawText(QRectF(50, GRID.height() - 17, 200, 15), Qt.AlignmentFlag.AlignHCenter, left)
    painter.drawText(QRectF(320, GRID.height() - 17, 200, 15), Qt.AlignmentFlag.AlignHCenter, right)
    painter.end()
    return image


def _grid(rows: int, columns: int, pad_rows: int, pad_columns: int, middle: QPointF) -> QRectF:
    """The place of a grid with its padding around a point."""
    width, height = (columns + 2 * pad_columns) * CELL, (rows + 2 * pad_rows) * CELL
    return QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)


def _cell(grid: QRectF, row: int, column: int) -> QRectF:
    return QRectF(grid.left() + column * CELL, grid.top() + row * CELL, CELL, CELL)


def _draw_cells(
    painter: QPainter, grid: QRectF, down: Window, across: Window, marked: list[tuple[int, int]], theme: Theme,
    is_padded: bool,
) -> None:  # fmt: skip
    chosen = set(marked)
    for row in range(down.size + 2 * down.padding):
        for column in range(across.size + 2 * across.padding):
            inside = 0 <= row - down.padding < down.size and 0 <= column - across.padding < across.size
            place = _cell(grid, row, column).adjusted(1, 1, -1, -1)
            fill = QColor(theme.accent if (row, column) in chosen else theme.hover)
            if not inside and (row, column) in chosen:
                fill.setAlphaF(0.35)
            elif not inside:
                fill = QColor(Qt.GlobalColor.transparent)
            painter.setPen(QPen(QColor(theme.line), 1, Qt.PenStyle.SolidLine if inside else Qt.PenStyle.DotLine))
            painter.setBrush(fill)
            painter.drawRoundedRect(place, 2, 2)


# ---- what shares one mean

SAMPLES, CHANNELS, PLANE = 4, 6, 3

SHARED = {
    "BatchNorm": tr("One mean and one spread for each channel, over all samples of the batch."),
    "InstanceNorm": tr("One mean and one spread for each channel of each sample."),
    "GroupNorm": tr("One mean and one spread for each group of channels of each sample."),
    "LayerNorm": tr("One mean and one spread for each sample, over all of its numbers on the last axes."),
    "RMSNorm": tr("One root mean square for each sample, over all of its numbers on the last axes."),
}


def shared_in(layer: str, values: Mapping[str, Any]) -> tuple[set[tuple[int, int]], str] | None:
    """The (sample, channel) planes that share one mean with the first, in words too; None for other layers."""
    name = next((each for each in SHARED if layer.startswith(each)), "")
    if not name:
        return None
    groups = values.get("num_groups", 1)
    in_group = max(2, CHANNELS // groups) if name == "GroupNorm" and isinstance(groups, int) and groups > 0 else 1
    samples = range(SAMPLES) if name == "BatchNorm" else range(1)
    channels = range(CHANNELS) if name in ("LayerNorm", "RMSNorm") else range(in_group)
    return {(sample, channel) for sample in samples for channel in channels}, SHARED[name]


def shared_picture(shared: set[tuple[int, int]], theme: Theme, ratio: float) -> QImage:
    """Samples below each other, their channels side by side, and what shares one mean marked."""
    image, painter = blank(GRID, theme, ratio)
    small, gap = 10.0, 14.0
    plane = PLANE * small
    left, top = 150.0, 30.0
    painter.setPen(QColor(theme.dim))
    painter.drawText(QPointF(left, 18), tr("channels \N{RIGHTWARDS ARROW}"))
    painter.drawText(QPointF(40, top + 20), tr("samples \N{DOWNWARDS ARROW}"))
    for sample in range(SAMPLES):
        for channel in range(CHANNELS):
            is_shared = (sample, channel) in shared
            x, y = left + channel * (plane + gap), top + sample * (plane + 8)
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.setBrush(QColor(theme.accent if is_shared else theme.hover))
            for row in range(PLANE):
                for column in range(PLANE):
                    painter.drawRoundedRect(QRectF(x + column * small, y + row * small, small - 1, small - 1), 1.5, 1.5)
    painter.end()
    return image
