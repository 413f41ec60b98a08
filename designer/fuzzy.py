"""Fuzzy search: how well a few typed letters fit a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")

SHORTEST_FORGIVEN = 4
"""Letters from which on a typo is forgiven: in fewer, nearly every word is one letter from another."""


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
    return scattered(wanted.replace(" ", ""), held) * (10 + shortness)


def scattered(wanted: str, held: str) -> float:
    """The share of letters in the span that they are scattered over; 0 where one is missing."""
    first = at = held.find(wanted[:1])
    for letter in wanted[1:]:
        at = held.find(letter, at + 1)
        if at < 0:
            return 0.0
    span = at - first + 1
    return len(wanted) / span if at >= 0 and span <= 3 * len(wanted) else 0.0


def is_one_typo_off(typed: str, meant: str) -> bool:
    """Whether one letter too many, too few, wrong, or two swapped turn what was typed into what was meant."""
    if min(len(typed), len(meant)) < SHORTEST_FORGIVEN or abs(len(typed) - len(meant)) > 1:
        return False
    same = 0
    while same < min(len(typed), len(meant)) and typed[same] == meant[same]:
        same += 1
    rest, wanted = typed[same:], meant[same:]
    return (
        rest[1:] == wanted[1:]
        or rest[1:] == wanted
        or rest == wanted[1:]
        or (rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:] and len(rest) > 1)
    )


def begins_with_a_typo(typed: str, meant: str) -> bool:
    """Whether what was typed is the beginning of a longer word but for one typo."""
    ends = range(len(typed) - 1, min(len(typed) + 1, len(meant)) + 1)
    return len(typed) > SHORTEST_FORGIVEN and any(is_one_typo_off(typed, meant[:end]) for end in ends)


def best(query: str, items: Iterable[Item], words: Callable[[Item], Sequence[str]]) -> list[Item]:
    """The items that fit, best first; `words` gives an item's name and then its synonyms, which weigh less."""
    found: list[tuple[float, int, Item]] = []
    for place, item in enumerate(items):
        name, *others = words(item)
        value = max([score(query, name), *(score(query, other) * 0.6 for other in others)])
        if value > 0:
            found.append((-value, place, item))
    return [item for _, _, item in sorted(found, key=lambda each: each[:2])]
