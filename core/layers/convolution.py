"""Layers that slide small learned filters over a sequence, a picture or a volume."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from core.layers import remedies
from core.layers.expectations import (
    AXES,
    Sizes,
    expect_floating,
    expect_rank,
    expect_window,
    largest_part,
    name_of,
    per_axis,
    received,
)
from core.layers.layer import Call, Inputs, Layer, OnGrid, Refused, fixed_size
from core.parameters import parameter

OUT_CHANNELS = "How many filters are learned; each gives one channel of the output."
PADDING_MODE = "What the border is filled with: zeros, the picture mirrored, its edge repeated, or its other side."
PADDING_MODES = ("zeros", "reflect", "replicate", "circular")
BIAS = "Whether a learned constant is added to each channel; not needed right before a BatchNorm."
GROUPS = "Into how many separate groups the channels are divided; as many as channels gives a depthwise convolution."


def _kernel_size(length: int) -> Any:
    return parameter(3, "How far the filter reaches along each axis.", low=1, length=length, required=True)


def _stride(length: int) -> Any:
    return parameter(1, "How far the filter moves each time; 2 halves the output.", low=1, length=length)


def _padding(length: int) -> Any:
    text = "How much is added around the input; same keeps the size (with stride 1), valid adds none."
    return parameter(0, text, low=0, length=length, choices=("same", "valid"))


def _dilation(length: int) -> Any:
    return parameter(
        1, "How far apart the filter's points are; above 1 it sees wider.", low=1, length=length, rare=True
    )


class _Convolution(OnGrid):
    port_shapes: ClassVar = {"output": "(N, out_channels, {resized})."}

    synonyms = ("conv", "cnn", "filter", "feature map", "depthwise", "downsample", "dilated", "atrous", "strided")
    formula = (
        "y[o, p] = b[o] + Σ w[o, c, k] · x[c, stride·p + dilation·k − padding], over the channels c of its "
        "group and the filter's points k\n"
        "size out = ⌊(size in + 2·padding − dilation·(kernel_size − 1) − 1) / stride⌋ + 1"
    )

    out_channels: int = parameter(32, OUT_CHANNELS, low=1, required=True)
    kernel_size: Sizes = _kernel_size(2)
    stride: Sizes = _stride(2)
    padding: str | Sizes = _padding(2)
    dilation: Sizes = _dilation(2)
    groups: int = parameter(1, GROUPS, low=1, rare=True)
    bias: bool = parameter(True, BIAS)
    padding_mode: str = parameter("zeros", PADDING_MODE, choices=PADDING_MODES, rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, self.spatial + 2, axes=AXES[self.spatial])
        expect_floating(self, inputs)
        channels = fixed_size(inputs, "input", 1, name_of(self), "in_channels")
        _expect_groups(self, self.groups, channels, self.out_channels, inputs)
        if self.padding == "same" and math.prod(per_axis(self.stride, self.spatial)) > 1:
            raise Refused(
                f"{name_of(self)} expects stride 1 where padding is same, but stride is {self.stride}: set stride to "
                "1 or give the padding as a number.",
                "input",
                remedies.set_value("stride", 1),
            )
        if self.padding != "same":
            expect_window(self, inputs, self.kernel_size, self.padding, self.dilation)
        return self.module(channels, self.out_channels, self.kernel_size)


def _expect_groups(layer: Layer, groups: int, channels: int, out_channels: int, inputs: Inputs) -> None:
    if channels % groups or out_channels % groups:
        best = largest_part(groups, math.gcd(channels, out_channels))
        raise Refused(
            f"{name_of(layer)} expects groups to divide both in_channels ({channels}) and out_channels "
            f"({out_channels}), but it is {groups} for {received(inputs['input'])}: choose {best}.",
            "input",
            remedies.set_value("groups", best),
        )


class Conv1d(_Convolution, family="convolution", torch="nn.Conv1d"):
    """Slides small learned filters along a sequence, such as sound or a sensor's values over time."""

    spatial = 1
    synonyms = (
        "conv", "cnn", "filter", "depthwise", "downsample", "sequence", "sound", "audio", "signal",
        "time series", "text",
    )  # fmt: skip
    use = (
        "For sound, a sensor's values and other sequences laid out as channels × time. Use LSTM or GRU where what "
        "happened long ago matters, Conv2d for pictures."
    )
    paper = "Waibel et al., 1989, Phoneme recognition using time-delay neural networks"

    kernel_size: Sizes = _kernel_size(1)
    stride: Sizes = _stride(1)
    padding: str | Sizes = _padding(1)
    dilation: Sizes = _dilation(1)


class Conv2d(_Convolution, family="convolution", torch="nn.Conv2d"):
    """Slides small learned filters over a picture; each filter gives one channel that shows where its pattern is."""

    spatial = 2
    synonyms = (
        "conv", "cnn", "filter", "feature map", "depthwise", "downsample", "image", "picture", "vision", "dilated",
        "atrous", "strided",
    )  # fmt: skip
    use = (
        "The usual layer for pictures: follow it with BatchNorm2d and ReLU, and make the picture smaller by stride 2 "
        "or MaxPool2d. Use Linear where neighbours mean nothing, as in tables."
    )
    paper = "LeCun et al., 1998, Gradient-based learning applied to document recognition"


class Conv3d(_Convolution, family="convolution", torch="nn.Conv3d"):
    """Slides small learned filters through a volume, such as a scan or a short film."""

    spatial = 3
    synonyms = (
        "conv", "cnn", "filter", "feature map", "depthwise", "downsample", "volume", "video", "film", "scan",
        "medical",
    )  # fmt: skip
    use = (
        "For scans and short films, where depth or time counts like height and width. It is costly; Conv2d on single "
        "pictures is often enough."
    )
    paper = "Tran et al., 2015, Learning spatiotemporal features with 3D convolutional networks"

    kernel_size: Sizes = _kernel_size(3)
    stride: Sizes = _stride(3)
    padding: str | Sizes = _padding(3)
    dilation: Sizes = _dilation(3)


def _border(length: int) -> Any:
    return parameter(0, "How much is cut off around the output.", low=0, length=length)


def _output_padding(length: int) -> Any:
    text = "How much is added to one side of the output; must be smaller than stride or dilation."
    return parameter(0, text, low=0, length=length, rare=True)


class _TransposedConvolution(OnGrid):
    port_shapes: ClassVar = {"output": "(N, out_channels, {resized})."}

    synonyms = (
        "deconvolution", "upsampling", "upsample", "upconv", "decoder", "generator", "enlarge",
        "fractionally strided",
    )  # fmt: skip
    use = (
        "For decoders and generators, which make small feature maps large again. Upsample followed by Conv{spatial}d "
        "leaves fewer checkerboard patterns."
    )
    formula = (
        "y[o, stride·p + dilation·k − padding] sums w[c, o, k] · x[c, p] over all c, p and k that meet there, plus "
        "b[o]\n"
        "size out = (size in − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1"
    )
    paper = "Zeiler et al., 2010, Deconvolutional networks"

    out_channels: int = parameter(32, OUT_CHANNELS, low=1, required=True)
    kernel_size: Sizes = _kernel_size(2)
    stride: Sizes = parameter(1, "How many times larger the output becomes.", low=1, length=2)
    padding: Sizes = _border(2)
    output_padding: Sizes = _output_padding(2)
    groups: int = parameter(1, GROUPS, low=1, rare=True)
    bias: bool = parameter(True, BIAS)
    dilation: Sizes = _dilation(2)
    padding_mode: str = parameter(
        "zeros", "What the border is filled with; torch knows zeros alone here.", choices=("zeros",), rare=True
    )

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, self.spatial + 2, axes=AXES[self.spatial])
        expect_floating(self, inputs)
        channels = fixed_size(inputs, "input", 1, name_of(self), "in_channels")
        _expect_groups(self, self.groups, channels, self.out_channels, inputs)
        settings = (self.stride, self.dilation, self.output_padding)
        strides, dilations, paddings = (per_axis(value, self.spatial) for value in settings)
        if any(added >= max(step, apart) for step, apart, added in zip(strides, dilations, paddings, strict=True)):
            raise Refused(
                f"{name_of(self)} expects output_padding to be smaller than stride or dilation, but it is "
                f"{self.output_padding} with stride {self.stride} for {received(inputs['input'])}: set it to 0.",
                "input",
                remedies.set_value("output_padding", 0),
            )
        self._expect_something_left(inputs)
        return self.module(channels, self.out_channels, self.kernel_size)

    def _expect_something_left(self, inputs: Inputs) -> None:
        """Refuse a padding that cuts the whole output off."""
        spec = inputs["input"]
        settings = (self.kernel_size, self.stride, self.padding, self.output_padding, self.dilation)
        for size, wide, step, cut, added, apart in zip(
            spec.shape[2:], *(per_axis(value, self.spatial) for value in settings), strict=True
        ):
            if isinstance(size, int) and (size - 1) * step - 2 * cut + apart * (wide - 1) + added < 0:
                raise Refused(
                    f"{name_of(self)} expects padding that leaves something of its output, but it is "
                    f"{remedies.plain(self.padding)} for {received(spec)}: set it to 0.",
                    "input",
                    remedies.set_value("padding", 0),
                )


class ConvTranspose1d(_TransposedConvolution, family="convolution", torch="nn.ConvTranspose1d"):
    """Spreads each value of a sequence out by a learned filter, so that the output is longer than the input."""

    spatial = 1

    kernel_size: Sizes = _kernel_size(1)
    stride: Sizes = parameter(1, "How many times longer the output becomes.", low=1, length=1)
    padding: Sizes = _border(1)
    output_padding: Sizes = _output_padding(1)
    dilation: Sizes = _dilation(1)


class ConvTranspose2d(_TransposedConvolution, family="convolution", torch="nn.ConvTranspose2d"):
    """Spreads each pixel out by a learned filter, so that the picture grows; decoders and generators use it."""

    spatial = 2


class ConvTranspose3d(_TransposedConvolution, family="convolution", torch="nn.ConvTranspose3d"):
    """Spreads each point of a volume out by a learned filter, so that the volume grows."""

    spatial = 3

    kernel_size: Sizes = _kernel_size(3)
    stride: Sizes = parameter(1, "How many times larger the output becomes.", low=1, length=3)
    padding: Sizes = _border(3)
    output_padding: Sizes = _output_padding(3)
    dilation: Sizes = _dilation(3)
