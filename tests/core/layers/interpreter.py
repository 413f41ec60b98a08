"""Computes a graph node by node on real tensors, knowing nothing of the text that source writes.

Modules are made from the arguments of each layer's own call and are called by the names that torch's `forward` has;
weights come from the built model, by node.
"""

from __future__ import annotations

import functools
import graphlib
import inspect
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from core.graph import Graph, natural
from core.layers import Call, Layer, Refused, declaration_of
from core.layers.calls import invocation
from core.layers.layer import linked_ports
from core.messages import Checked
from core.parameters import read
from core.source import attribute_names

Value = tuple[str, str]
"""An output port of a node."""


class SameDraws(TorchDispatchMode):
    """Lets every draw of random numbers begin from one seed and counts them, so that their order does not matter."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self.seed = seed
        self.count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if torch.Tag.nondeterministic_seeded in func.tags:
            torch.default_generator.manual_seed(self.seed)
            self.count += 1
        return func(*args, **(kwargs or {}))


class Interpreter:
    """Modules of its own for the nodes of a graph, and the values that they make of what is given.

    `places` say which module of the model has a node's weights, by the name of the node where it is left out.
    """

    def __init__(
        self, graph: Graph, checked: Checked, model: nn.Module, places: Mapping[str, str] | None = None
    ) -> None:
        self.graph, self.checked, self.model = graph, checked, model
        self.names = attribute_names(graph) if places is None else places
        self.layers: dict[str, Layer] = {}
        self.calls: dict[str, Call] = {}
        self.modules: dict[str, nn.Module] = {}
        for node_id in self.order():
            node = graph.nodes[node_id]
            declared = declaration_of(node, {})
            if declared is None or declared.family in ("data", "output") or node.muted:
                continue
            specs = self._specs(node_id, declared)
            layer = read(declared, declared.own(node.values))[0]
            try:
                call = layer.call(specs) if specs is not None else None
            except (Refused, KeyError):
                continue
            if call is not None:
                self.layers[node_id], self.calls[node_id] = layer, call
                if call.target and call.expression != "{module}":
                    self.modules[node_id] = _made(call, _namespace(call, training=True))

    def _specs(self, node_id: str, declared: type[Layer]) -> dict[str, Any] | None:
        """The specs that arrive at a node, in the order of its ports; None where one is unknown."""
        links = self.graph.arriving[node_id]
        found = {port: self._spec(links[port].source, links[port].output) for port in linked_ports(declared, links)}
        return None if None in found.values() else found

    def _spec(self, source: str, output: str) -> Any:
        report = self.checked.nodes.get(source)
        return report.outputs.get(output) if report else None

    def order(self) -> Iterable[str]:
        """The nodes, each behind what feeds it."""
        waits = {
            node_id: [link.source for link in self.graph.arriving[node_id].values()]
            for node_id in sorted(self.graph.nodes, key=natural)
        }
        return graphlib.TopologicalSorter(waits).static_order()

    def values(self, given: Mapping[str, Tensor], training: bool = False) -> dict[Value, Tensor]:
        """Every value of the graph, given those of its Inputs, Targets and Noises.

        Nodes without something that they need are left out.
        """
        found: dict[Value, Tensor] = {(node_id, "output"): tensor for node_id, tensor in given.items()}
        self._take_weights(training)
        for node_id in self.order():
            links, node, declared = self.graph.arriving[node_id], self.graph.nodes[node_id], None
            taken = {port: found.get((link.source, link.output)) for port, link in links.items()}
            declared = declaration_of(node, {})
            if declared is None or node_id in given or any(tensor is None for tensor in taken.values()):
                continue
            if node.muted:
                if taken and declared.outputs:
                    found[node_id, declared.outputs[0].name] = taken[linked_ports(declared, taken)[0]]  # type: ignore[assignment]
            elif node_id in self.calls:
                found |= {(node_id, port): tensor for port, tensor in self._run(node_id, taken, training).items()}
        return found

    def total(self, values: Mapping[Value, Tensor]) -> Tensor:
        """The sum of all losses that are not muted, in natural order."""
        terms = [
            values[node_id, "loss"]
            for node_id in sorted(self.graph.nodes, key=natural)
            if (declared := declaration_of(self.graph.nodes[node_id], {})) is not None
            and declared.family == "loss"
            and not self.graph.nodes[node_id].muted
        ]
        return functools.reduce(lambda one, other: one + other, terms)

    def _take_weights(self, training: bool) -> None:
        held = dict(self.model.named_modules())
        for node_id, module in self.modules.items():
            if (place := self.names.get(node_id)) in held:
                module.load_state_dict(held[place].state_dict())
            module.train(training and not self.graph.nodes[node_id].weights.get("frozen"))

    def _run(self, node_id: str, taken: Mapping[str, Any], training: bool) -> dict[str, Tensor]:
        """The outputs of one node."""
        layer, call = self.layers[node_id], self.calls[node_id]
        if node_id in self.modules:
            result = _called(self.modules[node_id], layer, call, taken)
        elif call.target:  # where it leads nowhere, the model does not hold it
            home, _, name = self.names.get(node_id, "").rpartition(".")
            kept = getattr(self.model.get_submodule(home), name, None) if name else None
            kept = _made(call, _namespace(call, training)) if kept is None else kept
            result = kept.detach().clone().requires_grad_(call.target == "nn.Parameter")
        else:
            text = invocation(call, "", {port: f"taken[{port!r}]" for port in taken})
            result = eval(text, {**_namespace(call, training), "taken": taken})
        if not call.unpack:
            return {type(layer).outputs[0].name: result}
        return dict(_unpacked(call.unpack, result))


def _namespace(call: Call, training: bool) -> dict[str, Any]:
    names: dict[str, Any] = {"torch": torch, "nn": nn, "Tensor": Tensor, "self": SimpleNamespace(training=training)}
    for text in (*call.imports, call.function, call.code):
        exec(text, names)  # texts of the catalogue alone
    return names


def _made(call: Call, names: Mapping[str, Any]) -> Any:
    """The object that a call builds, from its arguments as they are."""

    def value(argument: Any) -> Any:
        if not isinstance(argument, Call):
            return argument
        return _made(argument, names) if argument.target else eval(argument.expression, dict(names))

    first, *rest = call.target.split(".")
    made = functools.reduce(getattr, rest, names[first])
    return made(*map(value, call.positional), **{name: value(argument) for name, argument in call.keywords})


def _called(module: nn.Module, layer: Layer, call: Call, taken: Mapping[str, Any]) -> Any:
    """What a module makes of tensors, each at the argument of `forward` that is called like its port."""
    known = inspect.signature(module.forward).parameters
    named, given = {}, dict(taken)
    if "h_0" in given:
        given["hx"] = (given.pop("h_0"), given.pop("c_0"))
    positional = [given.pop(port.name) for port in type(layer).inputs if port.name in given and port.name not in known]
    named.update(given)
    result = module(*positional, **named)
    return result[0] if call.expression.endswith("[0]") else result


def _unpacked(pattern: Any, result: Any) -> Iterable[tuple[str, Tensor]]:
    for part, value in zip(pattern, result, strict=True):
        yield from [(part, value)] if isinstance(part, str) else _unpacked(part, value)
