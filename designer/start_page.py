"""Where work begins: new, open, recent files, and the networks that come along as pictures.

At the start only its head is made; lists and pictures follow after the first paint, one at a time.
"""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.graph import Graph
from core.project import ProjectError
from designer.flow_layout import FlowLayout
from designer.icons import icon
from designer.preferences import forget, remembered_files
from designer.theme import DARK, Theme
from designer.words import tr

if TYPE_CHECKING:
    from designer.canvas.drawing import Drawing

NEW = tr("New network")
CARD = QSize(240, 207)
PICTURE_HEIGHT = 104
MOST_LINES = 3
ROW_HEIGHT = 44
SIDE_WIDTH = 224
BESIDE_FROM = 780
"""With less room, recent files stand above the pictures."""

LONGEST = 5
"""A drawing that is this many times as wide as high is put into rows for its picture."""

_pictures: dict[tuple[str, str, float], QPixmap] = {}


def empty_words(title: str, words: str) -> tuple[QLabel, QLabel]:
    """A title and a dim sentence in the middle."""
    head, body = QLabel(title), QLabel(words)
    head.setStyleSheet("font-size: 18px; font-weight: 600;")
    body.setProperty("role", "dim")
    body.setWordWrap(True)
    for each in (head, body):
        each.setAlignment(Qt.AlignmentFlag.AlignCenter)
        each.setAccessibleName(each.text().replace("\n", " "))
    return head, body


class EmptyHint(QWidget):
    """What an empty canvas says while the start page is away; drops go through to the canvas."""

    start_wanted = Signal()
    layer_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("An empty network"))
        title, words = empty_words(
            tr("An empty network"),
            tr("Drop a layer from the left, press Tab to search,\nor drop a data file (.csv, .npz) here."),
        )
        words.setWordWrap(False)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for text, signal in ((tr("Add a layer"), self.layer_wanted), (tr("Start page"), self.start_wanted)):
            button = QPushButton(text)
            button.setAccessibleName(text)
            button.clicked.connect(lambda _=False, signal=signal: signal.emit())
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(title)
        column.addWidget(words)
        column.addLayout(row)

    def place(self) -> None:
        """Stand in the middle."""
        size, parent = self.sizeHint(), self.parentWidget()
        if parent is not None:
            self.setGeometry(QRect((parent.size() - size).width() // 2, (parent.size() - size).height() // 2, 0, 0))
            self.resize(size)


class Choice(QAbstractButton):
    """A card or row that is pressed as a whole, painted in the theme."""

    focused = Signal(QWidget)

    def __init__(self, name: str, about: str, size: QSize) -> None:
        super().__init__()
        self.theme: Theme = DARK
        self.about = about
        self.setText(name)
        self.setAccessibleName(name)
        self.setAccessibleDescription(about)
        self.setToolTip(about)
        self._size = size
        self.setFixedHeight(size.height())
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """As large as was said."""
        return self._size

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Ask to be brought into view."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.focused.emit(self)

    def ground(self, painter: QPainter, fill: str | None) -> None:
        """Paint the ground and the ring of the focus."""
        theme = self.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme.accent if self.hasFocus() else theme.dim if self.underMouse() else theme.line
        edged = fill is not None or self.hasFocus() or self.underMouse()
        painter.setPen(QPen(QColor(colour), 2 if self.hasFocus() else 1) if edged else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.hover if self.underMouse() and fill is None else fill or theme.canvas))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)

    def words(self, painter: QPainter, place: QRect, text: str, colour: str, mode=Qt.TextElideMode.ElideRight) -> None:
        """Write one line, shortened to its place."""
        painter.setPen(QColor(colour))
        shown = painter.fontMetrics().elidedText(text, mode, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class NetworkCard(Choice):
    """A network that comes along: its drawing, its title and what it is."""

    def __init__(self, name: str, title: str, about: str) -> None:
        super().__init__(title, about, CARD)
        self.name = name
        self.setFixedWidth(CARD.width())
        self.picture: QPixmap | None = None

    def draw(self) -> None:
        """Draw the network from its project, unless its picture of this theme is at hand."""
        key = (self.name, self.theme.name, self.devicePixelRatioF())
        if key not in _pictures:
            _pictures[key] = network_picture(
                self.name, self.theme, QSize(CARD.width() - 24, PICTURE_HEIGHT - 20), key[2]
            )
        self.picture = _pictures[key]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture above, words below."""
        painter = QPainter(self)
        theme = self.theme
        self.ground(painter, theme.panel)
        above = QRectF(2, 2, self.width() - 4, PICTURE_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.canvas))
        painter.drawRoundedRect(above, 7, 7)
        if self.picture is not None:
            painter.drawPixmap(12, 12, self.picture)
        left, room = 12, self.width() - 24
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        self.words(painter, QRect(left, PICTURE_HEIGHT + 8, room, 20), self.text(), theme.text)
        painter.setFont(self.font())
        painter.setPen(QColor(theme.dim))
        for line, words in enumerate(in_lines(self.about, painter.fontMetrics(), room)):
            self.words(painter, QRect(left, PICTURE_HEIGHT + 29 + 19 * line, room, 20), words, theme.dim)
        painter.end()


def in_lines(text: str, measure: QFontMetrics, room: int) -> list[str]:
    """The words in at most three lines, a little narrower than the room; the last has all that is left."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < MOST_LINES - 1:
        fits = len(words)
        while fits > 1 and measure.horizontalAdvance(" ".join(words[:fits])) > room - 2:
            fits -= 1
        lines.append(" ".join(words[:fits]))
        words = words[fits:]
    return [*lines, " ".join(words)] if words else lines


class RecentRow(Choice):
    """A file that was open: its name, its folder, and when it was changed last, or that it is not there."""

    def __init__(self, path: Path) -> None:
        changed = changed_at(path)
        self.is_missing = changed is None
        self.when = tr("not there any more") if changed is None else time_in_words(changed)
        super().__init__(path.name, f"{path}, {self.when}", QSize(SIDE_WIDTH, ROW_HEIGHT))
        self.path = path
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setEnabled(not self.is_missing)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name and time in the first line, the folder in the second."""
        painter = QPainter(self)
        theme = self.theme
        self.ground(painter, None)
        measure = painter.fontMetrics()
        taken = measure.horizontalAdvance(self.when) + 14
        room = QRect(10, 3, self.width() - 20, 20)
        colour = theme.dim if self.is_missing else theme.text
        self.words(painter, room.adjusted(0, 0, -taken, 0), self.text(), colour, Qt.TextElideMode.ElideMiddle)
        painter.setPen(QColor(theme.warn if self.is_missing else theme.dim))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.when)
        folder = str(self.path.parent)
        self.words(painter, room.translated(0, 19), folder, theme.dim, Qt.TextElideMode.ElideMiddle)
        painter.end()


def changed_at(path: Path) -> float | None:
    """When a file was changed last, None where it cannot be found."""
    try:
        return path.stat().st_mtime
    except OSError:
        return None


def time_in_words(then: float, now: float | None = None) -> str:
    """A moment as people say it: `today 14:02`, `yesterday 09:30`, `3 March`, `3 March 2024`."""
    now = time.time() if now is None else now
    at, today = time.localtime(then), time.localtime(now)
    if at[:3] == today[:3]:
        return time.strftime(tr("today %H:%M"), at)
    if at[:3] == time.localtime(now - 86_400)[:3]:
        return time.strftime(tr("yesterday %H:%M"), at)
    day = f"{at.tm_mday} {time.strftime('%B', at)}"
    return day if at.tm_year == today.tm_year else f"{day} {at.tm_year}"


def network_picture(name: str, theme: Theme, size: QSize, ratio: float) -> QPixmap:
    """A network that comes along as the canvas draws it from far away."""
    from core.examples import example_project
    from designer.canvas.drawing import Drawing
    from designer.canvas.look import Look
    from designer.canvas.overview import paint_overview

    made = QPixmap(size * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    drawing = Drawing(Look(theme))
    graph = example_project(name).graph
    drawing.follow(graph)
    bounds = drawing.nodes.bounds()
    if bounds is not None and bounds[2] - bounds[0] > LONGEST * (bounds[3] - bounds[1]):
        drawing.follow(_in_rows(graph, drawing))
        bounds = drawing.nodes.bounds()
    if bounds is not None:
        left, top, right, bottom = bounds
        scale = min(size.width() / max(right - left, 1.0), size.height() / max(bottom - top, 1.0), 0.2)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(size.width() / 2, size.height() / 2)
        painter.scale(scale, scale)
        painter.translate(-(left + right) / 2, -(top + bottom) / 2)
        paint_overview(painter, drawing.nodes, drawing.links, drawing.look.paints)
        painter.end()
    drawing.clear()
    return made


def _in_rows(graph: Graph, drawing: Drawing) -> Graph:
    """A long drawing in rows that fit a card."""
    from core.layered import Bond, own_order
    from core.wrapping import Boxes, arranged

    place = {node_id: number for number, node_id in enumerate(graph.nodes)}
    heights = tuple(drawing.items_by_id[node_id].rect().height() for node_id in place)
    bonds = tuple(Bond(place[link.source], place[link.target]) for link in graph.links)
    corners = arranged(Boxes(heights, bonds, wide=600.0, aspect=2.0, is_quick=False), own_order)
    nodes = {node_id: replace(graph.nodes[node_id], x=x, y=y) for node_id, (x, y) in zip(place, corners, strict=True)}
    return replace(graph, nodes=nodes)


class StartPage(QWidget):
    """Fills the canvas; a click beside everything, Escape, or the first layer sends it away. Drops go through."""

    new_wanted = Signal()
    file_wanted = Signal()
    tour_wanted = Signal()
    path_wanted = Signal(object)
    example_wanted = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Start"))
        self.theme: Theme = DARK
        self.cards: list[NetworkCard] = []
        self.rows: list[RecentRow] = []
        self._undrawn: list[NetworkCard] = []
        self._is_filled = False
        self._later = QTimer(self, interval=0)
        self._later.timeout.connect(self._go_on)
        self.setAutoFillBackground(True)
        self._head()
        self.body = QWidget()
        self.body.setAccessibleName(tr("Recent files and networks"))
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight, self.body)
        self._beside.setContentsMargins(28, 8, 28, 24)
        self._beside.setSpacing(28)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setAccessibleName(tr("Recent files and networks"))
        self.area.viewport().setAccessibleName(tr("Recent files and networks"))
        self.area.setWidget(self.body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 22, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._top)
        column.addWidget(self.area, 1)

    def _head(self) -> None:
        """The part that is there from the first paint on."""
        title, words = empty_words(
            tr("Begin with a network"), tr("Open one of these, or begin an empty one and drop layers from the left.")
        )
        row = FlowLayout()
        row.setSpacing(8)
        self.buttons: dict[str, QPushButton] = {}
        for text, role, signal in (
            (NEW, "primary", self.new_wanted),
            (tr("Open a file…"), "", self.file_wanted),
            (tr("Take the two-minute tour"), "", self.tour_wanted),
        ):
            button = self.buttons[text] = QPushButton(text)
            button.setProperty("role", role)
            button.setAccessibleName(text.rstrip("…"))
            button.clicked.connect(lambda _=False, signal=signal: signal.emit())
        self._top = QVBoxLayout()
        self._top.setContentsMargins(28, 0, 28, 0)
        self._top.setSpacing(8)
        self._top.addWidget(title)
        self._top.addWidget(words)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addStretch(1)
        for button in self.buttons.values():
            line.addWidget(button)
        line.addStretch(1)
        self._top.addLayout(line)
        self.setFocusProxy(self.buttons[NEW])

    # ---- filling

    def fill(self) -> None:
        """Show recent files and the networks that come along; their pictures are drawn one after the other."""
        self._is_filled = True
        self._empty(self._beside)
        self.rows, self.cards = [], []
        networks = self._networks()
        recent = self._recent()
        if recent is not None:
            self._beside.addWidget(recent, 0)
        self._beside.addWidget(networks, 1)
        aways = recent.findChildren(QToolButton) if recent is not None else []
        rows = [each for pair in zip(self.rows, aways, strict=True) for each in pair]
        chain = [*self.buttons.values(), *rows, *self.cards]
        for one, other in pairwise(chain):
            QWidget.setTabOrder(one, other)
        for each in (*self.rows, *self.cards):
            each.focused.connect(self.area.ensureWidgetVisible)
        self._fit()
        self.set_theme(self.theme)

    def _empty(self, layout: QBoxLayout) -> None:
        while (item := layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _recent(self) -> QWidget | None:
        files = remembered_files()
        if not files:
            return None
        holder = QWidget()
        holder.setAccessibleName(tr("Recent files"))
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(_section(tr("Recent files")))
        for path in files:
            row = RecentRow(path)
            row.clicked.connect(lambda _=False, path=path: self.path_wanted.emit(path))
            away = QToolButton()
            away.setProperty("role", "flat")
            away.setProperty("picture", "close")
            away.setIconSize(QSize(12, 12))
            away.setToolTip(tr("Take {name} off this list; the file stays", name=path.name))
            away.setAccessibleName(tr("Take {name} off this list", name=path.name))
            away.clicked.connect(lambda _=False, path=path: self._forget(path))
            line = QHBoxLayout()
            line.setSpacing(2)
            line.addWidget(row, 1)
            line.addWidget(away)
            column.addLayout(line)
            self.rows.append(row)
        column.addStretch(1)
        return holder

    def _forget(self, path: Path) -> None:
        forget(path)
        self.fill()
        (self.rows[0] if self.rows else self.buttons[NEW]).setFocus(Qt.FocusReason.OtherFocusReason)

    def _networks(self) -> QWidget:
        from core.examples import ARCHITECTURES, EXAMPLES

        holder = QWidget()
        holder.setAccessibleName(tr("Networks that come along"))
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for title, found in ((tr("Examples that train"), EXAMPLES), (tr("Architectures of the field"), ARCHITECTURES)):
            flow = FlowLayout()
            flow.setSpacing(12)
            for each in found:
                card = NetworkCard(each.name, each.title, each.about)
                card.clicked.connect(lambda _=False, name=each.name: self.example_wanted.emit(name))
                flow.addWidget(card)
                self.cards.append(card)
            column.addWidget(_section(title))
            column.addLayout(flow)
        column.addStretch(1)
        return holder

    def _go_on(self) -> None:
        """Do one thing that was put off: fill the page, or draw one picture."""
        if not self.isVisible():
            self._later.stop()
        elif not self._is_filled:
            self.fill()
        elif self._undrawn:
            card = self._undrawn.pop(0)
            try:
                card.draw()
            except ProjectError:  # a file that came along and cannot be read: its card stays without a picture
                card.picture = None
        else:
            self._later.stop()

    def begin(self) -> None:
        """Fill and draw from now on, a little at a time: the window stands on the screen."""
        self._later.start()

    def renew(self) -> None:
        """Look at the recent files anew."""
        self._is_filled = False
        self._later.start()

    # ---- looks

    def set_theme(self, theme: Theme) -> None:
        """Show everything in a theme."""
        self.theme = theme

        for each in (*self.cards, *self.rows):
            each.theme = theme
            each.update()
        for away in self.findChildren(QToolButton):
            if away.property("picture"):
                away.setIcon(icon(away.property("picture"), theme.dim))
        self._undrawn = list(self.cards)
        if self._is_filled and self.isVisible():
            self._later.start()

    def place(self) -> None:
        """Cover the canvas."""
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Recent files stand beside the pictures where there is room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        beside = self.width() >= BESIDE_FROM
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._beside.setDirection(direction)
        if self.rows and (holder := self.rows[0].parentWidget()) is not None:
            holder.setMaximumWidth(SIDE_WIDTH if beside else 16_777_215)
            holder.setMinimumWidth(SIDE_WIDTH if beside else 0)

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew on another screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._undrawn = list(self.cards)
            self._later.start()

    # ---- leaving

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press beside everything is for the canvas below."""
        self.left.emit()
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape shows the canvas; the arrows walk through what can be pressed."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Right):
            self.focusNextPrevChild(True)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Left):
            self.focusNextPrevChild(False)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.theme.canvas))
        painter.end()


def _section(text: str) -> QLabel:
    label = QLabel(text.upper())
    label.setProperty("role", "section")
    label.setAccessibleName(text)
    return label
