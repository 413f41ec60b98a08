"""Events of a run, made from real numbers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from core.client import Waiting
from core.events import Baseline, Ended, Epoch, Event, Losses, Started
from core.graph import Graph, Link, Node
from core.messages import Train
from core.project import Data, Project
from designer.document import Document
from designer.engines import Engines
from designer.theme import DARK, LIGHT

STEPS_PER_EPOCH = 20
EPOCHS = 5


def started(run: str = "run 1", epochs: int = EPOCHS, steps: int = STEPS_PER_EPOCH) -> Started:
    return Started(
        run=run, device="cpu", threads=2, channels_last=False, epochs=epochs, steps_per_epoch=steps,
        rows=(1257, 360, 180), seed=0, parameters=74762, weights=("conv1.weight", "conv1.bias", "fc.weight"),
        classes=tuple("0123456789"),
    )  # fmt: skip


@pytest.fixture
def losses() -> np.ndarray:
    """A falling loss with noise for every step of the run."""
    rng = np.random.default_rng(7)
    steps = np.arange(EPOCHS * STEPS_PER_EPOCH)
    return (np.exp(-steps / 30) * np.exp(rng.normal(0, 0.1, len(steps))) + 0.02).astype(np.float32)


@pytest.fixture
def run(losses: np.ndarray) -> list[Event]:
    """A whole run in the order in which an engine sends it."""
    events: list[Event] = [started(), Baseline("logistic regression", "validation_accuracy", 0.969)]
    for epoch in range(1, EPOCHS + 1):
        first, last = (epoch - 1) * STEPS_PER_EPOCH, epoch * STEPS_PER_EPOCH
        for place in range(first, last, 7):
            part = losses[place : min(place + 7, last)]
            events.append(Losses(place, part.astype("<f4").tobytes(), epoch, 8200.0, last / len(losses), 4.0))
        metrics = {
            "train_loss": float(losses[first:last].mean()),
            "validation_loss": 0.9 / epoch + 0.01,
            "train_accuracy": 1 - 0.4 / epoch,
            "validation_accuracy": 1 - 0.5 / epoch,
        }
        events.append(Epoch(epoch, last, epoch * 1.0, metrics, best=epoch in (1, 4)))
    events.append(Ended("run 1", "finished", EPOCHS, len(losses), 5.0, 8000.0))
    return events


@pytest.fixture(params=[DARK, LIGHT], ids=["dark", "light"])
def theme(request: pytest.FixtureRequest):
    """Each theme in turn."""
    return request.param


@pytest.fixture
def shot(qapp):
    """A function that paints a widget into a picture, as the screen would show it."""

    def paint(widget: QWidget) -> QImage:
        qapp.processEvents()
        picture = QImage(max(1, widget.width()), max(1, widget.height()), QImage.Format.Format_RGB32)
        picture.fill(0xFF00FF)
        widget.render(picture)
        return picture

    return paint


def digits_project(epochs: int = 3) -> Project:
    """A small network on the real digits."""
    nodes = {
        "image": Node("Input", {"field": "image"}),
        "label": Node("Target", {"field": "label"}),
        "flatten1": Node("Flatten"),
        "linear1": Node("Linear", {"out_features": 32}),
        "relu1": Node("ReLU"),
        "linear2": Node("Linear", {"out_features": 10}),
        "loss1": Node("CrossEntropyLoss"),
    }
    chain = ("image", "flatten1", "linear1", "relu1", "linear2", "loss1")
    links = [Link(one, "output", other, "input") for one, other in itertools.pairwise(chain)]
    links.append(Link("label", "output", "loss1", "target"))
    return Project(Graph(nodes, tuple(links)), Data("Digits"), {"epochs": epochs, "lr": 0.01})


@pytest.fixture(scope="session")
def project() -> Project:
    """A small network on the real digits."""
    return digits_project()


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, project: Project) -> Path:
    """A folder of a real run of that network."""
    folder = tmp_path_factory.mktemp("runs") / "trained"
    with Waiting() as engine:
        ended = engine.ask(Train(project, str(folder)))
    assert isinstance(ended, Ended)
    assert ended.how == "finished"
    return folder


@pytest.fixture(scope="module")
def engines(qapp_args: list[str]) -> Iterator[Engines]:
    """The real engines of one document; starting them takes seconds, so that the tests of a module share them."""
    application = QApplication.instance() or QApplication(qapp_args)
    assert application
    document = Document()
    made = Engines(document)
    made._editor._starting.join()  # its threads and process belong to the module, not to its first test
    yield made
    made.close()


@pytest.fixture
def document(qtbot, engines: Engines, project: Project) -> Document:
    """The document of the engines, newly begun with the network on the digits and checked."""
    made = engines._document
    made.new(project)

    def is_checked() -> bool:
        return made.report is not None and not made.report.partial and made.report.revision == made.revision

    qtbot.waitUntil(is_checked, timeout=60_000)
    return made
