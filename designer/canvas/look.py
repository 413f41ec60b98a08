"""Pens, brushes, fonts and prepared texts of one theme, shared by every item of a canvas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPen,
    QPixmap,
    QStaticText,
    QTransform,
)

from designer import icons
from designer.canvas.cards import Run
from designer.canvas.metrics import NODE_WIDTH
from designer.theme import LIGHT, MONOSPACE, Theme, family_colour

Role = Literal["title", "layer", "body", "foot", "shape"]
FAMILIES = (
    "", "data", "linear", "convolution", "pooling", "normalisation", "activation", "recurrent", "attention", "shape",
    "merge", "regularisation", "loss", "output", "block", "custom",
)  # fmt: skip
"""Every family by its number in the tables; the first is that of unknown layers."""

NUMBER_OF = {family: number for number, family in enumerate(FAMILIES)}
FLOATS, WHOLES, UNKNOWN, FAULTY, HIDDEN = range(5)
"""Kinds of link: floating point values, integers and booleans, not known yet, into a problem, not shown."""


def mixed(one: str | QColor, other: str | QColor, share: float) -> QColor:
    """A colour between two, opaque; `share` is how much of the second."""
    a, b = QColor(one), QColor(other)
    pairs = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return QColor(*(round(first + (second - first) * share) for first, second in pairs))


class Piece(NamedTuple):
    """A prepared text at a place on a line."""

    x: float
    text: QStaticText
    strong: bool


class Paints:
    """The theme as pens and brushes, made once."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.canvas = QColor(theme.canvas)
        self.dots = QPen(mixed(theme.canvas, theme.line, 0.85), 1.4)
        self.dots.setCosmetic(True)
        self.body = QBrush(QColor(theme.raised))
        self.shadow = QBrush(QColor(0, 0, 0, 70 if theme.is_dark else 22))
        self.outline = QPen(mixed(theme.line, theme.text, 0.06), 1)
        self.hovered = QPen(mixed(theme.line, theme.text, 0.45), 1.2)
        self.selected = QPen(QColor(theme.accent), 2)
        self.halo = QPen(_alpha(theme.accent, 70), 5)
        self.error = QPen(QColor(theme.bad), 1.8)
        self.warning = QPen(QColor(theme.warn), 1.5)
        self.tie = QPen(mixed(theme.dim, theme.canvas, 0.15), 1.3, Qt.PenStyle.DashLine)
        self.muted = QPen(QColor(theme.dim), 1.2, Qt.PenStyle.DashLine)
        self.on_family = QPen(QColor("white"))
        self.text = QPen(QColor(theme.text))
        self.dim = QPen(QColor(theme.dim))
        self.families = [QBrush(QColor(family_colour(family))) for family in FAMILIES]
        self._mix_links(theme)
        self.badge_pens = {
            "plain": QPen(mixed(theme.line, theme.text, 0.25), 1),
            "good": QPen(QColor(theme.good), 1.2),
            "warning": QPen(QColor(theme.warn), 1.2),
            "error": QPen(QColor(theme.bad), 1.2),
        }
        self.box = QPen(QColor(theme.accent), 1)
        self.box.setCosmetic(True)
        self.guide = QPen(QColor(theme.accent), 1, Qt.PenStyle.DashLine)
        self.guide.setCosmetic(True)
        self.cut = QPen(QColor(theme.bad), 1.6, Qt.PenStyle.DashLine)
        self.cut.setCosmetic(True)
        self.box_fill = QBrush(_alpha(theme.accent, 28))
        self.port_free = QBrush(QColor(theme.canvas))
        self.port_linked = QBrush(mixed(theme.dim, theme.canvas, 0.2))
        self.port_outline = QPen(mixed(theme.dim, theme.canvas, 0.2), 1.4)
        self.port_ring = QPen(QColor(theme.raised), 1.4)
        self.accent = QBrush(QColor(theme.accent))
        self.glow = QBrush(_alpha(theme.accent, 60))
        self.bad = QBrush(QColor(theme.bad))
        self.white = QBrush(QColor("white"))
        self.mark_bad = QBrush(QColor(LIGHT.bad))  # the same in both themes: they stand on white
        self.mark_warn = QBrush(QColor(LIGHT.warn))

    def _mix_links(self, theme: Theme) -> None:
        """Opaque colours only: the segments of a link overlap."""
        teal = mixed(family_colour("data"), "white", 0.15) if theme.is_dark else QColor(family_colour("data"))
        self.links = [
            mixed(theme.accent, theme.canvas, 0.32),
            teal,
            mixed(theme.dim, theme.canvas, 0.35),
            QColor(theme.bad),
        ]
        self.link_pens = [_flat(colour) for colour in self.links]
        self.link_pens[UNKNOWN].setWidthF(1.5)  # a link that nothing is known of yet is thin
        self.whole = _flat(self.links[WHOLES])
        self.whole.setDashPattern([5.0, 2.0])
        self.hair_pens = [_hair(colour) for colour in self.links]
        self.faulty = QPen(QColor(theme.bad), 2.2, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
        self.faulty.setDashPattern([3.2, 2.4])
        self.link_selected = QPen(QColor(theme.accent), 3)
        self.link_hovered = QPen(mixed(theme.accent, theme.text, 0.3), 2.8)


def _alpha(colour: str, alpha: int) -> QColor:
    made = QColor(colour)
    made.setAlpha(alpha)
    return made


def _flat(colour: QColor) -> QPen:
    return QPen(colour, 2.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)


def _hair(colour: QColor) -> QPen:
    pen = QPen(colour, 0)
    pen.setCosmetic(True)
    return pen


TITLE_LEFT, TITLE_GAP, TITLE_RIGHT = 29.0, 6.0, 8.0
NO_PEN = QPen(Qt.PenStyle.NoPen)
NO_BRUSH = QBrush(Qt.BrushStyle.NoBrush)


class Look:
    """Paints, fonts, icons and prepared texts; `set_theme` changes all items that share it."""

    def __init__(self, theme: Theme) -> None:
        self.paints = Paints(theme)
        plain = QGuiApplication.font()
        self.fonts: dict[str, QFont] = {
            "title": _font(plain, 12, bold=True),
            "layer": _font(plain, 12),
            "body": _font(plain, 12),
            "foot": _font(plain, 11),
            "shape": _font(QFont(MONOSPACE.split(", ")), 11),
        }
        self._metrics = {role: QFontMetricsF(font) for role, font in self.fonts.items()}
        self._widths: dict[tuple[str, str], float] = {}
        self._prepared: dict[tuple[str, str], QStaticText] = {}
        self._icons: dict[tuple[str, str, int], QPixmap] = {}
        self._plain = plain
        self._big: dict[int, tuple[QFont, QFontMetricsF]] = {}

    def set_theme(self, theme: Theme) -> None:
        """Take on other colours; texts stay as they are."""
        self.paints = Paints(theme)

    def width(self, text: str, role: str) -> float:
        """How wide a text is."""
        key = (text, role)
        if key not in self._widths:
            if len(self._widths) > 20_000:
                self._widths.clear()
            self._widths[key] = self._metrics[role].horizontalAdvance(text)
        return self._widths[key]

    def stand_side_by_side(self, title: str, layer: str) -> bool:
        """Whether name and layer fit side by side in a header."""
        both = self.width(title, "title") + TITLE_GAP + self.width(layer, "layer")
        return both <= NODE_WIDTH - TITLE_LEFT - TITLE_RIGHT

    def line_height(self, role: str) -> float:
        """How high a line in this font is."""
        return self._metrics[role].height()

    def elided(self, text: str, role: str, room: float) -> str:
        """The text, or as much of it as has room, with an ellipsis."""
        return self._metrics[role].elidedText(text, Qt.TextElideMode.ElideRight, room)

    def text(self, text: str, role: str) -> QStaticText:
        """A prepared text; its layout is done once."""
        key = (text, role)
        if key not in self._prepared:
            if len(self._prepared) > 20_000:
                self._prepared.clear()
            static = QStaticText(text)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            static.prepare(QTransform(), self.fonts[role])
            self._prepared[key] = static
        return self._prepared[key]

    def line(self, runs: Sequence[Run], role: str, room: float, left: float = 0.0) -> list[Piece]:
        """The runs of a line one after another, cut with an ellipsis where the room ends."""
        pieces: list[Piece] = []
        x = 0.0
        for run in runs:
            width = self.width(run.text, role)
            if x + width > room:
                cut = self.elided(run.text, role, room - x)
                if cut:
                    pieces.append(Piece(left + x, self.text(cut, role), run.strong))
                break
            if run.text:
                pieces.append(Piece(left + x, self.text(run.text, role), run.strong))
            x += width
        return pieces

    def big(self, pixels: int) -> tuple[QFont, QFontMetricsF]:
        """A font for titles seen from afar, with its metrics."""
        if pixels not in self._big:
            font = _font(self._plain, pixels, bold=True)
            self._big[pixels] = (font, QFontMetricsF(font))
        return self._big[pixels]

    def icon(self, name: str, colour: str, size: float, scale: float) -> QPixmap:
        """An icon as a picture, sharp at this scale (device pixels for each scene unit)."""
        pixels = max(8, round(size * scale))
        key = (name, colour, pixels)
        if key not in self._icons:
            if len(self._icons) > 300:
                self._icons.clear()
            made = QPixmap(pixels, pixels)
            made.fill(Qt.GlobalColor.transparent)
            painter = QPainter(made)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            icons.paint(painter, name, colour, QRectF(0, 0, pixels, pixels))
            painter.end()
            self._icons[key] = made
        return self._icons[key]


def _font(like: QFont, pixels: int, bold: bool = False) -> QFont:
    """A font that keeps its spacing at every zoom."""
    font = QFont(like)
    font.setPixelSize(pixels)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font
