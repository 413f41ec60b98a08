"""Nothing is lost, through the real window: recovery after a kill, backups, and files that others change or hold."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from msgspec.structs import replace
from person import Person, wait_until
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from core import backups, journal, places
from core import graph as graphs
from core.graph import Graph, Node
from core.project import Project, load, save, text_of
from designer import app as application
from designer.disk import lock_of
from designer.document import Document
from designer.files import HELD, ON_DISK
from designer.submenus import backups as backup_actions
from designer.window import Window

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qapp: QApplication) -> Iterator[Window]:
    """The real window, without engines: nothing here asks torch."""
    made = opened_window()
    yield made
    end(made)


def opened_window(path: Path | None = None) -> Window:
    """Another window, as a start of the application makes it."""
    made = application.make_window(Document())
    made.resize(1600, 1000)
    made.show()
    wait_until(made.isVisible, "the window is shown")
    if path is not None:
        assert made.files.open(path)
    made.keep_safe()
    return made


def end(window: Window) -> None:
    """Close a window as someone does who gives up what is not saved."""
    window.take_written()
    window.document.undo_stack.setClean()
    window.close()


@pytest.fixture
def person(window: Window) -> Person:
    """Someone who uses it."""
    return Person(window)


def journals() -> list[Path]:
    """The journals that there are."""
    folder = places.journals_folder()
    return sorted(folder.glob("*.journal")) if folder.is_dir() else []


def add(window: Window, layer: str = "ReLU") -> str:
    """One edit through the window; the id of the new node."""
    before = set(window.document.project.graph.nodes)
    window.add_layer(layer)
    return next(iter(set(window.document.project.graph.nodes) - before))


def leave_behind(window: Window) -> Path:
    """The journal of a window that is killed: as it is on the disk now, under the id of a process that is gone."""
    assert window.recovery is not None
    assert window.recovery.journal.write()
    (own,) = (each for each in journals() if not each.stem.startswith("left"))
    content = own.read_bytes()
    first = next(journal.entries(own))
    assert isinstance(first, journal.Opened)
    head = len(journal.entry(first))
    left = places.journals_folder() / f"left {len(journals())}.journal"
    left.write_bytes(journal.entry(replace(first, pid=2**22 + 7)) + content[head:])
    return left


def button(window: Window, text: str, key: str | None = None) -> QPushButton:
    """An answer of a question."""
    asked = window.questions.asked
    questions = [asked[key]] if key else list(asked.values())
    return next(each for question in questions for each in question.buttons if each.text() == text)


def press(person: Person, text: str, key: str | None = None) -> None:
    """Click an answer with the mouse."""
    QApplication.processEvents()
    person.click(person.on(button(person.window, text, key)))


def words(window: Window) -> list[str]:
    """What is asked."""
    return [each.words.text() for each in window.questions.asked.values()]


# ---- the journal


def test_that_an_edit_is_on_the_disk_within_two_seconds_and_gone_when_saved(window: Window, tmp_path: Path) -> None:
    add(window)
    assert journals() == []

    def is_kept() -> bool:
        held = [journal.read(each) for each in journals()]
        return any(each is not None and "relu1" in each.project.graph.nodes for each in held)

    wait_until(is_kept, "the edit is on the disk", 2.0)
    window.document.save(tmp_path / "a.loom")
    wait_until(lambda: not journals(), "the journal of a saved document is gone", 5)
    add(window)
    wait_until(lambda: bool(journals()), "the next edit is kept too", 2.0)
    window.document.undo_stack.undo()
    wait_until(lambda: not journals(), "nothing is kept of a document that is as it was saved", 5)


def test_that_steady_work_is_kept_while_it_goes_on(window: Window) -> None:
    kept: list[int] = []
    for _ in range(12):
        add(window)
        until = time.monotonic() + 0.15
        wait_until(lambda until=until: time.monotonic() > until, "the next edit is made", 5)
        held = [journal.read(each) for each in journals()]
        kept += [len(each.project.graph.nodes) for each in held if each is not None]
    assert kept, "edits were never written while they went on"


def test_that_undo_past_the_save_is_kept_and_restored_with_its_redo(
    window: Window, person: Person, tmp_path: Path
) -> None:
    for _ in range(3):
        add(window)
    path = tmp_path / "net.loom"
    window.document.save(path)
    window.document.undo_stack.undo()
    window.document.undo_stack.undo()
    left = leave_behind(window)
    end(window)
    other = opened_window()
    assert ["net.loom has 2 edits, the last today" in each for each in words(other)] == [True]
    press(Person(other), "Restore")
    document = other.document
    assert (len(document.project.graph.nodes), document.path, document.is_clean) == (1, path, False)
    document.undo_stack.redo()
    document.undo_stack.redo()
    assert document.is_clean
    assert text_of(document.project) == path.read_text()
    assert not left.exists()
    end(other)


def test_that_each_lost_document_is_offered_compared_restored_and_undone(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "mine.loom"
    nodes = {"linear1": Node("Linear"), "relu1": Node("ReLU")}
    save(Project(Graph(nodes)), path)
    first = opened_window(path)
    add(first)
    first.document.edit(
        "Delete relu1",
        replace(first.document.project, graph=graphs.without_nodes(first.document.project.graph, ["relu1"])),
    )
    final = text_of(first.document.project)
    left = leave_behind(first)
    end(first)
    second = opened_window()
    for _ in range(3):
        add(second, "Linear")
    untitled = leave_behind(second)
    end(second)

    third = opened_window()
    person = Person(third)
    assert len(third.questions.asked) == 2
    assert any(each.startswith("An untitled network has 3 edits, the last today at ") for each in words(third))
    assert any(each.startswith("mine.loom has 2 edits, the last today at ") for each in words(third))
    press(person, "Differences", str(left))
    said = third.questions.asked[str(left)].words.text()
    assert said == (
        "mine.loom has 2 nodes and no links, the file 2 nodes and no links: 1 node added, 1 node deleted."
        " Done last: Add ReLU, Delete relu1."
    )
    press(person, "Restore", str(left))
    document = third.document
    assert text_of(document.project) == final
    assert (document.path, document.is_clean, document.undo_stack.undoText()) == (path, False, "Delete relu1")
    assert "mine.loom •" in third._file_name.text()
    assert not left.exists()
    assert untitled.exists(), "the other one waits"
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.is_clean
    assert text_of(document.project) == path.read_text()
    press(person, "Discard", str(untitled))
    assert not untitled.exists()
    assert not third.questions.asked
    assert third.questions.isHidden()
    end(third)


def test_that_what_is_restored_is_safe_at_once_and_what_is_not_decided_is_offered_again(qapp: QApplication) -> None:
    first = opened_window()
    add(first)
    left = leave_behind(first)
    end(first)
    second = opened_window()
    second.questions.asked[str(left)].close_button.click()
    assert left.exists()
    end(second)
    third = opened_window()
    press(Person(third), "Restore")
    assert not left.exists()
    (taken,) = journals()
    held = journal.read(taken)
    assert held is not None
    assert (list(held.project.graph.nodes), held.opened.pid) == (["relu1"], os.getpid())
    end(third)
    wait_until(lambda: not journals(), "what was given up is gone", 5)


def test_that_a_question_is_answered_without_a_mouse(window: Window, person: Person) -> None:
    add(window)
    left = leave_behind(window)
    window.document.new()
    assert window.recovery is not None
    window.recovery.offer()
    window.canvas.setFocus()
    for _ in range(12):
        person.key(Qt.Key.Key_F6)
        held = QApplication.focusWidget()
        if held is not None and window.questions.isAncestorOf(held):
            break
    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert (focused.text(), focused.accessibleName()) == ("Restore", "Restore")
    person.key(Qt.Key.Key_Space)
    assert list(window.document.project.graph.nodes) == ["relu1"]
    assert not left.exists()


def test_that_restoring_asks_about_what_is_open_first(window: Window, person: Person) -> None:
    add(window)
    left = leave_behind(window)
    window.document.new()
    assert window.recovery is not None
    window.recovery.offer()
    kept = add(window, "Linear")
    answered = person.when_asked(lambda box: dismiss(box, QMessageBox.StandardButton.Cancel))
    press(person, "Restore")
    assert answered()
    assert list(window.document.project.graph.nodes) == [kept]
    assert left.exists()
    answered = person.when_asked(lambda box: dismiss(box, QMessageBox.StandardButton.Discard))
    press(person, "Restore")
    assert answered()
    assert list(window.document.project.graph.nodes) == ["relu1"]


def dismiss(box: QWidget, answer: QMessageBox.StandardButton) -> None:
    """Give an answer to a box of questions."""
    assert isinstance(box, QMessageBox)
    box.button(answer).click()


def test_that_a_disk_that_takes_no_journal_is_said_once(
    qapp: QApplication, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_home / "journals").write_text("in the way")
    window = opened_window()
    add(window)
    wait_until(lambda: "not kept for recovery" in window.centre.message.words.text(), "it is said", 10)
    add(window)
    end(window)


# ---- the file as others see it


def written(path: Path, seed: int) -> str:
    """What another program saves there."""
    text = text_of(Project(Graph({"theirs": Node("ReLU")}), seed=seed))
    path.write_text(text)
    os.utime(path, (2e9 + seed, 2e9 + seed))
    return text


def test_that_a_file_that_another_program_changed_is_noticed_and_not_saved_over(
    window: Window, person: Person, tmp_path: Path
) -> None:
    path = tmp_path / "net.loom"
    save(Project(), path)
    window.files.open(path)
    mine = add(window)
    theirs = written(path, 1)
    wait_until(lambda: ON_DISK in window.questions.asked, "the change is noticed", 10)
    assert "net.loom was changed by another program" in words(window)[0]
    person.key(Qt.Key.Key_S, CONTROL)
    assert path.read_text() == theirs, "nothing is overwritten without asking"

    press(person, "Reload", ON_DISK)
    assert list(window.document.project.graph.nodes) == ["theirs"]
    assert window.document.is_clean
    assert not window.questions.asked
    window.document.undo_stack.undo()
    assert list(window.document.project.graph.nodes) == [mine], "undo brings back what was mine"

    theirs = written(path, 2)
    assert not window.files.save(), "also where the change was not noticed yet"
    assert path.read_text() == theirs
    press(person, "Keep mine", ON_DISK)
    assert not window.document.is_clean
    assert window.files.save()
    assert list(load(path).graph.nodes) == [mine]
    assert theirs in [each.file.read_text() for each in backups.backups(path)], "what was replaced is a backup"


def test_that_a_change_that_changes_nothing_and_a_save_of_ones_own_are_not_asked_about(
    window: Window, tmp_path: Path
) -> None:
    path = tmp_path / "net.loom"
    save(Project(), path)
    window.files.open(path)
    os.utime(path, (2e9, 2e9))
    add(window)
    assert window.files.save()
    window.files.disk.look()
    for _ in range(3):
        add(window)
        assert window.files.save()
    wait_until(lambda: not window.files.disk._settled.isActive(), "the watch has settled", 5)
    window.files.disk.look()
    assert not window.questions.asked


def test_that_a_file_that_is_deleted_or_moved_is_said_and_can_be_saved_again(
    window: Window, person: Person, tmp_path: Path
) -> None:
    path = tmp_path / "net.loom"
    save(Project(Graph({"relu1": Node("ReLU")})), path)
    before = path.read_bytes()
    window.files.open(path)
    path.rename(tmp_path / "elsewhere.loom")
    wait_until(lambda: ON_DISK in window.questions.asked, "it is noticed", 10)
    assert "was deleted or moved" in words(window)[0]
    assert not window.document.is_clean, "closing would ask"
    press(person, "Save it again", ON_DISK)
    assert path.read_bytes() == before
    assert window.document.is_clean
    assert not window.questions.asked
    window.files.disk.look()
    assert not window.questions.asked


def test_that_a_second_window_is_told_and_saves_only_after_asking(
    window: Window, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "net.loom"
    save(Project(), path)
    first = opened_window(path)
    before = path.read_bytes()
    window.files.open(path)
    assert f"net.loom is open in another window (process {os.getpid()}" in words(window)[0]
    add(window)
    person.key(Qt.Key.Key_S, CONTROL)
    assert path.read_bytes() == before
    press(person, "Save anyway", HELD)
    assert "relu1" in load(path).graph.nodes
    add(window)
    assert window.files.save(), "it was agreed to once"
    wait_until(lambda: ON_DISK in first.questions.asked, "the first window notices", 10)
    other = tmp_path / "other.loom"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(other), ""))
    first.document.undo_stack.setUnclean()
    button(first, "Save as…", ON_DISK).click()
    assert other.exists()
    assert first.document.path == other
    assert not first.questions.asked
    end(first)


def test_that_a_lock_is_taken_over_when_its_owner_is_gone_or_lets_go(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "net.loom"
    save(Project(), path)
    owner = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock_of(path))], stdout=subprocess.PIPE, text=True, stdin=subprocess.PIPE
    )
    assert owner.stdout is not None
    assert owner.stdin is not None
    assert owner.stdout.readline() == "True\n"
    window.files.open(path)
    assert f"process {owner.pid} on " in words(window)[0]
    os.kill(owner.pid, signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    owner.wait()
    owner.stdout.close()
    owner.stdin.close()
    assert not psutil.pid_exists(owner.pid)
    add(window)
    assert window.files.save(), "nobody else has it any more"
    window.files.new()
    assert not lock_of(path).exists(), "a file that is left is free"


HOLD = """
import sys
from PySide6.QtCore import QCoreApplication, QLockFile
app = QCoreApplication([])
lock = QLockFile(sys.argv[1])
print(lock.tryLock(0), flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser writes anywhere")
def test_that_a_folder_that_is_read_only_is_said(window: Window, tmp_path: Path) -> None:
    folder = tmp_path / "fixed"
    folder.mkdir()
    save(Project(), folder / "net.loom")
    folder.chmod(0o500)
    window.files.open(folder / "net.loom")
    add(window)
    assert not window.files.save()
    assert "you have no permission" in window.centre.message.words.text()
    folder.chmod(0o700)


def test_that_a_place_that_takes_no_file_is_said_in_one_sentence(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "gone" / "net.loom"
    path.parent.mkdir()
    save(Project(), path)
    window.files.open(path)
    add(window)
    path.unlink()
    lock_of(path).unlink()
    path.parent.rmdir()
    assert not window.files.save()
    said = window.centre.message.words.text()
    assert "was not saved: there is no such file or folder" in said
    assert said.endswith("The network is still open and unchanged.")
    assert not window.document.is_clean


# ---- backups and leaving


def test_that_backups_are_listed_and_opened_as_documents_that_are_not_saved(window: Window, tmp_path: Path) -> None:
    assert list(backup_actions(window)) == []
    path = tmp_path / "net.loom"
    for _ in range(6):
        add(window)
        window.document.save(path)
    rows = backup_actions(window)
    assert len(rows) == 3
    assert all(row.text.startswith("Saved today at ") and row.text.endswith(" bytes") for row in rows)
    assert {each.text().replace("&", "") for each in menu_of(window, "Backups")} == {row.text for row in rows}
    rows[0].run(window)
    assert len(window.document.project.graph.nodes) == 5
    assert (window.document.path, window.document.is_clean) == (None, False)
    assert "This is net.loom as it was saved today at" in window.centre.message.words.text()


def menu_of(window: Window, title: str) -> list[QAction]:
    """The rows of a submenu, as they are when it opens."""
    menu = next(each for each in window.findChildren(QMenu) if each.title() == title)
    menu.aboutToShow.emit()
    return menu.actions()


def test_that_a_backup_that_cannot_be_kept_is_said_and_the_file_is_saved(
    window: Window, own_home: Path, tmp_path: Path
) -> None:
    (own_home / "backups").write_text("in the way")
    path = tmp_path / "net.loom"
    save(Project(), path)
    window.files.open(path)
    add(window)
    assert window.files.save()
    assert "was not kept as a backup" in window.centre.message.words.text()
    assert "relu1" in load(path).graph.nodes


def test_that_closing_asks_and_a_save_that_is_refused_keeps_the_window_open(
    window: Window, person: Person, tmp_path: Path
) -> None:
    path = tmp_path / "net.loom"
    save(Project(), path)
    window.files.open(path)
    add(window)
    theirs = written(path, 3)
    answered = person.when_asked(lambda box: dismiss(box, QMessageBox.StandardButton.Save))
    assert not window.close()
    assert answered()
    assert window.isVisible()
    assert path.read_text() == theirs
    assert ON_DISK in window.questions.asked
    answered = person.when_asked(lambda box: dismiss(box, QMessageBox.StandardButton.Cancel))
    assert not window.close()
    assert answered()
    assert window.recovery is not None
    assert window.recovery.journal.write()
    assert journals(), "what was not given up is still kept"
    answered = person.when_asked(lambda box: dismiss(box, QMessageBox.StandardButton.Discard))
    assert window.close()
    assert answered()
    assert not journals()
    assert not lock_of(path).exists()


LINEAR = Project(Graph({"linear1": Node("Linear", {"out_features": 5})}))


def in_form(window: Window) -> None:
    window._edit_node("linear1")


def in_name(window: Window) -> None:
    window.inspector.name.setFocus()


def in_training(window: Window) -> None:
    window.canvas.select(())
    wait_until(window.inspector.training.isVisible, "the training settings are shown")
    window.inspector.training.findChildren(QLineEdit)[0].setFocus()


def in_value(window: Window) -> None:
    window.canvas.popups.edit_value("linear1", "out_features")


def in_note(window: Window) -> None:
    window.canvas.picture.add_note()


def in_remark(window: Window) -> None:
    window.inspector.note.findChildren(QPlainTextEdit)[0].setFocus()


HALF_TYPED = (in_form, in_name, in_training, in_value, in_note, in_remark)


def begin_typing(window: Window, person: Person, path: Path, place: Callable[[Window], None]) -> None:
    """Type somewhere and leave the cursor there."""
    save(LINEAR, path)
    window.files.open(path)
    window.canvas.select(("linear1",))
    wait_until(window.inspector.name.isVisible, "the form is shown")
    person.come_to_front()
    place(window)
    QApplication.processEvents()
    person.write("77")
    assert window.document.is_clean


@pytest.mark.parametrize("place", HALF_TYPED)
def test_that_what_is_half_typed_is_saved_too(
    place: Callable[[Window], None], window: Window, person: Person, tmp_path: Path
) -> None:
    path = tmp_path / "net.loom"
    begin_typing(window, person, path, place)
    person.key(Qt.Key.Key_S, CONTROL)
    assert "77" in path.read_text()
    assert window.document.is_clean
    assert load(path) == window.document.project


@pytest.mark.parametrize("place", [each for each in HALF_TYPED if each is not in_value])
def test_that_a_document_with_something_half_typed_is_not_left_without_asking(
    place: Callable[[Window], None], window: Window, person: Person, tmp_path: Path
) -> None:
    path = tmp_path / "net.loom"
    begin_typing(window, person, path, place)
    answered = person.when_asked(lambda box: dismiss(box, QMessageBox.StandardButton.Cancel))
    person.key(Qt.Key.Key_N, CONTROL)
    wait_until(answered, "the question is answered")
    assert "77" in text_of(window.document.project)
    assert window.document.path == path


@pytest.mark.parametrize("place", HALF_TYPED)
def test_that_what_is_half_typed_never_lands_in_another_document(
    place: Callable[[Window], None], window: Window, person: Person, tmp_path: Path
) -> None:
    begin_typing(window, person, tmp_path / "net.loom", place)
    window.document.new(LINEAR)
    window.canvas.setFocus()
    window.take_written()
    assert window.document.project == LINEAR
    assert window.document.is_clean


def test_that_saving_remembers_the_file(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from designer.preferences import recent_files

    path = tmp_path / "kept.loom"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(path), ""))
    add(window)
    assert window.files.save()
    assert recent_files() == (path,)
    assert window.document.is_clean
