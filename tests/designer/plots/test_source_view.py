"""The source view, with the real engine writing the source."""

from __future__ import annotations

import ast

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QMenu

from core.block_edits import renamed as block_renamed
from core.expressions import expression
from core.graph import Block, BlockParameter, Graph, Link, Node, link_key, renamed, with_node, with_value, without_links
from core.messages import Failure, Source, Write
from core.project import Project
from designer.plots.code_text import MARKED
from designer.plots.colouring import DARK_COLOURS, LIGHT_COLOURS
from designer.plots.colours import blend
from designer.plots.source_parts import Changes
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
    with qtbot.waitSignal(view.nodes_wanted) as wanted:
        qtbot.mouseClick(view.text.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert wanted.args == [("linear1", "relu1")]
    assert line in view.lines_of(("linear1",))


def test_that_an_edit_changes_the_text_and_keeps_the_place(view, qtbot, project):
    view.text.verticalScrollBar().setValue(4)
    view.follow(("linear1",))
    place = view.text.verticalScrollBar().value()
    edit(qtbot, view, with_value(project.graph, "linear1", "out_features", 48))
    assert "nn.Linear(64, 48)" in view.text.toPlainText()
    assert view.text.verticalScrollBar().value() == place
    assert view.text.marked == view.lines_of(("linear1",)) != ()


def test_that_a_renamed_node_is_renamed_in_the_source(view, qtbot, project):
    edit(qtbot, view, renamed(project.graph, "linear1", "dense"))
    assert "self.dense = nn.Linear(64, 32)" in view.text.toPlainText()


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


# ---- classes, changes, and drawings that are not whole


def with_block(project: Project) -> Project:
    """image -> flatten1 -> first (Wide) -> second (Wide) -> linear2 -> loss1."""
    block = Block(
        {"x": Node("Input"), "fc": Node("Linear", {"out_features": expression("width")}), "y": Node("Output")},
        (Link("fc", "output", "y", "input"), Link("x", "output", "fc", "input")),
        (BlockParameter("width", default=8, low=1),),
    )
    graph = project.graph
    nodes = {key: node for key, node in graph.nodes.items() if key not in ("linear1", "relu1")}
    nodes |= {"first": Node("Wide"), "second": Node("Wide", {"width": 4})}
    links = [link for link in graph.links if {link.source, link.target} <= nodes.keys()]
    links += [Link("flatten1", "output", "first", "x"), Link("first", "y", "second", "x")]
    links.append(Link("second", "y", "linear2", "input"))
    return Project(Graph(nodes, tuple(sorted(links, key=link_key)), {"Wide": block}), project.data, project.training)


@pytest.fixture
def blocks(view, qtbot, project):
    """The view of a drawing with a block that is used twice."""
    view._document.new(with_block(project))
    qtbot.waitUntil(lambda: "class Wide" in view.text.toPlainText(), timeout=60_000)
    settle(qtbot, view)
    return view


def of_block(view, **changes) -> Graph:
    """The drawing with other nodes or links in its block."""
    graph = view._document.project.graph
    return replace(graph, blocks={"Wide": replace(graph.blocks["Wide"], **changes)})


def into(view, node_id: str) -> list[Link]:
    return [link for link in view._document.project.graph.links if link.target == node_id]


def open_choice(view) -> dict[str, QAction]:
    menu = view.choice.menu()
    menu.aboutToShow.emit()
    return {action.text(): action for action in menu.actions() if action.text()}


def test_that_one_class_is_shown_with_the_numbers_of_the_file(blocks, qtbot):
    whole = blocks.text.toPlainText().splitlines()
    assert list(open_choice(blocks)) == [
        "Whole file",
        "What is on the canvas (the model)",
        "class Model",
        "class Wide",
    ]
    open_choice(blocks)["class Wide"].trigger()
    part = blocks.part
    assert blocks.text.toPlainText().splitlines() == whole[part.first - 1 : part.last]
    assert whole[part.first - 1] == "class Wide(nn.Module):"
    assert blocks.text.first == part.first > 1
    assert blocks.choice.text() == "Wide"
    assert open_choice(blocks)["class Wide"].isChecked()
    blocks.follow(("Wide:fc",))
    assert blocks.text.marked
    assert all("fc" in whole[number - 1] for number in blocks.text.marked)
    line = blocks.text.marked[0]
    marked = blocks.text.extraSelections()[0]
    assert marked.cursor.blockNumber() == line - part.first
    blocks.text.reveal(line)
    place = blocks.text.cursorRect(marked.cursor).center()
    with qtbot.waitSignal(blocks.nodes_wanted) as wanted:
        qtbot.mouseClick(blocks.text.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert (wanted.args, blocks.source.lines[line]) == ([("Wide:fc",)], ("Wide:fc",))
    qtbot.mouseClick(blocks.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "\n".join(whole[part.first - 1 : part.last]) + "\n"
    open_choice(blocks)["Whole file"].trigger()
    assert blocks.text.toPlainText().splitlines() == whole


def test_that_the_head_of_a_class_leads_to_the_drawing_that_it_is_written_for(blocks, qtbot):
    whole = blocks.text.toPlainText().splitlines()
    for head, block in (("class Wide(nn.Module):", "Wide"), ("class Model(nn.Module):", "")):
        with qtbot.waitSignal(blocks.drawing_wanted) as wanted, qtbot.assertNotEmitted(blocks.nodes_wanted):
            blocks.text.line_clicked.emit(whole.index(head) + 1)
        assert wanted.args == [block]
    with qtbot.assertNotEmitted(blocks.drawing_wanted):
        blocks.text.line_clicked.emit(1)


def test_that_the_class_on_the_canvas_is_shown_only_to_those_who_chose_it(blocks):
    blocks.enter("Wide")
    assert blocks.choice.text() == "Whole file"
    assert "class Model" in blocks.text.toPlainText()
    assert blocks.text.firstVisibleBlock().blockNumber() < blocks.parts[0].last
    open_choice(blocks)["What is on the canvas (Wide)"].trigger()
    assert blocks.text.toPlainText().startswith("class Wide")
    blocks.enter("")
    assert blocks.text.toPlainText().startswith("class Model")
    open_choice(blocks)["class Wide"].trigger()
    blocks.enter("Wide")
    blocks.enter("")
    assert blocks.text.toPlainText().startswith("class Wide")


def test_that_a_class_that_is_renamed_stays_shown_and_one_that_is_gone_gives_way(blocks, qtbot, project):
    blocks.choose("Wide")
    edit(qtbot, blocks, block_renamed(blocks._document.project.graph, "Wide", "Broad"))
    assert blocks.text.toPlainText().startswith("class Broad")
    edit(qtbot, blocks, project.graph)
    assert blocks.choice.text() == "Whole file"
    assert blocks.text.first == 1


def test_that_a_block_that_nothing_uses_is_said_to_have_no_class(blocks, qtbot, project):
    blocks.choose("the canvas")
    blocks.enter("Wide")
    edit(qtbot, blocks, replace(project.graph, blocks=blocks._document.project.graph.blocks))
    assert blocks.text.toPlainText() == ""
    assert blocks.text.placeholderText() == "# Wide is used nowhere: no class is written for it."


def test_that_what_an_edit_changed_is_marked_until_the_next_change_of_the_text(view, qtbot, project):
    assert view.text.changes == Changes()
    edit(qtbot, view, with_value(project.graph, "linear1", "out_features", 48))
    lines = view.text.toPlainText().splitlines()
    assert [lines[number - 1].strip() for number in sorted(view.text.changes.changed)] == [
        "self.linear1 = nn.Linear(64, 48)",
        "self.linear2 = nn.Linear(48, 10)",
    ]
    held = view.text.changes
    edit(qtbot, view, with_node(view._document.project.graph, "linear1", x=40.0))
    assert view.text.changes == held
    assert view.text.accessibleDescription() == "Since the text before: 2 lines changed."
    before = view.text.toPlainText()
    edit(qtbot, view, with_node(view._document.project.graph, "relu1", layer="Sigmoid"))
    assert {view.source.lines[number] for number in view.text.changes.changed} == {("linear1", "relu1")}
    view._document.undo_stack.undo()
    qtbot.waitUntil(lambda: view.text.toPlainText() == before, timeout=60_000)
    assert {view.source.lines[number] for number in view.text.changes.changed} == {("linear1", "relu1")}


def test_that_another_document_has_no_changes(view, qtbot, project):
    edit(qtbot, view, with_value(project.graph, "linear1", "out_features", 48))
    assert view.text.changes != Changes()
    view._document.new(Project(with_value(project.graph, "linear1", "out_features", 7), project.data))
    qtbot.waitUntil(lambda: "nn.Linear(64, 7)" in view.text.toPlainText(), timeout=60_000)
    assert view.text.changes == Changes()


def test_that_changes_have_signs_and_not_colours_alone(view, theme, shot):
    view.set_theme(theme)
    view._take(Write(Project()), Source({"model.py": "a = 1\nb = 2\nc = 3\nd = 4\n"}))
    plain = shot(view.text._gutter)
    view._take(Write(Project()), Source({"model.py": "a = 1\nb = 3\nx = 0\nd = 4\n"}))
    replaced = shot(view.text._gutter)
    view._take(Write(Project()), Source({"model.py": "a = 1\nb = 3\nx = 0\ny = 9\nd = 4\n"}))
    added = shot(view.text._gutter)
    view._take(Write(Project()), Source({"model.py": "a = 1\nb = 3\nx = 0\nd = 4\n"}))
    removed = shot(view.text._gutter)
    high = view.text.fontMetrics().lineSpacing()
    grey = [grey_shapes(each, high * 5) for each in (plain, replaced, added, removed)]
    assert len(set(grey)) == 4


def grey_shapes(picture: QImage, height: int) -> bytes:
    """The gutter's first lines in black and white: what shows to those who see no colours."""
    shape = picture.copy(0, 0, picture.width(), height).convertToFormat(QImage.Format.Format_Grayscale8)
    ground = shape.pixelColor(1, 1).value()
    return bytes(
        abs(shape.pixelColor(x, y).value() - ground) > 60 for y in range(shape.height()) for x in range(shape.width())
    )


def test_that_a_line_of_train_py_leads_to_its_node_and_back(view, qtbot):
    qtbot.mouseClick(view.files._buttons["train.py"], Qt.MouseButton.LeftButton)
    view.follow(("loss1",))
    lines = view.text.toPlainText().splitlines()
    assert view.text.marked
    assert all("loss1" in lines[number - 1] for number in view.text.marked)
    with qtbot.waitSignal(view.nodes_wanted) as wanted:
        view.text.line_clicked.emit(view.text.marked[0])
    assert wanted.args == [("loss1",)]
    assert view.choice.isHidden()
    qtbot.mouseClick(view.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == view.source.files["train.py"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda view: without_links(view._document.project.graph, into(view, "second")), "# missing: second has no x"),
        (
            lambda view: with_node(view._document.project.graph, "second", layer="Nowhere"),
            "# missing: second (the layer Nowhere is not known here)",
        ),
        (lambda view: replace(view._document.project.graph, blocks={}), "# missing: first (the layer Wide is not"),
        (lambda view: of_block(view, links=(Link("fc", "output", "y", "input"),)), "# missing: fc has no input"),
        (lambda view: of_block(view, nodes={"x": Node("Input"), "fc": Node("ReLU")}, links=()), "# missing: fc"),
    ],
    ids=["missing input", "unknown layer", "missing block", "cut inside", "no output"],
)
def test_that_what_is_missing_stands_as_a_comment_and_leads_to_its_node(blocks, qtbot, change, said):
    edit(qtbot, blocks, change(blocks))
    content = blocks.text.toPlainText()
    ast.parse(content)
    found = [number for number, line in enumerate(content.splitlines(), 1) if said in line]
    assert found, content
    (key,) = blocks.source.lines[found[0]]
    assert key.rpartition(":")[2] in said


def test_that_the_menu_of_the_text_offers_what_a_narrow_head_row_leaves_out(blocks, qtbot, theme, shot):
    blocks.set_theme(theme)
    blocks.resize(150, 200)
    assert blocks.choice.isHidden() or blocks.copy.isHidden()
    assert not shot(blocks).isNull()
    menu = QMenu(blocks)
    blocks._fill_menu(menu)
    offered = {action.text(): action for action in menu.actions()}
    inner = offered["Show"].menu()
    assert isinstance(inner, QMenu)
    shown = {action.text(): action for action in inner.actions() if action.text()}
    shown["class Wide"].trigger()
    assert blocks.text.toPlainText().startswith("class Wide")
    offered["Copy all of model.py"].trigger()
    assert QGuiApplication.clipboard().text().startswith("class Wide")
    shown["train.py"].trigger()
    assert "def objective" in blocks.text.toPlainText()
