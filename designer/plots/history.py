"""What a run said of its losses and metrics, gathered from its events in whatever order they come."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from core.events import Baseline, Ended, Epoch, Event, Losses, Started
from designer.plots.series import Series
from designer.words import tr

PARTS = ("train", "validation")
TITLES = {
    "loss": tr("Loss"),
    "accuracy": tr("Accuracy"),
    "mae": "MAE",
    "r2": "R²",
    "rmse": "RMSE",
    "mse": "MSE",
    "f1": "F1",
}
SHARES = ("accuracy", "f1")
"""Metrics that are shown as percentages."""


def family_of(metric: str) -> tuple[str, str]:
    """A metric's name as (part, family): `validation_accuracy` is ("validation", "accuracy")."""
    part, _, family = metric.partition("_")
    return (part, family) if part in PARTS and family else ("", metric)


def title_of(family: str) -> str:
    """A metric's name for people."""
    return TITLES.get(family, family.replace("_", " ").capitalize())


class Metric:
    """One metric at the end of each epoch, for one part of the data."""

    def __init__(self) -> None:
        self.values = Series()
        self.steps = Series()

    def put(self, epoch: int, step: int, value: float) -> None:
        """Take in the value at the end of an epoch, counted from 1."""
        self.values.put(epoch - 1, np.array([value], np.float32))
        self.steps.put(epoch - 1, np.array([step], np.float32))

    def outline(self) -> tuple[np.ndarray, np.ndarray]:
        """Steps and values to draw; epochs of which nothing is known are left out."""
        values = self.values.outline()[1]
        steps = self.steps.outline()[1]
        return steps.astype(np.float64), values

    def at(self, step: float) -> tuple[int, float] | None:
        """The last epoch that ended at or before a step, with its value; None before the first."""
        steps = self.steps.values
        known = np.flatnonzero(steps <= step)
        if not len(known):
            return None
        index = int(known[-1])
        return index + 1, float(self.values.values[index])


class History:
    """Losses of every step, metrics of every epoch, baselines, and how long the run was planned to be."""

    def __init__(self) -> None:
        self.run = ""
        self.losses = Series()
        self.metrics: dict[tuple[str, str], Metric] = {}
        self.best: dict[int, int] = {}
        """Epochs that were the best so far, with their steps."""
        self.baselines: dict[str, tuple[str, float]] = {}
        """Name and value by metric family."""
        self.epochs = 0
        self.steps_per_epoch = 0
        self.ended_at = -1

    def receive(self, event: Event) -> bool:
        """Take in an event; whether it changes what the curves show."""
        match event:
            case Started():
                if self.run and event.run != self.run:
                    self.__init__()
                self.run = event.run
                self.epochs, self.steps_per_epoch = event.epochs, event.steps_per_epoch
            case Losses():
                self.losses.put(event.first, np.frombuffer(event.values, "<f4", len(event.values) // 4))
            case Epoch():
                self._epoch(event)
            case Baseline():
                self.baselines[family_of(event.metric)[1]] = (event.name, event.value)
            case Ended():
                self.ended_at = event.steps
            case _:
                return False
        return True

    def _epoch(self, event: Epoch) -> None:
        if event.epoch < 1:
            return
        for name, value in event.metrics.items():
            part, family = family_of(name)
            if part:
                self.metrics.setdefault((part, family), Metric()).put(event.epoch, event.step, value)
        if event.best:
            self.best[event.epoch] = event.step
        if not self.steps_per_epoch and event.step > 0:
            self.steps_per_epoch = max(1, round(event.step / event.epoch))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw yet."""
        return not self.losses.count and not self.metrics

    @property
    def families(self) -> tuple[str, ...]:
        """The metrics that there are, the loss first, then in a settled order."""
        found = {family for _, family in self.metrics} - {"loss"}
        order = [*TITLES]
        rest = sorted(found, key=lambda family: (order.index(family) if family in order else len(order), family))
        return ("loss", *rest)

    @property
    def steps(self) -> int:
        """The steps that the horizontal axis spans: planned ones, or those that there are where more is not known."""
        bounds = (metric.steps.bounds() for metric in self.metrics.values())
        seen = max([self.losses.count, *(int(each[1]) for each in bounds if each)])
        if self.ended_at > 0:
            return max(seen, self.ended_at)
        return max(seen, self.epochs * self.steps_per_epoch)

    @property
    def smoothing(self) -> float:
        """Over how many steps the drawn training loss is smoothed: a hundredth of the run, at least 4."""
        return max(4.0, self.steps / 100)

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Every number as (step, epoch, part and metric, value), for a table."""
        for step in np.flatnonzero(self.losses.known).tolist():
            yield step, "", "train_loss_of_step", float(self.losses.values[step])
        for (part, family), metric in sorted(self.metrics.items()):
            for index, (step, value) in enumerate(zip(metric.steps.values, metric.values.values, strict=True)):
                if math.isfinite(step):
                    yield int(step), index + 1, f"{part}_{family}", float(value)
