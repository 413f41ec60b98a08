"""Graphs for tests, drawn as text: one node a line, `conv1 = Conv2d(image, out_channels=8)`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core import graph as graphs
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE
from core.parameters import dropped_values
from core.project import Data, Project

Draw = Callable[..., Project]


@pytest.fixture(scope="session")
def draw() -> Draw:
    """A project from such text; keywords are the other fields of the project."""
    return drawn


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Small tensors are faster on one thread."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def drawn(text: str, data: Data | None = None, **project: Any) -> Project:
    """Positional arguments fill the ports in order, keywords a port of that name or else a parameter.

    `lstm1.h` is the port h of lstm1, otherwise the first one is meant. Nodes may be named before they are drawn.
    """
    calls = {statement.targets[0].id: statement.value for statement in ast.parse(text).body}  # type: ignore[attr-defined]
    layers = {node_id: call.func.id for node_id, call in calls.items()}
    nodes = {node_id: Node(layer, dropped_values(CATALOGUE[layer])) for node_id, layer in layers.items()}
    graph = Graph(nodes)
    for node_id, call in calls.items():
        ports = list(_ports(layers[node_id], len(call.args)))
        given = [*zip(ports, call.args, strict=True), *((word.arg, word.value) for word in call.keywords)]
        for name, value in given:
            source = value.value if isinstance(value, ast.Attribute) else value
            if isinstance(source, ast.Name) and source.id in calls:
                output = (
                    value.attr if isinstance(value, ast.Attribute) else CATALOGUE[layers[source.id]].outputs[0].name
                )
                graph = graphs.with_link(graph, Link(source.id, output, node_id, name))
            elif name == "muted":
                graph = graphs.with_node(graph, node_id, muted=ast.literal_eval(value))
            else:
                graph = graphs.with_value(graph, node_id, name, ast.literal_eval(value))
    return Project(graph, data or Data("Digits"), **project)


def _ports(layer: str, count: int) -> list[str]:
    names: list[str] = []
    for port in CATALOGUE[layer].inputs:
        names += [f"{port.name}_{number}" for number in range(count)] if port.variadic else [port.name]
    return names[:count]
