"""Drawings with blocks in a few lines, for tests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core import graph as graphs
from core.expressions import expression as e
from core.graph import Block, BlockParameter, Graph, Link, Node
from core.project import Project


def links(text: str) -> tuple[Link, ...]:
    """`a b.port, a.out c` as links; without a port from output to input."""
    made: list[Link] = []
    for each in filter(None, (part.strip() for part in re.split(r"[,\n]", text))):
        left, right = each.split()
        source, _, output = left.partition(".")
        target, _, into = right.partition(".")
        made.append(Link(source, output or "output", target, into or "input"))
    return tuple(sorted(made, key=graphs.link_key))


def block(drawn: str, *parameters: BlockParameter, **nodes: Node) -> Block:
    return Block(nodes, links(drawn), parameters)


def number(name: str, default: int = 1) -> BlockParameter:
    return BlockParameter(name, default=default)


def project(drawn: str, held: Mapping[str, Block], **nodes: Node) -> Project:
    return Project(Graph(nodes, links(drawn), dict(held)))


def image(*shape: int, dtype: str = "float32") -> Node:
    return Node("Input", {"shape": shape, "dtype": dtype})


CONV: dict[str, Any] = {"kernel_size": 3, "padding": 1, "bias": False}


def feed_forward() -> Block:
    return block(
        "x fc1, fc1 gelu, gelu fc2, fc2 y",
        number("ratio", 4),
        x=Node("Input", {"axes": "N, T, dim"}),
        fc1=Node("Linear", {"out_features": e("dim * ratio")}),
        gelu=Node("GELU"),
        fc2=Node("Linear", {"out_features": e("dim")}),
        y=Node("Output"),
    )


def encoder() -> Block:
    """A pre-norm encoder layer."""
    return block(
        "x norm1, norm1 attention.query, norm1 attention.key, norm1 attention.value, x add1.tensors_0, "
        "attention add1.tensors_1, add1 norm2, norm2 fc1, fc1 gelu, gelu fc2, add1 add2.tensors_0, "
        "fc2 add2.tensors_1, add2 y",
        number("dim", 32),
        number("heads", 4),
        x=Node("Input"),
        norm1=Node("LayerNorm"),
        attention=Node("MultiheadAttention", {"num_heads": e("heads"), "batch_first": True}),
        add1=Node("Add"),
        norm2=Node("LayerNorm"),
        fc1=Node("Linear", {"out_features": e("dim * 4")}),
        gelu=Node("GELU"),
        fc2=Node("Linear", {"out_features": e("dim")}),
        add2=Node("Add"),
        y=Node("Output"),
    )


def basic(shortcut: bool) -> Block:
    """ResNet's basic block, with the shortcut of a stage's first one or without."""
    nodes = {
        "x": Node("Input", {"axes": "N, in_channels, height, width"}),
        "conv1": Node("Conv2d", {**CONV, "out_channels": e("channels"), "stride": e("stride")}),
        "bn1": Node("BatchNorm2d"),
        "relu1": Node("ReLU"),
        "conv2": Node("Conv2d", {**CONV, "out_channels": e("channels")}),
        "bn2": Node("BatchNorm2d"),
        "add": Node("Add"),
        "relu2": Node("ReLU"),
        "y": Node("Output"),
    }
    drawn = "x conv1, conv1 bn1, bn1 relu1, relu1 conv2, conv2 bn2, bn2 add.tensors_0, add relu2, relu2 y"
    if not shortcut:
        return block(drawn + ", x add.tensors_1", number("channels", 64), number("stride"), **nodes)
    nodes["short"] = Node(
        "Conv2d", {"out_channels": e("channels"), "kernel_size": 1, "stride": e("stride"), "bias": False}
    )
    nodes["bn3"] = Node("BatchNorm2d")
    drawn += ", x short, short bn3, bn3 add.tensors_1"
    return block(drawn, number("channels", 64), number("stride"), **nodes)


def resnet18() -> Project:
    nodes = {
        "image": image(3, 224, 224),
        "conv1": Node("Conv2d", {"out_channels": 64, "kernel_size": 7, "stride": 2, "padding": 3, "bias": False}),
        "bn1": Node("BatchNorm2d"),
        "relu1": Node("ReLU"),
        "pool1": Node("MaxPool2d", {"kernel_size": 3, "stride": 2, "padding": 1}),
        "stage1": Node("Basic", {"repeat": 2}),
        "pool2": Node("AdaptiveAvgPool2d", {"output_size": 1}),
        "flat": Node("Flatten"),
        "fc": Node("Linear", {"out_features": 1000}),
        "out": Node("Output"),
    }
    drawn = "image conv1, conv1 bn1, bn1 relu1, relu1 pool1, pool1 stage1.x"
    before = "stage1.y"
    for stage, channels in ((2, 128), (3, 256), (4, 512)):
        nodes[f"down{stage}"] = Node("Down", {"channels": channels, "stride": 2})
        nodes[f"stage{stage}"] = Node("Basic", {"channels": channels})
        drawn += f", {before} down{stage}.x, down{stage}.y stage{stage}.x"
        before = f"stage{stage}.y"
    drawn += f", {before} pool2, pool2 flat, flat fc, fc out"
    return project(drawn, {"Basic": basic(False), "Down": basic(True)}, **nodes)


def densenet(config: tuple[int, ...] = (6, 12, 24, 16), growth: int = 32, first: int = 64) -> Project:
    """DenseNet from layers, dense blocks that repeat them, and transitions."""
    layer = block(
        "x bn1, bn1 relu1, relu1 conv1, conv1 bn2, bn2 relu2, relu2 conv2, x cat.tensors_0, conv2 cat.tensors_1, cat y",
        number("growth", 32),
        x=Node("Input"),
        bn1=Node("BatchNorm2d"),
        relu1=Node("ReLU"),
        conv1=Node("Conv2d", {"out_channels": e("growth * 4"), "kernel_size": 1, "bias": False}),
        bn2=Node("BatchNorm2d"),
        relu2=Node("ReLU"),
        conv2=Node("Conv2d", {**CONV, "out_channels": e("growth")}),
        cat=Node("Cat", {"dim": 1}),
        y=Node("Output"),
    )
    dense = block(
        "x layers.x, layers.y y",
        number("layers_inside", 6),
        number("growth", 32),
        x=Node("Input", {"axes": "N, in_channels"}),
        layers=Node("DenseLayer", {"repeat": e("layers_inside"), "growth": e("growth")}),
        y=Node("Output"),
    )
    transition = block(
        "x bn, bn relu, relu conv, conv pool, pool y",
        x=Node("Input", {"axes": "N, in_channels"}),
        bn=Node("BatchNorm2d"),
        relu=Node("ReLU"),
        conv=Node("Conv2d", {"out_channels": e("in_channels // 2"), "kernel_size": 1, "bias": False}),
        pool=Node("AvgPool2d", {"kernel_size": 2}),
        y=Node("Output"),
    )
    nodes = {
        "image": image(3, 224, 224),
        "conv1": Node("Conv2d", {"out_channels": first, "kernel_size": 7, "stride": 2, "padding": 3, "bias": False}),
        "bn1": Node("BatchNorm2d"),
        "relu1": Node("ReLU"),
        "pool1": Node("MaxPool2d", {"kernel_size": 3, "stride": 2, "padding": 1}),
    }
    drawn, before = "image conv1, conv1 bn1, bn1 relu1, relu1 pool1", "pool1"
    for place, count in enumerate(config, 1):
        nodes[f"dense{place}"] = Node("DenseBlock", {"layers_inside": count, "growth": growth})
        drawn += f", {before} dense{place}.x"
        before = f"dense{place}.y"
        if place < len(config):
            nodes[f"transition{place}"] = Node("Transition")
            drawn += f", {before} transition{place}.x"
            before = f"transition{place}.y"
    nodes |= {
        "bn2": Node("BatchNorm2d"),
        "relu2": Node("ReLU"),
        "pool2": Node("AdaptiveAvgPool2d", {"output_size": 1}),
        "flat": Node("Flatten"),
        "fc": Node("Linear", {"out_features": 1000}),
        "out": Node("Output"),
    }
    drawn += f", {before} bn2, bn2 relu2, relu2 pool2, pool2 flat, flat fc, fc out"
    return project(drawn, {"DenseLayer": layer, "DenseBlock": dense, "Transition": transition}, **nodes)


def gpt(depth: int = 2) -> Project:
    """A decoder whose output weights are those of the embedding."""
    layer = encoder()
    nodes = {**layer.nodes, "mask": Node("CausalMask")}
    drawn = (*layer.links, *links("norm1 mask, mask attention.attn_mask"))
    return project(
        "tokens token, token blocks.x, blocks.y norm, norm head, head logits",
        {"GPTBlock": Block(nodes, tuple(sorted(drawn, key=graphs.link_key)), layer.parameters)},
        tokens=image(12, dtype="int64"),
        token=Node("Embedding", {"num_embeddings": 64, "embedding_dim": 24}),
        blocks=Node("GPTBlock", {"repeat": depth, "dim": 24, "heads": 3}),
        norm=Node("LayerNorm"),
        head=Node("Linear", {"out_features": 64, "bias": False}, shares="token"),
        logits=Node("Output"),
    )
