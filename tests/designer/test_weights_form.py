"""The section of weights in the inspector: shown where there are weights, and every change an undo step."""

from __future__ import annotations

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from core.graph import Block, Graph, Link, Node
from core.messages import Checked, NodeReport
from core.project import Data, Project
from core.specs import Spec
from designer.app import make_window
from designer.canvas.cards import card_of
from designer.document import Document
from designer.editors import CheckEditor, ChoiceEditor, LineEditor
from designer.inspector import Inspector
from designer.window import Window

PROJECT = Project(
    Graph(
        {
            "image": Node("Input", {"field": "image"}),
            "conv1": Node("Conv2d", {"out_channels": 8}),
            "conv2": Node("Conv2d", {"out_channels": 8}),
            "relu1": Node("ReLU"),
            "odd": Node("ReLU", weights={"init": "normal_"}),
        },
        (Link("image", "output", "conv1", "input"), Link("conv1", "output", "conv2", "input")),
    ),
    Data("Digits"),
)
SIZE = Spec(("N", 8, 6, 6))


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = make_window(Document())
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.resize(1280, 720)
    made.show()
    made.document.new(PROJECT)
    return made


@pytest.fixture
def document(window: Window) -> Document:
    checked(window.document)
    return window.document


@pytest.fixture
def inspector(window: Window, document: Document) -> Inspector:
    return window.inspector


def checked(document: Document) -> None:
    nodes = {name: NodeReport("Conv2d", {"output": SIZE}, 80) for name in ("conv1", "conv2")}
    document.take(Checked(document.revision, nodes={**nodes, "relu1": NodeReport("ReLU", {"output": SIZE})}))


def choose(inspector: Inspector, name: str, value: str) -> None:
    editor = inspector.weights.form.rows[name].editor
    assert isinstance(editor, ChoiceEditor)
    editor.combo.setCurrentIndex(editor.combo.findData(value))
    editor.combo.activated.emit(editor.combo.currentIndex())


def write(inspector: Inspector, name: str, text: str) -> None:
    editor = inspector.weights.form.rows[name].editor
    assert isinstance(editor, LineEditor)
    editor.line.setText(text)
    editor.line.editingFinished.emit()


def weights(document: Document, node_id: str) -> dict[str, object]:
    return document.project.graph.nodes[node_id].weights


def test_that_the_section_stands_where_there_are_weights_or_settings_of_them(inspector: Inspector) -> None:
    for ids, shown in (
        ((), False),
        (("conv1",), True),
        (("conv1", "conv2"), True),
        (("relu1",), False),
        (("conv1", "relu1"), False),
        (("odd",), True),
    ):
        inspector.show_nodes(ids)
        assert inspector.weights.isVisible() == shown, ids


def test_that_the_section_stands_before_check_knows_where_a_layer_always_has_weights(window: Window) -> None:
    window.inspector.show_nodes(("conv1",))
    assert window.inspector.weights.isVisible()
    window.inspector.show_nodes(("relu1",))
    assert not window.inspector.weights.isVisible()
    checked(window.document)
    window.inspector.show_nodes(("conv1",))
    assert window.inspector.weights.isVisible()


def test_that_a_change_is_an_undo_step_and_comes_back(inspector: Inspector, document: Document) -> None:
    inspector.show_nodes(("conv1",))
    choose(inspector, "init", "kaiming_normal_")
    assert weights(document, "conv1") == {"init": "kaiming_normal_"}
    assert document.undo_stack.undoText() == "Set init of conv1"
    choose(inspector, "nonlinearity", "relu")
    assert weights(document, "conv1") == {"init": "kaiming_normal_", "nonlinearity": "relu"}
    inspector.weights.form.rows["nonlinearity"].reset.click()
    assert document.undo_stack.undoText() == "Reset nonlinearity of conv1"
    assert weights(document, "conv1") == {"init": "kaiming_normal_"}
    document.undo_stack.undo()
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert weights(document, "conv1") == {}
    editor = inspector.weights.form.rows["init"].editor
    assert isinstance(editor, ChoiceEditor)
    assert editor.combo.currentData() == "default"


def test_that_arguments_show_only_beside_the_function_that_takes_them(inspector: Inspector) -> None:
    inspector.show_nodes(("conv1",))
    rows = inspector.weights.form.rows
    assert [name for name, row in rows.items() if row.isVisible()] == ["init", "bias", "file", "from_node", "frozen"]
    choose(inspector, "init", "trunc_normal_")
    rows = inspector.weights.form.rows
    assert [name for name, row in rows.items() if row.isVisible()][:5] == ["init", "mean", "std", "a", "b"]
    line = rows["a"].editor
    assert isinstance(line, LineEditor)
    assert float(line.line.text().replace("−", "-")) == -2
    choose(inspector, "init", "default")
    choose(inspector, "bias", "constant_")
    rows = inspector.weights.form.rows
    assert rows["bias_val"].isVisible()
    assert not rows["std"].isVisible()


def test_that_several_nodes_are_set_at_once(inspector: Inspector, document: Document) -> None:
    inspector.show_nodes(("conv1", "conv2"))
    frozen = inspector.weights.form.rows["frozen"].editor
    assert isinstance(frozen, CheckEditor)
    frozen.box.click()
    assert weights(document, "conv1") == weights(document, "conv2") == {"frozen": True}
    assert document.undo_stack.undoText() == "Set frozen of 2 nodes"
    inspector.show_nodes(("conv1",))
    choose(inspector, "init", "sparse_")
    inspector.show_nodes(("conv1", "conv2"))
    editor = inspector.weights.form.rows["init"].editor
    assert isinstance(editor, ChoiceEditor)
    assert editor.combo.currentIndex() == -1


def test_that_a_value_that_does_not_fit_is_said_under_its_field(inspector: Inspector, document: Document) -> None:
    inspector.show_nodes(("conv1",))
    choose(inspector, "init", "normal_")
    write(inspector, "std", "-1")
    assert weights(document, "conv1") == {"init": "normal_"}
    assert "above 0" in inspector.weights.form.rows["std"].fault.text()
    write(inspector, "std", "0.02")
    assert weights(document, "conv1") == {"init": "normal_", "std": 0.02}


def test_that_a_frozen_node_says_so_on_its_card() -> None:
    report = NodeReport("Conv2d", {"output": SIZE}, 80)
    assert card_of("conv1", Node("Conv2d", weights={"frozen": True}), report=report).foot == "80 parameters, frozen"
    assert card_of("conv1", Node("Conv2d"), report=report).foot == "80 parameters"


def test_that_a_use_of_a_block_says_what_holds_for_all_weights_inside(window: Window) -> None:
    part = Block({"x": Node("Input"), "fc": Node("Linear"), "y": Node("Output")})
    graph = PROJECT.graph
    graph = msgspec.structs.replace(graph, nodes={**graph.nodes, "stage": Node("Part")}, blocks={"Part": part})
    window.document.new(msgspec.structs.replace(PROJECT, graph=graph))
    document, inspector = window.document, window.inspector
    document.take(Checked(document.revision, nodes={"stage": NodeReport("Part", {"y": SIZE}, 80)}))
    inspector.show_nodes(("stage",))
    assert inspector.weights.isVisible()
    assert [name for name, row in inspector.weights.form.rows.items() if row.isVisible()] == [
        "file", "from_node", "frozen",
    ]  # fmt: skip
    editor = inspector.weights.form.rows["frozen"].editor
    assert isinstance(editor, CheckEditor)
    editor.box.click()
    assert weights(document, "stage") == {"frozen": True}
    assert document.undo_stack.undoText() == "Set frozen of stage"
    document.undo_stack.undo()
    assert weights(document, "stage") == {}
