"""Where Layerloom keeps what is not a person's own file: runs, settings, the log."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def home() -> Path:
    """The folder of everything that Layerloom keeps; LAYERLOOM_HOME moves it."""
    moved = os.environ.get("LAYERLOOM_HOME")
    return Path(moved) if moved else Path(platformdirs.user_data_dir("layerloom", appauthor=False))


def runs_folder() -> Path:
    """Where runs go that are started from the window."""
    return home() / "runs"


def journals_folder() -> Path:
    """Where edits are kept that are not saved yet, in case the window ends by force."""
    return home() / "journals"


def backups_folder() -> Path:
    """Where the last versions of saved files are kept."""
    return home() / "backups"


def error_file() -> Path:
    """Where the last unexpected error is written down, for the report that a person may send."""
    return home() / "last_error.txt"


def impersonal(text: str) -> str:
    """The text with the person's home folder and name taken out."""
    user = Path.home()
    return text.replace(str(user), "~").replace(str(home()), "~/layerloom") if str(user) not in ("/", "") else text


def remember_error(text: str) -> None:
    """Keep the text of an unexpected error; a disk that refuses is no reason for a second one."""
    try:
        home().mkdir(parents=True, exist_ok=True)
        error_file().write_text(text, encoding="utf-8")
    except OSError:
        pass


def last_error() -> str:
    """The last unexpected error, "" where there was none."""
    try:
        return error_file().read_text(encoding="utf-8")[-4000:]
    except (OSError, UnicodeError):
        return ""
