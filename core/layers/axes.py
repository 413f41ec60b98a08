"""The names of axes where layers move, drop or join them; a name of "" is an axis that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from core.layers.layer import Inputs, Layer, axes_of

Names = tuple[str, ...]


def without(names: Names, axes: Iterable[int]) -> Names:
    """The names with some axes, counted from the front or the end, left out."""
    gone = {axis % len(names) for axis in axes} if names else set[int]()
    return tuple(name for axis, name in enumerate(names) if axis not in gone)


def with_one(names: Names, axis: int, name: str = "") -> Names:
    """The names with a new axis at a place, which may be counted from the end of the result."""
    at = axis % (len(names) + 1)
    return (*names[:at], name, *names[at:])


def agreed(inputs: Inputs, rank: int) -> Names:
    """The names of a value made of inputs that are lined up from their last axes: those that they agree on."""
    found: list[str] = []
    for back in range(1, rank + 1):
        there = [spec for spec in inputs.values() if spec.rank >= back]
        wide = [spec for spec in there if spec.shape[-back] != 1] or there
        names = {name for spec in wide if (name := axes_of(spec)[-back])}
        found.insert(0, names.pop() if len(names) == 1 else "")
    return tuple(found)


class Agreeing(Layer):
    """The base of layers that work number by number on inputs that are lined up from their last axes."""

    port_shapes: ClassVar = {
        "tensors": "Any shapes that broadcast to one.",
        "input": "Any shape.",
        "other": "A shape that broadcasts with that of input.",
        "output": "The shape to which the inputs broadcast.",
    }

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, Names]:
        return {port: agreed(inputs, spec.rank) for port, spec in outputs.items()}
