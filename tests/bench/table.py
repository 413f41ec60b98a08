"""The rows of a bench and the table that they are printed in."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class Row:
    """One figure of a bench: what was measured, the figure with its unit, and the goal where there is one.

    `goal` is words such as ">= 0.98" or "<= 20"; a row without a goal stands beside the others for comparison.
    """

    bench: str
    what: str
    figure: float
    unit: str = ""
    goal: str = ""
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met, None where there is none."""
        if not self.goal:
            return None
        relation, bound = self.goal.split()
        return self.figure >= float(bound) if relation == ">=" else self.figure <= float(bound)


def printed(rows: Sequence[Row]) -> str:
    """The rows as a table in plain text."""
    cells = [("bench", "what", "figure", "unit", "goal", "met", "note")]
    for row in rows:
        met = {None: "", True: "yes", False: "NO"}[row.is_met]
        cells.append((row.bench, row.what, f"{row.figure:.4g}", row.unit, row.goal, met, row.note))
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )
