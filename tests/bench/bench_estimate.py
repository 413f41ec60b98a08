"""What a run was estimated to take, against what it then took: seconds and peak memory.

The median of three rounds, in each of which one fresh engine estimates and another one trains.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

import msgspec
import numpy as np
import psutil
from table import Row
from training_networks import Drawing, data_file, mlp_project

from core.client import Waiting
from core.events import Ended
from core.examples import example_project
from core.messages import Estimated, Train, Warm
from core.project import Data, Project

ROUNDS = 3
GOAL = "<= 25"


def with_epochs(project: Project, epochs: int) -> Project:
    return msgspec.structs.replace(project, training={**project.training, "epochs": epochs})


def lstm_project(folder: Path) -> Project:
    """Sequences of 32 steps of 16 numbers into an LSTM and a linear layer."""
    drawing = Drawing()
    flat = drawing.add("flat", "Flatten", drawing.add("lstm", "LSTM", "image", hidden_size=64, batch_first=True))
    end = drawing.add("linear", "Linear", flat, out_features=10)
    return drawing.project(end, data_file(folder, "lstm", 4000, (32, 16)), 64)


def resnet_project(folder: Path) -> Project:
    """Three residual blocks on pictures of 24 × 24."""
    drawing = Drawing()
    x = drawing.add("stem", "Conv2d", "image", out_channels=24, kernel_size=3, padding=1)
    for number in range(3):
        y = drawing.add(f"conv{number}a", "Conv2d", x, out_channels=24, kernel_size=3, padding=1)
        y = drawing.add(f"relu{number}a", "ReLU", drawing.add(f"norm{number}a", "BatchNorm2d", y))
        y = drawing.add(f"conv{number}b", "Conv2d", y, out_channels=24, kernel_size=3, padding=1)
        y = drawing.add(f"norm{number}b", "BatchNorm2d", y)
        x = drawing.add(f"relu{number}b", "ReLU", drawing.add(f"add{number}", "Add", y, x))
    x = drawing.add("flatten", "Flatten", drawing.add("pool", "AdaptiveAvgPool2d", x, output_size=1))
    return drawing.project(
        drawing.add("linear", "Linear", x, out_features=10), data_file(folder, "resnet", 1500, (3, 24, 24)), 64
    )


def large_project(folder: Path) -> Project:
    """A step that takes several times what the process takes anyway: the memory of activations."""
    random = np.random.default_rng(0)
    path = folder / "large.npz"
    np.savez(path, image=random.normal(size=(600, 3, 96, 96)).astype(np.float32), label=random.integers(0, 10, 600))
    drawing = Drawing()
    x = drawing.add("conv1", "Conv2d", "image", out_channels=16, kernel_size=3, padding=1)
    x = drawing.add("conv2", "Conv2d", drawing.add("relu1", "ReLU", x), out_channels=16, kernel_size=3, padding=1)
    x = drawing.add("pool", "AdaptiveAvgPool2d", drawing.add("relu2", "ReLU", x), output_size=1)
    x = drawing.add("linear", "Linear", drawing.add("flatten", "Flatten", x), out_features=10)
    made = drawing.project(x, path, 128)
    data = Data("Npz", {"path": str(path), "target": "label"}, {"validation": 0.2, "test": 0.0, "stratify": False})
    return msgspec.structs.replace(made, data=data)


def measure() -> list[Row]:
    """Every project, its time and its memory."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name, project in (
            ("digits CNN", with_epochs(example_project("digits"), 20)),
            ("MLP", with_epochs(mlp_project(place), 8)),
            ("LSTM", with_epochs(lstm_project(place), 8)),
            ("small ResNet", with_epochs(resnet_project(place), 3)),
            ("large activations", with_epochs(large_project(place), 2)),
        ):
            rounds = [_round(project, place / f"{name} {number}") for number in range(ROUNDS)]
            rows += _rows(name, rounds)
    return rows


def _round(project: Project, folder: Path) -> tuple[Estimated, float, int]:
    with Waiting() as engine:
        said = engine.ask(Warm(project))
    assert isinstance(said, Estimated)
    with Waiting() as engine:
        ended = engine.ask(Train(project, str(folder)))
        peak = peak_of(engine.engine.pid)
    assert isinstance(ended, Ended)
    assert ended.how == "finished"
    return said, ended.seconds, peak


def peak_of(pid: int) -> int:
    """The most memory that a process has had."""
    if sys.platform == "linux":
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    found = psutil.Process(pid).memory_info()
    return int(getattr(found, "peak_wset", found.rss))


def _rows(name: str, rounds: list[tuple[Estimated, float, int]]) -> list[Row]:
    time = [said.seconds / seconds for said, seconds, _ in rounds]
    memory = [said.peak_bytes / peak for said, _, peak in rounds]
    said, seconds, peak = rounds[-1]
    times = f"{said.seconds:.2f} s for {seconds:.2f} s; ratios {', '.join(f'{each:.2f}' for each in time)}"
    bytes_said = f"{said.peak_bytes / 2**20:.0f} MiB for {peak / 2**20:.0f} MiB"
    return [
        Row("estimate", f"{name}, time", 100 * abs(statistics.median(time) - 1), "% off", GOAL, times),
        Row("estimate", f"{name}, peak memory", 100 * abs(statistics.median(memory) - 1), "% off", GOAL, bytes_said),
    ]
