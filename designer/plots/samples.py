"""The validation samples that the network gets most wrong, as a model of rows for tiles and tables."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QImage, QPixmap

from core.events import Prediction, Predictions
from designer.plots.ticks import figure
from designer.theme import DARK, Theme
from designer.words import tr

Index = QModelIndex | QPersistentModelIndex
PICTURE = Qt.ItemDataRole.UserRole + 1
CAPTION = Qt.ItemDataRole.UserRole + 2
WRONG = Qt.ItemDataRole.UserRole + 3
MOST_SHOWN = 8
"""Probabilities that a tooltip names."""
MOST_COLUMNS = 200
MARK = {True: "✗", False: "✓"}
ROOT = QModelIndex()


def is_picture(shape: tuple[int, ...]) -> bool:
    """Whether a field of this shape (without the batch) is looked at rather than read."""
    if len(shape) == 3:
        return shape[1] > 1 and shape[2] > 1
    return len(shape) == 2 and min(shape) >= 4


def numbers_of(content: bytes) -> np.ndarray:
    """The float32 numbers in raw bytes; a part of a number at the end is left out."""
    return np.frombuffer(content, "<f4", len(content) // 4)


def picture(content: bytes, shape: tuple[int, ...], low: float, high: float) -> QImage:
    """A raw input (float32 bytes of (C, H, W) or (H, W)) as an image; low is black, high white."""
    values = numbers_of(content)
    if len(values) != math.prod(shape) or not len(values):
        return QImage()
    values = values.reshape((1, *shape) if len(shape) == 2 else shape)
    span = high - low if high > low else 1.0
    bright = np.clip(np.nan_to_num((values - low) / span) * 255, 0, 255).astype(np.uint8)
    channels = bright if len(bright) == 3 else np.repeat(bright[:1], 3, axis=0)
    pixels = np.ascontiguousarray(channels.transpose(1, 2, 0))
    image = QImage(pixels.data, pixels.shape[1], pixels.shape[0], 3 * pixels.shape[1], QImage.Format.Format_RGB888)
    return image.copy()


def decided(row: Prediction, classes: tuple[str, ...]) -> tuple[int, float] | None:
    """The predicted class and its probability; None where the outputs are plain numbers."""
    if not classes or not row.output or len(row.target) != 1:
        return None
    if len(row.output) == 1:  # one probability: of the second of two classes
        share = row.output[0]
        return (1, share) if share > 0.5 else (0, 1 - share)
    greatest = max((share for share in row.output if share == share), default=row.output[0])  # NaN equals nothing
    best = row.output.index(greatest) if greatest == greatest else 0
    return best, row.output[best]


def share_text(share: float) -> str:
    """A probability as it stands on a tile: `.97`, `1.0`."""
    return f"{share:.2f}".removeprefix("0") if share < 0.995 else "1.0"


def columns_of(said: Predictions) -> tuple[str, ...]:
    """The names of a table's columns; pictures have none for their values."""
    first = ("", "prediction", "target") if said.classes else ("prediction", "target", "error")
    if is_picture(said.shape):
        return first
    names = said.columns or tuple(f"{said.field} {number + 1}" for number in range(math.prod(said.shape)))
    return (*first, *names[:MOST_COLUMNS])


class Samples(QAbstractTableModel):
    """One row a sample, worst first; the columns are mark, prediction, target, and the values of a table's row."""

    def __init__(self) -> None:
        super().__init__()
        self.said = Predictions(0, "", (), ())
        self._theme = DARK
        self._pictures: dict[int, QPixmap] = {}
        self._captions: list[str] = []
        self._heads: tuple[str, ...] = ()
        self._wrong: list[bool] = []
        self._span = (0.0, 1.0)

    def show(self, said: Predictions) -> None:
        """Show these; the view keeps its place where as many rows stay."""
        heads = columns_of(said)
        same = len(said.rows) == len(self.said.rows) and heads == self._heads
        if not same:
            self.beginResetModel()
        self.said, self._heads = said, heads
        # settled here: a failure inside a question of Qt's would end the program, not be told
        self._captions = [self.caption(row) for row in said.rows]
        self._wrong = [self.is_wrong(row) for row in said.rows]
        self._pictures = {}
        inputs: list[np.ndarray] = [numbers_of(row.input) for row in said.rows if row.input]
        values: np.ndarray = np.concatenate(inputs) if inputs else np.empty(0)
        finite = values[np.isfinite(values)]
        self._span = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
        if not same:
            self.endResetModel()
        elif said.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(said.rows) - 1, self.columnCount() - 1))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        if self.said.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.said.rows) - 1, self.columnCount() - 1))

    # ---- what a row says

    def is_wrong(self, row: Prediction) -> bool:
        """Whether another class than the target was predicted."""
        found = decided(row, self.said.classes)
        return found is not None and found[0] != row.target[0]

    def class_name(self, number: float) -> str:
        """A class for people."""
        classes = self.said.classes
        whole = int(number) if math.isfinite(number) else -1
        return classes[whole] if 0 <= whole < len(classes) else str(whole)

    def caption(self, row: Prediction) -> str:
        """What stands on a tile: `3 .90`, and `9? .97` where it is wrong."""
        found = decided(row, self.said.classes)
        if found is None:
            return ", ".join(figure(each) for each in row.output[:3])
        return f"{self.class_name(found[0])}{'?' if self.is_wrong(row) else ''} {share_text(found[1])}"

    def explanation(self, row: Prediction) -> str:
        """Everything that is known of a sample."""
        lines = [tr("row {row}, loss {figure}", row=row.row, figure=figure(row.loss))]
        if decided(row, self.said.classes) is None:
            lines += [
                tr("target {numbers}", numbers=_numbers(row.target)),
                tr("prediction {numbers}", numbers=_numbers(row.output)),
            ]
        else:
            lines.append(
                tr("{MARK} is {class_name}", MARK=MARK[self.is_wrong(row)], class_name=self.class_name(row.target[0]))
            )
            only = row.output[-1]
            shares = row.output if len(row.output) > 1 else (1 - only, only)
            order = sorted(range(len(shares)), key=lambda number: -shares[number])
            lines += [f"{self.class_name(number)}: {100 * shares[number]:.1f} %" for number in order[:MOST_SHOWN]]
            if len(order) > MOST_SHOWN:
                lines.append(tr("and {value} less likely ones", value=len(order) - MOST_SHOWN))
        return "\n".join(lines)

    # ---- Qt's questions

    def rowCount(self, parent: Index = ROOT) -> int:
        """How many samples there are."""
        return 0 if parent.isValid() else len(self.said.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        """How many columns the table has."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The names of the columns, the number of a row in the data set."""
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            return self._alignment(section)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self._heads[section]
        return str(self.said.rows[section].row)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell or a tile shows."""
        row = self.said.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._cell(index.row(), index.column())
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self.explanation(row)
            case Qt.ItemDataRole.ForegroundRole if index.column() < 2 and self.said.classes:
                return QColor(self._theme.bad if self._wrong[index.row()] else self._theme.good)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(index.column())
            case _ if role == CAPTION:
                return self._captions[index.row()]
            case _ if role == WRONG:
                return self._wrong[index.row()]
            case _ if role == PICTURE:
                return self._picture(index.row())
        return None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        is_word = column < 3 and bool(self.said.classes)
        return (Qt.AlignmentFlag.AlignLeft if is_word else Qt.AlignmentFlag.AlignRight) | Qt.AlignmentFlag.AlignVCenter

    def _picture(self, number: int) -> QPixmap:
        if number not in self._pictures:
            image = picture(self.said.rows[number].input, self.said.shape, *self._span)
            self._pictures[number] = QPixmap.fromImage(image)
        return self._pictures[number]

    def _cell(self, number: int, column: int) -> str:
        row = self.said.rows[number]
        if self.said.classes and column < 3:
            target = ", ".join(self.class_name(each) for each in row.target)
            return (MARK[self._wrong[number]], self._captions[number], target)[column]
        if column < 3:
            error = [one - other for one, other in zip(row.output, row.target, strict=False)]
            return _numbers((row.output, row.target, tuple(error))[column])
        values = numbers_of(row.input)
        return figure(float(values[column - 3])) if column - 3 < len(values) else ""


def _numbers(values: tuple[float, ...]) -> str:
    return ", ".join(figure(each) for each in values[:4]) + (", …" if len(values) > 4 else "")
