"""One step of a recurrent layer, for networks that are drawn step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.layers.expectations import expect_floating, expect_rank, name_of, received
from core.layers.layer import Call, Inputs, Layer, Port, Refused, fixed_size, these_axes
from core.parameters import parameter
from core.specs import shape_text

STEP = Port("input", "One step of the sequence: batch and features.")
NEXT = Port("h", "The memory after this step.")


class _Cell(Layer):
    gates: ClassVar[int]
    inputs = (STEP, Port("hx", "The memory before this step; zeros where nothing is linked.", optional=True))
    outputs = (NEXT,)
    port_shapes: ClassVar = {
        "input": "(N, input_size).",
        "hx": "(N, hidden_size).",
        "h_0": "(N, hidden_size).",
        "c_0": "(N, hidden_size).",
        "h": "(N, hidden_size).",
        "c": "(N, hidden_size).",
    }

    hidden_size: int = parameter(64, "How many numbers the cell remembers.", low=1, required=True)
    bias: bool = parameter(True, "Whether learned constants are added.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_rank(self, inputs, 2, axes=("features",))
        expect_floating(self, inputs, lookup=True)
        for port in ("hx", "h_0", "c_0"):
            self._expect_memory(inputs, port)
        return self.finished(fixed_size(inputs, "input", 1, name_of(self), "input_size"))

    def finished(self, width: int) -> Call:
        """The call for inputs of that width."""
        return self.module(
            width, self.hidden_size, expression="{module}({input}{optional})", optional=(("hx", ", {hx}"),)
        )

    def _expect_memory(self, inputs: Inputs, port: str) -> None:
        wanted = (inputs["input"].shape[0], self.hidden_size)
        if port in inputs and (inputs[port].shape != wanted or inputs[port].dtype != inputs["input"].dtype):
            raise Refused(
                f"{name_of(self)} expects {shape_text(wanted)} for {port}, but receives "
                f"{received(inputs[port], dtype=True)}: give it the memory of a cell with the same hidden_size.",
                port,
            )

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return these_axes(outputs, ("N", "features"))

    def macs(self, inputs: Inputs) -> int:
        return self.gates * self.hidden_size * (fixed_size(inputs, "input", 1) + self.hidden_size)


class RNNCell(_Cell, family="recurrent", torch="nn.RNNCell"):
    """Mixes one step into a memory; one step of an RNN."""

    gates = 1
    synonyms = ("elman", "step", "memory", "recurrent")
    use = (
        "For networks drawn step by step, as a decoder that reads its own output. Use RNN for whole sequences, which "
        "is faster, GRUCell or LSTMCell to remember longer."
    )
    formula = "h = f(W x + b + U hx + d), f = tanh or relu"
    paper = "Elman, 1990, Finding structure in time"

    nonlinearity: str = parameter("tanh", "What bends the memory.", choices=("tanh", "relu"), rare=True)


class GRUCell(_Cell, family="recurrent", torch="nn.GRUCell"):
    """Mixes one step into a memory and learns what to keep; one step of a GRU."""

    gates = 3
    synonyms = ("gated recurrent unit", "step", "memory", "recurrent")
    use = (
        "For networks drawn step by step, as a decoder that reads its own output. Use GRU for whole sequences, which "
        "is faster."
    )
    formula = (
        "r = σ(Wᵣ x + bᵣ + Uᵣ hx + dᵣ)\n"
        "z = σ(W_z x + b_z + U_z hx + d_z)\n"
        "n = tanh(Wₙ x + bₙ + r · (Uₙ hx + dₙ))\n"
        "h = (1 − z) · n + z · hx"
    )
    paper = (
        "Cho et al., 2014, Learning phrase representations using RNN encoder-decoder for statistical machine "
        "translation"
    )


class LSTMCell(_Cell, family="recurrent", torch="nn.LSTMCell"):
    """Mixes one step into a short and a long memory; one step of an LSTM."""

    gates = 4
    inputs = (
        STEP,
        Port("h_0", "The short memory before this step; zeros where nothing is linked.", optional=True),
        Port("c_0", "The long memory before this step; linked together with h_0.", optional=True),
    )
    outputs = (NEXT, Port("c", "The long memory after this step."))
    synonyms = ("long short-term memory", "step", "memory", "recurrent")
    use = (
        "For networks drawn step by step, as a decoder that reads its own output. Use LSTM for whole sequences, "
        "which is faster."
    )
    formula = (
        "i, f, o = σ(W x + b + U h_0 + d), each with weights of its own\n"
        "g = tanh(W x + b + U h_0 + d), likewise\n"
        "c = f · c_0 + i · g\n"
        "h = o · tanh(c)"
    )
    paper = "Hochreiter and Schmidhuber, 1997, Long short-term memory"

    def call(self, inputs: Inputs) -> Call:
        missing = {"h_0", "c_0"} - set(inputs)
        if len(missing) == 1:
            port = missing.pop()
            other = "c_0" if port == "h_0" else "h_0"
            raise Refused(f"LSTMCell expects {port} together with {other}: link both or neither.", port)
        return super().call(inputs)

    def finished(self, width: int) -> Call:
        return self.module(
            width,
            self.hidden_size,
            expression="{module}({input}{optional})",
            optional=(("h_0", ", ({h_0}"), ("c_0", ", {c_0})")),
            unpack=("h", "c"),
        )
