"""One walk through a drawing and all blocks in it: what torch makes of each node, given what arrives.

What was found for a layer and its inputs is kept, refusals included, and so is the walk through a block with the same
values and inputs.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from core import anatomy, validation
from core.anatomy import Reading
from core.blocks import axis_names, drawn, fed_back, tied_blocks
from core.engine import beginnings, probe, trust, within
from core.engine.examine import Fault, Found, examined, kept_with
from core.engine.kept import Kept
from core.engine.sharing import shared
from core.graph import Block, Graph, Link, natural, sharing
from core.layers import Call, Inputs, Layer, Port, Refused
from core.layers.block import REPEAT, BlockUse
from core.layers.custom import DEFAULT, Python
from core.layers.data import Input, Noise, Output, Target
from core.layers.layer import linked_ports
from core.messages import NodeReport, Problem
from core.parameters import parameters
from core.repairs import Repair, SetValue, Unlink
from core.specs import Size, Spec

MOST_KEPT = 20_000
MOST_VISITED = 2_000
MOST_NODES = 20_000
"""What a network may have with every block drawn out."""
NO_CALLS = (Input, Target, Noise, Output)

_kept: dict[tuple[Reading, tuple[tuple[str, Spec], ...]], tuple[NodeReport, Found] | Fault] = {}
"""What was found out before; a reading stands for itself, so that nothing long is hashed."""
_shapes: dict[tuple[Reading, tuple[tuple[str, Spec], ...]], tuple[NodeReport, Found] | Fault] = {}
"""The same of what was only tried, where nobody asks for costs."""
_tries: list[bool] = []
_kept_with: dict[tuple[Reading, tuple[tuple[str, Spec], ...], frozenset[str]], Kept] = {}
"""What is kept for the backward pass where gradients go back through some ports alone."""
_visited: dict[Any, Visit] = {}
"""Blocks that were looked at before, by their drawing, whose expressions are worked out, and what arrives."""


class Visit:
    """One walk over the graph: layers, inputs and reports of the nodes that are known so far."""

    def __init__(
        self,
        graph: Graph,
        static: list[Problem],
        fields: Mapping[str, Spec],
        bound: Mapping[str, Spec] | None = None,
        block: str = "",
    ) -> None:
        self.graph = graph
        self.block = block
        self.fields = fields
        self.bound = bound
        """In a block: what arrives at its inputs, by Input node."""
        self.readings = anatomy.readings(graph)
        self.entered: dict[str, tuple[Visit, ...]] = {}
        """The repetitions of each node that uses a block."""
        self.sizes: dict[str, Size] = {}
        self.layers: dict[str, Layer] = {}
        self.inputs: dict[str, Inputs] = {}
        self.reports: dict[str, NodeReport] = {}
        self.found: dict[str, Found] = {}
        self.problems: list[Problem] = []
        self.order = anatomy.order(graph)
        self.size = len(graph.nodes)
        """How many nodes it has with every block drawn out."""
        self._links = graph.arriving
        self._blocked = {problem.node for problem in static if problem.severity == "error" and problem.node}

    def look_at(self, node_id: str) -> None:
        """Find out about one node whose inputs have been looked at."""
        node = self.graph.nodes[node_id]
        reading = self.readings.get(node_id)
        if reading is None:
            self.reports[node_id] = NodeReport(node.layer)
            return
        declared, layer = reading.declared, reading.layer
        self.layers[node_id] = layer
        arriving = self._arriving(node_id, declared)
        if arriving is None or (node_id in self._blocked and not isinstance(layer, Input | Target)):
            self.reports[node_id] = NodeReport(node.layer)
            return
        self.inputs[node_id] = arriving
        if node.muted:
            first = next((arriving[port] for port in linked_ports(declared, arriving)), None)
            outputs = {declared.outputs[0].name: first} if first and declared.outputs else {}
            self.reports[node_id] = NodeReport(node.layer, outputs)
            return
        if isinstance(layer, BlockUse) and declared.__name__ in tied_blocks(self.graph):
            self.reports[node_id] = NodeReport(node.layer)
            return
        if isinstance(layer, BlockUse):
            self.reports[node_id] = self._use(node_id, layer, arriving)
            return
        source = self._source(node_id, layer) if isinstance(layer, NO_CALLS) else None
        self.reports[node_id] = source or self._found(node_id, reading, arriving)

    def look_at_weights(self, node_id: str) -> None:
        """Find out whether what a person asks of a node's weights can be done."""
        report, layer = self.reports[node_id], self.layers.get(node_id)
        inputs = self.inputs.get(node_id, {})
        if node_id in self.entered and not (problems := beginnings.value_problems(self.graph, node_id)):
            held, problems = within.looked_at(self, node_id)
            self.reports[node_id] = msgspec.structs.replace(report, held=held)
            self.problems += problems
            return
        if report.call and node_id not in self.found:  # code that is not trusted: nothing is known of it
            return
        own = self.found[node_id].held if node_id in self.found else None
        held, problems = beginnings.looked_at(self.graph, node_id, layer, report.call, inputs, own)
        self.reports[node_id] = msgspec.structs.replace(report, held=held)
        self.problems += problems

    def look_at_sharing(self) -> None:
        """Let nodes that use the module of another one hold nothing themselves, where both are alike."""
        for node_id, node in self.graph.nodes.items():
            if node.shares and node_id in self.reports:
                found = shared(self.graph, node_id, self.layers, self.reports, self.modules)
                if isinstance(found, Problem):
                    self.problems.append(found)
                else:
                    self.reports[node_id] = found

    def modules(self, node_id: str) -> list[Call]:
        """The modules that a use of a block holds, however deep, in the order of the data."""
        found: list[Call] = []
        for turn in self.entered.get(node_id, ()):
            for inner in turn.order:
                call = turn.reports[inner].call if inner in turn.reports else None
                found += [call] if call and call.target else turn.modules(inner)
        return found

    def _arriving(self, node_id: str, declared: type[Layer]) -> dict[str, Spec] | None:
        """The specs at the inputs; None where one of them is unknown."""
        arriving: dict[str, Spec] = {}
        links = self._links[node_id]
        for port in _in_order(declared, tuple(links)):
            link = links[port]
            report = self.reports.get(link.source)
            spec = report.outputs.get(link.output) if report else None
            if spec is None:
                if report and report.outputs and _sometimes(self.graph, link.source, link.output):
                    self.problems.append(_absent_output(self.graph, link, report))
                return None
            arriving[port] = spec
        return arriving

    def _source(self, node_id: str, layer: Layer) -> NodeReport | None:
        """The report of a node that is no call: where values enter and leave."""
        name = type(layer).__name__
        if self.bound is not None and isinstance(layer, Input):
            return NodeReport(name, {"output": self.bound[node_id]} if node_id in self.bound else {})
        match layer:
            case Input() | Target():
                typed = Spec(("N", *layer.shape), layer.dtype)
                spec = self.fields.get(layer.field) if layer.field else typed
                return NodeReport(name, {"output": spec} if spec else {})
            case Noise():
                return NodeReport(name, {"output": Spec(("N", *layer.shape))})
            case Output():
                return NodeReport(name)
            case _:
                return None

    def _use(self, node_id: str, layer: BlockUse, arriving: Inputs) -> NodeReport:
        """What a block makes of its inputs, turn by turn."""
        declared = type(layer)
        given, turns, outputs = dict(arriving), list[Visit](), dict[str, Spec]()
        if self.size > MOST_NODES:  # it has been said of a use before
            return NodeReport(declared.__name__)
        for turn in range(layer.repeat):
            turns.append(inside(self.graph, layer, turn, given))
            self.size += turns[-1].size
            if self.size > MOST_NODES:
                self.problems.append(_too_many(node_id, layer))
                return NodeReport(declared.__name__)
            outputs = turns[-1].leaving()
            given |= fed_back(declared, outputs)
        self.entered[node_id] = tuple(turns)
        held = [visit.reports[each] for visit in turns for each in visit.graph.nodes if each in visit.leading]
        parameters, macs = sum(report.parameters for report in held), sum(report.macs for report in held)
        return NodeReport(declared.__name__, outputs, parameters, macs)

    @functools.cached_property
    def leading(self) -> set[str]:
        """In a block the nodes that lead to what it gives, and those whose modules these use; all without an Output."""
        ends = anatomy.nodes_of(self.graph, Output.__name__)
        found = anatomy.reaching(self.graph, ends) & self.reports.keys() if ends else set(self.reports)
        return found | {sharing(self.graph, node_id) for node_id in found} & self.reports.keys()

    def leaving(self) -> dict[str, Spec]:
        """In a block: what its Output nodes get, where that is known."""
        found: dict[str, Spec] = {}
        for node_id in anatomy.nodes_of(self.graph, Output.__name__):
            spec = self.inputs.get(node_id, {}).get("input")
            if spec is not None:
                found[node_id] = spec
        return found

    def _found(self, node_id: str, reading: Reading, arriving: Inputs) -> NodeReport:
        key = (reading, tuple(arriving.items()))
        found = _kept.get(key)
        kept = _shapes if _tries and found is None else _kept
        found = kept.get(key)
        if found is None:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            layer = reading.layer
            own = layer if isinstance(layer, Python) and layer.code != DEFAULT else None
            if own and not trust.is_trusted(own.code):
                return self._untrusted(own, arriving)
            made = probe.examined(own, arriving) if own else examined(layer, arriving, kept is _shapes)
            found = kept[key] = made if isinstance(made, Fault) else (_reported(made, reading.layer), made)
        if isinstance(found, Fault):
            self.problems.append(self._problem(node_id, found))
            return NodeReport(type(reading.layer).__name__)
        report, self.found[node_id] = found
        return report

    def behind_own_code(self) -> frozenset[str]:
        """The nodes that bring code of a person's own, and what they feed."""
        own = anatomy.nodes_by_layer(self.graph).get(Python.__name__)
        return frozenset(anatomy.reached(self.graph, own)) if own else frozenset()

    def _untrusted(self, layer: Python, arriving: Inputs) -> NodeReport:
        """What is known of a node whose code must not be run: how it is called, so that the source shows it whole."""
        with contextlib.suppress(Refused):
            return NodeReport(type(layer).__name__, call=layer.call(arriving))
        return NodeReport(type(layer).__name__)

    def outputs_of(self, node_id: str) -> Inputs:
        """The outputs of a node that has been looked at."""
        return self.reports[node_id].outputs

    def kept_with(self, node_id: str, trained: frozenset[str]) -> Kept:
        """What a node keeps for the backward pass where gradients go back through these ports alone."""
        if self.layers[node_id].family == "custom":  # a person's code is run once, and not in this process
            return self.found[node_id].kept
        inputs = self.inputs[node_id]
        key = (self.readings[node_id], tuple(inputs.items()), trained)
        kept = _kept_with.get(key)
        if kept is None:
            if len(_kept_with) >= MOST_KEPT:
                _kept_with.clear()
            layer = key[0].layer
            if isinstance(layer, Python) and layer.code != DEFAULT:
                return self.found[node_id].kept  # it is not run again in this process
            kept = _kept_with[key] = kept_with(key[0].layer, self.found[node_id].call, inputs, trained)
        return kept

    def _problem(self, node_id: str, fault: Fault) -> Problem:
        link = self._links[node_id].get(fault.port) or next(iter(self._links[node_id].values()), None)
        source = link.source if link else "its input"
        message = fault.message.replace("{source}", source).replace("{self}", node_id)
        repair = validation.placed(self.graph, node_id, fault.port, fault.repair) if fault.repair else None
        return Problem("error", node_id, fault.port, message, repair, fault.why)


def inside(graph: Graph, layer: BlockUse, turn: int, arriving: Inputs) -> Visit:
    """The walk through one repetition of a block that is used in a graph."""
    declared = type(layer)
    sizes = _named_sizes(declared.block, arriving)
    values = {each.name: getattr(layer, each.name) for each in parameters(declared) if each.name != REPEAT}
    drawing, faults = drawn(graph, declared.__name__, {**sizes, **values, "i": turn})
    bound = {port: spec for port, spec in arriving.items() if port in drawing.nodes}
    key = (id(drawing), bool(_tries), tuple(sorted(bound.items(), key=lambda item: natural(item[0]))))
    held = _visited.get(key)
    if held is not None and held.graph is drawing:
        return held
    static = validation.problems_inside(drawing)
    static += [Problem("error", node_id, "", f"{node_id}: {words}: change it.") for node_id, words in faults]
    visit = Visit(drawing, static, {}, bound, declared.__name__)
    visit.sizes = sizes
    for node_id in visit.order:
        visit.look_at(node_id)
        if drawing.nodes[node_id].weights:
            visit.look_at_weights(node_id)
    visit.look_at_sharing()
    visit.problems = [*static, *visit.problems]
    if len(_visited) >= MOST_VISITED:
        _visited.clear()
    _visited[key] = visit
    return visit


def _too_many(node_id: str, layer: BlockUse) -> Problem:
    """What is said of a use with which a network has more nodes than are walked through."""
    message = (
        f"With {node_id} the network has more than {MOST_NODES:,} nodes, its blocks drawn out: use or repeat fewer."
    )
    repair = Repair("Set repeat to 1", (SetValue(node_id, REPEAT, 1),)) if layer.repeat > 1 else None
    return Problem("error", node_id, REPEAT, message, repair)


def _named_sizes(block: Block, arriving: Inputs) -> dict[str, Size]:
    """What the inputs of a block call the sizes that arrive; a name that stands twice means the first."""
    sizes: dict[str, Size] = {}
    for port, spec in arriving.items():
        names = axis_names(str(block.nodes[port].values.get("axes", ""))) if port in block.nodes else []
        for name, size in zip(names, spec.shape, strict=False):
            if name:
                sizes.setdefault(name, size)
    return sizes


@functools.lru_cache(10_000)
def _in_order(declared: type[Layer], linked: tuple[str, ...]) -> list[str]:
    return linked_ports(declared, linked)


def _reported(found: Found, layer: Layer) -> NodeReport:
    """What is said of every node with this layer and these inputs: one report, which they share."""
    return NodeReport(type(layer).__name__, found.outputs, found.parameters, found.macs, found.call)


def _sometimes(graph: Graph, node_id: str, name: str) -> Port | None:
    """An output that a node has for some settings or inputs alone; None for every other name."""
    reading = anatomy.readings(graph).get(node_id)
    declared = reading.declared if reading else None
    return next((port for port in declared.outputs if port.name == name and port.optional), None) if declared else None


def _absent_output(graph: Graph, link: Link, report: NodeReport) -> Problem:
    """What is said where a link begins at an output that its node does not give now."""
    port = _sometimes(graph, link.source, link.output)
    if port and port.when:
        message = (
            f"{link.target} takes {link.output} of {link.source}, which it gives with {port.when} alone: set "
            f"{port.when} to true."
        )
        repair = Repair(f"Set {port.when} of {link.source} to true", (SetValue(link.source, port.when, True),))
        return Problem("error", link.target, link.input, message, repair)
    known = ", ".join(report.outputs)
    message = (
        f"{link.target} takes {link.output} of {link.source}, which gives {known} alone with its settings: link one "
        "of these."
    )
    return Problem("error", link.target, link.input, message, Repair("Unlink", (Unlink(link.target, link.input),)))


@contextlib.contextmanager
def shapes_alone() -> Iterator[None]:
    """Inside, what is not known yet is found out without its costs, which takes a fraction of the time."""
    _tries.append(True)
    try:
        yield
    finally:
        _tries.pop()


def forget() -> None:
    """Find out everything anew from here on."""
    _kept.clear()
    _shapes.clear()
    _kept_with.clear()
    _visited.clear()


def configurations() -> int:
    """How many layers with their inputs are known."""
    return len(_kept)
