"""Python text with numbered lines, coloured words and marked lines: to be read, or to be written in."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QResizeEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from designer.plots.colouring import Colouring
from designer.plots.colours import blend
from designer.plots.header import tabular
from designer.plots.source_parts import Changes
from designer.theme import DARK, MONOSPACE, Theme
from designer.words import tr

SIGN = 10
"""Pixels at the right of the gutter, for the sign of a line that changed."""
MARKED = 0.12
"""Share of the mark's colour in the ground of a marked line: every colour of the text still reads at 4.5:1 on it."""


class CodeText(QPlainTextEdit):
    """Python with numbered lines; some lines can be marked, and what an edit changed has a sign beside its number.

    Lines are meant by the numbers that are shown: `first` is that of the first one.
    """

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
        self.first = 1
        self.marked: tuple[int, ...] = ()
        self.changes = Changes()
        self._means_fault = False
        self._theme: Theme = DARK
        self._colouring = Colouring(self.document())
        self._gutter = _Gutter(self)
        self.blockCountChanged.connect(lambda _: self._fit())
        self.updateRequest.connect(self._scroll)
        self._fit()

    def show_text(self, text: str, first: int = 1) -> None:
        """Show a text whose first line has this number, at the place where the text before was scrolled to."""
        if (text, first) == (self.toPlainText(), self.first):
            return
        bars = self.verticalScrollBar(), self.horizontalScrollBar()
        places = [bar.value() for bar in bars]
        self.first = first
        self.setPlainText(text)
        self._fit()
        for bar, place in zip(bars, places, strict=True):
            bar.setValue(place)

    # ---- marks

    def mark(self, lines: tuple[int, ...], means_fault: bool = False) -> None:
        """Mark these lines (from 1), as what is meant or as what is wrong."""
        self.marked, self._means_fault = lines, means_fault
        colour = blend(self._mark_colour, self._theme.canvas, MARKED)
        selections = []
        for line in lines:
            block = self.document().findBlockByNumber(line - self.first)
            if block.isValid():
                each = QTextEdit.ExtraSelection()
                each.cursor = QTextCursor(block)  # type: ignore[attr-defined]
                each.format.setBackground(colour)  # type: ignore[attr-defined]
                each.format.setProperty(QTextFormat.Property.FullWidthSelection, True)  # type: ignore[attr-defined]
                selections.append(each)
        self.setExtraSelections(selections)
        self._gutter.update()

    def mark_changes(self, changes: Changes) -> None:
        """Put a sign beside the lines that an edit changed."""
        self.changes = changes
        self.setAccessibleDescription(changes.words)
        self._gutter.setToolTip(changes.words)
        self._gutter.update()

    @property
    def _mark_colour(self) -> str:
        return self._theme.bad if self._means_fault else self._theme.accent

    def reveal(self, line: int) -> None:
        """Scroll so that a line is in sight; nothing moves where it already is."""
        first = self.firstVisibleBlock().blockNumber() + self.first
        count = max(1, self.viewport().height() // max(1, self.fontMetrics().lineSpacing()) - 1)
        if not first <= line < first + count:
            self.verticalScrollBar().setValue(max(0, line - self.first - count // 3))

    # ---- the gutter

    def gutter_width(self) -> int:
        """Room for the numbers of all lines."""
        return 18 + self.fontMetrics().horizontalAdvance("0") * max(2, len(str(self.first + self.blockCount() - 1)))

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
        """Draw the numbers of the lines in sight, a bar beside marked ones, and the signs of what changed."""
        numbers, signs = tabular(self.font(), 11), tabular(self.font(), 14, bold=True)
        painter.setFont(numbers)
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        marked, changes = set(self.marked), self.changes
        width = self._gutter.width()
        sides = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        while block.isValid() and top < self.height():
            whole = self.blockBoundingRect(block).height()
            height = min(whole, self.fontMetrics().lineSpacing())  # the last block has the margin below it
            number = block.blockNumber() + self.first
            row = QRect(0, round(top), width, round(height))
            if number in marked:
                painter.fillRect(0, row.top(), 3, row.height(), QColor(self._mark_colour))
            painter.setPen(QColor(self._theme.text if number in marked else self._theme.dim))
            painter.drawText(row.adjusted(0, 0, -SIGN, 0), sides, str(number))
            painter.setPen(QColor(self._theme.good))
            sign = "+" if number in changes.added else "~" if number in changes.changed else ""
            if sign:
                painter.setFont(signs)
                painter.drawText(row.adjusted(width - SIGN, 0, 0, 0), Qt.AlignmentFlag.AlignCenter, sign)
                painter.setFont(numbers)
            if number in changes.removed:
                self._draw_gap(painter, row.top())
            top += whole
            block = block.next()
        if self.first + self.blockCount() in changes.removed and not block.isValid():
            self._draw_gap(painter, round(top))

    def _draw_gap(self, painter: QPainter, at: int) -> None:
        """A wedge between two lines: here some went."""
        right = self._gutter.width()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.good))
        painter.drawPolygon([QPointF(right - SIGN, at - 3.5), QPointF(right - SIGN, at + 3.5), QPointF(right - 3, at)])

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
        self.setAccessibleName(tr("Line numbers"))

    def sizeHint(self) -> QSize:
        return QSize(self._text.gutter_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._text.paint_gutter(QPainter(self))
