"""Shapes and lists as they stand in the docstrings of the written files."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from core.source.statements import WIDTH, Line
from core.specs import Spec


def docstring(takes: Sequence[str], gives: Sequence[str], what: str = "", unfinished: str = "A network") -> list[Line]:
    """What goes in and what comes out, in one line where it fits; `what` stands before it."""
    said = f'"""Takes {joined(takes)} and returns {joined(gives)}."""'
    if takes and gives and not what and len(said) <= WIDTH - 4:
        return [Line(said)]
    if not takes or not gives:
        return [Line(f'"""{unfinished} that is not finished yet."""')]
    wrapped = [*_wrapped(what), ""] if what else []
    if len(said) <= WIDTH - 4:
        wrapped.append(said.strip('"'))
    else:
        wrapped += [
            *_wrapped(f"Takes {joined(takes)}."),
            *([] if what else [""]),
            *_wrapped(f"Returns {joined(gives)}."),
        ]
    return [Line(f'"""{wrapped[0]}'), *map(Line, wrapped[1:]), Line('"""')]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH - 7, break_long_words=False, subsequent_indent="  ")


def plain(text: str) -> str:
    """A sentence that a person wrote, as it may stand in a docstring; "" where it holds anything else than words."""
    said = " ".join(text.split())
    return said if len(said) <= 200 and all(each.isalnum() or each in " ,.;:()+-*/=!?%" for each in said) else ""


def joined(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def shape_words(spec: Spec) -> str:
    """A shape as it stands in a docstring: `(N, 10)`, `(N, 16) of int64`."""
    sizes = [str(size) for size in spec.shape]
    if not all(set(size) <= set("0123456789NT*+- ") for size in sizes):
        return ""
    inner = ", ".join(sizes) + "," * (len(sizes) == 1)
    kind = f" of {spec.dtype}" if spec.dtype in ("int64", "bool", "float64", "int32", "float16", "bfloat16") else ""
    return f"({inner}){kind}"
