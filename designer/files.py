"""New, open, save: the document's file, asked about before anything is lost; a bad file changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from core.project import Project, ProjectError
from designer.document import Document
from designer.preferences import remember

Say = Callable[[str, str], None]
KINDS = "Layerloom projects (*.loom);;All files (*)"


class Files(QObject):
    """What the File menu does; `say(severity, sentence)` shows what went wrong."""

    def __init__(self, document: Document, window: QWidget, say: Say) -> None:
        super().__init__(window)
        self._document = document
        self._window = window
        self._say = say

    def new(self, project: Project | None = None) -> bool:
        """Begin a new document, unless unsaved changes are to be kept."""
        if not self.may_leave():
            return False
        self._document.new(project)
        return True

    def example(self, name: str) -> bool:
        """Begin a new document as a copy of an example."""
        from core import examples

        if not self.may_leave():
            return False
        try:
            self._document.new(examples.example_project(name))
        except ProjectError as error:
            self._say("error", str(error))
            return False
        return True

    def open(self, path: Path | None = None) -> bool:
        """Open a file, or ask which one; a file that cannot be read leaves the open document as it is."""
        if path is None:
            chosen, _ = QFileDialog.getOpenFileName(self._window, "Open a project", self._folder(), KINDS)
            if not chosen:
                return False
            path = Path(chosen)
        if not self.may_leave():
            return False
        try:
            self._document.open(path)
        except ProjectError as error:
            self._say("error", str(error))
            return False
        remember(path)
        return True

    def save(self) -> bool:
        """Save under the document's path, or ask for one."""
        return self._save(self._document.path) if self._document.path else self.save_as()

    def save_as(self) -> bool:
        """Ask for a path and save there."""
        suggested = str(self._document.path or Path(self._folder()) / "network.loom")
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save the project", suggested, KINDS)
        if not chosen:
            return False
        path = Path(chosen)
        return self._save(path if path.suffix else path.with_suffix(".loom"))

    def may_leave(self) -> bool:
        """Whether the document may be left: it is saved, or its changes were saved or given up just now."""
        if self._document.is_clean:
            return True
        buttons = QMessageBox.StandardButton
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("Unsaved changes")
        name = self._document.path.name if self._document.path else "this network"
        box.setText(f"Save the changes to {name}?")
        box.setInformativeText("What is not saved is lost.")
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        box.deleteLater()
        if answer == buttons.Save:
            return self.save()
        return answer == buttons.Discard

    def _save(self, path: Path) -> bool:
        try:
            self._document.save(path)
        except ProjectError as error:
            self._say("error", f"{error} The network is still open and unchanged.")
            return False
        remember(path)
        return True

    def _folder(self) -> str:
        return str(self._document.path.parent if self._document.path else Path.home())
