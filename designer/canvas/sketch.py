"""What of a drawing is only seen: its notes and frames as items, and the points of its links; all can be selected."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from core.graph import Annotation, Graph
from core.picture import Bend, Piece, bends_moved, box_of
from designer.canvas.annotation_item import AnnotationItem, is_frame
from designer.canvas.link_layer import LinkLayer
from designer.canvas.look import Look
from designer.canvas.primitives import Rows
from designer.canvas.tables import LinkTable
from designer.late import np

POINT_REACH = 8.0


class Grip(NamedTuple):
    """What a press takes hold of: a piece of the picture, and the sides that are pulled (none: all of it is moved)."""

    piece: Piece
    sides: str = ""


class Sketch:
    """The annotations and points of one drawing, brought up to date by difference as its nodes are."""

    def __init__(self, scene: QGraphicsScene, look: Look, links: LinkTable, layer: LinkLayer) -> None:
        self._scene, self._look, self._links, self._layer = scene, look, links, layer
        self.graph = Graph()
        self.items: dict[str, AnnotationItem] = {}
        self.chosen: dict[Piece, None] = {}
        self._frames: tuple[list[AnnotationItem], Rows] | None = None
        """The frames, smaller ones behind larger ones, and where they are; None when that has to be found out anew."""
        self._bounds: QRectF | None = None
        layer.ground_at = self.ground_at

    def follow(self, graph: Graph) -> None:
        """Show another graph; annotations that are the same object are not touched."""
        before, self.graph = self.graph, graph
        if before.annotations is not graph.annotations or before.bends is not graph.bends:
            self._frames = self._bounds = None
        if before.annotations is not graph.annotations:
            for name in [each for each in self.items if each not in graph.annotations]:
                item = self.items.pop(name)
                self._layer.update(item.rect())
                self._scene.removeItem(item)
            for name, annotation in graph.annotations.items():
                if before.annotations.get(name) is not annotation or name not in self.items:
                    self._show(name, annotation)
        gone = [each for each in self.chosen if not self._is_there(each)]
        if gone:
            self.choose([each for each in self.chosen if each not in gone])

    def _show(self, name: str, annotation: Annotation) -> None:
        item = self.items.get(name)
        if item is None:
            item = self.items[name] = AnnotationItem(name, annotation, self._look)
            item.is_chosen = name in self.chosen
            self._scene.addItem(item)
        else:
            self._layer.update(item.rect())
            item.show_value(annotation)
        self._layer.update(item.rect())  # labels of links have the ground of what is below them

    def _is_there(self, piece: Piece) -> bool:
        if isinstance(piece, str):
            return piece in self.graph.annotations
        return piece.place < len(self.graph.bends.get(piece.link, ()))

    # ---- while a gesture is on

    def shift(self, pieces: Iterable[Piece], dx: float, dy: float) -> None:
        """Show annotations away from where the document has them; the points of links are the drawing's to move."""
        self._frames = self._bounds = None
        for piece in pieces:
            if isinstance(piece, str) and piece in self.items:
                item, held = self.items[piece], self.graph.annotations[piece]
                self._layer.update(item.rect())
                item.setPos(QPointF(held.x + dx, held.y + dy))
                self._layer.update(item.rect())

    def bends_away(self, pieces: Iterable[Piece], dx: float, dy: float) -> list[Bend]:
        """Show points of links away from where the document has them; those whose links have to follow."""
        points = [each for each in pieces if not isinstance(each, str) and self._is_there(each)]
        self._links.bends = bends_moved(self.graph.bends, points, dx, dy) if dx or dy else self.graph.bends
        return points

    def stretch(self, name: str, annotation: Annotation) -> None:
        """Show an annotation in another size."""
        self._frames = self._bounds = None
        self._show(name, annotation)

    # ---- selection

    def choose(self, pieces: Iterable[Piece]) -> bool:
        """Select exactly these; whether anything changed."""
        wanted = dict.fromkeys(each for each in pieces if self._is_there(each))
        if list(wanted) == list(self.chosen):
            return False
        before, self.chosen = self.chosen, wanted
        for piece in {**before, **wanted}:
            if not isinstance(piece, str):
                self._layer.repaint_link(piece.link)
            elif item := self.items.get(piece):
                item.stand_out(piece in wanted)
        self._layer.points = frozenset(each for each in wanted if not isinstance(each, str))
        return True

    def inside(self, box: QRectF) -> list[Piece]:
        """What a box of selection takes: notes that it touches, frames and points that lie in it."""
        found: list[Piece] = []
        for name, item in self.items.items():
            area = item.rect()
            if box.contains(area) or (not is_frame(item.annotation) and box.intersects(area)):
                found.append(name)
        for link, points in self.graph.bends.items():
            found += [Bend(link, place) for place, point in enumerate(points) if box.contains(QPointF(*point))]
        return found

    # ---- what is where

    def point_at(self, at: QPointF, zoom: float) -> Bend | None:
        """The point of a link at a place."""
        within = POINT_REACH / zoom
        best: tuple[float, Bend] | None = None
        for link, points in self._links.bends.items():
            for place, (x, y) in enumerate(points):
                away = max(abs(at.x() - x), abs(at.y() - y))
                if away <= within and (best is None or away < best[0]):
                    best = (away, Bend(link, place))
        return best[1] if best else None

    def front_at(self, at: QPointF, zoom: float) -> Grip | None:
        """What a press takes hold of before any link: a point of one, or a note."""
        point = self.point_at(at, zoom)
        return Grip(point) if point is not None else self._grip(at, zoom, False)

    def frame_at(self, at: QPointF, zoom: float) -> Grip | None:
        """What a press on the title or the edge of a frame takes hold of."""
        return self._grip(at, zoom, True)

    def _grip(self, at: QPointF, zoom: float, frames: bool) -> Grip | None:
        near = (item for item in self.items.values() if is_frame(item.annotation) is frames)
        for item in sorted(near, key=lambda item: -item.zValue()):
            sides = item.sides_at(at, zoom)
            if sides is not None:
                return Grip(item.name, sides)
        return None

    def ground_at(self, x: float, y: float) -> QColor:
        """The colour on which links and their labels lie at a place."""
        if not self.items:
            return self._look.paints.canvas
        if self._frames is None:
            frames = sorted(
                (item for item in self.items.values() if is_frame(item.annotation)), key=QGraphicsItem.zValue
            )
            areas = [(each.x(), each.y(), each.annotation.width, each.annotation.height) for each in frames]
            self._frames = (frames, np.array(areas).reshape(-1, 4))
        frames, areas = self._frames
        left, top, width, height = areas.T
        below = np.nonzero((left <= x) & (x < left + width) & (top <= y) & (y < top + height))[0]
        return frames[below[-1]].tint().ground if len(below) else self._look.paints.canvas

    def bounds(self) -> QRectF:
        """The part of the scene that annotations and points cover."""
        if self._bounds is None:
            area = self.area_of(self.items)
            points = [point for held in self.graph.bends.values() for point in held]
            if points:
                (left, top), (right, bottom) = np.min(points, axis=0).tolist(), np.max(points, axis=0).tolist()
                area = area.united(QRectF(left - 4, top - 4, right - left + 8, bottom - top + 8))
            self._bounds = area
        return self._bounds

    def area_of(self, pieces: Iterable[Piece]) -> QRectF:
        """The part of the scene that some of them cover."""
        area = QRectF()
        for piece in pieces:
            if isinstance(piece, str):
                area = area.united(self.items[piece].rect())
            else:
                x, y = self.graph.bends[piece.link][piece.place]
                area = area.united(QRectF(x - 4, y - 4, 8, 8))
        return area

    def state(self) -> dict[str, object]:
        """What is shown, as values."""
        return {
            name: (item.x(), item.y(), *box_of(item.annotation)[2:], item.annotation)
            for name, item in self.items.items()
        }
