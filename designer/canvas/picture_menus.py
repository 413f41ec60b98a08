"""What a right click offers on notes, frames and points of links, and what it offers more elsewhere because of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF

from core.graph import Link, Points
from core.picture import Piece
from designer.canvas.menus import Deed, Entry, Inner
from designer.canvas.picture_work import PictureWork
from designer.canvas.tints import COLOUR_NAMES, COLOURS
from designer.words import tr


def entries(picture: PictureWork, piece: Piece) -> list[Entry]:
    """The menu of a note, a frame, or a point of a link."""
    if not isinstance(piece, str):
        return [
            Deed(tr("Straighten the link"), lambda: picture.straighten(piece.link)),
            None,
            Deed(tr("Take the point away"), lambda: picture.unbend(piece), like="delete"),
        ]
    return [
        Deed(tr("Edit the text…"), lambda: picture.write(piece), like="rename"),
        Inner(tr("Colour"), colour_rows(picture)),
        "frame_selection",
        None,
        "surround",
        None,
        "cut",
        "copy",
        "duplicate",
        None,
        "delete",
    ]


def colour_rows(picture: PictureWork) -> list[Deed]:
    """The colours by name, that of the selection ticked."""
    held = picture.colours

    def choose(colour: str) -> Callable[[], object]:
        return lambda: picture.recolour(colour)

    return [Deed(COLOUR_NAMES[colour], choose(colour), ticked=held == {colour}) for colour in COLOURS]


def link_entries(picture: PictureWork, link: Link, at: QPointF, bends: Mapping[Link, Points]) -> list[Entry]:
    """What is offered about the points of a link."""
    straighten = [Deed(tr("Straighten"), lambda: picture.straighten(link))] if link in bends else []
    return [Deed(tr("Add a point here"), lambda: picture.bend(link, at)), *straighten]


def writing(picture: PictureWork, at: QPointF) -> Entry:
    """What begins a note at a point of empty canvas."""
    return Deed(tr("Write a note here"), lambda: picture.add_note(at), like="note")
