"""Numbers as people read them: grouped digits, short counts, memory and durations."""

from __future__ import annotations

from typing import Literal

from core.amounts import memory_text, seconds_text
from designer.words import tr

NARROW = "\u202f"
"""A narrow space that does not break: it groups digits and stands before a unit."""

Noun = Literal["node", "link", "edit", "epoch", "parameter", "problem", "more problem", "further problem"]
NOUNS: dict[Noun, tuple[str, str, str]] = {
    "node": ("no nodes", "{count} node", "{count} nodes"),
    "link": ("no links", "{count} link", "{count} links"),
    "edit": ("no edits", "{count} edit", "{count} edits"),
    "epoch": ("no epochs", "{count} epoch", "{count} epochs"),
    "parameter": ("no parameters", "{count} parameter", "{count} parameters"),
    "problem": ("no problems", "{count} problem", "{count} problems"),
    "more problem": ("no more problems", "{count} more problem", "{count} more problems"),
    "further problem": ("no further problems", "{count} further problem", "{count} further problems"),
}
"""What is counted: none of it, one, and several."""


def grouped(number: int) -> str:
    """A whole number with its digits in groups of three: `74 762`."""
    return f"{number:,}".replace(",", NARROW)


def counted(number: int, noun: Noun) -> str:
    """A number with its noun: `1 node`, `9 nodes`, `no nodes`."""
    words = NOUNS[noun][min(number, 2)]
    return tr(words, count=grouped(number))


def short(number: float, unit: str = "") -> str:
    """A count in three digits with its prefix: `18.4 k`, `1.2 M`."""
    for limit, prefix in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= limit:
            figure = number / limit
            return f"{figure:.{0 if figure >= 100 else 1}f}{NARROW}{prefix}{unit}"
    return f"{number:.0f}{NARROW}{unit}" if unit else f"{number:.0f}"


def memory(size: int) -> str:
    """Bytes in the largest fitting power of 1,024, with narrow spaces: `38 MiB`."""
    return memory_text(size).replace(" ", NARROW)


def duration(seconds: float) -> str:
    """A span of time in whole seconds and its two largest units: `4 s`, `2 min 05 s`, `1 h 20 min`."""
    text = seconds_text(round(seconds))
    for unit in ("s", "min", "h", "days"):
        text = text.replace(f" {unit}", f"{NARROW}{unit}")
    return text


def scientific(number: float) -> str:
    """A small setting as people write it: `1e-3`, `0.05`, `0`."""
    if number and (abs(number) < 0.01 or abs(number) >= 1e5):
        mantissa, _, exponent = f"{number:.6e}".partition("e")
        return f"{float(mantissa):g}e{int(exponent)}"
    return f"{number:g}"


def difference(number: float) -> str:
    """A measured difference with two digits: `2.1e-7`, `0` where it is exactly that."""
    if number == 0:
        return "0"
    mantissa, _, exponent = f"{number:.1e}".partition("e")
    return f"{mantissa}e{int(exponent)}"
