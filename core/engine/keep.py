"""Which weights of a run are kept: the best by validation loss, and the last."""

from __future__ import annotations

import math
import time
from pathlib import Path

import torch
from torch import nn

from core.engine import weights

BEST_SECONDS = 2.0
LAST_SECONDS = 30.0
SHARE = 50
"""A write that took a second is not repeated within fifty: keeping weights costs at most two percent of a run."""


class Keeper:
    """Copies of the best weights in memory, written as often as it costs next to nothing; may raise OSError."""

    def __init__(self, folder: Path, model: nn.Module, nodes: dict[str, str]) -> None:
        self.lowest = math.inf
        self._folder, self._model, self._nodes = folder, model, nodes
        self._best: dict[str, torch.Tensor] = {}
        self._place = (0, 0)
        self._is_new = False
        self._best_due = 0.0
        self._last_due = time.perf_counter() + LAST_SECONDS

    @property
    def has_best(self) -> bool:
        """Whether any epoch has been measured."""
        return bool(self._best)

    def look(self, loss: float, epoch: int, step: int) -> bool:
        """Keep the weights as they are now if this loss is the lowest so far (of equal ones the first)."""
        if not loss < self.lowest and self._best:
            return False
        self.lowest = loss if math.isfinite(loss) else math.inf
        state = self._model.state_dict()
        if self._best:
            for name, tensor in state.items():
                self._best[name].copy_(tensor)
        else:
            self._best = {name: tensor.detach().clone() for name, tensor in state.items()}
        self._place, self._is_new = (epoch, step), True
        return True

    def write_when_due(self, epoch: int, step: int) -> None:
        """Write what is new and due, so that a kill costs little."""
        now = time.perf_counter()
        if self._is_new and now >= self._best_due:
            self.write_best()
            self._best_due = time.perf_counter() + max(BEST_SECONDS, SHARE * (time.perf_counter() - now))
        if now >= self._last_due:
            self.write_last(epoch, step)
            self._last_due = time.perf_counter() + max(LAST_SECONDS, SHARE * (time.perf_counter() - now))

    def write_best(self) -> None:
        """Write the best weights, where they are not yet written."""
        if self._is_new:
            weights.save(self._folder / "best.safetensors", self._best, self._nodes, *self._place)
            self._is_new = False

    def write_last(self, epoch: int, step: int) -> None:
        """Write the weights as they are now."""
        weights.save(self._folder / "last.safetensors", self._model.state_dict(), self._nodes, epoch, step)
