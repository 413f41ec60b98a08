"""One layer on torch's meta device: what it makes of its inputs, its size and its costs, or why it cannot take them.

The call is built and run without numbers at batches 4 and 7: what differs between the two is a multiple of the batch.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from core.layers import Call, Inputs, Layer, Refused
from core.layers.calls import construction, invocation, ports_of
from core.repairs import Repair
from core.specs import Size, Spec, shape_text

BATCHES = (4, 7)
THIRD_BATCH = 9


class Found(msgspec.Struct, frozen=True):
    """What a layer makes of its inputs."""

    outputs: dict[str, Spec]
    call: Call
    parameters: int
    macs: int


class Fault(msgspec.Struct, frozen=True):
    """Why a layer cannot take its inputs; `{source}` stands for the node linked to `port`."""

    message: str
    port: str = ""
    repair: Repair | None = None
    why: str = ""


def examined(layer: Layer, inputs: Inputs) -> Found | Fault:
    """What a layer makes of its inputs: its own words first, then its own rule, then torch on meta."""
    try:
        call = layer.call(inputs)
        parameters = _parameters(call)
        outputs = layer.rule(inputs)
        macs = layer.macs(inputs) if outputs is not None else None
        if outputs is None:
            outputs, counted = probed(layer, call, inputs)
            macs = layer.macs(inputs)
            macs = counted if macs is None else macs
        return Found(_named(layer, inputs, outputs), call, parameters, macs or 0)
    except Refused as refused:
        return Fault(refused.message, refused.port, refused.repair)
    except Exception as error:
        return _torchs_words(layer, inputs, error)


def _named(layer: Layer, inputs: Inputs, outputs: dict[str, Spec]) -> dict[str, Spec]:
    """The outputs with what their axes count, where the layer knows it for every axis."""
    names = layer.axis_names(inputs, outputs)
    return {
        port: msgspec.structs.replace(spec, axes=names[port]) if len(names.get(port, ())) == spec.rank > 0 else spec
        for port, spec in outputs.items()
    }


def _torchs_words(layer: Layer, inputs: Inputs, error: Exception) -> Fault:
    """Torch's own refusal, told with what arrived; its whole text goes behind Explain."""
    text = " ".join(str(error).split())
    short = text if len(text) <= 160 else text[:157] + "..."
    arrived = ", ".join(shape_text(spec.shape) for spec in inputs.values())
    name = type(layer).__name__
    message = (
        f"{name} cannot take {arrived} from {{source}}: {short}" if arrived else f"{name} cannot be built: {short}"
    )
    return Fault(message if message.endswith((".", "!")) else message + ".", next(iter(inputs), ""), why=text)


def _built(call: Call) -> nn.Module | None:
    if not call.target:
        return None
    with torch.device("meta"):
        return eval(construction(call), {"nn": nn, "torch": torch})  # text of the catalogue and checked literals alone


def _parameters(call: Call) -> int:
    module = _built(call)
    return sum(parameter.numel() for parameter in module.parameters()) if module else 0


def probed(layer: Layer, call: Call, inputs: Inputs) -> tuple[dict[str, Spec], int]:
    """The outputs with a symbolic batch, and multiply-accumulates for one sample, by runs on meta."""
    module = _built(call)
    text = invocation(call, "module", {port: f"given[{port!r}]" for port in inputs})
    code = compile(text, f"<{type(layer).__name__}>", "eval")

    def run(batch: int) -> dict[str, torch.Tensor]:
        given = {port: _empty(spec, batch) for port, spec in inputs.items()}
        result = eval(code, {"module": module, "given": given, "torch": torch, "nn": nn})
        return _by_port(layer, call, result)

    with FlopCounterMode(display=False) as counter:
        first = run(BATCHES[0])
    with torch.no_grad():
        second = run(BATCHES[1])
    outputs: dict[str, Spec] = {}
    for port, tensor in first.items():
        sizes = [_size(a, b) for a, b in zip(tensor.shape, second[port].shape, strict=True)]
        if None in sizes:
            with torch.no_grad():
                third = run(THIRD_BATCH)
            raise Refused(_odd_sizes(layer, tensor.shape, second[port].shape, third[port].shape))
        classes = next((spec.classes for spec in inputs.values() if spec.classes), 0)
        dtype = str(tensor.dtype).removeprefix("torch.")
        outputs[port] = Spec(
            tuple(size for size in sizes if size is not None), dtype, classes if dtype == "int64" else 0
        )
    return outputs, counter.get_total_flops() // 2 // BATCHES[0]


def _odd_sizes(layer: Layer, *shapes: torch.Size) -> str:
    seen = "; ".join(shape_text(tuple(shape)) for shape in shapes)
    name = type(layer).__name__
    return f"{name} makes sizes that do not follow the batch ({seen}); choose settings that keep the batch whole."


def _by_port(layer: Layer, call: Call, result: Any) -> dict[str, torch.Tensor]:
    if not call.unpack:
        return {type(layer).outputs[0].name: result}

    def flat(pattern: Any, value: Any) -> list[Any]:
        return (
            [value]
            if isinstance(pattern, str)
            else [leaf for part, inner in zip(pattern, value, strict=True) for leaf in flat(part, inner)]
        )

    named = zip(ports_of(call), flat(call.unpack, result), strict=True)
    return {port: tensor for port, tensor in named if isinstance(tensor, torch.Tensor)}


def _size(at_first: int, at_second: int) -> Size | None:
    """A size as k N + c, from its values at both batches; None where it is not of that form."""
    if at_first == at_second:
        return at_first
    factor, left = divmod(at_second - at_first, BATCHES[1] - BATCHES[0])
    if left or factor < 0:
        return None
    return size_text(factor, at_first - factor * BATCHES[0])


def size_text(factor: int, constant: int) -> str:
    """`N`, `2*N`, `N+1`."""
    text = "N" if factor == 1 else f"{factor}*N"
    return text + (f"{constant:+d}" if constant else "")


SYMBOLIC = re.compile(r"(?:(\d+)\*)?N([+-]\d+)?")


def size_at(size: Size, batch: int) -> int:
    """A size at one batch."""
    if isinstance(size, int):
        return size
    match = SYMBOLIC.fullmatch(size)
    if match is None:
        raise ValueError(f"{size!r} is not a size")
    return int(match[1] or 1) * batch + int(match[2] or 0)


def _empty(spec: Spec, batch: int) -> torch.Tensor:
    shape = [size_at(size, batch) for size in spec.shape]
    dtype: torch.dtype = getattr(torch, spec.dtype)
    return torch.empty(shape, dtype=dtype, device="meta", requires_grad=dtype.is_floating_point)
