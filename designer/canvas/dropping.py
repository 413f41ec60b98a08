"""Drag and drop onto the canvas: layers from the palette with a preview, and files for the window."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragLeaveEvent, QDragMoveEvent, QDropEvent

from core.graph import Block, Link, Node
from core.layers.block import BlockUse
from core.parameters import dropped_values
from designer import entries
from designer.canvas import changes
from designer.canvas.cards import card_of
from designer.canvas.gestures import INSERT_REACH
from designer.canvas.node_item import NodeItem
from designer.canvas.stage import Stage
from designer.palette import MIME

FILES = (".loom", ".csv", ".npz", ".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")
"""Projects, tables and pictures: what the window opens, chooses as data, and tries."""


def layer_in(data: QMimeData, blocks: Mapping[str, Block]) -> str:
    """The layer or block that a drag carries; empty for anything else."""
    if not data.hasFormat(MIME):
        return ""
    name = bytes(data.data(MIME).data()).decode("utf-8", "replace")
    return name if entries.declared(name, blocks) is not None else ""


def file_in(data: QMimeData) -> str:
    """The first file of a drag that the window can open; empty for anything else."""
    paths = (url.toLocalFile() for url in data.urls())
    return next((path for path in paths if Path(path).suffix.lower() in FILES), "")


class Dropped(Protocol):
    """What happens to a drop."""

    def add_layer(self, name: str, scene_pos: QPointF | None = None, on_link: Link | None = None) -> str: ...
    def offer_file(self, path: str) -> None: ...


class Dropping:
    """One drag over the canvas from entering to drop: it shows a ghost of the node and the link it would go into."""

    def __init__(self, stage: Stage, receiver: Dropped) -> None:
        self._stage = stage
        self._receiver = receiver
        self._ghost: NodeItem | None = None
        self._layer = ""
        self._keys = Qt.KeyboardModifier.NoModifier
        self.link: Link | None = None

    def move(self, event: QDragMoveEvent | QDropEvent) -> None:
        """Take or refuse what is over the canvas, and show where it would land."""
        layer = layer_in(event.mimeData(), self._blocks)
        if not layer and not file_in(event.mimeData()):
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if layer:
            self._keys = event.modifiers()
            self._show(layer, event.position())

    @property
    def _blocks(self) -> Mapping[str, Block]:
        return self._stage.drawing.graph.blocks

    def _show(self, layer: str, at: QPointF) -> None:
        scene = self._stage.to_scene(at)
        if self._ghost is None or layer != self._layer:
            self.leave()
            self._layer = layer
            declared = entries.declared(layer, self._blocks)
            node = Node(layer, dropped_values(declared) if declared else {})
            known = {**self._blocks, **({layer: declared.block} if declared and issubclass(declared, BlockUse) else {})}
            self._ghost = NodeItem(
                " ", card_of(layer, node, blocks=known), self._stage.look, self._stage.drawing.frames
            )
            self._ghost.setOpacity(0.65)
            self._ghost.setZValue(20)
            self._stage.drawing.addItem(self._ghost)
        self._ghost.setPos(QPointF(*changes.corner_at(scene.x(), scene.y())))
        self.link = self._link_at(scene)
        self._stage.drawing.layer.point_out(None, self.link)
        self._stage.push_at_edge(at)

    def _link_at(self, scene: QPointF) -> Link | None:
        if self._keys & Qt.KeyboardModifier.AltModifier or not changes.can_take(self._layer, "both", self._blocks):
            return None
        return self._stage.drawing.links.nearest(scene.x(), scene.y(), INSERT_REACH)

    def edge_pushed(self, at: QPointF) -> None:
        """Follow the view while it is pushed."""
        if self._ghost is not None:
            self._show(self._layer, at)

    def leave(self, event: QDragLeaveEvent | None = None) -> None:
        """Take the preview away."""
        self._stage.push_at_edge(None)
        self._stage.drawing.layer.point_out(None, None)
        self.link = None
        if self._ghost is not None:
            self._stage.drawing.removeItem(self._ghost)
            self._ghost = None

    def drop(self, event: QDropEvent) -> None:
        """Add the layer where the ghost was, or hand the file on."""
        self.move(event)
        if not event.isAccepted():
            return
        link, layer = self.link, layer_in(event.mimeData(), self._blocks)
        scene = self._stage.to_scene(event.position())
        self.leave()
        if layer:
            self._receiver.add_layer(layer, scene, link)
        else:
            self._receiver.offer_file(file_in(event.mimeData()))
