"""One object for each mouse gesture: it begins with a press, follows the pointer, and ends in at most one edit."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt

from core import graph as graphs
from core.graph import Link
from designer.canvas import changes, placing, rewiring
from designer.canvas.board import Board
from designer.canvas.metrics import NODE_WIDTH
from designer.canvas.node_item import NodeItem
from designer.canvas.stage import Pointer
from designer.words import tr

THRESHOLD = 4.0
GUIDE_REACH = 6.0
"""Pixels within which a node that is dragged off the grid jumps to the level of another one."""

INSERT_REACH = 26.0
"""How near to a link the middle of a node has to be let go to be put into it."""
ADDING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


class Gesture:
    """The base: `move` while the pointer moves, then `end` or `cancel`."""

    pushes_edge = True

    def __init__(self, board: Board, pointer: Pointer) -> None:
        self.board = board
        self.drawing = board.drawing
        self.start = pointer
        self.has_moved = False

    def follow(self, pointer: Pointer) -> None:
        """Take in a movement; the first pixels do not count."""
        away = pointer.view - self.start.view
        if self.has_moved or abs(away.x()) + abs(away.y()) >= THRESHOLD:
            self.has_moved = True
            self.move(pointer)

    def move(self, pointer: Pointer) -> None:
        """Follow the pointer."""

    def end(self, pointer: Pointer) -> None:
        """Finish, with at most one edit."""

    def cancel(self) -> None:
        """Leave everything as it was."""


class Pan(Gesture):
    """Moves the view; what was pressed stays under the pointer."""

    pushes_edge = False

    def __init__(self, board: Board, pointer: Pointer) -> None:
        super().__init__(board, pointer)
        self.board.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def follow(self, pointer: Pointer) -> None:
        """Pan from the first pixel."""
        self.board.pan_by(pointer.view - self.board.to_view(self.start.scene))

    def end(self, pointer: Pointer) -> None:
        """Let go."""
        self.cancel()

    def cancel(self) -> None:
        """Let go; what is seen stays."""
        self.board.viewport().unsetCursor()


class Box(Gesture):
    """Selects what a box touches, with Shift as well, with Ctrl no longer; a click on empty canvas selects nothing."""

    def __init__(self, board: Board, pointer: Pointer) -> None:
        super().__init__(board, pointer)
        self._before, self._had = tuple(self.drawing.chosen), board.pieces
        self._takes_out = bool(pointer.keys & Qt.KeyboardModifier.ControlModifier)
        self._kept = self._before if pointer.keys & ADDING else ()
        self._held = self._had if pointer.keys & ADDING else ()
        if not self._kept and not self._held:
            board.select(())
        board.choose_link(None)

    def move(self, pointer: Pointer) -> None:
        """Stretch the box and show what it selects; the form follows when it is let go."""
        box = QRectF(self.start.scene, pointer.scene).normalized()
        self.board.marks.show_box(box)
        touched = self.drawing.nodes.inside(box.left(), box.top(), box.right(), box.bottom())
        if self._takes_out:
            away = set(touched)
            wanted = [each for each in self._kept if each not in away]
            inside = set(self.drawing.sketch.inside(box))
            pieces = [each for each in self._held if each not in inside]
        else:
            wanted = [*self._kept, *sorted(touched, key=graphs.natural)]
            pieces = [*self._held, *self.drawing.sketch.inside(box)]
        self.board.select(dict.fromkeys(wanted), is_settled=False, pieces=dict.fromkeys(pieces))

    def end(self, pointer: Pointer) -> None:
        """Keep what is selected."""
        self.board.marks.show_box(None)
        self.board.settle_selection()

    def cancel(self) -> None:
        """Select what was selected before."""
        self.board.marks.show_box(None)
        self.board.select(self._before, pieces=self._had)
        self.board.settle_selection()


class Move(Gesture):
    """Moves the selected nodes; those without links to others, let go over a link, are put into it.

    With Alt held at the press they come off their links, which join behind them; with Alt held when they are let go
    they stay out of the link below.
    """

    def __init__(self, board: Board, item: NodeItem, pointer: Pointer) -> None:
        super().__init__(board, pointer)
        self._item = item
        self._was_chosen = item.node_id in self.drawing.chosen
        self._adds = bool(pointer.keys & ADDING)
        board.choose_link(None)
        if not self._was_chosen:
            kept = (self.drawing.chosen, board.pieces) if self._adds else ((), ())
            board.select((*kept[0], item.node_id), pieces=kept[1])
        self._ids = tuple(self.drawing.chosen)
        self._carried = self.drawing.carried()
        self._delta = (0.0, 0.0)
        self._over: Link | None = None
        self._graph = self.drawing.graph
        """The graph as it will be, but for places: with Alt, the nodes are off their links."""
        self._detaches = bool(pointer.keys & Qt.KeyboardModifier.AltModifier)
        self._row: tuple[str, str] | None = None

    def _begin(self) -> None:
        """Find out once what the nodes are, as soon as they move."""
        if self._detaches:
            self._graph = rewiring.detached(self.drawing.graph, self._ids)
            self._detaches = self._graph is not self.drawing.graph and self._graph.links != self.drawing.graph.links
            self.drawing.lift(set(self.drawing.graph.links) - set(self._graph.links))
            healed = set(self._graph.links) - set(self.drawing.graph.links)
            self.board.marks.show_wires([self._ends(each) for each in healed], fits=True)
        self._row = rewiring.row_of(self._graph, self._ids)

    def _ends(self, link: Link) -> tuple[float, float, float, float]:
        start = self.drawing.port_place(link.source, link.output, True)
        stop = self.drawing.port_place(link.target, link.input, False)
        return start.x(), start.y(), stop.x(), stop.y()

    def follow(self, pointer: Pointer) -> None:
        """Find out what is moved before it first moves."""
        before = self.has_moved
        away = pointer.view - self.start.view
        if not before and abs(away.x()) + abs(away.y()) >= THRESHOLD:
            self._begin()
        super().follow(pointer)

    def move(self, pointer: Pointer) -> None:
        """Show the nodes where they would land: the held one on the grid, with lines to what it is level with."""
        away = pointer.scene - self.start.scene
        held = self.drawing.graph.nodes[self._item.node_id]
        box = (held.x + away.x(), held.y + away.y(), NODE_WIDTH, self._item.card.height)
        others = self.board.rects_in_view(self._carried.nodes)
        (x, y), lines = placing.guided(box, others, GUIDE_REACH / self.board.zoom, self.board.snaps)
        self._delta = x - held.x, y - held.y
        self.board.marks.show_guides(lines)
        self.drawing.shift(self._carried.nodes, *self._delta, self._carried.pieces)
        self._over = self._link_below(pointer)
        self.drawing.layer.point_out(None, self._over)

    def _link_below(self, pointer: Pointer) -> Link | None:
        if self._row is None or pointer.keys & Qt.KeyboardModifier.AltModifier:
            return None
        middle = self._item.rect().center()
        found = self.drawing.links.nearest(middle.x(), middle.y(), INSERT_REACH)
        own = found is not None and not {found.source, found.target}.isdisjoint(self._ids)
        return None if own else found

    def end(self, pointer: Pointer) -> None:
        """Move them in the document, in one edit; a click selects the node alone, or takes it out with Ctrl."""
        over, row = self._over, self._row
        if pointer.keys & Qt.KeyboardModifier.AltModifier:
            over = None
        self._tidy()
        if not self.has_moved:
            self._click()
            return
        self.drawing.shift(self._carried.nodes, 0, 0, self._carried.pieces)
        detaches = self._detaches
        if not any(self._delta) and not detaches:
            return
        held = self._carried
        project = changes.moved(self.board.document.project, held.nodes, *self._delta, held.pieces)
        text = tr("Move {spoken}", spoken=changes.spoken(self.drawing.graph, self.board.pieces, self._ids))
        if detaches:
            project = changes.with_graph(project, rewiring.detached(project.graph, self._ids))
            text = changes.counted(tr("Detach"), self._ids)
        if over is not None and row is not None and over in project.graph.links:
            project = changes.with_graph(project, rewiring.inserted_row(project.graph, over, row))
            text = changes.counted(tr("Insert"), self._ids)
        self.board.document.edit(text, project)

    def _click(self) -> None:
        node_id = self._item.node_id
        if self._adds and self._was_chosen:
            kept = [each for each in self.drawing.chosen if each != node_id]
            self.board.select(kept, pieces=self.board.pieces)
        elif not self._adds:
            self.board.select((node_id,))

    def _tidy(self) -> None:
        self.drawing.layer.point_out(None, None)
        self.drawing.lift()
        self.board.marks.show_wires(())
        self.board.marks.show_guides(())

    def cancel(self) -> None:
        """Put them back."""
        self._tidy()
        if self.has_moved:
            nodes = [each for each in self._carried.nodes if each in self.drawing.items_by_id]
            self.drawing.shift(nodes, 0, 0, self._carried.pieces)
