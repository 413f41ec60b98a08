"""Arithmetic, comparison and choice, number by number, in torch's names."""

from __future__ import annotations

from typing import ClassVar

from core.layers import remedies
from core.layers.expectations import expect_floating, expect_numbers, is_batch, name_of, received
from core.layers.layer import Call, Inputs, Layer, Port, Refused
from core.layers.merge import PAIR, Function, expect_broadcast
from core.parameters import parameter
from core.specs import shape_text

# ---- functions of one number


class Expm1(Function, family="merge", torch="torch.expm1"):
    """Raises e to the power of each number and takes 1 away, without loss of precision near 0."""

    synonyms = ("exponential",)


class Log1p(Function, family="merge", torch="torch.log1p"):
    """Takes the natural logarithm of 1 plus each number, without loss of precision near 0."""

    synonyms = ("logarithm", "ln", "log(1 + x)")


class Log2(Function, family="merge", torch="torch.log2"):
    """Takes the logarithm to base 2 of each number, which must be above 0."""

    synonyms = ("logarithm", "binary", "bits")


class Rsqrt(Function, family="merge", torch="torch.rsqrt"):
    """Divides 1 by the square root of each number, which must be above 0."""

    synonyms = ("reciprocal square root", "normalise", "root")


class Reciprocal(Function, family="merge", torch="torch.reciprocal"):
    """Divides 1 by each number."""

    synonyms = ("inverse", "1 / x")


class Sin(Function, family="merge", torch="torch.sin"):
    """Takes the sine of each number."""

    synonyms = ("sine", "periodic", "siren", "fourier features")


class Cos(Function, family="merge", torch="torch.cos"):
    """Takes the cosine of each number."""

    synonyms = ("cosine", "periodic", "fourier features")


class Tan(Function, family="merge", torch="torch.tan"):
    """Takes the tangent of each number."""

    synonyms = ("tangent", "periodic")


class Atan(Function, family="merge", torch="torch.atan"):
    """Takes the angle whose tangent is each number."""

    synonyms = ("arctangent", "angle", "arctan")


class Erf(Function, family="merge", torch="torch.erf"):
    """Takes the error function of each number, which squeezes it to between -1 and 1."""

    synonyms = ("gaussian", "error function", "normal")


class Sign(Function, family="merge", torch="torch.sign"):
    """Puts 1, 0 or -1 in the place of each number, as its sign says."""

    synonyms = ("signum", "positive", "negative")


class Floor(Function, family="merge", torch="torch.floor"):
    """Rounds each number down; nothing is learned through it."""

    synonyms = ("round down", "integer")


class Ceil(Function, family="merge", torch="torch.ceil"):
    """Rounds each number up; nothing is learned through it."""

    synonyms = ("round up", "integer", "ceiling")


class Round(Function, family="merge", torch="torch.round"):
    """Rounds each number to the nearest whole one; nothing is learned through it."""

    synonyms = ("nearest", "integer", "quantise", "quantize")


class Clamp(Layer, family="merge", torch="torch.clamp"):
    """Cuts numbers off below a lowest and above a highest value."""

    synonyms = ("clip", "limit", "bound", "range")

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
        keywords = self.keywords()
        said = ", ".join(f"{name}={{{name}}}" for name, _ in keywords)
        return Call(expression=f"{{input}}.clamp({said})", keywords=keywords)


# ---- functions of two numbers


class Pow(Layer, family="merge", torch="torch.pow"):
    """Raises each number to a power: a fixed one, or one for each number where another input is linked."""

    inputs = (
        Port("input", "What is raised."),
        Port("exponent", "The powers, instead of the fixed one.", optional=True),
    )
    synonyms = ("power", "exponent", "**", "square", "cube")

    exponent: float = parameter(2.0, "The power, where no input is linked for it.", required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs, *inputs)
        expect_broadcast(self, inputs)
        return Call(expression="{input} ** {exponent}", keywords=(("exponent", self.exponent),))


class _Pairwise(Layer):
    inputs = PAIR

    def call(self, inputs: Inputs) -> Call:
        expect_numbers(self, inputs, "input", "other")
        expect_broadcast(self, inputs)
        return Call(expression=f"{type(self).torch}({{input}}, {{other}})")


class Minimum(_Pairwise, family="merge", torch="torch.minimum"):
    """Keeps the smaller of the two numbers at each place."""

    synonyms = ("min", "smaller", "clip")


class Maximum(_Pairwise, family="merge", torch="torch.maximum"):
    """Keeps the larger of the two numbers at each place; maxout does it with two layers."""

    synonyms = ("max", "larger", "maxout")


class Atan2(_Pairwise, family="merge", torch="torch.atan2"):
    """Gives the direction of the point whose height is the first and whose width is the second number."""

    synonyms = ("angle", "arctangent", "phase", "direction")


class Lerp(Layer, family="merge", torch="torch.lerp"):
    """Goes a part of the way from the first input to the second, number by number."""

    inputs = (Port("input", "Where it begins."), Port("end", "Where it would end."))
    synonyms = ("mix", "blend", "interpolate", "mixup", "moving average")

    weight: float = parameter(0.5, "Which part of the way; 0 is the first input, 1 the second.", required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs, "input", "end")
        expect_broadcast(self, inputs)
        return Call(expression="torch.lerp({input}, {end}, {weight})", keywords=(("weight", self.weight),))


# ---- comparisons


class _Comparing(Layer):
    sign: ClassVar[str]
    inputs = (PAIR[0], Port("other", "What it is compared with, instead of the fixed number.", optional=True))

    other: float = parameter(0.0, "What it is compared with, where nothing is linked.", required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_numbers(self, inputs, *inputs)
        expect_broadcast(self, inputs)
        return Call(expression=f"{{input}} {self.sign} {{other}}", keywords=(("other", self.other),))


class Eq(_Comparing, family="merge", torch="torch.eq"):
    """Says for each number whether it is the same as another one: true or false."""

    sign = "=="
    synonyms = ("equal", "==", "compare")


class Ne(_Comparing, family="merge", torch="torch.ne"):
    """Says for each number whether it is another than another one: true or false."""

    sign = "!="
    synonyms = ("not equal", "!=", "compare")


class Lt(_Comparing, family="merge", torch="torch.lt"):
    """Says for each number whether it is below another one: true or false."""

    sign = "<"
    synonyms = ("less than", "smaller", "<", "compare")


class Le(_Comparing, family="merge", torch="torch.le"):
    """Says for each number whether it is not above another one: true or false."""

    sign = "<="
    synonyms = ("less or equal", "<=", "compare")


class Gt(_Comparing, family="merge", torch="torch.gt"):
    """Says for each number whether it is above another one: true or false."""

    sign = ">"
    synonyms = ("greater than", "larger", ">", "compare", "threshold", "mask")


class Ge(_Comparing, family="merge", torch="torch.ge"):
    """Says for each number whether it is not below another one: true or false."""

    sign = ">="
    synonyms = ("greater or equal", ">=", "compare", "mask")


class _Logical(Layer):
    sign: ClassVar[str]
    inputs = PAIR

    def call(self, inputs: Inputs) -> Call:
        for port in inputs:
            expect_truth(self, inputs, port)
        expect_broadcast(self, inputs)
        return Call(expression=f"{{input}} {self.sign} {{other}}")


def expect_truth(layer: Layer, inputs: Inputs, port: str) -> None:
    """Refuse all but true and false, as a comparison gives them."""
    spec = inputs[port]
    if spec.dtype != "bool":
        raise Refused(
            f"{name_of(layer)} expects true or false at {port}, but receives {received(spec, dtype=True)}: insert Gt, "
            "which compares with a number.",
            port,
            remedies.insert(port, "Gt"),
        )


class LogicalAnd(_Logical, family="merge", torch="torch.logical_and"):
    """True where both are true, as for joining two masks."""

    sign = "&"
    synonyms = ("and", "both", "mask", "&")


class LogicalOr(_Logical, family="merge", torch="torch.logical_or"):
    """True where one of the two is true, as for joining two masks."""

    sign = "|"
    synonyms = ("or", "either", "mask", "|")


class LogicalNot(Layer, family="merge", torch="torch.logical_not"):
    """True where the input is false, as for turning a mask around."""

    synonyms = ("not", "invert", "mask", "~")

    def call(self, inputs: Inputs) -> Call:
        expect_truth(self, inputs, "input")
        return Call(expression="~{input}")


# ---- choices


class Where(Layer, family="merge", torch="torch.where"):
    """Takes each number from the first input where a condition is true, else from the second."""

    inputs = (
        Port("condition", "True where input is taken."),
        Port("input", "What is taken where it is true."),
        Port("other", "What is taken where it is false."),
    )
    synonyms = ("if", "choose", "switch", "mask", "condition")

    def call(self, inputs: Inputs) -> Call:
        expect_truth(self, inputs, "condition")
        expect_broadcast(self, {port: inputs[port] for port in ("input", "other")})
        expect_broadcast(self, {port: inputs[port] for port in ("condition", "input")})
        expect_broadcast(self, {port: inputs[port] for port in ("condition", "other")})
        return Call(expression="torch.where({condition}, {input}, {other})")


class MaskedFill(Layer, family="merge", torch="torch.masked_fill"):
    """Puts one number wherever a mask is true, as before the Softmax of an attention."""

    inputs = (Port("input", "The numbers."), Port("mask", "True where the number is put."))
    synonyms = ("mask", "attention mask", "minus infinity", "hide", "fill")

    value: float | None = parameter(
        None, "What is put there; none is minus infinity, which a Softmax turns into 0.", required=True
    )

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        expect_truth(self, inputs, "mask")
        given, mask = inputs["input"].shape, inputs["mask"].shape
        pairs = zip(reversed(given), reversed(mask), strict=False)
        if len(mask) > len(given) or any(
            one != two and (two != 1 or is_batch(one) or is_batch(two)) for one, two in pairs
        ):
            raise Refused(
                f"MaskedFill expects a mask for {shape_text(given)}, but receives {received(inputs['mask'])}: link a "
                "mask of that shape, or with size 1 where it is the same for all.",
                "mask",
            )
        value = 'float("-inf")' if self.value is None else "{value}"
        keywords = () if self.value is None else (("value", self.value),)
        return Call(expression=f"{{input}}.masked_fill({{mask}}, {value})", keywords=keywords)
