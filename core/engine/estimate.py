"""What a run will take, before it starts: a rehearsal of the run itself on a few batches, in a folder thrown away.

A rehearsal goes through the very loop of the run, so that everything that is observed, measured and kept on the way
is in its time and memory; what was left out of it (further steps, validation rows, data) is added by proportion.
"""

from __future__ import annotations

import dataclasses
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import psutil
import torch
from torch import nn

from core.costs import training_memory
from core.engine import baseline
from core.engine.control import Controls
from core.engine.data import Loaded
from core.engine.evaluation import BATCH, measure
from core.engine.fault import Fault
from core.engine.loop import Loop
from core.engine.plan import Plan
from core.engine.trial import SLOW, Chosen, laid_out, step_seconds
from core.events import Epoch, Event, Started
from core.messages import Checked, Estimated
from core.project import Project, sums

SECONDS = 0.8
"""How long a rehearsal goes on, if its first epoch is not longer."""
EPOCH_SECONDS = 0.08
"""How long one epoch of a rehearsal is at most, if one step is not longer."""
VALIDATION_SECONDS = 0.1
SAMPLE_SECONDS = 0.002
MANY_EPOCHS = 1_000_000


class Peak:
    """The most memory that is in use while this is entered: of the process, or on a GPU of its tensors.

    Linux itself counts it for a process; elsewhere a thread looks every few milliseconds. One begun inside another
    starts the count anew: let the outer one look before.
    """

    def __init__(self, device: torch.device) -> None:
        self.bytes = 0
        self._device, self._process = device, psutil.Process()
        self._is_counted = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory-peak", daemon=True)

    def now(self) -> int:
        """What is in use now."""
        if self._device.type == "cuda":
            return int(torch.cuda.memory_allocated(self._device))
        return int(self._process.memory_info().rss)

    def look(self) -> None:
        """Take into account what is in use now, or was since the count began."""
        self.bytes = max(self.bytes, _high_water() if self._is_counted else self.now())

    def __enter__(self) -> Peak:
        self.look()
        if self._device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(self._device)
        else:
            self._is_counted = _count_anew()
            if not self._is_counted:
                self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._device.type == "cuda":
            self.bytes = int(torch.cuda.max_memory_allocated(self._device))
            return
        if not self._is_counted:
            self._ended.set()
            self._thread.join()
        self.look()

    def _sample(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            self.look()


def _count_anew() -> bool:
    """Let Linux forget the most memory that this process has had; whether it did."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        return _high_water() > 0
    except OSError:
        return False


def _high_water() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def free_bytes(device: torch.device) -> int:
    """How much memory a run could take: what nobody else has."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    return int(psutil.virtual_memory().available + psutil.Process().memory_info().rss)


def too_large(project: Project, checked: Checked, device: torch.device) -> Estimated | None:
    """The estimate for a run that cannot fit, so that nobody tries; None where it may fit."""
    least = training_memory(project, checked).total
    least += 0 if device.type == "cuda" else int(psutil.Process().memory_info().rss)
    free = free_bytes(device)
    return Estimated(0.0, 0.0, least, device.type, free) if least > free else None


def rehearsed(
    plan: Plan, model: nn.Module, chosen: Chosen, started: Started, peak: Peak, is_awaited: Callable[[], bool]
) -> Estimated | None:
    """What the run will take; None where somebody waits for this engine. `model` and the folder are used up.

    `peak` is entered by the caller, so that what came before the loop counts too. Raises Fault where no step can be
    taken.
    """
    torch.set_num_threads(chosen.choices.threads)
    if chosen.choices.channels_last:
        model = model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    size, rows = plan.training.batch_size, len(plan.loaded.rows["training"])
    size = min(size, rows)
    step = chosen.step or step_seconds(model, plan.optimizer, plan.objective, _fields(plan, "training", size))
    steps = max(rows // size, 1)
    validation = plan.loaded.report.validation
    few = min(max(int(EPOCH_SECONDS / step), 1), steps)
    seen = min(max(int(VALIDATION_SECONDS / (step / size / 3)), size), validation, BATCH)
    if steps * step + validation * step / size / 3 <= EPOCH_SECONDS:
        few, seen = steps, validation
    row_seconds, row_bytes = _validation(plan, model, chosen, seen, peak)
    if is_awaited():
        return None
    epochs = _epochs(plan, model, chosen, started, few * size if few < steps else rows, seen, step, is_awaited)
    if is_awaited():
        return None
    first, later = epochs[0], np.diff(epochs).tolist()
    epoch = first if not later else statistics.median(later) if len(later) > 4 else statistics.fmean(later)
    step = max(epoch - seen * row_seconds, 0.1 * epoch) / few
    if chosen.choices.threads > 1 and 0 < SLOW * chosen.alone < step:  # a run goes over to one thread there
        epoch -= few * (step - chosen.alone)
        step, first = chosen.alone, min(first, epoch)
    whole = epoch + (steps - few) * step + (validation - seen) * row_seconds
    seconds = max(first - epoch, 0.0) + plan.training.epochs * whole
    unseen = (min(validation, BATCH) - seen) * row_bytes
    left = _left_out(plan, chosen.choices.channels_last, few * size if few < steps else rows, seen)
    peak.look()
    most = max(peak.bytes + left, peak.now() + left + max(unseen, _baseline_bytes(plan)))
    return Estimated(seconds, step, int(most), plan.device.type, free_bytes(plan.device))


def _fields(plan: Plan, part: str, rows: int) -> dict[str, torch.Tensor]:
    arrays = plan.loaded.parts[part]
    return {name: torch.from_numpy(arrays[name][:rows]).to(plan.device) for name in plan.fields}


def _validation(plan: Plan, model: nn.Module, chosen: Chosen, rows: int, peak: Peak) -> tuple[float, float]:
    """Seconds and bytes for each row that is validated at once, by the faster of two times."""
    if not rows:
        return 0.0, 0.0
    layout = chosen.choices.channels_last
    fields = laid_out(_fields(plan, "validation", rows), layout)
    size = min(plan.training.batch_size, BATCH) if sums(plan.project) else BATCH
    peak.look()
    before, seconds = peak.now(), []
    with Peak(plan.device) as most:
        for _ in range(2):
            began = time.perf_counter()
            measure(model, plan.objective, fields, plan.judge, plan.loaded.scales, layout, size)
            seconds.append(time.perf_counter() - began)
            if seconds[0] > VALIDATION_SECONDS:
                break
    peak.bytes = max(peak.bytes, most.bytes)
    return min(seconds) / rows, max(most.bytes - before, 0) / rows


def _epochs(
    plan: Plan,
    model: nn.Module,
    chosen: Chosen,
    started: Started,
    rows: int,
    validation: int,
    step: float,
    is_awaited: Callable[[], bool],
) -> list[float]:
    """The seconds at which each epoch of the rehearsal was over."""
    control = Controls()
    ends: list[float] = []
    until = time.perf_counter() + SECONDS

    def hear(event: Event) -> None:
        if isinstance(event, Epoch):
            ends.append(event.seconds)
        if (ends and time.perf_counter() > until) or is_awaited():
            control.stopped = True

    training = dataclasses.replace(plan.training, epochs=MANY_EPOCHS if step < SECONDS else 1)
    cut = dataclasses.replace(plan, training=training, loaded=_cut(plan.loaded, rows, validation))
    ended = Loop(cut, model, chosen, hear, control).run(started)
    if not ends and not is_awaited():
        raise Fault(ended.message or "No step of this network could be taken; train it to see why.")
    return ends


def _cut(loaded: Loaded, training: int, validation: int) -> Loaded:
    """The data with fewer rows, which share the memory of the whole."""
    counts = {"training": training, "validation": validation}
    parts = {
        part: {name: values[: counts.get(part, 0)] for name, values in fields.items()}
        for part, fields in loaded.parts.items()
    }
    rows = {part: numbers[: counts.get(part, 0)] for part, numbers in loaded.rows.items()}
    report = msgspec.structs.replace(loaded.report, training=training, validation=validation)
    return dataclasses.replace(loaded, parts=parts, rows=rows, report=report)


def _left_out(plan: Plan, channels_last: bool, training: int, validation: int) -> int:
    """The bytes of the data that a run copies (to a GPU, or into another layout) and its rehearsal did not."""
    total = 0
    for part, seen in (("training", training), ("validation", validation)):
        for name in plan.fields:
            values = plan.loaded.parts[part][name]
            if plan.device.type != "cpu" or (channels_last and values.ndim == 4):
                total += values[seen:].nbytes
    return total


def _baseline_bytes(plan: Plan) -> int:
    """What the simplest model, fitted when the run is over, takes: its rows as one table, and copies of some."""
    if plan.judge is None or plan.device.type != "cpu":
        return 0
    inputs = [plan.loaded.parts["training"][name] for name in plan.inputs if name in plan.loaded.parts["training"]]
    rows = len(plan.loaded.rows["training"])
    if not rows or sum(values[0].size for values in inputs) > baseline.MOST_COLUMNS:
        return 0
    table = sum(values.nbytes for values in inputs)
    return int(table + 2 * table * min(1.0, baseline.MOST_ROWS / rows))
