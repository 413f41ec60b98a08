"""The dock of source: the Python that the drawing stands for, in step with the selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from core.events import Event
from core.messages import Answer, Checked, Failure, Request, Source, Write
from designer.document import Document
from designer.plots.code_text import CodeText
from designer.plots.header import Header, Switch, small_button
from designer.plots.latest import Latest
from designer.plots.refresh import Refresh
from designer.theme import DARK, Theme

if TYPE_CHECKING:
    from designer.engines import Engines

INTERVAL = 250
"""Milliseconds between two requests: writing takes the engine a tenth of a second, and checks come first."""
FILES = (
    ("model.py", "model.py", "The network as a class."),
    ("train.py", "train.py", "The training script that goes with it."),
)


class Text(CodeText):
    """Source to be read; `line_clicked` tells which line (from 1) was clicked."""

    line_clicked = Signal(int)

    def __init__(self) -> None:
        super().__init__("Python source")
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click without a selection asks for the line's node."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.line_clicked.emit(self.cursorForPosition(event.position().toPoint()).blockNumber() + 1)


class SourceView(QWidget):
    """The model's and the training script's source, following the drawing and its selection."""

    about = (
        "The Python that this drawing stands for: what is trained and what is exported; click a line to see its node."
    )
    node_wanted = Signal(str)

    def __init__(self, document: Document, engines: Engines, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Source")
        self._document = document
        self.source = Source({})
        self._followed: tuple[str, ...] = ()
        self.questions = Latest(engines, self._take, self)
        self._refresh = Refresh(self, self._ask, INTERVAL)
        self.header = Header("Source", self.about)
        self.files = Switch("File")
        self.files.offer(FILES)
        self.files.chosen.connect(lambda _: self._show())
        self.copy = QPushButton("Copy")
        self.copy.setAccessibleName("Copy the source")
        self.copy.setToolTip("Copies the whole file.")
        self.copy.clicked.connect(self._copy)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(1500)
        self._copied.timeout.connect(lambda: self.copy.setText("Copy"))
        self.header.add(self.files, 2)
        self.header.add(self.copy, 1)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.hide()
        self.text = Text()
        self.text.line_clicked.connect(self._click)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.header, self.message, self.text):
            layout.addWidget(widget, 1 if widget is self.text else 0)
        document.checked.connect(self._note)
        self.set_theme(DARK)
        if document.report is not None:
            self._refresh.news()

    @property
    def file(self) -> str:
        """The name of the file that is shown."""
        return self.files.choice

    def receive(self, event: Event) -> None:
        """The source follows the drawing, not a run."""

    def clear(self) -> None:
        """The source stays: it belongs to the drawing."""

    def follow(self, node_ids: tuple[str, ...]) -> None:
        """Mark the lines of the selected nodes and scroll to the first."""
        self._followed = node_ids
        lines = self._mark()
        if lines:
            self.text.reveal(lines[0])

    def lines_of(self, node_ids: tuple[str, ...]) -> tuple[int, ...]:
        """The lines of model.py that come from these nodes."""
        wanted = set(node_ids)
        return tuple(sorted(line for line, node in self.source.lines.items() if node in wanted))

    def _mark(self) -> tuple[int, ...]:
        lines = self.lines_of(self._followed) if self.file == "model.py" else ()
        self.text.mark(lines)
        return lines

    # ---- asking and showing

    def _note(self, report: Checked) -> None:
        if not report.partial:
            self._refresh.news()

    def _ask(self) -> None:
        self.questions.want(Write(self._document.project))

    def _take(self, _: Request, answer: Answer) -> None:
        if isinstance(answer, Source):
            self.source = answer
            self._say("")
            self._show()
        elif isinstance(answer, Failure):
            self._say(answer.message)

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def _show(self) -> None:
        content = self.source.files.get(self.file, "")
        if content != self.text.toPlainText():
            bars = self.text.verticalScrollBar(), self.text.horizontalScrollBar()
            places = [bar.value() for bar in bars]
            self.text.setPlainText(content)
            for bar, place in zip(bars, places, strict=True):
                bar.setValue(place)
        self._mark()

    def _click(self, line: int) -> None:
        node = self.source.lines.get(line, "") if self.file == "model.py" else ""
        if node:
            self.node_wanted.emit(node)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy.setText("Copied")
        self._copied.start()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.header.set_theme(theme)
        self.files.set_theme(theme)
        self.text.set_theme(theme)
        self.copy.setStyleSheet(small_button(theme).replace("QToolButton", "QPushButton"))
        self.message.setStyleSheet(f"color: {theme.bad}; padding: 2px 12px 4px 12px; font-size: 12px;")
        self.setStyleSheet(f"SourceView {{ background: {theme.panel}; }}")
