"""Small windows that open under a button or over the canvas and close by themselves."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget


class Popup(QFrame):
    """A raised sheet around one widget; Escape or a click beside it closes it."""

    def __init__(self, title: str, content: QWidget, parent: QWidget, width: int = 340) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(title)
        self.setFixedWidth(width)
        self.content = content
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(8)
        if title:
            head = QLabel(title.upper())
            head.setProperty("role", "section")
            head.setAccessibleName(title)
            column.addWidget(head)
        column.addWidget(content)

    def open_at(self, place: QPoint) -> None:
        """Open with the upper left corner at a place of the screen, moved so that all of it is seen."""
        self.adjustSize()
        screen = QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        x = max(room.left() + 4, min(place.x(), room.right() - self.width() - 4))
        y = max(room.top() + 4, min(place.y(), room.bottom() - self.height() - 4))
        self.move(x, y)
        self.show()
        self.content.setFocus(Qt.FocusReason.PopupFocusReason)

    def open_under(self, button: QWidget) -> None:
        """Open under a button of the toolbar."""
        self.open_at(button.mapToGlobal(QPoint(0, button.height() + 4)))


def scrolled(content: QWidget, name: str) -> QScrollArea:
    """A widget in an area that scrolls up and down, never sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(name)
    area.viewport().setAccessibleName(name)
    area.setWidget(content)
    return area
