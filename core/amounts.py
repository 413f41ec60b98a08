"""Amounts as people read them: memory, and spans of time."""

from __future__ import annotations


def memory_text(size: int) -> str:
    """Bytes in the largest fitting power of 1,024: `0.6 GiB`, `38 MiB`."""
    amount = float(size)
    for unit in ("B", "KiB", "MiB"):
        if amount < 1000:
            return f"{amount:.{0 if unit == 'B' or amount >= 10 else 1}f} {unit}"
        amount /= 1024
    return f"{amount:.{0 if amount >= 10 else 1}f} GiB"


def seconds_text(seconds: float) -> str:
    """A span of time in its two largest units: `0.4 s`, `9 s`, `2 min 05 s`, `1 h 20 min`, `3 days 4 h`."""
    whole = max(0, round(seconds))
    if seconds < 3 and seconds != whole:
        return f"{seconds:.1f} s"
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02d} min"
    return f"{hours // 24} days {hours % 24} h"
