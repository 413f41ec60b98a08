"""The whole graph as plain rectangles and lines: what is seen from far away, and in the minimap."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem

from designer.canvas.annotation_item import AnnotationItem, is_frame
from designer.canvas.look import FAMILIES, FAULTY, FLOATS, NO_BRUSH, NO_PEN, UNKNOWN, WHOLES, Paints
from designer.canvas.primitives import draw_lines, draw_rects
from designer.canvas.tables import CHOSEN, COARSE, DOUBTFUL, WRONG, LinkTable, NodeTable
from designer.late import np


def paint_annotations(painter: QPainter, items: Collection[AnnotationItem]) -> None:
    """Draw notes and frames, the large ones below the small ones; the painter has the view's transform."""
    pens: dict[tuple[str, bool], QPen] = {}
    painter.setBrush(NO_BRUSH)
    for item in sorted(items, key=QGraphicsItem.zValue):
        tint, frame, area = item.tint(), is_frame(item.annotation), item.rect()
        painter.fillRect(area, tint.ground if frame else tint.sheet)
        if frame or item.is_chosen:
            key = (item.annotation.colour, item.is_chosen)
            if key not in pens:
                pens[key] = QPen(item.accent() if item.is_chosen else tint.edge, 2 if item.is_chosen else 1)
                pens[key].setCosmetic(True)
            painter.setPen(pens[key])
            painter.drawRect(area)


def paint_overview(painter: QPainter, nodes: NodeTable, links: LinkTable, paints: Paints) -> None:
    """Draw all nodes and links with one call a colour; the painter has the view's transform."""
    if len(links):
        kinds = links.column("kind")[:, 0]
        for kind in (UNKNOWN, WHOLES, FLOATS, FAULTY):
            painter.setPen(paints.hair_pens[kind])
            draw_lines(painter, links.straight(np.nonzero(kinds == kind)[0], coarse=2 * COARSE))
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
