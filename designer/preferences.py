"""What a person prefers, kept in a file of the folder that LAYERLOOM_HOME can redirect."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings

from core import places
from core.parameters import parameter, parameters, read
from designer.words import tr

MOST_RECENT = 10


@dataclasses.dataclass(frozen=True, kw_only=True)
class Preferences:
    """What holds for every project on this computer."""

    theme: str = parameter("system", tr("Dark, light, or as the system has it."), choices=("system", "dark", "light"))
    scale: float = parameter(
        1.0, tr("How large words and controls are, from the next start on; 1 is 13 pixels."), low=0.75, high=3.0
    )
    snap: bool = parameter(True, tr("Whether nodes that are dragged land on the grid."))
    motion: str = parameter(
        "system",
        tr("Whether nodes glide to their new places and plots fade in, or everything is in its place at once."),
        choices=("system", "full", "reduced"),
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
    if kind == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
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


def remembered_files() -> tuple[Path, ...]:
    """The files opened or saved last, newest first; some may be gone, or on a disk that is not there now."""
    value = settings().value("recent")
    names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(Path(str(name)) for name in names if name)[:MOST_RECENT]


def recent_files() -> tuple[Path, ...]:
    """The files opened or saved last that are there, newest first."""
    return tuple(path for path in remembered_files() if path.exists())


def remember(path: Path) -> None:
    """Put a file first in the list of recent ones."""
    path = path.resolve()
    _keep_recent((path, *(each for each in remembered_files() if each != path)))


def forget(path: Path) -> None:
    """Take one file out of the list of recent ones."""
    _keep_recent(each for each in remembered_files() if each != path)


def _keep_recent(paths: Iterable[Path]) -> None:
    stored = settings()
    stored.setValue("recent", [str(each) for each in paths][:MOST_RECENT])
    stored.sync()


def forget_recent() -> None:
    """Empty the list of recent files."""
    stored = settings()
    stored.remove("recent")
    stored.sync()
