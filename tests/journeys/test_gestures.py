"""Every gesture of the canvas in the real window, with real events: what it does, and the step that undo names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from person import Person, wait_until
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QWidget

from core import graph as graphs
from core.expressions import expression
from core.graph import Annotation, Block, BlockParameter, Graph, Link, Node
from core.messages import Checked, NodeReport
from core.project import Project, save
from core.specs import Spec
from designer import app as application
from designer.canvas.pick_list import PickList
from designer.data_dialog import DataDialog
from designer.document import Document
from designer.window import Window

NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
RIGHT, MIDDLE = Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
Key = Qt.Key


def graph_of(nodes: dict[str, Node], *links: str) -> Graph:
    """Nodes and links, written `source target` or `source target.port`; outputs are called output."""
    made: list[Link] = []
    for text in links:
        source, target = text.split()
        node, _, port = target.partition(".")
        made.append(Link(source, "output", node, port or "input"))
    return Graph(nodes, tuple(sorted(made, key=graphs.link_key)))


def drawn() -> Graph:
    """picture -> conv -> act -> pool -> flat -> fc, below them a lone drop, gelu -> norm, and sub."""
    nodes = {
        "picture": Node("Input", {"shape": (1, 8, 8)}, 0, 0),
        "conv": Node("Conv2d", {"out_channels": 16, "kernel_size": 3}, 220, 0),
        "act": Node("ReLU", {}, 440, 0),
        "pool": Node("MaxPool2d", {"kernel_size": 2}, 660, 0),
        "flat": Node("Flatten", {}, 880, 0),
        "fc": Node("Linear", {"out_features": 10}, 1100, 0),
        "drop": Node("Dropout", {}, 0, 264),
        "gelu": Node("GELU", {}, 220, 264),
        "norm": Node("BatchNorm2d", {}, 440, 264),
        "sub": Node("Subtract", {}, 880, 264),
    }
    return graph_of(nodes, "picture conv", "conv act", "act pool", "pool flat", "flat fc", "gelu norm")


SHAPES = {
    "picture": ("N", 1, 8, 8),
    "conv": ("N", 16, 6, 6),
    "act": ("N", 16, 6, 6),
    "pool": ("N", 16, 3, 3),
    "flat": ("N", 144),
    "fc": ("N", 10),
}


def known(document: Document) -> None:
    """Take in what a check says of the row."""
    nodes = document.project.graph.nodes
    reports = {
        name: NodeReport(nodes[name].layer, {"output": Spec(shape)}) for name, shape in SHAPES.items() if name in nodes
    }
    document.take(Checked(document.revision, nodes=reports))


@pytest.fixture
def window(qapp: QApplication) -> Iterator[Window]:
    """The real window on the drawing, everything in view at 100 %; what check says is given by hand."""
    made = application.make_window(Document())
    made.resize(1720, 1000)
    made.show()
    wait_until(made.isVisible, "the window is shown")
    show(made, drawn())
    yield made
    made.document.undo_stack.setClean()
    made.close()


def show(window: Window, graph: Graph) -> None:
    window.document.new(Project(graph))
    known(window.document)
    window.canvas.set_zoom(0.85)
    window.canvas.show_centre(QPointF(626, 150))
    window.canvas.setFocus()
    QApplication.processEvents()


@pytest.fixture
def person(window: Window) -> Person:
    """Someone who uses it."""
    return Person(window)


def graph(window: Window) -> Graph:
    return window.scope.project.graph


def has(window: Window, *links: str) -> bool:
    """Whether all of these links are there; with ! before one, that it is not."""
    held = {f"{link.source} {link.target}.{link.input}" for link in graph(window).links}
    wanted = {text.strip("!"): text[0] != "!" for text in links}
    return all((f"{text}{'' if '.' in text else '.input'}" in held) == there for text, there in wanted.items())


def steps(window: Window) -> tuple[int, str]:
    stack = window.document.undo_stack
    return stack.count(), stack.undoText()


def is_undone(window: Window) -> bool:
    """Whether one undo leads back to the drawing as it was."""
    window.document.undo_stack.undo()
    return graph(window) == drawn()


def between(person: Person, source: str, target: str, share: float = 0.5) -> QPoint:
    """A place on the straight link between two nodes."""
    start, stop = person.port(source, "output", True), person.port(target, "input")
    return start + (stop - start) * share


def typed(person: Person, text: str) -> list[str]:
    """Type into quick add; what it offers."""
    person.write(text)
    rows = person.window.canvas.floating.quick_add.rows
    return [rows.item(row).text() for row in range(rows.count())]


# ---- quick add


@pytest.mark.parametrize(("key", "keys"), [(Key.Key_Tab, NONE), (Key.Key_A, SHIFT)])
def test_that_quick_add_finds_by_a_few_letters_and_arrows(person: Person, window: Window, key, keys) -> None:
    QTest.mouseMove(window.windowHandle(), person.scene(QPointF(660, 264)))
    person.key(key, keys)
    offered = typed(person, "btchnrm")
    assert offered[0].startswith("BatchNorm")
    person.key(Key.Key_Down)
    person.key(Key.Key_Return)
    made = set(graph(window).nodes) - set(drawn().nodes)
    assert [graph(window).nodes[each].layer for each in made] == [offered[1]]
    assert steps(window) == (1, f"Add {offered[1]}")
    assert is_undone(window)


def test_that_a_double_click_on_the_empty_drawing_adds_there(person: Person, window: Window) -> None:
    person.double_click(person.scene(QPointF(660, 330)))
    typed(person, "softmax")
    person.key(Key.Key_Return)
    (made,) = set(graph(window).nodes) - set(drawn().nodes)
    assert abs(graph(window).nodes[made].x + 76 - 660) <= 11
    assert abs(graph(window).nodes[made].y + 13 - 330) <= 11


# ---- links


def test_that_a_link_dropped_on_nothing_offers_only_what_takes_it_and_links_the_chosen_one(
    person: Person, window: Window
) -> None:
    person.drag(person.port("act", "output", True), person.scene(QPointF(660, 300)))
    quick_add = window.canvas.floating.quick_add
    assert quick_add.isVisible()
    offered = typed(person, "conv")
    assert "Conv2d" in offered
    assert not {"Conv1d", "Conv3d", "ConvTranspose1d"} & set(offered)
    quick_add.query.clear()
    assert "Conv1d" not in typed(person, "conv1d")
    assert "use Conv2d" in quick_add.note.text()
    quick_add.query.clear()
    typed(person, "maxpool2d")
    person.key(Key.Key_Return)
    (made,) = set(graph(window).nodes) - set(drawn().nodes)
    assert has(window, f"act {made}", "act pool")
    assert steps(window) == (1, "Add MaxPool2d behind act")
    assert is_undone(window)


def test_that_ports_that_fit_stand_out_and_others_say_why(person: Person, window: Window) -> None:
    handle, canvas = window.windowHandle(), window.canvas
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, NONE, person.port("flat", "output", True))
    for place in (person.port("drop", "input"), person.port("norm", "input")):
        QTest.mouseMove(handle, place - QPoint(9, 9))
        QTest.mouseMove(handle, place)
    items = canvas.drawing.items_by_id
    assert ("input", False) in (items["drop"].offered or ())
    assert items["norm"].offered == frozenset()
    assert canvas.floating.hint.isVisible()
    assert "BatchNorm2d expects" in canvas.floating.hint.text()
    assert "from flat" in canvas.floating.hint.text()
    QTest.mouseMove(handle, person.port("conv", "input"))
    assert "cycle" in canvas.floating.hint.text()
    person.key(Key.Key_Escape)
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, NONE, person.port("conv", "input"))
    assert not canvas.floating.hint.isVisible()
    assert steps(window)[0] == 0


def test_that_what_a_layer_would_refuse_may_be_linked_all_the_same(person: Person, window: Window) -> None:
    person.drag(person.port("flat", "output", True), person.port("gelu", "input"))
    window.document.undo_stack.undo()
    person.drag(person.port("fc", "output", True), person.port("gelu", "input"))
    assert has(window, "fc gelu", "gelu norm")


def test_that_a_link_snaps_from_a_distance(person: Person, window: Window) -> None:
    person.drag(person.port("act", "output", True) + QPoint(5, 5), person.port("drop", "input") + QPoint(-12, 10))
    assert has(window, "act drop")
    assert steps(window) == (1, "Connect act to drop")


def test_that_the_end_of_a_link_is_pulled_off_to_another_input_or_to_nothing(person: Person, window: Window) -> None:
    person.drag(person.port("pool", "input"), person.port("drop", "input"))
    assert has(window, "act drop", "!act pool")
    assert steps(window) == (1, "Re-route act to drop")
    assert is_undone(window)
    person.drag(person.port("pool", "input"), person.scene(QPointF(660, 400)))
    assert has(window, "!act pool")
    assert steps(window) == (1, "Disconnect pool")
    assert is_undone(window)


def test_that_a_link_taken_near_its_beginning_leads_from_another_output(person: Person, window: Window) -> None:
    person.drag(between(person, "act", "pool", 0.25) + QPoint(4, 0), person.port("drop", "output", True))
    assert has(window, "drop pool", "!act pool")
    assert steps(window)[0] == 1
    assert is_undone(window)


def test_that_shift_at_an_output_takes_all_of_its_links_along(person: Person, window: Window) -> None:
    person.drag(person.port("act", "output", True), person.port("drop", "input"))
    person.drag(person.port("act", "output", True), person.port("conv", "output", True), SHIFT)
    assert has(window, "conv act", "conv pool", "conv drop", "!act pool", "!act drop")
    assert steps(window) == (2, "Move 2 links to conv")
    window.document.undo_stack.undo()
    assert has(window, "act pool", "act drop")


def test_that_the_knife_cuts_every_link_it_crosses_and_opens_no_menu(person: Person, window: Window) -> None:
    start, stop = between(person, "conv", "act") - QPoint(0, 60), between(person, "act", "pool") + QPoint(0, 60)
    over = [start, between(person, "conv", "act") + QPoint(0, 50), between(person, "act", "pool") - QPoint(0, 50), stop]
    person.stroke(over, CONTROL, RIGHT)
    assert has(window, "!conv act", "!act pool", "picture conv", "pool flat")
    assert steps(window) == (1, "Cut 2 links")
    assert QApplication.activePopupWidget() is None
    assert is_undone(window)


def test_that_a_right_click_still_opens_the_menu_with_ctrl_too(person: Person, window: Window) -> None:
    for keys in (NONE, CONTROL):
        QTest.mouseClick(window.windowHandle(), RIGHT, keys, person.header("conv"))
        QApplication.processEvents()
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu), keys
        menu.close()
        assert window.selected == ("conv",)


def test_that_a_right_drag_with_alt_joins_two_nodes_wherever_they_are_taken(person: Person, window: Window) -> None:
    person.drag(person.header("fc"), person.header("sub"), ALT, RIGHT)
    assert has(window, "fc sub.input")
    assert steps(window) == (1, "Connect fc to sub")
    person.drag(person.header("flat"), person.header("sub"), ALT, RIGHT)
    assert has(window, "fc sub.input", "flat sub.other")


def test_that_c_lists_what_fits_near_and_far_and_links_it(person: Person, window: Window) -> None:
    person.click(person.header("act"))
    person.key(Key.Key_C)
    targets = window.canvas.popups.targets
    assert targets is not None
    assert targets.isVisible()
    names = [targets.rows.item(row).text() for row in range(targets.rows.count())]
    assert not {"→ conv", "→ picture"} & set(names)
    assert names[0] in ("→ gelu", "→ norm", "→ drop", "→ sub")
    person.write("drop")
    person.key(Key.Key_Return)
    assert has(window, "act drop")
    assert steps(window) == (1, "Connect act to drop")
    assert is_undone(window)


def test_that_c_links_several_selected_nodes_in_their_order(person: Person, window: Window) -> None:
    for node_id, keys in (("drop", NONE), ("gelu", CONTROL)):
        person.click(person.header(node_id), keys)
    person.key(Key.Key_C)
    assert has(window, "drop gelu", "gelu norm")
    assert steps(window) == (1, "Connect drop to gelu")


def test_that_inputs_are_swapped(person: Person, window: Window) -> None:
    person.drag(person.header("fc"), person.header("sub"), ALT, RIGHT)
    person.drag(person.header("flat"), person.header("sub"), ALT, RIGHT)
    person.click(person.header("sub"))
    person.key(Key.Key_S, ALT)
    assert has(window, "flat sub.input", "fc sub.other")
    assert steps(window) == (3, "Swap the inputs of sub")


# ---- nodes into and out of links


def test_that_a_node_dropped_on_a_link_goes_into_it_unless_alt_is_held(person: Person, window: Window) -> None:
    onto = between(person, "act", "pool") + QPoint(0, -14)
    person.drag(person.header("drop"), onto, NONE)
    assert has(window, "act drop", "drop pool", "!act pool")
    assert steps(window) == (1, "Insert drop")
    assert is_undone(window)
    person.drag(person.header("drop"), onto, ALT)
    assert has(window, "act pool", "!act drop")
    assert steps(window) == (1, "Move drop")


def test_that_a_row_of_nodes_dropped_on_a_link_goes_into_it_as_one(person: Person, window: Window) -> None:
    person.click(person.header("gelu"))
    person.click(person.header("norm"), SHIFT)
    person.drag(person.header("gelu"), between(person, "act", "pool") + QPoint(0, -14))
    assert has(window, "act gelu", "gelu norm", "norm pool", "!act pool")
    assert steps(window) == (1, "Insert 2 nodes")
    assert is_undone(window)


def test_that_alt_and_a_drag_take_a_node_out_of_its_links(person: Person, window: Window) -> None:
    person.drag(person.header("act"), person.scene(QPointF(700, 420)), ALT)
    assert has(window, "conv pool", "!conv act", "!act pool")
    assert steps(window) == (1, "Detach act")
    assert is_undone(window)


def test_that_d_detaches_without_a_mouse(person: Person, window: Window) -> None:
    person.click(person.header("act"))
    person.click(person.header("pool"), SHIFT)
    person.key(Key.Key_D)
    assert has(window, "conv flat", "act pool", "!conv act", "!pool flat")
    assert steps(window) == (1, "Detach 2 nodes")
    assert is_undone(window)


def test_that_delete_with_ctrl_reconnects(person: Person, window: Window) -> None:
    person.click(person.header("act"))
    person.key(Key.Key_Delete, CONTROL)
    assert has(window, "conv pool")
    assert steps(window) == (1, "Delete act and reconnect")
    assert is_undone(window)


def test_that_mute_says_what_is_passed_on_and_leaves_sources_alone(person: Person, window: Window) -> None:
    person.click(person.header("conv"))
    person.key(Key.Key_M)
    assert graph(window).nodes["conv"].muted
    assert "passes on N × 1 × 8 × 8 float32, where it gave N × 16 × 6 × 6" in said(window)
    person.click(person.header("picture"))
    person.key(Key.Key_M)
    assert not graph(window).nodes["picture"].muted
    assert "picture is a source" in said(window)
    assert steps(window) == (1, "Mute conv")


def said(window: Window) -> str:
    """What the bar above the canvas says."""
    return " ".join(each.text() for each in window.centre.message.findChildren(QLabel))


def test_that_another_layer_takes_the_place_with_links_and_settings(person: Person, window: Window) -> None:
    person.click(person.header("conv"))
    person.key(Key.Key_S, SHIFT)
    offered = typed(person, "conv")
    assert "ConvTranspose2d" in offered
    assert not {"Conv2d", "Conv1d", "Conv3d"} & set(offered)
    window.canvas.floating.quick_add.query.clear()
    typed(person, "convtranspose2d")
    person.key(Key.Key_Return)
    node = graph(window).nodes["conv"]
    assert (node.layer, node.values["out_channels"], node.values["kernel_size"]) == ("ConvTranspose2d", 16, 3)
    assert has(window, "picture conv", "conv act")
    assert steps(window) == (1, "Swap conv for ConvTranspose2d")
    assert is_undone(window)


# ---- selecting


def test_that_a_box_selects_and_shift_adds_and_ctrl_takes_out(person: Person, window: Window) -> None:
    person.drag(person.scene(QPointF(190, -60)), person.scene(QPointF(620, 90)))
    assert set(window.selected) == {"conv", "act"}
    person.drag(person.scene(QPointF(-40, 230)), person.scene(QPointF(400, 380)), SHIFT)
    assert set(window.selected) == {"conv", "act", "drop", "gelu"}
    person.drag(person.scene(QPointF(190, -60)), person.scene(QPointF(400, 380)), CONTROL)
    assert set(window.selected) == {"act", "drop"}
    assert steps(window)[0] == 0


def test_that_the_way_up_and_down_is_selected(person: Person, window: Window) -> None:
    person.click(person.header("act"))
    person.key(Key.Key_Left, SHIFT)
    assert set(window.selected) == {"picture", "conv", "act"}
    person.click(person.header("act"))
    person.key(Key.Key_Right, SHIFT)
    assert set(window.selected) == {"act", "pool", "flat", "fc"}


def test_that_the_path_of_what_is_selected_stands_out(person: Person, window: Window) -> None:
    person.click(person.header("gelu"))
    before = window.canvas.grab().toImage()
    person.key(Key.Key_P)
    assert window.canvas.drawing.path_light.way == {"gelu", "norm"}
    assert window.actions_of["light_path"].isChecked()
    after = window.canvas.grab().toImage()
    canvas = window.canvas
    rect = canvas.drawing.items_by_id["conv"].rect()
    beside = canvas.to_view(rect.topLeft() + QPointF(140, 5)).toPoint()
    assert before.pixelColor(beside) != after.pixelColor(beside)
    person.click(person.header("conv"))
    assert "fc" in window.canvas.drawing.path_light.way
    person.key(Key.Key_P)
    assert not window.canvas.drawing.path_light.way


# ---- the clipboard


def test_that_nodes_go_from_one_window_to_another_as_text(person: Person, window: Window) -> None:
    person.click(person.header("act"))
    person.click(person.header("pool"), SHIFT)
    person.key(Key.Key_C, CONTROL)
    other = application.make_window(Document())
    other.show()
    other.document.new(Project(graph_of({"conv": Node("Conv2d", {}, 0, 0)})))
    other.activateWindow()
    wait_until(other.isActiveWindow, "the other window is in front", 10)
    other.canvas.setFocus()
    someone = Person(other)
    someone.key(Key.Key_V, CONTROL)
    assert has(other, "act pool", "!conv act")
    assert steps(other) == (1, "Paste 2 nodes")
    other.document.undo_stack.undo()
    someone.key(Key.Key_V, CONTROL | SHIFT)
    assert has(other, "act pool", "conv act")
    assert steps(other) == (1, "Paste 2 nodes with inputs")
    other.document.undo_stack.setClean()
    other.close()


def test_that_a_copy_keeps_its_inputs(person: Person, window: Window) -> None:
    person.click(person.header("act"))
    person.key(Key.Key_D, ALT)
    assert has(window, "conv act2", "conv act", "!act2 pool")
    assert steps(window) == (1, "Duplicate act with inputs")
    assert window.selected == ("act2",)
    assert is_undone(window)


def test_that_cut_and_paste_are_two_steps(person: Person, window: Window) -> None:
    person.click(person.header("drop"))
    person.key(Key.Key_X, CONTROL)
    assert "drop" not in graph(window).nodes
    person.key(Key.Key_V, CONTROL)
    assert "drop" in graph(window).nodes
    assert steps(window) == (2, "Paste drop")


# ---- the view


def test_that_middle_button_space_wheel_and_fingers_move_the_view(person: Person, window: Window) -> None:
    canvas, handle = window.canvas, window.windowHandle()
    place = person.scene(QPointF(660, 420))

    def moved(do) -> tuple[int, int]:
        before = canvas.to_scene(QPointF(100, 100))
        do()
        away = (canvas.to_scene(QPointF(100, 100)) - before) * canvas.zoom
        return round(away.x()), round(away.y())

    def with_space() -> None:
        QTest.keyPress(handle, Key.Key_Space)
        person.drag(person.header("act"), person.header("act") + QPoint(30, 20))
        QTest.keyRelease(handle, Key.Key_Space)

    assert moved(lambda: person.drag(place, place + QPoint(50, 30), NONE, MIDDLE)) == (-50, -30)
    assert moved(with_space) == (-30, -20)
    view = canvas.viewport()
    at = QPointF(400, 300)

    def fingers(keys=NONE) -> None:
        by = QPoint(24, 12)
        event = QWheelEvent(
            at, QPointF(view.mapToGlobal(at.toPoint())), by, by * 4, Qt.MouseButton.NoButton, keys,
            Qt.ScrollPhase.ScrollUpdate, False,
        )  # fmt: skip
        QApplication.sendEvent(view, event)

    assert moved(fingers) == (-24, -12)
    before, under = canvas.zoom, canvas.to_scene(at)
    fingers(CONTROL)
    assert canvas.zoom > before
    pinch(canvas, at, 0.25)
    assert canvas.zoom == pytest.approx(before * 1.0015**48 * 1.25, rel=1e-3)
    now = canvas.to_scene(at)
    assert abs(now.x() - under.x()) < 2
    assert abs(now.y() - under.y()) < 2
    assert steps(window)[0] == 0


def pinch(canvas, at: QPointF, by: float) -> None:
    view = canvas.viewport()
    device = QPointingDevice.primaryPointingDevice()
    place = view.mapToGlobal(at)
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, device, 2, at, at, QPointF(place), by, QPointF(), 0
    )
    QApplication.sendEvent(view, event)


def test_that_the_view_follows_a_drag_to_the_edge(person: Person, window: Window) -> None:
    canvas, handle = window.canvas, window.windowHandle()
    before = canvas.to_scene(QPointF(0, 0)).x()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, NONE, person.header("drop"))
    edge = canvas.viewport().mapTo(window, QPoint(canvas.viewport().width() - 3, 300))
    QTest.mouseMove(handle, person.header("drop") + QPoint(40, 0))
    QTest.mouseMove(handle, edge)
    wait_until(lambda: canvas.to_scene(QPointF(0, 0)).x() > before + 40, "the view follows", 10)
    person.key(Key.Key_Escape)
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, NONE, edge)
    assert graph(window) == drawn()


def test_that_f_and_home_frame(person: Person, window: Window) -> None:
    canvas = window.canvas
    person.click(person.header("conv"))
    person.key(Key.Key_F)
    zoom = canvas.zoom
    assert canvas.seen().contains(canvas.drawing.items_by_id["conv"].rect())
    person.key(Key.Key_Home)
    assert canvas.zoom < zoom
    assert all(canvas.seen().contains(item.rect()) for item in canvas.drawing.items_by_id.values())


# ---- editing in place


def value_place(person: Person, node_id: str, text: str) -> QPoint:
    """The middle of a word on a node's card."""
    canvas = person.window.canvas
    item = canvas.drawing.items_by_id[node_id]
    for number, line in enumerate(item.card.lines):
        x = 12.0
        for run in line:
            width = canvas.look.width(run.text, "body")
            if text in run.text:
                return person.scene(item.pos() + QPointF(x + width / 2, item.card.lines_top + (number + 0.5) * 17))
            x += width
    raise AssertionError(f"{text} is not on the card of {node_id}")


def test_that_a_value_is_edited_where_it_stands(person: Person, window: Window) -> None:
    person.double_click(value_place(person, "conv", "16"))
    card = window.canvas.popups.value
    assert card is not None
    assert card.isVisible()
    assert card.name == "out_channels"
    person.write("24")
    person.key(Key.Key_Return)
    assert not card.isVisible()
    assert graph(window).nodes["conv"].values["out_channels"] == 24
    assert steps(window) == (1, "Set out_channels of conv")
    assert window.canvas.hasFocus()
    person.double_click(value_place(person, "conv", "3×3"))
    assert card.name == "kernel_size"
    person.write("5")
    person.key(Key.Key_Escape)
    assert not card.isVisible()
    assert steps(window)[0] == 1


def test_that_a_value_that_cannot_be_says_why_and_stays_open(person: Person, window: Window) -> None:
    person.double_click(value_place(person, "conv", "16"))
    person.write("many")
    person.key(Key.Key_Return)
    card = window.canvas.popups.value
    assert card is not None
    assert card.isVisible()
    assert "out_channels must be a whole number" in card.row.fault.text()
    person.key(Key.Key_Escape)
    assert steps(window)[0] == 0


def test_that_a_click_elsewhere_takes_what_was_typed(person: Person, window: Window) -> None:
    person.double_click(value_place(person, "fc", "10"))
    person.write("12")
    person.click(person.scene(QPointF(660, 420)))
    assert graph(window).nodes["fc"].values["out_features"] == 12
    card = window.canvas.popups.value
    assert card is not None
    assert not card.isVisible()


def test_that_e_edits_the_main_value_and_a_double_click_on_a_name_renames(person: Person, window: Window) -> None:
    person.click(person.header("fc"))
    person.key(Key.Key_E)
    person.write("7")
    person.key(Key.Key_Return)
    assert graph(window).nodes["fc"].values["out_features"] == 7
    person.double_click(person.header("fc"))
    person.write("conv")
    person.key(Key.Key_Return)
    card = window.canvas.popups.value
    assert card is not None
    assert "taken" in card.fault.text()
    person.key(Key.Key_A, CONTROL)
    person.write("head")
    person.key(Key.Key_Return)
    assert has(window, "flat head")
    assert steps(window) == (2, "Rename fc to head")
    assert window.selected == ("head",)


# ---- find


def finder(window: Window) -> PickList:
    made = window.canvas.popups.finder
    assert made is not None
    return made


def found(window: Window) -> list[str]:
    rows = finder(window).rows
    return [rows.item(row).text() for row in range(rows.count())]


def test_that_find_goes_to_nodes_by_name_layer_value_and_note(person: Person, window: Window) -> None:
    noted = graphs.with_node(drawn(), "drop", note="half of them go")
    show(window, noted)
    window.canvas.set_zoom(3)
    person.key(Key.Key_F, CONTROL)
    for text, node_id in (("po", "pool"), ("linear", "fc"), ("out_channels=16", "conv"), ("half", "drop")):
        finder(window).query.clear()
        person.write(text)
        assert found(window)[0] == node_id, text
        person.key(Key.Key_Return)
        assert window.selected == (node_id,)
        assert window.canvas.seen().contains(window.canvas.drawing.items_by_id[node_id].rect().center())
    finder(window).query.clear()
    person.key(Key.Key_Down)
    assert window.selected == (found(window)[1],)
    person.key(Key.Key_Escape)
    assert not finder(window).isVisible()
    assert window.canvas.hasFocus()
    assert steps(window)[0] == 0


def test_that_enter_goes_on_from_what_is_shown_and_an_arrow_leaves_nothing_out(person: Person, window: Window) -> None:
    person.key(Key.Key_F, CONTROL)
    person.write("c")
    shown = found(window)
    assert len(shown) > 2
    rows = finder(window).rows
    for key, keys, row in (
        (Key.Key_Return, NONE, 0),
        (Key.Key_Down, NONE, 1),
        (Key.Key_Return, NONE, 2),
        (Key.Key_Return, SHIFT, 1),
    ):
        person.key(key, keys)
        assert (window.selected, rows.currentRow()) == ((shown[row],), row)


def test_that_find_opens_before_what_was_said_and_a_plain_note_goes_by_itself(person: Person, window: Window) -> None:
    message = window.centre.message
    window.say("note", "conv is muted.")
    assert message.passing.isActive()
    window.canvas.set_zoom(1)
    person.key(Key.Key_F, CONTROL)
    query = finder(window).query
    window.centre.resize(600, 400)  # so narrow that the sentence reaches below the search
    message.place()
    at = query.mapTo(window.centre, query.rect().center())
    assert message.geometry().contains(at)
    assert window.centre.childAt(at) is query
    message.passing.timeout.emit()
    assert not message.isVisible()
    window.say("note", "net.onnx is written.", "Show", lambda: None)
    assert not message.passing.isActive()
    window.say("warning", "It could not be kept.")
    assert not message.passing.isActive()
    assert message.isVisible()


def with_block() -> Graph:
    """A use of a block that holds inlet -> deep -> act -> outlet, and a lone node inside it."""
    inner = graph_of(
        {
            "inlet": Node("Input", {}, 0, 0),
            "deep": Node("Linear", {"out_features": 5}, 220, 0),
            "act": Node("ReLU", {}, 440, 0),
            "lone": Node("Dropout", {}, 220, 220),
            "outlet": Node("Output", {}, 660, 0),
        },
        "inlet deep", "deep act", "act outlet",
    )  # fmt: skip
    outer = graph_of({"data": Node("Input", {"shape": (8,)}, 0, 0), "use": Node("Part", {}, 220, 0)}, "data use.inlet")
    return Graph(outer.nodes, outer.links, {"Part": Block(inner.nodes, inner.links)})


def test_that_find_enters_a_block_and_comes_out_again(person: Person, window: Window) -> None:
    show(window, with_block())
    person.key(Key.Key_F, CONTROL)
    person.write("deep")
    person.key(Key.Key_Return)
    assert window.scope.block == "Part"
    assert window.selected == ("deep",)
    finder(window).query.clear()
    person.write("data")
    person.key(Key.Key_Return)
    assert window.scope.block == ""
    assert window.selected == ("data",)


def test_that_a_double_click_on_a_value_of_a_block_edits_it_and_elsewhere_enters(
    person: Person, window: Window
) -> None:
    drawn = with_block()
    block = replace(drawn.blocks["Part"], parameters=(BlockParameter("width", "integer", 5),))
    inner = {**block.nodes, "deep": replace(block.nodes["deep"], values={"out_features": expression("width")})}
    drawn = replace(drawn, blocks={"Part": replace(block, nodes=inner)})
    show(window, graphs.with_node(drawn, "use", values={"repeat": 3}))
    person.double_click(value_place(person, "use", "× 3"))
    person.write("4")
    person.key(Key.Key_Return)
    assert graph(window).nodes["use"].values == {"repeat": 4}
    assert steps(window) == (1, "Set repeat of use")
    person.double_click(person.header("use"))
    assert window.scope.block == "Part"
    person.double_click(value_place(person, "deep", "width"))
    person.write("=width * 2")
    person.key(Key.Key_Return)
    assert graph(window).nodes["deep"].values == {"out_features": expression("width * 2")}
    person.key(Key.Key_E)
    person.write("=depth")
    person.key(Key.Key_Return)
    card = window.canvas.popups.value
    assert card is not None
    assert "no parameter depth" in card.row.fault.text()
    person.key(Key.Key_Escape)
    assert steps(window) == (2, "Set out_features of deep")


def test_that_find_goes_to_notes_and_frames_too(person: Person, window: Window) -> None:
    drawn = with_block()
    block = replace(drawn.blocks["Part"], annotations={"memo": Annotation("note", 2000, 0, text="ask Ada about this")})
    show(window, replace(drawn, blocks={"Part": block}))
    person.key(Key.Key_F, CONTROL)
    person.write("ada")
    assert found(window) == ["ask Ada about this"]
    person.key(Key.Key_Return)
    assert window.scope.block == "Part"
    assert window.canvas.annotations == ("memo",)
    assert window.canvas.seen().contains(QPointF(2090, 50))


def test_that_gestures_work_inside_a_block(person: Person, window: Window) -> None:
    show(window, with_block())
    person.double_click(person.header("use"))
    assert window.scope.block == "Part"
    canvas = window.canvas
    person.drag(person.header("lone"), between(person, "deep", "act") + QPoint(0, -14))
    assert has(window, "deep lone", "lone act")
    person.click(person.header("lone"))
    person.key(Key.Key_D)
    assert has(window, "deep act")
    person.double_click(value_place(person, "deep", "5"))
    person.write("6")
    person.key(Key.Key_Return)
    assert window.document.project.graph.blocks["Part"].nodes["deep"].values["out_features"] == 6
    middle = between(person, "deep", "act")
    person.drag(middle - QPoint(0, 40), middle + QPoint(0, 40), CONTROL, RIGHT)
    assert has(window, "!deep act")
    assert steps(window) == (4, "Cut the link to act")
    canvas.select(())
    person.key(Key.Key_Escape)
    assert window.scope.block == ""


# ---- files


def drop_file(window: Window, path: Path) -> bool:
    """Let a file go over the middle of the drawing."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    view = window.canvas.viewport()
    place = view.rect().center()
    enter = QDragEnterEvent(place, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NONE)
    QApplication.sendEvent(view, enter)
    event = QDropEvent(QPointF(place), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NONE)
    QApplication.sendEvent(view, event)
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return enter.isAccepted() and event.isAccepted()


def test_that_a_dropped_project_opens_and_a_letter_is_refused(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "other.loom"
    save(Project(graph_of({"only": Node("ReLU", {}, 0, 0)})), path)
    assert drop_file(window, path)
    wait_until(lambda: set(graph(window).nodes) == {"only"}, "the project is open", 10)
    assert not drop_file(window, tmp_path / "letter.docx")


def test_that_a_dropped_picture_says_what_it_needs_before_the_engine_is_there(window: Window, tmp_path: Path) -> None:
    assert drop_file(window, tmp_path / "seven.png")
    wait_until(lambda: "starting" in said(window), "it says so", 10)


def test_that_a_dropped_picture_is_tried_and_a_dropped_table_becomes_data(window: Window, tmp_path: Path) -> None:
    application.load_rest(window)
    picture = tmp_path / "seven.png"
    drawn_seven = QImage(28, 28, QImage.Format.Format_Grayscale8)
    drawn_seven.fill(0)
    drawn_seven.setPixel(14, 14, 255)
    assert drawn_seven.save(str(picture))
    window.document.new()
    wait_until(
        lambda: window.engines is not None and window.document.report is not None, "the empty drawing is checked"
    )
    drop_file(window, picture)
    wait_until(lambda: "no input that takes one" in said(window), "it says what a picture is for", 10)
    window.files.example("digits")
    wait_until(lambda: window.document.report and window.document.report.data.fields, "the data set is described")
    drop_file(window, picture)
    wait_until(lambda: "waits in Try it" in said(window), "it waits", 10)
    try_it = window.docks.contents["Try it"]
    assert try_it.isVisible()
    assert try_it.entries[0].values() is not None

    table = tmp_path / "flowers.csv"
    table.write_text("length,width,kind\n" + "\n".join(f"{row},{row * 2},{'ab'[row % 2]}" for row in range(40)))
    shown: list[str] = []

    def look(dialog: QWidget) -> None:
        assert isinstance(dialog, DataDialog)
        shown.extend(each.text() for each in dialog.findChildren(QLineEdit))
        dialog.reject()

    asked = Person(window).when_asked(look)
    drop_file(window, table)
    wait_until(asked, "the data dialog opens")
    assert "flowers.csv" in " ".join(shown)
