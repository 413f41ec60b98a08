"""The minimap: the whole drawing in a corner, with a frame around what is in view; a drag moves the view."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QWidget

from designer.canvas.overview import paint_annotations, paint_overview
from designer.canvas.stage import Stage
from designer.canvas.tables import LinkTable
from designer.words import tr

WIDTH, HEIGHT, MARGIN, PADDING = 168, 104, 14, 10
MOST_LINKS = 250
"""Above this many links they would cover the nodes, and are left out."""

FRESH_AFTER = 200
"""Milliseconds between two pictures: five a second are enough for something that small."""


class Minimap(QWidget):
    """A child of the view; the picture of the drawing is kept, only the frame is drawn anew."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._stage = stage
        self._picture: QPixmap | None = None
        self._fresh = QTimer(self)
        self._fresh.setSingleShot(True)
        self._fresh.setInterval(FRESH_AFTER)
        self._fresh.timeout.connect(self._forget)
        self.setFixedSize(WIDTH, HEIGHT)
        self.setAccessibleName(tr("Minimap"))
        self.setToolTip(tr("The whole drawing; drag to move what is seen."))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def drawing_changed(self) -> None:
        """Draw the picture anew, soon."""
        self.setVisible(self._is_wanted())
        if not self._fresh.isActive():
            self._fresh.start()

    def _is_wanted(self) -> bool:
        """Whether there is anything to find: a drawing that is all in view needs no map, and would lie below it."""
        return not self._is_empty() and not self._stage.seen().contains(self._stage.drawing.bounds())

    def _is_empty(self) -> bool:
        return not len(self._stage.drawing.nodes) and not self._stage.drawing.sketch.items

    def _forget(self) -> None:
        self._picture = None
        self.update()

    def place(self) -> None:
        """Stand in the lower right corner, and show the frame where the view is."""
        self.move(self._stage.width() - WIDTH - MARGIN, self._stage.height() - HEIGHT - MARGIN)
        if not QGuiApplication.mouseButtons():  # one that is being dragged stays under the pointer
            self.setVisible(self._is_wanted())
        self.update()

    def fitting(self) -> QTransform:
        """From the scene to this widget."""
        area = self._stage.drawing.bounds().united(QRectF(0, 0, 1, 1) if self._is_empty() else QRectF())
        scale = min((WIDTH - 2 * PADDING) / area.width(), (HEIGHT - 2 * PADDING) / area.height(), 0.16)
        middle = area.center()
        return QTransform(scale, 0, 0, scale, WIDTH / 2 - middle.x() * scale, HEIGHT / 2 - middle.y() * scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, picture and frame."""
        theme = self._stage.theme
        if self._picture is None or self._picture.devicePixelRatio() != self.devicePixelRatioF():
            self._picture = self._drawn()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.panel))
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(ground, 6, 6)
        painter.drawPixmap(0, 0, self._picture)
        frame = self.fitting().mapRect(self._stage.seen()).intersected(ground.adjusted(1, 1, -1, -1))
        painter.setPen(QPen(QColor(theme.accent), 1.2))
        tint = QColor(theme.accent)
        tint.setAlpha(18)
        painter.setBrush(tint)
        painter.drawRoundedRect(frame, 2, 2)
        painter.end()

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        made = QPixmap(round(WIDTH * ratio), round(HEIGHT * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setTransform(self.fitting())
        drawing = self._stage.drawing
        paint_annotations(painter, drawing.sketch.items.values())
        links = drawing.links if len(drawing.links) <= MOST_LINKS else LinkTable()
        paint_overview(painter, drawing.nodes, links, self._stage.look.paints)
        painter.end()
        return made

    def theme_changed(self) -> None:
        """Draw the picture in other colours, at once."""
        self._forget()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring what is pressed into the middle."""
        self.mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the view with the pointer."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._stage.show_centre(self.fitting().inverted()[0].map(event.position()))
        event.accept()
