"""The outline: nodes and what is in blocks as a tree; selection goes both ways."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from core.examples import example_project
from core.graph import Graph, Link, Node
from core.messages import Checked, NodeReport, Problem
from core.project import Project
from core.specs import Spec
from designer.app import make_window
from designer.document import Document
from designer.outline import Outline
from designer.window import Window

PROJECT = Project(
    Graph(
        {"relu10": Node("ReLU"), "relu2": Node("ReLU", {}, 220), "conv1": Node("Conv2d", {}, 440)},
        (Link("relu2", "output", "relu10", "input"),),
    )
)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = make_window(Document())
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.resize(1280, 720)
    made.show()
    return made


@pytest.fixture
def outline(window: Window, qtbot: QtBot) -> Outline:
    window.document.new(PROJECT)
    window.actions_of["dock_outline"].trigger()
    qtbot.waitUntil(lambda: "Outline" in window.docks.on_demand)
    made = window.docks.on_demand["Outline"]
    qtbot.waitUntil(lambda: made.tree.rowCount() == 3)
    return made


def names(outline: Outline, parent: QModelIndex = QModelIndex()) -> list[str]:  # noqa: B008
    return [outline.tree.index(row, 0, parent).data() for row in range(outline.tree.rowCount(parent))]


def chosen(outline: Outline) -> list[str]:
    return [outline.tree.entry(index).path for index in outline.view.selectionModel().selectedRows(0)]


def test_that_nodes_stand_in_the_natural_order_of_their_names(outline: Outline):
    assert names(outline) == ["conv1", "relu2", "relu10"]


def test_that_selection_goes_both_ways(outline: Outline, window: Window, qtbot: QtBot):
    window.canvas.select(("relu2",))
    assert chosen(outline) == ["relu2"]
    outline.view.setFocus()
    qtbot.keyClick(outline.view, Qt.Key.Key_Down)
    assert window.selected == ("relu10",)
    qtbot.keyClick(outline.view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert set(window.selected) == {"relu2", "relu10"}
    assert window.focusWidget() is outline.view


def test_that_the_tree_follows_edits_and_is_searched(outline: Outline, window: Window, qtbot: QtBot):
    window.document.edit("Add", Project(Graph({**PROJECT.graph.nodes, "linear1": Node("Linear")})))
    qtbot.waitUntil(lambda: names(outline) == ["conv1", "linear1", "relu2", "relu10"])
    qtbot.keyClicks(outline.search, "relu")
    qtbot.waitUntil(lambda: names(outline) == ["relu2", "relu10"])


def test_that_a_node_says_everything_about_itself(outline: Outline, window: Window, qtbot: QtBot):
    fault = Problem("error", "conv1", "input", "conv1 needs an input.")
    known = {"relu10": NodeReport("ReLU", {"output": Spec(("N", 4))})}
    window.document.take(Checked(window.document.revision, (fault,), known))
    relu, conv = outline.tree.index_of("relu10"), outline.tree.index_of("conv1")
    assert relu.data(Qt.ItemDataRole.AccessibleTextRole) == "relu10, ReLU, from relu2, gives N × 4 float32"
    assert conv.data(Qt.ItemDataRole.AccessibleTextRole) == "conv1, Conv2d, error: conv1 needs an input."
    assert conv.data() == "conv1 ⚠"


def test_that_a_node_in_a_block_is_entered_from_the_tree_and_marked_in_it(
    outline: Outline, window: Window, qtbot: QtBot
):
    project = example_project("resnet18")
    window.document.new(project)
    qtbot.waitUntil(lambda: outline.tree.rowCount() == len(project.graph.nodes))
    use = next(name for name, node in project.graph.nodes.items() if node.layer in project.graph.blocks)
    inner = sorted(project.graph.blocks[project.graph.nodes[use].layer].nodes)[0]
    index = outline.tree.index_of(f"{use}/{inner}")
    assert index.parent() == outline.tree.index_of(use)
    outline.view.setCurrentIndex(index)
    assert window.scope.block == project.graph.nodes[use].layer
    assert window.selected == (inner,)
    assert chosen(outline) == [f"{use}/{inner}"]


def test_that_enter_opens_the_form_of_a_node(outline: Outline, window: Window, qtbot: QtBot):
    outline.view.setCurrentIndex(outline.tree.index_of("conv1"))
    outline.view.setFocus()
    qtbot.keyClick(outline.view, Qt.Key.Key_Return)
    assert window.inspector.isAncestorOf(window.focusWidget())


def test_that_ten_thousand_nodes_are_listed_without_making_what_is_not_seen(outline: Outline, window: Window):
    many = Project(Graph({f"relu{number}": Node("ReLU", {}, 200.0 * number) for number in range(10_000)}))
    outline.tree.show_graph(many.graph, None)
    assert outline.tree.rowCount() == 10_000
    assert outline.tree.index_of("relu9999").row() == 9999
