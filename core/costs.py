"""What training costs: the memory of a step in its parts, and the words for an estimate of a run."""

from __future__ import annotations

import msgspec

from core.amounts import memory_text, seconds_text
from core.messages import Checked, Estimated
from core.project import Project, training_of
from core.training import Training

WEIGHT_BYTES = 4
"""Weights, gradients and what an optimizer keeps are float32."""


class Memory(msgspec.Struct, frozen=True):
    """The bytes that a training step takes when the backward pass begins, in their parts."""

    weights: int
    gradients: int
    optimizer: int
    activations: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.gradients + self.optimizer + self.activations


def optimizer_copies(training: Training) -> int:
    """How many numbers an optimizer keeps for each weight: momentum, and means of gradients and of their squares."""
    has_momentum = int(training.momentum > 0)
    return {"SGD": has_momentum, "RMSprop": 1 + has_momentum, "Adam": 2, "AdamW": 2}[training.optimizer]


def training_memory(project: Project, checked: Checked) -> Memory:
    """The memory of a training step at the batch size of the settings; frozen weights have no gradient."""
    training = training_of(project)
    learned = (checked.parameters - checked.frozen) * WEIGHT_BYTES
    return Memory(
        weights=checked.parameters * WEIGHT_BYTES,
        gradients=learned,
        optimizer=learned * optimizer_copies(training),
        activations=checked.activation_bytes * training.batch_size + checked.fixed_bytes,
    )


def kept_by(checked: Checked, node: str, batch_size: int) -> int:
    """The bytes that training keeps of one node's values for its backward pass."""
    sample, fixed = checked.kept.get(node, (0, 0))
    return sample * batch_size + fixed


def estimate_text(estimated: Estimated) -> str:
    """What a run will take, in a few words: `about 9 s, 0.6 GiB`."""
    memory = memory_text(estimated.peak_bytes) + (" on the GPU" if estimated.device == "cuda" else "")
    return f"about {seconds_text(estimated.seconds)}, {memory}" if estimated.seconds > 0 else f"about {memory}"


def memory_warning(estimated: Estimated, training: Training) -> str:
    """One sentence where a run needs more memory than is free, with the way out; "" where it fits."""
    if estimated.free_bytes <= 0 or estimated.peak_bytes <= estimated.free_bytes:
        return ""
    need, free = memory_text(estimated.peak_bytes), memory_text(estimated.free_bytes)
    size = training.batch_size
    smaller = f"lower batch_size (it is {size}; try {max(size // 2, 1)})" if size > 1 else "make the network smaller"
    where = "the GPU" if estimated.device == "cuda" else "this machine"
    return f"A run would take about {need} of memory, but {where} has {free} free: {smaller}, or close other programs."
