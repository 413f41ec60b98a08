"""One object for each mouse gesture: it begins with a press, follows the pointer, and ends in at most one edit."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt

from core import graph as graphs
from core.graph import Link
from designer.canvas import changes
from designer.canvas.board import Board
from designer.canvas.cards import Slot
from designer.canvas.changes import End
from designer.canvas.metrics import PORT_REACH, SNAP_REACH
from designer.canvas.node_item import NodeItem
from designer.canvas.stage import Pointer

THRESHOLD = 4.0
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
    """Selects what a box touches; a click on empty canvas selects nothing."""

    def __init__(self, board: Board, pointer: Pointer) -> None:
        super().__init__(board, pointer)
        self._before = tuple(self.drawing.chosen)
        self._kept = self._before if pointer.keys & ADDING else ()
        if not self._kept:
            board.select(())
        board.choose_link(None)

    def move(self, pointer: Pointer) -> None:
        """Stretch the box and show what it selects."""
        box = QRectF(self.start.scene, pointer.scene).normalized()
        self.board.marks.show_box(box)
        touched = self.drawing.nodes.inside(box.left(), box.top(), box.right(), box.bottom())
        self.board.select(dict.fromkeys((*self._kept, *sorted(touched, key=graphs.natural))))

    def end(self, pointer: Pointer) -> None:
        """Keep what is selected."""
        self.board.marks.show_box(None)

    def cancel(self) -> None:
        """Select what was selected before."""
        self.board.marks.show_box(None)
        self.board.select(self._before)


class Move(Gesture):
    """Moves the selected nodes; a node without links that is let go over a link is put into it."""

    def __init__(self, board: Board, item: NodeItem, pointer: Pointer) -> None:
        super().__init__(board, pointer)
        self._item = item
        self._was_chosen = item.node_id in self.drawing.chosen
        self._adds = bool(pointer.keys & ADDING)
        board.choose_link(None)
        if not self._was_chosen:
            board.select((*self.drawing.chosen, item.node_id) if self._adds else (item.node_id,))
        self._ids = tuple(self.drawing.chosen)
        self._delta = (0.0, 0.0)
        self._over: Link | None = None

    def move(self, pointer: Pointer) -> None:
        """Show the nodes where they would land; the one that is held snaps to the grid."""
        away = pointer.scene - self.start.scene
        held = self.drawing.graph.nodes[self._item.node_id]
        self._delta = changes.snapped(held.x + away.x()) - held.x, changes.snapped(held.y + away.y()) - held.y
        self.drawing.shift(self._ids, *self._delta)
        self._over = self._link_below(pointer)
        self.drawing.layer.point_out(None, self._over)

    def _link_below(self, pointer: Pointer) -> Link | None:
        node_id = self._item.node_id
        layer = self.drawing.graph.nodes[node_id].layer
        linked = self.drawing.inputs.get(node_id) or self.drawing.outputs.get(node_id)
        if len(self._ids) > 1 or linked or pointer.keys & Qt.KeyboardModifier.AltModifier:
            return None
        if not changes.can_take(layer, "both", self.drawing.graph.blocks):
            return None
        middle = self._item.rect().center()
        return self.drawing.links.nearest(middle.x(), middle.y(), INSERT_REACH)

    def end(self, pointer: Pointer) -> None:
        """Move them in the document, in one edit; a click selects the node alone, or takes it out with Ctrl."""
        self.drawing.layer.point_out(None, None)
        if not self.has_moved:
            self._click()
            return
        self.drawing.shift(self._ids, 0, 0)
        if not any(self._delta):
            return
        project = changes.moved(self.board.document.project, self._ids, *self._delta)
        text = changes.counted("Move", self._ids)
        if self._over is not None:
            project = changes.with_graph(project, changes.inserted_on(project.graph, self._over, self._item.node_id))
            text = f"Insert {self._item.node_id}"
        self.board.document.edit(text, project)

    def _click(self) -> None:
        node_id = self._item.node_id
        if self._adds and self._was_chosen:
            self.board.select([each for each in self.drawing.chosen if each != node_id])
        elif not self._adds:
            self.board.select((node_id,))

    def cancel(self) -> None:
        """Put them back."""
        self.drawing.layer.point_out(None, None)
        if self.has_moved:
            self.drawing.shift([each for each in self._ids if each in self.drawing.items_by_id], 0, 0)


class Connect(Gesture):
    """Draws a link from a port to another one, either way round; or pulls one off its input."""

    def __init__(self, board: Board, item: NodeItem, slot: Slot, pointer: Pointer) -> None:
        super().__init__(board, pointer)
        self._pulled = None if slot.is_output else self.drawing.inputs.get(item.node_id, {}).get(slot.name)
        if self._pulled is not None:
            self.fixed = End(self._pulled.source, self._pulled.output, True)
        else:
            self.fixed = End(item.node_id, slot.name, slot.is_output)
        graph = self.drawing.graph
        if self._pulled is not None:
            graph = graphs.without_links(graph, [self._pulled])
        self._closing = changes.reachable(graph, self.fixed.node_id, backwards=self.fixed.is_output)
        self._found: tuple[NodeItem, Slot] | None = None
        self._hot: NodeItem | None = None
        self._reason = ""

    def refusal(self, item: NodeItem, slot: Slot) -> str:
        """Why a port cannot take the link; empty where it can."""
        if slot.is_output == self.fixed.is_output:
            if item.node_id == self.fixed.node_id:
                return "" if slot.name == self.fixed.port else "A link joins an output to an input."
            return (
                f"{slot.name} is an {'output' if slot.is_output else 'input'} too: a link joins an output to an input."
            )
        if not slot.known:
            return f"{item.node_id} has no port {slot.name}; connect to one that it has."
        if item.node_id in self._closing:
            source, target = (
                (self.fixed.node_id, item.node_id) if self.fixed.is_output else (item.node_id, self.fixed.node_id)
            )
            return (
                f"This would close a cycle: {target} already leads to {source}."
                if source != target
                else "A node cannot feed itself."
            )
        return ""

    def _can_take(self, item: NodeItem, slot: Slot) -> bool:
        return slot.is_output != self.fixed.is_output and not self.refusal(item, slot)

    def move(self, pointer: Pointer) -> None:
        """Draw the link to the pointer, or to the port that it snaps to, and say why a port does not fit."""
        if self._found is None and not self.board.marks.wire:
            self._offer()
        self._found, self._reason = self._aim(pointer)
        self._point_at()
        start = self.drawing.port_place(self.fixed.node_id, self.fixed.port, self.fixed.is_output)
        stop = self._found[0].port_place(self._found[1]) if self._found else pointer.scene
        if not self.fixed.is_output:
            start, stop = stop, start
        self.board.marks.show_wire((start.x(), start.y(), stop.x(), stop.y()), self._found is not None)
        self.board.show_hint(self._reason, pointer.view)

    def _point_at(self) -> None:
        """Light up the port that the link snaps to."""
        before, self._hot = self._hot, self._found[0] if self._found else None
        if before is not None and before is not self._hot:
            before.point_at(False)
        if self._found is not None:
            item, slot = self._found
            item.point_at(True, (slot.name, slot.is_output))

    def _offer(self) -> None:
        """Dim every port that cannot take the link."""
        self.drawing.lift(self._pulled)
        for item in self.drawing.items_by_id.values():
            own = {(self.fixed.port, self.fixed.is_output)} if item.node_id == self.fixed.node_id else set()
            fitting = {(slot.name, slot.is_output) for slot in item.card.slots if self._can_take(item, slot)}
            item.offer(frozenset(fitting | own))

    def _aim(self, pointer: Pointer) -> tuple[tuple[NodeItem, Slot] | None, str]:
        """The port that would take the link here, or else why the nearest one would not."""
        at, within = pointer.scene, max(SNAP_REACH / self.board.zoom, PORT_REACH)
        near: list[tuple[float, NodeItem, Slot]] = []
        for node_id in self.drawing.nodes.inside(at.x() - within, at.y() - within, at.x() + within, at.y() + within):
            item = self.drawing.items_by_id[node_id]
            inside = item.rect().contains(at)
            for slot in item.card.slots:
                away = item.port_place(slot) - at
                distance = (away.x() ** 2 + away.y() ** 2) ** 0.5
                if distance <= within or inside:
                    near.append((distance, item, slot))
        near.sort(key=lambda each: each[0])
        body = self.drawing.node_at(at)
        fitting = [each for each in near if self._can_take(each[1], each[2])]
        free = [each for each in fitting if not each[2].linked]
        for choice in ([each for each in fitting if each[0] <= within], free, fitting):
            if choice:
                return choice[0][1:], ""
        reasons = [reason for _, item, slot in near if (reason := self.refusal(item, slot))]
        if body is not None and not reasons and body.node_id != self.fixed.node_id:
            reasons = [f"{body.node_id} has no {'input' if self.fixed.is_output else 'output'}."]
        return None, self._closest(near, reasons)

    def _closest(self, near: list[tuple[float, NodeItem, Slot]], reasons: list[str]) -> str:
        """The reason that helps most: that of a port on the right side, else the first."""
        for _, item, slot in near:
            if slot.is_output != self.fixed.is_output and (reason := self.refusal(item, slot)):
                return reason
        return reasons[0] if reasons else ""

    def end(self, pointer: Pointer) -> None:
        """Connect, re-route or delete, in one edit; on empty canvas ask which layer is to be there."""
        found, reason, pulled = self._found, self._reason, self._pulled
        wire = self.board.marks.wire
        self.cancel()
        if not self.has_moved:
            return
        document = self.board.document
        if found is not None:
            link = self.fixed.link_to(found[0].node_id, found[1].name)
            text = f"Connect {link.source} to {link.target}"
            document.edit(text, changes.linked(document.project, link, instead_of=pulled))
        elif reason:
            return
        elif pulled is not None:
            document.edit(f"Disconnect {pulled.target}", changes.removed(document.project, (), [pulled]))
        elif self.drawing.node_at(pointer.scene) is None:
            self.board.marks.show_wire(wire)
            self.board.ask_for_layer(self.fixed, pointer.scene)

    def cancel(self) -> None:
        """Take the drawn link away and show all ports as they are."""
        self.board.marks.show_wire(None)
        self.board.show_hint("")
        self.drawing.lift(None)
        for item in self.drawing.items_by_id.values():
            item.offer(None)
            item.point_at(False)
