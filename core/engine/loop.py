"""The training loop: steps, what is seen of them, validation, and how a run ends."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from typing import Literal

import torch
from torch import nn

from core.engine import device as devices
from core.engine.announce import Announcer, NotFinite
from core.engine.baseline import baseline
from core.engine.blame import blamed, is_of_model
from core.engine.control import Controls
from core.engine.evaluation import BATCH, Measured, measure
from core.engine.fault import Fault
from core.engine.guard import Forbidden
from core.engine.judge import Tally
from core.engine.keep import Keeper
from core.engine.observe import histograms, predictions
from core.engine.plan import Plan
from core.engine.record import Record
from core.engine.trial import Chosen, Patience, batch_of, laid_out
from core.events import Ended, Epoch, Event, Note, Paused, Started
from core.project import reason, split_of, sums

HISTOGRAM_SECONDS = 0.5
PREDICTIONS_SECONDS = 1.0
SHARE = 50
"""What took a second to observe is not observed again within fifty."""
MOST_WAITING = 64
"""Batches whose outputs wait to be counted: counting many at once costs a sixth of counting each."""
LARGEST_WAITING = 1_000_000

ONE_THREAD = (
    "From step {step} on, one processor thread is used instead of several, because other programs want the processor; "
    "set threads in the training settings to decide it yourself."
)

How = Literal["finished", "stopped", "failed"]


class Loop:
    """One run, from its first step to its end."""

    def __init__(
        self, plan: Plan, model: nn.Module, chosen: Chosen, send: Callable[[Event], None], control: Controls
    ) -> None:
        self._plan, self._model, self._control = plan, model, control
        self._parameters = list(model.parameters())
        self._optimizer = plan.optimizer(self._parameters)
        self._channels_last = chosen.choices.channels_last
        self._training, self._validation = self._part("training"), self._part("validation")
        self._rows, self._size = len(plan.loaded.rows["training"]), plan.training.batch_size
        self._used = self._rows - self._rows % self._size or self._rows
        self._record = Record(plan.folder, send)
        self._keeper = Keeper(plan.folder, model, plan.nodes)
        self._steps_an_epoch = max(self._used // self._size, 1)
        steps = plan.training.epochs * self._steps_an_epoch
        self._announcer = Announcer(self._record.tell, steps, plan.device.type == "cpu")
        self._steps = self._epochs = self._samples = 0
        self._outputs: list[torch.Tensor] = []
        self._measured: Measured | None = None
        self._metrics: dict[str, float] = {}
        self._began = self._resumed = time.perf_counter()
        self._stood = self._stepping = 0.0
        self._histograms_due = self._predictions_due = 0.0
        self._patience = Patience(chosen)

    def _part(self, part: str) -> dict[str, torch.Tensor]:
        arrays = self._plan.loaded.parts[part]
        fields = {name: torch.from_numpy(arrays[name]).to(self._plan.device) for name in self._plan.fields}
        return laid_out(fields, self._channels_last)

    def _seconds(self) -> float:
        """How long the run has gone on, pauses left out."""
        return time.perf_counter() - self._began - self._stood

    # ---- from the first step to the end

    def run(self, started: Started) -> Ended:
        """Train until the epochs are over, a person stops, or something fails; what was trained is kept."""
        try:
            self._record.tell(started)
            for epoch in range(self._plan.training.epochs):
                self._epoch(epoch)
                if self._control.stopped:
                    return self._ended("stopped", "")
            return self._ended("finished", "")
        except Exception as error:
            message = self._sentence(error)
        try:
            return self._ended("failed", message)
        except (OSError, RuntimeError, MemoryError):
            self._record.abandon()
            return self._summary("failed", message)

    def _sentence(self, error: Exception) -> str:
        """What went wrong, for the person; a fault that nobody has foreseen leaves its traceback on stderr."""
        where = f"at step {self._steps + 1} (epoch {self._epochs + 1})"
        if isinstance(error, NotFinite):
            word = "NaN (not a number)" if error.value != error.value else "infinite"
            return (
                f"The loss became {word} at step {error.step + 1} (epoch {error.step // self._steps_an_epoch + 1}); "
                f"{self._advice()}. What was trained before is kept."
            )
        if isinstance(error, OSError) and not is_of_model(error, self._plan.folder):
            return (
                f"The run stopped {where}, because its folder {self._plan.folder} cannot be written: {reason(error)}. "
                "What was written before is kept."
            )
        if isinstance(error, Fault) and not isinstance(error, Forbidden):
            return f"The run stopped {where}: {error.message} What was trained before is kept."
        if devices.is_out_of_memory(error):
            return devices.out_of_memory(self._plan.device, self._size) + " What was trained before is kept."
        traceback.print_exc()
        plan = self._plan
        why = blamed(error, plan.project, plan.folder, plan.source.lines, "the step")
        return f"The run stopped {where}, because {why}. What was trained before is kept."

    def _advice(self) -> str:
        """The usual causes of a loss that is no number, the likeliest first."""
        if not self._steps:
            return "look for a division, a logarithm or a root in the network that its first values do not allow"
        if split_of(self._plan.project).normalise == "none":
            return "scale the data (set normalise to standardise) or lower the learning rate"
        lr = self._plan.training.lr
        rate = f"lower the learning rate (it is {lr:g}; try {lr / 10:g})"
        return f"{rate}, or look for a division or logarithm in the network"

    # ---- steps

    def _epoch(self, epoch: int) -> None:
        """Every batch of one epoch, then validation; an epoch that is stopped counts only if nothing was measured."""
        generator = torch.Generator().manual_seed(self._plan.project.seed + epoch)
        order = torch.randperm(self._rows, generator=generator)[: self._used].to(self._plan.device)
        judge = self._plan.judge
        tally = Tally(judge, self._plan.loaded.scales[judge.field]) if judge else None
        self._announcer.total = 0.0
        first, self._resumed = self._steps, time.perf_counter()
        self._model.train()
        for rows in order.split(self._size):
            self._step(rows)
            if len(self._outputs) >= MOST_WAITING or self._is_heavy():
                self._count(tally, order)
            if self._control.paused or self._control.stopped:
                self._stand_still()
                if self._control.stopped:
                    break
        self._count(tally, order)
        self._announcer.gather()
        self._stepping += time.perf_counter() - self._resumed
        steps = self._steps - first
        if steps == self._steps_an_epoch:
            self._epochs += 1
        if steps == self._steps_an_epoch or not self._keeper.has_best:
            self._after_epoch(epoch + 1, self._announcer.total / steps, tally)

    def _step(self, rows: torch.Tensor) -> None:
        """One step of the optimizer: the hot path."""
        for parameter in self._parameters:
            parameter.grad = None
        loss, outputs = self._plan.objective(self._model, batch_of(self._training, rows, self._channels_last))
        self._announcer.take(loss)
        loss.backward()
        self._optimizer.step()
        self._steps += 1
        self._samples += len(rows)
        if self._plan.judge:
            self._outputs.append(outputs[self._plan.judge.output].detach())
        now = time.perf_counter()
        if now >= self._announcer.due:
            if now >= self._histograms_due:
                self._histograms_due = self._observed(now)
            self._announcer.speak(self._seconds(), self._samples)
            if self._patience.ends(self._steps, self._stepping + now - self._resumed):
                torch.set_num_threads(1)
                self._announcer.add(Note("note", ONE_THREAD.format(step=self._steps + 1)))

    def _observed(self, now: float) -> float:
        """Add histograms of the weights to the next message; the time from which they are due again."""
        watch = self._plan.nodes.get(self._control.watch, self._control.watch)
        self._announcer.add(histograms(self._model, self._steps, self._seconds(), watch))
        took = time.perf_counter() - now
        return now + max(HISTOGRAM_SECONDS, SHARE * took)

    def _is_heavy(self) -> bool:
        return bool(self._outputs) and len(self._outputs) * self._outputs[0].numel() > LARGEST_WAITING

    def _count(self, tally: Tally | None, order: torch.Tensor) -> None:
        """Count the outputs that wait, against their targets."""
        if tally and self._plan.judge and self._outputs:
            field = self._plan.judge.field
            output = torch.cat(self._outputs)
            if len(output) == sum(len(each) for each in self._outputs):
                rows = order[tally.rows : tally.rows + len(output)]
                target = batch_of({field: self._training[field]}, rows, self._channels_last)[field]
                tally.add(output, target)
        self._outputs.clear()

    def _stand_still(self) -> None:
        """Wait while paused, having said all there is to say."""
        if not self._control.paused:
            return
        since = time.perf_counter()
        self._stepping += since - self._resumed
        self._announcer.speak(self._seconds(), self._samples)
        self._record.tell(Paused(True))
        self._record.flush()
        self._control.wait()
        self._resumed = time.perf_counter()
        self._stood += self._resumed - since
        self._announcer.start_again(self._samples)
        self._record.tell(Paused(False))

    # ---- after an epoch

    def _after_epoch(self, epoch: int, train_loss: float, tally: Tally | None) -> None:
        metrics = {"train_loss": train_loss}
        if self._plan.loaded.report.validation:
            size = min(self._size, BATCH) if sums(self._plan.project) else BATCH
            scales = self._plan.loaded.scales
            arguments = (self._model, self._plan.objective, self._validation, self._plan.judge, scales)
            self._measured = measure(*arguments, self._channels_last, size)
            metrics["validation_loss"] = self._measured.loss
            metrics |= {f"validation_{name}": value for name, value in self._measured.metrics.items()}
        if tally:
            metrics |= {f"train_{name}": value for name, value in tally.metrics().items()}
        is_best = self._keeper.look(metrics.get("validation_loss", train_loss), epoch, self._steps)
        if is_best:
            self._metrics = {**metrics, "best_epoch": float(epoch)}
        self._announcer.add(Epoch(epoch, self._steps, self._seconds(), metrics, is_best))
        now = time.perf_counter()
        if now >= self._predictions_due:
            self._predict()
            self._predictions_due = now + max(PREDICTIONS_SECONDS, SHARE * (time.perf_counter() - now))
        if now >= self._announcer.due:
            self._announcer.speak(self._seconds(), self._samples)
        self._keeper.write_when_due(epoch, self._steps)

    def _predict(self) -> None:
        """Add the worst validation rows to the next message."""
        found, judge = self._measured, self._plan.judge
        if judge is None or found is None or found.output is None or found.target is None or not self._plan.inputs:
            return
        accuracy = found.metrics.get("accuracy")
        told = predictions(
            judge, self._plan.loaded, found.output, found.target, self._steps, self._plan.inputs[0], accuracy
        )
        if told:
            self._announcer.add(told)

    # ---- the end

    def _ended(self, how: How, message: str) -> Ended:
        """Say and write what belongs to the end; raises OSError where the folder cannot be written."""
        if how != "failed":
            self._predict()
            self._announcer.gather()
        seconds = self._seconds()
        if self._steps:
            self._announcer.add(histograms(self._model, self._steps, seconds))
        self._announcer.speak(seconds, self._samples)
        self._keeper.write_best()
        if how == "failed":
            self._record.tell(Note("error", message))
        else:
            self._keeper.write_last(self._epochs, self._steps)
        if how == "finished" and self._plan.judge:
            told = baseline(self._plan.loaded, self._plan.judge, self._plan.inputs)
            if told:
                self._record.tell(told)
        ended = self._summary(how, message, seconds)
        self._record.keep(ended)
        self._record.close(f"{self._plan.loaded.title}: losses")
        return ended

    def _summary(self, how: How, message: str, seconds: float | None = None) -> Ended:
        return Ended(
            run=str(self._plan.folder),
            how=how,
            epochs=self._epochs,
            steps=self._steps,
            seconds=self._seconds() if seconds is None else seconds,
            samples_per_second=self._samples / self._stepping if self._stepping > 0 else 0.0,
            metrics=self._metrics,
            message=message,
        )
