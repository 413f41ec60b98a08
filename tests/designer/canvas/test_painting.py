"""What the canvas looks like: colours that are there, levels of detail, labels that are not in the way."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from core.graph import Graph, Node
from core.project import Project
from designer.canvas.tables import LABEL_ROOM, Table, geometry, label_rooms
from designer.theme import DARK, LIGHT, family_colour


def seen(canvas) -> QImage:
    QApplication.processEvents()
    return canvas.grab().toImage()


def colour_at(canvas, place: QPointF) -> QColor:
    return seen(canvas).pixelColor(canvas.to_view(place).toPoint())


def holds(image: QImage, colour: str) -> int:
    wanted = QColor(colour).rgb()
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    return int((pixels == wanted).sum())


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_that_node_and_ground_are_painted_in_the_theme(canvas, theme):
    canvas.set_theme(theme)
    corner = canvas.drawing.items_by_id["conv"].pos()
    assert colour_at(canvas, corner + QPointF(145, 13)).name() == family_colour("convolution")
    assert colour_at(canvas, corner + QPointF(145, 60)).name() == theme.raised
    assert colour_at(canvas, QPointF(303, 405)).name() == theme.canvas


@pytest.mark.parametrize("zoom", [0.05, 0.2, 0.28, 0.4, 0.7, 1.0, 2.5])
def test_that_every_level_of_detail_shows_the_family(canvas, zoom):
    canvas.set_zoom(zoom)
    canvas.show_centre(canvas.drawing.items_by_id["conv"].rect().center())
    assert holds(seen(canvas), family_colour("convolution")) > 20


def test_that_titles_are_readable_at_a_quarter(canvas):
    canvas.set_zoom(0.26)
    canvas.show_centre(canvas.drawing.items_by_id["conv"].rect().center())
    image = seen(canvas)
    rect = canvas.viewportTransform().mapRect(canvas.drawing.items_by_id["conv"].rect()).toRect()
    pixels = [
        image.pixelColor(x, y).lightness()
        for x in range(rect.left(), rect.right())
        for y in range(rect.top(), rect.bottom())
    ]
    assert sum(light > 200 for light in pixels) > 15


def test_that_a_selected_node_stands_out_in_the_accent(canvas):
    before = holds(seen(canvas), DARK.accent)
    canvas.select(("conv",))
    assert holds(seen(canvas), DARK.accent) > before + 100


def on_screen(canvas) -> QImage:
    """What the screen holds after partial repaints; `grab` would paint everything anew."""
    QApplication.processEvents()
    image = canvas.screen().grabWindow(canvas.winId()).toImage()
    assert holds(image, DARK.canvas) > 1000
    return image


def test_that_partial_repaints_leave_nothing_behind(canvas, hand):
    start = hand.middle("conv")
    hand.hover(start)
    hand.press(start)
    for place in ((333, 66), (390, 13), (210, 160), (520, 70), (60, 240)):
        hand.move(place)
        partial = on_screen(canvas)
        canvas.viewport().update()
        assert on_screen(canvas) == partial, place
    hand.release((60, 240))
    partial = on_screen(canvas)
    canvas.viewport().update()
    assert on_screen(canvas) == partial


def test_that_a_gesture_leaves_nothing_behind(canvas, hand):
    for start, stop in ((hand.port("act", "output", True), (250, 330)), ((150, -100), (500, 90))):
        hand.hover(start)
        hand.press(start)
        hand.move(stop)
        hand.move((220, 160))
        partial = on_screen(canvas)
        canvas.viewport().update()
        assert on_screen(canvas) == partial
        canvas.cancel_gesture()
        partial = on_screen(canvas)
        canvas.viewport().update()
        assert on_screen(canvas) == partial
        hand.release((220, 160))


def test_that_labels_end_before_the_next_node_and_hide_under_one():
    starts = np.array([[7.0, 83.0]])
    assert label_rooms(starts, np.empty((0, 4)), 14.0)[0] == LABEL_ROOM
    assert label_rooms(starts, np.array([[60.0, 50.0, 152.0, 80.0]]), 14.0)[0] == 60 - 6 - 7
    assert label_rooms(starts, np.array([[-20.0, 80.0, 152.0, 80.0]]), 14.0)[0] == 0
    assert label_rooms(starts, np.array([[60.0, 300.0, 152.0, 80.0]]), 14.0)[0] == LABEL_ROOM


def test_that_links_begin_and_end_at_their_ports_forwards_and_backwards():
    ends = np.array([[0.0, 0.0, 300.0, 80.0], [500.0, 0.0, -200.0, 250.0], [10.0, 10.0, -90.0, 12.0]])
    segments, boxes = geometry(ends)
    lines = segments.reshape(3, -1, 4)
    assert np.allclose(lines[:, 0, :2], ends[:, :2])
    assert np.allclose(lines[:, -1, 2:], ends[:, 2:])
    assert np.allclose(lines[:, :-1, 2:], lines[:, 1:, :2])
    assert (lines[:, 0, 2] > lines[:, 0, 0]).all()  # every link leaves to the right
    assert (lines[:, -1, 2] > lines[:, -1, 0]).all()  # and enters from the left
    assert (boxes[:, 0] <= lines[..., 0].min(1)).all()
    assert (boxes[:, 3] >= lines[..., 3].max(1)).all()


def test_that_a_table_keeps_its_rows_when_others_go():
    table: Table[str] = Table(value=2)
    for number in range(40):
        table.put(str(number), value=(number, -number))
    for number in range(0, 40, 3):
        table.remove(str(number))
    assert {key: table.column("value")[slot].tolist() for key, slot in table.slot.items()} == {
        str(number): [number, -number] for number in range(40) if number % 3
    }


def test_that_nodes_at_the_end_of_the_world_are_reached(canvas, document):
    nodes = {"far": Node("ReLU", {}, 9e8, -9e8), "near": Node("ReLU", {}, 0, 0), "some": Node("ReLU", {}, 3e6, 2e6)}
    document.new(Project(Graph(nodes)))
    canvas.reveal("some")
    assert canvas.seen().contains(canvas.drawing.items_by_id["some"].rect())
    assert not seen(canvas).isNull()


def test_that_every_part_has_a_name_for_a_screen_reader(canvas):
    floating = canvas.floating
    parts = (canvas, canvas.viewport(), floating.minimap, floating.quick_add, floating.quick_add.query, floating.hint)
    assert all(part.accessibleName() for part in parts)
