"""The status bar: problems, size and cost of the network, what a run costs where that was measured, seed, zoom."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QStatusBar

from core.costs import estimate_text, training_memory
from core.events import Ended
from core.messages import Checked, Estimated
from core.project import Project, training_of
from designer.icons import icon
from designer.numbers import counted, duration, memory, short
from designer.problems import tone
from designer.theme import DARK, Theme
from designer.words import tr


class Status(QStatusBar):
    """Numbers that change in place; the problems are a button that opens their list."""

    problems_clicked = Signal()
    seed_clicked = Signal()
    zoom_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Status"))
        self.setSizeGripEnabled(False)
        self._theme: Theme = DARK
        self._severity = "note"
        self._measured: tuple[float, int] | None = None
        self._estimated: Estimated | None = None
        self.problems = self._button(tr("checking…"), tr("Open the list of problems"))
        self.parameters = self._label(tr("Parameters"), tr("How many numbers the network learns."))
        self.macs = self._label(tr("Work per sample"), tr("Multiply-accumulates for one sample, forward."))
        self.nodes = self._label(tr("Nodes"), tr("How many nodes are drawn."))
        self.estimate = self._label(
            tr("Estimate"),
            tr(
                "Time and peak memory of a run, as estimated; before that the memory of one training step and the "
                "time for a run as the last one was measured."
            ),
        )
        self.seed = self._button(tr("seed 0"), tr("Where chance begins; click to change it"))
        self.zoom = self._button("100 %", tr("How large the drawing is shown; click for 100 %"))
        self.addWidget(self.problems)
        for label in (self.parameters, self.macs, self.nodes, self.estimate):
            self.addWidget(label)
        self.addPermanentWidget(self.seed)
        self.addPermanentWidget(self.zoom)
        self.problems.clicked.connect(self.problems_clicked)
        self.seed.clicked.connect(self.seed_clicked)
        self.zoom.clicked.connect(self.zoom_clicked)

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("role", "status")
        button.setToolTip(tip)
        button.setWhatsThis(tip)
        button.setAccessibleName(text)
        return button

    def _label(self, name: str, tip: str) -> QLabel:
        label = QLabel()
        label.setAccessibleName(name)
        label.setToolTip(tip)
        label.setWhatsThis(tip)
        return label

    def show_project(self, project: Project) -> None:
        """Show what is known without a check."""
        self.nodes.setText(counted(len(project.graph.nodes), "node"))
        self._say(self.seed, tr("seed {seed}", seed=project.seed))

    def show_report(self, project: Project, report: Checked | None) -> None:
        """Show what check found out."""
        if report is None:
            self._mark("note", tr("checking…"))
            return
        errors = sum(each.severity == "error" for each in report.problems)
        advice = sum(each.severity == "warning" for each in report.problems)
        if not project.graph.nodes:
            self._mark("note", tr("nothing drawn yet"))
        elif errors:
            self._mark("error", counted(errors, "problem"))
        elif advice:
            self._mark("warning", tr("{advice} piece{value} of advice", advice=advice, value="s" * (advice != 1)))
        else:
            self._mark("good", tr("no problems"))
        self.parameters.setText(counted(report.parameters, "parameter"))
        self.macs.setText(short(report.macs, tr("MAC")) if report.macs else "")
        self._show_estimate(project, report)

    def show_zoom(self, zoom: float) -> None:
        """Show how large the drawing is."""
        self._say(self.zoom, f"{round(zoom * 100)} %")

    def measure(self, ended: Ended) -> None:
        """Keep how long an epoch took in the last run."""
        if ended.how != "failed" and ended.epochs:
            self._measured = (ended.seconds / ended.epochs, ended.epochs)

    def take_estimate(self, estimated: Estimated | None) -> None:
        """Show what a run will take; None where that is not known."""
        self._estimated = estimated
        if estimated:
            self.estimate.setText(estimate_text(estimated))

    def set_theme(self, theme: Theme) -> None:
        """Tint the mark."""
        self._theme = theme
        self._mark(self._severity, self.problems.text())

    def _show_estimate(self, project: Project, report: Checked) -> None:
        said = training_of(project)
        if self._estimated:
            self.estimate.setText(estimate_text(self._estimated))
            return
        parts = [memory(training_memory(project, report).total)] if report.activation_bytes else []
        if self._measured:
            parts.append(
                tr(
                    "{duration} for {counted}",
                    duration=duration(self._measured[0] * said.epochs),
                    counted=counted(said.epochs, "epoch"),
                )
            )
        self.estimate.setText(" · ".join(parts))

    def _mark(self, severity: str, text: str) -> None:
        self._severity = severity
        self._say(self.problems, text)
        self.problems.setProperty("tone", severity)
        self.problems.setIcon(icon(severity, tone(severity, self._theme)))
        self.problems.style().unpolish(self.problems)
        self.problems.style().polish(self.problems)

    def _say(self, button: QPushButton, text: str) -> None:
        button.setText(text)
        button.setAccessibleName(text)
