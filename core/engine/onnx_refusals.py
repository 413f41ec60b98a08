"""Why a network cannot be written as ONNX: which node stands in the way, why its layer does, and the way out."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from core.blocks import block_of, node_of
from core.engine import proof
from core.engine.fault import Fault
from core.engine.proof import Case
from core.graph import Graph
from core.layers import declaration_of

LIMITS: dict[str, tuple[str, str]] = {
    "RReLU": ("ONNX has no slopes at random", "use LeakyReLU with a slope between lower and upper"),
    "CumProd": (
        "torch has no way yet to write a running product as ONNX",
        "use Log, CumSum and Exp for positive numbers",
    ),
    "ScaledDotProductAttention": (
        "torch writes attention as ONNX only for N × heads × steps × features",
        "insert Unsqueeze with dim 1 before each of its inputs, and Squeeze behind it",
    ),
    "Gradient": (
        "it asks for a gradient inside of the model, and an ONNX file holds what is computed forwards alone",
        "take it out of what leads to an Output",
    ),
    **{
        f"FractionalMaxPool{axes}d": ("ONNX has no pooling over windows at random", f"use MaxPool{axes}d")
        for axes in (2, 3)
    },
}
"""Why torch cannot write a layer as ONNX, and what to do instead, by layer; it is said only where torch refuses."""
DRAWS: dict[str, str] = {
    "FractionalMaxPool2d": "use MaxPool2d",
    "FractionalMaxPool3d": "use MaxPool3d",
    **dict.fromkeys(("RandnLike", "RandLike", "GaussianNoise", "UniformNoise"), "set always to false"),
}
"""What to do instead of a layer that draws random numbers whenever the model is used."""


WITH_OTHERS = ("activation", "shape", "merge", "data", "output")
"""Families of nodes that stand on a line with others; of these layers torch can write all as ONNX."""
Lines = Mapping[int, tuple[str, ...]]


def refused(error: BaseException, model: Path, lines: Lines, graph: Graph) -> Fault:
    """What is said where torch's exporter gives up; `lines` are the nodes by the lines of model.py."""
    every = (key for keys in lines.values() for key in keys)
    gradient = next((key for key in every if _layer(key, graph) == "Gradient"), "")  # traceless
    found = next((lines[line] for line in _lines(error, model) if line in lines), ())
    node_id = max(found, key=lambda key: _suspicion(key, graph), default=gradient)
    layer = _layer(node_id, graph)
    last = _last_words(error)
    if not layer:
        return Fault(
            f"This network cannot be exported to ONNX, because torch refuses it ({last}); export Python.", str(error)
        )
    because, instead = LIMITS.get(layer, (f"torch refuses it ({last})", "export Python"))
    return Fault(_sentence(node_id, layer, because, instead, graph), str(error))


def _layer(key: str, graph: Graph) -> str:
    node = node_of(key, graph)
    return node.layer if node else ""


def _suspicion(key: str, graph: Graph) -> int:
    """Which of several nodes on a line stands in the way: functions and sums around a module are all known to ONNX."""
    node = node_of(key, graph)
    declared = declaration_of(node, graph.blocks) if node else None
    if node is None or declared is None:
        return 0
    return 2 if node.layer in LIMITS else int(declared.family not in WITH_OTHERS)


def expect_no_draws(model: nn.Module, case: Case, path: Path, lines: Lines, graph: Graph) -> None:
    """Refuse a model that draws random numbers when it is used: no export of it could be compared."""
    with _Draws(path) as seen:
        first = proof.answers(model, case)
    if not seen.lines or proof.difference(first, proof.answers(model, case, seed=1)) == 0:
        return
    nodes = [key for line in seen.lines for key in lines.get(line, ())]
    node_id = next((key for key in nodes if _layer(key, graph) in DRAWS), next(iter(nodes), ""))
    if not node_id:
        raise Fault(
            "This network cannot be exported to ONNX, because it draws new random numbers whenever it is used, so "
            "that the file could not be compared with it; export Python."
        )
    layer = _layer(node_id, graph)
    because = "it draws new random numbers whenever the model is used, so that the file could not be compared with it"
    raise Fault(_sentence(node_id, layer, because, DRAWS.get(layer, "take them from a Noise node"), graph))


def _sentence(node_id: str, layer: str, because: str, instead: str, graph: Graph) -> str:
    block = block_of(node_id, graph)
    name = f"{node_id.removeprefix(f'{block}:')} in {block}" if block else node_id
    return f"{name} ({layer}) cannot be exported to ONNX, because {because}; {instead}, or export Python.".replace(
        "export Python, or export Python", "export Python"
    )


class _Draws(TorchDispatchMode):
    """Notes the lines of a model's text that draw random numbers."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = str(path)
        self.lines: list[int] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if torch.Tag.nondeterministic_seeded in func.tags:
            self.lines += [line for frame, line in _stack() if frame.f_code.co_filename == self._path]
        return func(*args, **(kwargs or {}))


def _stack() -> Iterator[tuple[FrameType, int]]:
    return traceback.walk_stack(sys._getframe(1))


def _lines(error: BaseException, model: Path) -> Iterator[int]:
    """The lines of the model's text that an error came from: run there, or the origin of an operation on its way."""
    for each in _chain(error):
        for frame, line in traceback.walk_tb(each.__traceback__):
            if frame.f_code.co_filename == str(model):
                yield line
            held = frame.f_locals.get("node")  # where torch's exporter stands in the operations
            if isinstance(held, torch.fx.Node):
                told = re.findall(r'File "([^"]+)", line (\d+)', held.meta.get("stack_trace") or "")
                yield from (int(number) for path, number in reversed(told) if Path(path) == model)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and those that it came from."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _last_words(error: BaseException) -> str:
    """The first line of what was wrong at the very beginning, without colours and long lists."""
    *_, first = _chain(error)
    operation = re.search(r"No ONNX function found for <OpOverload\(op='[a-z]+\.([^']+)'", str(first))
    if operation:
        return f"it knows no ONNX for {operation[1]}"
    text = re.sub(r"\x1b?\[\d+m", "", str(first)).strip().split("\n")[0].strip() or type(first).__name__
    return text if len(text) <= 160 else text[:157] + "..."
