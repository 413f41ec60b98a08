"""What can be asked of a canvas about links: detach, swap, connect by keyboard, select along them, show the way."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, Protocol

from PySide6.QtCore import QObject, Signal

from core.graph import Graph, Link
from core.layers import declaration_of
from core.parameters import dropped_values
from core.project import Project
from core.specs import shape_text
from designer import entries
from designer.canvas import changes, fitting, joining, rewiring
from designer.canvas.changes import End
from designer.canvas.drawing import Drawing
from designer.canvas.joining import Offer
from designer.scope import Scope
from designer.words import tr


class Replaced(NamedTuple):
    """What quick add is asked for: the layer that is to take the place of a node."""

    node_id: str


class Shown(Protocol):
    """The canvas that is asked."""

    drawing: Drawing

    @property
    def document(self) -> Scope: ...
    @property
    def selected(self) -> tuple[str, ...]: ...
    def select(self, ids: Iterable[str]) -> None: ...
    def ask_for_another(self, node_id: str) -> None: ...
    def pick_link(self, node_id: str) -> None: ...


class Wiring(QObject):
    """The links of the selected nodes; what cannot be done is said in one sentence."""

    message = Signal(str)

    def __init__(self, board: Shown) -> None:
        super().__init__()
        self._board = board
        self.lights_path = False
        """Whether the way of what is selected stands out, and the rest is dim."""

    @property
    def _graph(self) -> Graph:
        return self._board.document.project.graph

    @property
    def _reports(self) -> fitting.Reports:
        return self._board.drawing.checked.nodes

    def _edit(self, text: str, graph: Graph) -> None:
        self._board.document.edit(text, changes.with_graph(self._board.document.project, graph))

    # ---- links

    def detach(self) -> None:
        """Take the selected nodes out of their links to others, and join what they stood between."""
        ids = self._board.selected
        if ids and rewiring.outer_links(self._graph, ids):
            self._edit(changes.counted(tr("Detach"), ids), rewiring.detached(self._graph, ids))
        else:
            self.message.emit(tr("Nothing was detached: select a node that has links to others."))

    def swap_inputs(self) -> None:
        """Change over what arrives at the first two inputs of each selected node."""
        graph, done = self._graph, list[str]()
        for node_id in self._board.selected:
            swapped = rewiring.with_swapped_inputs(graph, node_id)
            if swapped is not graph:
                graph = swapped
                done.append(node_id)
        if done:
            self._edit(changes.counted(tr("Swap the inputs of"), done), graph)
        else:
            self.message.emit(tr("Nothing was swapped: select a node with two inputs, at least one of them linked."))

    def connect_from_here(self) -> None:
        """Link the selected nodes one after another; offer what one alone could be linked to."""
        ids = self._board.selected
        if len(ids) == 1:
            self._board.pick_link(ids[0])
        elif ids:
            self._connect_row(ids)
        else:
            self.message.emit(
                tr("Select the node to connect from, then press C; with several, they are linked in order.")
            )

    def _connect_row(self, ids: Sequence[str]) -> None:
        before = self._board.document.project
        drawing, made = self._board.drawing, list[Link]()
        graph = before.graph
        for source, target in itertools.pairwise(ids):
            if target in changes.reachable(graph, source, backwards=True):
                self.message.emit(
                    tr(
                        "{source} cannot feed {target}: {target} already leads to {source}.",
                        source=source,
                        target=target,
                    )
                )
                return
            link, why = joining.best(drawing, source, target)
            if link is None:
                self.message.emit(why)
                return
            made.append(link)
            graph = changes.linked(changes.with_graph(before, graph), link).graph
        text = (
            tr("Connect {source} to {target}", source=made[0].source, target=made[0].target)
            if len(made) == 1
            else tr("Connect {count} nodes", count=len(ids))
        )
        self._edit(text, graph)

    def offers(self, node_id: str, typed: str) -> list[Offer]:
        """What a node could be linked to, near ones first."""
        return joining.offers(self._board.drawing, node_id, typed)

    def draw(self, link: Link) -> None:
        """Draw a link."""
        self._edit(
            tr("Connect {source} to {target}", source=link.source, target=link.target),
            changes.linked(self._board.document.project, link).graph,
        )

    # ---- layers

    def ask_for_another(self) -> None:
        """Ask which layer is to take the place of the selected node."""
        ids = self._board.selected
        if len(ids) == 1:
            self._board.ask_for_another(ids[0])
        else:
            self.message.emit(tr("Select one node to swap its layer for another."))

    def replace(self, project: Project, node_id: str, name: str) -> None:
        """Make a node another layer; its links stay, and so do the settings that both layers have."""
        declared = entries.declared(name, project.graph.blocks)
        values = dropped_values(declared) if declared else {}
        graph, made = rewiring.replaced(project.graph, node_id, name, values)
        self._board.document.edit(
            tr("Swap {node_id} for {name}", node_id=node_id, name=name), changes.with_graph(project, graph)
        )
        self._board.select((made,))

    def refused(self, names: Collection[str], purpose: End | Link | Replaced | None) -> dict[str, str]:
        """The entries that do not fit where one is asked for, each with why.

        Behind an output and in a link a layer has to take what flows there, as far as it says so itself; in the place
        of a node it needs a port for every link, too. Before an input nothing is known: only ports count.
        """
        found: dict[str, str] = {}
        if isinstance(purpose, Replaced):
            for name in names:
                if why := self._why_not_instead(name, purpose.node_id):
                    found[name] = why
        elif isinstance(purpose, Link) or (isinstance(purpose, End) and purpose.is_output):
            begins = (purpose.source, purpose.output) if isinstance(purpose, Link) else (purpose.node_id, purpose.port)
            node_id, port = begins
            spec = fitting.spec_of(self._reports, node_id, port)
            for name in names if spec is not None else ():
                declared = entries.declared(name, self._graph.blocks)
                if declared is not None and (why := fitting.refusal_of_entry(declared, spec, node_id)):
                    found[name] = why
        return found

    def _why_not_instead(self, name: str, node_id: str) -> str:
        graph = self._graph
        node = graph.nodes[node_id]
        declared = entries.declared(name, graph.blocks)
        if declared is None or name == node.layer:
            return tr("{node_id} is one already.", node_id=node_id)
        ports = rewiring.ports_after(declaration_of(node, graph.blocks), declared, graph, node_id)
        if ports is None:
            return tr("{name} has not the ports for the links of {node_id}.", name=name, node_id=node_id)
        return fitting.refusal_of_another(graph, self._reports, node_id, declared, ports[0])

    def that_pass(self, ids: Sequence[str]) -> list[str]:
        """The nodes among these that can be muted, or heard again; says why of the others, and what a muted one passes.

        A muted node passes its first input to its first output: a source has none, and what a layer of another shape
        fed gets something else now.
        """
        graph = self._graph
        refused = [why for each in ids if not graph.nodes[each].muted and (why := self._no_bypass(each))]
        passing = [each for each in ids if graph.nodes[each].muted or not self._no_bypass(each)]
        if refused:
            self.message.emit(tr("Not muted: {refused}.", refused=refused[0]))
        elif len(passing) == 1 and not graph.nodes[passing[0]].muted:
            self._say_what_passes(passing[0])
        return passing

    def _no_bypass(self, node_id: str) -> str:
        return rewiring.bypass_refusal(self._graph, node_id)

    def _say_what_passes(self, node_id: str) -> None:
        first = rewiring.first_arriving(self._graph, node_id)
        declared = declaration_of(self._graph.nodes[node_id], self._graph.blocks)
        if first is None or declared is None or not declared.outputs or not self._graph.leaving[node_id]:
            return
        comes = fitting.spec_of(self._reports, first.source, first.output)
        went = fitting.spec_of(self._reports, node_id, declared.outputs[0].name)
        if comes is not None and went is not None and (comes.shape, comes.dtype) != (went.shape, went.dtype):
            self.message.emit(
                tr(
                    "{node_id} is muted and passes on {shape_text} {dtype}, where it gave {shape_text2} {dtype2}: "
                    "what it feeds may not take that.",
                    node_id=node_id,
                    shape_text=shape_text(comes.shape),
                    dtype=comes.dtype,
                    shape_text2=shape_text(went.shape),
                    dtype2=went.dtype,
                )
            )

    # ---- along links

    def select_way(self, backwards: bool) -> None:
        """Select with the selected nodes all that feed them, or all that they feed."""
        if ids := self._board.selected:
            self._board.select(rewiring.extended(self._graph, ids, backwards))

    def light_path(self, on: bool) -> None:
        """Let the way through what is selected stand out from now on, or no longer."""
        self.lights_path = on
        self.follow()

    def follow(self) -> None:
        """Another selection, or another graph: show its way, where that is wanted."""
        drawing = self._board.drawing
        light = drawing.path_light
        if not self.lights_path or not drawing.chosen:
            light.show_way(())
            return
        ids = list(drawing.chosen)
        way = {*rewiring.extended(drawing.graph, ids, True), *rewiring.extended(drawing.graph, ids, False)}
        light.show_way(way)
