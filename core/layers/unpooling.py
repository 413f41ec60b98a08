"""Pooling by norms and by random windows, and the way back from a pooling that kept the largest values."""

from __future__ import annotations

from typing import Any, ClassVar

from core.layers import remedies
from core.layers.expectations import (
    AXES,
    Sizes,
    expect_floating,
    expect_rank,
    expect_whole,
    expect_window,
    name_of,
    per_axis,
    received,
)
from core.layers.layer import Call, Inputs, OnGrid, Port, Refused
from core.layers.pooling import CEIL_MODE, INDICES, WITH_INDICES, with_indices
from core.parameters import parameter
from core.specs import shape_text


def _kernel_size(length: int) -> Any:
    return parameter(2, "How large the window is that becomes one value.", low=1, length=length, required=True)


def _stride(length: int) -> Any:
    return parameter(None, "How far the window moves each time; none moves it by its own size.", low=1, length=length)


# ---- by norms


class _PowerPooling(OnGrid):
    port_shapes: ClassVar = {"output": "(N, C, {resized})."}

    synonyms = ("norm", "power average", "downsample", "root mean square", "lp")
    use = (
        "Between a sum and a maximum, for values that are not negative, as after ReLU: the larger norm_type, the "
        "more the largest value counts. AvgPool{spatial}d and MaxPool{spatial}d are the usual choices."
    )
    formula = "y[c, i] = (Σ x[c, stride·i + k]ᵖ)^(1/p) over the points k of the window, p = norm_type"
    paper = (
        "Sermanet, Chintala and LeCun, 2012, Convolutional neural networks applied to house numbers digit "
        "classification"
    )

    norm_type: float = parameter(
        2.0, "To which power values are raised; 1 gives their sum.", low=0, open_low=True, high=64, required=True
    )
    kernel_size: Sizes = _kernel_size(2)
    stride: Sizes | None = _stride(2)
    ceil_mode: bool = parameter(False, CEIL_MODE, rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, self.spatial + 2, axes=AXES[self.spatial])
        expect_floating(self, inputs)
        expect_window(self, inputs, self.kernel_size, 0)
        kernel = per_axis(self.kernel_size, self.spatial)
        return self.module(self.norm_type, kernel[0] if self.spatial == 1 else self.kernel_size)


class LPPool1d(_PowerPooling, family="pooling", torch="nn.LPPool1d"):
    """Takes a norm of each window along a sequence: between a sum and the largest value."""

    spatial = 1

    kernel_size: Sizes = _kernel_size(1)
    stride: Sizes | None = _stride(1)


class LPPool2d(_PowerPooling, family="pooling", torch="nn.LPPool2d"):
    """Takes a norm of each window of a picture: between a sum and the largest value."""

    spatial = 2


class LPPool3d(_PowerPooling, family="pooling", torch="nn.LPPool3d"):
    """Takes a norm of each window of a volume: between a sum and the largest value."""

    spatial = 3

    kernel_size: Sizes = _kernel_size(3)
    stride: Sizes | None = _stride(3)


# ---- by random windows


class _FractionalPooling(OnGrid):
    outputs = WITH_INDICES
    port_shapes: ClassVar = {"output": "(N, C, {resized}).", "indices": "(N, C, {resized}), whole numbers."}
    synonyms = ("random", "stochastic pooling", "downsample", "shrink", "max")
    use = (
        "Where halving is too fast: it shrinks by any factor, with windows laid anew at random each time, which also "
        "works against overfitting. Use MaxPool{spatial}d for whole factors."
    )
    formula = (
        "y[c, i] = max of x[c, s(i)] to x[c, s(i) + kernel_size − 1], along each axis; the places s(i) are drawn "
        "with steps near 1 / output_ratio"
    )
    paper = "Graham, 2014, Fractional max-pooling"

    kernel_size: Sizes = _kernel_size(2)
    output_size: Sizes | None = parameter(None, "How large the output is, instead of output_ratio.", low=1, length=2)
    output_ratio: float | None = parameter(
        None, "Which part of each axis is left.", low=0, open_low=True, high=1, dropped=0.5
    )
    return_indices: bool = parameter(False, INDICES, rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, self.spatial + 2, axes=AXES[self.spatial])
        expect_floating(self, inputs)
        if (self.output_size is None) == (self.output_ratio is None):
            repair = remedies.set_value("output_ratio", 0.5 if self.output_size is None else None)
            raise Refused(
                f"{name_of(self)} expects either an output_size or an output_ratio: set one of the two.", "", repair
            )
        if self.output_ratio == 1:
            raise Refused(
                f"{name_of(self)} expects an output_ratio below 1, but it is 1: set it to 0.5.",
                "",
                remedies.set_value("output_ratio", 0.5),
            )
        sizes = inputs["input"].shape[2:]
        made = per_axis(self.output_size, self.spatial) if self.output_size is not None else None
        for axis, (size, wide) in enumerate(zip(sizes, per_axis(self.kernel_size, self.spatial), strict=True)):
            if isinstance(size, str):
                continue
            left = made[axis] if made else int(size * (self.output_ratio or 0))
            if left < 1 or left + wide - 1 > size - (self.spatial == 3):
                raise Refused(
                    f"{name_of(self)} expects windows of {wide} to fit {left} times into each axis, but receives "
                    f"{received(inputs['input'])}: set kernel_size to 1 or choose another output.",
                    "input",
                    remedies.set_value("kernel_size", 1) if wide > 1 and 1 <= left <= size else remedies.bypass(),
                )
        return with_indices(self.module(self.kernel_size), self.return_indices)


class FractionalMaxPool2d(_FractionalPooling, family="pooling", torch="nn.FractionalMaxPool2d"):
    """Keeps the largest value in windows of a picture that are laid at random, so that it shrinks by any factor."""

    spatial = 2


class FractionalMaxPool3d(_FractionalPooling, family="pooling", torch="nn.FractionalMaxPool3d"):
    """Keeps the largest value in windows of a volume that are laid at random, so that it shrinks by any factor."""

    spatial = 3

    kernel_size: Sizes = _kernel_size(3)
    output_size: Sizes | None = parameter(None, "How large the output is, instead of output_ratio.", low=1, length=3)


# ---- and back


class _Unpooling(OnGrid):
    inputs = (
        Port("input", "The values that a MaxPool kept, or what became of them."),
        Port("indices", "Where they stood, as a MaxPool with return_indices says."),
    )
    port_shapes: ClassVar = {
        "input": "(N, C, {sizes}).",
        "indices": "(N, C, {sizes}), whole numbers.",
        "output": "(N, C, {resized}), as before the pooling.",
    }
    synonyms = ("unpool", "upsample", "enlarge", "segnet", "decoder", "inverse", "segmentation")
    use = (
        "In decoders that mirror an encoder, as SegNet's: link the indices of the MaxPool{spatial}d that it turns "
        "around. Use ConvTranspose{spatial}d or Upsample where no indices were kept."
    )
    formula = "y[c, indices[c, p]] = x[c, p], and 0 elsewhere"
    paper = "Zeiler and Fergus, 2014, Visualizing and understanding convolutional networks"

    kernel_size: Sizes = _kernel_size(2)
    stride: Sizes | None = _stride(2)
    padding: Sizes = parameter(0, "How much padding the MaxPool had.", low=0, length=2, rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, self.spatial + 2, axes=AXES[self.spatial])
        expect_floating(self, inputs)
        expect_whole(self, inputs, "indices", "the places of the largest values")
        spec, places = inputs["input"], inputs["indices"]
        if spec.shape != places.shape:
            raise Refused(
                f"{name_of(self)} expects a place for each value, {shape_text(spec.shape)}, but receives "
                f"{received(places)}: link the indices of the MaxPool that it turns around.",
                "indices",
            )
        kernels, pads = per_axis(self.kernel_size, self.spatial), per_axis(self.padding, self.spatial)
        if any(2 * pad > wide for pad, wide in zip(pads, kernels, strict=True)):
            raise Refused(
                f"{name_of(self)} expects padding of at most half its window, but it is "
                f"{remedies.plain(self.padding)} with kernel_size {remedies.plain(self.kernel_size)}: set it to 0.",
                "",
                remedies.set_value("padding", 0),
            )
        strides = kernels if self.stride is None else per_axis(self.stride, self.spatial)
        for size, wide, step, pad in zip(spec.shape[2:], kernels, strides, pads, strict=True):
            if isinstance(size, int) and (size - 1) * step - 2 * pad + wide < 1:
                raise Refused(
                    f"{name_of(self)} expects padding that leaves something of its output, but it is "
                    f"{remedies.plain(self.padding)} for {received(spec)}: set it to 0.",
                    "input",
                    remedies.set_value("padding", 0),
                )
        return self.module(self.kernel_size, expression="{module}({input}, {indices})")


class MaxUnpool1d(_Unpooling, family="pooling", torch="nn.MaxUnpool1d"):
    """Puts the values that a MaxPool1d kept back to where they stood, with 0 between them."""

    spatial = 1

    kernel_size: Sizes = _kernel_size(1)
    stride: Sizes | None = _stride(1)
    padding: Sizes = parameter(0, "How much padding the MaxPool had.", low=0, length=1, rare=True)


class MaxUnpool2d(_Unpooling, family="pooling", torch="nn.MaxUnpool2d"):
    """Puts the values that a MaxPool2d kept back to where they stood, with 0 between them."""

    spatial = 2


class MaxUnpool3d(_Unpooling, family="pooling", torch="nn.MaxUnpool3d"):
    """Puts the values that a MaxPool3d kept back to where they stood, with 0 between them."""

    spatial = 3

    kernel_size: Sizes = _kernel_size(3)
    stride: Sizes | None = _stride(3)
    padding: Sizes = parameter(0, "How much padding the MaxPool had.", low=0, length=3, rare=True)
