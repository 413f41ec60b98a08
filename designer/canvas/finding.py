"""Find: every node of the project by its name, layer, values and note, every note and frame, those in blocks too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.expressions import has_expression
from core.graph import Annotation, Graph, Node, natural
from core.layers import declaration_of
from designer.canvas.pick_list import Row
from designer.values import written_expression
from designer.words import tr

MOST = 200
"""So many are shown; who has more types on."""


class Place(NamedTuple):
    """A node, note or frame: the block that it stands in ("" for none) and its id there."""

    block: str
    node_id: str
    is_annotation: bool = False


class Entry(NamedTuple):
    """A node as it is found: what it says in small letters, by how much that counts."""

    place: Place
    layer: str
    family: str
    name: str
    layer_words: str
    values: str
    note: str
    said: str = ""
    """What stands in its row in the place of its id: the words of a note."""


def entries(graph: Graph) -> list[Entry]:
    """Every node, those of the project's own drawing first, then block by block."""
    drawings = [("", graph), *((name, graph.blocks[name]) for name in sorted(graph.blocks, key=natural))]
    found = [_entry(Place(block, each), held.nodes[each], graph) for block, held in drawings for each in held.nodes]
    return found + [
        _annotated(Place(block, name, True), held.annotations[name])
        for block, held in drawings
        for name in held.annotations
    ]


def _annotated(place: Place, annotation: Annotation) -> Entry:
    text = " ".join(annotation.text.split())
    return Entry(place, annotation.kind, "shape", text.casefold(), annotation.kind.casefold(), "", "", text)


def _entry(place: Place, node: Node, graph: Graph) -> Entry:
    declared = declaration_of(node, graph.blocks)
    values = " ".join(f"{name} {_text(value)} {name}={_text(value)}" for name, value in node.values.items())
    return Entry(
        place,
        node.layer,
        declared.family if declared else "",
        place.node_id.casefold(),
        node.layer.casefold(),
        values.casefold(),
        node.note.casefold(),
    )


def _text(value: object) -> str:
    if has_expression(value):
        return written_expression(value)
    if isinstance(value, tuple | list):
        return "×".join(map(str, value))
    return str(value)


def found(known: list[Entry], typed: str, shown: str = "") -> list[Row]:
    """The nodes that hold every word that is typed, the likeliest first; the shown drawing's before others."""
    words = typed.casefold().split()
    ranked: list[tuple[int, bool, int, Entry, str]] = []
    for number, entry in enumerate(known):
        rank, why = _rank(entry, words)
        if rank:
            ranked.append((-rank, entry.place.block != shown, number, entry, why))
    ranked.sort(key=lambda each: each[:3])
    return [_row(entry, why) for _, _, _, entry, why in ranked[:MOST]]


def _rank(entry: Entry, words: list[str]) -> tuple[int, str]:
    """How well an entry fits, 0 for not at all, and what it was found by beside its name and layer."""
    if not words:
        return 1, ""
    total, why = 0, ""
    for word in words:
        points, by = next(_hits(entry, word), (0, ""))
        if not points:
            return 0, ""
        total += points
        why = why or by
    return total, why


def _hits(entry: Entry, word: str) -> Iterator[tuple[int, str]]:
    if word == entry.name:
        yield 100, ""
    if entry.name.startswith(word):
        yield 60, ""
    if word in entry.name:
        yield 40, ""
    if entry.layer_words.startswith(word):
        yield 30, ""
    if word in entry.layer_words or word in entry.family:
        yield 20, ""
    if word in entry.note:
        yield 12, "note"
    if word in entry.values:
        yield 10, _around(entry.values, word)
    if word in entry.place.block.casefold():
        yield 5, ""


def _around(values: str, word: str) -> str:
    """The value that holds the word: `out_channels=32`."""
    return next((each for each in values.split() if word in each and "=" in each), word)


def _row(entry: Entry, why: str) -> Row:
    block = entry.place.block
    said = entry.said[:80] or (tr("(no words)") if entry.place.is_annotation else entry.place.node_id)
    detail = " · ".join(filter(None, (entry.layer, tr("in {block}", block=block) if block else "", why)))
    return Row(said, detail, entry.family or "shape", entry.place)
