"""The docks: palette and form at the sides, what a run shows below, which is loaded after the first paint."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QPoint, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QTabBar,
    QTabWidget,
    QToolButton,
    QWhatsThis,
    QWidget,
)

from core.events import Event
from designer.document import Document
from designer.help_page import WHAT_IS
from designer.icons import icon
from designer.theme import DARK, Theme
from designer.words import tr

if TYPE_CHECKING:
    from designer.engines import Engines

TITLE_HEIGHT = 30
LAYOUT_VERSION = 2
SIDE = ("Layers", "Outline", "History")
BELOW = ("Loss", "Histograms", "Predictions", "Try it", "Problems", "Runs", "Source")

FIGURES = ("Loss", "Histograms", "Predictions", "Try it", "Source")
"""The docks whose head row says more than their name."""

TITLES = {
    "Layers": tr("Layers"),
    "Outline": tr("Outline"),
    "History": tr("History"),
    "Properties": tr("Properties"),
    "Loss": tr("Loss"),
    "Histograms": tr("Histograms"),
    "Predictions": tr("Predictions"),
    "Try it": tr("Try it"),
    "Problems": tr("Problems"),
    "Runs": tr("Runs"),
    "Source": tr("Source"),
}
"""What the docks are called on the screen; in the program each goes by its key."""


class DockTitle(QWidget):
    """The head row of a dock: what it is, one sentence on it, and the way to float or hide it."""

    def __init__(self, dock: Dock, title: str) -> None:
        super().__init__()
        self.setObjectName("docktitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        self.setFixedHeight(TITLE_HEIGHT)
        self.setToolTip(WHAT_IS[dock.key])
        self.label = QLabel(title)
        self.label.setAccessibleName(title)
        self._dock = dock
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 0, 6, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self.label)
        self._row.addStretch(1)
        self.help = self._button("help", tr("What is this? {WHAT_IS}", WHAT_IS=WHAT_IS[dock.key]), dock.say_what_it_is)
        self.hide_button = self._button("close", tr("Hide {key} (View shows it again)", key=title), dock.hide)
        for button in (self.help, self.hide_button):
            button.setVisible(dock.key not in BELOW)  # below, the room is for figures; a right click offers the same

    def adopt(self, header: QWidget) -> None:
        """Show the head row that a content brings along in the place of the name."""
        self.label.hide()
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.insertWidget(0, header, 1000)  # all the room: the row's own stretch would take half

    def sizeHint(self) -> QSize:
        """The row is as high with little in it as with much."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def _button(self, picture: str, tip: str, run: Any) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "flat")
        button.setProperty("picture", picture)
        button.setIconSize(QSize(14, 14))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(run)
        self._row.addWidget(button)
        return button

    def set_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        for button in (self.help, self.hide_button):
            button.setIcon(icon(button.property("picture"), theme.dim))


class Dock(QDockWidget):
    """One dock; it can be moved, floated and hidden, and its head row stays where it is when its content arrives."""

    def __init__(self, key: str, window: QMainWindow) -> None:
        super().__init__(TITLES[key], window)
        self.key = key
        self.setObjectName(key)
        self.setAccessibleName(TITLES[key])
        self.setWhatsThis(WHAT_IS[key])
        self.title = DockTitle(self, TITLES[key])
        self._label: QWidget | None = self.title.label
        self.setTitleBarWidget(self.title)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.DefaultContextMenu)
        self.dockLocationChanged.connect(lambda _: self.show_title())
        self.topLevelChanged.connect(lambda _: self.show_title())
        self.visibilityChanged.connect(lambda _: self.show_title())
        waiting = QWidget()
        waiting.setAccessibleName(TITLES[key])
        self.setWidget(waiting)

    def fill(self, content: QWidget) -> None:
        """Show the content; a head row that it brings along takes the place of the plain one."""
        header = getattr(content, "header", None)
        before = self.widget()
        self.setWidget(content)
        if before is not None:
            before.deleteLater()
        if isinstance(header, QWidget):
            self.title.adopt(header)
            self._label = getattr(header, "title", None)
        self.show_title()

    def show_title(self) -> None:
        """Leave the name to the tab where there is one; the row itself stays where it has more to say."""
        window = self.parent()
        if isinstance(window, QMainWindow) and self._label is not None:
            is_alone = self.isFloating() or not window.tabifiedDockWidgets(self)
            self._label.setVisible(is_alone)
            self.title.setFixedHeight(TITLE_HEIGHT if is_alone or self.key in FIGURES else 4)

    def say_what_it_is(self) -> None:
        """Show the one sentence beside the head row."""
        bar = self.titleBarWidget() or self
        QWhatsThis.showText(bar.mapToGlobal(QPoint(12, bar.height())), WHAT_IS[self.key], self)

    def contextMenuEvent(self, event: Any) -> None:
        """Float, hide, or say what it is, by a right click on the head row."""
        bar = self.titleBarWidget()
        if bar is None or not bar.geometry().contains(event.pos()):
            return
        menu = QMenu(self)
        for text, run in (
            (tr("What is this?"), self.say_what_it_is),
            (
                tr("Back into the window") if self.isFloating() else tr("Float"),
                lambda: self.setFloating(not self.isFloating()),
            ),
            (tr("Hide"), self.hide),
        ):
            action = QAction(text, menu)
            action.triggered.connect(run)
            menu.addAction(action)
        menu.exec(event.globalPos())


class Docks:
    """All docks of a window by name, and the contents that listen to a run."""

    def __init__(self, window: QMainWindow, palette: QWidget, inspector: QWidget, problems: QWidget) -> None:
        self._window = window
        self._theme: Theme = DARK
        self.contents: dict[str, Any] = {}
        self.on_demand: dict[str, Any] = {}
        """The docks that were opened of those that are made when they are first seen."""
        self.by_key = {key: Dock(key, window) for key in (*SIDE, "Properties", *BELOW)}
        self._late: dict[str, Callable[[], QWidget]] = {}
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        for key, least in (("Properties", 260), *((key, 160) for key in SIDE), *((key, 150) for key in BELOW)):
            self.by_key[key].setMinimumWidth(least)  # with less, a form or a plot is cut off
        self.by_key["Layers"].fill(palette)
        self.by_key["Properties"].fill(inspector)
        self.by_key["Problems"].fill(problems)
        self._place()
        self.default = QByteArray()

    def _place(self) -> None:
        window, docks = self._window, self.by_key
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["Layers"])
        for key in SIDE[1:]:
            window.tabifyDockWidget(docks["Layers"], docks[key])
            docks[key].hide()
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, docks["Properties"])
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, docks["Loss"])
        for left, right in (("Loss", "Histograms"), ("Histograms", "Predictions"), ("Predictions", "Problems")):
            window.splitDockWidget(docks[left], docks[right], Qt.Orientation.Horizontal)
        window.tabifyDockWidget(docks["Predictions"], docks["Try it"])
        window.tabifyDockWidget(docks["Problems"], docks["Runs"])
        window.tabifyDockWidget(docks["Runs"], docks["Source"])
        docks["Predictions"].raise_()
        docks["Runs"].raise_()

    def size(self, width: int, height: int) -> None:
        """Share the room of a window of this size; `reset` comes back to it."""
        self._share(width, height)
        self.default = self._window.saveState(LAYOUT_VERSION)

    def _share(self, width: int, height: int) -> None:
        docks, window = self.by_key, self._window
        side = max(200, min(240, width // 7))
        window.resizeDocks(
            [docks["Layers"], docks["Properties"]], [side, max(270, min(300, width // 5))], Qt.Orientation.Horizontal
        )
        window.resizeDocks([docks["Loss"]], [max(190, round(height * 0.29))], Qt.Orientation.Vertical)
        parts = [docks[key] for key in ("Loss", "Histograms", "Predictions", "Problems")]
        window.resizeDocks(
            parts, [round(width * share) for share in (0.27, 0.25, 0.24, 0.24)], Qt.Orientation.Horizontal
        )

    def make_when_seen(self, key: str, make: Callable[[], QWidget]) -> None:
        """Fill a dock when it is first seen: what few people open costs the others nothing."""
        self._late[key] = make
        self.by_key[key].visibilityChanged.connect(lambda is_seen: self._fill(key) if is_seen else None)

    def _fill(self, key: str) -> None:
        make = self._late.pop(key, None)
        if make is not None:
            content: Any = make()
            content.set_theme(self._theme)
            self.by_key[key].fill(content)
            self.on_demand[key] = content
            self.name_tabs()

    def load(self, document: Document, engines: Engines) -> None:
        """Make the contents that need pyqtgraph or the engines; the docks keep their places."""
        from designer.plots.curves import Curves
        from designer.plots.histograms import Histograms
        from designer.plots.predictions import Predictions
        from designer.plots.runs import Runs
        from designer.plots.source_view import SourceView
        from designer.plots.try_it import TryIt

        self.contents = {
            "Loss": Curves(),
            "Histograms": Histograms(),
            "Predictions": Predictions(),
            "Try it": TryIt(document, engines),
            "Runs": Runs(document, engines),
            "Source": SourceView(document, engines),
        }
        for key, content in self.contents.items():
            content.set_theme(self._theme)
            self.by_key[key].fill(content)

    def receive(self, event: Event) -> None:
        """Tell every content of a run's event."""
        for content in self.contents.values():
            content.receive(event)

    def clear(self) -> None:
        """Show no run."""
        for content in self.contents.values():
            content.clear()

    def follow(self, ids: tuple[str, ...]) -> None:
        """Tell the contents what is selected."""
        for content in self.contents.values():
            if hasattr(content, "follow"):
                content.follow(ids)

    def arrange(self, layout: QByteArray) -> None:
        """Put every dock where a layout has it, the ones in front that it has in front."""
        self._window.restoreState(layout, LAYOUT_VERSION)
        self.name_tabs()

    def show_only(self, keys: Collection[str], in_front: Collection[str]) -> None:
        """Put every dock back to its place and hide all but some."""
        self.reset()
        for key, dock in self.by_key.items():
            dock.setVisible(key in keys)
        for key in in_front:
            self.by_key[key].raise_()
        self.name_tabs()

    def show(self, key: str) -> None:
        """Bring one dock to the front."""
        self.by_key[key].show()
        self.by_key[key].raise_()

    def reset(self) -> None:
        """Put every dock back to its place, and share the room of the window as it is now."""
        self._window.restoreState(self.default, LAYOUT_VERSION)
        self._share(self._window.width(), self._window.height())
        for key in ("Predictions", "Runs"):
            self.by_key[key].raise_()
        self.name_tabs()

    def set_theme(self, theme: Theme) -> None:
        """Show everything in a theme."""
        self._theme = theme
        for dock in self.by_key.values():
            dock.title.set_theme(theme)
        for content in (*self.contents.values(), *self.on_demand.values()):
            content.set_theme(theme)

    def name_tabs(self) -> None:
        """Give the tab bars that Qt makes for docks a name for screen readers; what a tab says, no head row repeats."""
        for dock in self.by_key.values():
            dock.show_title()
        seen: set[str] = set()
        for bar in reversed(self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)):
            names = {bar.tabText(place) for place in range(bar.count())}
            if names & seen:
                bar.hide()  # Qt makes another where a dock joins others, and would still paint this one once
            seen |= names
            if not bar.accessibleName():
                bar.setAccessibleName(tr("Docks in one place"))
                bar.setDrawBase(False)
