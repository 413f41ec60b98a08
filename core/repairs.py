"""A repair: small edits as data, said by check or advice, shown as a button, applied as a new project."""

from __future__ import annotations

from typing import Any

import msgspec

from core.graph import Link


class Insert(msgspec.Struct, frozen=True, tag="insert"):
    """Put a new one-input, one-output layer on the link that ends at this port."""

    node: str
    port: str
    layer: str
    values: dict[str, Any] = {}


class Bypass(msgspec.Struct, frozen=True, tag="bypass"):
    """Take a node away and join what came in to what went out."""

    node: str


class SetValue(msgspec.Struct, frozen=True, tag="set"):
    """Set one parameter of a node."""

    node: str
    name: str
    value: Any


class SetWeights(msgspec.Struct, frozen=True, tag="set_weights"):
    """Set one entry of how a node's weights begin (see `core.weights`); None is the default."""

    node: str
    name: str
    value: Any


class Remove(msgspec.Struct, frozen=True, tag="remove"):
    """Take a node away with its links."""

    node: str


class Unlink(msgspec.Struct, frozen=True, tag="unlink"):
    """Take the link away that ends at this port."""

    node: str
    port: str


class Join(msgspec.Struct, frozen=True, tag="join"):
    """Add a link."""

    link: Link


class Swap(msgspec.Struct, frozen=True, tag="swap"):
    """Make a node another layer, keeping its links and the values that both know."""

    node: str
    layer: str
    values: dict[str, Any] = {}


class Append(msgspec.Struct, frozen=True, tag="append"):
    """Add a new node behind an output port of a node, linked to its first input."""

    node: str
    port: str
    layer: str
    values: dict[str, Any] = {}


class AddBefore(msgspec.Struct, frozen=True, tag="add_before"):
    """Add a new node whose first output is linked to this open input port."""

    node: str
    port: str
    layer: str
    values: dict[str, Any] = {}


class SetData(msgspec.Struct, frozen=True, tag="set_data"):
    """Set one of the project's data settings."""

    name: str
    value: Any


Edit = Insert | Bypass | SetValue | SetWeights | Remove | Unlink | Join | Swap | Append | AddBefore | SetData


class Repair(msgspec.Struct, frozen=True):
    """What a button says ("Insert Flatten") and the edits that it makes."""

    text: str
    edits: tuple[Edit, ...] = ()
