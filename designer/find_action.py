"""Find action: type a few letters of anything that the window can do and press Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from designer.action import Action, Actions, obstacle, place, plain
from designer.fuzzy import best
from designer.popup import Popup
from designer.preferences import settings
from designer.theme import Theme
from designer.window import Window
from designer.words import tr

MOST_SHOWN = 60
MOST_RECENT = 8
ACTION, WHY_NOT, PLACE, KEYS = (Qt.ItemDataRole.UserRole.value + place for place in range(4))


def recent_actions() -> tuple[str, ...]:
    """The actions that were found last, newest first."""
    value = settings().value("actions/recent")
    names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(str(name) for name in names if name)


def remember_action(action_id: str) -> None:
    """Put an action first among those found last; a recent file has no id that would last."""
    if action_id.startswith("recent_"):
        return
    rest = [each for each in recent_actions() if each != action_id]
    stored = settings()
    stored.setValue("actions/recent", [action_id, *rest][:MOST_RECENT])
    stored.sync()


class Row(QStyledItemDelegate):
    """One action: its words, where it stands or why it cannot be done, and its keys at the right."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """High enough for a finger."""
        return QSize(super().sizeHint(option, index).width(), 28)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex):
        """Draw the three parts, each in the room that the others leave."""
        self.initStyleOption(option, index)
        shown = option.text
        option.text = ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        text, dim = QColor(self._theme.text), QColor(self._theme.dim)
        why, measure = index.data(WHY_NOT), option.fontMetrics
        room: QRect = option.rect.adjusted(10, 0, -10, 0)
        room = self._write(painter, room, index.data(KEYS), dim, measure, from_right=True)
        room = self._write(painter, room, shown, dim if why else text, measure)
        self._write(painter, room, f"{why or index.data(PLACE)}", dim, measure, from_right=True)

    def _write(self, painter: QPainter, room: QRect, words: str, colour: QColor, measure, from_right: bool = False):
        shown = measure.elidedText(words, Qt.TextElideMode.ElideRight, max(0, room.width()))
        side = Qt.AlignmentFlag.AlignRight if from_right else Qt.AlignmentFlag.AlignLeft
        painter.setPen(colour)
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, shown)
        taken = measure.horizontalAdvance(shown) + 14 if shown else 0
        return room.adjusted(0, 0, -taken, 0) if from_right else room.adjusted(taken, 0, 0, 0)


class FindAction(QWidget):
    """A search line over the list of actions that fit; what cannot be done now is dim and says why."""

    def __init__(self, actions: Actions, window: Window) -> None:
        super().__init__()
        self.setAccessibleName(tr("Find action"))
        self._window = window
        self._actions = actions
        self._all = _recent_first([each for each in actions.everything() if each.id != "find_action"])
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("Find an action, a layer, an example…"))
        self.line.setAccessibleName(tr("Find action"))
        self.line.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Actions found"))
        self.list.setMinimumHeight(320)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(Row(window.theme, self.list))
        self.setFocusProxy(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.line)
        column.addWidget(self.list)
        self.line.textChanged.connect(self._search)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(self._run)
        self._search("")

    def _search(self, query: str) -> None:
        self.list.clear()
        for each in best(query, self._all, lambda one: (plain(one.text), place(one.menu), one.tip))[:MOST_SHOWN]:
            why = obstacle(each, self._window)
            where = place(each.menu)
            item = QListWidgetItem(plain(each.text))
            item.setData(ACTION, each)
            item.setData(WHY_NOT, why)
            item.setData(PLACE, where)
            item.setData(KEYS, self._actions.keys_of(each.id))
            item.setToolTip(why or f"{where}: {each.tip or plain(each.text)}".removeprefix(": "))
            spoken = (plain(each.text), where, item.data(KEYS), tr("cannot be done now: {why}", why=why) if why else "")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, spoken)))
            if why:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        self._step(0)

    def _step(self, by: int) -> None:
        row, count = self.list.currentRow() + by, self.list.count()
        while 0 <= row < count and not self.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled:
            row += by or 1
        if by == 0 and not 0 <= row < count:
            row = next((i for i in range(count) if self.list.item(i).flags() & Qt.ItemFlag.ItemIsEnabled), -1)
        if 0 <= row < count:
            self.list.setCurrentRow(row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows walk the list while the words are typed; Enter does it."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if by:
                self._step(by)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _run(self, item: QListWidgetItem | None) -> None:
        if item is None or not item.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        chosen: Action = item.data(ACTION)
        remember_action(chosen.id)
        self.window().close()
        self._actions.do(chosen)


def _recent_first(actions: list[Action]) -> list[Action]:
    recent = recent_actions()
    place = {name: number for number, name in enumerate(recent)}
    return sorted(actions, key=lambda each: place.get(each.id, len(recent)))


def open_find_action(actions: Actions, window: Window) -> Popup:
    """Open the search over the upper middle of the window."""
    popup = Popup("", FindAction(actions, window), window, width=max(360, min(640, window.width() - 40)))
    popup.setAccessibleName(tr("Find action"))
    popup.open_at(window.mapToGlobal(QPoint((window.width() - popup.width()) // 2, 90)))
    return popup
