"""Values of parameters as people type and read them: `3 × 3`, `1e-3`, `none`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from core.expressions import ExpressionFault, expression, has_expression, is_expression, names_in, parsed, resolved
from core.expressions import text_of as expression_text
from core.parameters import Parameter, Value, expected, fitted
from designer.numbers import scientific
from designer.words import tr

NONE = "none"


def written(declared: Parameter, value: Value) -> str:
    """A value as it stands in its editor."""
    if has_expression(value):
        return written_expression(value)
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


def written_expression(value: Any) -> str:
    """A value with expressions in it: `=channels * 4`; `3, =channels`."""
    if is_expression(value):
        return f"={expression_text(value)}"
    if isinstance(value, tuple | list):
        return ", ".join(written_expression(part) for part in cast("tuple[Any, ...]", value))
    return NONE if value is None else str(value)


Terms = Mapping[str, Value]
"""The names that expressions may use, with their values in the use that is shown (None where not known)."""


def typed(declared: Parameter, text: str, terms: Terms | None = None) -> Value:
    """The value that a text stands for; raises ValueError with one sentence.

    With `terms`, inside a block, what begins with `=` is an expression over them.
    """
    if terms is not None and any(part.startswith("=") for part in _split(declared, text)):
        return typed_expression(declared, text, terms)
    value: Any = _plain(declared, text.strip())
    try:
        return fitted(declared, value)
    except ValueError:
        raise ValueError(
            tr(
                "{name} must be {expected}, but is “{value}”.",
                name=declared.name,
                expected=expected(declared),
                value=text.strip()[:60],
            )
        ) from None


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


LISTS = ("sizes", "shape", "numbers")


def typed_expression(declared: Parameter, text: str, terms: Terms) -> Any:
    """The expression, or the list with expressions in it, that a text stands for; raises ValueError."""
    parts = [_part(declared, part, terms) for part in _split(declared, text)]
    value: Any = parts[0] if len(parts) == 1 else tuple(parts)
    known = {name: each for name, each in terms.items() if each is not None}
    if names_in(value) <= set(known):
        fitted(declared, worked_out(declared, value, known))
    return value


def worked_out(declared: Parameter, value: Any, known: Terms) -> Value:
    """What a value with expressions comes to; raises ValueError with one sentence."""
    try:
        return resolved(value, known)
    except ExpressionFault as fault:
        raise ValueError(tr("{name} has no value, because {fault}.", name=declared.name, fault=fault)) from None


def _part(declared: Parameter, text: str, terms: Terms) -> Any:
    if not text.startswith("="):
        return None if text.lower() == NONE else _number(text)
    value = expression(text[1:])
    try:
        parsed(expression_text(value))
    except ExpressionFault as fault:
        raise ValueError(tr("{name} has no value, because {fault}.", name=declared.name, fault=fault)) from None
    for name in sorted(names_in(value) - set(terms)):
        listed = ", ".join(each for each in terms if each != "i") or tr("none yet")
        raise ValueError(
            tr(
                "{name} has no value, because this block has no parameter {name2} (it has: {listed}).",
                name=declared.name,
                name2=name,
                listed=listed,
            )
        )
    return value


def _split(declared: Parameter, text: str) -> list[str]:
    """The parts of a list, cut at commas and crosses outside of brackets; one part for anything else."""
    if declared.kind not in LISTS:
        return [text.strip()]
    parts, depth = [""], 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign in ",;×" and depth <= 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts if part.strip()] or [""]
