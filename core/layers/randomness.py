"""Random numbers in the shape of an input, drawn anew at each step of the training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.layers.expectations import expect_floating
from core.layers.layer import Call, Inputs, Layer, Port, same_axes
from core.parameters import parameter

LIKE = (Port("input", "Any floating point value: its shape is that of the noise."),)
ALWAYS = "Whether they are drawn outside of training too; else {} stands in their place."


def in_training(text: str, otherwise: str, always: bool) -> Call:
    """A text that counts while training alone, or always; a block may say which, so both are one expression."""
    return Call(expression=f"{text} if self.training or {{always}} else {otherwise}", keywords=(("always", always),))


class _Random(Layer):
    inputs = LIKE
    port_shapes: ClassVar = {"input": "Any shape.", "output": "The shape of input."}
    calm: ClassVar[str]
    """The text of what stands in the noise's place outside of training."""

    always: bool = parameter(False, ALWAYS.format("their mean"), required=True)

    def drawn(self, inputs: Inputs, random: str) -> Call:
        """The noise while training, else what is calm, unless noise is wanted always."""
        expect_floating(self, inputs)
        return in_training(random, self.calm, self.always)

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return same_axes(inputs, outputs)


class RandnLike(_Random, family="merge", torch="torch.randn_like"):
    """Draws normal noise in the shape of its input, as the sampling of a variational autoencoder needs it."""

    calm = "torch.zeros_like({input})"
    synonyms = (
        "noise", "gaussian", "normal", "reparameterization", "vae", "sampling", "epsilon", "random",
        "reparametrization", "stochastic", "variational autoencoder", "diffusion",
    )  # fmt: skip
    use = (
        "For sampling by the mean and spread that a network gives: multiply it by the spread and Add the mean. Use "
        "Noise for the start of a generator, GaussianNoise to disturb a value, Dropout to drop some."
    )
    formula = "ε ~ Normal(0, 1) in training, 0 after it"
    paper = "Kingma and Welling, 2014, Auto-encoding variational Bayes"

    def call(self, inputs: Inputs) -> Call:
        return self.drawn(inputs, "torch.randn_like({input})")


class RandLike(_Random, family="merge", torch="torch.rand_like"):
    """Draws numbers between 0 and 1, all equally likely, in the shape of its input."""

    calm = "torch.full_like({input}, 0.5)"
    synonyms = (
        "noise", "uniform", "random", "mixing", "interpolation", "dither", "stochastic", "mixup",
        "gradient penalty", "stochastic depth",
    )  # fmt: skip
    use = (
        "For random shares, as the mixing of real and generated samples in a gradient penalty. Use RandnLike for "
        "normal noise, UniformNoise to add it."
    )
    formula = "u ~ Uniform(0, 1) in training, ½ after it"

    def call(self, inputs: Inputs) -> Call:
        return self.drawn(inputs, "torch.rand_like({input})")


class _Noisy(Layer):
    inputs = (Port("input", "What the noise is added to."),)
    port_shapes: ClassVar = {"input": "Any shape.", "output": "The shape of input."}

    always: bool = parameter(False, "Whether it is added outside of training too.", required=True, rare=True)

    def noisy(self, inputs: Inputs, text: str) -> Call:
        """The input with noise while training, or always."""
        expect_floating(self, inputs)
        return in_training(text, "{input}", self.always)

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return same_axes(inputs, outputs)


class GaussianNoise(_Noisy, family="regularisation", torch="torch.randn_like"):
    """Adds normal noise to each number while training, so that small changes of the input matter less."""

    is_composed = True
    synonyms = (
        "noise", "augmentation", "jitter", "denoising autoencoder", "robustness", "random", "prevent overfitting",
        "regularise", "data augmentation",
    )  # fmt: skip
    use = (
        "On inputs or features, so that the network does not rely on exact values. Dropout is the usual way against "
        "overfitting; a denoising autoencoder needs this one."
    )
    formula = "y = x + std · ε, ε ~ Normal(0, 1); y = x after training"
    paper = "Vincent et al., 2008, Extracting and composing robust features with denoising autoencoders"

    std: float = parameter(0.1, "How strong the noise is: its standard deviation.", low=0, required=True)

    def call(self, inputs: Inputs) -> Call:
        return self.noisy(inputs, f"{{input}} + {self.std} * torch.randn_like({{input}})")


class UniformNoise(_Noisy, family="regularisation", torch="torch.rand_like"):
    """Adds noise that is equally likely up to a bound to each number while training."""

    is_composed = True
    synonyms = (
        "noise", "jitter", "dither", "quantisation", "compression", "random", "prevent overfitting", "rounding",
        "regularise",
    )  # fmt: skip
    use = (
        "In place of Round while training a compression, since rounding passes no gradient. GaussianNoise is the "
        "usual noise against overfitting."
    )
    formula = "y = x + bound · u, u ~ Uniform(−1, 1); y = x after training"
    paper = "Ballé et al., 2017, End-to-end optimized image compression"

    bound: float = parameter(0.5, "The largest number that is added or taken away.", low=0, required=True)

    def call(self, inputs: Inputs) -> Call:
        return self.noisy(inputs, f"{{input}} + {self.bound} * (2 * torch.rand_like({{input}}) - 1)")
