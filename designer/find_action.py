"""Find action: type a few letters of anything that the window can do and press Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from designer.action import Action, Actions, plain
from designer.fuzzy import best
from designer.popup import Popup

MOST_SHOWN = 60


class FindAction(QWidget):
    """A search line over the list of actions that fit; what cannot be done now is dim and says so."""

    def __init__(self, actions: Actions, window: QWidget) -> None:
        super().__init__()
        self.setAccessibleName("Find action")
        self._window = window
        self._actions = actions
        self._all = [each for each in actions.everything() if each.id != "find_action"]
        self.line = QLineEdit()
        self.line.setPlaceholderText("Find an action, a layer, an example…")
        self.line.setAccessibleName("Find action")
        self.line.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName("Actions found")
        self.list.setMinimumHeight(320)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
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
        for each in best(query, self._all, lambda one: (plain(one.text), one.menu.replace("&", ""), one.tip))[
            :MOST_SHOWN
        ]:
            keys = self._actions.keys_of(each.id)
            place = each.menu.replace("&", "").replace("/", " ▸ ")
            item = QListWidgetItem(f"{plain(each.text)}    {keys}" if keys else plain(each.text))
            item.setToolTip(f"{place}: {each.tip or plain(each.text)}")
            item.setData(Qt.ItemDataRole.UserRole, each)
            if not each.when(self._window):
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                item.setToolTip(f"{plain(each.text)} cannot be done now.")
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
        chosen: Action = item.data(Qt.ItemDataRole.UserRole)
        window = self._window
        self.window().close()
        chosen.run(window)


def open_find_action(actions: Actions, window: QWidget) -> Popup:
    """Open the search over the upper middle of the window."""
    popup = Popup("", FindAction(actions, window), window, width=480)
    popup.setAccessibleName("Find action")
    popup.open_at(window.mapToGlobal(QPoint((window.width() - popup.width()) // 2, 90)))
    return popup
