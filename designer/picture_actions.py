"""What can be done with notes, frames and how nodes look: the part of the table of actions for the picture alone."""

from __future__ import annotations

from collections.abc import Sequence

from designer.action import Action, Several, Table
from designer.canvas.tints import COLOUR_NAMES, COLOURS
from designer.conditions import are_all, has_annotation, has_annotations, has_anything, has_selection
from designer.window import Window
from designer.words import tr


def colours(window: Window) -> Sequence[Action]:
    """The colours of notes and frames."""
    return [
        Action(
            f"colour_{colour}",
            COLOUR_NAMES[colour],
            "&Network/Colour",
            lambda w, colour=colour: w.canvas.picture.recolour(colour),
            when=has_annotation,
            tip=tr("Show the selected notes and frames in {colour}", colour=COLOUR_NAMES[colour].lower()),
            checked=lambda w, colour=colour: w.canvas.picture.colours == {colour},
        )
        for colour in COLOURS
    ]


PICTURE: Table = (
    Action(
        "note",
        tr("Note"),
        "&Insert",
        lambda w: w.canvas.picture.add_note_at_mouse(),
        ("N",),
        tip=tr("Write a note on the drawing, under the cursor"),
        section=1,
        local=True,
    ),
    Action(
        "surround",
        tr("Frame around the selection"),
        "&Insert",
        lambda w: w.canvas.picture.surround(),
        ("Ctrl+J",),
        has_anything,
        tr("Put a coloured frame with a title behind what is selected; it takes along what lies in it"),
        1,
        True,
    ),
    Action(
        "next_annotation",
        tr("Next note or frame"),
        "&Edit",
        lambda w: w.canvas.picture.select_next(),
        ("Shift+N",),
        has_annotations,
        tr("Select the next note or frame of the drawing"),
        2,
        True,
    ),
    Action(
        "collapse",
        tr("Collapse"),
        "&Network",
        lambda w: w.canvas.collapse_selected(),
        ("H",),
        has_selection,
        tr("Show the headers of the selected nodes alone, or all of them again"),
        1,
        True,
        are_all("collapsed"),
    ),
    Action(
        "unused_ports",
        tr("Hide unused ports"),
        "&Network",
        lambda w: w.canvas.hide_unused_ports(),
        ("Ctrl+H",),
        has_selection,
        tr("Hide the ports of the selected nodes that nothing uses, or show them again"),
        1,
        True,
        are_all("tight"),
    ),
    Several("&Network/Colour", colours, section=1),
    *(
        Action(
            f"resize_{word.lower()}",
            word,
            "&Network/Size of notes and frames",
            lambda w, by=by: w.canvas.picture.resize(*by),
            (f"Alt+Shift+{key}",),
            has_annotation,
            tr("Make the selected notes and frames {lower}", lower=word.lower()),
            0,
            True,
        )
        for word, key, by in (
            (tr("Wider"), "Right", (1.0, 0.0)),
            (tr("Narrower"), "Left", (-1.0, 0.0)),
            (tr("Higher"), "Down", (0.0, 1.0)),
            (tr("Lower"), "Up", (0.0, -1.0)),
        )
    ),
)
