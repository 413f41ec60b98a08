"""The source view, with the real engine writing the source."""

from __future__ import annotations

import ast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication

from core.graph import renamed, with_value
from core.messages import Failure, Source, Write
from core.project import Project
from designer.plots.code_text import MARKED
from designer.plots.colouring import DARK_COLOURS, LIGHT_COLOURS
from designer.plots.colours import blend
from designer.plots.source_view import SourceView
from designer.theme import DARK, LIGHT, Theme


@pytest.fixture
def view(qtbot, document, engines):
    made = SourceView(document, engines)
    qtbot.addWidget(made)
    made.resize(420, 200)
    made.show()
    qtbot.waitExposed(made)
    settle(qtbot, made)
    return made


def settle(qtbot, view):
    qtbot.waitUntil(lambda: not view._refresh.is_pending and not view.questions.is_waiting, timeout=60_000)


def edit(qtbot, view, graph):
    document = view._document
    with qtbot.waitSignal(document.checked, timeout=60_000, check_params_cb=lambda report: not report.partial):
        document.edit("Edit", Project(graph, document.project.data, document.project.training))
    settle(qtbot, view)


def test_that_the_source_of_the_drawing_is_shown_in_both_files(view, qtbot):
    content = view.text.toPlainText()
    assert content == view.source.files["model.py"]
    assert "nn.Linear(64, 32)" in content
    ast.parse(content)
    qtbot.mouseClick(view.files._buttons["train.py"], Qt.MouseButton.LeftButton)
    assert view.text.toPlainText() == view.source.files["train.py"]
    assert "def objective" in view.text.toPlainText()


def test_that_the_selection_marks_its_lines_and_scrolls_to_them(view):
    view.follow(("linear2",))
    lines = view.text.toPlainText().splitlines()
    assert view.text.marked
    assert all("linear2" in lines[number - 1] for number in view.text.marked)
    assert len(view.text.extraSelections()) == len(view.text.marked)
    first = view.text.firstVisibleBlock().blockNumber() + 1
    assert first <= view.text.marked[0]
    view.follow(())
    assert view.text.extraSelections() == []


def test_that_a_click_on_a_line_asks_for_its_node(view, qtbot):
    line = view.lines_of(("relu1",))[0]
    view.text.reveal(line)
    block = view.text.document().findBlockByNumber(line - 1)
    place = view.text.blockBoundingGeometry(block).translated(view.text.contentOffset()).center().toPoint()
    place.setX(30)
    with qtbot.waitSignal(view.node_wanted) as wanted:
        qtbot.mouseClick(view.text.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert wanted.args == ["relu1"]


def test_that_an_edit_changes_the_text_and_keeps_the_place(view, qtbot, project):
    view.text.verticalScrollBar().setValue(4)
    view.follow(("linear1",))
    place = view.text.verticalScrollBar().value()
    edit(qtbot, view, with_value(project.graph, "linear1", "out_features", 48))
    assert "nn.Linear(64, 48)" in view.text.toPlainText()
    assert view.text.verticalScrollBar().value() == place
    assert view.text.marked == view.lines_of(("linear1",)) != ()


def test_that_a_renamed_node_is_renamed_in_the_source(view, qtbot, project):
    edit(qtbot, view, renamed(project.graph, "relu1", "bend"))
    assert "self.bend = nn.ReLU()" in view.text.toPlainText()


def test_that_many_edits_are_few_questions(view, qtbot, project):
    before = view.questions.asked
    for number in range(1, 31):
        view._document.edit("Edit", Project(with_value(project.graph, "linear1", "out_features", number), project.data))
        view._refresh.news()
        view._refresh.now()
    assert view.questions.asked - before == 1
    qtbot.waitUntil(lambda: "nn.Linear(64, 30)" in view.text.toPlainText(), timeout=60_000)
    assert view.questions.asked - before <= 4


def test_that_the_whole_file_is_copied(view, qtbot):
    qtbot.mouseClick(view.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == view.source.files["model.py"]
    assert view.copy.text() == "Copied"


def test_that_a_failure_is_said_and_the_old_text_stays(view):
    before = view.text.toPlainText()
    view._take(Write(Project()), Failure("The engine stopped."))
    assert view.message.text() == "The engine stopped."
    assert view.text.toPlainText() == before
    view._take(Write(Project()), Source({"model.py": "x = 1\n"}))
    assert view.message.isHidden()


def coloured(view) -> dict[str, str]:
    """Each coloured word with its colour."""
    found = {}
    block = view.text.document().begin()
    while block.isValid():
        for span in block.layout().formats():
            word = block.text()[span.start : span.start + span.length]
            found[word] = span.format.foreground().color().name()
        block = block.next()
    return found


def test_that_words_are_coloured_by_what_they_are(view, theme):
    view.set_theme(theme)
    text = (
        'class Model:\n    """Two\n    lines."""\n\n    def go(self, n=3):  # a note\n        return "text # no note"\n'
    )
    view._take(Write(Project()), Source({"model.py": text}))
    wanted = DARK_COLOURS if theme.is_dark else LIGHT_COLOURS
    found = coloured(view)
    assert found["class"] == found["def"] == found["return"] == wanted["keyword"]
    assert found["Model"] == found["go"] == wanted["name"]
    assert found['"""Two'] == found['    lines."""'] == found['"text # no note"'] == wanted["string"]
    assert found["# a note"] == wanted["comment"]
    assert found["self"] == wanted["self"]
    assert found["3"] == wanted["number"]


def luminance(colour: QColor) -> float:
    parts = [part / 255 for part in (colour.red(), colour.green(), colour.blue())]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("theme", "colours"), [(DARK, DARK_COLOURS), (LIGHT, LIGHT_COLOURS)], ids=["dark", "light"])
def test_that_every_colour_can_be_read_on_plain_and_marked_lines(theme: Theme, colours):
    marks = (blend(each, theme.canvas, MARKED) for each in (theme.accent, theme.bad))
    for ground in (QColor(theme.canvas), *marks):
        for colour in [*colours.values(), theme.text]:
            light, dark = sorted((luminance(QColor(colour)), luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (colour, ground.name())


@pytest.mark.parametrize("size", [(1, 1), (60, 40), (1200, 600)])
def test_that_every_size_can_be_painted(view, theme, shot, size):
    view.set_theme(theme)
    view.resize(*size)
    assert not shot(view).isNull()
