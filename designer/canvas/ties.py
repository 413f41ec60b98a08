"""Which nodes use one module: a thin dashed line from each to the node whose weights it uses."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from core.graph import Graph
from designer.canvas.link_layer import Underlay
from designer.canvas.look import NO_BRUSH, Look
from designer.canvas.metrics import STRAIGHT_BELOW
from designer.canvas.node_item import NodeItem


class Ties(Underlay):
    """The ties of shared weights, below the nodes; there are few of them."""

    def __init__(self, look: Look, items: Mapping[str, NodeItem]) -> None:
        super().__init__(look, -2)
        self._items = items
        self.pairs: tuple[tuple[str, str], ...] = ()

    def follow(self, graph: Graph) -> None:
        """Show the ties of another graph."""
        found = ((node_id, node.shares) for node_id, node in graph.nodes.items() if node.shares)
        pairs = tuple(pair for pair in found if pair[1] in self._items)
        if pairs or self.pairs:
            self.pairs = pairs
            self.update()

    def moved(self, node_id: str) -> None:
        """A node is dragged: its ties follow."""
        if self.pairs and any(node_id in pair for pair in self.pairs):
            self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw them."""
        if not self.pairs or option.levelOfDetailFromTransform(painter.worldTransform()) < STRAIGHT_BELOW:
            return
        painter.setPen(QPen(self._look.paints.tie))
        painter.setBrush(NO_BRUSH)
        for user, owner in self.pairs:
            if user in self._items and owner in self._items:
                painter.drawPath(_bow(self._items[user].rect(), self._items[owner].rect()))


def _bow(one: QRectF, other: QRectF) -> QPainterPath:
    """From the middle of one node's head to the other's, in a bow above both, so that it is no link."""
    start, stop = QPointF(one.center().x(), one.top()), QPointF(other.center().x(), other.top())
    rise = QPointF(0, 40 + abs(start.x() - stop.x()) * 0.08)
    path = QPainterPath(start)
    path.cubicTo(start - rise, stop - rise, stop)
    return path
