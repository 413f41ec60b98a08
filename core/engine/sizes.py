"""Sizes that follow the batch: as text, and at one batch."""

from __future__ import annotations

from core.specs import Size, factors


def size_text(factor: int, constant: int) -> str:
    """`N`, `2*N`, `N+1`."""
    text = "N" if factor == 1 else f"{factor}*N"
    return text + (f"{constant:+d}" if constant else "")


def size_at(size: Size, batch: int) -> int:
    """A size at one batch."""
    factor, constant = factors(size)
    return factor * batch + constant
