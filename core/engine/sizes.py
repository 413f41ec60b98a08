"""Sizes that follow the batch: as text, and at one batch."""

from __future__ import annotations

import re

from core.specs import Size

SYMBOLIC = re.compile(r"(?:(\d+)\*)?N([+-]\d+)?")


def size_text(factor: int, constant: int) -> str:
    """`N`, `2*N`, `N+1`."""
    text = "N" if factor == 1 else f"{factor}*N"
    return text + (f"{constant:+d}" if constant else "")


def size_at(size: Size, batch: int) -> int:
    """A size at one batch."""
    if isinstance(size, int):
        return size
    match = SYMBOLIC.fullmatch(size)
    if match is None:
        raise ValueError(f"{size!r} is not a size")
    return int(match[1] or 1) * batch + int(match[2] or 0)
