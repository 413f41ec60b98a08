"""A small drawing on a shown canvas, and a hand that moves a real mouse over it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.graph import Graph, Link, Node
from core.messages import Checked, DataReport, Field, NodeReport
from core.project import Data, Project
from core.specs import Spec
from designer.canvas import Canvas
from designer.document import Document
from designer.palette import MIME

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE = Qt.KeyboardModifier.NoModifier
COPY = Qt.DropAction.CopyAction


def small() -> Project:
    """image -> conv -> act, and below them add with two free places and a lone linear."""
    nodes = {
        "image": Node("Input", {"field": "image"}, 0.0, 0.0),
        "conv": Node("Conv2d", {"out_channels": 32}, 220.0, 0.0),
        "act": Node("ReLU", {}, 440.0, 0.0),
        "add": Node("Add", {}, 440.0, 220.0),
        "fc": Node("Linear", {"out_features": 10}, 0.0, 220.0),
    }
    links = (Link("conv", "output", "act", "input"), Link("image", "output", "conv", "input"))
    return Project(Graph(nodes, tuple(sorted(links))), Data("digits"))


def report_of(project: Project, revision: int, **said) -> Checked:
    """What a check could say: shapes for the row above, data with two fields of each role."""
    shapes = {"image": ("N", 1, 8, 8), "conv": ("N", 32, 8, 8), "act": ("N", 32, 8, 8)}
    nodes = {
        node_id: NodeReport(node.layer, {"output": Spec(shapes[node_id])}, 320 if node_id == "conv" else 0)
        for node_id, node in project.graph.nodes.items()
        if node_id in shapes
    }
    fields = (
        Field("image", "input", Spec(("N", 1, 8, 8))),
        Field("extra", "input", Spec(("N", 3))),
        Field("label", "target", Spec(("N",), "int64", 10)),
    )
    return Checked(revision, nodes=nodes, data=DataReport("Digits", fields), **said)


@pytest.fixture
def document() -> Document:
    """A document that shows the small drawing."""
    made = Document()
    made.new(small())
    return made


@pytest.fixture
def canvas(qtbot, document: Document) -> Canvas:
    """The document on a canvas at 100 %, everything in view."""
    made = Canvas(document)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    qtbot.waitExposed(made)
    document.take(report_of(document.project, document.revision))
    made.set_zoom(1.0)
    made.show_centre(QPointF(300, 150))
    made.setFocus()
    QApplication.processEvents()
    return made


class Hand:
    """A mouse over a canvas: every place is given in the scene, every event is a real one."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def at(self, place: QPointF | tuple[float, float]) -> QPoint:
        """The pixel of the viewport over a place of the scene."""
        return self.canvas.to_view(QPointF(*place) if isinstance(place, tuple) else place).toPoint()

    def port(self, node_id: str, name: str, is_output: bool = False) -> QPointF:
        """Where a port is in the scene."""
        return self.canvas.drawing.port_place(node_id, name, is_output)

    def middle(self, node_id: str) -> QPointF:
        """The middle of a node's header."""
        return self.canvas.drawing.items_by_id[node_id].pos() + QPointF(76, 13)

    def press(self, place, keys=NONE, button=LEFT) -> None:
        """Press a button."""
        QTest.mousePress(self.canvas.viewport(), button, keys, self.at(place))

    def move(self, place, keys=NONE, button=LEFT) -> None:
        """Move with a button held, as a mouse does: in several steps."""
        view = self.canvas.viewport()
        start, stop = self.canvas.mouse_at or QPointF(), QPointF(self.at(place))
        for step in range(1, 5):
            where = start + (stop - start) * (step / 4)
            event = _mouse(QEvent.Type.MouseMove, where, view.mapToGlobal(where.toPoint()), button, keys)
            QApplication.sendEvent(view, event)

    def release(self, place, keys=NONE, button=LEFT) -> None:
        """Let a button go."""
        QTest.mouseRelease(self.canvas.viewport(), button, keys, self.at(place))

    def drag(self, start, stop, keys=NONE, button=LEFT) -> None:
        """Press, move and let go."""
        self.hover(start)
        self.press(start, keys, button)
        self.move(stop, keys, button)
        self.release(stop, keys, button)

    def click(self, place, keys=NONE) -> None:
        """Press and let go in one place."""
        self.hover(place)
        QTest.mouseClick(self.canvas.viewport(), LEFT, keys, self.at(place))

    def double_click(self, place) -> None:
        """Click twice."""
        self.hover(place)
        QTest.mouseDClick(self.canvas.viewport(), LEFT, NONE, self.at(place))

    def hover(self, place) -> None:
        """Move without a button."""
        self.move(place, button=Qt.MouseButton.NoButton)

    # ---- drag and drop

    def bring(self, data: QMimeData, place, keys=NONE) -> bool:
        """Drag something in and over a place; whether it would be taken."""
        at = self.at(place)
        enter = QDragEnterEvent(at, COPY, data, LEFT, keys)
        QApplication.sendEvent(self.canvas.viewport(), enter)
        over = QDragMoveEvent(at, COPY, data, LEFT, keys)
        QApplication.sendEvent(self.canvas.viewport(), over)
        return enter.isAccepted() and over.isAccepted()

    def drop(self, data: QMimeData, place, keys=NONE) -> bool:
        """Drag something in and let it go; whether it was taken."""
        self.bring(data, place, keys)
        event = QDropEvent(QPointF(self.at(place)), COPY, data, LEFT, keys)
        QApplication.sendEvent(self.canvas.viewport(), event)
        return event.isAccepted()

    def take_away(self) -> None:
        """Drag out again."""
        QApplication.sendEvent(self.canvas.viewport(), QDragLeaveEvent())


def _mouse(kind, where: QPointF, screen: QPoint, button, keys):
    from PySide6.QtGui import QMouseEvent

    none = Qt.MouseButton.NoButton
    return QMouseEvent(kind, where, QPointF(screen), none if kind == QEvent.Type.MouseMove else button, button, keys)


@pytest.fixture
def hand(canvas: Canvas) -> Hand:
    """A mouse over the canvas."""
    return Hand(canvas)


@pytest.fixture
def layer():
    """What a drag of a layer from the palette carries."""

    def made(name: str) -> QMimeData:
        data = QMimeData()
        data.setData(MIME, name.encode())
        return data

    return made


@pytest.fixture
def file():
    """What a drag of a file carries."""

    def made(path: str) -> QMimeData:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path)])
        return data

    return made


@pytest.fixture
def report():
    """The report that a check of the small drawing gives."""
    return report_of
