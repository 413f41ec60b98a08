"""What only timing can tell: how many threads, and which memory layout, suit this network on this machine.

Two cores can be five times slower than one where something else wants a core, and channels_last wins a quarter on
one network and loses a seventh on another (facts/training.md, sections 1 and 4). The trial works on a copy: the
network, its optimizer and the random numbers of the run are as if it had not been.
"""

from __future__ import annotations

import copy
import dataclasses
import time
from collections.abc import Callable, Iterable, Mapping

import msgspec
import torch
from torch import nn

from core.engine.device import cores

BUDGET = 0.25
"""Seconds for a whole trial; the first round of a large network may take longer."""
STRETCH = 0.005
ROUNDS = 4
HOPELESS = 1.4
"""What was so much slower than the best is not timed again."""
SLOW, SLOW_SECONDS = 3.0, 0.5
Objective = Callable[[nn.Module, dict[str, torch.Tensor]], tuple[torch.Tensor, tuple[torch.Tensor, ...]]]


class Choices(msgspec.Struct, frozen=True):
    """What was chosen by timing; the same seed gives the same run for the same choices."""

    threads: int
    channels_last: bool = False


@dataclasses.dataclass(frozen=True)
class Chosen:
    """The choices, and how many seconds a step takes, on one thread and as chosen (0 where that was not timed)."""

    choices: Choices
    alone: float = 0.0
    step: float = 0.0


class Patience:
    """Whether several threads still pay: where others want the processor, waiting for each other can cost tenfold."""

    def __init__(self, chosen: Chosen) -> None:
        self._limit = SLOW * chosen.alone if chosen.choices.threads > 1 else 0.0
        self._since = (0, 0.0)

    def ends(self, steps: int, seconds: float) -> bool:
        """Whether steps have lately taken three times as long as on one thread alone; says so once.

        `seconds` is the time that the run has spent in its steps so far.
        """
        earlier, then = self._since
        if self._limit == 0 or (earlier and seconds - then < SLOW_SECONDS):
            return False
        self._since = (steps, seconds)
        if not earlier or steps == earlier or (seconds - then) / (steps - earlier) < self._limit:
            return False
        self._limit = 0.0
        return True


def batch_of(fields: Mapping[str, torch.Tensor], rows: torch.Tensor, channels_last: bool) -> dict[str, torch.Tensor]:
    """The rows of every field; with channels_last, pictures are kept as (N, H, W, C) and seen as (N, C, H, W)."""
    if not channels_last:
        return {name: values.index_select(0, rows) for name, values in fields.items()}
    return {
        name: values.index_select(0, rows).permute(0, 3, 1, 2) if values.ndim == 4 else values.index_select(0, rows)
        for name, values in fields.items()
    }


def laid_out(fields: Mapping[str, torch.Tensor], channels_last: bool) -> dict[str, torch.Tensor]:
    """The fields as `batch_of` wants them: pictures as (N, H, W, C) for channels_last."""
    if not channels_last:
        return dict(fields)
    return {
        name: values.permute(0, 2, 3, 1).contiguous() if values.ndim == 4 else values for name, values in fields.items()
    }


def has_convolutions(model: nn.Module) -> bool:
    """Whether memory layout can matter."""
    return any(isinstance(module, nn.Conv2d | nn.ConvTranspose2d) for module in model.modules())


def choose(
    model: nn.Module,
    optimizer_of: Callable[[Iterable[nn.Parameter]], torch.optim.Optimizer],
    objective: Objective,
    fields: Mapping[str, torch.Tensor],
    batch_size: int,
    threads: int = 0,
) -> Chosen:
    """The fastest choices for a step of this network; `threads` other than 0 is taken as said."""
    device = next(iter(fields.values())).device
    on_cpu = device.type == "cpu"
    counts = [threads] if threads else _thread_counts() if on_cpu else [torch.get_num_threads()]
    layouts = [False, True] if has_convolutions(model) else [False]
    rows = torch.arange(min(batch_size, len(next(iter(fields.values())))), device=device)
    part = {name: values.index_select(0, rows) for name, values in fields.items()}
    gpus = [device.index or 0] if device.type == "cuda" else []
    if len(counts) * len(layouts) == 1:
        return Chosen(Choices(counts[0]))
    with torch.random.fork_rng(devices=gpus):
        steps = {layout: _step(model, optimizer_of, objective, part, layout) for layout in layouts}
        best, took = _fastest({Choices(count, False): steps[False] for count in counts}, device)
        alone = took.get(Choices(1, False), 0.0)
        if len(layouts) > 1:
            best, took = _fastest({Choices(best.threads, layout): steps[layout] for layout in layouts}, device)
        return Chosen(best, alone, took.get(best, 0.0))


def step_seconds(
    model: nn.Module,
    optimizer_of: Callable[[Iterable[nn.Parameter]], torch.optim.Optimizer],
    objective: Objective,
    batch: Mapping[str, torch.Tensor],
) -> float:
    """Seconds that a training step on one batch takes, on a copy of the network and as many threads as are set.

    A step that takes long is taken once.
    """
    device = next(iter(batch.values())).device
    with torch.random.fork_rng(devices=[device.index or 0] if device.type == "cuda" else []):
        step = _step(model, optimizer_of, objective, batch, False)
        first = _time(step, device, 0.0)
        return first if first > BUDGET else min(first, _time(step, device))


def _thread_counts() -> list[int]:
    """1, 2, 4, ... and all."""
    every = cores()
    return sorted({every, *(1 << power for power in range(every.bit_length()) if 1 << power <= every)})


def _step(
    model: nn.Module,
    optimizer_of: Callable[[Iterable[nn.Parameter]], torch.optim.Optimizer],
    objective: Objective,
    part: Mapping[str, torch.Tensor],
    channels_last: bool,
) -> Callable[[], None]:
    """A training step on a copy of the network."""
    trial = copy.deepcopy(model).train()
    if channels_last:
        trial = trial.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = optimizer_of(trial.parameters())
    fields = laid_out(part, channels_last)
    rows = torch.arange(len(next(iter(part.values()))), device=next(iter(part.values())).device)

    def step() -> None:
        optimizer.zero_grad()
        loss, _ = objective(trial, batch_of(fields, rows, channels_last))
        loss.backward()
        optimizer.step()

    return step


def _fastest(steps: Mapping[Choices, Callable[[], None]], device: torch.device) -> tuple[Choices, dict[Choices, float]]:
    """The choice with the fastest step, and the seconds of each.

    A few rounds in turn, of each the best, so that a busy moment misleads none.
    """
    if len(steps) == 1:
        return next(iter(steps)), {}
    took: dict[Choices, float] = {}
    began = time.perf_counter()
    for number in range(ROUNDS):
        for choice, step in steps.items():
            torch.set_num_threads(choice.threads)
            if number == 0:
                step()  # the first step of all builds what the later ones use
            elif took[choice] > HOPELESS * min(took.values()):
                continue
            took[choice] = min(took.get(choice, float("inf")), _time(step, device))
        if time.perf_counter() - began > BUDGET / 2:
            break
    # Fewer threads and the plain layout come first and stay unless another is clearly faster.
    first = next(iter(took))
    best = min(took, key=lambda choice: took[choice])
    return (best if took[best] < 0.97 * took[first] else first), took


def _time(step: Callable[[], None], device: torch.device, stretch: float = STRETCH) -> float:
    """Seconds a step takes, over at least a few milliseconds."""
    count, began = 0, time.perf_counter()
    while True:
        step()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        count += 1
        elapsed = time.perf_counter() - began
        if elapsed > stretch:
            return elapsed / count
