"""Whose weights a node uses: its own, or those of another node of the same layer."""

from __future__ import annotations

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from core.block_edits import is_owner, may_own, sharing
from core.parameters import Parameter
from designer.editors import ChoiceEditor
from designer.form_sizes import LABEL_WIDTH, RESET_WIDTH
from designer.scope import Scope
from designer.words import tr

OWN = tr("its own")


class ShareRow(QWidget):
    """One line of the form, there only where another node could share."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.setAccessibleName(tr("Shared weights"))
        self._scope = scope
        self._node_id = ""
        self._editor: ChoiceEditor | None = None
        label = QLabel(tr("weights of"))
        label.setFixedWidth(LABEL_WIDTH)
        label.setAccessibleName(tr("weights of, name"))
        label.setProperty("isChanged", False)
        label.setToolTip(tr("Use the weights of another node: both are then one module, learned once."))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, RESET_WIDTH + 6, 0)
        self._row.setSpacing(6)
        self._row.addWidget(label)
        self.hide()

    def show_node(self, node_id: str, has_weights: bool) -> None:
        """Show whose weights a node uses; nothing where there is no choice."""
        graph = self._scope.project.graph
        node = graph.nodes.get(node_id)
        owners = may_own(graph, node_id) if node is not None and (has_weights or node.shares) else []
        shares = node.shares if node is not None else ""
        self.setVisible(bool(owners or shares) and not is_owner(graph, node_id))
        self._node_id = node_id
        if self.isHidden():
            return
        if self._editor is not None:
            self._row.removeWidget(self._editor)
            self._editor.hide()
            self._editor.deleteLater()
        declared = Parameter(
            tr("weights of"), "choice", "", "", tr("Whose weights this node uses."), choices=("", *owners)
        )
        self._editor = ChoiceEditor(declared, [(OWN, ""), *((owner, owner) for owner in owners)])
        self._editor.show_value(shares, False)
        self._editor.committed.connect(self._share)
        self._row.addWidget(self._editor, 1)

    def _share(self, owner: object) -> None:
        project = self._scope.project
        if self._node_id in project.graph.nodes:
            text = (
                tr("Let {node_id} use the weights of {owner}", node_id=self._node_id, owner=owner)
                if owner
                else tr("Give {node_id} its own weights", node_id=self._node_id)
            )
            graph = sharing(project.graph, self._node_id, str(owner))
            self._scope.edit(text, msgspec.structs.replace(project, graph=graph))
