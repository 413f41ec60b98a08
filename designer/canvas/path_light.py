"""The way through what is selected: its links stand out, and every node that is not on it is dim."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from designer.canvas.link_layer import Underlay
from designer.canvas.look import NO_PEN, Look
from designer.canvas.primitives import draw_lines, draw_rects
from designer.canvas.tables import LinkTable, NodeTable
from designer.late import np

VEIL = 175
"""How much of a dim node is covered, of 255: its name can still be read."""


class _Links(Underlay):
    """The links of the way, over the others and below the nodes."""

    def __init__(self, look: Look, light: PathLight) -> None:
        super().__init__(look, -0.5)
        self._light = light

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw them."""
        self._light.paint_links(painter, option.exposedRect)  # pyright: ignore[reportAttributeAccessIssue]


class PathLight(Underlay):
    """A veil over the nodes beside the way, and with it the links on it."""

    def __init__(self, look: Look, nodes: NodeTable, links: LinkTable) -> None:
        super().__init__(look, 5)
        self._nodes, self._table = nodes, links
        self.way: frozenset[str] = frozenset()
        self._beside: Any = None
        """Which rows of the nodes are not on the way, and which of the links are; None until they are wanted."""
        self._on: Any = None
        self.links = _Links(look, self)
        self.setVisible(False)
        self.links.setVisible(False)

    def show_way(self, node_ids: Collection[str]) -> None:
        """Show a way through the drawing as it is now, or none."""
        before, self.way = self.way, frozenset(node_ids)
        self._beside = self._on = None
        if before or self.way:
            for each in (self, self.links):
                each.setVisible(bool(self.way))
                each.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Cover what is beside the way."""
        exposed: QRectF = option.exposedRect  # pyright: ignore[reportAttributeAccessIssue]
        x, y, width, height = self._nodes.rects.T
        seen = (x < exposed.right()) & (x + width > exposed.left())
        self._cover(painter, seen & (y < exposed.bottom()) & (y + height > exposed.top()))

    def _cover(self, painter: QPainter, seen: Any) -> None:
        if self._beside is None or len(self._beside) != len(self._nodes):
            self._beside = np.array([key not in self.way for key in self._nodes.keys], dtype=bool)
        veil = QColor(self._look.paints.canvas)
        veil.setAlpha(VEIL)
        painter.setPen(NO_PEN)
        painter.setBrush(veil)
        draw_rects(painter, self._nodes.rects[self._beside & seen] + (-6.0, -3.0, 12.0, 9.0))

    def _is_on(self) -> Any:
        if self._on is None or len(self._on) != len(self._table):
            way = self.way
            self._on = np.array([link.source in way and link.target in way for link in self._table.keys], dtype=bool)
        return self._on

    def paint_links(self, painter: QPainter, exposed: QRectF) -> None:
        """Draw the links between nodes of the way."""
        if not len(self._table):
            return
        slots = self._table.touching(exposed.left(), exposed.top(), exposed.right(), exposed.bottom())
        slots = slots[self._is_on()[slots]]
        if len(slots):
            painter.setPen(QPen(self._look.paints.link_selected))
            draw_lines(painter, self._table.lines(slots))

    def paint_whole(self, painter: QPainter) -> None:
        """Draw the same over the overview."""
        if not self.way:
            return
        if len(self._table):
            pen = QPen(self._look.paints.link_selected)
            pen.setCosmetic(True)
            pen.setWidthF(1.5)
            painter.setPen(pen)
            draw_lines(painter, self._table.straight(np.nonzero(self._is_on())[0]))
        self._cover(painter, np.ones(len(self._nodes), dtype=bool))
