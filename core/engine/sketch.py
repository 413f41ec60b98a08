"""The curve of a layer: its own call on real numbers in eval mode, one number at a time, with its slope."""

from __future__ import annotations

import types
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import torch
from torch import Tensor

from core.engine.examine import namespace
from core.layers import CATALOGUE, Call, Layer, Refused
from core.layers.calls import construction, invocation
from core.messages import Curve, Sketch, Sketched
from core.parameters import parameters, read
from core.specs import Spec

POINTS = 321
LOSS_POINTS = 121
REACH = 4.0
DRAWS = 48
CURVED = frozenset({"activation", "merge"})
"""The families in which a layer with one input may bend each number for itself."""

BENDS = frozenset({"min_val", "max_val", "min", "max", "lambd"})
"""Settings that say where a curve bends: the sketch reaches beyond them."""

ALL_REACH = {"ReLU6": 8.0, "Tan": 1.5, "Sin": 7.0, "Cos": 7.0}
COMPETING = frozenset({"Softmax", "LogSoftmax", "Softmin", "Softmax2d"})

Feed = Callable[[Tensor], dict[str, Tensor]]
"""The inputs by port for a column of numbers, one row each."""


class _Way(msgspec.Struct, frozen=True):
    """How a layer is fed one number at a time, and which of its answers is drawn."""

    name: str
    feed: Feed
    answer: Callable[[Tensor], Tensor]


class _Plan(msgspec.Struct, frozen=True):
    low: float
    high: float
    ways: tuple[_Way, ...]
    across: str = "input"
    up: str = "output"
    note: str = ""
    points: int = POINTS
    one_by_one: bool = False


def sketch(asked: Sketch) -> Sketched:
    """The curves of a layer with these values; none where there is no curve."""
    declared = CATALOGUE.get(asked.layer)
    if declared is None:
        return Sketched()
    known = {each.name for each in parameters(declared)}
    layer = read(declared, {name: value for name, value in asked.values.items() if name in known})[0]
    plan = _plan(layer)
    if plan is None:
        return Sketched()
    x = torch.linspace(plan.low, plan.high, plan.points)
    try:
        with warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
            warnings.simplefilter("ignore")
            torch.manual_seed(0)
            curves = tuple(_curve(layer, way, x, plan.one_by_one) for way in plan.ways)
    except (Refused, RuntimeError):  # settings that cannot work: check says so at the node, in the layer's own words
        return Sketched()
    found = tuple(curve for curve in curves if curve is not None)
    note = plan.note
    if any(curve.low for curve in found):
        note = "The band is what training draws from; the line is what stands in evaluation."
    return Sketched(_bytes(x), found, plan.across, plan.up, note) if found else Sketched()


def _plan(layer: Layer) -> _Plan | None:
    name, declared = type(layer).__name__, type(layer)
    if name in LOSSES:
        return LOSSES[name]
    if name in COMPETING:
        return _competing(layer)
    if name == "GLU":
        return _gate(layer)
    needed = [port for port in declared.inputs if not port.optional]
    if declared.family not in CURVED or len(needed) != 1 or needed[0].variadic or len(declared.outputs) != 1:
        return None
    reach = max([REACH, *(1.5 * abs(getattr(layer, name)) for name in _bends(layer))])
    reach = ALL_REACH.get(name, reach)
    channels = getattr(layer, "num_parameters", 1)
    port = needed[0].name
    way = _Way("", lambda x: {port: x[:, None].expand(-1, channels)}, lambda y: y[:, 0])
    return _Plan(-reach, reach, (way,))


def _bends(layer: Layer) -> list[str]:
    names = {each.name for each in parameters(type(layer))} & BENDS
    if type(layer).__name__ == "Threshold":
        names.add("threshold")
    return [name for name in names if isinstance(getattr(layer, name), int | float)]


def _competing(layer: Layer) -> _Plan:
    """Three scores on the axis that the layer compares: one goes up, the others stay 0."""
    dim: int = getattr(layer, "dim", None) or (-1 if type(layer).__name__ != "Softmax2d" else 1)
    rank = 4 if type(layer).__name__ == "Softmax2d" else max(2, dim + 1, -dim + 1 if dim < -1 else 2)
    axis = dim % rank

    def feed(x: Tensor) -> dict[str, Tensor]:
        rows = torch.stack([x, torch.zeros_like(x), torch.zeros_like(x)], 1)
        return {"input": rows.reshape([len(x) if place == 0 else 3 if place == axis else 1 for place in range(rank)])}

    ways = (
        _Way("this one", feed, lambda y: y.reshape(-1, 3)[:, 0]),
        _Way("each of the others", feed, lambda y: y.reshape(-1, 3)[:, 1]),
    )
    return _Plan(-REACH, REACH, ways, "one score of three; the other two are 0")


def _gate(layer: Layer) -> _Plan:
    """A value of 1 behind a gate that opens."""
    dim: int = getattr(layer, "dim", -1)
    rank = max(2, dim + 1, -dim + 1 if dim < -1 else 2)
    axis = dim % rank

    def feed(x: Tensor) -> dict[str, Tensor]:
        rows = torch.stack([torch.ones_like(x), x], 1)
        return {"input": rows.reshape([len(x) if place == 0 else 2 if place == axis else 1 for place in range(rank)])}

    return _Plan(-REACH, REACH, (_Way("", feed, lambda y: y.flatten()),), "gate; the value behind it is 1")


def _against(*targets: tuple[str, float], low: float, high: float, across: str) -> _Plan:
    """A loss of one prediction against fixed targets."""

    def way(name: str, target: float) -> _Way:
        return _Way(
            name, lambda x: {"input": x[:, None], "target": torch.full((len(x), 1), target)}, lambda y: y.sum()[None]
        )

    ways = tuple(way(name, target) for name, target in targets)
    return _Plan(low, high, ways, across, "loss", points=LOSS_POINTS, one_by_one=True)


def _scores(x: Tensor, right: int) -> dict[str, Tensor]:
    zeros = torch.zeros_like(x)
    return {"input": torch.stack([x, zeros, zeros], 1), "target": torch.full((len(x),), right)}


ERROR = _against(("", 0.0), low=-REACH, high=REACH, across="prediction minus target")
SIGNED = _against(("target 1", 1.0), ("target \N{MINUS SIGN}1", -1.0), low=-REACH, high=REACH, across="prediction")
LOSSES: dict[str, _Plan] = {
    **dict.fromkeys(("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"), ERROR),
    **dict.fromkeys(("SoftMarginLoss", "HingeEmbeddingLoss"), SIGNED),
    "BCELoss": _against(("target 1", 1.0), ("target 0", 0.0), low=0.004, high=0.996, across="predicted probability"),
    "BCEWithLogitsLoss": _against(
        ("target 1", 1.0), ("target 0", 0.0), low=-REACH, high=REACH, across="predicted score"
    ),
    "CrossEntropyLoss": _Plan(
        -REACH,
        REACH,
        (
            _Way("it is the right class", lambda x: _scores(x, 0), lambda y: y.sum()[None]),
            _Way("another class is right", lambda x: _scores(x, 1), lambda y: y.sum()[None]),
        ),
        "score of one class of three; the other two are 0",
        "loss",
        points=LOSS_POINTS,
        one_by_one=True,
    ),
}
"""How the losses that compare one prediction with one target are drawn."""


def _curve(layer: Layer, way: _Way, x: Tensor, one_by_one: bool) -> Curve | None:
    run = _runner(layer, way.feed(x[:1] if one_by_one else x))
    if run is None:
        return None
    leaf = x.clone().requires_grad_()
    rows = leaf.split(1) if one_by_one else [leaf]
    answers = [run(way.feed(row), False) for row in rows]
    if any(not answer.requires_grad for answer in answers):  # a class number, or the same whatever comes in
        return None
    if not one_by_one and not _bends_each_alone(run, way, x, answers[0]):
        return None
    y = torch.cat([way.answer(answer) for answer in answers])
    slope = torch.autograd.grad(y.sum(), leaf)[0]
    low, high = (b"", b"") if one_by_one else _band(run, way, x)
    return Curve(way.name, _bytes(y.detach()), _bytes(slope), low, high)


def _runner(layer: Layer, given: Mapping[str, Tensor]) -> Callable[[dict[str, Tensor], bool], Tensor] | None:
    """What runs the layer's own call; None where that would run code that a person wrote."""
    specs = {
        port: Spec(("N", *tensor.shape[1:]), str(tensor.dtype).removeprefix("torch.")) for port, tensor in given.items()
    }
    call = layer.call(specs)
    if _has_code(call):
        return None
    names = namespace(call)
    module: Any = eval(construction(call), names) if call.target else None  # text of the catalogue and literals alone
    text = compile(invocation(call, "module", {port: f"given[{port!r}]" for port in given}), "<sketch>", "eval")

    def run(inputs: dict[str, Tensor], is_training: bool) -> Tensor:
        if module is not None:
            module.train(is_training)
        itself = types.SimpleNamespace(training=is_training)
        return eval(text, {**names, "module": module, "given": inputs, "self": itself})

    return run


def _has_code(call: Call) -> bool:
    parts = [*call.positional, *(value for _, value in call.keywords)]
    return bool(call.code) or any(_has_code(part) for part in parts if isinstance(part, Call))


def _bends_each_alone(run: Callable[..., Tensor], way: _Way, x: Tensor, answer: Tensor) -> bool:
    """Whether what comes out at one number does not depend on the others, and is as many."""
    if len(answer) != len(x):
        return False
    with torch.no_grad():
        whole, part = way.answer(answer.detach()), way.answer(run(way.feed(x[40:80]), False))
    return bool(torch.allclose(whole[40:80], part, equal_nan=True))


def _band(run: Callable[..., Tensor], way: _Way, x: Tensor) -> tuple[bytes, bytes]:
    """The least and the greatest that training draws, where it draws anything."""
    with torch.no_grad():
        first, second = (way.answer(run(way.feed(x), True)) for _ in range(2))
        if torch.equal(torch.nan_to_num(first), torch.nan_to_num(second)):
            return b"", b""
        drawn = torch.stack([way.answer(run(way.feed(x), True)) for _ in range(DRAWS)])
    return _bytes(drawn.amin(0)), _bytes(drawn.amax(0))


def _bytes(values: Tensor) -> bytes:
    return values.detach().to(torch.float32).contiguous().numpy().astype("<f4").tobytes()
