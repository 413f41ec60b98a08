"""What tests feed layers with: inputs that one takes, other settings that it allows, and what torch makes of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import torch
from torch import nn

from core.engine.examine import Found, namespace, size_at
from core.layers import Call, Inputs, Layer, Port, Refused
from core.layers.calls import construction, invocation, ports_of
from core.parameters import Parameter, dropped_values, parameters, read
from core.specs import Spec

SHAPES: list[tuple[int | str, ...]] = [
    ("N", 16), ("N", 6, 16), ("N", 16, 8, 8), ("N", 16, 4, 6, 8), ("N", 64), ("N",), ("N", 16, 1), ("N", 32, 4, 6),
]  # fmt: skip
GIVEN: dict[str, dict[str, Spec]] = {
    **{
        f"MaxUnpool{len(sizes)}d": {"input": Spec(("N", 16, *sizes)), "indices": Spec(("N", 16, *sizes), "int64")}
        for sizes in ((8,), (8, 8), (4, 6, 8))
    },
    "Fold": {"input": Spec(("N", 8, 16))},
    "GroupNorm": {"input": Spec(("N", 16, 8, 8))},  # two numbers a group would blow up the last bit of each
    "MultiLabelMarginLoss": {"input": Spec(("N", 6)), "target": Spec(("N", 6), "int64")},
    "CTCLoss": {
        "log_probs": Spec((12, "N", 5)),
        "targets": Spec(("N", 6), "int64"),
        "input_lengths": Spec(("N",), "int64"),
        "target_lengths": Spec(("N",), "int64"),
    },
    **{name: {"input": Spec(("N", 6), "bool"), "other": Spec((6,), "bool")} for name in ("LogicalAnd", "LogicalOr")},
    "LogicalNot": {"input": Spec(("N", 6), "bool")},
    "Where": {"condition": Spec(("N", 6, 1), "bool"), "input": Spec(("N", 6, 16)), "other": Spec((16,))},
    "MaskedFill": {"input": Spec(("N", 6, 16)), "mask": Spec(("N", 1, 16), "bool")},
    "GridSample": {"input": Spec(("N", 3, 8, 8)), "grid": Spec(("N", 4, 5, 2))},
    "Bmm": {"input": Spec(("N", 3, 8)), "mat2": Spec(("N", 8, 5))},
    "Baddbmm": {"input": Spec((5,)), "batch1": Spec(("N", 3, 8)), "batch2": Spec(("N", 8, 5))},
    "Einsum": {"tensors_0": Spec(("N", 3, 8)), "tensors_1": Spec(("N", 8, 5))},
    "Unbind": {"input": Spec(("N", 3, 8))},
    "Gather": {"input": Spec(("N", 6)), "index": Spec(("N", 2), "int64")},
    "Lookup": {"input": Spec(("N", 2), "int64"), "weight": Spec((16, 8))},
    "Gradient": {"value": Spec(("N", 1)), "by": Spec(("N", 16))},
}
"""Inputs that are not among the candidates."""
CANDIDATES = [Spec(shape) for shape in SHAPES] + [Spec(("N",), "int64"), Spec(("N", 6), "int64")]
DECODING = {
    "tgt_mask": Spec((6, 6), "bool"),
    "memory_mask": Spec((6, 6), "bool"),
    "tgt_key_padding_mask": Spec(("N", 6), "bool"),
    "memory_key_padding_mask": Spec(("N", 6), "bool"),
}
OPTIONAL: dict[str, dict[str, Spec]] = {
    "RNN": {"hx": Spec((1, "N", 64))},
    "GRU": {"hx": Spec((1, "N", 64))},
    "LSTM": {"h_0": Spec((1, "N", 64)), "c_0": Spec((1, "N", 64))},
    "MultiheadAttention": {"key_padding_mask": Spec(("N", 6), "bool"), "attn_mask": Spec((6, 6), "bool")},
    "TransformerEncoderLayer": {"src_mask": Spec((6, 6), "bool"), "src_key_padding_mask": Spec(("N", 6), "bool")},
    "TransformerEncoder": {"mask": Spec((6, 6), "bool"), "src_key_padding_mask": Spec(("N", 6), "bool")},
    "TransformerDecoderLayer": DECODING,
    "TransformerDecoder": DECODING,
    "Transformer": {**DECODING, "src_mask": Spec((6, 6), "bool"), "src_key_padding_mask": Spec(("N", 6), "bool")},
    "RNNCell": {"hx": Spec(("N", 64))},
    "GRUCell": {"hx": Spec(("N", 64))},
    "LSTMCell": {"h_0": Spec(("N", 64)), "c_0": Spec(("N", 64))},
    "Interpolate": {"like": Spec(("N", 3, 9))},
    **{name: {"weight": Spec((16,))} for name in ("CrossEntropyLoss", "NLLLoss", "MultiMarginLoss", "BCELoss")},
    "BCEWithLogitsLoss": {"weight": Spec(("N", 1)), "pos_weight": Spec((16,))},
    "MultiLabelSoftMarginLoss": {"weight": Spec((16,))},
    "ScaledDotProductAttention": {"attn_mask": Spec((6, 6), "bool")},
    "Pow": {"exponent": Spec(("N", 16))},
    **{name: {"other": Spec((16,))} for name in ("Eq", "Ne", "Lt", "Le", "Gt", "Ge")},
}
"""What optional inputs may get, beside what the required ones are found to take."""


def fitting_inputs(layer: Layer) -> Inputs | None:
    """The first of the candidates that the layer does not refuse; a variadic input gets two."""
    ports: list[str] = []
    for port in type(layer).inputs:
        if not port.optional:
            ports += [f"{port.name}_0", f"{port.name}_1"] if port.variadic else [port.name]
    products = (dict(zip(ports, specs, strict=True)) for specs in itertools.product(CANDIDATES, repeat=len(ports)))
    name = type(layer).__name__
    for inputs in [GIVEN[name]] if name in GIVEN else products:
        try:
            layer.call(inputs)
        except Refused:
            continue
        return inputs
    return None


def real_outputs(
    layer: Layer, call: Call, inputs: Inputs, batch: int, training: bool, device: str = "cpu"
) -> dict[str, torch.Tensor]:
    """What torch makes of random numbers, by the text that source writes."""
    torch.manual_seed(0)
    module = eval(construction(call), {"nn": nn, "torch": torch}) if call.target else None
    if isinstance(module, nn.Module):
        module.train(training)
    module = module.to(device) if module is not None else None
    given = {port: filled(spec, batch).to(device) for port, spec in inputs.items()}
    if type(layer).__name__ == "Gradient":
        given["value"] = given["value"] + given["by"].requires_grad_().sum()
    text = invocation(call, "module", {port: f"given[{port!r}]" for port in inputs})
    this = SimpleNamespace(training=training)
    return by_port(layer, call, eval(text, {**namespace(call), "module": module, "given": given, "self": this}))


def by_port(layer: Layer, call: Call, result: Any) -> dict[str, torch.Tensor]:
    """What a call gives, by the name of the output."""
    if not call.unpack:
        return {type(layer).outputs[0].name: result}

    def flat(pattern: Any, value: Any) -> list[torch.Tensor]:
        if isinstance(pattern, str):
            return [value]
        return [leaf for part, inner in zip(pattern, value, strict=True) for leaf in flat(part, inner)]

    return dict(zip(ports_of(call), flat(call.unpack, result), strict=True))


def filled(spec: Spec, batch: int) -> torch.Tensor:
    shape = [size_at(size, batch) for size in spec.shape]
    if spec.dtype == "int64":
        return torch.zeros(shape, dtype=torch.int64)  # the one number that every table and every score knows
    if spec.dtype == "bool":
        return torch.zeros(shape, dtype=torch.bool)
    return torch.rand(shape) * 0.9 + 0.05


def varied(declared: type[Layer]) -> Iterator[Layer]:
    """The layer as it is dropped, and with each parameter at other values that its declaration allows."""
    base = declared(**dropped_values(declared))
    yield base
    for each in parameters(declared):
        for value in other_values(each):
            layer, faults = read(declared, {**dropped_values(declared), each.name: value})
            if not faults and layer != base:
                yield layer


def other_values(each: Parameter) -> list[Any]:
    """Values of the parameter's kind, whether its bounds allow them or not."""
    by_kind: dict[str, list[Any]] = {
        "boolean": [True, False],
        "integer": [0, 1, 2, 4, -1],
        "number": [0.25, 0.75, 2.0],
        "sizes": [1, 2, (2,) * each.length, tuple(range(2, 2 + each.length))],
        "shape": [(-1,), (1,), (4, 4), (0, 2, 1), (0, 3, 1, 2), (1, -1)],
        "numbers": [(), (0.5,), (0.25, -2.0, 3.0)],
    }
    return [*each.choices, *([None] if each.optional else []), *by_kind.get(each.kind, [])]


def is_given(layer: Layer, port: Port, found: Found) -> bool:
    """Whether an output is there: always, or as its setting says, or as many as the call has."""
    if port.when:
        return bool(getattr(layer, port.when))
    return not port.optional or port.name in ports_of(found.call)
