"""Advice that needs shapes or neighbours: what trains badly although it fits together, each with reason and repair.

A rule is a function from what check has found to problems; the thresholds are those that gave no false alarm on
healthy networks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from core.anatomy import implied_outputs, loss_nodes, nodes_of
from core.graph import Link, natural
from core.layers import CATALOGUE, Inputs, Layer
from core.layers.targets import class_axis_repair
from core.messages import DataReport, NodeReport, Problem
from core.placement import placed
from core.project import Project, training_of
from core.repairs import Append, Bypass, Insert, Join, Repair, SetValue, Swap
from core.specs import shape_text


@dataclasses.dataclass(frozen=True)
class Findings:
    """What check knows when it asks for advice."""

    project: Project
    layers: Mapping[str, Layer]
    reports: Mapping[str, NodeReport]
    inputs: Mapping[str, Inputs]
    data: DataReport
    links: Mapping[str, dict[str, Link]]
    uses: Mapping[str, list[Link]]

    def seen(self, *layers: str) -> list[str]:
        """The nodes of these layers that are looked at and not muted, in natural order."""
        graph = self.project.graph
        found = nodes_of(graph, *layers)
        return [node_id for node_id in found if node_id in self.layers and not graph.nodes[node_id].muted]

    def name(self, node_id: str) -> str:
        """The layer's name, "" where it is unknown."""
        return type(self.layers[node_id]).__name__ if node_id in self.layers else ""

    def family(self, node_id: str) -> str:
        """The layer's family, "" where it is unknown."""
        return type(self.layers[node_id]).family if node_id in self.layers else ""

    def before(self, node_id: str, port: str, through: tuple[str, ...]) -> str:
        """The node whose values arrive at a port, seen through muted nodes and the layers named; "" where none does."""
        nodes = self.project.graph.nodes
        link = self.links.get(node_id, {}).get(port)
        for _ in range(len(self.links)):
            layer = self.layers.get(link.source) if link else None
            if link is None or layer is None:
                return ""
            if not nodes[link.source].muted and type(layer).__name__ not in through:
                return link.source
            first = type(layer).inputs[:1]
            link = self.links[link.source].get(first[0].name) if first else None
        return ""

    def is_alone(self, node_id: str, port: str, first: str) -> bool:
        """Whether what arrives at a port goes nowhere else on its way from the node `first`."""
        link = self.links[node_id].get(port)
        while link:
            if sum(self.name(each.target) != "Output" for each in self.uses[link.source]) > 1:
                return False
            if link.source == first:
                return True
            link = self.links[link.source].get(type(self.layers[link.source]).inputs[0].name)
        return False


def advice(
    project: Project,
    layers: Mapping[str, Layer],
    reports: Mapping[str, NodeReport],
    inputs: Mapping[str, Inputs],
    data: DataReport,
) -> list[Problem]:
    """Everything that the rules have to say, in natural order of the nodes."""
    findings = Findings(project, layers, reports, inputs, data, project.graph.arriving, project.graph.leaving)
    found = [problem for rule in RULES for problem in rule(findings)]
    return sorted(found, key=lambda problem: natural(problem.node))


# ---- the last activation and the loss

SAME_VALUES = (
    "Dropout",
    "AlphaDropout",
    "Identity",
    "Flatten",
    "Squeeze",
    "Unsqueeze",
    "Reshape",
    "Transpose",
    "Permute",
)
"""Layers that only move or drop numbers, so that a rule looks through them."""

TAKES_SCORES = ("CrossEntropyLoss", "BCEWithLogitsLoss", "MultiLabelSoftMarginLoss", "MultiMarginLoss")
LIMITING = ("ReLU", "ReLU6", "Sigmoid", "Hardsigmoid", "Tanh", "Hardtanh", "Softplus", "Softsign", "LogSigmoid")
"""Activations that take a part of all numbers away, so that scores behind them cannot say what they should."""

DOES_ITSELF = {
    "CrossEntropyLoss": ("Softmax", "LogSoftmax"),
    "BCEWithLogitsLoss": ("Sigmoid", "Softmax"),
    "MultiLabelSoftMarginLoss": ("Sigmoid", "Softmax"),
}
LACKING: dict[str, tuple[tuple[str, ...], str, dict[str, Any], str]] = {
    "NLLLoss": (("LogSoftmax", "LogSigmoid", "Log"), "LogSoftmax", {"dim": 1}, "the logarithms of probabilities"),
    "KLDivLoss": (("LogSoftmax", "LogSigmoid", "Log"), "LogSoftmax", {"dim": -1}, "the logarithms of probabilities"),
    "BCELoss": (("Sigmoid", "Hardsigmoid", "Softmax"), "Sigmoid", {}, "probabilities between 0 and 1"),
}
"""What a loss needs before it: the layers that give it, the one to insert, and what it is."""


def unwanted_last_activation(findings: Findings) -> Iterator[Problem]:
    """Softmax before CrossEntropyLoss, Sigmoid before BCEWithLogitsLoss, ReLU before any loss on scores."""
    for loss in loss_nodes(findings.project.graph):
        name = findings.name(loss)
        if name not in TAKES_SCORES:
            continue
        last = findings.before(loss, "input", SAME_VALUES)
        activation = findings.name(last)
        if activation in DOES_ITSELF.get(name, ()):
            message = f"{last} is a {activation} before {loss}, but {name} does that itself: take {last} out."
            why = (
                f"{name} takes plain scores and turns them into probabilities by a way that keeps its precision. "
                "Doing it twice squeezes all scores together, so that gradients are small and training stays slow "
                "and poor."
            )
            yield Problem("warning", last, "", message, _without(findings, last, loss), why)
        elif activation in LIMITING:
            message = f"{last} is a {activation} before {loss}, which cuts scores that {name} needs: take {last} out."
            why = (
                f"{name} wants scores that may be any number. What {activation} cuts off gives the same score to "
                "different samples and no gradient, so that the layer before it hardly learns."
            )
            yield Problem("warning", last, "", message, _without(findings, last, loss), why)


def _without(findings: Findings, node_id: str, loss: str) -> Repair:
    """Take a node out; where others see it too, only the loss takes what comes before it."""
    before = findings.links[node_id].get("input")
    if before is None or len(findings.uses[node_id]) == 1:
        return Repair(f"Remove {node_id}", (Bypass(node_id),))
    ending = findings.links[loss]["input"]
    if ending.source != node_id:
        return Repair(f"Remove {node_id}", (Bypass(node_id),))
    link = Link(before.source, before.output, loss, "input")
    return Repair(f"Link {before.source} to {loss}", (Join(link),))


def missing_last_activation(findings: Findings) -> Iterator[Problem]:
    """NLLLoss and KLDivLoss without logarithms of probabilities, BCELoss without probabilities."""
    for loss in loss_nodes(findings.project.graph):
        name = findings.name(loss)
        if name not in LACKING or "input" not in findings.inputs.get(loss, {}):
            continue
        giving, layer, values, what = LACKING[name]
        last = findings.before(loss, "input", SAME_VALUES)
        if not last or findings.name(last) in giving or findings.family(last) == "data":
            continue
        message = (
            f"{name} expects {what}, but {loss} takes the output of {last}, a {findings.name(last)}: insert {layer}."
        )
        repair = Repair(f"Insert {layer}", (Insert(loss, "input", layer, dict(values)),))
        if findings.name(last) == "Softmax" and layer == "LogSoftmax":
            said = {"dim": getattr(findings.layers[last], "dim", -1)}
            repair = Repair(f"Make {last} a LogSoftmax", (Swap(last, "LogSoftmax", said),))
            message = f"{name} expects {what}, but {last} gives the probabilities themselves: use LogSoftmax."
        why = f"{name} computes with {what} and does not check them; with other numbers its value means nothing."
        yield Problem("warning", loss, "input", message, repair, why)


# ---- activations

AFFINE = ("Linear", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d")
LINEAR_TOO = (*SAME_VALUES, "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "Dropout1d", "Dropout2d", "Dropout3d")


def no_activation_between(findings: Findings) -> Iterator[Problem]:
    """Two linear layers in a row can do no more than one.

    Not said where the first is narrower than both ends, nor where what it gives is needed beside the second as well,
    as by the shortcut of a residual block. Where a block begins between them, no drawing alone has the place to mend.
    """
    for node_id in findings.seen(*AFFINE):
        first = findings.before(node_id, "input", LINEAR_TOO)
        if findings.name(first) not in AFFINE or findings.reports[node_id].call is None:
            continue
        layer = findings.layers[node_id]
        taken, given = _widths(findings, first), _widths(findings, node_id)
        narrow = taken[1] < taken[0] and taken[1] < given[1]
        depthwise = max(getattr(findings.layers[first], "groups", 1), getattr(layer, "groups", 1)) > 1
        if narrow or depthwise or not findings.is_alone(node_id, "input", first):
            continue
        message = f"{node_id} follows {first} without an activation between them: insert one, for example ReLU."
        why = (
            "Without an activation between them two linear layers can do no more than a single one could: the second "
            "multiplies what the first has multiplied. Depth pays only where something bends the numbers in between."
        )
        is_near = node_id.rpartition("/")[0] == first.rpartition("/")[0]
        repair = Repair("Insert ReLU", (Insert(node_id, "input", "ReLU"),)) if is_near else None
        yield Problem("warning", node_id, "input", message, repair, why)


def _widths(findings: Findings, node_id: str) -> tuple[int, int]:
    """How many features or channels come in and go out of a linear layer."""
    call = findings.reports[node_id].call
    sizes = [value for value in call.positional[:2] if isinstance(value, int)] if call else []
    return (sizes[0], sizes[1]) if len(sizes) == 2 else (0, 0)


ACTIVATIONS = frozenset(name for name, declared in CATALOGUE.items() if declared.family == "activation")
PARTIAL = ("Softmax", "LogSoftmax", "GLU")
"""Activations that do something else than bend each number, so that one more beside them may be meant."""


def two_activations(findings: Findings) -> Iterator[Problem]:
    """An activation right behind another one."""
    for node_id in findings.seen(*ACTIVATIONS):
        first = findings.before(node_id, "input", SAME_VALUES)
        if findings.name(first) not in ACTIVATIONS or {findings.name(first), findings.name(node_id)} & set(PARTIAL):
            continue
        message = (
            f"{node_id} is a {findings.name(node_id)} right behind {first}, a {findings.name(first)}: keep one of them."
        )
        why = (
            "A second activation without a layer with weights between adds nothing that can be learned and shrinks "
            "gradients."
        )
        yield Problem("warning", node_id, "", message, Repair(f"Remove {node_id}", (Bypass(node_id),)), why)


# ---- losses and their settings


def classes_on_another_axis(findings: Findings) -> Iterator[Problem]:
    """Scores with the classes last where both axes have the same size, so that torch stays silent."""
    for loss in loss_nodes(findings.project.graph):
        given = findings.inputs.get(loss, {})
        if findings.name(loss) not in ("CrossEntropyLoss", "NLLLoss") or "input" not in given or "target" not in given:
            continue
        shape = given["input"].shape
        if len(shape) < 3 or given["target"].shape != shape[:-1] or shape[1] != shape[-1]:
            continue
        last = findings.before(loss, "input", ("Dropout", "Identity", "ReLU", "LogSoftmax"))
        if findings.name(last) in ("Linear", "RNN", "LSTM", "GRU", "MultiheadAttention", "TransformerEncoderLayer"):
            repair = placed(findings.project.graph, loss, "input", class_axis_repair(len(shape)))
            message = (
                f"{findings.name(loss)} expects the classes on axis 1, but {last} gives them on the last axis of "
                f"{shape_text(shape)}: {repair.text[0].lower()}{repair.text[1:]}."
            )
            why = (
                "Both axes have the same size, so torch takes positions for classes without a word and learns nonsense."
            )
            yield Problem("error", loss, "input", message, repair, why)


def loss_of_many_numbers(findings: Findings) -> Iterator[Problem]:
    """A loss with reduction none, which training cannot make smaller as one number."""
    for loss in loss_nodes(findings.project.graph):
        report = findings.reports.get(loss)
        spec = report.outputs.get("loss") if report else None
        if spec is not None and spec.shape:
            message = f"{loss} gives {shape_text(spec.shape)} numbers, but training needs one: set reduction to mean."
            repair = Repair("Set reduction to mean", (SetValue(loss, "reduction", "mean"),))
            yield Problem("error", loss, "", message, repair)


def more_scores_than_classes(findings: Findings) -> Iterator[Problem]:
    """More scores than the target has classes: harmless, but hardly meant."""
    for loss in loss_nodes(findings.project.graph):
        given = findings.inputs.get(loss, {})
        if findings.name(loss) not in ("CrossEntropyLoss", "NLLLoss", "MultiMarginLoss") or "target" not in given:
            continue
        classes, scores = given["target"].classes, given["input"]
        count = scores.shape[1] if scores.rank > 1 else 0
        if findings.reports[loss].call is None or not classes or not isinstance(count, int) or count <= classes:
            continue
        message = (
            f"{loss} takes {count} scores, but the target has only {classes} classes: give the last layer {classes} "
            "outputs."
        )
        insert = Repair("Insert Linear", (Insert("{self}", "input", "Linear", {"out_features": classes}),))
        repair = placed(findings.project.graph, loss, "input", insert)
        why = "Scores for classes that never come up cost weights and time, and are never right."
        yield Problem("warning", loss, "input", message, repair, why)


# ---- normalisation and dropout

BATCH_NORMS = ("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "SyncBatchNorm")


def batch_of_one(findings: Findings) -> Iterator[Problem]:
    """BatchNorm on one row of features cannot train with batches of one sample: there is no spread."""
    if training_of(findings.project).batch_size > 1:
        return
    for node_id in findings.seen(*BATCH_NORMS):
        spec = findings.inputs.get(node_id, {}).get("input")
        if spec is not None and all(size == 1 for size in spec.shape[2:]):
            message = (
                f"{node_id} needs batches of at least 2 samples to train, but batch_size is 1: raise it, or use "
                "LayerNorm."
            )
            repair = Repair("Use LayerNorm instead", (Swap(node_id, "LayerNorm"),)) if spec.rank == 2 else None
            yield Problem("error", node_id, "", message, repair)


def bias_before_batch_norm(findings: Findings) -> Iterator[Problem]:
    """A constant that the BatchNorm behind it takes away again."""
    for node_id in findings.seen(*BATCH_NORMS):
        first = findings.before(node_id, "input", ())
        if (
            findings.name(first) not in AFFINE
            or len(findings.uses[first]) > 1
            or not getattr(findings.layers[first], "bias", False)
        ):
            continue
        message = f"The bias of {first} does nothing, because {node_id} takes the mean away again: set bias to false."
        why = "BatchNorm subtracts each channel's mean and adds a constant of its own, so a constant before it is lost."
        repair = Repair(f"Set bias of {first} to false", (SetValue(first, "bias", False),))
        yield Problem("note", first, "", message, repair, why)


# ---- model part and data


def implied_output(findings: Findings) -> Iterator[Problem]:
    """Without an Output node the model returns what its losses take."""
    graph = findings.project.graph
    if nodes_of(graph, "Output"):
        return
    for source, output in dict.fromkeys((link.source, link.output) for link in implied_outputs(graph)):
        message = f"The model returns the output of {source}, because no Output is drawn: add one to say it yourself."
        repair = Repair("Add Output", (Append(source, output, "Output"),))
        yield Problem(
            "note", source, "", message, repair, "An Output names what the trained model gives to those who use it."
        )


def answers_as_input(findings: Findings) -> Iterator[Problem]:
    """An Input that feeds the right answers into the network."""
    roles = {field.name: field.role for field in findings.data.fields}
    for node_id in nodes_of(findings.project.graph, "Input"):
        field = str(getattr(findings.layers.get(node_id), "field", ""))
        if roles.get(field) != "target" or not findings.uses[node_id]:
            continue
        message = (
            f"{node_id} feeds the network {field}, the right answer itself: take another field, unless that is meant."
        )
        inputs = [name for name, role in roles.items() if role == "input"]
        repair = Repair(f"Use {inputs[0]}", (SetValue(node_id, "field", inputs[0]),)) if len(inputs) == 1 else None
        why = "A network that sees the answer learns to copy it, and is of no use where the answer is not known."
        yield Problem("warning", node_id, "", message, repair, why)


RULES: tuple[Callable[[Findings], Iterator[Problem]], ...] = (
    unwanted_last_activation,
    missing_last_activation,
    no_activation_between,
    two_activations,
    classes_on_another_axis,
    loss_of_many_numbers,
    more_scores_than_classes,
    batch_of_one,
    bias_before_batch_norm,
    implied_output,
    answers_as_input,
)
