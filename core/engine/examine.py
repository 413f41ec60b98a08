"""One layer on torch's meta device: what it makes of its inputs, its size and its costs, or why it cannot take them.

The call is built and run without numbers at batches 4 and 7: what differs between the two is a multiple of the batch.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry, sdpa_flop_count

from core.engine import guard, trust
from core.engine.kept import FUSED_ATTENTION, WEIGHTS, Kept, Taped, kept_by_rule, kept_of, taped
from core.engine.sizes import size_at, size_text
from core.layers import Call, Inputs, Layer, Refused
from core.layers.calls import construction, invocation, ports_of
from core.layers.own_code import FILENAME
from core.messages import Held
from core.repairs import Repair
from core.specs import Size, Spec, shape_text

BATCHES = (4, 7)
THIRD_BATCH = 9
IN_TRAINING = SimpleNamespace(training=True)
"""What an expression asks that differs between training and evaluation: `self.training`."""


class Found(msgspec.Struct, frozen=True):
    """What a layer makes of its inputs."""

    outputs: dict[str, Spec]
    call: Call
    parameters: int
    macs: int
    kept: Kept = Kept()
    trained: frozenset[str] = frozenset()
    """The ports through which gradients may go back, for which `kept` holds."""
    held: Held | None = None
    """What a person's own module holds by name, found where it was tried; others are looked at when it is asked for."""


class Fault(msgspec.Struct, frozen=True):
    """Why a layer cannot take its inputs; `{source}` stands for the node linked to `port`."""

    message: str
    port: str = ""
    repair: Repair | None = None
    why: str = ""


def examined(layer: Layer, inputs: Inputs, is_tried: bool = False) -> Found | Fault:
    """What a layer makes of its inputs: its own words first, then its own rule, then torch on meta.

    What is only tried is looked at without its costs.
    """
    try:
        call = layer.call(inputs)
        module = _built(call)
        parameters = _parameters(module)
        trained = frozenset(port for port, spec in inputs.items() if spec.is_floating)
        trained |= {WEIGHTS} if parameters else frozenset()
        outputs = layer.rule(inputs)
        if is_tried:
            outputs = _shapes(layer, call, module, inputs) if outputs is None else outputs
            return Found(_named(layer, inputs, outputs), call, parameters, 0)
        if outputs is None:
            outputs, counted, kept = _probe(layer, call, module, inputs, trained)
            macs = layer.macs(inputs)
            macs = counted if macs is None else macs
        else:
            macs, kept = layer.macs(inputs), kept_by_rule(layer, inputs, outputs)
        return Found(_named(layer, inputs, outputs), call, parameters, macs or 0, kept, trained)
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


def _built(call: Call) -> nn.Module | torch.Tensor | None:
    if not call.target:
        return None
    with torch.device("meta"):
        return eval(construction(call), namespace(call))  # text of the catalogue and checked literals alone


def namespace(call: Call) -> dict[str, Any]:
    """The names that a call's text may use: torch, nn, a model in training, and what it imports or brings itself."""
    names: dict[str, Any] = {"nn": nn, "torch": torch, "self": IN_TRAINING}
    if not trust.is_allowed(call):
        raise Refused("{self} brings code of its own, which is not run until you trust it: read it in its form.")
    for line in call.imports:
        exec(line, names)
    if call.function:
        names["Tensor"] = torch.Tensor
        exec(call.function, names)  # text of the catalogue
    if call.code:
        names["Tensor"] = torch.Tensor
        with guard.Guarded():
            exec(compile(call.code, FILENAME, "exec", dont_inherit=True), names)
    return names


def _parameters(module: object) -> int:
    if isinstance(module, nn.Module):
        return sum(parameter.numel() for parameter in module.parameters())
    return module.numel() if isinstance(module, nn.Parameter) else 0


class _Counter(TorchDispatchMode):
    """Counts the floating point operations that torch has a formula for; a slim FlopCounterMode."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        packet = func._overloadpacket
        formula = flop_registry.get(packet)
        if packet is FUSED_ATTENTION:
            self.count += sdpa_flop_count(args[0].shape, args[1].shape, args[2].shape)
        elif formula is not None:
            self.count += formula(*args, **(kwargs or {}), out_val=result)
        return result


def probed(layer: Layer, call: Call, inputs: Inputs) -> tuple[dict[str, Spec], int]:
    """The outputs with a symbolic batch, and multiply-accumulates for one sample, by runs on meta."""
    return _probe(layer, call, _built(call), inputs, frozenset(inputs) | {WEIGHTS})[:2]


def kept_with(layer: Layer, call: Call, inputs: Inputs, trained: frozenset[str]) -> Kept:
    """What a layer keeps for the backward pass where gradients go back through these ports alone."""
    outputs = layer.rule(inputs)
    if outputs is not None:
        return (
            kept_by_rule(layer, inputs, outputs) if trained else Kept(sizes=kept_by_rule(layer, inputs, outputs).sizes)
        )
    return _probe(layer, call, _built(call), inputs, trained)[2]


def _probe(
    layer: Layer, call: Call, module: nn.Module | torch.Tensor | None, inputs: Inputs, trained: frozenset[str]
) -> tuple[dict[str, Spec], int, Kept]:
    """The outputs, the cost and what is kept: a run in training at one batch, and at another one for the sizes."""
    names = namespace(call)
    text = invocation(call, "module", {port: f"given[{port!r}]" for port in inputs})
    code = compile(text, f"<{type(layer).__name__}>", "eval")
    is_frozen = WEIGHTS not in trained and _parameters(module) > 0
    if is_frozen and module is not None:
        module.requires_grad_(False)

    def run(batch: int) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
        given = {port: _empty(spec, batch, port in trained) for port, spec in inputs.items()}
        result = eval(code, {**names, "module": module, "given": given})
        return given, _by_port(layer, call, result)

    def trained_at(batch: int) -> Taped:
        if isinstance(module, nn.Module):
            module.train(not is_frozen)
        return taped(run, batch, module)

    other, batch = BATCHES
    with _Counter() as counter:
        found = trained_at(batch)
    if isinstance(module, nn.Module) and layer.family != "custom":
        module.eval()  # the shapes are those of training, and a norm or a dropout is through sooner
    with torch.no_grad():
        there = run(other)[1]
    outputs: dict[str, Spec] = {}
    for port, tensor in found.results.items():
        sizes = [_size(a, b) for a, b in zip(there[port].shape, tensor.shape, strict=True)]
        if None in sizes:
            with torch.no_grad():
                third = run(THIRD_BATCH)[1]
            raise Refused(_odd_sizes(layer, there[port].shape, tensor.shape, third[port].shape))
        classes = next((spec.classes for spec in inputs.values() if spec.classes), 0)
        dtype = str(tensor.dtype).removeprefix("torch.")
        outputs[port] = Spec(
            tuple(size for size in sizes if size is not None), dtype, classes if dtype == "int64" else 0
        )
    kept = kept_of(found, batch, other, there, lambda: trained_at(other))
    return outputs, counter.count // 2 // batch, kept


def _shapes(layer: Layer, call: Call, module: nn.Module | torch.Tensor | None, inputs: Inputs) -> dict[str, Spec]:
    """The outputs alone, from two runs without gradients."""
    names = namespace(call)
    code = compile(invocation(call, "module", {port: f"given[{port!r}]" for port in inputs}), "<tried>", "eval")
    if isinstance(module, nn.Module):
        module.eval()
    found: list[dict[str, torch.Tensor]] = []
    with torch.no_grad():
        for batch in BATCHES:
            given = {port: _empty(spec, batch, False) for port, spec in inputs.items()}
            found.append(_by_port(layer, call, eval(code, {**names, "module": module, "given": given})))
    outputs: dict[str, Spec] = {}
    for port, tensor in found[1].items():
        sizes = tuple(_size(a, b) for a, b in zip(found[0][port].shape, tensor.shape, strict=True))
        if None in sizes:
            raise Refused("")
        outputs[port] = Spec(
            tuple(size for size in sizes if size is not None), str(tensor.dtype).removeprefix("torch.")
        )
    return outputs


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


def _empty(spec: Spec, batch: int, is_trained: bool) -> torch.Tensor:
    shape = [size_at(size, batch) for size in spec.shape]
    dtype: torch.dtype = getattr(torch, spec.dtype)
    return torch.empty(shape, dtype=dtype, device="meta", requires_grad=is_trained and dtype.is_floating_point)
