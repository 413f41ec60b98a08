"""Keys that a person chose in the place of an action's own, and what stands in their way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from designer.preferences import settings
from designer.words import tr

NO_KEYS = "none"
APART = ", "

CANVAS_OWNS = {
    "Tab": tr("adds a layer"),
    "Shift+A": tr("adds a layer"),
    "Space": tr("pans while it is held"),
    "Return": tr("opens the form of the selected node"),
    "Enter": tr("opens the form of the selected node"),
    "Esc": tr("cancels and leaves a block"),
    "Left": tr("walks along links"),
    "Right": tr("walks along links"),
    "Up": tr("walks along links"),
    "Down": tr("walks along links"),
    "Ctrl+Left": tr("moves the selected nodes"),
    "Ctrl+Right": tr("moves the selected nodes"),
    "Ctrl+Up": tr("moves the selected nodes"),
    "Ctrl+Down": tr("moves the selected nodes"),
}
"""Keys that the canvas takes before any action, and what they do there."""

TYPED = re.compile(r"(Shift\+)?(.|Space|Backspace|Del|Delete|Home|End|Left|Right|Up|Down|Return|Enter|Tab)")
"""Keys that a line of text needs for itself."""


class Bound(NamedTuple):
    """An action with keys: its id, its words, whether only the canvas answers to them, and the keys."""

    id: str
    text: str
    local: bool
    keys: tuple[str, ...]


class Conflict(NamedTuple):
    """Why an action cannot have a key: a sentence, and the action that would have to give it up ("" where none can)."""

    sentence: str
    holder: str = ""


def chosen() -> dict[str, tuple[str, ...]]:
    """The keys that were chosen, by action; an action that was left without any has ()."""
    stored = settings()
    stored.beginGroup("keys")
    found: dict[str, tuple[str, ...]] = {}
    for action_id in stored.childKeys():
        said = stored.value(action_id)
        said = APART.join(map(str, said)) if isinstance(said, list) else said
        if isinstance(said, str) and said:
            found[action_id] = () if said == NO_KEYS else tuple(said.split(APART))
    return found


def choose(action_id: str, keys: tuple[str, ...], own: tuple[str, ...]) -> None:
    """Keep the keys of an action; its own ones need no keeping."""
    stored = settings()
    if _portable(keys) == _portable(own):
        stored.remove(f"keys/{action_id}")
    else:
        stored.setValue(f"keys/{action_id}", APART.join(_portable(keys)) or NO_KEYS)
    stored.sync()


def conflict(key: str, wanting: Bound, everyone: Iterable[Bound]) -> Conflict | None:
    """What stands in the way of a key for an action, None where nothing does.

    An action of the whole window and one of the canvas are in each other's way too: the canvas lies in the window.
    """
    shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    if does := CANVAS_OWNS.get(key):
        return Conflict(
            tr("{shown} {does} on the canvas and cannot be given away: press other keys.", shown=shown, does=does)
        )
    if not wanting.local and TYPED.fullmatch(key):
        return Conflict(
            tr(
                "{words} answers anywhere in the window, where {shown} alone is typed as text: press it "
                "together with Ctrl or Alt, or a key from F1 on.",
                words=wanting.text,
                shown=shown,
            )
        )
    holder = next((each for each in everyone if each.id != wanting.id and key in _portable(each.keys)), None)
    if holder is not None:
        return Conflict(
            tr(
                "{shown} belongs to {words}: take it over, or press other keys for {words2}.",
                shown=shown,
                words=holder.text,
                words2=wanting.text,
            ),
            holder.id,
        )
    return None


def without(keys: Iterable[str], key: str) -> tuple[str, ...]:
    """Keys without one of them."""
    return tuple(each for each in _portable(keys) if each != key)


def _portable(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(QKeySequence(each).toString() for each in keys)


def pressed(modifiers: Qt.KeyboardModifier, key: int) -> str:
    """A press of keys as text: `Ctrl+Shift+P`; "" for a modifier alone."""
    if key in (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr, 0):
        return ""
    return QKeySequence(modifiers.value & ~Qt.KeyboardModifier.KeypadModifier.value | int(key)).toString()
