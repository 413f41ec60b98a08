"""The way from the project into the block that is shown, above the canvas: each part of it leads back."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton

from core.graph import Graph
from designer.icons import icon
from designer.scope import Scope
from designer.theme import DARK, Theme
from designer.words import tr

LONGEST = 28
"""Characters of one part; its tooltip says all of it."""


class Breadcrumb(QFrame):
    """A strip that is there only inside a block: `project › stage1 (Basic) › …`."""

    left = Signal()

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("breadcrumb")
        self.setAccessibleName(tr("Where you are"))
        self._scope = scope
        self._theme: Theme = DARK
        self.parts: list[QToolButton] = []
        self._marks: list[QLabel] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 3, 8, 3)
        self._row.setSpacing(2)
        self.up = self._button(tr("Leave this block (Ctrl+Backspace)"))
        self.up.setAccessibleName(tr("Leave this block"))
        self.up.setIconSize(QSize(14, 14))
        self.up.clicked.connect(lambda: self._go(len(scope.steps) - 1))
        self._row.addWidget(self.up)
        self.uses = QLabel()
        self.uses.setProperty("role", "dim")
        self.uses.setAccessibleName(tr("How often this block is used"))
        self._row.addStretch(1)
        self._row.addWidget(self.uses)
        scope.entered.connect(lambda _: self.refresh())
        scope.changed.connect(lambda *_: self.refresh())
        scope.document.path_changed.connect(lambda _: self.refresh())
        self._shown: tuple[str, ...] = ()
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.setStyleSheet(
            f"#breadcrumb {{ background: {theme.panel}; border: 0; border-bottom: 1px solid {theme.line}; }}"
        )
        self.up.setIcon(icon("up", theme.dim))

    def refresh(self) -> None:
        """Show the way as it is now."""
        steps = self._scope.steps
        self.setVisible(bool(steps))
        if not steps:
            self._shown = ()
            return
        path = self._scope.document.path
        words = [path.stem if path else tr("untitled")]
        words += [f"{step.node_id} ({step.block})" if step.node_id else step.block for step in steps]
        count = uses_of(self._scope)
        said = tr("edits change every use, {count} in all", count=count) if count != 1 else tr("used once")
        self.uses.setText(tr("used nowhere") if not count else said)
        if tuple(words) == self._shown:
            return
        self._shown = tuple(words)
        for each in (*self.parts, *self._marks):
            self._row.removeWidget(each)
            each.hide()
            each.deleteLater()
        self.parts, self._marks = [], []
        for depth, word in enumerate(words):
            self._add_part(depth, word, is_last=depth == len(steps))

    def _add_part(self, depth: int, word: str, is_last: bool) -> None:
        if depth:
            mark = QLabel("›")
            mark.setProperty("role", "dim")
            mark.setAccessibleName("then")
            self._marks.append(mark)
            self._row.insertWidget(self._row.count() - 2, mark)
        part = self._button(tr("Shown now") if is_last else tr("Back to {word}", word=word))
        part.setText(word if len(word) <= LONGEST else word[: LONGEST - 1] + "…")
        part.setAccessibleName(word)
        if is_last:
            font = part.font()
            font.setBold(True)
            part.setFont(font)
        part.clicked.connect(lambda: self._go(depth))
        self.parts.append(part)
        self._row.insertWidget(self._row.count() - 2, part)

    def _button(self, tip: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "flat")
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        return button

    def _go(self, depth: int) -> None:
        self._scope.leave(max(0, depth))
        self.left.emit()


def uses_of(scope: Scope, block: str = "") -> int:
    """In how many places the drawings of the project use a block (the shown one)."""
    return uses(scope.document.project.graph, block or scope.block)


def uses(graph: Graph, name: str) -> int:
    """In how many places the drawings of a project use a block."""
    drawings = (graph.nodes, *(block.nodes for block in graph.blocks.values()))
    return sum(node.layer == name for nodes in drawings for node in nodes.values())
