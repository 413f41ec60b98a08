"""The start: the window is painted before anything slow is loaded, and torch never is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from pytestqt.qtbot import QtBot

from core import places
from designer.faults import Faults

START = """
import json, sys, time
from designer import app
found = {}
SLOW = ("torch", "pyqtgraph", "networkx", "qasync", "sklearn", "numpy")

def painted(window):
    found["before"] = [name for name in SLOW if name in sys.modules]
    found["visible"] = window.isVisible()

def loaded(window):
    real(window)
    found["after"] = [name for name in SLOW if name in sys.modules]
    window.close()

make, real = app.make_window, app.load_rest

def made(document):
    window = make(document)
    window.painted.connect(lambda: painted(window))
    return window

app.make_window, app.load_rest = made, loaded
found["code"] = app.main(None)
print(json.dumps(found))
"""


def test_that_the_first_paint_waits_for_nothing_slow_and_torch_is_never_loaded(own_home: Path):
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=root,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["visible"]
    assert not {"torch", "pyqtgraph", "networkx", "qasync", "sklearn", "numpy"} & set(found["before"])
    assert {"pyqtgraph", "qasync"} <= set(found["after"])
    assert "torch" not in found["after"]
    assert found["code"] == 0
    log = own_home / "layerloom.log"
    lines = log.read_text().splitlines() if log.exists() else []
    assert [line for line in lines if "This plugin does not support" not in line] == []


def test_that_an_error_nobody_caught_is_said_and_logged_and_ends_nothing(qtbot: QtBot, own_home: Path):
    faults = Faults()
    try:
        with qtbot.waitSignal(faults.said) as said:
            try:
                raise ValueError("a number is missing")
            except ValueError as error:
                faults.take(type(error), error, error.__traceback__)
        assert said.args is not None
        assert "a number is missing" in said.args[0]
        assert "ValueError: a number is missing" in (own_home / "layerloom.log").read_text()
        assert "a number is missing" in places.last_error()
    finally:
        faults.remove()


def test_that_an_error_on_another_thread_is_said_on_the_windows_own(qtbot: QtBot):
    faults = Faults()
    faults.install()
    heard: list[threading.Thread] = []
    faults.said.connect(lambda _: heard.append(threading.current_thread()))
    try:
        with qtbot.waitSignal(faults.said):
            thread = threading.Thread(target=lambda: 1 / 0)
            thread.start()
            thread.join()
        assert heard == [threading.main_thread()]
    finally:
        faults.remove()
