"""A label of one line that ends in an ellipsis where it has no room, in the place of being cut off."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel


class Elided(QLabel):
    """One line of words; `text` is the whole of it."""

    mode = Qt.TextElideMode.ElideRight

    def minimumSizeHint(self) -> QSize:
        """It may become as narrow as it must."""
        return QSize(0, super().minimumSizeHint().height())

    @property
    def shown(self) -> str:
        """As much of the words as there is room for."""
        return self.fontMetrics().elidedText(self.text(), self.mode, self.contentsRect().width())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write as much of the words as there is room for."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.shown)
        painter.end()
