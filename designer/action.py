"""What an action is: a value in one table, from which menus, toolbar, search and shortcut sheet are read."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from designer import bindings
from designer.words import tr, tr_path


def always(window: Any) -> bool:
    """An action that can be done at any time."""
    return True


def needs(sentence: str | Callable[[Any], str]) -> Callable[[Callable[[Any], bool]], Callable[[Any], bool]]:
    """Give a condition the sentence that says what is missing while it does not hold."""

    def with_sentence(condition: Callable[[Any], bool]) -> Callable[[Any], bool]:
        condition.__dict__["sentence"] = sentence
        return condition

    return with_sentence


@dataclasses.dataclass(frozen=True)
class Action:
    """One thing that a person can do; `menu` is its path, `section` parts a menu by lines.

    `local` actions answer their keys only while the canvas has the focus, so that letters stay letters elsewhere.
    `checked` makes it a switch and says how it stands.
    """

    id: str
    text: str
    menu: str
    run: Callable[[Any], object]
    keys: tuple[str, ...] = ()
    when: Callable[[Any], bool] = always
    tip: str = ""
    section: int = 0
    local: bool = False
    checked: Callable[[Any], bool] | None = None


@dataclasses.dataclass(frozen=True)
class Several:
    """A submenu whose actions are made when it opens: recent files, examples, layers."""

    menu: str
    make: Callable[[Any], Sequence[Action]]
    section: int = 0


Table = Sequence[Action | Several]


def obstacle(action: Action, window: Any) -> str:
    """Why an action cannot be done now, in a sentence; "" where it can."""
    if action.when(window):
        return ""
    said: Any = getattr(action.when, "sentence", "")
    return str(said(window) if callable(said) else said) or tr("There is nothing here that this could be done to.")


def plain(text: str) -> str:
    """An action's text without the mark of its letter and the dots of its dialog."""
    return text.replace("&", "").rstrip("…")


def place(menu: str) -> str:
    """Where an action is in the menus, as people read it: `File ▸ Export`."""
    return tr_path(menu).replace("&", "").replace("/", " ▸ ")


class Actions(QObject):
    """The table in use: one QAction for each value, and the menus; `leaving` comes before one that may read or edit."""

    leaving = Signal()

    def __init__(self, table: Table, window: QWidget, canvas: QWidget) -> None:
        super().__init__(window)
        self.table = table
        self._window = window
        self._menus: dict[str, QMenu] = {}
        self._made: dict[str, QAction] = {}
        overrides = bindings.chosen()
        for each in table:
            if isinstance(each, Action):
                keys = overrides.get(each.id, each.keys)
                made = self._action(dataclasses.replace(each, keys=keys))
                (canvas if each.local else window).addAction(made)
                self._made[each.id] = made

    def __getitem__(self, action_id: str) -> QAction:
        return self._made[action_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def fill(self, bar: QMenuBar) -> None:
        """Put every action under its menu."""
        sections: dict[str, int] = {}
        for each in self.table:
            if not each.menu:
                continue
            path, _, title = each.menu.rpartition("/") if isinstance(each, Several) else (each.menu, "", "")
            menu = self._menu(bar, path)
            if sections.setdefault(path, each.section) != each.section:
                menu.addSeparator()
                sections[path] = each.section
            if isinstance(each, Action):
                menu.addAction(self._made[each.id])
            else:
                self._fill_late(self._menu(bar, f"{path}/{title}"), each)

    def refresh(self) -> None:
        """Enable, disable and tick every action as things stand."""
        for each in self.table:
            if isinstance(each, Action):
                made = self._made[each.id]
                made.setEnabled(bool(each.when(self._window)))
                if each.checked is not None:
                    made.setChecked(bool(each.checked(self._window)))

    def everything(self) -> Iterable[Action]:
        """All actions that there are now, those of late submenus included."""
        for each in self.table:
            if isinstance(each, Action):
                yield each
            else:
                title = plain(tr_path(each.menu.rpartition("/")[2]))
                for inner in each.make(self._window):
                    yield dataclasses.replace(inner, text=f"{title}: {plain(inner.text)}")

    def do(self, value: Action) -> None:
        """Do what an action says; what is half written anywhere is taken over first, but not to look around."""
        if not value.menu.startswith("&View"):
            self.leaving.emit()
        value.run(self._window)
        self.refresh()

    def bind(self, action_id: str, keys: Sequence[str]) -> None:
        """Give an action these keys from now on, in menus, tool tips and sheets too."""
        value = next(each for each in self.table if isinstance(each, Action) and each.id == action_id)
        bindings.choose(action_id, tuple(keys), value.keys)
        self._made[action_id].setShortcuts([QKeySequence(key) for key in keys])

    def bound(self, action_id: str) -> tuple[str, ...]:
        """The keys that an action has now, as they are written in the table."""
        return tuple(each.toString() for each in self._made[action_id].shortcuts())

    def keys_of(self, action_id: str) -> str:
        """An action's keys for people, "" where it has none."""
        made = self._made.get(action_id)
        native = QKeySequence.SequenceFormat.NativeText
        return tr(" or ").join(each.toString(native) for each in made.shortcuts()) if made else ""

    def _menu(self, bar: QMenuBar, path: str) -> QMenu:
        if path not in self._menus:
            parent, _, title = path.rpartition("/")
            holder = self._menu(bar, parent) if parent else bar
            menu = holder.addMenu(tr_path(title))
            menu.setAccessibleName(plain(menu.title()))
            menu.setToolTipsVisible(True)
            menu.aboutToShow.connect(self.refresh)
            self._menus[path] = menu
        return self._menus[path]

    def _fill_late(self, menu: QMenu, several: Several) -> None:
        def fill() -> None:
            menu.clear()
            for each in several.make(self._window):
                menu.addAction(self._action(each, menu))
            menu.setEnabled(True)
            if menu.isEmpty():
                menu.addAction(tr("None yet")).setEnabled(False)

        menu.aboutToShow.connect(fill)

    def _action(self, value: Action, parent: QObject | None = None) -> QAction:
        made = QAction(value.text, parent or self)
        made.setObjectName(value.id)
        made.setShortcuts([QKeySequence(key) for key in value.keys])
        made.setShortcutVisibleInContextMenu(True)
        if value.local:
            made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.setToolTip(value.tip or plain(value.text))
        made.setStatusTip(value.tip)
        made.setWhatsThis(value.tip or plain(value.text))
        made.setCheckable(value.checked is not None)
        made.setMenuRole(QAction.MenuRole.QuitRole if value.id == "quit" else QAction.MenuRole.NoRole)
        made.triggered.connect(lambda: self.do(value))
        return made
