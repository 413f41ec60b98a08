"""Layers that cut an input into parts, each an output of its own."""

from __future__ import annotations

from collections.abc import Mapping

from core.layers import remedies
from core.layers.axes import without
from core.layers.expectations import expect_sample_axis, name_of, received
from core.layers.layer import Call, Inputs, Port, Refused, SameAxes, axes_of
from core.layers.shape import HIGH, LOW, SAMPLE_AXIS, listed
from core.parameters import parameter

MOST = 8
"""Into how many parts an input can be split: each is an output of its own."""

PARTS = tuple(
    Port(f"part_{number}", f"Part {number + 1}, where there are as many.", optional=number > 1)
    for number in range(MOST)
)


class _Splitting(SameAxes):
    outputs = PARTS

    dim: int = parameter(0, SAMPLE_AXIS, low=LOW, high=HIGH, dropped=1)

    def size(self, inputs: Inputs) -> int:
        """The size of the axis that is split; refuses one that varies."""
        size = inputs["input"].shape[expect_sample_axis(self, inputs, self.dim)]
        if isinstance(size, str):
            raise Refused(
                f"{name_of(self)} expects an axis of a fixed size, but axis {self.dim} varies ({size}) in "
                f"{received(inputs['input'])}: choose another axis.",
                "input",
            )
        return size

    def parts(self, count: int, expression: str) -> Call:
        """The call with as many outputs as there are parts."""
        return Call(expression=expression, unpack=tuple(port.name for port in PARTS[:count]))


class Split(_Splitting, family="shape", torch="torch.split"):
    """Cuts an axis into parts of the sizes that you choose, each an output of its own."""

    synonyms = ("divide", "parts", "branches", "csp", "separate", "slice into", "channel split")
    use = (
        "To send parts of unequal size down branches of their own. Use Chunk for equal parts, Slice where only one "
        "part is needed."
    )
    formula = "x = [part_0 | part_1 | …] along dim, of the given sizes"

    split_sizes: tuple[int, ...] = parameter((8, 8), "How large each part is.", low=1, required=True)

    def call(self, inputs: Inputs) -> Call:
        size = self.size(inputs)
        if not 2 <= len(self.split_sizes) <= MOST or sum(self.split_sizes) != size:
            repair = remedies.set_value("split_sizes", (size - size // 2, size // 2)) if size > 1 else remedies.bypass()
            raise Refused(
                f"Split expects from 2 to {MOST} sizes that add up to {size}, the size of axis {self.dim} of "
                f"{received(inputs['input'])}, but they are {listed(self.split_sizes) or 'none'}: "
                + (f"for example {size - size // 2}, {size // 2}." if size > 1 else "remove Split."),
                "input",
                repair,
            )
        return self.parts(
            len(self.split_sizes), f"torch.split({{input}}, [{listed(self.split_sizes)}], dim={self.dim})"
        )


class Chunk(_Splitting, family="shape", torch="torch.chunk"):
    """Cuts an axis into parts of one size, each an output of its own; the last may be smaller."""

    synonyms = ("divide", "halves", "parts", "query key value", "gates", "split", "separate", "mean and variance")
    use = (
        "To cut channels or features into equal parts, as query, key and value out of one Linear, or the two halves "
        "of a gate. Use Split for sizes of your own."
    )
    formula = "x = [part_0 | … | part_(chunks−1)] along dim, each of ⌈size / chunks⌉"

    chunks: int = parameter(2, "Into how many parts.", low=2, high=MOST, required=True)

    def call(self, inputs: Inputs) -> Call:
        size = self.size(inputs)
        made = -(-size // -(-size // self.chunks))
        if made < self.chunks:
            raise Refused(
                f"Chunk expects an axis that gives {self.chunks} parts, but axis {self.dim} of "
                f"{received(inputs['input'])} gives {made}: "
                + (f"set chunks to {made}." if made > 1 else "remove Chunk."),
                "input",
                remedies.set_value("chunks", made) if made > 1 else remedies.bypass(),
            )
        return self.parts(made, f"torch.chunk({{input}}, {self.chunks}, dim={self.dim})")


class Unbind(_Splitting, family="shape", torch="torch.unbind"):
    """Takes an axis away and gives each of its places as an output of its own."""

    synonyms = ("unstack", "separate", "steps", "query key value", "split", "frames")
    use = (
        "To work with each place of a short axis by itself, as the frames of a clip. Use Select for one of them, "
        "Chunk where the axis should stay."
    )
    formula = "part_i = x[:, …, i, …]"

    def call(self, inputs: Inputs) -> Call:
        size = self.size(inputs)
        if not 2 <= size <= MOST:
            raise Refused(
                f"Unbind expects an axis of 2 to {MOST} places, but axis {self.dim} of {received(inputs['input'])} "
                f"has {size}: {'use Select for some of them' if size > 1 else 'use Squeeze'}.",
                "input",
                remedies.swap(self, "Select", dim=self.dim % inputs["input"].rank, index=0)
                if size > 1
                else remedies.swap(self, "Squeeze", dim=self.dim),
            )
        return self.parts(size, f"torch.unbind({{input}}, dim={self.dim})")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        names = without(axes_of(inputs["input"]), [self.dim])
        return dict.fromkeys(outputs, names)
