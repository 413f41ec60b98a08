"""The library of blocks: those that come along, those of other packages, and a person's own, each a file.

A file is a project without nodes of its own: the block, and the blocks that it uses. A person's files lie in the folder
`blocks` of `places.home()`. Another package brings its folder by an entry point:

    [project.entry-points."layerloom.blocks"]
    mine = "my_package.blocks"      # a module that says: register(Path(__file__).parent)
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import msgspec

from core import places, plugins
from core import project as projects
from core.block_edits import brought_in
from core.blocks import knots, used_in
from core.graph import Graph, natural
from core.layers import CATALOGUE
from core.project import Project, ProjectError

BUILT_IN = Path(__file__).resolve().parent.parent / "resources" / "blocks"
BROUGHT: dict[str, Any] = {}
"""The files of other packages, by the name that they are registered under."""
_loaded: list[bool] = []


Origin = Literal["built-in", "plugin", "personal"]


class LibraryFault(Exception):
    """Why a block of the library cannot be read, used or kept: one sentence."""


class Entry(msgspec.Struct, frozen=True):
    """One block of the library; `fault` says in a sentence why its file cannot be used."""

    name: str
    path: Path
    origin: Origin
    help: str = ""
    fault: str = ""


def personal_folder() -> Path:
    """Where a person's own blocks lie."""
    return places.home() / "blocks"


def register(folder: Path) -> None:
    """Add the blocks in a folder to the library; for the modules of other packages."""
    for path in sorted(folder.glob("*.loom")):
        if path.stem in BROUGHT:
            raise LibraryFault(f"a block called {path.stem} is there already")
        BROUGHT[path.stem] = path


def entries() -> tuple[Entry, ...]:
    """Every block of the library in natural order; of one name the person's own comes before the others."""
    found: dict[str, Entry] = {}
    for path, origin in _files():
        entry = _entry(path, origin)
        found[entry.name] = entry
    return tuple(found[name] for name in sorted(found, key=natural))


def load(name: str) -> Graph:
    """A graph without nodes that holds the block of that name and the blocks that it uses; raises LibraryFault."""
    known = entries()
    entry = next((each for each in known if each.name == name), None)
    if entry is None:
        raise LibraryFault(f"There is no block {name!r} in the library; there are {', '.join(e.name for e in known)}.")
    return read(entry.path)


def read(path: Path) -> Graph:
    """What a library file holds; raises LibraryFault in one sentence where that is no sound block."""
    try:
        graph = projects.load(path).graph
    except ProjectError as error:
        raise LibraryFault(str(error)) from None
    _expect_sound(graph, path.name)
    return Graph(blocks=graph.blocks)


def comes_along(name: str) -> bool:
    """Whether a block of that name is built in or brought by another package: a person's own one hides it."""
    return any(_entry(path, origin).name == name for path, origin in _files() if origin != "personal")


def main_block(graph: Graph) -> str:
    """The block of a library graph that no other one uses; raises LibraryFault where that is not one alone."""
    inner = {node.layer for block in graph.blocks.values() for node in block.nodes.values()}
    found = sorted(set(graph.blocks) - inner, key=natural)
    if len(found) != 1:
        said = "holds no block" if not found else f"holds several blocks side by side ({', '.join(found[:4])})"
        raise LibraryFault(f"This {said}: a file of the library holds one, and what that one uses.")
    return found[0]


def save(graph: Graph, name: str, replacing: bool = False) -> Path:
    """Keep a block of a graph, and what it uses, as a person's own; raises LibraryFault.

    Another block that is kept under that name stays, but with `replacing`.
    """
    if name not in graph.blocks:
        raise LibraryFault(f"There is no block {name!r} in this project.")
    held = used_in(graph.blocks[name].nodes, graph.blocks)
    kept = Graph(blocks={each: block for each, block in graph.blocks.items() if each == name or each in held})
    _expect_sound(kept, f"The block {name}")
    path = _path_for(name)
    if path.exists() and not replacing and not _same_file(path, kept):
        raise LibraryFault(f"Your library has another block {name} already: choose another name, or replace it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        projects.save(Project(kept), path)
    except OSError as error:
        raise LibraryFault(f"{path.parent} cannot be made: {projects.reason(error)}.") from None
    except ProjectError as error:
        raise LibraryFault(str(error)) from None
    return path


def removed(name: str) -> None:
    """Take a block out of the person's own; raises LibraryFault where there is none."""
    path = _path_for(name)
    try:
        path.unlink()
    except OSError as error:
        raise LibraryFault(f"{name} cannot be removed from your library: {projects.reason(error)}.") from None


def added(graph: Graph, brought: Graph) -> tuple[Graph, str]:
    """The graph with a library's block and what it uses, and the block's name there."""
    graph, names = brought_in(graph, brought.blocks)
    return graph, names[main_block(brought)]


# ---- files


def _files() -> list[tuple[Path, Origin]]:
    """The files of the library; of one name the last one counts."""
    if not _loaded:
        _loaded.append(True)
        plugins.load("layerloom.blocks", BROUGHT, _plugin_fault)
    built_in = BUILT_IN if BUILT_IN.is_dir() else _installed()
    found: list[tuple[Path, Origin]] = [(path, "built-in") for path in sorted(built_in.glob("*.loom"))]
    found.extend((path, "plugin") for path in BROUGHT.values())
    try:
        own = sorted(personal_folder().glob("*.loom"))
    except OSError:
        own = []
    found.extend((path, "personal") for path in own)
    return found


def _installed() -> Path:
    import importlib.resources

    return Path(str(importlib.resources.files("resources").joinpath("blocks")))


def _plugin_fault(path: Any) -> str:
    """What is wrong with a file of another package, in words that follow its name, or nothing."""
    try:
        read(path)
    except LibraryFault as fault:
        return f"cannot be used ({fault})"
    return ""


def _entry(path: Path, origin: Origin) -> Entry:
    try:
        graph = read(path)
    except LibraryFault as fault:
        return Entry(path.stem, path, origin, fault=str(fault))
    name = main_block(graph)
    return Entry(name, path, origin, graph.blocks[name].help)


def _path_for(name: str) -> Path:
    """The file of a person's block: under its name, or where no file can be called so, under one like it."""
    plain = re.sub(r"[^\w\- ]", "_", name)[:80].strip() or "block"
    if plain == name:
        return personal_folder() / f"{name}.loom"
    for path in sorted(personal_folder().glob("*.loom")):
        if _entry(path, "personal").name == name:
            return path
    number = 1
    while (path := personal_folder() / f"{plain}_{number}.loom").exists():
        number += 1
    return path


def _same_file(path: Path, kept: Graph) -> bool:
    try:
        return projects.drawing(Project(read(path))) == projects.drawing(Project(kept))
    except LibraryFault:
        return False


def _expect_sound(graph: Graph, where: str) -> None:
    """Refuse blocks that hold themselves, have a layer's name or give nothing, and a file that has no one block."""
    for way in knots(graph.blocks):
        around = " → ".join([*way, way[0]])
        raise LibraryFault(f"{where} cannot be used, because {around} is a circle: a block cannot hold itself.")
    for name, block in graph.blocks.items():
        if name in CATALOGUE:
            raise LibraryFault(f"{where} cannot be used, because its block {name} has the name of a layer: rename it.")
        if not any(node.layer == "Output" for node in block.nodes.values()):
            raise LibraryFault(
                f"{where} cannot be used, because nothing comes out of its block {name[:60]}: put an Output behind its "
                "last layer."
            )
    try:
        main_block(graph)
    except LibraryFault as fault:
        raise LibraryFault(str(fault).replace("This", where, 1)) from None
