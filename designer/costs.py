"""What the project costs: its size, the memory of a training step in its parts, and what a run will take."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal

from core.amounts import memory_text
from core.costs import Memory, estimate_text, kept_by, memory_warning, training_memory
from core.messages import Checked, Estimated
from core.project import Project, training_of
from designer.card import Card
from designer.document import Document
from designer.numbers import counted, grouped, short
from designer.words import tr

ESTIMATE = "estimate"
"""The link by which a person asks for an estimate that is not made by itself."""


class CostsCard(Card):
    """The costs of the whole project; `wanted` asks for an estimate of a run, and `asking` comes before."""

    wanted = Signal()
    asking = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__(tr("What it costs"))
        self._document = document
        self.estimated: Estimated | None = None
        self._is_asked = False
        self.link_clicked.connect(self._ask)
        document.changed.connect(self._follow)
        document.checked.connect(lambda _: self.refresh())
        self.refresh()

    def take(self, project: Project, estimated: Estimated | None) -> None:
        """Show what a run will take, if that is said of the project as it is now."""
        if self._is_same(project, self._document.project):
            self.estimated, self._is_asked = estimated, False
            self.refresh()

    def refresh(self) -> None:
        """Show what is known."""
        project, report = self._document.project, self._document.report
        if report is None or report.partial or not project.graph.nodes:
            self.show_text(tr("What it costs is not known yet."))
            return
        training = training_of(project)
        lines = [tr("<b>Network</b> {size} a sample", size=_size(report.parameters, report.macs))]
        lines += [tr("{grouped} of the parameters are frozen", grouped=grouped(report.frozen))] if report.frozen else []
        memory = training_memory(project, report)
        lines.append(
            tr(
                "<b>Memory of a step</b> at batch {batch_size}: {memory_text}",
                batch_size=training.batch_size,
                memory_text=memory_text(memory.total),
            )
        )
        lines.append(_parts(memory))
        if self.estimated:
            lines.append(tr("<b>A run</b> takes {estimate_text}", estimate_text=estimate_text(self.estimated)))
            warning = memory_warning(self.estimated, training)
            lines += [warning] if warning else []
        elif self._is_asked:
            lines.append(tr("<b>A run</b> is being estimated…"))
        elif not report.has_errors:
            lines.append(tr('<b>A run</b> <a href="{ESTIMATE}">Estimate its time and memory</a>', ESTIMATE=ESTIMATE))
        self.setProperty("tone", "warning" if self.estimated and memory_warning(self.estimated, training) else "")
        self.style().unpolish(self)
        self.style().polish(self)
        self.show_html("<br>".join(lines))

    def _ask(self, target: str) -> None:
        if target == ESTIMATE and not self._is_asked:
            self.asking.emit()
            self._is_asked = True
            self.refresh()
            self.wanted.emit()

    def _follow(self, before: Project, after: Project) -> None:
        if not self._is_same(before, after):
            self.estimated, self._is_asked = None, False
        self.refresh()

    @staticmethod
    def _is_same(before: Project, after: Project) -> bool:
        """Whether a run of both would take the same."""
        same = before.training == after.training and before.data == after.data
        return same and (before.graph is after.graph or before.graph == after.graph)


def _size(parameters: int, macs: int) -> str:
    return f"{counted(parameters, 'parameter')} · {short(macs, 'MAC')}"


def _parts(memory: Memory) -> str:
    """The parts of the memory, the largest first."""
    named = [
        (memory.weights, "weights"),
        (memory.gradients, "gradients"),
        (memory.optimizer, "optimizer"),
        (memory.activations, "activations"),
    ]
    return " + ".join(f"{memory_text(size)} {name}" for size, name in sorted(named, reverse=True) if size)


def node_memory(report: Checked, nodes: Iterable[str], batch_size: int) -> str:
    """What training keeps of these nodes' values, in words; "" where it keeps nothing."""
    size = sum(kept_by(report, node, batch_size) for node in nodes)
    return (
        tr("{memory_text} kept in training at batch {batch_size}", memory_text=memory_text(size), batch_size=batch_size)
        if size
        else ""
    )
