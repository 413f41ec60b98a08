"""What a right click offers on notes, frames and points of links, and what it offers more elsewhere because of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QPointF

from core.graph import Link, Points
from core.picture import Piece
from designer.canvas.menus import Entry, Row
from designer.canvas.picture_work import PictureWork
from designer.canvas.tints import COLOUR_NAMES, COLOURS
from designer.words import tr


class Offered(Protocol):
    """What the menus can ask of the canvas."""

    @property
    def picture(self) -> PictureWork: ...
    def cut(self) -> None: ...
    def copy(self) -> None: ...
    def duplicate(self) -> None: ...
    def delete_selected(self, reconnect: bool = False) -> None: ...
    def frame_selected(self) -> None: ...
    def collapse_selected(self) -> None: ...
    def hide_unused_ports(self) -> None: ...


def entries(picture: PictureWork, piece: Piece, canvas: Offered) -> list[Entry]:
    """The menu of a note, a frame, or a point of a link."""
    if not isinstance(piece, str):
        return [
            (tr("Take the point away"), "Del", lambda: picture.unbend(piece)),
            (tr("Straighten the link"), "", lambda: picture.straighten(piece.link)),
        ]
    return [
        (tr("Edit the text…"), "F2", lambda: picture.write(piece)),
        (tr("Colour"), "", colour_rows(picture)),
        None,
        (tr("Put a frame around"), "Ctrl+J", picture.surround),
        (tr("Duplicate"), "Ctrl+D", canvas.duplicate),
        (tr("Cut"), "Ctrl+X", canvas.cut),
        (tr("Copy"), "Ctrl+C", canvas.copy),
        None,
        (tr("Frame"), "F", canvas.frame_selected),
        None,
        (tr("Delete"), "Del", canvas.delete_selected),
    ]


def colour_rows(picture: PictureWork) -> list[Row]:
    """The colours by name, that of the selection ticked."""
    held = picture.colours

    def choose(colour: str) -> Callable[[], object]:
        return lambda: picture.recolour(colour)

    return [(COLOUR_NAMES[colour], choose(colour), held == {colour}) for colour in COLOURS]


def node_entries(canvas: Offered, node_id: str) -> list[Entry]:
    """What is offered more on nodes."""
    return [
        None,
        (tr("Collapse or open"), "H", canvas.collapse_selected),
        (tr("Hide or show unused ports"), "Ctrl+H", canvas.hide_unused_ports),
        (tr("Put a frame around"), "Ctrl+J", canvas.picture.surround),
    ]


def link_entries(picture: PictureWork, link: Link, at: QPointF, bends: Mapping[Link, Points]) -> list[Entry]:
    """What is offered more on a link."""
    straighten: list[Entry] = [(tr("Straighten"), "", lambda: picture.straighten(link))] if link in bends else []
    return [None, (tr("Add a point here"), "", lambda: picture.bend(link, at)), *straighten]


def empty_entries(picture: PictureWork, at: QPointF) -> list[Entry]:
    """What is offered more on empty canvas."""
    return [None, (tr("Write a note here"), "N", lambda: picture.add_note(at))]
