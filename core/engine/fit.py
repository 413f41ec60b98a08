"""Train: from a checked project to a run folder with weights, at the speed of the best loop written by hand.

Everything is in memory, batches are taken by `index_select`, optimizers are fused, and what is observed on the way is
gated by time (facts/training.md, sections 1 and 2).
"""

from __future__ import annotations

import importlib.metadata
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import msgspec
import torch
from torch import nn

from core import runs
from core.engine import blame, estimate
from core.engine import device as devices
from core.engine.check import check
from core.engine.control import Controls
from core.engine.fault import Cancelled, Fault
from core.engine.guard import Forbidden
from core.engine.loop import Loop
from core.engine.plan import Plan, prepare
from core.engine.trial import Choices, Chosen, choose
from core.events import Ended, Event, Started
from core.messages import Estimated, Train
from core.project import Project, reason, training_of


def fit(train: Train, send: Callable[[Event], None], control: Controls, choices: Choices | None = None) -> Ended:
    """Train a project into a run folder; events go to `send` and into the folder. Raises Fault before the first step.

    What goes wrong later ends the run with one sentence and keeps what was trained. `choices` are taken as given
    instead of being found by timing.
    """
    plan = prepare(train)
    control.watch = train.watch
    torch.manual_seed(plan.project.seed)
    try:
        model = plan.model()
        chosen = Chosen(choices) if choices else _chosen(plan, model)
        choices = chosen.choices
    except (RuntimeError, MemoryError) as error:
        if devices.is_out_of_memory(error):
            raise Fault(devices.out_of_memory(plan.device, plan.training.batch_size), str(error)) from None
        raise
    torch.set_num_threads(choices.threads)
    if choices.channels_last:
        model = model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    started = _started(plan, model, choices)
    try:
        runs.write_record(plan.folder, _record(plan, choices, started))
        return Loop(plan, model, chosen, send, control).run(started)
    except OSError as error:
        raise Fault(f"The run folder {plan.folder} cannot be written: {reason(error)}.") from None


_timed: dict[tuple[str, ...], Chosen] = {}
"""What was found by timing, by the written source and the device: a network that was timed is not timed again."""
MOST_TIMED = 50
_estimated: dict[tuple[str, ...], Estimated] = {}
"""What was found by a rehearsal, by the same."""
LARGEST_TIMED = 100_000_000_000
"""Multiply-accumulates of a step above which an estimate takes one step and tries no choices: that takes seconds."""


def _chosen(plan: Plan, model: nn.Module) -> Chosen:
    """The fastest choices for this network, found by timing."""
    key = (*plan.source.files.values(), plan.device.type)
    if key not in _timed:
        if len(_timed) >= MOST_TIMED:
            _timed.clear()
        fields = {name: torch.from_numpy(plan.loaded.parts["training"][name]).to(plan.device) for name in plan.fields}
        settings = plan.training
        try:
            _timed[key] = choose(model, plan.optimizer, plan.objective, fields, settings.batch_size, settings.threads)
        except Exception as error:
            if isinstance(error, Fault | Cancelled) and not isinstance(error, Forbidden):
                raise
            if devices.is_out_of_memory(error):
                raise
            raise blame.fault(error, plan.project, plan.folder, plan.source.lines) from None
    return _timed[key]


def get_ready(project: Project, is_awaited: Callable[[], bool] = lambda: False) -> Estimated | None:
    """Do ahead what a run of this project will need (read data, import source, time choices) and say what it will take.

    None where somebody waits for this engine meanwhile.
    """
    settings, checked = training_of(project), check(project, 0)
    device = devices.chosen(settings.device)
    refused = None if checked.has_errors else estimate.too_large(project, checked, device)
    if refused:
        return refused
    with (
        tempfile.TemporaryDirectory(prefix="layerloom-ready-", ignore_cleanup_errors=True) as folder,
        torch.random.fork_rng(devices=[]),
        estimate.Peak(device) as peak,
    ):
        warm()
        plan = prepare(Train(project, folder))
        key = (*plan.source.files.values(), plan.device.type, str(settings.threads), *map(str, _rows(plan)))
        if key in _estimated:
            return _estimated[key]
        model = plan.model()
        large = checked.macs * settings.batch_size > LARGEST_TIMED and device.type == "cpu"
        chosen = Chosen(Choices(settings.threads or devices.cores())) if large else _chosen(plan, model)
        if is_awaited():
            return None
        found = estimate.rehearsed(plan, model, chosen, _started(plan, model, chosen.choices), peak, is_awaited)
    if found:
        if len(_estimated) >= MOST_TIMED:
            _estimated.clear()
        _estimated[key] = found
    return found


def _rows(plan: Plan) -> tuple[int, int, int]:
    report = plan.loaded.report
    return report.training, report.validation, report.test


def _started(plan: Plan, model: nn.Module, choices: Choices) -> Started:
    report = plan.loaded.report
    size = plan.training.batch_size
    return Started(
        run=str(plan.folder),
        device=plan.device.type,
        threads=choices.threads,
        channels_last=choices.channels_last,
        epochs=plan.training.epochs,
        steps_per_epoch=report.training // size if report.training > size else 1,
        rows=_rows(plan),
        seed=plan.project.seed,
        parameters=sum(each.numel() for each in model.parameters()),
        weights=tuple(name for name, _ in model.named_parameters()),
        classes=plan.judge.classes if plan.judge else (),
        versions=versions(),
        data_hash=plan.loaded.content_hash,
        time=time.time(),
    )


def versions() -> dict[str, str]:
    """What a run depends on."""
    found = {"python": platform.python_version(), "torch": str(torch.__version__)}
    for name in ("layerloom", "numpy"):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "source"
    return found


def _record(plan: Plan, choices: Choices, started: Started) -> dict[str, Any]:
    """What `run.json` holds: all that a prediction needs besides weights and source, and all that a repeat needs."""
    return {
        "seed": plan.project.seed,
        "time": started.time,
        "data_hash": started.data_hash,
        "data": plan.loaded.title,
        "versions": started.versions,
        "hardware": devices.hardware(plan.device),
        "platform": sys.platform,
        "choices": msgspec.to_builtins(choices),
        "judge": msgspec.to_builtins(plan.judge),
        "inputs": plan.inputs,
        "fields": {name: msgspec.to_builtins(scale) for name, scale in plan.loaded.scales.items()},
        "evaluations": [],
    }


def warm() -> None:
    """Take a training step of a tiny network, so that the lazy imports of a first one are behind us."""
    import sklearn.datasets  # noqa: F401  # the bundled data sets: a second, most of it scipy

    model = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(), nn.Linear(18, 2)
    )
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    with torch.random.fork_rng(devices=[]):
        for rows in (torch.zeros(4, 1, 8, 8), torch.zeros(4, 8, 8, 1).permute(0, 3, 1, 2)):
            loss = nn.functional.cross_entropy(model(rows), torch.tensor([0, 1, 0, 1]))
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
