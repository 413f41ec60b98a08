"""Activations that turn scores along an axis into probabilities."""

from __future__ import annotations

from typing import ClassVar

from core.layers import remedies
from core.layers.expectations import AXES, expect_floating, expect_rank, expect_sample_axis, name_of
from core.layers.layer import Call, Inputs, OnGrid, Refused, SameAxes
from core.parameters import parameter


class _AlongAxis(SameAxes):
    port_shapes: ClassVar = {"input": "Any shape with an axis dim."}

    dim: int | None = parameter(
        None, "Along which axis the numbers share one whole; -1 is the last.", low=-8, high=7, dropped=-1
    )

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        if self.dim is None:
            raise Refused(
                f"{name_of(self)} expects an axis, but its dim is none: set dim to -1 for the last axis.",
                "input",
                remedies.set_value("dim", -1),
            )
        expect_sample_axis(self, inputs, self.dim)
        return self.module()


class Softmax(_AlongAxis, family="activation", torch="nn.Softmax"):
    """Turns scores into probabilities that add up to 1; not needed before CrossEntropyLoss, which does it itself."""

    synonyms = ("probabilities", "normalised exponential", "classes", "classification", "attention weights")
    use = (
        "Where the probabilities of classes, or weights that add up to 1, are wanted themselves. Leave it out before "
        "CrossEntropyLoss, which does it itself; use Sigmoid where several classes may be true at once."
    )
    formula = "y[i] = exp(x[i]) / Σ exp(x[j])"
    paper = (
        "Bridle, 1990, Probabilistic interpretation of feedforward classification network outputs, with "
        "relationships to statistical pattern recognition"
    )


class LogSoftmax(_AlongAxis, family="activation", torch="nn.LogSoftmax"):
    """Turns scores into the logarithms of probabilities; what NLLLoss wants."""

    synonyms = ("log probabilities", "nll", "classes", "classification")
    use = (
        "Before NLLLoss, and for the input of KLDivLoss. CrossEntropyLoss does it itself and is the simpler choice "
        "for classes."
    )
    formula = "y[i] = x[i] − ln Σ exp(x[j])"


class Softmin(_AlongAxis, family="activation", torch="nn.Softmin"):
    """Turns scores into probabilities of which the smallest score gets the largest."""

    synonyms = ("probabilities", "smallest", "distance", "nearest")
    use = "To weigh by distance, so that the nearest counts most. Use Softmax where the largest is to count most."
    formula = "y[i] = exp(−x[i]) / Σ exp(−x[j])"


class Softmax2d(OnGrid, family="activation", torch="nn.Softmax2d"):
    """Turns the channels at each place of a picture into probabilities that add up to 1."""

    spatial = 2
    synonyms = ("probabilities", "segmentation", "pixel", "image")
    use = (
        "For the probabilities of the class of each pixel; Softmax with dim 1 does the same. Leave it out before "
        "CrossEntropyLoss, which does it itself."
    )
    formula = "y[c, i, j] = exp(x[c, i, j]) / Σ exp(x[k, i, j]), over all channels k"

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, 4, axes=AXES[self.spatial])
        expect_floating(self, inputs)
        return self.module()
