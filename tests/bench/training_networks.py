"""The three networks of the training bench: drawn as projects, and written by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from core import graph as graphs
from core.graph import Graph, Link, Node
from core.project import Data, Project

CLASSES = 10


class Drawing:
    """A graph in the making: each call adds a layer behind others."""

    def __init__(self) -> None:
        self.graph = Graph({"image": Node("Input", {"field": "image"}), "label": Node("Target", {"field": "label"})})

    def add(self, name: str, layer: str, *sources: str, **values: Any) -> str:
        self.graph = graphs.with_nodes(self.graph, {name: Node(layer, values)})
        several = len(sources) > 1
        for number, source in enumerate(sources):
            port = f"tensors_{number}" if several else "input"
            self.graph = graphs.with_link(self.graph, Link(source, "output", name, port))
        return name

    def project(self, end: str, data: Path, batch_size: int) -> Project:
        self.add("loss", "CrossEntropyLoss", end)
        graph = graphs.with_link(self.graph, Link("label", "output", "loss", "target"))
        split = {"validation": 0.02, "test": 0.0, "stratify": False}
        training = {"batch_size": batch_size, "epochs": 1, "device": "cpu"}
        return Project(graph, Data("Npz", {"path": str(data), "target": "label"}, split), training)


def data_file(folder: Path, name: str, rows: int, shape: tuple[int, ...]) -> Path:
    """Pictures without meaning: speed does not depend on what they show."""
    random = np.random.default_rng(0)
    path = folder / f"{name}.npz"
    image, label = random.normal(size=(rows, *shape)).astype(np.float32), random.integers(0, CLASSES, rows)
    np.savez(path, image=image, label=label)
    return path


def mlp_project(folder: Path) -> Project:
    drawing = Drawing()
    x = drawing.add("linear1", "Linear", "image", out_features=128)
    x = drawing.add("relu1", "ReLU", x)
    x = drawing.add("linear2", "Linear", x, out_features=CLASSES)
    return drawing.project(x, data_file(folder, "mlp", 40_000, (784,)), 64)


def mlp() -> nn.Module:
    return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, CLASSES))


def cnn_project(folder: Path) -> Project:
    drawing = Drawing()
    x = drawing.add("conv1", "Conv2d", "image", out_channels=32, kernel_size=3, padding=1)
    x = drawing.add("relu1", "ReLU", x)
    x = drawing.add("pool1", "MaxPool2d", x, kernel_size=2)
    x = drawing.add("conv2", "Conv2d", x, out_channels=64, kernel_size=3, padding=1)
    x = drawing.add("relu2", "ReLU", x)
    x = drawing.add("pool2", "MaxPool2d", x, kernel_size=2)
    x = drawing.add("flatten", "Flatten", x)
    x = drawing.add("linear", "Linear", x, out_features=CLASSES)
    return drawing.project(x, data_file(folder, "cnn", 3_000, (1, 28, 28)), 64)


def cnn() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64 * 7 * 7, CLASSES),
    )  # fmt: skip


def resnet_project(folder: Path) -> Project:
    """ResNet-18 with the usual stem, drawn flat: every layer a node."""
    drawing = Drawing()

    def conv(name: str, source: str, out: int, kernel: int, stride: int) -> str:
        at = drawing.add(
            f"{name}_conv", "Conv2d", source,
            out_channels=out, kernel_size=kernel, stride=stride, padding=kernel // 2, bias=False,
        )  # fmt: skip
        return drawing.add(f"{name}_norm", "BatchNorm2d", at)

    x = drawing.add("stem_relu", "ReLU", conv("stem", "image", 64, 7, 2))
    x = drawing.add("stem_pool", "MaxPool2d", x, kernel_size=3, stride=2, padding=1)
    for stage, out in enumerate((64, 128, 256, 512)):
        for block in range(2):
            name, stride = f"stage{stage}_block{block}", 2 if stage and not block else 1
            y = drawing.add(f"{name}_relu1", "ReLU", conv(f"{name}_a", x, out, 3, stride))
            y = conv(f"{name}_b", y, out, 3, 1)
            shortcut = conv(f"{name}_short", x, out, 1, stride) if stride == 2 else x
            x = drawing.add(f"{name}_relu2", "ReLU", drawing.add(f"{name}_add", "Add", y, shortcut))
    x = drawing.add("pool", "AdaptiveAvgPool2d", x, output_size=1)
    x = drawing.add("linear", "Linear", drawing.add("flatten", "Flatten", x), out_features=CLASSES)
    return drawing.project(x, data_file(folder, "resnet", 340, (3, 32, 32)), 32)


class Block(nn.Module):
    def __init__(self, inside: int, out: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, out, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(out)
        self.relu1, self.relu2 = nn.ReLU(), nn.ReLU()
        short = nn.Sequential(nn.Conv2d(inside, out, 1, stride, bias=False), nn.BatchNorm2d(out))
        self.short = short if stride == 2 else nn.Identity()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.norm2(self.conv2(self.relu1(self.norm1(self.conv1(x)))))
        return self.relu2(y + self.short(x))


def resnet() -> nn.Module:
    stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    sizes = [
        (64, 64, 1),
        (64, 64, 1),
        (64, 128, 2),
        (128, 128, 1),
        (128, 256, 2),
        (256, 256, 1),
        (256, 512, 2),
        (512, 512, 1),
    ]
    blocks = [Block(*size) for size in sizes]
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, CLASSES))
