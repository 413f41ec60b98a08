"""All links in one item, culled to what is exposed and drawn with one call a colour, with their shape labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from core.graph import Link
from core.picture import Bend
from designer.canvas.look import FAULTY, FLOATS, HIDDEN, UNKNOWN, WHOLES, Look
from designer.canvas.metrics import DETAIL_FROM, LABELS_FROM, STRAIGHT_BELOW
from designer.canvas.primitives import Rows, draw_lines
from designer.canvas.tables import LABEL_ROOM, LINK_MARGIN, LinkTable, NodeTable, controls, label_rooms
from designer.late import np

EVERYWHERE = QRectF(-1e8, -1e8, 2e8, 2e8)


def curve(x1: float, y1: float, x2: float, y2: float) -> QPainterPath:
    """The path of one link, the same curve as in the table."""
    return path_of(controls(np.array([[x1, y1, x2, y2]]))[0])


def path_of(cubics: Rows) -> QPainterPath:
    """Cubics that follow each other as a path."""
    path = QPainterPath(QPointF(*cubics[0, 0].tolist()))
    for cubic in cubics.tolist():
        path.cubicTo(*(QPointF(x, y) for x, y in cubic[1:]))
    return path


class Underlay(QGraphicsItem):
    """An item over the whole scene that never takes the mouse and paints only what is exposed."""

    def __init__(self, look: Look, z: float) -> None:
        super().__init__()
        self._look = look
        self.setZValue(z)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setAcceptedMouseButtons(self.acceptedMouseButtons().__class__(0))

    def boundingRect(self) -> QRectF:
        """Everything; what is painted is culled to the exposed rectangle."""
        return EVERYWHERE

    def shape(self) -> QPainterPath:
        """Nothing."""
        return QPainterPath()

    def update_box(self, box: tuple[float, float, float, float], margin: float = 0.0) -> None:
        """Repaint left, top, right, bottom, and a margin around."""
        left, top, right, bottom = box
        self.update(QRectF(left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin))


class LinkLayer(Underlay):
    """The links below the nodes: lines by kind, faulty ones dashed, the hovered and selected ones above them."""

    def __init__(self, look: Look, nodes: NodeTable, links: LinkTable, shape_of: Callable[[Link], str]) -> None:
        super().__init__(look, -1)
        self._nodes, self._links, self._shape_of = nodes, links, shape_of
        self.chosen: Link | None = None
        self.hovered: Link | None = None
        self.points: frozenset[Bend] = frozenset()
        """The selected points of links."""
        self.ground_at: Callable[[float, float], QColor] = lambda *_: look.paints.canvas

    def point_out(self, link: Link | None, hovered: Link | None) -> None:
        """Show one link as selected and one as hovered, over the rest."""
        for each in {self.chosen, self.hovered} ^ {link, hovered}:
            self.repaint_link(each)
        self.chosen, self.hovered = link, hovered

    def repaint_link(self, link: Link | None) -> None:
        """Repaint where a link is."""
        if link is not None and link in self._links:
            self.update_box(self._links.box(link), 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the links that touch the exposed rectangle, then their labels."""
        exposed: QRectF = option.exposedRect  # pyright: ignore[reportAttributeAccessIssue]
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        if not len(self._links):
            return
        slots = self._links.touching(exposed.left(), exposed.top(), exposed.right(), exposed.bottom())
        kinds = self._links.column("kind")[slots, 0]
        paints = self._look.paints
        dashed = [(FAULTY, paints.faulty), *([(WHOLES, paints.whole)] if scale >= DETAIL_FROM else [])]
        for kind in (UNKNOWN, FLOATS) if scale >= DETAIL_FROM else (UNKNOWN, WHOLES, FLOATS):
            self._draw(painter, slots[kinds == kind], kind, exposed, scale < STRAIGHT_BELOW)
        for kind, pen in dashed:
            for slot in slots[kinds == kind]:
                self._stroke(painter, self._links.keys[slot], pen)
        for link, pen in ((self.chosen, paints.link_selected), (self.hovered, paints.link_hovered)):
            if link is not None and link in self._links:
                self._stroke(painter, link, pen)
        if scale >= STRAIGHT_BELOW and self._links.bends:
            self._draw_points(painter, slots)
        if scale >= LABELS_FROM:
            self.draw_labels(painter, slots[kinds != HIDDEN], exposed)

    def _draw_points(self, painter: QPainter, slots: Any) -> None:
        """The points through which links are led, the selected ones larger."""
        paints = self._look.paints
        for slot in slots[self._links.column("led")[slots, 0] == 1]:
            link, kind = self._links.keys[slot], int(self._links.column("kind")[slot, 0])
            if kind == HIDDEN:
                continue
            for place, (x, y) in enumerate(self._links.bends.get(link, ())):
                is_chosen = Bend(link, place) in self.points
                painter.setPen(paints.port_ring)
                painter.setBrush(paints.accent if is_chosen else paints.links[kind])
                painter.drawEllipse(QPointF(x, y), *((5.5, 5.5) if is_chosen else (3.6, 3.6)))

    def _draw(self, painter: QPainter, slots: Any, kind: int, exposed: QRectF, straight: bool) -> None:
        if not len(slots):
            return
        paints = self._look.paints
        if straight:
            painter.setPen(paints.hair_pens[kind])
            draw_lines(painter, self._links.straight(slots))
        else:
            painter.setPen(paints.link_pens[kind])
            draw_lines(painter, _culled(self._links.lines(slots), exposed))

    def _stroke(self, painter: QPainter, link: Link, pen: Any) -> None:
        painter.strokePath(path_of(self._links.cubics(link)), pen)

    def draw_labels(self, painter: QPainter, slots: Any, exposed: QRectF) -> None:
        """Shapes beside the beginnings of links, once for each output, where no node is in the way."""
        look = self._look
        height = look.line_height("shape")
        texts = self._labels(slots, exposed)
        if not texts:
            return
        near = exposed.adjusted(-LABEL_ROOM, -60, LABEL_ROOM * 2, 60)
        places = np.array([(x + 7, y + 3 if rises else y - height - 3) for (x, y), (_, rises) in texts.items()])
        rooms = label_rooms(places, _rects_near(self._nodes.rects, near), height)
        painter.setFont(look.fonts["shape"])
        painter.setPen(look.paints.dim)
        for (left, top), (text, _), room in zip(places.tolist(), texts.values(), rooms.tolist(), strict=True):
            shown = look.elided(text, "shape", room) if look.width(text, "shape") > room else text
            if len(shown) < min(len(text), 3):
                continue
            ground = QRectF(left - 1, top + 1, look.width(shown, "shape") + 2, height - 1)
            colour = self.ground_at(left, top)
            if colour == self.ground_at(
                ground.right(), ground.bottom()
            ):  # over the edge of a frame it would be a patch
                painter.fillRect(ground, colour)
            painter.drawStaticText(QPointF(left, top), look.text(shown, "shape"))

    def _labels(self, slots: Any, exposed: QRectF) -> dict[tuple[float, float], tuple[str, bool]]:
        """For each beginning its text, and whether all its links rise: then the label stands below them."""
        found: dict[tuple[float, float], tuple[str, bool]] = {}
        ends = self._links.column("ends")[slots].tolist()
        for slot, (x1, y1, _, y2) in zip(slots.tolist(), ends, strict=True):
            if exposed.left() - LABEL_ROOM < x1 < exposed.right():
                text, rises = found.get((x1, y1), ("", True))
                text = text or self._shape_of(self._links.keys[slot])
                if text:
                    found[x1, y1] = (text, rises and y2 < y1 - 24)
        return found


def _rects_near(rects: Rows, near: QRectF) -> Rows:
    x, y, width, height = rects.T
    hit = (x < near.right()) & (x + width > near.left()) & (y < near.bottom()) & (y + height > near.top())
    return rects[hit]


def _culled(lines: Rows, exposed: QRectF) -> Rows:
    """The segments that can touch the exposed rectangle."""
    x1, y1, x2, y2 = lines.T
    inside = np.minimum(x1, x2) < exposed.right() + LINK_MARGIN
    inside &= np.maximum(x1, x2) > exposed.left() - LINK_MARGIN
    inside &= np.minimum(y1, y2) < exposed.bottom() + LINK_MARGIN
    inside &= np.maximum(y1, y2) > exposed.top() - LINK_MARGIN
    return lines[inside]
