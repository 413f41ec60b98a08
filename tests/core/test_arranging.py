"""The layout's process: what it answers, that it ends in time, and that it loads neither torch nor Qt."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from core.arranging import Arrangement
from core.client import environment
from core.layered import Bond, quick_order
from core.wrapping import Boxes, arranged

BOXES = Boxes((90.0,) * 6, tuple(Bond(each, each + 1) for each in range(5)))


def stand_in(monkeypatch: pytest.MonkeyPatch, folder: Path, body: str) -> None:
    """Put a fast-sugiyama of that behaviour before the real one, for the process alone."""
    (folder / "fast_sugiyama.py").write_text(f"def from_edges(*_, **named):\n    {body}\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))


def test_that_the_process_answers_as_the_function_does():
    assert Arrangement(BOXES).run() == arranged(BOXES, quick_order)


@pytest.mark.parametrize("body", ["import os; os.abort()", "while True: pass", "raise ValueError"])
def test_that_a_layout_that_aborts_hangs_or_fails_is_replaced_by_our_own(
    body: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    stand_in(monkeypatch, tmp_path, body)
    boxes = Boxes((90.0,) * 6, (*BOXES.bonds, Bond(0, 4)))
    found = Arrangement(boxes, seconds=1.0).run()
    assert found == arranged(Boxes(boxes.heights, boxes.bonds, is_quick=False), quick_order)


def test_that_it_can_be_cancelled_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    stand_in(monkeypatch, tmp_path, "while True: pass")
    work = Arrangement(BOXES, seconds=60.0)
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(work.run()))
    thread.start()
    time.sleep(0.4)
    work.cancel()
    thread.join(5)
    assert found == [None]


def test_that_its_process_loads_neither_qt_nor_torch():
    script = "import sys, core.arranging, fast_sugiyama; print(*{'torch', 'PySide6', 'networkx'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-P", "-c", script], env=environment(), capture_output=True, text=True)
    assert said.stdout.strip() == "", said.stderr
