"""The check: cold, warm and after an edit at 1,000 and 5,000 nodes, what each further configuration costs, the wire.

Milliseconds by the clock, medians of several rounds; beside them the processor time of the same rounds, which other
programs on the machine disturb less. "Cold" is a warm process that knows nothing of any layer yet.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from typing import Any

import msgspec
from table import Row

from core import graph as graphs
from core.frames import frame
from core.graph import Graph, Link, Node
from core.messages import ASKED, SAID, Asked, Check, Checked, Said
from core.project import Data, Project

ROUNDS = 7
GOALS = {"cold": 50.0, "edit": 30.0, "further": 2.0}
"""Milliseconds: cold with 30 configurations at 5,000 nodes, after an edit there, and for each further configuration."""


def network(count: int, widths: int, branches: bool = False) -> Project:
    """Convolution, batch norm and activation in turn on small pictures, three configurations for each width.

    With `branches` every other block's result is added to what came into it, with a width of its own for each pair.
    """
    nodes = {"image": Node("Input", {"field": "image"}), "label": Node("Target", {"field": "label"})}
    links: list[Link] = []
    last = "image"

    def put(layer: str, values: dict[str, Any], source: str, port: str = "input") -> str:
        node_id = f"{layer.lower()}{len(nodes)}"
        nodes[node_id] = Node(layer, values, x=len(nodes) * 220.0)
        links.append(Link(source, "output", node_id, port))
        return node_id

    block = 0
    while len(nodes) < count - 3 - 3 - branches:
        width = 8 + 8 * ((block // 2 if branches else block) % widths)
        before = last
        last = put("Conv2d", {"out_channels": width, "kernel_size": (3, 3), "padding": (1, 1), "bias": False}, last)
        last = put("ReLU", {}, put("BatchNorm2d", {}, last))
        if branches and block % 2:
            joined = put("Add", {}, before, "tensors_0")
            links.append(Link(last, "output", joined, "tensors_1"))
            last = joined
        block += 1
    last = put("Linear", {"out_features": 10}, put("Flatten", {}, last))
    nodes["loss"] = Node("CrossEntropyLoss")
    links += [Link(last, "output", "loss", "input"), Link("label", "output", "loss", "target")]
    return Project(Graph(nodes, tuple(sorted(links, key=graphs.link_key))), Data("Digits"))


def edited(project: Project, number: int) -> Project:
    """The project with one value of a convolution in its middle changed, as it arrives from a window: all anew."""
    convolutions = [node_id for node_id, node in project.graph.nodes.items() if node.layer == "Conv2d"]
    middle = convolutions[len(convolutions) // 2]
    kernel = 3 + 2 * (number % 2)
    graph = graphs.with_value(project.graph, middle, "kernel_size", (kernel, kernel))
    graph = graphs.with_value(graph, middle, "padding", (kernel // 2, kernel // 2))
    return arrived(msgspec.structs.replace(project, graph=graph))


def arrived(project: Project) -> Project:
    """The project as the engine's reader hands it on."""
    asked = ASKED.decode(frame(Asked(1, Check(project)))[4:])
    assert isinstance(asked.body, Check)
    return asked.body.project


def timed(action: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds by the clock, and of this process's processor."""
    wall, own = time.perf_counter(), time.process_time()
    action()
    return (time.perf_counter() - wall) * 1e3, (time.process_time() - own) * 1e3


def rounds(prepared: Callable[[int], Callable[[], Any]], count: int = ROUNDS) -> tuple[float, float]:
    """Medians of clock and processor over several rounds; what is prepared is not timed."""
    taken = [timed(prepared(number)) for number in range(count)]
    return statistics.median(wall for wall, _ in taken), statistics.median(own for _, own in taken)


def measure() -> list[Row]:
    """Every figure of the check, each beside its goal."""
    return [row for count in (1000, 5000) for row in [*checks(count), *wire(count)]]


def checks(count: int) -> list[Row]:
    """Cold, warm and after an edit, with few and with many configurations."""
    from core.engine import check as engine
    from core.engine.visit import configurations

    engine.check(arrived(network(40, 1)), 0)  # the first check of a process loads what torch loads late
    gc.freeze()  # as the engine does behind its first answer
    rows: list[Row] = []
    shapes = [(f"{3 * widths} configurations", widths, False) for widths in (1, 10, 66)] + [("branches", 10, True)]
    cold: dict[int, tuple[int, float, float]] = {}
    for what, widths, branches in shapes:
        project = network(count, widths, branches)

        def forgotten(_: int, project: Project = project) -> Callable[[], Checked]:
            engine.forget()
            now = arrived(project)
            return lambda: engine.check(now, 0)

        def again(_: int, project: Project = project) -> Callable[[], Checked]:
            now = arrived(project)
            return lambda: engine.check(now, 0)

        def after_edit(number: int, project: Project = project) -> Callable[[], Checked]:
            now = edited(project, number)
            return lambda: engine.check(now, 0)

        name = f"{count:,} nodes, {what}"
        wall, own = rounds(forgotten)
        known = configurations()
        is_goal = count == 5000 and widths == 10 and not branches
        if not branches:
            cold[widths] = (known, wall, own)
        rows.append(_row(f"cold, {name}", wall, own, GOALS["cold"] if is_goal else None, f"{known} examined"))
        rows.append(_row(f"warm, {name}", *rounds(again)))
        engine.check(edited(project, 0), 0)
        engine.check(edited(project, 1), 0)
        rows.append(_row(f"after an edit, {name}", *rounds(after_edit), GOALS["edit"] if count == 5000 else None))
    few, many = cold[10], cold[66]
    wall, own = ((many[index] - few[index]) / (many[0] - few[0]) for index in (1, 2))
    rows.append(_row(f"each further configuration, {count:,} nodes", wall, own, GOALS["further"]))
    return rows


def wire(count: int) -> list[Row]:
    """What it takes to write and to read a project and an answer."""
    from core.engine.check import check

    project = network(count, 10)
    asked = Asked(1, Check(project))
    question = frame(asked)
    said = Said(1, check(project, 0), True)
    answer = frame(said)
    acts: dict[str, Callable[[], Any]] = {
        "project written": lambda: frame(asked),
        "project read": lambda: ASKED.decode(question[4:]),
        "answer written": lambda: frame(said),
        "answer read": lambda: SAID.decode(answer[4:]),
    }
    sizes = {"project": len(question), "answer": len(answer)}
    return [
        _row(f"{what}, {count:,} nodes", *rounds(lambda _, act=act: act), note=f"{sizes[what.split()[0]] >> 10} KiB")
        for what, act in acts.items()
    ]


def _row(what: str, wall: float, own: float, goal: float | None = None, note: str = "") -> Row:
    said = ", ".join(filter(None, [note, f"{own:.3g} ms of processor"]))
    return Row("check", what, round(wall, 2), "ms", f"<= {goal:g}" if goal else "", said)


if __name__ == "__main__":
    for row in measure():
        print(row)
