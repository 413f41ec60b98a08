"""One step of a recurrent layer, for networks that are drawn step by step."""

from __future__ import annotations

from typing import ClassVar

from core.layers.expectations import expect_floating, expect_rank, name_of, received
from core.layers.layer import Call, Inputs, Layer, Port, Refused, fixed_size
from core.parameters import parameter
from core.specs import shape_text

STEP = Port("input", "One step of the sequence: batch and features.")
NEXT = Port("h", "The memory after this step.")


class _Cell(Layer):
    gates: ClassVar[int]
    inputs = (STEP, Port("hx", "The memory before this step; zeros where nothing is linked.", optional=True))
    outputs = (NEXT,)

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

    def macs(self, inputs: Inputs) -> int:
        return self.gates * self.hidden_size * (fixed_size(inputs, "input", 1) + self.hidden_size)


class RNNCell(_Cell, family="recurrent", torch="nn.RNNCell"):
    """Mixes one step into a memory; one step of an RNN."""

    gates = 1
    synonyms = ("elman", "step", "memory")

    nonlinearity: str = parameter("tanh", "What bends the memory.", choices=("tanh", "relu"), rare=True)


class GRUCell(_Cell, family="recurrent", torch="nn.GRUCell"):
    """Mixes one step into a memory and learns what to keep; one step of a GRU."""

    gates = 3
    synonyms = ("gated recurrent unit", "step", "memory")


class LSTMCell(_Cell, family="recurrent", torch="nn.LSTMCell"):
    """Mixes one step into a short and a long memory; one step of an LSTM."""

    gates = 4
    inputs = (
        STEP,
        Port("h_0", "The short memory before this step; zeros where nothing is linked.", optional=True),
        Port("c_0", "The long memory before this step; linked together with h_0.", optional=True),
    )
    outputs = (NEXT, Port("c", "The long memory after this step."))
    synonyms = ("long short-term memory", "step", "memory")

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
