"""Typed, bounded, documented parameters: one declaration serves form, JSON, help, source and checks.

Layers, data sets, training settings and preferences are frozen dataclasses whose fields are made by
`parameter`. Everything else about them (the property form, `layerloom layers`, validation of a file) is read
from the declaration.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal

Value = None | bool | int | float | str | tuple[Any, ...]
"""What a parameter can hold: plain, immutable, and the same in JSON (where a tuple is a list)."""

Kind = Literal["boolean", "integer", "number", "text", "choice", "sizes", "shape", "numbers", "field", "path", "code"]

MISSING: Any = object()
LARGEST = 2**63 - 1
"""The largest whole number that torch, and a message to an engine, can hold."""
T = typing.TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Parameter:
    """One parameter as declared.

    `default` is torch's own (or the only one); `dropped` is what a node is dropped with. `required` marks what
    torch gives no default for, so that source always writes it. `kind` "sizes" is a whole number or a tuple of
    `length` of them, "shape" a tuple of any length, "numbers" one of numbers with a point, "field" the name of a
    field of the data set.
    """

    name: str
    kind: Kind
    default: Value
    dropped: Value
    help: str
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    choices: tuple[str, ...] = ()
    length: int = 0
    optional: bool = False
    required: bool = False
    rare: bool = False
    unit: str = ""
    suffixes: tuple[str, ...] = ()
    """For a path: the file endings that fit."""
    when: tuple[str, tuple[Value, ...]] | None = None
    """(name, values): it matters only while the parameter of that name has one of these values."""

    @property
    def bounds(self) -> list[float | None] | list[str] | None:
        """The choices, or lowest and highest value, or None where anything of the kind goes."""
        if self.choices and self.kind == "choice":
            return list(self.choices)
        if self.low is None and self.high is None:
            return None
        return [self.low, self.high]


def parameter(
    default: Any,
    help: str,
    *,
    dropped: Any = MISSING,
    low: float | None = None,
    high: float | None = None,
    open_low: bool = False,
    choices: tuple[str, ...] = (),
    length: int = 0,
    kind: Kind | None = None,
    required: bool = False,
    rare: bool = False,
    unit: str = "",
    suffixes: tuple[str, ...] = (),
    when: tuple[str, tuple[Value, ...]] | None = None,
) -> Any:
    """Declare a field of a frozen dataclass as a parameter; `open_low` means strictly above `low`."""
    metadata = {
        "help": help,
        "dropped": default if dropped is MISSING else dropped,
        "low": low,
        "high": high,
        "open_low": open_low,
        "choices": choices,
        "length": length,
        "kind": kind,
        "required": required,
        "rare": rare,
        "unit": unit,
        "suffixes": suffixes,
        "when": when,
    }
    return dataclasses.field(default=default, metadata=metadata)


@functools.cache
def parameters(declaration: type) -> tuple[Parameter, ...]:
    """The parameters of a declared class, in the order of declaration."""
    hints = typing.get_type_hints(declaration)
    return tuple(
        _parameter(field, hints[field.name]) for field in dataclasses.fields(declaration) if "help" in field.metadata
    )


@functools.cache
def parameter_of(declaration: type, name: str) -> Parameter | None:
    """The parameter of that name, or None."""
    return next((each for each in parameters(declaration) if each.name == name), None)


def dropped_values(declaration: type) -> dict[str, Value]:
    """The values that differ from the defaults when a person drops one."""
    return {each.name: each.dropped for each in parameters(declaration) if each.dropped != each.default}


def _parameter(field: dataclasses.Field[Any], hint: Any) -> Parameter:
    said = dict(field.metadata)
    optional, kind = _kind(hint, said)
    choices: tuple[str, ...] = said["choices"]
    if typing.get_origin(hint) is Literal:
        choices = typing.get_args(hint)
    said.update(kind=kind, choices=choices)
    return Parameter(name=field.name, default=typing.cast(Any, field.default), optional=optional, **said)


def _kind(hint: Any, said: Mapping[str, Any]) -> tuple[bool, Kind]:
    """Whether None is allowed, and the kind that an annotation stands for."""
    parts = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    optional = types.NoneType in parts
    bare = [part for part in parts if part is not types.NoneType]
    if said["kind"]:
        return optional, said["kind"]
    if said["length"]:
        return optional, "sizes"
    first = bare[0]
    if said["choices"] or typing.get_origin(first) is Literal:
        return optional, "choice"
    if typing.get_origin(first) is tuple:
        return optional, "numbers" if typing.get_args(first)[0] is float else "shape"
    kinds: dict[Any, Kind] = {bool: "boolean", int: "integer", float: "number", str: "text"}
    return optional, kinds[first]


def read(declaration: type[T], values: Mapping[str, Any]) -> tuple[T, list[tuple[str, str]]]:
    """A declared value from plain values, and (parameter, sentence) for each value that does not fit.

    What does not fit is replaced by its default, so that the rest can still be looked at.
    """
    faults: list[tuple[str, str]] = []
    fitting: dict[str, Value] = {}
    for name, value in values.items():
        declared = parameter_of(declaration, name)
        if declared is None:
            known = ", ".join(each.name for each in parameters(declaration)) or "none"
            faults.append((name, f"There is no parameter {name[:60]}; known here: {known}."))
            continue
        try:
            fitting[name] = fitted(declared, value)
        except ValueError as error:
            faults.append((name, str(error)))
    return declaration(**fitting), faults


def fitted(declared: Parameter, value: Any) -> Value:
    """The value as the parameter holds it; raises ValueError with a sentence where it does not fit."""
    if isinstance(value, list):
        value = tuple(typing.cast("list[Any]", value))
    if value is None and declared.optional:
        return None
    if isinstance(value, dict) and isinstance(text := typing.cast("dict[Any, Any]", value).get("="), str):
        raise ValueError(
            f"{declared.name} must be {expected(declared)}, but is the expression {shown(text)}, which has a value in "
            "a block alone."
        )
    accepted = _accepted(declared, value)
    if accepted is MISSING:
        fits = ", and fit into 64 bits" if isinstance(value, int) and abs(value) > LARGEST else ""
        raise ValueError(f"{declared.name} must be {expected(declared)}{fits}, but is {shown(value)}.")
    return accepted


def _accepted(declared: Parameter, value: Any) -> Any:
    match declared.kind:
        case "boolean":
            return value if isinstance(value, bool) else MISSING
        case "integer":
            return value if _whole(declared, value) else MISSING
        case "number":
            return float(value) if _number(declared, value) else MISSING
        case "choice":
            return value if value in declared.choices else MISSING
        case "text" | "field" | "path" | "code":
            return value if isinstance(value, str) else MISSING
        case "sizes":
            if isinstance(value, str):
                return value if value in declared.choices else MISSING
            parts = _parts(value, declared.length)
            good = len(parts) == declared.length and all(_whole(declared, part, declared.optional) for part in parts)
            return value if good else MISSING
        case "shape":
            parts = _parts(value, 1)
            return parts if all(_whole(declared, part) for part in parts) else MISSING
        case "numbers":
            parts = _parts(value, 1)
            return tuple(map(float, parts)) if all(_number(declared, part) for part in parts) else MISSING


def _parts(value: Any, count: int) -> tuple[Any, ...]:
    """A tuple as it is, one value as often as it counts."""
    return typing.cast("tuple[Any, ...]", value) if isinstance(value, tuple) else (value,) * count


def _whole(declared: Parameter, value: Any, none: bool = False) -> bool:
    if value is None:
        return none
    plain = isinstance(value, int) and not isinstance(value, bool)
    return plain and abs(value) <= LARGEST and _inside(declared, value)


def _number(declared: Parameter, value: Any) -> bool:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and math.isfinite(value) and _inside(declared, value)


def _inside(declared: Parameter, value: float) -> bool:
    if declared.low is not None and (value < declared.low or (declared.open_low and value == declared.low)):
        return False
    return declared.high is None or value <= declared.high


def expected(declared: Parameter) -> str:
    """What a parameter takes, in words that follow "must be"."""
    words = {
        "boolean": "true or false",
        "integer": "a whole number",
        "number": "a number",
        "text": "text",
        "field": "the name of a field",
        "path": "a path",
        "code": "Python text",
        "choice": "one of " + ", ".join(declared.choices),
        "sizes": f"a whole number or {declared.length} of them",
        "shape": "a list of whole numbers",
        "numbers": "a list of numbers",
    }[declared.kind]
    if declared.kind == "sizes" and declared.choices:
        words += " or one of " + ", ".join(declared.choices)
    if declared.low is not None and declared.high is not None:
        words += f" from {declared.low:g} to {declared.high:g}"
    elif declared.low is not None:
        words += f" above {declared.low:g}" if declared.open_low else f" of at least {declared.low:g}"
    elif declared.high is not None:
        words += f" of at most {declared.high:g}"
    return words + (" or none" if declared.optional else "")


def shown(value: Any) -> str:
    """A value as a short text for people."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
