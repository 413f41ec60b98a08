"""What the canvas bench measures in processes of their own: the memory of a large project, and NodeGraphQt."""

from __future__ import annotations

import importlib
import importlib.util
import json
import math
import os
import statistics
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_PREFERRED_BINDING"] = "PySide6"


def memory(count: int) -> dict[str, float]:
    """MB that the process holds with a project of that size in a painted window, and whether torch is loaded."""
    import psutil
    from bench_canvas import grid, report_of

    from designer.app import make_application, make_window
    from designer.document import Document

    application = make_application(["bench"])
    document = Document()
    window = make_window(document)
    window.resize(1600, 1000)
    window.show()
    project = grid(count)
    document.new(project)
    document.take(report_of(project, document.revision))
    window.canvas.viewport().repaint()
    application.processEvents()
    held = psutil.Process().memory_info().rss / 1e6
    document.undo_stack.setClean()
    return {"memory": held, "torch": float("torch" in sys.modules)}


def peer(count: int) -> dict[str, float]:
    """The same figures of NodeGraphQt on the same drawing; none where it is not installed."""
    if importlib.util.find_spec("NodeGraphQt") is None:
        return {}
    import warnings

    warnings.simplefilter("ignore")
    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    library = importlib.import_module("NodeGraphQt")

    class Layer(library.BaseNode):
        __identifier__ = "bench"
        NODE_NAME = "Layer"

        def __init__(self) -> None:
            super().__init__()
            self.add_input("a")
            self.add_input("b")
            self.add_output("out")

    graph = library.NodeGraph()
    graph.register_node(Layer)
    columns = max(1, math.ceil((count * 1.2) ** 0.5))
    began = time.thread_time()
    nodes = [
        graph.create_node("bench.Layer", pos=[index % columns * 300, index // columns * 220], selected=False)
        for index in range(count)
    ]
    for index in range(count - 1):
        nodes[index].set_output(0, nodes[index + 1].input(0))
    for index in range(2, count - 3, 3):
        nodes[index].set_output(0, nodes[index + 3].input(1))
    figures = {"build": (time.thread_time() - began) * 1e3}
    graph.widget.resize(1600, 1000)
    graph.widget.show()
    application.processEvents()
    view = graph.viewer()
    graph.select_all()
    graph.fit_to_selection()
    graph.clear_selection()
    application.processEvents()
    figures["repaint, all in view"] = _median(view.viewport().repaint, 7)
    held = nodes[count // 2 - (count // 2) % 3 + 2]
    held.set_selected(True)
    view.reset_zoom(QPointF(held.x_pos(), held.y_pos()))
    application.processEvents()
    figures["repaint at 100 %"] = _median(view.viewport().repaint, 9)
    place = iter(range(1, 1000))

    def drag() -> None:
        held.view.setPos(held.x_pos() + 3 * next(place), held.y_pos() + 2)
        application.processEvents()

    figures["drag step at 100 %"] = _median(drag, 30)
    return figures


def _median(action, repeats: int) -> float:
    times: list[float] = []
    for _ in range(repeats):
        began = time.thread_time()
        action()
        times.append((time.thread_time() - began) * 1e3)
    return statistics.median(times)


if __name__ == "__main__":
    found = {"memory": memory, "peer": peer}[sys.argv[1]](int(sys.argv[2]))
    print(json.dumps(found), flush=True)
    os._exit(0)  # what NodeGraphQt leaves behind can end the process badly
