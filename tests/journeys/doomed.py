"""Windows and savers that are there to be killed: a server that has loaded everything forks one for each order.

An order is a line of JSON on its stdin; the process id of the fork is the answer. What a fork did it writes down line
by line, each with the time of the clock that every process shares, so that a kill can be held against it.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.graph import Graph, Link, Node
from core.project import Project, text_of
from designer.app import make_application, make_window
from designer.document import Document

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def hash_of(text: str) -> str:
    """What tells one project from another."""
    return hashlib.sha256(text.encode()).hexdigest()


def chain(count: int) -> Project:
    """Layers in a row."""
    nodes = {f"relu{at}": Node("ReLU", {}, 300.0 * at) for at in range(1, count + 1)}
    return Project(Graph(nodes, tuple(Link(f"relu{at}", "output", f"relu{at + 1}", "input") for at in range(1, count))))


class Log:
    """Lines that are in the file when the call returns: a kill takes none of them."""

    def __init__(self, path: str) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def say(self, **words: Any) -> None:
        os.write(self._descriptor, (json.dumps({"time": time.monotonic(), **words}) + "\n").encode())


def edit(order: dict[str, Any]) -> None:
    """Edit through the real window with real keys, as fast as asked, until killed."""
    os.environ["LAYERLOOM_HOME"] = order["home"]
    log, pick = Log(order["log"]), random.Random(order["seed"])
    make_application(["layerloom"])
    document = Document()
    document.changed.connect(lambda *_: log.say(state=hash_of(text_of(document.project))))
    window = make_window(document)
    window.show()
    window.keep_safe()
    if order["file"]:
        window.files.open(Path(order["file"]))
    wait(50)
    log.say(state=hash_of(text_of(document.project)), ready=True)
    canvas = window.canvas
    while True:
        canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        one_edit(window, pick)
        wait(pick.choice((1, 5, 20, 60, 150)))


def one_edit(window: Any, pick: random.Random) -> None:
    """One thing that a person does with keys."""
    canvas, count = window.canvas, len(window.document.project.graph.nodes)
    kind = pick.choice(
        ("add", "add", "duplicate", "mute", "nudge", "undo", "redo", "delete" if count > 6 else "add", "save")
    )
    if kind == "add":
        QTest.keyClick(canvas, Qt.Key.Key_Tab)
        wait(5)
        held = QApplication.focusWidget() or canvas
        QTest.keyClicks(held, pick.choice(("relu", "linear", "drop", "add")))
        QTest.keyClick(held, Qt.Key.Key_Return)
    elif kind == "duplicate" and count < 200:
        canvas.select(pick.sample(sorted(window.document.project.graph.nodes), min(3, count)))
        QTest.keyClick(canvas, Qt.Key.Key_D, CONTROL)
    elif kind == "mute":
        canvas.select_all()
        QTest.keyClick(canvas, Qt.Key.Key_M)
    elif kind == "nudge" and count:
        canvas.select([pick.choice(sorted(window.document.project.graph.nodes))])
        QTest.keyClick(canvas, Qt.Key.Key_Right, CONTROL)
    elif kind == "undo":
        QTest.keyClick(canvas, Qt.Key.Key_Z, CONTROL)
    elif kind == "redo":
        QTest.keyClick(canvas, Qt.Key.Key_Y, CONTROL)
    elif kind == "delete":
        canvas.select(pick.sample(sorted(window.document.project.graph.nodes), 2))
        QTest.keyClick(canvas, Qt.Key.Key_Delete)
    elif kind == "save" and window.document.path is not None and pick.random() < 0.2:
        QTest.keyClick(canvas, Qt.Key.Key_S, CONTROL)


def wait(milliseconds: int) -> None:
    """Let the window do its work for a while."""
    waiting = QEventLoop()
    QTimer.singleShot(milliseconds, waiting.quit)
    waiting.exec()


def save(order: dict[str, Any]) -> None:
    """Save one version after another until killed."""
    os.environ["LAYERLOOM_HOME"] = order["home"]
    log, document, path = Log(order["log"]), Document(), Path(order["file"])
    document.new(chain(order["nodes"]))
    document.save(path)
    log.say(done=0)
    for number in range(1, 10**9):
        document.edit("Seed", replace(document.project, seed=number))
        log.say(begun=number)
        document.save(path)
        log.say(done=number)


ORDERS: dict[str, Callable[[dict[str, Any]], None]] = {"edit": edit, "save": save}


def serve() -> None:
    """Fork for every order until stdin ends; the dead are buried by the system."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                ORDERS[order["do"]](order)
            finally:
                os._exit(1)
        print(child, flush=True)


if __name__ == "__main__":
    serve()
