"""Everything of a node but its words, as pictures that nodes of one kind share."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap

from designer import icons
from designer.canvas.cards import Card, Slot
from designer.canvas.look import NO_BRUSH, NO_PEN, NUMBER_OF, Look, Paints
from designer.canvas.metrics import CORNER, HEADER_HEIGHT, NODE_WIDTH, PORT_RADIUS
from designer.canvas.tints import tint

MARGIN = 8.0
ICON = 14.0
ICON_LEFT = 9.0
MARK = 15.0
NOTE = 15.0
MOST = 48_000_000
"""Bytes of pictures that are kept: kinds of node at one zoom are few, and old zooms are forgotten."""


def header_path() -> QPainterPath:
    """The header: rounded above, straight below."""
    path = QPainterPath(QPointF(0, HEADER_HEIGHT))
    path.lineTo(0, CORNER)
    path.arcTo(QRectF(0, 0, 2 * CORNER, 2 * CORNER), 180, -90)
    path.lineTo(NODE_WIDTH - CORNER, 0)
    path.arcTo(QRectF(NODE_WIDTH - 2 * CORNER, 0, 2 * CORNER, 2 * CORNER), 90, -90)
    path.lineTo(NODE_WIDTH, HEADER_HEIGHT)
    path.closeSubpath()
    return path


def family_number(card: Card) -> int:
    """The number of the header's colour; a muted node is grey."""
    return NUMBER_OF["shape" if card.muted else card.family]


def _icon(card: Card) -> str:
    return f"family-{card.family}" if card.known else "help"


class Frames:
    """Pictures of frames by what they show and the scale (device pixels for each scene unit)."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._header = header_path()
        self._made: dict[tuple[object, ...], QPixmap] = {}
        self._held = 0

    def clear(self) -> None:
        """Forget all, after a change of colours."""
        self._made.clear()
        self._held = 0

    def picture(self, card: Card, pen: QPen, halo: bool, scale: float) -> QPixmap:
        """Shadow, body, header, icon, mark, outline and ports of a node, with MARGIN around."""
        ports = tuple((slot.is_output, slot.y, slot.linked, slot.known) for slot in card.dots())
        look = (card.family, card.known, card.muted, card.mark, card.height, card.collapsed, bool(card.note))
        key = (*look, ports, id(pen), halo, scale)
        found = self._made.get(key)
        if found is None:
            if self._held > MOST:
                self.clear()
            found = self._made[key] = self._drawn(card, pen, halo, scale)
            self._held += 4 * found.width() * found.height()
        return found

    def _drawn(self, card: Card, pen: QPen, halo: bool, scale: float) -> QPixmap:
        made = QPixmap(math.ceil((NODE_WIDTH + 2 * MARGIN) * scale), math.ceil((card.height + 2 * MARGIN) * scale))
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.scale(scale, scale)
        painter.translate(MARGIN, MARGIN)
        self._paint_parts(painter, card, pen, halo)
        icon = self._look.icon(_icon(card), "#ffffff", ICON, scale)
        painter.drawPixmap(QRectF(ICON_LEFT, (HEADER_HEIGHT - ICON) / 2, ICON, ICON), icon, QRectF(icon.rect()))
        painter.end()
        return made

    def paint(self, painter: QPainter, card: Card, pen: QPen) -> None:
        """The same as shapes and lines alone, for pictures of any scale."""
        self._paint_parts(painter, card, pen, False)
        icons.paint(painter, _icon(card), "#ffffff", QRectF(ICON_LEFT, (HEADER_HEIGHT - ICON) / 2, ICON, ICON))

    def _paint_parts(self, painter: QPainter, card: Card, pen: QPen, halo: bool) -> None:
        self._paint_body(painter, card, pen, halo)
        if card.mark:
            self._paint_mark(painter, card)
        if card.note:
            self._paint_note(painter, card)
        for slot in card.dots():
            paint_port(painter, self._look.paints, slot)

    def _paint_body(self, painter: QPainter, card: Card, pen: QPen, halo: bool) -> None:
        paints = self._look.paints
        body = QRectF(0, 0, NODE_WIDTH, card.height)
        painter.setPen(NO_PEN)
        painter.setBrush(paints.shadow)
        painter.drawRoundedRect(body.translated(0, 2.5), CORNER, CORNER)
        painter.setBrush(paints.body)
        painter.drawRoundedRect(body, CORNER, CORNER)
        painter.setBrush(paints.families[family_number(card)])
        if card.collapsed:
            painter.drawRoundedRect(body, CORNER, CORNER)
        else:
            painter.drawPath(self._header)
        painter.setBrush(NO_BRUSH)
        for each in (paints.halo, pen) if halo else (pen,):
            painter.setPen(each)
            painter.drawRoundedRect(body, CORNER, CORNER)

    def _paint_note(self, painter: QPainter, card: Card) -> None:
        """A turned-up corner below on the right: there is a note at this node."""
        corner, size = QPointF(NODE_WIDTH - 0.5, card.height - 0.5), NOTE
        body = QPainterPath()
        body.addRoundedRect(QRectF(0.5, 0.5, NODE_WIDTH - 1, card.height - 1), CORNER, CORNER)
        fold = QPainterPath(corner)
        fold.lineTo(corner - QPointF(size, 0))
        fold.lineTo(corner - QPointF(0, size))
        fold.closeSubpath()
        painter.setPen(NO_PEN)
        painter.setBrush(tint(self._look.paints.theme, "yellow").edge)
        painter.drawPath(body.intersected(fold))

    def _paint_mark(self, painter: QPainter, card: Card) -> None:
        """A white disc with an exclamation mark at the right of the header: red for errors, amber for advice."""
        paints = self._look.paints
        centre = QPointF(NODE_WIDTH - 15, HEADER_HEIGHT / 2)
        painter.setPen(NO_PEN)
        painter.setBrush(paints.white)
        painter.drawEllipse(centre, MARK / 2, MARK / 2)
        painter.setBrush(paints.mark_bad if card.mark == "error" else paints.mark_warn)
        painter.drawRoundedRect(QRectF(centre.x() - 1, centre.y() - 4.5, 2, 5.5), 1, 1)
        painter.drawEllipse(QPointF(centre.x(), centre.y() + 3.4), 1.2, 1.2)


def paint_port(painter: QPainter, paints: Paints, slot: Slot, offered: bool | None = None, hot: bool = False) -> None:
    """One port: filled where it has a link; while a link is drawn bright or dimmed; larger under the pointer."""
    place = QPointF(NODE_WIDTH if slot.is_output else 0.0, slot.y)
    radius = PORT_RADIUS
    pen = paints.port_ring if slot.linked else paints.port_outline
    brush = paints.bad if not slot.known else paints.port_linked if slot.linked else paints.port_free
    if offered is False:
        pen, brush, radius = paints.outline, paints.body, PORT_RADIUS - 1.5
    elif offered or hot:
        brush = paints.accent
    if hot and offered is not False:
        painter.setPen(NO_PEN)
        painter.setBrush(paints.glow)
        painter.drawEllipse(place, PORT_RADIUS + 5, PORT_RADIUS + 5)
        radius = PORT_RADIUS + 1
    if offered is not None:
        painter.setPen(NO_PEN)  # cover what the picture shows at rest
        painter.setBrush(paints.body)
        painter.drawEllipse(place, PORT_RADIUS, PORT_RADIUS)
    painter.setPen(pen)
    painter.setBrush(brush)
    painter.drawEllipse(place, radius, radius)
