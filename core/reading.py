"""The values of a parsed file, read strictly: every refusal is one sentence that names the file and the place in it."""

from __future__ import annotations

from typing import Any, cast


class ProjectError(Exception):
    """A project file that cannot be read or written: one sentence that names file, place and way out."""


class Reading:
    """Reads the values of one file, each where it stands."""

    def __init__(self, name: str) -> None:
        self.name = name

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
