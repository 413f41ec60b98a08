"""Functions that bend each number, without which a stack of linear layers would be one linear layer."""

from __future__ import annotations

from core.layers import remedies
from core.layers.expectations import AXES, expect_floating, expect_rank, expect_sample_axis, name_of, received
from core.layers.layer import Call, Inputs, Layer, Refused
from core.parameters import parameter
from core.specs import Spec


class _Activation(Layer):
    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        return self.module()


class ReLU(_Activation, family="activation", torch="nn.ReLU"):
    """Sets negative numbers to 0 and keeps the rest; the usual choice after linear and convolution layers."""

    synonyms = ("rectifier", "rectified linear", "max(0, x)")


class LeakyReLU(_Activation, family="activation", torch="nn.LeakyReLU"):
    """Keeps positive numbers and makes negative ones much smaller, so that no unit falls silent for good."""

    synonyms = ("leaky rectifier", "gan")

    negative_slope: float = parameter(0.01, "What negative numbers are multiplied by.", low=0, high=1)


class PReLU(_Activation, family="activation", torch="nn.PReLU"):
    """Like LeakyReLU, but learns what negative numbers are multiplied by."""

    synonyms = ("parametric rectifier",)

    num_parameters: int = parameter(1, "How many factors are learned: 1, or one for each channel.", low=1)
    init: float = parameter(0.25, "Where the factor starts.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        spec = inputs["input"]
        channels = spec.shape[1] if spec.rank > 1 else 1
        if self.num_parameters not in (1, channels):
            raise Refused(
                f"PReLU expects num_parameters to be 1 or {channels}, the channels of {received(spec)}, but it is "
                f"{self.num_parameters}: set it to 1.",
                "input",
                remedies.set_value("num_parameters", 1),
            )
        return self.module()


class ELU(_Activation, family="activation", torch="nn.ELU"):
    """Keeps positive numbers and bends negative ones smoothly towards a lowest value."""

    synonyms = ("exponential linear",)

    alpha: float = parameter(1.0, "The lowest value is minus this.", low=0)


class CELU(_Activation, family="activation", torch="nn.CELU"):
    """Like ELU, but without a kink at 0 whatever its setting."""

    synonyms = ("continuously differentiable exponential linear",)

    alpha: float = parameter(1.0, "The lowest value is minus this.", low=0, open_low=True)


class SELU(_Activation, family="activation", torch="nn.SELU"):
    """Bends numbers so that they keep mean 0 and spread 1 from layer to layer by themselves."""

    synonyms = ("self-normalizing", "scaled exponential linear")


class GELU(_Activation, family="activation", torch="nn.GELU"):
    """A smooth relative of ReLU; the usual choice in transformers."""

    synonyms = ("gaussian error linear", "bert", "transformer")

    approximate: str = parameter(
        "none", "Whether the faster formula with tanh is used.", choices=("none", "tanh"), rare=True
    )


class SiLU(_Activation, family="activation", torch="nn.SiLU"):
    """Multiplies each number by its own sigmoid; a smooth relative of ReLU, also called Swish."""

    synonyms = ("swish", "sigmoid linear")


class Mish(_Activation, family="activation", torch="nn.Mish"):
    """A smooth relative of ReLU that lets small negative numbers pass."""

    synonyms = ("smooth",)


class Sigmoid(_Activation, family="activation", torch="nn.Sigmoid"):
    """Squeezes each number to between 0 and 1, as a probability or a gate."""

    synonyms = ("logistic", "probability", "gate")


class LogSigmoid(_Activation, family="activation", torch="nn.LogSigmoid"):
    """The logarithm of the sigmoid, computed without loss of precision."""

    synonyms = ("log logistic",)


class Hardsigmoid(_Activation, family="activation", torch="nn.Hardsigmoid"):
    """A sigmoid made of three straight lines, faster to compute."""

    synonyms = ("mobile", "piecewise")


class Tanh(_Activation, family="activation", torch="nn.Tanh"):
    """Squeezes each number to between -1 and 1."""

    synonyms = ("hyperbolic tangent",)


class Hardtanh(_Activation, family="activation", torch="nn.Hardtanh"):
    """Cuts numbers off below a lowest and above a highest value."""

    synonyms = ("clamp", "clip")

    min_val: float = parameter(-1.0, "The lowest value that comes out.")
    max_val: float = parameter(1.0, "The highest value that comes out.")

    def call(self, inputs: Inputs) -> Call:
        if self.min_val >= self.max_val:
            raise Refused(
                f"Hardtanh expects min_val below max_val, but they are {self.min_val:g} and {self.max_val:g}: raise "
                "max_val.",
                "",
                remedies.set_value("max_val", self.min_val + 1.0),
            )
        return super().call(inputs)


class Softplus(_Activation, family="activation", torch="nn.Softplus"):
    """A smooth ReLU whose output is always above 0; useful for spreads and rates."""

    synonyms = ("positive", "log(1 + exp)")

    beta: float = parameter(1.0, "How sharp the bend at 0 is.", low=0, open_low=True)
    threshold: float = parameter(20.0, "Above this the number is passed as it is.", low=0, rare=True)


class Softsign(_Activation, family="activation", torch="nn.Softsign"):
    """Squeezes each number to between -1 and 1, more slowly than Tanh."""

    synonyms = ("x / (1 + |x|)",)


class Hardswish(_Activation, family="activation", torch="nn.Hardswish"):
    """A SiLU made of simple pieces, fast on small devices."""

    synonyms = ("mobilenet", "swish")


class ReLU6(_Activation, family="activation", torch="nn.ReLU6"):
    """A ReLU that also cuts off above 6; made for small devices."""

    synonyms = ("mobilenet", "clipped rectifier")


class _AlongAxis(Layer):
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

    synonyms = ("probabilities", "normalised exponential", "classes")


class LogSoftmax(_AlongAxis, family="activation", torch="nn.LogSoftmax"):
    """Turns scores into the logarithms of probabilities; what NLLLoss wants."""

    synonyms = ("log probabilities", "nll")


class Softmin(_AlongAxis, family="activation", torch="nn.Softmin"):
    """Turns scores into probabilities of which the smallest score gets the largest."""

    synonyms = ("probabilities", "smallest", "distance")


class Softmax2d(Layer, family="activation", torch="nn.Softmax2d"):
    """Turns the channels at each place of a picture into probabilities that add up to 1."""

    synonyms = ("probabilities", "segmentation", "pixel")

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, 4, axes=AXES[2])
        expect_floating(self, inputs)
        return self.module()


class Hardshrink(_Activation, family="activation", torch="nn.Hardshrink"):
    """Sets numbers near 0 to 0 and keeps the rest as they are."""

    synonyms = ("hard threshold", "sparse", "shrinkage")

    lambd: float = parameter(0.5, "How far from 0 a number must be to be kept.", low=0)


class Softshrink(_Activation, family="activation", torch="nn.Softshrink"):
    """Moves every number towards 0 by a fixed amount, and those near 0 to 0."""

    synonyms = ("soft threshold", "sparse", "shrinkage", "lasso", "ista")

    lambd: float = parameter(0.5, "By how much numbers move towards 0.", low=0)


class Tanhshrink(_Activation, family="activation", torch="nn.Tanhshrink"):
    """Takes the Tanh of each number from it, so that numbers near 0 nearly vanish."""

    synonyms = ("x - tanh(x)", "shrinkage")


class Threshold(_Activation, family="activation", torch="nn.Threshold"):
    """Keeps numbers above a threshold and puts a fixed number in the place of the rest."""

    synonyms = ("cutoff", "step", "clip")

    threshold: float = parameter(0.0, "Above this a number is kept.", required=True)
    value: float = parameter(0.0, "What stands in the place of the rest.", required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        return self.module(self.threshold, self.value)


class RReLU(_Activation, family="activation", torch="nn.RReLU"):
    """Like LeakyReLU, but draws what negative numbers are multiplied by at random in training."""

    synonyms = ("randomized leaky rectifier", "random", "overfitting")

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


class GLU(Layer, family="activation", torch="nn.GLU"):
    """Splits its input in two halves and lets one half decide how much of the other passes."""

    synonyms = ("gated linear unit", "gate")

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
