"""The project as a value: graph, data, training settings and seed; and its file, readable JSON under `.loom`.

The file holds no weights (they live in run folders) and nothing in it is ever executed. What this version does
not know is kept through load and save.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from core import edits, strict_json
from core import graph as graphs
from core.frames import write_all
from core.graph import Annotation, Block, BlockParameter, Graph, Link, Node, Points, natural
from core.parameters import read
from core.reading import ProjectError, Reading, frozen
from core.repairs import Repair, SetData
from core.training import Split, Training

VERSION = 1
LARGEST_FILE = 50_000_000
TEMPORARY = ".tmp"
NODE_KEYS = ("layer", "values", "at", "muted", "note", "weights", "shares", "collapsed", "tight")
PARAMETER_KEYS = tuple(name for name in BlockParameter.__struct_fields__ if name != "extra")
DRAWING_KEYS = ("nodes", "links", "annotations", "bends")
ANNOTATION_KEYS = ("kind", "at", "size", "text", "colour")
SMALLEST, LARGEST = 22.0, 1_000_000.0
"""Between these are the sides of an annotation."""
WORDS = {"kind": "note", "colour": ""}
LONGEST_TEXT = 10_000
MOST_POINTS = 40
"""Through so many points a link can be led."""


class Data(msgspec.Struct, frozen=True):
    """Which data set, the values that differ from its defaults, and how its rows are split (see `training.Split`)."""

    source: str = ""
    values: dict[str, Any] = {}
    split: dict[str, Any] = {}
    extra: dict[str, Any] = {}


class Project(msgspec.Struct, frozen=True):
    """Everything that a person designs. `training` holds the values that differ from `training.Training`'s defaults."""

    graph: Graph = Graph()
    data: Data = Data()
    training: dict[str, Any] = {}
    seed: int = 0
    palette: tuple[str, ...] = ()
    """The layers that the palette opens on, in this order; none for a palette that the person chooses."""
    extra: dict[str, Any] = {}


def training_of(project: Project) -> Training:
    """The training settings, with the default where a value does not fit (check says so)."""
    return read(Training, project.training)[0]


def split_of(project: Project) -> Split:
    """The split settings, with the default where a value does not fit (check says so)."""
    return read(Split, project.data.split)[0]


def sums(project: Project) -> bool:
    """Whether a loss grows with the batch, so that rows are measured in the batches of training to compare."""
    return any(node.values.get("reduction") == "sum" for node in project.graph.nodes.values())


def repaired(project: Project, repair: Repair) -> Project:
    """The project after a repair, of the graph or of the data settings."""
    data = project.data
    for edit in repair.edits:
        if isinstance(edit, SetData):
            data = replace(data, **{edit.name: edit.value})
    return replace(project, graph=edits.repaired(project.graph, repair), data=data)


def drawing(project: Project) -> Any:
    """What a network computes, for comparing: without where its nodes stand, how they look, and what is noted."""
    # A tuple that has come over the wire is a list.
    graph = project.graph
    blocks = {name: (_drawn(block.nodes), set(block.links), block.parameters) for name, block in graph.blocks.items()}
    return _drawn(graph.nodes), set(graph.links), blocks


def _drawn(nodes: Mapping[str, Node]) -> Any:
    return {
        node_id: (node.layer, frozen(node.values), node.muted, frozen(node.weights), node.shares)
        for node_id, node in nodes.items()
    }


# ---- the file


def text_of(project: Project) -> str:
    """The project as JSON: sorted keys, one node and one link a line; the same project always gives the same text."""
    parts: dict[str, str] = {key: _json(value) for key, value in project.extra.items()}
    data = {"source": project.data.source, "values": project.data.values, "split": project.data.split}
    parts["data"] = _json({**project.data.extra, **{key: value for key, value in data.items() if value}})
    if project.graph.blocks:
        named = sorted(project.graph.blocks.items(), key=lambda item: natural(item[0]))
        parts["blocks"] = _lines("{}", [f"{_json(name)}: {_block_text(block)}" for name, block in named])
    parts |= _drawing_parts(project.graph, "  ")
    if project.palette:
        parts["palette"] = _json(list(project.palette))
    parts["seed"] = _json(project.seed)
    parts["training"] = _json(project.training)
    parts["version"] = _json(VERSION)
    return _lines("{}", [f"{_json(key)}: {parts[key]}" for key in sorted(parts)], indent=" ") + "\n"


def _drawing_parts(drawn: Graph | Block, indent: str) -> dict[str, str]:
    """Nodes, links and what is only seen as JSON, one a line."""
    rows = [_json(_row(link)) for link in sorted(drawn.links, key=graphs.link_key)]
    parts = {
        "nodes": _lines("{}", _named({name: _node_document(node) for name, node in drawn.nodes.items()}), indent),
        "links": _lines("[]", rows, indent),
    }
    if drawn.annotations:
        seen = {name: _annotation_document(each) for name, each in drawn.annotations.items()}
        parts["annotations"] = _lines("{}", _named(seen), indent)
    if drawn.bends:
        led = sorted(drawn.bends, key=graphs.link_key)
        points = [_json([*_row(link), *([_short(x), _short(y)] for x, y in drawn.bends[link])]) for link in led]
        parts["bends"] = _lines("[]", points, indent)
    return parts


def _row(link: Link) -> list[str]:
    return [link.source, link.output, link.target, link.input]


def _named(documents: Mapping[str, Any]) -> list[str]:
    ordered = sorted(documents.items(), key=lambda item: natural(item[0]))
    return [f"{_json(name)}: {_json(document)}" for name, document in ordered]


def _annotation_document(annotation: Annotation) -> dict[str, Any]:
    at, size = (annotation.x, annotation.y), (annotation.width, annotation.height)
    known = {"kind": annotation.kind, "at": list(map(_short, at)), "size": list(map(_short, size))}
    optional = {"text": annotation.text, "colour": annotation.colour}
    return {**annotation.extra, **known, **{key: value for key, value in optional.items() if value}}


def _block_text(block: Block) -> str:
    """A block as JSON, its nodes and links one a line."""
    parts: dict[str, str] = {key: _json(value) for key, value in block.extra.items()}
    parts |= _drawing_parts(block, "    ")
    if block.parameters:
        parts["parameters"] = _lines("[]", [_json(_parameter_document(each)) for each in block.parameters], "    ")
    if block.help:
        parts["help"] = _json(block.help)
    return _lines("{}", [f"{_json(key)}: {parts[key]}" for key in sorted(parts)], "   ")


def _parameter_document(parameter: BlockParameter) -> dict[str, Any]:
    bare = BlockParameter(parameter.name)
    said = {name: getattr(parameter, name) for name in BlockParameter.__struct_fields__}
    kept = ("name", "kind", "default")
    known = {name: value for name, value in said.items() if name in kept or value != getattr(bare, name)}
    known.pop("extra", None)
    return {**parameter.extra, **known}


def _lines(brackets: str, lines: list[str], indent: str = "  ") -> str:
    if not lines:
        return brackets
    return brackets[0] + "\n" + ",\n".join(indent + line for line in lines) + "\n" + indent[1:] + brackets[1]


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False)


def _node_document(node: Node) -> dict[str, Any]:
    known: dict[str, Any] = {"layer": node.layer, "at": [_short(node.x), _short(node.y)]}
    optional = {
        "values": node.values,
        "muted": node.muted,
        "note": node.note,
        "weights": node.weights,
        "shares": node.shares,
        "collapsed": node.collapsed,
        "tight": node.tight,
    }
    return {**node.extra, **known, **{key: value for key, value in optional.items() if value}}


def _short(number: float) -> float | int:
    return int(number) if float(number).is_integer() else round(number, 2)


def read_text(text: str | bytes, name: str = "The project") -> Project:
    """A project from its JSON; raises ProjectError with one sentence."""
    document = _parsed(text, name)
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ProjectError(
            f'{name} is not a Layerloom project: it has no schema version (expected "version": {VERSION}).'
        )
    if version > VERSION:
        raise ProjectError(
            f"{name} was written by a newer Layerloom (schema version {version}, this one reads up to {VERSION}); "
            "update Layerloom to open it. The file was not changed."
        )
    return _Reader(name).project(document)


def _parsed(text: str | bytes, name: str) -> dict[str, Any]:
    if len(text) > LARGEST_FILE:
        raise ProjectError(
            f"{name} is larger than {LARGEST_FILE // 1_000_000} MB, which no project needs; it was not opened."
        )
    try:
        document = strict_json.read(text)
    except ValueError as error:
        raise ProjectError(
            f"{name} cannot be read: {str(error)[:200]}; restore it from a backup or mend that."
        ) from None
    if not isinstance(document, dict):
        raise ProjectError(
            f"{name} is not a Layerloom project: expected a JSON object, received a {type(document).__name__}."
        )
    return cast("dict[str, Any]", document)


class _Reader(Reading):
    """Reads a parsed document into a project."""

    def project(self, document: dict[str, Any]) -> Project:
        known = {"version", *DRAWING_KEYS, "blocks", "data", "training", "seed", "palette"}
        blocks = self.fields(document.get("blocks", {}), "blocks")
        drawn = self.drawing(document, "")
        data = self.fields(document.get("data", {}), "data")
        return Project(
            graph=replace(drawn, blocks={name: self.block(name, value) for name, value in blocks.items()}),
            data=Data(
                self.text(data.get("source", ""), "data.source"),
                self.fields(frozen(data.get("values", {})), "data.values"),
                self.fields(frozen(data.get("split", {})), "data.split"),
                _others(data, ("source", "values", "split")),
            ),
            training=self.fields(frozen(document.get("training", {})), "training"),
            seed=self.whole(document.get("seed", 0), "seed"),
            palette=self.palette(document.get("palette", [])),
            extra=_others(document, known),
        )

    def drawing(self, document: dict[str, Any], within: str) -> Graph:
        rows = self.fields(document.get("nodes", {}), f"{within}nodes")
        nodes = {node_id: self.node(node_id, value, within) for node_id, value in rows.items()}
        links = self.links(document.get("links", []), nodes, within)
        seen = self.fields(document.get("annotations", {}), f"{within}annotations")
        annotations = {name: self.annotation(name, value, within) for name, value in seen.items()}
        return Graph(nodes, links, {}, annotations, self.bends(document.get("bends", []), links, within))

    def block(self, name: str, value: Any) -> Block:
        where = f"blocks.{name[:60]}"
        if not name.strip() or len(name) > 10_000:
            raise self.refusal(where, "a name", repr(name[:60]))
        document = self.fields(value, where)
        drawn = self.drawing(document, f"{where}.")
        rows = self.items(document.get("parameters", []), f"{where}.parameters")
        return Block(
            drawn.nodes,
            drawn.links,
            tuple(self.parameter(row, f"{where}.parameters[{index}]") for index, row in enumerate(rows)),
            self.text(document.get("help", ""), f"{where}.help"),
            _others(document, (*DRAWING_KEYS, "parameters", "help")),
            drawn.annotations,
            drawn.bends,
        )

    def parameter(self, value: Any, where: str) -> BlockParameter:
        document = self.fields(value, where)
        if "name" not in document:
            raise self.refusal(where, "a parameter with a name", "one without")
        known = {key: each for key, each in document.items() if key in PARAMETER_KEYS}
        try:
            made = msgspec.convert(frozen(known), BlockParameter)
            return replace(made, extra=_others(document, PARAMETER_KEYS))
        except msgspec.ValidationError as error:
            raise self.refusal(where, "a block's parameter", str(error)[:80]) from None

    def node(self, node_id: str, value: Any, within: str = "") -> Node:
        where = f"{within}nodes.{node_id[:60]}"
        if not node_id.strip() or len(node_id) > 10_000:
            raise self.refusal(where, "a name", repr(node_id[:60]))
        document = self.fields(value, where)
        x, y = self.pair(document.get("at", [0, 0]), where + ".at")
        return Node(
            layer=self.text(document.get("layer"), where + ".layer"),
            values=self.fields(frozen(document.get("values", {})), where + ".values"),
            x=x,
            y=y,
            muted=self.flag(document.get("muted", False), where + ".muted"),
            note=self.text(document.get("note", ""), where + ".note"),
            weights=self.fields(frozen(document.get("weights", {})), where + ".weights"),
            shares=self.text(document.get("shares", ""), where + ".shares"),
            collapsed=self.flag(document.get("collapsed", False), where + ".collapsed"),
            tight=self.flag(document.get("tight", False), where + ".tight"),
            extra=_others(document, NODE_KEYS),
        )

    def annotation(self, name: str, value: Any, within: str) -> Annotation:
        where = f"{within}annotations.{name[:60]}"
        if not name.strip() or len(name) > 200:
            raise self.refusal(where, "a name", repr(name[:60]))
        document = self.fields(value, where)
        text = self.text(document.get("text", ""), where + ".text")
        if len(text) > LONGEST_TEXT:
            raise self.refusal(where + ".text", f"at most {LONGEST_TEXT:,} characters", f"{len(text):,} long")
        width, height = self.pair(document.get("size", [198, 110]), where + ".size")
        if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
            raise self.refusal(where + ".size", f"from {SMALLEST:g} to {LARGEST:,.0f}", f"{width:g} by {height:g}")
        kind, colour = (self.text(document.get(key, word), f"{where}.{key}") for key, word in WORDS.items())
        at = self.pair(document.get("at", [0, 0]), where + ".at")
        return Annotation(kind, *at, width, height, text, colour, _others(document, ANNOTATION_KEYS))

    def bends(self, value: Any, links: Sequence[Link], within: str) -> dict[Link, Points]:
        """The points by link; a link that is not there has gone in a version that does not know its points."""
        made: dict[Link, Points] = {}
        for index, row in enumerate(self.items(value, f"{within}bends")):
            where = f"{within}bends[{index}]"
            parts = self.items(row, where)
            if not 5 <= len(parts) <= 4 + MOST_POINTS:
                raise self.refusal(where, f"a link and up to {MOST_POINTS} points", f"{len(parts)} parts")
            link = Link(*(self.text(part, where) for part in parts[:4]))
            if link in made:
                raise self.refusal(where, "one row for each link", f"a second one for {link.target[:60]}")
            made[link] = tuple(self.pair(part, where) for part in parts[4:])
        return {link: made[link] for link in links if link in made}

    def pair(self, value: Any, where: str) -> tuple[float, float]:
        parts = self.items(value, where)
        if len(parts) != 2:
            raise self.refusal(where, "two numbers", f"{len(parts)} of them")
        x, y = (self.number(part, where) for part in parts)
        return x, y

    def links(self, value: Any, nodes: Mapping[str, Node], within: str = "") -> tuple[Link, ...]:
        made: dict[tuple[str, str], Link] = {}
        for index, row in enumerate(self.items(value, f"{within}links")):
            where = f"{within}links[{index}]"
            parts = [self.text(part, where) for part in self.items(row, where)]
            if len(parts) != 4:
                raise self.refusal(where, "[source, output, target, input]", f"{len(parts)} words")
            link = Link(*parts)
            missing = next((end for end in (link.source, link.target) if end not in nodes), None)
            if missing is not None:
                raise self.refusal(where, "nodes that are in the file", f"{missing[:60]!r}")
            if (link.target, link.input) in made:
                raise self.refusal(
                    where, "one link for each input", f"a second one for {link.target[:60]}.{link.input[:60]}"
                )
            made[link.target, link.input] = link
        return tuple(sorted(made.values(), key=graphs.link_key))

    def palette(self, value: Any) -> tuple[str, ...]:
        names = tuple(self.text(name, f"palette[{index}]") for index, name in enumerate(self.items(value, "palette")))
        for index, name in enumerate(names):
            if not name.strip() or len(name) > 200:
                raise self.refusal(f"palette[{index}]", "the name of a layer", repr(name[:60]))
            if name in names[:index]:
                raise self.refusal(f"palette[{index}]", "a layer that is not yet in the palette", repr(name[:60]))
        return names


def _others(document: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """What this version does not know, which is kept."""
    return {key: value for key, value in document.items() if key not in known}


def load(path: Path) -> Project:
    """The project in a file; raises ProjectError with one sentence."""
    return read_text(content_of(path), path.name)


def content_of(path: Path) -> bytes:
    """The bytes of a project file; raises ProjectError with one sentence."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise ProjectError(f"{path} is not a file that can be opened; choose a .loom file.")
        if path.stat().st_size > LARGEST_FILE:
            raise ProjectError(
                f"{path.name} is larger than {LARGEST_FILE // 1_000_000} MB, which no project needs; it was not opened."
            )
        return path.read_bytes()
    except OSError as error:
        raise ProjectError(f"{path} cannot be opened: {reason(error)}.") from None


def save(project: Project, path: Path) -> bytes:
    """Write the project atomically, and say what was written: the file is the old or the new version, never less.

    Raises ProjectError.
    """
    try:
        content = text_of(project).encode("utf-8")
        write_atomically(path, content)
        sweep(path)
        return content
    except UnicodeError:
        raise ProjectError(
            f"{path.name} was not saved: a name or a text in the project is not valid Unicode."
        ) from None
    except OSError as error:
        raise ProjectError(f"{path} was not saved: {reason(error)}.") from None


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file by way of a temporary one beside it, flushed to the disk; raises OSError.

    A link to a file goes on being one: what it leads to is replaced.
    """
    path = Path(os.path.realpath(path))
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=TEMPORARY, dir=path.parent)
    try:
        try:
            write_all(descriptor, content)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if path.exists():
            Path(temporary).chmod(path.stat().st_mode & 0o777)
        elif os.name == "posix":
            mask = os.umask(0)
            os.umask(mask)
            Path(temporary).chmod(0o666 & ~mask)
        os.replace(temporary, path)  # noqa: PTH105 - the tests make just this call fail
    except BaseException:
        with contextlib.suppress(OSError):  # what went wrong first is what is said
            Path(temporary).unlink(missing_ok=True)
        raise
    with contextlib.suppress(OSError):  # the file stands; some network drives cannot flush a folder
        flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Flush a folder to the disk, so that a new name in it survives a power loss; raises OSError."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sweep(path: Path) -> None:
    """Take away what a save of this file left beside it when it was killed, more than a minute ago."""
    before = time.time() - 60
    with contextlib.suppress(OSError):
        for each in os.scandir(Path(os.path.realpath(path)).parent):
            is_left = each.name.startswith(f".{path.name}.") and each.name.endswith(TEMPORARY)
            if is_left and each.is_file(follow_symlinks=False) and each.stat().st_mtime < before:
                Path(each.path).unlink(missing_ok=True)


def reason(error: OSError) -> str:
    """Why the system refused, in words that a person can act on."""
    import errno

    words: Mapping[int | None, str] = {
        errno.ENOENT: "there is no such file or folder",
        errno.EACCES: "you have no permission; choose another place or ask for access",
        errno.EPERM: "you have no permission; choose another place or ask for access",
        errno.EROFS: "the place is read-only; choose another one",
        errno.ENOSPC: "the disk is full; free some space and try again",
        errno.EISDIR: "it is a folder",
        errno.ENOTDIR: "a part of the path is not a folder",
    }
    return words.get(error.errno, error.strerror or str(error))
