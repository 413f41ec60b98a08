"""Undo and redo over values: each step holds the project before and after, nothing is ever replayed.

Qt's QUndoStack owns its commands in C++, and Python's collector can then free a document and its commands in an
order that ends the process; a list of values has no such order. The method names are Qt's.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from core.project import Project


@dataclasses.dataclass(frozen=True)
class Step:
    """One change under the name that a person would give it."""

    text: str
    before: Project
    after: Project


class History(QObject):
    """The steps of a document; `show` is called with the value that a step leads to."""

    indexChanged = Signal(int)
    canUndoChanged = Signal(bool)
    canRedoChanged = Signal(bool)
    undoTextChanged = Signal(str)
    redoTextChanged = Signal(str)
    cleanChanged = Signal(bool)

    def __init__(self, show: Callable[[Project], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._show = show
        self._steps: list[Step] = []
        self._index = 0
        self._clean = 0

    def push(self, step: Step) -> None:
        """Do a new step; what was undone before it is gone."""
        if self._clean > self._index:
            self._clean = -1
        del self._steps[self._index :]
        self._steps.append(step)
        self.setIndex(self._index + 1)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step in order, undone ones included."""
        return tuple(self._steps)

    @property
    def clean_index(self) -> int:
        """How many steps lead to what is on disk, -1 where none do."""
        return self._clean

    def undo(self) -> None:
        """Go back by one step, where there is one."""
        self.setIndex(self._index - 1)

    def redo(self) -> None:
        """Go forward by one step, where there is one."""
        self.setIndex(self._index + 1)

    def setIndex(self, index: int) -> None:
        """Go to the value after that many steps."""
        if index == self._index or not 0 <= index <= len(self._steps):
            return
        clean = self.isClean()
        value = self._steps[index - 1].after if index else self._steps[0].before
        self._index = index
        self._show(value)
        self._tell(clean)

    def setClean(self) -> None:
        """Mark what is shown as what is on disk."""
        clean = self.isClean()
        self._clean = self._index
        self._tell(clean)

    def setUnclean(self) -> None:
        """Mark that nothing here is what is on disk: the file was changed from elsewhere, or is gone."""
        clean = self.isClean()
        self._clean = -1
        self._tell(clean)

    def take(self, steps: Sequence[Step], index: int, clean: int) -> None:
        """Hold the steps of an earlier window; the value that they lead to is shown by whoever restores them."""
        was_clean = self.isClean()
        self._steps, self._index, self._clean = list(steps), index, clean
        self._tell(was_clean)

    def clear(self) -> None:
        """Forget every step; what is shown counts as clean."""
        clean = self.isClean()
        self._steps, self._index, self._clean = [], 0, 0
        self._tell(clean)

    def isClean(self) -> bool:
        """Whether what is shown is what is on disk."""
        return self._index == self._clean

    def canUndo(self) -> bool:
        """Whether there is a step to go back."""
        return self._index > 0

    def canRedo(self) -> bool:
        """Whether there is a step to go forward."""
        return self._index < len(self._steps)

    def undoText(self) -> str:
        """The name of the step that undo takes back, "" without one."""
        return self._steps[self._index - 1].text if self.canUndo() else ""

    def redoText(self) -> str:
        """The name of the step that redo does again, "" without one."""
        return self._steps[self._index].text if self.canRedo() else ""

    def count(self) -> int:
        """How many steps there are, undone ones included."""
        return len(self._steps)

    def index(self) -> int:
        """How many steps lead to what is shown."""
        return self._index

    def text(self, index: int) -> str:
        """The name of a step, counted from 0."""
        return self._steps[index].text

    def _tell(self, was_clean: bool) -> None:
        self.indexChanged.emit(self._index)
        self.canUndoChanged.emit(self.canUndo())
        self.canRedoChanged.emit(self.canRedo())
        self.undoTextChanged.emit(self.undoText())
        self.redoTextChanged.emit(self.redoText())
        if self.isClean() != was_clean:
            self.cleanChanged.emit(self.isClean())
