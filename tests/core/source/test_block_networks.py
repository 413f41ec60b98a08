"""Networks of blocks read as written by hand, and compute what the drawing says to the last bit."""

from __future__ import annotations

import torch
from drawn_blocks import densenet, encoder, image, project, resnet18
from proving import proved

from core.engine.check import check
from core.engine.compile import written
from core.graph import Node


def test_that_resnet_18_reads_as_written_by_hand() -> None:
    text = proved(resnet18(), torch.rand(1, 3, 64, 64))
    assert len(text.splitlines()) <= 1.2 * len(HAND_RESNET.splitlines())
    assert "self.stage1 = nn.Sequential(*(Basic(64) for _ in range(2)))" in text
    assert "self.down2 = Down(64, channels=128, stride=2)" in text
    assert "def __init__(self, in_channels: int, channels: int = 64, stride: int = 1) -> None:" in text
    assert '"""Takes x (N, in_channels, H, W) and returns y (N, channels, H, W)."""' in text


HAND_RESNET = '''\
"""ResNet-18."""

from torch import Tensor, nn


class Basic(nn.Module):
    """Two convolutions with a shortcut around them."""

    def __init__(self, in_channels: int, channels: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels, channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        out = self.conv1(x)
        out = self.bn1(out)
        out = self.relu(out)
        out = self.conv2(out)
        out = self.bn2(out)
        out = out + x
        return self.relu(out)


class Down(nn.Module):
    """The same with half the picture, its shortcut a convolution."""

    def __init__(self, in_channels: int, channels: int, stride: int = 2) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels, channels, 3, stride=stride, padding=1, bias=False
        )
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.short = nn.Conv2d(in_channels, channels, 1, stride=stride, bias=False)
        self.bn3 = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        out = self.conv1(x)
        out = self.bn1(out)
        out = self.relu(out)
        out = self.conv2(out)
        out = self.bn2(out)
        out = out + self.bn3(self.short(x))
        return self.relu(out)


class ResNet18(nn.Module):
    """Takes pictures (N, 3, 224, 224) and returns scores (N, 1000)."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU()
        self.pool1 = nn.MaxPool2d(3, stride=2, padding=1)
        self.stage1 = nn.Sequential(Basic(64, 64), Basic(64, 64))
        self.stage2 = nn.Sequential(Down(64, 128), Basic(128, 128))
        self.stage3 = nn.Sequential(Down(128, 256), Basic(256, 256))
        self.stage4 = nn.Sequential(Down(256, 512), Basic(512, 512))
        self.pool2 = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(512, 1000)

    def forward(self, image: Tensor) -> Tensor:
        x = self.conv1(image)
        x = self.bn1(x)
        x = self.relu(x)
        x = self.pool1(x)
        x = self.stage1(x)
        x = self.stage2(x)
        x = self.stage3(x)
        x = self.stage4(x)
        x = self.pool2(x).flatten(1)
        return self.fc(x)
'''


def test_that_densenet_121_grows_with_its_repetitions() -> None:
    assert check(densenet(), 0).parameters == 7_978_856
    text = proved(densenet(), torch.rand(1, 3, 32, 32))
    assert "DenseLayer(in_channels + i * growth, growth=growth)" in text
    assert "for i in range(layers_inside)" in text
    assert "hidden = growth * 4" in text
    assert "self.bn2 = nn.BatchNorm2d(hidden)" in text
    assert "self.transition1 = Transition(256)" in text
    assert len(text.splitlines()) < 120


def test_that_a_transformer_encoder_says_each_size_once() -> None:
    drawn = project(
        "tokens embedding, embedding encoder.x, encoder.y head, head out",
        {"EncoderLayer": encoder()},
        tokens=image(16, dtype="int64"),
        embedding=Node("Embedding", {"num_embeddings": 50, "embedding_dim": 32}),
        encoder=Node("EncoderLayer", {"repeat": 4}),
        head=Node("Linear", {"out_features": 50}),
        out=Node("Output"),
    )
    text = proved(drawn, torch.randint(50, (2, 16)))
    assert "def __init__(self, dim: int = 32, heads: int = 4) -> None:" in text
    assert "self.norm1 = nn.LayerNorm(dim)" in text  # it works with no other size: the sums would not fit
    assert "nn.MultiheadAttention(dim, heads, batch_first=True)" in text
    assert "self.fc1 = nn.Linear(dim, dim * 4)" in text
    assert "self.fc2 = nn.Linear(dim * 4, dim)" in text
    assert "self.encoder = nn.Sequential(*(EncoderLayer() for _ in range(4)))" in text


def test_that_every_line_of_a_block_leads_to_its_node() -> None:
    source = written(resnet18(), check(resnet18(), 0))
    lines = source.files["model.py"].splitlines()
    found = {lines[number - 1].strip(): nodes for number, nodes in source.lines.items()}
    assert found["self.bn1 = nn.BatchNorm2d(channels)"] == ("Down:bn1",)
    assert found["return nn.functional.relu(self.bn2(out) + x)"] == ("Basic:bn2", "Basic:add", "Basic:relu2", "Basic:y")
    assert found["self.stage2 = Basic(128, channels=128)"] == ("stage2",)
    assert {node for nodes in source.lines.values() for node in nodes} >= {
        f"Basic:{node}" for node in ("x", "conv1", "bn1", "relu1", "conv2", "bn2", "add", "relu2")
    }
