"""What a right click offers on a node, on a link, and on empty canvas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu, QWidget

from core.graph import Link
from designer.words import tr

Row = tuple[str, Callable[[], object], bool | None]
"""An entry of a menu in a menu: text, what it does, and whether it is ticked; None where there is nothing to tick."""

Entry = tuple[str, str, Callable[[], object] | list[Row]] | None
"""Text, keys shown beside it, and what it does or the menu that it opens; None is a line."""

MOST_OWNERS = 30


class Offered(Protocol):
    """What the menus can ask for."""

    def edit_node(self, node_id: str) -> None: ...
    def explain_node(self, node_id: str) -> None: ...
    def mute_selected(self) -> None: ...
    def duplicate(self, keeps_inputs: bool = False) -> None: ...
    def copy(self) -> None: ...
    def cut(self) -> None: ...
    def paste(self, keeps_inputs: bool = False) -> None: ...
    def frame_selected(self) -> None: ...
    def frame_all(self) -> None: ...
    def select_all(self) -> None: ...
    def delete_selected(self, reconnect: bool = False) -> None: ...
    def open_quick_add(self, scene_pos: QPointF | None = None) -> None: ...
    def insert_on(self, link: Link, scene_pos: QPointF) -> None: ...

    @property
    def wiring(self) -> Links: ...


class Links(Protocol):
    """What they can ask for about links."""

    def connect_from_here(self) -> None: ...
    def detach(self) -> None: ...
    def swap_inputs(self) -> None: ...
    def ask_for_another(self) -> None: ...
    def select_way(self, backwards: bool) -> None: ...


class Blocks(Protocol):
    """What they can ask for about blocks."""

    def enter(self, node_id: str = "") -> None: ...
    def leave(self) -> None: ...
    def group(self) -> None: ...
    def ungroup(self) -> None: ...
    def make_own(self) -> None: ...
    def keep(self, name: str = "") -> None: ...
    def is_use(self, node_id: str) -> bool: ...
    def owners(self, node_id: str) -> list[str]: ...
    def share(self, node_id: str, owner: str) -> None: ...


def node_entries(canvas: Offered, node_id: str, muted: bool, blocks: Blocks, shares: str = "") -> list[Entry]:
    """The menu of the selected nodes."""
    return [
        *([(tr("Enter block"), "Ctrl+Return", lambda: blocks.enter(node_id))] if blocks.is_use(node_id) else []),
        (tr("Edit…"), "Return", lambda: canvas.edit_node(node_id)),
        (tr("Help on this layer"), "Ctrl+F1", lambda: canvas.explain_node(node_id)),
        (tr("Unmute") if muted else tr("Mute"), "M", canvas.mute_selected),
        (tr("Duplicate"), "Ctrl+D", canvas.duplicate),
        (tr("Duplicate with inputs"), "Alt+D", lambda: canvas.duplicate(keeps_inputs=True)),
        (tr("Swap for another layer…"), "Shift+S", canvas.wiring.ask_for_another),
        (tr("Links"), "", _wiring_rows(canvas.wiring)),
        None,
        *_block_entries(node_id, blocks),
        *_sharing_entries(node_id, blocks, shares),
        None,
        (tr("Cut"), "Ctrl+X", canvas.cut),
        (tr("Copy"), "Ctrl+C", canvas.copy),
        None,
        (tr("Frame"), "F", canvas.frame_selected),
        None,
        (tr("Delete"), "Del", canvas.delete_selected),
        (tr("Delete and reconnect"), "Ctrl+Del", lambda: canvas.delete_selected(reconnect=True)),
    ]


def _wiring_rows(links: Links) -> list[Row]:
    return [
        (tr("Connect from here…\tC"), links.connect_from_here, None),
        (f"{tr('Detach')}\tD", links.detach, None),
        (tr("Swap inputs\tAlt+S"), links.swap_inputs, None),
        (tr("Select what feeds it\tShift+Left"), lambda: links.select_way(backwards=True), None),
        (tr("Select what it feeds\tShift+Right"), lambda: links.select_way(backwards=False), None),
    ]


def _block_entries(node_id: str, blocks: Blocks) -> list[Entry]:
    group: list[Entry] = [(tr("Group into a block"), "Ctrl+G", blocks.group)]
    if not blocks.is_use(node_id):
        return group
    return [
        *group,
        (tr("Ungroup"), "Ctrl+Shift+G", blocks.ungroup),
        (tr("Make it a block of its own"), "", blocks.make_own),
        (tr("Save the block in the library"), "", blocks.keep),
    ]


def _sharing_entries(node_id: str, blocks: Blocks, shares: str) -> list[Entry]:
    """The nodes whose weights this one may use, as a menu of their own, the one in use ticked."""
    owners = blocks.owners(node_id)
    if not owners and not shares:
        return []

    def choose(owner: str) -> Callable[[], object]:
        return lambda: blocks.share(node_id, owner)

    rows: list[Row] = [(tr("No other node: its own"), choose(""), not shares)]
    rows += [(owner, choose(owner), owner == shares) for owner in owners[:MOST_OWNERS]]
    return [(tr("Shares weights of"), "", rows)]


def link_entries(canvas: Offered, link: Link, scene: QPointF) -> list[Entry]:
    """The menu of a link."""
    return [
        (tr("Insert a layer…"), "", lambda: canvas.insert_on(link, scene)),
        None,
        (tr("Delete link"), "Del", canvas.delete_selected),
    ]


def empty_entries(canvas: Offered, scene: QPointF, within: Blocks | None = None) -> list[Entry]:
    """The menu of empty canvas, `within` a block with the way out of it."""
    return [
        *([(tr("Leave block"), "Ctrl+Backspace", within.leave), None] if within else []),
        (tr("Add a layer…"), "Tab", lambda: canvas.open_quick_add(scene)),
        (tr("Paste"), "Ctrl+V", canvas.paste),
        (tr("Paste with inputs"), "Ctrl+Shift+V", lambda: canvas.paste(keeps_inputs=True)),
        None,
        (tr("Select all"), "Ctrl+A", canvas.select_all),
        (tr("Frame all"), "Home", canvas.frame_all),
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
            if isinstance(run, list):
                _add_rows(menu, text, run)
                continue
            action = menu.addAction(f"{text}\t{keys}" if keys else text)
            action.triggered.connect(lambda _=False, run=run: run())
    return menu


def _add_rows(menu: QMenu, text: str, rows: list[Row]) -> None:
    inner = menu.addMenu(text)
    inner.setAccessibleName(text)
    for word, run, ticked in rows:
        action = inner.addAction(word)
        action.setCheckable(ticked is not None)
        action.setChecked(bool(ticked))
        action.triggered.connect(lambda _=False, run=run: run())
