"""An area that scrolls up and down over cards whose words wrap."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget


class TallArea(QScrollArea):
    """Gives its content the height that wrapped words need at this width; Qt's own area presses them together."""

    def __init__(self, content: QWidget, name: str) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.viewport().setAccessibleName(name)
        self.setMinimumSize(0, 0)
        self._content = content
        self.setWidget(content)
        content.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Measure again when the content's layout changed."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure again at the new width."""
        super().resizeEvent(event)
        self._fit()

    def settle(self) -> None:
        """Lay out what was just added at once, so that nothing is seen pressed together."""
        layout = self._content.layout()
        if layout is not None and self.isVisible():
            self._content.ensurePolished()
            layout.activate()
            self._fit()

    def _fit(self) -> None:
        layout = self._content.layout()
        if layout is not None:
            self._content.setMinimumHeight(max(0, layout.totalHeightForWidth(self.viewport().width())))
