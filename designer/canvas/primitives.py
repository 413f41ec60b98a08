"""Arrays of lines, rectangles and points that the painter reads without making a Python object for each."""

from __future__ import annotations

from typing import Any

import numpy as np
import shiboken6
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter

Rows = np.ndarray[Any, np.dtype[np.float64]]


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


def draw_points(painter: QPainter, rows: Rows) -> None:
    """Draw points (x, y) in one call."""
    if len(rows):
        rows = np.ascontiguousarray(rows, dtype=np.float64)
        painter.drawPoints(shiboken6.wrapInstance(rows.ctypes.data, QPointF), len(rows))  # pyright: ignore
