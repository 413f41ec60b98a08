"""Colours between two tokens of the theme."""

from __future__ import annotations

from PySide6.QtGui import QColor


def blend(front: str, back: str, share: float) -> QColor:
    """An opaque colour, `share` of the front one over the back one (alpha would be slow to paint and show overlaps)."""
    above, below = QColor(front), QColor(back)

    def mixed(one: int, other: int) -> int:
        return round(share * one + (1 - share) * other)

    return QColor(
        mixed(above.red(), below.red()), mixed(above.green(), below.green()), mixed(above.blue(), below.blue())
    )  # fmt: skip
