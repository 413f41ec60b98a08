"""What a right click offers on a node, on a link, and on empty canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from core.graph import Link
from designer.words import tr


@dataclass(frozen=True)
class Deed:
    """An entry that is no action of the table; its keys are the canvas's own, or those of the action that is `like` it.

    `ticked` is None where there is nothing to tick.
    """

    text: str
    run: Callable[[], object]
    keys: str = ""
    like: str = ""
    ticked: bool | None = None


@dataclass(frozen=True)
class Inner:
    """A menu in a menu."""

    text: str
    entries: Sequence[Entry]


Entry = str | Deed | Inner | None
"""An action of the table by its id, which brings its text, its keys and what it does; None is a line."""

Named = Mapping[str, QAction]
"""The actions of the window by their ids; there are none where a canvas stands alone."""

ARRANGING: tuple[Entry, ...] = (
    "arrange",
    None,
    *(f"align_{side}" for side in ("left", "centre", "right")),
    None,
    *(f"align_{side}" for side in ("top", "middle", "bottom")),
    None,
    "distribute_across",
    "distribute_down",
    None,
    "straighten",
    "put_on_grid",
)
LINKS: tuple[Entry, ...] = (
    "connect_from_here",
    "detach",
    "swap_inputs",
    None,
    "select_upstream",
    "select_downstream",
)

MOST_OWNERS = 30


class Offered(Protocol):
    """What the menus can ask for."""

    def edit_node(self, node_id: str) -> None: ...
    def open_quick_add(self, scene_pos: QPointF | None = None) -> None: ...
    def insert_on(self, link: Link, scene_pos: QPointF) -> None: ...


class Blocks(Protocol):
    """What they can ask for about blocks."""

    def is_use(self, node_id: str) -> bool: ...
    def owners(self, node_id: str) -> list[str]: ...
    def share(self, node_id: str, owner: str) -> None: ...


def node_entries(canvas: Offered, node_id: str, blocks: Blocks, shares: str = "") -> list[Entry]:
    """The menu of the selected nodes, from what is done most to what takes them away."""
    is_use = blocks.is_use(node_id)
    return [
        *(["enter_block"] if is_use else []),
        Deed(tr("Edit…"), lambda: canvas.edit_node(node_id), "Return"),
        "rename",
        "swap_layer",
        "layer_help",
        None,
        "mute",
        "collapse",
        "unused_ports",
        None,
        Inner(tr("Links"), LINKS),
        Inner(tr("Arrange"), ARRANGING),
        *_sharing_entries(node_id, blocks, shares),
        "frame_selection",
        None,
        "surround",
        "group",
        *(["ungroup", "own_block", "keep_block"] if is_use else []),
        None,
        "cut",
        "copy",
        "duplicate",
        "duplicate_with_inputs",
        None,
        "delete_reconnect",
        "delete",
    ]


def _sharing_entries(node_id: str, blocks: Blocks, shares: str) -> list[Entry]:
    """The nodes whose weights this one may use, as a menu of their own, the one in use ticked."""
    owners = blocks.owners(node_id)
    if not owners and not shares:
        return []

    def choose(owner: str) -> Callable[[], object]:
        return lambda: blocks.share(node_id, owner)

    rows = [Deed(tr("No other node: its own"), choose(""), ticked=not shares)]
    rows += [Deed(owner, choose(owner), ticked=owner == shares) for owner in owners[:MOST_OWNERS]]
    return [Inner(tr("Shares weights of"), rows)]


def link_entries(canvas: Offered, link: Link, scene: QPointF, points: Sequence[Entry]) -> list[Entry]:
    """The menu of a link, with what is offered about its points."""
    return [Deed(tr("Insert a layer…"), lambda: canvas.insert_on(link, scene)), *points, None, "delete"]


def empty_entries(canvas: Offered, scene: QPointF, writing: Entry, is_inside: bool) -> list[Entry]:
    """The menu of empty canvas; `is_inside` a block with the way out of it."""
    return [
        *(["leave_block", None] if is_inside else []),
        Deed(tr("Add a layer…"), lambda: canvas.open_quick_add(scene), "Tab"),
        writing,
        None,
        "paste",
        "paste_with_inputs",
        None,
        "select_all",
        "frame_all",
        "arrange",
    ]


def made(entries: Sequence[Entry], parent: QWidget, name: str, actions: Named) -> QMenu:
    """The entries as a menu; actions that are not there are passed over."""
    menu = QMenu(parent)
    menu.setAccessibleName(name)
    _fill(menu, entries, actions)
    return menu


def _fill(menu: QMenu, entries: Sequence[Entry], actions: Named) -> None:
    for entry in entries:
        if entry is None:
            menu.addSeparator()
        elif isinstance(entry, str):
            if entry in actions:
                menu.addAction(actions[entry])
        elif isinstance(entry, Inner):
            inner = menu.addMenu(entry.text)
            inner.setAccessibleName(entry.text)
            _fill(inner, entry.entries, actions)
            inner.menuAction().setVisible(not inner.isEmpty())
        else:
            action = menu.addAction(_with_keys(entry, actions))
            action.setCheckable(entry.ticked is not None)
            action.setChecked(bool(entry.ticked))
            action.triggered.connect(lambda _=False, run=entry.run: run())


def _with_keys(deed: Deed, actions: Named) -> str:
    """A deed's text with its keys beside it, which the canvas or the action answers."""
    keys = actions[deed.like].shortcut() if deed.like in actions else QKeySequence(deed.keys)
    said = keys.toString(QKeySequence.SequenceFormat.NativeText)
    return f"{deed.text}\t{said}" if said else deed.text
