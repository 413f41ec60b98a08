"""What training keeps of a forward pass for the backward pass, found on meta: tensors and whose memory they are.

A layer keeps inputs, outputs and tensors of its own. In a network one value is the output of one layer and an input of
others, so what is kept is summed over values, each once; a view shares the memory of what it is a view of. Parameters
are no part of it.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

import msgspec
import torch
from torch import nn
from torch.autograd.graph import saved_tensors_hooks

from core.engine.sizes import size_at
from core.graph import Graph, Link
from core.layers import Inputs, Layer
from core.specs import Spec

ITEM_BYTES = {"float64": 8, "int64": 8, "complex64": 8, "float16": 2, "bfloat16": 2, "int16": 2}
ITEM_BYTES |= {"bool": 1, "int8": 1, "uint8": 1}

FUSED_ATTENTION = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
WEIGHTS = ""
"""Stands among the ports for the layer's own weights, where these are trained."""

Amount = tuple[int, int]
"""Bytes for each sample, and bytes whatever the batch."""
NOTHING: Amount = (0, 0)


class Kept(msgspec.Struct, frozen=True):
    """What a layer keeps: inputs and outputs by port, and an amount that is its own.

    `shares` names for an output the port whose memory it is (an input, or an output before it); `sizes` are the
    amounts of the other outputs; `flows` are the outputs through which gradients come back.
    """

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    own: Amount = (0, 0)
    shares: tuple[tuple[str, str], ...] = ()
    sizes: tuple[tuple[str, Amount], ...] = ()
    flows: tuple[str, ...] = ()


class Taped(NamedTuple):
    """One run on meta with what autograd kept of it, by storage."""

    given: Mapping[str, torch.Tensor]
    results: Mapping[str, torch.Tensor]
    saved: Mapping[int, torch.Tensor]
    lasting: frozenset[int]


Run = Callable[[int], tuple[Mapping[str, torch.Tensor], Mapping[str, torch.Tensor]]]


@contextlib.contextmanager
def _fused_attention() -> Iterator[None]:
    """Let attention be computed as on the processor, in one kernel that keeps no scores; meta would choose another."""
    functional: Any = nn.functional
    plain = functional.scaled_dot_product_attention

    def attention(*args: Any, **said: Any) -> torch.Tensor:
        return _fused(*args, **said) if _is_fused(*args, **said) else plain(*args, **said)

    functional.scaled_dot_product_attention = attention
    try:
        yield
    finally:
        functional.scaled_dot_product_attention = plain


def _is_fused(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attn_mask: torch.Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> bool:
    """Torch's own conditions for the fused kernel on the processor."""
    alike = query.ndim == key.ndim == value.ndim == 4 and query.shape[-1] == key.shape[-1] == value.shape[-1]
    masked = attn_mask is not None and (attn_mask.requires_grad or attn_mask.ndim not in (2, 4))
    return alike and dropout_p == 0.0 and not masked and not enable_gqa and query.shape[1] == key.shape[1]


def _fused(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attn_mask: torch.Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> torch.Tensor:
    if attn_mask is not None and attn_mask.dtype == torch.bool:
        attn_mask = torch.zeros_like(attn_mask, dtype=query.dtype)
    return FUSED_ATTENTION(query, key, value, dropout_p, is_causal, attn_mask=attn_mask, scale=scale)[0]


def _storage(tensor: torch.Tensor) -> int:
    return tensor.untyped_storage()._cdata


def taped(run: Run, batch: int, module: object) -> Taped:
    """Run once, listening to what autograd keeps."""
    saved: dict[int, torch.Tensor] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        saved.setdefault(_storage(tensor), tensor)
        return tensor

    with _fused_attention(), saved_tensors_hooks(keep, lambda tensor: tensor):
        given, results = run(batch)
    held: Iterable[torch.Tensor] = ()
    if isinstance(module, nn.Module):
        held = (*module.parameters(), *module.buffers())
    elif isinstance(module, torch.Tensor):
        held = (module,)
    lasting = frozenset(_storage(each) for each in held)
    return Taped(given, results, {key: each for key, each in saved.items() if key not in lasting}, lasting)


def kept_of(
    found: Taped, batch: int, other: int, sizes_there: Mapping[str, torch.Tensor], again: Callable[[], Taped]
) -> Kept:
    """What a run at one batch says, with `sizes_there` the outputs at the other; runs `again` there only if it must."""
    owner: dict[int, str] = {}
    for port, tensor in found.given.items():
        owner.setdefault(_storage(tensor), port)
    inputs = frozenset(owner.values())
    shares: list[tuple[str, str]] = []
    sizes: list[tuple[str, Amount]] = []
    for port, tensor in found.results.items():
        key = _storage(tensor)
        if key in owner:
            shares.append((port, owner[key]))
            continue
        owner[key] = port
        here, there = tensor.untyped_storage().nbytes(), sizes_there[port].untyped_storage().nbytes()
        sizes.append((port, (0, 0) if key in found.lasting else _amount(here, batch, there, other)))
    ports = [owner[key] for key in found.saved if key in owner]
    taken = frozenset(port for port, _ in sizes)
    own = _own(found, owner)
    amount = (0, sum(own))
    if any(size % batch == 0 for size in own):  # what does not divide by the batch does not depend on it
        there = again()
        places = {_storage(each) for each in (*there.given.values(), *there.results.values())}
        amount = _amount(sum(own), batch, sum(_own(there, places)), other)
    return Kept(
        tuple(port for port in ports if port in inputs and port not in taken),
        tuple(port for port in ports if port in taken),
        amount,
        tuple(shares),
        tuple(sizes),
        tuple(port for port, tensor in found.results.items() if tensor.requires_grad),
    )


def _own(found: Taped, places: Iterable[int]) -> list[int]:
    taken = set(places)
    return [each.untyped_storage().nbytes() for key, each in found.saved.items() if key not in taken]


def _amount(here: int, batch: int, there: int, other: int) -> Amount:
    sample = round((here - there) / (batch - other))
    return sample, max(here - sample * batch, 0)


def spec_amount(spec: Spec) -> Amount:
    """What a value of this spec takes."""
    item = ITEM_BYTES.get(spec.dtype, 4)
    sizes = [1 if size == "T" else size for size in spec.shape]  # a length that varies: nothing is known of it
    one, two = (item * math.prod(size_at(size, batch) for size in sizes) for batch in (1, 2))
    return two - one, max(2 * one - two, 0)


# ---- layers with a rule of their own, which are not run on meta


def kept_by_rule(layer: Layer, inputs: Inputs, outputs: Mapping[str, Spec]) -> Kept:
    """What a layer with a rule keeps: of a recurrent one by the kernels' own form, else inputs and outputs."""
    sizes = tuple((port, spec_amount(spec)) for port, spec in outputs.items())
    flows = tuple(port for port, spec in outputs.items() if spec.is_floating)
    name = type(layer).__name__
    if name in ("RNN", "GRU", "LSTM"):
        return _recurrent(layer, inputs, sizes, flows)
    own = (0, 0)
    if name == "CTCLoss":  # alpha of the forward-backward algorithm: N × time × (2 labels + 1)
        time, labels = inputs["log_probs"].shape[0], inputs["targets"].shape[-1]
        if isinstance(time, int) and isinstance(labels, int):
            own = (4 * time * (2 * labels + 1) + 4, 0)
    if name in ("BatchNorm1d", "BatchNorm2d", "BatchNorm3d"):  # mean and 1/spread of each channel
        channels = inputs["input"].shape[1]
        own = (0, 8 * channels) if isinstance(channels, int) else (0, 0)
    if name == "MultiLabelMarginLoss":
        own = spec_amount(inputs["input"])
    return Kept(tuple(inputs), (), own, (), sizes, flows)


def _recurrent(layer: Any, inputs: Inputs, sizes: tuple[tuple[str, Amount], ...], flows: tuple[str, ...]) -> Kept:
    """The tensors of torch's step-by-step form, exactly; with oneDNN its workspace, to within a tenth."""
    hidden, out, directions = layer.hidden_size, layer.out_size, layer.directions
    _, time = layer.sizes(inputs)
    width = inputs["input"].shape[2]
    if not isinstance(time, int) or not isinstance(width, int):
        return Kept(tuple(inputs), (), (0, 0), (), sizes, flows)
    name = type(layer).__name__
    in_one_kernel = name == "LSTM" and out == hidden and torch.backends.mkldnn.is_available()
    numbers = 0
    for level in range(layer.num_layers):
        copies = directions if level == 0 or in_one_kernel else 1
        numbers += time * width * (copies if level or layer.batch_first else 0)
        if level and layer.dropout:
            numbers += time * width
        if in_one_kernel:
            ahead = math.ceil(hidden / 16) * 16, math.ceil(max(width, hidden) / 16) * 16
            last = level == layer.num_layers - 1
            said = time * hidden * (0 if last and directions == 1 else 1)
            workspace = time * (8 * ahead[0] + 7 * ahead[1]) + 16 * ahead[1]
            numbers += directions * (workspace + said + 4 * hidden)
        elif name == "RNN":
            numbers += directions * (time + 1) * hidden
        else:
            numbers += directions * time * (7 * hidden + (out if out != hidden else 0))
        width = directions * out
    kept = () if layer.batch_first else ("input",)
    whole = ("output",) if in_one_kernel and directions == 1 else ()
    return Kept(kept, whole, (4 * numbers, 0), (), sizes, flows)


# ---- a whole network


Value = tuple[str, str]
"""What comes out of a node's port."""


class Part(Protocol):
    """What is known of a layer and its inputs."""

    @property
    def kept(self) -> Kept: ...

    @property
    def trained(self) -> frozenset[str]: ...


def network_kept(
    order: Iterable[str],
    graph: Graph,
    found: Mapping[str, Part],
    outputs: Callable[[str], Inputs],
    fewer: Callable[[str, frozenset[str]], Kept],
    counted: Collection[str],
) -> tuple[dict[str, Amount], Amount]:
    """What training keeps of a network: by node, each value with the node that made it, and in all.

    `outputs` are the specs of a node that is no layer (data, noise, muted); `fewer` says what a layer keeps where
    gradients go back through some of its inputs alone; only the nodes in `counted` are part of a step.
    """
    links = graph.arriving
    frozen = {node_id for node_id, node in graph.nodes.items() if node.weights and node.weights.get("frozen")}
    roots: dict[Value, Value] = {}  # of what shares the memory of a value made before
    flows: dict[str, tuple[str, ...]] = {}
    all_kept: dict[str, Kept] = {}
    saved: dict[Value, None] = {}
    per_node: dict[str, Amount] = {}
    for node_id in order:
        arriving = links[node_id]
        part = found.get(node_id)
        if part is None:
            _pass_on(node_id, graph.nodes[node_id].muted, arriving, outputs(node_id), roots, all_kept, flows)
            continue
        kept, trained = part.kept, part.trained
        count = WEIGHTS in trained and node_id not in frozen
        for link in arriving.values():
            if link.output in flows[link.source]:
                count += 1
        if count != len(trained):
            through = {port for port, link in arriving.items() if link.output in flows[link.source]}
            kept = fewer(node_id, frozenset(through | ({WEIGHTS} & trained if node_id not in frozen else set())))
        all_kept[node_id], flows[node_id] = kept, kept.flows
        for port, origin in kept.shares:
            link = arriving.get(origin)
            value = (link.source, link.output) if link else (node_id, origin)
            roots[node_id, port] = roots.get(value, value)
        if node_id not in counted:
            continue
        if kept.own != NOTHING:
            per_node[node_id] = kept.own
        for port in kept.inputs:
            link = arriving[port]
            saved[link.source, link.output] = None
        for port in kept.outputs:
            saved[node_id, port] = None
    for value in dict.fromkeys(roots.get(value, value) for value in saved) if roots else saved:
        node_id, port = value
        for name, (sample, fixed) in all_kept[node_id].sizes:
            if name == port:
                held = per_node.get(node_id, NOTHING)
                per_node[node_id] = (held[0] + sample, held[1] + fixed)
    return per_node, (sum(sample for sample, _ in per_node.values()), sum(fixed for _, fixed in per_node.values()))


def _pass_on(
    node_id: str,
    is_muted: bool,
    arriving: Mapping[str, Link],
    outputs: Inputs,
    roots: dict[Value, Value],
    all_kept: dict[str, Kept],
    flows: dict[str, tuple[str, ...]],
) -> None:
    """What a node that is no layer gives: a muted one what came in, the others values of their own."""
    link = next(iter(arriving.values()), None) if is_muted else None
    if link is None:
        all_kept[node_id] = Kept(sizes=tuple((port, spec_amount(spec)) for port, spec in outputs.items()))
        flows[node_id] = ()
        return
    value = (link.source, link.output)
    is_flowing = link.output in flows.get(link.source, ())
    for port in outputs:
        roots[node_id, port] = roots.get(value, value)
    all_kept[node_id], flows[node_id] = Kept(), tuple(outputs) if is_flowing else ()
