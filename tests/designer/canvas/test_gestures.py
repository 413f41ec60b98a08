"""Each gesture of the mouse, with real events, ends in at most one edit."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.graph import Link
from designer.canvas.metrics import ZOOM_HIGH, ZOOM_LOW

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ALT, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
MIDDLE = Qt.MouseButton.MiddleButton
STILL = Qt.ScrollPhase.NoScrollPhase


def wheel(canvas, at: QPointF, turn: QPoint, pixels: QPoint | None = None, keys=NONE, phase=STILL):
    view = canvas.viewport()
    screen = QPointF(view.mapToGlobal(at.toPoint()))
    event = QWheelEvent(at, screen, pixels or QPoint(), turn, Qt.MouseButton.NoButton, keys, phase, False)
    QApplication.sendEvent(view, event)


def steps(document) -> int:
    return document.undo_stack.count()


def last(document) -> str:
    return document.undo_stack.undoText()


# ---- the view


def test_that_a_middle_drag_pans_without_an_edit(canvas, hand, document):
    before = canvas.to_scene(QPointF(0, 0))
    hand.drag((300, 350), (360, 380), button=MIDDLE)
    moved = canvas.to_scene(QPointF(0, 0)) - before
    assert (round(moved.x()), round(moved.y())) == (-60, -30)
    assert steps(document) == 0


def test_that_a_drag_with_space_held_pans_even_over_a_node(canvas, hand, document):
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    before = canvas.to_scene(QPointF(0, 0))
    hand.drag(hand.middle("conv"), hand.middle("conv") + QPointF(50, 0))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert round((canvas.to_scene(QPointF(0, 0)) - before).x()) == -50
    assert steps(document) == 0
    assert canvas.selected == ()


def test_that_the_wheel_zooms_at_the_cursor(canvas):
    at = QPointF(200, 150)
    before = canvas.to_scene(at)
    wheel(canvas, at, QPoint(0, 120))
    after = canvas.to_scene(at)
    assert canvas.zoom > 1.1
    assert abs(after.x() - before.x()) < 1
    assert abs(after.y() - before.y()) < 1


def test_that_zoom_stays_between_3_and_400_percent(canvas):
    for _ in range(60):
        wheel(canvas, QPointF(200, 150), QPoint(0, -240))
    assert canvas.zoom == pytest.approx(ZOOM_LOW)
    for _ in range(60):
        wheel(canvas, QPointF(200, 150), QPoint(0, 240))
    assert canvas.zoom == pytest.approx(ZOOM_HIGH)


def test_that_two_fingers_pan_and_with_ctrl_zoom(canvas):
    before = canvas.to_scene(QPointF(0, 0))
    wheel(canvas, QPointF(200, 150), QPoint(80, 40), QPoint(20, 10), phase=Qt.ScrollPhase.ScrollUpdate)
    moved = canvas.to_scene(QPointF(0, 0)) - before
    assert (round(moved.x()), round(moved.y()), canvas.zoom) == (-20, -10, 1.0)
    wheel(canvas, QPointF(200, 150), QPoint(0, 40), QPoint(0, 10), CTRL, Qt.ScrollPhase.ScrollUpdate)
    assert canvas.zoom > 1.0


def test_that_momentum_after_a_pinch_does_not_zoom(canvas):
    wheel(canvas, QPointF(200, 150), QPoint(0, 90), QPoint(0, 9), CTRL, Qt.ScrollPhase.ScrollMomentum)
    assert canvas.zoom == 1.0


def test_that_a_drag_at_the_edge_pushes_the_view(canvas, hand, qtbot):
    before = canvas.to_scene(QPointF(0, 0)).x()
    hand.hover(hand.middle("conv"))
    hand.press(hand.middle("conv"))
    hand.move(canvas.to_scene(QPointF(canvas.viewport().width() - 3, 200)))
    qtbot.waitUntil(lambda: canvas.to_scene(QPointF(0, 0)).x() > before + 30, timeout=3000)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.gesture is None


def test_that_frame_all_shows_every_node(canvas, hand):
    canvas.set_zoom(3.0)
    canvas.frame_all()
    seen = canvas.seen()
    assert all(seen.contains(item.rect()) for item in canvas.drawing.items_by_id.values())


def test_that_a_small_canvas_is_used_for_the_drawing_and_not_for_its_margin(canvas):
    for width, height in ((330, 208), (1060, 620)):
        canvas.resize(width, height)
        canvas.frame_all()
        area, room = canvas.drawing.bounds(), canvas.viewport().rect()
        taken = canvas.zoom * max(area.width() / room.width(), area.height() / room.height())
        assert taken > 0.8 or canvas.zoom == 1.0


def test_that_frame_selected_shows_the_selection_larger_than_everything(canvas):
    canvas.frame_all()
    everything = canvas.zoom
    canvas.select(("conv",))
    canvas.frame_selected()
    assert canvas.zoom > everything
    assert canvas.seen().contains(canvas.drawing.items_by_id["conv"].rect())


def test_that_a_drag_in_the_minimap_moves_the_view(canvas):
    minimap = canvas.floating.minimap
    canvas.set_zoom(2.0)
    target = minimap.fitting().map(canvas.drawing.items_by_id["add"].rect().center()).toPoint()
    QTest.mousePress(minimap, Qt.MouseButton.LeftButton, NONE, target)
    centre = canvas.seen().center() - canvas.drawing.items_by_id["add"].rect().center()
    assert abs(centre.x()) < 6
    assert abs(centre.y()) < 6
    QTest.mouseRelease(minimap, Qt.MouseButton.LeftButton, NONE, target)


# ---- selecting


def test_that_a_click_selects_one_node_and_tells_it(canvas, hand, qtbot):
    with qtbot.waitSignal(canvas.selection_changed) as told:
        hand.click(hand.middle("conv"))
    assert told.args == [("conv",)]
    assert "conv" in canvas.accessibleDescription()
    assert "32×8×8" in canvas.accessibleDescription()


@pytest.mark.parametrize("keys", [SHIFT, CTRL])
def test_that_a_click_with_shift_or_ctrl_adds_and_takes_away(canvas, hand, keys):
    hand.click(hand.middle("conv"))
    hand.click(hand.middle("act"), keys)
    assert canvas.selected == ("conv", "act")
    hand.click(hand.middle("conv"), keys)
    assert canvas.selected == ("act",)


def test_that_a_box_selects_what_it_touches(canvas, hand, document):
    hand.drag((150, -60), (470, 60))
    assert set(canvas.selected) == {"image", "conv", "act"}
    assert steps(document) == 0


def test_that_a_box_with_shift_adds_to_the_selection(canvas, hand):
    canvas.select(("fc",))
    hand.drag((400, -60), (640, 60), SHIFT)
    assert set(canvas.selected) == {"fc", "act"}


def test_that_a_click_on_empty_canvas_selects_nothing(canvas, hand):
    canvas.select(("fc", "conv"))
    hand.click((300, 400))
    assert canvas.selected == ()


def test_that_escape_gives_a_box_up_and_selects_what_was_selected(canvas, hand):
    canvas.select(("fc",))
    hand.hover((150, -60))
    hand.press((150, -60))
    hand.move((470, 60))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.selected == ("fc",)
    hand.release((470, 60))
    assert canvas.selected == ("fc",)


# ---- moving


def test_that_a_drag_moves_a_node_in_one_edit(canvas, hand, document):
    hand.drag(hand.middle("fc"), hand.middle("fc") + QPointF(66, 44))
    node = document.project.graph.nodes["fc"]
    assert (node.x, node.y) == (66.0, 264.0)
    assert (steps(document), last(document)) == (1, "Move fc")


def test_that_all_selected_nodes_move_together(canvas, hand, document):
    canvas.select(("fc", "add", "act"))
    hand.drag(hand.middle("add"), hand.middle("add") + QPointF(22, 22))
    nodes = document.project.graph.nodes
    assert [(nodes[each].x, nodes[each].y) for each in ("fc", "add", "act")] == [(22, 242), (462, 242), (462, 22)]
    assert (steps(document), last(document)) == (1, "Move 3 nodes")


def test_that_escape_puts_a_moved_node_back_without_an_edit(canvas, hand, document):
    before = canvas.drawing.state()
    hand.hover(hand.middle("conv"))
    hand.press(hand.middle("conv"))
    hand.move(hand.middle("conv") + QPointF(90, 40))
    assert canvas.drawing.state() != before
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.drawing.state() == before
    assert steps(document) == 0


def test_that_a_report_during_a_move_does_not_put_the_node_back(canvas, hand, document, report):
    start = hand.middle("conv")
    hand.hover(start)
    hand.press(start)
    hand.move(start + QPointF(66, 0))
    made = report(document.project, document.revision)
    document.take(made.__class__(document.revision, nodes={}, data=made.data))
    assert canvas.drawing.items_by_id["conv"].x() == 286.0
    hand.release(start + QPointF(66, 0))
    assert document.project.graph.nodes["conv"].x == 286.0


def test_that_a_lone_node_let_go_over_a_link_is_put_into_it(canvas, hand, document):
    onto = (hand.port("conv", "output", True) + hand.port("act", "input")) / 2
    start = hand.middle("fc")
    hand.drag(start, onto - QPointF(0, 20))
    links = document.project.graph.links
    assert Link("conv", "output", "fc", "input") in links
    assert Link("fc", "output", "act", "input") in links
    assert (steps(document), last(document)) == (1, "Insert fc")


def test_that_alt_keeps_a_moved_node_out_of_the_link_below(canvas, hand, document):
    onto = (hand.port("conv", "output", True) + hand.port("act", "input")) / 2
    hand.drag(hand.middle("fc"), onto - QPointF(0, 20), ALT)
    assert Link("conv", "output", "act", "input") in document.project.graph.links
    assert last(document) == "Move fc"


# ---- connecting


def test_that_a_drag_from_an_output_to_an_input_connects(canvas, hand, document):
    hand.drag(hand.port("act", "output", True), hand.port("fc", "input"))
    assert Link("act", "output", "fc", "input") in document.project.graph.links
    assert (steps(document), last(document)) == (1, "Connect act to fc")


def test_that_a_drag_from_an_input_to_an_output_connects_too(canvas, hand, document):
    hand.drag(hand.port("fc", "input"), hand.port("act", "output", True))
    assert Link("act", "output", "fc", "input") in document.project.graph.links
    assert steps(document) == 1


def test_that_a_port_is_hit_within_11_px_and_snaps_within_20(canvas, hand, document):
    hand.drag(hand.port("act", "output", True) + QPointF(7, 7), hand.port("fc", "input") + QPointF(-13, -13))
    assert Link("act", "output", "fc", "input") in document.project.graph.links


def test_that_a_drop_on_a_nodes_body_takes_its_first_free_input(canvas, hand, document):
    hand.drag(hand.port("act", "output", True), hand.middle("fc") + QPointF(0, 30))
    assert Link("act", "output", "fc", "input") in document.project.graph.links


def test_that_a_variadic_input_always_offers_one_free_place_more(canvas, hand, document):
    hand.drag(hand.port("conv", "output", True), hand.port("add", "tensors_0"))
    hand.drag(hand.port("fc", "output", True), hand.port("add", "tensors_1"))
    links = document.project.graph.links
    assert Link("conv", "output", "add", "tensors_0") in links
    assert Link("fc", "output", "add", "tensors_1") in links
    card = canvas.drawing.items_by_id["add"].card
    assert [slot.name for slot in card.slots if not slot.is_output] == ["tensors_0", "tensors_1", "tensors_2"]


def test_that_a_drop_on_an_occupied_input_replaces_its_link(canvas, hand, document):
    hand.drag(hand.port("image", "output", True), hand.port("act", "input"))
    links = document.project.graph.links
    assert Link("image", "output", "act", "input") in links
    assert Link("conv", "output", "act", "input") not in links
    assert steps(document) == 1


def test_that_a_link_pulled_off_and_dropped_elsewhere_is_rerouted_in_one_edit(canvas, hand, document):
    hand.drag(hand.port("act", "input"), hand.port("fc", "input"))
    links = document.project.graph.links
    assert Link("conv", "output", "fc", "input") in links
    assert Link("conv", "output", "act", "input") not in links
    assert steps(document) == 1


def test_that_a_link_pulled_off_and_dropped_on_nothing_is_deleted(canvas, hand, document):
    hand.drag(hand.port("act", "input"), (300, 400))
    assert document.project.graph.links == (Link("image", "output", "conv", "input"),)
    assert (steps(document), last(document)) == (1, "Disconnect act")
    assert not canvas.floating.quick_add.isVisible()


def test_that_a_link_pulled_off_and_put_back_is_no_edit(canvas, hand, document):
    before = canvas.drawing.state()
    start = hand.port("act", "input")
    hand.hover(start)
    hand.press(start)
    hand.move((300, 400))
    hand.move(start)
    hand.release(start)
    assert steps(document) == 0
    assert canvas.drawing.state() == before


def test_that_a_port_that_would_close_a_cycle_is_dimmed_and_says_why(canvas, hand, document):
    start, stop = hand.port("act", "output", True), hand.port("conv", "input")
    hand.hover(start)
    hand.press(start)
    hand.move(stop)
    item = canvas.drawing.items_by_id["conv"]
    assert item.offered == frozenset()
    assert ("input", False) in (canvas.drawing.items_by_id["fc"].offered or ())
    assert canvas.floating.hint.isVisible()
    assert "cycle" in canvas.floating.hint.text()
    hand.release(stop)
    assert steps(document) == 0
    assert item.offered is None
    assert not canvas.floating.hint.isVisible()


def test_that_two_outputs_cannot_be_joined_and_the_hint_says_so(canvas, hand, document):
    start, stop = hand.port("act", "output", True), hand.port("image", "output", True)
    hand.hover(start)
    hand.press(start)
    hand.move(stop + QPointF(8, 0))
    assert "output to an input" in canvas.floating.hint.text()
    hand.release(stop)
    assert steps(document) == 0


def test_that_escape_gives_a_link_up(canvas, hand, document):
    before = canvas.drawing.state()
    start = hand.port("act", "input")
    hand.hover(start)
    hand.press(start)
    hand.move((300, 400))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    hand.release((300, 400))
    assert canvas.drawing.state() == before
    assert steps(document) == 0


def test_that_undo_during_a_gesture_ends_it(canvas, hand, document):
    hand.drag(hand.middle("fc"), hand.middle("fc") + QPointF(66, 44))
    hand.hover(hand.middle("fc"))
    hand.press(hand.middle("fc"))
    hand.move(hand.middle("fc") + QPointF(44, 0))
    document.undo_stack.undo()
    hand.release(hand.middle("fc"))
    assert canvas.gesture is None
    assert document.project.graph.nodes["fc"].x == 0.0
    assert canvas.drawing.items_by_id["fc"].x() == 0.0


# ---- links


def test_that_a_clicked_link_is_selected_and_deleted(canvas, hand, document):
    hand.click((hand.port("conv", "output", True) + hand.port("act", "input")) / 2)
    assert canvas.chosen_link == Link("conv", "output", "act", "input")
    canvas.delete_selected()
    assert document.project.graph.links == (Link("image", "output", "conv", "input"),)
    assert canvas.chosen_link is None


def test_that_the_pointer_over_a_link_names_what_flows_there(canvas, hand):
    hand.hover((hand.port("conv", "output", True) + hand.port("act", "input")) / 2)
    assert canvas.viewport().toolTip() == "conv → act: N × 32 × 8 × 8 float32"


# ---- double click and menus


def test_that_a_double_click_on_a_node_without_settings_asks_for_its_form(canvas, hand, qtbot):
    with qtbot.waitSignal(canvas.edit_wanted) as told:
        hand.double_click(hand.middle("add") + QPointF(0, 40))
    assert told.args == ["add"]


def test_that_a_double_click_from_afar_asks_for_the_form(canvas, hand, qtbot):
    canvas.set_zoom(0.3)
    with qtbot.waitSignal(canvas.edit_wanted) as told:
        hand.double_click(hand.middle("conv"))
    assert told.args == ["conv"]


def test_that_the_menu_of_a_link_inserts_a_layer(canvas, hand, document):
    middle = (hand.port("conv", "output", True) + hand.port("act", "input")) / 2
    menu = canvas.menu_at(QPointF(hand.at(middle)))
    menu.actions()[0].trigger()
    menu.deleteLater()
    QTest.keyClicks(canvas.floating.quick_add.query, "dropout")
    QTest.keyClick(canvas.floating.quick_add.query, Qt.Key.Key_Return)
    links = document.project.graph.links
    assert Link("conv", "output", "dropout1", "input") in links
    assert Link("dropout1", "output", "act", "input") in links
    assert steps(document) == 1


# ---- the keyboard


def test_that_arrows_walk_along_links_and_to_siblings(canvas):
    canvas.select(("conv",))
    for key, node_id in (
        (Qt.Key.Key_Right, "act"),
        (Qt.Key.Key_Left, "conv"),
        (Qt.Key.Key_Left, "image"),
        (Qt.Key.Key_Down, "fc"),
        (Qt.Key.Key_Up, "image"),
    ):
        QTest.keyClick(canvas, key)
        assert canvas.selected == (node_id,)


def test_that_ctrl_and_arrows_nudge(canvas, document):
    canvas.select(("fc",))
    QTest.keyClick(canvas, Qt.Key.Key_Right, CTRL)
    QTest.keyClick(canvas, Qt.Key.Key_Down, CTRL)
    node = document.project.graph.nodes["fc"]
    assert (node.x, node.y, steps(document)) == (11.0, 231.0, 2)


def test_that_enter_asks_for_the_form_of_the_selected_node(canvas, qtbot):
    canvas.select(("conv",))
    with qtbot.waitSignal(canvas.edit_wanted) as told:
        QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert told.args == ["conv"]


def test_that_letters_are_left_to_the_windows_actions(canvas, document):
    canvas.select(("conv",))
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_M, Qt.Key.Key_A):
        QTest.keyClick(canvas, key)
    assert steps(document) == 0
    assert not canvas.floating.quick_add.isVisible()
