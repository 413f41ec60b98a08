"""A call as text: how it is built, how it is called, and how its outputs are named. Check and source share this."""

from __future__ import annotations

import ast
import math
import re
import string
from collections.abc import Mapping
from typing import Any, cast

from core.graph import natural
from core.layers.layer import Call
from core.parameters import Value


def literal(value: Value) -> str:
    """A checked value as Python: `(3, 3)` becomes `3`; raises ValueError for what is not a plain literal."""
    if isinstance(value, tuple):
        parts = cast("tuple[Value, ...]", value)
        if len(parts) > 1 and all(type(part) is int and part == parts[0] for part in parts):
            return repr(parts[0])
        return exact(parts)
    return exact(value)


def exact(value: Value) -> str:
    """A checked value as Python with every tuple written out; raises ValueError for what is not a plain literal."""
    if isinstance(value, tuple):
        inner = ", ".join(exact(part) for part in cast("tuple[Value, ...]", value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if value is None or type(value) in (bool, int, str) or (type(value) is float and math.isfinite(value)):
        return repr(value)
    raise ValueError(f"{value!r} cannot be written as a literal")


def construction(call: Call) -> str:
    """The text that builds a module: `nn.Conv2d(1, 32, 3, padding=1)`.

    In a tuple of equal whole numbers torch takes one number for all axes, but not where it stands for a shape;
    so a shape is written out (`call.exact` names those arguments). A call among them is a module of its own,
    or where it has no target its expression as it stands.
    """

    def written(name: str, value: Value | Call) -> str:
        if isinstance(value, Call):
            return construction(value) if value.target else value.expression
        return exact(value) if name in call.exact else literal(value)

    positional = [written(str(index), value) for index, value in enumerate(call.positional)]
    keywords = [f"{name}={written(name, value)}" for name, value in call.keywords]
    return f"{call.target}({', '.join([*positional, *keywords])})"


def invocation(call: Call, module: str, arguments: Mapping[str, str]) -> str:
    """The text that calls a module or writes an expression, given the text of each linked input port.

    In `call.expression`: `{module}`; `{port}` for an input; `{port}` of a variadic input for all of its links in
    natural order, comma-separated; `{port:+}` the same joined by ` + `; `{*}` for all inputs in their order; for an
    expression without a module `{name}` for a keyword, in parentheses where it is an operation beside others, and
    `{keywords}` for all others, each as `, name=value`; `{optional}` for the texts in `call.optional` whose port is
    linked.
    """
    said: dict[str, str] = {"module": module}
    template = call.expression if call.target else _with_keywords(call, arguments)
    appended = "".join(_Template().vformat(text, (), arguments) for port, text in call.optional if port in arguments)
    every = {"*": ", ".join(arguments.values())}
    groups: dict[str, list[str]] = {}
    for port in sorted(arguments, key=natural):
        base, _, number = port.rpartition("_")
        if base and number.isdecimal():
            groups.setdefault(base, []).append(arguments[port])
    return _Template().vformat(template, (), {**said, "optional": appended, **groups, **arguments, **every})


def _with_keywords(call: Call, arguments: Mapping[str, str]) -> str:
    """The template of an expression with its keywords in it, but those for which something is linked."""
    texts = {name: value.expression if isinstance(value, Call) else exact(value) for name, value in call.keywords}
    parts = re.split(r"(\{[^{}]*\})", call.expression)
    others = "".join(f", {name}={text}" for name, text in texts.items() if f"{{{name}}}" not in parts)
    for index, part in enumerate(parts):
        text = texts.get(part[1:-1]) if index % 2 and part[1:-1] not in arguments else None
        if part == "{keywords}" and "keywords" not in texts:
            text = others.removeprefix(", ") if parts[index - 1].endswith("(") else others
        elif text is not None:
            text = between(parts[index - 1], text, "".join(parts[index + 1 : index + 3]))
        if text is not None:
            parts[index] = text.replace("{", "{{").replace("}", "}}")
    always = "".join(parts).partition(" if self.training or True else ")[0]
    return always.replace(" if self.training or False else ", " if self.training else ")


def between(before: str, text: str, behind: str) -> str:
    """The text of a value between two parts of an expression: in parentheses where an operator would tear it apart."""
    before, behind = before.rstrip(), behind.lstrip()
    opens = not before or (before[-1] in "([,:=" and not before.endswith(("==", "!=", "<=", ">=")))
    if (opens and (not behind or behind[0] in ")],:")) or _holds_together(text, behind):
        return text
    return f"({text})"


def _holds_together(text: str, behind: str) -> bool:
    """Whether a text stays one value beside an operator: a name, an attribute, a literal, a call."""
    if text.replace(".", "").isidentifier() or text.isdecimal():
        return True
    try:
        body = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        return False
    if isinstance(body, ast.UnaryOp) and isinstance(body.operand, ast.Constant):
        return not behind.startswith(("**", ".", "["))
    is_tuple = isinstance(body, ast.Tuple) and text.startswith("(")
    return is_tuple or isinstance(body, ast.Name | ast.Attribute | ast.Constant | ast.Call | ast.Subscript | ast.List)


class _Template(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, list):
            joined = f" {format_spec} " if format_spec else ", "
            return joined.join(cast("list[str]", value))
        return cast("str", value)


def unpacking(call: Call, names: Mapping[str, str]) -> str:
    """The left side of an assignment for several outputs; ports without a name in `names` become `_`."""

    def written(pattern: Any) -> str:
        if isinstance(pattern, str):
            return names.get(pattern, "_")
        inner = ", ".join(written(part) for part in pattern)
        return f"({inner})"

    return ", ".join(written(part) for part in call.unpack)


def ports_of(call: Call) -> tuple[str, ...]:
    """The output ports named by the unpacking pattern, left to right."""

    def flat(pattern: Any) -> list[str]:
        return [pattern] if isinstance(pattern, str) else [name for part in pattern for name in flat(part)]

    return tuple(flat(call.unpack))
