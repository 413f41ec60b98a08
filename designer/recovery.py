"""After a window that ended by force: what it had not saved is offered, and stays until someone decides."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from core import journal, places
from core import project as projects
from core.graph import Graph
from core.journal import Lost
from core.project import ProjectError
from designer.document import Document
from designer.files import Files, clock, short
from designer.journaling import Journal
from designer.numbers import Noun, counted
from designer.question_bar import Answer, QuestionBar
from designer.words import tr

MOST_NAMED = 4


class Recovery(QObject):
    """Keeps the journal of this window, and offers those that others left behind."""

    def __init__(
        self, document: Document, files: Files, questions: QuestionBar, say: Callable[[str, str], None]
    ) -> None:
        super().__init__(files)
        self._document = document
        self._files = files
        self._questions = questions
        self._say = say
        self.journal = Journal(document, self)
        self.journal.failed.connect(lambda sentence: say("warning", sentence))

    def offer(self) -> None:
        """Ask about every document that was lost."""
        journal.this_process()  # loads what the first journal needs, so that no edit waits for it
        for lost in journal.lost(places.journals_folder()):
            when = clock(lost.time)
            said = {"name_of": name_of(lost), "edits_of": edits_of(lost), "when": when}
            if lost.edits == 1:
                sentence = tr("{name_of} has {edits_of}, made {when}, that was not saved when Layerloom ended.", **said)
            else:
                sentence = tr(
                    "{name_of} has {edits_of}, the last {when}, that were not saved when Layerloom ended.", **said
                )
            self._questions.ask(str(lost.file), sentence, self._answers(lost, with_differences=True))

    def close(self) -> None:
        """End with the window."""
        self.journal.close()

    def _answers(self, lost: Lost, with_differences: bool) -> list[Answer]:
        differences = (
            tr("Differences"),
            tr("Say how it differs from what was saved"),
            lambda: self._show_differences(lost),
        )
        return [
            (
                tr("Restore"),
                tr("Open it with these edits, which can be undone and are not saved yet"),
                lambda: self._restore(lost),
            ),
            *([differences] if with_differences else []),
            (tr("Discard"), tr("Delete these edits for good"), lambda: self._discard(lost)),
        ]

    def _show_differences(self, lost: Lost) -> None:
        self._questions.ask(str(lost.file), differences(lost), self._answers(lost, with_differences=False))

    def _restore(self, lost: Lost) -> None:
        if not lost.file.exists():
            self._questions.settle(str(lost.file))
            self._say("note", tr("{name_of} was restored or discarded in another window.", name_of=name_of(lost)))
            return
        if not self._files.may_leave():
            return
        self._document.restore(lost)
        is_kept = self.journal.write(instead_of=lost.file)
        self._questions.settle(str(lost.file))
        self._files.disk.look()
        if is_kept:
            self._say(
                "good",
                tr(
                    "{name_of} is back with {edits_of}; save it to keep them.",
                    name_of=name_of(lost),
                    edits_of=edits_of(lost),
                ),
            )

    def _discard(self, lost: Lost) -> None:
        try:
            lost.file.unlink(missing_ok=True)
        except OSError as error:
            self._say("error", tr("{file} cannot be deleted: {reason}.", file=lost.file, reason=projects.reason(error)))
        self._questions.settle(str(lost.file))


def name_of(lost: Lost) -> str:
    """A lost document in a sentence's beginning."""
    return short(lost.path.name) if lost.path else tr("An untitled network")


def edits_of(lost: Lost) -> str:
    """How many edits it has, in words."""
    return counted(lost.edits, "edit")


def differences(lost: Lost) -> str:
    """How a lost document differs from its file as it is now (else from what it began as), in a sentence or two."""
    before, against = lost.base.graph, tr("what it began as")
    if lost.path is not None:
        try:
            before, against = projects.load(lost.path).graph, tr("the file")
        except ProjectError:
            against = tr("the file as it was then")
    after = lost.project.graph
    both = [each for each in before.nodes if each in after.nodes]
    here, there = set(after.links), set(before.links)
    came: list[tuple[int, Noun, str]] = [
        (len(after.nodes) - len(both), "node", tr("added")),
        (len(before.nodes) - len(both), "node", tr("deleted")),
        (sum(before.nodes[each] != after.nodes[each] for each in both), "node", tr("changed")),
        (len(here - there), "link", tr("added")),
        (len(there - here), "link", tr("deleted")),
    ]
    said = ", ".join(f"{counted(count, noun)} {what}" for count, noun, what in came if count)
    done = [step.text for step in lost.steps[max(0, lost.index - MOST_NAMED) : lost.index] if step.text]
    return tr(
        "{name_of} has {drawn}, {against} {drawn2}: {value}.",
        name_of=name_of(lost),
        drawn=drawn(after),
        against=against,
        drawn2=drawn(before),
        value=said or tr("nothing else in the drawing"),
    ) + (tr(" Done last: {join}.", join=", ".join(short(each) for each in done)) if done else "")


def drawn(graph: Graph) -> str:
    """How much is drawn, in words."""
    return tr(
        "{counted} and {counted2}",
        counted=counted(len(graph.nodes), "node"),
        counted2=counted(len(graph.links), "link"),
    )
