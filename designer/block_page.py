"""The page of the block that is shown: its name and help, its parameters, and what goes in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from core.block_edits import (
    fresh_parameter,
    with_parameter,
    with_parameter_changed,
    with_parameter_moved,
    with_parameter_renamed,
    without_parameter,
)
from core.blocks import BlockFault, with_block
from core.graph import BlockParameter, Graph, Node, natural
from designer.breadcrumb import uses_of
from designer.icons import icon
from designer.parameter_row import ParameterRow
from designer.scope import Scope
from designer.theme import DARK, Theme
from designer.use_card import fault_label, rename_block
from designer.words import tr


class BlockPage(QWidget):
    """Stands in the form while nothing is selected inside a block; every committed change is one edit."""

    node_wanted = Signal(str)
    keep_wanted = Signal()

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.setAccessibleName(tr("Block"))
        self._scope = scope
        self._theme: Theme = DARK
        self.rows: list[ParameterRow] = []
        self._shown_ends: list[tuple[str, str, str]] | None = None
        self.name = _line(
            tr("Name of the block"), tr("Its name, everywhere it is used, and the name of its class in the source")
        )
        self.name_fault = fault_label(tr("Name of the block, fault"))
        self.about = _line(tr("What the block does"), tr("One sentence, which palette, help and source show"))
        self.about.setPlaceholderText(tr("What it does, in one sentence"))
        self.count = _dim(tr("How often the block is used"))
        self.add = QPushButton(tr("Add a parameter"))
        self.add.setAccessibleName(tr("Add a parameter"))
        self.add.setToolTip(
            tr("A setting that each use may give a value of its own; nodes inside refer to it by its name")
        )
        self.keep = QPushButton(tr("Save in the library"))
        self.keep.setAccessibleName(tr("Save the block in the library"))
        self.keep.setToolTip(tr("Keep this block, and what it uses, for every project"))
        self._parameters = QVBoxLayout()
        self._ends = QVBoxLayout()
        self._arrange()
        self.name.editingFinished.connect(lambda: rename_block(scope, scope.block, self.name.text(), self.name_fault))
        self.about.editingFinished.connect(self._set_help)
        self.add.clicked.connect(self._add)
        self.keep.clicked.connect(self.keep_wanted)
        self.hide()

    def _arrange(self) -> None:
        self._parameters.setSpacing(6)
        self._ends.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for each in (self.name, self.name_fault, self.about, self.count, _section(tr("PARAMETERS"))):
            column.addWidget(each)
        column.addLayout(self._parameters)
        column.addWidget(self.add)
        column.addWidget(_section(tr("WHAT GOES IN AND OUT")))
        column.addLayout(self._ends)
        line = QHBoxLayout()
        line.addWidget(self.keep)
        line.addStretch(1)
        column.addSpacing(8)
        column.addLayout(line)

    def set_theme(self, theme: Theme) -> None:
        """Tint the small icons."""
        self._theme = theme
        for row in self.rows:
            row.set_theme(theme)

    def refresh(self) -> None:
        """Show the block as it is now; rows of parameters that stay keep the cursor."""
        name = self._scope.block
        block = self._scope.document.project.graph.blocks.get(name)
        if block is None:
            return
        _show(self.name, name)
        _show(self.about, block.help)
        count = uses_of(self._scope)
        self.count.setText(
            tr("Used {count} times: an edit here changes all of them.", count=count) if count != 1 else tr("Used once.")
        )
        while len(self.rows) > len(block.parameters):
            row = self.rows.pop()
            self._parameters.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, parameter in enumerate(block.parameters):
            if place == len(self.rows):
                self.rows.append(self._row())
            self.rows[place].show_parameter(parameter)
            self.rows[place].offer_moves(place > 0, place + 1 < len(block.parameters))
        self._show_ends(block.nodes)

    def _row(self) -> ParameterRow:
        row = ParameterRow()
        row.set_theme(self._theme)
        row.renamed.connect(lambda old, new: self._rename(row, old, new))
        row.changed.connect(self._change)
        row.removed.connect(self._remove)
        row.moved.connect(lambda by: self._move(row, by))
        self._parameters.addWidget(row)
        return row

    def _show_ends(self, nodes: Mapping[str, Node]) -> None:
        wanted: list[tuple[str, str, str]] = []
        for layer, word in (("Input", tr("in")), ("Output", tr("out"))):
            ids = sorted((each for each in nodes if nodes[each].layer == layer), key=natural)
            wanted += [(node_id, word, str(nodes[node_id].values.get("axes", ""))) for node_id in ids]
        if wanted == self._shown_ends:
            return
        self._shown_ends = wanted
        while (item := self._ends.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for end in wanted:
            self._ends.addWidget(self._end(*end))
        if not wanted:
            self._ends.addWidget(
                _dim(tr("No ends"), tr("Nothing yet: add Input and Output nodes, they become its ports."))
            )

    def _end(self, node_id: str, word: str, axes: str) -> QPushButton:
        button = QPushButton(f"{word}   {node_id}" + (f"   ({axes})" if axes else ""))
        button.setProperty("role", "flat")
        button.setStyleSheet("text-align: left;")
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.setIconSize(QSize(14, 14))
        button.setIcon(icon("family-data" if word == tr("in") else "family-output", self._theme.dim))
        button.setAccessibleName(f"{word} {node_id}")
        button.setToolTip(tr("Shows the node: its name is the name of the port"))
        button.clicked.connect(lambda: self.node_wanted.emit(node_id))
        return button

    # ---- edits

    def _edit(self, text: str, graph: Graph) -> None:
        document = self._scope.document
        document.edit(text, msgspec.structs.replace(document.project, graph=graph))

    @property
    def _graph(self) -> Graph:
        return self._scope.document.project.graph

    def _set_help(self) -> None:
        name, words = self._scope.block, self.about.text().strip()
        block = self._graph.blocks.get(name)
        if block is not None and words != block.help:
            self._edit(
                tr("Say what {name} does", name=name),
                with_block(self._graph, name, msgspec.structs.replace(block, help=words)),
            )

    def _add(self) -> None:
        name = self._scope.block
        made = fresh_parameter(self._graph.blocks[name], "size")
        self._edit(
            tr("Add a parameter to {name}", name=name), with_parameter(self._graph, name, BlockParameter(made, low=1))
        )
        self.rows[-1].name.setFocus()
        self.rows[-1].name.selectAll()

    def _rename(self, row: ParameterRow, old: str, new: str) -> None:
        try:
            graph = with_parameter_renamed(self._graph, self._scope.block, old, new)
        except BlockFault as fault:
            row.say(str(fault))
            return
        row.say("")
        self._edit(tr("Rename the parameter {old} to {new}", old=old, new=new), graph)

    def _change(self, name: str, changes: dict[str, Any]) -> None:
        block = self._scope.block
        said = tr("Change the parameter {name} of {block}", name=name, block=block)
        self._edit(said, with_parameter_changed(self._graph, block, name, **changes))

    def _move(self, row: ParameterRow, by: int) -> None:
        """Move a parameter, once what is being typed is committed; the cursor goes along."""
        holder = next((each for each in self.rows if each.focused is not None), None)
        focused = holder.focused if holder is not None else None
        if focused is not None:
            focused.clearFocus()
        block, place = self._scope.block, self.rows.index(row)
        name = self._graph.blocks[block].parameters[place].name
        graph = with_parameter_moved(self._graph, block, name, by)
        is_moved = graph is not self._graph
        if is_moved:
            self._edit(
                tr(
                    "Move the parameter {name} of {block} {value}",
                    name=name,
                    block=block,
                    value=tr("down") if by > 0 else tr("up"),
                ),
                graph,
            )
        if holder is not None and focused is not None:
            there = self.rows[place + by] if holder is row and is_moved else holder
            wanted = there.parts[holder.parts.index(focused)]
            (wanted if wanted.isEnabled() else there.down if wanted is there.up else there.up).setFocus()

    def _remove(self, name: str) -> None:
        block = self._scope.block
        self._edit(
            tr("Remove the parameter {name} of {block}", name=name, block=block),
            without_parameter(self._graph, block, name),
        )


def _show(line: QLineEdit, text: str) -> None:
    if line.text() != text:
        line.setText(text)
        line.setCursorPosition(0)


def _line(name: str, tip: str) -> QLineEdit:
    line = QLineEdit()
    line.setAccessibleName(name)
    line.setToolTip(tip)
    return line


def _dim(name: str, text: str = "") -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "dim")
    label.setWordWrap(True)
    label.setAccessibleName(name)
    return label


def _section(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "section")
    label.setAccessibleName(text.capitalize())
    return label
