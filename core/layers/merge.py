"""Layers that join several inputs into one, and arithmetic on a single one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.graph import natural
from core.layers import remedies
from core.layers.axes import Agreeing, agreed, with_one
from core.layers.expectations import (
    expect_axis,
    expect_floating,
    expect_numbers,
    is_batch,
    lines_up,
    name_of,
    received,
    way_to_shape,
)
from core.layers.layer import Call, Inputs, Layer, Port, Refused, SameAxes, axes_of
from core.parameters import parameter
from core.repairs import Repair
from core.specs import Spec, shape_text

TENSORS = (Port("tensors", "Each input that takes part.", variadic=True),)
MOST_PADDED = 2
"""How much may be missing of an axis where it is padded; what lacks more is enlarged."""
PAIR = (Port("input", "The first of the two."), Port("other", "The second of the two."))


def expect_broadcast(layer: Layer, inputs: Inputs) -> None:
    """Refuse shapes that torch cannot line up, and those that it would line up with the batch on different axes."""
    ports = sorted(inputs, key=natural)
    for port in ports[1:]:
        first, second = inputs[ports[0]], inputs[port]
        if not lines_up(first.shape, second.shape):
            repair, way = way_to_shape(first, second, port)
            raise Refused(
                f"{name_of(layer)} expects inputs of one shape, but receives {received(second)} beside "
                f"{shape_text(first.shape)}: {way}.",
                port,
                repair,
            )


class Add(Agreeing, family="merge", torch="torch.add"):
    """Adds its inputs number by number, as a shortcut around a few layers does."""

    inputs = TENSORS
    synonyms = (
        "sum", "plus", "residual", "skip connection", "shortcut", "+", "skip", "resnet", "join", "merge",
        "combine", "bias",
    )  # fmt: skip
    use = (
        "For residual connections: the input of a few layers is added to what they made of it. Use Cat to keep both "
        "apart, Sum to add along an axis."
    )
    formula = "y = x₀ + x₁ + …"
    paper = "He et al., 2016, Deep residual learning for image recognition"

    def call(self, inputs: Inputs) -> Call:
        expect_numbers(self, inputs, *inputs)
        expect_broadcast(self, inputs)
        return Call(expression="{tensors:+}")


class Subtract(Agreeing, family="merge", torch="torch.subtract"):
    """Takes the second input from the first, number by number."""

    inputs = PAIR
    synonyms = ("minus", "difference", "-", "residual", "compare")
    use = (
        "For differences, as between two embeddings that are compared, or a residual error. Use PairwiseDistance "
        "for the distance of vectors."
    )
    formula = "y = input − other"

    def call(self, inputs: Inputs) -> Call:
        expect_numbers(self, inputs, "input", "other")
        expect_broadcast(self, inputs)
        return Call(expression="{input} - {other}")


class Multiply(Agreeing, family="merge", torch="torch.multiply"):
    """Multiplies its inputs number by number, as a gate or an attention over channels does."""

    inputs = TENSORS
    synonyms = (
        "times", "product", "gate", "mask", "squeeze and excitation", "*", "gating", "attention", "modulate",
        "film", "hadamard", "combine",
    )  # fmt: skip
    use = (
        "For gates and masks: one branch, often behind a Sigmoid, says how much of the other passes. Use MatMul for "
        "products of matrices, Scale for a fixed number."
    )
    formula = "y = x₀ · x₁ · …"
    paper = "Hu et al., 2018, Squeeze-and-excitation networks"

    def call(self, inputs: Inputs) -> Call:
        expect_broadcast(self, inputs)
        return Call(expression="{tensors:*}")


class Divide(Agreeing, family="merge", torch="torch.divide"):
    """Divides the first input by the second, number by number."""

    inputs = PAIR
    synonyms = ("quotient", "ratio", "/", "normalise")
    use = "For ratios and own normalisations. Where the second input may come near 0, put Clamp in front of it."
    formula = "y = input / other"

    def call(self, inputs: Inputs) -> Call:
        expect_broadcast(self, inputs)
        return Call(expression="{input} / {other}")


class Cat(Agreeing, family="merge", torch="torch.cat"):
    """Lays its inputs side by side along one axis, as the channels of two branches."""

    inputs = TENSORS
    port_shapes: ClassVar = {
        "tensors": "Shapes that differ on axis dim alone.",
        "output": "The shape of the inputs, with their sizes on axis dim added up.",
    }
    synonyms = (
        "concat", "concatenate", "join", "merge", "dense block", "u-net", "skip", "skip connection", "fuse",
        "combine", "side by side", "unet", "inception",
    )  # fmt: skip
    use = (
        "To give the next layer several branches side by side, as the skip connections of a U-Net. Use Add where "
        "the branches have one shape and may mix, Stack for a new axis."
    )
    formula = "(N, a, …), (N, b, …) → (N, a + b, …) for dim 1"
    paper = "Ronneberger et al., 2015, U-Net: convolutional networks for biomedical image segmentation"

    dim: int = parameter(0, "Along which axis; 1 are the channels or features.", low=-8, high=7, dropped=1)

    def call(self, inputs: Inputs) -> Call:
        ports = sorted(inputs, key=natural)
        first = inputs[ports[0]]
        axis = expect_axis(self, inputs, self.dim, port=ports[0])
        for port in ports[1:]:
            spec = inputs[port]
            if spec.rank == first.rank and all(
                one == two for at, (one, two) in enumerate(zip(first.shape, spec.shape, strict=True)) if at != axis
            ):
                continue
            repair, way = _way_to_join(first, spec, port, axis)
            raise Refused(
                f"Cat expects inputs that differ along axis {self.dim} alone, but receives {received(spec)} beside "
                f"{shape_text(first.shape)}: {way}.",
                port,
                repair,
            )
        return Call(expression="torch.cat([{tensors}], dim={dim})", keywords=(("dim", self.dim),))


def _way_to_join(first: Spec, second: Spec, port: str, axis: int) -> tuple[Repair | None, str]:
    """How two shapes that cannot be joined along an axis could be, and the same in words that end a sentence."""
    if first.rank == second.rank:
        axes = [axis for axis, (one, two) in enumerate(zip(first.shape, second.shape, strict=True)) if one != two]
        if len(axes) == 1 and axes[0]:
            return remedies.set_value("dim", axes[0]), f"set dim to {axes[0]}"
        resized = _way_to_size(first, second, port) if axis == 1 else None
        if resized:
            return resized
    if first.rank == 2 < second.rank:
        return remedies.insert(port, "Flatten"), "insert Flatten, which lays each sample out as one row"
    return None, "bring the other axes to one size"


def _way_to_size(first: Spec, second: Spec, port: str) -> tuple[Repair, str] | None:
    """The layer that brings a picture, or its like, to the height and width of another one, where that makes it fit."""
    wanted, given, spatial = first.shape[2:], second.shape[2:], first.rank - 2
    sizes = [size for size in (*wanted, *given) if isinstance(size, int)]
    if first.shape[0] != second.shape[0] or spatial not in (1, 2, 3) or len(sizes) < 2 * spatial:
        return None
    if not second.is_floating:
        return None
    goal, missing = tuple(sizes[:spatial]), [one - two for one, two in zip(sizes, sizes[spatial:], strict=False)]
    if all(0 <= each <= MOST_PADDED for each in missing):
        padding = tuple(number for each in reversed(missing) for number in (each // 2, each - each // 2))
        return remedies.insert(port, f"ZeroPad{spatial}d", padding=padding), f"insert ZeroPad{spatial}d"
    return remedies.insert(port, "Interpolate", size=goal), f"insert Interpolate to {shape_text(goal)}"


class Stack(Layer, family="merge", torch="torch.stack"):
    """Lays inputs of one shape behind each other along a new axis."""

    inputs = TENSORS
    port_shapes: ClassVar = {
        "tensors": "All of one shape.",
        "output": "The shape of the inputs with one more axis at dim, of as many places as inputs.",
    }
    synonyms = ("pile", "new axis", "join", "combine", "merge", "concatenate")
    use = (
        "To lay values of one shape along an axis that did not exist, as frames to a clip. Use Cat where the axis "
        "exists already."
    )
    formula = "y[:, i] = xᵢ for dim 1"

    dim: int = parameter(0, "Where the new axis stands; 1 is right behind the batch.", low=-8, high=7, dropped=1)

    def call(self, inputs: Inputs) -> Call:
        ports = sorted(inputs, key=natural)
        first = inputs[ports[0]]
        for port in ports[1:]:
            if inputs[port].shape != first.shape:
                repair, way = way_to_shape(first, inputs[port], port)
                raise Refused(
                    f"Stack expects inputs of one shape, but receives {received(inputs[port])} beside "
                    f"{shape_text(first.shape)}: {way}.",
                    port,
                    repair,
                )
        expect_axis(self, inputs, self.dim, port=ports[0], extra=1)
        return Call(expression="torch.stack([{tensors}], dim={dim})", keywords=(("dim", self.dim),))

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return {"output": with_one(agreed(inputs, len(outputs["output"].shape) - 1), self.dim)}


class MatMul(Layer, family="merge", torch="torch.matmul"):
    """Multiplies matrices: every row of the first with every column of the second, as attention does."""

    inputs = PAIR
    port_shapes: ClassVar = {
        "input": "(*, rows, inner).",
        "other": "(*, inner, columns); the axes * broadcast.",
        "output": "(*, rows, columns).",
    }
    synonyms = (
        "matrix product", "dot product", "bmm", "attention", "@", "similarity", "gram matrix", "multiply matrices",
    )  # fmt: skip
    use = (
        "For products of two computed matrices, as scores of an attention. For learned weights use Linear, for a "
        "whole attention ScaledDotProductAttention."
    )
    formula = "y[i, j] = Σₖ input[i, k] · other[k, j]"

    def call(self, inputs: Inputs) -> Call:
        expect_floating(self, inputs, "input", "other")
        first, second = inputs["input"], inputs["other"]
        if first.rank < 2 or second.rank < 2 or is_batch(second.shape[-2]) or is_batch(first.shape[-1]):
            raise Refused(
                f"MatMul expects matrices in each sample, as N × rows × columns, but receives {received(second)} "
                f"beside {shape_text(first.shape)}: for a product with learned weights use Linear.",
                "other",
            )
        if first.shape[-1] != second.shape[-2]:
            turned = second.rank > 2 and first.shape[-1] == second.shape[-1]
            raise Refused(
                f"MatMul expects as many rows in other as input has columns ({first.shape[-1]}), but receives "
                f"{received(second)}: " + ("insert Transpose." if turned else "bring the two to one size."),
                "other",
                remedies.insert("other", "Transpose", dim0=-2, dim1=-1) if turned else None,
            )
        if not lines_up(first.shape[:-2], second.shape[:-2]):
            raise Refused(
                f"MatMul expects the axes before the last two to be the same, but receives {received(second)} beside "
                f"{shape_text(first.shape)}: reshape one of them.",
                "other",
            )
        return Call(expression="{input} @ {other}")

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        first = {"input": inputs["input"], "other": inputs["other"]}
        rows = (*agreed(first, outputs["output"].rank)[:-2], axes_of(inputs["input"])[-2], "")
        return {"output": (*rows[:-1], axes_of(inputs["other"])[-1])}


class Scale(SameAxes, family="merge", torch="torch.mul"):
    """Multiplies every number by a fixed one."""

    synonyms = (
        "factor", "times", "multiply", "constant", "weight of a loss", "loss weight", "multiply by number",
        "temperature",
    )  # fmt: skip
    use = "To weigh a loss or a branch by a fixed number. Use a Parameter and Multiply to learn the factor."
    formula = "y = factor · x"

    factor: float = parameter(0.5, "What every number is multiplied by.", required=True)

    def call(self, inputs: Inputs) -> Call:
        return Call(expression="{input} * {factor}", keywords=(("factor", self.factor),))


class Function(SameAxes):
    """The base of functions of one number that torch has under the declared name."""

    def call(self, inputs: Inputs) -> Call:
        expect_numbers(self, inputs)
        return Call(expression=f"{type(self).torch}({{input}})")


class Exp(Function, family="merge", torch="torch.exp"):
    """Raises e to the power of each number."""

    synonyms = ("exponential", "variational", "variance", "positive", "log variance", "vae")
    use = (
        "To turn a logarithm into what it stands for, as a log variance in an autoencoder. Use Softmax to turn "
        "scores into probabilities, Softplus for positive numbers that grow slower."
    )
    formula = "y = eˣ"


class Log(Function, family="merge", torch="torch.log"):
    """Takes the natural logarithm of each number, which must be above 0."""

    synonyms = ("logarithm", "ln", "log likelihood", "entropy", "compress")
    use = (
        "For logarithms of numbers that are surely above 0; put Clamp before it otherwise. Use LogSoftmax for "
        "logarithms of probabilities, Log1p for counts."
    )
    formula = "y = ln x"


class Sqrt(Function, family="merge", torch="torch.sqrt"):
    """Takes the square root of each number, which must not be negative."""

    synonyms = ("root", "square root", "distance")
    use = "To undo squares, as for a length. Near 0 its gradient grows without bound: add a small number before it."
    formula = "y = √x"


class Square(Function, family="merge", torch="torch.square"):
    """Multiplies each number by itself."""

    synonyms = ("power", "squared", "squared error", "energy")
    use = "For energies and squared errors of your own. Use MSELoss for the loss, Pow for other powers."
    formula = "y = x²"


class Abs(Function, family="merge", torch="torch.abs"):
    """Takes the sign of each number away."""

    synonyms = ("absolute", "magnitude", "rectify", "absolute error", "l1")
    use = "For magnitudes and absolute errors of your own. Use L1Loss for the loss."
    formula = "y = |x|"


class Negative(Function, family="merge", torch="torch.neg"):
    """Turns the sign of each number around."""

    synonyms = ("minus", "negate", "neg", "flip sign", "maximise")
    use = "To turn a score into a cost, or a similarity into a distance. Subtract takes one input from another."
    formula = "y = −x"
