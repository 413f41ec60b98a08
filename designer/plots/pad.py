"""A sheet to draw on with the mouse, and beside it what the network sees of the drawing."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from designer.plots.strokes import Habit, Sheet, averaged, fitted
from designer.theme import DARK, Theme
from designer.words import tr

FACTOR = 10
"""The sheet is this many times finer than the field."""
LARGEST_SIDE = 1120
BRUSH = 1.1
"""Width of the brush in cells of a field of 8; larger fields get proportionally wider strokes."""


class Pad(QWidget):
    """A sheet for a picture of height by width cells; `drawn` tells of every change."""

    drawn = Signal()

    def __init__(self, height: int, width: int) -> None:
        super().__init__()
        self.setAccessibleName(tr("Sheet to draw on"))
        self.setAccessibleDescription(tr("Draw with the mouse; Delete clears the sheet."))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(40, 40)
        self.cells = (height, width)
        factor = max(1, min(FACTOR, LARGEST_SIDE // max(height, width)))
        self._image = QImage(width * factor, height * factor, QImage.Format.Format_Grayscale8)
        self._image.fill(0)
        self._factor = factor
        self._last: QPointF | None = None
        self._theme = DARK
        self.is_empty = True

    def sizeHint(self) -> QSize:
        """A comfortable size to draw on."""
        return QSize(170, 170)

    # ---- the sheet

    def ink(self) -> Sheet:
        """The ink on the fine sheet, 0 to 1."""
        image = self._image
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        return rows[:, : image.width()].astype(np.float32) / np.float32(255)

    def seen(self, like: Habit, fit: bool) -> Sheet:
        """What the network sees: ink by cell (height, width), fitted like the data's own pictures if asked."""
        ink = self.ink()
        return averaged(fitted(ink, like) if fit else ink, *self.cells)

    def clear(self) -> None:
        """Take an empty sheet."""
        self._image.fill(0)
        self._last = None
        self.is_empty = True
        self.update()
        self.drawn.emit()

    def put(self, picture: QImage) -> None:
        """Lay a picture on the sheet, as large as fits; where its border is bright its dark parts are the ink."""
        grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
        border = [grey.pixelColor(x, y).value() for x in (0, grey.width() - 1) for y in (0, grey.height() - 1)]
        if sum(border) > 2 * 255:
            grey.invertPixels()
        size = self._image.size()
        scaled = grey.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        self._image.fill(0)
        painter = QPainter(self._image)
        painter.drawImage((size.width() - scaled.width()) // 2, (size.height() - scaled.height()) // 2, scaled)
        painter.end()
        self.is_empty = False
        self.update()
        self.drawn.emit()

    def stroke(self, points: list[QPointF]) -> None:
        """Draw a line through points of the sheet, counted in cells."""
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = BRUSH * max(1.0, min(self.cells) / 8) * self._factor
        painter.setPen(
            QPen(Qt.GlobalColor.white, wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        scaled = [point * self._factor for point in points]
        if len(scaled) == 1:
            painter.drawPoint(scaled[0])
        else:
            painter.drawPolyline(scaled)
        painter.end()
        self.is_empty = False
        self.update()
        self.drawn.emit()

    # ---- the mouse

    def _sheet(self) -> QRectF:
        height, width = self.cells
        scale = max(0.1, min((self.width() - 2) / width, (self.height() - 2) / height))
        size = (width * scale, height * scale)
        return QRectF((self.width() - size[0]) / 2, (self.height() - size[1]) / 2, *size)

    def _cell(self, place: QPointF) -> QPointF:
        sheet = self._sheet()
        scale = sheet.width() / self.cells[1]
        return QPointF((place.x() - sheet.x()) / scale, (place.y() - sheet.y()) / scale)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the brush down."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._last = self._cell(event.position())
            self.stroke([self._last])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on."""
        if self._last is not None:
            here = self._cell(event.position())
            self.stroke([self._last, here])
            self._last = here

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lift the brush."""
        self._last = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete clears."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the sheet, with a faint grid of cells where they are few."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        sheet = self._sheet()
        painter.drawImage(sheet, self._image)
        if max(self.cells) <= 32:
            painter.setPen(QPen(QColor(255, 255, 255, 22), 1))
            step = sheet.width() / self.cells[1]
            for column in range(1, self.cells[1]):
                x = sheet.x() + column * step
                painter.drawLine(QPointF(x, sheet.top()), QPointF(x, sheet.bottom()))
            for row in range(1, self.cells[0]):
                y = sheet.y() + row * step
                painter.drawLine(QPointF(sheet.left(), y), QPointF(sheet.right(), y))
        if self.is_empty:
            painter.setPen(QColor("#9aa3b2"))
            painter.drawText(sheet, Qt.AlignmentFlag.AlignCenter, tr("Draw here"))
        painter.setPen(QPen(QColor(self._theme.accent if self.hasFocus() else self._theme.line), 1))
        painter.drawRect(sheet)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.update()


class Seen(QWidget):
    """What the network sees, cell by cell."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("What the network sees"))
        self.setToolTip(
            tr("What the network sees: the drawing fitted and averaged to the size of the data's pictures.")
        )
        self.setFixedSize(56, 56)
        self._image = QImage()
        self._theme = DARK

    def show_shares(self, ink: Sheet) -> None:
        """Show ink by cell (height, width)."""
        grey = np.ascontiguousarray(np.clip(ink * 255, 0, 255).astype(np.uint8))
        self._image = QImage(
            grey.data, grey.shape[1], grey.shape[0], grey.shape[1], QImage.Format.Format_Grayscale8
        ).copy()
        self.update()

    def show_image(self, image: QImage) -> None:
        """Show a picture."""
        self._image = image
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells without smoothing."""
        painter = QPainter(self)
        painter.fillRect(self.rect().adjusted(1, 1, -1, -1), QColor("#0a0b0e"))
        if not self._image.isNull():
            size = self._image.size().scaled(self.size() - QSize(2, 2), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(
                (self.width() - size.width()) / 2, (self.height() - size.height()) / 2, size.width(), size.height()
            )
            painter.drawImage(place, self._image)
        painter.setPen(QColor(self._theme.line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
