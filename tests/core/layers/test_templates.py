"""Every expression of the catalogue means the same where operations stand in the place of its sizes and settings."""

from __future__ import annotations

import ast
import functools
from typing import Any

import pytest
import torch
from fitting import OPTIONAL, fitting_inputs, real_outputs, varied

from core.layers import CATALOGUE, Call, Inputs, Layer, Refused
from core.layers.calls import between, exact, invocation
from core.source.leaves import Place, with_texts


def as_operation(place: Place, value: Any) -> str:
    """The value as an operation of the lowest rank that there is for it, which any operator beside it tears apart."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{exact(value)} if 1 else {exact(value)}"
    zero = "0" if isinstance(value, int) else "0.0"
    return f"{exact(value)} + {zero} if 1 else 7"


def as_a_sum(place: Place, value: Any) -> str:
    """A number as sizes are written: as a sum, of which an operator beside it would take the last part alone."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return exact(value)
    return f"{exact(value * 2)} - {exact(value)}"


@functools.cache
def calls_of(name: str) -> list[tuple[Layer, Inputs, Call]]:
    """The expressions that a layer can become: as dropped, with each setting changed, and with what is optional."""
    found: dict[str, tuple[Layer, Inputs, Call]] = {}
    for layer in varied(CATALOGUE[name]):
        inputs = fitting_inputs(layer)
        for given in () if inputs is None else (inputs, {**inputs, **OPTIONAL.get(name, {})}):
            try:
                call = layer.call(given)
            except Refused:
                continue
            if not call.target:
                found.setdefault(repr(call), (layer, given, call))
    return list(found.values())


CALLED = [name for name, declared in CATALOGUE.items() if declared.call is not Layer.call and name != "Python"]


def test_that_most_operations_of_the_catalogue_are_looked_at() -> None:
    found = {name for name in CALLED if calls_of(name)}
    assert len(found) > 60, found
    assert {"RotaryPositions", "Pow", "ScaledDotProductAttention", "Pad"} <= found


@pytest.mark.parametrize("name", CALLED)
@pytest.mark.parametrize("write", [as_operation, as_a_sum])
def test_that_an_operation_in_the_place_of_a_number_changes_nothing(name: str, write: Any) -> None:
    for layer, inputs, call in calls_of(name):
        other = with_texts(call, write)
        ports = {port: f"given[{port!r}]" for port in inputs}
        texts = [invocation(each, "module", ports) for each in (call, other)]
        folded = [ast.dump(ast.fix_missing_locations(_Folded().visit(ast.parse(each, mode="eval")))) for each in texts]
        assert folded[0] == folded[1], texts
        try:
            wanted = real_outputs(layer, call, inputs, 2, training=True)
        except RuntimeError:  # made of random numbers that torch refuses
            continue
        for port, value in real_outputs(layer, other, inputs, 2, training=True).items():
            torch.testing.assert_close(value, wanted[port], equal_nan=True, msg=texts[1])


class _Folded(ast.NodeTransformer):
    """Works out what has nothing but numbers in it."""

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        """`self.training or False` is as if nobody had said more, and `or True` leaves no choice."""
        self.generic_visit(node)
        if isinstance(node.test, ast.BoolOp) and isinstance(last := node.test.values[-1], ast.Constant):
            node.test = node.test.values[0]
            return node.body if last.value else node
        return self.generic_visit(node)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, ast.expr) and not any(isinstance(each, ast.Name | ast.Call) for each in ast.walk(node)):
            try:
                return ast.Constant(ast.literal_eval(repr(eval(compile(_whole(node), "", "eval"), {}))))
            except (TypeError, ValueError, SyntaxError):
                return node
        return node


def _whole(node: ast.expr) -> ast.Expression:
    return ast.fix_missing_locations(ast.Expression(node))


@pytest.mark.parametrize(
    ("before", "text", "behind", "wanted"),
    [
        ("x % ", "a // 2", " * y", "(a // 2)"),
        ("x % ", "self.width", " * y", "self.width"),
        ("x * -", "a + b", "", "(a + b)"),
        ("x ** ", "-2", "", "-2"),
        ("", "-2", " ** x", "(-2)"),
        ("x.sum(dim=", "a + 1", ")", "a + 1"),
        ("x >= ", "a if b else c", "", "(a if b else c)"),
        ("x[:, ", "a - 1", ":]", "a - 1"),
        ("f(x, ", "a + 1", ", y)", "a + 1"),
        ("f(x, ", "a + 1", " * 2, y)", "(a + 1)"),
        ("x * ", "f(a + 1)", " * y", "f(a + 1)"),
        ("x * ", "(a) + (b)", "", "((a) + (b))"),
    ],
)
def test_that_a_text_beside_an_operator_stays_whole(before: str, text: str, behind: str, wanted: str) -> None:
    assert between(before, text, behind) == wanted


def test_that_keywords_stand_behind_each_other_or_where_they_are_named() -> None:
    call = Call(keywords=(("a", 1), ("b", Call(expression="x + {y}"))), expression="f({input}{keywords}) * {b}")
    assert invocation(call, "", {"input": "z"}) == "f(z, a=1) * (x + {y})"
    assert invocation(Call(keywords=(("a", 1),), expression="{input}.f({keywords})"), "", {"input": "z"}) == "z.f(a=1)"
    assert invocation(Call(expression="f({input}{keywords})"), "", {"input": "z"}) == "f(z)"
