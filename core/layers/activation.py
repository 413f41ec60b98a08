"""Functions that bend each number, without which a stack of linear layers would be one linear layer."""

from __future__ import annotations

from core.layers import remedies
from core.layers.expectations import expect_floating, received
from core.layers.layer import Call, Inputs, Refused, SameAxes
from core.parameters import parameter


class Activation(SameAxes):
    """The base of activations that bend each number by itself."""

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        return self.module()


class ReLU(Activation, family="activation", torch="nn.ReLU"):
    """Sets negative numbers to 0 and keeps the rest; the usual choice after linear and convolution layers."""

    synonyms = ("rectifier", "rectified linear", "max(0, x)", "nonlinearity", "non-linear", "bend")
    use = "The first choice after Linear and convolutions. Use LeakyReLU where units fall silent, GELU in transformers."
    formula = "y = max(0, x)"
    paper = "Nair and Hinton, 2010, Rectified linear units improve restricted Boltzmann machines"


class LeakyReLU(Activation, family="activation", torch="nn.LeakyReLU"):
    """Keeps positive numbers and makes negative ones much smaller, so that no unit falls silent for good."""

    synonyms = ("leaky rectifier", "gan", "discriminator", "dying relu")
    use = (
        "In discriminators of GANs, and where units behind a ReLU fall silent. PReLU learns the slope, RReLU draws "
        "it at random."
    )
    formula = "y = x for x ≥ 0, else negative_slope · x"
    paper = "Maas, Hannun and Ng, 2013, Rectifier nonlinearities improve neural network acoustic models"

    negative_slope: float = parameter(0.01, "What negative numbers are multiplied by.", low=0, high=1)


class PReLU(Activation, family="activation", torch="nn.PReLU"):
    """Like LeakyReLU, but learns what negative numbers are multiplied by."""

    synonyms = ("parametric rectifier", "learned slope")
    use = "Where LeakyReLU does well and its slope may be learned; weight decay would pull that slope to 0."
    formula = "y = x for x ≥ 0, else a · x with a learned"
    paper = (
        "He et al., 2015, Delving deep into rectifiers: surpassing human-level performance on ImageNet classification"
    )

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


class ELU(Activation, family="activation", torch="nn.ELU"):
    """Keeps positive numbers and bends negative ones smoothly towards a lowest value."""

    synonyms = ("exponential linear", "smooth relu")
    use = (
        "For outputs with a mean nearer to 0 than those of ReLU, at the price of an exponential. SELU is its scaled "
        "form, CELU the one without a kink."
    )
    formula = "y = x for x > 0, else alpha · (exp(x) − 1)"
    paper = (
        "Clevert, Unterthiner and Hochreiter, 2016, Fast and accurate deep network learning by exponential linear "
        "units (ELUs)"
    )

    alpha: float = parameter(1.0, "The lowest value is minus this.", low=0)


class CELU(Activation, family="activation", torch="nn.CELU"):
    """Like ELU, but without a kink at 0 whatever its setting."""

    synonyms = ("continuously differentiable exponential linear", "smooth relu")
    use = "In place of ELU where alpha is not 1, since it has no kink at 0; with alpha 1 the two are the same."
    formula = "y = max(0, x) + min(0, alpha · (exp(x / alpha) − 1))"
    paper = "Barron, 2017, Continuously differentiable exponential linear units"

    alpha: float = parameter(1.0, "The lowest value is minus this.", low=0, open_low=True)


class SELU(Activation, family="activation", torch="nn.SELU"):
    """Bends numbers so that they keep mean 0 and spread 1 from layer to layer by themselves."""

    synonyms = ("self-normalizing", "self-normalising", "scaled exponential linear")
    use = (
        "In deep stacks of Linear without normalisation layers, with AlphaDropout in place of Dropout and weights "
        "drawn as LeCun does. Elsewhere ReLU with BatchNorm1d is the usual way."
    )
    formula = "y = 1.0507 · x for x > 0, else 1.7581 · (exp(x) − 1)"
    paper = "Klambauer et al., 2017, Self-normalizing neural networks"


class GELU(Activation, family="activation", torch="nn.GELU"):
    """A smooth relative of ReLU; the usual choice in transformers."""

    synonyms = ("gaussian error linear", "bert", "gpt", "transformer", "smooth relu")
    use = (
        "In transformers, and in convolutional networks that take after them. SiLU is a close relative, ReLU the "
        "faster choice."
    )
    formula = "y = x · Φ(x), Φ the distribution function of the normal distribution"
    paper = "Hendrycks and Gimpel, 2016, Gaussian error linear units (GELUs)"

    approximate: str = parameter(
        "none", "Whether the faster formula with tanh is used.", choices=("none", "tanh"), rare=True
    )


class SiLU(Activation, family="activation", torch="nn.SiLU"):
    """Multiplies each number by its own sigmoid; a smooth relative of ReLU, also called Swish."""

    synonyms = ("swish", "sigmoid linear", "efficientnet", "smooth relu")
    use = (
        "In convolutional networks of the EfficientNet kind and, as part of a gate, in language models. Hardswish is "
        "a faster approximation, GELU a close relative."
    )
    formula = "y = x · σ(x) = x / (1 + exp(−x))"
    paper = (
        "Elfwing, Uchibe and Doya, 2017, Sigmoid-weighted linear units for neural network function approximation in "
        "reinforcement learning"
    )


class Mish(Activation, family="activation", torch="nn.Mish"):
    """A smooth relative of ReLU that lets small negative numbers pass."""

    synonyms = ("smooth relu", "yolo")
    use = "In detectors of the YOLO family; elsewhere SiLU costs less and does about as well."
    formula = "y = x · tanh(ln(1 + exp(x)))"
    paper = "Misra, 2019, Mish: a self regularized non-monotonic neural activation function"


class Sigmoid(Activation, family="activation", torch="nn.Sigmoid"):
    """Squeezes each number to between 0 and 1, as a probability or a gate."""

    synonyms = ("logistic", "probability", "gate", "yes or no", "binary", "squash")
    use = (
        "For gates, and for outputs that are the probability of a yes. Leave it out before BCEWithLogitsLoss, which "
        "does it itself; use Softmax for one of several classes."
    )
    formula = "y = 1 / (1 + exp(−x))"


class LogSigmoid(Activation, family="activation", torch="nn.LogSigmoid"):
    """The logarithm of the sigmoid, computed without loss of precision."""

    synonyms = ("log logistic", "log probability")
    use = (
        "For the logarithm of the probability of a yes, in a loss of your own. BCEWithLogitsLoss has it built in; "
        "use LogSoftmax for several classes."
    )
    formula = "y = ln(1 / (1 + exp(−x)))"


class Hardsigmoid(Activation, family="activation", torch="nn.Hardsigmoid"):
    """A sigmoid made of three straight lines, faster to compute."""

    synonyms = ("mobile", "mobilenet", "piecewise", "gate", "fast sigmoid")
    use = "For gates on small devices, in place of Sigmoid."
    formula = "y = min(max(x + 3, 0), 6) / 6"
    paper = "Howard et al., 2019, Searching for MobileNetV3"


class Tanh(Activation, family="activation", torch="nn.Tanh"):
    """Squeezes each number to between -1 and 1."""

    synonyms = ("hyperbolic tangent", "squash", "generator", "-1 to 1")
    use = (
        "For outputs between -1 and 1, as a generator's pictures or a steering command. Between the layers of deep "
        "networks ReLU learns faster."
    )
    formula = "y = (exp(x) − exp(−x)) / (exp(x) + exp(−x))"


class Hardtanh(Activation, family="activation", torch="nn.Hardtanh"):
    """Cuts numbers off below a lowest and above a highest value."""

    synonyms = ("clamp", "clip", "limit", "bounds")
    use = "To keep values within bounds at little cost, as in networks that are quantised. Use Tanh for a smooth bend."
    formula = "y = min(max(x, min_val), max_val)"

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


class Softplus(Activation, family="activation", torch="nn.Softplus"):
    """A smooth ReLU whose output is always above 0; useful for spreads and rates."""

    synonyms = ("positive", "log(1 + exp)", "smooth relu", "variance")
    use = (
        "For outputs that must be positive, as a variance for GaussianNLLLoss. Use Exp where they span many powers "
        "of ten, ReLU between layers."
    )
    formula = "y = ln(1 + exp(beta · x)) / beta"
    paper = "Dugas et al., 2000, Incorporating second-order functional knowledge for better option pricing"

    beta: float = parameter(1.0, "How sharp the bend at 0 is.", low=0, open_low=True)
    threshold: float = parameter(
        20.0, "Where beta times the number is above this, it is passed as it is.", low=0, rare=True
    )


class Softsign(Activation, family="activation", torch="nn.Softsign"):
    """Squeezes each number to between -1 and 1, more slowly than Tanh."""

    synonyms = ("x / (1 + |x|)", "squash")
    use = "In place of Tanh where outputs should come near their limits more slowly."
    formula = "y = x / (1 + |x|)"
    paper = "Bergstra et al., 2009, Quadratic polynomials learn better image features"


class Hardswish(Activation, family="activation", torch="nn.Hardswish"):
    """A SiLU made of simple pieces, fast on small devices."""

    synonyms = ("mobilenet", "mobile", "swish", "fast swish")
    use = "In networks for small devices, as MobileNetV3, in place of SiLU."
    formula = "y = x · min(max(x + 3, 0), 6) / 6"
    paper = "Howard et al., 2019, Searching for MobileNetV3"


class ReLU6(Activation, family="activation", torch="nn.ReLU6"):
    """A ReLU that also cuts off above 6; made for small devices."""

    synonyms = ("mobilenet", "mobile", "clipped rectifier", "quantised")
    use = "In networks for small devices that are quantised later, as MobileNetV2. Elsewhere use ReLU."
    formula = "y = min(max(0, x), 6)"
    paper = "Krizhevsky, 2010, Convolutional deep belief networks on CIFAR-10"
