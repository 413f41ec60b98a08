"""The card beside a node that has a problem."""

from __future__ import annotations

from typing import Literal

import msgspec
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest

from core import graph as graphs
from core.graph import Link
from core.messages import Problem
from core.repairs import Insert, Repair
from designer.canvas import changes
from designer.canvas.problem_card import best_place

Severity = Literal["error", "warning"]
FLATTEN = Repair("Insert Flatten", (Insert("fc", "input", "Flatten"),))
WORDS = "Linear expects one row of numbers, but receives N × 32 × 8 × 8 from act; flatten it first."


def with_fault(document, report, *problems: Problem) -> None:
    made = report(document.project, document.revision)
    document.take(msgspec.structs.replace(made, problems=problems))


def joined(document) -> None:
    graph = graphs.with_link(document.project.graph, Link("act", "output", "fc", "input"))
    document.edit("Connect", changes.with_graph(document.project, graph))


def fault(
    severity: Severity = "error", repair: Repair | None = FLATTEN, why="Linear weighs the last axis only."
) -> Problem:
    return Problem(severity, "fc", "input", WORDS, repair, why)


def screen_rect(canvas, node_id: str) -> QRect:
    return canvas.viewportTransform().mapRect(canvas.drawing.items_by_id[node_id].rect()).toAlignedRect()


def test_that_an_edit_that_causes_a_problem_shows_it_beside_its_node(canvas, document, report):
    joined(document)
    with_fault(document, report, fault())
    card = canvas.floating.problem
    assert card.isVisible()
    assert card.words.text() == WORDS
    assert not card.geometry().intersects(screen_rect(canvas, "fc"))
    assert canvas.rect().contains(card.geometry())


def test_that_the_repair_is_the_first_button_and_one_edit(canvas, document, report):
    joined(document)
    with_fault(document, report, fault())
    card = canvas.floating.problem
    assert card.repair.text() == "Insert Flatten"
    assert card.repair.x() < card.explain.x()
    before = document.undo_stack.count()
    QTest.mouseClick(card.repair, Qt.MouseButton.LeftButton)
    links = document.project.graph.links
    assert Link("act", "output", "flatten1", "input") in links
    assert Link("flatten1", "output", "fc", "input") in links
    assert document.undo_stack.count() == before + 1
    with_fault(document, report)
    assert not card.isVisible()


def test_that_explain_shows_why_and_hides_it_again(canvas, document, report):
    joined(document)
    with_fault(document, report, fault())
    card = canvas.floating.problem
    low = card.height()
    QTest.mouseClick(card.explain, Qt.MouseButton.LeftButton)
    assert card.why.isVisible()
    assert card.height() > low
    QTest.mouseClick(card.explain, Qt.MouseButton.LeftButton)
    assert not card.why.isVisible()


def test_that_a_problem_without_repair_or_reason_shows_no_buttons(canvas, document, report):
    joined(document)
    with_fault(document, report, fault(repair=None, why=""))
    card = canvas.floating.problem
    assert card.isVisible()
    assert not card.repair.isVisible()
    assert not card.explain.isVisible()


def test_that_a_selected_node_shows_its_problem_and_another_selection_hides_it(canvas, hand, document, report):
    with_fault(document, report, fault("warning"))
    assert not canvas.floating.problem.isVisible()
    hand.click(hand.middle("fc"))
    assert canvas.floating.problem.isVisible()
    hand.click(hand.middle("conv"))
    assert not canvas.floating.problem.isVisible()


def test_that_the_pointer_over_a_node_shows_its_problem(canvas, hand, document, report, qtbot):
    with_fault(document, report, fault())
    hand.hover(hand.middle("fc"))
    assert canvas.floating.problem.isVisible()
    hand.hover((700, -150))
    qtbot.waitUntil(lambda: not canvas.floating.problem.isVisible(), timeout=3000)


def test_that_a_new_layer_does_not_complain_that_nothing_is_connected_yet(canvas, document, report):
    made = canvas.add_layer("Linear")
    open_port = Problem("error", made, "input", "Nothing arrives here.")
    with_fault(document, report, open_port)
    assert not canvas.floating.problem.isVisible()
    canvas.select(())
    canvas.reveal(made)
    assert canvas.floating.problem.isVisible()


def test_that_problems_of_a_file_just_opened_do_not_jump_at_a_person(canvas, document, report):
    joined(document)
    document.new(document.project)
    with_fault(document, report, fault())
    assert not canvas.floating.problem.isVisible()


def test_that_the_card_follows_pan_and_zoom_and_never_covers_its_node(canvas, hand, document, report):
    with_fault(document, report, fault())
    canvas.reveal("fc")
    card = canvas.floating.problem
    for zoom in (0.5, 0.8, 1.0, 1.7):
        for dx, dy in ((0, 0), (130, 90), (-500, -260)):
            canvas.set_zoom(zoom)
            canvas.show_centre(canvas.drawing.items_by_id["fc"].rect().center())
            canvas.pan_by(QPoint(dx, dy).toPointF())
            if card.isVisible():
                assert not card.geometry().intersects(screen_rect(canvas, "fc"))
                assert canvas.rect().contains(card.geometry())
    canvas.pan_by(QPoint(9000, 0).toPointF())
    assert not card.isVisible()


def test_that_the_best_place_covers_no_other_node_where_it_can():
    room, node, size = QRect(0, 0, 1000, 700), QRect(400, 300, 150, 80), QSize(280, 120)
    below = best_place(size, node, room, [])
    assert below is not None
    assert below.y() > node.bottom()
    blocked = best_place(size, node, room, [QRect(300, 390, 600, 300)])
    assert blocked is not None
    assert not QRect(blocked, size).intersects(QRect(300, 390, 600, 300))
    assert best_place(size, QRect(0, 0, 1000, 700), room, []) is None
