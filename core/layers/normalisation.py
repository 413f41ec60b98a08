"""Layers that bring what passes through them to a common scale."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from core.layers import remedies
from core.layers.expectations import (
    AXES,
    expect_batch_first,
    expect_divisible,
    expect_floating,
    expect_rank,
    name_of,
    received,
)
from core.layers.layer import GRID, Call, Inputs, Layer, OnGrid, Refused, SameAxes, fixed_size, same_axes
from core.parameters import Value, parameter
from core.specs import Spec

EPS = "A small number that keeps a division by zero away."
AFFINE = "Whether a factor and a constant are learned for each channel."
MOMENTUM = "How fast the running mean and spread follow; none averages over everything seen."

TRACKED = ("track_running_stats", (True,))


def expect_memory(layer: Layer, inputs: Inputs, track_running_stats: bool) -> None:
    """Refuse a BatchNorm without any spread to measure, or in use without one where a batch of one sample has none."""
    shape = inputs["input"].shape
    if all(size == 1 for size in (*shape[:1], *shape[2:])):
        raise Refused(
            f"{name_of(layer)} expects more than one value in each channel, but receives {received(inputs['input'])}, "
            "where nothing differs from the mean: link a value with samples, or use LayerNorm.",
            "input",
            remedies.swap(layer, "LayerNorm"),
        )
    if not track_running_stats and all(size == 1 for size in inputs["input"].shape[2:]):
        raise Refused(
            f"{name_of(layer)} expects more than one value in each channel of a sample to do without "
            f"track_running_stats, but receives {received(inputs['input'])}, so that it could not predict one sample: "
            "set track_running_stats to true.",
            "input",
            remedies.set_value("track_running_stats", True),
        )


class _BatchNorm(OnGrid):
    ranks: ClassVar[tuple[int, ...]]
    synonyms = (
        "bn", "batch normalization", "batch normalisation", "normalise", "normalize", "standardize",
        "steady training",
    )  # fmt: skip
    use = (
        "Between a convolution or Linear and its activation, with batches of about 16 samples or more. Use GroupNorm "
        "for small batches, LayerNorm in transformers."
    )
    formula = (
        "y = γ · (x − mean) / √(variance + eps) + β\n"
        "mean and variance of each channel over the batch and all places; after training the running ones"
    )
    paper = (
        "Ioffe and Szegedy, 2015, Batch normalization: accelerating deep network training by reducing internal "
        "covariate shift"
    )

    eps: float = parameter(1e-5, EPS, low=0, open_low=True, rare=True)
    momentum: float | None = parameter(0.1, MOMENTUM, low=0, high=1, rare=True, when=TRACKED)
    affine: bool = parameter(True, AFFINE, rare=True)
    track_running_stats: bool = parameter(
        True, "Whether mean and spread are remembered for use after training.", rare=True
    )

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, *self.ranks, axes=AXES[self.spatial])
        expect_floating(self, inputs)
        expect_memory(self, inputs, self.track_running_stats)
        return self.module(fixed_size(inputs, "input", 1, name_of(self), "num_features"))

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return same_axes(inputs, outputs, ("N", "features"), GRID[self.spatial])

    def rule(self, inputs: Inputs) -> dict[str, Spec]:
        # On meta torch takes it apart into thirty steps, 2 ms each time; without a momentum it cannot run there at all.
        return {"output": Spec(inputs["input"].shape, inputs["input"].dtype)}


class BatchNorm1d(_BatchNorm, family="normalisation", torch="nn.BatchNorm1d"):
    """Brings each feature, or channel of a sequence, to mean 0 and spread 1 over the batch; training gets steadier."""

    port_shapes: ClassVar = {"input": "Features or sequences, (N, C) or (N, C, T).", "output": "The shape of input."}
    ranks, spatial = (2, 3), 1


class BatchNorm2d(_BatchNorm, family="normalisation", torch="nn.BatchNorm2d"):
    """Brings each channel of pictures to mean 0 and spread 1 over the batch; training gets faster and steadier."""

    ranks, spatial = (4,), 2


class BatchNorm3d(_BatchNorm, family="normalisation", torch="nn.BatchNorm3d"):
    """Brings each channel of volumes to mean 0 and spread 1 over the batch."""

    ranks, spatial = (5,), 3


class _InstanceNorm(OnGrid):
    synonyms = ("style", "style transfer", "contrast normalization", "normalise", "normalize")
    use = (
        "For changing a picture's style and for generators, where the contrast of each sample is to be forgotten. "
        "Use BatchNorm{spatial}d to tell classes apart, GroupNorm for small batches."
    )
    formula = (
        "y = γ · (x − mean) / √(variance + eps) + β\n"
        "mean and variance of each channel of each sample over all places; γ and β with affine alone"
    )
    paper = "Ulyanov, Vedaldi and Lempitsky, 2016, Instance normalization: the missing ingredient for fast stylization"

    eps: float = parameter(1e-5, EPS, low=0, open_low=True, rare=True)
    momentum: float = parameter(
        0.1, "How fast the running mean and spread follow.", low=0, high=1, rare=True, when=TRACKED
    )
    affine: bool = parameter(False, AFFINE)
    track_running_stats: bool = parameter(
        False, "Whether mean and spread are remembered for use after training.", rare=True
    )

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, self.spatial + 2, axes=AXES[self.spatial])
        expect_floating(self, inputs)
        if all(size == 1 for size in inputs["input"].shape[2:]):
            raise Refused(
                f"{name_of(self)} expects more than one value in each channel, but receives "
                f"{received(inputs['input'])}: remove it or a pooling layer before it.",
                "input",
                remedies.bypass(),
            )
        return self.module(fixed_size(inputs, "input", 1, name_of(self), "num_features"))

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return same_axes(inputs, outputs, GRID[self.spatial])


class InstanceNorm1d(_InstanceNorm, family="normalisation", torch="nn.InstanceNorm1d"):
    """Brings each channel of each sequence by itself to mean 0 and spread 1."""

    spatial = 1


class InstanceNorm2d(_InstanceNorm, family="normalisation", torch="nn.InstanceNorm2d"):
    """Brings each channel of each picture by itself to mean 0 and spread 1; used for changing a picture's style."""

    spatial = 2


class InstanceNorm3d(_InstanceNorm, family="normalisation", torch="nn.InstanceNorm3d"):
    """Brings each channel of each volume by itself to mean 0 and spread 1."""

    spatial = 3


class _LastAxesNorm(SameAxes):
    port_shapes: ClassVar = {"input": "Any shape with samples, (N, *); the last axes are normalised together."}

    axes: int = parameter(1, "Over how many of the last axes a sample is normalised together.", low=1, required=True)

    def normalised(self, inputs: Inputs) -> Value:
        """The sizes of the last axes, as torch's `normalized_shape` takes them."""
        spec = inputs["input"]
        expect_floating(self, inputs)
        expect_batch_first(self, inputs)
        if spec.rank == 1:
            raise Refused(
                f"{name_of(self)} expects features for each sample, but receives {received(spec)}: insert Unsqueeze, "
                "which makes each number a row of one.",
                "input",
                remedies.insert("input", "Unsqueeze", dim=1),
            )
        if self.axes >= spec.rank:
            raise Refused(
                f"{name_of(self)} expects more than {self.axes} axes, the batch among them, but receives "
                f"{received(spec)}: set axes to {max(spec.rank - 1, 1)}.",
                "input",
                remedies.set_value("axes", max(spec.rank - 1, 1)),
            )
        sizes = tuple(
            fixed_size(inputs, "input", axis, name_of(self), "normalized_shape") for axis in range(-self.axes, 0)
        )
        return sizes[0] if len(sizes) == 1 else sizes


class LayerNorm(_LastAxesNorm, family="normalisation", torch="nn.LayerNorm"):
    """Brings each sample by itself to mean 0 and spread 1 over its last axes; usual in transformers."""

    synonyms = ("ln", "layer normalization", "transformer", "normalise", "normalize", "standardize")
    use = (
        "The usual normalisation in transformers and on sequences; it does not depend on the batch. Use BatchNorm2d "
        "in convolutional networks, RMSNorm for a simpler relative."
    )
    formula = (
        "y = γ · (x − mean) / √(variance + eps) + β\n"
        "mean and variance over the last axes, for each place of the others by itself"
    )
    paper = "Ba, Kiros and Hinton, 2016, Layer normalization"

    eps: float = parameter(1e-5, EPS, low=0, open_low=True, rare=True)
    elementwise_affine: bool = parameter(True, "Whether a factor is learned for each value.", rare=True)
    bias: bool = parameter(
        True, "Whether a constant is learned for each value.", rare=True, when=("elementwise_affine", (True,))
    )

    def call(self, inputs: Inputs) -> Call:
        return self.module(self.normalised(inputs), exact=("0",))


class RMSNorm(_LastAxesNorm, family="normalisation", torch="nn.RMSNorm"):
    """Brings each sample by itself to the same root mean square over its last axes; simpler than LayerNorm."""

    synonyms = ("root mean square", "llama", "transformer", "normalise", "normalize")
    use = "In language models in place of LayerNorm: it takes no mean away and costs less."
    formula = "y = γ · x / √(mean of x² + eps)\nmean over the last axes, for each place of the others by itself"
    paper = "Zhang and Sennrich, 2019, Root mean square layer normalization"

    eps: float | None = parameter(
        None, EPS + " None takes the smallest that the number type knows.", low=0, open_low=True, rare=True
    )
    elementwise_affine: bool = parameter(True, "Whether a factor is learned for each value.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        return self.module(self.normalised(inputs), exact=("0",))


class GroupNorm(Layer, family="normalisation", torch="nn.GroupNorm"):
    """Brings groups of channels of each sample to mean 0 and spread 1; works with small batches too."""

    port_shapes: ClassVar = {"input": "Values with channels, (N, C, *).", "output": "The shape of input."}
    synonyms = ("gn", "group normalization", "small batch", "detection", "normalise", "normalize")
    use = (
        "In place of BatchNorm2d where batches are small, as with large pictures or volumes. With as many groups as "
        "channels it does what InstanceNorm2d does."
    )
    formula = (
        "y = γ · (x − mean) / √(variance + eps) + β\n"
        "mean and variance of each group of channels of each sample over all places; γ and β for each channel"
    )
    paper = "Wu and He, 2018, Group normalization"

    num_groups: int = parameter(8, "Into how many groups the channels are divided.", low=1, required=True)
    eps: float = parameter(1e-5, EPS, low=0, open_low=True, rare=True)
    affine: bool = parameter(True, AFFINE, rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        expect_batch_first(self, inputs)
        channels = fixed_size(inputs, "input", 1, name_of(self), "num_channels")
        expect_divisible(self, "num_groups", self.num_groups, channels, "channels", inputs)
        sizes = (channels // self.num_groups, *inputs["input"].shape[2:])
        if math.prod(size for size in sizes if isinstance(size, int)) == 1 and not any(
            isinstance(size, str) for size in sizes
        ):
            raise Refused(
                f"{name_of(self)} expects more than one value in each group, but with {self.num_groups} groups there "
                f"is one in {received(inputs['input'])}: set num_groups to 1.",
                "input",
                remedies.set_value("num_groups", 1) if channels > 1 else remedies.bypass(),
            )
        return self.module(self.num_groups, channels)

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return same_axes(inputs, outputs, *GRID.values())


class LocalResponseNorm(Layer, family="normalisation", torch="nn.LocalResponseNorm"):
    """Damps each value by its neighbours in the channels beside it; known from AlexNet."""

    port_shapes: ClassVar = {
        "input": "Values with channels, (N, C, *) with one to three axes *.",
        "output": "The shape of input.",
    }
    synonyms = ("lrn", "alexnet", "lateral inhibition", "normalise", "normalize")
    use = "For rebuilding AlexNet; newer networks use BatchNorm2d instead."
    formula = "y[c] = x[c] / (k + alpha / size · Σ x[j]²)^beta, over the size channels j around c"
    paper = "Krizhevsky, Sutskever and Hinton, 2012, ImageNet classification with deep convolutional neural networks"

    size: int = parameter(5, "How many neighbouring channels count.", low=1, required=True)
    alpha: float = parameter(1e-4, "How strongly the neighbours damp.", low=0, rare=True)
    beta: float = parameter(0.75, "The exponent of the damping.", low=0, rare=True)
    k: float = parameter(1.0, "A constant added before the division.", low=0, rare=True)

    def call(self, inputs: Inputs) -> Call:
        rank = min(max(inputs["input"].rank, 3), 5)
        expect_rank(self, inputs, rank, axes=AXES[rank - 2])
        expect_floating(self, inputs)
        return self.module(self.size)

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return same_axes(inputs, outputs, *GRID.values())
