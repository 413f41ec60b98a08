"""What can be seen of a network while it trains: sampled histograms of weights, and its worst validation rows.

The whole costs at most about one percent of a run (facts/training.md, section 2): samples of at most 4,096 strided
values a tensor, gated by time and not by step.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from core.engine.data import Loaded
from core.engine.judge import Judge
from core.events import Histogram, Histograms, Prediction, Predictions

SAMPLE = 4096
BINS = 64
WORST = 32
LONGEST_OUTPUT = 64


def weights_of(model: nn.Module, watch: str = "") -> list[tuple[str, nn.Parameter]]:
    """The parameters of the watched node, or of every node where it has none."""
    everything = list(model.named_parameters())
    watched = [(name, each) for name, each in everything if name == watch or name.startswith(watch + ".")]
    return watched or everything


def histograms(model: nn.Module, step: int, seconds: float, watch: str = "") -> Histograms:
    """Histograms of the weights as they are, with the norms of their last gradients."""
    watched = [(name, each) for name, each in weights_of(model, watch) if each.numel()]
    samples = [_sample(each.detach()) for _, each in watched]
    norms = _norms([each.grad for _, each in watched])
    if samples and samples[0].device.type != "cpu":
        samples = list(torch.cat(samples).cpu().split([len(sample) for sample in samples]))  # one transfer for all
    made = (
        _histogram(name, sample.float().numpy(), norm)
        for (name, _), sample, norm in zip(watched, samples, norms, strict=True)
    )
    return Histograms(step, seconds, tuple(made))


def _sample(tensor: torch.Tensor) -> torch.Tensor:
    """At most 4,096 values at even distances, read in the order of memory, which needs no copy in any layout."""
    count = tensor.numel()
    flat = tensor.as_strided((count,), (1,)) if _is_dense(tensor) else tensor.reshape(-1)
    return flat[:: -(-count // SAMPLE)]


def _is_dense(tensor: torch.Tensor) -> bool:
    """Whether the values lie in memory without gaps, in any order of the axes."""
    expected = 1
    for stride, size in sorted((s, n) for s, n in zip(tensor.stride(), tensor.shape, strict=True) if n > 1):
        if stride != expected:
            return False
        expected *= size
    return True


def _norms(gradients: list[torch.Tensor | None]) -> list[float]:
    there = [torch.linalg.vector_norm(each) for each in gradients if each is not None]
    found = iter(torch.stack(there).tolist() if there else [])
    return [0.0 if each is None else next(found) for each in gradients]


def _histogram(name: str, sample: np.ndarray[Any, Any], norm: float) -> Histogram:
    low, high = float(sample.min()), float(sample.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        return Histogram(name, 0.0, 0.0, np.zeros(BINS, np.uint32).tobytes(), gradient_norm=norm)
    scale = BINS / (high - low) if high > low else 0.0
    bins = np.minimum((sample - low) * scale, BINS - 1).astype(np.intp)
    counts = np.bincount(bins, minlength=BINS).astype(np.uint32)
    zeros = float(np.count_nonzero(sample == 0)) / len(sample)
    return Histogram(name, low, high, counts.tobytes(), float(sample.mean()), float(sample.std()), zeros, norm)


def predictions(
    judge: Judge,
    loaded: Loaded,
    output: torch.Tensor,
    target: torch.Tensor,
    step: int,
    field: str,
    accuracy: float | None,
) -> Predictions | None:
    """The validation rows that the network does worst on, worst first; None where rows cannot be told apart."""
    if len(output) != len(target) or (judge.task != "numbers" and output.ndim > 2):
        return None
    losses = judge.row_losses(output, target)
    worst = losses.topk(min(WORST, len(losses))).indices
    said = judge.probabilities(output[worst]).double().cpu().numpy()
    right = target[worst].double().cpu().numpy().reshape(len(worst), -1)
    scale = loaded.scales[judge.field]
    if judge.task == "numbers":
        if scale.kind == "numbers":
            said, right = (
                scale.undo(said.reshape(len(said), *scale.shape)),
                scale.undo(right.reshape(len(right), *scale.shape)),
            )
        said, right = said.reshape(len(said), -1), right.reshape(len(right), -1)
    numbers = loaded.rows["validation"][worst.cpu().numpy()]
    rows = tuple(
        Prediction(
            row=int(number),
            loss=float(losses[place]),
            target=tuple(right[index, :LONGEST_OUTPUT].tolist()),
            output=tuple(said[index, :LONGEST_OUTPUT].tolist()),
            input=loaded.raw[field][number].astype("<f4").tobytes(),
        )
        for index, (place, number) in enumerate(zip(worst.tolist(), numbers, strict=True))
    )
    shown = loaded.scales[field]
    return Predictions(step, field, shown.shape, rows, accuracy, judge.classes, shown.columns)
