"""JSON from outside, read strictly: what could not be sent, saved or trusted to mean one thing is refused."""

from __future__ import annotations

import json
from typing import Any, cast

DEEPEST = 100


def read(text: str | bytes) -> Any:
    """The document in a text; raises ValueError whose words say what is wrong and where."""
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        text.encode("utf-8")
    except UnicodeError as error:
        raise ValueError(f"it is not UTF-8 text (byte {getattr(error, 'start', 0)})") from None
    try:
        document: Any = json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=_once,
            parse_constant=_refuse,
            parse_int=_whole,
            parse_float=_finite,
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno}, column {error.colno} is not JSON ({error.msg})") from None
    except RecursionError:
        raise ValueError(f"it is nested more than {DEEPEST} levels deep") from None
    _check_depth(document)
    _check_text(document)
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice[:60]!r} stands twice in one object")
    return made


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is not a number that JSON knows")


def _whole(word: str) -> int:
    # An engine is told of it in 64 bits; Python itself refuses more than 4,300 digits in words of its own.
    if len(word) > 20 or not -(2**63) <= int(word) < 2**63:
        raise ValueError(f"the whole number {word[:40]} is larger than 64 bits hold")
    return int(word)


def _finite(word: str) -> float:
    number = float(word)
    return number if abs(number) != float("inf") else _refuse(word[:40])


def _check_depth(document: Any) -> None:
    level: list[Any] = [document] if isinstance(document, dict | list) else []
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (
                cast("dict[str, Any]", outer).values() if isinstance(outer, dict) else cast("list[Any]", outer)
            )
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise ValueError(f"it is nested more than {DEEPEST} levels deep")


def _check_text(document: Any) -> None:
    # Half a character, written as \\ud800, is valid JSON and no text: it can neither be sent nor saved.
    try:
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        held = error.object[error.start]
        raise ValueError(f"it holds half a character (\\u{ord(held):04x}), which is no text") from None
