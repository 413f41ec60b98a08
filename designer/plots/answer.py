"""What a network says to one input: a labelled bar for each class, or numbers with their names."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from core.messages import Tried
from designer.plots.colours import blend
from designer.plots.header import tabular
from designer.plots.ticks import figure
from designer.theme import DARK, Theme
from designer.words import tr

MOST_BARS = 12
ROW = 22


def shares_of(tried: Tried) -> list[tuple[str, float]]:
    """(class, probability) of each class; one probability alone is that of the second of two classes."""
    output = tried.output
    if not tried.classes:
        return []
    if len(output) == 1 and len(tried.classes) == 2:
        output = (1 - output[0], output[0])
    return list(zip(tried.classes, output, strict=False))


def shown_shares(tried: Tried) -> list[tuple[str, float]]:
    """The bars to paint: all classes in their own order while they fit, else the likeliest ones."""
    shares = shares_of(tried)
    if len(shares) <= MOST_BARS:
        return shares
    return sorted(shares, key=lambda pair: -pair[1])[:MOST_BARS]


def sentence(tried: Tried) -> str:
    """The answer as words: for screen readers, and where there is no room for bars."""
    shares = shares_of(tried)
    if shares:
        best = max(shares, key=lambda pair: pair[1] if math.isfinite(pair[1]) else -1)
        return f"{best[0]}, {100 * best[1]:.1f} %"
    names = tried.names or tuple(tr("output {value}", value=number + 1) for number in range(len(tried.output)))
    return ", ".join(f"{name} {figure(value)}" for name, value in zip(names, tried.output, strict=False))


class AnswerView(QWidget):
    """Paints the answer; bars keep their places, so that only lengths and numbers change."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("What the network says"))
        self.setMinimumSize(0, 0)
        self._tried: Tried | None = None
        self._theme = DARK

    def sizeHint(self) -> QSize:
        """Room for ten bars."""
        return QSize(180, 10 * ROW)

    @property
    def tried(self) -> Tried | None:
        """The answer that is shown."""
        return self._tried

    def show_answer(self, tried: Tried | None) -> None:
        """Show an answer, or none."""
        self._tried = tried
        said = sentence(tried) if tried else ""
        self.setAccessibleDescription(said)
        self.setToolTip(said)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bars or numbers."""
        if self._tried is None or self.width() < 50 or self.height() < 16:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shares = shown_shares(self._tried)
        if shares:
            self._paint_bars(painter, shares)
        else:
            self._paint_numbers(painter, self._tried)

    def _paint_bars(self, painter: QPainter, shares: list[tuple[str, float]]) -> None:
        best = max(range(len(shares)), key=lambda number: shares[number][1] if math.isfinite(shares[number][1]) else -1)
        pitch = min(float(ROW), self.height() / len(shares))
        font = tabular(self.font(), 12 if pitch >= 16 else max(8, int(pitch) - 3))
        painter.setFont(font)
        measure = painter.fontMetrics()
        words = min(self.width() * 0.4, max(measure.horizontalAdvance(name) for name, _ in shares) + 8.0)
        figures = measure.horizontalAdvance("100.0 %") + 8.0
        room = max(4.0, self.width() - words - figures - 2)
        top = (self.height() - pitch * len(shares)) / 2 if self.height() < 2 * pitch * len(shares) else 0.0
        for number, (name, share) in enumerate(shares):
            y = top + number * pitch
            self._paint_bar(painter, QRectF(words, y, room, pitch), share, number == best)
            bold = tabular(self.font(), font.pixelSize(), bold=number == best)
            painter.setFont(bold)
            painter.setPen(QColor(self._theme.text if number == best else self._theme.dim))
            side = Qt.AlignmentFlag.AlignVCenter
            short = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(words) - 6)
            painter.drawText(QRectF(0, y, words - 6, pitch), side | Qt.AlignmentFlag.AlignRight, short)
            text = f"{100 * share:.1f}\u202f%" if math.isfinite(share) else "NaN"
            painter.drawText(QRectF(words + room, y, figures, pitch), side | Qt.AlignmentFlag.AlignRight, text)

    def _paint_bar(self, painter: QPainter, place: QRectF, share: float, is_best: bool) -> None:
        theme = self._theme
        thick = min(10.0, place.height() * 0.55)
        track = QRectF(place.x(), place.center().y() - thick / 2, place.width(), thick)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(blend(theme.line, theme.panel, 0.55))
        painter.drawRoundedRect(track, 2, 2)
        if math.isfinite(share) and share > 0:
            filled = QRectF(track.x(), track.y(), max(1.0, track.width() * min(share, 1.0)), thick)
            painter.setBrush(QColor(theme.accent) if is_best else blend(theme.accent, theme.panel, 0.45))
            painter.drawRoundedRect(filled, 2, 2)

    def _paint_numbers(self, painter: QPainter, tried: Tried) -> None:
        names = tried.names or tuple(tr("output {value}", value=number + 1) for number in range(len(tried.output)))
        pairs = list(zip(names, tried.output, strict=False))[:MOST_BARS]
        large = len(pairs) <= 2
        pitch = 46.0 if large else min(float(ROW), self.height() / max(1, len(pairs)))
        for number, (name, value) in enumerate(pairs):
            y = number * pitch
            painter.setPen(QPen(QColor(self._theme.dim)))
            painter.setFont(tabular(self.font(), 12))
            if large:
                painter.drawText(QRectF(4, y, self.width() - 8, 18), Qt.AlignmentFlag.AlignLeft, name)
                painter.setFont(tabular(self.font(), 22, bold=True))
                painter.setPen(QColor(self._theme.text))
                painter.drawText(QRectF(4, y + 16, self.width() - 8, 28), Qt.AlignmentFlag.AlignLeft, figure(value))
            else:
                painter.drawText(QRectF(4, y, self.width() / 2, pitch), Qt.AlignmentFlag.AlignVCenter, name)
                painter.setPen(QColor(self._theme.text))
                side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
                painter.drawText(QRectF(self.width() / 2, y, self.width() / 2 - 8, pitch), side, figure(value))
