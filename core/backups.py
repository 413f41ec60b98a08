"""Backups: the last three versions of every file that was saved over, in Layerloom's own folder.

They stand apart from the file, so that its folder stays as its owner keeps it, and a folder that is lost takes no
backup with it.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
import re
from pathlib import Path

import msgspec

from core import places
from core.project import write_atomically

MOST = 3


class Backup(msgspec.Struct, frozen=True):
    """One earlier version: where it is kept, when that version was saved (seconds), and its size in bytes."""

    file: Path
    time: float
    size: int


def folder_of(path: Path) -> Path:
    """Where the backups of a file are kept: a folder of its own, named by the file and by where it stands."""
    whole = str(path.resolve())
    word = re.sub(r"[^\w. -]", "_", path.stem)[:40]
    return places.backups_folder() / f"{word} {hashlib.sha256(whole.encode(errors='surrogatepass')).hexdigest()[:16]}"


def backups(path: Path) -> list[Backup]:
    """The earlier versions of a file, the newest first."""
    found: list[Backup] = []
    with contextlib.suppress(OSError):
        for each in sorted(folder_of(path).glob("*.loom"), reverse=True):
            said = each.stat()
            found.append(Backup(each, said.st_mtime, said.st_size))
    return found


def keep(path: Path, content: bytes) -> None:
    """Keep the version that is about to be saved over, and no more than three; raises OSError."""
    held = backups(path)
    if not held or held[0].size != len(content) or held[0].file.read_bytes() != content:
        folder = folder_of(path)
        folder.mkdir(parents=True, exist_ok=True)
        now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H.%M.%S.%f")
        file = folder / f"{now}.loom"
        write_atomically(file, content)
        saved = path.stat().st_mtime
        os.utime(file, (saved, saved))
        held = backups(path)
    for old in held[MOST:]:
        old.file.unlink(missing_ok=True)
