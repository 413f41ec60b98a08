"""Layers that pick from an input by numbers, or read it at places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.layers import remedies
from core.layers.expectations import (
    expect_batch_first,
    expect_floating,
    expect_sample_axis,
    expect_whole,
    is_batch,
    name_of,
    received,
)
from core.layers.layer import GRID, Call, Inputs, Layer, Port, Refused, SameAxes, axes_of, these_axes
from core.layers.shape import HIGH, LOW, SAMPLE_AXIS, listed
from core.parameters import parameter
from core.specs import Spec, shape_text


class Gather(Layer, family="shape", torch="torch.gather"):
    """Picks, for each number of an index, the value at that place of an axis."""

    inputs = (Port("input", "What is picked from."), Port("index", "At which place, for each number that comes out."))
    port_shapes: ClassVar = {
        "input": "Any shape.",
        "index": "The shape of input, of any size along axis dim; whole numbers.",
        "output": "The shape of index.",
    }
    synonyms = (
        "pick", "lookup", "index", "take along axis", "q value", "reinforcement learning", "dqn",
        "advanced indexing",
    )  # fmt: skip
    use = (
        "To pick a different place for each sample, as the value of the action that was taken. Use IndexSelect for "
        "the same places in all samples, Embedding for a learned table."
    )
    formula = "y[n, j] = x[n, index[n, j]] for dim 1"

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

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": axes_of(inputs["input"])}


class IndexSelect(SameAxes, family="shape", torch="torch.index_select"):
    """Picks several places of an axis, in the order in which you list them."""

    port_shapes: ClassVar = {"output": "The shape of input, with as many places on axis dim as index lists."}
    synonyms = (
        "pick", "choose", "index", "channels", "reorder", "columns", "subset", "drop columns", "permute channels",
    )  # fmt: skip
    use = (
        "To keep or reorder the same few places in all samples, as some columns of a table. Use Slice for a "
        "stretch, Gather where places differ between samples."
    )
    formula = "y[:, j] = x[:, index[j]] for dim 1"

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


class Lookup(Layer, family="attention", torch="torch.nn.functional.embedding"):
    """Looks up rows of a table that is linked to it, as the vectors of a codebook, by whole numbers."""

    inputs = (
        Port("input", "Which row, for each vector that comes out."),
        Port("weight", "The table, the same for all samples: rows × features."),
    )
    port_shapes: ClassVar = {
        "input": "Whole numbers in any shape, (*).",
        "weight": "(rows, features), without samples.",
        "output": "(*, features).",
    }
    synonyms = (
        "codebook", "vector quantisation", "vq-vae", "embedding", "table", "index", "tied weights", "gather",
        "nearest neighbour",
    )  # fmt: skip
    use = (
        "To take rows of a Parameter or Buffer by numbers that the network computes, as the codes of a "
        "vector-quantised autoencoder behind ArgMin. Embedding brings a table of its own, Gather picks inside each "
        "sample."
    )
    formula = "y = weight[x], the row with that number"
    paper = "van den Oord et al., 2017, Neural discrete representation learning"

    def call(self, inputs: Inputs) -> Call:
        expect_whole(self, inputs, "input", "its input")
        expect_floating(self, inputs, "weight")
        table, count = inputs["weight"], inputs["input"].classes
        if table.rank != 2 or any(is_batch(size) for size in table.shape):
            raise Refused(
                f"Lookup expects a table of rows × features without samples at weight, but receives {received(table)}: "
                "link a Parameter or Buffer of that shape.",
                "weight",
            )
        if isinstance(table.shape[0], int) and count > table.shape[0]:
            raise Refused(
                f"Lookup expects numbers below {table.shape[0]}, the rows of its table, but receives {count} different "
                f"ones in {received(inputs['input'])}: link a table of {count} rows.",
                "input",
            )
        return Call(expression="nn.functional.embedding({input}, {weight})")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": (*axes_of(inputs["input"]), "features")}


class OneHot(Layer, family="shape", torch="torch.nn.functional.one_hot"):
    """Turns each whole number into a row of zeros with a 1 at its place."""

    port_shapes: ClassVar = {"input": "Whole numbers in any shape, (*).", "output": "(*, num_classes)."}
    synonyms = ("dummy", "indicator", "categorical", "class number", "conditional", "label encoding", "categories")
    use = (
        "To give class numbers to layers that calculate, as the label of a conditional generator; put Float behind "
        "it. For many classes Embedding is smaller and learned; CrossEntropyLoss takes class numbers as they are."
    )
    formula = "y[…, c] = 1 where c = x, else 0"

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

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": (*axes_of(inputs["input"]), "classes")}


class _Triangle(SameAxes):
    port_shapes: ClassVar = {"input": "Matrices, (*, rows, columns)."}

    diagonal: int = parameter(0, "How far the edge lies above the diagonal.", low=-100_000, high=100_000)

    def call(self, inputs: Inputs) -> Call:
        spec = inputs["input"]
        if spec.rank < 2 or any(is_batch(size) for size in spec.shape[-2:]):
            raise Refused(
                f"{name_of(self)} expects matrices in each sample, as N × rows × columns, but receives "
                f"{received(spec)}: reshape it.",
                "input",
            )
        method = type(self).torch.removeprefix("torch.")
        return Call(expression=f"{{input}}.{method}({{keywords}})", keywords=self.keywords())


class Triu(_Triangle, family="shape", torch="torch.triu"):
    """Keeps the upper right triangle of each matrix and sets the rest to 0."""

    synonyms = ("upper triangle", "mask", "causal", "triangular")
    use = (
        "To keep what stands above the diagonal of matrices, as each pair once. For the mask of an attention use "
        "CausalMask."
    )
    formula = "y[i, j] = x[i, j] where j − i ≥ diagonal, else 0"


class Tril(_Triangle, family="shape", torch="torch.tril"):
    """Keeps the lower left triangle of each matrix and sets the rest to 0."""

    synonyms = ("lower triangle", "mask", "causal", "triangular", "cholesky")
    use = (
        "To keep what stands below the diagonal of matrices, as a factor of a covariance. For the mask of an "
        "attention use CausalMask."
    )
    formula = "y[i, j] = x[i, j] where j − i ≤ diagonal, else 0"


class Normalize(SameAxes, family="normalisation", torch="torch.nn.functional.normalize"):
    """Brings vectors along an axis to length 1, so that their direction alone counts."""

    synonyms = (
        "unit length", "l2", "cosine", "contrastive", "normalise", "unit vector", "embedding", "cosine similarity",
    )  # fmt: skip
    use = (
        "To compare directions alone, as embeddings before a MatMul of cosines. Use LayerNorm or BatchNorm1d to "
        "keep a deep network steady."
    )
    formula = "y = x / max(‖x‖ₚ, eps) along dim"

    p: float = parameter(2.0, "Which norm measures the length.", low=0, open_low=True)
    dim: int = parameter(1, SAMPLE_AXIS, low=LOW, high=HIGH)
    eps: float = parameter(1e-12, "A small number that keeps a division by zero away.", low=0, open_low=True, rare=True)

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs)
        expect_sample_axis(self, inputs, self.dim)
        return Call(expression="nn.functional.normalize({input}{keywords})", keywords=self.keywords())


class GridSample(Layer, family="pooling", torch="torch.nn.functional.grid_sample"):
    """Reads a picture, or a volume, at the places that a grid names, from -1 to 1 along each axis."""

    inputs = (
        Port("input", "The picture: N × channels × height × width."),
        Port("grid", "The places: N × height × width × 2, first across, then down."),
    )
    port_shapes: ClassVar = {
        "input": "(N, C, H, W), or (N, C, D, H, W) for volumes.",
        "grid": "(N, H′, W′, 2), or (N, D′, H′, W′, 3) for volumes.",
        "output": "(N, C, H′, W′), or (N, C, D′, H′, W′).",
    }
    synonyms = (
        "warp", "spatial transformer", "deform", "resample", "optical flow", "rotate", "affine", "crop", "resize",
    )  # fmt: skip
    use = (
        "To read a picture at places that the network computes, as in a spatial transformer or along an optical "
        "flow. Use Interpolate to change its size alone."
    )
    formula = "y[n, :, i, j] = x read at grid[n, i, j] ∈ [−1, 1]²"
    paper = "Jaderberg et al., 2015, Spatial transformer networks"

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
        return Call(
            expression="nn.functional.grid_sample({input}, {grid}{keywords}, align_corners={align_corners})",
            keywords=(*keywords, ("align_corners", self.align_corners)),
        )

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return these_axes(outputs, *GRID.values())
