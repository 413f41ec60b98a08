"""The open document: the only door by which a project changes, its undo history, and its file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from core import project as projects
from core.messages import Checked
from core.project import Project
from core.reading import ProjectError
from designer.history import History, Step
from designer.words import tr

if TYPE_CHECKING:
    from core.journal import Lost


class ChangedElsewhere(ProjectError):
    """The file is no longer what was read or written here: it is not saved over without asking."""


def hash_of(content: bytes) -> str:
    """What tells one version of a file from another."""
    return hashlib.sha256(content).hexdigest()


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
        self.known = ""
        """The hash of the file as it was last read or written here, "" without one."""
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
        content = projects.content_of(path)
        self._begin(projects.read_text(content, path.name), path, hash_of(content))

    def save(self, path: Path, over: bool = False) -> str:
        """Save atomically under this path, which becomes the document's, and keep a backup of what stood there.

        What comes back is a sentence where there is no backup, else "". Raises ProjectError, and ChangedElsewhere
        where the document's own file was changed by others, unless it is to be saved `over`.
        """
        held, fault = read_or_none(path)
        if path == self.path and not over and (fault or (held is not None and hash_of(held) != self.known)):
            raise ChangedElsewhere(
                tr("{name} was changed by another program, so it was not saved over.", name=path.name)
            )
        warning = _backed_up(path, held) if held is not None else ""
        self.known = hash_of(projects.save(self.project, path))
        self._set_path(path)
        self.undo_stack.setClean()
        return warning

    def reload(self) -> None:
        """Take over what another program made of the file, as a step that can be undone; raises ProjectError."""
        if self.path is None:
            return
        content = projects.content_of(self.path)
        project = projects.read_text(content, self.path.name)
        self.known = hash_of(content)
        self.edit(tr("Reload {name}", name=self.path.name), project)
        self.undo_stack.setClean()

    def restore(self, lost: Lost) -> None:
        """Take over what a killed window left: not saved, and every step of it can be undone."""
        values = [lost.base, *(step.after for step in lost.steps)]
        steps = [Step(step.text[:200], values[at], step.after) for at, step in enumerate(lost.steps)]
        self._begin(lost.project, lost.path, lost.opened.known)
        self.undo_stack.take(steps, lost.index, lost.clean if lost.clean <= len(steps) else -1)

    def _begin(self, project: Project, path: Path | None, known: str = "") -> None:
        self.undo_stack.clear()
        self.report, self.known = None, known
        self._set_path(path)
        self.show_project(project)

    def _set_path(self, path: Path | None) -> None:
        if path != self.path:
            self.path = path
            self.path_changed.emit(path)


def read_or_none(path: Path) -> tuple[bytes | None, bool]:
    """What stands in a file, None where there is none; and whether there is one that cannot be read."""
    try:
        return path.read_bytes(), False
    except FileNotFoundError:
        return None, False
    except OSError:
        return None, True


def _backed_up(path: Path, content: bytes) -> str:
    """A sentence where the version that is saved over could not be kept."""
    from core import backups

    try:
        backups.keep(path, content)
    except OSError as error:
        return tr(
            "{name} is saved, but its last version was not kept as a backup: {reason}.",
            name=path.name,
            reason=projects.reason(error),
        )
    return ""
