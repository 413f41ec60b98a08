"""Layers that weigh every input for every output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.layers import remedies
from core.layers.expectations import expect_batch_first, expect_floating, is_batch, name_of, received
from core.layers.layer import Call, Inputs, Layer, Port, Refused, axes_of, fixed_size, these_axes
from core.parameters import parameter


class Linear(Layer, family="linear", torch="nn.Linear"):
    """Weighs every input for each output and adds a bias; it works on the last axis."""

    port_shapes: ClassVar = {
        "input": "Vectors on the last axis, (*, in_features); their size is read off the link.",
        "output": "(*, out_features).",
    }
    synonyms = (
        "dense", "fully connected", "fc", "hidden layer", "neuron", "affine", "perceptron", "mlp", "matrix",
        "projection", "regression", "tabular", "classifier", "head",
    )  # fmt: skip
    use = (
        "For tables, and as the last layer of almost any network, with an output for each class or number to "
        "predict. Use Conv2d where neighbours in a picture belong together, Embedding for whole numbers that name "
        "things."
    )
    formula = "y = x Wᵀ + b"

    out_features: int = parameter(32, "How many numbers come out.", low=1, required=True)
    bias: bool = parameter(True, "Whether a learned constant is added to each output.")

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs, lookup=True)
        spec = inputs["input"]
        if spec.rank < 2 or is_batch(spec.shape[-1]):
            way = remedies.insert("input", "Unsqueeze", dim=-1)
            message = f"Linear expects features for each sample on the last axis, but receives {received(spec)}"
            raise Refused(f"{message}: insert Unsqueeze, which makes each number a row of one.", "input", way)
        return self.module(fixed_size(inputs, "input", -1, "Linear", "in_features"), self.out_features)

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return these_axes(outputs, (*axes_of(inputs["input"])[:-1], "features"))


class Bilinear(Layer, family="linear", torch="nn.Bilinear"):
    """Weighs every pair of numbers, one from each input, for each output; it learns how two things go together."""

    inputs = (Port("input1", "The first of the two."), Port("input2", "The second of the two."))
    port_shapes: ClassVar = {
        "input1": "(*, in1_features).",
        "input2": "(*, in2_features), * as in input1.",
        "output": "(*, out_features).",
    }
    synonyms = ("pair", "interaction", "product", "two inputs", "similarity")
    use = (
        "For two inputs that have to be judged together, as a question and an answer. Cat followed by Linear is much "
        "cheaper and often as good."
    )
    formula = "y[k] = x₁ᵀ W[k] x₂ + b[k]"

    # Torch computes one of them after the other, so that many more would take minutes.
    out_features: int = parameter(32, "How many numbers come out.", low=1, high=10_000, required=True)
    bias: bool = parameter(True, "Whether a learned constant is added to each output.")

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs, "input1", "input2")
        for port in ("input1", "input2"):
            expect_batch_first(self, inputs, port)
        first, second = inputs["input1"], inputs["input2"]
        if first.shape[:-1] != second.shape[:-1]:
            raise Refused(
                f"{name_of(self)} expects two inputs that differ in the last axis alone, but receives "
                f"{received(second)} beside {' × '.join(str(size) for size in first.shape)}: reshape one of them.",
                "input2",
            )
        sizes = (fixed_size(inputs, port, -1, "Bilinear", "size") for port in ("input1", "input2"))
        return self.module(*sizes, self.out_features, expression="{module}({input1}, {input2})")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return these_axes(outputs, (*axes_of(inputs["input1"])[:-1], "features"))
