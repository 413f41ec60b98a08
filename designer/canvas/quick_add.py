"""Quick add: a search over every layer at the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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

from core.layers import CATALOGUE
from designer import icons
from designer.entries import TITLES
from designer.layer_search import Declared, found
from designer.starter import at_hand
from designer.theme import Theme, family_colour
from designer.words import tr

WIDTH, ROW, ROWS = 300, 26, 9
ASKING = tr("Add a layer: type a name or what it does")


class _Rows(QStyledItemDelegate):
    """A row: dot and icon in the family's colour, the name, and the family at the right."""

    def __init__(self, theme: Theme, parent: QuickAdd) -> None:
        super().__init__(parent)
        self.theme = theme
        self._quick_add = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(WIDTH - 20, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        name = index.data()
        family = self._quick_add.family(name)
        place = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen:
            painter.setBrush(QColor(self.theme.hover))
            painter.drawRoundedRect(place, 5, 5)
        painter.setBrush(QColor(family_colour(family)))
        badge = QRectF(place.left() + 6, place.center().y() - 9, 18, 18)
        painter.drawRoundedRect(badge, 4, 4)
        icons.paint(painter, f"family-{family}", "#ffffff", badge.adjusted(3, 3, -3, -3))
        metrics = painter.fontMetrics()
        title = TITLES.get(family, "")
        room = place.adjusted(32, 0, -10, 0)
        painter.setPen(QColor(self.theme.dim))
        right = metrics.elidedText(title, Qt.TextElideMode.ElideRight, 110)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, right)
        room.setRight(room.right() - metrics.horizontalAdvance(right) - 8)
        font = painter.font()
        font.setBold(chosen)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.text))
        name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        painter.restore()


class QuickAdd(QFrame):
    """A line to type in and the layers that fit; `chosen` once, or `dismissed`; F1 wants help."""

    chosen = Signal(str)
    help_wanted = Signal(str)
    dismissed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._first: tuple[str, ...] = ()
        self._declared: Declared = CATALOGUE.get
        self._refused: Mapping[str, str] = {}
        self.setProperty("role", "popup")
        self.setAccessibleName(tr("Quick add"))
        self.setFixedWidth(WIDTH)
        self.setAutoFillBackground(True)
        self.query = QLineEdit()
        self.query.setPlaceholderText(ASKING)
        self.query.setAccessibleName(tr("Search a layer to add"))
        self.query.installEventFilter(self)
        self.rows = QListWidget()
        self.rows.setAccessibleName(tr("Layers that fit"))
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.setFrameShape(QFrame.Shape.NoFrame)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.rows.setUniformItemSizes(True)
        self.rows.setMouseTracking(True)
        self.rows.itemEntered.connect(self.rows.setCurrentItem)
        self.rows.itemClicked.connect(lambda _: self._choose())
        self.note = QLabel()
        self.note.setObjectName("note")
        self.note.setAccessibleName(tr("Why a layer does not fit"))
        self.note.setWordWrap(True)
        self.note.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.query)
        column.addWidget(self.rows)
        column.addWidget(self.note)
        self.query.textChanged.connect(self._search)
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take on other colours."""
        self._delegate = _Rows(theme, self)
        self.rows.setItemDelegate(self._delegate)
        self.setStyleSheet(
            f'QFrame[role="popup"] {{ background: {theme.raised}; border: 1px solid {theme.line};'
            " border-radius: 8px; }"
            f"QListWidget {{ background: {theme.raised}; border: 0; }}"
            f"QLineEdit {{ background: {theme.canvas}; color: {theme.text}; border: 2px solid {theme.accent};"
            "border-radius: 6px; padding: 4px 8px; }"
            f"#note {{ color: {theme.dim}; font-size: 12px; border: 0; }}"
        )

    def family(self, name: str) -> str:
        """The family of an entry, "" for one that is not known any more."""
        declared = self._declared(name)
        return declared.family if declared is not None else ""

    def open(
        self,
        at: QPoint,
        names: Iterable[str],
        fixed: Iterable[str] = (),
        declared: Declared = CATALOGUE.get,
        refused: Mapping[str, str] | None = None,
        asking: str = "",
    ) -> None:
        """Open with the line at a point of the parent, all of it in view; `fixed` is the project's set.

        `refused` are entries that are not offered here, each with why; who types the name of one reads that.
        """
        self._names, self._first, self._declared = tuple(names), at_hand(fixed), declared
        self._refused = refused or {}
        self.query.setPlaceholderText(asking or ASKING)
        self.query.clear()
        self._search("")
        parent = self.parentWidget()
        assert parent is not None
        room = parent.rect().adjusted(6, 6, -6, -6)
        size = QSize(WIDTH, self._wanted_height())
        x = max(room.left(), min(at.x() - 24, room.right() - size.width()))
        y = max(room.top(), min(at.y() - 20, room.bottom() - size.height()))
        self.setGeometry(x, y, size.width(), size.height())
        self.show()
        self.raise_()
        self.query.setFocus(Qt.FocusReason.PopupFocusReason)

    def _search(self, text: str) -> None:
        self.rows.clear()
        for name in found(text, self._names, self._first, self._declared):
            item = QListWidgetItem(name, self.rows)
            declared = self._declared(name)
            item.setToolTip(" ".join(((declared.__doc__ if declared else "") or "").split()).partition(". ")[0])
        self.rows.setCurrentRow(0)
        self.rows.setVisible(bool(self.rows.count()))
        self.rows.setFixedHeight(max(1, min(self.rows.count(), ROWS)) * ROW + 4)
        self._say_why_not(text)
        self.setFixedHeight(self._wanted_height())

    def _say_why_not(self, text: str) -> None:
        """Say why what was typed is not offered, where it names an entry that does not fit here."""
        meant = found(text, list(self._refused), (), self._declared)[:1] if text.strip() and self._refused else []
        offered = found(text, [*self._names, *meant], (), self._declared)[:1] if meant else []
        self.note.setText(self._refused[meant[0]] if meant and offered == meant else "")
        if not self.rows.count() and not self.note.text():
            self.note.setText(tr("Nothing that fits here is called {value}.", value=text.strip()[:40]))
        self.note.setVisible(bool(self.note.text()))

    def _wanted_height(self) -> int:
        column = self.layout()
        assert column is not None
        column.activate()
        return column.totalHeightForWidth(WIDTH) if self.note.text() else self.sizeHint().height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up, down, Enter, Tab and Escape of the line belong to the list; losing the focus closes."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._steer(Qt.Key(event.key()))
        if event.type() == QEvent.Type.FocusOut and self.isVisible() and not self.underMouse():
            self.close_up()
        return super().eventFilter(watched, event)

    def _steer(self, key: Qt.Key) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
        elif key == Qt.Key.Key_Escape:
            self.close_up()
        elif key == Qt.Key.Key_F1:
            self._explain()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            step = 1 if key in (Qt.Key.Key_Down, Qt.Key.Key_Tab) else -1
            self.rows.setCurrentRow((self.rows.currentRow() + step) % max(1, self.rows.count()))
        else:
            return False
        return True

    def _choose(self) -> None:
        item = self.rows.currentItem()
        if item is not None:
            name = item.text()
            self.hide()
            self.chosen.emit(name)

    def _explain(self) -> None:
        item = self.rows.currentItem()
        if item is not None:
            name = item.text()
            self.close_up()
            self.help_wanted.emit(name)

    def close_up(self) -> None:
        """Close without a choice."""
        self.hide()
        self.dismissed.emit()

    def hide_quietly(self) -> None:
        """Close because something else was pressed."""
        if self.isVisible():
            self.close_up()
