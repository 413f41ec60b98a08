"""How the weights of the selected nodes and blocks begin: a section of the inspector, where there are weights."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from core.layers import CATALOGUE
from core.weights import BlockWeights, Weights, declared_for, with_weights
from designer.form import Form
from designer.scope import Scope
from designer.theme import Theme
from designer.words import tr

WITH_WEIGHTS = ("linear", "convolution", "recurrent")
"""Families whose layers have weights, whatever reaches them."""


class WeightsForm(QWidget):
    """Initialisation, file and freezing of one node or several; every committed change is one edit."""

    def __init__(self, document: Scope) -> None:
        super().__init__()
        self.setAccessibleName(tr("Weights"))
        self._document = document
        self._ids: tuple[str, ...] = ()
        self.title = QLabel(tr("WEIGHTS"))
        self.title.setProperty("role", "section")
        self.title.setAccessibleName(tr("Weights"))
        self.form = Form()
        self.form.setAccessibleName(tr("Weights"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.form)
        self.setFocusProxy(self.form)
        self.form.changed.connect(lambda name, value: self._edit(tr("Set"), name, value))
        self.form.reset.connect(lambda name: self._edit(tr("Reset"), name, None))
        self.hide()

    def show_nodes(self, ids: tuple[str, ...]) -> None:
        """Show the weights of the selection, or nothing where one of it has none."""
        nodes = self._document.project.graph.nodes
        self._ids = tuple(each for each in ids if each in nodes)
        shown = bool(self._ids) and all(map(self._has_weights, self._ids))
        if shown:
            blocks = self._document.project.graph.blocks
            kinds = {declared_for(nodes[each], blocks) for each in self._ids}
            kind = next(iter(kinds)) if len(kinds) == 1 else BlockWeights if BlockWeights in kinds else Weights
            self.form.show_values(kind, [nodes[each].weights for each in self._ids])
        self.setVisible(shown)

    def set_theme(self, theme: Theme) -> None:
        """Tint the small icons."""
        self.form.set_theme(theme)

    def _has_weights(self, node_id: str) -> bool:
        """Whether check has found weights, or is likely to once shapes are known, or there is a setting of them."""
        report, node = self._document.report, self._document.project.graph.nodes[node_id]
        found = report.nodes.get(node_id) if report else None
        declared = CATALOGUE.get(node.layer)
        likely = declared is not None and declared.family in WITH_WEIGHTS and not (found and found.outputs)
        return bool(found and found.parameters) or bool(node.weights) or likely

    def _edit(self, what: str, name: str, value: Any) -> None:
        project = self._document.project
        graph = project.graph
        for each in self._ids:
            graph = with_weights(graph, each, name, value)
        whose = self._ids[0] if len(self._ids) == 1 else tr("{count} nodes", count=len(self._ids))
        self._document.edit(
            tr("{what} {name} of {whose}", what=what, name=name, whose=whose),
            msgspec.structs.replace(project, graph=graph),
        )
