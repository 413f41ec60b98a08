"""Nothing is cut off: buttons and long words of a card wrap, and a click on a button keeps the focus."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from core.graph import Graph, Node
from core.project import Project
from designer.app import make_window
from designer.card import Card
from designer.document import Document
from designer.elided import Elided
from designer.plots.predictions import Predictions
from designer.question_bar import QuestionBar


def test_that_a_card_wraps_its_buttons_and_long_words(qtbot) -> None:
    card = Card("It")
    qtbot.addWidget(card)
    card.show_text("a" * 200)
    card.show_button("Set out_features of a very long name to 10", lambda _: None)
    last = card.show_button("Explain", lambda _: None)
    card.resize(200, 200)
    card.show()
    assert card.minimumSizeHint().width() <= 200
    assert last.geometry().right() <= 200
    assert last.focusPolicy() == Qt.FocusPolicy.TabFocus


def test_the_numbers_of_rows_are_not_cut(qtbot) -> None:
    shown = Predictions()
    qtbot.addWidget(shown)
    assert shown.table.verticalHeader().minimumWidth() >= 60


def test_that_a_line_without_room_ends_in_an_ellipsis_and_is_told_whole(qtbot) -> None:
    line = Elided("Finished after 7 s")
    qtbot.addWidget(line)
    line.resize(line.sizeHint())
    assert line.shown == line.text()
    line.resize(60, 20)
    assert line.shown.endswith("…")
    assert line.text() == "Finished after 7 s"
    assert line.minimumSizeHint().width() == 0


def test_that_a_long_file_name_keeps_its_ending_and_lets_the_window_be_small(qtbot, tmp_path) -> None:
    window = make_window(Document())
    qtbot.addWidget(window)
    window.resize(1000, 600)
    window.show()
    path = tmp_path / f"{'long_' * 36}name.loom"
    window.document.new(Project(Graph({"relu1": Node("ReLU")})))
    window.document.save(path)
    said = next(each for each in window.findChildren(Elided) if each.text() == path.name)
    qtbot.waitUntil(lambda: said.shown.endswith("name.loom"))
    assert "…" in said.shown
    assert window.width() == 1000


def test_that_of_a_long_name_in_the_form_the_beginning_is_seen(qtbot) -> None:
    window = make_window(Document())
    qtbot.addWidget(window)
    window.document.new(Project(Graph({f"relu_{'long_' * 20}": Node("ReLU")})))
    window.canvas.select(tuple(window.document.project.graph.nodes))
    assert window.inspector.name.text().startswith("relu_")
    assert window.inspector.name.cursorPosition() == 0


@pytest.mark.parametrize("width", [340, 420, 900])
def test_that_a_question_is_read_whole_in_a_narrow_window(qtbot, width: int) -> None:
    bar = QuestionBar()
    qtbot.addWidget(bar)
    answers = [(text, text, lambda: None) for text in ("Restore", "Differences", "Discard")]
    bar.ask("it", "digits.loom is open in another window, which does not see what you save.", answers)
    bar.resize(width, bar.sizeHint().height())
    bar.show()
    rows = bar.layout()
    assert rows is not None
    bar.resize(width, rows.heightForWidth(width))
    question = bar.asked["it"]
    qtbot.waitUntil(lambda: question.words.width() >= 200)
    assert question.words.height() >= question.words.heightForWidth(question.words.width())
    assert all(button.geometry().right() < question.width() for button in question.buttons)
    assert bar.width() == width
