"""Automatic layout, and putting selected nodes in order: aligned, distributed, straightened, on the grid."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QEvent, QObject, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtWidgets import QWidget

from core import graph as graphs
from core.graph import Graph, Link
from core.picture import Box
from designer.canvas import changes, placing
from designer.canvas.drawing import Drawing
from designer.canvas.placing import Places, Side, Way
from designer.motion import is_reduced
from designer.scope import Scope
from designer.words import tr

if TYPE_CHECKING:
    from core.arranging import Arrangement
    from core.wrapping import Boxes

READABLE = 0.6
"""A drawing that would be smaller than this in one row is wrapped into several."""

SLOW_AFTER = 1500
GLIDE = 200
"""Milliseconds: after which a layout at work is said, and in which nodes glide to their new places."""

MOST_GLIDING = 500
"""Above so many nodes they are in their new places at once: a picture of all of them takes too long to move."""


class Shown(Protocol):
    """The canvas that is asked."""

    drawing: Drawing

    @property
    def document(self) -> Scope: ...
    @property
    def selected(self) -> tuple[str, ...]: ...
    def viewport(self) -> QWidget: ...
    def frame_all(self) -> None: ...


class Glide(QObject):
    """Nodes on their way from where they were to where the document has them; a click puts them there at once."""

    def __init__(self, board: Shown) -> None:
        super().__init__(board.viewport())
        self._board = board
        self._from: dict[str, tuple[float, float]] = {}
        self._drawing: Drawing | None = None
        self._time = QVariantAnimation(self)
        self._time.setStartValue(1.0)
        self._time.setEndValue(0.0)
        self._time.setDuration(GLIDE)
        self._time.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._time.valueChanged.connect(self._show)
        self._time.finished.connect(self.settle)

    @property
    def is_on(self) -> bool:
        """Whether nodes are on their way."""
        return self._time.state() == QAbstractAnimation.State.Running

    def begin(self, away: Mapping[str, tuple[float, float]]) -> None:
        """Let nodes come from as far away as this."""
        self.settle()
        if not away or len(away) > MOST_GLIDING or is_reduced():
            return
        self._from, self._drawing = dict(away), self._board.drawing
        self._board.viewport().installEventFilter(self)
        self._show(1.0)
        self._time.start()

    def settle(self) -> None:
        """Be in the new places now."""
        drawing, self._drawing = self._drawing, None
        if drawing is not None:
            self._board.viewport().removeEventFilter(self)
            self._time.stop()
            drawing.glide({each: (0.0, 0.0) for each in self._from if each in drawing.items_by_id})

    def _show(self, share: Any) -> None:
        if self._drawing is not None and share:
            self._drawing.glide({each: (dx * share, dy * share) for each, (dx, dy) in self._from.items()})

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A gesture begins with nodes where they belong."""
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.DragEnter):
            self.settle()
        return False


class Arranging(QObject):
    """What can be asked of a canvas about places; `slow` says that a layout takes long, `ended` that it is over."""

    message = Signal(str)
    slow = Signal(str)
    ended = Signal()
    _found = Signal(object)

    def __init__(self, board: Shown) -> None:
        super().__init__(board.viewport())
        self._board = board
        self._glide = Glide(board)
        self._work: Arrangement | None = None
        self._late = QTimer(self, singleShot=True, interval=SLOW_AFTER)
        self._late.timeout.connect(self._say_slow)
        self._found.connect(self._take, Qt.ConnectionType.QueuedConnection)

    # ---- automatic layout

    @property
    def is_busy(self) -> bool:
        """Whether a layout is being worked out."""
        return self._work is not None

    def arrange(self, ids: Collection[str] = ()) -> None:
        """Arrange these nodes, or the selected ones where there are several, else the whole drawing.

        The layout is worked out in a process of its own; nothing changes until it is there.
        """
        from core.arranging import Arrangement

        self.cancel()
        graph = self._board.document.project.graph
        chosen = ids or (self._board.selected if len(self._board.selected) > 1 else graph.nodes)
        order = sorted((each for each in chosen if each in graph.nodes), key=graphs.natural)
        if not order:
            self.message.emit(tr("There is nothing to arrange: add some layers first, with Tab."))
            return
        work = self._work = Arrangement(self._boxes(graph, order))
        key = (tuple(order), self._board.document.steps, graph, work)

        def run() -> None:
            corners = work.run()
            with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
                self._found.emit((key, corners))

        self._late.start()
        threading.Thread(target=run, name="arranging", daemon=True).start()

    def cancel(self) -> None:
        """Give up the layout that is being worked out."""
        work, self._work = self._work, None
        self._late.stop()
        if work is not None:
            work.cancel()
            self.ended.emit()

    def settle(self) -> None:
        """The drawing is about to change: what is gliding is there."""
        self._glide.settle()

    def _say_slow(self) -> None:
        self.slow.emit(tr("The layout is being worked out; you can go on meanwhile."))

    def _boxes(self, graph: Graph, order: list[str]) -> Boxes:
        from core.layered import Bond
        from core.wrapping import Boxes

        drawing, number = self._board.drawing, {each: place for place, each in enumerate(order)}
        bonds = [
            Bond(number[link.source], number[link.target], leave, enter)
            for link in graph.links
            if link.source in number and link.target in number
            for leave, enter in (self._heights(link),)
        ]
        bonds.sort(key=lambda each: (each.source, each.target, each.enter, each.leave))
        room = self._board.viewport().size()
        return Boxes(
            tuple(drawing.items_by_id[each].card.height for each in order),
            tuple(bonds),
            room.width() / READABLE,
            room.width() / max(1, room.height()),
        )

    def _heights(self, link: Link) -> tuple[float, float]:
        """How far below the tops of its nodes a link leaves and enters."""
        drawing = self._board.drawing
        leave = drawing.port_place(link.source, link.output, True).y() - drawing.items_by_id[link.source].y()
        enter = drawing.port_place(link.target, link.input, False).y() - drawing.items_by_id[link.target].y()
        return leave, enter

    def _take(self, found: Any) -> None:
        (order, steps, graph, work), corners = found
        if work is not self._work:
            return
        self._work = None
        self._late.stop()
        self.ended.emit()
        document, now = self._board.document, self._board.document.project.graph
        if corners is None:
            self.message.emit(tr("The layout could not be worked out; the drawing is as it was."))
        elif document.steps != steps:
            self.message.emit(
                tr("The layout was given up, since another drawing is shown now; press Ctrl+L again there.")
            )
        elif now.nodes.keys() != graph.nodes.keys() or now.links != graph.links:
            self.arrange([each for each in order if each in now.nodes])
        else:
            self._apply(now, order, corners)

    def _apply(self, graph: Graph, order: tuple[str, ...], corners: list[tuple[float, float]]) -> None:
        self.settle()
        boxes = self._all_boxes()
        at = placing.box_around([boxes[each] for each in order])
        left, top = changes.snapped(at[0]), changes.snapped(at[1])
        places = {
            each: (left + changes.snapped(x), top + changes.snapped(y))
            for each, (x, y) in zip(order, corners, strict=True)
        }
        is_whole = len(order) == len(graph.nodes)
        if not is_whole:
            laid = [(*places[each], *boxes[each][2:]) for each in order]
            dx, dy = placing.free_shift(laid, [box for each, box in boxes.items() if each not in places])
            places = {each: (x + dx, y + dy) for each, (x, y) in places.items()}
        text = tr("Arrange all") if is_whole else changes.counted(tr("Arrange"), order)
        if not self._put(text, placing.rearranged(graph, places, boxes), places, is_framed=is_whole):
            self.message.emit(tr("Everything stands where the layout would put it."))

    def _put(self, text: str, graph: Graph, places: Places, is_framed: bool = False) -> bool:
        """Make it one edit, frame all of it where that is wanted, and let the nodes glide; whether anything moved."""
        before = {each: self._board.drawing.items_by_id[each].pos() for each in places}
        document = self._board.document
        moved = {
            each: (before[each].x() - x, before[each].y() - y)
            for each, (x, y) in places.items()
            if (before[each].x(), before[each].y()) != (x, y)
        }
        if moved:
            document.edit(text, changes.with_graph(document.project, graph))
            if is_framed:
                self._board.frame_all()
            self._glide.begin(moved)
        return bool(moved)

    # ---- selected nodes

    def align(self, side: Side) -> None:
        """Put one side of the selected nodes on one line."""
        self._place(tr("Align {side}", side=side), placing.aligned(self._chosen_boxes(), side))

    def distribute(self, way: Way) -> None:
        """Make the gaps between the selected nodes equal."""
        self._place(tr("Distribute {way}", way=way), placing.distributed(self._chosen_boxes(), way))

    def straighten(self) -> None:
        """Make the links between the selected nodes level; of one node, the first of its own."""
        chosen = self._chosen_boxes()
        graph = self._board.document.project.graph
        others = {each: box for each, box in self._all_boxes().items() if each not in chosen}
        links: Iterable[Link] = (each for each in graph.links if each.source in chosen or each.target in chosen)
        ranked = sorted(links, key=lambda each: (each.target not in chosen, graphs.link_key(each)))
        levels = [(link, *self._heights(link)) for link in ranked]
        if not self._place(tr("Straighten"), placing.straightened(chosen, levels, others)):
            self.message.emit(tr("Nothing was straightened: the links are level, or another node is in the way."))

    def put_on_grid(self) -> None:
        """Put the selected nodes on the nearest points of the grid."""
        if not self._place(tr("Put on the grid"), placing.on_grid(self._chosen_boxes())):
            self.message.emit(tr("The selected nodes stand on the grid already."))

    def _place(self, text: str, places: Places) -> bool:
        self.settle()
        project = self._board.document.project
        return self._put(text, placing.with_places(project.graph, places), places)

    def _chosen_boxes(self) -> dict[str, Box]:
        self.settle()
        boxes = self._all_boxes()
        return {each: boxes[each] for each in self._board.selected}

    def _all_boxes(self) -> dict[str, Box]:
        table = self._board.drawing.nodes
        return {each: tuple(rect) for each, rect in zip(table.keys, table.rects.tolist(), strict=True)}
