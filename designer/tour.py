"""A guided tour: a first network, drawn, trained and taken away by the person's own hands in the real window."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QLabel, QPushButton, QTabBar, QVBoxLayout, QWidget

from core.graph import Graph, Link, Node
from core.project import Data, Project
from designer.preferences import settings
from designer.window import Window
from designer.words import tr

CARD_WIDTH = 330
GAP = 14
RING = 4

NODES = {
    "image": Node("Input", {"field": "image"}),
    "flatten": Node("Flatten", {}, 220),
    "label": Node("Target", {"field": "label"}, 440, 154),
    "loss": Node("CrossEntropyLoss", {}, 660),
}
LINKS = (Link("image", "output", "flatten", "input"), Link("label", "output", "loss", "target"))
JOINTS = (Link("flatten", "output", "linear1", "input"), Link("linear1", "output", "loss", "input"))


class Stop(NamedTuple):
    """One step: what is to be done, the part of the window where, and whether it has been done."""

    title: str
    words: str
    where: Callable[[Window], QWidget]
    is_done: Callable[[Window], bool]


def _linear(window: Window) -> str:
    nodes = window.document.project.graph.nodes
    return next((name for name, node in nodes.items() if node.layer == "Linear"), "")


def _is_joined(window: Window) -> bool:
    linear, links = _linear(window), window.document.project.graph.links
    before = any(link.target == linear and link.source == "flatten" for link in links)
    return before and any(link.source == linear and link.target == "loss" for link in links)


def _gives_ten(window: Window) -> bool:
    report = window.document.report
    known = report.nodes.get(_linear(window)) if report else None
    shapes = [spec.shape for spec in known.outputs.values()] if known else []
    return bool(shapes) and shapes[0][-1:] == (10,)


def _is_seen(window: Window, key: str) -> bool:
    dock = window.docks.by_key[key]
    return dock.isVisible() and not dock.visibleRegion().isEmpty()


def _beside(window: Window, key: str) -> QWidget:
    """A dock, or the one that lies over it."""
    dock = window.docks.by_key[key]
    seen = [each for each in (dock, *window.tabifiedDockWidgets(dock)) if not each.visibleRegion().isEmpty()]
    return seen[0] if seen else window.centre


STOPS = (
    Stop(
        tr("Add a layer"),
        tr(
            "The pictures of digits are laid out flat, but nothing learns yet. Click the canvas, press Tab, "
            "type Linear and press Enter; or drag Linear here from the list at the left."
        ),
        lambda w: w.centre,
        lambda w: bool(_linear(w)),
    ),
    Stop(
        tr("Connect it"),
        tr(
            "Drag from the dot at the right of flatten to the dot at the left of the new layer, "
            "then from its right to the first dot of loss."
        ),
        lambda w: w.centre,
        _is_joined,
    ),
    Stop(
        tr("See what flows"),
        tr(
            "Each link says what flows along it: 64 numbers come out of flatten. There are ten digits to tell apart: "
            "select the layer and set out_features to 10 in its form, and see the link behind it change."
        ),
        lambda w: w.docks.by_key["Properties"],
        lambda w: _is_joined(w) and _gives_ten(w),
    ),
    Stop(
        tr("Train"),
        tr("The network fits together. Press Train, or F5."),
        lambda w: w.toolbar.train,
        lambda w: bool(w.training.shown),
    ),
    Stop(
        tr("Look inside"),
        tr(
            "The loss falls while it learns; Predictions shows the digits that it gets wrong. "
            "Open the tab Try it beside Predictions, to draw a digit of your own."
        ),
        lambda w: _beside(w, "Predictions"),
        lambda w: _is_seen(w, tr("Try it")),
    ),
    Stop(
        tr("Take it away"),
        tr("Press Export: the network is yours as Python, as a training script or as ONNX."),
        lambda w: w.toolbar.export,
        lambda w: False,  # the button says it
    ),
)


def project_at(step: int) -> Project:
    """The network as it stands when the steps before this one are done."""
    nodes, links = dict(NODES), LINKS
    if step > 0:
        nodes["linear1"] = Node("Linear", {}, 440)
    if step > 1:
        links = (*LINKS, *JOINTS)
    if step > 2:
        nodes["linear1"] = Node("Linear", {"out_features": 10}, 440)
    return Project(Graph(nodes, links), Data("Digits"), {"epochs": 8})


def stored_step() -> int:
    """The step at which the tour was left, 0 at its beginning."""
    try:
        step = int(str(settings().value("tour/step") or 0))
    except ValueError:
        return 0
    return step if 0 <= step < len(STOPS) else 0


def store_step(step: int) -> None:
    """Keep the step, so that the tour goes on there."""
    stored = settings()
    stored.setValue("tour/step", str(step))
    stored.sync()


class Ring(QWidget):
    """An outline around a part of the window, with an arrow from the card; it takes no event."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.setAccessibleName(tr("Outline of the tour"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.colour = QColor()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the outline."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.colour, 3))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 8, 8)
        painter.end()


class Arrow(QWidget):
    """A small triangle between the card and what it speaks of."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.setAccessibleName(tr("Arrow of the tour"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.colour = QColor()
        self.points_up = True
        self.setFixedSize(20, GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the triangle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour)
        tip, foot = (0, GAP) if self.points_up else (GAP, 0)
        painter.drawPolygon(QPolygonF([QPoint(0, foot), QPoint(20, foot), QPoint(10, tip)]))
        painter.end()


class Tour(QFrame):
    """The card of the tour; it lies over the window, stops nothing, and goes on when the person has done it."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.setObjectName("tour")
        self.setProperty("role", "tour")
        self.setAccessibleName(tr("Guided tour"))
        self._window = window
        self.step = 0
        self.came_from: Path | None = None
        self.ring, self.arrow = Ring(window), Arrow(window)
        self.number = QLabel()
        self.number.setProperty("role", "section")
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.next = QPushButton(tr("Skip this step"))
        self.end = QPushButton(tr("Leave the tour"))
        for button in (self.next, self.end):
            button.setProperty("role", "flat")
        self.next.clicked.connect(lambda _=False: self._skip())
        self.end.clicked.connect(lambda _=False: self.leave())
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.next)
        row.addStretch(1)
        row.addWidget(self.end)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 12, 10)
        column.setSpacing(6)
        for each in (self.number, self.title, self.words):
            column.addWidget(each)
        column.addLayout(row)
        self.setFixedWidth(CARD_WIDTH)
        self._look = QTimer(self, singleShot=True, interval=0)
        self._look.timeout.connect(self._follow)
        for signal in (
            window.document.changed,
            window.document.checked,
            window.training.state_changed,
            *(dock.visibilityChanged for dock in window.docks.by_key.values()),
        ):
            signal.connect(lambda *_: self._look.start())
        window.actions_of["export_menu"].triggered.connect(lambda *_: self._exported())
        window.installEventFilter(self)
        window.centre.installEventFilter(self)

    # ---- the road

    def begin(self, step: int) -> None:
        """Show the card of a step; one that is done already is passed over."""
        self.step = step
        self.show()
        self._follow()
        self._show_step()

    @property
    def is_over(self) -> bool:
        """Whether every step is done."""
        return self.step >= len(STOPS)

    def leave(self) -> None:
        """End the tour, or leave it for now: it goes on where it was."""
        store_step(0 if self.is_over else self.step)
        back = self.came_from if self.is_over else None
        for each in (self, self.ring, self.arrow):
            each.hide()
        self._window.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        if back is not None:
            self.came_from = None
            self._window.files.open(back)

    def _skip(self) -> None:
        """Go on; what the step would have made is made, where the network is still that of the tour."""
        if self.is_over:
            self.came_from = None
            self.leave()
            return
        nodes = self._window.document.project.graph.nodes
        if self.step < 3 and NODES.keys() <= nodes.keys():
            made = project_at(self.step + 1)
            project = self._window.document.project
            if "linear1" in nodes and self.step:
                made = replace(made, graph=_with_places(made.graph, project.graph))
            self._window.document.edit(STOPS[self.step].title, replace(made, seed=project.seed))
        self._go(self.step + 1)

    def _exported(self) -> None:
        if self.isVisible() and self.step == len(STOPS) - 1:
            self._go(self.step + 1)

    def _go(self, step: int) -> None:
        self.step = step
        store_step(0 if self.is_over else step)
        self._show_step()

    def _follow(self) -> None:
        """Go on where the step has been done."""
        if not self.isVisible() or self.is_over:
            return
        before = self.step
        while not self.is_over and STOPS[self.step].is_done(self._window):
            self.step += 1
        if self.step != before:
            self._go(self.step)
        self.place()

    # ---- looks

    def _show_step(self) -> None:
        if self.is_over:
            self.number.setText(tr("DONE"))
            self.title.setText(tr("That is the whole road"))
            self.words.setText(
                tr(
                    "Draw, see at once whether it fits, train, look inside, take it away. "
                    "F1 shows every key; Ctrl+Shift+P finds everything that can be done."
                )
            )
            self.next.setText(tr("Keep this network"))
            self.end.setText(tr("Back to {name}", name=self.came_from.name) if self.came_from else tr("Close"))
        else:
            stop = STOPS[self.step]
            self.number.setText(tr("TOUR · {value} OF {count}", value=self.step + 1, count=len(STOPS)))
            self.title.setText(stop.title)
            self.words.setText(stop.words)
            self.next.setText(tr("Skip this step"))
            self.end.setText(tr("Leave the tour"))
        self.next.setVisible(not self.is_over or self.came_from is not None)
        for each in (self.number, self.title, self.words):
            each.setAccessibleName(each.text())
        for button in (self.next, self.end):
            button.setAccessibleName(button.text())
        self.setAccessibleDescription(f"{self.title.text()}. {self.words.text()}")
        self.place()

    def place(self) -> None:
        """Stand beside what the step speaks of, all of it in the window."""
        if not self.isVisible():
            return
        window = self._window
        for each in (self.ring, self.arrow):
            each.colour = QColor(window.theme.accent)
            each.setVisible(not self.is_over)
        layout = self.layout()
        height = layout.totalHeightForWidth(CARD_WIDTH) if layout is not None else self.sizeHint().height()
        size = QSize(CARD_WIDTH, height)
        where = window.centre if self.is_over else STOPS[self.step].where(window)
        area = QRect(where.mapTo(window, QPoint(0, 0)), where.size())
        if isinstance(where, QDockWidget):
            bars = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
            tabs = [bar.geometry() for bar in bars if bar.isVisible()]
            area = reduce(QRect.united, (each for each in tabs if each.adjusted(0, 0, 0, 8).intersects(area)), area)
        area &= window.rect()
        self.ring.setGeometry(area.adjusted(-RING, -RING, RING, RING) & window.rect())
        spot, points_up, has_arrow = _spot(area, size, window.rect())
        self.setGeometry(QRect(spot, size))
        self.arrow.points_up = points_up
        tip = max(spot.x() + 12, min(area.center().x() - 10, spot.x() + CARD_WIDTH - 32))
        self.arrow.move(tip, spot.y() - GAP if points_up else spot.y() + height)
        self.arrow.setVisible(has_arrow and not self.is_over)
        for each in (self.ring, self.arrow, self):
            each.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay beside it while the window takes another shape."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._look.start()
        return super().eventFilter(watched, event)


def _with_places(graph: Graph, held: Graph) -> Graph:
    """A graph with its nodes where the person has put them."""
    moved = {
        name: replace(node, x=held.nodes[name].x, y=held.nodes[name].y) if name in held.nodes else node
        for name, node in graph.nodes.items()
    }
    return replace(graph, nodes=moved)


def _spot(area: QRect, size: QSize, room: QRect) -> tuple[QPoint, bool, bool]:
    """Where a card stands for an area: below, above, or in a corner of one that is large; and how its arrow points."""
    x = max(8, min(area.center().x() - size.width() // 2, room.right() - size.width() - 8))
    if area.height() > 2.2 * size.height():
        inside = min(area.right() - size.width() - 16, room.right() - size.width() - 8)
        return QPoint(max(8, max(area.left() + 16, inside) if area.width() > 1.5 * size.width() else
                          area.left() - size.width() - GAP), area.top() + 16), False, False  # fmt: skip
    if area.bottom() + GAP + size.height() < room.bottom():
        return QPoint(x, area.bottom() + GAP), True, True
    return QPoint(x, max(8, area.top() - GAP - size.height())), False, True


def take_tour(window: Window) -> Tour | None:
    """Begin the tour in a new document, or go on where it was left; the open one is saved or asked about first."""
    held = window.findChild(Tour)
    step = held.step if held is not None and not held.is_over else stored_step()
    is_there = NODES.keys() <= window.document.project.graph.nodes.keys()
    came_from = held.came_from if held is not None else None
    if not (is_there and (held is not None or step)):
        if not window.files.may_leave():
            return None
        came_from = window.document.path
        window.document.new(project_at(step))
    window.centre.leave_start()
    tour = held or Tour(window)
    tour.came_from = came_from
    tour.begin(step)
    return tour
