"""Layers that add a border around a sequence, a picture or a volume."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from core.layers import remedies
from core.layers.calls import exact
from core.layers.expectations import (
    AXES,
    Sizes,
    expect_floating,
    expect_rank,
    name_of,
    per_axis,
    received,
)
from core.layers.layer import GRID, Call, Inputs, Layer, Refused, SameAxes, these_axes
from core.parameters import parameter

SIDES = {
    1: "How much is added at the start and the end.",
    2: "How much is added: left, right, top, bottom.",
    3: "How much is added: left, right, top, bottom, front, back.",
}


def _padding(spatial: int, low: int | None = 0) -> Any:
    return parameter(1, SIDES[spatial], low=low, length=2 * spatial, required=True)


class _Padding(Layer):
    port_shapes: ClassVar = {
        "input": "A {grid} for each sample, (N, C, {sizes}).",
        "output": "(N, C, {resized}), {resized} larger by the padding.",
    }

    spatial: ClassVar[int]

    padding: Sizes = _padding(2)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, self.spatial + 2, axes=AXES[self.spatial])
        expect_floating(self, inputs)
        self.expect_room(inputs)
        return self.module(self.padding)

    def most(self, size: int) -> int | None:
        """How much an axis of that size can be padded at each side; None for any amount."""
        return None

    def expect_room(self, inputs: Inputs) -> None:
        """Refuse more padding than there is to take it from, and less than leaves something."""
        sizes, added = inputs["input"].shape[2:], per_axis(self.padding, 2 * self.spatial)
        pairs = zip(reversed(sizes), added[::2], added[1::2], strict=True)
        fixed = [(size, before, after) for size, before, after in pairs if isinstance(size, int)]
        limits = [most for size, _, _ in fixed if (most := self.most(size)) is not None]
        if limits and any(max(before, after) > (self.most(size) or 0) for size, before, after in fixed):
            best = min(limits)
            raise Refused(
                f"{name_of(self)} expects padding of at most {best}, which is all that there is to fill it with, but "
                f"it is {remedies.plain(self.padding)} for {received(inputs['input'])}: set it to {best}.",
                "input",
                remedies.set_value("padding", best) if best else remedies.bypass(),
            )
        if any(size + before + after < 1 or -before > size or -after > size for size, before, after in fixed):
            raise Refused(
                f"{name_of(self)} expects padding that leaves something, but it is {remedies.plain(self.padding)} "
                f"for {received(inputs['input'])}: set it to 0.",
                "input",
                remedies.set_value("padding", 0),
            )

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return these_axes(outputs, GRID[self.spatial])


class _ConstantPadding(_Padding):
    synonyms = ("border", "margin", "fill", "pad", "constant", "unequal sides", "same size", "larger")
    use = (
        "Convolutions pad by themselves with padding and padding_mode; use this for sides of unequal size, or "
        "before a pooling. Where the border should not stand out, ReflectionPad2d or ReplicationPad2d continue the "
        "picture."
    )
    formula = "y = [value … x … value]"

    padding: Sizes = _padding(2, None)
    value: float = parameter(0.0, "What the border is filled with.", required=True)

    def call(self, inputs: Inputs) -> Call:
        super().call(inputs)
        return self.module(self.padding, self.value)


class ConstantPad1d(_ConstantPadding, family="shape", torch="nn.ConstantPad1d"):
    """Adds a fixed number at both ends of a sequence; a negative padding cuts off."""

    spatial = 1

    padding: Sizes = _padding(1, None)


class ConstantPad2d(_ConstantPadding, family="shape", torch="nn.ConstantPad2d"):
    """Adds a border of a fixed number around a picture; a negative padding cuts off."""

    spatial = 2


class ConstantPad3d(_ConstantPadding, family="shape", torch="nn.ConstantPad3d"):
    """Adds a border of a fixed number around a volume; a negative padding cuts off."""

    spatial = 3

    padding: Sizes = _padding(3, None)


class _ZeroPadding(_Padding):
    synonyms = (
        "border", "margin", "zeros", "pad", "black", "unequal sides", "same size", "causal convolution", "larger",
    )  # fmt: skip
    use = (
        "Convolutions pad by themselves with padding and padding_mode; use this for sides of unequal size, or "
        "before a pooling. Where a black border disturbs, ReflectionPad2d or ReplicationPad2d continue the picture."
    )
    formula = "y = [0 … x … 0]"

    padding: Sizes = _padding(2, None)


class ZeroPad1d(_ZeroPadding, family="shape", torch="nn.ZeroPad1d"):
    """Adds zeros at both ends of a sequence; a negative padding cuts off."""

    spatial = 1

    padding: Sizes = _padding(1, None)


class ZeroPad2d(_ZeroPadding, family="shape", torch="nn.ZeroPad2d"):
    """Adds a border of zeros around a picture; a negative padding cuts off."""

    spatial = 2


class ZeroPad3d(_ZeroPadding, family="shape", torch="nn.ZeroPad3d"):
    """Adds a border of zeros around a volume; a negative padding cuts off."""

    spatial = 3

    padding: Sizes = _padding(3, None)


class _ReflectionPadding(_Padding):
    synonyms = ("border", "mirror", "pad", "reflect", "seamless", "style transfer", "no edge", "larger")
    use = (
        "Before a Conv2d without padding where edges should leave no trace, as in changing a picture's style. It "
        "reaches no farther than the picture's size minus 1; ReplicationPad2d has no limit."
    )
    formula = "a b c d → c b a b c d c b, for padding 2"

    def most(self, size: int) -> int:
        return size - 1


class ReflectionPad1d(_ReflectionPadding, family="shape", torch="nn.ReflectionPad1d"):
    """Adds to both ends of a sequence what is there, mirrored."""

    spatial = 1

    padding: Sizes = _padding(1)


class ReflectionPad2d(_ReflectionPadding, family="shape", torch="nn.ReflectionPad2d"):
    """Adds a border around a picture in which it is mirrored; no visible edge arises."""

    spatial = 2


class ReflectionPad3d(_ReflectionPadding, family="shape", torch="nn.ReflectionPad3d"):
    """Adds a border around a volume in which it is mirrored."""

    spatial = 3

    padding: Sizes = _padding(3)


class _ReplicationPadding(_Padding):
    synonyms = ("border", "repeat", "edge", "pad", "replicate", "extend", "clamp", "no edge", "larger")
    use = (
        "Before a Conv2d without padding where values should go on at the edges, as for measurements. "
        "ReflectionPad2d keeps texture, ZeroPad2d adds black."
    )
    formula = "a b c → a a a b c c c, for padding 2"


class ReplicationPad1d(_ReplicationPadding, family="shape", torch="nn.ReplicationPad1d"):
    """Repeats the first and the last value of a sequence at its ends."""

    spatial = 1

    padding: Sizes = _padding(1)


class ReplicationPad2d(_ReplicationPadding, family="shape", torch="nn.ReplicationPad2d"):
    """Adds a border around a picture that repeats its outermost pixels."""

    spatial = 2


class ReplicationPad3d(_ReplicationPadding, family="shape", torch="nn.ReplicationPad3d"):
    """Adds a border around a volume that repeats its outermost values."""

    spatial = 3

    padding: Sizes = _padding(3)


class _CircularPadding(_Padding):
    synonyms = (
        "border", "wrap", "periodic", "pad", "panorama", "circular", "torus", "cyclic", "globe", "around",
        "larger",
    )  # fmt: skip
    use = "For what has no edges: angles, the globe, daily cycles. Elsewhere ReflectionPad2d or ZeroPad2d."
    formula = "a b c d → c d a b c d a b, for padding 2"

    def most(self, size: int) -> int:
        return size


class CircularPad1d(_CircularPadding, family="shape", torch="nn.CircularPad1d"):
    """Adds to each end of a sequence what stands at the other end, as for something periodic."""

    spatial = 1

    padding: Sizes = _padding(1)


class CircularPad2d(_CircularPadding, family="shape", torch="nn.CircularPad2d"):
    """Adds to each side of a picture what stands at the other side, as for a map of the globe."""

    spatial = 2


class CircularPad3d(_CircularPadding, family="shape", torch="nn.CircularPad3d"):
    """Adds to each side of a volume what stands at the other side."""

    spatial = 3

    padding: Sizes = _padding(3)


class Pad(SameAxes, family="shape", torch="torch.nn.functional.pad"):
    """Adds a fixed number around the last axes of an input with any axes; a negative amount cuts off."""

    port_shapes: ClassVar = {"output": "The shape of input, its last axes larger by pad."}
    synonyms = ("border", "margin", "fill", "zeros", "shift", "extend", "causal convolution", "larger", "same length")
    use = (
        "For any axes, as one step more in time. ZeroPad2d, ReflectionPad2d and their kin say sides by name for "
        "pictures."
    )
    formula = "y = [value … x … value] along the last axes"

    pad: tuple[int, ...] = parameter(
        (0, 1), "Before and after the last axis, then the one before it, and so on.", required=True
    )
    value: float = parameter(0.0, "What is filled in.", required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        sizes = tuple(reversed(inputs["input"].shape))[: len(self.pad) // 2]
        pairs = list(zip(sizes, self.pad[::2], self.pad[1::2], strict=False))
        if len(self.pad) % 2 or len(pairs) * 2 < len(self.pad) or not self.pad:
            raise Refused(
                f"Pad expects two numbers for each of the last axes, but has {len(self.pad)} for "
                f"{received(inputs['input'])}: set pad to 0, 0.",
                "input",
                remedies.set_value("pad", (0, 0)),
            )
        if any(
            before or after
            if isinstance(size, str)
            else size + before + after < 1 or min(size + before, size + after) < 0
            for size, before, after in pairs
        ):
            raise Refused(
                f"Pad expects to leave something of each axis, and the batch as it is, but pad is "
                f"{remedies.plain(self.pad)} for {received(inputs['input'])}: set it to 0, 0.",
                "input",
                remedies.set_value("pad", (0, 0)),
            )
        keywords = (("value", self.value),) if self.value else ()
        return Call(expression=f"nn.functional.pad({{input}}, {exact(self.pad)}{{keywords}})", keywords=keywords)
