"""The whole graph as plain rectangles and lines: what is seen from far away, and in the minimap."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter, QPen

from designer.canvas.look import FAMILIES, FAULTY, FLOATS, NO_BRUSH, NO_PEN, UNKNOWN, WHOLES, Paints
from designer.canvas.primitives import draw_lines, draw_rects
from designer.canvas.tables import CHOSEN, DOUBTFUL, WRONG, LinkTable, NodeTable
from designer.late import np


def paint_overview(painter: QPainter, nodes: NodeTable, links: LinkTable, paints: Paints) -> None:
    """Draw everything with one call a colour; the painter has the view's transform."""
    if len(links):
        kinds = links.column("kind")[:, 0]
        ends = links.column("ends")
        for kind in (UNKNOWN, WHOLES, FLOATS, FAULTY):
            painter.setPen(paints.hair_pens[kind])
            draw_lines(painter, ends[kinds == kind])
    if not len(nodes):
        return
    painter.setPen(NO_PEN)
    families = nodes.column("family")[:, 0]
    for number in np.unique(families).astype(int).tolist():
        painter.setBrush(paints.families[number % len(FAMILIES)])
        draw_rects(painter, nodes.rects[families == number])
    _paint_marks(painter, nodes, paints)


def _paint_marks(painter: QPainter, nodes: NodeTable, paints: Paints) -> None:
    """Outlines of what is selected or has a problem, two pixels wide at any scale."""
    marks = nodes.column("mark")[:, 0]
    if not marks.any():
        return
    painter.setBrush(NO_BRUSH)
    for mark, colour in ((DOUBTFUL, paints.theme.warn), (WRONG, paints.theme.bad), (CHOSEN, paints.theme.accent)):
        pen = QPen(QColor(colour), 2)
        pen.setCosmetic(True)
        painter.setPen(pen)
        draw_rects(painter, nodes.rects[marks == mark])
