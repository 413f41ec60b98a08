"""What is seen beside the nodes: badges, the legend, kinds of link for every eye, the minimap, guides and the grid."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.events import Ended, Histogram, Histograms, Note, Started
from core.graph import Graph, Link, Node
from core.grouping import grouped
from core.messages import Checked, NodeReport
from core.project import Project
from core.specs import Spec
from designer.app import make_window
from designer.canvas import changes
from designer.canvas.badges import EVERY, Badge
from designer.canvas.look import FAULTY, FLOATS, UNKNOWN, WHOLES, Paints
from designer.canvas.tables import LinkTable
from designer.document import Document
from designer.theme import DARK, LIGHT

# Machado, Oliveira and Fernandes 2009, severity 1, on linear light.
EYES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    "all colours": np.eye(3).tolist(),
    "none": [[0.2126, 0.7152, 0.0722]] * 3,
}


def lightness(colour: QColor, eye: str) -> float:
    """How light a colour is to an eye, from 0 to 100 (CIE L*)."""
    light = np.array([each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in rgb(colour)])
    seen = float(np.array([0.2126, 0.7152, 0.0722]) @ np.clip(np.array(EYES[eye]) @ light, 0, 1))
    return 116 * seen ** (1 / 3) - 16 if seen > 0.008856 else 903.3 * seen


def rgb(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()


def kinds(paints: Paints) -> dict[int, QPen]:
    """The pens of all kinds of link as they are drawn from near."""
    plain = {kind: paints.link_pens[kind] for kind in (FLOATS, UNKNOWN)}
    return {**plain, WHOLES: paints.whole, FAULTY: paints.faulty}


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_that_marks_on_white_discs_have_the_colours_of_the_light_theme(qapp, theme):
    paints = Paints(theme)
    assert (paints.mark_bad.color().name(), paints.mark_warn.color().name()) == (LIGHT.bad, LIGHT.warn)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_that_kinds_of_link_differ_to_every_eye_without_their_hue(qapp, theme, eye):
    pens = kinds(Paints(theme))
    for one, other in itertools.combinations(pens.values(), 2):
        dashes = one.dashPattern() != other.dashPattern()
        light = abs(lightness(one.color(), eye) - lightness(other.color(), eye)) > 8
        width = abs(one.widthF() - other.widthF()) >= 0.6
        assert dashes or light or width
    ground = lightness(QColor(theme.canvas), eye)
    assert all(abs(lightness(pen.color(), eye) - ground) > 30 for pen in pens.values())


def seen(canvas) -> QImage:
    QApplication.processEvents()
    return canvas.grab().toImage()


def test_that_links_of_whole_numbers_are_dashed(canvas, document):
    whole = Checked(document.revision, nodes={"image": NodeReport("Input", {"output": Spec(("N", 8), "int64")})})
    canvas.set_zoom(2.0)
    start, stop = canvas.drawing.port_place("image", "output", True), canvas.drawing.port_place("conv", "input", False)
    canvas.show_centre((start + stop) / 2)

    def turns() -> int:
        image, y = seen(canvas), round(canvas.to_view(start).y())
        across = range(round(canvas.to_view(start).x()) + 14, round(canvas.to_view(stop).x()) - 14)
        ground = [image.pixelColor(x, y) == QColor(DARK.canvas) for x in across]
        return sum(one != other for one, other in itertools.pairwise(ground))

    assert turns() <= 1
    document.take(whole)
    assert turns() > 4


def test_that_the_legend_names_every_kind_and_is_switched_by_its_action(qtbot: QtBot):
    window = make_window(Document())
    qtbot.addWidget(window)
    window.show()
    assert not window.actions_of["legend"].isChecked()
    window.actions_of["legend"].trigger()
    legend = window.canvas.floating.legend
    assert legend is not None
    assert legend.isVisible()
    assert window.actions_of["legend"].isChecked()
    assert "whole numbers" in legend.accessibleDescription()
    painted = legend.grab().toImage()
    assert len({painted.pixelColor(20, y).name() for y in range(painted.height())}) > 4
    window.actions_of["legend"].trigger()
    assert not legend.isVisible()


# ---- badges


def histograms(**norms: float) -> Histograms:
    return Histograms(1, 0.1, tuple(Histogram(name, 0, 1, b"", gradient_norm=norm) for name, norm in norms.items()))


def test_that_a_run_fills_badges_ten_times_a_second_and_takes_them_away(canvas, qtbot):
    item, shown = canvas.drawing.items_by_id["conv"], []
    show = item.show_badge
    item.show_badge = lambda badge: (shown.append(badge), show(badge))
    for step in range(50):
        canvas.badges.receive(histograms(**{"conv.weight": 0.5 + step / 100, "conv.bias": 0.1, "gone.weight": 1.0}))
    assert not shown
    qtbot.waitUntil(lambda: bool(shown), timeout=2000)
    assert shown == [Badge("∇ 0.99")]
    canvas.badges.receive(Ended("run", "finished", 1, 1, 1.0, 1.0))
    qtbot.waitUntil(lambda: item.badge is None, timeout=2000)


@pytest.mark.parametrize(
    ("norm", "tone"), [(0.3, "plain"), (1e-9, "warning"), (1e5, "warning"), (float("nan"), "error")]
)
def test_that_a_gradient_that_vanishes_or_grows_stands_out(canvas, qtbot, norm, tone):
    canvas.badges.receive(histograms(**{"conv.weight": norm}))
    qtbot.waitUntil(lambda: canvas.drawing.items_by_id["conv"].badge is not None, timeout=2000)
    assert canvas.drawing.items_by_id["conv"].badge.tone == tone


def test_that_what_is_noticed_of_a_node_stands_on_it(canvas, qtbot):
    canvas.badges.receive(Note("warning", "conv hardly learns.", "conv"))
    canvas.badges.receive(Note("good", "all is well", "act"))
    qtbot.waitUntil(lambda: canvas.drawing.items_by_id["conv"].badge is not None, timeout=2000)
    assert canvas.drawing.items_by_id["act"].badge is None
    canvas.badges.receive(Started("run", "cpu", 1, False, 1, 1, (1, 1, 1), 0, 1))
    qtbot.waitUntil(lambda: canvas.drawing.items_by_id["conv"].badge is None, timeout=2000)


def test_that_a_badge_is_painted_and_repaints_nothing_else(canvas, qtbot):
    item = canvas.drawing.items_by_id["conv"]
    bare = seen(canvas)
    item.show_badge(Badge("∇ 0.5", "warning"))
    QApplication.processEvents()
    partial = canvas.screen().grabWindow(canvas.winId()).toImage()
    assert partial != bare
    canvas.viewport().update()
    QApplication.processEvents()
    assert canvas.screen().grabWindow(canvas.winId()).toImage() == partial
    box = canvas.viewportTransform().mapRect(item.rect()).toAlignedRect().adjusted(-2, -2, 2, 8)
    changed = [
        (x, y)
        for x in range(0, partial.width(), 3)
        for y in range(0, partial.height(), 3)
        if partial.pixel(x, y) != bare.pixel(x, y)
    ]
    assert changed
    assert all(box.contains(x, y) for x, y in changed)
    item.show_badge(None)
    QApplication.processEvents()
    assert canvas.screen().grabWindow(canvas.winId()).toImage() == bare


def test_that_a_node_that_comes_back_has_its_badge_and_another_document_has_none(canvas, document, qtbot):
    canvas.badges.receive(histograms(**{"conv.weight": 0.5}))
    qtbot.waitUntil(lambda: canvas.drawing.items_by_id["conv"].badge is not None, timeout=2000)
    canvas.select(("conv",))
    canvas.delete_selected()
    document.undo_stack.undo()
    assert canvas.drawing.items_by_id["conv"].badge == Badge("∇ 0.5")
    document.new(document.project)
    qtbot.waitUntil(lambda: canvas.drawing.items_by_id["conv"].badge is None, timeout=2000)


def test_that_badges_follow_into_a_block(qtbot: QtBot):

    document = Document()
    window = make_window(document)
    qtbot.addWidget(window, before_close_func=lambda each: each.document.undo_stack.setClean())
    window.show()
    graph, used = grouped(Graph({"conv": Node("Conv2d"), "act": Node("ReLU", x=200.0)}), ["conv", "act"], "Part")
    document.new(Project(graph))
    document.take(Checked(document.revision, inner={f"{used}/conv": NodeReport("Conv2d")}))
    window.canvas.badges.receive(histograms(**{f"{used}.conv.weight": 0.25}))
    window.scope.enter(used)
    assert window.canvas.drawing.items_by_id["conv"].badge == Badge("∇ 0.25")
    qtbot.wait(2 * EVERY)
    assert window.canvas.drawing.items_by_id["conv"].badge == Badge("∇ 0.25")


# ---- minimap, guides and grid


def test_that_the_minimap_lies_over_nothing_when_all_is_in_view(canvas):
    canvas.frame_all()
    assert not canvas.floating.minimap.isVisible()
    canvas.set_zoom(3.0)
    assert canvas.floating.minimap.isVisible()
    canvas.frame_all()
    assert not canvas.floating.minimap.isVisible()


def test_that_a_drag_shows_what_the_node_is_level_with(canvas, hand):
    start = hand.middle("fc")
    hand.hover(start)
    hand.press(start)
    hand.move(start + QPointF(442, -130))  # near the left side of act
    lines = canvas.marks.guides
    assert (440.0, 440.0) in {(line[0], line[2]) for line in lines}
    hand.release(start + QPointF(442, -130))
    assert not canvas.marks.guides


def test_that_without_the_grid_a_node_lands_where_it_is_let_go_or_level_with_another(canvas, hand, document):
    canvas.snaps = False
    start = hand.middle("fc")
    hand.drag(start, start + QPointF(37, 43))
    node = document.project.graph.nodes["fc"]
    assert (node.x, node.y) == (37, 263)
    hand.drag(start + QPointF(37, 43), start + QPointF(443, 100))
    assert document.project.graph.nodes["fc"].x == 440


def test_that_the_grid_is_a_switch_that_is_kept(qtbot: QtBot):
    window = make_window(Document())
    qtbot.addWidget(window)
    assert window.actions_of["snap"].isChecked()
    window.actions_of["snap"].trigger()
    assert not window.canvas.snaps
    window.close()
    other = make_window(Document())
    qtbot.addWidget(other)
    assert not other.canvas.snaps
    assert not other.actions_of["snap"].isChecked()


def test_that_ctrl_l_arranges_and_q_straightens_in_the_window(qtbot: QtBot):
    document = Document()
    window = make_window(document)
    qtbot.addWidget(window, before_close_func=lambda each: each.document.undo_stack.setClean())
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    nodes = {"a": Node("ReLU"), "b": Node("ReLU", y=30.0), "c": Node("ReLU", y=60.0)}
    links = (Link("a", "output", "b", "input"), Link("b", "output", "c", "input"))
    document.new(Project(Graph(nodes, links)))
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: document.undo_stack.undoText() == "Arrange all", timeout=20_000)
    assert len({node.y for node in document.project.graph.nodes.values()}) == 1
    document.edit("x", Project(Graph({**document.project.graph.nodes, "b": Node("ReLU", x=220.0, y=33.0)}, links)))
    window.canvas.select_all()
    QTest.keyClick(window.canvas, Qt.Key.Key_Q)
    assert document.undo_stack.undoText() == "Straighten"


def test_that_the_index_of_the_scene_covers_the_nodes_and_not_all_the_world(canvas, document):
    area = canvas.drawing.bounds()
    assert canvas.drawing.sceneRect().contains(area)
    assert canvas.drawing.sceneRect().width() < area.width() + 5000  # else every repaint asks every node where it is
    document.edit("x", Project(Graph({**document.project.graph.nodes, "far": Node("ReLU", x=30_000.0)})))
    assert canvas.drawing.sceneRect().contains(canvas.drawing.items_by_id["far"].rect())


def test_that_moved_nodes_keep_their_cards(canvas, document):
    before = canvas.drawing.touched
    document.edit("x", changes.moved(document.project, document.project.graph.nodes, 33.0, 44.0))
    assert canvas.drawing.touched == before
    assert canvas.drawing.items_by_id["act"].pos() == QPointF(473, 44)
    start, stop = canvas.drawing.port_place("conv", "output", True), canvas.drawing.port_place("act", "input", False)
    (link,) = (each for each in document.project.graph.links if each.target == "act")
    ends = canvas.drawing.links.column("ends")[canvas.drawing.links.slot[link]].tolist()
    assert ends == [start.x(), start.y(), stop.x(), stop.y()]


def test_that_from_afar_a_link_that_leads_back_runs_between_the_rows():
    table = LinkTable()
    back, forth = Link("a", "output", "b", "input"), Link("b", "output", "c", "input")
    table.put_ends([back, forth], np.array([[900.0, 40.0, 0.0, 340.0], [152.0, 340.0, 220.0, 340.0]]))
    lines = table.straight(np.array([0, 1])).tolist()
    assert [152.0, 340.0, 220.0, 340.0] in lines
    assert [900.0, 190.0, 0.0, 190.0] in lines
    assert len(lines) == 4
