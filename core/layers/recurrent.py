"""Layers that read a sequence step by step and remember; shapes by a rule, since meta would walk through every step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from core.layers import remedies
from core.layers.expectations import expect_sequence, name_of, received
from core.layers.layer import Call, Inputs, Layer, Port, Refused, fixed_size, sequence_axes
from core.parameters import parameter
from core.specs import Size, Spec, shape_text

INPUT = Port("input", "The sequence: batch, time and features.")
SEQUENCE = Port("output", "What the last layer says at every time step.")
MEMORY = Port("h", "The memory of each layer after the last time step.")


class _Recurrent(Layer):
    gates: ClassVar[int]
    inputs = (INPUT, Port("hx", "The memory to start with; zeros where nothing is linked.", optional=True))
    outputs = (SEQUENCE, MEMORY)
    port_shapes: ClassVar = {
        "input": "(N, T, input_size); (T, N, input_size) where batch_first is off.",
        "hx": "(D · num_layers, N, hidden_size), D = 2 where bidirectional, else 1.",
        "output": "(N, T, D · hidden_size), or (T, N, D · hidden_size) where batch_first is off; D as of h.",
        "h": "(D · num_layers, N, hidden_size), D = 2 where bidirectional, else 1.",
    }

    hidden_size: int = parameter(64, "How many numbers the layer remembers.", low=1, required=True)
    num_layers: int = parameter(1, "How many of them stand on top of each other.", low=1, high=1000)
    bias: bool = parameter(True, "Whether learned constants are added.", rare=True)
    batch_first: bool = parameter(
        False, "Whether the input is batch × time × features; else it is time × batch × features.", dropped=True
    )
    dropout: float = parameter(0.0, "The share that is set to 0 between the layers in training.", low=0, high=1)
    bidirectional: bool = parameter(False, "Whether a second one reads the sequence from its end.")

    def call(self, inputs: Inputs) -> Call:
        expect_sequence(self, inputs, "input", self.batch_first, axis=2)
        if self.dropout and self.num_layers == 1:
            raise Refused(
                f"{name_of(self)} expects at least 2 layers for a dropout between them, but num_layers is 1: set "
                "dropout to 0 or add a layer.",
                "",
                remedies.set_value("dropout", 0.0),
            )
        for port, size in self.memories().items():
            self.expect_memory(inputs, port, size)
        width = fixed_size(inputs, "input", 2, name_of(self), "input_size")
        return self.module(
            width, self.hidden_size, expression="{module}({input}{optional})", **self.memory_text(inputs)
        )

    def memory_text(self, inputs: Inputs) -> dict[str, Any]:
        """How the memory is passed in and unpacked."""
        return {"optional": (("hx", ", {hx}"),), "unpack": ("output", "h")}

    def memories(self) -> dict[str, int]:
        """The ports through which a memory comes in, with the size of each."""
        return {"hx": self.hidden_size}

    def expect_memory(self, inputs: Inputs, port: str, size: int) -> None:
        """Refuse a memory of another shape than layers and directions × batch × size."""
        if port not in inputs:
            return
        wanted = (self.directions * self.num_layers, inputs["input"].shape[0 if self.batch_first else 1], size)
        if inputs[port].shape != wanted:
            raise Refused(
                f"{name_of(self)} expects {shape_text(wanted)} for {port}, but receives {received(inputs[port])}: "
                "give it the memory of a recurrent layer with the same sizes.",
                port,
            )

    @property
    def directions(self) -> int:
        """1, or 2 where the sequence is read from both ends."""
        return 2 if self.bidirectional else 1

    def sizes(self, inputs: Inputs) -> tuple[Size, Size]:
        """Batch and time."""
        first, second = inputs["input"].shape[:2]
        return (first, second) if self.batch_first else (second, first)

    @property
    def out_size(self) -> int:
        """How many numbers one direction gives at each step."""
        return self.hidden_size

    def rule(self, inputs: Inputs) -> dict[str, Spec]:
        batch, _ = self.sizes(inputs)
        dtype = inputs["input"].dtype
        stacked = self.directions * self.num_layers
        output = Spec((*inputs["input"].shape[:2], self.directions * self.out_size), dtype)
        return {"output": output, "h": Spec((stacked, batch, self.out_size), dtype)}

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        memory = dict.fromkeys(outputs, ("layers", "N", "features"))
        return {**memory, "output": sequence_axes(self.batch_first)}

    def macs(self, inputs: Inputs) -> int:
        _, time = self.sizes(inputs)
        width = fixed_size(inputs, "input", 2)
        total = 0
        for _ in range(self.num_layers):
            total += self.directions * self.gates * self.hidden_size * (width + self.out_size)
            total += self.directions * self.hidden_size * self.out_size * (self.out_size != self.hidden_size)
            width = self.directions * self.out_size
        return total * (time if isinstance(time, int) else 1)


class RNN(_Recurrent, family="recurrent", torch="nn.RNN"):
    """Reads a sequence step by step, mixing each step into a memory; simple, and forgets quickly."""

    gates = 1
    synonyms = ("elman", "recurrent", "sequence", "time series", "memory", "text", "bidirectional", "hidden state")
    use = "For short sequences, and to see how recurrence works. Use GRU or LSTM to remember longer."
    formula = "h[t] = f(W x[t] + b + U h[t−1] + d), f = tanh or relu"
    paper = "Elman, 1990, Finding structure in time"

    nonlinearity: str = parameter("tanh", "What bends the memory at each step.", choices=("tanh", "relu"), rare=True)


class GRU(_Recurrent, family="recurrent", torch="nn.GRU"):
    """Reads a sequence step by step and learns what to keep and what to forget; lighter than an LSTM."""

    gates = 3
    synonyms = (
        "gated recurrent unit",
        "recurrent",
        "sequence",
        "time series",
        "memory",
        "text",
        "bidirectional",
        "hidden state",
    )
    use = (
        "For sequences where order matters, with fewer weights than LSTM and often the same result. Use "
        "TransformerEncoder for long sequences and much data, Select for the last step alone."
    )
    formula = (
        "r = σ(Wᵣ x[t] + bᵣ + Uᵣ h[t−1] + dᵣ)\n"
        "z = σ(W_z x[t] + b_z + U_z h[t−1] + d_z)\n"
        "n = tanh(Wₙ x[t] + bₙ + r · (Uₙ h[t−1] + dₙ))\n"
        "h[t] = (1 − z) · n + z · h[t−1]"
    )
    paper = (
        "Cho et al., 2014, Learning phrase representations using RNN encoder-decoder for statistical machine "
        "translation"
    )


class LSTM(_Recurrent, family="recurrent", torch="nn.LSTM"):
    """Reads a sequence step by step with a memory that can hold things for long."""

    gates = 4
    inputs = (
        INPUT,
        Port("h_0", "The short memory to start with; zeros where nothing is linked.", optional=True),
        Port("c_0", "The long memory to start with; linked together with h_0.", optional=True),
    )
    outputs = (SEQUENCE, MEMORY, Port("c", "The long memory of each layer after the last time step."))
    port_shapes: ClassVar = {
        "output": "(N, T, D · H), or (T, N, D · H) where batch_first is off; D and H as of h.",
        "h_0": "(D · num_layers, N, H), D = 2 where bidirectional, else 1; H = proj_size, else hidden_size.",
        "c_0": "(D · num_layers, N, hidden_size), D = 2 where bidirectional, else 1.",
        "h": "(D · num_layers, N, H), D = 2 where bidirectional, else 1; H = proj_size, else hidden_size.",
        "c": "(D · num_layers, N, hidden_size), D = 2 where bidirectional, else 1.",
    }
    synonyms = (
        "long short-term memory",
        "recurrent",
        "sequence",
        "time series",
        "memory",
        "text",
        "sound",
        "bidirectional",
        "hidden state",
    )
    use = (
        "For text, sound or measurements where order matters and data is limited. GRU is lighter, TransformerEncoder "
        "suits long sequences and much data; use Select for the last step alone."
    )
    formula = (
        "i, f, o = σ(W x[t] + b + U h[t−1] + d), each with weights of its own\n"
        "g = tanh(W x[t] + b + U h[t−1] + d), likewise\n"
        "c[t] = f · c[t−1] + i · g\n"
        "h[t] = o · tanh(c[t])"
    )
    paper = "Hochreiter and Schmidhuber, 1997, Long short-term memory"

    proj_size: int = parameter(0, "To how many numbers the output is reduced; 0 leaves it.", low=0, rare=True)

    def call(self, inputs: Inputs) -> Call:
        if self.proj_size >= self.hidden_size:
            raise Refused(
                f"LSTM expects proj_size below hidden_size ({self.hidden_size}), but it is {self.proj_size}: set it "
                "to 0.",
                "",
                remedies.set_value("proj_size", 0),
            )
        return super().call(inputs)

    def memories(self) -> dict[str, int]:
        return {"h_0": self.out_size, "c_0": self.hidden_size}

    def memory_text(self, inputs: Inputs) -> dict[str, Any]:
        missing = {"h_0", "c_0"} - set(inputs)
        if len(missing) == 1:
            port = missing.pop()
            other = "c_0" if port == "h_0" else "h_0"
            raise Refused(f"LSTM expects {port} together with {other}: link both or neither.", port)
        return {"optional": (("h_0", ", ({h_0}"), ("c_0", ", {c_0})")), "unpack": ("output", ("h", "c"))}

    @property
    def out_size(self) -> int:
        return self.proj_size or self.hidden_size

    def rule(self, inputs: Inputs) -> dict[str, Spec]:
        batch, _ = self.sizes(inputs)
        stacked = self.directions * self.num_layers
        return {**super().rule(inputs), "c": Spec((stacked, batch, self.hidden_size), inputs["input"].dtype)}
