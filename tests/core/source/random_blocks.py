"""Projects at random of blocks within blocks, repeated, with parameters, several ports and shared weights."""

from __future__ import annotations

import random
from typing import Any

from drawn_blocks import image, number

from core import graph as graphs
from core.engine.check import check
from core.expressions import expression as e
from core.graph import Block, BlockParameter, Graph, Link, Node
from core.messages import Checked
from core.project import Project

KINDS = ("Linear", "Linear", "BatchNorm1d", "LayerNorm", "Tanh", "Cat", "Add", "use", "shared", "Scale")
Value = tuple[str, str]
"""An output port of a node."""


class _Drawn:
    """A drawing that grows from what enters it; `inner` are the blocks that it may use, with their ports."""

    def __init__(self, rng: random.Random, inner: dict[str, Block]) -> None:
        self.rng, self.inner = rng, inner
        self.nodes: dict[str, Node] = {}
        self.links: list[Link] = []
        self.values: list[Value] = []
        self.owners: list[tuple[str, dict[str, Value]]] = []
        """Nodes whose module others may use, with what arrives at them: only that fits again for certain."""

    def add(self, name: str, node: Node, **given: Value) -> Value:
        self.nodes[name] = node
        self.links += [Link(*value, name, port) for port, value in given.items()]
        return name, "output"

    def recent(self) -> Value:
        return self.rng.choice(self.values[-3:])

    def use(self, name: str, values: dict[str, Any]) -> None:
        """A block: everything that it gives can be used from then on."""
        layer = self.rng.choice(list(self.inner))
        held = self.inner[layer].nodes
        given = {port: self.recent() for port, node in held.items() if node.layer == "Input"}
        self.add(name, Node(layer, values), **given)
        self.values += [(name, port) for port in sorted(held, reverse=True) if held[port].layer == "Output"]
        self.owners.append((name, given))

    def share(self, name: str) -> None:
        """One more node with the module of another, on the same values; what both give is added."""
        owner, given = self.rng.choice(self.owners)
        node = self.nodes[owner]
        self.add(name, Node(node.layer, node.values, shares=owner), **given)
        output = "y" if node.layer in self.inner else "output"
        both = {"tensors_0": (owner, output), "tensors_1": (name, output)}
        self.values.append(self.add(f"{name}_sum", Node("Add"), **both))

    @property
    def sorted_links(self) -> tuple[Link, ...]:
        return tuple(sorted(self.links, key=graphs.link_key))


def random_block(rng: random.Random, inner: dict[str, Block]) -> Block:
    """A block of dense layers, norms, sums and other blocks over two numbers and a switch."""
    drawn = _Drawn(rng, inner)
    is_named, has_state = rng.random() < 0.6, rng.random() < 0.3
    drawn.values.append(drawn.add("x", Node("Input", {"axes": "N, width"} if is_named else {})))
    if has_state:
        drawn.values.append(drawn.add("state", Node("Input")))
    sizes: list[Any] = [3, 4, e("p"), e("q"), e("p * 2"), e("p + q"), e("max(p, 3)"), e("q + i"), e("p * q")]
    sizes += [e("width"), e("width // 2 + 1")] if is_named else []
    for place in range(rng.randint(2, 6)):
        name, before, kind = f"n{place}", drawn.recent(), rng.choice(KINDS)
        if kind == "use" and inner:
            chosen = {
                "p": rng.choice([2, 3, e("p"), e("q + 1"), e("p + i")]),
                "repeat": rng.choice([1, 1, 2, 3, 4, e("p")]),
            }
            drawn.use(name, chosen)
        elif kind == "shared" and drawn.owners:
            drawn.share(name)
        elif kind in ("Cat", "Add"):
            other = rng.choice(drawn.values) if kind == "Cat" else before
            node = Node(kind, {"dim": 1} if kind == "Cat" else {})
            drawn.values.append(drawn.add(name, node, tensors_0=before, tensors_1=other))
        elif kind in ("Linear", "use", "shared"):
            said = {"out_features": rng.choice(sizes), "bias": rng.choice([True, e("flag")])}
            drawn.values.append(drawn.add(name, Node("Linear", said), input=before))
            drawn.owners.append((name, {"input": before}))
        else:
            node = Node(kind, {"factor": 0.5} if kind == "Scale" else {})
            drawn.values.append(drawn.add(name, node, input=before))
    last = drawn.values[-1]
    if has_state:
        drawn.add("state_out", Node("Output"), input=drawn.recent())
    drawn.add("y", Node("Output"), input=last)
    flag = BlockParameter("flag", "boolean", True)
    return Block(drawn.nodes, drawn.sorted_links, (number("p", 3), number("q", 4), flag))


def random_project(seed: int) -> Project:
    """A project of up to three blocks, whose first one is used by the others."""
    rng = random.Random(seed)
    held: dict[str, Block] = {}
    for name in ("Inner", "Middle", "Whole")[: rng.randint(1, 3)]:
        held[name] = random_block(rng, dict(held))
    drawn = _Drawn(rng, held)
    drawn.values.append(drawn.add("a", image(rng.randint(3, 6))))
    for place in range(rng.randint(1, 4)):
        values: dict[str, Any] = {"repeat": rng.choice([1, 1, 1, 2, 3])}
        values |= {each: rng.randint(2, 5) for each in ("p", "q") if rng.random() < 0.6}
        values |= {"flag": False} if rng.random() < 0.3 else {}
        drawn.use(f"use{place}", values)
        if rng.random() < 0.25:
            drawn.share(f"again{place}")
    drawn.add("out", Node("Output"), input=drawn.values[-1])
    return Project(Graph(drawn.nodes, drawn.sorted_links, held))


def small(drawn: Project) -> Checked | None:
    """What check says of a project that is quickly computed; None for a larger one."""
    checked = check(drawn, 0)
    return checked if checked.parameters < 300_000 and len(checked.inner) < 400 else None
