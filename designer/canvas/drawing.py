"""The scene: a projection of the document's graph that touches only what differs."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from core.graph import Graph, Link, Node
from core.messages import Checked, NodeReport, Problem
from core.picture import Box, Carried, Piece, carried
from core.specs import Spec, sample_text
from designer.canvas.annotation_item import is_frame
from designer.canvas.cards import Card, Slot, card_of, problems_by_node
from designer.canvas.frames import Frames, family_number
from designer.canvas.link_layer import LinkLayer
from designer.canvas.look import FAULTY, FLOATS, HIDDEN, UNKNOWN, WHOLES, Look
from designer.canvas.metrics import NODE_WIDTH, PORT_REACH
from designer.canvas.node_item import NodeItem
from designer.canvas.path_light import PathLight
from designer.canvas.sketch import Sketch
from designer.canvas.tables import CHOSEN, DOUBTFUL, LABEL_ROOM, PLAIN, WRONG, LinkTable, NodeTable
from designer.canvas.ties import Ties
from designer.late import np
from designer.words import tr

MARKS = {"": PLAIN, "error": WRONG, "warning": DOUBTFUL}
ROOM = 2000.0
MANY = 300
"""From so many nodes on a drag moves them together."""
MOST_ALONE = 400
"""Above so many links at once all of them are repainted, rather than each where it was and is."""


class Drawing(QGraphicsScene):
    """Items by node id and links in a table; `follow` and `report` bring them up to date by difference."""

    def __init__(self, look: Look, frames: Frames | None = None) -> None:
        super().__init__()
        self.look = look
        self.frames = frames or Frames(look)
        self.graph = Graph()
        self.is_block = False
        """Whether it is the drawing of a block."""
        self.checked = Checked(revision=0)
        self.problems: dict[str, tuple[Problem, ...]] = {}
        self.items_by_id: dict[str, NodeItem] = {}
        self.nodes = NodeTable()
        self.links = LinkTable()
        self.inputs: dict[str, dict[str, Link]] = {}
        self.outputs: dict[str, dict[Link, None]] = {}
        self.chosen: dict[str, None] = {}
        self.lifted: frozenset[Link] = frozenset()
        """Links that are being pulled off, and not shown meanwhile."""
        self._shifts: dict[str, tuple[float, float]] = {}
        self._indexed = QRectF()
        self.touched = 0
        """How many cards were made anew since the beginning: tests see that a diff touches only what differs."""
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)
        self.layer = LinkLayer(look, self.nodes, self.links, self.shape_text)
        self.addItem(self.layer)
        self.sketch = Sketch(self, look, self.links, self.layer)
        self.ties = Ties(look, self.items_by_id)
        self.addItem(self.ties)
        self.path_light = PathLight(look, self.nodes, self.links)
        self.addItem(self.path_light)
        self.addItem(self.path_light.links)

    # ---- following the document

    def follow(self, graph: Graph) -> None:
        """Show another graph; nodes that are the same object and links that stay are not touched."""
        before, self.graph = self.graph, graph
        gone, stale = _gone_and_stale(before.nodes, graph.nodes)
        touched = tuple(stale)
        other = _other_blocks(before, graph)
        if other:  # a node whose block has other ports or parameters looks different, though it is the same node
            stale |= {node_id for node_id, node in graph.nodes.items() if node.layer in other}
        loose: list[Link] = []
        if before.links is not graph.links:
            held, wanted = set(before.links), set(graph.links)
            for link in before.links:
                if link not in wanted:
                    self._drop_link(link)
                    stale |= {link.source, link.target}
            loose = [link for link in graph.links if link not in held]
            for link in loose:
                self._keep_link(link)
                stale |= {link.source, link.target}
        if before.bends is not graph.bends:
            self.links.bends = graph.bends
            led = {*before.bends, *graph.bends} - set(loose)
            loose += [link for link in led if link in self.links and self._is_led_anew(link, before)]
        for node_id in gone:
            self._drop_node(node_id)
        self.sketch.follow(graph)
        if before.links is graph.links and not other:
            shifted = {each: (0.0, 0.0) for each in stale if _is_elsewhere(before.nodes.get(each), graph.nodes[each])}
            self.glide(shifted)
            stale -= shifted.keys()
        there = [each for each in stale if each in graph.nodes]
        self._refresh([each for each in graph.nodes if each in stale] if len(there) > 1 else there, loose)
        if self.ties.pairs or any(graph.nodes[node_id].shares for node_id in touched):
            self.ties.follow(graph)
        self._fit_rect()

    def report(self, checked: Checked) -> None:
        """Show what check found out; only nodes whose report or problems changed are touched."""
        before, self.checked = self.checked, checked
        old_problems, self.problems = self.problems, dict(problems_by_node(checked.problems))
        title = before.data.title != checked.data.title
        changed = [
            node_id
            for node_id in self.graph.nodes
            if before.nodes.get(node_id) != checked.nodes.get(node_id)
            or old_problems.get(node_id) != self.problems.get(node_id)
            or (title and "field" in self.graph.nodes[node_id].values)
        ]
        self._refresh(changed, ())

    def _refresh(self, node_ids: Iterable[str], loose: Iterable[Link]) -> None:
        """Make the cards of these nodes anew and let their links follow."""
        follow = dict.fromkeys(loose)
        kinds: dict[Link, None] = dict.fromkeys(loose)
        for node_id in node_ids:
            moved = self._show_node(node_id)
            touching = [*self.outputs.get(node_id, ()), *self.inputs.get(node_id, {}).values()]
            kinds |= dict.fromkeys(touching)
            if moved:
                follow |= dict.fromkeys(touching)
        self._place_links(list(follow))
        for link in kinds:
            self._colour_link(link)

    def _is_led_anew(self, link: Link, before: Graph) -> bool:
        return before.bends.get(link) != self.graph.bends.get(link)

    def _show_node(self, node_id: str) -> bool:
        """Bring one node up to date; whether its links have to follow."""
        card = self.card(node_id)
        item = self.items_by_id.get(node_id)
        moved = item is None
        if item is None:
            self.touched += 1
            item = NodeItem(node_id, card, self.look, self.frames)
            item.setPos(self._place(node_id))
            self.items_by_id[node_id] = item
            self.addItem(item)
        else:
            if item.card != card:
                self.touched += 1
                moved = item.show_card(card)
            if item.pos() != self._place(node_id):
                self.layer.update(self._shade(item))
                item.setPos(self._place(node_id))
                moved = True
        self.layer.update(self._shade(item))
        self._tabulate(item)
        return moved

    def _place(self, node_id: str) -> QPointF:
        node = self.graph.nodes[node_id]
        dx, dy = self._shifts.get(node_id, (0.0, 0.0))
        return QPointF(node.x + dx, node.y + dy)

    def _tabulate(self, item: NodeItem) -> None:
        mark = CHOSEN if item.is_chosen else MARKS[item.card.mark]
        family = family_number(item.card)
        self.nodes.put(item.node_id, rect=(item.x(), item.y(), NODE_WIDTH, item.card.height), family=family, mark=mark)

    def _shade(self, item: NodeItem) -> QRectF:
        """Where labels of links may change when this node comes or goes."""
        return item.rect().adjusted(-LABEL_ROOM, -30, 10, 30)

    def card(self, node_id: str) -> Card:
        """The card of a node as the graph and the last report say."""
        return card_of(
            node_id,
            self.graph.nodes[node_id],
            self.inputs.get(node_id, {}),
            {link.output for link in self.outputs.get(node_id, ())},
            self.checked.nodes.get(node_id),
            self.problems.get(node_id, ()),
            self.checked.data.title,
            self.look.stand_side_by_side,
            self.graph.blocks,
            self.is_block,
        )

    def _drop_node(self, node_id: str) -> None:
        item = self.items_by_id.pop(node_id)
        self.layer.update(self._shade(item))
        self.removeItem(item)
        self.nodes.remove(node_id)
        self.chosen.pop(node_id, None)

    def _keep_link(self, link: Link) -> None:
        self.outputs.setdefault(link.source, {})[link] = None
        self.inputs.setdefault(link.target, {})[link.input] = link

    def _drop_link(self, link: Link) -> None:
        self.layer.repaint_link(link)
        if link in self.links:
            self.links.remove(link)
        self.outputs.get(link.source, {}).pop(link, None)
        held = self.inputs.get(link.target, {})
        if held.get(link.input) == link:
            del held[link.input]

    def _place_links(self, links: list[Link]) -> None:
        """Give links the ends that their ports have now."""
        links = [link for link in links if link.source in self.items_by_id and link.target in self.items_by_id]
        if not links:
            return
        few = links if len(links) <= MOST_ALONE else []
        if not few:
            self.layer.update()
        for link in few:
            self.layer.repaint_link(link)
        self.links.put_ends(links, np.array([self._ends(link) for link in links]))
        for link in few:
            self.layer.repaint_link(link)

    def _ends(self, link: Link) -> tuple[float, float, float, float]:
        start = self.port_place(link.source, link.output, True)
        end = self.port_place(link.target, link.input, False)
        return start.x(), start.y(), end.x(), end.y()

    def _colour_link(self, link: Link) -> None:
        if link not in self.links:
            return
        kind = self._kind(link)
        slot = self.links.slot[link]
        if self.links.column("kind")[slot, 0] != kind:
            self.links.column("kind")[slot, 0] = kind
        self.layer.repaint_link(link)

    def _kind(self, link: Link) -> int:
        if link in self.lifted:
            return HIDDEN
        errors = (problem for problem in self.problems.get(link.target, ()) if problem.severity == "error")
        if not self._has_port(link) or any(problem.port == link.input for problem in errors):
            return FAULTY
        spec = self.spec(link)
        if spec is None:
            return UNKNOWN
        return FLOATS if spec.is_floating else WHOLES

    def _has_port(self, link: Link) -> bool:
        source, target = self.items_by_id[link.source].card, self.items_by_id[link.target].card
        slots = source.slot(link.output, True), target.slot(link.input, False)
        return all(slot is not None and slot.known for slot in slots)

    def _fit_rect(self) -> None:
        """Keep the index over the nodes; grown in large steps, since each growth sorts it anew."""
        area = self.bounds()
        if area.isEmpty():
            return
        if not self._indexed.contains(area):  # not sceneRect(): unset, it holds the links' layer, which is everywhere
            self._indexed = area.adjusted(-ROOM, -ROOM, ROOM, ROOM)
            self.setSceneRect(self._indexed)

    def bounds(self) -> QRectF:
        """The part of the scene in which anything is drawn; empty without any."""
        bounds = self.nodes.bounds()
        area = QRectF(QPointF(*bounds[:2]), QPointF(*bounds[2:])) if bounds is not None else QRectF()
        return area.united(self.sketch.bounds())

    # ---- while a gesture is on

    def carried(self) -> Carried:
        """What moves when the selection is moved: what lies in selected frames goes along."""
        if not self.sketch.chosen and not self.graph.bends:
            return Carried(tuple(self.chosen), ())
        boxes: dict[str, Box] = {}
        if any(is_frame(self.graph.annotations[each]) for each in self.sketch.chosen if isinstance(each, str)):
            boxes = dict(zip(self.nodes.keys, map(tuple, self.nodes.rects.tolist()), strict=True))
        return carried(self.graph, self.chosen, self.sketch.chosen, boxes)

    def shift(self, node_ids: Collection[str], dx: float, dy: float, pieces: Collection[Piece] = ()) -> None:
        """Show nodes and pieces away from where the document has them, until an edit or `shift` by nothing."""
        links: dict[Link, None] = {}
        if pieces:
            self.sketch.shift(pieces, dx, dy)
            links |= dict.fromkeys(bend.link for bend in self.sketch.bends_away(pieces, dx, dy))
        if len(node_ids) >= MANY and len({self._shifts.get(each, (0.0, 0.0)) for each in node_ids}) == 1:
            links |= self._shift_many(node_ids, dx, dy)
        else:
            for node_id in node_ids:
                links |= self._shift_node(node_id, dx, dy)
        if not dx and not dy:
            self._shifts.clear()
        self._place_links(list(links))

    def _shift_many(self, node_ids: Collection[str], dx: float, dy: float) -> dict[Link, None]:
        """Show many nodes away from their places that have moved alike so far; the links that have to follow.

        The links between them keep their form, and the whole scene is painted once: node by node would take as long
        for each as for one that is moved alone.
        """
        inside = set(node_ids)
        was = self._shifts.get(next(iter(node_ids)), (0.0, 0.0))
        by = (dx - was[0], dy - was[1])
        self._shifts |= dict.fromkeys(inside, (dx, dy))
        places = {node_id: self._place(node_id) for node_id in inside}
        for node_id, place in places.items():
            self.items_by_id[node_id].setPos(place)
        slots = [self.nodes.slot[node_id] for node_id in inside]
        self.nodes.rects[slots, :2] = [(place.x(), place.y()) for place in places.values()]
        within: list[int] = []
        follow: dict[Link, None] = {}
        for slot, link in enumerate(self.links.keys):
            ends = (link.source in inside) + (link.target in inside)
            if ends == 2 and link not in self.links.bends:
                within.append(slot)
            elif ends:
                follow[link] = None
        self.links.carry(within, *by)
        self.ties.update()
        self.layer.update()
        return follow

    def glide(self, shifts: Mapping[str, tuple[float, float]]) -> None:
        """Show each node away from where the document has it by a way of its own; (0, 0) ends it."""
        links: dict[Link, None] = {}
        for node_id, (dx, dy) in shifts.items():
            links |= self._shift_node(node_id, dx, dy)
        if not any(dx or dy for dx, dy in shifts.values()):
            self._shifts.clear()
        self._place_links(list(links))

    def _shift_node(self, node_id: str, dx: float, dy: float) -> dict[Link, None]:
        """Show a node away from its place; the links that have to follow."""
        item = self.items_by_id[node_id]
        self._shifts[node_id] = (dx, dy)
        self.layer.update(self._shade(item))
        item.setPos(self._place(node_id))
        self.layer.update(self._shade(item))
        self.ties.moved(node_id)
        self.nodes.put(node_id, rect=(item.x(), item.y(), NODE_WIDTH, item.card.height))
        arriving = self.inputs.get(node_id, {}).values()
        return {**dict.fromkeys(self.outputs.get(node_id, ())), **dict.fromkeys(arriving)}

    def lift(self, links: Iterable[Link] = ()) -> None:
        """Hide links while they are pulled off; none shows those before again."""
        before, self.lifted = self.lifted, frozenset(links)
        for each in before ^ self.lifted:
            self._colour_link(each)

    def choose(self, node_ids: Iterable[str]) -> bool:
        """Select exactly these nodes; whether anything changed."""
        wanted = dict.fromkeys(node_id for node_id in node_ids if node_id in self.items_by_id)
        if list(wanted) == list(self.chosen):
            return False
        before, self.chosen = self.chosen, wanted
        for node_id in {**before, **wanted}:
            if item := self.items_by_id.get(node_id):
                item.stand_out(node_id in wanted)
                self._tabulate(item)
        return True

    # ---- what is where

    def spec(self, link: Link) -> Spec | None:
        """What flows along a link, as far as it is known."""
        found = self.checked.nodes.get(link.source)
        return found.outputs.get(link.output) if found else None

    def shape_text(self, link: Link) -> str:
        """What stands on a link: `32×8×8`, `10 classes`; empty while it is unknown."""
        spec = self.spec(link)
        if spec is None:
            return ""
        return (
            tr("{classes} classes", classes=spec.classes)
            if spec.classes and spec.rank == 1
            else sample_text(spec.shape)
        )

    def node_report(self, node_id: str) -> NodeReport | None:
        """What check found out about a node."""
        return self.checked.nodes.get(node_id)

    def port_place(self, node_id: str, name: str, is_output: bool) -> QPointF:
        """Where a port is; the first place of its side for a port that the card does not have."""
        item = self.items_by_id[node_id]
        slot = item.card.slot(name, is_output)
        if slot is None:
            slot = next((each for each in item.card.slots if each.is_output == is_output), Slot(name, is_output, 13.0))
        return item.port_place(slot)

    def node_at(self, at: QPointF) -> NodeItem | None:
        """The topmost node whose body is at a point."""
        for item in self.items(at):
            if isinstance(item, NodeItem) and item.node_id in self.items_by_id and item.rect().contains(at):
                return item
        return None

    def port_at(self, at: QPointF, within: float = PORT_REACH) -> tuple[NodeItem, Slot] | None:
        """The port closest to a point, if any is within this distance."""
        best: tuple[float, NodeItem, Slot] | None = None
        for node_id in self.nodes.inside(at.x() - within, at.y() - within, at.x() + within, at.y() + within):
            item = self.items_by_id[node_id]
            for slot in item.card.slots:
                away = at - item.port_place(slot)
                distance = (away.x() ** 2 + away.y() ** 2) ** 0.5
                if distance <= within and (best is None or distance < best[0]):
                    best = (distance, item, slot)
        return best[1:] if best else None

    def state(self) -> dict[str, Any]:
        """Everything that the scene shows, as values: two scenes are equal where these are."""
        links = {
            link: (self.links.column("ends")[slot].tolist(), float(self.links.column("kind")[slot, 0]))
            for link, slot in self.links.slot.items()
        }
        nodes = {
            node_id: (item.x(), item.y(), item.card, self.nodes.rects[self.nodes.slot[node_id]].tolist())
            for node_id, item in self.items_by_id.items()
        }
        return {
            "nodes": nodes,
            "links": links,
            "inputs": {key: dict(held) for key, held in self.inputs.items() if held},
            "annotations": self.sketch.state(),
            "bends": dict(self.links.bends),
        }


def _gone_and_stale(before: dict[str, Node], after: dict[str, Node]) -> tuple[list[str], set[str]]:
    """The nodes that are no more, and those that are new or another value."""
    if len(before) == len(after) and all(map(operator.eq, before, after)):  # an edit of values: the usual case, in C
        return [], set(itertools.compress(after, map(operator.is_not, before.values(), after.values())))
    gone = [node_id for node_id in before if node_id not in after]
    return gone, {node_id for node_id, node in after.items() if before.get(node_id) is not node}


def _is_elsewhere(before: Node | None, after: Node) -> bool:
    """Whether a node is what it was, at another place: its card is the same then."""
    return before is not None and replace(before, x=after.x, y=after.y) == after


def _other_blocks(before: Graph, after: Graph) -> frozenset[str]:
    """The blocks that came, went or are another value."""
    if before.blocks is after.blocks:
        return frozenset()
    names = before.blocks.keys() | after.blocks.keys()
    return frozenset(name for name in names if before.blocks.get(name) is not after.blocks.get(name))
