from __future__ import annotations

import errno
import itertools
import os
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from core import journal, places
from core.project import Project, text_of
from designer import journaling
from designer.document import Document
from designer.journaling import Journal


@pytest.fixture
def document(qapp: QApplication) -> Document:
    """An empty document."""
    return Document()


@pytest.fixture
def kept(document: Document) -> Iterator[Journal]:
    """The journal of it."""
    made = Journal(document)
    yield made
    made.close()


def held() -> journal.Lost | None:
    """What the one journal holds."""
    files = list(places.journals_folder().glob("*.journal")) if places.journals_folder().exists() else []
    assert len(files) <= 1, "one document, one journal"
    return journal.read(files[0]) if files else None


def seeded(document: Document, seed: int) -> None:
    """One edit."""
    document.edit(f"Seed {seed}", replace(document.project, seed=seed))


@pytest.mark.parametrize("largest", [journaling.LARGEST, 1500])
@pytest.mark.parametrize("seed", range(12))
def test_that_a_journal_says_what_the_history_says_whatever_is_done(
    seed: int, largest: int, document: Document, kept: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journaling, "LARGEST", largest)
    pick, stack = random.Random(seed), document.undo_stack
    kept._limit = largest
    for number in range(1, 120):
        kind = pick.choice(
            ("edit", "edit", "edit", "undo", "undo", "redo", "redo", "write", "write", "save", "unclean")
        )
        if kind == "edit":
            seeded(document, number)
        elif kind == "undo":
            stack.undo()
        elif kind == "redo":
            stack.redo()
        elif kind == "save" and pick.random() < 0.3:
            document.save(tmp_path / "a.loom")
        elif kind == "unclean" and pick.random() < 0.1:
            stack.setUnclean()
        elif kind == "write" and not document.is_clean:
            assert kept.write()
            for each in kept._ending:  # what was dropped is deleted by threads of its own
                each.join()
            found = held()
            assert found is not None
            assert found.project == document.project
            assert found.path == document.path
            assert found.opened.known == document.known
            if stack.clean_index >= 0:
                assert found.edits == abs(stack.index() - stack.clean_index)
                clean = [found.base, *(step.after for step in found.steps)][found.clean] if found.clean >= 0 else None
                assert clean is None or stack.index() < stack.clean_index or text_of(clean) == saved(document)
            restored = Document()
            restored.restore(found)
            assert restored.project == document.project
            while restored.undo_stack.canUndo():
                restored.undo_stack.undo()
            assert restored.project == found.base
            assert not restored.undo_stack.canUndo()


def saved(document: Document) -> str:
    """What is in the document's file, or was there at the beginning."""
    return document.path.read_text() if document.path else text_of(Project())


def test_that_a_journal_that_grows_too_large_begins_anew_and_keeps_its_count(
    document: Document, kept: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journaling, "LARGEST", 3000)
    kept._limit = 3000
    sizes: list[int] = []
    for number in range(1, 60):
        seeded(document, number)
        assert kept.write()
        found = held()
        assert found is not None
        assert (found.project.seed, found.edits) == (number, number)
        sizes.append(found.file.stat().st_size)
    assert max(sizes) < 5000
    assert any(later < earlier for earlier, later in itertools.pairwise(sizes))


def test_that_a_disk_that_takes_files_again_gets_a_whole_journal(
    document: Document, kept: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync
    is_full = [False]

    def fsync(descriptor: int) -> None:
        if is_full[0] and threading.current_thread().name == "journal":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    seeded(document, 1)
    assert kept.write()
    is_full[0] = True
    seeded(document, 2)
    assert not kept.write()
    seeded(document, 3)
    assert not kept.write()
    is_full[0] = False
    seeded(document, 4)
    assert kept.write()
    found = held()
    assert found is not None
    assert (found.project.seed, found.edits) == (4, 4)
    document.undo_stack.setClean()
    kept.close()
    assert held() is None
