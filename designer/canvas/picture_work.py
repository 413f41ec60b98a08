"""What can be asked of a canvas about notes, frames and the points of links; each is one step of the history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QWidget

from core import graph as graphs
from core import picture
from core.graph import Annotation, Graph, Link
from core.picture import Bend, Piece
from core.project import Project
from designer.canvas import changes
from designer.canvas.annotation_item import TITLE, fitting_height, is_frame
from designer.canvas.leading import piece_at
from designer.canvas.metrics import GRID, STEP
from designer.canvas.stage import Stage
from designer.canvas.text_editor import TextEditor
from designer.canvas.tints import COLOUR_NAMES, colour_of
from designer.scope import Scope
from designer.words import tr

NOTE_SIZE = (198.0, 110.0)
SMALLEST = {"note": (66.0, 44.0), "frame": (88.0, 66.0)}


class Shown(Protocol):
    """What is asked of the canvas beside its view."""

    mouse_at: QPointF | None

    @property
    def document(self) -> Scope: ...
    @property
    def selected(self) -> tuple[str, ...]: ...
    def select(self, ids: Iterable[str], is_settled: bool = True, pieces: Iterable[Piece] = ()) -> None: ...


def smallest(annotation: Annotation) -> tuple[float, float]:
    """How small a person can make an annotation."""
    return SMALLEST["frame" if is_frame(annotation) else "note"]


def around(area: QRectF) -> Annotation:
    """A frame with room around a part of the drawing."""
    left, top = changes.snapped(area.left() - GRID), changes.snapped(area.top() - GRID - TITLE)
    right, bottom = changes.snapped(area.right() + GRID), changes.snapped(area.bottom() + GRID)
    return Annotation("frame", left, top, right - left, bottom - top)


class PictureWork:
    """Adds, writes, colours, sizes and removes what is only seen, and keeps the editor of texts over it."""

    def __init__(self, stage: Stage, board: Shown) -> None:
        self._stage, self._board = stage, board
        self._editor: TextEditor | None = None
        self._editing: tuple[str, Annotation, Graph] | None = None
        """The annotation that is being written: its id, its value, and the drawing in which it is."""
        self._framed: Project | None = None
        """What the frame that is being named made of the project: its first title belongs to the same step."""

    @property
    def _graph(self) -> Graph:
        return self._board.document.project.graph

    @property
    def chosen(self) -> tuple[Piece, ...]:
        """The selected annotations and points."""
        return tuple(self._stage.drawing.sketch.chosen)

    @property
    def annotations(self) -> tuple[str, ...]:
        """The ids of the selected annotations."""
        return tuple(each for each in self.chosen if isinstance(each, str))

    def _edit(self, text: str, graph: Graph) -> None:
        self._board.document.edit(text, changes.with_graph(self._board.document.project, graph))

    # ---- notes and frames

    def add_note(self, at: QPointF | None = None) -> None:
        """Begin a note at a point (else in the middle of what is seen); it is there once something is written."""
        at = at if at is not None else self._stage.seen().center() - QPointF(NOTE_SIZE[0] / 2, NOTE_SIZE[1] / 2)
        note = Annotation("note", changes.snapped(at.x()), changes.snapped(at.y()), *NOTE_SIZE)
        self._write(picture.fresh_id(self._graph, "note"), note)

    def add_note_at_mouse(self) -> None:
        """Begin a note under the cursor."""
        at = self._board.mouse_at
        self.add_note(self._stage.to_scene(at) if at is not None else None)

    def surround(self) -> None:
        """Put a frame around what is selected, and ask for its title."""
        board = self._board
        held = self._stage.drawing.carried()
        pieces = [each for each in held.pieces if not isinstance(each, Bend)]
        area = self._stage.drawing.sketch.area_of(pieces)
        for node_id in held.nodes:
            area = area.united(self._stage.drawing.items_by_id[node_id].rect())
        if area.isEmpty():
            return
        name = picture.fresh_id(self._graph, "frame")
        text = tr("Put a frame around {spoken}", spoken=changes.spoken(self._graph, pieces, board.selected))
        self._edit(text, picture.with_annotation(self._graph, name, around(area)))
        board.select((), pieces=(name,))
        self.write(name)
        self._framed = board.document.project

    def write(self, name: str = "") -> None:
        """Edit the text of an annotation in place; without one, of the one that is selected."""
        name = name or (self.annotations[0] if len(self.annotations) == 1 else "")
        if name in self._graph.annotations:
            self._write(name, self._graph.annotations[name])

    def _write(self, name: str, annotation: Annotation) -> None:
        if self._editor is None:
            self._editor = TextEditor(self._stage)
            self._editor.written.connect(self._take_text)
            self._editor.dropped.connect(self._end)
        self._editor.close_up(keeps=True)
        self._editing = (name, annotation, self._graph)
        area = QRectF(annotation.x, annotation.y, annotation.width, annotation.height)
        if not self._stage.seen().intersects(area):
            self._stage.show_centre(area.center())
        self._editor.open(annotation)

    def _take_text(self, text: str) -> None:
        if self._editing is None:
            return
        name, annotation, _ = self._editing
        is_new = bool(text) and self._framed is self._board.document.project
        held = self._graph.annotations.get(name)
        self._end()
        if held is None and not text:
            return
        if is_frame(annotation):
            made = replace(annotation if held is None else held, text=" ".join(text.split()))
            said = tr("Name {spoken}", spoken=changes.spoken(Graph(annotations={name: made}), [name]))
            if is_new:  # the frame and the title that it gets at once are one step
                history = self._board.document.undo_stack
                said = history.undoText()
                history.undo()
        else:
            height = fitting_height(text, annotation.width, self._stage.look)
            height = max(annotation.height, -(-height // STEP) * STEP)
            made = replace(annotation if held is None else held, text=text, height=height)
            said = tr("Add a note") if held is None else tr("Write on a note")
        self._edit(said, picture.with_annotation(self._graph, name, made))
        self._board.select((), pieces=(name,))

    def _end(self) -> None:
        self._editing = self._framed = None
        self._stage.setFocus()

    def place(self) -> None:
        """The view moved: the editor stays over its annotation."""
        if self._editor is not None and self._editor.isVisible():
            self._editor.place()

    def follow(self) -> None:
        """The drawing changed: what is being written is dropped where its annotation or document is another now."""
        if self._editing is None or self._editor is None:
            return
        name, _, graph = self._editing
        if self._board.document.begins or self._graph.annotations.get(name) is not graph.annotations.get(name):
            self._editor.close_up(keeps=False)

    def drop(self) -> None:
        """Leave what is being written, because its drawing is no longer shown."""
        if self._editor is not None:
            self._editor.close_up(keeps=False)

    def leave(self) -> None:
        """Take over what is being written, before another drawing is shown or the project is saved."""
        if self._editor is not None:
            self._editor.close_up(keeps=True)

    @property
    def editor(self) -> QWidget | None:
        """The editor of texts, while something is written."""
        return self._editor if self._editor is not None and self._editor.isVisible() else None

    def recolour(self, colour: str) -> None:
        """Give the selected annotations a colour."""
        if names := self.annotations:
            text = tr(
                "Colour {spoken} {colour}",
                spoken=changes.spoken(self._graph, names),
                colour=COLOUR_NAMES[colour].lower(),
            )
            self._edit(text, picture.coloured(self._graph, names, colour))

    @property
    def colours(self) -> set[str]:
        """The colours in which the selected annotations are shown."""
        return {colour_of(self._graph.annotations[name]) for name in self.annotations}

    def resize(self, wider: float, higher: float) -> None:
        """Make the selected annotations larger or smaller by steps of the grid."""
        graph = self._graph
        for name in self.annotations:
            held = graph.annotations[name]
            least = smallest(held)
            sides = max(held.width + wider * GRID, least[0]), max(held.height + higher * GRID, least[1])
            graph = picture.with_annotation(graph, name, replace(held, width=sides[0], height=sides[1]))
        if self.annotations:
            self._edit(tr("Resize {spoken}", spoken=changes.spoken(self._graph, self.annotations)), graph)

    def select_next(self) -> None:
        """Select the next note or frame in reading order, and bring it into view."""
        held = self._graph.annotations
        if not held:
            return
        order = sorted(held, key=lambda name: (held[name].y, held[name].x, graphs.natural(name)))
        last = self.annotations[-1] if self.annotations else ""
        name = order[(order.index(last) + 1) % len(order)] if last in order else order[0]
        self._board.select((), pieces=(name,))
        area = self._stage.drawing.sketch.items[name].rect()
        if not self._stage.seen().contains(area):
            self._stage.show_centre(area.center())

    def description(self) -> str:
        """The selected pieces in words, for a screen reader."""
        words: list[str] = []
        for piece in self.chosen:
            if isinstance(piece, str):
                held = self._graph.annotations[piece]
                words.append(f"{'frame' if is_frame(held) else 'note'}: {' '.join(held.text.split()) or 'empty'}")
            else:
                words.append(
                    tr(
                        "point of the link from {source} to {target}",
                        source=piece.link.source,
                        target=piece.link.target,
                    )
                )
        return (
            " | ".join(words) if len(words) <= 3 else tr("{count} notes, frames and points selected", count=len(words))
        )

    # ---- the points of links

    def bend(self, link: Link, at: QPointF) -> None:
        """Lead a link through a point."""
        drawing = self._stage.drawing
        if link not in drawing.links:
            return
        is_led = link in self._graph.bends
        place = piece_at(drawing.links.cubics(link), at.x(), at.y()) if is_led else 0
        graph = picture.with_bend(self._graph, link, place, changes.snapped(at.x()), changes.snapped(at.y()))
        if graph is self._graph:
            return
        self._edit(tr("Bend the link to {target}", target=link.target), graph)
        self._board.select((), pieces=(Bend(link, place),))

    def unbend(self, point: Bend) -> None:
        """Take a point of a link away."""
        self._edit(
            tr("Straighten the link to {target}", target=point.link.target), picture.without(self._graph, [point])
        )

    def straighten(self, link: Link) -> None:
        """Take all points of a link away."""
        points = [Bend(link, place) for place in range(len(self._graph.bends.get(link, ())))]
        if points:
            self._edit(tr("Straighten the link to {target}", target=link.target), picture.without(self._graph, points))
