"""The window: first paint, edit to shapes, smoothness and memory while it trains, start to the first step."""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
from table import Row

from core import graph as graphs
from core.client import environment
from core.examples import example_project
from core.graph import Graph, Link, Node
from core.project import Data, Project, save

DRIVER = Path(__file__).with_name("window_driver.py")
STARTS = 9
EDITS = 60


def measure() -> list[Row]:
    """Every figure of the window, each beside its goal."""
    return [*first_paint(), *edit_to_shapes(), *while_training()]


def first_paint() -> list[Row]:
    """From the start of the process to the first painted window, beside a bare interpreter in the same minutes."""
    painted, bare, heavy = [], [], []
    for _ in range(STARTS):
        began = time.time()
        said = _driven("start")
        painted.append(said["wall"] - began)
        heavy = said["heavy"]
        began = time.time()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        bare.append(time.time() - began)
    seconds = statistics.median(painted)
    ratio = statistics.median(a / b for a, b in zip(painted, bare, strict=True))
    return [
        Row("window", "start of the process to the first painted window", seconds, "s", "<= 0.5", f"{STARTS} starts"),
        Row("window", "the same over a bare Python interpreter", ratio, "x"),
        Row("window", "heavy modules loaded by then", len(heavy), "", "<= 0", ", ".join(heavy) or "torch among them"),
    ]


def _driven(*words: str) -> Any:
    done = subprocess.run(
        [sys.executable, str(DRIVER), *words], env=environment(), capture_output=True, text=True, timeout=400
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout.strip().splitlines()[-1])


def chain(count: int) -> Project:
    """Linear and ReLU in turn, on a 2-D toy, ending in a loss."""
    nodes = {"point": Node("Input", {"field": "point"}), "label": Node("Target", {"field": "label"})}
    links: list[Link] = []
    last = "point"
    for index in range(count - 4):
        layer = ("Linear", "ReLU")[index % 2]
        node_id = f"node{index}"
        nodes[node_id] = Node(
            layer, {"out_features": 8 + 8 * (index % 4)} if layer == "Linear" else {}, x=index * 220.0
        )
        links.append(Link(last, "output", node_id, "input"))
        last = node_id
    nodes |= {"scores": Node("Linear", {"out_features": 2}), "loss": Node("CrossEntropyLoss")}
    links += [Link(last, "output", "scores", "input"), Link("scores", "output", "loss", "input")]
    links.append(Link("label", "output", "loss", "target"))
    return Project(Graph(nodes, tuple(sorted(links, key=graphs.link_key))), Data("Moons"))


def edit_to_shapes() -> list[Row]:
    """From an edit of one layer in the document to the report with its shapes, in the window's process."""
    from PySide6.QtCore import QEventLoop

    from designer import app as application
    from designer.document import Document
    from designer.engines import Engines

    app = application.make_application(sys.argv[:1])
    rows: list[Row] = []
    for count in (10, 100, 1000):
        document = Document()
        window = application.make_window(document)
        window.resize(1600, 1000)
        window.show()
        engines = Engines(document)
        waiting = QEventLoop()

        def told(report: Any, waiting: QEventLoop = waiting) -> None:
            if not report.partial:
                waiting.quit()

        document.checked.connect(told)
        document.new(chain(count))
        waiting.exec()
        gc.collect()
        gc.freeze()  # as the application does once it stands
        took: list[float] = []
        for number in range(EDITS):
            app.processEvents()
            project = document.project
            middle = f"node{(count - 4) // 2 // 2 * 2}"
            graph = graphs.with_value(project.graph, middle, "bias", number % 2 == 1, default=True)
            began = time.perf_counter()
            document.edit("Set bias", msgspec.structs.replace(project, graph=graph))
            waiting.exec()
            took.append((time.perf_counter() - began) * 1e3)
        took = sorted(took[2:])
        what = f"edit of one layer to its shapes, {count} nodes"
        rows.append(Row("window", f"{what}, median", statistics.median(took), "ms", "<= 50"))
        rows.append(Row("window", f"{what}, p95", took[int(len(took) * 0.95)], "ms", "<= 30"))
        engines.close()
        document.undo_stack.setClean()  # nobody is there to be asked about unsaved changes
        window.close()
    return rows


def while_training() -> list[Row]:
    """A long digits run in the real window with every dock open: smoothness, memory, start to the first step."""
    project = example_project("digits")
    project = msgspec.structs.replace(project, training={**project.training, "epochs": 60})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digits.loom"
        save(project, path)
        said = [_driven("train", str(path)) for _ in range(3)]

    def median(key: str, part: str = "") -> float:
        return statistics.median(one[key][part] if part else one[key] for one in said)

    return [
        Row("window", "16 ms timer while training, median", median("gaps", "median"), "ms"),
        Row("window", "16 ms timer while training, p99", median("gaps", "p99"), "ms", "<= 20", "median of 3 runs"),
        Row("window", "16 ms timer while training, most", median("gaps", "most"), "ms", "<= 30", "median of 3 runs"),
        Row("window", "start of the process to the first step, cold", median("cold", "step"), "s", "<= 4"),
        Row(
            "window", "Train to the first step, warm", median("warm"), "ms", "<= 100", "data, check and trials included"
        ),
        Row("window", "memory of all processes while training", median("memory"), "GiB", "<= 1.2"),
        Row("window", "torch in the window's process", max(int(one["torch"]) for one in said), "", "<= 0"),
    ]
