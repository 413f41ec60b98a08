"""Numbers that the model holds itself: learned ones, and fixed ones that are stored with its weights."""

from __future__ import annotations

import math
from typing import ClassVar

from core.layers import remedies
from core.layers.calls import exact
from core.layers.layer import Call, Inputs, Layer, Refused
from core.parameters import parameter

SHAPE = "Its shape, with no axis for the batch: every sample gets the same."


class Parameter(Layer, family="merge", torch="torch.nn.parameter.Parameter"):
    """Holds numbers of a shape that you type and learns them, as a factor, a query or a token of your own."""

    inputs = ()
    port_shapes: ClassVar = {"output": "The shape that you type, without samples."}
    synonyms = (
        "learned", "trainable tensor", "learnable", "class token", "query", "temperature", "layer scale", "bias",
        "skip scale", "prompt", "latent query",
    )  # fmt: skip
    use = (
        "For learned numbers that no layer offers: a class token, queries, a factor for each channel. Expand shows "
        "it once for each sample; use Linear or Embedding for tables and weights that are looked up or multiplied, "
        "Buffer for fixed numbers."
    )
    formula = "y = θ, learned"

    shape: tuple[int, ...] = parameter((1,), SHAPE, low=1, required=True)
    init: str = parameter(
        "zeros",
        "What it begins with.",
        choices=("zeros", "ones", "constant", "normal", "trunc_normal", "uniform"),
        required=True,
    )
    value: float = parameter(1.0, "The number it begins with everywhere.", when=("init", ("constant",)), required=True)
    std: float = parameter(
        0.02,
        "How far the first numbers lie around 0.",
        low=0,
        open_low=True,
        when=("init", ("normal", "trunc_normal")),
        required=True,
    )
    bound: float = parameter(
        0.1,
        "The first numbers lie between this and its negative.",
        low=0,
        open_low=True,
        when=("init", ("uniform",)),
        required=True,
    )

    def call(self, inputs: Inputs) -> Call:
        size: tuple[int | tuple[int, ...], ...] = self.shape or ((),)
        empty = Call("torch.empty", size)
        begins = {
            "zeros": Call("torch.zeros", size),
            "ones": Call("torch.ones", size),
            "constant": Call("torch.full", (self.shape, self.value), exact=("0",)),
            "normal": Call("nn.init.normal_", (empty,), (("std", self.std),)),
            "trunc_normal": Call("nn.init.trunc_normal_", (empty,), (("std", self.std),)),
            "uniform": Call("nn.init.uniform_", (empty, -self.bound, self.bound)),
        }
        return Call("nn.Parameter", (begins[self.init],), expression="{module}")


class Buffer(Layer, family="merge", torch="torch.nn.parameter.Buffer"):
    """Holds fixed numbers that are stored with the weights but not learned, as the weights of classes in a loss."""

    inputs = ()
    port_shapes: ClassVar = {"output": "The shape that you type, without samples."}
    synonyms = (
        "constant tensor", "fixed", "class weights", "not trainable", "register_buffer", "table", "kernel",
        "mean and std", "lookup", "imbalanced",
    )  # fmt: skip
    use = (
        "For fixed numbers that belong to the model, as weights of classes, a filter or a mean to subtract. Use "
        "Constant for one number, Parameter to learn it."
    )
    formula = "y = values"

    values: tuple[float, ...] = parameter((1.0,), "The numbers, one behind the other.", required=True)
    shape: tuple[int, ...] | None = parameter(
        None,
        "The shape in which they lie; none is one row. A single number fills all of it.",
        low=1,
        required=True,
    )
    dtype: str = parameter("float32", "The kind of number.", choices=("float32", "int64"), required=True, rare=True)

    def call(self, inputs: Inputs) -> Call:
        if not self.values:
            raise Refused(
                "Buffer expects at least one number, but values has none: set values to 1.",
                "",
                remedies.set_value("values", (1.0,)),
            )
        count = math.prod(self.shape) if self.shape is not None else len(self.values)
        if len(self.values) not in (1, count):
            raise Refused(
                f"Buffer expects {count} numbers for its shape, or one for all of it, but values has "
                f"{len(self.values)}: set shape to {len(self.values)}.",
                "",
                remedies.set_value("shape", (len(self.values),)),
            )
        return Call("nn.Buffer", (Call(expression=self._tensor()),), expression="{module}")

    def _tensor(self) -> str:
        """The text that makes the numbers."""
        whole = self.dtype == "int64"
        values = tuple(round(value) if whole else value for value in self.values)
        if self.shape is not None and len(values) == 1:
            return f"torch.full({exact(self.shape)}, {exact(values[0])})"
        held = f"torch.tensor([{', '.join(map(exact, values))}])"
        return held if self.shape is None or len(self.shape) == 1 else f"{held}.reshape({exact(self.shape)})"
