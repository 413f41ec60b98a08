"""Activations for special purposes: those that drop numbers near 0, draw at random, or let one half gate the other."""

from __future__ import annotations

from typing import ClassVar

from core.layers import remedies
from core.layers.activation import Activation
from core.layers.expectations import expect_floating, expect_sample_axis, received
from core.layers.layer import Call, Inputs, Refused, SameAxes
from core.parameters import parameter
from core.specs import Spec


class Hardshrink(Activation, family="activation", torch="nn.Hardshrink"):
    """Sets numbers near 0 to 0 and keeps the rest as they are."""

    synonyms = ("hard threshold", "sparse", "shrinkage", "denoise")
    use = "In sparse coding, where small numbers count as noise. Softshrink does it without a jump."
    formula = "y = x for |x| > lambd, else 0"
    paper = "Donoho and Johnstone, 1994, Ideal spatial adaptation by wavelet shrinkage"

    lambd: float = parameter(0.5, "How far from 0 a number must be to be kept.", low=0)


class Softshrink(Activation, family="activation", torch="nn.Softshrink"):
    """Moves every number towards 0 by a fixed amount, and those near 0 to 0."""

    synonyms = ("soft threshold", "sparse", "shrinkage", "lasso", "ista", "denoise")
    use = "In sparse coding, as the step of iterated thresholding (ISTA). Hardshrink keeps large numbers as they are."
    formula = "y = sign(x) · max(|x| − lambd, 0)"
    paper = "Donoho, 1995, De-noising by soft-thresholding"

    lambd: float = parameter(0.5, "By how much numbers move towards 0.", low=0)


class Tanhshrink(Activation, family="activation", torch="nn.Tanhshrink"):
    """Takes the Tanh of each number from it, so that numbers near 0 nearly vanish."""

    synonyms = ("x - tanh(x)", "sparse", "shrinkage")
    use = "In sparse coding, where a smooth bend is wanted; Softshrink sets small numbers to exactly 0."
    formula = "y = x − tanh(x)"


class Threshold(Activation, family="activation", torch="nn.Threshold"):
    """Keeps numbers above a threshold and puts a fixed number in the place of the rest."""

    synonyms = ("cutoff", "step", "clip")
    use = "For a cut at another place than 0. Use ReLU for a cut at 0, Clamp to limit numbers on both sides."
    formula = "y = x for x > threshold, else value"

    threshold: float = parameter(0.0, "Above this a number is kept.", required=True)
    value: float = parameter(0.0, "What stands in the place of the rest.", required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        return self.module(self.threshold, self.value)


class RReLU(Activation, family="activation", torch="nn.RReLU"):
    """Like LeakyReLU, but draws what negative numbers are multiplied by at random in training."""

    synonyms = ("randomized leaky rectifier", "random", "overfitting", "prevent overfitting")
    use = (
        "Where a network with LeakyReLU overfits a small data set. After training it takes the mean of lower and upper."
    )
    formula = "y = x for x ≥ 0, else a · x with a drawn evenly from lower to upper"
    paper = "Xu et al., 2015, Empirical evaluation of rectified activations in convolutional network"

    lower: float = parameter(0.125, "The smallest factor that is drawn.", low=0)
    upper: float = parameter(1 / 3, "The largest factor that is drawn.", low=0)

    def call(self, inputs: Inputs) -> Call:
        if self.lower > self.upper:
            raise Refused(
                f"RReLU expects lower not above upper, but they are {self.lower:g} and {self.upper:g}: raise upper.",
                "",
                remedies.set_value("upper", self.lower),
            )
        return super().call(inputs)

    def rule(self, inputs: Inputs) -> dict[str, Spec]:
        return {"output": Spec(inputs["input"].shape, inputs["input"].dtype)}


class GLU(SameAxes, family="activation", torch="nn.GLU"):
    """Splits its input in two halves and lets one half decide how much of the other passes."""

    port_shapes: ClassVar = {
        "input": "Any shape; axis dim has an even size, 2 · n.",
        "output": "The shape of input, with n on axis dim.",
    }
    synonyms = ("gated linear unit", "gate")
    use = (
        "After a Linear or convolution with twice the outputs, in gated convolutional networks and language models. "
        "Sigmoid and Multiply draw the same by hand."
    )
    formula = "y = a · σ(b), a and b the two halves of x"
    paper = "Dauphin et al., 2017, Language modeling with gated convolutional networks"

    dim: int = parameter(-1, "Which axis is split; its size must be even.", low=-8, high=7)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        size = inputs["input"].shape[expect_sample_axis(self, inputs, self.dim)]
        if isinstance(size, int) and size % 2:
            raise Refused(
                f"GLU expects an even size on axis {self.dim}, but receives {received(inputs['input'])}: give the "
                "layer before it one more or one fewer output, or choose another axis.",
                "input",
                remedies.insert("input", "Linear", out_features=size + 1) if self.dim == -1 else None,
            )
        return self.module()
