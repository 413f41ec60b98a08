"""One node: a single flat item that paints header, lines and ports by level of detail."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.badges import Badge
from designer.canvas.cards import Card, Slot
from designer.canvas.frames import MARGIN, Frames, family_number, paint_port
from designer.canvas.look import (
    NO_BRUSH,
    TITLE_GAP,
    TITLE_LEFT,
    TITLE_RIGHT,
    Look,
    Piece,
)
from designer.canvas.metrics import (
    DETAIL_FROM,
    HEADER_HEIGHT,
    LINE_HEIGHT,
    NODE_WIDTH,
    PORT_REACH,
    TEXT_LEFT,
    TEXT_WIDTH,
    TITLES_FROM,
)

SMALL_TITLE = 46.0
"""How high a collapsed node is drawn at most where it is small."""

BADGE_HEIGHT, BADGE_PADDING = 14.0, 6.0


class NodeItem(QGraphicsItem):
    """The projection of one node; it holds what it shows (a card) and how it stands out, nothing else."""

    def __init__(self, node_id: str, card: Card, look: Look, frames: Frames) -> None:
        super().__init__()
        self.node_id = node_id
        self.card = card
        self.is_chosen = False
        self.is_hovered = False
        self.offered: frozenset[tuple[str, bool]] | None = None
        """While a link is drawn: the ports that can take it; None at all other times."""
        self.hot_port: tuple[str, bool] | None = None
        self.badge: Badge | None = None
        self._look = look
        self._frames = frames
        self._pieces: list[tuple[str, float, list[Piece]]] | None = None
        self._title: list[tuple[str, Piece]] = []
        self._bounds = self._measure()

    def show_card(self, card: Card) -> bool:
        """Take on another card; whether its size or its ports changed."""
        before, self.card = self.card, card
        self._pieces = None
        moved = (before.height, before.slots) != (card.height, card.slots)
        if (before.height, before.collapsed) != (card.height, card.collapsed):
            self.prepareGeometryChange()
            self._bounds = self._measure()
        self.update()
        return moved

    def stand_out(self, chosen: bool) -> None:
        """Show the node as selected or not; a selected node lies above the others."""
        if chosen != self.is_chosen:
            self.is_chosen = chosen
            self.setZValue(1 if chosen else 0)
            self.update()

    def point_at(self, hovered: bool, port: tuple[str, bool] | None = None) -> None:
        """Show that the pointer is over the node, and over which of its ports."""
        if (hovered, port) != (self.is_hovered, self.hot_port):
            self.is_hovered, self.hot_port = hovered, port
            self.update()

    def offer(self, ports: frozenset[tuple[str, bool]] | None) -> None:
        """Show which ports can take the link that is being drawn."""
        if ports != self.offered:
            self.offered = ports
            self.update()

    def show_badge(self, badge: Badge | None) -> None:
        """Show a badge at the lower edge, or none; only where it is or was is painted anew."""
        if badge != self.badge:
            before, self.badge = self._badge_rect(), badge
            self.update(before.united(self._badge_rect()))

    def _badge_rect(self) -> QRectF:
        if self.badge is None:
            return QRectF()
        width = min(self._look.width(self.badge.text, "foot") + 2 * BADGE_PADDING, NODE_WIDTH - 16)
        return QRectF(NODE_WIDTH - 8 - width, self.card.height - 9, width, BADGE_HEIGHT)

    def rect(self) -> QRectF:
        """The node's rectangle in the scene."""
        return QRectF(self.x(), self.y(), NODE_WIDTH, self.card.height)

    def port_place(self, slot: Slot) -> QPointF:
        """Where a port is in the scene."""
        return QPointF(self.x() + (NODE_WIDTH if slot.is_output else 0), self.y() + slot.y)

    def boundingRect(self) -> QRectF:
        """The outline with room for ports, halo and shadow."""
        return self._bounds

    def _measure(self) -> QRectF:
        above = (SMALL_TITLE - HEADER_HEIGHT) / 2 if self.card.collapsed else 0.0  # from afar its title needs more room
        return QRectF(-PORT_REACH, -4 - above, NODE_WIDTH + 2 * PORT_REACH, self.card.height + 9 + 2 * above)

    # ---- painting

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the whole node, or its block and name where it is small."""
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        if scale >= DETAIL_FROM:
            ratio = widget.devicePixelRatioF() if widget else 1.0
            self._paint_detail(painter, scale * ratio, ratio)
        else:
            self._paint_block(painter, scale)

    def paint_picture(self, painter: QPainter) -> None:
        """Paint the whole node as shapes and letters, for a picture that can be looked at from near."""
        self._frames.paint(painter, self.card, self._frame_pen())
        self._paint_lines(painter)

    def _frame_pen(self) -> QPen:
        paints, card = self._look.paints, self.card
        if self.is_chosen:
            return paints.selected
        if card.mark:
            return paints.error if card.mark == "error" else paints.warning
        if card.muted or not card.known:
            return paints.muted
        return paints.hovered if self.is_hovered else paints.outline

    def _paint_block(self, painter: QPainter, scale: float) -> None:
        card = self.card
        body = QRectF(0, 0, NODE_WIDTH, card.height)
        if card.collapsed and scale >= TITLES_FROM:
            more = (min(11.5 / scale, SMALL_TITLE) - HEADER_HEIGHT) / 2
            body.adjust(0, -max(more, 0.0), 0, max(more, 0.0))
        painter.fillRect(body, self._look.paints.families[family_number(self.card)])
        if self.is_chosen or card.mark:
            pen = QPen(self._frame_pen())
            pen.setWidthF(2 / scale)
            painter.setPen(pen)
            painter.setBrush(NO_BRUSH)
            painter.drawRect(body)
        if scale >= TITLES_FROM:
            font, metrics = self._look.big(round(8.5 / scale))
            painter.setFont(font)
            painter.setPen(self._look.paints.on_family)
            room = body.adjusted(5, 0, -5, 0)
            text = metrics.elidedText(card.title, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_detail(self, painter: QPainter, scale: float, ratio: float) -> None:
        self._paint_frame(painter, scale, ratio)
        self._paint_lines(painter)
        if self.badge is not None:
            self._paint_badge(painter, self.badge)
        if self.offered is None and self.hot_port is None:
            return
        for slot in self.card.dots():
            keys = {(name, slot.is_output) for name in self.card.names_at(slot)}
            if self.offered is not None or self.hot_port in keys:
                offered = None if self.offered is None else not keys.isdisjoint(self.offered)
                paint_port(painter, self._look.paints, slot, offered, self.hot_port in keys)

    def _paint_frame(self, painter: QPainter, scale: float, ratio: float) -> None:
        """Put the picture of the frame on whole device pixels, where it stays sharp and is copied fastest."""
        picture = self._frames.picture(self.card, self._frame_pen(), self.is_chosen, scale)
        corner = painter.worldTransform().map(QPointF(-MARGIN, -MARGIN))
        place = QPointF(round(corner.x() * ratio) / ratio, round(corner.y() * ratio) / ratio)
        picture.setDevicePixelRatio(ratio)
        painter.setWorldMatrixEnabled(False)
        painter.drawPixmap(place, picture)
        painter.setWorldMatrixEnabled(True)

    def _paint_badge(self, painter: QPainter, badge: Badge) -> None:
        """A pill across the lower edge: its tone is that of its outline and its words."""
        look, room = self._look, self._badge_rect()
        painter.setPen(look.paints.badge_pens[badge.tone])
        painter.setBrush(look.paints.body)
        painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), BADGE_HEIGHT / 2, BADGE_HEIGHT / 2)
        painter.setFont(look.fonts["foot"])
        painter.setPen(look.paints.dim if badge.tone == "plain" else look.paints.badge_pens[badge.tone])
        text = look.elided(badge.text, "foot", room.width() - 2 * BADGE_PADDING + 1)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_lines(self, painter: QPainter) -> None:
        if self._pieces is None:
            self._pieces = self.texts()
        paints, fonts = self._look.paints, self._look.fonts
        for role, y, pieces in self._pieces:
            painter.setFont(fonts[role])
            if role in ("title", "layer"):
                painter.setPen(paints.on_family)
            for piece in pieces:
                if role not in ("title", "layer"):
                    painter.setPen(paints.text if piece.strong else paints.dim)
                painter.drawStaticText(QPointF(piece.x, y), piece.text)

    def texts(self) -> list[tuple[str, float, list[Piece]]]:
        """Every text of the card with font, place and ellipsis; made when the node is first seen from near."""
        look, card = self._look, self.card
        left = TITLE_LEFT
        room = NODE_WIDTH - left - (28 if card.mark else TITLE_RIGHT)
        title = look.elided(card.title, "title", room)
        found: list[tuple[str, float, list[Piece]]] = [
            ("title", _centred(HEADER_HEIGHT / 2, look, "title"), [Piece(left, look.text(title, "title"), True)])
        ]
        used = look.width(title, "title") + TITLE_GAP
        layer = look.elided(card.layer, "layer", room - used) if room - used > 20 else ""
        if layer:
            piece = Piece(left + used, look.text(layer, "layer"), False)
            found.append(("layer", _centred(HEADER_HEIGHT / 2, look, "layer"), [piece]))
        labelled = (slot for slot in card.slots if slot.label)
        found += [("foot", _centred(slot.y, look, "foot"), [self._port_label(slot)]) for slot in labelled]
        y = card.lines_top + LINE_HEIGHT / 2
        for line in card.lines:
            found.append(("body", _centred(y, look, "body"), look.line(line, "body", TEXT_WIDTH, TEXT_LEFT)))
            y += LINE_HEIGHT
        if card.foot:
            foot = look.elided(card.foot, "foot", TEXT_WIDTH)
            found.append(("foot", _centred(y, look, "foot"), [Piece(TEXT_LEFT, look.text(foot, "foot"), False)]))
        return found

    def _port_label(self, slot: Slot) -> Piece:
        look = self._look
        both = any(other.label and other.is_output != slot.is_output and other.y == slot.y for other in self.card.slots)
        text = look.elided(slot.label, "foot", TEXT_WIDTH / 2 - 4 if both else TEXT_WIDTH)
        x = NODE_WIDTH - TEXT_LEFT - look.width(text, "foot") if slot.is_output else TEXT_LEFT
        return Piece(x, look.text(text, "foot"), slot.linked)


def _centred(y: float, look: Look, role: str) -> float:
    """The top of a line of text whose middle is at y."""
    return y - look.line_height(role) / 2
