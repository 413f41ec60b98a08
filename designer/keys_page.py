"""Keys and gestures on one sheet: searched, copied, printed, and bound anew."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from designer import bindings
from designer.action import Action, Actions, place, plain
from designer.bindings import Bound
from designer.canvas.gesture_table import GESTURES
from designer.words import tr

ID = Qt.ItemDataRole.UserRole.value
KEYS_WIDTH = 230
ANYWHERE, CANVAS = tr("Anywhere"), tr("On the canvas")
HANDS = tr("Canvas")


class SheetRow(NamedTuple):
    """One line of the sheet: its group, what is done, the keys, where they answer, and the action ("": a gesture)."""

    group: str
    text: str
    keys: str
    where: str
    action_id: str = ""


def sheet(actions: Actions) -> list[SheetRow]:
    """Every action of the table and every gesture, those of a menu together."""
    rows = [
        SheetRow(
            place(each.menu) or tr("Toolbar"),
            plain(each.text),
            actions.keys_of(each.id),
            CANVAS if each.local else ANYWHERE,
            each.id,
        )
        for each in actions.table
        if isinstance(each, Action)
    ]
    rows += [SheetRow(f"{HANDS} ▸ {each.part}", each.what, each.how, CANVAS) for each in GESTURES]
    groups = list(dict.fromkeys(row.group for row in rows))
    return sorted(rows, key=lambda row: groups.index(row.group))


def as_text(rows: Sequence[SheetRow]) -> str:
    """The lines of a sheet that have keys as plain text."""
    lines: list[str] = []
    for row in rows:
        if row.keys:
            lines += ["", row.group] if not lines or row.group not in lines else []
            lines.append(f"  {row.text}: {row.keys}")
    return "\n".join(lines).strip() + "\n"


def as_page(rows: Sequence[SheetRow]) -> str:
    """The lines of a sheet that have keys as a page to print."""
    parts: list[str] = [tr("<h2>Layerloom: keys and gestures</h2>")]
    held = [row for row in rows if row.keys]
    for group in dict.fromkeys(row.group for row in held):
        lines = "".join(
            f"<tr><td width='55%'>{html.escape(row.text)}</td><td><b>{html.escape(row.keys)}</b></td></tr>"
            for row in held
            if row.group == group
        )
        parts.append(f"<h3>{html.escape(group)}</h3><table width='100%' cellpadding='2'>{lines}</table>")
    return "".join(parts)


class PressKeys(QLineEdit):
    """Shows the keys that are pressed in it; Tab, Escape and Backspace keep their meaning in a dialog."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAccessibleName(tr("New keys"))
        self.setPlaceholderText(tr("Press the new keys here"))
        self.keys = ""

    def show_keys(self, keys: str) -> None:
        """Show keys, or none."""
        self.keys = keys
        self.setText(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText))

    def event(self, event: QEvent) -> bool:
        """Take keys before the shortcuts of the window do."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take what is pressed."""
        leaves = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)
        if leaves and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            event.ignore()
            return
        event.accept()
        said = bindings.pressed(event.modifiers(), event.key())
        if said:
            self.show_keys(said)


class KeysPage(QDialog):
    """The sheet with the editor of the chosen line under it; it stays open beside the work."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys and gestures"))
        self.setAccessibleName(tr("Keys and gestures"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 680)
        self._actions = actions
        self._rows: list[SheetRow] = []
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search an action, a gesture or keys…"))
        self.search.setAccessibleName(tr("Search keys and gestures"))
        self.search.setClearButtonEnabled(True)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(tr("Keys and gestures"))
        self.tree.setHeaderLabels([tr("What"), tr("Keys"), tr("Where")])
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(12)
        self.tree.setUniformRowHeights(True)
        self.tree.header().setAccessibleName(tr("Columns"))
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().resizeSection(1, KEYS_WIDTH)
        self.tree.header().setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.press = PressKeys()
        self.said = QLabel()
        self.said.setProperty("role", "small")
        self.said.setWordWrap(True)
        self.said.setMinimumHeight(36)
        self.said.setAccessibleName(tr("What stands in the way"))
        self.use = self._button(tr("Use these keys"), self._use)
        self.remove = self._button(tr("Remove keys"), lambda: self._set(()))
        self.reset_one = self._button(tr("Reset"), self._reset_one)
        self.reset_all = self._button(tr("Reset all"), self._reset_all)
        self.copy = self._button(tr("Copy sheet"), self._copy)
        self.print_button = self._button(tr("Print…"), self._print)
        self.close_button = self._button(tr("Close"), self.close)
        self._lay_out()
        self.search.textChanged.connect(lambda _: self.refresh())
        self.search.installEventFilter(self)
        self.tree.currentItemChanged.connect(lambda *_: self._begin())
        self.tree.itemDoubleClicked.connect(lambda *_: self.press.setFocus())
        self.press.textChanged.connect(lambda _: self._judge())
        for action_id in actions:
            actions[action_id].changed.connect(self._follow)
        self.refresh()

    def _lay_out(self) -> None:
        editing, ending = QHBoxLayout(), QHBoxLayout()
        for each in (self.press, self.use, self.remove, self.reset_one):
            editing.addWidget(each, int(each is self.press))
        for each in (self.copy, self.print_button, self.reset_all):
            ending.addWidget(each)
        ending.addStretch(1)
        ending.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        column.addLayout(editing)
        column.addWidget(self.said)
        column.addLayout(ending)

    def _button(self, text: str, run) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text.rstrip("…"))
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: run())
        return button

    # ---- the sheet

    def refresh(self) -> None:
        """Show the lines that hold every word that is searched."""
        chosen = self.chosen
        self._rows = sheet(self._actions)
        words = self.search.text().lower().split()
        self.tree.clear()
        groups: dict[str, QTreeWidgetItem] = {}
        for row in self._rows:
            if not all(word in " ".join(row[:4]).lower() for word in words):
                continue
            if row.group not in groups:
                head = groups[row.group] = QTreeWidgetItem(self.tree, [row.group])
                head.setFirstColumnSpanned(True)
                head.setFlags(Qt.ItemFlag.ItemIsEnabled)
                font = head.font(0)
                font.setBold(True)
                head.setFont(0, font)
                head.setExpanded(True)
            item = QTreeWidgetItem(groups[row.group], [row.text, row.keys, row.where])
            item.setData(0, ID, row.action_id)
            item.setToolTip(1, row.keys)
            item.setToolTip(0, row.text)
            if row.action_id and row.action_id == chosen:
                self.tree.setCurrentItem(item)
        first = next(iter(groups.values())).child(0) if groups and words else None
        if first is not None and self.tree.currentItem() is None:
            self.tree.setCurrentItem(first)
        self._begin()

    def _follow(self) -> None:
        """An action has other keys, or is on or off: only the first is shown here."""
        if sheet(self._actions) != self._rows:
            self.refresh()

    @property
    def chosen(self) -> str:
        """The action of the chosen line, "" for a gesture or none."""
        item = self.tree.currentItem()
        return str(item.data(0, ID) or "") if item is not None else ""

    def choose(self, action_id: str) -> None:
        """Bring an action's line into view and choose it."""
        for item in self.tree.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive):
            if item.data(0, ID) == action_id:
                self.tree.setCurrentItem(item)
                self.tree.scrollToItem(item)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self._rows))
        self.said.setText(tr("The sheet is on the clipboard."))

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter()
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def to(chosen: QPrinter) -> None:
            page = QTextDocument()
            page.setHtml(as_page(self._rows))
            page.print_(chosen)

        dialog.accepted.connect(lambda: to(printer))
        dialog.setModal(True)
        dialog.show()

    # ---- the editor

    def _bound(self) -> list[Bound]:
        return [
            Bound(each.id, plain(each.text), each.local, self._actions.bound(each.id))
            for each in self._actions.table
            if isinstance(each, Action)
        ]

    def _value(self) -> Action | None:
        return next((each for each in self._actions.table if isinstance(each, Action) and each.id == self.chosen), None)

    def _begin(self) -> None:
        """Offer what can be done with the chosen line."""
        value, item = self._value(), self.tree.currentItem()
        self.press.show_keys("")
        self.press.setEnabled(value is not None)
        self.remove.setEnabled(value is not None and bool(self._actions.bound(value.id)))
        self.reset_one.setEnabled(value is not None and value.id in bindings.chosen())
        self.reset_all.setEnabled(bool(bindings.chosen()))
        self._judge()
        if value is not None:
            place = tr("while the canvas has the focus") if value.local else tr("anywhere in the window")
            self.said.setText(
                tr(
                    "{plain} answers {place}. {tip}{value}",
                    plain=plain(value.text),
                    place=place,
                    tip=value.tip,
                    value="." * (not value.tip.endswith(".")),
                )
            )
        elif item is not None and item.parent() is not None:
            self.said.setText(tr("This is a gesture of the canvas and stays as it is; actions can have other keys."))
        else:
            self.said.setText(tr("Choose an action, then press its new keys in the line above."))

    def _judge(self) -> None:
        value, keys = self._value(), self.press.keys
        self.use.setEnabled(False)
        self.use.setText(tr("Use these keys"))
        if value is None or not keys:
            return
        if keys in self._actions.bound(value.id):
            self.said.setText(tr("{words} does this already.", words=self.press.text()))
            return
        wanting = Bound(value.id, plain(value.text), value.local, ())
        stands = bindings.conflict(keys, wanting, self._bound())
        self.use.setEnabled(stands is None or bool(stands.holder))
        if stands is not None:
            self.use.setText(tr("Take it over") if stands.holder else tr("Use these keys"))
            self.said.setText(stands.sentence)
        else:
            self.said.setText(tr("{words} is free.", words=self.press.text()))
        self.use.setAccessibleName(self.use.text())

    def _use(self) -> None:
        value, keys = self._value(), self.press.keys
        if value is None or not keys:
            return
        stands = bindings.conflict(keys, Bound(value.id, plain(value.text), value.local, ()), self._bound())
        if stands is not None and not stands.holder:
            return
        if stands is not None:
            self._actions.bind(stands.holder, bindings.without(self._actions.bound(stands.holder), keys))
        self._set((keys,))

    def _set(self, keys: tuple[str, ...]) -> None:
        value = self._value()
        if value is not None:
            self._actions.bind(value.id, keys)
            self._tell(value.id)

    def _reset_one(self) -> None:
        """Give the action its own keys back, but those that another one was given meanwhile."""
        value = self._value()
        if value is None:
            return
        taken = {key for each in self._bound() if each.id != value.id for key in each.keys}
        own = tuple(key for key in value.keys if QKeySequence(key).toString() not in taken)
        self._actions.bind(value.id, own)
        self._tell(value.id)
        if len(own) < len(value.keys):
            self.said.setText(tr("One of its own keys belongs to another action now: reset that one too, or all."))

    def _reset_all(self) -> None:
        for each in self._actions.table:
            if isinstance(each, Action) and each.id in bindings.chosen():
                self._actions.bind(each.id, each.keys)
        self.refresh()
        self.said.setText(tr("Every action has its own keys again."))

    def _tell(self, action_id: str) -> None:
        self.refresh()
        self.choose(action_id)
        name, keys = self._actions[action_id].text(), self._actions.keys_of(action_id)
        self.said.setText(
            tr("{plain} answers to {keys} now.", plain=plain(name), keys=keys)
            if keys
            else tr("{plain} has no keys now.", plain=plain(name))
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The down arrow leads from the search into the sheet."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self.tree.setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                return True  # a dialog would take it for its default button
        return super().eventFilter(watched, event)


def open_keys(actions: Actions, window: QWidget, action_id: str = "") -> KeysPage:
    """Open the sheet, or bring the one that is open to the front; on an action where one is meant."""
    page = next((each for each in window.findChildren(KeysPage) if each.isVisible()), None)
    page = page or KeysPage(actions, window)
    page.show()
    page.raise_()
    page.search.setFocus()
    if action_id:
        page.choose(action_id)
    return page
