"""The view of a drawing: zoom, pan, the dotted ground, and the overview below 16 % zoom."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QNativeGestureEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QToolTip

from core.picture import Piece
from designer.canvas.drawing import Drawing
from designer.canvas.link_layer import Underlay, curve
from designer.canvas.look import NO_BRUSH, Look
from designer.canvas.metrics import DETAIL_FROM, GRID, OVERVIEW_BELOW, ZOOM_HIGH, ZOOM_LOW
from designer.canvas.overview import paint_annotations, paint_overview
from designer.canvas.primitives import draw_dots
from designer.theme import DARK, Theme

FARTHEST = 1e8
REACH = 500_000.0
FRAME_MARGIN = 56.0
EDGE = 26.0
EDGE_SPEED = 14.0


class Pointer(NamedTuple):
    """Where the mouse is: in pixels of the viewport and in the scene, and which keys are held."""

    view: QPointF
    scene: QPointF
    keys: Qt.KeyboardModifier


Ends = tuple[float, float, float, float]


class Marks(Underlay):
    """What a gesture shows on top of everything: a box of selection, links that are being drawn, or a knife's cut."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, 10)
        self.box: QRectF | None = None
        self.wires: tuple[Ends, ...] = ()
        self.guides: tuple[Ends, ...] = ()
        self.fits = False
        self.cut: tuple[tuple[float, float], ...] = ()
        self.doomed: tuple[QPainterPath, ...] = ()
        """The links that the cut goes through."""

    @property
    def wire(self) -> Ends | None:
        """The first link that is being drawn."""
        return self.wires[0] if self.wires else None

    def show_box(self, box: QRectF | None) -> None:
        """Show a box of selection, or none."""
        for each in (self.box, box):
            if each is not None:
                self.update(each.adjusted(-40, -40, 40, 40))
        self.box = box

    def show_wire(self, wire: Ends | None, fits: bool = False) -> None:
        """Show a link from (x1, y1) to (x2, y2), bright where it fits, or none."""
        self.show_wires((wire,) if wire is not None else (), fits)

    def show_wires(self, wires: Iterable[Ends], fits: bool = False) -> None:
        """Show links that are being drawn."""
        before, self.wires, self.fits = self.wires, tuple(wires), fits
        self._repaint((*before, *self.wires))

    def show_cut(self, path: Iterable[tuple[float, float]], doomed: Iterable[QPainterPath] = ()) -> None:
        """Show the line of a knife and the links that it cuts, or nothing."""
        before, self.cut = self.cut, tuple(path)
        gone, self.doomed = self.doomed, tuple(doomed)
        for each in (*gone, *self.doomed):
            self.update(each.boundingRect().adjusted(-8, -8, 8, 8))
        points = (*before, *self.cut)
        if points:
            across, down = zip(*points, strict=True)
            self.update_box((min(across), min(down), max(across), max(down)), 6)

    def show_guides(self, lines: Iterable[Ends]) -> None:
        """Show lines to what a dragged node is level with, or none."""
        before, self.guides = self.guides, tuple(lines)
        if before != self.guides:
            for each in (*before, *self.guides):
                self.update_box(each, 4)

    def _repaint(self, wires: Iterable[Ends]) -> None:
        for each in wires:
            self.update(curve(*each).boundingRect().adjusted(-8, -8, 8, 8))

    def paint(self, painter: QPainter, option=None, widget=None) -> None:
        """Draw them."""
        paints = self._look.paints
        painter.setBrush(NO_BRUSH)
        for wire in self.wires:
            painter.strokePath(curve(*wire), paints.link_selected if self.fits else paints.link_pens[2])
        for path in self.doomed:
            painter.strokePath(path, paints.faulty)
        if len(self.cut) > 1:
            painter.setPen(paints.cut)
            painter.drawPolyline([QPointF(*each) for each in self.cut])
        if self.guides:
            painter.setPen(paints.guide)
            for x1, y1, x2, y2 in self.guides:
                painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))
        if self.box is not None:
            painter.setPen(paints.box)
            painter.setBrush(paints.box_fill)
            painter.drawRect(self.box)


class Stage(QGraphicsView):
    """A drawing under a viewport that pans and zooms."""

    zoom_changed = Signal(float)

    def __init__(self, theme: Theme = DARK) -> None:
        super().__init__()
        self.theme = theme
        self.look = Look(theme)
        self.drawing = Drawing(self.look)
        self.marks = Marks(self.look)
        self.drawing.addItem(self.marks)
        self.setScene(self.drawing)
        self._frame_late = True
        self._edge_timer = QTimer(self)
        self._edge_timer.setInterval(16)
        self._edge_timer.timeout.connect(self._push_edge)
        self._edge_at: QPointF | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        flags = QGraphicsView.OptimizationFlag
        self.setOptimizationFlags(flags.DontSavePainterState | flags.DontAdjustForAntialiasing)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setSceneRect(QRectF(-REACH, -REACH, 2 * REACH, 2 * REACH))

    def show_drawing(self, drawing: Drawing) -> None:
        """Show another drawing; the one before stays as it is."""
        self.drawing.removeItem(self.marks)
        self.drawing = drawing
        drawing.addItem(self.marks)
        self.setScene(drawing)

    def set_theme(self, theme: Theme) -> None:
        """Take on other colours."""
        self.theme = theme
        self.look.set_theme(theme)
        self.drawing.frames.clear()
        self.viewport().update()

    # ---- where things are

    @property
    def zoom(self) -> float:
        """The scale: 1 is 100 %."""
        return self.transform().m11()

    def to_scene(self, at: QPointF) -> QPointF:
        """The scene point under a point of the viewport, not rounded to pixels."""
        return self.viewportTransform().inverted()[0].map(at)

    def to_view(self, at: QPointF) -> QPointF:
        """The point of the viewport over a scene point."""
        return self.viewportTransform().map(at)

    def seen(self) -> QRectF:
        """The part of the scene that is in view."""
        return self.viewportTransform().inverted()[0].mapRect(QRectF(self.viewport().rect()))

    # ---- moving the view

    def set_zoom(self, zoom: float, around: QPointF | None = None) -> None:
        """Zoom to a scale; what is under `around` (the middle, unless given) stays there."""
        zoom = min(max(zoom, ZOOM_LOW), ZOOM_HIGH)
        around = around if around is not None else QRectF(self.viewport().rect()).center()
        fixed = self.to_scene(around)
        if zoom != self.zoom:
            self.setTransform(QTransform.fromScale(zoom, zoom))
            self.pan_by(around - self.to_view(fixed))
            self.zoom_changed.emit(zoom)
            self.view_moved()

    def pan_by(self, delta: QPointF) -> None:
        """Move what is seen by pixels of the viewport."""
        bars = ((self.horizontalScrollBar(), delta.x()), (self.verticalScrollBar(), delta.y()))
        for bar, pixels in bars:
            bar.setValue(round(bar.value() - pixels))

    def show_centre(self, at: QPointF) -> None:
        """Bring a scene point into the middle."""
        self.pan_by(QRectF(self.viewport().rect()).center() - self.to_view(at))

    def frame(self, area: QRectF, largest: float = 1.0) -> None:
        """Show all of a part of the scene, not larger than this scale."""
        room = self.viewport().size()
        width, height = (max(side - 2 * min(FRAME_MARGIN, side * 0.07), 50.0) for side in (room.width(), room.height()))
        self.set_zoom(min(width / max(area.width(), 1.0), height / max(area.height(), 1.0), largest))
        self.show_centre(area.center())

    def frame_all(self) -> None:
        """Show the whole drawing; before the first showing this is done when it comes."""
        self._frame_late = not self.isVisible()
        area = self.drawing.bounds()
        if not area.isEmpty() and not self._frame_late:
            self.frame(area)

    def frame_nodes(self, node_ids: Iterable[str], pieces: Iterable[Piece] = ()) -> None:
        """Show these nodes, and pieces of the picture, as large as they fit."""
        area = self.drawing.sketch.area_of(pieces)
        for node_id in node_ids:
            area = area.united(self.drawing.items_by_id[node_id].rect())
        if not area.isEmpty():
            self.frame(area, largest=1.5)

    def reach_out(self) -> None:
        """Let the view go to where the nodes are, however far away a file has put them."""
        bounds = self.drawing.bounds()
        sides = (bounds.left(), bounds.top(), bounds.right(), bounds.bottom())
        limits = [min(max(each, -FARTHEST), FARTHEST) for each in sides]
        area = QRectF(QPointF(limits[0] - REACH, limits[1] - REACH), QPointF(limits[2] + REACH, limits[3] + REACH))
        if (
            not self.sceneRect()
            .adjusted(REACH / 2, REACH / 2, -REACH / 2, -REACH / 2)
            .contains(area.adjusted(REACH, REACH, -REACH, -REACH))
        ):
            self.setSceneRect(area.united(self.sceneRect()))

    def view_moved(self) -> None:
        """Called after every pan, zoom and resize: what floats over the viewport follows."""

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Follow a pan."""
        super().scrollContentsBy(dx, dy)
        if self.zoom < OVERVIEW_BELOW:
            self.viewport().update()
        self.view_moved()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow another size."""
        super().resizeEvent(event)
        self.view_moved()

    def showEvent(self, event: QShowEvent) -> None:
        """Frame the drawing when it is first seen."""
        super().showEvent(event)
        if self._frame_late:
            self.frame_all()
        self.view_moved()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor with a wheel; pan with two fingers, zoom with them and Ctrl."""
        zooms = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        fingers = not event.pixelDelta().isNull() and event.phase() != Qt.ScrollPhase.NoScrollPhase
        if fingers and not zooms:
            self.pan_by(QPointF(event.pixelDelta()))
        elif event.phase() != Qt.ScrollPhase.ScrollMomentum:
            self.set_zoom(self.zoom * 1.0015 ** event.angleDelta().y(), event.position())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        """Zoom with a pinch, and show what the viewport says of the place under the pointer."""
        if isinstance(event, QNativeGestureEvent) and self._took_gesture(event):
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            # QGraphicsView asks the items alone for a tip, and so would never show the viewport's own.
            QToolTip.showText(event.globalPos(), self.viewport().toolTip(), self.viewport())
            return True
        return super().viewportEvent(event)

    def _took_gesture(self, event: QNativeGestureEvent) -> bool:
        """A pinch zooms at its middle; fingers that pan without a wheel pan; a double tap goes to 100 % and back."""
        kinds = Qt.NativeGestureType
        if event.gestureType() == kinds.ZoomNativeGesture:
            self.set_zoom(self.zoom * max(0.1, 1 + event.value()), event.position())
        elif event.gestureType() == kinds.PanNativeGesture:
            self.pan_by(event.delta())
        elif event.gestureType() == kinds.SmartZoomNativeGesture:
            if abs(self.zoom - 1) < 0.01:
                self.frame_all()
            else:
                self.set_zoom(1.0, event.position())
        else:
            return False
        return True

    # ---- at the edges

    def push_at_edge(self, at: QPointF | None) -> None:
        """While something is dragged near an edge the view moves that way; None ends it."""
        self._edge_at = at
        if at is not None and not self._edge_push(at).isNull():
            if not self._edge_timer.isActive():
                self._edge_timer.start()
        else:
            self._edge_timer.stop()

    def _edge_push(self, at: QPointF) -> QPointF:
        inner = QRectF(self.viewport().rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        over_x = min(at.x() - inner.left(), 0.0) + max(at.x() - inner.right(), 0.0)
        over_y = min(at.y() - inner.top(), 0.0) + max(at.y() - inner.bottom(), 0.0)
        limit = EDGE_SPEED / EDGE
        return QPointF(*(max(-EDGE_SPEED, min(EDGE_SPEED, over * limit)) for over in (over_x, over_y)))

    def _push_edge(self) -> None:
        if self._edge_at is None:
            self._edge_timer.stop()
            return
        self.pan_by(-self._edge_push(self._edge_at))
        self.edge_pushed(self._edge_at)

    def edge_pushed(self, at: QPointF) -> None:
        """Called after each push: what is dragged follows."""

    # ---- painting

    def drawBackground(self, painter: QPainter, rect: QRectF | object) -> None:
        """Fill the ground and set a dot every 22 px, fewer from far away."""
        assert isinstance(rect, QRectF)
        paints = self.look.paints
        painter.fillRect(rect, paints.canvas)
        pitch = GRID if self.zoom >= 0.6 else GRID * 5
        if self.zoom < 0.25:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(paints.dots)
        to_view = self.viewportTransform()
        columns = _steps(rect.left(), rect.right(), pitch, self.zoom, to_view.dx())
        rows = _steps(rect.top(), rect.bottom(), pitch, self.zoom, to_view.dy())
        painter.setWorldMatrixEnabled(False)  # dots on whole pixels look alike at every zoom
        draw_dots(painter, columns, rows)
        painter.setWorldMatrixEnabled(True)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.zoom >= DETAIL_FROM)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the scene, or from far away the overview in its place."""
        if self.zoom >= OVERVIEW_BELOW:
            self.setRenderHint(QPainter.RenderHint.Antialiasing, self.zoom >= DETAIL_FROM)
            self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            super().paintEvent(event)
            return
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self.look.paints.canvas)
        painter.setTransform(self.viewportTransform())
        paint_annotations(painter, self.drawing.sketch.items.values())
        paint_overview(painter, self.drawing.nodes, self.drawing.links, self.look.paints)
        self.drawing.path_light.paint_whole(painter)
        self.marks.paint(painter)
        painter.end()


def _steps(low: float, high: float, pitch: float, zoom: float, shift: float) -> list[int]:
    """Where a grid stands in the view, on whole pixels."""
    return [round(step * pitch * zoom + shift) for step in range(math.floor(low / pitch), math.ceil(high / pitch) + 1)]
