"""Icons: strokes in `resources/icons`, tinted to the theme and sharp at every scale."""

from __future__ import annotations

import functools
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "icons"


@functools.cache
def _drawing(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text("utf-8")


@functools.cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))


class _Tinted(QIconEngine):
    """Draws one icon in one colour, dimmed where its control is disabled."""

    def __init__(self, name: str, colour: str, disabled: str) -> None:
        super().__init__()
        self._said = (name, colour, disabled)

    def paint(self, painter: QPainter, rect, mode: QIcon.Mode, state: QIcon.State) -> None:
        name, colour, disabled = self._said
        paint(painter, name, disabled if mode == QIcon.Mode.Disabled else colour, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        if size.isEmpty():  # a button that is painted before its layout has given it room
            return made
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, made.rect(), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        return _Tinted(*self._said)


def paint(painter: QPainter, name: str, colour: str, place: QRectF) -> None:
    """Draw an icon in one colour into a place; names are the files of `resources/icons`."""
    _renderer(name, colour).render(painter, place)


def icon(name: str, colour: str, disabled: str = "") -> QIcon:
    """An icon in a colour, with another one for a disabled control."""
    return QIcon(_Tinted(name, colour, disabled or colour))


def names() -> tuple[str, ...]:
    """The names of all icons that there are."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.svg")))
