"""Random projects of blocks compute what is drawn."""

from __future__ import annotations

import random
from typing import Any

import pytest
import torch
from drawn_blocks import image, number
from proving import proved

from core import graph as graphs
from core.engine.check import check
from core.expressions import expression as e
from core.graph import Block, BlockParameter, Graph, Link, Node
from core.project import Project


def random_block(rng: random.Random, inner: list[str], named: bool = False) -> Block:
    """A block of dense layers, norms, sums and other blocks over two numbers and a switch."""
    is_named = named or rng.random() < 0.6
    nodes: dict[str, Node] = {"x": Node("Input", {"axes": "N, width"} if is_named else {})}
    drawn: list[Link] = []
    sizes: list[Any] = [3, 4, e("p"), e("q"), e("p * 2"), e("p + q"), e("max(p, 3)"), e("q + i"), e("p * q")]
    sizes += [e("width"), e("width // 2 + 1")] if is_named else []
    values = [("x", "output")]
    linears: dict[str, tuple[str, str]] = {}
    for place in range(rng.randint(2, 6)):
        name, before = f"n{place}", rng.choice(values[-3:])
        kind = rng.choice(
            ["Linear", "Linear", "BatchNorm1d", "LayerNorm", "Tanh", "Cat", "Add", "use", "shared", "Scale"]
        )
        if kind == "use" and inner:
            chosen = {
                "p": rng.choice([2, 3, e("p"), e("q + 1"), e("p + i")]),
                "repeat": rng.choice([1, 1, 2, 3, 4, e("p")]),
            }
            nodes[name] = Node(rng.choice(inner), chosen)
            drawn.append(Link(*before, name, "x"))
            values.append((name, "y"))
            continue
        if kind == "shared" and linears:
            owner = rng.choice(list(linears))
            nodes[name] = Node("Linear", nodes[owner].values, shares=owner)
            drawn.append(Link(*linears[owner], name, "input"))
        elif kind in ("Cat", "Add"):
            other = rng.choice(values) if kind == "Cat" else before
            nodes[name] = Node(kind, {"dim": 1} if kind == "Cat" else {})
            drawn += [Link(*before, name, "tensors_0"), Link(*other, name, "tensors_1")]
        else:
            kind = "Linear" if kind in ("use", "shared") else kind
            said = (
                {"out_features": rng.choice(sizes), "bias": rng.choice([True, e("flag")])} if kind == "Linear" else {}
            )
            nodes[name] = Node(kind, {"factor": 0.5} if kind == "Scale" else said)
            drawn.append(Link(*before, name, "input"))
            if kind == "Linear":
                linears[name] = before
        values.append((name, "output"))
    nodes["y"] = Node("Output")
    drawn.append(Link(*values[-1], "y", "input"))
    flag = BlockParameter("flag", "boolean", True)
    return Block(nodes, tuple(sorted(drawn, key=graphs.link_key)), (number("p", 3), number("q", 4), flag))


def random_project(seed: int, named: bool = False) -> Project:
    rng = random.Random(seed)
    held: dict[str, Block] = {}
    for name in ("Inner", "Middle", "Outer")[: rng.randint(1, 3)]:
        held[name] = random_block(rng, list(held), named)
    nodes, drawn, before = {"a": image(rng.randint(3, 6))}, list[Link](), ("a", "output")
    for place in range(rng.randint(1, 4)):
        values: dict[str, Any] = {"repeat": rng.choice([1, 1, 1, 2, 3])}
        values |= {each: rng.randint(2, 5) for each in ("p", "q") if rng.random() < 0.6}
        values |= {"flag": False} if rng.random() < 0.3 else {}
        nodes[f"use{place}"] = Node(rng.choice(list(held)), values)
        drawn.append(Link(*before, f"use{place}", "x"))
        before = (f"use{place}", "y")
    nodes["out"] = Node("Output")
    drawn.append(Link(*before, "out", "input"))
    return Project(Graph(nodes, tuple(sorted(drawn, key=graphs.link_key)), held))


def is_small(drawn: Project) -> bool:
    checked = check(drawn, 0)
    return checked.parameters < 300_000 and len(checked.inner) < 400


@pytest.mark.parametrize("seed", range(8))
def test_that_random_blocks_compute_what_is_drawn(seed: int) -> None:
    drawn = random_project(seed)
    if is_small(drawn):
        proved(drawn, torch.rand(3, *drawn.graph.nodes["a"].values["shape"]), lints=seed < 3)


@pytest.mark.campaign
@pytest.mark.parametrize("hundred", range(10))
def test_that_a_thousand_random_projects_compute_what_is_drawn(hundred: int) -> None:
    for seed in range(1000 + 100 * hundred, 1100 + 100 * hundred):
        drawn = random_project(seed)
        if is_small(drawn):
            proved(drawn, torch.rand(3, *drawn.graph.nodes["a"].values["shape"]), lints=seed % 10 == 0)
