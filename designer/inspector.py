"""The right side: the form of what is selected, what flows through it, what it does, and what is wrong with it."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from core import graph as graphs
from core.block_edits import promoted
from core.graph import Graph
from core.layers import Layer, declaration_of
from core.messages import Checked, NodeReport
from core.parameters import parameter_of, parameters
from core.project import Project, training_of
from core.specs import flow_text, sample_text
from designer.block_page import BlockPage
from designer.card import Card
from designer.code_editor import CodeEditor, CodeWindow
from designer.costs import CostsCard, node_memory
from designer.document import Document
from designer.form import CONTENT, Form
from designer.form_sizes import LABEL_WIDTH, RESET_WIDTH
from designer.note_row import NoteRow
from designer.numbers import counted, grouped, short
from designer.ports_form import PortOfBlock, shown_declaration
from designer.problems import ORDER
from designer.scope import Scope, scope_of
from designer.settings_form import TrainingForm
from designer.share_row import ShareRow
from designer.theme import DARK, Theme
from designer.trust import TrustCard, Trusted, add_trust
from designer.use_card import UseCard
from designer.weights_form import WeightsForm
from designer.words import tr

LONGEST = 16
"""Characters of a name in the title; the field below shows all of it."""

MOST_PROBLEMS = 6


class Inspector(QWidget):
    """Follows the selection: one node, several of a kind, several of many kinds, the project, or the shown block."""

    help_wanted = Signal(str, str)
    repair_wanted = Signal(object)
    block_wanted = Signal(str)
    """What is asked of the selected use, or of the shown block: "enter", "own" or "keep"."""

    def __init__(self, document: Document | Scope, trusted: Trusted) -> None:
        super().__init__()
        self.setAccessibleName(tr("Properties"))
        self._document = scope = scope_of(document, self)
        self._trusted = trusted
        self._ids: tuple[str, ...] = ()
        self._theme: Theme = DARK
        self.title = QLabel()
        self.title.setProperty("role", "section")
        self.title.setAccessibleName(tr("What is selected"))
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # a long name stays inside
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name"))
        self.name.setToolTip(tr("The name of this node, on the canvas and in the source."))
        self.name_fault = QLabel()
        self.name_fault.setProperty("role", "fault")
        self.name_fault.setWordWrap(True)
        self.name_fault.setAccessibleName(tr("Name, fault"))
        self.trust = TrustCard()
        self.form = Form(resets_all=True)
        self.use = UseCard(scope)
        self.share = ShareRow(scope)
        self.note = NoteRow(scope)
        self.block = BlockPage(scope)
        self.weights = WeightsForm(scope)
        self.training = TrainingForm(scope.document)
        self.costs = CostsCard(scope.document)
        self.flow = Card(tr("What flows through"))
        self.about = Card(tr("What it does"))
        self._problems: list[Card] = []
        self._arrange()
        self.name.editingFinished.connect(self._rename)
        self.form.changed.connect(self._set)
        self.form.reset.connect(self._reset)
        self.form.reset_all.connect(self._reset_all)
        self.form.window_wanted.connect(self._open_code)
        self.trust.wanted.connect(lambda: trusted.trust(map(scope.key, self._ids)))
        trusted.changed.connect(self._show_trust)
        self.about.link_clicked.connect(lambda name: self.help_wanted.emit(name, self._ids[0]))
        self.use.wanted.connect(self.block_wanted)
        self.block.keep_wanted.connect(lambda: self.block_wanted.emit("keep"))
        self.form.promoted.connect(self._promote)
        scope.leaving.connect(self._close_windows)
        scope.changed.connect(self._follow_edit)
        scope.checked.connect(lambda _: self._show_report())
        self.show_nodes(())

    def _arrange(self) -> None:
        self._name_row = QWidget()
        self._name_row.setAccessibleName(tr("Name"))
        row = QGridLayout(self._name_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setHorizontalSpacing(6)
        row.setColumnStretch(1, 1)
        row.setColumnMinimumWidth(2, RESET_WIDTH)
        label = QLabel(tr("Name"))
        label.setFixedWidth(LABEL_WIDTH)
        label.setProperty("isChanged", False)
        label.setAccessibleName(tr("Name"))
        label.setBuddy(self.name)
        row.addWidget(label, 0, 0)
        row.addWidget(self.name, 0, 1)
        row.addWidget(self.name_fault, 1, 0, 1, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 12)
        column.setSpacing(8)
        parts = (self._name_row, self.use, self.trust, self.form, self.share, self.weights, self.note, self.block)
        parts += (self.training, self.costs, self.flow, self.about)
        for each in (self.title, *parts):
            column.addWidget(each)
        self._problem_column = QVBoxLayout()
        self._problem_column.setSpacing(8)
        column.addLayout(self._problem_column)
        column.addStretch(1)

    def show_nodes(self, ids: tuple[str, ...]) -> None:
        """Show the selection."""
        nodes = self._document.project.graph.nodes
        now = tuple(each for each in ids if each in nodes)
        if now != self._ids:
            self.leave()
            nodes = self._document.project.graph.nodes
        self._ids = now
        self.note.show_nodes(now)
        blocks = self._document.project.graph.blocks
        kinds = {nodes[each].layer for each in self._ids}
        declared = {declaration_of(nodes[each], blocks) for each in self._ids}
        same = len(declared) == 1 and None not in declared
        one = len(self._ids) == 1
        within = self._document.block
        self._name_row.setVisible(one)
        self.use.show_node(self._ids[0] if one else "")
        self.form.setVisible(same)
        self.block.setVisible(bool(within) and not self._ids)
        self.training.setVisible(not within and not self._ids)
        self.costs.setVisible(not within and not self._ids)
        if within and not self._ids:
            self.block.refresh()
        self.about.setVisible(same)
        self.title.setText(self._title(kinds))
        self.name_fault.hide()
        if one:
            self.name.setText(self._ids[0])
            self.name.setCursorPosition(0)  # of a long one the beginning is seen
        if same:
            self._show_values()
            kind = shown_declaration(self._kind(), bool(within))
            about = " ".join((kind.__doc__ or "").split())
            self.about.show_text(about, link=tr("More…"), target=next(iter(kinds)))
        self._show_trust()
        self._show_report()

    def leave(self) -> None:
        """Take over code that is being written, before something else is shown or done with the project."""
        nodes = self._document.project.graph.nodes
        if self._ids and all(each in nodes for each in self._ids):
            for each in self._code_editors():
                each.commit()
            self.note.commit()
        for window in self.findChildren(CodeWindow):
            window.commit()

    def _close_windows(self) -> None:
        """Another drawing will be shown: windows of this one's code have no node there."""
        self.leave()
        for window in self.findChildren(CodeWindow):
            window.close()

    def set_theme(self, theme: Theme) -> None:
        """Tint the small icons."""
        self._theme = theme
        self.form.set_theme(theme)
        for window in self.findChildren(CodeWindow):
            window.set_theme(theme)
        self.weights.set_theme(theme)
        self.training.set_theme(theme)
        self.block.set_theme(theme)

    def focus_first(self) -> None:
        """Put the cursor into the first setting of what is selected, or into its name."""
        first = next(iter(self.form.rows.values()), None)
        (first.editor if first is not None and self.form.isVisible() else self.name).setFocus()

    def focus_block_name(self) -> None:
        """Put the cursor into the name of the block that the selected node uses."""
        self.use.ask_for_name()

    def focus_name(self) -> None:
        """Put the cursor into the name."""
        self.name.setFocus()
        self.name.selectAll()

    def _title(self, kinds: set[str]) -> str:
        if not self._ids:
            within = self._document.block
            return tr("THE BLOCK — {within}", within=_short(within)).upper() if within else tr("THE PROJECT — TRAINING")
        if len(self._ids) == 1:
            return f"{_short(self._ids[0])} — {_short(next(iter(kinds)))}".upper()
        what = next(iter(kinds)) if len(kinds) == 1 else "nodes"
        return (
            tr("{count} × {what} selected", count=len(self._ids), what=what).upper()
            if what != "nodes"
            else tr("{count} nodes selected", count=len(self._ids)).upper()
        )

    def _show_values(self) -> None:
        nodes = self._document.project.graph.nodes
        report = self._document.report
        fields = report.data.fields if report else ()
        kind = declaration_of(nodes[self._ids[0]], self._document.project.graph.blocks)
        assert kind is not None
        kind = shown_declaration(kind, bool(self._document.block))
        terms = self._document.terms() if kind is not PortOfBlock else None
        self.form.show_values(kind, [nodes[each].values for each in self._ids], fields, terms)

    def _follow_edit(self, before: Project, after: Project) -> None:
        old, new = before.graph.nodes, after.graph.nodes
        other_blocks = before.graph.blocks is not after.graph.blocks
        if other_blocks or not self._ids or any(old.get(each) is not new.get(each) for each in self._ids):
            self.show_nodes(self._ids)

    # ---- edits

    def _code_editors(self) -> list[CodeEditor]:
        return [row.editor for row in self.form.rows.values() if isinstance(row.editor, CodeEditor)]

    def _open_code(self, name: str) -> None:
        """Open the code of the selected node in a window of its own, or bring that window to the front."""
        if len(self._ids) != 1:
            return
        self.leave()
        opened = (each for each in self.findChildren(CodeWindow) if each.shows(self._ids[0], name))
        window = next(opened, None) or CodeWindow(self._document, self._ids[0], name, self._write_code, self)
        window.set_theme(self._theme)
        window.show()
        window.raise_()
        window.activateWindow()

    def _write_code(self, node_id: str, name: str, text: str) -> None:
        self._trust_written((node_id,), name, text)
        self._edit(tr("Set {name} of", name=name), name, _setting(name, text), (node_id,))

    def _trust_written(self, ids: tuple[str, ...], name: str, text: Any) -> None:
        nodes = self._document.project.graph.nodes
        declared = [
            parameter_of(declaration_of(nodes[each], self._document.project.graph.blocks) or Layer, name)
            for each in ids
        ]
        if declared and all(each is not None and each.kind == "code" for each in declared):
            self._trusted.wrote([nodes[each].values.get(name) for each in ids], text)

    def _set(self, name: str, value: Any) -> None:
        self._trust_written(self._ids, name, value)
        self._edit(tr("Set {name} of", name=name), name, _setting(name, value), self._ids)

    def _promote(self, name: str) -> None:
        """Make a setting of the selected node a parameter of the block that it stands in."""
        within, project = self._document.block, self._document.document.project
        declared = self.form.rows[name].declared
        if within and len(self._ids) == 1 and within in project.graph.blocks:
            node = project.graph.blocks[within].nodes[self._ids[0]]
            value = node.values.get(name, declared.default)
            graph, made = promoted(project.graph, within, self._ids[0], declared, value)
            text = tr("Make {name} of {value} the parameter {made}", name=name, value=self._ids[0], made=made)
            self._document.document.edit(text, msgspec.structs.replace(project, graph=graph))

    def _reset(self, name: str) -> None:
        self._edit(tr("Reset {name} of", name=name), name, _resetting(name), self._ids)

    def _reset_all(self) -> None:
        """Give the selected nodes the values of a fresh one, as one edit; what nothing declares stays."""
        graph: Graph = self._document.project.graph
        for each in self._ids:
            declared = declaration_of(graph.nodes[each], graph.blocks)
            for setting in parameters(declared) if declared else ():
                if setting.kind in CONTENT:
                    continue
                fresh = setting.dropped != setting.default
                graph = graphs.with_value(graph, each, setting.name, setting.dropped, setting.default, reset=not fresh)
        what = self._ids[0] if len(self._ids) == 1 else tr("{count} nodes", count=len(self._ids))
        self._document.edit(tr("Reset {what}", what=what), msgspec.structs.replace(self._document.project, graph=graph))

    def _edit(self, text: str, name: str, change: Any, ids: tuple[str, ...]) -> None:
        project = self._document.project
        graph: Graph = project.graph
        for each in ids:
            declared = parameter_of(declaration_of(graph.nodes[each], graph.blocks) or Layer, name)
            graph = change(graph, each, declared.default if declared else None)
        what = ids[0] if len(ids) == 1 else tr("{count} nodes", count=len(ids))
        self._document.edit(f"{text} {what}", msgspec.structs.replace(project, graph=graph))

    def _rename(self) -> None:
        if len(self._ids) != 1:
            return
        old, new = self._ids[0], self.name.text().strip()
        self.name_fault.hide()
        if new == old:
            return
        project = self._document.project
        try:
            graph = graphs.renamed(project.graph, old, new)
        except ValueError as error:
            self.name_fault.setText(str(error))
            self.name_fault.show()
            return
        self._ids = (new,)
        self._document.edit(
            tr("Rename {old} to {new}", old=old, new=new), msgspec.structs.replace(project, graph=graph)
        )
        self.show_nodes((new,))

    # ---- what check found out

    def _show_trust(self) -> None:
        waiting = [each for each in self._ids if self._waits(each)]
        self.trust.show_nodes(self._document.project.graph, self._ids, waiting)
        self._show_problems()

    def _waits(self, node_id: str) -> bool:
        """Whether the code of a node is not trusted yet."""
        return self._document.key(node_id) in self._trusted.waiting

    def _show_report(self) -> None:
        report = self._document.report
        known = [report.nodes[each] for each in self._ids if report and each in report.nodes]
        if len(self._ids) == 1 and report:
            self.flow.show_html(self._flow_of(report, self._ids[0]))
            self.flow.setToolTip(_leaving(report.nodes.get(self._ids[0])))
        elif self._ids:
            self.flow.show_html(_totals(known) + self._memory(report) if report else _totals(known))
            self.flow.setToolTip("")
        self.flow.setVisible(bool(self._ids))
        if self._ids and self.form.isVisibleTo(self):
            self._show_values()
        self.weights.show_nodes(self._ids)
        self.share.show_node(self._ids[0] if len(self._ids) == 1 else "", any(each.parameters for each in known))
        nodes = self._document.project.graph.nodes
        if any(nodes[each].shares for each in self._ids):
            self.weights.hide()  # they are those of the node that they are shared with
        self._show_problems()

    def _kind(self) -> type[Layer]:
        graph = self._document.project.graph
        return declaration_of(graph.nodes[self._ids[0]], graph.blocks) or Layer

    def _flow_of(self, report: Checked, node_id: str) -> str:
        found = report.nodes.get(node_id)
        arriving = [
            sample_text(spec.shape)
            for link in graphs.incoming(self._document.project.graph, node_id).values()
            if (source := report.nodes.get(link.source)) and (spec := source.outputs.get(link.output))
        ]
        leaving = [sample_text(spec.shape) for spec in found.outputs.values()] if found else []
        if not leaving:
            return (
                tr("What comes out is not known yet.")
                if not arriving
                else tr("<b>In</b> {join} → not known yet", join=", ".join(arriving))
            )
        first = tr("<b>In</b> {join} → ", join=", ".join(arriving)) if arriving else ""
        return (
            tr(
                "{first}<b>Out</b> {join}<br>{costs}{memory}",
                first=first,
                join=", ".join(leaving),
                costs=_costs(found),
                memory=self._memory(report),
            )
            if found
            else first
        )

    def _memory(self, report: Checked) -> str:
        """What training keeps of the selected nodes' values, on a line of its own."""
        if self._document.block:
            return ""
        held = node_memory(report, self._ids, training_of(self._document.project).batch_size)
        return f"<br>{held}" if held else ""

    def _show_problems(self) -> None:
        for card in self._problems:
            self._problem_column.removeWidget(card)
            card.hide()
            card.deleteLater()
        report = self._document.report
        ids = set(self._ids)
        mine = sorted(
            (each for each in report.problems if each.node in ids) if report else (),
            key=lambda each: ORDER[each.severity],
        )
        self._problems = [
            Card(tr("Problem {place}", place=place), problem.severity)
            for place, problem in enumerate(mine[:MOST_PROBLEMS], 1)
        ]
        for card, problem in zip(self._problems, mine, strict=False):
            card.show_text(problem.message)
            if problem.repair:
                repair = problem.repair
                card.show_button(repair.text, lambda _=False, repair=repair: self.repair_wanted.emit(repair))
            elif self._waits(problem.node) and problem.severity == "error" and not problem.port:
                add_trust(card, lambda node=problem.node: self._trusted.trust((self._document.key(node),)))
            if problem.why:
                card.show_why(problem.why)
            self._problem_column.addWidget(card)
        if len(mine) > MOST_PROBLEMS:
            more = Card(tr("More problems"), "note")
            left = counted(len(mine) - MOST_PROBLEMS, "more problem")
            more.show_text(tr("{counted} in the list of problems.", counted=left))
            self._problems.append(more)
            self._problem_column.addWidget(more)


def _leaving(found: NodeReport | None) -> str:
    """What comes out at each port, with what the axes count."""
    return "\n".join(f"{port}: {flow_text(spec)}" for port, spec in found.outputs.items()) if found else ""


def _setting(name: str, value: Any) -> Any:
    return lambda graph, each, default: graphs.with_value(graph, each, name, value, default)


def _resetting(name: str) -> Any:
    return lambda graph, each, _: graphs.with_value(graph, each, name, None, reset=True)


def _costs(found: NodeReport) -> str:
    parts = [counted(found.parameters, "parameter") if found.parameters else tr("no parameters")]
    if found.macs:
        parts.append(short(found.macs, "MAC"))
    return " · ".join(parts)


def _totals(known: list[NodeReport]) -> str:
    if not known:
        return tr("What flows through is not known yet.")
    parameters, macs = sum(each.parameters for each in known), sum(each.macs for each in known)
    return tr("{grouped} parameters · {short}", grouped=grouped(parameters), short=short(macs, "MAC"))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
