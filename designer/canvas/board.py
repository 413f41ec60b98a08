"""Everything that can be asked of a canvas: follow the document, select, add, delete, copy, paste, search."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QGuiApplication

from core import graph as graphs
from core.graph import Graph, Link
from core.layers import CATALOGUE
from core.messages import Checked, DataReport
from core.picture import Piece
from core.project import Project, ProjectError, repaired
from designer import entries, library
from designer.canvas import changes, clipboard
from designer.canvas.arranging import Arranging
from designer.canvas.badges import Badges
from designer.canvas.blocks import BlockWork
from designer.canvas.changes import End
from designer.canvas.floating import Floating
from designer.canvas.levels import Levels, Steps
from designer.canvas.metrics import HEADER_HEIGHT, NODE_WIDTH, STEP
from designer.canvas.picture_work import PictureWork
from designer.canvas.popups import Popups
from designer.canvas.primitives import Rows
from designer.canvas.stage import Pointer, Stage
from designer.canvas.walking import Way
from designer.canvas.wiring import Replaced, Wiring
from designer.document import Document
from designer.preferences import preferences
from designer.scope import Scope, scope_of
from designer.theme import DARK, Theme
from designer.words import tr

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
        self.arranging = Arranging(self)
        self.arranging.message.connect(self.message)
        self.snaps = preferences().snap
        self.badges = Badges(lambda: self.drawing.items_by_id, self)
        self.wiring = Wiring(self)
        self.wiring.message.connect(self.message)
        self.chosen_link: Link | None = None
        self.mouse_at: QPointF | None = None
        self._pastes = 0
        self._is_told = True
        """Whether what follows next is another drawing, and no change of this one."""
        self._purpose: End | Link | Replaced | None = None
        self._add_at = QPointF()
        self.floating = Floating(self)
        self.popups = Popups(self, self)
        self.picture = PictureWork(self, self)
        self.floating.quick_add.picked.connect(self._add_chosen)
        self.floating.quick_add.dismissed.connect(self._forget_purpose)
        self.floating.quick_add.help_wanted.connect(lambda name: self.help_wanted.emit(name, ""))
        self.floating.problem.repair_wanted.connect(self._repair)
        self.document.leaving.connect(self.picture.leave)
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
        self.arranging.settle()
        self.picture.follow()
        was_chosen, had = tuple(self.drawing.chosen), self.pieces
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
        if tuple(self.drawing.chosen) != was_chosen or self.pieces != had:
            self._tell_selection()
        if self.badges.held:
            self.badges.enter(self.document.prefix)
        self.floating.follow()
        self.popups.follow()
        self.wiring.follow()

    def _begin(self) -> None:
        """Show all of another document."""
        self.levels.clear()
        self.drawing.choose(())
        self.drawing.report(Checked(revision=0))
        self.badges.clear()
        self.floating.begin()
        self.frame_all()

    def _enter(self, steps: Steps) -> None:
        """Show another drawing of the document, as it was left where it was seen before."""
        self.cancel_gesture()
        self.picture.drop()
        self.arranging.settle()
        self.floating.quick_add.close_up()
        self.popups.leave()
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
        self.badges.enter(self.document.prefix)
        self._tell_selection()

    def _take_report(self, report: Checked) -> None:
        self.drawing.report(report)
        self.floating.report(report)
        self._describe()

    def view_moved(self) -> None:
        """What floats over the viewport follows."""
        self.floating.place()
        self.popups.place()
        self.picture.place()

    def cancel_gesture(self) -> None:
        """Called before the drawing changes: what the mouse is doing must not outlive it."""

    def set_theme(self, theme: Theme) -> None:
        """Take on other colours."""
        super().set_theme(theme)
        self.floating.set_theme(theme)
        self.popups.set_theme(theme)

    # ---- selection

    @property
    def selected(self) -> tuple[str, ...]:
        """The ids of the selected nodes, in the order in which they were selected."""
        return tuple(self.drawing.chosen)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The selected annotations and points of links, in the order in which they were selected."""
        return tuple(self.drawing.sketch.chosen)

    @property
    def annotations(self) -> tuple[str, ...]:
        """The ids of the selected notes and frames."""
        return self.picture.annotations

    def select(self, ids: Iterable[str], is_settled: bool = True, pieces: Iterable[Piece] = ()) -> None:
        """Select exactly these nodes and pieces of the picture; what there is not is passed over.

        While a box is drawn the selection is not settled: it is seen at once and told when it is let go.
        """
        others = self.drawing.sketch.choose(pieces)
        if self.drawing.choose(ids) or others:
            if self.drawing.chosen or self.drawing.sketch.chosen:
                self.choose_link(None)
            self._is_told = False
        if is_settled:
            self.settle_selection()

    def settle_selection(self) -> None:
        """Tell the selection where it is not told yet."""
        if not self._is_told:
            self._is_told = True
            self._tell_selection()

    def _tell_selection(self) -> None:
        self.wiring.follow()
        self.floating.selection_changed()
        self._describe()
        self.selection_changed.emit(self.selected)

    def _describe(self) -> None:
        words = (self.floating.description(self.selected), self.picture.description())
        self.setAccessibleDescription(" | ".join(filter(None, words)))

    def choose_link(self, link: Link | None) -> None:
        """Select one link, or none."""
        self.chosen_link = link
        self.drawing.layer.point_out(link, None)

    def select_all(self) -> None:
        """Select every node, note and frame."""
        names = sorted(self.drawing.sketch.items, key=graphs.natural)
        self.select(sorted(self.drawing.items_by_id, key=graphs.natural), pieces=names)

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
        """Show what is selected as large as it fits; without anything, everything."""
        if self.drawing.chosen or self.pieces:
            self.frame_nodes(self.drawing.chosen, self.pieces)
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
        graph, text = project.graph, tr("Add {name}", name=name)
        if isinstance(into, Link) and into in graph.links and changes.can_take(name, "both", graph.blocks):
            graph, text = changes.inserted_on(graph, into, node_id), tr("Insert {name}", name=name)
        elif isinstance(into, End) and into.node_id in graph.nodes:
            graph = graphs.with_link(graph, into.link_to(node_id, self._far_port(graph, name, into)))
            text = tr(
                "Add {name} {value} {node_id}",
                name=name,
                value="behind" if into.is_output else "before",
                node_id=into.node_id,
            )
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
            inside = "itself" if refused == self.document.block else tr("{refused}, which uses it", refused=refused)
            self.message.emit(
                tr(
                    "{block} cannot hold {inside}: a block that holds itself has no end.",
                    block=self.document.block,
                    inside=inside,
                )
            )
        return not refused

    def _far_port(self, graph: Graph, name: str, end: End) -> str:
        declared = entries.declared(name, graph.blocks)
        if declared is None:
            return ""
        return changes.first_input(Graph(), "", declared) if end.is_output else declared.outputs[0].name

    def delete_selected(self, reconnect: bool = False) -> None:
        """Delete what is selected; `reconnect` joins what came into a node to what it fed."""
        project = self.document.project
        if self.chosen_link is not None:
            link = self.chosen_link
            self.document.edit(tr("Disconnect {target}", target=link.target), changes.removed(project, (), [link]))
        elif (ids := self.selected) or self.pieces:
            text = self._said(tr("Delete")) + (tr(" and reconnect") if reconnect and ids else "")
            self.document.edit(text, changes.removed(project, ids, reconnect=reconnect, pieces=self.pieces))

    def _said(self, verb: str) -> str:
        return f"{verb} {changes.spoken(self.document.project.graph, self.pieces, self.selected)}"

    def collapse_selected(self) -> None:
        """Show the headers of the selected nodes alone, or all of them where all are collapsed."""
        self._switch("collapsed", tr("Collapse"), tr("Open"))

    def hide_unused_ports(self) -> None:
        """Hide the ports of the selected nodes that nothing uses, or show them again where all are hidden."""
        self._switch("tight", tr("Hide unused ports of"), tr("Show all ports of"))

    def _switch(self, field: str, verb: str, back: str) -> None:
        if ids := self.selected:
            project = self.document.project
            wanted = not all(getattr(project.graph.nodes[each], field) for each in ids)
            self.document.edit(changes.counted(verb if wanted else back, ids), changes.switched(project, ids, field))

    def mute_selected(self) -> None:
        """Mute the selected nodes, or let them be heard again where all are muted."""
        if ids := self.wiring.that_pass(self.selected):
            mute = not all(self.document.project.graph.nodes[each].muted for each in ids)
            self.document.edit(
                changes.counted(tr("Mute") if mute else tr("Unmute"), ids), changes.muted(self.document.project, ids)
            )

    def copy(self) -> None:
        """Put the selected nodes, the links between them, notes and frames on the clipboard, as text."""
        if self.drawing.chosen or self.picture.annotations:
            text = clipboard.copied(self.document.project.graph, self.selected, self.picture.annotations)
            QGuiApplication.clipboard().setText(text)
            self._pastes = 0

    def cut(self) -> None:
        """Copy what is selected and delete it."""
        if (ids := self.selected) or self.picture.annotations:
            self.copy()
            self.document.edit(self._said(tr("Cut")), changes.removed(self.document.project, ids, pieces=self.pieces))

    def paste(self, keeps_inputs: bool = False) -> None:
        """Add the nodes of the clipboard under the cursor; anything else is passed over with a message.

        `keeps_inputs` links them to what fed the copied nodes, as far as nodes of these names are here.
        """
        text = QGuiApplication.clipboard().text()
        try:
            graph = clipboard.read(text)
        except ProjectError:
            graph = Graph()
        if not graph.nodes and not graph.annotations:
            self.message.emit(tr("Nothing was pasted: the clipboard holds no nodes; copy some with Ctrl+C first."))
            return
        at = self.to_scene(self.mouse_at) if self.mouse_at is not None else self.seen().center()
        shift = self._pastes * 2 * STEP
        self._pastes += 1
        corner = (at.x() - NODE_WIDTH / 2 + shift, at.y() - HEADER_HEIGHT / 2 + shift)
        project, ids = clipboard.pasted(self.document.project, graph, corner)
        if not self._may_hold({project.graph.nodes[each].layer for each in ids}, project):
            return
        if keeps_inputs:
            project = clipboard.with_inputs(project, text, dict(zip(graph.nodes, ids, strict=True)))
        names = self._new_annotations(project)
        said = tr("Paste {spoken}", spoken=changes.spoken(project.graph, names, ids))
        self._add_copies(said, project, ids, keeps_inputs)

    def duplicate(self, keeps_inputs: bool = False) -> None:
        """Add a copy of the selected nodes beside them; `keeps_inputs` feeds it with what feeds them."""
        if (ids := self.selected) or self.picture.annotations:
            text = clipboard.copied(self.document.project.graph, ids, self.picture.annotations)
            graph = clipboard.read(text)
            project, made = clipboard.pasted(self.document.project, graph, None, 2 * STEP, is_here=True)
            if keeps_inputs:
                project = clipboard.with_inputs(project, text, dict(zip(graph.nodes, made, strict=True)))
            self._add_copies(self._said(tr("Duplicate")), project, made, keeps_inputs)

    def _new_annotations(self, project: Project) -> list[str]:
        held = self.document.project.graph.annotations
        return [each for each in project.graph.annotations if each not in held]

    def _add_copies(self, text: str, project: Project, ids: list[str], keeps_inputs: bool) -> None:
        names = self._new_annotations(project)
        self.document.edit(text + tr(" with inputs") * keeps_inputs, project)
        self.select(ids, pieces=names)

    def nudge(self, way: Way) -> None:
        """Move what is selected by half a grid square; a frame takes along what lies in it."""
        if self.selected or self.pieces:
            held = self.drawing.carried()
            project = changes.moved(self.document.project, held.nodes, *NUDGES[way], held.pieces)
            self.document.edit(self._said(tr("Move")), project)

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

    def pick_link(self, node_id: str) -> None:
        """Offer what a node can be linked to."""
        self.popups.pick_link(node_id)

    def ask_for_another(self, node_id: str) -> None:
        """Ask which layer is to take the place of a node and its links."""
        item = self.drawing.items_by_id[node_id]
        self._ask("", item.rect().topLeft() + QPointF(24, HEADER_HEIGHT / 2), Replaced(node_id))

    def _ask(self, side: str, at: QPointF, purpose: End | Link | Replaced | None) -> None:
        self._purpose, self._add_at = purpose, at
        library.load()
        project = self.document.project
        names = entries.names(project.graph)
        fitting = [name for name in names if not side or changes.can_take(name, side, project.graph.blocks)]
        refused = self.wiring.refused(fitting, purpose)
        self.floating.quick_add.offer(
            self.to_view(at).toPoint(),
            [name for name in fitting if name not in refused],
            project.palette,
            lambda name: entries.declared(name, project.graph.blocks),
            refused,
            tr("Swap for: type a name or what it does") if isinstance(purpose, Replaced) else "",
        )

    def _add_chosen(self, name: str) -> None:
        purpose, at = self._purpose, self._add_at
        if isinstance(purpose, End):
            half = NODE_WIDTH / 2
            at = at + QPointF(half if purpose.is_output else -half, HEADER_HEIGHT / 2 - 42)
        self._forget_purpose()
        if isinstance(purpose, Replaced):
            self._replace(purpose.node_id, name)
        else:
            self._add(name, at, purpose)

    def _replace(self, node_id: str, name: str) -> None:
        """Put another layer, or a block of the project or the library, in the place of a node."""
        try:
            project, name = self._with_entry(name)
        except library.LibraryFault as fault:
            self.message.emit(str(fault))
            return
        if node_id in project.graph.nodes and self._may_hold([name], project):
            self.wiring.replace(project, node_id, name)

    def _forget_purpose(self) -> None:
        self._purpose = None
        self.marks.show_wire(None)
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def rects_in_view(self, without: Collection[str] = ()) -> Rows:
        """The rectangles of the nodes that are in view, but for these."""
        area, table = self.seen(), self.drawing.nodes
        x, y, width, height = table.rects.T
        hit = (x < area.right()) & (x + width > area.left()) & (y < area.bottom()) & (y + height > area.top())
        hit[[table.slot[each] for each in without if each in table]] = False
        return table.rects[hit]

    def pointer(self, view: QPointF, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> Pointer:
        """A place of the viewport with what lies under it."""
        return Pointer(view, self.to_scene(view), keys)

    def show_hint(self, text: str, at: QPointF | None = None) -> None:
        """Show a few words beside the pointer, or none."""
        self.floating.show_hint(text, at)
