"""Check a project: torch itself, on its meta device, says every shape, dtype, size and cost.

Each node is examined in topological order (see `core.engine.examine`). What was found for a layer and its inputs is
kept, refusals included, so that thousands of nodes check in milliseconds and an edit costs what it changed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from core import anatomy, rules, validation
from core.engine.data import describe
from core.engine.examine import Fault, Found, examined
from core.graph import Link, Node
from core.layers import Inputs, Layer, Port, declaration_of
from core.layers.data import Input, Noise, Output, Target
from core.layers.layer import linked_ports
from core.messages import Checked, DataReport, NodeReport, Problem
from core.parameters import read
from core.project import Project
from core.repairs import Repair, SetValue, Unlink
from core.specs import Spec

MOST_KEPT = 20_000
STREAM_SECONDS = 0.04
ITEM_BYTES = {"float64": 8, "int64": 8, "float32": 4, "int32": 4, "bool": 1}


_kept: dict[Any, Found | Fault] = {}


def check(
    project: Project,
    revision: int,
    partly: Callable[[Checked], None] | None = None,
    data: DataReport | None = None,
) -> Checked:
    """Everything that can be said about a project without training it; `partly` gets what is known every 40 ms.

    `data` says what the data set holds where that is known without reading it.
    """
    data = describe(project.data) if data is None else data
    problems = validation.static_problems(project, data)
    visit = _Visit(project, data, problems)
    told = time.perf_counter()
    for node_id in visit.order:
        visit.look_at(node_id)
        if partly and time.perf_counter() - told > STREAM_SECONDS:
            told = time.perf_counter()
            partly(Checked(revision, nodes=dict(visit.reports), partial=True))
    problems += visit.problems
    outputs = anatomy.model_outputs(project.graph)
    model = anatomy.model_part(project.graph, outputs, visit.order)
    if not any(problem.severity == "error" for problem in problems):
        problems += _nothing_to_train(visit)
    problems += rules.advice(project, visit.layers, visit.reports, visit.inputs, data)
    returned = set(model)
    held = returned | anatomy.reaching(project.graph, anatomy.loss_nodes(project.graph))
    reports = [report for node_id, report in visit.reports.items() if node_id in held or not held]
    return Checked(
        revision=revision,
        problems=tuple(problems),
        nodes=visit.reports,
        parameters=sum(report.parameters for report in reports),
        macs=sum(report.macs for node_id, report in visit.reports.items() if node_id in returned or not returned),
        data=data,
        order=tuple(visit.order),
        model=tuple(model),
        outputs=tuple(outputs),
        losses=tuple(anatomy.loss_nodes(project.graph)),
        activation_bytes=sum(_bytes(spec) for report in reports for spec in report.outputs.values()),
    )


def _bytes(spec: Spec) -> int:
    return math.prod(size for size in spec.shape if isinstance(size, int)) * ITEM_BYTES.get(spec.dtype, 4)


def _nothing_to_train(visit: _Visit) -> list[Problem]:
    if any(report.parameters for report in visit.reports.values()):
        return []
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


class _Visit:
    """One walk over the graph: layers, inputs and reports of the nodes that are known so far."""

    def __init__(self, project: Project, data: DataReport, static: list[Problem]) -> None:
        self.graph = project.graph
        self.fields = {field.name: field.spec for field in data.fields}
        self.layers: dict[str, Layer] = {}
        self.inputs: dict[str, Inputs] = {}
        self.reports: dict[str, NodeReport] = {}
        self.problems: list[Problem] = []
        self.order = anatomy.order(project.graph)
        self._links = project.graph.arriving
        self._blocked = {problem.node for problem in static if problem.severity == "error" and problem.node}

    def look_at(self, node_id: str) -> None:
        """Find out about one node whose inputs have been looked at."""
        node = self.graph.nodes[node_id]
        declared = declaration_of(node)
        if declared is None:
            self.reports[node_id] = NodeReport(node.layer)
            return
        layer = self.layers[node_id] = read(declared, node.values)[0]
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
        self.reports[node_id] = self._source(layer) or self._found(node_id, layer, arriving)

    def _arriving(self, node_id: str, declared: type[Layer]) -> dict[str, Spec] | None:
        """The specs at the inputs; None where one of them is unknown."""
        arriving: dict[str, Spec] = {}
        links = self._links[node_id]
        for port in linked_ports(declared, links):
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

    def _found(self, node_id: str, layer: Layer, arriving: Inputs) -> NodeReport:
        key = (layer, tuple(arriving.items()))
        found = _kept.get(key)
        if found is None:
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            found = _kept[key] = examined(layer, arriving)
        if isinstance(found, Fault):
            self.problems.append(self._problem(node_id, found))
            return NodeReport(type(layer).__name__)
        return NodeReport(type(layer).__name__, found.outputs, found.parameters, found.macs, found.call)

    def _problem(self, node_id: str, fault: Fault) -> Problem:
        link = self._links[node_id].get(fault.port) or next(iter(self._links[node_id].values()), None)
        source = link.source if link else "its input"
        message = fault.message.replace("{source}", source).replace("{self}", node_id)
        repair = validation.placed(self.graph, node_id, fault.port, fault.repair) if fault.repair else None
        return Problem("error", node_id, fault.port, message, repair, fault.why)
