"""A drawing walked from what is wanted back to its inputs: its steps, each behind what it takes."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping

from core.graph import Graph, Link, Node, sharing
from core.layers import CATALOGUE, Call, declaration_of
from core.layers.calls import construction, invocation, unpacking
from core.layers.layer import linked_ports
from core.messages import Checked
from core.source.names import in_order

Value = tuple[str, str]
"""One output port of one node."""

FUNCTIONS = {
    "nn.ReLU()": "nn.functional.relu({input})",
    "nn.ReLU6()": "nn.functional.relu6({input})",
    "nn.GELU()": "nn.functional.gelu({input})",
    "nn.SiLU()": "nn.functional.silu({input})",
    "nn.Tanh()": "torch.tanh({input})",
    "nn.Sigmoid()": "torch.sigmoid({input})",
    "nn.Flatten()": "{input}.flatten(1)",
    "nn.Flatten(start_dim=2)": "{input}.flatten(2)",
}
"""Modules that hold nothing and are told nothing, as the functions that an engineer writes instead."""

CHAIN = "x"
"""What a value is called on its way from one statement to the next."""
ARGUMENTS = ("Input", "Noise")
STATELESS = ("loss", "activation", "pooling", "shape", "merge")
HELD = ("RReLU", "Buffer")
"""Layers of these families that the model holds all the same: to hear of `model.eval()`, or to be stored with it."""


@dataclasses.dataclass(frozen=True)
class Step:
    """One node to be written: its call, and the value behind each linked input port (muted nodes passed over)."""

    node: str
    call: Call
    arguments: dict[str, Value]
    ports: tuple[str, ...]
    shares: str = ""
    """The node whose module it uses, "" for its own."""
    fed: tuple[tuple[str, str], ...] | None = None
    """For modules that are called one behind the other in a loop: which input takes which output of the one before."""

    @property
    def is_module(self) -> bool:
        """Whether the node is a module that is built, rather than an expression."""
        return bool(self.call.target)

    @property
    def is_expression(self) -> bool:
        """Whether the step can be one expression, rather than an assignment to several names or a loop."""
        return not self.call.unpack and self.fed is None


Used = Mapping[str, tuple[Call, tuple[tuple[str, str], ...] | None]]
"""The calls of nodes that use blocks, and what is fed back in a loop over them."""


class Walk:
    """Depth first from what is wanted back to the inputs, ports in order: branch by branch as the data flows."""

    def __init__(self, graph: Graph, checked: Checked, used: Used) -> None:
        self.graph = graph
        self.checked = checked
        self._used = used
        self.missing: dict[str, str] = {}
        self.seen: dict[str, Step | None] = {}
        self._links = graph.arriving
        self._ports: dict[str, list[str]] = {}
        self._targets = True

    def is_kind(self, node_id: str, kinds: Iterable[str]) -> bool:
        """Whether a node is of one of these layers."""
        return self.graph.nodes[node_id].layer in kinds

    def first_output(self, node_id: str) -> str:
        """The name of a node's first output port."""
        declared = declaration_of(self.graph.nodes[node_id], self.graph.blocks)
        return declared.outputs[0].name if declared and declared.outputs else "output"

    def outputs(self) -> tuple[list[Value], list[str]]:
        """What the model returns, and the Output node that names each; for an unfinished graph what leads nowhere."""
        nodes = self.graph.nodes
        sinks = [
            node_id for node_id in in_order(nodes) if nodes[node_id].layer == "Output" and not nodes[node_id].muted
        ]
        by_value: dict[Value, list[str]] = {}
        for node_id in sinks:
            if value := self.end(node_id):
                by_value.setdefault(value, []).append(node_id)
        given = [self.resolved(value) for value in self.checked.outputs if value[0] in self.graph.nodes]
        values = [value for value in given if value] or list(by_value) or self._loose_ends()
        named: list[str] = []
        for value in values:  # one name for each, in the order of check: metrics count on it
            held = by_value.get(value, [])
            named.append(held.pop(0) if held else "")
        for value, left in by_value.items():
            for node_id in left:
                self.missing[node_id] = f"it names the same value as another output ({value[0]})"
        return values, named

    def end(self, node_id: str) -> Value | None:
        """What an Output node gets, None with the reason in `missing`."""
        link = self._links[node_id].get("input")
        value = self.resolved((link.source, link.output)) if link else None
        if value is None:
            self.missing[node_id] = "it has no input"
        return value

    def _loose_ends(self) -> list[Value]:
        useful = {link.source for link in self.graph.links if not self._is_loss(link.target)}
        ends: list[Value] = []
        for node_id in in_order(self.graph.nodes):
            node = self.graph.nodes[node_id]
            declared = declaration_of(node, self.graph.blocks)
            if declared is None or not declared.inputs or node_id in useful or node.layer == "Output":
                continue
            if declared.family != "loss" and (value := self.resolved((node_id, self.first_output(node_id)))):
                ends.append(value)
        return list(dict.fromkeys(ends))

    def _is_loss(self, node_id: str) -> bool:
        declared = declaration_of(self.graph.nodes[node_id], self.graph.blocks)
        return declared is not None and declared.family == "loss"

    def resolved(self, value: Value) -> Value | None:
        """The value itself, or what a muted node passes on; None where nothing arrives or it goes in a circle."""
        been: set[str] = set()
        while (node := self.graph.nodes[value[0]]).muted and not self._is_source(node):
            link = self._first_link(value[0])
            if link is None or value[0] in been or value[1] != self.first_output(value[0]):
                return None
            been.add(value[0])
            value = (link.source, link.output)
        return value

    def _is_source(self, node: Node) -> bool:
        return node.layer in (*ARGUMENTS, "Target")

    def _first_link(self, node_id: str) -> Link | None:
        ports = self.ports(node_id)
        return self._links[node_id].get(ports[0]) if ports else None

    def ports(self, node_id: str) -> list[str]:
        """The linked input ports of a node in the order of the declaration."""
        if node_id not in self._ports:
            links = self._links[node_id]
            declared = declaration_of(self.graph.nodes[node_id], self.graph.blocks)
            self._ports[node_id] = linked_ports(declared, links) if declared else []
        return self._ports[node_id]

    def steps(self, wanted: Iterable[str], targets: bool = True) -> list[Step]:
        """The steps that lead to these nodes and were not written before, each after what it takes.

        Without `targets` a node that takes a Target is missing: the model must not see the answers.
        """
        self._targets = targets
        made: list[Step] = []
        entered: set[str] = set()
        for node_id in wanted:
            stack: list[tuple[str, bool]] = [(node_id, False)]
            while stack:
                current, is_left = stack.pop()
                if current in self.seen:
                    continue
                if is_left:
                    step = self.seen[current] = self._step(current)
                    if step:
                        made.append(step)
                    continue
                if current in entered:
                    self.missing[current] = "it is part of a cycle"
                    continue
                entered.add(current)
                stack.append((current, True))
                before = (self.resolved((link.source, link.output)) for link in self._arriving(current))
                stack += [(value[0], False) for value in reversed([*before]) if value and value[0] not in self.seen]
        return made

    def owners(self, steps: Iterable[Step]) -> list[Step]:
        """The nodes whose modules these steps use, and which are not written themselves."""
        wanted = in_order({step.shares for step in steps if step.shares and not self.seen.get(step.shares)})
        found = ((node_id, self._made(node_id)) for node_id in wanted)
        return [Step(node_id, call, {}, ()) for node_id, call in found if call]

    def _made(self, node_id: str) -> Call | None:
        """The call of a node, where one is known."""
        report = self.checked.nodes.get(node_id)
        return self._used[node_id][0] if node_id in self._used else report.call if report else None

    def _arriving(self, node_id: str) -> list[Link]:
        return [self._links[node_id][port] for port in self.ports(node_id)]

    def _step(self, node_id: str) -> Step | None:
        """The step of a node whose inputs were looked at, or None with the reason in `missing`."""
        node = self.graph.nodes[node_id]
        if self._is_source(node) or node_id in self.missing:
            return None
        declared = declaration_of(node, self.graph.blocks)
        if declared is None:
            return self._without(node_id, f"the layer {node.layer} is not known here")
        arguments: dict[str, Value] = {}
        for port in self.ports(node_id):
            link = self._links[node_id][port]
            value = self.resolved((link.source, link.output))
            if value is None or not self.is_made(value[0]):
                return self._without(node_id, f"it waits for {link.source}")
            if not self._targets and self.is_kind(value[0], ("Target",)):
                return self._without(node_id, f"it takes the target {value[0]}, which the model must not see")
            arguments[port] = value
        opened = [
            port.name for port in declared.inputs if not port.optional and not self._is_linked(node_id, port.name)
        ]
        if opened:
            return self._without(node_id, "it has no " + " and no ".join(opened))
        call, owner = self._call(node_id, arguments), sharing(self.graph, node_id)
        if call and (function := FUNCTIONS.get(construction(call) if call.target else "")):
            call, owner = Call(expression=function), ""
        if owner and self._made(owner) is None:
            return self._without(node_id, f"it uses the weights of {owner}, which cannot be written")
        if call is None:
            return None
        ports, fed = tuple(port.name for port in declared.outputs), self._used.get(node_id, (None, None))[1]
        return Step(node_id, call, arguments, ports, owner, fed)

    def _is_linked(self, node_id: str, port: str) -> bool:
        return any(name == port or re.fullmatch(rf"{re.escape(port)}_\d+", name) for name in self.ports(node_id))

    def is_made(self, node_id: str) -> bool:
        """Whether the values of a node are there: it is written, or is one of the sources."""
        return self._is_source(self.graph.nodes[node_id]) or bool(self.seen.get(node_id))

    def _call(self, node_id: str, arguments: Mapping[str, Value]) -> Call | None:
        call = self._made(node_id)
        if call is None:
            said = [
                problem.message
                for problem in self.checked.problems
                if problem.node == node_id and problem.severity == "error"
            ]
            unknown = (value for value in arguments.values() if not self._is_known(value))
            waits = next((f"it waits for {value[0]}" for value in unknown), "it was not checked")
            self.missing[node_id] = said[0] if said else waits
            return None
        try:  # text is made once here, so that what cannot be written is known before anything is
            construction(call)
            invocation(call, "self.module", dict.fromkeys(arguments, "x"))
            unpacking(call, {})
        except (ValueError, KeyError, IndexError) as error:
            self.missing[node_id] = f"it cannot be written ({error})"
            return None
        return call

    def _is_known(self, value: Value) -> bool:
        report = self.checked.nodes.get(value[0])
        return report is not None and value[1] in report.outputs

    def _without(self, node_id: str, why: str) -> None:
        self.missing[node_id] = why

    def loose_steps(self) -> list[Step]:
        """The steps that are drawn and lead nowhere yet, but for losses and what is made of targets."""
        nodes = self.graph.nodes
        apart = {node_id for node_id in nodes if nodes[node_id].layer == "Target" or self._is_loss(node_id)}
        following: dict[str, list[str]] = {}
        for link in self.graph.links:
            following.setdefault(link.source, []).append(link.target)
        reached = [*apart]
        while reached:
            new = set(following.get(reached.pop(), ())) - apart
            apart |= new
            reached += new
        apart |= {node_id for node_id, node in nodes.items() if node.muted or node.layer in (*ARGUMENTS, "Output")}
        return self.steps(in_order(nodes.keys() - apart), targets=False)

    def note_the_rest(self) -> None:
        """Say of every node that leads to nothing wanted that it is not written."""
        for node_id in in_order(self.graph.nodes):
            node = self.graph.nodes[node_id]
            if node_id in self.seen or node_id in self.missing or node.muted or node.layer == "Output":
                continue
            if node.layer in CATALOGUE or node.layer in self.graph.blocks:
                self.missing[node_id] = "it leads to no output and no loss"
            else:
                self.missing[node_id] = f"the layer {node.layer} is not known here"
