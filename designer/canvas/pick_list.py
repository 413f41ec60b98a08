"""A line to type in over a list of rows: what quick add, finding a node and connecting from one have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from designer import icons
from designer.theme import Theme, family_colour
from designer.words import tr

WIDTH, ROW, ROWS = 380, 26, 9
ROW_ROLE = Qt.ItemDataRole.UserRole


class Row(NamedTuple):
    """One row: what it says, what it adds in dim words, its family, what it stands for, and why it is doubtful."""

    text: str
    detail: str
    family: str
    value: Any
    doubt: str = ""
    hint: str = ""


Search = Callable[[str], Sequence[Row]]


class _Rows(QStyledItemDelegate):
    """The family's icon in its colour, the words, and at the right what they add."""

    def __init__(self, theme: Theme, width: int, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._width = width

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(self._width - 30, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: Row = index.data(ROW_ROLE)
        place = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen:
            painter.setBrush(QColor(self._theme.hover))
            painter.drawRoundedRect(place, 5, 5)
        painter.setBrush(QColor(family_colour(row.family)))
        badge = QRectF(place.left() + 6, place.center().y() - 9, 18, 18)
        painter.drawRoundedRect(badge, 4, 4)
        icons.paint(painter, f"family-{row.family}", "#ffffff", badge.adjusted(3, 3, -3, -3))
        metrics = painter.fontMetrics()
        room = place.adjusted(32, 0, -10, 0)
        side = Qt.AlignmentFlag.AlignVCenter
        title = metrics.elidedText(row.text, Qt.TextElideMode.ElideMiddle, int(room.width() * 0.62))
        rest = room.width() - metrics.horizontalAdvance(title) - 12
        painter.setPen(QColor(self._theme.dim))
        detail = metrics.elidedText(row.detail, Qt.TextElideMode.ElideRight, int(max(0, rest)))
        painter.drawText(room, side | Qt.AlignmentFlag.AlignRight, detail)
        painter.setPen(QColor(self._theme.dim if row.doubt else self._theme.text))
        font = painter.font()
        font.setBold(chosen)
        painter.setFont(font)
        title = painter.fontMetrics().elidedText(row.text, Qt.TextElideMode.ElideMiddle, int(room.width() * 0.62))
        painter.drawText(room, side | Qt.AlignmentFlag.AlignLeft, title)
        painter.restore()


class PickList(QFrame):
    """Rows that follow what is typed: `pointed` at one by the arrows, `picked` by Enter or a click, `dismissed` else.

    With `stays` it remains open after a pick, for the next one; else a row is current as the pointer passes over it.
    """

    pointed = Signal(object)
    picked = Signal(object)
    dismissed = Signal()

    def __init__(
        self, name: str, asking: str, theme: Theme, parent: QWidget, stays: bool = False, width: int = WIDTH
    ) -> None:
        super().__init__(parent)
        self._search: Search = lambda _: ()
        self._width = width
        self._stays = stays
        self._is_reached = False
        """Whether the current row is where the last pick or step led."""
        self.setProperty("role", "popup")
        self.setAccessibleName(name)
        self.setFixedWidth(width)
        self.setAutoFillBackground(True)
        self.query = QLineEdit()
        self.query.setPlaceholderText(asking)
        self.query.setAccessibleName(name)
        self.query.installEventFilter(self)
        self.rows = QListWidget()
        self.rows.setAccessibleName(tr("{name}: found", name=name))
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.setFrameShape(QFrame.Shape.NoFrame)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.rows.setUniformItemSizes(True)
        if not stays:
            self.rows.setMouseTracking(True)
            self.rows.itemEntered.connect(self.rows.setCurrentItem)
        self.rows.itemClicked.connect(lambda _: self._pick_current())
        self.note = QLabel()
        self.note.setObjectName("note")
        self.note.setAccessibleName(tr("{name}: note", name=name))
        self.note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        for each in (self.query, self.rows, self.note):
            column.addWidget(each)
        self.query.textChanged.connect(lambda _: self.refresh())
        self.rows.currentRowChanged.connect(lambda _: self._say())
        self._empty = tr("Nothing was found.")
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take on other colours."""
        self._delegate = _Rows(theme, self._width, self)
        self.rows.setItemDelegate(self._delegate)
        self.setStyleSheet(
            f'QFrame[role="popup"] {{ background: {theme.raised}; border: 1px solid {theme.line};'
            " border-radius: 8px; }"
            f"QListWidget {{ background: {theme.raised}; border: 0; }}"
            f"QLineEdit {{ background: {theme.canvas}; color: {theme.text}; border: 2px solid {theme.accent};"
            "border-radius: 6px; padding: 4px 8px; }"
            f"#note {{ color: {theme.dim}; font-size: 12px; border: 0; }}"
        )

    def open(self, at: QPoint, search: Search, empty: str = "") -> None:
        """Open with the corner at a point of the parent, all of it in view; `search` gives the rows for a text."""
        self._search, self._empty = search, empty or tr("Nothing was found.")
        if self.query.text():
            self.query.clear()
        else:
            self.refresh()
        parent = self.parentWidget()
        assert parent is not None
        room = parent.rect().adjusted(6, 6, -6, -6)
        tallest = ROWS * ROW + 80
        x = max(room.left(), min(at.x(), room.right() - self._width))
        y = max(room.top(), min(at.y(), room.bottom() - tallest))
        self.move(x, y)
        self.show()
        self.raise_()
        self.query.setFocus(Qt.FocusReason.PopupFocusReason)

    def refresh(self) -> None:
        """Show the rows for what is typed."""
        self.rows.clear()
        for row in self._search(self.query.text()):
            item = QListWidgetItem(row.text, self.rows)
            item.setData(ROW_ROLE, row)
            item.setToolTip(row.doubt or row.hint or f"{row.text} {row.detail}".strip())
        self.rows.setCurrentRow(0)
        self._is_reached = False
        self.rows.setVisible(bool(self.rows.count()))
        self.rows.setFixedHeight(max(1, min(self.rows.count(), ROWS)) * ROW + 4)
        self._say()

    def _say(self) -> None:
        item = self.rows.currentItem()
        row: Row | None = item.data(ROW_ROLE) if item is not None else None
        self.note.setText(self.note_on(row))
        self.note.setVisible(bool(self.note.text()))
        column = self.layout()
        assert column is not None
        column.activate()
        self.setFixedHeight(column.totalHeightForWidth(self._width) if self.note.text() else self.sizeHint().height())

    def note_on(self, row: Row | None) -> str:
        """What is said below the rows while this one is current; None where nothing was found."""
        return row.doubt if row is not None else self._empty

    @property
    def current(self) -> Any:
        """What the current row stands for; None without one."""
        item = self.rows.currentItem()
        return item.data(ROW_ROLE).value if item is not None else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up, down, Enter and Escape of the line belong to the list; losing the focus closes."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self.steer(Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        if event.type() == QEvent.Type.FocusOut and self.isVisible() and not self._stays and not self.underMouse():
            self.close_up()
        return super().eventFilter(watched, event)

    def steer(self, key: Qt.Key, back: bool) -> bool:
        """Whether a key of the line, `back` with Shift, was one of the list's."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pick(-1 if back else 1)
        elif key == Qt.Key.Key_Escape:
            self.close_up()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.step(1 if key in (Qt.Key.Key_Down, Qt.Key.Key_Tab) else -1)
        else:
            return False
        return True

    def step(self, by: int) -> None:
        """Go to the next row, or the one before, and point at it."""
        if self.rows.count():
            self.rows.setCurrentRow((self.rows.currentRow() + by) % self.rows.count())
            self._is_reached = True
            self.pointed.emit(self.current)

    def _pick(self, by: int) -> None:
        """Pick the current row; one that was picked already, and stays in view, leads on to the next."""
        if self._stays and self._is_reached:
            self.step(by)
        else:
            self._pick_current()

    def _pick_current(self) -> None:
        value = self.current
        if value is None:
            return
        if self._stays:
            self._is_reached = True
        else:
            self.hide()
        self.picked.emit(value)

    def close_up(self) -> None:
        """Close without a choice, where it is open."""
        if self.isVisible():
            self.hide()
            self.dismissed.emit()
