"""Expressions over a block's parameters: what they come to, and that nothing else can be said in them."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.expressions import (
    ExpressionFault,
    expression,
    has_expression,
    is_expression,
    names_in,
    resolved,
    worked_out,
    written,
)

SCOPE: dict[str, Any] = {"channels": 16, "ratio": 0.25, "wide": True, "act": "relu", "i": 2, "sizes": (1, 2)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("channels * 4", 64),
        ("channels // 3 + i", 7),
        ("2 ** i", 4),
        ("-channels", -16),
        ("channels if i else 3", 16),
        ("1 if i == 0 else 2", 2),
        ("max(1, round(channels * ratio))", 4),
        ("wide and i > 1", True),
        ("not wide", False),
        ("0 < i < 3", True),
        ("(channels, i)", (16, 2)),
        ("act", "relu"),
        ("act == 'relu'", True),
        ("min(channels, 8) % 3", 2),
        ("int(channels / 3)", 5),
        ("None", None),
    ],
)
def test_that_an_expression_comes_to_what_python_says(text: str, value: Any) -> None:
    assert worked_out(text, SCOPE) == value
    assert type(worked_out(text, SCOPE)) is type(value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("width * 2", "there is no parameter width (known here: "),
        ("channels / 0", "'channels / 0' divides by zero"),
        ("channels % (i - 2)", "divides by zero"),
        ("channels.real", "holds more than arithmetic, comparison and names (Attribute)"),
        ("open('x')", "calls something else than min, max, round, abs, int"),
        ("(lambda: 1)()", "calls something else"),
        ("[1, 2]", "(List)"),
        ("f'{channels}'", "(JoinedStr)"),
        ("channels :=", "is not an expression"),
        ("", "is not an expression"),
        ("act * 1000000000", "something that is no number"),
        ("9 ** 9 ** 9", "exponent beyond 64"),
        ("9223372036854775807 * 2", "more than 64 bits"),
        ("(-8) ** 0.5", "more than 64 bits"),
        ("x" * 501, "longer than 500"),
        ("-" * 61 + "channels", "more than 60 deep in each other"),
        ("1j", "no plain value"),
        ("min()", "has no value"),
        ("__import__", "there is no parameter __import__"),
    ],
)
def test_that_everything_else_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(ExpressionFault) as refused:
        worked_out(text, SCOPE)
    assert why in str(refused.value)


@given(st.text(max_size=60))
def test_that_any_text_has_a_value_or_a_sentence(text: str) -> None:
    try:
        value = worked_out(text, SCOPE)
    except ExpressionFault:
        return
    assert value is None or isinstance(value, bool | int | float | str | tuple)


def test_that_expressions_stand_in_tuples_too() -> None:
    value = (expression("channels"), 3, expression("i + 1"))
    assert has_expression(value)
    assert names_in(value) == {"channels", "i"}
    assert resolved(value, SCOPE) == (16, 3, 3)
    assert not has_expression((1, "channels"))
    assert not is_expression({"=": 3})


def test_that_an_expression_is_written_with_the_names_of_its_place() -> None:
    text = written(expression("channels*4 if min(i, 1) else i"), {"channels": "self.channels"})
    assert ast.parse(text, mode="eval")
    assert text == "self.channels * 4 if min(i, 1) else i"
