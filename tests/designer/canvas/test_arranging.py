"""Automatic layout and putting nodes in order: one step each, nothing covered, frames around their nodes."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from core.graph import Annotation, Graph, Link, Node
from core.project import Project
from designer.app import make_window
from designer.canvas import arranging, placing
from designer.document import Document


@pytest.fixture
def arrange(canvas, qtbot):
    """Arrange, and wait until it is there."""

    def run(*ids: str) -> None:
        if ids:
            canvas.select(ids)
        canvas.arranging.arrange()
        qtbot.waitUntil(lambda: not canvas.arranging.is_busy, timeout=20_000)
        canvas.arranging.settle()

    return run


def rects(canvas) -> dict[str, tuple[float, float, float, float]]:
    return {each: item.rect().getRect() for each, item in canvas.drawing.items_by_id.items()}


def covered(canvas) -> list[tuple[str, str]]:
    found = rects(canvas)
    return [pair for pair in itertools.combinations(found, 2) if placing.overlap(found[pair[0]], found[pair[1]])]


def heap(count: int) -> Project:
    """A chain whose nodes all lie on each other."""
    nodes = {f"act{place}": Node("ReLU") for place in range(count)}
    links = tuple(Link(f"act{place}", "output", f"act{place + 1}", "input") for place in range(count - 1))
    return Project(Graph(nodes, links))


def test_that_a_heap_becomes_rows_in_one_step_that_undo_takes_back(canvas, document, arrange):
    before = heap(40)
    document.new(before)
    assert covered(canvas)
    arrange()
    assert not covered(canvas)
    assert document.undo_stack.undoText() == "Arrange all"
    assert document.undo_stack.count() == 1
    assert len({item.y() for item in canvas.drawing.items_by_id.values()}) > 2
    assert canvas.seen().contains(canvas.drawing.items_by_id["act39"].rect())
    document.undo_stack.undo()
    assert document.project == before


def test_that_arranging_twice_changes_nothing_more(canvas, document, arrange, qtbot):
    arrange()
    once = document.project
    with qtbot.waitSignal(canvas.message) as said:
        arrange()
    assert "would put it" in said.args[0]
    assert document.project is once


def test_that_a_selection_is_arranged_where_it_stands_and_covers_nothing(canvas, document, arrange):
    document.new(Project(Graph({**heap(6).graph.nodes, "wall": Node("ReLU", x=300.0, y=20.0)}, heap(6).graph.links)))
    arrange("act0", "act1", "act2", "act3")
    assert not [pair for pair in covered(canvas) if set(pair) & {"act0", "act1", "act2", "act3"}]
    assert document.undo_stack.undoText() == "Arrange 4 nodes"
    wall = document.project.graph.nodes["wall"]
    assert (wall.x, wall.y) == (300.0, 20.0)
    tops = {canvas.drawing.items_by_id[f"act{place}"].y() for place in range(4)}
    assert len(tops) == 1


def test_that_the_drawing_may_change_while_it_is_arranged(canvas, document, qtbot):
    canvas.arranging.arrange()
    canvas.select(("fc",))
    canvas.delete_selected()
    qtbot.waitUntil(lambda: not canvas.arranging.is_busy, timeout=20_000)
    assert document.undo_stack.undoText() == "Arrange all"
    assert set(document.project.graph.nodes) == {"image", "conv", "act", "add"}


def test_that_a_layout_can_be_cancelled(canvas, document, qtbot):
    before = document.project
    with qtbot.waitSignal(canvas.arranging.ended):
        canvas.arranging.arrange()
        canvas.arranging.cancel()
    qtbot.wait(300)
    assert document.project is before
    assert not canvas.arranging.is_busy


def test_that_nodes_glide_and_a_press_puts_them_in_place(canvas, document, hand, monkeypatch, qtbot):
    monkeypatch.setattr(arranging, "is_reduced", lambda: False)
    canvas.select(("image", "fc"))
    canvas.arranging.align("bottom")
    item, node = canvas.drawing.items_by_id["image"], document.project.graph.nodes["image"]
    assert item.y() != node.y
    qtbot.waitUntil(lambda: item.y() == node.y, timeout=3000)
    document.undo_stack.undo()
    canvas.arranging.align("bottom")
    hand.press(QPointF(520, 420))
    assert item.y() == document.project.graph.nodes["image"].y
    hand.release(QPointF(520, 420))


def test_that_nothing_glides_with_reduced_motion(canvas, document, monkeypatch):
    monkeypatch.setattr(arranging, "is_reduced", lambda: True)
    canvas.select(("image", "fc"))
    canvas.arranging.align("bottom")
    assert canvas.drawing.items_by_id["image"].y() == document.project.graph.nodes["image"].y


@pytest.mark.parametrize(
    ("side", "share"), [("left", 0), ("centre", 0.5), ("right", 1), ("top", 0), ("middle", 0.5), ("bottom", 1)]
)
def test_that_nodes_are_aligned_in_one_step(canvas, document, side, share):
    canvas.select(("image", "conv", "add"))
    canvas.arranging.align(side)
    canvas.arranging.settle()
    axis = 0 if side in ("left", "centre", "right") else 1
    found = rects(canvas)
    lines = {round(found[each][axis] + share * found[each][axis + 2], 3) for each in ("image", "conv", "add")}
    assert len(lines) == 1
    assert document.undo_stack.undoText() == f"Align {side}"
    assert document.undo_stack.count() == 1


@pytest.mark.parametrize("way", ["across", "down"])
def test_that_gaps_become_equal_and_the_outermost_stay(canvas, document, way):
    document.new(
        Project(Graph({"a": Node("ReLU"), "b": Node("Conv2d", x=170, y=100), "c": Node("ReLU", x=900, y=700)}))
    )
    canvas.select(("a", "b", "c"))
    canvas.arranging.distribute(way)
    canvas.arranging.settle()
    axis = 0 if way == "across" else 1
    a, b, c = (rects(canvas)[each] for each in "abc")
    assert b[axis] - a[axis] - a[axis + 2] == pytest.approx(c[axis] - b[axis] - b[axis + 2])
    assert (a[:2], c[:2]) == ((0, 0), (900, 700))


def test_that_links_become_level(canvas, document):
    document.edit("x", placed(document.project, image=(0, 40), conv=(220, 0), act=(440, 300)))
    canvas.select(("image", "conv", "act"))
    canvas.arranging.straighten()
    canvas.arranging.settle()
    for link in document.project.graph.links:
        start = canvas.drawing.port_place(link.source, link.output, True)
        assert start.y() == canvas.drawing.port_place(link.target, link.input, False).y()
    document.undo_stack.undo()
    canvas.select(("act",))
    canvas.arranging.straighten()
    canvas.arranging.settle()
    assert canvas.drawing.items_by_id["act"].y() == 0


def placed(project: Project, **places: tuple[float, float]) -> Project:
    return Project(placing.with_places(project.graph, places), project.data)


def test_that_straightening_covers_no_other_node(canvas, document, qtbot):
    document.edit("x", placed(document.project, act=(440, 300), add=(440, 0)))
    canvas.select(("conv", "act"))
    with qtbot.waitSignal(canvas.message) as said:
        canvas.arranging.straighten()
    assert "in the way" in said.args[0]


def test_that_nodes_are_put_on_the_grid(canvas, document):
    document.edit("x", placed(document.project, act=(443.2, 5.4)))
    canvas.select(("act",))
    canvas.arranging.put_on_grid()
    assert (document.project.graph.nodes["act"].x, document.project.graph.nodes["act"].y) == (440, 0)


def test_that_frames_stay_around_their_nodes_and_notes_beside_theirs(canvas, document, arrange):
    chain = heap(6).graph
    nodes = {each: Node("ReLU", x=1000.0 * place, y=500.0) for place, each in enumerate(chain.nodes)}
    seen = {
        "frame1": Annotation("frame", 1980, 440, 1400, 300, "two of them"),
        "note1": Annotation("note", 4000, 400, text="near act4"),
    }
    document.new(Project(Graph(nodes, chain.links, annotations=seen)))
    arrange()
    graph = document.project.graph
    frame, note = graph.annotations["frame1"], graph.annotations["note1"]
    for each in ("act2", "act3"):
        node = graph.nodes[each]
        assert frame.x < node.x
        assert node.x + 152 < frame.x + frame.width
        assert frame.y < node.y < frame.y + frame.height
    assert (note.x - graph.nodes["act4"].x, note.y - graph.nodes["act4"].y) == (0, -100)


def test_that_a_block_that_is_entered_is_arranged_alone(canvas, document, arrange):
    from core.grouping import grouped

    graph, used = grouped(document.project.graph, ["conv", "act"], "Part")
    document.new(Project(graph, document.project.data))
    canvas.document.enter(used)
    QApplication.processEvents()
    outer = document.project.graph.nodes
    block = document.project.graph.blocks["Part"]
    scattered = {each: Node(node.layer, node.values, 0.0, 0.0) for each, node in block.nodes.items()}
    canvas.document.edit("x", Project(Graph(scattered, block.links, graph.blocks), document.project.data))
    arrange()
    assert not covered(canvas)
    assert document.project.graph.nodes == outer
    assert document.undo_stack.undoText() == "Arrange all"


def test_that_an_arranged_selection_is_pushed_the_shortest_way():
    laid = [(0.0, 0.0, 152.0, 80.0)]
    assert placing.free_shift(laid, [(0.0, 500.0, 152.0, 80.0)]) == (0.0, 0.0)
    across, down = placing.free_shift(laid, [(100.0, -300.0, 152.0, 600.0)])
    assert (across < 0, down) == (True, 0.0)
    across, down = placing.free_shift(laid, [(-300.0, 60.0, 600.0, 90.0)])
    assert (across, down < 0) == (0.0, True)


def test_that_a_slow_layout_says_so_and_can_be_cancelled_in_the_window(qtbot, monkeypatch, tmp_path):
    body = "def from_edges(*_, **named):\n    while True: pass\n"
    (tmp_path / "fast_sugiyama.py").write_text(body, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(arranging, "SLOW_AFTER", 100)
    window = make_window(Document())
    qtbot.addWidget(window, before_close_func=lambda each: each.document.undo_stack.setClean())
    window.show()
    before = heap(5)
    window.document.new(before)
    window.actions_of["arrange"].trigger()
    message = window.centre.message
    qtbot.waitUntil(lambda: message.button.text() == "Cancel" and message.isVisible(), timeout=5000)
    assert "worked out" in message.words.text()
    message.button.click()
    assert not window.canvas.arranging.is_busy
    assert not message.isVisible()
    qtbot.wait(200)
    assert window.document.project is before
