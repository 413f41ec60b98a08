"""The legend of links: what their colours, widths and dashes mean."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from designer.canvas.look import FAULTY, FLOATS, UNKNOWN, WHOLES
from designer.canvas.stage import Stage
from designer.words import tr

ROW, MARGIN, SAMPLE = 20, 14, 34
MEANING = {
    FLOATS: tr("decimal numbers"),
    WHOLES: tr("whole numbers, true or false"),
    UNKNOWN: tr("not known yet"),
    FAULTY: tr("does not fit: see the node"),
}


class Legend(QWidget):
    """A child of the view in its lower left corner; it lets the mouse through."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._stage = stage
        widest = max(stage.look.width(words, "foot") for words in MEANING.values())
        self.setFixedSize(round(widest) + SAMPLE + 32, ROW * len(MEANING) + 12)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(tr("Legend of links"))
        self.setAccessibleDescription("; ".join(MEANING.values()))
        self.hide()

    def place(self) -> None:
        """Stand in the lower left corner."""
        self.move(MARGIN, self._stage.height() - self.height() - MARGIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a sample and words for each kind."""
        theme, paints = self._stage.theme, self._stage.look.paints
        pens = {FLOATS: paints.link_pens[FLOATS], WHOLES: paints.whole, UNKNOWN: paints.link_pens[UNKNOWN]}
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(self._stage.look.fonts["foot"])
        for row, (kind, words) in enumerate(MEANING.items()):
            y = 6 + row * ROW + ROW / 2
            painter.setPen(pens.get(kind, paints.faulty))
            painter.drawLine(QPointF(10, y), QPointF(10 + SAMPLE, y))
            painter.setPen(paints.dim)
            room = QRectF(18 + SAMPLE, y - ROW / 2, self.width() - 24 - SAMPLE, ROW)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.end()
