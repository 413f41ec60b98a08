"""Frames of the canvas: building, repainting, panning and dragging at 100, 1,000 and 5,000 nodes.

Main-thread processor milliseconds, medians; a viewport of 1600 x 1000 pixels, a chain with a skip link at every
third node, drawn without a display (a real X server was measured to be within 10 %).
"""

from __future__ import annotations

import math
import os
import statistics
import time
from collections.abc import Callable

from table import Row

GOALS = {"build": 200.0, "repaint, all in view": 2.0, "repaint at 100 %": 3.0, "drag step at 100 %": 1.5}
"""Milliseconds at 1,000 nodes, from the measurements of the design."""


def grid(count: int):
    """A project of layers on a grid: a chain, and a skip link from every third node."""
    from core.graph import Graph, Link, Node
    from core.project import Project

    columns = max(1, math.ceil((count * 1.2) ** 0.5))
    kinds = [("Conv2d", {"out_channels": 32}), ("ReLU", {}), ("Add", {})]
    nodes = {}
    for index in range(count):
        layer, values = kinds[index % 3]
        nodes[f"node{index}"] = Node(layer, values, index % columns * 300.0, index // columns * 220.0)
    links = []
    for index in range(count - 1):
        port = "tensors_0" if (index + 1) % 3 == 2 else "input"
        links.append(Link(f"node{index}", "output", f"node{index + 1}", port))
    links += [Link(f"node{index}", "output", f"node{index + 3}", "tensors_1") for index in range(2, count - 3, 3)]
    return Project(Graph(nodes, tuple(links)))


def report_of(project, revision: int):
    """What a check would say of it: a shape and a parameter count for every node."""
    from core.messages import Checked, NodeReport
    from core.specs import Spec

    outputs = {"output": Spec(("N", 32, 56, 56))}
    nodes = {node_id: NodeReport(node.layer, outputs, 9248) for node_id, node in project.graph.nodes.items()}
    return Checked(revision, nodes=nodes)


def timed(action: Callable[[], object]) -> float:
    """Processor milliseconds of this thread."""
    start = time.thread_time()
    action()
    return (time.thread_time() - start) * 1e3


def median(action: Callable[[], object], repeats: int) -> float:
    """The median of several runs, each with its events done."""
    from PySide6.QtWidgets import QApplication

    return statistics.median(timed(lambda: (action(), QApplication.processEvents())) for _ in range(repeats))


def frames(count: int) -> dict[str, float]:
    """The usual frames of one size."""
    from PySide6.QtWidgets import QApplication

    from designer.canvas import Canvas
    from designer.document import Document

    document, made = Document(), grid(count)
    canvas = Canvas(document)
    canvas.resize(1600, 1000)
    canvas.show()
    QApplication.processEvents()
    figures = {"build": timed(lambda: document.new(made))}
    document.take(report_of(made, document.revision))
    QApplication.processEvents()
    figures["repaint, all in view"] = median(canvas.viewport().repaint, 9)
    middle = canvas.drawing.items_by_id[f"node{count // 2}"]
    canvas.set_zoom(1.0)
    canvas.show_centre(middle.rect().center())
    QApplication.processEvents()
    figures["repaint at 100 %"] = median(canvas.viewport().repaint, 15)
    bar = canvas.horizontalScrollBar()
    figures["pan step at 100 %"] = median(lambda: bar.setValue(bar.value() + 11), 40)
    canvas.show_centre(middle.rect().center())
    QApplication.processEvents()
    steps = iter(range(1, 1000))
    figures["drag step at 100 %"] = median(lambda: canvas.drawing.shift([middle.node_id], next(steps) * 3.0, 2.0), 40)
    canvas.drawing.shift([middle.node_id], 0, 0)
    figures["edit of one value"] = median(lambda: _edit(document, middle.node_id, next(steps)), 9)
    canvas.close()
    return figures


def entering(count: int) -> dict[str, float]:
    """Entering a block of a large project and leaving it, until it is painted, in a whole window."""
    from msgspec.structs import replace
    from PySide6.QtWidgets import QApplication

    from core.blocks import dropped
    from core.graph import with_nodes
    from core.grouping import grouped
    from designer.actions import ACTIONS
    from designer.document import Document
    from designer.window import Window

    made = grid(count)
    graph, used = grouped(made.graph, [f"node{index}" for index in range(30)], "Part")
    again = {f"part_{index}": dropped("Part", graph.blocks["Part"]) for index in range(20)}
    made = replace(made, graph=with_nodes(graph, again))
    document = Document()
    window = Window(document, ACTIONS)
    window.resize(1600, 1000)
    window.show()
    document.new(made)
    report = report_of(made, document.revision)
    spoken = report.nodes["node31"]
    inner = {f"{use}/{each}": spoken for use in (used, *again) for each in made.graph.blocks["Part"].nodes}
    document.take(replace(report, inner=inner))
    QApplication.processEvents()
    ways: dict[str, list[float]] = {"enter a block": [], "leave it": []}
    for _ in range(9):
        for what, way in (("enter a block", lambda: window.scope.enter(used)), ("leave it", window.scope.leave)):
            ways[what].append(timed(lambda way=way: (way(), QApplication.processEvents())))
    document.undo_stack.setClean()
    window.close()
    return {what: statistics.median(times) for what, times in ways.items()}


def _edit(document, node_id: str, value: int) -> None:
    from core import graph as graphs
    from core.project import Project

    project = document.project
    document.edit("Set", Project(graphs.with_value(project.graph, node_id, "out_channels", value), project.data))


def measure() -> list[Row]:
    """The rows of the table."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([])
    frames(20)  # fonts and icons are loaded once, whatever the size
    rows = []
    for count in (100, 1000, 5000):
        for what, figure in frames(count).items():
            goal = f"<= {GOALS[what]:g}" if count == 1000 and what in GOALS else ""
            rows.append(Row("canvas", f"{what}, {count:,} nodes", round(figure, 2), "ms", goal, ""))
    for what, figure in entering(10_000).items():
        rows.append(Row("canvas", f"{what}, 10,000 nodes", round(figure, 1), "ms", "<= 100", ""))
    application.processEvents()
    return rows


if __name__ == "__main__":
    for row in measure():
        print(row)
