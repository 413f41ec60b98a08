"""Mouse gestures on notes, frames and the points of links: move them, and pull at their sides."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Qt

from core import picture
from core.graph import Annotation
from core.picture import Piece
from designer.canvas import changes
from designer.canvas.board import Board
from designer.canvas.gestures import ADDING, Gesture
from designer.canvas.picture_work import smallest
from designer.canvas.sketch import Grip
from designer.canvas.stage import Pointer
from designer.words import tr


class MovePiece(Gesture):
    """Moves what is selected; a frame takes along what lies wholly in it."""

    def __init__(self, board: Board, piece: Piece, pointer: Pointer) -> None:
        super().__init__(board, pointer)
        self._piece = piece
        chosen = board.pieces
        self._was_chosen = piece in chosen
        self._adds = bool(pointer.keys & ADDING)
        board.choose_link(None)
        if not self._was_chosen:
            kept = (board.selected, chosen) if self._adds else ((), ())
            board.select(kept[0], pieces=(*kept[1], piece))
        self._carried = self.drawing.carried()
        self._delta = (0.0, 0.0)

    def _corner(self) -> tuple[float, float]:
        graph = self.drawing.graph
        if isinstance(self._piece, str):
            return graph.annotations[self._piece].x, graph.annotations[self._piece].y
        return graph.bends[self._piece.link][self._piece.place]

    def move(self, pointer: Pointer) -> None:
        """Show everything where it would land; what is held snaps to the grid."""
        away, (x, y) = pointer.scene - self.start.scene, self._corner()
        self._delta = changes.snapped(x + away.x()) - x, changes.snapped(y + away.y()) - y
        self.drawing.shift(self._carried.nodes, *self._delta, self._carried.pieces)

    def end(self, pointer: Pointer) -> None:
        """Move it in the document, in one edit; a click selects it alone, or takes it out with Shift or Ctrl."""
        if not self.has_moved:
            self._click()
            return
        self.cancel()
        if any(self._delta):
            graph = self.drawing.graph
            text = tr("Move {spoken}", spoken=changes.spoken(graph, self.board.pieces, self.board.selected))
            made = picture.moved(graph, self._carried, *self._delta)
            self.board.document.edit(text, changes.with_graph(self.board.document.project, made))

    def _click(self) -> None:
        if self._adds and self._was_chosen:
            self.board.select(self.board.selected, pieces=[each for each in self.board.pieces if each != self._piece])
        elif not self._adds:
            self.board.select((), pieces=(self._piece,))

    def cancel(self) -> None:
        """Put everything back."""
        if self.has_moved:
            self.drawing.shift(self._carried.nodes, 0, 0, self._carried.pieces)


def cursor_of(grip: Grip | None) -> Qt.CursorShape:
    """What the pointer looks like over a piece: it tells what a press would do."""
    if grip is None or (not grip.sides and isinstance(grip.piece, str)):
        return Qt.CursorShape.ArrowCursor
    if not grip.sides:
        return Qt.CursorShape.SizeAllCursor
    if len(grip.sides) == 2:
        falls = grip.sides in ("lt", "rb")
        return Qt.CursorShape.SizeFDiagCursor if falls else Qt.CursorShape.SizeBDiagCursor
    return Qt.CursorShape.SizeHorCursor if grip.sides in "lr" else Qt.CursorShape.SizeVerCursor


class Stretch(Gesture):
    """Pulls at sides or a corner of a note or a frame."""

    def __init__(self, board: Board, grip: Grip, pointer: Pointer) -> None:
        super().__init__(board, pointer)
        assert isinstance(grip.piece, str)
        self._name, self._sides = grip.piece, grip.sides
        self._before = self._now = self.drawing.graph.annotations[self._name]
        board.choose_link(None)
        if self._name not in board.pieces:
            board.select((), pieces=(self._name,))

    def move(self, pointer: Pointer) -> None:
        """Show it in the size that it would have; the pulled sides snap to the grid."""
        self._now = stretched(self._before, self._sides, pointer.scene.x(), pointer.scene.y())
        self.drawing.sketch.stretch(self._name, self._now)

    def end(self, pointer: Pointer) -> None:
        """Give it that size in the document."""
        self.cancel()
        if not self.has_moved:
            self.board.select((), pieces=(self._name,))
        elif self._now != self._before:
            graph = picture.with_annotation(self.drawing.graph, self._name, self._now)
            text = tr("Resize {spoken}", spoken=changes.spoken(graph, [self._name]))
            self.board.document.edit(text, changes.with_graph(self.board.document.project, graph))

    def cancel(self) -> None:
        """Show it as it was."""
        self.drawing.sketch.stretch(self._name, self._before)


def stretched(annotation: Annotation, sides: str, x: float, y: float) -> Annotation:
    """An annotation with sides (letters of l r t b) pulled to a point, never smaller than can be used."""
    least = smallest(annotation)
    left, top = annotation.x, annotation.y
    right, bottom = left + annotation.width, top + annotation.height
    x, y = changes.snapped(x), changes.snapped(y)
    left = min(x, right - least[0]) if "l" in sides else left
    right = max(x, left + least[0]) if "r" in sides else right
    top = min(y, bottom - least[1]) if "t" in sides else top
    bottom = max(y, top + least[1]) if "b" in sides else bottom
    return replace(annotation, x=left, y=top, width=right - left, height=bottom - top)
