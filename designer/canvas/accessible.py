"""The canvas for screen readers: a list whose children are the nodes, and a word on every change.

A plain QGraphicsView exposes no items. Qt asks a factory for the interface of a widget once; the interfaces of nodes
are made when they are asked for, and are no longer valid when their node is gone.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QPointF, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleInterface,
    QWindow,
)
from PySide6.QtWidgets import QWidget

from core.graph import Graph, natural
from designer.canvas.board import Board
from designer.canvas.spoken import in_words
from designer.words import tr

_held: dict[int, CanvasInterface] = {}
"""The interfaces of the canvases that are open: Qt keeps the C++ half alone."""


_kept: list[NodeInterface] = []
"""Every node interface ever made: Qt's cache holds on to their C++ half, and must never find it gone."""


class NodeInterface(QAccessibleInterface):
    """One node of a drawing."""

    def __init__(self, canvas: CanvasInterface, node_id: str) -> None:
        super().__init__()
        self._canvas = canvas
        self.node_id = node_id

    def isValid(self) -> bool:
        """Whether the node is still there."""
        return self._canvas.isValid() and self.node_id in self._canvas.board.drawing.items_by_id

    def object(self) -> QObject | None:  # type: ignore[override]
        """A node is no QObject."""
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]
        """The window of the canvas."""
        return self._canvas.window()

    def parent(self) -> QAccessibleInterface:
        """The canvas."""
        return self._canvas

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """Nothing is in a node."""
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """Nothing is in a node."""
        return None

    def childCount(self) -> int:
        """Nothing is in a node."""
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Nothing is in a node."""
        return -1

    def text(self, kind: QAccessible.Text) -> str:
        """Its name; its layer, links, shapes and problems as the description."""
        drawing = self._canvas.board.drawing
        node = drawing.graph.nodes.get(self.node_id)
        if node is None:
            return ""
        if kind == QAccessible.Text.Name:
            return f"{self.node_id}, {node.layer}"
        if kind != QAccessible.Text.Description:
            return ""
        return in_words(
            self.node_id,
            node,
            drawing.inputs.get(self.node_id, {}).values(),
            drawing.node_report(self.node_id),
            drawing.problems.get(self.node_id, ()),
        )

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """A node is renamed in its form."""

    def rect(self) -> QRect:
        """Where it is on the screen."""
        item = self._canvas.board.drawing.items_by_id.get(self.node_id)
        return self._canvas.on_screen(item.rect()) if item is not None else QRect()

    def role(self) -> QAccessible.Role:
        """A row of a list, which every screen reader knows."""
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        """Selected, in the focus, out of view."""
        board, said = self._canvas.board, QAccessible.State()
        chosen = list(board.drawing.chosen)
        said.selectable = said.focusable = said.multiSelectable = True  # type: ignore[assignment]
        said.selected = self.node_id in board.drawing.chosen  # type: ignore[assignment]
        said.focused = board.hasFocus() and chosen[-1:] == [self.node_id]  # type: ignore[assignment]
        said.offscreen = not self.rect().intersects(self._canvas.rect())  # type: ignore[assignment]
        said.invalid = not self.isValid()  # type: ignore[assignment]
        return said

    def interface_cast(self, kind: QAccessible.InterfaceType) -> None:  # type: ignore[override]
        """What a node can do is in the menus."""


class CanvasInterface(QAccessibleInterface):
    """The canvas as a list of nodes, followed by what floats over it."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        self.board = board
        self._alive = True
        self._order: tuple[Graph | None, list[str]] = (None, [])
        self._nodes: dict[str, NodeInterface] = {}
        self._steps = board.document.undo_stack.index()
        board.destroyed.connect(self._end)
        board.selection_changed.connect(self._tell_focus)
        board.document.undo_stack.indexChanged.connect(self._announce)

    def _end(self) -> None:
        self._alive = False
        _held.pop(id(self.board), None)

    # ---- what Qt asks

    def isValid(self) -> bool:
        """Whether the canvas is still there."""
        return self._alive

    def object(self) -> QObject:
        """The canvas."""
        return self.board

    def window(self) -> QWindow | None:  # type: ignore[override]
        """The window that it is in."""
        return self.board.window().windowHandle()

    def parent(self) -> QAccessibleInterface:
        """What the canvas is in."""
        return QAccessible.queryAccessibleInterface(self.board.parentWidget() or self.board.window())

    def childCount(self) -> int:
        """Nodes and floating parts."""
        return len(self._names()) + len(self._floating())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """A node, or something that floats over the drawing."""
        names = self._names()
        if 0 <= index < len(names):
            return self.node(names[index])
        floating = self._floating()
        index -= len(names)
        return QAccessible.queryAccessibleInterface(floating[index]) if 0 <= index < len(floating) else None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """What lies at a place of the screen."""
        at = QPoint(x, y)
        for each in self._floating():
            if each.rect().contains(each.mapFromGlobal(at)):
                return QAccessible.queryAccessibleInterface(each)
        item = self.board.drawing.node_at(self.board.to_scene(QPointF(self.board.viewport().mapFromGlobal(at))))
        return self.node(item.node_id) if item is not None else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """The place of a node or floating part."""
        if isinstance(child, NodeInterface):
            names = self._names()
            return names.index(child.node_id) if child.node_id in names else -1
        floating: list[QObject] = [*self._floating()]
        return len(self._names()) + floating.index(child.object()) if child.object() in floating else -1

    def text(self, kind: QAccessible.Text) -> str:
        """Name and description of the canvas."""
        if kind == QAccessible.Text.Name:
            return self.board.accessibleName()
        return self.board.accessibleDescription() if kind == QAccessible.Text.Description else ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """The canvas keeps its name."""

    def rect(self) -> QRect:
        """Where it is on the screen."""
        return QRect(self.board.mapToGlobal(QPoint(0, 0)), self.board.size())

    def role(self) -> QAccessible.Role:
        """A list."""
        return QAccessible.Role.List

    def state(self) -> QAccessible.State:
        """In the focus or not."""
        said = QAccessible.State()
        said.focusable = said.multiSelectable = said.extSelectable = True  # type: ignore[assignment]
        said.focused = self.board.hasFocus() and not self.board.drawing.chosen  # type: ignore[assignment]
        said.invisible = not self.board.isVisible()  # type: ignore[assignment]
        return said

    def interface_cast(self, kind: QAccessible.InterfaceType) -> None:  # type: ignore[override]
        """What the canvas can do is in the menus."""

    # ---- nodes

    def node(self, node_id: str) -> NodeInterface:
        """The interface of a node."""
        if node_id not in self._nodes:
            self._nodes[node_id] = NodeInterface(self, node_id)
            _kept.append(self._nodes[node_id])
        return self._nodes[node_id]

    def on_screen(self, area) -> QRect:
        """A part of the scene, on the screen."""
        seen = self.board.viewportTransform().mapRect(area).toRect()
        return QRect(self.board.viewport().mapToGlobal(seen.topLeft()), seen.size())

    def _names(self) -> list[str]:
        graph = self.board.drawing.graph
        if self._order[0] is not graph:
            self._order = (graph, sorted(graph.nodes, key=natural))
        return self._order[1]

    def _floating(self) -> list[QWidget]:
        board = self.board
        held = [*board.children(), *board.viewport().children()]
        bars = (board.viewport(), board.horizontalScrollBar(), board.verticalScrollBar())
        inner = [each for each in held if isinstance(each, QWidget) and each not in bars and each.isVisible()]
        return [each for each in inner if not each.objectName().startswith("qt_")]

    # ---- what is told

    def _tell_focus(self, selected: tuple[str, ...]) -> None:
        if QAccessible.isActive() and selected:
            event = QAccessibleEvent(self.node(selected[-1]), QAccessible.Event.Focus)
            QAccessible.updateAccessibility(event)

    def _announce(self, index: int) -> None:
        """Say the step that was done or taken back, under its name."""
        before, self._steps = self._steps, index
        if QAccessible.isActive() and (words := self.announcement(before, index)):
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.board, words))

    def announcement(self, before: int, index: int) -> str:
        """What is said of a change from one place in the history to another."""
        history = self.board.document.undo_stack
        if index > before and index <= history.count():
            return history.text(index - 1)
        return (
            tr("Taken back: {words}", words=history.text(index)) if index < before and index < history.count() else ""
        )


def _interface(kind: str, of: QObject) -> QAccessibleInterface | None:
    if isinstance(of, Board):
        return _held.setdefault(id(of), CanvasInterface(of))
    return None


def install() -> None:
    """Answer for canvases from now on; a second time changes nothing."""
    if not _installed:
        QAccessible.installFactory(_interface)
        _installed.append(True)


_installed: list[bool] = []
