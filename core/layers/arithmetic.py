"""Arithmetic, number by number, in torch's names."""

from __future__ import annotations

from typing import ClassVar

from core.layers import remedies
from core.layers.axes import Agreeing
from core.layers.expectations import expect_floating, expect_numbers
from core.layers.layer import Call, Inputs, Port, Refused, SameAxes
from core.layers.merge import PAIR, Function, expect_broadcast
from core.parameters import parameter

# ---- functions of one number


class Expm1(Function, family="merge", torch="torch.expm1"):
    """Raises e to the power of each number and takes 1 away, without loss of precision near 0."""

    synonyms = ("exponential", "growth")
    use = "To undo Log1p, or for growth rates near 0. Use Exp elsewhere."
    formula = "y = eˣ − 1"


class Log1p(Function, family="merge", torch="torch.log1p"):
    """Takes the natural logarithm of 1 plus each number, without loss of precision near 0."""

    synonyms = ("logarithm", "ln", "log(1 + x)", "counts", "compress range", "skewed")
    use = "For counts and amounts that spread over many sizes and may be 0. Use Log where numbers are surely above 0."
    formula = "y = ln(1 + x)"


class Log2(Function, family="merge", torch="torch.log2"):
    """Takes the logarithm to base 2 of each number, which must be above 0."""

    synonyms = ("logarithm", "binary", "bits", "entropy", "octave")
    use = "For information in bits. Use Log for everything that is only to be compressed."
    formula = "y = log₂ x"


class Rsqrt(Function, family="merge", torch="torch.rsqrt"):
    """Divides 1 by the square root of each number, which must be above 0."""

    synonyms = ("reciprocal square root", "normalise", "root", "rms norm")
    use = "For own normalisations, in one step instead of Sqrt and Reciprocal. LayerNorm and RMSNorm do the whole."
    formula = "y = 1 / √x"


class Reciprocal(Function, family="merge", torch="torch.reciprocal"):
    """Divides 1 by each number."""

    synonyms = ("inverse", "1 / x", "divide", "precision")
    use = "To turn a spread into a precision, or to divide several values by one. Use Divide for one division."
    formula = "y = 1 / x"


class Sin(Function, family="merge", torch="torch.sin"):
    """Takes the sine of each number."""

    synonyms = ("sine", "periodic", "siren", "fourier features", "wave", "positional encoding", "activation")
    use = (
        "For waves: as an activation of networks that represent signals, or as features of positions. "
        "SinusoidalPositions makes those of a transformer."
    )
    formula = "y = sin x"
    paper = "Sitzmann et al., 2020, Implicit neural representations with periodic activation functions"


class Cos(Function, family="merge", torch="torch.cos"):
    """Takes the cosine of each number."""

    synonyms = ("cosine", "periodic", "fourier features", "wave", "positional encoding", "angle")
    use = (
        "For waves, beside Sin, as features of angles and positions. SinusoidalPositions makes those of a transformer."
    )
    formula = "y = cos x"
    paper = (
        "Tancik et al., 2020, Fourier features let networks learn high frequency functions in low dimensional domains"
    )


class Tan(Function, family="merge", torch="torch.tan"):
    """Takes the tangent of each number."""

    synonyms = ("tangent", "periodic", "slope")
    use = "For slopes out of angles. It jumps at a quarter turn; as an activation use Tanh."
    formula = "y = tan x"


class Atan(Function, family="merge", torch="torch.atan"):
    """Takes the angle whose tangent is each number."""

    synonyms = ("arctangent", "angle", "arctan", "squash")
    use = (
        "For angles out of slopes, or to squeeze numbers gently. Use Atan2 for angles of points in all directions, "
        "Tanh as an activation."
    )
    formula = "y = arctan x"


class Erf(Function, family="merge", torch="torch.erf"):
    """Takes the error function of each number, which squeezes it to between -1 and 1."""

    synonyms = ("gaussian", "error function", "normal", "cumulative distribution", "probability")
    use = "For probabilities of a normal distribution. As an activation use Tanh or GELU, which is made of it."
    formula = "y = 2/√π · ∫₀ˣ e^(−t²) dt"


class Sign(Function, family="merge", torch="torch.sign"):
    """Puts 1, 0 or -1 in the place of each number, as its sign says."""

    synonyms = ("signum", "positive", "negative", "binarise", "hash", "binary network")
    use = (
        "For yes or no out of numbers, as in binary networks. Nothing is learned through it; Detach and Add pass a "
        "gradient around it, Tanh is a soft one."
    )
    formula = "y = 1, 0 or −1"


class Floor(Function, family="merge", torch="torch.floor"):
    """Rounds each number down; nothing is learned through it."""

    synonyms = ("round down", "integer", "quantise")
    use = (
        "To cut into steps, as in quantisation. Nothing is learned through it; UniformNoise stands for it while "
        "training."
    )
    formula = "y = ⌊x⌋"


class Ceil(Function, family="merge", torch="torch.ceil"):
    """Rounds each number up; nothing is learned through it."""

    synonyms = ("round up", "integer", "ceiling", "quantise")
    use = "To cut into steps from above. Nothing is learned through it; UniformNoise stands for it while training."
    formula = "y = ⌈x⌉"


class Round(Function, family="merge", torch="torch.round"):
    """Rounds each number to the nearest whole one; nothing is learned through it."""

    synonyms = ("nearest", "integer", "quantise", "quantize", "quantization", "discretise", "straight through")
    use = (
        "To quantise, as in compression. Nothing is learned through it; UniformNoise stands for it while training, "
        "or Detach and Add pass a gradient around it."
    )
    formula = "y = the whole number nearest to x, halves to the even one"


class Clamp(SameAxes, family="merge", torch="torch.clamp"):
    """Cuts numbers off below a lowest and above a highest value."""

    synonyms = ("clip", "limit", "bound", "range", "cut off", "saturate", "keep positive")
    use = (
        "To keep values in a range, as before a Log or a Sqrt. Where it cuts off nothing is learned; Sigmoid and "
        "Tanh bound softly, Hardtanh is the activation."
    )
    formula = "y = min(max(x, min), max)"

    min: float | None = parameter(None, "The lowest value that comes out; none for no limit.", dropped=0.0)
    max: float | None = parameter(None, "The highest value that comes out; none for no limit.", dropped=1.0)

    def call(self, inputs: Inputs) -> Call:
        expect_numbers(self, inputs)
        if self.min is None and self.max is None:
            raise Refused("Clamp expects a min, a max or both: set min to 0.", "", remedies.set_value("min", 0.0))
        if self.min is not None and self.max is not None and self.min > self.max:
            raise Refused(
                f"Clamp expects min not above max, but they are {self.min:g} and {self.max:g}: raise max.",
                "",
                remedies.set_value("max", self.min),
            )
        return Call(expression="{input}.clamp({keywords})", keywords=self.keywords())


# ---- functions of two numbers


class Pow(Agreeing, family="merge", torch="torch.pow"):
    """Raises each number to a power: a fixed one, or one for each number where another input is linked."""

    inputs = (
        Port("input", "What is raised."),
        Port("exponent", "The powers, instead of the fixed one.", optional=True),
    )
    port_shapes: ClassVar = {"exponent": "A shape that broadcasts with that of input."}
    synonyms = ("power", "exponent", "**", "square", "cube", "root", "gamma", "focal loss")
    use = "For powers, and for bases or exponents that the network computes. Use Square or Sqrt for the usual ones."
    formula = "y = x ^ exponent"

    exponent: float = parameter(2.0, "The power, where no input is linked for it.", required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs, *inputs)
        expect_broadcast(self, inputs)
        return Call(expression="{input} ** {exponent}", keywords=(("exponent", self.exponent),))


class _Pairwise(Agreeing):
    inputs = PAIR

    def call(self, inputs: Inputs) -> Call:
        expect_numbers(self, inputs, "input", "other")
        expect_broadcast(self, inputs)
        return Call(expression=f"{type(self).torch}({{input}}, {{other}})")


class Minimum(_Pairwise, family="merge", torch="torch.minimum"):
    """Keeps the smaller of the two numbers at each place."""

    synonyms = ("min", "smaller", "clip", "ppo", "bound")
    use = "To bound one value by another, as a clipped objective does. Use Min along an axis, Clamp for fixed bounds."
    formula = "y = min(input, other)"
    paper = "Schulman et al., 2017, Proximal policy optimization algorithms"


class Maximum(_Pairwise, family="merge", torch="torch.maximum"):
    """Keeps the larger of the two numbers at each place; maxout does it with two layers."""

    synonyms = ("max", "larger", "maxout", "combine", "merge", "competition")
    use = "To take the stronger of two branches. Use Max along an axis, ReLU against 0."
    formula = "y = max(input, other)"
    paper = "Goodfellow et al., 2013, Maxout networks"


class Atan2(_Pairwise, family="merge", torch="torch.atan2"):
    """Gives the direction of the point whose height is the first and whose width is the second number."""

    synonyms = ("angle", "arctangent", "phase", "direction", "rotation", "heading", "orientation")
    use = "For directions, as out of a predicted sine and cosine, which a network learns better than the angle itself."
    formula = "y = the angle of (other, input), from −π to π"


class Lerp(Agreeing, family="merge", torch="torch.lerp"):
    """Goes a part of the way from the first input to the second, number by number."""

    inputs = (Port("input", "Where it begins."), Port("end", "Where it would end."))
    port_shapes: ClassVar = {"end": "A shape that broadcasts with that of input."}
    synonyms = ("mix", "blend", "interpolate", "mixup", "moving average", "average", "ema", "cross fade")
    use = (
        "To mix two inputs by a fixed share, as for interpolating pictures. Use RandLike and arithmetic for a "
        "random share, Add and Scale for more than two."
    )
    formula = "y = input + weight · (end − input)"

    weight: float = parameter(0.5, "Which part of the way; 0 is the first input, 1 the second.", required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs, "input", "end")
        expect_broadcast(self, inputs)
        return Call(expression="torch.lerp({input}, {end}, {weight})", keywords=(("weight", self.weight),))
