"""Comparison and choice, number by number, in torch's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.layers import remedies
from core.layers.axes import Agreeing
from core.layers.expectations import expect_floating, expect_numbers, is_batch, name_of, received
from core.layers.layer import Call, Inputs, Layer, Port, Refused, SameAxes, axes_of
from core.layers.merge import PAIR, expect_broadcast
from core.parameters import parameter
from core.specs import shape_text


class _Comparing(Agreeing):
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
    synonyms = ("equal", "==", "compare", "same", "condition")
    use = (
        "To find equal numbers, as padding among word numbers. Nothing is learned through it; use the result in "
        "Where, MaskedFill or a mask, or Float to count it."
    )
    formula = "y = (x = other)"


class Ne(_Comparing, family="merge", torch="torch.ne"):
    """Says for each number whether it is another than another one: true or false."""

    sign = "!="
    synonyms = ("not equal", "!=", "compare", "different", "condition")
    use = (
        "To find what differs, as all words that are no padding. Nothing is learned through it; use the result in "
        "Where, MaskedFill or a mask, or Float to count it."
    )
    formula = "y = (x ≠ other)"


class Lt(_Comparing, family="merge", torch="torch.lt"):
    """Says for each number whether it is below another one: true or false."""

    sign = "<"
    synonyms = ("less than", "smaller", "<", "compare", "below", "condition")
    use = (
        "To find what lies below a bound. Nothing is learned through it; use the result in Where, MaskedFill or a "
        "mask, or Float to count it."
    )
    formula = "y = (x < other)"


class Le(_Comparing, family="merge", torch="torch.le"):
    """Says for each number whether it is not above another one: true or false."""

    sign = "<="
    synonyms = ("less or equal", "<=", "compare", "at most", "condition")
    use = (
        "To find what lies at a bound or below. Nothing is learned through it; use the result in Where, MaskedFill "
        "or a mask, or Float to count it."
    )
    formula = "y = (x ≤ other)"


class Gt(_Comparing, family="merge", torch="torch.gt"):
    """Says for each number whether it is above another one: true or false."""

    sign = ">"
    synonyms = ("greater than", "larger", ">", "compare", "threshold", "mask", "above", "condition")
    use = (
        "To find what lies above a bound, as confident scores. Nothing is learned through it; use the result in "
        "Where, MaskedFill or a mask, or Float to count it."
    )
    formula = "y = (x > other)"


class Ge(_Comparing, family="merge", torch="torch.ge"):
    """Says for each number whether it is not below another one: true or false."""

    sign = ">="
    synonyms = ("greater or equal", ">=", "compare", "mask", "at least", "condition")
    use = (
        "To find what lies at a bound or above. Nothing is learned through it; use the result in Where, MaskedFill "
        "or a mask, or Float to count it."
    )
    formula = "y = (x ≥ other)"


class _Logical(Agreeing):
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
    synonyms = ("and", "both", "mask", "&", "combine masks", "intersection")
    use = "To join masks where both must hold. Use Multiply for masks of numbers."
    formula = "y = x ∧ other"


class LogicalOr(_Logical, family="merge", torch="torch.logical_or"):
    """True where one of the two is true, as for joining two masks."""

    sign = "|"
    synonyms = ("or", "either", "mask", "|", "combine masks", "union")
    use = "To join masks where one is enough, as a CausalMask with padding. Use Maximum for masks of numbers."
    formula = "y = x ∨ other"


class LogicalNot(SameAxes, family="merge", torch="torch.logical_not"):
    """True where the input is false, as for turning a mask around."""

    synonyms = ("not", "invert", "mask", "~", "negate mask", "complement")
    use = "To turn a mask around, as where one layer wants true for what counts and the next for what is hidden."
    formula = "y = ¬x"

    def call(self, inputs: Inputs) -> Call:
        expect_truth(self, inputs, "input")
        return Call(expression="~{input}")


class Where(Agreeing, family="merge", torch="torch.where"):
    """Takes each number from the first input where a condition is true, else from the second."""

    inputs = (
        Port("condition", "True where input is taken."),
        Port("input", "What is taken where it is true."),
        Port("other", "What is taken where it is false."),
    )
    port_shapes: ClassVar = {"condition": "Any shape that broadcasts with that of input, of true and false."}
    synonyms = ("if", "choose", "switch", "mask", "condition", "select", "conditional", "replace")
    use = (
        "To choose between two branches place by place. Gradients flow into the chosen one alone; use MaskedFill to "
        "put one number, Lerp for a soft mixture."
    )
    formula = "y = input where condition, else other"

    def call(self, inputs: Inputs) -> Call:
        expect_truth(self, inputs, "condition")
        expect_broadcast(self, {port: inputs[port] for port in ("input", "other")})
        expect_broadcast(self, {port: inputs[port] for port in ("condition", "input")})
        expect_broadcast(self, {port: inputs[port] for port in ("condition", "other")})
        return Call(expression="torch.where({condition}, {input}, {other})")


class MaskedFill(Layer, family="merge", torch="torch.masked_fill"):
    """Puts one number wherever a mask is true, as before the Softmax of an attention."""

    inputs = (Port("input", "The numbers."), Port("mask", "True where the number is put."))
    port_shapes: ClassVar = {
        "input": "Any shape.",
        "mask": "A shape that broadcasts to that of input.",
        "output": "The shape of input.",
    }
    synonyms = ("mask", "attention mask", "minus infinity", "hide", "fill", "padding", "ignore", "replace")
    use = (
        "To hide places from a Softmax or a Max. ScaledDotProductAttention and MultiheadAttention take masks "
        "themselves; use Where for another tensor."
    )
    formula = "y = value where mask, else x"

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

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": axes_of(inputs["input"])}
