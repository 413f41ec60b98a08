"""The project as a value: graph, data, training settings and seed; and its file, readable JSON under `.loom`.

The file holds no weights (they live in run folders) and nothing in it is ever executed. What this version does
not know is kept through load and save.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import msgspec

from core import edits, strict_json
from core import graph as graphs
from core.graph import Block, BlockParameter, Graph, Link, Node, natural
from core.parameters import read
from core.repairs import Repair, SetData
from core.training import Split, Training

VERSION = 1
LARGEST_FILE = 50_000_000
NODE_KEYS = ("layer", "values", "at", "muted", "note", "weights", "shares")


class Data(msgspec.Struct, frozen=True):
    """Which data set, the values that differ from its defaults, and how its rows are split (see `training.Split`)."""

    source: str = ""
    values: dict[str, Any] = {}
    split: dict[str, Any] = {}


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
            data = msgspec.structs.replace(data, **{edit.name: edit.value})
    return msgspec.structs.replace(project, graph=edits.repaired(project.graph, repair), data=data)


def drawing(project: Project) -> Any:
    """What a network computes, for comparing: without where its nodes stand and what is noted at them."""
    # A tuple that has come over the wire is a list.
    graph = project.graph
    blocks = {name: (_drawn(block.nodes), set(block.links), block.parameters) for name, block in graph.blocks.items()}
    return _drawn(graph.nodes), set(graph.links), blocks


def _drawn(nodes: Mapping[str, Node]) -> Any:
    return {
        node_id: (node.layer, frozen(node.values), node.muted, frozen(node.weights), node.shares)
        for node_id, node in nodes.items()
    }


class ProjectError(Exception):
    """A project file that cannot be read or written: one sentence that names file, place and way out."""


# ---- the file


def text_of(project: Project) -> str:
    """The project as JSON: sorted keys, one node and one link a line; the same project always gives the same text."""
    parts: dict[str, str] = {key: _json(value) for key, value in project.extra.items()}
    data = {"source": project.data.source, "values": project.data.values, "split": project.data.split}
    parts["data"] = _json({key: value for key, value in data.items() if value})
    if project.graph.blocks:
        named = sorted(project.graph.blocks.items(), key=lambda item: natural(item[0]))
        parts["blocks"] = _lines("{}", [f"{_json(name)}: {_block_text(block)}" for name, block in named])
    parts |= _drawing_parts(project.graph.nodes, project.graph.links, "  ")
    if project.palette:
        parts["palette"] = _json(list(project.palette))
    parts["seed"] = _json(project.seed)
    parts["training"] = _json(project.training)
    parts["version"] = _json(VERSION)
    return _lines("{}", [f"{_json(key)}: {parts[key]}" for key in sorted(parts)], indent=" ") + "\n"


def _drawing_parts(nodes: Mapping[str, Node], links: Sequence[Link], indent: str) -> dict[str, str]:
    """Nodes and links as JSON, one a line."""
    ordered = sorted(nodes.items(), key=lambda item: natural(item[0]))
    rows = [_json([link.source, link.output, link.target, link.input]) for link in sorted(links, key=graphs.link_key)]
    return {
        "nodes": _lines("{}", [f"{_json(name)}: {_json(_node_document(node))}" for name, node in ordered], indent),
        "links": _lines("[]", rows, indent),
    }


def _block_text(block: Block) -> str:
    """A block as JSON, its nodes and links one a line."""
    parts: dict[str, str] = {key: _json(value) for key, value in block.extra.items()}
    parts |= _drawing_parts(block.nodes, block.links, "    ")
    if block.parameters:
        parts["parameters"] = _lines("[]", [_json(_parameter_document(each)) for each in block.parameters], "    ")
    if block.help:
        parts["help"] = _json(block.help)
    return _lines("{}", [f"{_json(key)}: {parts[key]}" for key in sorted(parts)], "   ")


def _parameter_document(parameter: BlockParameter) -> dict[str, Any]:
    bare = BlockParameter(parameter.name)
    said = {name: getattr(parameter, name) for name in BlockParameter.__struct_fields__}
    kept = ("name", "kind", "default")
    return {name: value for name, value in said.items() if name in kept or value != getattr(bare, name)}


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


class _Reader:
    """Reads a parsed document into a project; every refusal names the file and the place in it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def project(self, document: dict[str, Any]) -> Project:
        known = {"version", "nodes", "links", "blocks", "data", "training", "seed", "palette"}
        blocks = self.fields(document.get("blocks", {}), "blocks")
        nodes, links = self.drawing(document, "")
        data = self.fields(document.get("data", {}), "data")
        return Project(
            graph=Graph(nodes, links, {name: self.block(name, value) for name, value in blocks.items()}),
            data=Data(
                self.text(data.get("source", ""), "data.source"),
                self.fields(frozen(data.get("values", {})), "data.values"),
                self.fields(frozen(data.get("split", {})), "data.split"),
            ),
            training=self.fields(frozen(document.get("training", {})), "training"),
            seed=self.whole(document.get("seed", 0), "seed"),
            palette=self.palette(document.get("palette", [])),
            extra={key: value for key, value in document.items() if key not in known},
        )

    def drawing(self, document: dict[str, Any], within: str) -> tuple[dict[str, Node], tuple[Link, ...]]:
        rows = self.fields(document.get("nodes", {}), f"{within}nodes")
        nodes = {node_id: self.node(node_id, value, within) for node_id, value in rows.items()}
        return nodes, self.links(document.get("links", []), nodes, within)

    def block(self, name: str, value: Any) -> Block:
        where = f"blocks.{name[:60]}"
        if not name.strip() or len(name) > 10_000:
            raise self.refusal(where, "a name", repr(name[:60]))
        document = self.fields(value, where)
        nodes, links = self.drawing(document, f"{where}.")
        rows = self.items(document.get("parameters", []), f"{where}.parameters")
        return Block(
            nodes,
            links,
            tuple(self.parameter(row, f"{where}.parameters[{index}]") for index, row in enumerate(rows)),
            self.text(document.get("help", ""), f"{where}.help"),
            {key: each for key, each in document.items() if key not in ("nodes", "links", "parameters", "help")},
        )

    def parameter(self, value: Any, where: str) -> BlockParameter:
        document = self.fields(value, where)
        if "name" not in document:
            raise self.refusal(where, "a parameter with a name", "one without")
        try:
            return msgspec.convert(frozen(document), BlockParameter)
        except msgspec.ValidationError as error:
            raise self.refusal(where, "a block's parameter", str(error)[:80]) from None

    def node(self, node_id: str, value: Any, within: str = "") -> Node:
        where = f"{within}nodes.{node_id[:60]}"
        if not node_id.strip() or len(node_id) > 10_000:
            raise self.refusal(where, "a name", repr(node_id[:60]))
        document = self.fields(value, where)
        at = self.items(document.get("at", [0, 0]), where + ".at")
        if len(at) != 2:
            raise self.refusal(where + ".at", "two numbers", f"{len(at)} of them")
        x, y = (self.number(part, where + ".at") for part in at)
        return Node(
            layer=self.text(document.get("layer"), where + ".layer"),
            values=self.fields(frozen(document.get("values", {})), where + ".values"),
            x=x,
            y=y,
            muted=self.flag(document.get("muted", False), where + ".muted"),
            note=self.text(document.get("note", ""), where + ".note"),
            weights=self.fields(frozen(document.get("weights", {})), where + ".weights"),
            shares=self.text(document.get("shares", ""), where + ".shares"),
            extra={key: each for key, each in document.items() if key not in NODE_KEYS},
        )

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

    def fields(self, value: Any, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.refusal(where, "an object", named(value))
        return cast("dict[str, Any]", value)

    def items(self, value: Any, where: str) -> list[Any]:
        if not isinstance(value, list):
            raise self.refusal(where, "a list", named(value))
        return cast("list[Any]", value)

    def text(self, value: Any, where: str) -> str:
        if not isinstance(value, str):
            raise self.refusal(where, "text", named(value))
        return value

    def flag(self, value: Any, where: str) -> bool:
        if not isinstance(value, bool):
            raise self.refusal(where, "true or false", named(value))
        return value

    def number(self, value: Any, where: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e9:
            raise self.refusal(where, "a number up to a billion", str(value)[:40])
        return float(value)

    def whole(self, value: Any, where: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
            raise self.refusal(where, "a whole number from 0", str(value)[:40])
        return value

    def refusal(self, where: str, expected: str, received: str) -> ProjectError:
        return ProjectError(
            f"{self.name} cannot be read: {where} should be {expected}, but is {received}; "
            "restore it from a backup or mend that line."
        )


def named(value: Any) -> str:
    """What kind of JSON value this is, in words."""
    words = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return words.get(cast("type[Any]", type(value)), "nothing")


def frozen(value: Any) -> Any:
    """A JSON value with its lists as tuples, as parameters hold them."""
    if isinstance(value, list):
        return tuple(frozen(part) for part in cast("list[Any]", value))
    if isinstance(value, dict):
        return {key: frozen(part) for key, part in cast("dict[str, Any]", value).items()}
    return value


def load(path: Path) -> Project:
    """The project in a file; raises ProjectError with one sentence."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise ProjectError(f"{path} is not a file that can be opened; choose a .loom file.")
        if path.stat().st_size > LARGEST_FILE:
            raise ProjectError(
                f"{path.name} is larger than {LARGEST_FILE // 1_000_000} MB, which no project needs; it was not opened."
            )
        content = path.read_bytes()
    except OSError as error:
        raise ProjectError(f"{path} cannot be opened: {reason(error)}.") from None
    return read_text(content, path.name)


def save(project: Project, path: Path) -> None:
    """Write the project atomically: the file is the old or the new version, never less; raises ProjectError."""
    try:
        write_atomically(path, text_of(project).encode("utf-8"))
    except UnicodeError:
        raise ProjectError(
            f"{path.name} was not saved: a name or a text in the project is not valid Unicode."
        ) from None
    except OSError as error:
        raise ProjectError(f"{path} was not saved: {reason(error)}.") from None


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file by way of a temporary one beside it, flushed to the disk; raises OSError."""
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            Path(temporary).chmod(path.stat().st_mode & 0o777)
        elif os.name == "posix":
            mask = os.umask(0)
            os.umask(mask)
            Path(temporary).chmod(0o666 & ~mask)
        os.replace(temporary, path)  # noqa: PTH105 - the tests make just this call fail
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


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
