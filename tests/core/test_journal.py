from __future__ import annotations

import errno
import os
import random
import threading
import time
from collections.abc import Generator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from core import backups, graph, journal, places, project
from core.graph import Annotation, Block, BlockParameter, Graph, Link, Node
from core.journal import Appender, Moved, Opened, Stepped, entry, stepped
from core.project import Data, Project, save, text_of


def made(pieces: Generator[None, None, Stepped]) -> Stepped:
    """What a step comes to, done in one go."""
    while True:
        try:
            next(pieces)
        except StopIteration as done:
            return done.value


def header(path: str = "", clean: int = 0, pid: int | None = None) -> Opened:
    """The first entry of a journal of this process, or of one that is gone."""
    own, started, host = journal.this_process()
    return Opened(journal.VERSION, pid or own, started, host, path, "", clean, 0, 1e9)


GONE = 2**22 + 7  # no process has this id


def whole(values: list[Project], said: Opened) -> bytes:
    """A journal of consecutive values, the first of which is the base."""
    steps = [Project(), *values]
    texts = ["", *(f"Edit {at}" for at in range(1, len(values)))]
    rows = [made(stepped(texts[at], steps[at], steps[at + 1], 1e9 + at)) for at in range(len(values))]
    return b"".join(map(entry, [said, *rows]))


def filled() -> Project:
    """A project in which every field of every part holds something."""
    nodes = {
        "image": Node("Input", {"field": "image"}, 1.25, -3.0, extra={"spin": [1]}),
        "conv2": Node("Conv2d", {"kernel_size": (3, 5), "out_channels": "=width"}, 10.0, 20.0, True, "why"),
        "conv10": Node("Conv2d", {}, weights={"frozen": True}, shares="conv2", collapsed=True, tight=True),
    }
    links = (Link("image", "output", "conv2", "input"), Link("conv2", "output", "conv10", "input"))
    ordered = tuple(sorted(links, key=graph.link_key))
    notes = {"note1": Annotation("note", 1.0, 2.0, 240.0, 120.0, "look", "blue", {"later": 1})}
    bends = {links[0]: ((1.0, 2.0), (3.5, 4.0))}
    width = BlockParameter("width", "integer", 4, "How wide.", 1, 64)
    block = Block({"x": Node("Input"), "y": Node("Output")}, (Link("x", "output", "y", "input"),), (width,), "Nothing.")
    drawn = Graph(nodes, ordered, {"Same": block}, notes, bends)
    data = Data("Digits", {"path": "a.csv"}, {"validation": 0.25})
    return Project(drawn, data, {"epochs": 3}, 7, ("Linear",), {"newer": {"a": [1]}})


def test_that_a_step_carries_every_part_of_a_project() -> None:
    before, after = Project(), filled()
    empty = [name for name in Project.__struct_fields__ if getattr(after, name) == getattr(before, name)]
    empty += [name for name in Graph.__struct_fields__ if not getattr(after.graph, name)]
    assert empty == [], "this test has to fill the new field"
    for one, two in ((before, after), (after, before)):
        step = made(stepped("Everything", one, two, 1.0))
        again = journal.ENTRY.decode(msgspec.msgpack.encode(step))
        assert isinstance(again, Stepped)
        assert text_of(journal.applied(one, again)) == text_of(two)


def test_that_a_step_holds_only_what_changed() -> None:
    nodes = {f"relu{at}": Node("ReLU") for at in range(2000)}
    links = tuple(Link(f"relu{at}", "output", f"relu{at + 1}", "input") for at in range(1999))
    before = Project(Graph(nodes, tuple(sorted(links, key=graph.link_key))))
    moved = replace(before, graph=graph.with_node(before.graph, "relu7", x=5.0))
    assert len(entry(made(stepped("Move", before, moved, 0.0)))) < 300
    cut = replace(before, graph=graph.without_nodes(before.graph, ["relu9"]))
    step = made(stepped("Delete", before, cut, 0.0))
    assert len(entry(step)) < 300
    assert journal.applied(before, step) == cut


def test_that_a_journal_is_read_back_with_its_steps_undo_and_redo(tmp_path: Path) -> None:
    values = [Project(seed=at) for at in range(4)]
    file = tmp_path / "a.journal"
    file.write_bytes(whole(values, header("/x/net.loom")) + entry(Moved(1, 2e9)))
    held = journal.read(file)
    assert held is not None
    assert (held.base, [step.after for step in held.steps]) == (values[0], values[1:])
    assert (held.project, held.index, held.edits, held.time) == (values[1], 1, 1, 2e9)
    other = made(stepped("Another", values[1], Project(seed=9), 3e9))
    file.write_bytes(file.read_bytes() + entry(other))
    held = journal.read(file)
    assert held is not None
    assert [step.text for step in held.steps] == ["Edit 1", "Another"]
    assert held.path == Path("/x/net.loom")


def test_that_what_was_undone_past_the_save_counts_as_edits(tmp_path: Path) -> None:
    file = tmp_path / "a.journal"
    file.write_bytes(whole([Project(seed=at) for at in range(3)], header(clean=2)) + entry(Moved(0, 1.0)))
    held = journal.read(file)
    assert held is not None
    assert (held.project.seed, held.edits, held.clean) == (0, 2, 2)
    branch = made(stepped("Else", Project(), Project(seed=5), 2.0))
    file.write_bytes(file.read_bytes() + entry(branch))
    held = journal.read(file)
    assert held is not None
    assert (held.project.seed, held.edits, held.clean) == (5, 1, -1)


def test_that_a_tail_torn_anywhere_leaves_the_last_whole_entry(tmp_path: Path) -> None:
    values = [filled(), *(replace(filled(), seed=100 + at) for at in range(3))]
    content = whole(values, header())
    parts = [len(whole(values[:count], header())) for count in range(1, len(values) + 1)]
    file = tmp_path / "a.journal"
    edges = {end + by for end in (0, *parts) for by in range(-9, 10)}
    for cut in sorted(edges & set(range(len(content))) | set(range(0, len(content), 97))):
        file.write_bytes(content[:cut])
        held = journal.read(file)
        expected = sum(1 for end in parts if end <= cut)
        assert (len(held.steps) + 1 if held else 0) == expected, cut


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.randoms(use_true_random=False))
def test_that_any_damage_is_passed_over_or_ends_the_journal(
    tmp_path_factory: pytest.TempPathFactory, pick: random.Random
) -> None:
    values = [filled(), *(replace(filled(), seed=100 + at) for at in range(3))]
    content = bytearray(whole(values, header()))
    for _ in range(pick.randint(1, 4)):
        content[pick.randrange(len(content))] = pick.randrange(256)
    file = tmp_path_factory.getbasetemp() / "damaged.journal"
    file.write_bytes(content)
    held = journal.read(file)
    assert held is None or held.project in values


HOSTILE = {
    "a link to nowhere": Stepped("x", 1.0, (text_of(Project()),), links=(("a", "o", "b", "i"),)),
    "links that are not there": Stepped("x", 1.0, (text_of(Project()),), links_at=5, links_gone=3),
    "negative places": Stepped("x", 1.0, (text_of(Project()),), links_at=-1),
    "a bend of no link": Stepped("x", 1.0, (text_of(Project()),), bends=((("a", "o", "b", "i"), ((1.0, 2.0),)),)),
    "no JSON": Stepped("x", 1.0, ("{",)),
    "a newer schema": Stepped("x", 1.0, ('{"version": 999}',)),
    "deep nesting": Stepped("x", 1.0, ('{"version": 1, "x": ' + "[" * 5000 + "]" * 5000 + "}",)),
    "no parts": Stepped("x", 1.0, ()),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_that_a_step_that_does_not_fit_ends_a_journal_where_it_was_sound(name: str, tmp_path: Path) -> None:
    file = tmp_path / "a.journal"
    file.write_bytes(whole([Project(), Project(seed=1)], header()) + entry(HOSTILE[name]) + entry(Moved(0, 9.0)))
    held = journal.read(file)
    assert held is not None
    assert (held.project.seed, held.index) == (1, 1)


def test_that_a_bend_at_no_number_is_refused() -> None:
    before = filled()
    link = before.graph.links[0]
    row = (link.source, link.output, link.target, link.input)
    for number in (float("nan"), float("inf"), 1e300):
        step = Stepped("x", 1.0, (text_of(Project()),), bends=((row, ((number, 0.0),)),))
        with pytest.raises(project.ProjectError, match="lies nowhere"):
            journal.applied(before, step)


@pytest.mark.parametrize("content", [b"", b"\0" * 7, b"\xff" * 400, b"{}", entry(Moved(0, 0.0))])
def test_that_what_is_no_journal_is_not_offered_and_not_deleted_at_once(content: bytes, own_home: Path) -> None:
    folder = places.journals_folder()
    folder.mkdir()
    file = folder / "a.journal"
    file.write_bytes(content)
    assert journal.lost(folder) == []
    assert file.exists()
    old = time.time() - 8 * 86_400
    os.utime(file, (old, old))
    assert journal.lost(folder) == []
    assert not file.exists()


def test_that_only_journals_of_processes_that_are_gone_are_offered(own_home: Path, tmp_path: Path) -> None:
    folder = places.journals_folder()
    folder.mkdir()
    values = [Project(), Project(seed=1)]
    (folder / "living.journal").write_bytes(whole(values, header()))
    (folder / "gone.journal").write_bytes(whole(values, header(pid=GONE)))
    reused = replace(header(), started=header().started - 1000)
    (folder / "reused id.journal").write_bytes(whole(values, reused))
    (folder / "elsewhere.journal").write_bytes(whole(values, replace(header(pid=GONE), host="another.example")))
    (folder / "clean.journal").write_bytes(whole(values, header(pid=GONE)) + entry(Moved(0, 2.0)))
    saved = tmp_path / "saved.loom"
    save(values[1], saved)
    (folder / "saved.journal").write_bytes(whole(values, header(str(saved), pid=GONE)))
    assert sorted(each.file.stem for each in journal.lost(folder)) == ["gone", "reused id"]
    left = sorted(each.stem for each in folder.iterdir())
    assert left == ["elsewhere", "gone", "living", "reused id"], "journals of clean and saved documents vanish"


# ---- writing


def test_that_what_is_appended_is_on_the_disk_and_goes_when_it_is_not_kept(tmp_path: Path) -> None:
    said: list[str] = []
    file = tmp_path / "deep" / "a.journal"
    appender = Appender(file, said.append)
    content = whole([Project(), Project(seed=3)], header())
    for start in range(0, len(content), 50):
        appender.append(content[start : start + 50])
    assert appender.flush()
    assert file.read_bytes() == content
    assert file.stat().st_mode & 0o777 == (0o600 if os.name == "posix" else file.stat().st_mode & 0o777)
    older = tmp_path / "older.journal"
    older.write_bytes(b"x")
    appender.replace(older)
    assert appender.flush()
    assert not older.exists()
    appender.close()
    appender.join()
    assert not file.exists()
    assert said == []


@pytest.mark.parametrize("call", ["open", "write", "fsync"])
def test_that_a_disk_that_refuses_is_said_and_blocks_nothing(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    real = getattr(os, call)

    def fail(*args: object, **kinds: object) -> object:
        if threading.current_thread().name != "journal":
            return real(*args, **kinds)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    older = tmp_path / "older.journal"
    older.write_bytes(b"x")
    monkeypatch.setattr(os, call, fail)
    appender = Appender(tmp_path / "a.journal", said.append)
    appender.append(b"abc")
    appender.replace(older)
    assert not appender.flush()
    assert appender.is_broken
    assert older.exists(), "the older journal stays until the new one is on the disk"
    appender.close(keep=True)
    appender.join()
    assert len(said) == 1
    assert "the disk is full" in said[0]


# ---- backups


def test_that_the_last_three_versions_of_a_file_are_kept(own_home: Path, tmp_path: Path) -> None:
    path, other = tmp_path / "net.loom", tmp_path / "sub" / "net.loom"
    other.parent.mkdir()
    for at in range(6):
        if path.exists():
            backups.keep(path, path.read_bytes())
        path.write_bytes(b"version %d" % at)
        os.utime(path, (1e9 + at, 1e9 + at))
    held = backups.backups(path)
    assert [each.file.read_bytes() for each in held] == [b"version 4", b"version 3", b"version 2"]
    assert [each.time for each in held] == [1e9 + 4, 1e9 + 3, 1e9 + 2]
    assert [each.size for each in held] == [9, 9, 9]
    backups.keep(path, b"version 4")
    assert len(backups.backups(path)) == 3, "the same version is kept once"
    assert backups.backups(other) == [], "another file of that name has backups of its own"
    assert list(tmp_path.glob("**/*.loom")) == [path], "nothing is put beside the person's file"
