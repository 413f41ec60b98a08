"""What a person prefers, kept in a file of the folder that LAYERLOOM_HOME can redirect."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings

from core import places
from core.parameters import parameter, parameters, read

MOST_RECENT = 10


@dataclasses.dataclass(frozen=True, kw_only=True)
class Preferences:
    """What holds for every project on this computer."""

    theme: str = parameter("system", "Dark, light, or as the system has it.", choices=("system", "dark", "light"))
    scale: float = parameter(
        1.0, "How large words and controls are, from the next start on; 1 is 13 pixels.", low=0.75, high=2.0
    )


def settings() -> QSettings:
    """The settings file of this person."""
    return QSettings(str(places.home() / "window.ini"), QSettings.Format.IniFormat)


def preferences() -> Preferences:
    """The preferences as stored; what does not fit is the default."""
    stored = settings()
    said: dict[str, Any] = {}
    for each in parameters(Preferences):
        value = stored.value(f"preferences/{each.name}")
        if isinstance(value, str):
            said[each.name] = _plain(each.kind, value)
    return read(Preferences, said)[0]


def _plain(kind: str, text: str) -> Any:
    if kind == "number":
        try:
            return float(text)
        except ValueError:
            return text
    return text


def store(chosen: Preferences) -> None:
    """Keep the preferences."""
    stored = settings()
    for each in parameters(Preferences):
        value = getattr(chosen, each.name)
        stored.setValue(f"preferences/{each.name}", str(value))
    stored.sync()


def recent_files() -> tuple[Path, ...]:
    """The files opened or saved last, newest first, without those that are gone."""
    value = settings().value("recent")
    names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    paths = (Path(str(name)) for name in names if name)
    return tuple(path for path in paths if path.exists())[:MOST_RECENT]


def remember(path: Path) -> None:
    """Put a file first in the list of recent ones."""
    path = path.resolve()
    rest = [each for each in recent_files() if each != path]
    stored = settings()
    stored.setValue("recent", [str(each) for each in (path, *rest)][:MOST_RECENT])
    stored.sync()


def forget_recent() -> None:
    """Empty the list of recent files."""
    stored = settings()
    stored.remove("recent")
    stored.sync()
