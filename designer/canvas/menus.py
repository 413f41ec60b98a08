"""What a right click offers on a node, on a link, and on empty canvas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu, QWidget

from core.graph import Link

Entry = tuple[str, str, Callable[[], object]] | None
"""Text, keys shown beside it, and what it does; None is a line."""


class Offered(Protocol):
    """What the menus can ask for."""

    def edit_node(self, node_id: str) -> None: ...
    def explain_node(self, node_id: str) -> None: ...
    def mute_selected(self) -> None: ...
    def duplicate(self) -> None: ...
    def copy(self) -> None: ...
    def cut(self) -> None: ...
    def paste(self) -> None: ...
    def frame_selected(self) -> None: ...
    def frame_all(self) -> None: ...
    def select_all(self) -> None: ...
    def delete_selected(self, reconnect: bool = False) -> None: ...
    def open_quick_add(self, scene_pos: QPointF | None = None) -> None: ...
    def insert_on(self, link: Link, scene_pos: QPointF) -> None: ...


def node_entries(canvas: Offered, node_id: str, muted: bool) -> list[Entry]:
    """The menu of the selected nodes."""
    return [
        ("Edit…", "Return", lambda: canvas.edit_node(node_id)),
        ("Help on this layer", "Ctrl+F1", lambda: canvas.explain_node(node_id)),
        ("Unmute" if muted else "Mute", "M", canvas.mute_selected),
        ("Duplicate", "Ctrl+D", canvas.duplicate),
        None,
        ("Cut", "Ctrl+X", canvas.cut),
        ("Copy", "Ctrl+C", canvas.copy),
        None,
        ("Frame", "F", canvas.frame_selected),
        None,
        ("Delete", "Del", canvas.delete_selected),
        ("Delete and reconnect", "Ctrl+Del", lambda: canvas.delete_selected(reconnect=True)),
    ]


def link_entries(canvas: Offered, link: Link, scene: QPointF) -> list[Entry]:
    """The menu of a link."""
    return [
        ("Insert a layer…", "", lambda: canvas.insert_on(link, scene)),
        None,
        ("Delete link", "Del", canvas.delete_selected),
    ]


def empty_entries(canvas: Offered, scene: QPointF) -> list[Entry]:
    """The menu of empty canvas."""
    return [
        ("Add a layer…", "Tab", lambda: canvas.open_quick_add(scene)),
        ("Paste", "Ctrl+V", canvas.paste),
        None,
        ("Select all", "Ctrl+A", canvas.select_all),
        ("Frame all", "Home", canvas.frame_all),
    ]


def made(entries: list[Entry], parent: QWidget, name: str) -> QMenu:
    """The entries as a menu; the keys are shown, the window's actions answer them."""
    menu = QMenu(parent)
    menu.setAccessibleName(name)
    for entry in entries:
        if entry is None:
            menu.addSeparator()
        else:
            text, keys, run = entry
            action = menu.addAction(f"{text}\t{keys}" if keys else text)
            action.triggered.connect(lambda _=False, run=run: run())
    return menu
