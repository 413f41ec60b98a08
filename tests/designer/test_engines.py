"""The engines of a window: an engine that dies is named and replaced, and the document is never touched."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from person import wait_until
from PySide6.QtWidgets import QApplication

from core import runs
from core.events import Ended, Epoch, Event, Losses
from core.examples import example_project
from core.messages import Answer, Exported, Failure
from core.messages import Export as ExportRequest
from core.project import Project
from designer.document import Document
from designer.engines import Engines, Run


@pytest.fixture
def document(qapp: QApplication) -> Document:
    """The digits example."""
    made = Document()
    made.new(example_project("digits"))
    return made


@pytest.fixture
def engines(document: Document) -> Iterator[Engines]:
    """Its engines, with the first check behind them."""
    made = Engines(document)
    made.check()
    wait_until(lambda: document.report is not None and not document.report.partial, "the example is checked")
    yield made
    made.close()


def long_run(document: Document) -> Project:
    return msgspec.structs.replace(document.project, training={"epochs": 5000})


def test_that_a_killed_editor_engine_is_named_replaced_and_asked_again(document: Document, engines: Engines) -> None:
    said: list[str] = []
    engines.died.connect(said.append)
    before = document.project
    first = engines.editor_pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: said, "its end is said", 5)
    assert "SIGKILL" in said[0]
    document.report = None
    wait_until(lambda: document.report is not None and not document.report.partial, "the new engine has checked")
    assert engines.editor_pid != first
    assert document.project is before


def test_that_a_killed_run_is_said_and_what_it_had_is_kept(document: Document, engines: Engines) -> None:
    run = Run(engines)
    seen: list[Event] = []
    run.happened.connect(seen.append)
    run.start(long_run(document))
    wait_until(lambda: sum(isinstance(event, Epoch) for event in seen) >= 3, "three epochs are done")
    os.kill(run.pid, signal.SIGKILL)
    wait_until(lambda: run.state == "idle", "its end is noticed", 5)
    ended = seen[-1]
    assert isinstance(ended, Ended)
    assert ended.how == "failed"
    assert "SIGKILL" in ended.message
    assert sum(isinstance(event, Losses) for event in runs.events(Path(run.folder))) > 0
    run.start(msgspec.structs.replace(document.project, training={"epochs": 1}))
    wait_until(lambda: run.state == "idle", "another run has ended")
    assert isinstance(seen[-1], Ended)
    assert seen[-1].how == "finished"


def test_that_a_run_pauses_goes_on_and_stops(document: Document, engines: Engines) -> None:
    run = Run(engines)
    seen: list[Event] = []
    states: list[str] = []
    run.happened.connect(seen.append)
    run.state_changed.connect(states.append)
    run.start(long_run(document))
    wait_until(lambda: run.state == "running", "it runs")
    run.pause()
    wait_until(lambda: run.state == "paused", "it stands still")
    count = len(seen)
    QApplication.processEvents()
    assert len(seen) == count
    run.resume()
    wait_until(lambda: run.state == "running" and len(seen) > count + 3, "it goes on")
    run.stop()
    wait_until(lambda: run.state == "idle", "it has stopped", 10)
    assert states == ["starting", "running", "paused", "running", "stopping", "idle"]
    ended = seen[-1]
    assert isinstance(ended, Ended)
    assert ended.how == "stopped"
    assert (Path(run.folder) / "last.safetensors").exists()


def test_that_a_run_that_ignores_stop_is_ended_by_force(
    document: Document, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("designer.engines.STOP_MILLISECONDS", 200)
    run = Run(engines)
    seen: list[Event] = []
    run.happened.connect(seen.append)
    run.start(long_run(document))
    wait_until(lambda: run.state == "running", "it runs")
    os.kill(run.pid, signal.SIGSTOP)
    run.stop()
    wait_until(lambda: run.state == "idle", "it was ended", 10)
    ended = seen[-1]
    assert isinstance(ended, Ended)
    assert "did not stop within" in ended.message


def test_that_long_work_is_cancelled_at_once(document: Document, engines: Engines, tmp_path: Path) -> None:
    answers: list[Answer] = []
    request = ExportRequest(document.project, "onnx", str(tmp_path / "model.onnx"))
    cancel = engines.work(request, answers.append)
    cancel()
    assert [type(answer) for answer in answers] == [Failure]
    cancel()
    engines.work(request, answers.append)
    wait_until(lambda: len(answers) == 2, "the second one is done", 120)
    assert isinstance(answers[1], Exported)


def test_that_a_run_folder_that_cannot_be_made_is_one_sentence(
    document: Document, engines: Engines, own_home: Path
) -> None:
    (own_home / "runs").write_text("a file where the folder should be")
    run = Run(engines)
    seen: list[Event] = []
    run.happened.connect(seen.append)
    run.start(document.project)
    assert [type(event) for event in seen] == [Ended]
    assert isinstance(seen[0], Ended)
    assert "run folder" in seen[0].message.lower()
    assert run.state == "idle"
