"""Source: how long writing it takes, and how fast what is written runs beside the same network written by hand.

The generated and the hand-written module hold the same weights and give the same outputs before they are timed; they
run in turns in one process with one thread, and the figure is the median of the rounds' ratios.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import forward_networks as by_hand
import torch
from msgspec.structs import replace
from table import Row
from torch import Tensor, nn

from core import graph as graphs
from core.engine.check import check
from core.engine.compile import new_model, written
from core.expressions import expression
from core.graph import Block, BlockParameter, Graph, Link, Node
from core.project import Project, load

ARCHITECTURES = Path(__file__).resolve().parents[2] / "resources" / "architectures"
EDITS = 9
ROUNDS = 15
TURN_SECONDS = 0.25
"""How long one side runs in a round, so that a clock of microseconds says something about the MLP."""


def measure() -> list[Row]:
    """The rows of the table."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [*_writing(), *_running()]
    finally:
        torch.set_num_threads(threads)


# ---- writing


def chain(count: int) -> Project:
    """Linear and ReLU in turn: `count` nodes, each written by itself."""
    nodes = {"data": Node("Input", {"shape": (16,)})}
    for index in range(count - 2):
        nodes[f"node{index}"] = Node("ReLU") if index % 2 else Node("Linear", {"out_features": 8 + index % 3})
    return _linked({**nodes, "out": Node("Output")})


def blocks(count: int) -> Project:
    """A network of about `count` nodes once its blocks are drawn out: blocks in blocks, two sizes of each."""
    layer = Block(
        {
            "x": Node("Input", {"axes": "N, width"}),
            "norm": Node("LayerNorm"),
            "expand": Node("Linear", {"out_features": expression("width * factor")}),
            "gelu": Node("GELU"),
            "project": Node("Linear", {"out_features": expression("width")}),
            "drop": Node("Dropout", {"p": 0.1}),
            "add": Node("Add"),
            "y": Node("Output"),
        },
        (
            Link("add", "output", "y", "input"),
            Link("drop", "output", "add", "tensors_0"),
            Link("expand", "output", "gelu", "input"),
            Link("gelu", "output", "project", "input"),
            Link("norm", "output", "expand", "input"),
            Link("project", "output", "drop", "input"),
            Link("x", "output", "add", "tensors_1"),
            Link("x", "output", "norm", "input"),
        ),
        (BlockParameter("factor", default=4, low=1),),
    )
    pair = Block(
        {"x": Node("Input"), "one": Node("Layer", {"factor": 2}), "two": Node("Layer"), "y": Node("Output")},
        (Link("one", "y", "two", "x"), Link("two", "y", "y", "input"), Link("x", "output", "one", "x")),
    )
    nodes = {"data": Node("Input", {"shape": (32,)})}
    for index in range(count // 30):
        nodes[f"pair{index}"] = Node("Pair")
        nodes[f"layer{index}"] = Node("Layer", {"factor": 1 + index % 4})
        nodes[f"narrow{index}"] = Node("Linear", {"out_features": 32 if index % 2 else 24})
    made = _linked({**nodes, "out": Node("Output")})
    return replace(made, graph=replace(made.graph, blocks={"Layer": layer, "Pair": pair}))


def _linked(nodes: dict[str, Node]) -> Project:
    """A chain of nodes in their order."""
    names = list(nodes)

    def port(name: str, plain: str) -> str:
        return {"output": "y", "input": "x"}[plain] if nodes[name].layer in ("Layer", "Pair") else plain

    pairs = itertools.pairwise(names)
    links = [Link(one, port(one, "output"), other, port(other, "input")) for one, other in pairs]
    return Project(Graph(nodes, tuple(sorted(links, key=graphs.link_key))))


def edits_of_top(project: Project) -> Iterator[Project]:
    """The project after one edit of its own drawing after the other."""
    name = next(each for each, node in project.graph.nodes.items() if node.layer == "Linear")
    for size in range(40, 60):
        yield replace(project, graph=graphs.with_value(project.graph, name, "out_features", size))


def edits_of_block(project: Project) -> Iterator[Project]:
    """The project after one edit inside its block after the other."""
    graph, layer = project.graph, project.graph.blocks["Layer"]
    for share in range(1, 20):
        nodes = {**layer.nodes, "drop": Node("Dropout", {"p": share / 20})}
        yield replace(project, graph=replace(graph, blocks={**graph.blocks, "Layer": replace(layer, nodes=nodes)}))


def _writing() -> list[Row]:
    cases = (
        ("source of 1,000 nodes without blocks, after an edit", edits_of_top(chain(1000))),
        ("source of 1,000 nodes in blocks, after an edit", edits_of_top(blocks(1000))),
        ("source of 1,000 nodes in blocks, after an edit in a block", edits_of_block(blocks(1000))),
    )
    rows: list[Row] = []
    for what, edited in cases:
        took: list[float] = []
        nodes = lines = 0
        for _ in range(EDITS + 1):
            project = next(edited)
            checked = check(project, 0)
            began = time.perf_counter()
            source = written(project, checked)
            took.append((time.perf_counter() - began) * 1e3)
            nodes = len(checked.nodes) + len(checked.inner)
            lines = source.files["model.py"].count("\n")
            assert "missing" not in source.files["model.py"], what
        note = f"{nodes} nodes, {lines} lines"
        rows.append(Row("source", what, statistics.median(took[1:]), "ms", "<= 100", note))
    return rows


# ---- running


def mlp_project() -> Project:
    """The MLP of `forward_networks`, drawn."""
    nodes = {"image": Node("Input", {"shape": (1, 28, 28)}), "flatten": Node("Flatten")}
    for number, size in enumerate((512, 256, 10), 1):
        nodes[f"fc{number}"] = Node("Linear", {"out_features": size})
        nodes |= {f"relu{number}": Node("ReLU")} if number < 3 else {}
    return _linked({**nodes, "scores": Node("Output")})


def _running() -> list[Row]:
    torch.manual_seed(0)
    pictures, small = torch.randn(4, 3, 64, 64), torch.randn(64, 1, 28, 28)
    tokens = torch.randint(0, 50257, (1, 32))
    networks = (
        ("MLP 784-512-256-10", mlp_project(), by_hand.MLP, small, "batch 64"),
        ("ResNet-18", load(ARCHITECTURES / "resnet18.loom"), by_hand.ResNet18, pictures, "batch 4 of 64 x 64"),
        ("GPT-2 small", load(ARCHITECTURES / "gpt2_small.loom"), by_hand.GPT2, tokens, "32 tokens"),
    )
    return [_compared(*each) for each in networks]


def _compared(title: str, project: Project, hand: Callable[[], nn.Module], batch: Tensor, note: str) -> Row:
    generated, other = generated_model(project).eval(), hand().eval()
    _give_weights(generated, other)
    with torch.inference_mode():
        _expect_equal(generated(batch), other(batch), title)
        began = time.perf_counter()
        other(batch)
        repeats = max(1, round(TURN_SECONDS / (time.perf_counter() - began)))
        ratios: list[float] = []
        for index in range(ROUNDS):
            turns = [generated, other] if index % 2 else [other, generated]
            took = {id(model): _seconds(model, batch, repeats) for model in turns}
            ratios.append(took[id(generated)] / took[id(other)])
    said = f"{note}, 1 thread, {ROUNDS} rounds of {repeats}"
    return Row(
        "source", f"{title}: forward of the source to hand-written", statistics.median(ratios), "ratio", "<= 1.02", said
    )


def generated_model(project: Project) -> nn.Module:
    """The model that a project's source builds."""
    source = written(project, check(project, 0))
    with tempfile.TemporaryDirectory(prefix="layerloom-bench-") as folder:
        Path(folder, "model.py").write_text(source.files["model.py"], encoding="utf-8")
        return new_model(Path(folder))


def _give_weights(giver: nn.Module, taker: nn.Module) -> None:
    """The same numbers in the same order: both hold their layers in the order of the data."""
    given, taken = ([*each.parameters(), *each.buffers()] for each in (giver, taker))
    with torch.no_grad():
        for one, other in zip(given, taken, strict=True):
            assert one.shape == other.shape, (one.shape, other.shape)
            other.copy_(one)


def _expect_equal(one: Tensor, other: Tensor, title: str) -> None:
    apart = float((one - other).abs().max())
    if not apart <= 1e-4:
        sys.exit(f"{title}: the two modules do not compute the same; they differ by {apart}.")


def _seconds(model: nn.Module, batch: Tensor, repeats: int) -> float:
    began = time.perf_counter()
    for _ in range(repeats):
        model(batch)
    return time.perf_counter() - began


if __name__ == "__main__":
    for row in measure():
        print(row)
