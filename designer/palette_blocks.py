"""What the palette can do with a block besides putting it into the drawing: enter, rename, delete, keep, remove."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from msgspec.structs import replace
from PySide6.QtCore import QObject

from core.block_edits import without_blocks
from core.graph import Graph
from designer import library
from designer.breadcrumb import uses
from designer.scope import Scope
from designer.use_card import renaming
from designer.words import tr

Say = Callable[..., None]


class Keeping(Protocol):
    """What saves a block in the library, and tells of it."""

    def keep(self, name: str = "", replacing: bool = False) -> None: ...


class PaletteBlocks(QObject):
    """Does what the palette's menu and keys ask for a block; what cannot be done is said in one sentence."""

    def __init__(self, scope: Scope, keeping: Keeping, say: Say, told: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._scope = scope
        self._keeping = keeping
        self._say = say
        self._told = told

    def do(self, what: str, name: str, new: str = "") -> None:
        """Do one of "enter", "rename" (to `new`), "delete", "keep" and "remove" with a block."""
        {
            "enter": lambda: self._scope.enter_block(name),
            "rename": lambda: self._rename(name, new),
            "delete": lambda: self._delete(name),
            "keep": lambda: self._keeping.keep(name),
            "remove": lambda: self._remove(name),
        }[what]()

    def _rename(self, old: str, new: str) -> None:
        said = renaming(self._scope, old, new)
        if said:
            self._say("warning", said)

    def _delete(self, name: str) -> None:
        document = self._scope.document
        project = document.project
        count = uses(project.graph, name)
        if count:
            self._say(
                "warning",
                tr(
                    "The block {name} is used {times}, so that it cannot be deleted: delete what uses it first.",
                    name=name,
                    times=_times(count),
                ),
            )
            return
        kept = tuple(each for each in project.palette if each != name)
        document.edit(
            tr("Delete the block {name}", name=name),
            replace(project, graph=without_blocks(project.graph, [name]), palette=kept),
        )

    def _remove(self, name: str) -> None:
        try:
            held = library.remove(name)
        except library.LibraryFault as fault:
            self._say("warning", str(fault))
            return
        self._told()
        self._say(
            "note",
            tr("{name} is no longer in your library.", name=name),
            tr("Put it back"),
            lambda: self._put_back(held, name),
        )

    def _put_back(self, held: Graph, name: str) -> None:
        try:
            library.save(held, name)
        except library.LibraryFault as fault:
            self._say("warning", str(fault))
        self._told()


def _times(count: int) -> str:
    return tr("once") if count == 1 else tr("{count} times", count=count)
