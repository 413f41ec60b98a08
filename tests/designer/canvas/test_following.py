"""The scene follows the document by difference, and is the same for the same project."""

from __future__ import annotations

import random

import msgspec
import pytest

from core import graph as graphs
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE
from core.messages import NodeReport, Problem
from core.project import Project
from core.specs import Spec
from designer.canvas import Canvas, changes
from designer.canvas.look import FAULTY, FLOATS, UNKNOWN, WHOLES
from designer.document import Document


def kind(canvas, link: Link) -> int:
    links = canvas.drawing.links
    return int(links.column("kind")[links.slot[link], 0])


def test_that_an_edit_of_one_value_touches_one_card(canvas, document):
    before = canvas.drawing.touched
    graph = graphs.with_value(document.project.graph, "conv", "out_channels", 64)
    document.edit("Set", changes.with_graph(document.project, graph))
    assert canvas.drawing.touched == before + 1
    assert canvas.drawing.items_by_id["conv"].card.lines[0][0].text == "64"


def test_that_a_report_touches_only_nodes_whose_report_changed(canvas, document, report):
    before = canvas.drawing.touched
    made = report(document.project, document.revision)
    document.take(made)
    assert canvas.drawing.touched == before
    nodes = {**made.nodes, "conv": NodeReport("Conv2d", {"output": Spec(("N", 64, 8, 8))}, 640)}
    document.take(msgspec.structs.replace(made, nodes=nodes))
    assert canvas.drawing.touched == before + 1
    assert canvas.drawing.items_by_id["conv"].card.foot == "640 parameters"


def test_that_a_node_keeps_its_item_through_edits(canvas, document):
    item = canvas.drawing.items_by_id["act"]
    document.edit("Move", changes.moved(document.project, ["act"], 22, 0))
    assert canvas.drawing.items_by_id["act"] is item
    assert item.x() == 462.0


def test_that_links_are_coloured_by_what_flows_and_by_faults(canvas, document, report):
    link = Link("conv", "output", "act", "input")
    assert kind(canvas, link) == FLOATS
    made = report(document.project, document.revision)
    whole = {**made.nodes, "conv": NodeReport("Conv2d", {"output": Spec(("N", 32), "int64")})}
    document.take(msgspec.structs.replace(made, nodes=whole))
    assert kind(canvas, link) == WHOLES
    document.take(msgspec.structs.replace(made, nodes={}))
    assert kind(canvas, link) == UNKNOWN
    document.take(msgspec.structs.replace(made, problems=(Problem("error", "act", "input", "It does not fit."),)))
    assert kind(canvas, link) == FAULTY
    assert canvas.drawing.items_by_id["act"].card.mark == "error"


def test_that_a_link_to_a_port_that_does_not_exist_is_shown_as_faulty(canvas, document):
    link = Link("fc", "nowhere", "act", "gone")
    graph = graphs.with_link(document.project.graph, link)
    document.edit("Join", changes.with_graph(document.project, graph))
    assert kind(canvas, link) == FAULTY
    slot = canvas.drawing.items_by_id["act"].card.slot("gone", False)
    assert slot is not None
    assert not slot.known


def test_that_another_project_is_framed_and_an_edit_is_not(canvas, document):
    document.edit("Move", changes.moved(document.project, ["fc"], -4000, 3000))
    assert canvas.zoom == 1.0
    document.new(document.project)
    assert all(canvas.seen().contains(item.rect()) for item in canvas.drawing.items_by_id.values())


def test_that_ends_of_links_are_where_the_ports_are(canvas):
    drawing = canvas.drawing
    for link, slot in drawing.links.slot.items():
        x1, y1, x2, y2 = drawing.links.column("ends")[slot].tolist()
        start = drawing.port_place(link.source, link.output, True)
        end = drawing.port_place(link.target, link.input, False)
        assert (x1, y1, x2, y2) == (start.x(), start.y(), end.x(), end.y())


# ---- the law: undo everything, and the scene is the first one


def edited(random_: random.Random, project: Project) -> Project:
    """The project after one random edit, of the kinds that people make."""
    graph = project.graph
    ids = sorted(graph.nodes)
    choice = random_.randrange(7) if ids else 0
    some = random_.sample(ids, min(len(ids), random_.randint(1, 3)))
    match choice:
        case 0 | 1:
            name = random_.choice(sorted(CATALOGUE))
            node = Node(name, {}, random_.randrange(-900, 900), random_.randrange(-900, 900))
            graph = graphs.with_nodes(graph, {graphs.fresh_id(graph.nodes, name): node})
        case 2:
            graph = graphs.without_nodes(graph, some)
        case 3:
            return changes.moved(project, some, random_.randrange(-300, 300), 11)
        case 4:
            return changes.muted(project, some)
        case 5 if graph.links:
            graph = graphs.without_links(graph, [random_.choice(graph.links)])
        case _:
            source, target = random_.choice(ids), random_.choice(ids)
            ports = [port.name + "_0" * port.variadic for port in CATALOGUE[graph.nodes[target].layer].inputs] or [
                "stray"
            ]
            graph = graphs.with_link(graph, Link(source, "output", target, random_.choice(ports)))
    return changes.with_graph(project, graph)


def campaign(qtbot, seed: int, count: int) -> None:
    random_ = random.Random(seed)
    document = Document()
    document.new(Project(Graph({"first": Node("Linear", {}, 0, 0)})))
    canvas = Canvas(document)
    qtbot.addWidget(canvas)
    states = [canvas.drawing.state()]
    for _ in range(count):
        before = document.project
        document.edit("Anything", edited(random_, before))
        if document.project is not before:
            states.append(canvas.drawing.state())
    fresh = Document()
    fresh.new(document.project)
    other = Canvas(fresh)
    qtbot.addWidget(other)
    assert other.drawing.state() == states[-1]
    for expected in reversed(states[:-1]):
        document.undo_stack.undo()
        assert canvas.drawing.state() == expected
    for expected in states[1:]:
        document.undo_stack.redo()
        assert canvas.drawing.state() == expected
    assert len(canvas.drawing.items_by_id) == len(canvas.drawing.nodes)


def test_that_random_edits_undone_give_every_scene_again(qtbot):
    for seed in range(4):
        campaign(qtbot, seed, 60)


@pytest.mark.campaign
def test_that_many_random_edits_undone_give_every_scene_again(qtbot):
    for seed in range(100, 140):
        campaign(qtbot, seed, 300)
