"""What the form says of a node that uses a block: the block's name, the way into it, and what can be done with it."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from core import graph as graphs
from core.block_edits import renamed
from core.blocks import BlockFault, inside, with_inside
from designer import library
from designer.breadcrumb import uses_of
from designer.form_sizes import LABEL_WIDTH, RESET_WIDTH
from designer.scope import Scope
from designer.words import tr


def fault_label(name: str) -> QLabel:
    """A hidden line for one sentence under a field."""
    label = QLabel()
    label.setProperty("role", "fault")
    label.setWordWrap(True)
    label.setAccessibleName(name)
    label.hide()
    return label


def rename_block(scope: Scope, old: str, new: str, fault: QLabel, node_id: str = "") -> None:
    """Give a block another name, see `renaming`; what is to be said of it stands in the label."""
    said = renaming(scope, old, new, node_id)
    fault.setText(said)
    fault.setVisible(bool(said))


def renaming(scope: Scope, old: str, new: str, node_id: str = "") -> str:
    """Give a block another name as one edit of the whole document; gives what is to be said of it, or "".

    That is why it cannot have the name, or that it hides a block of the library. A use of it that still has the name
    that it was given by itself follows.
    """
    new = new.strip()
    document = scope.document
    if new == old or old not in document.project.graph.blocks:
        return ""
    try:
        graph = renamed(document.project.graph, old, new)
        if node_id == old.lower() and new.isidentifier():
            shown = inside(graph, scope.block) if scope.block else graph
            shown = graphs.renamed(shown, node_id, graphs.fresh_id(shown.nodes, new))
            graph = with_inside(graph, scope.block, shown) if scope.block else shown
    except BlockFault as refused:
        return str(refused)
    scope.rename_steps(old, new)
    palette = tuple(new if each == old else each for each in document.project.palette)
    made = msgspec.structs.replace(document.project, graph=graph, palette=palette)
    document.edit(tr("Rename the block {old} to {new}", old=old, new=new), made)
    return library.hidden_by(graph, new)


class UseCard(QWidget):
    """The block of the selected use: its name, edited for all uses, and the buttons."""

    wanted = Signal(str)
    """What a button asks for: "enter" or "own"."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.setAccessibleName(tr("Block"))
        self._scope = scope
        self._node_id = ""
        self._said_of = ("", "")
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name of the block"))
        self.name.setToolTip(
            tr("The name of the block, everywhere it is used; it is the name of its class in the source.")
        )
        self.fault = fault_label(tr("Name of the block, fault"))
        self.enter = QPushButton(tr("Enter"))
        self.enter.setAccessibleName(tr("Enter the block"))
        self.enter.setToolTip(tr("Show what is inside (Ctrl+Return, or a double click on the node)"))
        self.enter.clicked.connect(lambda: self.wanted.emit("enter"))
        self.own = QPushButton(tr("Own copy"))
        self.own.setAccessibleName(tr("Make it a block of its own"))
        self.own.setToolTip(tr("Give this node a copy of the block, so that edits no longer change the other uses"))
        self.own.clicked.connect(lambda: self.wanted.emit("own"))
        self.count = QLabel()
        self.count.setProperty("role", "dim")
        self.count.setAccessibleName(tr("How often the block is used"))
        self._arrange()
        self.name.editingFinished.connect(self._rename)
        self.hide()

    def _arrange(self) -> None:
        label = QLabel(tr("Block"))
        label.setFixedWidth(LABEL_WIDTH)
        label.setAccessibleName(tr("Block"))
        label.setProperty("isChanged", False)
        label.setBuddy(self.name)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(2, RESET_WIDTH)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.enter)
        buttons.addWidget(self.own)
        buttons.addStretch(1)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.name, 0, 1)
        grid.addWidget(self.fault, 1, 0, 1, 3)
        grid.addWidget(self.count, 2, 0)
        grid.addLayout(buttons, 2, 1, 1, 2)

    def show_node(self, node_id: str) -> None:
        """Show the block of a node; nothing for a node that uses none."""
        graph = self._scope.project.graph
        self._node_id = node_id if node_id in graph.nodes and graph.nodes[node_id].layer in graph.blocks else ""
        self.setVisible(bool(self._node_id))
        if not self._node_id:
            return
        block = graph.nodes[self._node_id].layer
        if (self._node_id, block) != self._said_of:  # what was said of a name stays until there is another
            self._said_of = (self._node_id, block)
            self.fault.hide()
        if not self.name.hasFocus() or self.name.text() != block:
            self.name.setText(block)
        count = uses_of(self._scope, block)
        self.count.setText(tr("used {count} times", count=count) if count != 1 else tr("used once"))
        self.own.setVisible(count > 1)

    def ask_for_name(self) -> None:
        """Put the cursor into the name of the block, all of it chosen."""
        self.name.setFocus()
        self.name.selectAll()

    def _rename(self) -> None:
        graph = self._scope.project.graph
        if self._node_id in graph.nodes:
            rename_block(self._scope, graph.nodes[self._node_id].layer, self.name.text(), self.fault, self._node_id)
