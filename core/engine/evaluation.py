"""Measure a network on a part of the data that it is not trained on."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import torch
from torch import nn

from core.engine.data import Scale
from core.engine.judge import Judge, Tally
from core.engine.trial import Objective

BATCH = 1024
MOST_KEPT = 8_000_000
"""Numbers: outputs are kept for the predictions only up to so many."""


@dataclasses.dataclass(frozen=True)
class Measured:
    """The mean loss over the rows, the metrics of the judge, and the outputs with their targets where kept."""

    loss: float
    metrics: dict[str, float]
    output: torch.Tensor | None = None
    target: torch.Tensor | None = None


def measure(
    model: nn.Module,
    objective: Objective,
    fields: Mapping[str, torch.Tensor],
    judge: Judge | None,
    scales: Mapping[str, Scale],
    channels_last: bool = False,
    batch_size: int = BATCH,
) -> Measured:
    """Loss and metrics in eval mode, without a tape; `fields` are laid out as in training."""
    rows = len(next(iter(fields.values())))
    tally = Tally(judge, scales[judge.field]) if judge else None
    total, kept = 0.0, 0
    outputs: list[torch.Tensor] = []
    targets: list[torch.Tensor] = []
    model.eval()
    with torch.no_grad():  # not inference_mode, in which no gradient could be one of the values
        for first in range(0, rows, batch_size):
            batch = {
                name: values[first : first + batch_size].permute(0, 3, 1, 2)
                if channels_last and values.ndim == 4
                else values[first : first + batch_size]
                for name, values in fields.items()
            }
            loss, returned = objective(model, batch)
            count = min(batch_size, rows - first)
            total += loss.item() * count
            if judge and tally:
                output = returned[judge.output].detach()
                tally.add(output, batch[judge.field])
                kept += output.numel()
                if kept <= MOST_KEPT:
                    outputs.append(output)
                    targets.append(batch[judge.field])
    whole = bool(outputs) and kept <= MOST_KEPT
    return Measured(
        total / rows,
        tally.metrics() if tally else {},
        torch.cat(outputs) if whole else None,
        torch.cat(targets) if whole else None,
    )
