"""What model.py is made of: its classes with their lines, the block of each, and what an edit changed in a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from core.blocks import block_of
from core.graph import Graph
from designer.words import tr

HEAD = re.compile(r"class (\w+)")
TUPLES = ("Values", "Outputs")
"""Classes that only name what the model gives back."""


class Part(NamedTuple):
    """One class of model.py: its first and last line (from 1), and the block that it is written for ("" without)."""

    name: str
    block: str
    first: int
    last: int


def parts_of(text: str, lines: Mapping[int, tuple[str, ...]], graph: Graph) -> tuple[Part, ...]:
    """The classes of a file in their order; `lines` says which nodes each line comes from."""
    found: list[Part] = []
    begun: tuple[str, int] | None = None
    last = 0
    for number, line in enumerate([*text.splitlines(), "end"], 1):
        if line[:1].strip():
            if begun is not None and begun[0] not in TUPLES:
                name, first = begun
                keys = (key for each in range(first, last + 1) for key in lines.get(each, ()))
                found.append(Part(name, next(filter(None, (block_of(key, graph) for key in keys)), ""), first, last))
            head = HEAD.match(line)
            begun = (head[1], number) if head else None
        if line.strip():
            last = number
    return tuple(found)


class Changes(NamedTuple):
    """The lines of a text (from 1) that an edit changed or added, and those above which it took some away."""

    changed: frozenset[int] = frozenset()
    added: frozenset[int] = frozenset()
    removed: frozenset[int] = frozenset()

    @property
    def words(self) -> str:
        """How many lines it is, in words."""
        said = [
            f"{len(lines)} {'line' if len(lines) == 1 else 'lines'} {word}"
            for word, lines in (("changed", self.changed), ("added", self.added))
            if lines
        ]
        if self.removed:
            said.append(
                tr(
                    "lines removed in {count} {value}",
                    count=len(self.removed),
                    value="place" if len(self.removed) == 1 else "places",
                )
            )
        return tr("Since the text before: {join}.", join=", ".join(said)) if said else ""


def changes_between(before: str, after: str) -> Changes:
    """What is different in the text after an edit."""
    import difflib  # when it is first needed: the window is painted without it

    changed, added, removed = set[int](), set[int](), set[int]()
    matcher = difflib.SequenceMatcher(None, before.splitlines(), after.splitlines())
    for kind, _, _, first, end in matcher.get_opcodes():
        lines = range(first + 1, end + 1)
        if kind == "replace":
            changed.update(lines)
        elif kind == "insert":
            added.update(lines)
        elif kind == "delete":
            removed.add(first + 1)
    return Changes(frozenset(changed), frozenset(added), frozenset(removed))
