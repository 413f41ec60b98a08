"""Layers that cut pictures into patches, lay patches together, and move numbers between channels and places."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from core.layers import remedies
from core.layers.expectations import (
    AXES,
    Sizes,
    expect_divisible,
    expect_floating,
    expect_rank,
    expect_window,
    name_of,
    per_axis,
    received,
)
from core.layers.layer import GRID, Call, Inputs, Layer, Port, Refused, SameAxes, fixed_size, these_axes
from core.parameters import parameter
from core.specs import Spec

KERNEL = "How large each patch is."
DILATION = "How far apart the points of a patch are."
PADDING = "How much is added around the picture."
STRIDE = "How far apart the patches are."


class Unfold(Layer, family="shape", torch="nn.Unfold"):
    """Cuts a picture into patches and lays each out as one column: N × numbers of a patch × patches."""

    port_shapes: ClassVar = {
        "input": "Pictures, (N, C, H, W).",
        "output": "(N, C · kH · kW, L) for L patches of kH × kW.",
    }
    synonyms = ("im2col", "patches", "sliding window", "vit", "extract", "windows", "blocks", "local attention")
    use = (
        "To get at every patch of a picture, as for attention inside windows. A Conv2d does this and a Linear in "
        "one; use it with stride equal to its kernel for patches of a vision transformer."
    )
    formula = "(N, C, H, W) → (N, C · kH · kW, L) for L patches"

    kernel_size: Sizes = parameter(2, KERNEL, low=1, length=2, required=True)
    dilation: Sizes = parameter(1, DILATION, low=1, length=2, rare=True)
    padding: Sizes = parameter(0, PADDING, low=0, length=2)
    stride: Sizes = parameter(1, STRIDE, low=1, length=2)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, 4, axes=AXES[2])
        expect_floating(self, inputs)
        expect_window(self, inputs, self.kernel_size, self.padding, self.dilation)
        return self.module(self.kernel_size)

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": ("N", "features", "patches")}


class Fold(Layer, family="shape", torch="nn.Fold"):
    """Lays the columns that Unfold made together to a picture again, adding up where patches overlap."""

    inputs = (Port("input", "The patches: N × numbers of a patch × patches."),)
    port_shapes: ClassVar = {
        "input": "(N, C · kH · kW, L) for L patches of kH × kW.",
        "output": "(N, C, H, W), H and W the output_size.",
    }
    synonyms = ("col2im", "patches", "reassemble", "overlap add", "windows", "blocks", "overlap")
    use = (
        "To bring patches back to a picture, behind Unfold and what worked on them. Use ConvTranspose2d to learn "
        "how patches are painted."
    )
    formula = "(N, C · kH · kW, L) → (N, C, H, W), overlaps added"

    output_size: Sizes = parameter(8, "How high and wide the picture is.", low=1, length=2, required=True)
    kernel_size: Sizes = parameter(2, KERNEL, low=1, length=2, required=True)
    dilation: Sizes = parameter(1, DILATION, low=1, length=2, rare=True)
    padding: Sizes = parameter(0, PADDING, low=0, length=2)
    stride: Sizes = parameter(1, STRIDE, low=1, length=2, dropped=2)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, 3, axes=("numbers of a patch", "patches"))
        expect_floating(self, inputs)
        numbers, count = (fixed_size(inputs, "input", axis, "Fold", "size") for axis in (1, 2))
        area = math.prod(per_axis(self.kernel_size, 2))
        sides = zip(
            *(per_axis(value, 2) for value in (self.output_size, self.kernel_size)),
            *(per_axis(value, 2) for value in (self.dilation, self.padding, self.stride)),
            strict=True,
        )
        fits = [(size + 2 * pad - apart * (wide - 1) - 1) // step + 1 for size, wide, apart, pad, step in sides]
        if numbers % area:
            raise Refused(
                f"Fold expects numbers of a patch in multiples of {area}, the size of its kernel, but receives "
                f"{received(inputs['input'])}: choose the kernel_size of the Unfold.",
                "input",
            )
        if min(fits) < 1 or math.prod(fits) != count:
            wanted = "no patches" if min(fits) < 1 else remedies.counted(math.prod(fits), "patch").replace("hs", "hes")
            raise Refused(
                f"Fold expects {wanted} for its output_size with these settings, but receives "
                f"{received(inputs['input'])}: choose the settings of the Unfold, and the size of its picture.",
                "input",
            )
        return self.module(self.output_size, self.kernel_size)

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return these_axes(outputs, GRID[2])


class PixelUnshuffle(Layer, family="pooling", torch="nn.PixelUnshuffle"):
    """Makes a picture smaller by a factor and keeps all of its numbers as more channels."""

    port_shapes: ClassVar = {
        "input": "Pictures, (N, C, H · r, W · r), r the downscale_factor.",
        "output": "(N, C · r², H, W).",
    }
    synonyms = ("space to depth", "downsample", "focus", "yolo", "smaller", "sub-pixel", "reduce resolution")
    use = (
        "To make pictures smaller without losing anything, before a Conv2d. Use MaxPool2d or a Conv2d with stride "
        "where details may go; PixelShuffle is the way back."
    )
    formula = "(N, C, H · r, W · r) → (N, C · r², H, W)"
    paper = (
        "Shi et al., 2016, Real-time single image and video super-resolution using an efficient sub-pixel "
        "convolutional neural network"
    )

    downscale_factor: int = parameter(2, "How many times smaller the picture becomes.", low=1, required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, 4, axes=AXES[2])
        for size in inputs["input"].shape[2:]:
            if isinstance(size, int):
                expect_divisible(self, "downscale_factor", self.downscale_factor, size, "pixels a side", inputs)
        return self.module(self.downscale_factor)

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return these_axes(outputs, GRID[2])


class ChannelShuffle(SameAxes, family="shape", torch="nn.ChannelShuffle"):
    """Mixes the channels of several groups, so that convolutions in groups learn from each other."""

    port_shapes: ClassVar = {"input": "Values with channels, (N, C, *)."}
    synonyms = ("shufflenet", "groups", "interleave", "mix channels", "mobile")
    use = (
        "Between two convolutions in groups, so that what one group learned reaches the others. With groups of 1 it "
        "is not needed."
    )
    formula = "channel g · n + i → channel i · groups + g, for n channels a group"
    paper = "Zhang et al., 2018, ShuffleNet: an extremely efficient convolutional neural network for mobile devices"

    groups: int = parameter(2, "Into how many groups the channels are divided.", low=1, required=True)

    def call(self, inputs: Inputs) -> Call:
        rank = min(max(inputs["input"].rank, 3), 5)
        expect_rank(self, inputs, rank, axes=AXES[rank - 2])
        channels = fixed_size(inputs, "input", 1, name_of(self), "channels")
        expect_divisible(self, "groups", self.groups, channels, "channels", inputs)
        return self.module(self.groups)

    def rule(self, inputs: Inputs) -> dict[str, Spec]:
        return {"output": inputs["input"]}


def _size() -> Any:
    return parameter(None, "How high and wide the output is, instead of scale_factor.", low=1, length=2)


class _Upsampling(Layer):
    port_shapes: ClassVar = {"input": "Pictures, (N, C, H, W).", "output": "(N, C, H′, W′)."}

    synonyms = ("resize", "enlarge", "scale", "interpolate")

    size: Sizes | None = _size()
    scale_factor: float | None = parameter(
        None, "How many times larger the output is.", low=0, open_low=True, high=64, dropped=2.0
    )

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, 4, axes=AXES[2])
        expect_floating(self, inputs)
        if (self.size is None) == (self.scale_factor is None):
            repair = remedies.set_value("scale_factor", 2.0 if self.size is None else None)
            raise Refused(f"{name_of(self)} expects either a size or a scale_factor: set one of the two.", "", repair)
        scale = self.scale_factor or 1.0
        if any(isinstance(size, int) and int(size * scale) < 1 for size in inputs["input"].shape[2:]):
            raise Refused(
                f"{name_of(self)} expects something to be left of each axis, but receives "
                f"{received(inputs['input'])} with scale_factor {scale:g}: set it to 1.",
                "input",
                remedies.set_value("scale_factor", 1.0),
            )
        return self.module()

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return these_axes(outputs, GRID[2])


class UpsamplingNearest2d(_Upsampling, family="pooling", torch="nn.UpsamplingNearest2d"):
    """Makes a picture larger by repeating its pixels."""

    synonyms = ("upsample", "nearest neighbour", "decoder")
    use = (
        "To enlarge masks or class maps, where values must not mix. Use Upsample for the same with every mode, "
        "ConvTranspose2d or PixelShuffle to learn it."
    )
    formula = "y[i, j] = x[⌊i / s⌋, ⌊j / s⌋]"


class UpsamplingBilinear2d(_Upsampling, family="pooling", torch="nn.UpsamplingBilinear2d"):
    """Makes a picture larger by blending its pixels, with its corners kept at the corners."""

    synonyms = ("upsample", "smooth", "decoder", "segmentation")
    use = (
        "To enlarge pictures or features smoothly, as before the output of a segmentation. Use Upsample for the "
        "same with every mode, ConvTranspose2d or PixelShuffle to learn it."
    )
    formula = "y = the four nearest pixels, weighed by their distance, corners on corners"
