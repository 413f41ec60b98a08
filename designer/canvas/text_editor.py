"""Where the text of a note or the title of a frame is written: over it on the canvas, and as large as it is shown."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from core.graph import Annotation
from core.project import LONGEST_TEXT
from designer.canvas.annotation_item import is_frame, title_height
from designer.canvas.stage import Stage
from designer.canvas.tints import colour_of, tint
from designer.words import tr

SMALLEST_WIDTH, SMALLEST_HEIGHT = 160, 30
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TextEditor(QPlainTextEdit):
    """A child of the view; `written(text)` once when it is left, Escape leaves without."""

    written = Signal(str)
    dropped = Signal()

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._stage = stage
        self._annotation = Annotation()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("sheet")
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Text of the note"))
        self.hide()

    def open(self, annotation: Annotation) -> None:
        """Show the text of an annotation and take the keyboard."""
        self._annotation = annotation
        frame = is_frame(annotation)
        self.setAccessibleName(tr("Title of the frame") if frame else tr("Text of the note"))
        self.setPlaceholderText(tr("Title") if frame else tr("Note; Ctrl+Enter keeps it"))
        scroll = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if frame else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(scroll)
        theme, colours = self._stage.theme, tint(self._stage.theme, colour_of(annotation))
        ground = (colours.band if frame else colours.sheet).name()
        self.setStyleSheet(
            f"#sheet {{ background: {ground}; color: {theme.text}; border: 2px solid {theme.accent};"
            f" border-radius: 4px; padding: 2px 4px; {'font-weight: 600;' if frame else ''}"
            f" font-size: {max(11, min(28, round(12 * self._stage.zoom)))}px; }}"
        )
        self.setPlainText(annotation.text)
        self.place()
        self.show()
        self.raise_()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> None:
        """Lie over the annotation, all of it in view."""
        held, zoom = self._annotation, self._stage.zoom
        height = title_height(held, zoom) if is_frame(held) else held.height
        corner = self._stage.to_view(QPointF(held.x, held.y))
        width = max(held.width * zoom, SMALLEST_WIDTH)
        high = max(height * zoom, SMALLEST_HEIGHT if is_frame(held) else 3 * SMALLEST_HEIGHT)
        room = QRectF(self._stage.rect()).adjusted(4, 4, -4, -4)
        width, high = min(width, room.width()), min(high, room.height())
        left = max(room.left(), min(corner.x(), room.right() - width))
        top = max(room.top(), min(corner.y(), room.bottom() - high))
        self.setGeometry(QRectF(left, top, width, high).toRect())

    def close_up(self, keeps: bool) -> None:
        """Leave: with the text, or without."""
        if self.isVisible():
            self.hide()
            if keeps:
                self.written.emit(self.toPlainText().strip()[:LONGEST_TEXT])
            else:
                self.dropped.emit()

    def event(self, event: QEvent) -> bool:
        """Keep Escape, Enter and Tab from the window's actions; letters are kept by the base."""
        own = (*ENTER, Qt.Key.Key_Escape, Qt.Key.Key_Tab)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in own:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape drops, Ctrl+Enter keeps, and so does Enter in a title, which has one line."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_up(keeps=False)
        elif event.key() in ENTER and (
            is_frame(self._annotation) or event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.close_up(keeps=True)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was written is kept when something else is done; a menu of its own is nothing else."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.close_up(keeps=True)
