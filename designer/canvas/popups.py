"""What opens over the canvas when it is asked for: find, what a node can be linked to, and the editor of a value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import msgspec
from PySide6.QtCore import QPoint, QPointF, QSize, Qt

from core import graph as graphs
from core.graph import Graph
from core.layers import Layer, declaration_of
from core.parameters import Parameter, parameter_of, parameters
from core.picture import Piece
from designer.canvas import changes, finding
from designer.canvas.finding import Place
from designer.canvas.joining import Offer
from designer.canvas.pick_list import WIDTH, PickList, Row
from designer.canvas.quick_add import QuickAdd
from designer.canvas.stage import Stage
from designer.canvas.value_card import NAME, ValueCard
from designer.canvas.value_place import line_of, value_at
from designer.canvas.wiring import Wiring
from designer.ports_form import PortOfBlock, shown_declaration
from designer.scope import Scope
from designer.theme import Theme
from designer.words import tr

MARGIN = 12


class Asked(Protocol):
    """What is asked to do what was chosen."""

    @property
    def document(self) -> Scope: ...
    @property
    def wiring(self) -> Wiring: ...
    def reveal(self, node_id: str) -> None: ...
    def select(self, ids: Iterable[str], is_settled: bool = True, pieces: Iterable[Piece] = ()) -> None: ...
    def frame_selected(self) -> None: ...
    def edit_node(self, node_id: str) -> None: ...


class Popups:
    """Each is made when it is first wanted, so that the window opens without them."""

    def __init__(self, stage: Stage, asked: Asked) -> None:
        self._stage = stage
        self._asked = asked
        self.finder: PickList | None = None
        self.targets: PickList | None = None
        self.value: ValueCard | None = None
        self._known: tuple[Graph, list[finding.Entry]] | None = None

    def set_theme(self, theme: Theme) -> None:
        """Take on other colours."""
        for each in (self.finder, self.targets, self.value):
            if each is not None:
                each.set_theme(theme)

    def _focus_canvas(self) -> None:
        self._stage.setFocus(Qt.FocusReason.PopupFocusReason)

    # ---- find

    def find(self) -> None:
        """Open the search over the project's nodes at the upper right, or go back to it."""
        if self.finder is None:
            self.finder = PickList(
                tr("Find a node"),
                tr("Find by name, layer, value or note; Enter goes on"),
                self._stage.theme,
                self._stage,
                stays=True,
            )
            self.finder.pointed.connect(self._jump)
            self.finder.picked.connect(self._jump)
            self.finder.dismissed.connect(self._focus_canvas)
        self._known = None
        place = QPoint(self._stage.width() - WIDTH - MARGIN, MARGIN)
        self.finder.open(place, self._found, tr("No node is called that, or has that layer, value or note."))
        self.finder.query.selectAll()

    def _found(self, typed: str) -> list[Row]:
        scope = self._asked.document
        graph = scope.document.project.graph
        if self._known is None or self._known[0] is not graph:
            self._known = graph, finding.entries(graph)
        return finding.found(self._known[1], typed, scope.block)

    def _jump(self, place: Place) -> None:
        scope = self._asked.document
        if place.block != scope.block:
            if place.block:
                scope.enter_block(place.block)
            else:
                scope.leave(0)
        if place.is_annotation:
            self._asked.select((), pieces=(place.node_id,))
            self._asked.frame_selected()
        else:
            self._asked.reveal(place.node_id)
        assert self.finder is not None
        self.finder.query.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- connect from here

    def pick_link(self, node_id: str) -> None:
        """Offer what a node can be linked to, beside it."""
        if self.targets is None:
            asking = tr("Connect to: type a name or a layer")
            self.targets = PickList(tr("Connect from here"), asking, self._stage.theme, self._stage)
            self.targets.picked.connect(self._connect)
            self.targets.rows.currentRowChanged.connect(lambda _: self._show_current_offer())
            self.targets.dismissed.connect(self._end_offers)
        self._asked.reveal(node_id)
        corner = self._stage.drawing.items_by_id[node_id].rect().topRight()
        at = self._stage.to_view(corner).toPoint() + QPoint(MARGIN, 0)
        graph = self._stage.drawing.graph

        def rows(typed: str) -> list[Row]:
            return [_offered(each, node_id, graph) for each in self._asked.wiring.offers(node_id, typed)]

        self.targets.open(at, rows, tr("Nothing that {node_id} could be linked to is called that.", node_id=node_id))
        self._show_offer(self.targets.current)

    def _show_current_offer(self) -> None:
        if self.targets is not None and self.targets.isVisible():
            self._show_offer(self.targets.current)

    def _show_offer(self, offer: Offer | None) -> None:
        drawing = self._stage.drawing
        if offer is None or not {offer.link.source, offer.link.target} <= drawing.items_by_id.keys():
            self._stage.marks.show_wire(None)
            return
        start = drawing.port_place(offer.link.source, offer.link.output, True)
        stop = drawing.port_place(offer.link.target, offer.link.input, False)
        self._stage.marks.show_wire((start.x(), start.y(), stop.x(), stop.y()), not offer.doubt)

    def _connect(self, offer: Offer) -> None:
        self._end_offers()
        self._asked.wiring.draw(offer.link)

    def _end_offers(self) -> None:
        self._stage.marks.show_wire(None)
        self._focus_canvas()

    # ---- a value in place

    def edit_at(self, node_id: str, at: QPointF) -> None:
        """Edit what lies under a point of a node: its name in the header, else the value there, else its main one."""
        item = self._stage.drawing.items_by_id[node_id]
        found = value_at(item, self._stage.look, at)
        if found == NAME:
            self.rename(node_id)
        else:
            self.edit_value(node_id, found or "")

    def edit_value(self, node_id: str, name: str = "") -> None:
        """Edit a value where it stands, the main one unless it is named; the form where none can be edited so."""
        declared = self._declared(node_id)
        meant = parameter_of(declared, name) if declared and name else _main(declared)
        if meant is None or meant.kind == "code" or declared is None:
            self._asked.edit_node(node_id)
            return
        scope = self._asked.document
        report = scope.report
        terms = scope.terms() if declared is not PortOfBlock else None
        card = self._card()
        value = scope.project.graph.nodes[node_id].values.get(meant.name, meant.default)
        card.open_value(node_id, meant, value, report.data.fields if report else (), terms)
        self._place(node_id, meant.name)

    def rename(self, node_id: str) -> None:
        """Edit the name of a node where it stands."""
        self._card().open_name(node_id)
        self._place(node_id, NAME)

    def _card(self) -> ValueCard:
        if self.value is None:
            self.value = ValueCard(self._stage.theme, self._stage)
            self.value.changed.connect(self._set)
            self.value.reset.connect(self._reset)
            self.value.renamed.connect(self._rename)
            self.value.closed.connect(self._focus_canvas)
        self.value.give_up()
        return self.value

    def _declared(self, node_id: str) -> type[Layer] | None:
        scope = self._asked.document
        declared = declaration_of(scope.project.graph.nodes[node_id], scope.project.graph.blocks)
        return shown_declaration(declared, bool(scope.block)) if declared else None

    def _place(self, node_id: str, name: str) -> None:
        assert self.value is not None
        self.value.at = line_of(self._stage.drawing.items_by_id[node_id], name)
        self.place()

    def _set(self, node_id: str, name: str, value: Any) -> None:
        self._edit(tr("Set {name} of {node_id}", name=name, node_id=node_id), node_id, name, value, reset=False)

    def _reset(self, node_id: str, name: str) -> None:
        self._edit(tr("Reset {name} of {node_id}", name=name, node_id=node_id), node_id, name, None, reset=True)

    def _edit(self, text: str, node_id: str, name: str, value: Any, reset: bool) -> None:
        scope = self._asked.document
        declared = self._declared(node_id)
        known = parameter_of(declared, name) if declared else None
        default = known.default if known else None
        graph = graphs.with_value(scope.project.graph, node_id, name, value, default, reset)
        scope.edit(text, msgspec.structs.replace(scope.project, graph=graph))

    def _rename(self, node_id: str, name: str) -> None:
        scope = self._asked.document
        assert self.value is not None
        try:
            graph = graphs.renamed(scope.project.graph, node_id, name)
        except ValueError as fault:
            self.value.say(str(fault))
            return
        self.value.say("")
        scope.edit(
            tr("Rename {node_id} to {name}", node_id=node_id, name=name), changes.with_graph(scope.project, graph)
        )
        self._asked.select((name,))

    # ---- following

    def follow(self) -> None:
        """The graph changed: what is shown of a node that is gone closes, a value shows what it is now."""
        card = self.value
        if card is not None and not card.isHidden():
            nodes = self._asked.document.project.graph.nodes
            declared = self._declared(card.node_id) if card.node_id in nodes else None
            meant = parameter_of(declared, card.name) if declared and card.name != NAME else None
            if card.node_id not in nodes or (card.name != NAME and meant is None):
                if card.name != NAME:
                    card.give_up()
            elif meant is not None:
                card.show_value(nodes[card.node_id].values.get(meant.name, meant.default))
                self._place(card.node_id, meant.name)
        if self.targets is not None and self.targets.isVisible():
            self.targets.close_up()
        if self.finder is not None and self.finder.isVisible():
            self.finder.refresh()

    def take_written(self) -> None:
        """Take over the value that is being typed on a node."""
        if self.value is not None and not self.value.isHidden():
            self.value.take()

    def leave(self) -> None:
        """Another drawing is shown."""
        if self.value is not None:
            self.value.give_up()
        if self.targets is not None and self.targets.isVisible():
            self.targets.close_up()

    def place(self) -> None:
        """Keep the value over its line, and find at its corner."""
        room = self._stage.viewport().rect().adjusted(6, 6, -6, -6)
        if self.value is not None and not self.value.isHidden():
            at, size = self._stage.to_view(self.value.at).toPoint(), self.value.size()
            self.value.move(_inside(at - QPoint(10, size.height() // 2), size, room))
        if self.finder is not None and self.finder.isVisible():
            self.finder.move(max(6, self._stage.width() - WIDTH - MARGIN), MARGIN)

    def stay_above(self) -> None:
        """Lists that are open stay before a message that came."""
        for each in (self.targets, self.finder, self._stage.findChild(QuickAdd)):
            if each is not None and each.isVisible():
                each.raise_()

    @property
    def is_open(self) -> bool:
        """Whether a list is open."""
        return any(each is not None and each.isVisible() for each in (self.targets, self.finder))

    def close_topmost(self) -> bool:
        """Close what is open; whether anything was."""
        for each in (self.targets, self.finder):
            if each is not None and each.isVisible():
                each.close_up()
                return True
        return False


def _inside(at: QPoint, size: QSize, room: Any) -> QPoint:
    x = max(room.left(), min(at.x(), room.right() - size.width()))
    return QPoint(x, max(room.top(), min(at.y(), room.bottom() - size.height())))


def _main(declared: type[Layer] | None) -> Parameter | None:
    """The setting that a layer is known by: the first that must be given, else the first that is not rare."""
    known = parameters(declared) if declared else ()
    asked = [each for each in known if each.required] or [each for each in known if not each.rare]
    return asked[0] if asked else next(iter(known), None)


def _offered(offer: Offer, node_id: str, graph: Graph) -> Row:
    link, node = offer.link, graph.nodes[offer.node_id]
    declared = declaration_of(node, graph.blocks)
    ahead = link.source == node_id
    held = graph.arriving.get(link.target, {}).get(link.input)
    port = link.input if ahead else link.output
    detail = f"{node.layer} · {port}" + (tr(" · now {source}", source=held.source) if held else "")
    name = f"{'→' if ahead else '←'} {offer.node_id}"
    return Row(name, detail, declared.family if declared else "shape", offer, offer.doubt)
