"""What a network's output means: which of its outputs answers which target, as classes or as numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

import msgspec
import numpy as np
import torch

from core.engine.data import Scale
from core.graph import Link
from core.layers import declaration_of
from core.layers.data import Output, Target
from core.layers.layer import linked_ports
from core.messages import Checked
from core.project import Project

Array = np.ndarray[Any, Any]
LINKS: dict[str, Literal["softmax", "exp", "sigmoid", "none"]] = {
    "CrossEntropyLoss": "softmax",
    "MultiMarginLoss": "softmax",
    "NLLLoss": "exp",
    "BCEWithLogitsLoss": "sigmoid",
    "BCELoss": "none",
}
"""What turns the first input of each class loss into probabilities; every other loss is about numbers."""


Task = Literal["classes", "binary", "numbers"]


class Judge(msgspec.Struct, frozen=True):
    """How outputs are compared with the data: output number `output` against `field`.

    `task` is "classes" (a score for each class on axis 1), "binary" (one number a row) or "numbers"; `link` turns
    scores into probabilities.
    """

    output: int
    field: str
    task: Task
    link: Literal["softmax", "exp", "sigmoid", "none"] = "none"
    classes: tuple[str, ...] = ()

    def probabilities(self, output: torch.Tensor) -> torch.Tensor:
        """Scores (N, C, ...) or (N, 1) as probabilities (N, C, ...); numbers as they are."""
        if self.task == "numbers":
            return output
        links = {"softmax": lambda x: x.softmax(1), "exp": torch.exp, "sigmoid": torch.sigmoid, "none": lambda x: x}
        found: torch.Tensor = links[self.link](output.float())
        if self.task == "binary":
            found = found.reshape(len(found), 1)
            return torch.cat([1 - found, found], 1)
        return found

    def predicted(self, output: torch.Tensor) -> torch.Tensor:
        """The class that each row is taken for."""
        if self.task == "binary":
            return (output.reshape(len(output)) > (0.0 if self.link == "sigmoid" else 0.5)).long()
        return output.argmax(1)

    def row_losses(self, output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """How wrong each row is: minus the log of the right class's probability, or the mean squared error."""
        if self.task == "numbers":
            return (output - target.reshape(output.shape)).square().reshape(len(output), -1).mean(1)
        right = self.probabilities(output).gather(1, target.long().unsqueeze(1)).reshape(len(output), -1)
        return -right.clamp_min(1e-12).log().mean(1)


def judge(project: Project, checked: Checked, scales: Mapping[str, Scale]) -> Judge | None:
    """How the first loss that compares an output with a target reads the network's outputs; None where none does."""
    links = project.graph.arriving
    for loss in checked.losses:
        layer, ports = project.graph.nodes[loss].layer, links[loss]
        if "input" not in ports or "target" not in ports:
            continue
        field = _target_field(project, links, ports["target"].source)
        end = _through_muted(project, links, ports["input"].source, ports["input"].output)
        outputs = [_through_muted(project, links, *each) for each in checked.outputs]
        link = LINKS.get(layer, "none")
        if end in outputs:
            output = outputs.index(end)
        elif len(outputs) == 1:  # an output is drawn behind what the loss takes: a Softmax, most likely
            output, link = 0, "none"
        else:
            continue
        if field not in scales:
            continue
        scale = scales[field]
        counted = layer in LINKS and scale.kind == "classes"
        said = "numbers" if not counted else "binary" if layer.startswith("BCE") else "classes"
        task = _fitting(said, _sample_sizes(checked, outputs[output]), scale)
        if task is None:
            continue
        return Judge(output, field, task, link if counted else "none", scale.classes if counted else ())
    return None


def _sample_sizes(checked: Checked, value: tuple[str, str]) -> tuple[int | str, ...]:
    report = checked.nodes.get(value[0])
    spec = report.outputs.get(value[1]) if report else None
    return spec.shape[1:] if spec else ("?",)


def _fitting(said: Task, sizes: tuple[int | str, ...], scale: Scale) -> Task | None:
    """The task, as far as an output of these sizes a sample can be compared with the field; None where it cannot.

    A target may have been made of the field by operations (OneHot), and a loss may take features and no scores.
    """
    count = math.prod(size for size in sizes if isinstance(size, int))
    if not all(isinstance(size, int) for size in sizes) or said == "classes":
        return said
    if said == "numbers":
        return said if count == math.prod(scale.shape) else None
    return said if count == 1 else "classes" if sizes == (len(scale.classes),) else None


def _through_muted(project: Project, links: Mapping[str, Any], node: str, port: str) -> tuple[str, str]:
    """Where a value really comes from, past muted nodes and Output nodes."""
    for _ in range(len(project.graph.nodes)):
        held = project.graph.nodes[node]
        if not (held.muted or held.layer == Output.__name__) or not links[node]:
            break
        first = _first_link(project, links, node)
        node, port = first.source, first.output
    return node, port


def _target_field(project: Project, links: Mapping[str, Any], node: str) -> str:
    """The field of the Target that a loss is fed from, past conversions; "" where there is none."""
    for _ in range(len(project.graph.nodes)):
        held = project.graph.nodes[node]
        if held.layer in (Target.__name__, "Input"):
            return str(held.values.get("field", ""))
        if not links[node]:
            break
        node = _first_link(project, links, node).source
    return ""


def _first_link(project: Project, links: Mapping[str, Mapping[str, Link]], node: str) -> Link:
    """The link into the first declared port that has one."""
    declared = declaration_of(project.graph.nodes[node], project.graph.blocks)
    ports = linked_ports(declared, links[node]) if declared else []
    return links[node][ports[0]] if ports else next(iter(links[node].values()))


class Tally:
    """Outputs against targets, summed over batches: accuracy, or mean absolute error and R² in units of the data."""

    def __init__(self, judge: Judge, scale: Scale) -> None:
        self._judge = judge
        self._scale = scale
        self.rows = 0
        self._correct = 0
        self._count = 0
        self._absolute: Array = np.zeros(())
        self._squared: Array = np.zeros(())
        self._sum: Array = np.zeros(())
        self._square: Array = np.zeros(())

    def add(self, output: torch.Tensor, target: torch.Tensor) -> None:
        """Count these rows; output and target are scaled as in training."""
        self.rows += len(output)
        if self._judge.task != "numbers":
            predicted = self._judge.predicted(output)
            self._correct += int((predicted == target.reshape(predicted.shape)).sum())
            self._count += predicted.numel()
            return
        right = self._in_units(target)
        said = self._in_units(output.reshape(target.shape)) if output.numel() == target.numel() else right * np.nan
        self._absolute = self._absolute + np.abs(said - right).sum(0)
        self._squared = self._squared + np.square(said - right).sum(0)
        self._sum = self._sum + right.sum(0)
        self._square = self._square + np.square(right).sum(0)

    def _in_units(self, values: torch.Tensor) -> Array:
        found = values.detach().double().cpu().numpy()
        return self._scale.undo(found) if self._scale.kind == "numbers" else found

    def metrics(self) -> dict[str, float]:
        """`accuracy`, or `mae` and `r2`; nothing where no row was counted."""
        if self.rows == 0:
            return {}
        if self._judge.task != "numbers":
            return {"accuracy": self._correct / max(self._count, 1)}
        spread = float((self._square - np.square(self._sum) / self.rows).sum())
        r2 = 1 - float(self._squared.sum()) / spread if spread > 0 else float("nan")
        return {"mae": float(self._absolute.mean()) / self.rows, "r2": r2}
