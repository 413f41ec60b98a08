"""What menus and actions ask of the canvas: delete, copy, paste, duplicate, mute."""

from __future__ import annotations

import json

from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication

from core import graph as graphs
from core.graph import Link, Node
from core.project import Project
from designer.document import Document


def links(document: Document):
    return document.project.graph.links


def test_that_delete_takes_nodes_and_their_links_in_one_edit(canvas, document):
    canvas.select(("conv", "fc"))
    canvas.delete_selected()
    assert set(document.project.graph.nodes) == {"image", "act", "add"}
    assert links(document) == ()
    assert (document.undo_stack.count(), document.undo_stack.undoText()) == (1, "Delete 2 nodes")
    assert canvas.selected == ()


def test_that_delete_with_reconnect_heals_the_chain(canvas, document):
    canvas.select(("conv",))
    canvas.delete_selected(reconnect=True)
    assert links(document) == (Link("image", "output", "act", "input"),)


def test_that_copies_are_a_project_file_and_are_pasted_under_names_of_their_own(canvas, document, hand):
    canvas.select(("conv", "act"))
    canvas.copy()
    held = json.loads(QGuiApplication.clipboard().text())
    assert set(held["nodes"]) == {"conv", "act"}
    assert held["links"] == [["conv", "output", "act", "input"]]
    hand.hover((100, 420))
    canvas.paste()
    nodes = document.project.graph.nodes
    assert set(canvas.selected) == {"conv2", "act2"}
    assert nodes["conv2"].values == {"out_channels": 32}
    assert Link("conv2", "output", "act2", "input") in links(document)
    assert nodes["act2"].x - nodes["conv2"].x == 220
    assert abs(nodes["conv2"].x + 76 - 100) <= 6
    assert (document.undo_stack.count(), document.undo_stack.undoText()) == (1, "Paste 2 nodes")


def test_that_a_second_paste_does_not_lie_on_the_first(canvas, document):
    canvas.select(("conv",))
    canvas.copy()
    canvas.paste()
    canvas.paste()
    nodes = document.project.graph.nodes
    assert (nodes["conv2"].x, nodes["conv2"].y) != (nodes["conv3"].x, nodes["conv3"].y)


def test_that_cut_and_paste_keep_the_names(canvas, document):
    canvas.select(("conv", "act"))
    canvas.cut()
    assert "conv" not in document.project.graph.nodes
    canvas.paste()
    assert {"conv", "act"} <= set(document.project.graph.nodes)
    assert Link("conv", "output", "act", "input") in links(document)


def test_that_garbage_on_the_clipboard_is_passed_over_with_a_message(canvas, document):
    told = []
    canvas.message.connect(told.append)
    for garbage in ("", "hello", "[1, 2]", '{"version": 1}', '{"version": 1, "nodes": {"a": 3}}', "{" * 5000):
        QGuiApplication.clipboard().setText(garbage)
        canvas.paste()
    assert len(told) == 6
    assert all("clipboard" in each for each in told)
    assert document.undo_stack.count() == 0


def test_that_pasting_into_another_project_keeps_names_and_unknown_layers(canvas, document):
    document.new(Project())
    text = '{"version": 1, "nodes": {"odd": {"layer": "Mystery", "values": {"a": [1, 2]}}}, "links": []}'
    QGuiApplication.clipboard().setText(text)
    canvas.paste()
    assert document.project.graph.nodes["odd"].layer == "Mystery"
    assert not canvas.drawing.items_by_id["odd"].card.known


def test_that_duplicate_lies_beside_and_is_selected(canvas, document):
    canvas.select(("conv",))
    canvas.duplicate()
    node = document.project.graph.nodes["conv2"]
    assert (node.x, node.y) == (242.0, 22.0)
    assert canvas.selected == ("conv2",)
    assert document.undo_stack.undoText() == "Duplicate conv"


def test_that_mute_works_both_ways_and_is_shown(canvas, document):
    canvas.select(("conv", "act"))
    canvas.mute_selected()
    assert document.project.graph.nodes["conv"].muted
    assert canvas.drawing.items_by_id["conv"].card.foot == "muted: passes through"
    canvas.mute_selected()
    assert not document.project.graph.nodes["act"].muted
    assert document.undo_stack.count() == 2


def test_that_select_all_and_undo_of_a_delete_bring_back_nodes(canvas, document):
    before = canvas.drawing.state()
    canvas.select_all()
    assert len(canvas.selected) == 5
    canvas.delete_selected()
    assert not canvas.drawing.items_by_id
    assert not canvas.floating.minimap.isVisible()
    document.undo_stack.undo()
    assert canvas.drawing.state()["nodes"].keys() == before["nodes"].keys()


def test_that_reveal_selects_and_brings_into_view(canvas, document):
    far = graphs.with_nodes(document.project.graph, {"far": Node("ReLU", {}, 9000.0, -7000.0)})
    document.new(Project(far))
    canvas.set_zoom(1.0)
    canvas.show_centre(QPointF(0, 0))
    canvas.reveal("far")
    assert canvas.selected == ("far",)
    assert canvas.seen().contains(canvas.drawing.items_by_id["far"].rect())
    canvas.reveal("nobody")
    assert canvas.selected == ("far",)


def test_that_another_document_begins_without_a_selection(canvas, document):
    canvas.select(("conv",))
    document.new(document.project)
    assert canvas.selected == ()
    assert not canvas.drawing.items_by_id["conv"].is_chosen
