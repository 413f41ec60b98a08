"""Layers that make a sequence, a picture or a volume smaller or larger without learning anything."""

from __future__ import annotations

from typing import Any, ClassVar, cast

import msgspec

from core.layers import remedies
from core.layers.calls import exact
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
from core.layers.layer import Call, Inputs, Layer, Port, Refused
from core.parameters import Value, parameter
from core.specs import Spec, shape_text

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


class _Pooling(Layer):
    spatial: ClassVar[int]

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
    synonyms = ("maxpooling", "downsample", "subsample", "max")

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
    synonyms = ("averagepooling", "mean", "downsample", "subsample")

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


class _AdaptivePooling(Layer):
    spatial: ClassVar[int]
    synonyms = ("global", "gap", "adaptive", "pool", "squeeze")

    output_size: Sizes | None = _output_size(2)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, self.spatial + 2, axes=AXES[self.spatial])
        expect_floating(self, inputs)
        return self.module((None,) * self.spatial if self.output_size is None else self.output_size)


class AdaptiveAvgPool1d(_AdaptivePooling, family="pooling", torch="nn.AdaptiveAvgPool1d"):
    """Takes means so that a sequence of any length gets the length that you choose."""

    spatial = 1

    output_size: Sizes = parameter(
        1, "How long the output is, whatever the input's length.", low=1, length=1, required=True
    )


class AdaptiveAvgPool2d(_AdaptivePooling, family="pooling", torch="nn.AdaptiveAvgPool2d"):
    """Takes means so that a picture of any size gets the size that you choose; 1 gives one number a channel."""

    spatial = 2


class AdaptiveAvgPool3d(_AdaptivePooling, family="pooling", torch="nn.AdaptiveAvgPool3d"):
    """Takes means so that a volume of any size gets the size that you choose; 1 gives one number a channel."""

    spatial = 3

    output_size: Sizes | None = _output_size(3)


class _AdaptiveMaxPooling(_AdaptivePooling):
    outputs = WITH_INDICES

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


MODES = {"nearest": 0, "linear": 3, "bilinear": 4, "bicubic": 4, "trilinear": 5, "area": 0, "nearest-exact": 0}
"""The ways to fill in new values, with the rank of the input that each needs (0 for any)."""


class _Resizing(Layer):
    synonyms = ("resize", "interpolate", "scale", "enlarge", "unpool")

    size: tuple[int, ...] | None = parameter(None, "How large the output is, instead of scale_factor.", low=1)
    scale_factor: float | None = parameter(
        None, "How many times larger the output is.", low=0, open_low=True, dropped=2.0
    )
    mode: str = parameter("nearest", "How new values are filled in.", choices=tuple(MODES))
    align_corners: bool | None = parameter(
        None, "Whether corner values stay at the corners (not for nearest and area).", rare=True
    )

    def settings(self, inputs: Inputs) -> tuple[tuple[str, Value], ...]:
        """The settings as torch takes them; refuses those that do not go together or not with the input."""
        spec = inputs["input"]
        spatial = min(max(spec.rank - 2, 1), 3)
        expect_rank(self, inputs, spatial + 2, axes=AXES[spatial])
        expect_floating(self, inputs)
        if "like" not in inputs and (self.size is None) == (self.scale_factor is None):
            repair = remedies.set_value("scale_factor", 2.0 if self.size is None else None)
            raise Refused(f"{name_of(self)} expects either a size or a scale_factor: set one of the two.", "", repair)
        if MODES[self.mode] not in (0, spec.rank):
            fitting = {3: "linear", 4: "bilinear", 5: "trilinear"}[spec.rank]
            raise Refused(
                f"{name_of(self)} expects {MODES[self.mode]} axes for mode {self.mode}, but receives "
                f"{received(spec)}: choose mode {fitting} or nearest.",
                "input",
                remedies.set_value("mode", fitting),
            )
        if self.align_corners is not None and MODES[self.mode] == 0:
            raise Refused(
                f"{name_of(self)} expects no align_corners for mode {self.mode}: set it to none.",
                "",
                remedies.set_value("align_corners", None),
            )
        if "like" not in inputs:
            self._expect_sizes(spec, spatial)
        return tuple((name, _unpacked(value)) for name, value in self.keywords())

    def _expect_sizes(self, spec: Spec, spatial: int) -> None:
        """Refuse a size for another number of axes, and a factor that leaves nothing."""
        if self.size is not None and len(self.size) not in (1, spatial):
            raise Refused(
                f"{name_of(self)} expects one size or {spatial} of them, but has {len(self.size)} for "
                f"{received(spec)}.",
                "input",
                remedies.set_value("size", self.size[:1]),
            )
        scale = self.scale_factor or 1.0
        if any(isinstance(size, int) and int(size * scale) < 1 for size in spec.shape[2:]):
            raise Refused(
                f"{name_of(self)} expects something to be left of each axis, but receives {received(spec)} with "
                f"scale_factor {scale:g}: set it to 1.",
                "input",
                remedies.set_value("scale_factor", 1.0),
            )


def _unpacked(value: Value) -> Value:
    """The one value of a tuple that holds no other."""
    if isinstance(value, tuple):
        sizes = cast("tuple[Value, ...]", value)
        return sizes[0] if len(sizes) == 1 else sizes
    return value


class Upsample(_Resizing, family="pooling", torch="nn.Upsample"):
    """Makes a sequence, picture or volume larger by repeating or blending its values."""

    def call(self, inputs: Inputs) -> Call:
        return Call(self.torch, (), self.settings(inputs))


class Interpolate(_Resizing, family="pooling", torch="torch.nn.functional.interpolate"):
    """Makes a sequence, picture or volume larger or smaller, where linked as large as another input."""

    inputs = (
        Port("input", "What is resized."),
        Port("like", "What it becomes as large as, instead of size and scale_factor.", optional=True),
    )

    antialias: bool = parameter(False, "Whether a picture that becomes smaller is smoothed first.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        settings = self.settings(inputs)
        if self.antialias and self.mode not in ("bilinear", "bicubic"):
            raise Refused(
                f"Interpolate expects mode bilinear or bicubic for antialias, but it is {self.mode}: set antialias "
                "to false.",
                "",
                remedies.set_value("antialias", False),
            )
        said = [f"{name}={exact(value)}" for name, value in settings]
        if "like" in inputs:
            spec, like = inputs["input"], inputs["like"]
            if like.rank != spec.rank or any(isinstance(size, str) for size in like.shape[2:]):
                raise Refused(
                    f"Interpolate expects as many axes in like as in input, but receives {received(like)} beside "
                    f"{shape_text(spec.shape)}: link another one.",
                    "like",
                )
            said = [text for text in said if not text.startswith(("size=", "scale_factor="))]
            said.insert(0, "size={like}.shape[2:]")
        return Call(expression=f"nn.functional.interpolate({{input}}, {', '.join(said)})")


class PixelShuffle(Layer, family="pooling", torch="nn.PixelShuffle"):
    """Turns groups of channels into a picture that is larger by a factor; used to sharpen pictures."""

    synonyms = ("super resolution", "subpixel", "depth to space", "upsample")

    upscale_factor: int = parameter(2, "How many times larger the picture becomes.", low=1, required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, 4, axes=AXES[2])
        channels, square = inputs["input"].shape[1], self.upscale_factor**2
        if isinstance(channels, int) and channels % square:
            raise Refused(
                f"{name_of(self)} expects channels in groups of {square}, but receives {received(inputs['input'])}: "
                f"give the layer before it {max(channels // square, 1) * square} channels.",
                "input",
                remedies.insert("input", "Conv2d", out_channels=max(channels // square, 1) * square, kernel_size=1),
            )
        return self.module(self.upscale_factor)
