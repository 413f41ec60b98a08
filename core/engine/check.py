"""Check a project: torch itself, on its meta device, says every shape, dtype, size and cost.

Each node is examined in topological order (see `core.engine.examine`). What was found for a layer and its inputs is
kept, refusals included, so that thousands of nodes check in milliseconds and an edit costs what it changed.
"""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable

import msgspec

from core import anatomy, gradients, rules, validation
from core.anatomy import Reading
from core.engine import beginnings, probe, ranges, trust
from core.engine.data import describe
from core.engine.examine import Fault, Found, examined, kept_with
from core.engine.kept import Kept, network_kept
from core.graph import Graph, Link, Node
from core.layers import Inputs, Layer, Port, Refused, declaration_of
from core.layers.custom import DEFAULT, Python
from core.layers.data import Input, Noise, Output, Target
from core.layers.layer import linked_ports
from core.messages import Checked, DataReport, NodeReport, Problem
from core.project import Project
from core.repairs import Repair, SetValue, Unlink
from core.specs import Spec

MOST_KEPT = 20_000
STREAM_SECONDS = 0.04
LONGEST_MESSAGE, LONGEST_REPAIR = 400, 120
NO_CALLS = (Input, Target, Noise, Output)


_kept: dict[tuple[Reading, tuple[tuple[str, Spec], ...]], tuple[NodeReport, Found] | Fault] = {}
"""What was found out before; a reading stands for itself, so that nothing long is hashed."""
_kept_with: dict[tuple[Reading, tuple[tuple[str, Spec], ...], frozenset[str]], Kept] = {}
"""What is kept for the backward pass where gradients go back through some ports alone."""

_before = [Graph()]
"""The graph that was checked last."""


def check(
    project: Project,
    revision: int,
    partly: Callable[[Checked], None] | None = None,
    data: DataReport | None = None,
) -> Checked:
    """Everything that can be said about a project without training it; `partly` gets what is known every 40 ms.

    `data` says what the data set holds where that is known without reading it.
    """
    is_read = data is None
    data = describe(project.data) if data is None else data
    anatomy.follow(project.graph, _before[0])
    _before[0] = project.graph
    problems = validation.static_problems(project, data)
    visit = _Visit(project, data, problems)
    told = time.perf_counter()
    slow = visit.behind_own_code()
    for node_id in sorted(visit.order, key=slow.__contains__) if slow else visit.order:
        if partly and node_id in slow:  # a person's code may take seconds: what is known without it is said before
            partly(Checked(revision, nodes=dict(visit.reports), partial=True))
            slow = frozenset()
        visit.look_at(node_id)
        if project.graph.nodes[node_id].weights:
            visit.look_at_weights(node_id)
        if partly and time.perf_counter() - told > STREAM_SECONDS:
            told = time.perf_counter()
            partly(Checked(revision, nodes=dict(visit.reports), partial=True))
    broken = {problem.node for problem in problems if problem.severity == "error"}
    problems += [problem for problem in trust.problems(project) if problem.node not in broken]
    problems += visit.problems
    problems += gradients.problems(project.graph, visit.reports)
    if is_read:
        problems += ranges.problems(project, visit.layers, visit.inputs, visit.found)
    outputs = anatomy.model_outputs(project.graph)
    leading = anatomy.feeding_outputs(project.graph)
    model = [node_id for node_id in visit.order if node_id in leading]
    if not any(problem.severity == "error" for problem in problems):
        problems += _nothing_to_train(visit)
    problems += rules.advice(project, visit.layers, visit.reports, visit.inputs, data)
    returned = set(model)
    losses = anatomy.loss_nodes(project.graph)
    held = anatomy.reaching(project.graph, losses, leading) if model or losses else frozenset[str]()
    reports = [report for node_id, report in visit.reports.items() if node_id in held or not held]
    kept, (sample_bytes, fixed_bytes) = network_kept(
        visit.order, project.graph, visit.found, visit.outputs_of, visit.kept_with, held or visit.reports.keys()
    )
    return Checked(
        revision=revision,
        problems=tuple(map(_in_short, problems)),
        nodes=visit.reports,
        parameters=sum(report.parameters for report in reports),
        macs=sum(report.macs for node_id, report in visit.reports.items() if node_id in returned or not returned),
        data=data,
        order=tuple(visit.order),
        model=tuple(model),
        outputs=tuple(outputs),
        losses=tuple(losses),
        kept=kept,
        activation_bytes=sample_bytes,
        fixed_bytes=fixed_bytes,
    )


def forget() -> None:
    """Find out everything anew from here on, as a fresh process does."""
    _kept.clear()
    _kept_with.clear()
    _before[0] = Graph()
    anatomy.forget()


def configurations() -> int:
    """How many layers with their inputs are known."""
    return len(_kept)


def _reported(found: Found, layer: Layer) -> NodeReport:
    """What is said of every node with this layer and these inputs: one report, which they share."""
    return NodeReport(type(layer).__name__, found.outputs, found.parameters, found.macs, found.call)


def _in_short(problem: Problem) -> Problem:
    """The problem on one line of readable length, whatever people call their nodes and ports."""
    message, repair = _line(problem.message, LONGEST_MESSAGE), problem.repair
    if repair and (text := _line(repair.text, LONGEST_REPAIR)) != repair.text:
        problem = msgspec.structs.replace(problem, repair=Repair(text, repair.edits))
    return problem if message == problem.message else msgspec.structs.replace(problem, message=message)


def _line(text: str, longest: int) -> str:
    if len(text) <= longest and text.isprintable():
        return text
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return text if len(text) <= longest else text[: longest - 3] + "..."


def _nothing_to_train(visit: _Visit) -> list[Problem]:
    counts = {node_id: report.parameters for node_id, report in visit.reports.items() if report.parameters}
    if counts:
        begun = all(visit.graph.nodes[node_id].weights for node_id in counts)  # with none set, none is frozen
        still = beginnings.all_frozen(visit.graph, counts) if begun else None
        return [still] if still else []
    message = "There is nothing to train: no layer in the graph has weights; add one, for example Linear."
    return [Problem("error", "", "", message)]


def _sometimes(node: Node, name: str) -> Port | None:
    """An output that a node has for some settings or inputs alone; None for every other name."""
    declared = declaration_of(node)
    return next((port for port in declared.outputs if port.name == name and port.optional), None) if declared else None


def _absent_output(node: Node, link: Link, report: NodeReport) -> Problem:
    """What is said where a link begins at an output that its node does not give now."""
    port = _sometimes(node, link.output)
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


@functools.lru_cache(10_000)
def _in_order(declared: type[Layer], linked: tuple[str, ...]) -> list[str]:
    return linked_ports(declared, linked)


class _Visit:
    """One walk over the graph: layers, inputs and reports of the nodes that are known so far."""

    def __init__(self, project: Project, data: DataReport, static: list[Problem]) -> None:
        self.graph = project.graph
        self.fields = {field.name: field.spec for field in data.fields}
        self.readings = anatomy.readings(project.graph)
        self.layers: dict[str, Layer] = {}
        self.inputs: dict[str, Inputs] = {}
        self.reports: dict[str, NodeReport] = {}
        self.found: dict[str, Found] = {}
        self.problems: list[Problem] = []
        self.order = anatomy.order(project.graph)
        self._links = project.graph.arriving
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
        source = self._source(layer) if isinstance(layer, NO_CALLS) else None
        self.reports[node_id] = source or self._found(node_id, reading, arriving)

    def look_at_weights(self, node_id: str) -> None:
        """Find out whether what a person asks of a node's weights can be done."""
        report, layer = self.reports[node_id], self.layers.get(node_id)
        inputs = self.inputs.get(node_id, {})
        if report.call and node_id not in self.found:  # code that is not trusted: nothing is known of it
            return
        own = self.found[node_id].held if node_id in self.found else None
        held, problems = beginnings.looked_at(self.graph, node_id, layer, report.call, inputs, own)
        self.reports[node_id] = msgspec.structs.replace(report, held=held)
        self.problems += problems

    def _arriving(self, node_id: str, declared: type[Layer]) -> dict[str, Spec] | None:
        """The specs at the inputs; None where one of them is unknown."""
        arriving: dict[str, Spec] = {}
        links = self._links[node_id]
        for port in _in_order(declared, tuple(links)):
            link = links[port]
            report = self.reports.get(link.source)
            spec = report.outputs.get(link.output) if report else None
            if spec is None:
                source = self.graph.nodes[link.source]
                if report and report.outputs and _sometimes(source, link.output):
                    self.problems.append(_absent_output(source, link, report))
                return None
            arriving[port] = spec
        return arriving

    def _source(self, layer: Layer) -> NodeReport | None:
        """The report of a node that is no call: where values enter and leave."""
        name = type(layer).__name__
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

    def _found(self, node_id: str, reading: Reading, arriving: Inputs) -> NodeReport:
        key = (reading, tuple(arriving.items()))
        found = _kept.get(key)
        if found is None:
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            layer = reading.layer
            own = layer if isinstance(layer, Python) and layer.code != DEFAULT else None
            if own and not trust.is_trusted(own.code):
                return self._untrusted(own, arriving)
            made = probe.examined(own, arriving) if own else examined(layer, arriving)
            found = _kept[key] = made if isinstance(made, Fault) else (_reported(made, reading.layer), made)
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
