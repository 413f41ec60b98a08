"""What a run needs before its first step: source written and imported, data in memory, a device that is there."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from core import runs
from core.engine import device as devices
from core.engine.check import check
from core.engine.compile import build, verify, written
from core.engine.data import Loaded, load
from core.engine.fault import Fault
from core.engine.judge import Judge, judge
from core.engine.trial import Objective
from core.messages import Source, Train
from core.project import Project, training_of
from core.source import attribute_names
from core.training import Training

FUSED = ("SGD", "Adam", "AdamW")


@dataclasses.dataclass(frozen=True)
class Plan:
    """Everything that a run needs to begin."""

    project: Project
    folder: Path
    training: Training
    loaded: Loaded
    judge: Judge | None
    inputs: tuple[str, ...]
    fields: tuple[str, ...]
    model_class: type[nn.Module]
    objective: Objective
    device: torch.device
    source: Source
    nodes: dict[str, str]
    """The attribute of the model that holds each node, by node."""

    def optimizer(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        """The optimizer of the settings, in one kernel where torch has one."""
        said: dict[str, Any] = {"lr": self.training.lr, "weight_decay": self.training.weight_decay}
        if self.training.optimizer in ("SGD", "RMSprop"):
            said["momentum"] = self.training.momentum
        if self.training.optimizer in FUSED:
            said["fused"] = True
        kind: Callable[..., torch.optim.Optimizer] = getattr(torch.optim, self.training.optimizer)
        return kind(parameters, **said)


def prepare(train: Train) -> Plan:
    """Check, read the data, write the source into the folder and import it; raises Fault."""
    project, folder = train.project, Path(train.folder)
    checked = check(project, 0)
    errors = [problem for problem in checked.problems if problem.severity == "error"]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise Fault(f"{errors[0].message.rstrip('.')}{more}.", problems=tuple(errors))
    loaded = load(project.data)
    training = training_of(project)
    device = devices.chosen(training.device)
    source = written(project, checked)
    try:
        runs.begin(folder, project, source.files)
    except runs.RunFault as fault:
        raise Fault(str(fault)) from None
    model_module, train_module = build(folder)
    verify(model_module.Model, project, checked)
    inputs = tuple(
        dict.fromkeys(
            str(project.graph.nodes[node].values.get("field", ""))
            for node in checked.model
            if project.graph.nodes[node].layer == "Input"
        )
    )
    return Plan(
        project=project,
        folder=folder,
        training=training,
        loaded=loaded,
        judge=judge(project, checked, loaded.scales),
        inputs=inputs,
        fields=tuple(train_module.FIELDS),
        model_class=model_module.Model,
        objective=train_module.objective,
        device=device,
        source=source,
        nodes=attribute_names(project.graph),
    )
