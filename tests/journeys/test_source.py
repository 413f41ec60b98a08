"""The source beside the drawing in the real window: a click on a line, a block entered, an edit and its undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from person import Person, wait_until
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from designer import app as application
from designer.document import Document
from designer.plots.source_view import SourceView
from designer.window import Window

RESNET = Path(__file__).resolve().parents[2] / "resources" / "architectures" / "resnet18.loom"


@pytest.fixture
def window(qapp: QApplication) -> Iterator[Window]:
    """The real window on ResNet-18 with its engines, the source in front."""
    made = application.make_window(Document())
    made.resize(1600, 1000)
    made.show()
    wait_until(made.isVisible, "the window is shown")
    made.take_file(RESNET)
    application.load_rest(made)
    made.docks.show("Source")
    wait_until(lambda: "class Residual" in source_of(made).text.toPlainText(), "the source is written")
    yield made
    made.document.undo_stack.setClean()
    made.close()


def source_of(window: Window) -> SourceView:
    return window.docks.contents["Source"]


def click_line(person: Person, view: SourceView, words: str) -> int:
    """Click the first line with these words; gives its number."""
    line = next(number for number, each in enumerate(view.text.toPlainText().splitlines(), 1) if words in each)
    line += view.text.first - 1
    view.text.reveal(line)
    QApplication.processEvents()
    block = view.text.document().findBlockByNumber(line - view.text.first)
    place = view.text.blockBoundingGeometry(block).translated(view.text.contentOffset()).center().toPoint()
    person.click(person.on(view.text.viewport(), QPoint(60, place.y())))
    return line


def shown(view: SourceView, line: int) -> str:
    return view.text.document().findBlockByNumber(line - view.text.first).text().strip()


def test_that_source_and_canvas_follow_each_other_into_blocks_and_out(window: Window) -> None:
    person, view, scope = Person(window), source_of(window), window.scope
    top = view.text.verticalScrollBar().value()

    line = click_line(person, view, "self.bn2 = nn.BatchNorm2d(channels)")
    assert (scope.block, window.canvas.selected) == ("Residual", ("bn2",))
    assert line in view.text.marked
    assert all("bn2" in shown(view, each) for each in view.text.marked)
    folded = click_line(person, view, "return nn.functional.relu(self.bn2(out) + x)")
    assert set(window.canvas.selected) == {"bn2", "add", "relu2", "y"}
    assert folded in view.text.marked
    again = click_line(person, view, "self.shortcut = nn.Conv2d(")
    assert (scope.block, window.canvas.selected) == ("ResidualDown", ("shortcut",))
    assert again in view.text.marked
    click_line(person, view, "self.fc = nn.Linear(512, 1000)")
    assert (scope.block, window.canvas.selected) == ("", ("fc",))
    assert view.text.verticalScrollBar().value() > top

    window.canvas.select(("down2",))
    person.click(person.on(window.inspector.use.enter))
    assert scope.block == "ResidualDown"
    window.canvas.select(("conv2",))
    assert [shown(view, each) for each in view.text.marked] == [
        "self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)",
        "out = self.conv2(out)",
    ]
    view.choose("the canvas")
    assert view.text.toPlainText().startswith("class ResidualDown")
    assert len(view.text.marked) == 2
    scope.leave()
    assert view.text.toPlainText().startswith("class Model")
    view.choose("")

    before = view.text.toPlainText()
    scope.enter("stage1")
    window.canvas.select(("relu1",))
    window.canvas.delete_selected()
    wait_until(lambda: "missing" in view.text.toPlainText(), "the gap is written")
    comment = next(each for each in view.text.toPlainText().splitlines() if "# missing:" in each)
    assert comment.strip() == "# missing: conv2 has no input"
    assert view.text.changes.changed | view.text.changes.added | view.text.changes.removed
    click_line(person, view, "# missing: conv2")
    assert (scope.block, window.canvas.selected) == ("Residual", ("conv2",))
    window.document.undo_stack.undo()
    wait_until(lambda: view.text.toPlainText() == before, "the undone text is shown")
    marked = view.text.changes.added | view.text.changes.changed
    assert "Residual:relu1" in {key for each in marked for key in view.source.lines.get(each, ())}
    person.click(person.on(view.copy))
    assert QGuiApplication.clipboard().text() == before
