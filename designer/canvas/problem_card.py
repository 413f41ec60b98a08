"""The card beside a node that has a problem: the sentence, the repair as the first button, Explain as the second."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.messages import Problem
from designer.canvas.look import mixed
from designer.theme import Theme
from designer.words import tr

WIDTH = 288
GAP = 14


def best_place(size: QSize, node: QRect, room: QRect, others: Iterable[QRect]) -> QPoint | None:
    """Where a card covers its node not at all and other nodes least; None where there is no room beside the node."""
    w, h = size.width(), size.height()
    middle = node.center().x() - w // 2
    held = list(others)
    places = [
        QPoint(node.left(), node.bottom() + GAP),
        QPoint(node.right() + GAP, node.top()),
        QPoint(node.left() - w - GAP, node.top()),
        QPoint(middle, node.top() - h - GAP),
        QPoint(node.right() - w, node.bottom() + GAP),
        QPoint(node.left(), node.top() - h - GAP),
    ]
    best: tuple[int, int, QPoint] | None = None
    for order, place in enumerate(places):
        x = max(room.left(), min(place.x(), room.right() - w))
        y = max(room.top(), min(place.y(), room.bottom() - h))
        card = QRect(x, y, w, h)
        if not room.contains(card) or card.intersects(node):
            continue
        covered = sum(part.width() * part.height() for other in held if not (part := card.intersected(other)).isEmpty())
        if best is None or (covered, order) < best[:2]:
            best = (covered, order, QPoint(x, y))
    return best[2] if best else None


class ProblemCard(QFrame):
    """One problem in words, with its way out."""

    repair_wanted = Signal(object)
    resized = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.problem: Problem | None = None
        self._theme = theme
        self.setObjectName("problem")
        self.setAccessibleName(tr("Problem"))
        self.setFixedWidth(WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.words = _words(tr("Problem"))
        self.why = _words(tr("Why"))
        self.repair = QPushButton()
        self.explain = QPushButton(tr("Explain"))
        self.repair.setObjectName("repair")
        self.repair.setAccessibleName(tr("Repair"))
        self.explain.setObjectName("explain")
        self.explain.setAccessibleName(tr("Explain this problem"))
        self.repair.clicked.connect(self._repair)
        self.explain.clicked.connect(self._explain)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.repair)
        buttons.addWidget(self.explain)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addWidget(self.words)
        column.addWidget(self.why)
        column.addLayout(buttons)
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take on other colours."""
        self._theme = theme
        colour = theme.warn if self.problem and self.problem.severity != "error" else theme.bad
        ground = mixed(theme.raised, colour, 0.07).name()
        border = mixed(theme.raised, colour, 0.55).name()
        self.setStyleSheet(
            f"#problem {{ background: {ground}; border: 1px solid {border}; border-radius: 8px; }}"
            f"QLabel {{ color: {theme.text}; background: transparent; border: 0; }}"
            f"#repair {{ background: {theme.accent}; color: {theme.on_accent}; "
            " border: 1px solid transparent; border-radius: 6px; padding: 3px 12px; font-weight: 600; }"
            f"#explain {{ background: transparent; color: {theme.text};"
            " border: 1px solid transparent; border-radius: 6px; padding: 3px 8px; }"
            f"#repair:hover, #explain:hover, #repair:focus, #explain:focus {{ border-color: {theme.text}; }}"
        )

    def show_problem(self, problem: Problem) -> None:
        """Take on a problem; the one that is shown already keeps its explanation open."""
        if problem == self.problem:
            return
        self.problem = problem
        self.setAccessibleName(tr("Problem of {node}", node=problem.node))
        self.setAccessibleDescription(problem.message)
        self.words.setText(problem.message)
        self.why.setText(problem.why)
        self.why.hide()
        self.explain.setText(tr("Explain"))
        self.explain.setVisible(bool(problem.why))
        self.repair.setVisible(problem.repair is not None)
        self.repair.setText(problem.repair.text if problem.repair else "")
        self.repair.setAccessibleName(self.repair.text() or tr("Repair"))
        self.set_theme(self._theme)

    def wanted_size(self) -> QSize:
        """How large the card is with all its words."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        return QSize(
            WIDTH, layout.totalHeightForWidth(WIDTH) if layout.hasHeightForWidth() else self.sizeHint().height()
        )

    def _repair(self) -> None:
        if self.problem is not None and self.problem.repair is not None:
            self.repair_wanted.emit(self.problem)

    def _explain(self) -> None:
        self.why.setVisible(self.why.isHidden())
        self.explain.setText(tr("Explain") if self.why.isHidden() else tr("Less"))
        self.resized.emit()


def _words(name: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAccessibleName(name)
    return label
