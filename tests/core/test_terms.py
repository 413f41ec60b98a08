"""Expressions written with Python's operators mean what Python means by them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.expressions import ExpressionFault, worked_out
from core.terms import Term, named, plain, term

SCOPE = {"a": 3, "b": -5, "c": 2}
SIGNS = (operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod)
pairs = st.recursive(
    st.sampled_from([(named(name), value) for name, value in SCOPE.items()]),
    lambda inner: st.builds(
        lambda sign, left, right, number, side: _joined(sign, left, right, number, side),
        st.sampled_from(SIGNS),
        inner,
        inner,
        st.integers(-4, 4).filter(bool),
        st.sampled_from(("both", "left", "right", "minus")),
    ),
    max_leaves=8,
)


def _joined(
    sign: Callable[..., Any], left: tuple[Term, int], right: tuple[Term, int], number: int, side: str
) -> tuple[Term, int]:
    """The term that joins two, or one and a number, and its value; unchanged where it would divide by zero."""
    if side == "minus":
        return -left[0], -left[1]
    one, two = (
        (left, (number, number)) if side == "left" else ((number, number), right) if side == "right" else (left, right)
    )
    if two[1] == 0 and sign in (operator.floordiv, operator.mod):
        return left
    return sign(one[0], two[0]), sign(one[1], two[1])


@settings(max_examples=200, deadline=None)
@given(pairs)
def test_that_a_term_comes_to_what_python_makes_of_the_numbers(pair: tuple[Term, int]) -> None:
    made, value = pair
    assert worked_out(made.text, SCOPE) == value
    assert term(made.text).text == made.text


def test_that_a_term_is_kept_as_an_expression_in_tuples_too() -> None:
    assert plain([named("a") * 4, 3, (named("b"),)]) == ({"=": "a * 4"}, 3, ({"=": "b"},))
    assert plain("a * 4") == "a * 4"


def test_that_python_cannot_decide_by_a_term_that_has_no_value_yet() -> None:
    with pytest.raises(TypeError, match="a == 1 has no value while its block is drawn"):
        bool(named("a") == 1)
    assert worked_out((named("a") >= named("c")).text, SCOPE) is True
    assert worked_out((named("a") > 3).text, SCOPE) is False


def test_that_what_is_no_expression_is_refused() -> None:
    with pytest.raises(ExpressionFault, match="calls something else"):
        term("__import__('os')")
    with pytest.raises(ExpressionFault, match="is not an expression"):
        term("a +")
