"""What the curves draw of a run: arrays of steps and values, on a linear or a logarithmic scale."""

from __future__ import annotations

import dataclasses

import numpy as np

from designer.plots.history import History
from designer.plots.series import smoothed

Line = tuple[np.ndarray, np.ndarray]
NOTHING: Line = (np.empty(0), np.empty(0))


@dataclasses.dataclass(frozen=True)
class Drawing:
    """The lines of one metric: `train` is every step, `smooth` its course (of a metric: the value of each epoch).

    `bad` holds the steps at which a value was not a finite number.
    """

    train: Line = NOTHING
    smooth: Line = NOTHING
    validation: Line = NOTHING
    bad: np.ndarray = dataclasses.field(default_factory=lambda: np.empty(0))
    baseline: tuple[str, float] | None = None
    best: tuple[float, float] | None = None
    """Step and value of the best epoch's validation."""

    def bounds(self) -> tuple[float, float] | None:
        """Least and greatest finite value that is drawn, or None where there is none."""
        parts = [line[1] for line in (self.train, self.smooth, self.validation)]
        if self.baseline:
            parts.append(np.array([self.baseline[1]]))
        values = np.concatenate(parts)
        values = values[np.isfinite(values)]
        return (float(values.min()), float(values.max())) if len(values) else None


def drawing(history: History, family: str, window: tuple[float, float] | None = None) -> Drawing:
    """The lines of a metric family; `window` (first and last step in sight) asks for a closer look at a part."""
    epochs = {part: history.metrics.get((part, family)) for part in ("train", "validation")}
    lines = {part: metric.outline() if metric else NOTHING for part, metric in epochs.items()}
    validation = epochs["validation"]
    bad: list[np.ndarray] = [
        metric.steps.values[~np.isfinite(metric.values.values) & metric.values.known]
        for metric in epochs.values()
        if metric
    ]
    smooth = NOTHING
    if family == "loss" and history.losses.count:
        losses = history.losses
        lines["train"] = losses.part(int(window[0]), int(window[1]) + 2) if window else losses.outline()
        smooth = losses.centres(), smoothed(losses.means(), history.smoothing / losses.width)
        bad.append(losses.bad())
    elif epochs["train"]:
        smooth, lines["train"] = lines["train"], NOTHING
    best = None
    if validation and history.best:
        epoch = max(history.best)
        if epoch <= validation.values.count:
            best = float(history.best[epoch]), float(validation.values.values[epoch - 1])
    return Drawing(
        lines["train"], smooth, lines["validation"], np.concatenate(bad) if bad else np.empty(0),
        history.baselines.get(family), best,
    )  # fmt: skip


def can_be_logarithmic(drawn: Drawing) -> bool:
    """Whether every drawn value is above 0."""
    bounds = drawn.bounds()
    return bounds is None or bounds[0] > 0


def on_log_scale(line: Line) -> Line:
    """A line with the power of ten of each value; what is not above 0 becomes a gap."""
    steps, values = line
    with np.errstate(divide="ignore", invalid="ignore"):
        return steps, np.where(values > 0, np.log10(values), np.nan)
