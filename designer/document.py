"""The open document: the only door by which a project changes, its undo history, and its file."""

from __future__ import annotations

from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from core import project as projects
from core.messages import Checked
from core.project import Project
from designer.history import History, Step


class Document(QObject):
    """The project that a window shows; `edit` is the one way to change it, and `changed` tells everyone."""

    changed = Signal(object, object)
    checked = Signal(object)
    path_changed = Signal(object)
    clean_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = Project()
        self.path: Path | None = None
        self.report: Checked | None = None
        self.revision = 0
        self.undo_stack = History(self.show_project, self)
        self.undo_stack.cleanChanged.connect(self.clean_changed)

    @property
    def is_clean(self) -> bool:
        """Whether the file on disk (or the empty beginning) is what is shown."""
        return self.undo_stack.isClean()

    def edit(self, text: str, project: Project) -> None:
        """Change the project in one step that a person can undo; an equal value is no step."""
        if project != self.project:
            self.undo_stack.push(Step(text, self.project, project))

    def show_project(self, project: Project) -> None:
        """Show a value and tell everyone; only undo steps and loading call this."""
        before, self.project = self.project, project
        self.revision += 1
        self.changed.emit(before, project)

    def take(self, report: Checked) -> None:
        """Take in what check found out; an answer to an older value is passed over.

        While a long check streams in, nodes that it has not reached keep what was known of them.
        """
        if report.revision != self.revision:
            return
        if report.partial and self.report is not None:
            known = {
                node_id: node for node_id, node in self.report.nodes.items() if node_id in self.project.graph.nodes
            }
            report = msgspec.structs.replace(
                self.report, revision=report.revision, nodes={**known, **report.nodes}, partial=True
            )
        self.report = report
        self.checked.emit(report)

    def new(self, project: Project | None = None) -> None:
        """Begin a new document without a file."""
        self._begin(project or Project(), None)

    def open(self, path: Path) -> None:
        """Open a file; raises ProjectError with one sentence and then changes nothing."""
        self._begin(projects.load(path), path)

    def save(self, path: Path) -> None:
        """Save atomically under this path, which becomes the document's; raises ProjectError."""
        projects.save(self.project, path)
        self._set_path(path)
        self.undo_stack.setClean()

    def _begin(self, project: Project, path: Path | None) -> None:
        self.undo_stack.clear()
        self.report = None
        self._set_path(path)
        self.show_project(project)

    def _set_path(self, path: Path | None) -> None:
        if path != self.path:
            self.path = path
            self.path_changed.emit(path)
