"""Repairs that a layer offers with a refusal; `{self}` and `{source}` are filled in where the graph is known."""

from __future__ import annotations

import re
from typing import Any, cast

from core.layers.layer import CATALOGUE, Layer
from core.parameters import Value, fitted, parameter_of, parameters
from core.repairs import Bypass, Insert, Repair, SetValue, Swap


def plain(value: Value) -> str:
    """A value as people read it: `true`, `none`, `0, 3, 1, 2`."""
    if isinstance(value, tuple):
        return ", ".join(plain(part) for part in cast("tuple[Value, ...]", value))
    words: dict[Value, str] = {None: "none", True: "true", False: "false"}
    return words[value] if value is None or isinstance(value, bool) else str(value)


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 output`, `5 outputs`."""
    return f"{number} {noun}{'s' * (number != 1)}"


def insert(port: str, layer: str, **values: Value) -> Repair:
    """Put a layer in front of an input port."""
    return Repair(f"Insert {layer}", (Insert("{self}", port, layer, values),))


def set_value(name: str, value: Value) -> Repair:
    """Set one of the layer's own parameters."""
    return Repair(f"Set {name} to {plain(value)}", (SetValue("{self}", name, value),))


def bypass() -> Repair:
    """Take the layer away and join what came in to what went out."""
    return Repair("Remove {self}", (Bypass("{self}"),))


def swap(layer: Layer, name: str, **changes: Value) -> Repair:
    """Use another layer instead, with every value that it can hold too."""
    return Repair(f"Use {name} instead", (Swap("{self}", name, {**common_values(layer, name), **changes}),))


def common_values(layer: Layer, name: str) -> dict[str, Any]:
    """The values of a layer that differ from the defaults and that another layer can hold too."""
    other = CATALOGUE[name]
    kept: dict[str, Any] = {}
    for each in parameters(type(layer)):
        value = getattr(layer, each.name)
        theirs = parameter_of(other, each.name)
        if theirs is None or value == theirs.default:
            continue
        try:
            kept[each.name] = fitted(theirs, value)
        except ValueError:
            continue
    return kept


def for_rank(layer: Layer, rank: int) -> str:
    """The sibling for inputs of that rank (`Conv1d` of `Conv2d` for 3 axes), or "" where there is none."""
    own = type(layer).__name__
    if rank == 2 and own.startswith("Dropout"):
        return "Dropout"
    name = re.sub(r"\d(?=d$)", str(max(rank - 2, 1)), own)
    takes_vectors = own.startswith("BatchNorm")
    return name if name != own and name in CATALOGUE and (rank > 2 or (rank == 2 and takes_vectors)) else ""
