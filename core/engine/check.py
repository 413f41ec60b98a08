"""Check a project: torch itself, on its meta device, says every shape, dtype, size and cost.

Each node's call is built and run without numbers, in topological order, at batches 4 and 7: what differs between
the two is a multiple of the batch. What was found for a layer and its inputs is kept, refusals included, so that
thousands of nodes check in milliseconds and an edit costs what it changed.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from core import anatomy, rules, validation
from core.engine.data import describe
from core.graph import Link
from core.layers import CATALOGUE, Call, Inputs, Layer, Port, Refused
from core.layers.calls import construction, invocation, ports_of
from core.layers.data import Input, Noise, Output, Target
from core.layers.layer import linked_ports
from core.messages import Checked, DataReport, NodeReport, Problem
from core.parameters import read
from core.project import Project
from core.repairs import Repair, SetValue, Unlink
from core.specs import Size, Spec, shape_text

BATCHES = (4, 7)
THIRD_BATCH = 9
MOST_KEPT = 20_000
STREAM_SECONDS = 0.04
ITEM_BYTES = {"float64": 8, "int64": 8, "float32": 4, "int32": 4, "bool": 1}


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


def _sometimes(layer: str, name: str) -> Port | None:
    """An output that a layer has for some settings or inputs alone; None for every other name."""
    declared = CATALOGUE.get(layer)
    return next((port for port in declared.outputs if port.name == name and port.optional), None) if declared else None


def _absent_output(link: Link, report: NodeReport) -> Problem:
    """What is said where a link begins at an output that its node does not give now."""
    port = _sometimes(report.layer, link.output)
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
        declared = CATALOGUE.get(node.layer)
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
                if report and report.outputs and _sometimes(report.layer, link.output):
                    self.problems.append(_absent_output(link, report))
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


# ---- one layer on meta


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
        return Found(outputs, call, parameters, macs or 0)
    except Refused as refused:
        return Fault(refused.message, refused.port, refused.repair)
    except Exception as error:
        return _torchs_words(layer, inputs, error)


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


def warm() -> None:
    """Load what a first check needs, so that the next one answers in milliseconds."""
    layers: Mapping[str, type[Layer]] = CATALOGUE
    linear = layers["Linear"]()
    examined(linear, {"input": Spec(("N", 3))})
