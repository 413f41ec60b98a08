"""Layers that bring what passes through them to a common scale."""

from __future__ import annotations

import math
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
from core.layers.layer import Call, Inputs, Layer, Refused, fixed_size
from core.parameters import Value, parameter
from core.specs import Spec

EPS = "A small number that keeps a division by zero away."
AFFINE = "Whether a factor and a constant are learned for each channel."
MOMENTUM = "How fast the running mean and spread follow; none averages over everything seen."


class _BatchNorm(Layer):
    ranks: ClassVar[tuple[int, ...]]
    spatial: ClassVar[int]
    synonyms = ("bn", "batch normalization", "normalise", "normalize")

    eps: float = parameter(1e-5, EPS, low=0, open_low=True, rare=True)
    momentum: float | None = parameter(0.1, MOMENTUM, low=0, high=1, rare=True)
    affine: bool = parameter(True, AFFINE, rare=True)
    track_running_stats: bool = parameter(
        True, "Whether mean and spread are remembered for use after training.", rare=True
    )

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, *self.ranks, axes=AXES[self.spatial])
        expect_floating(self, inputs)
        return self.module(fixed_size(inputs, "input", 1, name_of(self), "num_features"))

    def rule(self, inputs: Inputs) -> dict[str, Spec] | None:
        # Without a momentum torch reads a counter's value, which meta does not hold.
        return {"output": Spec(inputs["input"].shape, inputs["input"].dtype)} if self.momentum is None else None


class BatchNorm1d(_BatchNorm, family="normalisation", torch="nn.BatchNorm1d"):
    """Brings each feature, or channel of a sequence, to mean 0 and spread 1 over the batch; training gets steadier."""

    ranks, spatial = (2, 3), 1


class BatchNorm2d(_BatchNorm, family="normalisation", torch="nn.BatchNorm2d"):
    """Brings each channel of pictures to mean 0 and spread 1 over the batch; training gets faster and steadier."""

    ranks, spatial = (4,), 2


class BatchNorm3d(_BatchNorm, family="normalisation", torch="nn.BatchNorm3d"):
    """Brings each channel of volumes to mean 0 and spread 1 over the batch."""

    ranks, spatial = (5,), 3


class _InstanceNorm(Layer):
    spatial: ClassVar[int]
    synonyms = ("style", "contrast normalization", "normalise", "normalize")

    eps: float = parameter(1e-5, EPS, low=0, open_low=True, rare=True)
    momentum: float = parameter(0.1, "How fast the running mean and spread follow.", low=0, high=1, rare=True)
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


class InstanceNorm1d(_InstanceNorm, family="normalisation", torch="nn.InstanceNorm1d"):
    """Brings each channel of each sequence by itself to mean 0 and spread 1."""

    spatial = 1


class InstanceNorm2d(_InstanceNorm, family="normalisation", torch="nn.InstanceNorm2d"):
    """Brings each channel of each picture by itself to mean 0 and spread 1; used for changing a picture's style."""

    spatial = 2


class InstanceNorm3d(_InstanceNorm, family="normalisation", torch="nn.InstanceNorm3d"):
    """Brings each channel of each volume by itself to mean 0 and spread 1."""

    spatial = 3


class _LastAxesNorm(Layer):
    axes: int = parameter(1, "Over how many of the last axes a sample is normalised together.", low=1, required=True)

    def normalised(self, inputs: Inputs) -> Value:
        """The sizes of the last axes, as torch's `normalized_shape` takes them."""
        spec = inputs["input"]
        expect_floating(self, inputs)
        expect_batch_first(self, inputs)
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

    synonyms = ("ln", "transformer", "normalise", "normalize")

    eps: float = parameter(1e-5, EPS, low=0, open_low=True, rare=True)
    elementwise_affine: bool = parameter(True, "Whether a factor is learned for each value.", rare=True)
    bias: bool = parameter(True, "Whether a constant is learned for each value.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        return self.module(self.normalised(inputs), exact=("0",))


class RMSNorm(_LastAxesNorm, family="normalisation", torch="nn.RMSNorm"):
    """Brings each sample by itself to the same root mean square over its last axes; simpler than LayerNorm."""

    synonyms = ("root mean square", "llama", "normalise", "normalize")

    eps: float | None = parameter(
        None, EPS + " None takes the smallest that the number type knows.", low=0, open_low=True, rare=True
    )
    elementwise_affine: bool = parameter(True, "Whether a factor is learned for each value.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        return self.module(self.normalised(inputs), exact=("0",))


class GroupNorm(Layer, family="normalisation", torch="nn.GroupNorm"):
    """Brings groups of channels of each sample to mean 0 and spread 1; works with small batches too."""

    synonyms = ("gn", "small batch", "normalise", "normalize")

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


class LocalResponseNorm(Layer, family="normalisation", torch="nn.LocalResponseNorm"):
    """Damps each value by its neighbours in the channels beside it; known from AlexNet."""

    synonyms = ("lrn", "alexnet", "lateral inhibition")

    size: int = parameter(5, "How many neighbouring channels count.", low=1, required=True)
    alpha: float = parameter(1e-4, "How strongly the neighbours damp.", low=0, rare=True)
    beta: float = parameter(0.75, "The exponent of the damping.", low=0, rare=True)
    k: float = parameter(1.0, "A constant added before the division.", low=0, rare=True)

    def call(self, inputs: Inputs) -> Call:
        rank = min(max(inputs["input"].rank, 3), 5)
        expect_rank(self, inputs, rank, axes=AXES[rank - 2])
        expect_floating(self, inputs)
        return self.module(self.size)
