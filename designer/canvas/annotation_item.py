"""One note or frame: a flat item behind the nodes that paints itself by level of detail."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QStaticText, QTextOption
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from core.graph import Annotation
from designer.canvas.look import NO_BRUSH, NO_PEN, Look
from designer.canvas.metrics import DETAIL_FROM, TITLES_FROM
from designer.canvas.tints import Tint, colour_of, tint

TITLE = 26.0
READABLE = 17.0
"""Pixels on the screen that a title keeps, however far away it is."""
PADDING = 9.0
ROUND = 6.0
EDGE_REACH = 5.0


def is_frame(annotation: Annotation) -> bool:
    """Whether an annotation is a frame; everything else is shown as a note."""
    return annotation.kind == "frame"


def title_height(annotation: Annotation, scale: float) -> float:
    """How high the title of a frame is in the scene: seen from afar it takes more of the frame."""
    return min(max(TITLE, READABLE / max(scale, 0.01)), annotation.height)


class AnnotationItem(QGraphicsItem):
    """The projection of one annotation; frames lie behind links and nodes, smaller ones on larger ones."""

    def __init__(self, name: str, annotation: Annotation, look: Look) -> None:
        super().__init__()
        self.name = name
        self.annotation = annotation
        self.is_chosen = False
        self._look = look
        self._text: QStaticText | None = None
        self.show_value(annotation)

    def show_value(self, annotation: Annotation) -> None:
        """Take on another value."""
        self.prepareGeometryChange()
        self.annotation = annotation
        self._text = None
        area = annotation.width * annotation.height
        self.setZValue(-4 - min(area, 1e12) / 1e12 if is_frame(annotation) else -0.5)
        self.setPos(QPointF(annotation.x, annotation.y))
        self.update()

    def stand_out(self, chosen: bool) -> None:
        """Show it as selected or not."""
        if chosen != self.is_chosen:
            self.is_chosen = chosen
            self.update()

    def rect(self) -> QRectF:
        """Its rectangle in the scene."""
        return QRectF(self.x(), self.y(), self.annotation.width, self.annotation.height)

    def boundingRect(self) -> QRectF:
        """The outline with room for the pen of the selection."""
        return QRectF(0, 0, self.annotation.width, self.annotation.height).adjusted(-3, -3, 3, 3)

    def tint(self) -> Tint:
        """Its colours."""
        return tint(self._look.paints.theme, colour_of(self.annotation))

    def accent(self) -> QColor:
        """The colour of what is selected."""
        return self._look.paints.selected.color()

    def sides_at(self, at: QPointF, zoom: float) -> str | None:
        """What a press here takes hold of: "" moves it, letters of l r t b pull at these sides, None is nothing."""
        area, reach = self.rect(), EDGE_REACH / zoom
        if not area.adjusted(-reach, -reach, reach, reach).contains(at):
            return None
        across = "l" if at.x() < area.left() + reach else "r" if at.x() > area.right() - reach else ""
        down = "t" if at.y() < area.top() + reach * 0.6 else "b" if at.y() > area.bottom() - reach else ""
        if across or down or not is_frame(self.annotation):
            return across + down
        return "" if at.y() <= area.top() + title_height(self.annotation, zoom) else None

    # ---- painting

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint ground, edge and words; fewer of them from afar."""
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        if is_frame(self.annotation):
            self._paint_frame(painter, scale)
        else:
            self._paint_note(painter, scale)

    def _edge(self, width: float) -> QPen:
        return self._look.paints.selected if self.is_chosen else QPen(self.tint().edge, width)

    def _paint_frame(self, painter: QPainter, scale: float) -> None:
        tint, high = self.tint(), title_height(self.annotation, scale)
        body = QRectF(0, 0, self.annotation.width, self.annotation.height)
        band = QRectF(0, 0, body.width(), high)
        painter.setPen(NO_PEN)
        if scale < DETAIL_FROM:
            painter.fillRect(body, tint.ground)
            painter.fillRect(band, tint.band)
        else:
            painter.setBrush(tint.ground)
            painter.drawRoundedRect(body, ROUND, ROUND)
            painter.setBrush(tint.band)
            painter.drawRoundedRect(band, ROUND, ROUND)
        painter.setBrush(NO_BRUSH)
        pen = QPen(self._edge(1.4))
        if scale < DETAIL_FROM:
            pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawRoundedRect(body, ROUND, ROUND)
        self._paint_line(painter, scale, band.adjusted(PADDING, 0, -PADDING, 0), Qt.AlignmentFlag.AlignVCenter)

    def _paint_line(self, painter: QPainter, scale: float, room: QRectF, align: Qt.AlignmentFlag) -> None:
        """The first line of the text, never smaller on the screen than can be read."""
        text = self.annotation.text.partition("\n")[0]
        if not text or scale < TITLES_FROM * 0.8:
            return
        font, metrics = self._look.big(max(12, min(round(9.5 / scale), round(room.height() * 0.66))))
        painter.setFont(font)
        painter.setPen(self._look.paints.text)
        painter.drawText(room, align, metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width()))

    def _paint_note(self, painter: QPainter, scale: float) -> None:
        tint = self.tint()
        body = QRectF(0, 0, self.annotation.width, self.annotation.height)
        painter.fillRect(body, tint.sheet)
        painter.fillRect(QRectF(0, 0, body.width(), 3), tint.edge)
        if self.is_chosen:
            painter.setBrush(NO_BRUSH)
            painter.setPen(self._edge(1))
            painter.drawRect(body)
        room = body.adjusted(PADDING, PADDING - 1, -PADDING, -PADDING + 3)
        if scale < DETAIL_FROM:
            self._paint_line(painter, scale, room, Qt.AlignmentFlag.AlignTop)
            return
        text = self.laid()
        painter.setFont(self._look.fonts["body"])
        painter.setPen(self._look.paints.text)
        if text.size().height() <= room.height() + 4:
            painter.drawStaticText(room.topLeft(), text)
            return
        painter.save()
        painter.setClipRect(room.adjusted(0, 0, 0, -self._look.line_height("body") * 0.6))
        painter.drawStaticText(room.topLeft(), text)
        painter.restore()
        painter.drawText(room.adjusted(0, 0, 2, 6), Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight, "…")

    def laid(self) -> QStaticText:
        """The text of a note as it is wrapped."""
        if self._text is None:
            self._text = wrapped(self.annotation.text, self.annotation.width, self._look)
        return self._text


def wrapped(text: str, width: float, look: Look) -> QStaticText:
    """The text of a note of this width."""
    made = QStaticText(text.replace("\n", "\u2028"))
    made.setTextFormat(Qt.TextFormat.PlainText)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    made.setTextOption(option)
    made.setTextWidth(width - 2 * PADDING)
    made.prepare(font=look.fonts["body"])
    return made


def fitting_height(text: str, width: float, look: Look) -> float:
    """How high a note of this width has to be to show all of its text."""
    return wrapped(text, width, look).size().height() + 2 * PADDING
