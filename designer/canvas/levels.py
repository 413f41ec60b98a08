"""The drawings that were entered, each as it was left: its items, what is selected, and what part of it is in view."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF

from designer.canvas.drawing import Drawing
from designer.canvas.stage import Stage
from designer.scope import Step

Steps = tuple[Step, ...]
MOST = 24
"""So many drawings are kept; of older ones the selection and the place are forgotten."""


class Level(NamedTuple):
    """A drawing as it was left."""

    drawing: Drawing
    zoom: float
    centre: QPointF


class Levels:
    """Keeps the drawing around a block while the block is shown, so that leaving costs nothing."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._held: dict[Steps, Level] = {}
        self.steps: Steps = ()

    def clear(self) -> None:
        """Forget all but what is shown: another document."""
        self._held.clear()

    def go(self, steps: Steps) -> Level | None:
        """Show the drawing of these steps; as it was left, where it was shown before."""
        stage = self._stage
        self._held[self.steps] = Level(stage.drawing, stage.zoom, stage.seen().center())
        for old in [each for each in self._held if each][: max(0, len(self._held) - MOST)]:
            del self._held[old]
        self.steps = steps
        held = self._held.pop(steps, None)
        stage.show_drawing(held.drawing if held else Drawing(stage.look, stage.drawing.frames))
        return held
