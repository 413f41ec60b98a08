"""New, open, save: the document's file, asked about before anything is lost; a bad file changes nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from core import project as projects
from core.project import Project, ProjectError
from designer.disk import Disk
from designer.document import ChangedElsewhere, Document, hash_of, read_or_none
from designer.preferences import remember
from designer.question_bar import QuestionBar
from designer.words import tr

if TYPE_CHECKING:
    from core.backups import Backup

Say = Callable[[str, str], None]
ON_DISK, HELD = "on_disk", "held"  # the questions about the document's file
LONGEST = 40
KINDS = tr("Layerloom projects (*.loom);;All files (*)")


class Files(QObject):
    """What the File menu does; `say(severity, sentence)` shows what went wrong, `questions` what is to be decided.

    `leaving` is emitted before the document is saved or left: what is half written somewhere is to be taken over.
    """

    leaving = Signal()

    def __init__(self, document: Document, window: QWidget, say: Say, questions: QuestionBar) -> None:
        super().__init__(window)
        self._document = document
        self._window = window
        self._say = say
        self._questions = questions
        self._may_share = False
        document.path_changed.connect(lambda _: self._begin())
        self.disk = Disk(document, self)
        self.disk.found.connect(self._tell_disk)
        self.disk.held_elsewhere.connect(self._tell_held)

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
            chosen, _ = QFileDialog.getOpenFileName(self._window, tr("Open a project"), self._folder(), KINDS)
            if not chosen:
                return False
            path = Path(chosen)
        path = path.absolute()
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
        self.leaving.emit()
        return self._save(self._document.path) if self._document.path else self.save_as()

    def save_as(self) -> bool:
        """Ask for a path and save there."""
        self.leaving.emit()
        suggested = str(self._document.path or Path(self._folder()) / "network.loom")
        chosen, _ = QFileDialog.getSaveFileName(self._window, tr("Save the project"), suggested, KINDS)
        if not chosen:
            return False
        path = Path(chosen)
        return self._save(path if path.suffix else path.with_suffix(".loom"))

    def open_backup(self, backup: Backup, name: str) -> bool:
        """Open an earlier version of a file as a document that is not saved yet."""
        try:
            project = projects.load(backup.file)
        except ProjectError as error:
            self._say("error", str(error))
            return False
        if not self.may_leave():
            return False
        self._document.new(project)
        self._document.undo_stack.setUnclean()
        self._say(
            "note",
            tr("This is {name} as it was saved {clock}; save it to keep it.", name=name, clock=clock(backup.time)),
        )
        return True

    def may_leave(self) -> bool:
        """Whether the document may be left: it is saved, or its changes were saved or given up just now."""
        self.leaving.emit()
        if self._document.is_clean:
            return True
        buttons = QMessageBox.StandardButton
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle(tr("Unsaved changes"))
        name = self._document.path.name if self._document.path else tr("this network")
        box.setText(tr("Save the changes to {name}?", name=name))
        box.setInformativeText(tr("What is not saved is lost."))
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        box.deleteLater()
        if answer == buttons.Save:
            return self.save()
        return answer == buttons.Discard

    def close(self) -> None:
        """Let go of the file."""
        self.disk.close()

    def _save(self, path: Path, over: bool = False) -> bool:
        if path == self._document.path and not self.disk.lock() and not self._may_share:
            self._tell_held()
            return False
        try:
            warning = self._document.save(path, over)
        except ChangedElsewhere:
            self._tell_disk("changed")
            return False
        except ProjectError as error:
            self._say("error", tr("{error} The network is still open and unchanged.", error=error))
            return False
        self._questions.settle(ON_DISK)
        remember(path)
        if warning:
            self._say("warning", warning)
        return True

    # ---- what others do with the file

    def _begin(self) -> None:
        """Another file: what was asked about the last one is settled."""
        self._may_share = False
        self._questions.settle(ON_DISK)
        self._questions.settle(HELD)

    def _tell_disk(self, state: str) -> None:
        path = self._document.path
        if path is None or state == "same":
            self._questions.settle(ON_DISK)
            return
        self._document.undo_stack.setUnclean()
        save_as = (tr("Save as…"), tr("Save what you see under another name"), self.save_as)
        if state == "gone":
            again = (tr("Save it again"), tr("Write what you see to {path}", path=path), self.save)
            self._questions.ask(
                ON_DISK,
                tr(
                    "{short} was deleted or moved by another program; the network is still here.",
                    short=short(path.name),
                ),
                [again, save_as],
                is_first=True,
            )
            return
        time = self.disk.time()
        self._questions.ask(
            ON_DISK,
            tr(
                "{short} was changed by another program{value}{time}: you see another version.",
                short=short(path.name),
                value=time and tr(" at "),
                time=time,
            ),
            [
                (tr("Reload"), tr("Take over the version on the disk; undo brings yours back"), self._reload),
                (
                    tr("Keep mine"),
                    tr("Go on with what you see: the next save puts it in place of the other"),
                    self._keep_mine,
                ),
                save_as,
            ],
            is_first=True,
        )

    def _reload(self) -> None:
        try:
            self._document.reload()
        except ProjectError as error:
            self._say("error", tr("{error} The network is still open and unchanged.", error=error))
            return
        self._questions.settle(ON_DISK)
        self.disk.look()

    def _keep_mine(self) -> None:
        if self._document.path is not None:
            content, _ = read_or_none(self._document.path)
            self._document.known = hash_of(content) if content is not None else ""
        self._questions.settle(ON_DISK)
        self.disk.look()

    def _tell_held(self) -> None:
        path = self._document.path
        if path is None:
            return
        self._questions.ask(
            HELD,
            tr(
                "{short} is open in another window ({holder}), which does not see what you save.",
                short=short(path.name),
                holder=self.disk.holder,
            ),
            [
                (tr("Save anyway"), tr("Save here each time I say so, without asking again"), self._save_shared),
                (tr("Save as…"), tr("Save what you see under another name"), self.save_as),
            ],
            is_first=True,
        )

    def _save_shared(self) -> None:
        self._may_share = True
        self._questions.settle(HELD)
        self.save()

    def _folder(self) -> str:
        return str(self._document.path.parent if self._document.path else Path.home())


def clock(seconds: float) -> str:
    """A time for people: `today at 14:03`, `on 20 November at 14:03`."""
    when = datetime.datetime.fromtimestamp(seconds).astimezone()
    today = datetime.datetime.now().astimezone().date()
    day = (
        tr("today")
        if when.date() == today
        else tr("on {day} {when:%B}", day=when.day, when=when) + ("" if when.year == today.year else f" {when.year}")
    )
    return tr("{day} at {when:%H:%M}", day=day, when=when)


def short(text: str) -> str:
    """Words of a person's own, on one line and cut in the middle where they are long."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]}…{text[-LONGEST // 2 :]}"
