"""Layers that make a sequence, a picture or a volume smaller or larger without learning anything."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from core.layers import remedies
from core.layers.expectations import (
    AXES,
    Sizes,
    expect_floating,
    expect_rank,
    expect_window,
    name_of,
    per_axis,
    received,
)
from core.layers.layer import Call, Inputs, OnGrid, Port, Refused
from core.parameters import parameter

CEIL_MODE = "Whether a window that only partly fits at the end counts too."
COUNT_PAD = "Whether the zeros of the padding count in the mean."
DIVISOR = "What each sum is divided by instead of the number of values in the window."


INDICES = "Whether it also says where each largest value stood, which MaxUnpool takes."
WITH_INDICES = (
    Port("output"),
    Port("indices", "Where each largest value stood.", optional=True, when="return_indices"),
)


def with_indices(call: Call, wanted: bool) -> Call:
    """The call with its second output, where that is asked for."""
    return msgspec.structs.replace(call, unpack=("output", "indices")) if wanted else call


def _kernel_size(length: int) -> Any:
    return parameter(2, "How large the window is that becomes one value.", low=1, length=length, required=True)


def _stride(length: int) -> Any:
    return parameter(None, "How far the window moves each time; none moves it by its own size.", low=1, length=length)


def _padding(length: int) -> Any:
    return parameter(0, "How much is added around the input; at most half the window.", low=0, length=length, rare=True)


def _dilation(length: int) -> Any:
    return parameter(1, "How far apart the points of the window are.", low=1, length=length, rare=True)


class _Pooling(OnGrid):
    port_shapes: ClassVar = {"output": "(N, C, {resized}).", "indices": "(N, C, {resized}), whole numbers."}

    kernel_size: Sizes = _kernel_size(2)
    stride: Sizes | None = _stride(2)
    padding: Sizes = _padding(2)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, self.spatial + 2, axes=AXES[self.spatial])
        expect_floating(self, inputs)
        kernels, pads = per_axis(self.kernel_size, self.spatial), per_axis(self.padding, self.spatial)
        if any(2 * pad > wide for pad, wide in zip(pads, kernels, strict=True)):
            raise Refused(
                f"{name_of(self)} expects padding of at most half its window, but it is {self.padding} with "
                f"kernel_size {self.kernel_size} for {received(inputs['input'])}: choose {min(kernels) // 2}.",
                "input",
                remedies.set_value("padding", min(kernels) // 2),
            )
        expect_window(self, inputs, self.kernel_size, self.padding, getattr(self, "dilation", 1))
        return self.module(self.kernel_size)


class _MaxPooling(_Pooling):
    outputs = WITH_INDICES
    synonyms = ("maxpooling", "downsample", "subsample", "shrink", "smaller", "max")
    use = (
        "To make feature maps smaller between convolutions while the strongest answers stay. Use AvgPool{spatial}d "
        "for a gentler mean, AdaptiveMaxPool{spatial}d for a fixed size, Conv{spatial}d with stride 2 to learn the "
        "step."
    )
    formula = (
        "y[c, p] = max of x[c, stride·p + dilation·k − padding] over the points k of the window\n"
        "size out = ⌊(size in + 2·padding − dilation·(kernel_size − 1) − 1) / stride⌋ + 1"
    )

    dilation: Sizes = _dilation(2)
    return_indices: bool = parameter(False, INDICES, rare=True)
    ceil_mode: bool = parameter(False, CEIL_MODE, rare=True)

    def call(self, inputs: Inputs) -> Call:
        return with_indices(super().call(inputs), self.return_indices)


class MaxPool1d(_MaxPooling, family="pooling", torch="nn.MaxPool1d"):
    """Keeps the largest value in each window along a sequence, which makes it shorter."""

    spatial = 1

    kernel_size: Sizes = _kernel_size(1)
    stride: Sizes | None = _stride(1)
    padding: Sizes = _padding(1)
    dilation: Sizes = _dilation(1)


class MaxPool2d(_MaxPooling, family="pooling", torch="nn.MaxPool2d"):
    """Keeps the largest value in each window of a picture, which makes it smaller and less sensitive to shifts."""

    spatial = 2


class MaxPool3d(_MaxPooling, family="pooling", torch="nn.MaxPool3d"):
    """Keeps the largest value in each window of a volume, which makes it smaller."""

    spatial = 3

    kernel_size: Sizes = _kernel_size(3)
    stride: Sizes | None = _stride(3)
    padding: Sizes = _padding(3)
    dilation: Sizes = _dilation(3)


class _AveragePooling(_Pooling):
    synonyms = ("averagepooling", "mean", "downsample", "subsample", "shrink", "smaller", "smooth", "blur")
    use = (
        "To make feature maps smaller and smoother. Use MaxPool{spatial}d to keep the strongest answers, "
        "AdaptiveAvgPool{spatial}d for a fixed size whatever the input."
    )
    formula = (
        "y[c, p] = mean of x[c, stride·p + k − padding] over the points k of the window\n"
        "size out = ⌊(size in + 2·padding − kernel_size) / stride⌋ + 1"
    )

    ceil_mode: bool = parameter(False, CEIL_MODE, rare=True)
    count_include_pad: bool = parameter(True, COUNT_PAD, rare=True)


class AvgPool1d(_AveragePooling, family="pooling", torch="nn.AvgPool1d"):
    """Takes the mean of each window along a sequence, which makes it shorter and smoother."""

    spatial = 1

    kernel_size: Sizes = _kernel_size(1)
    stride: Sizes | None = _stride(1)
    padding: Sizes = _padding(1)


class AvgPool2d(_AveragePooling, family="pooling", torch="nn.AvgPool2d"):
    """Takes the mean of each window of a picture, which makes it smaller and smoother."""

    spatial = 2

    divisor_override: int | None = parameter(None, DIVISOR, low=1, rare=True)


class AvgPool3d(_AveragePooling, family="pooling", torch="nn.AvgPool3d"):
    """Takes the mean of each window of a volume, which makes it smaller and smoother."""

    spatial = 3

    kernel_size: Sizes = _kernel_size(3)
    stride: Sizes | None = _stride(3)
    padding: Sizes = _padding(3)
    divisor_override: int | None = parameter(None, DIVISOR, low=1, rare=True)


def _output_size(length: int) -> Any:
    text = "How large the output is along each axis, whatever the input's size; none keeps it."
    return parameter(1, text, low=1, length=length, required=True)


class _AdaptivePooling(OnGrid):
    port_shapes: ClassVar = {
        "output": "(N, C, {resized}), sized as output_size says.",
        "indices": "(N, C, {resized}), whole numbers.",
    }

    synonyms = ("global", "adaptive", "pool", "fixed size", "any size", "downsample", "squeeze")

    output_size: Sizes | None = _output_size(2)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, self.spatial + 2, axes=AXES[self.spatial])
        expect_floating(self, inputs)
        return self.module((None,) * self.spatial if self.output_size is None else self.output_size)


class _AdaptiveAveragePooling(_AdaptivePooling):
    synonyms = (
        "global average pooling", "gap", "adaptive", "mean", "pool", "fixed size", "any size", "downsample",
        "squeeze",
    )  # fmt: skip
    use = (
        "With output_size 1, then Flatten and Linear, it ends a convolutional network that takes inputs of any size "
        "(global average pooling). Use AvgPool{spatial}d for a window of a fixed size."
    )
    formula = "y[c, i] = mean of x[c, ⌊i·in / out⌋] to x[c, ⌈(i + 1)·in / out⌉ − 1], along each axis"
    paper = "Lin, Chen and Yan, 2013, Network in network"


class AdaptiveAvgPool1d(_AdaptiveAveragePooling, family="pooling", torch="nn.AdaptiveAvgPool1d"):
    """Takes means so that a sequence of any length gets the length that you choose."""

    spatial = 1

    output_size: Sizes = parameter(
        1, "How long the output is, whatever the input's length.", low=1, length=1, required=True
    )


class AdaptiveAvgPool2d(_AdaptiveAveragePooling, family="pooling", torch="nn.AdaptiveAvgPool2d"):
    """Takes means so that a picture of any size gets the size that you choose; 1 gives one number a channel."""

    spatial = 2


class AdaptiveAvgPool3d(_AdaptiveAveragePooling, family="pooling", torch="nn.AdaptiveAvgPool3d"):
    """Takes means so that a volume of any size gets the size that you choose; 1 gives one number a channel."""

    spatial = 3

    output_size: Sizes | None = _output_size(3)


class _AdaptiveMaxPooling(_AdaptivePooling):
    outputs = WITH_INDICES
    synonyms = ("global max pooling", "adaptive", "max", "pool", "fixed size", "any size", "downsample")
    use = (
        "To bring feature maps of any size to a fixed one while the strongest answers stay. Use "
        "AdaptiveAvgPool{spatial}d for means, MaxPool{spatial}d for a window of a fixed size."
    )
    formula = "y[c, i] = max of x[c, ⌊i·in / out⌋] to x[c, ⌈(i + 1)·in / out⌉ − 1], along each axis"

    return_indices: bool = parameter(False, INDICES, rare=True)

    def call(self, inputs: Inputs) -> Call:
        return with_indices(super().call(inputs), self.return_indices)


class AdaptiveMaxPool1d(_AdaptiveMaxPooling, family="pooling", torch="nn.AdaptiveMaxPool1d"):
    """Keeps the largest values so that a sequence of any length gets the length that you choose."""

    spatial = 1

    output_size: Sizes = parameter(
        1, "How long the output is, whatever the input's length.", low=1, length=1, required=True
    )


class AdaptiveMaxPool2d(_AdaptiveMaxPooling, family="pooling", torch="nn.AdaptiveMaxPool2d"):
    """Keeps the largest values so that a picture of any size gets the size that you choose."""

    spatial = 2


class AdaptiveMaxPool3d(_AdaptiveMaxPooling, family="pooling", torch="nn.AdaptiveMaxPool3d"):
    """Keeps the largest values so that a volume of any size gets the size that you choose."""

    spatial = 3

    output_size: Sizes | None = _output_size(3)
