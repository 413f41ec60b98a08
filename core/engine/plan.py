"""What a run needs before its first step: source written and imported, data in memory, a device that is there."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from core import runs
from core.engine import blame, guard, pretrained, trust
from core.engine import compile as compiling
from core.engine import device as devices
from core.engine.check import check
from core.engine.compile import build, build_own, module_names, verify, written
from core.engine.data import Loaded, load
from core.engine.fault import Fault
from core.engine.judge import Judge, judge
from core.engine.trial import Objective
from core.messages import Source, Train
from core.project import Project, reason, training_of
from core.training import Training
from core.trust import codes

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
    loaded_weights: dict[str, torch.Tensor]
    """What the model begins with from files, by its name in the model's state."""

    def model(self) -> nn.Module:
        """A new model on the device: initial weights from torch's random numbers as they stand, then what is loaded."""
        try:
            made = self.model_class()
        except Exception as error:
            if devices.is_out_of_memory(error):
                raise
            raise blame.fault(error, self.project, self.folder, self.source.lines) from None
        pretrained.put(made, self.loaded_weights)
        return made.to(self.device)

    def optimizer(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        """The optimizer of the settings, in one kernel where torch has one."""
        said: dict[str, Any] = {"lr": self.training.lr, "weight_decay": self.training.weight_decay}
        if self.training.optimizer in ("SGD", "RMSprop"):
            said["momentum"] = self.training.momentum
        if self.training.optimizer in FUSED:
            said["fused"] = True
        kind: Callable[..., torch.optim.Optimizer] = getattr(torch.optim, self.training.optimizer)
        return kind([each for each in parameters if each.requires_grad], **said)


def prepare(train: Train) -> Plan:
    """Check, read the data, write the source into the folder and import it; raises Fault."""
    project, folder = train.project, Path(train.folder)
    trust.require(project)
    checked = check(project, 0)
    errors = [problem for problem in checked.problems if problem.severity == "error"]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise Fault(f"{errors[0].message.rstrip('.')}{more}.", problems=tuple(errors))
    loaded = load(project.data)
    training = training_of(project)
    device = devices.chosen(training.device)
    source, nodes = written(project, checked), module_names(project, checked)
    # before an older run in this folder goes, if it is that
    loaded_weights = compiling.loaded_weights(project, checked)
    try:
        runs.begin(folder, project, source.files)
        pretrained.write(folder, loaded_weights, nodes)
    except runs.RunFault as fault:
        raise Fault(str(fault)) from None
    except OSError as error:
        raise Fault(f"The run folder {folder} cannot be written: {reason(error)}.") from None
    is_own = bool(codes(project))
    model_module, train_module = build_own(folder, guard.SECONDS_OF_A_STEP) if is_own else build(folder)
    try:
        verify(model_module.Model, project, checked)
    except Exception as error:
        if (isinstance(error, Fault) and not isinstance(error, guard.Forbidden)) or devices.is_out_of_memory(error):
            raise
        raise blame.fault(error, project, folder, source.lines) from None
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
        nodes=nodes,
        loaded_weights=loaded_weights,
    )
