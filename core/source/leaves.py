"""The values in a call, each by its place, so that one text can stand where calls of different uses hold numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, cast

from msgspec.structs import replace

from core.layers import Call, Layer
from core.layers.calls import between

Place = tuple[Any, ...]
"""The way to a value: `("keywords", "stride")`, `("positional", 0, 1)`, `("words", 1)` for a number in the text."""

MISSING: Any = object()
WORDS = re.compile(
    r"""("[^"]*"|'[^']*'|\{[^}]*\}|[^\W\d]\w*"""
    r"""|(?:(?<=[(\[=:])-|(?<=, )-)?(?<![\w.}])\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.]|\{(?!keywords)))"""
)
"""What is told apart in an expression: texts, ports, names and numbers, a sign among them where it is no operator."""

Write = Callable[[Place, Any], str]
"""How a value at a place is written."""


def words(expression: str) -> list[str]:
    """An expression in parts: numbers (see `is_number`), names, texts, and what stands between them."""
    return [part for part in WORDS.split(expression) if part]


def is_number(part: str) -> bool:
    """Whether a part of an expression is a number."""
    return part.lstrip("-")[:1].isdecimal()


def keyword_before(expression: str, count: int) -> str:
    """The keyword that a number of an expression is given as, "" where it stands alone."""
    parts = words(expression)
    at = [index for index, part in enumerate(parts) if is_number(part)][count]
    found = re.search(r"(\w+)=$", "".join(parts[:at]))
    return found[1] if found else ""


def skeleton(call: Call | None) -> Any:
    """All of a call but its values: calls with the same one can be written by one text.

    A call among the arguments says all its keywords or none, since what it leaves out is not known here.
    """
    if call is None:
        return None
    inner = tuple(
        (place, tuple(name for name, _ in value.keywords), skeleton(value))
        for place, value in values(call)
        if isinstance(value, Call)
    )
    shape = [_shape(value) for value in call.positional]
    said = tuple("0" if is_number(part) else part for part in words(call.expression))
    return call.target, said, call.optional, call.unpack, call.imports, call.code, call.function, tuple(shape), inner


def _shape(value: Any) -> Any:
    return len(cast("tuple[Any, ...]", value)) if isinstance(value, tuple) else type(value) is str


def values(call: Call) -> Iterator[tuple[Place, Any]]:
    """The values and inner calls of a call, with their places."""
    for index, value in enumerate(call.positional):
        yield ("positional", index), value
    for name, value in call.keywords:
        yield ("keywords", name), value


def at(call: Call, place: Place, layer: Layer | None = None) -> Any:
    """The value at a place; a keyword that is not there has the layer's value. MISSING where there is none."""
    kind, key, *rest = place
    if kind == "words":
        numbers = [_number(part) for part in words(call.expression) if is_number(part)]
        return next(iter(numbers[key : key + 1]), MISSING)
    if kind == "positional":
        found: Any = call.positional[key] if key < len(call.positional) else MISSING
    else:
        found = dict(call.keywords).get(key, getattr(layer, key, MISSING) if layer is not None else MISSING)
    while rest and found is not MISSING:
        if isinstance(found, Call):
            return at(found, tuple(rest))
        index = rest.pop(0)
        if isinstance(found, tuple):
            parts = cast("tuple[Any, ...]", found)
            found = parts[index] if index < len(parts) else MISSING
    return found


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("-").isdecimal() else float(text)


def with_texts(call: Call, write: Write, place: Place = ()) -> Call:
    """The call with every value as text, in parentheses where an operator beside it would tear it apart."""

    def said(here: Place, value: Any, is_exact: bool) -> Call:
        if isinstance(value, Call):
            return with_texts(value, write, here)
        return Call(expression=_text(here, value, write, is_exact or not call.target))

    positional = tuple(
        said((*place, "positional", index), value, str(index) in call.exact)
        for index, value in enumerate(call.positional)
    )
    keywords = tuple(
        (name, said((*place, "keywords", name), value, name in call.exact)) for name, value in call.keywords
    )
    parts, count = words(call.expression), 0
    for index, part in enumerate(parts):
        if is_number(part):
            text = write((*place, "words", count), _number(part))
            parts[index] = between("".join(parts[:index]), text, "".join(parts[index + 1 :]))
            count += 1
    return replace(call, positional=positional, keywords=keywords, expression="".join(parts))


def _text(place: Place, value: Any, write: Write, is_exact: bool) -> str:
    if not isinstance(value, tuple):
        return write(place, value)
    held = cast("tuple[Any, ...]", value)
    parts = [_text((*place, index), part, write, is_exact) for index, part in enumerate(held)]
    same = not is_exact and len(parts) > 1 and all(part == parts[0] and type(held[0]) is int for part in parts)
    return parts[0] if same else f"({', '.join(parts)}{',' * (len(parts) == 1)})"
