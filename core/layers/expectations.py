"""What layers expect of their inputs; each function refuses in one sentence: expected, received, way out."""

from __future__ import annotations

import math

from core.layers import remedies
from core.layers.layer import Inputs, Layer, Refused
from core.parameters import parameter_of
from core.repairs import Repair
from core.specs import Size, Spec, shape_text

Sizes = int | tuple[int, ...]

AXES: dict[int, tuple[str, ...]] = {
    1: ("channels", "length"),
    2: ("channels", "height", "width"),
    3: ("channels", "depth", "height", "width"),
}
"""What the axes after the batch are called where a layer works along one, two or three of them."""


def name_of(layer: Layer) -> str:
    """The layer's name as people know it."""
    return type(layer).__name__


def received(spec: Spec, dtype: bool = False) -> str:
    """What arrived, and from where: `N × 64 of int64 from fc`."""
    return shape_text(spec.shape) + (f" of {spec.dtype}" if dtype else "") + " from {source}"


def is_batch(size: Size) -> bool:
    """Whether a size counts samples."""
    return isinstance(size, str) and "N" in size


def per_axis(value: Sizes | str, count: int) -> tuple[int, ...]:
    """A setting given once for all axes, or one for each; words (padding `valid`) count as 0."""
    if isinstance(value, str):
        return (0,) * count
    return (value,) * count if isinstance(value, int) else value


def expect_floating(layer: Layer, inputs: Inputs, *ports: str, lookup: bool = False) -> None:
    """Refuse whole numbers and booleans; with `lookup`, an Embedding is what whole numbers probably want."""
    for port in ports or ("input",):
        spec = inputs[port]
        if spec.is_floating:
            continue
        if lookup and spec.dtype == "int64" and spec.rank <= 2:  # it adds an axis
            values = {"num_embeddings": spec.classes} if spec.classes else {}
            repair, way = (
                remedies.insert(port, "Embedding", **values),
                "insert Embedding, which turns each into a vector",
            )
        else:
            repair, way = remedies.insert(port, "Float"), "insert Float"
        raise Refused(
            f"{name_of(layer)} works on floating point numbers, but receives {received(spec, dtype=True)}: {way}.",
            port,
            repair,
        )


def expect_numbers(layer: Layer, inputs: Inputs, *ports: str) -> None:
    """Refuse true and false, which torch does not calculate with."""
    for port in ports or ("input",):
        if inputs[port].dtype == "bool":
            what = received(inputs[port], dtype=True)
            message = f"{name_of(layer)} works on numbers, but receives {what}: insert Float."
            raise Refused(message, port, remedies.insert(port, "Float"))


def expect_whole(layer: Layer, inputs: Inputs, port: str, what: str) -> None:
    """Refuse all but whole numbers of 64 bits, which torch looks up and counts with."""
    spec = inputs[port]
    if spec.dtype != "int64":
        raise Refused(
            f"{name_of(layer)} expects {what} as whole numbers (int64), but receives {received(spec, dtype=True)}: "
            "insert Long.",
            port,
            remedies.insert(port, "Long"),
        )


def expect_batch_first(layer: Layer, inputs: Inputs, port: str = "input") -> None:
    """Refuse an input whose batch stands on another axis than the first."""
    shape = inputs[port].shape
    where = next((axis for axis, size in enumerate(shape) if is_batch(size)), 0)
    if where:
        raise Refused(
            f"{name_of(layer)} expects the batch on axis 0, but receives {received(inputs[port])}, where it is on "
            f"axis {where}: insert Transpose.",
            port,
            remedies.insert(port, "Transpose", dim0=0, dim1=where),
        )
    if any(is_batch(size) for size in shape[1:]):
        raise Refused(
            f"{name_of(layer)} expects the batch on axis 0 alone, but receives {received(inputs[port])}, where "
            "samples are mixed: keep each sample's numbers together.",
            port,
        )


def expect_rank(layer: Layer, inputs: Inputs, *ranks: int, axes: tuple[str, ...], port: str = "input") -> None:
    """Refuse an input that has not one of the ranks (the batch counts); `axes` names those after the batch."""
    spec = inputs[port]
    if spec.rank in ranks:
        expect_batch_first(layer, inputs, port)
        return
    repair, way = _rank_repair(layer, spec, max(ranks), port)
    raise Refused(
        f"{name_of(layer)} expects {' × '.join(('N', *axes))}, but receives {received(spec)}: {way}.", port, repair
    )


def _rank_repair(layer: Layer, spec: Spec, rank: int, port: str) -> tuple[Repair | None, str]:
    """How an input of another rank could be made to fit, and the same in words that end a sentence."""
    sizes = spec.shape[1:]
    sibling = remedies.for_rank(layer, spec.rank)
    picture = spec.rank == 3 and sizes[0] == sizes[1]
    if rank == spec.rank + 1 and (picture or not sibling):
        return remedies.insert(port, "Unsqueeze", dim=1), "insert Unsqueeze, which adds an axis for one channel"
    if sibling:
        return remedies.swap(layer, sibling), f"use {sibling}, which takes {spec.rank} axes"
    if rank == 4 and len(sizes) == 1 and isinstance(sizes[0], int) and math.isqrt(sizes[0]) ** 2 == sizes[0] > 1:
        side = math.isqrt(sizes[0])
        return remedies.insert(port, "Reshape", shape=(1, side, side)), f"insert Reshape to 1 × {side} × {side}"
    if spec.rank > rank:
        return remedies.insert(port, "Flatten", start_dim=rank - 1), "insert Flatten, which joins the last axes"
    return None, "give it an input with these axes"


def expect_axis(layer: Layer, inputs: Inputs, axis: int, name: str = "dim", port: str = "input", extra: int = 0) -> int:
    """An axis counted from the front; refuses one that the input does not have (`extra` more may be named)."""
    rank = inputs[port].rank + extra
    if not rank:
        raise Refused(f"{name_of(layer)} expects an input with axes, but receives {received(inputs[port])}.", port)
    if not -rank <= axis < rank:
        raise Refused(
            f"{name_of(layer)} expects {name} from {-rank} to {rank - 1}, but it is {axis} for "
            f"{received(inputs[port])}: choose another axis.",
            port,
            remedies.set_value(name, _last_axis(layer, name, rank)),
        )
    return axis % rank


def _last_axis(layer: Layer, name: str, rank: int) -> int:
    """The last axis, counted from the end where the parameter takes that."""
    declared = parameter_of(type(layer), name)
    return -1 if declared is None or declared.low is None or declared.low < 0 else rank - 1


def expect_sample_axis(
    layer: Layer, inputs: Inputs, axis: int, name: str = "dim", port: str = "input", extra: int = 0
) -> int:
    """An axis counted from the front that is not the batch's."""
    if inputs[port].rank == 1 and is_batch(inputs[port].shape[0]) and not extra:
        raise Refused(
            f"{name_of(layer)} works inside each sample, but receives one number for each, {received(inputs[port])}: "
            "insert Unsqueeze, which makes each number a row of one.",
            port,
            remedies.insert(port, "Unsqueeze", dim=1),
        )
    found = expect_axis(layer, inputs, axis, name, port, extra)
    shape = inputs[port].shape
    if found < len(shape) and is_batch(shape[found]) and (found == 0 or not extra):
        others = [at for at in (*range(1, len(shape) + extra), 0) if at >= len(shape) or not is_batch(shape[at])]
        way = "choose an axis from 1" if found == 0 else f"choose axis {others[0]}" if others else ""
        raise Refused(
            f"{name_of(layer)} works inside each sample, but {name}={axis} is the batch's axis in "
            f"{received(inputs[port])}: {way if others else 'link a value with more axes'}.",
            port,
            remedies.set_value(name, others[0]) if others else None,
        )
    return found


LARGEST_SAMPLE = 10_000_000_000
"""Numbers of one sample above which no machine holds a batch of them."""


def expect_bearable(layer: Layer, name: str, sizes: tuple[int, ...], least: tuple[int, ...], held: int = 1) -> None:
    """Refuse sizes that make more numbers of a sample than any memory holds; `held` is how many there are before."""
    count = math.prod(sizes) * held
    if count > LARGEST_SAMPLE:
        raise Refused(
            f"{name_of(layer)} expects {name} to make samples that fit into memory, but {shape_text(sizes)} "
            f"makes {count:.0e} numbers each, {4 * count / 1e9:,.0f} GB: make {name} smaller.".replace("e+", "e"),
            "",
            remedies.set_value(name, least),
        )


def expect_window(layer: Layer, inputs: Inputs, kernel: Sizes, padding: Sizes | str, dilation: Sizes = 1) -> None:
    """Refuse a window that is larger than the padded input that it moves over."""
    spec = inputs["input"]
    sizes = spec.shape[2:]
    kernels, pads, steps = (per_axis(value, len(sizes)) for value in (kernel, padding, dilation))
    fits = tuple(
        min(wide, (size + 2 * pad - 1) // step + 1) if isinstance(size, int) else wide
        for size, wide, pad, step in zip(sizes, kernels, pads, steps, strict=True)
    )
    if fits == kernels:
        return
    reach = " × ".join(str(step * (wide - 1) + 1) for wide, step in zip(kernels, steps, strict=True))
    smallest = fits[0] if len(set(fits)) == 1 else fits
    raise Refused(
        f"{name_of(layer)} expects an input of at least its window, {reach}, but receives {received(spec)}: choose a "
        "smaller kernel_size or more padding, or remove a pooling layer before it.",
        "input",
        remedies.set_value("kernel_size", smallest) if math.prod(fits) > 1 else remedies.bypass(),
    )


def largest_part(most: int, size: int) -> int:
    """The largest number up to `most` that divides a size; far too large ones are not looked at, to be quick."""
    return next(part for part in range(min(most, size, 100_000), 0, -1) if size % part == 0)


def expect_divisible(
    layer: Layer, name: str, value: int, size: int, what: str, inputs: Inputs, port: str = "input"
) -> None:
    """Refuse a setting that does not divide a size into equal parts; offers the next smaller one that does."""
    if size % value:
        best = largest_part(value, size)
        raise Refused(
            f"{name_of(layer)} expects {name} to divide its {size} {what} evenly, but it is {value} for "
            f"{received(inputs[port])}: choose {best}.",
            port,
            remedies.set_value(name, best),
        )


def expect_sequence(layer: Layer, inputs: Inputs, port: str, batch_first: bool, axis: int = 1) -> None:
    """Refuse what is no sequence of vectors with the batch where `batch_first` says; `axis` is added to plain rows."""
    spec, name = inputs[port], name_of(layer)
    wanted = "N × time × features" if batch_first else "time × N × features"
    if spec.rank == 2 and spec.dtype == "int64":
        expect_floating(layer, inputs, port, lookup=True)
    if spec.rank != 3:
        repair = remedies.insert(port, "Unsqueeze", dim=axis) if spec.rank == 2 else None
        way = "one feature at each step" if axis == 2 else "a sequence of one step"
        way = f"insert Unsqueeze for {way}" if repair else "insert Reshape to time × features"
        raise Refused(f"{name} expects {wanted}, but receives {received(spec)}: {way}.", port, repair)
    expect_floating(layer, inputs, port, lookup=True)
    if not is_batch(spec.shape[0 if batch_first else 1]) and any(is_batch(size) for size in spec.shape):
        other = str(not batch_first).lower()
        raise Refused(
            f"{name} with batch_first {str(batch_first).lower()} expects {wanted}, but receives {received(spec)}: set "
            f"batch_first to {other}.",
            port,
            remedies.set_value("batch_first", not batch_first),
        )


def lines_up(first: tuple[Size, ...], second: tuple[Size, ...]) -> bool:
    """Whether two shapes can be combined number by number, axes counted from the last, without mixing samples."""
    pairs = zip(reversed(first), reversed(second), strict=False)
    return all(one == two or (1 in (one, two) and not is_batch(one) and not is_batch(two)) for one, two in pairs)


def way_to_shape(wanted: Spec, given: Spec, port: str) -> tuple[Repair | None, str]:
    """A layer on a port that brings what is given to the wanted shape, and the same in words that end a sentence."""
    last = wanted.shape[-1] if wanted.shape else 0
    if wanted.rank == given.rank == 4 and wanted.shape[0] == given.shape[0]:
        found = _pointwise_convolution(wanted.shape[1:], given.shape[1:], port)
        if found:
            return found
    if wanted.rank == given.rank > 1 and wanted.shape[:-1] == given.shape[:-1] and isinstance(last, int):
        return remedies.insert(
            port, "Linear", out_features=last
        ), f"insert Linear with {remedies.counted(last, 'output')}"
    if wanted.shape == (*given.shape, 1):
        return remedies.insert(port, "Unsqueeze", dim=-1), "insert Unsqueeze, which adds an axis"
    if given.shape == (*wanted.shape, 1):
        return remedies.insert(port, "Squeeze", dim=-1), "insert Squeeze, which takes the axis of size 1 away"
    if wanted.rank == 4 and given.rank == 2 and wanted.shape[:2] == given.shape and isinstance(given.shape[1], int):
        repair = remedies.insert(port, "Unflatten", dim=1, unflattened_size=(given.shape[1], 1, 1))
        return repair, f"insert Unflatten to {given.shape[1]} × 1 × 1"
    if given.rank > wanted.rank == 2:
        return remedies.insert(port, "Flatten"), "insert Flatten, which lays each sample out as one row"
    sizes, held = wanted.shape[1:], given.shape[1:]
    if all(isinstance(size, int) for size in (*sizes, *held)) and math.prod(map(int, sizes)) == math.prod(
        map(int, held)
    ):
        return remedies.insert(port, "Reshape", shape=tuple(map(int, sizes))), f"insert Reshape to {shape_text(sizes)}"
    return None, "bring both to one shape"


def _pointwise_convolution(wanted: tuple[Size, ...], given: tuple[Size, ...], port: str) -> tuple[Repair, str] | None:
    """The 1 × 1 convolution that brings pictures to other channels and, by a stride, to a smaller size."""
    if not all(isinstance(size, int) for size in (*wanted, *given)):
        return None
    channels, *goal = map(int, wanted)
    _, *have = map(int, given)
    step = -(-have[0] // goal[0])
    if [(size - 1) // step + 1 for size in have] != goal:
        return None
    stride = {"stride": step} if step > 1 else {}
    way = f"insert a 1 × 1 Conv2d with {remedies.counted(channels, 'channel')}" + (
        f" and stride {step}" if step > 1 else ""
    )
    return remedies.insert(port, "Conv2d", out_channels=channels, kernel_size=1, **stride), way
