"""A checked graph laid out for writing: which statement follows which, in the model and in the objective."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Mapping

from core.graph import Graph, Link, Node, natural
from core.layers import CATALOGUE, Call, declaration_of
from core.layers.calls import construction, invocation, ports_of, unpacking
from core.layers.layer import linked_ports
from core.layers.own_code import reading
from core.messages import Checked
from core.project import Project
from core.source.names import attribute_names, in_order, unique

Value = tuple[str, str]
"""One output port of one node."""

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

    @property
    def is_module(self) -> bool:
        """Whether the node is a module that is built, rather than an expression."""
        return bool(self.call.target)


@dataclasses.dataclass(frozen=True)
class Flow:
    """What is written, in order; every order in it follows from node ids and ports alone."""

    project: Project
    checked: Checked
    names: dict[str, str]
    ports: dict[Value, str]
    """The names of values at second and later outputs: `lstm1_h`."""
    arguments: tuple[str, ...]
    """The Input and Noise nodes of the model part: the arguments of `forward`."""
    model: tuple[Step, ...]
    outputs: tuple[tuple[str, Value], ...]
    """Under which name the model returns which value."""
    output_nodes: tuple[str, ...]
    """For each output the Output node that names it, "" where it is implied."""
    inner: tuple[Value, ...]
    """Values inside the model part that only the objective takes."""
    training: tuple[Step, ...]
    losses: tuple[Value, ...]
    missing: dict[str, str]
    """Why a node could not be written, in one line, by node."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing in what leads to the outputs."""
        made = {step.node for step in self.model} | set(self.arguments)
        return bool(self.outputs) and all(value[0] in made for _, value in self.outputs)

    @functools.cached_property
    def held(self) -> tuple[Step, ...]:
        """The modules that the class holds: those of the model part, and those of the objective that have a state."""
        return tuple(step for step in (*self.model, *self.training) if step.is_module and not self.is_free(step))

    def is_free(self, step: Step) -> bool:
        """Whether a module of the objective has nothing to keep, so that it stands in train.py."""
        node = self.project.graph.nodes[step.node]
        layer, declared = node.layer, declaration_of(node)
        family = declared.family if declared else ""
        report = self.checked.nodes[step.node]
        return family in STATELESS and layer not in HELD and not report.parameters and step.node not in self._in_model

    @property
    def in_model_file(self) -> tuple[Step, ...]:
        """The steps whose calls stand in model.py: those of the model part, and modules that the class holds."""
        return (*self.model, *self.held)

    @property
    def in_train_file(self) -> tuple[Step, ...]:
        """The steps whose calls stand in train.py."""
        held = {step.node for step in self.held}
        return tuple(step for step in self.training if step.node not in held)

    @functools.cached_property
    def _in_model(self) -> frozenset[str]:
        return frozenset(step.node for step in self.model)

    def is_known(self, source: str) -> bool:
        """Whether check knows the shape of an Input, Noise or Target."""
        report = self.checked.nodes.get(source)
        return report is not None and "output" in report.outputs

    def layer_name(self, node_id: str) -> str:
        """The name of a node's layer."""
        return self.project.graph.nodes[node_id].layer

    def is_loss(self, node_id: str) -> bool:
        """Whether a node is a loss, or takes the value of one."""
        declared = declaration_of(self.project.graph.nodes[node_id])
        return declared is not None and declared.family == "loss"


def import_lines(steps: Iterable[Step]) -> set[str]:
    """The lines that calls need at the top of their file, besides what stands there for every network."""
    return {line for step in steps for line in step.call.imports}


def own_code(steps: Iterable[Step]) -> dict[str, str]:
    """The functions and classes that people wrote for these steps, each text once, with the first node that uses it."""
    found: dict[str, str] = {}
    for step in steps:
        if step.call.code:
            found.setdefault(step.call.code, step.node)
    return found


def takes_gradients(steps: Iterable[Step]) -> bool:
    """Whether a gradient is one of the values, so that torch has to follow what is computed in evaluation too."""
    return any("autograd" in step.call.expression + step.call.code for step in steps)


def flow(project: Project, checked: Checked) -> Flow:
    """The layout of a project; what cannot be written is in `missing`, nothing is raised."""
    walk = _Walk(project.graph, checked)
    names = attribute_names(project.graph)
    values, output_nodes = walk.outputs()
    model = walk.steps((value[0] for value in values), targets=False)
    arguments = in_order(node_id for node_id in walk.seen if walk.is_kind(node_id, ARGUMENTS))
    if not checked.outputs:  # nothing is chosen yet: what there is so far is returned
        there = {step.node for step in model} | set(arguments)
        kept = [pair for pair in zip(values, output_nodes, strict=True) if pair[0][0] in there]
        values, output_nodes = [value for value, _ in kept], [node_id for _, node_id in kept]
    lost = [node_id for node_id in checked.losses if node_id in project.graph.nodes]
    training = walk.steps(lost)
    walk.note_the_rest()
    made = {step.node for step in (*model, *training)}
    ports = _port_names([*model, *training], names)
    inside = {step.node for step in model}
    wanted = {value for step in training for value in step.arguments.values() if value[0] in inside}
    wanted |= {(node_id, walk.first_output(node_id)) for node_id in lost if node_id in inside}
    return Flow(
        project=project,
        checked=checked,
        names=names,
        ports=ports,
        arguments=tuple(arguments),
        model=tuple(model),
        outputs=_named(values, output_nodes, names, ports),
        output_nodes=tuple(output_nodes),
        inner=tuple(sorted(wanted - set(values), key=lambda value: (natural(value[0]), *value))),
        training=tuple(training),
        losses=tuple((node_id, walk.first_output(node_id)) for node_id in lost if node_id in made),
        missing=walk.missing,
    )


def _named(
    values: list[Value], output_nodes: list[str], names: Mapping[str, str], ports: Mapping[Value, str]
) -> tuple[tuple[str, Value], ...]:
    """Each output under the name of its Output node, else of the node that computes it."""
    taken: set[str] = set()
    named: list[tuple[str, Value]] = []
    for value, node_id in zip(values, output_nodes, strict=True):
        name = names[node_id] if node_id else ports.get(value, names[value[0]])
        name = unique(name, taken | set(names.values())) if name in taken else name
        taken.add(name)
        named.append((name, value))
    return tuple(named)


def _port_names(steps: Iterable[Step], names: Mapping[str, str]) -> dict[Value, str]:
    """A name for each output but the first, different from every node's and from each other."""
    taken = set(names.values()) | {reading(text).name for text in own_code(steps)}
    named: dict[Value, str] = {}
    for step in steps:
        for port in ports_of(step.call):
            if port != step.ports[0]:
                named[step.node, port] = name = unique(f"{names[step.node]}_{port}", taken)
                taken.add(name)
    return named


class _Walk:
    """Depth first from what is wanted back to the inputs, ports in order: branch by branch as the data flows."""

    def __init__(self, graph: Graph, checked: Checked) -> None:
        self.graph = graph
        self.checked = checked
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
        declared = declaration_of(self.graph.nodes[node_id])
        return declared.outputs[0].name if declared and declared.outputs else "output"

    def outputs(self) -> tuple[list[Value], list[str]]:
        """What the model returns, and the Output node that names each; for an unfinished graph what leads nowhere."""
        nodes = self.graph.nodes
        sinks = [
            node_id for node_id in in_order(nodes) if nodes[node_id].layer == "Output" and not nodes[node_id].muted
        ]
        by_value: dict[Value, list[str]] = {}
        for node_id in sinks:
            link = self._links[node_id].get("input")
            value = self.resolved((link.source, link.output)) if link else None
            if value:
                by_value.setdefault(value, []).append(node_id)
            else:
                self.missing[node_id] = "it has no input"
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

    def _loose_ends(self) -> list[Value]:
        useful = {link.source for link in self.graph.links if not self._is_loss(link.target)}
        ends: list[Value] = []
        for node_id in in_order(self.graph.nodes):
            node = self.graph.nodes[node_id]
            declared = declaration_of(node)
            if declared is None or not declared.inputs or node_id in useful or node.layer == "Output":
                continue
            if declared.family != "loss" and (value := self.resolved((node_id, self.first_output(node_id)))):
                ends.append(value)
        return list(dict.fromkeys(ends))

    def _is_loss(self, node_id: str) -> bool:
        declared = declaration_of(self.graph.nodes[node_id])
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
            declared = declaration_of(self.graph.nodes[node_id])
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

    def _arriving(self, node_id: str) -> list[Link]:
        return [self._links[node_id][port] for port in self.ports(node_id)]

    def _step(self, node_id: str) -> Step | None:
        """The step of a node whose inputs were looked at, or None with the reason in `missing`."""
        node = self.graph.nodes[node_id]
        if self._is_source(node) or node_id in self.missing:
            return None
        declared = declaration_of(node)
        if declared is None:
            return self._without(node_id, f"the layer {node.layer} is not known here")
        arguments: dict[str, Value] = {}
        for port in self.ports(node_id):
            link = self._links[node_id][port]
            value = self.resolved((link.source, link.output))
            if value is None or not self._is_made(value[0]):
                return self._without(node_id, f"it waits for {link.source}")
            if not self._targets and self.is_kind(value[0], ("Target",)):
                return self._without(node_id, f"it takes the target {value[0]}, which the model must not see")
            arguments[port] = value
        opened = [
            port.name for port in declared.inputs if not port.optional and not self._is_linked(node_id, port.name)
        ]
        if opened:
            return self._without(node_id, "it has no " + " and no ".join(opened))
        call = self._call(node_id, arguments)
        return Step(node_id, call, arguments, tuple(port.name for port in declared.outputs)) if call else None

    def _is_linked(self, node_id: str, port: str) -> bool:
        return any(name == port or re.fullmatch(rf"{re.escape(port)}_\d+", name) for name in self.ports(node_id))

    def _is_made(self, node_id: str) -> bool:
        return self._is_source(self.graph.nodes[node_id]) or bool(self.seen.get(node_id))

    def _call(self, node_id: str, arguments: Mapping[str, Value]) -> Call | None:
        report = self.checked.nodes.get(node_id)
        call = report.call if report else None
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

    def note_the_rest(self) -> None:
        """Say of every node that leads to nothing wanted that it is not written."""
        for node_id in in_order(self.graph.nodes):
            node = self.graph.nodes[node_id]
            if node_id in self.seen or node_id in self.missing or node.muted or node.layer == "Output":
                continue
            if node.layer in CATALOGUE:
                self.missing[node_id] = "it leads to no output and no loss"
            else:
                self.missing[node_id] = f"the layer {node.layer} is not known here"
