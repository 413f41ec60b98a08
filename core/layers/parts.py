"""Layers that cut an input into parts, each an output of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.layers import remedies
from core.layers.axes import without
from core.layers.expectations import expect_sample_axis, is_batch, name_of, received
from core.layers.layer import Call, Inputs, Port, Refused, SameAxes, axes_of
from core.layers.shape import HIGH, LOW, SAMPLE_AXIS, listed
from core.parameters import parameter
from core.specs import factors

MOST = 64
"""Into how many parts an input can be split: each is an output of its own."""

PARTS = tuple(
    Port(f"part_{number}", f"Part {number + 1}, where there are as many.", optional=number > 1)
    for number in range(MOST)
)


class _Splitting(SameAxes):
    outputs = PARTS
    port_shapes: ClassVar = {
        "input": "Any shape.",
        **dict.fromkeys((port.name for port in PARTS), "The shape of input, with its part of axis dim."),
    }

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

    def batches(self, inputs: Inputs) -> int:
        """How many batches lie behind each other along the axis (`2*N`), as behind Cat; 0 where it is no such axis."""
        spec = inputs["input"]
        if not -spec.rank <= self.dim < spec.rank:
            return 0
        size = spec.shape[self.dim]
        factor, added = factors(size) if is_batch(size) else (0, 0)
        return factor if factor > 1 and not added else 0

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

    split_sizes: tuple[int, ...] = parameter(
        (8, 8), "How large each part is; along the batch's axis, how many batches it holds.", low=1, required=True
    )

    def call(self, inputs: Inputs) -> Call:
        batches = self.batches(inputs)
        size = batches or self.size(inputs)
        if not 2 <= len(self.split_sizes) <= MOST or sum(self.split_sizes) != size:
            repair = remedies.set_value("split_sizes", (size - size // 2, size // 2)) if size > 1 else remedies.bypass()
            raise Refused(
                f"Split expects from 2 to {MOST} sizes that add up to {size}, the "
                f"{'batches on' if batches else 'size of'} axis {self.dim} of {received(inputs['input'])}, but they "
                f"are {listed(self.split_sizes) or 'none'}: "
                + (f"for example {size - size // 2}, {size // 2}." if size > 1 else "remove Split."),
                "input",
                repair,
            )
        if batches:
            one = f"{{input}}.shape[{self.dim}] // {batches}"
            sizes = ", ".join(one if each == 1 else f"{one} * {each}" for each in self.split_sizes)
            return self.parts(len(self.split_sizes), f"torch.split({{input}}, [{sizes}], dim={self.dim})")
        return self.parts(
            len(self.split_sizes), f"torch.split({{input}}, [{listed(self.split_sizes)}], dim={self.dim})"
        )


class Chunk(_Splitting, family="shape", torch="torch.chunk"):
    """Cuts an axis into parts of one size, each an output of its own; the last may be smaller."""

    synonyms = ("divide", "halves", "parts", "query key value", "gates", "split", "separate", "mean and variance")
    use = (
        "To cut channels or features into equal parts, as query, key and value out of one Linear, or the two halves "
        "of a gate, or two batches that Cat laid behind each other on axis 0. Use Split for sizes of your own."
    )
    formula = "x = [part_0 | … | part_(chunks−1)] along dim, each of ⌈size / chunks⌉"

    chunks: int = parameter(2, "Into how many parts.", low=2, high=MOST, required=True)

    def call(self, inputs: Inputs) -> Call:
        batches = self.batches(inputs)
        if batches:
            if batches % self.chunks:
                best = max(part for part in range(2, batches + 1) if batches % part == 0)
                best = next((part for part in range(min(self.chunks, batches), 1, -1) if batches % part == 0), best)
                raise Refused(
                    f"Chunk expects chunks to divide the {batches} batches on axis {self.dim} of "
                    f"{received(inputs['input'])}, but it is {self.chunks}: "
                    + (f"set chunks to {best}." if best <= MOST else "choose another axis."),
                    "input",
                    remedies.set_value("chunks", best) if best <= MOST else None,
                )
            return self.parts(self.chunks, f"torch.chunk({{input}}, {self.chunks}, dim={self.dim})")
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

    port_shapes: ClassVar = dict.fromkeys((port.name for port in PARTS), "The shape of input without axis dim.")
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
