"""Everything that can be asked of a canvas: follow the document, select, add, delete, copy, paste, search."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QGuiApplication

from core import graph as graphs
from core.graph import Graph, Link
from core.layers import CATALOGUE
from core.messages import Checked, DataReport
from core.project import Project, ProjectError, repaired
from designer import entries, library
from designer.canvas import changes, clipboard
from designer.canvas.blocks import BlockWork
from designer.canvas.changes import End
from designer.canvas.floating import Floating
from designer.canvas.levels import Levels, Steps
from designer.canvas.metrics import HEADER_HEIGHT, NODE_WIDTH, STEP
from designer.canvas.stage import Pointer, Stage
from designer.canvas.walking import Way
from designer.document import Document
from designer.scope import Scope, scope_of
from designer.theme import DARK, Theme

NUDGES: dict[Way, tuple[float, float]] = {"left": (-STEP, 0), "right": (STEP, 0), "up": (0, -STEP), "down": (0, STEP)}


class Board(Stage):
    """The drawing that is shown of a document and everything that can be asked of it; gestures are the canvas's."""

    selection_changed = Signal(object)
    data_wanted = Signal(str)
    edit_wanted = Signal(str)
    help_wanted = Signal(str, str)
    file_dropped = Signal(str)
    message = Signal(str)

    def __init__(self, document: Document | Scope, theme: Theme = DARK) -> None:
        super().__init__(theme)
        self.document = scope_of(document, self)
        self.levels = Levels(self)
        self.blocks = BlockWork(self)
        self.blocks.message.connect(self.message)
        self.chosen_link: Link | None = None
        self.mouse_at: QPointF | None = None
        self._pastes = 0
        self._purpose: End | Link | None = None
        self._add_at = QPointF()
        self.floating = Floating(self)
        self.floating.quick_add.chosen.connect(self._add_chosen)
        self.floating.quick_add.dismissed.connect(self._forget_purpose)
        self.floating.quick_add.help_wanted.connect(lambda name: self.help_wanted.emit(name, ""))
        self.floating.problem.repair_wanted.connect(self._repair)
        self.document.entered.connect(self._enter)
        self.document.changed.connect(self._follow)
        self.document.checked.connect(self._take_report)
        self._follow(Project(), self.document.project)
        self._begin()
        if self.document.report is not None:
            self._take_report(self.document.report)

    # ---- following the document

    def _follow(self, before: Project, after: Project) -> None:
        self.cancel_gesture()
        was_chosen = tuple(self.drawing.chosen)
        self.drawing.follow(after.graph)
        if len(was_chosen) == 1 and was_chosen[0] not in after.graph.nodes:
            come = after.graph.nodes.keys() - before.graph.nodes.keys()
            if len(come) == 1:  # the node has another name now, or is another one
                self.drawing.choose(come)
        if self.chosen_link is not None and self.chosen_link not in self.drawing.links:
            self.choose_link(None)
        self.reach_out()
        if self.document.begins:
            self._begin()
        if tuple(self.drawing.chosen) != was_chosen:
            self._tell_selection()
        self.floating.follow()

    def _begin(self) -> None:
        """Show all of another document."""
        self.levels.clear()
        self.drawing.choose(())
        self.drawing.report(Checked(revision=0))
        self.floating.begin()
        self.frame_all()

    def _enter(self, steps: Steps) -> None:
        """Show another drawing of the document, as it was left where it was seen before."""
        self.cancel_gesture()
        self.floating.quick_add.hide_quietly()
        self.choose_link(None)
        self.floating.hover(None, None)
        held = self.levels.go(steps)
        self.drawing.is_block = bool(steps)
        self.drawing.follow(self.document.project.graph)
        self.reach_out()
        self.floating.begin()
        if held is None:
            self.frame_all()
        else:
            self.set_zoom(held.zoom)
            self.show_centre(held.centre)
        self.floating.follow()
        self._tell_selection()

    def _take_report(self, report: Checked) -> None:
        self.drawing.report(report)
        self.floating.report(report)
        self._describe()

    def view_moved(self) -> None:
        """What floats over the viewport follows."""
        self.floating.place()

    def cancel_gesture(self) -> None:
        """Called before the drawing changes: what the mouse is doing must not outlive it."""

    def set_theme(self, theme: Theme) -> None:
        """Take on other colours."""
        super().set_theme(theme)
        self.floating.set_theme(theme)

    # ---- selection

    @property
    def selected(self) -> tuple[str, ...]:
        """The ids of the selected nodes, in the order in which they were selected."""
        return tuple(self.drawing.chosen)

    def select(self, ids: Iterable[str]) -> None:
        """Select exactly these nodes; ids that there are not are passed over."""
        if self.drawing.choose(ids):
            if self.drawing.chosen:
                self.choose_link(None)
            self._tell_selection()

    def _tell_selection(self) -> None:
        self.floating.selection_changed()
        self._describe()
        self.selection_changed.emit(self.selected)

    def _describe(self) -> None:
        self.setAccessibleDescription(self.floating.description(self.selected))

    def choose_link(self, link: Link | None) -> None:
        """Select one link, or none."""
        self.chosen_link = link
        self.drawing.layer.point_out(link, None)

    def select_all(self) -> None:
        """Select every node."""
        self.select(sorted(self.drawing.items_by_id, key=graphs.natural))

    def reveal(self, node_id: str) -> None:
        """Select a node and bring it into view, near enough to be read."""
        if node_id not in self.drawing.items_by_id:
            return
        self.select((node_id,))
        self.floating.person_chose()
        area = self.drawing.items_by_id[node_id].rect()
        if self.zoom < 0.5:
            self.set_zoom(1.0)
        if not self.seen().adjusted(20, 20, -20, -20).contains(area):
            self.show_centre(area.center())

    def frame_selected(self) -> None:
        """Show the selected nodes as large as they fit; without any, everything."""
        if self.drawing.chosen:
            self.frame_nodes(self.drawing.chosen)
        else:
            self.frame_all()

    # ---- edits

    def add_layer(self, name: str, scene_pos: QPointF | None = None, on_link: Link | None = None) -> str:
        """Add a layer at a point (or in the middle, where it is free), led into a link where one is given; its id."""
        return self._add(name, scene_pos if scene_pos is not None else self.seen().center(), on_link)

    def _add(self, name: str, at: QPointF, into: End | Link | None) -> str:
        has_data = self.document.report is not None and not self.document.block  # each use brings a block's data
        data = self.drawing.checked.data if has_data else DataReport()
        corner = changes.corner_at(at.x(), at.y())
        try:
            project, name = self._with_entry(name)
        except library.LibraryFault as fault:
            self.message.emit(str(fault))
            return ""
        if not self._may_hold([name], project):
            return ""
        project, node_id = changes.placed(project, name, corner, data)
        graph, text = project.graph, f"Add {name}"
        if isinstance(into, Link) and into in graph.links and changes.can_take(name, "both", graph.blocks):
            graph, text = changes.inserted_on(graph, into, node_id), f"Insert {name}"
        elif isinstance(into, End) and into.node_id in graph.nodes:
            graph = graphs.with_link(graph, into.link_to(node_id, self._far_port(graph, name, into)))
            text = f"Add {name} {'behind' if into.is_output else 'before'} {into.node_id}"
        self.document.edit(text, changes.with_graph(project, graph))
        self.floating.added(node_id)
        self.select((node_id,))
        if name in ("Input", "Target") and not self.document.project.data.source and not self.document.block:
            self.data_wanted.emit(node_id)
        return node_id

    def _with_entry(self, name: str) -> tuple[Project, str]:
        """The project that knows an entry of the palette, and its name there: a block of the library comes in."""
        project = self.document.project
        if name in project.graph.blocks or name in CATALOGUE:
            return project, name
        graph, name = library.take(project.graph, name)
        return changes.with_graph(project, graph), name

    def _may_hold(self, layers: Iterable[str], project: Project) -> bool:
        """Whether nodes of these layers may stand here; says why not."""
        refused = next((name for name in layers if not self.document.can_hold(name, project.graph.blocks)), "")
        if refused:
            inside = "itself" if refused == self.document.block else f"{refused}, which uses it"
            self.message.emit(f"{self.document.block} cannot hold {inside}: a block that holds itself has no end.")
        return not refused

    def _far_port(self, graph: Graph, name: str, end: End) -> str:
        declared = entries.declared(name, graph.blocks)
        if declared is None:
            return ""
        return changes.first_input(Graph(), "", declared) if end.is_output else declared.outputs[0].name

    def delete_selected(self, reconnect: bool = False) -> None:
        """Delete the selected nodes or link; `reconnect` joins what came into a node to what it fed."""
        project = self.document.project
        if self.chosen_link is not None:
            link = self.chosen_link
            self.document.edit(f"Disconnect {link.target}", changes.removed(project, (), [link]))
        elif ids := self.selected:
            text = changes.counted("Delete", ids) + (" and reconnect" if reconnect else "")
            self.document.edit(text, changes.removed(project, ids, reconnect=reconnect))

    def mute_selected(self) -> None:
        """Mute the selected nodes, or let them be heard again where all are muted."""
        if ids := self.selected:
            mute = not all(self.document.project.graph.nodes[each].muted for each in ids)
            self.document.edit(
                changes.counted("Mute" if mute else "Unmute", ids), changes.muted(self.document.project, ids)
            )

    def copy(self) -> None:
        """Put the selected nodes and the links between them on the clipboard, as text."""
        if self.drawing.chosen:
            QGuiApplication.clipboard().setText(clipboard.copied(self.document.project.graph, self.selected))
            self._pastes = 0

    def cut(self) -> None:
        """Copy the selected nodes and delete them."""
        if ids := self.selected:
            self.copy()
            self.document.edit(changes.counted("Cut", ids), changes.removed(self.document.project, ids))

    def paste(self) -> None:
        """Add the nodes of the clipboard under the cursor; anything else is passed over with a message."""
        text = QGuiApplication.clipboard().text()
        try:
            graph = clipboard.read(text)
        except ProjectError:
            graph = Graph()
        if not graph.nodes:
            self.message.emit("Nothing was pasted: the clipboard holds no nodes; copy some with Ctrl+C first.")
            return
        at = self.to_scene(self.mouse_at) if self.mouse_at is not None else self.seen().center()
        shift = self._pastes * 2 * STEP
        self._pastes += 1
        corner = (at.x() - NODE_WIDTH / 2 + shift, at.y() - HEADER_HEIGHT / 2 + shift)
        project, ids = clipboard.pasted(self.document.project, graph, corner)
        if not self._may_hold({project.graph.nodes[each].layer for each in ids}, project):
            return
        self.document.edit(changes.counted("Paste", ids), project)
        self.select(ids)

    def duplicate(self) -> None:
        """Add a copy of the selected nodes beside them."""
        if ids := self.selected:
            graph = clipboard.read(clipboard.copied(self.document.project.graph, ids))
            project, made = clipboard.pasted(self.document.project, graph, None, 2 * STEP, is_here=True)
            self.document.edit(changes.counted("Duplicate", ids), project)
            self.select(made)

    def nudge(self, way: Way) -> None:
        """Move the selected nodes by half a grid square."""
        if ids := self.selected:
            self.document.edit(changes.counted("Move", ids), changes.moved(self.document.project, ids, *NUDGES[way]))

    def edit_node(self, node_id: str) -> None:
        """Ask for the form of a node."""
        self.edit_wanted.emit(node_id)

    def explain_node(self, node_id: str) -> None:
        """Ask for the help page of a node's layer."""
        if node_id in self.document.project.graph.nodes:
            self.help_wanted.emit(self.document.project.graph.nodes[node_id].layer, node_id)

    def _repair(self, problem: object) -> None:
        repair = getattr(problem, "repair", None)
        if repair is not None:
            self.document.edit(repair.text, repaired(self.document.project, repair))

    # ---- quick add

    def open_quick_add(self, scene_pos: QPointF | None = None) -> None:
        """Open the search over all layers at a point, or under the cursor."""
        at = self.mouse_at if self.mouse_at is not None else QPointF(self.viewport().rect().center())
        self._ask("", scene_pos if scene_pos is not None else self.to_scene(at), None)

    def insert_on(self, link: Link, scene_pos: QPointF) -> None:
        """Ask which layer is to be led into a link."""
        self._ask("both", scene_pos, link)

    def ask_for_layer(self, end: End, at: QPointF) -> None:
        """Ask which layer is to stand where a link was dropped."""
        self._ask("inputs" if end.is_output else "outputs", at, end)

    def _ask(self, side: str, at: QPointF, purpose: End | Link | None) -> None:
        self._purpose, self._add_at = purpose, at
        library.load()
        project = self.document.project
        names = entries.names(project.graph)
        fitting = [name for name in names if not side or changes.can_take(name, side, project.graph.blocks)]
        self.floating.quick_add.open(
            self.to_view(at).toPoint(),
            fitting,
            project.palette,
            lambda name: entries.declared(name, project.graph.blocks),
        )

    def _add_chosen(self, name: str) -> None:
        purpose, at = self._purpose, self._add_at
        if isinstance(purpose, End):
            half = NODE_WIDTH / 2
            at = at + QPointF(half if purpose.is_output else -half, HEADER_HEIGHT / 2 - 42)
        self._forget_purpose()
        self._add(name, at, purpose)

    def _forget_purpose(self) -> None:
        self._purpose = None
        self.marks.show_wire(None)
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def pointer(self, view: QPointF, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> Pointer:
        """A place of the viewport with what lies under it."""
        return Pointer(view, self.to_scene(view), keys)

    def show_hint(self, text: str, at: QPointF | None = None) -> None:
        """Show a few words beside the pointer, or none."""
        self.floating.show_hint(text, at)
