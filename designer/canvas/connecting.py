"""Drawing a link from port to port, and pulling either end of one off to another port."""

from __future__ import annotations

from typing import NamedTuple

from core import graph as graphs
from core.graph import Link
from designer.canvas import changes, fitting
from designer.canvas.board import Board
from designer.canvas.cards import Slot
from designer.canvas.changes import End
from designer.canvas.gestures import Gesture
from designer.canvas.metrics import DETAIL_FROM, PORT_REACH, SNAP_REACH
from designer.canvas.node_item import NodeItem
from designer.canvas.stage import Pointer
from designer.words import tr

GRIP = 46.0
"""How near to its end a link has to be pressed for that end to come off; elsewhere a press selects the link."""


class Aim(NamedTuple):
    """The port that would take what is drawn, with what speaks against it though it may be linked all the same."""

    item: NodeItem
    slot: Slot
    doubt: str = ""


class Connect(Gesture):
    """Draws links from the ends that stay to the port under the pointer; `pulled` are those that have come off.

    What cannot be (two outputs, a cycle, no such port) is refused. What the layer itself would refuse is dimmed and
    says so, but may be linked: check offers the repair then.
    """

    def __init__(self, board: Board, fixed: tuple[End, ...], pulled: tuple[Link, ...], pointer: Pointer) -> None:
        super().__init__(board, pointer)
        self.fixed, self.pulled = fixed, pulled
        graph = graphs.without_links(self.drawing.graph, pulled) if pulled else self.drawing.graph
        self._is_output = fixed[0].is_output
        ways = (changes.reachable(graph, each.node_id, backwards=self._is_output) for each in fixed)
        self._closing = set[str]().union(*ways)
        self._aim: Aim | None = None
        self._reason = ""
        self._hot: NodeItem | None = None
        self._offered: dict[str, NodeItem] = {}
        self._doubts: dict[tuple[str, str], str] = {}
        self._begun = False

    # ---- what fits

    def refusal(self, item: NodeItem, slot: Slot) -> str:
        """Why a port cannot take the link; empty where it can."""
        if slot.is_output == self._is_output:
            if any(item.node_id == each.node_id for each in self.fixed):
                is_own = any((item.node_id, slot.name) == (each.node_id, each.port) for each in self.fixed)
                return "" if is_own else tr("A link joins an output to an input.")
            side = "output" if slot.is_output else "input"
            return tr("{name} is an {side} too: a link joins an output to an input.", name=slot.name, side=side)
        if not slot.known:
            return tr("{node_id} has no port {name}; connect to one that it has.", node_id=item.node_id, name=slot.name)
        if item.node_id in self._closing:
            other = self.fixed[0].node_id
            source, target = (other, item.node_id) if self._is_output else (item.node_id, other)
            if source == target:
                return tr("A node cannot feed itself.")
            return tr("This would close a cycle: {target} already leads to {source}.", target=target, source=source)
        return ""

    def doubt(self, item: NodeItem, slot: Slot) -> str:
        """What the layer that would take the link says against what is known to flow there; asked once for a port."""
        key = (item.node_id, slot.name)
        if key not in self._doubts:
            links = (each.link_to(item.node_id, slot.name) for each in self.fixed)
            said = (fitting.refusal(self.drawing.graph, self._reports, link, self.pulled) for link in links)
            self._doubts[key] = next(filter(None, said), "")
        return self._doubts[key]

    @property
    def _reports(self) -> fitting.Reports:
        return self.drawing.checked.nodes

    def _can_take(self, item: NodeItem, slot: Slot) -> bool:
        return slot.is_output != self._is_output and not self.refusal(item, slot)

    # ---- following the pointer

    def move(self, pointer: Pointer) -> None:
        """Draw the link to the pointer, or to the port that it snaps to, and say why a port does not fit."""
        if not self._begun:
            self._begun = True
            self.drawing.lift(self.pulled)
        self._offer()
        self._aim, self._reason = self._aimed(pointer)
        self._point_at()
        stop = self._aim.item.port_place(self._aim.slot) if self._aim else pointer.scene
        wires: list[tuple[float, float, float, float]] = []
        for each in self.fixed:
            start = self.drawing.port_place(each.node_id, each.port, each.is_output)
            one, other = (start, stop) if self._is_output else (stop, start)
            wires.append((one.x(), one.y(), other.x(), other.y()))
        self.board.marks.show_wires(wires, self._aim is not None and not self._aim.doubt)
        self.board.show_hint(self._reason, pointer.view)

    def _point_at(self) -> None:
        """Light up the port that the link snaps to."""
        before, self._hot = self._hot, self._aim.item if self._aim else None
        if before is not None and before is not self._hot:
            before.point_at(False)
        if self._aim is not None:
            self._aim.item.point_at(True, (self._aim.slot.name, self._aim.slot.is_output))

    def _offer(self) -> None:
        """Let the ports in view that fit stand out and dim the others; those that come into view follow."""
        if self.board.zoom < DETAIL_FROM:
            return
        seen = self.board.seen()
        for node_id in self.drawing.nodes.inside(seen.left(), seen.top(), seen.right(), seen.bottom()):
            if node_id not in self._offered:
                item = self._offered[node_id] = self.drawing.items_by_id[node_id]
                own = {(each.port, each.is_output) for each in self.fixed if each.node_id == node_id}
                fitting_here = {
                    (slot.name, slot.is_output)
                    for slot in item.card.slots
                    if self._can_take(item, slot) and not self.doubt(item, slot)
                }
                item.offer(frozenset(fitting_here | own))

    def _aimed(self, pointer: Pointer) -> tuple[Aim | None, str]:
        """The port that would take the link here and what speaks against it, or else why the nearest one would not."""
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
        near.sort(key=lambda each: (each[0], each[2].linked))  # the ports of a collapsed node are all at one place
        able = [each for each in near if self._can_take(each[1], each[2])]
        close = [each for each in able if each[0] <= within]
        sure = [each for each in close if not self.doubt(each[1], each[2])]
        body = [each for each in able if not each[2].linked and not self.doubt(each[1], each[2])]
        for choice in (sure, close, body, [each for each in able if not each[2].linked], able):
            if choice:
                aim = Aim(choice[0][1], choice[0][2], self.doubt(choice[0][1], choice[0][2]))
                return aim, aim.doubt
        return None, self._obstacle(near, self.drawing.node_at(at))

    def _obstacle(self, near: list[tuple[float, NodeItem, Slot]], body: NodeItem | None) -> str:
        """The reason that helps most: that of a port on the right side, else the first."""
        for _, item, slot in near:
            if slot.is_output != self._is_output and (reason := self.refusal(item, slot)):
                return reason
        reasons = [reason for _, item, slot in near if (reason := self.refusal(item, slot))]
        if body is not None and not reasons and body.node_id != self.fixed[0].node_id:
            return tr("{node_id} has no {value}.", node_id=body.node_id, value="input" if self._is_output else "output")
        return reasons[0] if reasons else ""

    # ---- the end

    def end(self, pointer: Pointer) -> None:
        """Connect, re-route or delete, in one edit; on empty canvas ask which layer is to be there."""
        aim, reason, pulled = self._aim, self._reason, self.pulled
        wire = self.board.marks.wire
        self.cancel()
        if not self.has_moved:
            return
        document = self.board.document
        if aim is not None:
            links = tuple(each.link_to(aim.item.node_id, aim.slot.name) for each in self.fixed)
            text = tr("Connect {source} to {target}", source=links[0].source, target=links[0].target)
            if pulled:
                text = tr("Re-route {source} to {target}", source=links[0].source, target=links[0].target)
            if len(links) > 1:
                text = tr("Move {count} links to {node_id}", count=len(links), node_id=aim.item.node_id)
            graph = document.project.graph
            if set(links) != set(pulled):
                graph = graphs.without_links(graph, pulled)
                for link in links:
                    graph = graph if link in graph.links else graphs.with_link(graph, link)
            document.edit(text, changes.with_graph(document.project, graph))
        elif reason:
            return
        elif pulled:
            ends = {each.target for each in pulled}
            text = (
                tr("Disconnect {next}", next=next(iter(ends)))
                if len(pulled) == 1
                else tr("Disconnect {count} links", count=len(pulled))
            )
            document.edit(text, changes.removed(document.project, (), pulled))
        elif self.drawing.node_at(pointer.scene) is None:
            self.board.marks.show_wire(wire)
            self.board.ask_for_layer(self.fixed[0], pointer.scene)

    def cancel(self) -> None:
        """Take the drawn link away and show all ports as they are."""
        self.board.marks.show_wires(())
        self.board.show_hint("")
        self.drawing.lift()
        for item in self._offered.values():
            item.offer(None)
            item.point_at(False)
        self._offered.clear()
        if self._hot is not None:
            self._hot.point_at(False)


def from_port(board: Board, item: NodeItem, slot: Slot, pointer: Pointer, takes_along: bool) -> Connect:
    """The gesture of a press on a port: a new link; off an input, the link that ends there.

    `takes_along` (Shift) pulls off an output every link that begins there, to lead them to another one.
    """
    drawing = board.drawing
    if slot.is_output:
        leaving = [link for link in drawing.outputs.get(item.node_id, ()) if link.output == slot.name]
        if takes_along and leaving:
            fixed = tuple(End(link.target, link.input, False) for link in leaving)
            return Connect(board, fixed, tuple(leaving), pointer)
        return Connect(board, (End(item.node_id, slot.name, True),), (), pointer)
    held = drawing.inputs.get(item.node_id, {}).get(slot.name)
    if held is not None:
        return Connect(board, (End(held.source, held.output, True),), (held,), pointer)
    return Connect(board, (End(item.node_id, slot.name, False),), (), pointer)


def from_link(board: Board, link: Link, pointer: Pointer) -> Connect | None:
    """The gesture of a press on a link near one of its ends, which comes off; None in the middle of it."""
    x1, y1, x2, y2 = board.drawing.links.column("ends")[board.drawing.links.slot[link]].tolist()
    at = pointer.scene
    begin = ((at.x() - x1) ** 2 + (at.y() - y1) ** 2) ** 0.5
    end = ((at.x() - x2) ** 2 + (at.y() - y2) ** 2) ** 0.5
    grip = min(GRIP / board.zoom, max(begin + end, 1.0) / 3)
    if min(begin, end) > grip:
        return None
    if end <= begin:
        return Connect(board, (End(link.source, link.output, True),), (link,), pointer)
    return Connect(board, (End(link.target, link.input, False),), (link,), pointer)
