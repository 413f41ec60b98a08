"""The dock of runs and advice, with runs on disk in the form in which an engine writes them."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from core import runs
from core.events import Baseline, Ended, Epoch, Event, Losses, Note, Paused, Started
from core.frames import frame
from core.graph import Graph, Node
from core.messages import Checked, NodeReport, Problem
from core.places import runs_folder
from core.project import Project
from core.repairs import Bypass, Repair
from core.runs import summary
from designer.document import Document
from designer.plots import glances
from designer.plots.runs import AT_ONCE, Runs


def events_of(folder: Path, loss: float = 0.06, how: str | None = "finished") -> list[Event]:
    told: list[Event] = [
        Started(str(folder), "cpu", 2, False, 10, 23, (1, 1, 1), 0, 20490, time=time.time() - 3600),
        Baseline("logistic regression", "validation_accuracy", 0.976),
    ]
    for epoch in (1, 2, 3):
        told.append(Losses((epoch - 1) * 23, np.ones(23, "<f4").tobytes(), 1.0 * epoch, 8200.0, epoch / 10, 4.0))
        told.append(
            Epoch(
                epoch,
                epoch * 23,
                3.0 * epoch,
                {"validation_loss": loss + abs(epoch - 2), "validation_accuracy": 0.987},
                epoch == 2,
            )
        )
    if how is not None:
        told.append(Ended(str(folder), how, 3, 69, 9.0, 8000.0))  # type: ignore[arg-type]
    return told


def store(loss: float = 0.06, how: str | None = "finished", tail: bytes = b"") -> Path:
    folder = runs.new_folder()
    (folder / runs.EVENTS).write_bytes(b"".join(frame(event) for event in events_of(folder, loss, how)) + tail)
    return folder


@pytest.fixture
def document(qapp) -> Document:
    made = Document()
    made.new(Project(Graph({"fc": Node("Linear"), "soft": Node("Softmax")})))
    return made


@pytest.fixture
def dock(qtbot, document, own_home):
    def make() -> Runs:
        made = Runs(document, None)  # type: ignore[arg-type]  # no engine is asked here
        qtbot.addWidget(made)
        made.resize(330, 300)
        made.show()
        qtbot.waitExposed(made)
        settle(qtbot, made)
        return made

    return make


def settle(qtbot, dock):
    qtbot.waitUntil(lambda: not dock.is_reading, timeout=20_000)
    dock._refresh.now()


def test_that_nothing_more_is_offered_before_it_is_known_that_there_are_runs(qtbot, document, own_home):
    made = Runs(document, None)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.show()
    assert not [each for each in made.findChildren(QPushButton) if each.isVisible()]


def words(dock) -> list[str]:
    return [card.words.text() for card in dock.old]


def test_that_a_glance_comes_to_the_same_as_reading_the_whole_run():
    for how in ("finished", "stopped", None):
        folder = store(how=how)
        *_, found = glances.glance(folder)
        whole = summary(folder)
        assert (found.epochs, found.steps, found.seconds) == (whole.epochs, whole.steps, whole.seconds) == (3, 69, 9.0)
        assert found.metrics == whole.metrics == {"validation_loss": 0.06, "validation_accuracy": 0.987}
        assert (found.how, found.best_epoch, found.started) == (whole.how, 2, whole.started)


def test_that_a_torn_or_broken_run_is_told_as_far_as_it_goes():
    torn = store(tail=frame(Paused(True))[:-1])
    broken = store(tail=frame(["ended", 1]))
    empty = runs.new_folder()
    (empty / runs.EVENTS).write_bytes(b"")
    assert [list(glances.glance(folder))[-1].epochs for folder in (torn, broken, empty)] == [3, 3, 0]
    gone = list(glances.glance(empty / "nowhere"))[-1]
    assert gone.message == "This run cannot be read: there is no such file or folder."


def test_that_earlier_runs_are_listed_with_their_figures(dock):
    store(0.061)
    store(0.072, how="failed")
    shown = words(dock())
    assert len(shown) == 2
    good = next(text for text in shown if "0.061" in text)
    assert good.startswith("○")
    assert "val 0.061 · 98.7\u00a0% · 20\u202f490 parameters · 9\u202fs" in good
    bad = next(text for text in shown if "0.072" in text)
    assert bad.startswith("✗")
    assert "failed" in bad


def test_that_a_click_and_enter_open_a_run(dock, qtbot):
    folder = store()
    made = dock()
    with qtbot.waitSignal(made.open_run) as opened:
        qtbot.mouseClick(made.old[0], Qt.MouseButton.LeftButton)
    assert opened.args == [str(folder)]
    with qtbot.waitSignal(made.open_run) as opened:
        qtbot.keyClick(made.old[0], Qt.Key.Key_Return)
    assert opened.args == [str(folder)]


def test_that_the_run_that_is_on_shows_how_far_it_is(dock):
    made = dock()
    folder = runs.new_folder()
    for event in events_of(folder, how=None):
        made.receive(event)
    made._refresh.now()
    text = made.current.words.text()
    assert text.startswith("●")
    assert "epoch 4/10 · 8\u202f200\u202fsamples/s · 4\u202fs left" in text
    assert made.current.bar.value() == 300
    assert made.current.bar.isVisible()
    made.receive(Paused(True))
    made._refresh.now()
    assert "paused · epoch 4/10" in made.current.words.text()
    made.receive(Ended(str(folder), "stopped", 3, 69, 9.0, 8000.0))
    made._refresh.now()
    assert made.current.words.text().startswith("○")
    assert "stopped" in made.current.words.text()
    assert not made.current.bar.isVisible()


def test_that_a_replayed_run_is_not_taken_for_one_that_is_on(dock, qtbot):
    folder = store(how=None)
    made = dock()
    qtbot.mouseClick(made.old[0], Qt.MouseButton.LeftButton)
    made.clear()
    for event in runs.events(folder):
        made.receive(event)
    made._refresh.now()
    assert not made.current.bar.isVisible()
    assert "not ended" in made.current.words.text()
    assert made.old == []  # it stands on top now


def test_that_many_runs_are_read_a_few_at_a_time(dock, qtbot):
    for number in range(AT_ONCE + 5):
        store(0.1 + number / 100)
    made = dock()
    assert len(made.old) == AT_ONCE
    qtbot.mouseClick(made._more, Qt.MouseButton.LeftButton)
    settle(qtbot, made)
    assert len(made.old) == AT_ONCE + 5
    assert made._more.isHidden()


def test_that_nothing_to_repair_is_said_only_after_a_whole_check(dock, document):
    made = dock()
    assert made.advice == []
    document.take(Checked(document.revision, nodes={"fc": NodeReport("Linear")}, partial=True))
    made._refresh.now()
    assert made.advice == []
    document.take(Checked(document.revision, nodes={"fc": NodeReport("Linear")}))
    made.receive(Baseline("logistic regression", "validation_accuracy", 0.976))
    made._refresh.now()
    assert [card.property("tone") for card in made.advice] == ["good"]
    assert "Logistic regression on the same split: 97.6\u00a0%." in made.advice[0].words.text()


def test_that_a_repair_is_one_step_that_can_be_undone(dock, document, qtbot):
    made = dock()
    before = document.project
    problem = Problem(
        "error",
        "soft",
        "input",
        "Softmax stands <before> the loss.",
        Repair("Remove soft", (Bypass("soft"),)),
        "Twice.",
    )
    document.take(Checked(document.revision, (problem,), {"fc": NodeReport("Linear")}))
    made._refresh.now()
    assert [card.property("tone") for card in made.advice] == ["error"]
    assert "Softmax stands &lt;before&gt; the loss." in made.advice[0].words.text()
    buttons = {button.accessibleName(): button for button in made.advice[0].findChildren(QPushButton)}
    with qtbot.waitSignal(made.node_wanted) as wanted:
        qtbot.mouseClick(buttons["Show soft"], Qt.MouseButton.LeftButton)
    assert wanted.args == ["soft"]
    qtbot.mouseClick(buttons["Remove soft"], Qt.MouseButton.LeftButton)
    assert list(document.project.graph.nodes) == ["fc"]
    document.undo_stack.undo()
    assert document.project == before


def test_that_notes_of_the_run_are_cards_and_go_with_the_next_run(dock):
    made = dock()
    made.receive(Started("a", "cpu", 1, False, 1, 1, (1, 1, 1), 0, 1))
    made.receive(Note("warning", "Validation loss rises since epoch 4.", "fc"))
    made._refresh.now()
    assert [card.words.text().strip() for card in made.advice] == ["Validation loss rises since epoch 4."]
    made.receive(Started("b", "cpu", 1, False, 1, 1, (1, 1, 1), 0, 1))
    made._refresh.now()
    assert made.advice == []


def test_that_cards_are_as_high_as_their_words_need(dock, document):
    for _ in range(4):
        store()
    made = dock()
    sentence = (
        "CrossEntropyLoss expects N × 10 scores, but receives N × 32 × 1 × 10 from fc; flatten the picture before fc."
    )
    document.take(
        Checked(
            document.revision,
            (Problem("error", "fc", "", sentence, Repair("Insert Flatten")),),
            {"fc": NodeReport("Linear")},
        )
    )
    made._refresh.now()
    for width in (330, 260, 500):
        made.resize(width, 300)
        made._area.settle()
        for card in [*made.advice, *made.old]:
            assert card.height() >= card.heightForWidth(card.width())


@pytest.mark.parametrize("size", [(1, 1), (60, 40), (150, 200), (1000, 400)])
def test_that_every_size_can_be_painted(dock, theme, shot, size):
    store()
    made = dock()
    made.set_theme(theme)
    made.resize(*size)
    assert not shot(made).isNull()


def test_that_a_runs_folder_that_is_not_there_is_no_fault(dock):
    assert not runs_folder().exists()
    made = dock()
    assert made.old == []
    assert not made._empty.isHidden()
