"""Gestures of the right button: with Ctrl a knife through links, with Alt a link from node to node."""

from __future__ import annotations

from PySide6.QtGui import QPainterPath

from core.graph import Link
from designer.canvas import changes, joining
from designer.canvas.board import Board
from designer.canvas.gestures import Gesture
from designer.canvas.link_layer import path_of
from designer.canvas.node_item import NodeItem
from designer.canvas.stage import Pointer
from designer.words import tr


class Knife(Gesture):
    """Draws a line; every link that it crosses goes, in one edit."""

    def __init__(self, board: Board, pointer: Pointer) -> None:
        super().__init__(board, pointer)
        self._path = [(pointer.scene.x(), pointer.scene.y())]
        self._cut: dict[Link, QPainterPath] = {}

    def move(self, pointer: Pointer) -> None:
        """Draw on, and show which links go."""
        links, at = self.drawing.links, (pointer.scene.x(), pointer.scene.y())
        for link in links.crossing(*self._path[-1], *at):
            self._cut[link] = path_of(links.cubics(link))
        self._path.append(at)
        self.board.marks.show_cut(self._path, self._cut.values())

    def end(self, pointer: Pointer) -> None:
        """Cut them."""
        self.cancel()
        if self._cut:
            gone = list(self._cut)
            text = (
                tr("Cut the link to {target}", target=gone[0].target)
                if len(gone) == 1
                else tr("Cut {count} links", count=len(gone))
            )
            self.board.document.edit(text, changes.removed(self.board.document.project, (), gone))

    def cancel(self) -> None:
        """Take the line away."""
        self.board.marks.show_cut(())


class Join(Gesture):
    """Draws a link from one node to another, wherever they are taken: the first ports that fit are joined."""

    def __init__(self, board: Board, item: NodeItem, pointer: Pointer) -> None:
        super().__init__(board, pointer)
        self._from = item.node_id
        self._link: Link | None = None
        self._hot: NodeItem | None = None

    def move(self, pointer: Pointer) -> None:
        """Show the link as it would be, or why there is none."""
        before, self._hot = self._hot, self.drawing.node_at(pointer.scene)
        if before is not None and before is not self._hot:
            before.point_at(False)
        self._link, reason = None, ""
        if self._hot is not None and self._hot.node_id != self._from:
            self._hot.point_at(True)
            self._link, reason = joining.best(self.drawing, self._from, self._hot.node_id)
        if self._link is not None:
            start = self.drawing.port_place(self._link.source, self._link.output, True)
            stop = self.drawing.port_place(self._link.target, self._link.input, False)
        else:
            start, stop = self.drawing.items_by_id[self._from].rect().center(), pointer.scene
        self.board.marks.show_wire((start.x(), start.y(), stop.x(), stop.y()), self._link is not None and not reason)
        self.board.show_hint(reason, pointer.view)

    def end(self, pointer: Pointer) -> None:
        """Join them."""
        link = self._link
        self.cancel()
        if link is not None:
            document = self.board.document
            document.edit(
                tr("Connect {source} to {target}", source=link.source, target=link.target),
                changes.linked(document.project, link),
            )

    def cancel(self) -> None:
        """Take the line away."""
        self.board.marks.show_wire(None)
        self.board.show_hint("")
        if self._hot is not None:
            self._hot.point_at(False)
