"""Values of parameters as people type and read them: `3 × 3`, `1e-3`, `none`."""

from __future__ import annotations

import re
from typing import Any

from core.parameters import Parameter, Value, expected, fitted
from designer.numbers import scientific

NONE = "none"


def written(declared: Parameter, value: Value) -> str:
    """A value as it stands in its editor."""
    if value is None:
        return NONE
    if isinstance(value, tuple):
        if declared.kind == "numbers":
            return ", ".join(repr(part).removesuffix(".0") for part in value)
        return " × ".join(NONE if part is None else str(part) for part in value)
    if declared.kind == "sizes" and isinstance(value, int) and not isinstance(value, bool):
        return " × ".join([str(value)] * max(1, declared.length))
    if declared.kind == "number" and isinstance(value, int | float):
        short = scientific(value)
        return short if float(short) == value else repr(value)  # a third is not 0.333333
    return str(value)


def typed(declared: Parameter, text: str) -> Value:
    """The value that a text stands for; raises ValueError with one sentence."""
    value: Any = _plain(declared, text.strip())
    try:
        return fitted(declared, value)
    except ValueError:
        raise ValueError(f"{declared.name} must be {expected(declared)}, but is “{text.strip()[:60]}”.") from None


def _plain(declared: Parameter, text: str) -> Any:
    if declared.optional and text.lower() in ("", NONE):
        return None
    match declared.kind:
        case "integer":
            return _number(text.replace(" ", "").replace("\u202f", ""))
        case "number":
            return _number(text.replace(",", ".") if text.count(",") == 1 else text)
        case "sizes" | "shape":
            return text if text in declared.choices else _sizes(declared, text)
        case "numbers":
            return tuple(_number(word) for word in re.split(r"[\s,;()\[\]]+", text) if word)
        case _:
            return text


def _number(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _sizes(declared: Parameter, text: str) -> Any:
    words = [word for word in re.split(r"[\s×x*,;()\[\]]+", text) if word]
    parts = tuple(None if word.lower() == NONE else _number(word) for word in words)
    if declared.kind == "shape":
        return parts
    all_one = len(set(parts)) == 1 and len(parts) in (1, declared.length)
    return parts[0] if all_one and not isinstance(declared.default, tuple) else parts or text
