"""The dock in which a person tries the trained network on an input of their own."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.events import Epoch, Event, Predictions, Started
from core.graph import Graph, natural
from core.messages import Answer, DataReport, Describe, Described, Failure, Field, Request, Tried, Try
from core.project import Project, ProjectError, load
from designer.document import Document
from designer.plots.answer import AnswerView
from designer.plots.entry import Chosen, Drawn, Entry, entry_for, read_picture
from designer.plots.header import Header, small_button
from designer.plots.latest import Latest
from designer.plots.refresh import Refresh
from designer.theme import DARK, Theme
from designer.words import tr

if TYPE_CHECKING:
    from designer.engines import Engines

WEIGHTS = ("best.safetensors", "last.safetensors")
NO_RUN = tr("Train first: there is no trained network to ask yet.")
NO_WEIGHTS = tr("The first epoch is not over yet; the network answers as soon as it is.")
CHANGED = tr("The drawing has changed since this run; train again to try the new network.")
AGAIN_MILLISECONDS = 1000
"""How often the question is asked again while weights on disk change."""


class TryIt(QWidget):
    """Draw a digit, drop a picture or type a row, and see what the trained network says."""

    about = tr("Draw, drop or type an input that the network has never seen, and watch how sure it is of each answer.")

    def __init__(self, document: Document, engines: Engines, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Try it"))
        self.setAcceptDrops(True)
        self._document = document
        self.run = ""
        self._project = document.project
        self._fields: tuple[Field, ...] = ()
        self._samples: Predictions | None = None
        self._file = ""
        self._theme = DARK
        self.entries: list[Entry] = []
        self.questions = Latest(engines, self._answered, self)
        self._descriptions = Latest(engines, self._described, self)
        self._again = Refresh(self, self.ask, AGAIN_MILLISECONDS)
        self._make_header()
        self.answer = AnswerView()
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setAccessibleName(tr("Note"))
        self._inputs = QVBoxLayout()
        self._inputs.setSpacing(6)
        body = QHBoxLayout()
        body.setContentsMargins(12, 0, 12, 4)
        body.setSpacing(12)
        body.addLayout(self._inputs, 5)
        body.addWidget(self.answer, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 6)
        layout.setSpacing(2)
        layout.addWidget(self.header)
        layout.addLayout(body, 1)
        layout.addWidget(self.message)
        document.checked.connect(self._settle)
        document.changed.connect(self._note_change)
        self.set_theme(DARK)
        self._settle()

    def _make_header(self) -> None:
        self.header = Header(tr("Try it"), self.about)
        self.fit = QCheckBox(tr("fit"))
        self.fit.setChecked(True)
        self.fit.setAccessibleName(tr("Fit the drawing"))
        self.fit.setToolTip(
            tr("Moves and scales the drawing to fill as much of the picture as the data's own pictures do.")
        )
        self.fit.toggled.connect(self._set_fit)
        self.choose = QPushButton(tr("File…"))
        self.choose.setAccessibleName(tr("Choose a picture or a table"))
        self.choose.setToolTip(
            tr("Ask with a picture, or with the first row of a CSV or NPZ file; you can also drop it here.")
        )
        self.choose.clicked.connect(self._choose)
        self.wipe = QPushButton(tr("Clear"))
        self.wipe.setAccessibleName(tr("Clear the input"))
        self.wipe.clicked.connect(self.clear_input)
        for keep, widget in ((1, self.fit), (2, self.choose), (3, self.wipe)):
            self.header.add(widget, keep)

    # ---- which network, which fields

    def set_run(self, folder: str) -> None:
        """Ask this run's network from now on; "" for none."""
        self.run = folder
        self.questions.forget()
        self.answer.show_answer(None)
        self._project = self._document.project
        if folder:
            # a run that is only starting has not written its project yet; it is the open one then
            with contextlib.suppress(ProjectError):
                self._project = load(Path(folder) / "project.loom")
        self._settle()
        self.ask()

    def receive(self, event: Event) -> None:
        """Take in an event of a run: new weights, and samples that show how inputs look."""
        match event:
            case Started() if Path(event.run).is_dir():
                self._samples = None
                self.set_run(event.run)
            case Epoch():
                self._again.news()
            case Predictions():
                self._samples = event
                for entry in self.entries:
                    entry.learn(event)

    def clear(self) -> None:
        """Forget the run."""
        self._samples = None
        self.set_run("")

    def follow(self, node_ids: tuple[str, ...]) -> None:
        """The whole network is tried, whatever is selected."""

    @property
    def has_weights(self) -> bool:
        """Whether the run has weights on disk."""
        return any((Path(self.run) / name).is_file() for name in WEIGHTS) if self.run else False

    def _settle(self, *_: object) -> None:
        """Find the fields that the run's network takes, and show a way to give each."""
        report = self._document.report
        data = self._project.data
        if report is not None and report.partial and not report.data.fields:
            return  # the rest of the check is on its way
        if report is not None and data == self._document.project.data:
            self._set_data(report.data)
        elif self.run and data.source:
            self._descriptions.want(Describe(data))
        self._note_change()

    def _described(self, _: Request, answer: Answer) -> None:
        if isinstance(answer, Described):
            self._set_data(answer.report)

    def _set_data(self, data: DataReport) -> None:
        fields = taken_fields(self._project, data)
        if fields == self._fields:
            return
        self._fields = fields
        for entry in self.entries:
            self._inputs.removeWidget(entry)
            entry.deleteLater()
        self.entries = [entry_for(field) for field in fields]
        for entry in self.entries:
            entry.set_theme(self._theme)
            if isinstance(entry, Drawn):
                entry.fit = self.fit.isChecked()
            self._inputs.addWidget(entry, 1)
            if self._samples is not None:
                entry.learn(self._samples)
            entry.changed.connect(self._changed)
        pictures = [entry for entry in self.entries if isinstance(entry, Drawn)]
        self.header.want(self.fit, bool(pictures))
        self.header.want(self.wipe, bool(self.entries))
        self.header.want(self.choose, bool(self.entries))
        self.ask()

    # ---- asking

    def _changed(self) -> None:
        self._file = ""
        self.ask()

    def ask(self) -> None:
        """Ask with what is given now, or say what is missing."""
        missing = self._missing()
        if missing:
            self._say(missing)
            self.questions.forget()
            self.answer.show_answer(None)
            return
        values = {entry.field.name: entry.values() or [] for entry in self.entries}
        self.questions.want(Try(self._project, self.run, {} if self._file else values, self._file))
        self._note_change()

    def _missing(self) -> str:
        if not self.run:
            return NO_RUN
        if not self.has_weights:
            return NO_WEIGHTS
        if self._file:
            return ""
        faults = [entry.fault for entry in self.entries if entry.values() is None]
        return faults[0] if faults else ("" if self.entries else tr("The data of this run are not known yet."))

    def _answered(self, _: Request, answer: Answer) -> None:
        if isinstance(answer, Tried):
            self.answer.show_answer(answer)
            self._note_change()
        elif isinstance(answer, Failure):
            self.answer.show_answer(None)
            self._say(answer.message, is_fault=True)

    def _note_change(self, *_: object) -> None:
        if self._missing():
            self._say(self._missing())
        elif meaning(self._project.graph) != meaning(self._document.project.graph):
            self._say(CHANGED)
        else:
            self._say(tr("Asked with {name}.", name=Path(self._file).name) if self._file else "")

    def _say(self, text: str, is_fault: bool = False) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))
        colour = self._theme.bad if is_fault else self._theme.warn if text == CHANGED else self._theme.dim
        self.message.setStyleSheet(f"color: {colour}; padding: 0 12px; font-size: 12px;")

    # ---- files

    def _choose(self) -> None:
        kinds = tr("Pictures and tables (*.png *.jpg *.jpeg *.bmp *.gif *.csv *.npz)")
        path, _ = QFileDialog.getOpenFileName(self, tr("Try a file"), "", kinds)
        if path:
            self.take_file(path)

    @property
    def takes_pictures(self) -> bool:
        """Whether one of the inputs is a picture."""
        return any(isinstance(entry, Drawn | Chosen) for entry in self.entries)

    def take_file(self, path: str) -> None:
        """Ask with a picture or with the first row of a table."""
        taker = next((entry for entry in self.entries if isinstance(entry, Drawn | Chosen)), None)
        picture = read_picture(path) if taker else None
        if taker and picture is not None:
            taker.put(picture)
        elif Path(path).suffix.lower() in (".csv", ".npz", ".npy"):
            self._file = path
            self.ask()
        else:
            kinds = tr("a picture, a CSV or an NPZ file") if taker else tr("a CSV or an NPZ file")
            self._say(tr("{name} cannot be tried: expected {kinds}.", name=Path(path).name, kinds=kinds), is_fault=True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if self.entries and event.mimeData().hasUrls() and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask with the dropped file."""
        event.acceptProposedAction()
        self.take_file(event.mimeData().urls()[0].toLocalFile())

    def clear_input(self) -> None:
        """Begin with an empty input."""
        self._file = ""
        for entry in self.entries:
            entry.clear()
        self.ask()

    def _set_fit(self, fit: bool) -> None:
        for entry in self.entries:
            if isinstance(entry, Drawn):
                entry.set_fit(fit)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self.setStyleSheet(f"TryIt {{ background: {theme.panel}; }}")
        self.header.set_theme(theme)
        self.answer.set_theme(theme)
        for button in (self.choose, self.wipe):
            button.setStyleSheet(small_button(theme).replace("QToolButton", "QPushButton"))
        self.fit.setStyleSheet(f"color: {theme.dim}; font-size: 12px;")
        self.fit.setCursor(Qt.CursorShape.PointingHandCursor)
        for entry in self.entries:
            entry.set_theme(theme)
        self._note_change()


def taken_fields(project: Project, data: DataReport) -> tuple[Field, ...]:
    """The fields of the data set that the network's Input nodes take, in the natural order of the nodes."""
    graph = project.graph
    nodes = sorted((node_id for node_id, node in graph.nodes.items() if node.layer == "Input"), key=natural)
    names = list(dict.fromkeys(graph.nodes[node_id].values.get("field", "") for node_id in nodes))
    known = {field.name: field for field in data.fields if field.role == "input"}
    return tuple(known[name] for name in names if name in known)


def meaning(graph: Graph) -> object:
    """What a graph computes, without where it is drawn and what is noted beside it."""
    return {node_id: (node.layer, node.values, node.muted) for node_id, node in graph.nodes.items()}, set(graph.links)
