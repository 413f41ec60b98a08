"""The tour: real steps in the real window, each done by the person, skipped, left and taken up again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QTabBar
from pytestqt.qtbot import QtBot

from core import graph as graphs
from core.messages import Checked, NodeReport
from core.project import Project, text_of
from core.specs import Spec
from designer.app import make_window
from designer.canvas import changes
from designer.document import Document
from designer.tour import JOINTS, NODES, STOPS, Tour, _spot, project_at, stored_step
from designer.window import Window

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = make_window(Document())
    qtbot.addWidget(made, before_close_func=lambda each: each.document.undo_stack.setClean())
    made.resize(1400, 900)
    made.show()
    return made


@pytest.fixture
def tour(window: Window, qtbot: QtBot) -> Tour:
    qtbot.mouseClick(window.centre.start.buttons["Take the two-minute tour"], LEFT)
    found = window.findChild(Tour)
    assert isinstance(found, Tour)
    return found


def at_step(tour: Tour, qtbot: QtBot, step: int) -> None:
    qtbot.waitUntil(lambda: tour.step == step)
    assert f"{step + 1} OF {len(STOPS)}" in tour.number.text()
    assert tour.isVisible()


def test_that_each_step_waits_until_the_person_has_done_it(tour: Tour, window: Window, qtbot: QtBot):
    at_step(tour, qtbot, 0)
    assert window.centre.start.isHidden()
    assert QApplication.activeModalWidget() is None
    linear = window.canvas.add_layer("Linear")
    at_step(tour, qtbot, 1)
    project = window.document.project
    for link in JOINTS:
        project = changes.with_graph(project, graphs.with_link(project.graph, link))
        window.document.edit("Connect", project)
    at_step(tour, qtbot, 2)
    report = {linear: NodeReport("Linear", {"output": Spec(("N", 10))})}
    window.document.take(Checked(window.document.revision, (), report))
    at_step(tour, qtbot, 3)
    window.training.shown = "a run"
    window.training.state_changed.emit("starting")
    at_step(tour, qtbot, 4)
    window.docks.show("Try it")
    at_step(tour, qtbot, 5)
    qtbot.mouseClick(tour.next, LEFT)
    assert tour.is_over
    assert tour.end.text() == "Close"
    assert stored_step() == 0


def test_that_skipping_makes_what_the_step_would_have_made(tour: Tour, window: Window, qtbot: QtBot):
    for step in range(3):
        at_step(tour, qtbot, step)
        qtbot.mouseClick(tour.next, LEFT)
    at_step(tour, qtbot, 3)
    graph = window.document.project.graph
    assert graph.nodes["linear1"].values == {"out_features": 10}
    assert set(JOINTS) <= set(graph.links)
    window.document.undo_stack.undo()
    assert window.document.project.graph.nodes["linear1"].values == {}


def test_that_the_tour_is_left_and_taken_up_where_it_was(tour: Tour, window: Window, qtbot: QtBot):
    qtbot.mouseClick(tour.next, LEFT)
    at_step(tour, qtbot, 1)
    held = window.document.project
    qtbot.mouseClick(tour.end, LEFT)
    assert tour.isHidden()
    assert tour.ring.isHidden()
    window.actions_of["tour"].trigger()
    at_step(tour, qtbot, 1)
    assert window.document.project is held


def test_that_the_tour_goes_on_after_a_restart_with_the_network_as_it_was_then(
    tour: Tour, window: Window, qtbot: QtBot
):
    qtbot.mouseClick(tour.next, LEFT)
    qtbot.mouseClick(tour.end, LEFT)
    again = make_window(Document())
    qtbot.addWidget(again)
    again.show()
    again.actions_of["tour"].trigger()
    other = again.findChild(Tour)
    assert isinstance(other, Tour)
    at_step(other, qtbot, 1)
    assert again.document.project == project_at(1)


def test_that_an_open_network_is_asked_about_and_can_be_gone_back_to(window: Window, qtbot: QtBot, tmp_path: Path):
    path = tmp_path / "mine.loom"
    path.write_text(text_of(Project(seed=3)))
    window.document.open(path)
    window.document.edit("Change", Project(seed=4))

    def cancel() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        box.button(QMessageBox.StandardButton.Cancel).click()

    QTimer.singleShot(0, cancel)
    window.actions_of["tour"].trigger()
    assert window.document.project == Project(seed=4)
    window.document.save(path)
    window.actions_of["tour"].trigger()
    tour = window.findChild(Tour)
    assert isinstance(tour, Tour)
    assert window.document.path is None
    tour.begin(len(STOPS) - 1)
    qtbot.mouseClick(tour.next, LEFT)
    assert tour.end.text() == "Back to mine.loom"
    window.document.undo_stack.setClean()
    qtbot.mouseClick(tour.end, LEFT)
    assert window.document.path == path
    assert window.document.project == Project(seed=4)


def test_that_the_card_is_reached_with_the_keyboard(tour: Tour, window: Window):
    window.canvas.setFocus()
    for _ in range(12):
        window.actions_of["next_part"].trigger()
        if tour.isAncestorOf(window.focusWidget()):
            break
    assert window.focusWidget() is tour.next


@pytest.mark.parametrize("size", [(1000, 600), (1600, 1000)])
def test_that_card_and_outline_stay_in_the_window_at_every_step(
    tour: Tour, window: Window, qtbot: QtBot, size: tuple[int, int]
):
    window.resize(*size)
    for step in range(len(STOPS) + 1):
        tour.begin(step)
        QApplication.processEvents()
        for each in (tour, tour.ring):
            assert window.rect().contains(each.geometry()), (step, each)
        if not tour.is_over:
            where = STOPS[tour.step].where(window)
            assert tour.ring.geometry().intersects(QRect(where.mapTo(window, QPoint(0, 0)), where.size()))
            if tour.step in (3, 5):
                assert not tour.geometry().intersects(QRect(where.mapTo(window, QPoint(0, 0)), where.size()))


def test_that_the_card_does_not_cover_the_tab_that_it_speaks_of(tour: Tour, window: Window, qtbot: QtBot):
    step = [stop.title for stop in STOPS].index("Look inside")
    tour.begin(step)
    QApplication.processEvents()
    bars = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    bar = next(each for each in bars if each.isVisible() and each.tabText(each.count() - 1) == "Try it")
    assert tour.ring.geometry().contains(bar.geometry())
    assert not tour.geometry().intersects(bar.geometry())
    qtbot.mouseClick(bar, LEFT, pos=bar.tabRect(bar.count() - 1).center())
    qtbot.waitUntil(lambda: tour.step == step + 1)


def test_that_the_network_of_each_step_holds_what_the_steps_before_have_made():
    for step in range(len(STOPS)):
        graph = project_at(step).graph
        assert NODES.keys() <= graph.nodes.keys()
        assert ("linear1" in graph.nodes) is (step > 0)
        assert (set(JOINTS) <= set(graph.links)) is (step > 1)


def test_that_a_card_finds_a_place_beside_anything():
    room, size = QRect(0, 0, 1000, 600), QSize(330, 150)
    for area in (QRect(10, 10, 60, 26), QRect(900, 570, 90, 26), QRect(700, 60, 300, 400), QRect(0, 60, 1000, 540)):
        spot, _, _ = _spot(area, size, room)
        assert room.contains(QRect(spot, size))
