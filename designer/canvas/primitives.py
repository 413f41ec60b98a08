"""Arrays of lines, rectangles and points that the painter reads without making a Python object for each."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import chain, product
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter

from designer.late import np

if TYPE_CHECKING:
    Rows = np.ndarray[Any, np.dtype[np.float64]]
else:
    Rows = Any


def draw_lines(painter: QPainter, rows: Rows) -> None:
    """Draw lines (x1, y1, x2, y2) in one call."""
    if len(rows):
        rows = np.ascontiguousarray(rows, dtype=np.float64)
        painter.drawLines(shiboken6.wrapInstance(rows.ctypes.data, QLineF), len(rows))  # pyright: ignore


def draw_rects(painter: QPainter, rows: Rows) -> None:
    """Draw rectangles (x, y, width, height) in one call."""
    if len(rows):
        rows = np.ascontiguousarray(rows, dtype=np.float64)
        painter.drawRects(shiboken6.wrapInstance(rows.ctypes.data, QRectF), len(rows))  # pyright: ignore


def draw_dots(painter: QPainter, columns: Iterable[float], rows: Iterable[float]) -> None:
    """Draw a point wherever a column and a row cross, in one call; without numpy, since the first paint needs it."""
    places = array("d", chain.from_iterable(product(columns, rows)))
    if places:
        at, count = places.buffer_info()
        painter.drawPoints(shiboken6.wrapInstance(at, QPointF), count // 2)  # pyright: ignore
