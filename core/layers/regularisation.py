"""Layers that keep a network from learning its training data by heart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.layers.expectations import AXES, expect_floating, expect_rank
from core.layers.layer import GRID, Call, Inputs, OnGrid, SameAxes, same_axes
from core.parameters import parameter

SHARE = "The share that is set to 0 in each training step."


class Dropout(SameAxes, family="regularisation", torch="nn.Dropout"):
    """Sets a random share of the numbers to 0 in each training step, so that no single one is relied on."""

    synonyms = (
        "overfitting", "prevent overfitting", "noise", "regularise", "regularize", "regularization", "generalise",
    )  # fmt: skip
    use = (
        "Between Linear layers of a network that does much better on its training data than on new data. Use "
        "Dropout2d after convolutions, AlphaDropout with SELU."
    )
    formula = "in training y = x · m / (1 − p), m = 0 with probability p, else 1; after training y = x"
    paper = "Srivastava et al., 2014, Dropout: a simple way to prevent neural networks from overfitting"

    p: float = parameter(0.5, SHARE, low=0, high=1)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        return self.module()


class _ChannelDropout(OnGrid):
    synonyms = ("spatial dropout", "overfitting", "prevent overfitting", "channel", "regularization")
    use = (
        "After convolutions, whose neighbouring values are too alike for Dropout to take much away. Use Dropout for "
        "features without neighbours."
    )
    formula = "in training y[c] = x[c] · m[c] / (1 − p), m[c] = 0 with probability p, else 1; after training y = x"
    paper = "Tompson et al., 2015, Efficient object localization using convolutional networks"

    p: float = parameter(0.5, "The share of the channels that is set to 0 in each training step.", low=0, high=1)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, self.spatial + 2, axes=AXES[self.spatial])
        expect_floating(self, inputs)
        return self.module()

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return same_axes(inputs, outputs, GRID[self.spatial])


class Dropout1d(_ChannelDropout, family="regularisation", torch="nn.Dropout1d"):
    """Sets whole channels of a sequence to 0 at random in each training step."""

    spatial = 1


class Dropout2d(_ChannelDropout, family="regularisation", torch="nn.Dropout2d"):
    """Sets whole channels of a picture to 0 at random in each training step; it suits convolutions."""

    spatial = 2


class Dropout3d(_ChannelDropout, family="regularisation", torch="nn.Dropout3d"):
    """Sets whole channels of a volume to 0 at random in each training step."""

    spatial = 3


class AlphaDropout(SameAxes, family="regularisation", torch="nn.AlphaDropout"):
    """A dropout that keeps mean and spread as they are; made for networks with SELU."""

    synonyms = ("selu", "self-normalizing", "overfitting", "prevent overfitting")
    use = "After SELU alone, whose mean and spread it keeps. Use Dropout after any other activation."
    formula = (
        "in training z = x, or −1.7581 with probability p, and y = a · z + b, where a and b bring mean 0 and spread "
        "1 back; after training y = x"
    )
    paper = "Klambauer et al., 2017, Self-normalizing neural networks"

    p: float = parameter(0.5, "The share that is set to a lowest value in each training step.", low=0, high=1)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        return self.module()


class FeatureAlphaDropout(SameAxes, family="regularisation", torch="nn.FeatureAlphaDropout"):
    """Like AlphaDropout, but on whole channels; made for convolutions with SELU."""

    port_shapes: ClassVar = {"input": "Values with channels, (N, C, *) with one to three axes *."}
    synonyms = ("selu", "self-normalizing", "channel", "spatial dropout", "overfitting", "prevent overfitting")
    use = (
        "In convolutional networks with SELU. Use Dropout2d after other activations, AlphaDropout for features "
        "without neighbours."
    )
    formula = "as AlphaDropout, with one draw for each channel of each sample"
    paper = "Klambauer et al., 2017, Self-normalizing neural networks"

    p: float = parameter(0.5, "The share of the channels that is masked in each training step.", low=0, high=1)

    def call(self, inputs: Inputs) -> Call:
        rank = min(max(inputs["input"].rank, 3), 5)
        expect_rank(self, inputs, rank, axes=AXES[rank - 2])
        expect_floating(self, inputs)
        return self.module()
