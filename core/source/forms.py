"""What a number is made of: `in_channels + growth * 2`, read off the values that it has in cases that were tried."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from core.layers.calls import exact

Row = tuple[Mapping[str, Any], Any]
"""A scope, and the value there."""


PROOF = 3
"""How many different values a name must have had before anything is said to follow from it."""


@dataclasses.dataclass(frozen=True)
class Form:
    """A whole number as a sum: so many times each name, and a constant."""

    constant: int
    factors: tuple[tuple[str, int], ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it is one name or one number alone."""
        return not self.factors or (not self.constant and len(self.factors) == 1 and self.factors[0][1] == 1)

    def at(self, scope: Mapping[str, Any]) -> int:
        """What it comes to."""
        return self.constant + sum(factor * scope[name] for name, factor in self.factors)

    def text(self, names: Mapping[str, str]) -> str:
        """The sum as Python, its names as they are called there."""
        parts: list[str] = []
        for name, factor in self.factors:
            size = _product(names[name], abs(factor))
            parts.append(size if not parts and factor > 0 else f"- {size}" if factor < 0 else f"+ {size}")
        if self.constant or not parts:
            number = exact(abs(self.constant))
            sign = "-" if self.constant < 0 else "+"
            parts.append(f"{sign} {number}" if parts else exact(self.constant))
        return " ".join(parts)


def _product(name: str, factor: int) -> str:
    inner = name if factor == 1 or name.replace(".", "").isidentifier() else f"({name})"
    return inner if factor == 1 else f"{inner} * {factor}"


def with_names(form: Form, aliases: Mapping[str, str]) -> Form:
    """The form with names replaced by those that always have the same value."""
    factors: dict[str, int] = {}
    for name, factor in form.factors:
        name = aliases.get(name, name)
        factors[name] = factors.get(name, 0) + factor
    return Form(form.constant, tuple((name, factor) for name, factor in factors.items() if factor))


def fitted(used: Sequence[Row], tried: Sequence[Row], names: Sequence[str]) -> Form | None:
    """The sum over these names that holds in every case; None where the cases that were tried show that there is none.

    What is tried decides alone: that two values are equal wherever a block is used says nothing. Of names that could
    only be tried together, because the block takes no others, the first is taken.
    """
    if not used or not all(type(value) is int for _, value in (*used, *tried)):
        return None
    if len({value for _, value in (*used, *tried)}) == 1:
        return Form((*used, *tried)[0][1])
    known = [row for row in (tried or used) if all(type(row[0].get(name)) is int for name in names)]
    if not known:
        return None
    names = [name for name in names if len({scope[name] for scope, _ in known}) > 1]
    columns: list[str | None] = [None, *names]
    matrix = [[Fraction(scope[name]) if name else Fraction(1) for name in columns] for scope, _ in known]
    solved = _solved(matrix, [Fraction(value) for _, value in known])
    if solved is None or any(each.denominator != 1 for each in solved):
        return None
    factors = tuple((name, int(each)) for name, each in zip(names, solved[1:], strict=True) if each)
    if tried and any(len({scope[name] for scope, _ in known}) < PROOF for name, _ in factors):
        return None
    form = Form(int(solved[0]), factors)
    return form if all(form.at(scope) == value for scope, value in (*used, *tried)) else None


def _solved(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """The solution by elimination, columns in order, free ones zero; None where there is none."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    width = len(matrix[0])
    pivots: list[int] = []
    for column in range(width):
        place = len(pivots)
        found = next((index for index in range(place, len(rows)) if rows[index][column]), None)
        if found is None:
            continue
        rows[place], rows[found] = rows[found], rows[place]
        head = rows[place][column]
        rows[place] = [each / head for each in rows[place]]
        for index, row in enumerate(rows):
            if index != place and row[column]:
                factor = row[column]
                rows[index] = [each - factor * pivot for each, pivot in zip(row, rows[place], strict=True)]
        pivots.append(column)
    if any(row[-1] for row in rows[len(pivots) :]):
        return None
    solution = [Fraction(0)] * width
    for place, column in enumerate(pivots):
        solution[column] = rows[place][-1]
    return solution
