"""Layers that make numbers out of settings: constants, positions and masks, as many as their input calls for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.layers import remedies
from core.layers.expectations import (
    expect_axis,
    expect_batch_first,
    expect_bearable,
    expect_floating,
    expect_sample_axis,
    expect_whole,
    is_batch,
    name_of,
    received,
)
from core.layers.layer import Call, Inputs, Layer, Port, Refused, SameAxes, fixed_size
from core.layers.shape import HIGH, LOW
from core.parameters import parameter
from core.specs import shape_text

LIKE = (Port("input", "Any value: how many samples there are is read off it."),)
SEQUENCE = (Port("input", "The sequence: how many steps there are is read off it."),)
DTYPES = ("float32", "int64", "bool")
STEPS_AXIS = "Which axis of the input counts the steps."
BASE = "How slow the slowest of the waves is."


# ---- constants


class _Filled(Layer):
    inputs = LIKE
    port_shapes: ClassVar = {"input": "(N, *).", "output": "(N, *), * the size that you type."}

    size: tuple[int, ...] = parameter((1,), "The shape of one sample.", low=1, required=True)
    dtype: str = parameter("float32", "The kind of number.", choices=DTYPES, required=True, rare=True)

    def filled(self, inputs: Inputs, function: str, value: str = "") -> Call:
        """The call of a function that takes a shape."""
        expect_batch_first(self, inputs)
        expect_bearable(self, "size", self.size, (1,) * len(self.size))
        if not inputs["input"].rank or not is_batch(inputs["input"].shape[0]):
            raise Refused(
                f"{name_of(self)} expects a value with samples, but receives {received(inputs['input'])}: link another "
                "one, or use Constant.",
                "input",
            )
        sizes = ", ".join(["{input}.shape[0]", *map(str, self.size)])
        return Call(expression=f"{function}(({sizes},){value}, dtype=torch.{self.dtype}, device={{input}}.device)")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": ("N", *[""] * len(self.size))}


class Zeros(_Filled, family="merge", torch="torch.zeros"):
    """Makes a value of zeros for every sample, as a memory to start with."""

    synonyms = ("constant", "start", "empty", "initial state", "initial memory", "hidden state", "blank")
    use = (
        "For the first memory of a recurrent layer, or as a place to add to. Use Parameter where the start should "
        "be learned."
    )
    formula = "y = 0"

    def call(self, inputs: Inputs) -> Call:
        return self.filled(inputs, "torch.zeros")


class Ones(_Filled, family="merge", torch="torch.ones"):
    """Makes a value of ones for every sample."""

    synonyms = ("constant", "mask", "start", "all true", "target of a gan")
    use = "For masks that let everything pass, or a target of 1. Use Full for another number, Parameter to learn it."
    formula = "y = 1"

    def call(self, inputs: Inputs) -> Call:
        return self.filled(inputs, "torch.ones")


class Full(_Filled, family="merge", torch="torch.full"):
    """Makes a value for every sample that holds one number everywhere."""

    synonyms = ("constant", "fill", "start", "target of a gan", "label smoothing")
    use = (
        "For a target or a start of one fixed number for each sample. Use Constant for one number for all, "
        "Parameter to learn it."
    )
    formula = "y = fill_value"

    fill_value: float = parameter(0.5, "The number.", required=True)

    def call(self, inputs: Inputs) -> Call:
        whole = self.dtype == "int64"
        return self.filled(inputs, "torch.full", f", {round(self.fill_value) if whole else self.fill_value}")


class Constant(Layer, family="merge", torch="torch.full"):
    """Makes one number, the same for all samples, for use in arithmetic."""

    inputs = (Port("input", "Any value of the network; the number is put beside it."),)
    port_shapes: ClassVar = {"input": "Any shape.", "output": "One number without axes, ()."}
    synonyms = ("number", "scalar", "value", "fixed", "one", "offset", "epsilon")
    use = (
        "For a fixed number in arithmetic, as the 1 of a gradient penalty. Scale multiplies by a number without it; "
        "use Buffer for several numbers, Parameter to learn it."
    )
    formula = "y = value"

    value: float = parameter(1.0, "The number.", required=True)

    def call(self, inputs: Inputs) -> Call:
        keywords = (("value", self.value),)
        return Call(expression="torch.full((), {value}, device={input}.device)", keywords=keywords)


# ---- positions


class Arange(Layer, family="merge", torch="torch.arange"):
    """Counts the places of an axis, 0, 1, 2, ..., as an Embedding of positions takes them."""

    inputs = SEQUENCE
    port_shapes: ClassVar = {
        "input": "Any shape; axis dim has T steps.",
        "output": "(T), without samples; (N) along axis 0.",
    }
    synonyms = (
        "range", "positions", "count", "index", "learned positions", "position ids", "enumerate", "gpt",
        "contrastive", "infonce", "clip", "number of the sample",
    )  # fmt: skip
    use = (
        "For learned positions: put Embedding behind it and Add the result to the sequence. SinusoidalPositions "
        "needs no learning. Along axis 0 it numbers the samples: the right answers where each sample's score with "
        "every other is told apart by CrossEntropyLoss, as in contrastive learning."
    )
    formula = "y = 0, 1, 2, …, T − 1"

    dim: int = parameter(
        1, "Which axis of the input is counted; 0 counts the samples.", low=LOW, high=HIGH, required=True
    )

    def call(self, inputs: Inputs) -> Call:
        expect_axis(self, inputs, self.dim)
        return Call(expression=f"torch.arange({{input}}.shape[{self.dim}], device={{input}}.device)")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        spec = inputs["input"]
        return {"output": ("N" if is_batch(spec.shape[self.dim]) else "T",)}


def _expect_features(layer: Layer, inputs: Inputs, even: bool) -> int:
    """The features on the last axis of a sequence; refuses what is none."""
    expect_floating(layer, inputs, lookup=True)
    expect_batch_first(layer, inputs)
    spec = inputs["input"]
    if spec.rank < 3:
        raise Refused(
            f"{name_of(layer)} expects N × time × features, but receives {received(spec)}: link a sequence of vectors.",
            "input",
        )
    width = fixed_size(inputs, "input", -1, name_of(layer), "features")
    if even and width % 2:
        raise Refused(
            f"{name_of(layer)} expects an even number of features, but receives {received(spec)}: insert Linear with "
            f"{width + 1} outputs.",
            "input",
            remedies.insert("input", "Linear", out_features=width + 1),
        )
    return width


class SinusoidalPositions(Layer, family="attention", torch="torch.sin"):
    """Makes a vector of sines and cosines for each step, which tells steps apart; add it to the sequence."""

    inputs = (Port("input", "The sequence: steps and features are read off it."),)
    port_shapes: ClassVar = {
        "input": "(N, *, T, features).",
        "output": "(T, features), without samples; it broadcasts.",
    }
    is_composed = True
    synonyms = (
        "positional encoding", "position", "transformer", "fourier", "time embedding", "order", "sequence order",
        "time", "sine",
    )  # fmt: skip
    use = (
        "To tell a transformer the order of its steps, for lengths never seen in training too: Add it to the "
        "sequence. RotaryPositions acts inside the attention; Arange with Embedding learns positions."
    )
    formula = "p[t, 2i] = sin(t / base^(2i / d))\np[t, 2i + 1] = cos(t / base^(2i / d))"
    paper = "Vaswani et al., 2017, Attention is all you need"

    base: float = parameter(10000.0, BASE, low=1, open_low=True, required=True, rare=True)

    def call(self, inputs: Inputs) -> Call:
        width = _expect_features(self, inputs, even=False)
        steps = "torch.arange({input}.shape[-2], device={input}.device).unsqueeze(1)"
        axis = f"torch.arange({width}, device={{input}}.device)"
        # Cosines are sines a quarter of a wave ahead.
        angle = f"{steps} * {self.base} ** ({axis} // 2 * (-2 / {width})) + {axis} % 2 * (torch.pi / 2)"
        return Call(expression=f"torch.sin({angle})")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": ("T", "features")}


IMPORTS = ("import torch",)
ROTARY = '''def turned_by_position(x: Tensor, base: float = 10000.0) -> Tensor:
    """Turn pairs of features by angles that grow with the step: (*, T, features)."""
    half = x.shape[-1] // 2
    steps = torch.arange(x.shape[-2], device=x.device).unsqueeze(1)
    angles = steps * base ** (torch.arange(half, device=x.device) * (-1 / half))
    cos, sin = torch.cos(angles), torch.sin(angles)
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)'''


class RotaryPositions(SameAxes, family="attention", torch="torch.cat"):
    """Turns pairs of features by an angle that grows with the step; for query and key of an attention."""

    inputs = (Port("input", "Query or key: N × heads × steps × features, or without heads."),)
    port_shapes: ClassVar = {"input": "(N, *, T, features), with an even number of features."}
    is_composed = True
    synonyms = (
        "rope", "rotary embedding", "position", "llama", "transformer", "relative position", "order", "llm",
        "positional encoding",
    )  # fmt: skip
    use = (
        "Before ScaledDotProductAttention, on query and on key, so that their product knows how far two steps are "
        "apart. SinusoidalPositions is added to the sequence instead."
    )
    formula = "each pair (a, b) of features turns by the angle t / base^(2i / d)"
    paper = "Su et al., 2021, RoFormer: enhanced transformer with rotary position embedding"

    base: float = parameter(10000.0, BASE, low=1, open_low=True, required=True, rare=True)

    def call(self, inputs: Inputs) -> Call:
        _expect_features(self, inputs, even=True)
        base = (("base", self.base),) if self.base != 10000.0 else ()
        return Call(expression="turned_by_position({input}{keywords})", keywords=base, imports=IMPORTS, function=ROTARY)


# ---- masks


class CausalMask(Layer, family="attention", torch="torch.triu"):
    """Makes a mask that is true where a step would look at one behind it, for attn_mask, src_mask or tgt_mask."""

    inputs = SEQUENCE
    port_shapes: ClassVar = {"input": "Any shape; axis dim has T steps.", "output": "(T, T), without samples."}
    is_composed = True
    synonyms = (
        "attention mask", "autoregressive", "gpt", "decoder", "triangle", "language model", "look ahead", "future",
        "next token",
    )  # fmt: skip
    use = (
        "So that a step sees none that comes later, as in a language model. ScaledDotProductAttention has is_causal "
        "for it; PaddingMask hides what fills up short sequences."
    )
    formula = "mask[i, j] = (j > i)"
    paper = "Vaswani et al., 2017, Attention is all you need"

    dim: int = parameter(1, STEPS_AXIS, low=LOW, high=HIGH, required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_sample_axis(self, inputs, self.dim)
        steps = f"{{input}}.shape[{self.dim}]"
        ones = f"torch.ones({steps}, {steps}, dtype=torch.bool, device={{input}}.device)"
        return Call(expression=f"{ones}.triu(1)")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": ("T", "T")}


class PaddingMask(Layer, family="attention", torch="torch.ge"):
    """Makes a mask that is true behind the end of each sequence, for key_padding_mask and its kin."""

    inputs = (
        Port("input", "The sequences, filled up to one length."),
        Port("lengths", "How many steps of each sequence count."),
    )
    port_shapes: ClassVar = {
        "input": "(N, *); axis dim has T steps.",
        "lengths": "(N), whole numbers.",
        "output": "(N, T).",
    }
    is_composed = True
    synonyms = (
        "attention mask", "variable length", "lengths", "ragged", "batch of sequences", "fill", "ignore padding",
    )  # fmt: skip
    use = (
        "For sequences of different lengths that were filled up to one. CausalMask hides the future instead; join "
        "the two by LogicalOr where a layer takes one mask."
    )
    formula = "mask[n, t] = (t ≥ lengths[n])"

    dim: int = parameter(1, STEPS_AXIS, low=LOW, high=HIGH, required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_sample_axis(self, inputs, self.dim)
        expect_whole(self, inputs, "lengths", "lengths")
        lengths = inputs["lengths"]
        if lengths.rank != 1 or not is_batch(lengths.shape[0]):
            longer = lengths.rank == 2 and lengths.shape[1] == 1
            raise Refused(
                f"PaddingMask expects one length for each sample, but receives {received(lengths)} beside "
                f"{shape_text(inputs['input'].shape)}: " + ("insert Squeeze." if longer else "link one number each."),
                "lengths",
                remedies.insert("lengths", "Squeeze", dim=-1) if longer else None,
            )
        steps = f"torch.arange({{input}}.shape[{self.dim}], device={{input}}.device)"
        return Call(expression=f"{steps} >= {{lengths}}.unsqueeze(1)")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": ("N", "T")}
