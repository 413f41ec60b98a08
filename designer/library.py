"""The library of blocks in the window: read once when it is first wanted, and again when a block was saved."""

from __future__ import annotations

from pathlib import Path

from core import library
from core import project as projects
from core.graph import Graph
from core.layers import Layer
from core.layers.block import declaration
from core.library import LibraryFault, comes_along
from core.project import Project
from designer.words import tr

__all__ = [
    "LibraryFault", "comes_along", "declared", "faults", "hidden_by", "load", "names", "remove", "save", "take",
]  # fmt: skip

_held: dict[str, Graph] = {}
_faults: list[str] = []
_read: list[tuple[Path, list[tuple[str, int]]]] = []
"""The person's folder, and how it looked when the library was read."""


def load() -> None:
    """Read the files of the library, unless nothing has come or gone in the person's folder since."""
    stamp = _stamp()
    if _read == [stamp]:
        return
    _read[:] = [stamp]
    _held.clear()
    _faults.clear()
    for entry in library.entries():
        if entry.fault:
            _faults.append(entry.fault)
            continue
        _held[entry.name] = library.read(entry.path)


def _stamp() -> tuple[Path, list[tuple[str, int]]]:
    folder = library.personal_folder()
    try:
        return folder, sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.loom"))
    except OSError:
        return folder, []


def _is_read() -> bool:
    """Whether what is held is the library of the folder that is in use."""
    return bool(_read) and _read[0][0] == library.personal_folder()


def faults() -> tuple[str, ...]:
    """What is wrong with files of the library, one sentence each."""
    return tuple(_faults)


def names() -> tuple[str, ...]:
    """The blocks of the library; none before it has been read."""
    return tuple(_held) if _is_read() else ()


def declared(name: str) -> type[Layer] | None:
    """The declaration of a block of the library."""
    graph = _held.get(name) if _is_read() else None
    return declaration(name, graph.blocks[name]) if graph is not None else None


def hidden_by(graph: Graph, name: str) -> str:
    """What is said of a project's block that has the name of another one in the library, with the way out; else ""."""
    load()
    held = _held.get(name)
    if held is None or _computed(held, name) == _computed(graph, name):
        return ""
    return tr("{name} hides the library's block of that name in this project: rename it to have both.", name=name)


def _computed(graph: Graph, name: str) -> object:
    return projects.drawing(Project(Graph(blocks={name: graph.blocks[name]})))


def take(graph: Graph, name: str) -> tuple[Graph, str]:
    """The graph with a block of the library and what it uses, and its name there; raises LibraryFault."""
    return library.added(graph, _held[name]) if name in _held else library.added(graph, library.load(name))


def save(graph: Graph, name: str, replacing: bool = False) -> None:
    """Keep a block of a graph as a person's own; raises LibraryFault."""
    library.save(graph, name, replacing)
    load()


def remove(name: str) -> Graph:
    """Take a block out of the person's own, and give what was kept; raises LibraryFault."""
    held = library.load(name)
    library.removed(name)
    load()
    return held


def holds_own(name: str) -> bool:
    """Whether the person has kept a block under that name."""
    return any(entry.name == name and entry.origin == "personal" for entry in library.entries())
