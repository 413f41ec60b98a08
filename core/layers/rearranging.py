"""Layers that split, repeat, shift and pick from an input without learning anything."""

from __future__ import annotations

from core.layers import remedies
from core.layers.expectations import (
    expect_axis,
    expect_batch_first,
    expect_floating,
    expect_sample_axis,
    expect_whole,
    is_batch,
    name_of,
    received,
)
from core.layers.layer import Call, Inputs, Layer, Port, Refused
from core.layers.shape import HIGH, LOW, listed
from core.parameters import parameter
from core.specs import Spec, shape_text

MOST = 8
"""Into how many parts an input can be split: each is an output of its own."""

PARTS = tuple(
    Port(f"part_{number}", f"Part {number + 1}, where there are as many.", optional=number > 1)
    for number in range(MOST)
)
SAMPLE_AXIS = "Along which axis; -1 is the last."


# ---- into parts


class _Splitting(Layer):
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

    synonyms = ("divide", "parts", "branches", "csp")

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

    synonyms = ("divide", "halves", "parts", "query key value", "gates")

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

    synonyms = ("unstack", "separate", "steps", "query key value")

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


# ---- repeated, shifted, turned


def _expect_samples(layer: Layer, inputs: Inputs) -> int:
    """How many axes a sample has; refuses what has no samples in front."""
    expect_batch_first(layer, inputs)
    spec = inputs["input"]
    if not is_batch(next(iter(spec.shape), 0)):
        raise Refused(
            f"{name_of(layer)} expects samples, but receives {received(spec)} for all of them: remove it.",
            "input",
            remedies.bypass(),
        )
    return spec.rank - 1


class Expand(Layer, family="shape", torch="torch.Tensor.expand"):
    """Shows axes of size 1 as larger ones without copying: one value for every place."""

    synonyms = ("broadcast", "repeat", "stretch", "expand")

    size: tuple[int, ...] = parameter((-1,), "The shape of one sample; -1 keeps a size.", low=-1, required=True)

    def call(self, inputs: Inputs) -> Call:
        own = _expect_samples(self, inputs)
        shape = inputs["input"].shape[1:]
        fits = len(self.size) == own and all(
            new in (-1, old) or (old == 1 and new > 0) for new, old in zip(self.size, shape, strict=False)
        )
        if not fits:
            best = (-1,) * own
            raise Refused(
                f"Expand expects a size for each of the {own} axes of a sample, others than its own for axes of size 1 "
                f"alone, but has {listed(self.size)} for {received(inputs['input'])}: for example "
                f"{listed(best) or 'none'}.",
                "input",
                remedies.set_value("size", best),
            )
        return Call(expression=f"{{input}}.expand({listed((-1, *self.size))})")


class _Repeating(Layer):
    def repeated(self, inputs: Inputs, name: str, counts: tuple[int, ...], method: str) -> Call:
        """The call that repeats each sample as often as it says along each axis."""
        own = _expect_samples(self, inputs)
        if len(counts) != own:
            best = tuple(counts[:own]) + (1,) * (own - len(counts))
            raise Refused(
                f"{name_of(self)} expects a count for each of the {own} axes of a sample, but has "
                f"{listed(counts) or 'none'} for {received(inputs['input'])}: for example {listed(best) or 'none'}.",
                "input",
                remedies.set_value(name, best),
            )
        return Call(expression=f"{{input}}.{method}({listed((1, *counts))})")


class Repeat(_Repeating, family="shape", torch="torch.Tensor.repeat"):
    """Lays each sample behind itself several times along its axes."""

    synonyms = ("tile", "copy", "broadcast")

    repeats: tuple[int, ...] = parameter((2,), "How often, along each axis of a sample.", low=1, required=True)

    def call(self, inputs: Inputs) -> Call:
        return self.repeated(inputs, "repeats", self.repeats, "repeat")


class Tile(_Repeating, family="shape", torch="torch.tile"):
    """Lays each sample behind itself several times along its axes, as Repeat does, under numpy's name."""

    synonyms = ("repeat", "copy", "numpy")

    dims: tuple[int, ...] = parameter((2,), "How often, along each axis of a sample.", low=1, required=True)

    def call(self, inputs: Inputs) -> Call:
        return self.repeated(inputs, "dims", self.dims, "tile")


class Roll(Layer, family="shape", torch="torch.roll"):
    """Shifts the places of some axes; what leaves at one end comes in at the other, as in shifted windows."""

    synonyms = ("shift", "cyclic", "swin", "rotate")

    shifts: tuple[int, ...] = parameter((1,), "By how many places, for each of the axes.", required=True)
    dims: tuple[int, ...] = parameter((-1,), "Along which axes.", low=LOW, high=HIGH, required=True)

    def call(self, inputs: Inputs) -> Call:
        for dim in self.dims:
            expect_sample_axis(self, inputs, dim, "dims")
        if len(self.shifts) != len(self.dims) or not self.dims:
            best = (self.shifts + (1,) * len(self.dims))[: len(self.dims)]
            raise Refused(
                f"Roll expects a shift for each of its axes ({listed(self.dims) or 'none'}), but has "
                f"{listed(self.shifts) or 'none'}: for example {listed(best or (1,))}.",
                "",
                remedies.set_value("shifts", best) if best else remedies.set_value("dims", (-1,)),
            )
        return Call(expression=f"{{input}}.roll(({listed(self.shifts)},), dims=({listed(self.dims)},))")


class Flip(Layer, family="shape", torch="torch.flip"):
    """Turns the order of some axes around, as a picture mirrored or a sequence read from its end."""

    synonyms = ("mirror", "reverse", "backwards")

    dims: tuple[int, ...] = parameter((-1,), "Along which axes.", low=LOW, high=HIGH, required=True)

    def call(self, inputs: Inputs) -> Call:
        axes = [expect_sample_axis(self, inputs, dim, "dims") for dim in self.dims]
        if len(set(axes)) < len(axes) or not axes:
            best = tuple(sorted(set(axes))) or (-1,)
            raise Refused(
                f"Flip expects at least one axis, and each once, but dims is {listed(self.dims) or 'none'} for "
                f"{received(inputs['input'])}: for example {listed(best)}.",
                "input",
                remedies.set_value("dims", best),
            )
        return Call(expression=f"{{input}}.flip({listed(self.dims)})")


class MoveDim(Layer, family="shape", torch="torch.movedim"):
    """Moves one axis to another place; the rest keeps its order."""

    synonyms = ("permute", "move axis", "channels last", "channels first")

    source: int = parameter(1, "Which axis is moved.", low=LOW, high=HIGH, required=True)
    destination: int = parameter(-1, "To which place.", low=LOW, high=HIGH, required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_axis(self, inputs, self.source, "source")
        expect_axis(self, inputs, self.destination, "destination")
        return Call(expression=f"{{input}}.movedim({self.source}, {self.destination})")


# ---- picked


class Gather(Layer, family="shape", torch="torch.gather"):
    """Picks, for each number of an index, the value at that place of an axis."""

    inputs = (Port("input", "What is picked from."), Port("index", "At which place, for each number that comes out."))
    synonyms = ("pick", "lookup", "index", "take along axis", "q value")

    dim: int = parameter(1, SAMPLE_AXIS, low=LOW, high=HIGH, required=True)

    def call(self, inputs: Inputs) -> Call:
        axis = expect_sample_axis(self, inputs, self.dim)
        expect_whole(self, inputs, "index", "places")
        given, index = inputs["input"].shape, inputs["index"].shape
        fits = len(given) == len(index) and all(
            at == axis or one == two or (isinstance(one, int) and isinstance(two, int) and two <= one)
            for at, (one, two) in enumerate(zip(given, index, strict=False))
        )
        if not fits or is_batch(index[axis]):
            longer = index == given[:-1]
            raise Refused(
                f"Gather expects an index with the axes of input, {shape_text(given)}, and another size along axis "
                f"{self.dim} alone, but receives {received(inputs['index'])}: "
                + ("insert Unsqueeze, which adds an axis." if longer else "bring it to these axes."),
                "index",
                remedies.insert("index", "Unsqueeze", dim=-1) if longer else None,
            )
        return Call(expression=f"{{input}}.gather({self.dim}, {{index}})")


class IndexSelect(Layer, family="shape", torch="torch.index_select"):
    """Picks several places of an axis, in the order in which you list them."""

    synonyms = ("pick", "choose", "index", "channels", "reorder", "columns")

    dim: int = parameter(1, "Along which axis.", low=0, high=HIGH, required=True)
    index: tuple[int, ...] = parameter((0,), "Which places; -1 is the last.", required=True)

    def call(self, inputs: Inputs) -> Call:
        size = inputs["input"].shape[expect_sample_axis(self, inputs, self.dim)]
        if not self.index or (isinstance(size, int) and not all(-size <= place < size for place in self.index)):
            raise Refused(
                f"IndexSelect expects places from 0 to {size if isinstance(size, str) else size - 1} on axis "
                f"{self.dim} of {received(inputs['input'])}, but has {listed(self.index) or 'none'}: for example 0.",
                "input",
                remedies.set_value("index", (0,)),
            )
        return Call(expression="{input}[" + ":, " * self.dim + f"[{listed(self.index)}]]")


class OneHot(Layer, family="shape", torch="torch.nn.functional.one_hot"):
    """Turns each whole number into a row of zeros with a 1 at its place."""

    synonyms = ("dummy", "indicator", "categorical", "class number", "conditional")

    num_classes: int = parameter(10, "How many different numbers there are, counted from 0.", low=1, required=True)

    def call(self, inputs: Inputs) -> Call:
        expect_whole(self, inputs, "input", "its input")
        count = inputs["input"].classes
        if count > self.num_classes:
            raise Refused(
                f"OneHot expects numbers below num_classes ({self.num_classes}), but receives {count} different ones "
                f"in {received(inputs['input'])}: set num_classes to {count}.",
                "input",
                remedies.set_value("num_classes", count),
            )
        return Call(expression=f"nn.functional.one_hot({{input}}, {self.num_classes})")

    def rule(self, inputs: Inputs) -> dict[str, Spec]:
        return {"output": Spec((*inputs["input"].shape, self.num_classes), "int64")}


class _Triangle(Layer):
    diagonal: int = parameter(0, "How far the edge lies above the diagonal.", low=-100_000, high=100_000)

    def call(self, inputs: Inputs) -> Call:
        spec = inputs["input"]
        if spec.rank < 2 or any(is_batch(size) for size in spec.shape[-2:]):
            raise Refused(
                f"{name_of(self)} expects matrices in each sample, as N × rows × columns, but receives "
                f"{received(spec)}: reshape it.",
                "input",
            )
        said = str(self.diagonal) if self.diagonal else ""
        return Call(expression=f"{{input}}.{type(self).torch.removeprefix('torch.')}({said})")


class Triu(_Triangle, family="shape", torch="torch.triu"):
    """Keeps the upper right triangle of each matrix and sets the rest to 0."""

    synonyms = ("upper triangle", "mask", "causal")


class Tril(_Triangle, family="shape", torch="torch.tril"):
    """Keeps the lower left triangle of each matrix and sets the rest to 0."""

    synonyms = ("lower triangle", "mask", "causal")


class Normalize(Layer, family="normalisation", torch="torch.nn.functional.normalize"):
    """Brings vectors along an axis to length 1, so that their direction alone counts."""

    synonyms = ("unit length", "l2", "cosine", "contrastive", "normalise")

    p: float = parameter(2.0, "Which norm measures the length.", low=0, open_low=True)
    dim: int = parameter(1, SAMPLE_AXIS, low=LOW, high=HIGH)
    eps: float = parameter(1e-12, "A small number that keeps a division by zero away.", low=0, open_low=True, rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        expect_sample_axis(self, inputs, self.dim)
        said = "".join(f", {name}={{{name}}}" for name, _ in self.keywords())
        return Call(expression=f"nn.functional.normalize({{input}}{said})", keywords=self.keywords())


class GridSample(Layer, family="pooling", torch="torch.nn.functional.grid_sample"):
    """Reads a picture, or a volume, at the places that a grid names, from -1 to 1 along each axis."""

    inputs = (
        Port("input", "The picture: N × channels × height × width."),
        Port("grid", "The places: N × height × width × 2, first across, then down."),
    )
    synonyms = ("warp", "spatial transformer", "deform", "resample", "optical flow")

    mode: str = parameter("bilinear", "How values between pixels are made.", choices=("bilinear", "nearest", "bicubic"))
    padding_mode: str = parameter(
        "zeros", "What lies outside of the picture.", choices=("zeros", "border", "reflection"), rare=True
    )
    align_corners: bool = parameter(False, "Whether -1 and 1 are the middles of the outermost pixels.", rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs, "input", "grid")
        expect_batch_first(self, inputs)
        given, grid = inputs["input"], inputs["grid"]
        fits = given.rank in (4, 5) and grid.rank == given.rank and grid.shape[0] == given.shape[0]
        if not fits or grid.shape[-1] != given.rank - 2 or any(is_batch(size) for size in grid.shape[1:]):
            raise Refused(
                "GridSample expects pictures with a grid of N × height × width × 2, or volumes with N × depth × height "
                f"× width × 3, but receives {received(grid)} beside {shape_text(given.shape)}: give the layer before "
                "it that shape.",
                "grid",
            )
        if self.mode == "bicubic" and given.rank == 5:
            raise Refused(
                f"GridSample expects pictures for mode bicubic, but receives {received(given)}: set mode to bilinear.",
                "input",
                remedies.set_value("mode", "bilinear"),
            )
        keywords = tuple(each for each in self.keywords() if each[0] != "align_corners")
        said = "".join(f", {name}={{{name}}}" for name, _ in keywords)
        return Call(
            expression=f"nn.functional.grid_sample({{input}}, {{grid}}{said}, align_corners={self.align_corners})",
            keywords=keywords,
        )
