"""The drawing as a tree: every node by name, and in a block what is inside; a way around without a mouse."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QTreeView, QVBoxLayout, QWidget

from core.graph import Block, Graph, Node, natural
from core.messages import Checked, Problem
from designer.canvas.cards import problems_by_node
from designer.canvas.spoken import in_words
from designer.scope import Scope, steps_of
from designer.theme import DARK, Theme
from designer.words import tr

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
ROLE = Qt.ItemDataRole
SETTLE_MS = 80
"""Edits are followed when they have rested this long."""


class Entry:
    """A node in its place in the tree; what is in a block is made when it is first asked for."""

    def __init__(self, node_id: str, node: Node | None, holder: Entry | None, row: int) -> None:
        self.node_id, self.node, self.holder, self.row = node_id, node, holder, row
        self.made: list[Entry] | None = None

    @property
    def path(self) -> str:
        """The node by its path: `stage1/conv1`."""
        above = self.holder.path if self.holder is not None else ""
        return f"{above}/{self.node_id}" if above else self.node_id

    @property
    def depth(self) -> int:
        """How many blocks it is in."""
        return -1 if self.holder is None else self.holder.depth + 1


class Tree(QAbstractItemModel):
    """The nodes of the whole document, in the natural order of their names."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = DARK
        self.graph = Graph()
        self.report: Checked | None = None
        self.wanted = ""
        self._problems: dict[str, tuple[Problem, ...]] = {}
        self._root = Entry("", None, None, 0)
        self._root.made = []

    def show_graph(self, graph: Graph, report: Checked | None, wanted: str = "") -> None:
        """Show these nodes, or those whose name or layer holds what is wanted."""
        self.beginResetModel()
        self.graph, self.report, self.wanted = graph, report, wanted.lower().strip()
        own = [problem for problem in report.problems if not problem.block] if report else []
        self._problems = dict(problems_by_node(own))
        self._root = Entry("", None, None, 0)
        self._root.made = self._inside(self._root, graph)
        self.endResetModel()

    def show_report(self, report: Checked | None) -> None:
        """Show what check found out about the nodes that are there."""
        self.report = report
        own = [problem for problem in report.problems if not problem.block] if report else []
        self._problems = dict(problems_by_node(own))
        if rows := self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, 1))

    def _inside(self, holder: Entry, held: Graph | Block) -> list[Entry]:
        names = sorted(held.nodes, key=natural)
        if holder.holder is None and self.wanted:
            names = [name for name in names if self.wanted in f"{name} {held.nodes[name].layer}".lower()]
        return [Entry(name, held.nodes[name], holder, row) for row, name in enumerate(names)]

    def inside(self, entry: Entry) -> list[Entry]:
        """What is inside a node: nothing, unless it uses a block."""
        if entry.made is None:
            block = self.graph.blocks.get(entry.node.layer) if entry.node else None
            entry.made = self._inside(entry, block) if block is not None else []
        return entry.made

    def entry(self, index: Index) -> Entry:
        """The node at an index; the root without a valid one."""
        return index.internalPointer() if index.isValid() else self._root

    def index_of(self, path: str) -> QModelIndex:
        """Where a node with this path stands, in the first use that leads there."""
        found = NO_INDEX
        steps = [step.node_id for step in steps_of(self.graph, path)]
        rest = path
        for step in steps:
            rest = rest.removeprefix(step).removeprefix("/")
        names = [*steps, rest] if rest else steps
        for name in names:
            row = next((each.row for each in self.inside(self.entry(found)) if each.node_id == name), None)
            if row is None:
                return QModelIndex()
            found = self.index(row, 0, found)
        return found

    def index(self, row: int, column: int, parent: Index = NO_INDEX) -> QModelIndex:
        """The place of a row under another one."""
        held = self.inside(self.entry(parent))
        return self.createIndex(row, column, held[row]) if 0 <= row < len(held) and 0 <= column < 2 else QModelIndex()

    def parent(self, index: Index = NO_INDEX) -> QModelIndex:  # type: ignore[override]
        """The block that a row is in."""
        holder = self.entry(index).holder
        if not index.isValid() or holder is None or holder.holder is None:
            return QModelIndex()
        return self.createIndex(holder.row, 0, holder)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """How many nodes are there."""
        return len(self.inside(self.entry(parent))) if parent.column() <= 0 else 0

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """Name and layer."""
        return 2

    def hasChildren(self, parent: Index = NO_INDEX) -> bool:
        """Whether a block is used here; nothing is made for the answer."""
        entry = self.entry(parent)
        return entry.node.layer in self.graph.blocks if entry.node else bool(entry.made)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> Any:
        """The names of the columns."""
        return (tr("Node"), tr("Layer"))[section] if role == ROLE.DisplayRole else None

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        """A node as words; the accessible ones say everything."""
        entry = self.entry(index)
        node = entry.node
        if node is None:
            return None
        match role:
            case ROLE.DisplayRole:
                mark = " ⚠" if not index.column() and self._faults(entry) else ""
                return (entry.node_id + mark, node.layer)[index.column()]
            case ROLE.AccessibleTextRole if index.column() == 0:
                return self.words(entry)
            case ROLE.ToolTipRole:
                return self.words(entry)
            case ROLE.ForegroundRole if index.column() == 1 or node.muted:
                return QColor(self.theme.dim)
            case ROLE.ForegroundRole if self._faults(entry):
                return QColor(self.theme.bad)
            case _:
                return None

    def words(self, entry: Entry) -> str:
        """A node as a screen reader says it."""
        node = entry.node
        if node is None:
            return ""
        links = self.graph.arriving.get(entry.node_id, {}).values() if entry.depth == 0 else ()
        known = self.report.nodes.get(entry.node_id) if self.report and entry.depth == 0 else None
        return in_words(entry.node_id, node, links, known, self._faults(entry))

    def _faults(self, entry: Entry) -> tuple[Problem, ...]:
        return self._problems.get(entry.node_id, ()) if entry.depth == 0 else ()


class Outline(QWidget):
    """The tree under a search line; what is selected in it is selected in the drawing, and the other way round."""

    node_wanted = Signal(str)
    nodes_wanted = Signal(object)
    form_wanted = Signal(str)

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.setAccessibleName(tr("Outline"))
        self._scope = scope
        self._selected: tuple[str, ...] = ()
        self._follows = False
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find a node…"))
        self.search.setAccessibleName(tr("Find a node"))
        self.search.setClearButtonEnabled(True)
        self.tree = Tree()
        self.view = QTreeView()
        self.view.setModel(self.tree)
        self.view.setAccessibleName(tr("Nodes of the network"))
        self.view.setUniformRowHeights(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setExpandsOnDoubleClick(False)
        self.view.header().setAccessibleName(tr("Columns"))
        self.view.header().setStretchLastSection(False)
        self.view.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.view.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(6)
        column.addWidget(self.search)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)
        self._settled = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settled.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _: self._settled.start())
        scope.document.changed.connect(lambda *_: self._settled.start() if self.isVisible() else None)
        scope.document.checked.connect(lambda _: self._take_report())
        scope.entered.connect(lambda _: self._mark())
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        self.view.activated.connect(lambda index: self.form_wanted.emit(self.tree.entry(index).path))

    def refresh(self) -> None:
        """Show the nodes as they are; what was open stays open."""
        opened = [self.tree.entry(index).path for index in self._expanded()]
        document = self._scope.document
        self._follows = True
        self.tree.show_graph(document.project.graph, document.report, self.search.text())
        for path in opened:
            self.view.expand(self.tree.index_of(path))
        self._follows = False
        self._mark()

    def follow(self, selected: tuple[str, ...]) -> None:
        """Mark what is selected in the drawing that is shown."""
        self._selected = selected
        self._mark()

    def set_theme(self, theme: Theme) -> None:
        """Show the nodes in a theme."""
        self.tree.theme = theme
        self.view.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up: what is not seen is not made."""
        super().showEvent(event)
        self.refresh()
        self.view.header().resizeSection(1, max(70, self.width() * 2 // 5))

    def _take_report(self) -> None:
        if self.isVisible():
            self.tree.show_report(self._scope.document.report)

    def _expanded(self, parent: Index = NO_INDEX) -> list[QModelIndex]:
        """The open rows, outer ones first."""
        found: list[QModelIndex] = []
        if not self.tree.graph.blocks:
            return found
        for row in range(self.tree.rowCount(parent)):
            index = self.tree.index(row, 0, parent)
            if self.view.isExpanded(index):
                found += [index, *self._expanded(index)]
        return found

    def _mark(self) -> None:
        """Select the rows of what is selected in the drawing."""
        if not self.isVisible():
            return
        above = "/".join(step.node_id for step in self._scope.steps)
        marked = QItemSelection()
        last = QModelIndex()
        for node_id in self._selected:
            index = self.tree.index_of(f"{above}/{node_id}" if above else node_id)
            if index.isValid():
                marked.select(index, index.siblingAtColumn(1))
                last = index
        self._follows = True
        chooser = self.view.selectionModel()
        chooser.select(marked, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if last.isValid():
            chooser.setCurrentIndex(last, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.view.scrollTo(last)
        self._follows = False

    def _choose(self) -> None:
        """Select in the drawing what is selected here; another block's drawing is entered."""
        if self._follows:
            return
        chosen = [self.tree.entry(index) for index in self.view.selectionModel().selectedRows(0)]
        current = self.tree.entry(self.view.currentIndex())
        if not chosen or current.node is None:
            return
        beside = [each for each in chosen if each.holder is current.holder]
        if len(beside) == 1:
            self.node_wanted.emit(current.path if current in beside else beside[0].path)
        else:
            self.nodes_wanted.emit(tuple(each.path for each in beside))
