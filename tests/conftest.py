"""Guards on every test: a home of its own, no display, no network, nothing left behind, no warning unheard."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, runs and logs of a test go into a folder of its own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("LAYERLOOM_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a process or a thread of its own running."""
    threads = set(threading.enumerate())
    children = {child.pid for child in psutil.Process().children(recursive=True)}
    yield
    for thread in set(threading.enumerate()) - threads:
        thread.join(10)  # an engine that was told to close may still be closing
    left = [
        thread.name for thread in set(threading.enumerate()) - threads if thread.is_alive() and not _is_library(thread)
    ]
    processes = [child for child in psutil.Process().children(recursive=True) if child.pid not in children]
    _, alive = psutil.wait_procs(processes, timeout=5)
    names = [f"{child.pid} {child.name()}" for child in alive if child.is_running()]
    for child in alive:
        child.kill()
    assert not left, f"threads left running: {left}"
    assert not names, f"processes left running: {names}"


def _is_library(thread: threading.Thread) -> bool:
    """A pool that a library keeps for the life of the process."""
    return thread.name.startswith(("ThreadPoolExecutor", "asyncio", "pydevd", "Dummy"))


@pytest.fixture(autouse=True)
def no_top_level_widget_left() -> Iterator[None]:
    """Delete the windows of a test, so that the next one begins without any."""
    yield
    widgets = sys.modules.get("PySide6.QtWidgets")
    application = widgets.QApplication.instance() if widgets else None
    if widgets is None or application is None:
        return
    for widget in application.topLevelWidgets():
        widget.close()
        if isinstance(widget, widgets.QMainWindow | widgets.QDialog):  # menus of plots belong to their plots
            widget.deleteLater()
    application.clipboard().clear()  # without a display, Qt would free data of Python's after Python has ended
    core = sys.modules["PySide6.QtCore"]
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    gc.collect()  # on the main thread: Qt objects must never be collected on another one
