"""Python text with numbered lines, coloured words and marked lines: to be read, or to be written in."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QResizeEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from designer.plots.colouring import Colouring
from designer.plots.colours import blend
from designer.plots.header import tabular
from designer.theme import DARK, MONOSPACE, Theme

MARKED = 0.12
"""Share of the mark's colour in the ground of a marked line: every colour of the text still reads at 4.5:1 on it."""


class CodeText(QPlainTextEdit):
    """Python with numbered lines; some lines can be marked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setMinimumSize(0, 0)
        font = QFont()
        font.setFamilies([name.strip() for name in MONOSPACE.split(",")])
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(12)
        self.setFont(font)
        self.marked: tuple[int, ...] = ()
        self._means_fault = False
        self._theme: Theme = DARK
        self._colouring = Colouring(self.document())
        self._gutter = _Gutter(self)
        self.blockCountChanged.connect(lambda _: self._fit())
        self.updateRequest.connect(self._scroll)
        self._fit()

    # ---- marks

    def mark(self, lines: tuple[int, ...], means_fault: bool = False) -> None:
        """Mark these lines (from 1), as what is meant or as what is wrong."""
        self.marked, self._means_fault = lines, means_fault
        colour = blend(self._mark_colour, self._theme.canvas, MARKED)
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

    @property
    def _mark_colour(self) -> str:
        return self._theme.bad if self._means_fault else self._theme.accent

    def reveal(self, line: int) -> None:
        """Scroll so that a line is in sight; nothing moves where it already is."""
        first = self.firstVisibleBlock().blockNumber() + 1
        count = max(1, self.viewport().height() // max(1, self.fontMetrics().lineSpacing()) - 1)
        if not first <= line < first + count:
            self.verticalScrollBar().setValue(max(0, line - 1 - count // 3))

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
            whole = self.blockBoundingRect(block).height()
            height = min(whole, self.fontMetrics().lineSpacing())  # the last block has the margin below it
            number = block.blockNumber() + 1
            if number in marked:
                painter.fillRect(0, round(top), 3, round(height), QColor(self._mark_colour))
            painter.setPen(QColor(self._theme.text if number in marked else self._theme.dim))
            painter.drawText(
                QRect(0, round(top), width - 10, round(height)),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                str(number),
            )
            top += whole
            block = block.next()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self._colouring.set_theme(theme)
        self.setStyleSheet(self.sheet(theme))
        self.mark(self.marked, self._means_fault)

    def sheet(self, theme: Theme) -> str:
        """The style of the text's frame."""
        return (
            f"QPlainTextEdit {{ background: {theme.canvas}; color: {theme.text}; border-radius: 0; padding: 2px 0; }}"
        )


class _Gutter(QWidget):
    def __init__(self, text: CodeText) -> None:
        super().__init__(text)
        self._text = text
        self.setAccessibleName("Line numbers")

    def sizeHint(self) -> QSize:
        return QSize(self._text.gutter_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._text.paint_gutter(QPainter(self))
