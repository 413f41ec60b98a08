"""Layers that summarise one or several axes, run along one, or put it in order."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from core.layers import remedies
from core.layers.axes import without
from core.layers.expectations import (
    expect_axis,
    expect_floating,
    expect_numbers,
    expect_sample_axis,
    name_of,
    received,
)
from core.layers.layer import Call, Inputs, Layer, Port, Refused, axes_of
from core.layers.shape import HIGH, LOW
from core.layers.summary import Summary
from core.parameters import parameter


class Min(Summary, family="shape", torch="torch.amin"):
    """Keeps the smallest number over one or several axes."""

    synonyms = ("minimum", "reduce", "amin")
    use = "To keep the weakest response along axes. Use ArgMin for where it stood, Minimum to compare two inputs."
    formula = "y = min(x₁, …, xₙ) over the chosen axes"

    def call(self, inputs: Inputs) -> Call:
        return self.reduced(inputs, "amin")


class Any(Summary, family="shape", torch="torch.any"):
    """True where one of the values over some axes is true, or not 0."""

    synonyms = ("or", "exists", "mask", "reduce")
    use = (
        "To see whether a condition holds somewhere, as for masks. Nothing is learned through it; use Max for numbers."
    )
    formula = "y = x₁ ∨ … ∨ xₙ over the chosen axes"

    def call(self, inputs: Inputs) -> Call:
        return self.reduced(inputs, "any")


class All(Summary, family="shape", torch="torch.all"):
    """True where every value over some axes is true, or not 0."""

    synonyms = ("and", "every", "mask", "reduce")
    use = (
        "To see whether a condition holds everywhere, as for masks. Nothing is learned through it; use Min for numbers."
    )
    formula = "y = x₁ ∧ … ∧ xₙ over the chosen axes"

    def call(self, inputs: Inputs) -> Call:
        return self.reduced(inputs, "all")


class LogSumExp(Summary, family="shape", torch="torch.logsumexp"):
    """The logarithm of the sum of the exponentials over some axes: a smooth maximum, without overflow."""

    synonyms = ("log sum exp", "soft maximum", "energy", "reduce", "partition function", "normaliser")
    use = (
        "For the normaliser of scores, an energy, or a maximum that gradients flow through everywhere. Use Max for "
        "the plain maximum, LogSoftmax to normalise the scores themselves."
    )
    formula = "y = log(exp(x₁) + … + exp(xₙ))"

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        if not self.dim:
            raise Refused(
                f"LogSumExp expects at least one axis, but dim has none for {received(inputs['input'])}: set dim to "
                "-1.",
                "input",
                remedies.set_value("dim", (-1,)),
            )
        return self.reduced(inputs, "logsumexp")


class Norm(Summary, family="shape", torch="torch.norm"):
    """Measures the length of vectors that lie along one or several axes."""

    synonyms = (
        "length", "l2 norm", "euclidean", "magnitude", "gradient penalty", "vector length", "l1", "weight of a vector",
    )  # fmt: skip
    use = (
        "For the length of vectors, as of a gradient in a penalty. Use Normalize to bring vectors to length 1, "
        "PairwiseDistance between two inputs."
    )
    formula = "y = (Σ |xᵢ|ᵖ)^(1/p)"

    p: float = parameter(
        2.0, "Which norm: 1 adds up the numbers without sign, 2 is the straight line.", low=0, required=True
    )

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        return self.reduced(inputs, "norm", f"p={self.p}")


class _Spread(Summary):
    correction: int = parameter(
        1,
        "What is taken from the count of numbers before dividing; 0 divides by all of them.",
        low=0,
        high=1,
        rare=True,
        required=True,
    )

    def spread(self, inputs: Inputs, function: str) -> Call:
        """The call; refuses a spread of too few numbers, which torch makes not a number."""
        expect_floating(self, inputs)
        shape = inputs["input"].shape
        sizes = shape if not self.dim else tuple(shape[expect_axis(self, inputs, dim)] for dim in self.dim)
        if all(isinstance(size, int) for size in sizes) and math.prod(map(int, sizes)) <= self.correction:
            raise Refused(
                f"{name_of(self)} expects more than one number to measure a spread, but receives "
                f"{received(inputs['input'])}: set correction to 0 or choose other axes.",
                "input",
                remedies.set_value("correction", 0),
            )
        more = (("correction", self.correction),) if self.correction != 1 else ()
        return self.reduced(inputs, function, more=more)


class Std(_Spread, family="shape", torch="torch.std"):
    """Measures how far numbers lie around their mean over one or several axes."""

    synonyms = ("standard deviation", "spread", "sigma", "minibatch discrimination", "standardise")
    use = (
        "For the spread along axes as a feature, as of a batch in a discriminator. Use BatchNorm2d or LayerNorm to "
        "bring values to one spread."
    )
    formula = "y = √(Σ (xᵢ − mean)² / (n − correction))"

    def call(self, inputs: Inputs) -> Call:
        return self.spread(inputs, "std")


class Var(_Spread, family="shape", torch="torch.var"):
    """The mean of the squared differences from the mean over one or several axes."""

    synonyms = ("variance", "spread", "sigma squared", "variance regularisation")
    use = (
        "For the spread along axes where squares fit better than Std, as in a term of a loss. Use BatchNorm2d or "
        "LayerNorm to bring values to one spread."
    )
    formula = "y = Σ (xᵢ − mean)² / (n − correction)"

    def call(self, inputs: Inputs) -> Call:
        return self.spread(inputs, "var")


# ---- along one axis


class _Along(Layer):
    method: ClassVar[str]

    dim: int = parameter(-1, "Along which axis; -1 is the last.", low=LOW, high=HIGH, required=True)

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return dict.fromkeys(outputs, axes_of(inputs["input"]))


class _Cumulative(_Along):
    port_shapes: ClassVar = {"input": "Any shape.", "output": "The shape of input."}

    def call(self, inputs: Inputs) -> Call:
        expect_numbers(self, inputs)
        expect_sample_axis(self, inputs, self.dim)
        return Call(expression=f"{{input}}.{self.method}({self.dim})")


class CumSum(_Cumulative, family="shape", torch="torch.cumsum"):
    """Adds up along an axis, so that each place holds the sum of all up to it."""

    method = "cumsum"
    synonyms = ("cumulative", "running sum", "integral", "accumulate", "prefix sum")
    use = (
        "For running totals, as positions out of steps or a distribution function out of probabilities. Use Sum for "
        "the whole alone."
    )
    formula = "yᵢ = x₁ + … + xᵢ"


class CumProd(_Cumulative, family="shape", torch="torch.cumprod"):
    """Multiplies along an axis, so that each place holds the product of all up to it."""

    method = "cumprod"
    synonyms = ("cumulative", "running product", "transmittance", "nerf", "accumulate", "prefix product")
    use = (
        "For what is left after each of several shares, as the light that reaches each point of a ray. Use Prod for "
        "the whole alone."
    )
    formula = "yᵢ = x₁ · … · xᵢ"


class _KeepingAxis(_Along):
    port_shapes: ClassVar = {
        "input": "Any shape.",
        "output": "The shape of input without axis dim; with keepdim it stays, of size 1.",
    }

    keepdim: bool = parameter(False, "Whether the axis stays, with size 1.")

    def call(self, inputs: Inputs) -> Call:
        expect_numbers(self, inputs)
        expect_sample_axis(self, inputs, self.dim)
        return Call(expression=f"{{input}}.{self.method}(dim={self.dim}{{keywords}})", keywords=self.keywords())

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        names = axes_of(inputs["input"])
        return {"output": names if self.keepdim else without(names, [self.dim])}


class Prod(_KeepingAxis, family="shape", torch="torch.prod"):
    """Multiplies the numbers along one axis."""

    method = "prod"
    synonyms = ("product", "reduce", "times")
    use = (
        "For joint probabilities of independent parts, or volumes. With many factors add logarithms by Log and Sum, "
        "which cannot vanish."
    )
    formula = "y = x₁ · … · xₙ"


class ArgMax(_KeepingAxis, family="shape", torch="torch.argmax"):
    """Says where along an axis the largest number stands, as the number of the likeliest class."""

    method = "argmax"
    synonyms = ("index of maximum", "prediction", "class number", "greedy", "classify", "decode", "hard attention")
    use = (
        "For the predicted class outside of a loss. Nothing is learned through it: losses such as CrossEntropyLoss "
        "take the scores themselves."
    )
    formula = "y = the i with the largest xᵢ"


class ArgMin(_KeepingAxis, family="shape", torch="torch.argmin"):
    """Says where along an axis the smallest number stands, as of the nearest vector of a codebook."""

    method = "argmin"
    synonyms = ("index of minimum", "nearest", "vector quantization", "codebook", "cluster")
    use = (
        "For the nearest of several candidates, as of a codebook. Nothing is learned through it; Detach and Add "
        "pass a gradient around it."
    )
    formula = "y = the i with the smallest xᵢ"
    paper = "van den Oord et al., 2017, Neural discrete representation learning"


SORTED = (Port("values", "The numbers in their order."), Port("indices", "Where each of them stood."))


class Sort(_Along, family="shape", torch="torch.sort"):
    """Puts the numbers along an axis in order, and says where each of them stood."""

    outputs = SORTED
    port_shapes: ClassVar = {
        "input": "Any shape.",
        "values": "The shape of input.",
        "indices": "The shape of input, whole numbers.",
    }
    synonyms = ("order", "rank", "argsort", "ranking", "permutation invariant")
    use = (
        "To make a network blind to the order of its inputs, or to pool by rank. Use TopK for the largest alone, "
        "Max for the largest one."
    )
    formula = "y₁ ≤ y₂ ≤ … ≤ yₙ, and where each stood"

    descending: bool = parameter(False, "Whether the largest comes first.")

    def call(self, inputs: Inputs) -> Call:
        expect_sample_axis(self, inputs, self.dim)
        expression = f"{{input}}.sort(dim={self.dim}{{keywords}})"
        return Call(expression=expression, keywords=self.keywords(), unpack=("values", "indices"))


class TopK(_Along, family="shape", torch="torch.topk"):
    """Keeps the largest numbers along an axis, and says where they stood; a mixture of experts chooses so."""

    outputs = SORTED
    port_shapes: ClassVar = {
        "input": "Any shape.",
        "values": "The shape of input, with k places on axis dim.",
        "indices": "The shape of values, whole numbers.",
    }
    synonyms = (
        "largest", "top k", "mixture of experts", "routing", "k max pooling", "sparse", "select best",
        "k nearest neighbours", "beam",
    )  # fmt: skip
    use = "To keep the strongest few, as the experts or neighbours that are used. Use Max for one, Sort for all."
    formula = "the k largest xᵢ in falling order, and where each stood"

    k: int = parameter(2, "How many are kept.", low=1, required=True)
    largest: bool = parameter(True, "Whether the largest are kept; else the smallest.")

    def call(self, inputs: Inputs) -> Call:
        expect_numbers(self, inputs)
        size = inputs["input"].shape[expect_sample_axis(self, inputs, self.dim)]
        if isinstance(size, int) and self.k > size:
            raise Refused(
                f"TopK expects k of at most {size}, the size of axis {self.dim} of {received(inputs['input'])}, but "
                f"it is {self.k}: set it to {size}.",
                "input",
                remedies.set_value("k", size),
            )
        expression = f"{{input}}.topk({self.k}, dim={self.dim}{{keywords}})"
        return Call(expression=expression, keywords=self.keywords(), unpack=("values", "indices"))
