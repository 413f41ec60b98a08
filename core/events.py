"""What a run says, in the order in which it is sent and stored: plots, run folder and command line all read this.

Arrays travel as raw little-endian bytes.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from core.repairs import Repair


class Started(msgspec.Struct, frozen=True, tag="started"):
    """A run has begun: what was chosen by timing, on what it runs, and the names that the plots need."""

    run: str
    device: str
    threads: int
    channels_last: bool
    epochs: int
    steps_per_epoch: int
    rows: tuple[int, int, int]
    seed: int
    parameters: int
    weights: tuple[str, ...] = ()
    """Names of the watched weights: `conv1.weight`."""
    classes: tuple[str, ...] = ()
    versions: dict[str, str] = {}
    data_hash: str = ""
    time: float = 0.0


class Losses(msgspec.Struct, frozen=True, tag="losses"):
    """The losses of consecutive steps, from step `first` (0 is the first): float32 bytes."""

    first: int
    values: bytes
    seconds: float = 0.0
    samples_per_second: float = 0.0
    done: float = 0.0
    """Share of the run that is done, 0 to 1."""
    seconds_left: float = 0.0


class Epoch(msgspec.Struct, frozen=True, tag="epoch"):
    """The end of an epoch, counted from 1: metrics by name (`train_loss`, `validation_loss`, ...)."""

    epoch: int
    step: int
    seconds: float
    metrics: dict[str, float]
    best: bool = False


class Histogram(msgspec.Struct, frozen=True):
    """Counts (uint32 bytes) in equal bins from `low` to `high` of one weight, with its summary."""

    name: str
    low: float
    high: float
    counts: bytes
    mean: float = 0.0
    spread: float = 0.0
    zeros: float = 0.0
    gradient_norm: float = 0.0


class Histograms(msgspec.Struct, frozen=True, tag="histograms"):
    """Sampled weights at one step."""

    step: int
    seconds: float
    weights: tuple[Histogram, ...]


class Prediction(msgspec.Struct, frozen=True):
    """One validation row: its raw input (float32 bytes in the field's shape), target, and what the network says."""

    row: int
    loss: float
    target: tuple[float, ...]
    output: tuple[float, ...]
    """Probabilities for classes, else numbers in the units of the data."""
    input: bytes = b""


class Predictions(msgspec.Struct, frozen=True, tag="predictions"):
    """The worst validation rows first; `field` and `shape` say how an input is to be shown."""

    step: int
    field: str
    shape: tuple[int, ...]
    rows: tuple[Prediction, ...]
    accuracy: float | None = None
    classes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


class Baseline(msgspec.Struct, frozen=True, tag="baseline"):
    """The simplest model of the field on the same split."""

    name: str
    metric: str
    value: float


class Note(msgspec.Struct, frozen=True, tag="note"):
    """A sentence for the person about this run: what was noticed, with a repair where there is one."""

    severity: Literal["good", "note", "warning", "error"]
    message: str
    node: str = ""
    repair: Repair | None = None


class Paused(msgspec.Struct, frozen=True, tag="paused"):
    """The run stands still (or goes on again)."""

    paused: bool


class Evaluated(msgspec.Struct, frozen=True, tag="evaluated"):
    """Metrics on the test part; each use is recorded. `note` says where the project differs from the run's."""

    metrics: dict[str, float]
    uses: int = 1
    time: float = 0.0
    note: str = ""


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """The end of a run: how, and its summary."""

    run: str
    how: Literal["finished", "stopped", "failed"]
    epochs: int
    steps: int
    seconds: float
    samples_per_second: float
    metrics: dict[str, float] = {}
    message: str = ""


Event = Started | Losses | Epoch | Histograms | Predictions | Baseline | Note | Paused | Evaluated | Ended


EVENT: msgspec.msgpack.Decoder[Event] = msgspec.msgpack.Decoder(Event)  # pyright: ignore[reportArgumentType]
