"""Which code of other people may be run here: by the fingerprint of its text, so that a changed letter asks again.

Reading a project runs nothing; whoever is about to run it asks here first.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Set
from pathlib import Path
from typing import Any, cast

from core import places, strict_json
from core.blocks import used_in
from core.graph import natural
from core.layers.custom import DEFAULT, Python
from core.project import Project, write_atomically

LARGEST_FILE = 10_000_000
FINGERPRINT = re.compile("[0-9a-f]{64}")


def fingerprint(code: str) -> str:
    """What a text is known by: the SHA-256 of its letters."""
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()


def codes(project: Project) -> dict[str, str]:
    """The code that a project brings and would run, by node; the code that a Python node is dropped with is our own.

    A node in a block that is used goes by `Block:node`.
    """
    found: dict[str, str] = {}
    for (block, node_id), code in places_of(project).items():
        key = f"{block}:{node_id}" if block else node_id
        while key in found:  # a node may be called so: nothing may hide behind another's name
            key += "'"
        found[key] = code
    return found


def places_of(project: Project) -> dict[tuple[str, str], str]:
    """The same code by (block, node), "" for the project's own drawing."""
    graph = project.graph
    used = sorted(used_in(graph.nodes, graph.blocks), key=natural)
    found = {
        (name, node_id): code
        for name, nodes in [("", graph.nodes), *((name, graph.blocks[name].nodes) for name in used)]
        for node_id, node in nodes.items()
        if node.layer == Python.__name__
        and not node.muted
        and isinstance(code := node.values.get("code"), str)
        and code != DEFAULT
    }
    return dict(sorted(found.items(), key=lambda item: (natural(item[0][0]), natural(item[0][1]), item[0])))


def untrusted(project: Project, trusted: Set[str]) -> dict[str, str]:
    """The code of a project that is not trusted yet, by node."""
    return {node_id: code for node_id, code in codes(project).items() if fingerprint(code) not in trusted}


def trusted_file() -> Path:
    """Where it is kept what the person trusts."""
    return places.home() / "trusted.json"


def trusted() -> frozenset[str]:
    """The fingerprints that the person has trusted on this computer; a file that is damaged trusts nothing."""
    path = trusted_file()
    try:
        if path.stat().st_size > LARGEST_FILE:
            return frozenset()
        document: Any = strict_json.read(path.read_bytes())
    except (OSError, ValueError):
        return frozenset()
    if not isinstance(document, list):
        return frozenset()
    held = cast("list[Any]", document)
    sound = all(isinstance(each, str) and FINGERPRINT.fullmatch(each) for each in held)
    return frozenset(cast("list[str]", held)) if sound else frozenset()


def trust(hashes: Iterable[str]) -> None:
    """Remember that the person trusts these fingerprints; raises OSError where that cannot be written."""
    path = trusted_file()
    every = sorted({*trusted(), *hashes})
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, (json.dumps(every, indent=0) + "\n").encode())
