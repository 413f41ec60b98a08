"""Whether what moves on the screen may be shown moving."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from designer.preferences import preferences


def is_reduced() -> bool:
    """Whether the person, or the system, wants things to be in their new place at once.

    Qt has the system's wish as one of its effects: where a system turns its animations off, this one is off too.
    """
    chosen = preferences().motion
    if chosen == "system":
        return not QApplication.isEffectEnabled(Qt.UIEffect.UI_General) and _system_can_say()
    return chosen == "reduced"


def _system_can_say() -> bool:
    """Whether this platform tells of its effects: offscreen and on bare X11 they are off without meaning it."""
    return QApplication.platformName() in ("windows", "cocoa")
