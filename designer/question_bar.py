"""Questions that wait above the canvas until they are answered: one sentence each, and a button for each answer."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from designer.icons import icon
from designer.theme import DARK, Theme
from designer.words import tr

Answer = tuple[str, str, Callable[[], object]]
"""What a button says, what it does in a sentence, and the doing."""
ROOM_FOR_TWO = 760
"""How wide the bar has to be for two questions: in a narrower one they take more lines than the canvas can spare."""

ROOM_FOR_WORDS = 300
"""What the words of a question need beside its answers."""


class Question(QFrame):
    """One sentence with its answers; the cross leaves it open till the next time."""

    def __init__(self, later: Callable[[], object]) -> None:
        super().__init__()
        self.setAccessibleName(tr("Question"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.mark = QLabel()
        self.mark.setAccessibleName(tr("A question"))
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setAccessibleName(tr("Question"))
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # a long word widens nothing
        policy.setHeightForWidth(True)
        self.words.setSizePolicy(policy)
        self.buttons: list[QPushButton] = []
        self.close_button = QToolButton()
        self.close_button.setProperty("role", "flat")
        self.close_button.setIconSize(QSize(14, 14))
        self.close_button.setToolTip(tr("Decide later"))
        self.close_button.setAccessibleName(tr("Decide later"))
        self.close_button.clicked.connect(later)
        self._answers = QHBoxLayout()
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._middle.addWidget(self.words, 1)
        self._middle.addLayout(self._answers)
        self._middle.setAlignment(self._answers, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 6, 6)
        for each in (row, self._middle, self._answers):
            each.setSpacing(8)
        row.addWidget(self.mark)
        row.addLayout(self._middle, 1)
        row.addWidget(self.close_button)

    def show_words(self, sentence: str, answers: Sequence[Answer]) -> None:
        """Say something, with these answers."""
        self.words.setText(sentence)
        self.words.setToolTip(sentence)
        self.setAccessibleDescription(sentence)
        for each in self.buttons:
            self._answers.removeWidget(each)
            each.hide()
            each.deleteLater()
        self.buttons = []
        for text, tip, run in answers:
            button = QPushButton(text)
            button.setAccessibleName(text)
            button.setToolTip(tip)
            button.clicked.connect(lambda _=False, run=run: run())
            self._answers.addWidget(button)
            self.buttons.append(button)
        held: list[QWidget] = [*self.buttons, self.close_button]
        for one, two in itertools.pairwise(held):  # the cross was made first, and comes last
            QWidget.setTabOrder(one, two)
        self.setFocusProxy(held[0])
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the answers below the words where these would have no room beside them."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        is_wide = self.width() - self._answers.sizeHint().width() >= ROOM_FOR_WORDS
        self._middle.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)

    def minimumSizeHint(self) -> QSize:
        """With the answers below the words it may be this narrow; else it would widen the window before it can turn."""
        held = self.close_button.sizeHint().width() + self.mark.sizeHint().width()
        return QSize(self._answers.minimumSize().width() + held + 32, super().minimumSizeHint().height())

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.mark.setPixmap(icon("warning", theme.warn).pixmap(16, 16))
        self.close_button.setIcon(icon("close", theme.dim))


class QuestionBar(QWidget):
    """A strip over the whole width, with a row for each question; hidden while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("questions")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Questions"))
        self._theme: Theme = DARK
        self.asked: dict[str, Question] = {}
        self._waiting = QLabel()
        self._waiting.setContentsMargins(36, 0, 6, 6)
        self._waiting.setAccessibleName(tr("Questions that wait"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._waiting)
        self.hide()

    def ask(self, key: str, sentence: str, answers: Sequence[Answer], is_first: bool = False) -> None:
        """Ask something, once under each key: the same key says it in other words."""
        question = self.asked.get(key)
        if question is None:
            question = Question(lambda: self.settle(key))
            self.asked = {key: question, **self.asked} if is_first else {**self.asked, key: question}
            self._column.insertWidget(0 if is_first else self._column.count() - 1, question)
            question.set_theme(self._theme)
        question.show_words(sentence, answers)
        self._show()

    def settle(self, key: str) -> None:
        """Take a question away."""
        question = self.asked.pop(key, None)
        if question is not None:
            self._column.removeWidget(question)
            question.hide()
            question.deleteLater()
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many questions as there is room for."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._show()

    def _show(self) -> None:
        """Show the first questions; the others wait, so that the canvas keeps its room."""
        most = 2 if self.width() >= ROOM_FOR_TWO else 1
        for place, each in enumerate(self.asked.values()):
            each.setVisible(place < most)
        more = len(self.asked) - most
        self._waiting.setText(tr("{more} more question{value} after this.", more=more, value="" if more == 1 else "s"))
        self._waiting.setVisible(more > 0)
        self.setVisible(bool(self.asked))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self._waiting.setStyleSheet(f"color: {theme.dim};")
        self.setStyleSheet(
            f"#questions {{ background: {theme.raised}; border: 0; border-left: 4px solid {theme.warn};"
            f" border-bottom: 1px solid {theme.line}; }} #questions QFrame {{ background: transparent; border: 0; }}"
        )
        for each in self.asked.values():
            each.set_theme(theme)
