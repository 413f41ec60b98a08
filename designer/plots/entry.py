"""Giving one input by hand: a drawn picture, a chosen picture, or a typed row."""

from __future__ import annotations

import functools
import math
import re

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from core.events import Predictions
from core.messages import Field
from designer.elided import Elided
from designer.plots.pad import Pad, Seen
from designer.plots.samples import is_picture
from designer.plots.strokes import Habit, habit, raw
from designer.theme import Theme
from designer.words import tr

MOST_BOXES = 40
"""Columns up to which each has a box of its own."""


class Entry(QWidget):
    """One field of the input; `changed` tells of every new value, `fault` says why there is none yet."""

    changed = Signal()

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self.fault = ""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one sample."""
        return sample_shape(self.field)

    def values(self) -> list[float] | None:
        """The raw values, row by row; None where there is nothing to ask with (see `fault`)."""
        raise NotImplementedError

    def learn(self, said: Predictions) -> None:
        """Take in samples of the data, which show how its inputs look."""

    def clear(self) -> None:
        """Begin anew."""

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""


def sample_shape(field: Field) -> tuple[int, ...]:
    """The shape of one sample of a field; sizes that vary count as 1."""
    return tuple(size if isinstance(size, int) else 1 for size in field.spec.shape[1:])


def read_picture(path: str) -> QImage | None:
    """A picture from a file, None where it is none; large ones are read small."""
    reader = QImageReader(path)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > 2000:
        size.scale(2000, 2000, Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(size)
    image = reader.read()
    return None if image.isNull() else image


class Drawn(Entry):
    """A one-channel picture, drawn with the mouse or laid on the sheet from a file."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.setAccessibleName(tr("Draw the {name}", name=field.name))
        height, width = self.shape[-2:]
        self.pad = Pad(height, width)
        self.seen = Seen()
        self.habit = Habit()
        self.fit = True
        self.fault = tr("Draw something, or drop a picture.")
        self.pad.drawn.connect(self._tell)
        self._words = QLabel(tr("as the\nnetwork\nsees it"))
        self._words.setProperty("role", "small")
        self._below = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._below.setSpacing(6)
        self._below.addWidget(self.seen)
        self._below.addWidget(self._words)
        self._below.addStretch(1)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self._box.addWidget(self.pad, 1)
        self._box.addLayout(self._below)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put what the network sees below the sheet where the room is high, else beside it."""
        super().resizeEvent(event)
        is_high = self.height() > self.width()
        ways = QBoxLayout.Direction
        self._box.setDirection(ways.TopToBottom if is_high else ways.LeftToRight)
        self._below.setDirection(ways.LeftToRight if is_high else ways.TopToBottom)
        self.seen.setVisible(min(self.width(), self.height()) >= 100)
        self._words.setVisible(min(self.width(), self.height()) >= 100)

    def set_fit(self, fit: bool) -> None:
        """Say whether drawings are moved and scaled to look like the data's."""
        self.fit = fit
        self._tell()

    def _tell(self) -> None:
        self.seen.show_shares(self.pad.seen(self.habit, self.fit))
        self.changed.emit()

    def values(self) -> list[float] | None:
        """The picture in the units of the data, None while the sheet is empty."""
        if self.pad.is_empty:
            return None
        return raw(self.pad.seen(self.habit, self.fit), self.habit, self.field.low, self.field.high)

    def learn(self, said: Predictions) -> None:
        """Look at how large the data's pictures are drawn, and whether their ink is high or low."""
        rows = [np.frombuffer(row.input, "<f4") for row in said.rows if len(row.input) == 4 * math.prod(self.shape)]
        if rows and said.field == self.field.name:
            pictures = np.stack(rows).reshape(len(rows), *self.shape[-2:])
            self.habit = habit(pictures, self.field.low, self.field.high)

    def clear(self) -> None:
        """Take an empty sheet."""
        self.pad.clear()

    def put(self, picture: QImage) -> None:
        """Lay a picture on the sheet."""
        self.pad.put(picture)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.pad.set_theme(theme)
        self.seen.set_theme(theme)


class Chosen(Entry):
    """A picture of several channels, from a file."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.setAccessibleName(tr("Picture for {name}", name=field.name))
        self.fault = tr("Drop a picture here, or choose one.")
        self._values: list[float] | None = None
        self.seen = Seen()
        self.seen.setFixedSize(150, 150)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.seen, 0, Qt.AlignmentFlag.AlignCenter)

    def put(self, picture: QImage) -> None:
        """Take a picture, squeezed to the size of the data's."""
        channels, height, width = self.shape
        scaled = picture.scaled(
            width, height, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        scaled = scaled.convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(scaled.constBits(), np.uint8).reshape(height, scaled.bytesPerLine())[:, : 3 * width]
        colours = rows.reshape(height, width, 3).transpose(2, 0, 1).astype(np.float32) / 255
        taken = colours if channels == 3 else np.repeat(colours.mean(axis=0, keepdims=True), channels, axis=0)
        self._values = (self.field.low + taken * (self.field.high - self.field.low)).ravel().tolist()
        self.seen.show_image(scaled)
        self.changed.emit()

    def values(self) -> list[float] | None:
        """The picture in the units of the data."""
        return self._values

    def clear(self) -> None:
        """Forget the picture."""
        self._values = None
        self.seen.show_image(QImage())
        self.changed.emit()

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.seen.set_theme(theme)


class Typed(Entry):
    """A row of numbers: a box for each column where they are few, else one line of numbers with commas."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.setAccessibleName(tr("Numbers for {name}", name=field.name))
        self.columns = tuple(f"{field.name} {number + 1}" for number in range(math.prod(self.shape)))
        self.fault = tr("Type a number in each box, or paste a row with commas.")
        few = len(self.columns) <= MOST_BOXES
        self.boxes = [QLineEdit() for _ in (self.columns if few else "1")]
        self._labels = [
            Elided(name)
            for name in (self.columns if few else (tr("{count} numbers with commas", count=len(self.columns)),))
        ]
        self._touched = False
        self._before = [""] * len(self.boxes)
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 6, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for number, (label, box) in enumerate(zip(self._labels, self.boxes, strict=True)):
            label.setProperty("role", "small")
            label.setBuddy(box)
            label.setSizePolicy(label.sizePolicy().Policy.Ignored, label.sizePolicy().verticalPolicy())
            box.setMinimumWidth(60)
            box.setAccessibleName(label.text())
            box.textEdited.connect(functools.partial(self._edited, number))
            grid.addWidget(label, number, 0)
            grid.addWidget(box, number, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        grid.setRowStretch(len(self.boxes), 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def _edited(self, number: int, text: str) -> None:
        self._touched = True
        is_pasted = len(text) > len(self._before[number]) + 1
        parts = [part for part in re.split(r"[,;\t]\s*|\s+", text.strip()) if part]
        if is_pasted and len(self.boxes) > 1 and len(parts) == len(self.boxes):
            self._fill(parts)
        self._before = [box.text() for box in self.boxes]
        self.changed.emit()

    def _fill(self, parts: list[str]) -> None:
        for box, part in zip(self.boxes, parts, strict=True):
            box.setText(part)
        self._before = parts

    def values(self) -> list[float] | None:
        """The typed numbers, None where one is missing or is none (see `fault`)."""
        texts = [box.text().strip() for box in self.boxes]
        if len(self.boxes) < len(self.columns):
            texts = [part for part in re.split(r"[,;\t]\s*|\s+", texts[0]) if part]
        if not any(texts):
            self.fault = tr("Type a number in each box, or paste a row with commas.")
            return None
        if len(texts) != len(self.columns):
            self.fault = tr("Expected {count} numbers, received {count2}.", count=len(self.columns), count2=len(texts))
            return None
        numbers: list[float] = []
        for name, text in zip(self.columns, texts, strict=True):
            number = _number(text)
            if number is None:
                self.fault = (
                    tr("{name}: expected a number, received {words!r}.", name=name, words=text[:20])
                    if text
                    else tr("{name} is still empty.", name=name)
                )
                return None
            numbers.append(number)
        self.fault = ""
        return numbers

    def learn(self, said: Predictions) -> None:
        """Take the names of the columns and, while nothing was typed, a real row to start from."""
        if said.field != self.field.name:
            return
        if len(said.columns) == len(self.columns):
            self.columns = said.columns
            if len(self.boxes) == len(self.columns):
                for label, box, name in zip(self._labels, self.boxes, self.columns, strict=True):
                    label.setText(name)
                    label.setToolTip(name)
                    box.setAccessibleName(name)
        fitting = [row for row in said.rows if len(row.input) == 4 * len(self.columns)]
        if fitting and not self._touched:
            numbers = [f"{value:.6g}" for value in np.frombuffer(fitting[0].input, "<f4").tolist()]
            self._fill(numbers) if len(self.boxes) > 1 or len(numbers) == 1 else self._fill([", ".join(numbers)])
            self.changed.emit()

    def clear(self) -> None:
        """Empty every box."""
        self._touched = True
        self._fill([""] * len(self.boxes))
        self.changed.emit()


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def entry_for(field: Field) -> Entry:
    """The way in which a field is given by hand."""
    shape = sample_shape(field)
    if is_picture(shape):
        return Drawn(field) if len(shape) == 2 or shape[0] == 1 else Chosen(field)
    return Typed(field)
