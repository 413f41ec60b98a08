"""Training in the application, observed as it always is, against the best loop written by hand.

Both run in one process in turns, a round of one after a round of the other, with the threads and the layout that the
application has chosen; what is compared is the time spent in steps, and the figure is the median of the rounds' ratios.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("GOMP_SPINCOUNT", "20000")

import torch
import training_networks as networks
from table import Row
from torch import nn

from core.engine.control import Controls
from core.engine.data import load
from core.engine.fit import fit, warm
from core.engine.trial import Choices
from core.events import Started
from core.frames import frame, write_all
from core.messages import Said, Train
from core.project import Project

ROUNDS = {"MLP 784-128-10": 41, "CNN 28x28": 21, "ResNet-18 32x32": 11}
"""More where a round is short: on shared cores single rounds of the MLP scatter by a tenth."""
EXTRA_ROUNDS = 3
Hand = Callable[[nn.Module, torch.Tensor, torch.Tensor, int], float]


def measure() -> list[Row]:
    """Ratios for three networks, the peers beside them, start to the first step, and memory."""
    warm()
    with tempfile.TemporaryDirectory(prefix="layerloom-bench-") as name:
        folder = Path(name)
        rows: list[Row] = []
        for title, project, model in (
            ("MLP 784-128-10", networks.mlp_project(folder), networks.mlp),
            ("CNN 28x28", networks.cnn_project(folder), networks.cnn),
            ("ResNet-18 32x32", networks.resnet_project(folder), networks.resnet),
        ):
            rows += _network(title, project, model, folder)
        return rows + _starts(folder) + _memory()


def _network(title: str, project: Project, model_of: Callable[[], nn.Module], folder: Path) -> list[Row]:
    heard: list[Any] = []
    fit(Train(project, str(folder / "choose")), heard.append, Controls())
    started = next(event for event in heard if isinstance(event, Started))
    choices = Choices(started.threads, started.channels_last)
    size = project.training["batch_size"]
    ours: list[float] = []
    ratios: list[float] = []
    for index in range(ROUNDS[title]):
        turns = [lambda: _ours(project, folder, choices), lambda: _hand(project, model_of, choices, best_loop)]
        speeds = [turn() for turn in (turns if index % 2 else turns[::-1])]
        app, hand = speeds if index % 2 else speeds[::-1]
        ours.append(app)
        ratios.append(app / hand)
    threads = f"{choices.threads} thread" + "s" * (choices.threads > 1)
    how = f"{threads}{', channels_last' * choices.channels_last}, batch {size}"
    rows = [
        Row("training", f"{title}: app to best hand-written loop", statistics.median(ratios), "ratio", ">= 0.98", how),
        Row("training", f"{title}: app", statistics.median(ours), "samples/s"),
    ]
    for peer, loop in {"textbook DataLoader loop": textbook, **_peers()}.items():
        turns_of = [
            _hand(project, model_of, choices, loop) / _hand(project, model_of, choices, best_loop)
            for _ in range(EXTRA_ROUNDS)
        ]
        rows.append(Row("training", f"{title}: {peer}", statistics.median(turns_of), "ratio"))
    return rows


def _ours(project: Project, folder: Path, choices: Choices) -> float:
    """Samples a second of a whole run of the application, its events framed and written as to a window."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        ended = fit(
            Train(project, str(folder / "run")),
            lambda event: write_all(nowhere, frame(Said(1, event))),
            Controls(),
            choices,
        )
    finally:
        os.close(nowhere)
    return ended.samples_per_second


# ---- loops by hand


def _hand(project: Project, model_of: Callable[[], nn.Module], choices: Choices, loop: Hand) -> float:
    """Samples a second of one epoch on the same rows, threads and layout."""
    part = load(project.data).parts["training"]
    image, label = torch.from_numpy(part["image"]), torch.from_numpy(part["label"])
    torch.set_num_threads(choices.threads)
    torch.manual_seed(0)
    model = model_of()
    if choices.channels_last and loop is best_loop:
        model = model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        image = image.permute(0, 2, 3, 1).contiguous()
    size = project.training["batch_size"]
    used = len(label) - len(label) % size
    return used / loop(model, image, label, size)


def best_loop(model: nn.Module, image: torch.Tensor, label: torch.Tensor, size: int) -> float:
    """In memory, `index_select`, fused Adam, nothing observed."""
    parameters = list(model.parameters())
    optimizer = torch.optim.Adam(parameters, fused=True)
    turned = image.ndim == 4 and parameters[0].is_contiguous(memory_format=torch.channels_last)
    turned = turned and image.shape[-1] in (1, 3) and image.shape[1] not in (1, 3)
    model.train()
    began = time.perf_counter()
    order = torch.randperm(len(label))[: len(label) - len(label) % size]
    for rows in order.split(size):
        x = image.index_select(0, rows)
        loss = nn.functional.cross_entropy(model(x.permute(0, 3, 1, 2) if turned else x), label.index_select(0, rows))
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        optimizer.step()
    return time.perf_counter() - began


def textbook(model: nn.Module, image: torch.Tensor, label: torch.Tensor, size: int) -> float:
    """DataLoader over a TensorDataset and plain Adam, as tutorials write it."""
    from torch.utils.data import DataLoader, TensorDataset

    loader = DataLoader(TensorDataset(image, label), size, shuffle=True, drop_last=True)
    optimizer, criterion = torch.optim.Adam(model.parameters()), nn.CrossEntropyLoss()
    model.train()
    began = time.perf_counter()
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        loss.item()
    return time.perf_counter() - began


def _peers() -> dict[str, Hand]:
    """What is installed beside us."""
    found: dict[str, Hand] = {}
    if importlib.util.find_spec("lightning"):
        found["Lightning"] = lightning_loop
    if importlib.util.find_spec("keras"):
        os.environ.setdefault("KERAS_BACKEND", "torch")
        found["Keras on torch"] = keras_loop
    return found


def lightning_loop(model: nn.Module, image: torch.Tensor, label: torch.Tensor, size: int) -> float:
    """Lightning's Trainer with a logged loss and nothing else switched on; its steps alone are timed."""
    import logging
    import warnings

    import lightning as pl  # pyright: ignore[reportMissingImports]
    from torch.utils.data import DataLoader, TensorDataset

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    marks: list[float] = []

    class Module(pl.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def training_step(self, batch: Any, index: int) -> torch.Tensor:
            loss = nn.functional.cross_entropy(self.model(batch[0]), batch[1])
            self.log("loss", loss)
            return loss

        def on_train_start(self) -> None:
            marks.append(time.perf_counter())

        def on_train_end(self) -> None:
            marks.append(time.perf_counter())

        def configure_optimizers(self) -> Any:
            return torch.optim.Adam(self.parameters())

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer = pl.Trainer(
            max_epochs=1, accelerator="cpu", logger=False, enable_checkpointing=False,
            enable_progress_bar=False, enable_model_summary=False,
        )  # fmt: skip
        trainer.fit(Module(), DataLoader(TensorDataset(image, label), size, shuffle=True, drop_last=True))
    return marks[1] - marks[0]


def keras_loop(model: nn.Module, image: torch.Tensor, label: torch.Tensor, size: int) -> float:
    """Keras' `fit` on torch, the network wrapped as a layer."""
    import keras  # pyright: ignore[reportMissingImports]

    class Wrapped(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.wrapped = keras.layers.TorchModuleWrapper(model)

        def call(self, x: Any) -> Any:
            return self.wrapped(x)

    made = Wrapped()
    made.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    used = len(label) - len(label) % size
    x, y = image[:used].numpy(), label[:used].numpy()
    began = time.perf_counter()
    made.fit(x, y, batch_size=size, epochs=1, verbose=0)
    return time.perf_counter() - began


# ---- from Train to the first step, and memory


START = """
import sys, time
began = time.perf_counter()
from pathlib import Path
from core.engine.control import Controls
from core.engine.fit import fit, warm
from core.engine.data import load
from core.engine.check import check
from core.examples import example_project
from core.events import Losses
from core.messages import Train
import msgspec
project = msgspec.structs.replace(example_project("digits"), training={"epochs": 1})
if sys.argv[2] == "warm":
    warm(); load(project.data); check(project, 0)
    began = time.perf_counter()
first = []
def hear(event):
    if isinstance(event, Losses):
        first.append(time.perf_counter())
fit(Train(project, sys.argv[1]), hear, Controls())
print(first[0] - began)
"""


def _child(*arguments: str) -> str:
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": root}
    )
    return done.stdout.splitlines()[-1]


def _starts(folder: Path) -> list[Row]:
    cold, warmed = (
        statistics.median(float(_child("-c", START, str(folder / kind), kind)) for _ in range(3))
        for kind in ("cold", "warm")
    )
    return [
        Row("training", "start to first step, cold process", cold, "s", "<= 4", "imports, check, source, data, trial"),
        Row(
            "training",
            "start to first step, warm process",
            warmed * 1000,
            "ms",
            "",
            "check, source and trial; data in memory",
        ),
    ]


MEMORY = """
import psutil, sys, tempfile
from core.engine.control import Controls
from core.engine.fit import fit, warm
from core.examples import example_project
from core.messages import Train
import msgspec
warm()
project = msgspec.structs.replace(example_project("digits"), training={"epochs": 2})
most = 0
def hear(event):
    global most
    most = max(most, psutil.Process().memory_info().rss)
with tempfile.TemporaryDirectory() as folder:
    fit(Train(project, folder), hear, Controls())
print(most / 1e6)
"""


def _memory() -> list[Row]:
    return [
        Row("training", "memory of the engine while training the digits", float(_child("-c", MEMORY)), "MB", "<= 800")
    ]
