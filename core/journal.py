"""A journal: what was edited since the last save, appended step by step, so that a killed window loses next to nothing.

A file of entries, each behind its length and checksum: a torn tail is noticed, and what stands before it is used. The
first step leads from the empty project to the base, the others from value to value; undo and redo are moves between
them. Each holds only what changed, in the words of a project file, and is read as strictly as one.
"""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from core.frames import ENCODE, write_all
from core.graph import Graph, Link, Node, Points
from core.project import Project, flush_folder, read_text, reason, text_of
from core.reading import ProjectError

VERSION = 1
HEAD = struct.Struct("<II")
LARGEST_ENTRY = 100_000_000
LARGEST_FILE = 500_000_000
NODES_A_PART = 100
ENDING = ".journal"

T = TypeVar("T")
Row = tuple[str, str, str, str]


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """The first entry: whose journal it is, and of which file; `clean` is the step that leads to what was saved."""

    version: int
    pid: int
    started: float
    host: str
    path: str
    known: str
    """The hash of the file as it was last read or written, "" without one."""
    clean: int
    earlier: int
    """Edits that the first step stands for beyond itself."""
    time: float


class Stepped(msgspec.Struct, frozen=True, tag="stepped", omit_defaults=True):
    """One step under its name: what is new or changed in it, and what is gone."""

    text: str
    time: float
    parts: tuple[str, ...]
    nodes_gone: tuple[str, ...] = ()
    blocks_gone: tuple[str, ...] = ()
    annotations_gone: tuple[str, ...] = ()
    links_at: int = 0
    links_gone: int = 0
    links: tuple[Row, ...] = ()
    bends: tuple[tuple[Row, Points], ...] = ()
    bends_gone: tuple[Row, ...] = ()


class Moved(msgspec.Struct, frozen=True, tag="moved"):
    """Undo or redo: that many steps lead to what is shown."""

    index: int
    time: float


class Passed(msgspec.Struct, frozen=True):
    """A step that was read: its name, and the value that it led to."""

    text: str
    after: Project


class Lost(msgspec.Struct, frozen=True):
    """What a journal holds: the base, the steps since, and where among them the person stood."""

    file: Path
    opened: Opened
    base: Project
    steps: tuple[Passed, ...]
    index: int
    clean: int
    time: float

    @property
    def project(self) -> Project:
        """What was shown last."""
        return self.steps[self.index - 1].after if self.index else self.base

    @property
    def path(self) -> Path | None:
        """The document's file, None for one that was never saved."""
        return Path(self.opened.path) if self.opened.path else None

    @property
    def edits(self) -> int:
        """How many edits were not saved."""
        return (self.index if self.clean < 0 else abs(self.index - self.clean)) + self.opened.earlier


# ---- what changed


def stepped(text: str, before: Project, after: Project, when: float) -> Generator[None, None, Stepped]:
    """The step from one value to another; it pauses between parts, so that a window can do it in slices."""
    one, two = before.graph, after.graph
    blocks = _changed(one.blocks, two.blocks)
    notes = _changed(one.annotations, two.annotations)
    parts = [text_of(replace(after, graph=Graph(annotations=notes)))]
    for name, block in blocks.items():
        yield
        parts.append(text_of(Project(Graph(blocks={name: block}))))
    yield
    nodes = list(_changed(one.nodes, two.nodes).items())
    for start in range(0, len(nodes), NODES_A_PART):
        yield
        parts.append(text_of(Project(Graph(dict(nodes[start : start + NODES_A_PART])))))
    yield
    at, gone, links = _splice(one.links, two.links)
    rows = tuple(map(_row, links))
    yield
    return Stepped(
        text,
        when,
        tuple(parts),
        _gone(one.nodes, two.nodes),
        _gone(one.blocks, two.blocks),
        _gone(one.annotations, two.annotations),
        at,
        gone,
        rows,
        tuple((_row(link), points) for link, points in _changed(one.bends, two.bends).items()),
        tuple(map(_row, _gone(one.bends, two.bends))),
    )


def _changed(before: Mapping[Any, T], after: Mapping[Any, T]) -> dict[Any, T]:
    """What is another value than before; values are shared by all that did not change them, so identity tells."""
    return {} if before is after else {key: value for key, value in after.items() if before.get(key) is not value}


def _gone(before: Mapping[T, Any], after: Mapping[T, Any]) -> tuple[T, ...]:
    return () if before is after else tuple(key for key in before if key not in after)


def _splice(before: tuple[Link, ...], after: tuple[Link, ...]) -> tuple[int, int, tuple[Link, ...]]:
    """Where two rows begin to differ, how many go there, and what comes in their place."""
    if before is after:
        return 0, 0, ()
    least = min(len(before), len(after))
    head = next((at for at in range(least) if before[at] is not after[at]), least)
    tail = next((at for at in range(least - head) if before[-1 - at] is not after[-1 - at]), least - head)
    return head, len(before) - head - tail, after[head : len(after) - tail]


def _row(link: Link) -> Row:
    return link.source, link.output, link.target, link.input


def applied(project: Project, step: Stepped) -> Project:
    """The value after a step; raises ProjectError where it does not fit."""
    parts = [read_text(text, "The journal") for text in step.parts]
    if not parts:
        raise ProjectError("The journal is damaged: a step in it is empty.")
    nodes: dict[str, Node] = _without(project.graph.nodes, step.nodes_gone)
    blocks = _without(project.graph.blocks, step.blocks_gone)
    annotations = _without(project.graph.annotations, step.annotations_gone)
    for part in parts:
        nodes |= part.graph.nodes
        blocks |= part.graph.blocks
        annotations |= part.graph.annotations
    held, end = project.graph.links, step.links_at + step.links_gone
    if not 0 <= step.links_at <= end <= len(held):
        raise ProjectError("The journal is damaged: a step in it takes away links that are not there.")
    links = (*held[: step.links_at], *(Link(*row) for row in step.links), *held[end:])
    if len({(link.target, link.input) for link in links}) < len(links):
        raise ProjectError("The journal is damaged: two links in it end at one input.")
    if any(link.source not in nodes or link.target not in nodes for link in links):
        raise ProjectError("The journal is damaged: a link in it leads nowhere.")
    bends = _without(project.graph.bends, [Link(*row) for row in step.bends_gone])
    bends |= {Link(*row): points for row, points in step.bends}
    if not bends.keys() <= set(links):
        raise ProjectError("The journal is damaged: a bend in it belongs to no link.")
    if not all(abs(number) <= 1e9 for _, points in step.bends for point in points for number in point):
        raise ProjectError("The journal is damaged: a bend in it lies nowhere.")
    return replace(parts[0], graph=Graph(nodes, links, blocks, annotations, bends))


def _without(held: Mapping[T, Any], gone: Iterable[T]) -> dict[T, Any]:
    away = set(gone)
    return {key: value for key, value in held.items() if key not in away}


# ---- the file


def entry(said: Opened | Stepped | Moved) -> bytes:
    """An entry as it stands in the file: length, checksum, and its msgpack bytes."""
    body = ENCODE(said)
    return HEAD.pack(len(body), zlib.crc32(body)) + body


ENTRY: msgspec.msgpack.Decoder[Opened | Stepped | Moved] = msgspec.msgpack.Decoder(Opened | Stepped | Moved)  # pyright: ignore[reportArgumentType]


def entries(file: Path) -> Iterator[Opened | Stepped | Moved]:
    """The entries of a journal up to its torn or damaged tail; raises OSError."""
    with file.open("rb") as opened:
        while len(head := opened.read(HEAD.size)) == HEAD.size:
            size, checksum = HEAD.unpack(head)
            body = opened.read(size) if size <= LARGEST_ENTRY else b""
            if len(body) != size or zlib.crc32(body) != checksum:
                return
            try:
                yield ENTRY.decode(body)
            except (msgspec.MsgspecError, ValueError, RecursionError):
                return


def opened(file: Path) -> Opened | None:
    """The first entry of a journal, None where there is none that this version reads; raises OSError."""
    first = next(entries(file), None)
    return first if isinstance(first, Opened) and first.version == VERSION else None


def read(file: Path) -> Lost | None:
    """What a journal holds, up to the last entry that is whole and fits; None without anything. Raises OSError."""
    if file.stat().st_size > LARGEST_FILE:
        return None
    said = entries(file)
    header = next(said, None)
    if not isinstance(header, Opened) or header.version != VERSION:
        return None
    values: list[Passed] = []
    index, clean, when = -1, header.clean, header.time
    with contextlib.suppress(ProjectError):  # from there on it does not fit: what came before is used
        for each in said:
            if isinstance(each, Stepped):
                before = values[index].after if index >= 0 else Project()
                made = Passed(each.text, applied(before, each))
                clean = -1 if index < clean < len(values) else clean  # what was saved went with what was undone
                del values[index + 1 :]
                values.append(made)
                index += 1
            elif isinstance(each, Moved) and 0 <= each.index < len(values):
                index = each.index
            else:
                break
            when = each.time
    clean = clean if clean < len(values) else -1
    return Lost(file, header, values[0].after, tuple(values[1:]), index, clean, when) if values else None


# ---- whose it is


def this_process() -> tuple[int, float, str]:
    """The id and the start of this process, and the name of this computer."""
    import psutil

    return os.getpid(), psutil.Process().create_time(), socket.gethostname()


def is_left(said: Opened) -> bool:
    """Whether the process that wrote a journal is gone; one of another computer cannot be asked."""
    import psutil

    if said.host != socket.gethostname():
        return False
    try:
        return abs(psutil.Process(said.pid).create_time() - said.started) > 2
    except psutil.NoSuchProcess:
        return True
    except (psutil.Error, ValueError, OverflowError):
        return False


def lost(folder: Path) -> list[Lost]:
    """What processes left behind that are gone, the newest first; journals with nothing in them vanish."""
    found: list[Lost] = []
    for file in sorted(folder.glob(f"*{ENDING}")) if folder.is_dir() else []:
        with contextlib.suppress(OSError):
            header = opened(file) if file.is_file() else None
            held = read(file) if header is not None and is_left(header) else None
            if held is not None and held.edits > 0 and not is_saved(held):
                found.append(held)
            elif is_spent(file) if header is None else is_left(header):
                file.unlink(missing_ok=True)
    return sorted(found, key=lambda each: each.time, reverse=True)


def is_spent(file: Path) -> bool:
    """Whether a file without a readable beginning has lain here for a week; raises OSError."""
    return file.is_file() and time.time() - file.stat().st_mtime > 7 * 86_400


def is_saved(held: Lost) -> bool:
    """Whether the document's file holds what a journal does: the window was killed between saving and forgetting."""
    try:
        return held.path is not None and held.path.read_bytes() == text_of(held.project).encode()
    except (OSError, ValueError):
        return False


class Appender:
    """A journal being written: whoever appends goes on at once, a thread writes and flushes to the disk.

    `failed(sentence)` is called on that thread when the disk refuses; what was written till then stays, and nothing
    more is written.
    """

    def __init__(self, file: Path, failed: Callable[[str], None]) -> None:
        self.file = file
        self.size = 0
        self.is_broken = False
        self._failed = failed
        self._waiting: queue.SimpleQueue[bytes | Path | threading.Event | None] = queue.SimpleQueue()
        self._after: list[Path | threading.Event] = []  # what waits for the disk
        self._is_kept = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    @property
    def is_writing(self) -> bool:
        """Whether its thread has not ended yet."""
        return self._thread.is_alive()

    def append(self, content: bytes) -> None:
        """Write this behind what is there."""
        self.size += len(content)
        self._waiting.put(content)

    def replace(self, file: Path) -> None:
        """Delete an older journal as soon as everything up to here is on the disk."""
        self._waiting.put(file)

    def flush(self, seconds: float = 10.0) -> bool:
        """Wait until everything is on the disk; False where it is not."""
        written = threading.Event()
        self._waiting.put(written)
        return written.wait(seconds) and not self.is_broken

    def close(self, keep: bool = False) -> None:
        """End it; the file goes, unless it is kept."""
        self._is_kept = keep
        self._waiting.put(None)

    def join(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join(10)

    def _run(self) -> None:
        try:
            self._write()
        except OSError as error:
            self.is_broken = True
            self._failed(f"Edits are not kept for recovery, so save often: {self.file}: {reason(error)}.")
            content: bytes | Path | threading.Event | None
            for content in self._after:
                if isinstance(content, threading.Event):
                    content.set()
            while (content := self._waiting.get()) is not None:
                if isinstance(content, threading.Event):
                    content.set()
        if not self._is_kept:
            with contextlib.suppress(OSError):
                self.file.unlink(missing_ok=True)

    def _write(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self.file, flags, 0o600)
        try:
            flush_folder(self.file.parent)
            while self._write_waiting(descriptor):
                pass
        finally:
            os.close(descriptor)

    def _write_waiting(self, descriptor: int) -> bool:
        """Write all that waits, flush it to the disk at once, and say whether more may come."""
        content = self._waiting.get()
        after = self._after = []
        try:
            while content is not None:
                if isinstance(content, bytes):
                    write_all(descriptor, content)
                else:
                    after.append(content)
                content = self._waiting.get_nowait()
        except queue.Empty:
            pass
        os.fsync(descriptor)
        for each in after:
            if isinstance(each, Path):
                with contextlib.suppress(OSError):
                    each.unlink(missing_ok=True)
            else:
                each.set()
        return content is not None
