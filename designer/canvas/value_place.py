"""Where the values of a node stand on its card: which one lies under a point, and where the line of one begins."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from designer.canvas.look import Look
from designer.canvas.metrics import HEADER_HEIGHT, LINE_HEIGHT, TEXT_LEFT
from designer.canvas.node_item import NodeItem
from designer.canvas.value_card import NAME


def value_at(item: NodeItem, look: Look, at: QPointF) -> str | None:
    """The parameter whose value lies under a point of the scene, NAME in the header; None where there is none."""
    x, y = at.x() - item.x(), at.y() - item.y()
    if y < HEADER_HEIGHT:
        return NAME
    number = int((y - item.card.lines_top) // LINE_HEIGHT)
    if not 0 <= number < len(item.card.lines):
        return None
    runs = item.card.lines[number]
    right, last = TEXT_LEFT, ""
    for run in runs:
        right += look.width(run.text, "body")
        last = run.name or last
        if x < right and run.name:
            return run.name
    return last or None


def line_of(item: NodeItem, name: str) -> QPointF:
    """Where the line of a value begins, in its middle height; under the header for one that the card does not show."""
    if name == NAME:
        return QPointF(item.x() + TEXT_LEFT, item.y() + HEADER_HEIGHT / 2)
    lines = item.card.lines
    number = next((place for place, line in enumerate(lines) if any(run.name == name for run in line)), 0)
    return QPointF(item.x() + TEXT_LEFT, item.y() + item.card.lines_top + (number + 0.5) * LINE_HEIGHT)
