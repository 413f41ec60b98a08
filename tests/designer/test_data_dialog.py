"""Choosing a data set, measuring and training with real engines behind the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QMessageBox
from pytestqt.qtbot import QtBot

from core.examples import example_project
from core.graph import Graph, Node
from core.messages import Exported
from core.project import Project
from designer.app import load_rest, make_window
from designer.data_dialog import DataDialog
from designer.document import Document
from designer.exports import export_to, may_evaluate, sentence_of
from designer.window import Window

WAIT = 120_000


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = make_window(Document())
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.show()
    load_rest(made)
    return made


def dialog_of(window: Window) -> DataDialog:
    found = window.findChild(DataDialog)
    assert isinstance(found, DataDialog)
    return found


def test_that_a_dropped_input_asks_for_data_and_takes_its_field_in_one_edit(window: Window, qtbot: QtBot):
    window.document.new(Project(Graph({"input1": Node("Input")})))
    window.choose_data("input1")
    dialog = dialog_of(window)
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not ok.isEnabled()
    dialog.choose("Digits")
    qtbot.waitUntil(ok.isEnabled, timeout=WAIT)
    assert "image (input): 1×8×8 float32" in dialog.preview.text()
    qtbot.mouseClick(ok, Qt.MouseButton.LeftButton)
    assert window.document.project.data.source == "Digits"
    assert window.document.project.graph.nodes["input1"].values == {"field": "image"}
    assert window.document.undo_stack.count() == 1
    qtbot.waitUntil(lambda: "1\u202f797 pictures" in window.toolbar.data.accessibleName(), timeout=WAIT)


def test_that_a_broken_file_is_said_in_one_sentence_and_cannot_be_chosen(window: Window, qtbot: QtBot, tmp_path: Path):
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n1,2\n3,4,5\n6,7\n")
    window.take_file(path)
    dialog = dialog_of(window)
    qtbot.waitUntil(lambda: dialog.report is not None, timeout=WAIT)
    assert dialog.report is not None
    assert "rows.csv" in dialog.preview.text()
    assert dialog.preview.text().count(". ") == 0
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    dialog.reject()
    assert window.document.project.data.source == ""


def test_that_train_runs_shows_its_progress_and_can_be_stopped(window: Window, qtbot: QtBot):
    window.document.new(example_project("moons"))
    train, stop = window.toolbar.train, window.toolbar.stop
    qtbot.waitUntil(train.isEnabled, timeout=WAIT)
    qtbot.mouseClick(train, Qt.MouseButton.LeftButton)
    assert not train.isEnabled()
    qtbot.waitUntil(lambda: window.training.state == "running", timeout=WAIT)
    qtbot.waitUntil(lambda: "epoch" in window.toolbar.run.words.text(), timeout=WAIT)
    if stop.isEnabled():
        qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.training.state == "idle", timeout=WAIT)
    assert window.toolbar.run.words.text().split()[0] in ("Stopped", "Finished")
    assert window.actions_of["evaluate"].isEnabled()


def test_that_the_test_part_is_asked_for_and_its_uses_are_said(window: Window):
    said: list[str] = []

    def cancel() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        said.append(box.informativeText())
        box.button(QMessageBox.StandardButton.Cancel).click()

    QTimer.singleShot(0, cancel)
    assert not may_evaluate(2, window)
    assert "It was used 2 times for this run already" in said[0]


def test_that_an_export_is_announced_with_what_was_measured_and_nothing_else():
    assert sentence_of(Exported(("made/model.onnx",), 2.1e-7)) == (
        "Written: model.onnx. Largest difference from the app's own model: 2.1e-7."
    )
    assert "not compared" in sentence_of(Exported(("made/model.py",)))


def test_that_an_export_runs_behind_its_dialog_and_is_announced_when_it_was_compared(
    window: Window, qtbot: QtBot, tmp_path: Path
):
    window.document.new(example_project("moons"))
    qtbot.waitUntil(window.actions_of["export_onnx"].isEnabled, timeout=WAIT)
    assert window.engines is not None
    out = tmp_path / "model.onnx"
    dialog = export_to("onnx", str(out), window.document, window.engines, "", window, window.say)
    assert dialog.isVisible()
    qtbot.waitUntil(window.centre.message.isVisible, timeout=WAIT)
    assert window.centre.message.words.text().startswith("Written: model.onnx. Largest difference")
    assert out.exists()


def test_that_an_export_can_be_cancelled_and_then_writes_nothing(window: Window, qtbot: QtBot, tmp_path: Path):
    window.document.new(example_project("moons"))
    qtbot.waitUntil(window.actions_of["export_onnx"].isEnabled, timeout=WAIT)
    assert window.engines is not None
    out = tmp_path / "model.onnx"
    dialog = export_to("onnx", str(out), window.document, window.engines, "", window, window.say)
    qtbot.mouseClick(dialog.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.centre.message.isVisible, timeout=WAIT)
    assert window.centre.message.words.text() == "Cancelled."
    assert not out.exists()
