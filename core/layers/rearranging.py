"""Layers that repeat, shift and turn an input without learning anything."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from core.layers import remedies
from core.layers.axes import with_one, without
from core.layers.expectations import (
    expect_axis,
    expect_batch_first,
    expect_bearable,
    expect_sample_axis,
    is_batch,
    name_of,
    received,
)
from core.layers.layer import Call, Inputs, Layer, Port, Refused, SameAxes, axes_of
from core.layers.shape import HIGH, LOW, listed
from core.parameters import parameter
from core.specs import shape_text


def _expect_samples(layer: Layer, inputs: Inputs) -> int:
    """How many axes a sample has; refuses what has no samples in front."""
    expect_batch_first(layer, inputs)
    spec = inputs["input"]
    if not is_batch(next(iter(spec.shape), 0)):
        raise Refused(
            f"{name_of(layer)} expects samples, but receives {received(spec)} for all of them: remove it.",
            "input",
            remedies.bypass(),
        )
    return spec.rank - 1


class Expand(Layer, family="shape", torch="torch.Tensor.expand"):
    """Shows axes of size 1 as larger ones without copying: one value for every place, or for every sample."""

    inputs = (
        Port("input", "What is shown larger."),
        Port("like", "Any value with samples, where input has none: it is shown once for each.", optional=True),
    )
    port_shapes: ClassVar = {
        "input": "Any shape, with axes of size 1.",
        "like": "(N, *).",
        "output": "(N, *), * as size says.",
    }
    synonyms = ("broadcast", "repeat", "stretch", "class token", "for each sample", "learned token", "tile")
    use = (
        "To show one value at every place, or a learned Parameter once for each sample, as the class token of a "
        "vision transformer. It needs no memory; Add and Multiply stretch axes of size 1 by themselves, Repeat "
        "copies."
    )
    formula = "y[n, i, j] = x[n, 0, j] where an axis has size 1"

    size: tuple[int, ...] = parameter((-1,), "The shape of one sample; -1 keeps a size.", low=-1, required=True)

    def call(self, inputs: Inputs) -> Call:
        shared = "like" in inputs and not any(is_batch(size) for size in inputs["input"].shape)
        if "like" in inputs:
            expect_batch_first(self, inputs, "like")
            self._expect_count(inputs, shared)
        elif not any(is_batch(size) for size in inputs["input"].shape):
            raise Refused(
                f"Expand expects samples, but receives {received(inputs['input'])}, which all samples share: link any "
                "value with samples to like.",
                "like",
            )
        own = inputs["input"].rank if shared else _expect_samples(self, inputs)
        shape = inputs["input"].shape if shared else inputs["input"].shape[1:]
        fits = len(self.size) == own and all(
            new in (-1, old) or (old == 1 and new > 0) for new, old in zip(self.size, shape, strict=False)
        )
        if not fits:
            best = (-1,) * own
            raise Refused(
                f"Expand expects a size for each of the {own} axes of a sample, others than its own for axes of size 1 "
                f"alone, but has {listed(self.size)} for {received(inputs['input'])}: for example "
                f"{listed(best) or 'none'}.",
                "input",
                remedies.set_value("size", best),
            )
        if shared:
            return Call(expression=f"{{input}}.expand({{like}}.shape[0]{''.join(f', {size}' for size in self.size)})")
        return Call(expression=f"{{input}}.expand({listed((-1, *self.size))})")

    def _expect_count(self, inputs: Inputs, shared: bool) -> None:
        """Refuse a `like` without samples, and one beside an input that has samples of its own."""
        like = inputs["like"]
        if not shared or not like.rank or not is_batch(like.shape[0]):
            raise Refused(
                "Expand expects a value without samples beside one with samples at like, but receives "
                f"{shape_text(inputs['input'].shape)} beside {received(like)}: unlink like.",
                "like",
            )

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": ("N",) * ("like" in inputs) + axes_of(inputs["input"])}


class _Repeating(SameAxes):
    port_shapes: ClassVar = {"output": "The shape of input, each axis but N as many times as large as you say."}

    def repeated(self, inputs: Inputs, name: str, counts: tuple[int, ...], method: str) -> Call:
        """The call that repeats each sample as often as it says along each axis."""
        own = _expect_samples(self, inputs)
        if len(counts) != own:
            best = tuple(counts[:own]) + (1,) * (own - len(counts))
            raise Refused(
                f"{name_of(self)} expects a count for each of the {own} axes of a sample, but has "
                f"{listed(counts) or 'none'} for {received(inputs['input'])}: for example {listed(best) or 'none'}.",
                "input",
                remedies.set_value(name, best),
            )
        held = math.prod(size for size in inputs["input"].shape[1:] if isinstance(size, int))
        expect_bearable(self, name, counts, (1,) * own, held)
        return Call(expression=f"{{input}}.{method}({listed((1, *counts))})")


class Repeat(_Repeating, family="shape", torch="torch.Tensor.repeat"):
    """Lays each sample behind itself several times along its axes."""

    synonyms = ("tile", "copy", "broadcast", "upsample", "repeat vector")
    use = (
        "To lay copies of a sample behind each other, as one vector for each step of a decoder. Use Expand where an "
        "axis of size 1 is shown larger, which needs no memory."
    )
    formula = "y = [x x … x] along each axis"

    repeats: tuple[int, ...] = parameter((2,), "How often, along each axis of a sample.", low=1, required=True)

    def call(self, inputs: Inputs) -> Call:
        return self.repeated(inputs, "repeats", self.repeats, "repeat")


class Tile(_Repeating, family="shape", torch="torch.tile"):
    """Lays each sample behind itself several times along its axes, as Repeat does, under numpy's name."""

    synonyms = ("repeat", "copy", "numpy", "upsample")
    use = (
        "As Repeat, for those who know it from numpy. Use Expand where an axis of size 1 is shown larger, which "
        "needs no memory."
    )
    formula = "y = [x x … x] along each axis"

    dims: tuple[int, ...] = parameter((2,), "How often, along each axis of a sample.", low=1, required=True)

    def call(self, inputs: Inputs) -> Call:
        return self.repeated(inputs, "dims", self.dims, "tile")


class Roll(SameAxes, family="shape", torch="torch.roll"):
    """Shifts the places of some axes; what leaves at one end comes in at the other, as in shifted windows."""

    synonyms = ("shift", "cyclic", "swin", "rotate", "shifted window", "lag")
    use = (
        "To shift windows so that neighbours meet, or to compare a sequence with itself one step later. Use Pad and "
        "Slice where what leaves should be lost."
    )
    formula = "y[i] = x[(i − shift) mod size]"
    paper = "Liu et al., 2021, Swin transformer: hierarchical vision transformer using shifted windows"

    shifts: tuple[int, ...] = parameter((1,), "By how many places, for each of the axes.", required=True)
    dims: tuple[int, ...] = parameter((-1,), "Along which axes.", low=LOW, high=HIGH, required=True)

    def call(self, inputs: Inputs) -> Call:
        for dim in self.dims:
            expect_sample_axis(self, inputs, dim, "dims")
        if len(self.shifts) != len(self.dims) or not self.dims:
            best = (self.shifts + (1,) * len(self.dims))[: len(self.dims)]
            raise Refused(
                f"Roll expects a shift for each of its axes ({listed(self.dims) or 'none'}), but has "
                f"{listed(self.shifts) or 'none'}: for example {listed(best or (1,))}.",
                "",
                remedies.set_value("shifts", best) if best else remedies.set_value("dims", (-1,)),
            )
        return Call(expression=f"{{input}}.roll(({listed(self.shifts)},), dims=({listed(self.dims)},))")


class Flip(SameAxes, family="shape", torch="torch.flip"):
    """Turns the order of some axes around, as a picture mirrored or a sequence read from its end."""

    synonyms = ("mirror", "reverse", "backwards", "bidirectional", "augmentation", "left right")
    use = (
        "To read a sequence backwards, or to mirror pictures, as for averaging over both ways at test time. LSTM "
        "and GRU read both ways by bidirectional."
    )
    formula = "y[i] = x[size − 1 − i]"

    dims: tuple[int, ...] = parameter((-1,), "Along which axes.", low=LOW, high=HIGH, required=True)

    def call(self, inputs: Inputs) -> Call:
        axes = [expect_sample_axis(self, inputs, dim, "dims") for dim in self.dims]
        if len(set(axes)) < len(axes) or not axes:
            best = tuple(sorted(set(axes))) or (-1,)
            raise Refused(
                f"Flip expects at least one axis, and each once, but dims is {listed(self.dims) or 'none'} for "
                f"{received(inputs['input'])}: for example {listed(best)}.",
                "input",
                remedies.set_value("dims", best),
            )
        return Call(expression=f"{{input}}.flip({listed(self.dims)})")


class MoveDim(Layer, family="shape", torch="torch.movedim"):
    """Moves one axis to another place; the rest keeps its order."""

    port_shapes: ClassVar = {"input": "Any shape.", "output": "The shape of input with axis source at destination."}
    synonyms = ("permute", "move axis", "channels last", "channels first", "transpose", "rearrange", "nhwc", "nchw")
    use = (
        "To move one axis and leave the order of the others, as channels from last to first. Use Permute to state "
        "every place, Transpose to swap two."
    )
    formula = "the axis source stands at destination, the others close up"

    source: int = parameter(1, "Which axis is moved.", low=LOW, high=HIGH, required=True)
    destination: int = parameter(-1, "To which place.", low=LOW, high=HIGH, required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_axis(self, inputs, self.source, "source")
        expect_axis(self, inputs, self.destination, "destination")
        return Call(expression=f"{{input}}.movedim({self.source}, {self.destination})")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        names = axes_of(inputs["input"])
        return {"output": with_one(without(names, [self.source]), self.destination, names[self.source])}
