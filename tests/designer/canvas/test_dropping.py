"""Layers dragged from the palette, and files dragged from the system."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from core.graph import Link, Node
from core.project import Data, Project
from designer.canvas.node_item import NodeItem
from designer.document import Document

ALT = Qt.KeyboardModifier.AltModifier


def ghosts(canvas):
    known = canvas.drawing.items_by_id.values()
    return [item for item in canvas.drawing.items() if isinstance(item, NodeItem) and item not in known]


def test_that_a_dropped_layer_is_added_under_the_pointer_as_it_is_dropped_by_default(canvas, hand, document, layer):
    assert hand.drop(layer("LSTM"), (300, 400))
    node = document.project.graph.nodes["lstm1"]
    assert (node.x, node.y) == (220.0, 385.0)
    assert node.values["batch_first"] is True
    assert (document.undo_stack.count(), document.undo_stack.undoText()) == (1, "Add LSTM")
    assert canvas.selected == ("lstm1",)


def test_that_a_dropped_layer_is_not_connected_to_the_selected_node(canvas, hand, document, layer):
    canvas.select(("act",))
    hand.drop(layer("Linear"), (300, 400))
    assert len(document.project.graph.links) == 2


def test_that_a_ghost_shows_where_the_layer_would_land_and_goes_when_the_drag_leaves(canvas, hand, layer):
    assert hand.bring(layer("ReLU"), (300, 400))
    (ghost,) = ghosts(canvas)
    assert (ghost.x(), ghost.y()) == (220.0, 385.0)
    hand.take_away()
    assert not ghosts(canvas)


def test_that_a_drop_on_a_link_inserts_the_layer_and_shows_the_link_before(canvas, hand, document, layer):
    middle = (hand.port("conv", "output", True) + hand.port("act", "input")) / 2
    assert hand.bring(layer("BatchNorm2d"), middle)
    assert canvas.drawing.layer.hovered == Link("conv", "output", "act", "input")
    hand.drop(layer("BatchNorm2d"), middle)
    (made,) = [node_id for node_id, node in document.project.graph.nodes.items() if node.layer == "BatchNorm2d"]
    links = document.project.graph.links
    assert Link("conv", "output", made, "input") in links
    assert Link(made, "output", "act", "input") in links
    assert Link("conv", "output", "act", "input") not in links
    assert document.undo_stack.count() == 1
    assert canvas.drawing.layer.hovered is None


def test_that_alt_keeps_a_drop_out_of_the_link_below(canvas, hand, document, layer):
    middle = (hand.port("conv", "output", True) + hand.port("act", "input")) / 2
    hand.drop(layer("ReLU"), middle, ALT)
    assert Link("conv", "output", "act", "input") in document.project.graph.links
    assert len(document.project.graph.links) == 2


def test_that_a_layer_without_an_input_is_not_put_into_a_link(canvas, hand, document, layer):
    middle = (hand.port("conv", "output", True) + hand.port("act", "input")) / 2
    hand.drop(layer("Noise"), middle)
    assert len(document.project.graph.links) == 2


def test_that_an_unknown_layer_and_plain_text_are_refused(canvas, hand, document, layer):
    text = QMimeData()
    text.setText("Conv2d")
    assert not hand.drop(text, (300, 400))
    assert not hand.drop(layer("NoSuchLayer"), (300, 400))
    assert document.undo_stack.count() == 0


def test_that_an_input_takes_the_first_field_that_no_input_has(canvas, hand, document, layer, qtbot):
    told = []
    canvas.data_wanted.connect(told.append)
    hand.drop(layer("Input"), (300, 400))
    hand.drop(layer("Target"), (300, 500))
    nodes = document.project.graph.nodes
    assert nodes["input1"].values == {"field": "extra"}
    assert nodes["target1"].values == {"field": "label"}
    assert told == []


def test_that_an_input_without_a_data_set_asks_for_one_after_its_edit(canvas, hand, document: Document, layer):
    document.new(Project())
    told = []
    canvas.data_wanted.connect(lambda node_id: told.append((node_id, node_id in document.project.graph.nodes)))
    hand.drop(layer("Input"), (0, 0))
    assert told == [("input1", True)]


def test_that_files_are_offered_to_the_window(canvas, hand, document, file):
    told = []
    canvas.file_dropped.connect(told.append)
    assert hand.drop(file("/data/flowers.csv"), (300, 400))
    assert hand.drop(file("/data/net.loom"), (300, 400))
    assert not hand.drop(file("/data/letter.docx"), (300, 400))
    assert told == ["/data/flowers.csv", "/data/net.loom"]
    assert document.undo_stack.count() == 0


def test_that_two_layers_added_in_the_middle_do_not_lie_on_each_other(canvas, document):
    first, second = canvas.add_layer("ReLU"), canvas.add_layer("ReLU")
    nodes = document.project.graph.nodes
    assert (nodes[first].x, nodes[first].y) != (nodes[second].x, nodes[second].y)
    assert isinstance(nodes[first], Node)
    assert document.project.data == Data("digits")


def test_that_a_drop_on_something_that_floats_over_the_drawing_counts_too(canvas, hand, document, layer):
    place = QPointF(hand.at((300, 400)))
    data = layer("ReLU")
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(place.toPoint(), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(canvas, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(canvas, QDropEvent(place, Qt.DropAction.CopyAction, data, left, none))
    assert "relu1" in document.project.graph.nodes
