"""How a project is trained: one declaration of typed, bounded, documented settings."""

from __future__ import annotations

import dataclasses

from core.parameters import parameter


@dataclasses.dataclass(frozen=True, kw_only=True)
class Training:
    """What a person sets before clicking Train."""

    epochs: int = parameter(10, "How many times the training part is gone through.", low=1, high=1_000_000)
    batch_size: int = parameter(64, "How many samples make one step.", low=1, high=1_000_000)
    optimizer: str = parameter(
        "Adam", "The rule that turns gradients into steps.", choices=("SGD", "Adam", "AdamW", "RMSprop")
    )
    lr: float = parameter(1e-3, "The learning rate: how far each step goes.", low=0, open_low=True, high=1000)
    momentum: float = parameter(0.0, "How much of the last step is kept (SGD and RMSprop).", low=0, high=1, rare=True)
    weight_decay: float = parameter(
        0.0, "How strongly weights are pulled to zero in each step.", low=0, high=100, rare=True
    )
    device: str = parameter(
        "auto",
        "Where the training runs; auto takes a GPU where there is one.",
        choices=("auto", "cpu", "cuda", "mps"),
    )
    threads: int = parameter(0, "How many CPU threads to use; 0 chooses by a short trial.", low=0, high=1024, rare=True)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Split:
    """How the rows of a data set are parted and scaled; validation and test are kept apart from training."""

    validation: float = parameter(
        0.2, "Share of the rows that measures each epoch and is never trained on.", low=0, high=0.9
    )
    test: float = parameter(
        0.1, "Share of the rows that is kept for one honest measurement at the end.", low=0, high=0.9
    )
    seed: int = parameter(0, "Where the shuffling before the split begins.", low=0, high=2**63 - 1)
    stratify: bool = parameter(True, "Whether every part gets the same share of each class.")
    normalise: str = parameter(
        "standardise",
        "How numbers are scaled, by the training part alone: to mean 0 and spread 1, to 0..1, or not at all.",
        choices=("standardise", "range", "none"),
    )
