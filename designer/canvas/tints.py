"""The colours of notes and frames: few, readable in both themes, and told apart without seeing red, green or blue."""

from __future__ import annotations

import functools
from typing import NamedTuple

from PySide6.QtGui import QColor

from core.graph import Annotation
from designer.canvas.look import mixed
from designer.theme import Theme
from designer.words import tr

DARK_HUES = {
    "grey": "#8b93a1", "blue": "#3d7df0", "green": "#12a57c", "yellow": "#f0e442", "orange": "#e69f00",
    "red": "#dd4a2c", "purple": "#c77fd6",
}  # fmt: skip
LIGHT_HUES = {
    "grey": "#7a8494", "blue": "#2257c9", "green": "#00936a", "yellow": "#c9b500", "orange": "#c97a00",
    "red": "#b8301a", "purple": "#a85fc4",
}  # fmt: skip
COLOURS = tuple(DARK_HUES)
COLOUR_NAMES = {
    "grey": tr("Grey"),
    "blue": tr("Blue"),
    "green": tr("Green"),
    "yellow": tr("Yellow"),
    "orange": tr("Orange"),
    "red": tr("Red"),
    "purple": tr("Purple"),
}
USUAL = {"frame": "grey"}
"""The colour of a kind that has been given none; that of a note is yellow."""


class Tint(NamedTuple):
    """A colour as it is laid on the canvas: ground, the band of a title, and the edge. All are opaque."""

    ground: QColor
    band: QColor
    edge: QColor
    sheet: QColor


@functools.lru_cache(64)
def tint(theme: Theme, colour: str) -> Tint:
    """One of the colours in a theme; grey for one that a newer version knows."""
    hues = DARK_HUES if theme.is_dark else LIGHT_HUES
    edge = QColor(hues.get(colour, hues["grey"]))
    ground, band, sheet = (mixed(theme.canvas, edge, share) for share in (0.1, 0.3, 0.18))
    return Tint(ground, band, edge, sheet)


def colour_of(annotation: Annotation) -> str:
    """The name of the colour in which an annotation is shown."""
    return annotation.colour or USUAL.get(annotation.kind, "yellow")
