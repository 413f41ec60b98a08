"""Which targets fit a prediction, as losses ask before torch does.

Torch accepts much here that trains nothing sensible: a target of another shape is stretched over the prediction,
classes on another axis are taken for positions, a single score always wins. Each of that is refused in words.
"""

from __future__ import annotations

import math

from core.layers import remedies
from core.layers.expectations import expect_floating, expect_whole, name_of, received, way_to_shape
from core.layers.layer import Inputs, Layer, Refused
from core.repairs import Insert, Repair, Unlink
from core.specs import Size, shape_text


def expect_classes(layer: Layer, inputs: Inputs, shares: bool = False) -> None:
    """Refuse scores without classes on axis 1, and targets that are no class numbers for them.

    With `shares`, floating point targets of the input's shape are taken as the share of each class.
    """
    scores, target, name = inputs["input"], inputs["target"], name_of(layer)
    expect_floating(layer, inputs)
    if shares and target.is_floating and target.shape == scores.shape and scores.rank > 1 and scores.shape[1] != 1:
        return
    if target.is_floating:
        raise Refused(
            f"{name} expects class numbers (int64), but receives {received(target, dtype=True)}: to predict numbers "
            "use MSELoss.",
            "target",
            remedies.swap(layer, "MSELoss"),
        )
    expect_whole(layer, inputs, "target", "class numbers")
    if target.shape[:1] != scores.shape[:1] or scores.rank < 2 or target.shape != (scores.shape[0], *scores.shape[2:]):
        _refuse_shapes(layer, inputs)
    _expect_enough_scores(layer, inputs)


def _refuse_shapes(layer: Layer, inputs: Inputs) -> None:
    scores, target, name = inputs["input"], inputs["target"], name_of(layer)
    places, classes = target.shape[1:], str(target.classes or "classes")
    if scores.rank > 1 and target.shape == (scores.shape[0], *scores.shape[2:], 1):
        wanted = shape_text((scores.shape[0], *scores.shape[2:]))
        raise Refused(
            f"{name} expects {wanted} class numbers, but receives {received(target)}: insert Squeeze, which takes the "
            "last axis away.",
            "target",
            remedies.insert("target", "Squeeze", dim=-1),
        )
    wanted = " × ".join(str(size) for size in (target.shape[0] if target.shape else "N", classes, *places))
    if scores.rank > 2 and target.shape == scores.shape[:-1]:
        repair = class_axis_repair(scores.rank)
        raise Refused(
            f"{name} expects {wanted} scores, with the classes on axis 1, but receives {received(scores)}, where they "
            f"are last: {repair.text[0].lower()}{repair.text[1:]}.",
            "input",
            repair,
        )
    repair, way = (
        None,
        "give it one score for each class" + f" at each of the {shape_text(places)} places" * bool(places),
    )
    if len(places) == 0 and scores.rank > 2:
        repair, way = remedies.insert("input", "Flatten"), "insert Flatten, which lays each sample out as one row"
    elif len(places) == 0 and scores.rank == 1:
        repair, way = (
            remedies.insert("input", "Unsqueeze", dim=1),
            "insert Unsqueeze, which adds the axis of the classes",
        )
    raise Refused(f"{name} expects {wanted} scores, but receives {received(scores)}: {way}.", "input", repair)


def class_axis_repair(rank: int) -> Repair:
    """Move the classes from the last axis to axis 1, where class losses want them."""
    if rank == 3:
        return remedies.insert("input", "Transpose", dim0=1, dim1=2)
    return remedies.insert("input", "Permute", dims=(0, rank - 1, *range(1, rank - 1)))


def _expect_enough_scores(layer: Layer, inputs: Inputs) -> None:
    """Refuse fewer scores than the target has classes, and a single score, which always wins."""
    scores, classes, name = inputs["input"], inputs["target"].classes, name_of(layer)
    count = scores.shape[1]
    if isinstance(count, str) or count >= max(classes, 2):
        return
    wanted = (scores.shape[0], classes or 2, *scores.shape[2:])
    if not classes:
        raise Refused(
            f"{name} expects one score for each class, but receives {received(scores)}: a single score always wins, "
            "so for yes or no use BCEWithLogitsLoss.",
            "input",
            remedies.swap(layer, "BCEWithLogitsLoss"),
        )
    if scores.rank == 2:
        repair, way = (
            remedies.insert("input", "Linear", out_features=classes),
            f"give the last Linear {classes} outputs",
        )
    else:
        repair, way = None, f"give the last layer {classes} channels"
        if scores.rank == 4:
            repair = remedies.insert("input", "Conv2d", out_channels=classes, kernel_size=1)
    raise Refused(
        f"{name} expects {shape_text(wanted)} scores, one for each of the {classes} classes of the target, but "
        f"receives {received(scores)}: {way}.",
        "input",
        repair,
    )


def expect_alike(layer: Layer, inputs: Inputs, first: str = "input", second: str = "target") -> None:
    """Refuse two inputs of different shapes, which torch would stretch over each other, and whole numbers."""
    expect_floating(layer, inputs, first)
    given, target, name = inputs[first], inputs[second], name_of(layer)
    if given.shape == target.shape:
        expect_floating(layer, inputs, second)
        return
    what = (
        f"{name} expects {second} in the shape of {first}, {shape_text(given.shape)}, but receives {received(target)}"
    )
    if (
        not target.is_floating
        and (target.shape[:1], target.shape[1:]) == (given.shape[:1], given.shape[2:])
        and given.shape[1:2] != (1,)
    ):
        repair = remedies.swap(layer, "CrossEntropyLoss")
        raise Refused(f"{what}: for class numbers use CrossEntropyLoss.", second, repair)
    if given.shape == (*target.shape, 1) or target.shape == (*given.shape, 1):
        shorter = "Unsqueeze" if given.rank > target.rank else "Squeeze"
        names = [*(["Float"] if not target.is_floating else []), shorter]
        edits = tuple(Insert("{self}", second, each, {"dim": -1} if each == shorter else {}) for each in names)
        words = " and ".join(names)
        why = "torch would compare every sample with every other"
        raise Refused(f"{what}, and {why}: insert {words}.", second, Repair(f"Insert {words}", edits))
    if given.rank == 2 < target.rank and _same_count(given.shape, target.shape):
        raise Refused(f"{what}: insert Flatten.", second, remedies.insert(second, "Flatten"))
    mended, model = (first, second) if second == "target" else (second, first)
    repair, way = way_to_shape(inputs[model], inputs[mended], mended)
    wanted = f"{mended} in the shape of {model}, {shape_text(inputs[model].shape)}"
    raise Refused(f"{name} expects {wanted}, but receives {received(inputs[mended])}: {way}.", mended, repair)


def _same_count(one: tuple[Size, ...], other: tuple[Size, ...]) -> bool:
    """Whether samples of two shapes hold as many numbers."""
    fixed = all(isinstance(size, int) for size in (*one[1:], *other[1:]))
    return fixed and one[:1] == other[:1] and math.prod(map(int, one[1:])) == math.prod(map(int, other[1:]))


def expect_yes_or_no(layer: Layer, inputs: Inputs) -> None:
    """Refuse a target with more than two classes, which a yes or no cannot tell apart."""
    target = inputs["target"]
    if target.classes > 2:
        raise Refused(
            f"{name_of(layer)} expects targets between 0 and 1, but receives {target.classes} classes from "
            f"{{source}}: use CrossEntropyLoss.",
            "target",
            remedies.swap(layer, "CrossEntropyLoss"),
        )


def expect_class_weights(layer: Layer, inputs: Inputs) -> None:
    """Refuse weights of classes that are not one number for each of them."""
    if "weight" not in inputs:
        return
    expect_floating(layer, inputs, "weight")
    classes, weight = inputs["input"].shape[1], inputs["weight"]
    if weight.shape != (classes,):
        raise Refused(
            f"{name_of(layer)} expects one weight for each of its {classes} classes, but receives {received(weight)}: "
            f"link a Buffer with {classes} numbers, or nothing.",
            "weight",
            Repair("Unlink weight", (Unlink("{self}", "weight"),)),
        )


def expect_row_weights(layer: Layer, inputs: Inputs, *ports: str) -> None:
    """Refuse weights that do not go with the answers, number by number or with size 1 where they are all the same."""
    target = inputs["target"].shape
    for port in ports:
        if port not in inputs:
            continue
        expect_floating(layer, inputs, port)
        given = inputs[port].shape
        pairs = zip(reversed(target), reversed(given), strict=False)
        if len(given) > len(target) or any(one != two and two != 1 for one, two in pairs):
            raise Refused(
                f"{name_of(layer)} expects a {port} that fits {shape_text(target)} answers, but receives "
                f"{received(inputs[port])}: link one of that shape, or a Buffer with a number for each of the last "
                "axis.",
                port,
                Repair(f"Unlink {port}", (Unlink("{self}", port),)),
            )
