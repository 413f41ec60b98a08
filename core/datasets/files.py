"""Whether a file of a person's can be opened at all, said before anything tries to read it."""

from __future__ import annotations

from pathlib import Path

from core.datasets.dataset import DataFault
from core.project import reason

LARGEST = 2_000_000_000
"""Bytes: what is read wholly into memory (promises.md, section 1, row 7)."""


def readable(path: Path | None, what: str) -> Path:
    """The path of a file that is there, is a file, is not empty and may be read; raises DataFault."""
    if path is None:
        raise DataFault(f"No {what} is chosen yet; choose one in the data settings.")
    if not path.is_absolute():
        raise DataFault(f"{path} is not a whole path, so it is not clear where the {what} lies; choose the file again.")
    try:
        if path.is_dir():
            raise DataFault(f"{path} is a folder where a {what} is expected; choose a file in it.")
        size = path.stat().st_size
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise DataFault(f"{path} cannot be opened: {reason(error)}.") from None
    except ValueError:
        raise DataFault(
            f"The {what} has a path that no file can have ({str(path)[:60]!r}); choose the file again."
        ) from None
    if size == 0:
        raise DataFault(f"{path} is empty; choose a {what} with something in it.")
    if size > LARGEST:
        raise DataFault(
            f"{path} is larger than {LARGEST // 10**9} GB, which does not fit into memory; take a part of it."
        )
    return path


def stamp(path: Path | None) -> tuple[str, int, int]:
    """What changes when a file changes: path, time in nanoseconds and size; zeros where it is not there."""
    if path is None:
        return ("", 0, 0)
    try:
        found = path.stat()
    except (OSError, ValueError):
        return (str(path), 0, 0)
    return (str(path), found.st_mtime_ns, found.st_size)
