"""Where the arrow keys lead: along links, and to the nearest node above or below."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF

from designer.canvas.drawing import Drawing

Way = Literal["left", "right", "up", "down"]


def neighbour(drawing: Drawing, node_id: str, way: Way) -> str | None:
    """The node that an arrow leads to; None where there is none that way."""
    here = drawing.items_by_id[node_id].rect().center()
    if way == "right":
        linked = [link.target for link in drawing.outputs.get(node_id, ())]
    elif way == "left":
        linked = [link.source for link in drawing.inputs.get(node_id, {}).values()]
    else:
        return _sibling(drawing, node_id, here, 1 if way == "down" else -1)
    places = ((drawing.items_by_id[each].y(), drawing.items_by_id[each].x(), each) for each in linked)
    return min(places, default=(0, 0, None))[2]


def _sibling(drawing: Drawing, node_id: str, here: QPointF, sign: int) -> str | None:
    """The closest node that lies more above (or below) than aside."""
    best: tuple[float, str] | None = None
    for other, item in drawing.items_by_id.items():
        away = item.rect().center() - here
        rise = away.y() * sign
        if other == node_id or rise <= 1:
            continue
        distance = rise + 2 * abs(away.x())
        if best is None or (distance, other) < best:
            best = (distance, other)
    return best[1] if best else None


def nearest_to(drawing: Drawing, at: QPointF) -> str | None:
    """The node closest to a point."""
    distances = (
        ((item.rect().center() - at).manhattanLength(), node_id) for node_id, item in drawing.items_by_id.items()
    )
    return min(distances, default=(0.0, None))[1]
