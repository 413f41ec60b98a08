"""Try it, with the real engine and a network trained on the real digits."""

from __future__ import annotations

import shutil
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from sklearn.datasets import load_digits, load_iris

from core import runs
from core.events import Epoch, Prediction, Predictions
from core.graph import Graph, Link, Node, with_node
from core.messages import Check, Checked, DataReport, Field, Tried, Try
from core.project import Data, Project
from core.specs import Spec
from designer.plots.answer import sentence, shares_of, shown_shares
from designer.plots.entry import Chosen, Drawn, Typed
from designer.plots.try_it import CHANGED, NO_RUN, NO_WEIGHTS, TryIt

IRIS: Any = load_iris()
ONE = [QPointF(4, 0.8), QPointF(4, 7.2)]


@pytest.fixture
def dock(qtbot, document, engines):
    made = TryIt(document, engines)
    qtbot.addWidget(made)
    made.resize(380, 260)
    made.show()
    qtbot.waitExposed(made)
    return made


def settle(qtbot, dock):
    qtbot.waitUntil(lambda: not dock.questions.is_waiting, timeout=60_000)


def test_that_it_says_what_is_missing(dock, tmp_path, project, trained):
    assert dock.message.text() == NO_RUN
    starting = tmp_path / "starting"
    runs.begin(starting, project, {})
    dock.set_run(str(starting))
    assert dock.message.text() == NO_WEIGHTS
    dock.set_run(str(trained))
    assert dock.message.text() == "Draw something, or drop a picture."
    assert dock.questions.asked == 0


def test_that_a_drawn_digit_gets_the_answer_that_the_engine_gives_to_its_numbers(dock, trained, qtbot):
    for event in runs.events(trained):
        dock.receive(event)
    dock.set_run(str(trained))
    entry = dock.entries[0]
    assert isinstance(entry, Drawn)
    assert entry.habit.height == 1.0
    entry.pad.stroke(ONE)
    settle(qtbot, dock)
    tried = dock.answer.tried
    assert tried is not None
    assert tried.classes == tuple("0123456789")
    assert sum(tried.output) == pytest.approx(1, abs=1e-5)
    values = entry.values()
    assert values is not None
    assert len(values) == 64
    assert 8 < max(values) <= 16
    assert min(values) == 0
    assert dock.message.isHidden()
    answers: list[Tried] = []
    question = dock.questions._engines.ask
    question(Try(dock._project, str(trained), {"image": values}), answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=60_000)
    assert answers[0] == tried


def test_that_real_digits_are_recognised_by_way_of_the_sheet(dock, trained, qtbot):
    dock.fit.setChecked(False)
    dock.set_run(str(trained))
    pictures, targets = load_digits(return_X_y=True)
    entry = dock.entries[0]
    right = 0
    for row in range(12):
        grey = np.repeat(np.repeat((pictures[row].reshape(8, 8) / 16 * 255).astype(np.uint8), 10, 0), 10, 1).copy()
        entry.pad._image = QImage(grey.data, 80, 80, 80, QImage.Format.Format_Grayscale8).copy()
        entry.pad.is_empty = False
        entry.pad.drawn.emit()
        settle(qtbot, dock)
        assert entry.values() == pytest.approx(pictures[row].tolist(), abs=0.07)
        right += int(np.argmax(dock.answer.tried.output)) == targets[row]
    assert right >= 10


def test_that_many_strokes_are_few_questions_and_the_last_one_wins(dock, trained, qtbot):
    dock.set_run(str(trained))
    entry = dock.entries[0]
    for step in range(200):
        entry.pad.stroke([QPointF(4, 0.8 + step * 0.03), QPointF(4, 0.83 + step * 0.03)])
    assert dock.questions.asked == 1
    settle(qtbot, dock)
    assert dock.questions.asked == 2
    shown = dock.answer.tried
    dock.ask()
    settle(qtbot, dock)
    assert dock.answer.tried == shown


def test_that_a_changed_drawing_is_said_and_the_old_network_still_answers(dock, trained, document, qtbot, project):
    dock.set_run(str(trained))
    dock.entries[0].pad.stroke(ONE)
    settle(qtbot, dock)
    before = dock.answer.tried
    document.edit("Move", Project(with_node(project.graph, "linear1", x=500.0), project.data, project.training))
    assert dock.message.isHidden()
    document.edit(
        "Widen",
        Project(with_node(project.graph, "linear1", values={"out_features": 64}), project.data, project.training),
    )
    assert dock.message.text() == CHANGED
    dock.ask()
    settle(qtbot, dock)
    assert dock.answer.tried == before
    assert dock.message.text() == CHANGED


def test_that_new_weights_are_asked_again(dock, trained, qtbot):
    dock.set_run(str(trained))
    dock.entries[0].pad.stroke(ONE)
    settle(qtbot, dock)
    asked = dock.questions.asked
    dock.receive(Epoch(1, 19, 1.0, {}))
    qtbot.waitUntil(lambda: dock.questions.asked == asked + 1, timeout=10_000)
    settle(qtbot, dock)


def test_that_a_dropped_picture_is_laid_on_the_sheet(dock, trained, qtbot, tmp_path):
    dock.set_run(str(trained))
    paper = QImage(60, 60, QImage.Format.Format_Grayscale8)
    paper.fill(255)
    for y in range(8, 52):
        for x in range(27, 34):
            paper.setPixelColor(x, y, Qt.GlobalColor.black)
    paper.save(str(tmp_path / "one.png"))
    drop(dock, tmp_path / "one.png")
    settle(qtbot, dock)
    assert dock.answer.tried is not None
    assert not dock.entries[0].pad.is_empty
    assert dock.entries[0].pad.ink()[:, 30:50].max() > 0.9


def drop(dock, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    dock.dropEvent(event)


def test_that_a_file_that_is_no_picture_is_refused_in_a_sentence(dock, trained, tmp_path):
    dock.set_run(str(trained))
    (tmp_path / "notes.txt").write_text("7")
    drop(dock, tmp_path / "notes.txt")
    assert dock.message.text() == "notes.txt cannot be tried: expected a picture, a CSV or an NPZ file."


def test_that_a_run_that_is_gone_is_said_in_a_sentence(dock, trained, tmp_path, qtbot):
    copy = tmp_path / "copy"
    shutil.copytree(trained, copy)
    dock.set_run(str(copy))
    (copy / "best.safetensors").write_bytes(b"no weights")
    (copy / "last.safetensors").write_bytes(b"no weights")
    dock.entries[0].pad.stroke(ONE)
    settle(qtbot, dock)
    assert dock.answer.tried is None
    assert dock.message.text().endswith(".")
    assert "Traceback" not in dock.message.text()


def test_that_clearing_takes_answer_and_drawing_away(dock, trained, qtbot):
    dock.set_run(str(trained))
    dock.entries[0].pad.stroke(ONE)
    settle(qtbot, dock)
    qtbot.mouseClick(dock.wipe, Qt.MouseButton.LeftButton)
    assert dock.answer.tried is None
    assert dock.entries[0].pad.is_empty


# ---- rows and other inputs, without a network


def table_field(columns: int = 4) -> Field:
    return Field("features", "input", Spec(("N", columns)))


def iris_said() -> Predictions:
    found = IRIS
    row = Prediction(0, 0.1, (0.0,), (1.0, 0.0, 0.0), found.data[0].astype("<f4").tobytes())
    return Predictions(1, "features", (4,), (row,), 1.0, tuple(found.target_names), tuple(found.feature_names))


def test_that_a_row_begins_with_a_real_one_and_takes_the_names_of_the_columns(qtbot):
    entry = Typed(table_field())
    qtbot.addWidget(entry)
    entry.learn(iris_said())
    assert entry.values() == pytest.approx(IRIS.data[0].tolist())
    assert [box.accessibleName() for box in entry.boxes] == IRIS.feature_names


def test_that_a_pasted_row_fills_every_box(qtbot):
    entry = Typed(table_field())
    qtbot.addWidget(entry)
    QGuiApplication.clipboard().setText("1;2.5,-3 4e-1")
    qtbot.keyClick(entry.boxes[0], Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert entry.values() == [1, 2.5, -3, 0.4]
    entry.learn(iris_said())
    assert entry.values() == [1, 2.5, -3, 0.4]  # what was typed stays
    entry.boxes[1].clear()
    qtbot.keyClicks(entry.boxes[1], "1 2 3 4")
    assert entry.boxes[1].text() == "1 2 3 4"  # typing is not pasting


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        (["", "", "", ""], "Type a number in each box, or paste a row with commas."),
        (["1", "2", "", "4"], "features 3 is still empty."),
        (["1", "two", "3", "4"], "features 2: expected a number, received 'two'."),
        (["1", "2", "inf", "4"], "features 3: expected a number, received 'inf'."),
    ],
)
def test_that_a_row_that_is_no_row_is_named(qtbot, texts, fault):
    entry = Typed(table_field())
    qtbot.addWidget(entry)
    for box, text in zip(entry.boxes, texts, strict=True):
        box.setText(text)
    assert entry.values() is None
    assert entry.fault == fault


def test_that_wide_rows_are_one_line(qtbot):
    entry = Typed(table_field(300))
    qtbot.addWidget(entry)
    assert len(entry.boxes) == 1
    entry.boxes[0].setText(", ".join(["1.5"] * 299))
    assert entry.values() is None
    assert entry.fault == "Expected 300 numbers, received 299."
    entry.boxes[0].setText(" ".join(["1.5"] * 300))
    assert entry.values() == [1.5] * 300


def test_that_a_colour_picture_is_given_by_channel_in_the_units_of_the_data(qtbot):
    entry = Chosen(Field("photo", "input", Spec(("N", 3, 2, 2)), low=-1.0, high=1.0))
    qtbot.addWidget(entry)
    assert entry.values() is None
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    entry.put(picture)
    assert entry.values() == [1] * 4 + [-1] * 8


def test_that_the_fields_are_those_that_the_inputs_take(dock, document):
    link = Link("a", "output", "b", "input")
    graph = Graph({"a": Node("Input", {"field": "features"}), "b": Node("ReLU")}, (link,))
    document.edit("Other", Project(graph, Data("Iris")))
    dock.set_run("")
    fields = (table_field(), Field("weight", "input", Spec(("N", 1))))
    document.take(Checked(document.revision, data=DataReport("Iris", fields)))
    assert [entry.field.name for entry in dock.entries] == ["features"]
    assert dock.fit.isHidden()


def test_that_an_answer_reads_as_words():
    assert sentence(Tried((0.1, 0.9), ("cat", "dog"))) == "dog, 90.0 %"
    assert sentence(Tried((152.0,), (), ("progression",))) == "progression 152"
    assert shares_of(Tried((0.25,), ("no", "yes"))) == [("no", 0.75), ("yes", 0.25)]
    many = Tried(tuple(number / 1000 for number in range(20)), tuple(str(number) for number in range(20)))
    assert [name for name, _ in shown_shares(many)] == [str(number) for number in range(19, 7, -1)]
    assert sentence(Tried((float("nan"), 0.2), ("a", "b"))) == "b, 20.0 %"


@pytest.mark.parametrize("size", [(1, 1), (60, 40), (150, 150), (1200, 500)])
def test_that_every_size_and_answer_can_be_painted(dock, trained, theme, shot, size):
    dock.set_theme(theme)
    dock.set_run(str(trained))
    dock.resize(*size)
    many = tuple(f"class {number}" for number in range(200))
    for tried in (
        Tried((1.5, 2.5), (), ("a", "b")),
        Tried((1.0,) * 30),
        Tried((0.005,) * 200, many),
        Tried((float("nan"),) * 3, ("a", "b", "c")),
        None,
    ):
        dock.answer.show_answer(tried)
        assert not shot(dock).isNull()


def test_that_checks_are_asked_of_the_same_engine(dock, engines, document, qtbot):
    found: list[object] = []
    engines.ask(Check(document.project, 5), found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=60_000)
    assert isinstance(found[0], Checked)
