"""What can be asked of a canvas about blocks: group, ungroup, enter, a block of its own, and shared weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from core import graph as graphs
from core.block_edits import fresh_name, may_own, sharing, with_own_block
from core.blocks import BlockFault
from core.graph import Graph
from core.grouping import grouped, ungrouped
from core.named_sizes import sizes_of_uses
from designer import library
from designer.canvas import changes
from designer.scope import Scope
from designer.words import tr


class Shown(Protocol):
    """The canvas that is asked."""

    @property
    def document(self) -> Scope: ...
    @property
    def selected(self) -> tuple[str, ...]: ...
    @property
    def annotations(self) -> tuple[str, ...]: ...
    def select(self, ids: Iterable[str]) -> None: ...


class BlockWork(QObject):
    """The selected nodes as blocks; what cannot be done is said in one sentence.

    `naming_wanted(node)` asks for a name in place, `replacing_wanted(sentence, block)` whether another one may go.
    """

    message = Signal(str)
    naming_wanted = Signal(str)
    library_changed = Signal()
    replacing_wanted = Signal(str, str)

    def __init__(self, board: Shown) -> None:
        super().__init__()
        self._board = board

    @property
    def _graph(self) -> Graph:
        return self._board.document.project.graph

    def _edit(self, text: str, graph: Graph) -> None:
        self._board.document.edit(text, changes.with_graph(self._board.document.project, graph))

    def is_use(self, node_id: str) -> bool:
        """Whether a node uses a block of the project."""
        return node_id in self._graph.nodes and self._graph.nodes[node_id].layer in self._graph.blocks

    @property
    def chosen_use(self) -> str:
        """The one selected node where that uses a block, else ""."""
        chosen = self._board.selected
        return chosen[0] if len(chosen) == 1 and self.is_use(chosen[0]) else ""

    def enter(self, node_id: str = "") -> None:
        """Show the block that a node uses; without one, that of the selected node."""
        node_id = node_id or self.chosen_use
        if node_id:
            self._board.document.enter(node_id)
        else:
            self.message.emit(tr("Select one node that uses a block: only a block can be entered."))

    def leave(self) -> None:
        """Show the drawing around the block that is shown."""
        self._board.document.leave()

    def group(self) -> None:
        """Make the selected nodes a block under a fresh name, which a person may change at once."""
        name = fresh_name(self._graph)
        document = self._board.document
        around = document.document.project.graph.blocks.get(document.block)
        known = around.parameters if around is not None else ()
        try:
            graph, used = grouped(self._graph, self._board.selected, name, self._board.annotations, known)
        except BlockFault as fault:
            self.message.emit(str(fault))
            return
        node = graph.nodes[used]
        graph = graphs.with_node(graph, used, x=changes.snapped(node.x), y=changes.snapped(node.y))
        if name.lower() not in graph.nodes:
            graph, used = graphs.renamed(graph, used, name.lower()), name.lower()
        self._edit(changes.counted(tr("Group"), self._board.selected), graph)
        self._board.select((used,))
        if said := library.hidden_by(graph, name):
            self.message.emit(said)
        self.naming_wanted.emit(used)

    def ungroup(self) -> None:
        """Put the nodes of the selected uses in their place."""
        uses = [each for each in self._board.selected if self.is_use(each)]
        if not uses:
            self.message.emit(tr("Select a node that uses a block: only a block can be ungrouped."))
            return
        graph, made, sizes = self._graph, list[str](), self._sizes
        try:
            for node_id in (each for each in uses if each in graph.nodes):  # those that share weights go together
                graph, paths = ungrouped(graph, node_id, sizes)
                made += paths
        except BlockFault as fault:
            self.message.emit(str(fault))
            return
        self._edit(changes.counted(tr("Ungroup"), uses), graph)
        self._board.select(made)

    @property
    def _sizes(self) -> Mapping[str, Mapping[str, Any]]:
        """What the inputs of the uses in this drawing name, as check found it wherever the drawing is used."""
        shown = self._board.document
        return sizes_of_uses(shown.document.project.graph, shown.block, shown.report.sizes if shown.report else {})

    def make_own(self) -> None:
        """Give the selected use a block of its own, a copy of the one that it shares with others."""
        if node_id := self.chosen_use:
            graph, name = with_own_block(self._graph, node_id)
            self._edit(tr("Give {node_id} a block of its own", node_id=node_id), graph)
            self.message.emit(
                tr("{node_id} uses {name} now, which nothing else does: edit it freely.", node_id=node_id, name=name)
            )
            self.naming_wanted.emit(node_id)

    def keep(self, name: str = "", replacing: bool = False) -> None:
        """Save a block in the library: the one given, of the selected use, or the shown one."""
        node_id = self.chosen_use
        name = name or (self._graph.nodes[node_id].layer if node_id else self._board.document.block)
        if not name:
            self.message.emit(tr("Select a node that uses a block, or enter one, to save it in the library."))
            return
        try:
            library.save(self._graph, name, replacing)
        except library.LibraryFault as fault:
            if library.holds_own(name):
                self.replacing_wanted.emit(str(fault), name)
            else:
                self.message.emit(str(fault))
            return
        self.message.emit(
            tr(
                "{name} is in your library and hides the one that comes along: rename it and save it to have both.",
                name=name,
            )
            if library.comes_along(name)
            else tr(
                "{name} is in your library: every project finds it in the palette, under Library blocks.", name=name
            )
        )
        self.library_changed.emit()

    def owners(self, node_id: str) -> list[str]:
        """The nodes whose weights a node may use."""
        return may_own(self._graph, node_id) if node_id in self._graph.nodes else []

    def share(self, node_id: str, owner: str) -> None:
        """Let a node use another one's weights, "" for its own again."""
        text = (
            tr("Let {node_id} use the weights of {owner}", node_id=node_id, owner=owner)
            if owner
            else tr("Give {node_id} weights of its own", node_id=node_id)
        )
        self._edit(text, sharing(self._graph, node_id, owner))
