"""What floats over the viewport: minimap, problem card, quick add, and the words beside the pointer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtWidgets import QLabel

from core.graph import Link
from core.messages import Checked, Problem
from core.specs import flow_text
from designer.canvas.cards import Slot, described
from designer.canvas.drawing import Drawing
from designer.canvas.metrics import DETAIL_FROM, NODE_WIDTH
from designer.canvas.minimap import Minimap
from designer.canvas.node_item import NodeItem
from designer.canvas.problem_card import WIDTH, ProblemCard, best_place
from designer.canvas.quick_add import QuickAdd
from designer.canvas.stage import Stage
from designer.theme import Theme
from designer.words import tr

if TYPE_CHECKING:
    from designer.canvas.legend import Legend

LINGER = 450
"""Milliseconds for which a card stays after the pointer has left its node, so that its buttons can be reached."""


class Floating:
    """Children of the view that keep their place while it pans and zooms."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.minimap = Minimap(stage)
        self.legend: Legend | None = None
        """Made when it is first wanted."""
        self.problem = ProblemCard(stage.theme, stage)
        self.quick_add = QuickAdd(stage.theme, stage)
        self.hint = QLabel(stage)
        self.hint.setObjectName("hint")
        self.hint.setAccessibleName(tr("Hint"))
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hint.setMaximumWidth(380)
        self.hint.setWordWrap(True)
        self.hint.hide()
        self._hovered: NodeItem | None = None
        self._caused = ""
        """The node whose problem the last edit caused."""
        self._fresh: set[str] = set()
        """Nodes just added: that nothing is connected yet is no news, so no card until a person selects them."""
        self._known: frozenset[tuple[str, str, str]] | None = None
        self._linger = QTimer(stage)
        self._linger.setSingleShot(True)
        self._linger.setInterval(LINGER)
        self._linger.timeout.connect(self.place)
        self.problem.resized.connect(self.place)
        self.set_theme(stage.theme)

    @property
    def _drawing(self) -> Drawing:
        return self._stage.drawing

    def set_theme(self, theme: Theme) -> None:
        """Take on other colours."""
        self.minimap.theme_changed()
        if self.legend is not None:
            self.legend.update()
        self.problem.set_theme(theme)
        self.quick_add.set_theme(theme)
        self.hint.setStyleSheet(
            f"#hint {{ background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.line};"
            " border-radius: 6px; padding: 4px 8px; }"
        )

    @property
    def shows_legend(self) -> bool:
        """Whether the legend of links is seen."""
        return self.legend is not None and not self.legend.isHidden()

    def switch_legend(self) -> None:
        """Show the legend of links, or hide it."""
        if self.legend is None:
            from designer.canvas.legend import Legend

            self.legend = Legend(self._stage)
        self.legend.place()
        self.legend.setVisible(self.legend.isHidden())

    # ---- following

    def begin(self) -> None:
        """Another document or drawing: nothing of the last one is news."""
        self._known, self._caused, self._hovered = None, "", None
        self._fresh.clear()
        self.minimap.theme_changed()

    def follow(self) -> None:
        """The graph changed."""
        if self._hovered is not None and self._hovered.node_id not in self._drawing.items_by_id:
            self._hovered = None
        if self._caused not in self._drawing.items_by_id:
            self._caused = ""
        self.minimap.drawing_changed()
        self.place()

    def report(self, checked: Checked) -> None:
        """Show the problem that the last edit caused at a link, unless it was there before."""
        errors = {(each.node, each.port, each.message): each for each in checked.problems if each.severity == "error"}
        if not checked.partial:
            if self._known is not None:
                self._caused = next((each.node for key, each in errors.items() if self._is_news(key)), self._caused)
            self._known = frozenset(errors)
        self.minimap.drawing_changed()
        self.place()

    def _is_news(self, key: tuple[str, str, str]) -> bool:
        node_id, port, _ = key
        return self._known is not None and key not in self._known and port in self._drawing.inputs.get(node_id, {})

    def added(self, node_id: str) -> None:
        """A node was added by a person."""
        self._fresh.add(node_id)
        self._caused = ""

    def selection_changed(self) -> None:
        """Another selection: what was caused before is history."""
        self._fresh &= set(self._drawing.chosen)
        self._caused = ""
        self.minimap.drawing_changed()
        self.place()

    def person_chose(self) -> None:
        """A person points at what is selected: its problem is wanted now."""
        self._fresh.clear()
        self.place()

    # ---- the pointer

    def hover(self, item: NodeItem | None, port: tuple[str, bool] | None) -> None:
        """Show what is under the pointer."""
        before, self._hovered = self._hovered, item
        if before is not None and before is not item:
            before.point_at(False)
        if item is not None:
            item.point_at(True, port)
        if before is not item:
            if item is None and self.problem.isVisible():
                self._linger.start()
            else:
                self.place()

    def show_hint(self, text: str, at: QPointF | None) -> None:
        """Show words beside the pointer, kept inside the view; none are no words."""
        self.hint.setVisible(bool(text))
        if text and at is not None:
            self.hint.setText(text)
            self.hint.adjustSize()
            room = self._stage.rect().adjusted(4, 4, -4, -4)
            x = max(room.left(), min(int(at.x()) + 16, room.right() - self.hint.width()))
            y = max(room.top(), min(int(at.y()) + 18, room.bottom() - self.hint.height()))
            self.hint.move(x, y)
            self.hint.raise_()

    def tooltip(self, port: tuple[NodeItem, Slot] | None, link: Link | None) -> str:
        """What a port or a link is called, and what flows there."""
        if port is not None:
            item, slot = port
            names = item.card.names_at(slot)
            if len(names) > 1:
                return tr("{join}: open the node (H) to see each of them", join=", ".join(names))
            link = (
                Link(item.node_id, slot.name, "", "")
                if slot.is_output
                else self._drawing.inputs.get(item.node_id, {}).get(slot.name)
            )
            words = f"{slot.name}" + ("" if slot.known else tr(" (this layer has no such port)"))
        elif link is not None:
            words = f"{link.source} → {link.target}"
        else:
            return ""
        spec = self._drawing.spec(link) if link is not None else None
        return f"{words}: {flow_text(spec)}" if spec is not None else words

    # ---- the problem card

    def shown_node(self) -> str:
        """The node whose problem is to be seen: under the pointer, just caused, or selected alone."""
        chosen = list(self._drawing.chosen)
        alone = chosen[0] if len(chosen) == 1 and chosen[0] not in self._fresh else ""
        hovered = self._hovered.node_id if self._hovered is not None else ""
        if not hovered and self.problem.underMouse() and self.problem.problem is not None and self.problem.isVisible():
            hovered = self.problem.problem.node
        return next((each for each in (hovered, self._caused, alone) if each and self._worst(each)), "")

    def _worst(self, node_id: str) -> Problem | None:
        problems = [each for each in self._drawing.problems.get(node_id, ()) if each.severity != "note"]
        return min(problems, key=lambda each: each.severity != "error", default=None)

    def place(self) -> None:
        """Put everything where it belongs now."""
        self.minimap.place()
        if self.legend is not None:
            self.legend.place()
        node_id = self.shown_node()
        problem = self._worst(node_id) if node_id else None
        if problem is None or node_id not in self._drawing.items_by_id:
            self.problem.hide()
            return
        self.problem.show_problem(problem)
        size = self.problem.wanted_size()
        place = self._card_place(node_id, size)
        if place is None:
            self.problem.hide()
            return
        self.problem.setGeometry(QRect(place, size))
        self.problem.show()
        self.problem.raise_()
        if self.quick_add.isVisible():
            self.quick_add.raise_()

    def _card_place(self, node_id: str, size: QSize) -> QPoint | None:
        stage = self._stage
        room = stage.viewport().rect().adjusted(8, 8, -8, -8)
        node = self._on_screen(self._drawing.items_by_id[node_id])
        if not room.intersects(node) or stage.zoom < DETAIL_FROM / 2:
            return None
        near = QRectF(stage.to_scene(QPointF(node.topLeft())), QSize(1, 1).toSizeF())
        reach = (WIDTH + NODE_WIDTH) * 2 / stage.zoom
        around = self._drawing.nodes.inside(near.x() - reach, near.y() - reach, near.x() + reach, near.y() + reach)
        others = [self._on_screen(self._drawing.items_by_id[each]) for each in around if each != node_id]
        return best_place(size, node.adjusted(-6, -2, 6, 2), room, [*others, self.minimap.geometry()])

    def _on_screen(self, item: NodeItem) -> QRect:
        return self._stage.viewportTransform().mapRect(item.rect()).toAlignedRect()

    # ---- for a screen reader

    def description(self, chosen: Iterable[str]) -> str:
        """The selection in words."""
        words = [
            described(
                self._drawing.items_by_id[each].card,
                self._drawing.node_report(each),
                self._drawing.problems.get(each, ()),
            )
            for each in chosen
        ]
        if len(words) > 3:
            return tr("{count} nodes selected", count=len(words))
        return tr("Selected: ") + " | ".join(words) if words else ""
