"""Layers that rearrange and pick from an input without learning anything."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from core.layers import remedies
from core.layers.axes import with_one, without
from core.layers.expectations import (
    expect_axis,
    expect_batch_first,
    expect_sample_axis,
    is_batch,
    name_of,
    received,
)
from core.layers.layer import Call, Inputs, Layer, Refused, SameAxes, axes_of
from core.parameters import parameter
from core.specs import Size, factors, shape_text

LOW, HIGH = -8, 7
"""The axes that can be named; torch itself allows more than anyone uses."""

SAMPLE_AXIS = "Along which axis; -1 is the last."


class Identity(SameAxes, family="shape", torch="nn.Identity"):
    """Passes its input on unchanged; useful as a named place."""

    synonyms = ("pass", "nothing", "placeholder", "skip", "no-op")
    use = (
        "To give a value a name, or to hold the place of a layer that is still to come. It computes nothing and "
        "costs nothing."
    )
    formula = "y = x"

    def call(self, inputs: Inputs) -> Call:
        return self.module()


class Flatten(Layer, family="shape", torch="nn.Flatten"):
    """Lays the axes of each sample end to end, so that a picture becomes one row of numbers."""

    port_shapes: ClassVar = {
        "input": "Any shape with samples, (N, *), as pictures of C × H × W.",
        "output": "The axes from start_dim to end_dim become one: (N, C · H · W).",
    }
    synonyms = ("reshape", "vector", "unroll", "fully connected head", "dense head", "to vector", "1d")
    use = (
        "Between convolutions or pooling and the first Linear. Use AdaptiveAvgPool2d before it for a network that "
        "takes pictures of any size, Reshape for any other shape. With start_dim 0 and end_dim 1, each frame of a clip "
        "becomes a sample; Unflatten along 0 brings the clips back."
    )
    formula = "(N, C, H, W) → (N, C · H · W)"

    start_dim: int = parameter(
        1, "The first axis that is joined; 1 leaves the batch alone, 0 makes more samples.", low=LOW, high=HIGH
    )
    end_dim: int = parameter(-1, "The last axis that is joined; -1 is the last of all.", low=LOW, high=HIGH, rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_batch_first(self, inputs)
        first = expect_axis_or_batch(self, inputs, self.start_dim, "start_dim")
        last = expect_axis(self, inputs, self.end_dim, "end_dim")
        if last < first:
            raise Refused(
                f"Flatten expects end_dim not to come before start_dim, but they are {self.end_dim} and "
                f"{self.start_dim} for {received(inputs['input'])}: set end_dim to -1.",
                "input",
                remedies.set_value("end_dim", -1),
            )
        return self.module()

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        names = axes_of(inputs["input"])
        first, last = self.start_dim % len(names), self.end_dim % len(names)
        is_known = first == last or not first
        joined = names[first] if is_known else "features" if last == len(names) - 1 else ""
        return {"output": (*names[:first], joined, *names[last + 1 :])}


class Unflatten(Layer, family="shape", torch="nn.Unflatten"):
    """Splits one axis into several, as a row of 64 numbers into a picture of 1 × 8 × 8."""

    port_shapes: ClassVar = {
        "input": "Any shape with samples, (N, *); axis dim has a · b · … places.",
        "output": "Axis dim becomes several: (N, a, b, …).",
    }
    synonyms = ("reshape", "split axis", "unsqueeze", "picture", "decoder", "generator", "to image")
    use = (
        "Behind a Linear whose row is to become a picture again, as in a decoder or generator. Use Reshape to "
        "change all axes of a sample at once."
    )
    formula = "(N, a · b · c) → (N, a, b, c)"

    dim: int = parameter(1, "Which axis is split.", low=LOW, high=HIGH, required=True)
    unflattened_size: tuple[int, ...] = parameter(
        (1, 8, 8), "The sizes that it becomes; one of them may be -1 for what is left.", low=-1, required=True
    )

    def call(self, inputs: Inputs) -> Call:
        axis = expect_axis_or_batch(self, inputs, self.dim)
        size = inputs["input"].shape[axis]
        if is_batch(size):
            _expect_batches(self, inputs, "unflattened_size", self.unflattened_size, size)
        else:
            _expect_product(self, inputs, "unflattened_size", self.unflattened_size, (size,))
        return self.module(self.dim, self.unflattened_size, exact=("1",))

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        names = axes_of(inputs["input"])
        at = self.dim % len(names)
        batch = is_batch(inputs["input"].shape[at])
        made = ["N" if batch and size == -1 else "" for size in self.unflattened_size]
        return {"output": (*names[:at], *made, *names[at + 1 :])}


class Reshape(Layer, family="shape", torch="torch.reshape"):
    """Gives each sample another shape with as many numbers; their order stays."""

    port_shapes: ClassVar = {
        "input": "Any shape with samples, (N, *).",
        "output": "(N, *), * the shape that you type, with as many numbers.",
    }
    synonyms = ("view", "resize", "picture", "unflatten", "heads", "patches")
    use = (
        "To give samples another shape where neither Flatten nor Unflatten fits. It does not move numbers: use "
        "Permute or Transpose to swap axes."
    )
    formula = "(N, …) → (N, shape), the numbers in the order in which they lie"

    shape: tuple[int, ...] = parameter(
        (-1,), "The shape of one sample; one of its sizes may be -1 for what is left.", low=-1, required=True
    )
    keep_batch: bool = parameter(
        True,
        "Whether there stay as many samples; otherwise as many are made as there are numbers for, as a sample of each "
        "frame of a clip, or of several frames a clip again.",
        rare=True,
        required=True,
    )

    def call(self, inputs: Inputs) -> Call:
        expect_batch_first(self, inputs)
        if not is_batch(next(iter(inputs["input"].shape), 0)):
            message = (
                f"Reshape expects samples, but receives {received(inputs['input'])} for all of them: remove Reshape."
            )
            raise Refused(message, "input", remedies.bypass())
        sizes = ", ".join(str(size) for size in self.shape)
        if not self.keep_batch:
            self._expect_whole_samples(inputs)
            return Call(expression=f"{{input}}.reshape(-1, {sizes})" if sizes else "{input}.reshape(-1)")
        _expect_product(self, inputs, "shape", self.shape, inputs["input"].shape[1:])
        batch = "{input}.shape[0]" if -1 in self.shape else "-1"
        return Call(expression=f"{{input}}.reshape({batch}, {sizes})" if sizes else "{input}.reshape(-1)")

    def _expect_whole_samples(self, inputs: Inputs) -> None:
        """Refuse a shape of which the numbers of a batch do not make whole samples, whatever the batch."""
        batch, *rest = inputs["input"].shape
        if -1 in self.shape or 0 in self.shape or any(isinstance(size, str) for size in rest):
            raise Refused(
                "Reshape without keep_batch expects sizes of at least 1 in shape, as the number of samples follows "
                f"from them, but it is {shape_text(self.shape)} for {received(inputs['input'])}: set keep_batch to "
                "true.",
                "input",
                remedies.set_value("keep_batch", True),
            )
        held, wanted = math.prod(size for size in rest if isinstance(size, int)), math.prod(self.shape)
        if any(number * held % wanted for number in factors(batch)):
            raise Refused(
                f"Reshape expects numbers for whole samples of {shape_text(self.shape) or 'one number'}, but receives "
                f"{received(inputs['input'])}, where {batch} times {held} is no multiple of {wanted} at every batch: "
                "change shape, or set keep_batch to true.",
                "input",
                remedies.set_value("keep_batch", True),
            )


def expect_axis_or_batch(layer: Layer, inputs: Inputs, axis: int, name: str = "dim") -> int:
    """An axis counted from the front, which may be the batch's where there are others."""
    spec = inputs["input"]
    if spec.rank == 1 and not factors_of_batch(spec.shape[0]) > 1:
        return expect_sample_axis(layer, inputs, axis, name)
    return expect_axis(layer, inputs, axis, name)


def factors_of_batch(size: Size) -> int:
    """How often the batch is in a size."""
    return factors(size)[0]


def _expect_batches(layer: Layer, inputs: Inputs, name: str, sizes: tuple[int, ...], size: Size) -> None:
    """Refuse sizes into which the batch's axis cannot be split at every batch."""
    wanted = math.prod(each for each in sizes if each != -1)
    if sizes.count(-1) == 1 and 0 not in sizes and not any(number % wanted for number in factors(size)):
        return
    parts = factors_of_batch(size)
    best = (-1, parts) if parts > 1 and not factors(size)[1] else ()
    raise Refused(
        f"{name_of(layer)} expects one size of -1 for the batch, and others whose product divides it ({size}), but "
        f"{name} is {shape_text(sizes)} for {received(inputs['input'])}: "
        + (f"for example {listed(best)}." if best else "choose an axis from 1."),
        "input",
        remedies.set_value(name, best) if best else remedies.set_value("dim", 1) if inputs["input"].rank > 1 else None,
    )


def _expect_product(layer: Layer, inputs: Inputs, name: str, sizes: tuple[int, ...], held: tuple[Size, ...]) -> None:
    """Refuse sizes that hold another count of numbers than what is to be rearranged."""
    open_sizes = sum(size == -1 for size in sizes)
    if 0 in sizes or open_sizes > 1:
        raise Refused(
            f"{name_of(layer)} expects sizes of at least 1 in {name}, one of them -1 at most, but it is "
            f"{shape_text(sizes)}: set it to -1 to join everything.",
            "",
            remedies.set_value(name, (-1,)),
        )
    if any(isinstance(size, str) for size in held):
        return
    count = math.prod(size for size in held if isinstance(size, int))
    wanted = math.prod(size for size in sizes if size != -1)
    if (count % wanted) if open_sizes else (count != wanted):
        raise Refused(
            f"{name_of(layer)} expects {'a multiple of ' * bool(open_sizes)}{wanted} numbers for {shape_text(sizes)}, "
            f"but receives {count} in {received(inputs['input'])}: change {name} so that the sizes multiply to "
            f"{count}.",
            "input",
            remedies.set_value(name, (-1,)),
        )


class Permute(Layer, family="shape", torch="torch.permute"):
    """Puts the axes in another order, as from height × width × channels to channels × height × width."""

    port_shapes: ClassVar = {"input": "Any shape.", "output": "The shape of input with its axes in the order dims."}
    synonyms = ("transpose", "swap axes", "reorder", "channels last", "channels first", "rearrange", "nhwc", "nchw")
    use = (
        "To bring axes into the order that the next layer expects, as channels last to channels first. Use "
        "Transpose where only two axes swap, Reshape where sizes change."
    )
    formula = "y[i₀, i₁, …] has along axis k what x has along axis dims[k]"

    dims: tuple[int, ...] = parameter(
        (0, 2, 1), "Which axis of the input stands at each place; 0 is the batch.", low=LOW, high=HIGH, required=True
    )

    def call(self, inputs: Inputs) -> Call:
        spec = inputs["input"]
        if sorted(dim + spec.rank * (dim < 0) for dim in self.dims) != list(range(spec.rank)):
            fitting = (0, *range(spec.rank - 1, 0, -1)) if spec.rank != 4 else (0, 3, 1, 2)
            raise Refused(
                f"Permute expects each of the {spec.rank} axes once in dims, but has {listed(self.dims)} for "
                f"{received(spec)}: for example {listed(fitting)}.",
                "input",
                remedies.set_value("dims", fitting),
            )
        return Call(expression=f"{{input}}.permute({listed(self.dims)})")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        names = axes_of(inputs["input"])
        return {"output": tuple(names[dim] for dim in self.dims)}


def listed(sizes: tuple[int, ...]) -> str:
    """Whole numbers as they stand between brackets."""
    return ", ".join(str(size) for size in sizes)


class Transpose(Layer, family="shape", torch="torch.transpose"):
    """Swaps two axes, as time and features of a sequence."""

    port_shapes: ClassVar = {
        "input": "Any shape.",
        "output": "The shape of input with the axes dim0 and dim1 swapped.",
    }
    synonyms = (
        "permute", "swap axes", "channels last", "channels first", "rearrange", "time first", "matrix transpose",
    )  # fmt: skip
    use = (
        "To swap two axes, as before a Conv1d over a sequence of vectors (N, T, features) → (N, features, T). Use "
        "Permute for more than two axes."
    )
    formula = "y[…, i, …, j, …] = x[…, j, …, i, …]"

    dim0: int = parameter(1, "One of the two axes.", low=LOW, high=HIGH, required=True)
    dim1: int = parameter(2, "The other one.", low=LOW, high=HIGH, required=True)

    def call(self, inputs: Inputs) -> Call:
        for name, dim in (("dim0", self.dim0), ("dim1", self.dim1)):
            expect_axis(self, inputs, dim, name)
        return Call(expression=f"{{input}}.transpose({self.dim0}, {self.dim1})")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        names = list(axes_of(inputs["input"]))
        names[self.dim0], names[self.dim1] = names[self.dim1], names[self.dim0]
        return {"output": tuple(names)}


class Squeeze(Layer, family="shape", torch="torch.squeeze"):
    """Takes an axis of size 1 away."""

    port_shapes: ClassVar = {
        "input": "Any shape; axis dim has size 1.",
        "output": "The shape of input without axis dim.",
    }
    synonyms = ("remove axis", "drop dimension", "flatten")
    use = (
        "To drop an axis of size 1, as the last axis of one score a sample before a loss. Use Flatten to join axes "
        "that hold more."
    )
    formula = "(N, 1, T) → (N, T) for dim 1"

    dim: int = parameter(-1, "Which axis is taken away; its size must be 1.", low=LOW, high=HIGH, required=True)

    def call(self, inputs: Inputs) -> Call:
        spec = inputs["input"]
        size = spec.shape[expect_sample_axis(self, inputs, self.dim)]
        if size != 1:
            ones = [axis for axis, held in enumerate(spec.shape) if held == 1]
            raise Refused(
                f"Squeeze expects size 1 on axis {self.dim}, but receives {received(spec)}, where it is {size}: "
                + (f"set dim to {ones[0]}." if ones else "remove Squeeze."),
                "input",
                remedies.set_value("dim", ones[0]) if ones else remedies.bypass(),
            )
        return Call(expression=f"{{input}}.squeeze({self.dim})")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": without(axes_of(inputs["input"]), [self.dim])}


class Unsqueeze(Layer, family="shape", torch="torch.unsqueeze"):
    """Adds an axis of size 1, as the one channel of a grey picture."""

    port_shapes: ClassVar = {
        "input": "Any shape.",
        "output": "The shape of input with one more axis, of size 1, at dim.",
    }
    synonyms = ("add axis", "expand", "new dimension", "channel", "grey picture", "broadcast")
    use = (
        "To add an axis that the next layer expects, as channels to a grey picture, or to line shapes up for Add "
        "and Multiply. Use Reshape to add several."
    )
    formula = "(N, H, W) → (N, 1, H, W) for dim 1"

    dim: int = parameter(
        1, "Where the new axis stands; 1 is right behind the batch.", low=LOW, high=HIGH, required=True
    )

    def call(self, inputs: Inputs) -> Call:
        expect_sample_axis(self, inputs, self.dim, extra=1)
        return Call(expression=f"{{input}}.unsqueeze({self.dim})")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": with_one(axes_of(inputs["input"]), self.dim)}


class Select(Layer, family="shape", torch="torch.select"):
    """Picks one place of an axis, as the last time step of a sequence, and takes the axis away."""

    port_shapes: ClassVar = {"input": "Any shape.", "output": "The shape of input without axis dim."}
    synonyms = ("last time step", "index", "pick", "get", "last output", "class token", "last step")
    use = (
        "To take one place out of an axis, as the last output of an LSTM or the class token of a transformer. Use "
        "Slice for a stretch, IndexSelect for several places."
    )
    formula = "y = x[:, …, index, …]"

    dim: int = parameter(1, "From which axis.", low=0, high=HIGH, required=True)
    index: int = parameter(-1, "Which place; 0 is the first, -1 the last.", required=True)

    def call(self, inputs: Inputs) -> Call:
        spec = inputs["input"]
        size = spec.shape[expect_sample_axis(self, inputs, self.dim)]
        if isinstance(size, int) and not -size <= self.index < size:
            raise Refused(
                f"Select expects an index from {-size} to {size - 1} on axis {self.dim} of {received(spec)}, but it "
                f"is {self.index}: choose -1 for the last.",
                "input",
                remedies.set_value("index", -1),
            )
        return Call(expression="{input}[" + ":, " * self.dim + f"{self.index}]")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": without(axes_of(inputs["input"]), [self.dim])}


class Slice(SameAxes, family="shape", torch="torch.slice_copy"):
    """Keeps a stretch of one axis, as the first ten time steps."""

    port_shapes: ClassVar = {"output": "The shape of input with fewer places on axis dim."}
    is_composed = True
    synonyms = ("crop", "narrow", "cut", "range", "part", "subsample", "downsample", "truncate", "causal")
    use = (
        "To keep a stretch of an axis, as a crop, or the outputs behind a prompt. Use Select for one place, Split "
        "to use every part."
    )
    formula = "y = x[:, …, start:end:step, …]"

    dim: int = parameter(1, "Along which axis.", low=0, high=HIGH, required=True)
    start: int = parameter(0, "Where the stretch begins; negative counts from the end.", required=True)
    end: int | None = parameter(None, "Before which place it ends; none goes to the end.", required=True)
    step: int = parameter(1, "Every how many places one is kept.", low=1, rare=True, required=True)

    def call(self, inputs: Inputs) -> Call:
        spec = inputs["input"]
        size = spec.shape[expect_sample_axis(self, inputs, self.dim)]
        if isinstance(size, int) and not range(size)[self.start : self.end : self.step]:
            raise Refused(
                f"Slice expects a stretch that holds something, but from {self.start} to {remedies.plain(self.end)} "
                f"there is nothing on axis {self.dim} of {received(spec)}: set start to 0 and end to none.",
                "input",
                remedies.set_value("start", 0) if range(size)[: self.end : self.step] else remedies.bypass(),
            )
        places = f"{self.start or ''}:{'' if self.end is None else self.end}" + (
            f":{self.step}" if self.step > 1 else ""
        )
        return Call(expression="{input}[" + ":, " * self.dim + f"{places}]")


class Float(SameAxes, family="shape", torch="torch.Tensor.float"):
    """Turns whole numbers, or true and false, into floating point numbers."""

    synonyms = ("cast", "convert", "to float", "float32", "dtype", "type")
    use = (
        "Before layers and losses that calculate with numbers with a point, as BCEWithLogitsLoss with whole numbers "
        "as targets. For class numbers or words use Embedding or OneHot instead."
    )
    formula = "y = float32(x)"

    def call(self, inputs: Inputs) -> Call:
        return Call(expression="{input}.float()")


class Long(SameAxes, family="shape", torch="torch.Tensor.long"):
    """Turns numbers into whole numbers, cutting off what stands behind the point."""

    synonyms = ("cast", "convert", "to integer", "int64", "dtype", "class number", "type", "label")
    use = (
        "Before layers that look up or count, as Embedding, OneHot or a class loss. Nothing is learned through it; "
        "use Round before it where cutting off is not meant."
    )
    formula = "y = int64(x), cut off towards 0"

    def call(self, inputs: Inputs) -> Call:
        return Call(expression="{input}.long()")
