"""Frames of the canvas from 100 to 10,000 nodes, beside NodeGraphQt where it is installed.

Main-thread processor milliseconds, medians; a viewport of 1600 x 1000 pixels, a chain with a skip link at every
third node, drawn without a display (a real X server was measured to be within 10 %).
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from table import Row

DRIVER = Path(__file__).with_name("canvas_driver.py")
PEER = "NodeGraphQt 0.6.44"
GOALS = {
    (1_000, "build"): 200.0,
    (1_000, "repaint, all in view"): 2.0,
    (10_000, "repaint, all in view"): 6.0,
    (1_000, "repaint at 100 %"): 3.0,
    (10_000, "repaint at 100 %"): 3.0,
    (10_000, "worst zoom step"): 12.0,
    (1_000, "drag step at 100 %"): 1.5,
    (10_000, "drag step at 100 %"): 1.5,
    (10_000, "edit of one value and its undo"): 16.0,
    (10_000, "open a file into a painted window"): 1500.0,
    (10_000, "memory without torch"): 250.0,
}
"""Milliseconds, and for memory MB."""

ZOOMS = [0.03 * 1.12**step for step in range(40)]


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
    figures["repaint, all in view"] = median(canvas.viewport().repaint, 31)
    middle = canvas.drawing.items_by_id[f"node{count // 2 - count // 2 % 3 + 2}"]  # it has four links
    canvas.set_zoom(1.0)
    canvas.show_centre(middle.rect().center())
    QApplication.processEvents()
    figures["repaint at 100 %"] = median(canvas.viewport().repaint, 41)
    bar = canvas.horizontalScrollBar()
    figures["pan step at 100 %"] = median(lambda: bar.setValue(bar.value() + 11), 40)
    canvas.show_centre(middle.rect().center())
    QApplication.processEvents()
    steps = iter(range(1, 1000))
    figures["drag step at 100 %"] = median(lambda: canvas.drawing.shift([middle.node_id], next(steps) * 3.0, 2.0), 40)
    canvas.drawing.shift([middle.node_id], 0, 0)
    figures["worst zoom step"] = _worst_zoom(canvas)
    canvas.close()
    return figures


def _worst_zoom(canvas) -> float:
    """Of all steps from 3 % to 250 % the one that takes longest, each the median of three ways through."""
    ways: dict[float, list[float]] = {zoom: [] for zoom in ZOOMS}
    for _ in range(4):
        for zoom in ZOOMS:
            ways[zoom].append(median(lambda zoom=zoom: canvas.set_zoom(zoom), 1))
    return max(statistics.median(times[1:]) for times in ways.values())


def in_window(count: int) -> dict[str, float]:
    """What a whole window takes to open a file of that size, and for one edit with its undo."""
    from PySide6.QtWidgets import QApplication

    from core.project import save
    from designer.actions import ACTIONS
    from designer.document import Document
    from designer.window import Window

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.loom"
        save(grid(count), path)
        document = Document()
        window = Window(document, ACTIONS)
        window.resize(1600, 1000)
        window.show()
        QApplication.processEvents()

        def open_file() -> None:
            document.undo_stack.setClean()
            document.open(path)
            QApplication.processEvents()
            window.canvas.viewport().repaint()

        figures = {"open a file into a painted window": median(open_file, 3)}
        document.take(report_of(document.project, document.revision))
        QApplication.processEvents()
        numbers = iter(range(1, 1000))
        node_id = f"node{count // 2 - count // 2 % 3}"

        def edit() -> None:
            _edit(document, node_id, next(numbers))
            QApplication.processEvents()
            document.undo_stack.undo()

        figures["edit of one value and its undo"] = median(edit, 9)
        document.undo_stack.setClean()
        window.close()
    return figures


def driven(*words: str) -> dict[str, float]:
    """What a process of its own says."""
    here = os.pathsep.join([str(DRIVER.parents[2]), str(DRIVER.parent), os.environ.get("PYTHONPATH", "")])
    surroundings = {**os.environ, "PYTHONPATH": here}
    command = [sys.executable, str(DRIVER), *words]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=300)
    lines = done.stdout.strip().splitlines()
    if not lines:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(lines[-1])


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
    from msgspec.structs import replace

    from core import graph as graphs

    project = document.project
    document.edit("Set", replace(project, graph=graphs.with_value(project.graph, node_id, "out_channels", value)))


def measure() -> list[Row]:
    """The rows of the table."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from designer.app import make_application

    application = make_application(["bench"])
    frames(20)  # fonts and icons are loaded once, whatever the size
    rows: list[Row] = []
    for count in (100, 1_000, 10_000):
        for what, figure in frames(count).items():
            rows.append(_row(what, count, figure))
    for what, figure in in_window(10_000).items():
        rows.append(_row(what, 10_000, figure))
    for what, figure in entering(10_000).items():
        rows.append(Row("canvas", f"{what}, 10,000 nodes", round(figure, 1), "ms", "<= 100", ""))
    held = driven("memory", "10000")
    note = "with torch loaded" if held["torch"] else ""
    rows.append(_row("memory without torch", 10_000, held["memory"], "MB", note))
    for what, figure in driven("peer", "1000").items():
        rows.append(Row("canvas", f"{PEER}: {what}, 1,000 nodes", round(figure, 2), "ms"))
    application.processEvents()
    return rows


def _row(what: str, count: int, figure: float, unit: str = "ms", note: str = "") -> Row:
    goal = GOALS.get((count, what))
    bound = f"<= {goal:g}" if goal is not None else ""
    return Row("canvas", f"{what}, {count:,} nodes", round(figure, 2), unit, bound, note)


if __name__ == "__main__":
    for row in measure():
        print(row)
