"""Every gesture of the canvas as values: the sheet of keys and the README are made from this table.

Keys of actions stand in the table of actions; here is what the mouse does, and the keys that belong to the canvas.
"""

from __future__ import annotations

from typing import NamedTuple

from designer.words import tr


class Gesture(NamedTuple):
    """What a person does, what comes of it, and the heading that it stands under."""

    how: str
    what: str
    part: str


ADD, LINK, NODE, SELECT, SEE = tr("Add"), tr("Link"), tr("Nodes"), tr("Select"), tr("See")

GESTURES: tuple[Gesture, ...] = (
    Gesture(tr("Tab, Shift+A, or double-click on empty canvas"), tr("Search a layer and put it under the cursor"), ADD),
    Gesture(tr("Drag from the palette"), tr("Add a layer where it is let go"), ADD),
    Gesture(tr("Drop a layer on a link"), tr("Put it into the link; hold Alt to leave the link alone"), ADD),
    Gesture(tr("Drop a project, a table or a picture"), tr("Open it, choose it as data, or try it"), ADD),
    Gesture(tr("Drag from a port to a port"), tr("Link them; ports that fit stand out, the others say why not"), LINK),
    Gesture(tr("Drag from a port to empty canvas"), tr("Choose one of the layers that fit, linked at once"), LINK),
    Gesture(
        tr("Drag a linked input, or a link near its end, elsewhere"), tr("Lead that end of the link elsewhere"), LINK
    ),
    Gesture(tr("Shift+drag from an output"), tr("Lead all of its links to another output"), LINK),
    Gesture(tr("Drag the end of a link to empty canvas"), tr("Take the link away"), LINK),
    Gesture(tr("Ctrl+drag with the right button"), tr("Cut every link that the line crosses"), LINK),
    Gesture(tr("Alt+drag with the right button from node to node"), tr("Link the first ports that fit"), LINK),
    Gesture(tr("Double-click on a link"), tr("Put a reroute point there"), LINK),
    Gesture(tr("Double-click on a reroute point"), tr("Take it away"), LINK),
    Gesture(tr("Drag a node"), tr("Move what is selected"), NODE),
    Gesture(
        tr("Drag nodes without links onto a link"), tr("Put them into the link; hold Alt to leave the link alone"), NODE
    ),
    Gesture(tr("Alt+drag a node"), tr("Take it out of its links and join what it stood between"), NODE),
    Gesture(tr("Double-click on a value in a node"), tr("Edit it there; Enter takes it, Escape leaves it"), NODE),
    Gesture(tr("Double-click on a node's name"), tr("Rename it"), NODE),
    Gesture(tr("Double-click on a block"), tr("Enter it; on a value of its, edit that"), NODE),
    Gesture(tr("Ctrl+arrow key"), tr("Move what is selected by half a square"), NODE),
    Gesture(tr("Drag the title of a frame"), tr("Move it with all that lies wholly in it"), NODE),
    Gesture(tr("Drag a side or corner of a note or frame"), tr("Make it larger or smaller"), NODE),
    Gesture(
        tr("Double-click on a note or a frame's title"),
        tr("Write in it; Ctrl+Enter or a click elsewhere keeps it"),
        NODE,
    ),
    Gesture(tr("Enter"), tr("Open the form of the selected node"), NODE),
    Gesture(tr("Click"), tr("Select a node or a link; with Shift or Ctrl, add a node or take it out"), SELECT),
    Gesture(
        tr("Drag over empty canvas"),
        tr("Select what the box touches; with Shift, add it; with Ctrl, take it out"),
        SELECT,
    ),
    Gesture(tr("Arrow keys"), tr("Walk along links (left and right) and to the nodes above and below"), SELECT),
    Gesture(tr("Escape"), tr("Give up the gesture; else select nothing; else leave the block"), SELECT),
    Gesture(tr("Drag with the middle button, or with Space held"), tr("Move the view"), SEE),
    Gesture(tr("Wheel, or pinch"), tr("Zoom at the cursor"), SEE),
    Gesture(tr("Two fingers"), tr("Move the view; with Ctrl, zoom"), SEE),
    Gesture(tr("Drag near the edge"), tr("The view follows"), SEE),
    Gesture(tr("Click or drag in the small map"), tr("Look there"), SEE),
)
"""How they are bound where habits bind one twice: Alt at the press detaches, Alt at the drop keeps out of links;
a double click adds on empty canvas, edits or renames on a node, enters a block and bends a link; Tab searches; Space
pans; F frames."""
