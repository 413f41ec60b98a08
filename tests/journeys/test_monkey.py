"""Seeded random real events on the real window: no exception, no warning, no leak.

A seed that fails names itself; LAYERLOOM_MONKEY=seed plays it alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest
from monkey import Fault, Monkey
from offscreen_drag import OffscreenDrag
from person import wait_until
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from designer import app as application
from designer.document import Document

SHORT_SEEDS = (1, 2, 3)
SHORT_ACTS = 120
MINUTES = float(os.environ.get("LAYERLOOM_MONKEY_MINUTES", "10"))
MOST_GROWTH_MB = 50


@pytest.fixture
def monkey(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Monkey]:
    """A monkey at a window without engines: what it breaks is the window's fault alone."""
    monkeypatch.setattr("designer.palette_tree.QDrag", OffscreenDrag)
    window = application.make_window(Document())
    window.resize(1600, 1000)
    window.show()
    wait_until(window.isVisible, "the window is shown")
    made = Monkey(window)
    yield made
    made.begin()
    made.stop()
    window.document.undo_stack.setClean()
    window.close()
    assert not window.isVisible(), "what the monkey had half written went into the next document"


def test_that_random_events_break_nothing(monkey: Monkey):
    said = os.environ.get("LAYERLOOM_MONKEY")
    for seed in [int(said)] if said else SHORT_SEEDS:
        monkey.play(seed, *(() if said else (SHORT_ACTS,)))


@pytest.mark.campaign
@pytest.mark.timeout(MINUTES * 60 + 600)
def test_that_ten_minutes_of_random_events_break_nothing_and_leak_nothing(monkey: Monkey):
    start, seed, at_first = time.monotonic(), int(os.environ.get("LAYERLOOM_MONKEY", "1000")), 0.0
    seconds = MINUTES * 60
    while time.monotonic() - start < seconds:
        monkey.play(seed)
        seed += 1
        if not at_first and time.monotonic() - start > seconds / 10:
            at_first = monkey.memory()
    growth = monkey.memory() - at_first
    print(f"{seed} was the last seed; memory grew by {growth:.1f} MB from {at_first:.0f} MB")
    assert growth < MOST_GROWTH_MB


def test_that_a_fault_is_found_and_names_its_seed(monkey: Monkey):
    def break_it() -> None:
        raise RuntimeError("on purpose")

    QTimer.singleShot(100, break_it)
    with pytest.raises(Fault, match=r"(?s)LAYERLOOM_MONKEY=7 .*RuntimeError: on purpose"):
        monkey.play(7)
