"""The canvas: turns mouse, keys and drops into gestures and edits.

What each gesture does, and how those are settled that habits bind twice, stands in `gesture_table.GESTURES`: Alt at the
press takes a node out of its links, Alt at the drop keeps it out of the link below; a double click adds on the empty
canvas, edits or renames on a node, enters a block and bends a link; Tab searches, Space pans, F frames.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QMenu

from core.graph import Link
from designer.canvas import menus, picture_menus
from designer.canvas.board import Board
from designer.canvas.connecting import from_link, from_port
from designer.canvas.dropping import Dropping
from designer.canvas.gestures import Box, Gesture, Move, Pan
from designer.canvas.metrics import DETAIL_FROM, PORT_REACH
from designer.canvas.picture_gestures import MovePiece, Stretch, cursor_of
from designer.canvas.right_drag import Join, Knife
from designer.canvas.sketch import Grip
from designer.canvas.stage import Pointer
from designer.canvas.value_place import value_at
from designer.canvas.walking import Way, nearest_to, neighbour
from designer.document import Document
from designer.scope import Scope
from designer.theme import DARK, Theme
from designer.words import tr

LINK_REACH = 8.0
ARROWS: dict[int, Way] = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


class Canvas(Board):
    """The drawing of a document's graph, and every gesture on it."""

    def __init__(self, document: Document | Scope, theme: Theme = DARK) -> None:
        self.gesture: Gesture | None = None
        self._space = False
        self._menu_spent = False
        """Whether the right button draws, so that no menu belongs to this press."""
        super().__init__(document, theme)
        self._dropping = Dropping(self, self)
        self.setAccessibleName(tr("Canvas"))
        self.viewport().setAccessibleName(tr("Drawing of the network"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setAcceptDrops(True)

    # ---- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin the gesture that belongs to what is pressed."""
        event.accept()
        if self.gesture is not None:
            return
        self.floating.quick_add.close_up()
        self._menu_spent = False
        pointer = self.pointer(event.position(), event.modifiers())
        if event.button() == Qt.MouseButton.MiddleButton or (
            self._space and event.button() == Qt.MouseButton.LeftButton
        ):
            self.gesture = Pan(self, pointer)
        elif event.button() == Qt.MouseButton.LeftButton:
            self.gesture = self._gesture_at(pointer)
        elif event.button() == Qt.MouseButton.RightButton:
            self.gesture = self._right_gesture(pointer)
            self._menu_spent = self.gesture is not None

    def _right_gesture(self, pointer: Pointer) -> Gesture | None:
        """With Ctrl the knife, with Alt a link from node to node; without them the button opens the menu."""
        node = self.drawing.node_at(pointer.scene)
        if pointer.keys & CTRL:
            return Knife(self, pointer)
        if pointer.keys & ALT and node is not None:
            return Join(self, node, pointer)
        return None

    def _gesture_at(self, pointer: Pointer) -> Gesture | None:
        port = self.drawing.port_at(pointer.scene, self._port_reach())
        if port is not None:
            return from_port(self, *port, pointer, takes_along=bool(pointer.keys & SHIFT))
        node = self.drawing.node_at(pointer.scene)
        if node is not None:
            self.floating.person_chose()
            return Move(self, node, pointer)
        grip = self._grip_at(pointer)
        if grip is not None:
            return Stretch(self, grip, pointer) if grip.sides else MovePiece(self, grip.piece, pointer)
        link = self._link_at(pointer)
        if link is not None:
            self.select(())
            self.choose_link(link)
            return from_link(self, link, pointer)
        return Box(self, pointer)

    def _grip_at(self, pointer: Pointer) -> Grip | None:
        """The note, frame or point of a link under the pointer; a link that runs over a frame comes before it."""
        sketch = self.drawing.sketch
        front = sketch.front_at(pointer.scene, self.zoom)
        if front is not None or not sketch.items or self._link_at(pointer) is not None:
            return front
        return sketch.frame_at(pointer.scene, self.zoom)

    def _port_reach(self) -> float:
        return min(max(PORT_REACH / self.zoom, PORT_REACH), 1.6 * PORT_REACH)

    def _link_at(self, pointer: Pointer) -> Link | None:
        return self.drawing.links.nearest(pointer.scene.x(), pointer.scene.y(), LINK_REACH / self.zoom)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let the gesture follow; without one, show what is under the pointer."""
        event.accept()
        self.mouse_at = event.position()
        pointer = self.pointer(event.position(), event.modifiers())
        if self.gesture is not None:
            self.gesture.follow(pointer)
            if self.gesture is not None and self.gesture.pushes_edge and self.gesture.has_moved:
                self.push_at_edge(event.position())
        elif not event.buttons():
            self._hover(pointer)

    def _hover(self, pointer: Pointer) -> None:
        port = self.drawing.port_at(pointer.scene, self._port_reach())
        node = port[0] if port else self.drawing.node_at(pointer.scene)
        grip = None if node else self._grip_at(pointer)
        link = None if node or grip else self._link_at(pointer)
        if not self._space:
            self.viewport().setCursor(cursor_of(grip))
        self.floating.hover(node, (port[1].name, port[1].is_output) if port else None)
        self.drawing.layer.point_out(self.chosen_link, link if link != self.chosen_link else None)
        note = node.card.note if node is not None and port is None else ""
        self.viewport().setToolTip(note or self.floating.tooltip(port, link))

    def edge_pushed(self, at: QPointF) -> None:
        """Let what is dragged follow the view."""
        if self.gesture is not None:
            self.gesture.follow(self.pointer(at, QGuiApplication.keyboardModifiers()))
        else:
            self._dropping.edge_pushed(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the gesture."""
        event.accept()
        gesture = self.gesture
        buttons = Qt.MouseButton
        ends = buttons.RightButton if isinstance(gesture, Knife | Join) else buttons.LeftButton
        if gesture is None or (event.button() != ends and not isinstance(gesture, Pan)):
            return
        self.gesture = None
        self.push_at_edge(None)
        gesture.end(self.pointer(event.position(), event.modifiers()))
        if isinstance(gesture, Knife | Join) and not gesture.has_moved:
            self.menu_at(event.position()).popup(event.globalPosition().toPoint())

    def cancel_gesture(self) -> None:
        """Leave everything as it was before the gesture that is on."""
        gesture, self.gesture = self.gesture, None
        self.push_at_edge(None)
        if gesture is not None:
            gesture.cancel()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Enter a block, edit another node; add a layer on empty canvas."""
        event.accept()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        pointer = self.pointer(event.position(), event.modifiers())
        node = self.drawing.node_at(pointer.scene)
        if node is not None:
            self._edit_in_place(node.node_id, pointer.scene)
        elif (grip := self._grip_at(pointer)) is not None:
            if isinstance(grip.piece, str):
                self.picture.write(grip.piece)
            else:
                self.picture.unbend(grip.piece)
        elif (link := self._link_at(pointer)) is not None:
            self.picture.bend(link, pointer.scene)
        else:
            self.open_quick_add(pointer.scene)

    def _edit_in_place(self, node_id: str, at: QPointF) -> None:
        """Edit the name or value under a point; a block is entered but for its values; from afar the form opens."""
        is_use = self.blocks.is_use(node_id)
        value = value_at(self.drawing.items_by_id[node_id], self.look, at)
        if is_use and not value:
            self.document.enter(node_id)
        elif self.zoom < DETAIL_FROM:
            self.edit_node(node_id)
        else:
            self.popups.edit_at(node_id, at)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done here; a right button that draws opens nothing."""
        if self._menu_spent and event.reason() == QContextMenuEvent.Reason.Mouse:
            event.accept()
            return
        self.menu_at(QPointF(event.pos())).popup(event.globalPos())
        event.accept()

    def menu_at(self, view: QPointF) -> QMenu:
        """The menu for what lies at a point of the viewport; it is selected first."""
        self.cancel_gesture()
        pointer = self.pointer(view)
        node, link = self.drawing.node_at(pointer.scene), self._link_at(pointer)
        grip = None if node is not None else self._grip_at(pointer)
        if grip is not None:
            if grip.piece not in self.pieces:
                self.select((), pieces=(grip.piece,))
            entries, name = picture_menus.entries(self.picture, grip.piece), tr("Note or frame")
        elif node is not None:
            if node.node_id not in self.drawing.chosen:
                self.select((node.node_id,))
            shares = self.document.project.graph.nodes[node.node_id].shares
            entries, name = menus.node_entries(self, node.node_id, self.blocks, shares), tr("Node")
        elif link is not None:
            self.select(())
            self.choose_link(link)
            points = picture_menus.link_entries(self.picture, link, pointer.scene, self.drawing.graph.bends)
            entries, name = menus.link_entries(self, link, pointer.scene, points), tr("Link")
        else:
            note = picture_menus.writing(self.picture, pointer.scene)
            entries, name = menus.empty_entries(self, pointer.scene, note, bool(self.document.steps)), tr("Canvas")
        actions = {each.objectName(): each for each in (*self.window().actions(), *self.actions())}
        menu = menus.made(entries, self, name, actions)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    # ---- the keyboard

    def _owns(self, event: QKeyEvent) -> bool:
        """Whether a key is the canvas's own; all others are left to the window's actions."""
        key, keys = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in ARROWS:
            return keys in (Qt.KeyboardModifier.NoModifier, CTRL)
        if key == Qt.Key.Key_A:
            return keys == SHIFT
        if key == Qt.Key.Key_Escape:
            is_in_use = self.gesture is not None or self.popups.is_open or bool(self.pieces)
            is_in_use = is_in_use or bool(self.drawing.chosen) or self.chosen_link is not None
            return is_in_use or bool(self.document.steps)
        plain = (Qt.Key.Key_Tab, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        return key in plain and keys == Qt.KeyboardModifier.NoModifier

    def event(self, event: QEvent) -> bool:
        """Claim the canvas's own keys before shortcuts do; drops on what floats over the viewport count too."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._owns(event):
            event.accept()
            return True
        if isinstance(event, QDragLeaveEvent):
            self.dragLeaveEvent(event)
        elif isinstance(event, QDragMoveEvent):
            self.dragMoveEvent(event)
        elif isinstance(event, QDropEvent):
            self.dropEvent(event)
        else:
            return super().event(event)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, nudge, search, pan and cancel; everything else belongs to the window."""
        if not self._owns(event):
            event.ignore()
            return
        event.accept()
        key = event.key()
        if key in ARROWS:
            self._arrow(ARROWS[key], bool(event.modifiers() & CTRL))
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_A):
            self.open_quick_add()
        elif key == Qt.Key.Key_Escape:
            self._escape()
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat() and self.gesture is None:
                self._hold_space(True)
        elif len(self.selected) == 1:
            self.edit_node(self.selected[0])
        else:
            self.picture.write()

    def _arrow(self, way: Way, nudges: bool) -> None:
        if nudges:
            self.nudge(way)
            return
        chosen = self.selected
        found = neighbour(self.drawing, chosen[-1], way) if chosen else nearest_to(self.drawing, self.seen().center())
        if found is not None:
            self.reveal(found)

    def _escape(self) -> None:
        if self.gesture is not None:
            self.cancel_gesture()
        elif self.popups.close_topmost():
            return
        elif not self.drawing.chosen and not self.pieces and self.chosen_link is None:
            self.document.leave()
        else:
            self.choose_link(None)
            self.select(())

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let go of Space."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._hold_space(False)
            event.accept()
        else:
            event.ignore()

    def _hold_space(self, held: bool) -> None:
        self._space = held
        if held:
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.viewport().unsetCursor()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A key that is let go elsewhere is let go here too."""
        self._hold_space(False)
        super().focusOutEvent(event)

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Tab is quick add here; Shift+Tab and F6 leave the canvas, and what lies over it is walked as elsewhere."""
        return False if forwards and self.hasFocus() else super().focusNextPrevChild(forwards)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self.mouse_at = None
        if self.gesture is None:
            self.floating.hover(None, None)
            self.drawing.layer.point_out(self.chosen_link, None)
        super().leaveEvent(event)

    # ---- drag and drop

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take layers and files."""
        self._dropping.move(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would land."""
        self._dropping.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Show nothing any more."""
        self._dropping.leave(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Add the layer, or offer the file to the window."""
        self._dropping.drop(event)
        if event.isAccepted():
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def offer_file(self, path: str) -> None:
        """Offer a dropped file to the window."""
        self.file_dropped.emit(path)
