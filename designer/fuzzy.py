"""Fuzzy search: how well a few typed letters fit a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def score(query: str, text: str) -> float:
    """How well a query fits a text, 0 where it does not; letters must appear in order.

    A whole match beats a beginning, a beginning of a word beats the inside, and scattered letters come last.
    """
    wanted, held = query.lower().strip(), text.lower()
    if not wanted:
        return 1.0
    shortness = 1 / (1 + len(held))
    if held == wanted:
        return 100.0
    if held.startswith(wanted):
        return 50 + shortness
    at = held.find(wanted)
    if at > 0:
        return (30 if not held[at - 1].isalnum() or text[at].isupper() else 20) + shortness
    return _scattered(wanted.replace(" ", ""), held) * (10 + shortness)


def _scattered(wanted: str, held: str) -> float:
    """The share of letters in the span that they are scattered over; 0 where one is missing."""
    first = at = held.find(wanted[:1])
    for letter in wanted[1:]:
        at = held.find(letter, at + 1)
        if at < 0:
            return 0.0
    span = at - first + 1
    return len(wanted) / span if at >= 0 and span <= 3 * len(wanted) else 0.0


def best(query: str, items: Iterable[Item], words: Callable[[Item], Sequence[str]]) -> list[Item]:
    """The items that fit, best first; `words` gives an item's name and then its synonyms, which weigh less."""
    found: list[tuple[float, int, Item]] = []
    for place, item in enumerate(items):
        name, *others = words(item)
        value = max([score(query, name), *(score(query, other) * 0.6 for other in others)])
        if value > 0:
            found.append((-value, place, item))
    return [item for _, _, item in sorted(found, key=lambda each: each[:2])]
