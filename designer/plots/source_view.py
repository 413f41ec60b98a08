"""The dock of source: the Python that the drawing stands for, in step with the selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QTextEdit, QVBoxLayout, QWidget

from core.events import Event
from core.messages import Answer, Checked, Failure, Request, Source, Write
from designer.document import Document
from designer.plots.colouring import Colouring
from designer.plots.colours import blend
from designer.plots.header import Header, Switch, small_button, tabular
from designer.plots.latest import Latest
from designer.plots.refresh import Refresh
from designer.theme import DARK, MONOSPACE, Theme

if TYPE_CHECKING:
    from designer.engines import Engines

INTERVAL = 250
"""Milliseconds between two requests: writing takes the engine a tenth of a second, and checks come first."""
MARKED = 0.12
"""Share of the accent in the ground of a marked line: every colour of the source still reads at 4.5:1 on it."""
FILES = (
    ("model.py", "model.py", "The network as a class."),
    ("train.py", "train.py", "The training script that goes with it."),
)


class Text(QPlainTextEdit):
    """Source with numbered lines; `line_clicked` tells which line (from 1) was clicked."""

    line_clicked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Python source")
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setMinimumSize(0, 0)
        font = QFont()
        font.setFamilies([name.strip() for name in MONOSPACE.split(",")])
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(12)
        self.setFont(font)
        self.marked: tuple[int, ...] = ()
        self._theme = DARK
        self._gutter = _Gutter(self)
        self.blockCountChanged.connect(lambda _: self._fit())
        self.updateRequest.connect(self._scroll)
        self._fit()

    # ---- marks

    def mark(self, lines: tuple[int, ...]) -> None:
        """Mark these lines (from 1)."""
        self.marked = lines
        colour = blend(self._theme.accent, self._theme.canvas, MARKED)
        selections = []
        for line in lines:
            block = self.document().findBlockByNumber(line - 1)
            if block.isValid():
                each = QTextEdit.ExtraSelection()
                each.cursor = QTextCursor(block)  # type: ignore[attr-defined]
                each.format.setBackground(colour)  # type: ignore[attr-defined]
                each.format.setProperty(QTextFormat.Property.FullWidthSelection, True)  # type: ignore[attr-defined]
                selections.append(each)
        self.setExtraSelections(selections)
        self._gutter.update()

    def reveal(self, line: int) -> None:
        """Scroll so that a line is in sight; nothing moves where it already is."""
        first = self.firstVisibleBlock().blockNumber() + 1
        count = max(1, self.viewport().height() // max(1, self.fontMetrics().lineSpacing()) - 1)
        if not first <= line < first + count:
            self.verticalScrollBar().setValue(max(0, line - 1 - count // 3))

    # ---- the mouse

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click without a selection asks for the line's node."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.line_clicked.emit(self.cursorForPosition(event.position().toPoint()).blockNumber() + 1)

    # ---- the gutter

    def gutter_width(self) -> int:
        """Room for the numbers of all lines."""
        return 18 + self.fontMetrics().horizontalAdvance("0") * max(2, len(str(self.blockCount())))

    def _fit(self) -> None:
        self.setViewportMargins(self.gutter_width(), 0, 0, 0)
        inside = self.contentsRect()
        self._gutter.setGeometry(QRect(inside.left(), inside.top(), self.gutter_width(), inside.height()))

    def _scroll(self, rect: QRect, down: int) -> None:
        if down:
            self._gutter.scroll(0, down)
        else:
            self._gutter.update(0, rect.y(), self._gutter.width(), rect.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the gutter at the side."""
        super().resizeEvent(event)
        self._fit()

    def paint_gutter(self, painter: QPainter) -> None:
        """Draw the numbers of the lines in sight, and a bar beside marked ones."""
        painter.setFont(tabular(self.font(), 11))
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        marked = set(self.marked)
        width = self._gutter.width()
        while block.isValid() and top < self.height():
            height = self.blockBoundingRect(block).height()
            number = block.blockNumber() + 1
            if number in marked:
                painter.fillRect(0, round(top), 3, round(height), QColor(self._theme.accent))
            painter.setPen(QColor(self._theme.text if number in marked else self._theme.dim))
            painter.drawText(
                QRect(0, round(top), width - 10, round(height)),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                str(number),
            )
            top += height
            block = block.next()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {theme.canvas}; color: {theme.text}; border-radius: 0; padding: 2px 0; }}"
        )
        self.mark(self.marked)


class _Gutter(QWidget):
    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self._text = text
        self.setAccessibleName("Line numbers")

    def sizeHint(self) -> QSize:
        return QSize(self._text.gutter_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._text.paint_gutter(QPainter(self))


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
        self._colouring = Colouring(self.text.document())
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
        self._colouring.set_theme(theme)
        self.copy.setStyleSheet(small_button(theme).replace("QToolButton", "QPushButton"))
        self.message.setStyleSheet(f"color: {theme.bad}; padding: 2px 12px 4px 12px; font-size: 12px;")
        self.setStyleSheet(f"SourceView {{ background: {theme.panel}; }}")
