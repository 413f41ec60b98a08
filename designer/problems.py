"""The list of problems: each row says one fault, jumps to its node, and repairs it where that is known."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.messages import Problem
from designer.icons import icon
from designer.numbers import counted
from designer.popup import scrolled
from designer.theme import DARK, Theme
from designer.words import tr

WORD = {"error": tr("Problem"), "warning": tr("Advice"), "note": tr("Note")}
ORDER = {"error": 0, "warning": 1, "note": 2}
MOST = 50
"""So many rows are made at a time: thousands of them in one column would hold up the window for minutes."""


class ProblemRow(QFrame):
    """One problem: what, where, the repair, and why."""

    chosen = Signal(object)
    repair_wanted = Signal(object)

    def __init__(self, problem: Problem, theme: Theme) -> None:
        super().__init__()
        self.problem = problem
        self.setProperty("role", "row")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{WORD[problem.severity]}: {problem.message}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        mark = QLabel()
        mark.setPixmap(icon(problem.severity, tone(problem.severity, theme)).pixmap(16, 16))
        mark.setAccessibleName(WORD[problem.severity])
        words = QLabel(problem.message)
        words.setWordWrap(True)
        words.setAccessibleName(problem.message)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(words, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 6, 8, 6)
        self._column.setSpacing(4)
        self._column.addLayout(line)
        self._add_place_and_ways_out()

    def _add_place_and_ways_out(self) -> None:
        problem = self.problem
        line = QHBoxLayout()
        line.setContentsMargins(24, 0, 0, 0)
        where = ".".join(filter(None, (problem.node, problem.port)))
        place = QLabel(f"{problem.block} › {where}" if problem.block else where)
        place.setProperty("role", "small")
        place.setAccessibleName(tr("Where"))
        line.addWidget(place, 1)
        self._column.addLayout(line)
        if problem.why:
            reason = QLabel(problem.why)
            reason.setWordWrap(True)
            reason.setProperty("role", "dim")
            reason.setAccessibleName(tr("Why"))
            reason.hide()
            self._column.addWidget(reason)
            self._button(tr("Explain"), "flat", line).clicked.connect(lambda: reason.setVisible(not reason.isVisible()))
        if problem.repair is not None:
            under = QHBoxLayout()
            self._column.addLayout(under)
            self.repair = self._button(problem.repair.text, "repair", under)
            self.repair.clicked.connect(lambda: self.repair_wanted.emit(problem))
            under.addStretch(1)

    def _button(self, text: str, role: str, line: QHBoxLayout) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("role", role)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click keeps the focus: the repair takes the button away
        line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return button

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click shows the node."""
        self.chosen.emit(self.problem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows the node."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.problem)
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._set_hovered(True)

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hovered(False)

    def _set_hovered(self, hovered: bool) -> None:
        self.setProperty("hovered", hovered)
        self.style().unpolish(self)
        self.style().polish(self)


class Problems(QWidget):
    """All problems of the last check, errors first."""

    problem_wanted = Signal(object)
    repair_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Problems"))
        self.rows: list[ProblemRow] = []
        self._shown: tuple[Problem, ...] | None = None
        self._room = MOST
        self._theme: Theme = DARK
        self.empty = QLabel(tr("Nothing to repair."))
        self.empty.setProperty("role", "dim")
        self.empty.setAccessibleName(tr("No problems"))
        inner = QWidget()
        inner.setAccessibleName(tr("Problems"))
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(8, 4, 8, 8)
        self._column.setSpacing(4)
        self._column.addWidget(self.empty)
        self.more = QPushButton()
        self.more.setProperty("role", "flat")
        self.more.setAccessibleName(tr("Show more problems"))
        self.more.clicked.connect(self._show_more)
        self.more.hide()
        self._column.addWidget(self.more)
        self._column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(inner, tr("Problems")))

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show these problems; equal ones stay as they are."""
        ordered = tuple(sorted(problems, key=lambda each: ORDER[each.severity]))
        if ordered == self._shown:
            return
        self._shown, self._room = ordered, MOST
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        self._fill()
        self.empty.setVisible(not self.rows)

    def _fill(self) -> None:
        """Make the rows that there is room for and that are not made yet."""
        problems = self._shown or ()
        for problem in problems[len(self.rows) : self._room]:
            row = ProblemRow(problem, self._theme)
            row.chosen.connect(self.problem_wanted)
            row.repair_wanted.connect(self.repair_wanted)
            self._column.insertWidget(len(self.rows), row)
            self.rows.append(row)
        left = len(problems) - len(self.rows)
        self.more.setText(tr("Show more of {counted}", counted=counted(left, "further problem")))
        self.more.setVisible(left > 0)

    def _show_more(self) -> None:
        self._room += MOST
        first = len(self.rows)
        self._fill()
        self.rows[first].setFocus(Qt.FocusReason.OtherFocusReason)

    def set_theme(self, theme: Theme) -> None:
        """Show the rows in the theme's colours."""
        self._theme = theme
        shown, self._shown = self._shown or (), None
        self.show_problems(shown)


def tone(severity: str, theme: Theme) -> str:
    """The colour of a severity."""
    return {"error": theme.bad, "warning": theme.warn, "good": theme.good}.get(severity, theme.dim)
