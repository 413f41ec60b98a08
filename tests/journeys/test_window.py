"""The whole main job through the real window: drawn, trained, tried, undone, saved, exported and run."""

from __future__ import annotations

import math
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from no_network import NO_NETWORK
from offscreen_drag import OffscreenDrag
from person import Person, wait_until
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QPushButton, QWidget

from core.events import Ended, Epoch, Event, Histograms, Losses
from core.project import load, text_of
from designer import app as application
from designer.data_dialog import DataDialog
from designer.document import Document
from designer.window import Window

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Window]:
    """The real window on an empty document, with its engines."""
    monkeypatch.setattr("designer.palette_tree.QDrag", OffscreenDrag)
    forbid_the_network(monkeypatch, tmp_path_factory.mktemp("hook"))
    made = application.make_window(Document())
    made.resize(1600, 1000)
    made.show()
    wait_until(made.isVisible, "the window is shown")
    application.load_rest(made)
    wait_until(lambda: made.engines is not None and made.document.report is not None, "the empty drawing is checked")
    yield made
    made.document.undo_stack.setClean()
    made.close()


def forbid_the_network(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let every use of the network fail, in the window and in every engine that it starts."""
    (folder / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))

    def refuse(self: socket.socket, address: object) -> None:
        raise AssertionError(f"the network was used: {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def person(window: Window) -> Person:
    """Someone who uses it."""
    return Person(window)


def drop(person: Person, layer: str, x: float, y: float) -> str:
    """Drag a layer from the palette to a place of the drawing; its id."""
    before = set(person.window.document.project.graph.nodes)
    person.drag(person.layer(layer), person.scene(QPointF(x, y)))
    wait_until(lambda: set(person.window.document.project.graph.nodes) - before, f"{layer} is dropped", 10)
    return next(iter(set(person.window.document.project.graph.nodes) - before))


def connect(person: Person, source: str, target: str, port: str) -> None:
    """Drag from the output of one node to an input of another."""
    count = len(person.window.document.project.graph.links)
    person.drag(person.port(source, "output", True), person.port(target, port))
    wait_until(lambda: len(person.window.document.project.graph.links) == count + 1, f"{source} feeds {target}", 10)


def choose_digits(dialog: QWidget) -> None:
    """Answer the question which data set: handwritten digits."""
    assert isinstance(dialog, DataDialog)
    item = next(
        dialog.list.item(row) for row in range(dialog.list.count()) if "digits" in dialog.list.item(row).text().lower()
    )
    QTest.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=dialog.list.visualItemRect(item).center())
    wait_until(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled, "the data set is described")
    QTest.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)


def type_path(path: Path):
    """Answer a file dialog by typing a path."""

    def answer(dialog: QWidget) -> None:
        assert isinstance(dialog, QFileDialog)
        line = dialog.findChild(QLineEdit)
        assert isinstance(line, QLineEdit)
        line.clear()
        QTest.keyClicks(line, str(path))
        completer = line.completer()
        assert completer is not None
        popup = completer.popup()
        assert popup is not None
        popup.hide()
        QTest.keyClick(line, Qt.Key.Key_Return)

    return answer


def errors(window: Window) -> list[str]:
    report = window.document.report
    assert report is not None
    return [problem.message for problem in report.problems if problem.severity == "error"]


def checked(window: Window) -> bool:
    report = window.document.report
    return report is not None and not report.partial and report.revision == window.document.revision


def set_value(person: Person, node: str, label: str, text: str) -> None:
    """Type a value into the form of one node."""
    person.click(person.header(node))
    editor = next(
        each
        for each in person.window.inspector.findChildren(QWidget)
        if each.accessibleName() == label and each.isVisible()
    )
    person.click(person.on(editor))
    person.key(Qt.Key.Key_A, CONTROL)
    person.write(text)
    person.key(Qt.Key.Key_Return)


def draw_network(person: Person) -> dict[str, str]:
    """Drag a multilayer perceptron for the digits from the palette and connect it."""
    asked = person.when_asked(choose_digits)
    nodes = {"image": drop(person, "Input", 140, 120)}
    wait_until(asked, "the dropped Input asks which data set")
    wait_until(lambda: QApplication.activeModalWidget() is None, "the question is answered", 10)
    for key, layer, x, y in (
        ("flatten", "Flatten", 360, 120),
        ("hidden", "Linear", 580, 120),
        ("relu", "ReLU", 800, 120),
        ("scores", "Linear", 360, 300),
        ("loss", "CrossEntropyLoss", 620, 300),
        ("label", "Target", 360, 460),
    ):
        nodes[key] = drop(person, layer, x, y)
    set_value(person, nodes["scores"], "out_features", "10")
    for source, target, port in (
        ("image", "flatten", "input"),
        ("flatten", "hidden", "input"),
        ("hidden", "relu", "input"),
        ("relu", "scores", "input"),
        ("scores", "loss", "input"),
        ("label", "loss", "target"),
    ):
        connect(person, nodes[source], nodes[target], port)
    return nodes


def test_that_the_whole_main_job_works_through_the_window(person: Person, window: Window, tmp_path: Path) -> None:
    document = window.document
    empty = text_of(document.project)
    nodes = draw_network(person)
    wait_until(lambda: checked(window), "the drawing is checked")
    assert errors(window) == []
    report = document.report
    assert report is not None
    assert report.nodes[nodes["flatten"]].outputs["output"].shape == ("N", 64)
    assert report.nodes[nodes["scores"]].outputs["output"].shape == ("N", 10)

    train_and_stop(person, window)
    try_a_drawn_zero(person, window)
    undo_and_redo_all(person, window, empty)
    path = save_and_open_again(person, window, tmp_path)
    export_and_run(person, window, path, tmp_path)


def train_and_stop(person: Person, window: Window) -> None:
    """Click Train, see points arrive in the curve and in a histogram, then stop."""
    seen: list[Event] = []
    window.training.told.connect(seen.append)
    window.document.edit("Train for long", _with_epochs(window, 500))
    wait_until(lambda: checked(window) and window.actions_of["train"].isEnabled(), "Train can be pressed")
    button = next(each for each in window.toolbar.findChildren(QWidget) if each.accessibleName() == "Train")
    person.click(person.on(button))
    wait_until(lambda: any(isinstance(event, Losses) for event in seen), "losses arrive")
    wait_until(lambda: sum(isinstance(event, Epoch) for event in seen) >= 12, "twelve epochs are done")
    wait_until(lambda: any(isinstance(event, Histograms) for event in seen), "histograms arrive")
    curves, histograms = window.docks.contents["Loss"], window.docks.contents["Histograms"]
    wait_until(lambda: len(curves.drawn.smooth[1]) > 10, "the curve has points")
    wait_until(lambda: len(curves.drawn.validation[1]) >= 3, "the validation curve has points")
    wait_until(lambda: histograms.courses[histograms.weight].snapshots, "a histogram is shown")
    person.key(Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    wait_until(lambda: any(isinstance(event, Ended) for event in seen), "the run has stopped")
    ended = next(event for event in seen if isinstance(event, Ended))
    assert ended.how == "stopped"
    assert 12 <= ended.epochs < 500
    assert (Path(ended.run) / "best.safetensors").exists()
    window.training.told.disconnect(seen.append)


def try_a_drawn_zero(person: Person, window: Window) -> None:
    """Draw a zero with the mouse and read what the network says."""
    window.docks.show("Try it")
    QApplication.processEvents()
    view = window.docks.contents["Try it"]
    pad = view.entries[0].pad
    wait_until(pad.isVisible, "the board is shown")
    round_trip = [step / 24 * 2 * math.pi for step in range(25)]
    oval = [at_share(pad, 0.5 + 0.2 * math.sin(angle), 0.5 - 0.32 * math.cos(angle)) for angle in round_trip]
    person.stroke([person.on(pad, at) for at in oval])
    wait_until(lambda: "%" in view.answer.accessibleDescription(), "the network says something")
    said = view.answer.accessibleDescription
    wait_until(lambda: said().split(",")[0].split()[-1:] == ["0"], "the network reads a zero", 15)


def at_share(widget: QWidget, across: float, down: float) -> QPoint:
    """A place in a widget by shares of its size."""
    return QPoint(round(widget.width() * across), round(widget.height() * down))


def undo_and_redo_all(person: Person, window: Window, empty: str) -> None:
    """Undo by the keyboard back to the empty drawing, and redo all of it."""
    document = window.document
    window.canvas.setFocus()
    last = text_of(document.project)
    while document.undo_stack.canUndo():
        before = document.undo_stack.index()
        person.key(Qt.Key.Key_Z, CONTROL)
        assert document.undo_stack.index() == before - 1
    assert text_of(document.project) == empty
    while document.undo_stack.canRedo():
        person.key(Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert text_of(document.project) == last


def save_and_open_again(person: Person, window: Window, folder: Path) -> Path:
    """Save under a new name by the dialog, begin anew, and open the file."""
    path = folder / "mine.loom"
    before = window.document.project
    asked = person.when_asked(type_path(path))
    person.key(Qt.Key.Key_S, CONTROL)
    wait_until(lambda: asked() and path.exists(), "the project is saved")
    assert load(path) == before
    person.key(Qt.Key.Key_N, CONTROL)
    wait_until(lambda: not window.document.project.graph.nodes, "the drawing is empty")
    asked = person.when_asked(type_path(path))
    person.key(Qt.Key.Key_O, CONTROL)
    wait_until(lambda: asked() and bool(window.document.project.graph.nodes), "the file is open")
    assert window.document.project == before
    return path


def export_and_run(person: Person, window: Window, path: Path, folder: Path) -> None:
    """Export Python and ONNX with the trained weights and run both outside of the application."""
    from designer import exports

    wait_until(lambda: checked(window), "the opened file is checked")
    assert window.engines is not None
    run = window.training.shown
    said: list[str] = []
    wanted: list[tuple[exports.To, Path]] = [("python", folder / "model"), ("onnx", folder / "model.onnx")]
    for to, out in wanted:
        dialog = exports.export_to(
            to, str(out), window.document, window.engines, run, window, lambda _, text, *__: said.append(text)
        )
        assert dialog.isVisible()
        wait_until(lambda: said, f"{out.name} is exported", 120)
        assert "Largest difference from the app's own model" in said.pop()
    code = """
import sys, torch, numpy as np, onnxruntime
sys.path.insert(0, sys.argv[1])
from model import Model
from safetensors.torch import load_file
model = Model(); model.load_state_dict(load_file(sys.argv[1] + "/weights.safetensors"), strict=True); model.eval()
x = torch.randn(5, 1, 8, 8)
session = onnxruntime.InferenceSession(sys.argv[2], providers=["CPUExecutionProvider"])
with torch.no_grad(): ours = model(x).numpy()
theirs = session.run(None, {session.get_inputs()[0].name: x.numpy()})[0]
print(ours.shape, float(np.abs(ours - theirs).max()))
"""
    command = [sys.executable, "-I", "-c", code, str(folder / "model"), str(folder / "model.onnx")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    shape, difference = done.stdout.rsplit(" ", 1)
    assert shape == "(5, 10)"
    assert float(difference) < 1e-4


def _with_epochs(window: Window, epochs: int):
    import msgspec

    project = window.document.project
    return msgspec.structs.replace(project, training={**project.training, "epochs": epochs})


def press(text: str) -> Callable[[QWidget], None]:
    """Answer a question by the button of that text."""

    def answer(dialog: QWidget) -> None:
        button = next(each for each in dialog.findChildren(QPushButton) if each.text() == text)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    return answer


def test_that_a_run_is_not_lost_by_closing_the_window(person: Person, window: Window) -> None:
    window.files.example("digits")
    window.document.edit("Train for long", _with_epochs(window, 5000))
    wait_until(lambda: checked(window) and window.actions_of["train"].isEnabled(), "Train can be pressed")
    person.key(Qt.Key.Key_F5)
    wait_until(lambda: window.training.state == "running", "it runs")
    window.document.undo_stack.setClean()
    asked = person.when_asked(press("Keep training"))
    assert not window.close()
    assert asked()
    assert window.training.state == "running"
    asked = person.when_asked(press("Stop and close"))
    assert window.close()
    assert asked()
    assert (Path(window.training.shown) / "best.safetensors").exists()
