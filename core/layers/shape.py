"""Layers that rearrange and pick from an input without learning anything."""

from __future__ import annotations

import math
from collections.abc import Mapping

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
from core.specs import Size, shape_text

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

    synonyms = ("reshape", "vector", "unroll", "fully connected head", "dense head", "to vector", "1d")
    use = (
        "Between convolutions or pooling and the first Linear. Use AdaptiveAvgPool2d before it for a network that "
        "takes pictures of any size, Reshape for any other shape."
    )
    formula = "(N, C, H, W) → (N, C · H · W)"

    start_dim: int = parameter(1, "The first axis that is joined; 1 leaves the batch alone.", low=LOW, high=HIGH)
    end_dim: int = parameter(-1, "The last axis that is joined; -1 is the last of all.", low=LOW, high=HIGH, rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_batch_first(self, inputs)
        first = expect_sample_axis(self, inputs, self.start_dim, "start_dim")
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
        joined = names[first] if first == last else "features" if last == len(names) - 1 else ""
        return {"output": (*names[:first], joined, *names[last + 1 :])}


class Unflatten(Layer, family="shape", torch="nn.Unflatten"):
    """Splits one axis into several, as a row of 64 numbers into a picture of 1 × 8 × 8."""

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
        axis = expect_sample_axis(self, inputs, self.dim)
        _expect_product(self, inputs, "unflattened_size", self.unflattened_size, (inputs["input"].shape[axis],))
        return self.module(self.dim, self.unflattened_size, exact=("1",))

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        names = axes_of(inputs["input"])
        at = self.dim % len(names)
        return {"output": (*names[:at], *[""] * len(self.unflattened_size), *names[at + 1 :])}


class Reshape(Layer, family="shape", torch="torch.reshape"):
    """Gives each sample another shape with as many numbers; their order stays."""

    synonyms = ("view", "resize", "picture", "unflatten", "heads", "patches")
    use = (
        "To give samples another shape where neither Flatten nor Unflatten fits. It does not move numbers: use "
        "Permute or Transpose to swap axes."
    )
    formula = "(N, …) → (N, shape), the numbers in the order in which they lie"

    shape: tuple[int, ...] = parameter(
        (-1,), "The shape of one sample; one of its sizes may be -1 for what is left.", low=-1, required=True
    )

    def call(self, inputs: Inputs) -> Call:
        expect_batch_first(self, inputs)
        if not is_batch(next(iter(inputs["input"].shape), 0)):
            message = (
                f"Reshape expects samples, but receives {received(inputs['input'])} for all of them: remove Reshape."
            )
            raise Refused(message, "input", remedies.bypass())
        _expect_product(self, inputs, "shape", self.shape, inputs["input"].shape[1:])
        sizes = ", ".join(str(size) for size in self.shape)
        batch = "{input}.shape[0]" if -1 in self.shape else "-1"
        return Call(expression=f"{{input}}.reshape({batch}, {sizes})" if sizes else "{input}.reshape(-1)")


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
