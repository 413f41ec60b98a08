"""Blocks in the window: entering and leaving, the page, expressions in the form, sharing, and the clipboard."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from core import graph as graphs
from core import library as core_library
from core.engine.check import check
from core.expressions import expression
from core.graph import Block, BlockParameter, Graph, Link, Node
from core.grouping import grouped
from core.parameters import parameter_of
from core.project import Project
from designer import entries, library, palette_menu
from designer.actions import ACTIONS
from designer.canvas import clipboard
from designer.document import Document
from designer.help_page import LayerHelp
from designer.values import typed, written
from designer.window import Window

CONTROL = Qt.KeyboardModifier.ControlModifier


def project(inner: str = "Linear") -> Project:
    """data -> first (Shell) -> second (Inner) -> out; Shell holds an Inner as well."""
    inside = Block(
        {
            "x": Node("Input", {"axes": "N, features"}),
            "fc": Node(inner, {"out_features": expression("width")}, 220),
            "y": Node("Output", x=440),
        },
        (Link("fc", "output", "y", "input"), Link("x", "output", "fc", "input")),
        (BlockParameter("width", default=8, low=1),),
        "One layer.",
    )
    outer = Block(
        {"x": Node("Input"), "deep": Node("Inner", {"width": 5}, 220), "y": Node("Output", x=440)},
        (Link("deep", "y", "y", "input"), Link("x", "output", "deep", "x")),
    )
    nodes = {
        "data": Node("Input", {"shape": (3,)}),
        "first": Node("Shell", x=220),
        "second": Node("Inner", x=440),
        "out": Node("Output", x=660),
    }
    links = (
        Link("first", "y", "second", "x"),
        Link("second", "y", "out", "input"),
        Link("data", "output", "first", "x"),
    )
    return Project(Graph(nodes, tuple(sorted(links, key=graphs.link_key)), {"Inner": inside, "Shell": outer}))


def opened(qtbot: Any, shown: Project) -> Window:
    document = Document()
    made = Window(document, ACTIONS)
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.resize(1500, 950)
    made.show()
    qtbot.waitExposed(made)
    document.new(shown)
    look(made)
    return made


def look(window: Window) -> None:
    """Check what is shown, as the engine does."""
    window.document.take(check(window.document.project, window.document.revision))
    QApplication.processEvents()


@pytest.fixture
def window(qtbot: Any) -> Window:
    """The window on a drawing with blocks in blocks."""
    return opened(qtbot, project())


def type_into(line: Any, text: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)
    QApplication.processEvents()


def sizes(window: Window) -> list[int]:
    """How many parameters the two uses have."""
    report = window.document.report
    assert report is not None
    return [report.nodes[each].parameters for each in ("first", "second")]


def inner(window: Window) -> Block:
    return window.document.project.graph.blocks["Inner"]


# ---- entering and leaving


def test_that_each_drawing_keeps_its_selection_and_its_view(window: Window) -> None:
    canvas = window.canvas
    canvas.select(("first",))
    canvas.set_zoom(0.8)
    canvas.show_centre(QPointF(400, 50))
    seen = canvas.seen().center()
    window.scope.enter("first")
    assert canvas.selected == ()
    assert set(canvas.drawing.items_by_id) == {"x", "deep", "y"}
    assert [part.accessibleName() for part in window.breadcrumb.parts] == ["untitled", "first (Shell)"]
    canvas.select(("deep",))
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Return, CONTROL)
    assert [step.block for step in window.scope.steps] == ["Shell", "Inner"]
    window.breadcrumb.parts[1].click()
    assert canvas.selected == ("deep",)
    window.breadcrumb.parts[0].click()
    assert canvas.selected == ("first",)
    assert canvas.zoom == pytest.approx(0.8)
    assert (canvas.seen().center() - seen).manhattanLength() < 3
    assert not window.breadcrumb.isVisible()


def test_that_escape_leaves_a_block_once_nothing_is_selected(window: Window) -> None:
    window.scope.enter("first")
    window.canvas.select(("deep",))
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert window.scope.block == "Shell"
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert window.scope.block == ""


def test_that_undo_shows_the_block_that_it_changes(window: Window) -> None:
    window.scope.enter("second")
    window.canvas.select(("fc",))
    window.canvas.nudge("right")
    window.scope.leave()
    window.document.undo_stack.undo()
    assert window.scope.block == "Inner"
    assert window.canvas.drawing.items_by_id["fc"].x() == 220
    window.scope.leave()
    window.document.undo_stack.redo()
    assert window.scope.block == "Inner"


def test_that_another_document_is_shown_from_the_outside(window: Window) -> None:
    window.scope.enter("first")
    window.document.new(project())
    assert window.scope.steps == ()
    assert set(window.canvas.drawing.items_by_id) == {"data", "first", "second", "out"}


def test_that_a_node_with_another_block_looks_different_though_it_is_the_same_node(window: Window) -> None:
    before = window.canvas.drawing.items_by_id["second"].card
    window.scope.enter("second")
    graph = graphs.renamed(window.scope.project.graph, "x", "signal")
    window.scope.edit("Rename x to signal", msgspec.structs.replace(window.scope.project, graph=graph))
    window.scope.leave()
    after = window.canvas.drawing.items_by_id["second"].card
    assert before.slot("x", False) is not None
    assert after.slot("signal", False) is not None


# ---- problems


def test_that_a_problem_in_a_block_is_entered_and_repaired_there(qtbot: Any) -> None:
    window = opened(qtbot, project("Conv2d"))
    row = next(each for each in window.problems.rows if each.problem.block == "Inner")
    assert "Inner" in row.problem.message
    assert "first/deep" in row.problem.message
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert window.scope.block == "Inner"
    assert window.canvas.selected == ("fc",)
    window.scope.leave(0)
    if row.problem.repair is not None:
        window.repair_problem(row.problem)
        assert window.scope.block == "Inner"
        assert inner(window) != project("Conv2d").graph.blocks["Inner"]


def test_that_nodes_are_found_by_path_and_by_block(window: Window) -> None:
    window.reveal("first/deep/fc")
    assert [step.node_id for step in window.scope.steps] == ["first", "deep"]
    assert window.canvas.selected == ("fc",)
    window.reveal("second")
    assert (window.scope.block, window.canvas.selected) == ("", ("second",))
    window.reveal("Shell:deep")
    assert (window.scope.block, window.canvas.selected) == ("Shell", ("deep",))


# ---- expressions in the form


def test_that_expressions_are_typed_shown_and_refused_in_a_sentence(window: Window) -> None:
    window.scope.enter("second")
    window.canvas.select(("fc",))
    row = window.inspector.form.rows["out_features"]
    assert row.editor.control.text() == "=width"  # type: ignore[attr-defined]
    assert row.fault.isHidden()
    type_into(row.editor.control, "=width * features")
    assert inner(window).nodes["fc"].values["out_features"] == expression("width * features")
    for text, said in (
        ("=width // 0", "divides by zero"),
        ("=depth", "no parameter depth"),
        ("=open(1)", "calls something else"),
        ("=width - 8", "at least 1"),
    ):
        type_into(row.editor.control, text)
        assert said in row.fault.text(), text
        assert inner(window).nodes["fc"].values["out_features"] == expression("width * features")
    type_into(row.editor.control, "12")
    assert inner(window).nodes["fc"].values["out_features"] == 12


def test_that_a_box_follows_a_parameter_by_the_menu_and_back(window: Window) -> None:
    window.scope.enter("second")
    window.canvas.select(("fc",))
    row = window.inspector.form.rows["bias"]
    assert row.reference is not None
    assert row.line is not None
    chosen = next(each for each in row.reference.opened().actions() if each.text().startswith("width"))
    chosen.trigger()
    assert inner(window).nodes["fc"].values["bias"] == expression("width")
    assert row.line.isVisible()
    row.reset.click()
    assert "bias" not in inner(window).nodes["fc"].values
    assert not row.line.isVisible()


def test_that_expressions_mix_with_numbers_in_sizes() -> None:
    from core.layers import CATALOGUE

    declared = parameter_of(CATALOGUE["Conv2d"], "kernel_size")
    assert declared is not None
    value = typed(declared, "3, =min(width, 5)", {"width": 4})
    assert value == (3, expression("min(width, 5)"))
    assert typed(declared, written(declared, value), {"width": 4}) == value
    with pytest.raises(ValueError, match="must be"):
        typed(declared, "=width", None)


# ---- the page of a block


def test_that_parameters_are_added_renamed_bounded_and_removed_on_the_page(window: Window) -> None:
    window.scope.enter("second")
    window.canvas.select(())
    page = window.inspector.block
    assert page.isVisible()
    type_into(page.rows[0].name, "channels")
    assert inner(window).nodes["fc"].values["out_features"] == expression("channels")
    type_into(page.rows[0].default, "6")
    type_into(page.rows[0].high, "64")
    type_into(page.rows[0].about, "How wide it is.")
    assert inner(window).parameters == (BlockParameter("channels", "integer", 6, "How wide it is.", 1, 64),)
    page.add.click()
    type_into(page.rows[1].name, "channels")
    assert "already" in page.rows[1].fault.text()
    type_into(page.rows[1].default, "much")
    assert "whole number" in page.rows[1].fault.text()
    page.rows[1].kind.setCurrentIndex(page.rows[1].kind.findData("boolean"))
    page.rows[1].kind.activated.emit(page.rows[1].kind.currentIndex())
    assert inner(window).parameters[1].kind == "boolean"
    page.rows[1].remove.click()
    page.rows[0].remove.click()
    assert inner(window).parameters == ()
    assert inner(window).nodes["fc"].values["out_features"] == 6
    ends = [each.accessibleName() for each in page.findChildren(QPushButton) if each.isVisible()]
    assert {"in x", "out y"} <= set(ends)


@pytest.mark.parametrize(
    ("text", "bound"), [("1234567", 1234567), ("0.1234567", 0.1234567), ("1e-7", 1e-7), ("4611686018427387904", 2**62)]
)
def test_that_a_bound_is_kept_to_its_last_digit(window: Window, text: str, bound: float) -> None:
    window.scope.enter("second")
    window.canvas.select(())
    row = window.inspector.block.rows[0]
    for _ in range(2):  # what is shown of it is what is read again
        type_into(row.high if bound > 1 else row.low, text)
        text = (row.high if bound > 1 else row.low).text()
        assert bound in (inner(window).parameters[0].low, inner(window).parameters[0].high)


def test_that_bounds_that_nothing_fits_between_or_no_file_holds_are_refused(window: Window) -> None:
    window.scope.enter("second")
    window.canvas.select(())
    row = window.inspector.block.rows[0]
    type_into(row.high, "64")
    type_into(row.low, "65")
    assert row.fault.text() == "No value is at least 65 and at most 64."
    type_into(row.low, "1e300")
    assert row.fault.text() == "A bound is a number that 64 bits hold, or nothing."
    type_into(row.low, "nan")
    assert row.fault.text() == "A bound is a number that 64 bits hold, or nothing."
    assert (inner(window).parameters[0].low, inner(window).parameters[0].high) == (1, 64)
    type_into(row.name, "self")
    assert "cannot be called 'self'" in row.fault.text()
    type_into(row.name, "width")
    assert row.fault.text() == ""


def test_that_the_name_of_a_parameter_has_the_room_of_a_word_in_a_narrow_dock(window: Window) -> None:
    window.scope.enter("second")
    window.canvas.select(())
    row = window.inspector.block.rows[0]
    row.resize(220, row.height())
    row.layout().activate()  # type: ignore[union-attr]
    assert row.name.width() >= row.name.fontMetrics().horizontalAdvance("kernel_sizes") + 16


def test_that_nodes_which_follow_a_parameter_are_grouped_and_taken_apart_inside_a_block(window: Window) -> None:
    window.scope.enter("second")
    before = sizes(window)
    window.canvas.select(("fc",))
    window.canvas.blocks.group()
    look(window)
    made = window.document.project.graph.blocks["Block1"]
    assert made.parameters == (BlockParameter("width", default=8, low=1),)
    assert inner(window).nodes["block1"].values == {"width": expression("width")}
    assert sizes(window) == before
    window.canvas.select(("block1",))
    window.canvas.blocks.ungroup()
    look(window)
    assert inner(window).nodes["block1_fc"].values == {"out_features": expression("width")}
    assert sizes(window) == before


def test_that_a_block_is_renamed_on_its_page_and_at_a_use(window: Window) -> None:
    window.scope.enter("second")
    window.canvas.select(())
    type_into(window.inspector.block.name, "Dense")
    assert window.scope.block == "Dense"
    assert window.document.project.graph.nodes["second"].layer == "Dense"
    type_into(window.inspector.block.name, "Shell")
    assert "taken" in window.inspector.block.name_fault.text()
    window.document.undo_stack.undo()
    assert window.scope.block == "Inner"
    window.scope.leave()
    window.canvas.select(("second",))
    type_into(window.inspector.use.name, "Thin")
    assert window.document.project.graph.blocks.keys() == {"Thin", "Shell"}
    assert window.canvas.selected == ("second",)


# ---- grouping


def test_that_what_cannot_be_grouped_is_said_in_one_sentence(window: Window) -> None:
    window.canvas.select(("data", "first"))
    window.canvas.blocks.group()
    assert "where the data enters" in window.centre.message.words.text()
    window.canvas.select(("first",))
    assert window.document.undo_stack.count() == 0


def test_that_a_use_gets_its_own_copy_and_unused_blocks_go(window: Window) -> None:
    window.canvas.select(("second",))
    assert window.inspector.use.count.text() == "used 2 times"
    window.inspector.use.own.click()
    assert window.document.project.graph.nodes["second"].layer == "Inner2"
    window.canvas.delete_selected()
    window.actions_of["delete_unused_blocks"].trigger()
    assert window.document.project.graph.blocks.keys() == {"Inner", "Shell"}
    window.actions_of["delete_unused_blocks"].trigger()
    assert "Every block is used" in window.centre.message.words.text()


def test_that_a_block_cannot_be_put_into_itself(window: Window) -> None:
    window.scope.enter("second")
    for name in ("Inner", "Shell"):
        assert window.canvas.add_layer(name) == ""
        assert "has no end" in window.centre.message.words.text()
    QApplication.clipboard().setText(clipboard.copied(window.document.project.graph, ["first"]))
    window.canvas.paste()
    assert window.document.undo_stack.count() == 0


def test_that_blocks_travel_with_what_is_copied(window: Window) -> None:
    window.canvas.select(("first",))
    window.canvas.copy()
    window.document.new(Project())
    window.canvas.paste()
    assert window.document.project.graph.blocks.keys() == {"Inner", "Shell"}
    window.canvas.paste()
    assert window.document.project.graph.blocks.keys() == {"Inner", "Shell"}
    assert [node.layer for node in window.document.project.graph.nodes.values()] == ["Shell", "Shell"]


def test_that_parameters_are_reordered_by_buttons_and_keys_one_step_each(window: Window) -> None:
    window.scope.enter("second")
    page = window.inspector.block
    window.canvas.select(())
    for name in ("depth", "rate"):
        page.add.click()
        type_into(page.rows[-1].name, name)

    def order() -> list[str]:
        return [each.name for each in inner(window).parameters]

    assert order() == ["width", "depth", "rate"]
    assert [(row.up.isEnabled(), row.down.isEnabled()) for row in page.rows] == [
        (False, True),
        (True, True),
        (True, False),
    ]
    page.rows[2].up.click()
    assert order() == ["width", "rate", "depth"]
    assert window.document.undo_stack.undoText() == "Move the parameter rate of Inner up"
    line = page.rows[1].about
    line.setFocus()
    QTest.keyClicks(line, "How fast")
    steps = window.document.undo_stack.count()
    QTest.keyClick(line, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert order() == ["rate", "width", "depth"]
    assert inner(window).parameters[0].help == "How fast"
    assert window.document.undo_stack.count() == steps + 2  # the words, and the move
    assert page.rows[0].about.hasFocus()
    QTest.keyClick(page.rows[0].about, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert window.document.undo_stack.count() == steps + 2
    QTest.keyClick(page.rows[0].about, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert order() == ["width", "rate", "depth"]
    assert page.rows[1].about.hasFocus()
    window.document.undo_stack.undo()
    window.document.undo_stack.undo()
    assert order() == ["width", "rate", "depth"]
    assert [row.name.text() for row in page.rows] == order()


# ---- blocks in the palette


def block_menu(window: Window, name: str) -> dict[str, QAction]:
    menu = palette_menu.menu(window.palette_of_layers, window.document, name, window.palette_of_layers)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return {action.text().partition("\t")[0]: action for action in menu.actions() if action.text()}


def choose_in_palette(window: Window, name: str) -> None:
    tree = window.palette_of_layers.tree
    tree.setCurrentItem(tree._rows_of(name)[0])
    tree.setFocus()


def test_that_the_palette_enters_renames_keeps_and_deletes_a_block_of_the_project(window: Window) -> None:
    block_menu(window, "Shell")["Enter"].trigger()
    assert window.scope.block == "Shell"
    window.scope.leave(0)
    assert not block_menu(window, "Shell")["Delete (used once)"].isEnabled()
    assert not block_menu(window, "Inner")["Delete (used 2 times)"].isEnabled()
    block_menu(window, "Shell")["Save to the library"].trigger()
    assert library.holds_own("Shell")
    window.canvas.select(("first",))
    window.canvas.delete_selected()
    block_menu(window, "Shell")["Delete"].trigger()
    assert window.document.project.graph.blocks.keys() == {"Inner"}
    assert window.document.undo_stack.undoText() == "Delete the block Shell"
    window.document.undo_stack.undo()
    assert window.document.project.graph.blocks.keys() == {"Inner", "Shell"}
    assert not {"Enter", "Rename…", "Delete"} & block_menu(window, "ReLU").keys()


def test_that_keys_in_the_palette_enter_rename_and_delete_a_block(window: Window, qtbot: Any) -> None:
    tree = window.palette_of_layers.tree
    choose_in_palette(window, "Inner")
    QTest.keyClick(tree, Qt.Key.Key_Return, CONTROL)
    assert window.scope.block == "Inner"
    choose_in_palette(window, "Inner")
    QTest.keyClick(tree, Qt.Key.Key_F2)
    line = tree.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    assert line.text() == "Inner"
    line.selectAll()
    QTest.keyClicks(line, "Core")
    QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.document.project.graph.blocks.keys() == {"Core", "Shell"})
    assert window.document.undo_stack.count() == 1
    assert window.scope.block == "Core"
    assert window.document.undo_stack.undoText() == "Rename the block Inner to Core"
    assert tree._rows_of("Core")
    tree.begin_renaming("Core")
    line = next(each for each in tree.findChildren(QLineEdit) if each.isVisible())
    line.setText("ReLU")
    QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "because a layer is called so" in window.centre.message.words.text())
    assert window.document.project.graph.blocks.keys() == {"Core", "Shell"}
    choose_in_palette(window, "Shell")
    QTest.keyClick(tree, Qt.Key.Key_Delete)
    assert "Shell is used once, so that it cannot be deleted" in window.centre.message.words.text()
    choose_in_palette(window, "ReLU")
    QTest.keyClick(tree, Qt.Key.Key_F2)
    QTest.keyClick(tree, Qt.Key.Key_Delete)
    assert window.document.project.graph.blocks.keys() == {"Core", "Shell"}


def test_that_a_rename_follows_into_the_palette_of_the_project(window: Window) -> None:
    window.document.edit("Fix", msgspec.structs.replace(window.document.project, palette=("ReLU", "Inner")))
    window.palette_of_layers.block_wanted.emit("rename", "Inner", "Core")
    assert window.document.project.palette == ("ReLU", "Core")


def test_that_an_own_block_is_removed_from_the_library_and_put_back(window: Window) -> None:
    window.canvas.select(("first",))
    window.canvas.blocks.keep()
    window.document.new(Project())
    window.palette_of_layers.show_set("all")
    block_menu(window, "Shell")["Add to the drawing"].trigger()
    assert window.document.project.graph.blocks.keys() == {"Inner", "Shell"}
    window.document.new(Project())
    window.palette_of_layers.show_set("all")
    block_menu(window, "Shell")["Remove from your library"].trigger()
    assert not library.holds_own("Shell")
    assert not window.palette_of_layers.tree._rows_of("Shell")
    assert window.centre.message.words.text() == "Shell is no longer in your library."
    window.centre.message.button.click()
    assert library.holds_own("Shell")
    choose_in_palette(window, "Shell")
    QTest.keyClick(window.palette_of_layers.tree, Qt.Key.Key_Delete)
    assert not library.holds_own("Shell")
    built_in = next(name for name in library.names() if not library.holds_own(name))
    assert "Remove from your library" not in block_menu(window, built_in)


# ---- the library


def test_that_a_block_which_hides_one_of_the_library_is_said_wherever_it_gets_its_name(window: Window) -> None:
    window.canvas.select(("second",))
    type_into(window.inspector.use.name, "Residual")
    sentence = "Residual hides the library's block of that name in this project: rename it to have both."
    assert window.document.project.graph.nodes["second"].layer == "Residual"
    look(window)
    assert window.inspector.use.fault.text() == sentence
    assert window.inspector.use.fault.isVisible()
    window.canvas.blocks.keep()
    assert window.centre.message.words.text() == (
        "Residual is in your library and hides the one that comes along: rename it and save it to have both."
    )
    type_into(window.inspector.use.name, "Thin")
    assert not window.inspector.use.fault.isVisible()
    window.canvas.blocks.keep()
    assert "every project finds it in the palette" in window.centre.message.words.text()
    window.palette_of_layers.block_wanted.emit("rename", "Thin", "Residual")  # the person's own, which is this one
    assert "hides" not in window.centre.message.words.text()
    window.palette_of_layers.block_wanted.emit("rename", "Residual", "MLP")
    assert window.centre.message.words.text() == sentence.replace("Residual", "MLP")


def test_that_a_fresh_group_which_hides_a_kept_block_is_said(window: Window) -> None:
    library.save(grouped(window.document.project.graph, ["second"], "Block1")[0], "Block1")
    window.canvas.select(("first",))
    window.canvas.blocks.group()
    assert "Block1 hides the library's block of that name" in window.centre.message.words.text()


def test_that_a_kept_block_is_in_palette_and_quick_add_and_replaced_only_on_purpose(window: Window) -> None:
    window.canvas.select(("first",))
    window.canvas.blocks.keep()
    assert library.holds_own("Shell")
    window.document.new(Project())
    window.palette_of_layers.show_set("all")
    assert "Shell" in entries.blocks_of(window.document.project.graph)
    window.canvas.open_quick_add()
    window.canvas.floating.quick_add.query.setText("shell")
    QTest.keyClick(window.canvas.floating.quick_add.query, Qt.Key.Key_Return)
    assert window.document.project.graph.blocks.keys() == {"Inner", "Shell"}
    window.scope.enter(next(iter(window.document.project.graph.nodes)))
    window.canvas.select(("deep",))
    window.canvas.mute_selected()
    window.canvas.select(())
    window.inspector.block.keep.click()
    assert "another block Shell already" in window.centre.message.words.text()
    window.centre.message.button.click()
    assert "is in your library" in window.centre.message.words.text()
    assert library.take(Graph(), "Shell")[0].blocks["Shell"].nodes["deep"].muted


def test_that_a_library_file_from_a_newer_version_is_said_in_one_sentence(window: Window) -> None:
    folder = core_library.personal_folder()
    folder.mkdir(parents=True)
    (folder / "Late.loom").write_text('{"version": 99}', encoding="utf-8")
    library.load()
    assert len(library.faults()) == 1
    assert "newer Layerloom" in library.faults()[0]
    assert "Late" not in library.names()


def test_that_the_help_of_a_block_is_a_page_like_any_other(window: Window) -> None:
    window.explain("Inner", "second")
    page = window.findChildren(LayerHelp)[-1]
    assert "One layer." in page.text.toPlainText()
    assert "width" in page.text.toPlainText()
    library.load()
    window.explain("Residual")
    assert "ResNet" in page.text.toPlainText()
    page.close()


# ---- shared weights


def test_that_weights_are_shared_from_the_form_and_marked_on_the_card(qtbot: Any) -> None:
    nodes = {
        "data": Node("Input", {"shape": (8,)}),
        "one": Node("Linear", {"out_features": 8}, 220),
        "two": Node("Linear", {"out_features": 8}, 440),
    }
    links = (Link("data", "output", "one", "input"), Link("one", "output", "two", "input"))
    window = opened(qtbot, Project(Graph(nodes, links)))
    window.canvas.select(("two",))
    editor = window.inspector.share._editor
    assert editor is not None
    editor.combo.activated.emit(editor.combo.findText("one"))
    assert window.document.project.graph.nodes["two"].shares == "one"
    look(window)
    assert window.canvas.drawing.items_by_id["two"].card.foot == "weights of one"
    assert window.canvas.drawing.ties.pairs == (("two", "one"),)
    window.canvas.select(("one",))
    window.canvas.delete_selected()
    assert window.document.project.graph.nodes["two"].shares == ""


# ---- code of other people


def test_that_code_in_a_block_waits_for_trust_as_well(qtbot: Any) -> None:
    code = "def forward(x):\n    return x + 1\n"
    block = Block(
        {"x": Node("Input"), "own": Node("Python", {"code": code}, 220), "y": Node("Output", x=440)},
        (Link("own", "output", "y", "input"), Link("x", "output", "own", "x")),
    )
    graph = Graph({"Mine:own": Node("Python", {"code": code + "# other"}), "use": Node("Mine")}, (), {"Mine": block})
    window = opened(qtbot, Project(graph))
    assert set(window.trusted.waiting) == {"Mine:own", "Mine:own'"}
    window.document.new(Project(Graph({"use": Node("Mine")}, (), {"Mine": block})))
    assert set(window.trusted.waiting) == {"Mine:own"}
    window.trust_bar.show_code.click()
    assert window.scope.block == "Mine"
    assert window.canvas.selected == ("own",)
    assert window.inspector.trust.isVisible()
    window.inspector.trust.button.click()
    assert window.trusted.waiting == {}
