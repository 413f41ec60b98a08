"""Layers that keep a network from learning its training data by heart."""

from __future__ import annotations

from typing import ClassVar

from core.layers.expectations import AXES, expect_floating, expect_rank
from core.layers.layer import Call, Inputs, Layer
from core.parameters import parameter

SHARE = "The share that is set to 0 in each training step."


class Dropout(Layer, family="regularisation", torch="nn.Dropout"):
    """Sets a random share of the numbers to 0 in each training step, so that no single one is relied on."""

    synonyms = ("overfitting", "noise", "regularization")

    p: float = parameter(0.5, SHARE, low=0, high=1)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        return self.module()


class _ChannelDropout(Layer):
    spatial: ClassVar[int]
    synonyms = ("spatial dropout", "overfitting", "channel")

    p: float = parameter(0.5, "The share of the channels that is set to 0 in each training step.", low=0, high=1)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, self.spatial + 2, axes=AXES[self.spatial])
        expect_floating(self, inputs)
        return self.module()


class Dropout1d(_ChannelDropout, family="regularisation", torch="nn.Dropout1d"):
    """Sets whole channels of a sequence to 0 at random in each training step."""

    spatial = 1


class Dropout2d(_ChannelDropout, family="regularisation", torch="nn.Dropout2d"):
    """Sets whole channels of a picture to 0 at random in each training step; it suits convolutions."""

    spatial = 2


class Dropout3d(_ChannelDropout, family="regularisation", torch="nn.Dropout3d"):
    """Sets whole channels of a volume to 0 at random in each training step."""

    spatial = 3


class AlphaDropout(Layer, family="regularisation", torch="nn.AlphaDropout"):
    """A dropout that keeps mean and spread as they are; made for networks with SELU."""

    synonyms = ("selu", "self-normalizing")

    p: float = parameter(0.5, "The share that is set to a lowest value in each training step.", low=0, high=1)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        return self.module()


class FeatureAlphaDropout(Layer, family="regularisation", torch="nn.FeatureAlphaDropout"):
    """Like AlphaDropout, but on whole channels; made for convolutions with SELU."""

    synonyms = ("selu", "self-normalizing", "channel", "spatial dropout")

    p: float = parameter(0.5, "The share of the channels that is masked in each training step.", low=0, high=1)

    def call(self, inputs: Inputs) -> Call:
        rank = min(max(inputs["input"].rank, 3), 5)
        expect_rank(self, inputs, rank, axes=AXES[rank - 2])
        expect_floating(self, inputs)
        return self.module()
