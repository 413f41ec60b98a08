"""Values that are worked out from names: `channels * 4`, written as Python and read without running anything.

Where a parameter's value stands, `{"=": "channels * 4"}` stands for an expression; a tuple may hold some too. What can
be written is arithmetic, comparison, `a if b else c`, `min`, `max`, `round`, `abs` and `int`, over the names of a
block's parameters, the sizes that its inputs name, and the repetition index `i`.
"""

from __future__ import annotations

import ast
import functools
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, cast

from core.parameters import LARGEST, Value

LONGEST = 500
DEEPEST = 60
"""How deep parts may stand in each other: Python reads and writes them by recursion."""
LARGEST_EXPONENT = 64


class ExpressionFault(Exception):
    """Why an expression has no value, in words that follow "because"."""


def is_expression(value: Any) -> bool:
    """Whether a value is an expression."""
    return isinstance(value, dict) and set(cast("dict[Any, Any]", value)) == {"="} and isinstance(value["="], str)


def expression(text: str) -> dict[str, str]:
    """The value that stands for an expression."""
    return {"=": text.strip()}


def text_of(value: Any) -> str:
    """The text of an expression."""
    return value["="]


def names_in(value: Any) -> frozenset[str]:
    """The names that a value uses, in a tuple too; none for what cannot be read."""
    if is_expression(value):
        try:
            tree = parsed(text_of(value))
        except ExpressionFault:
            return frozenset()
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called)
    if isinstance(value, tuple | list):
        return frozenset[str]().union(*(names_in(part) for part in cast("tuple[Any, ...]", value)))
    return frozenset()


def has_expression(value: Any) -> bool:
    """Whether a value is an expression or a tuple with one."""
    if isinstance(value, tuple | list):
        return any(has_expression(part) for part in cast("tuple[Any, ...]", value))
    return is_expression(value)


def resolved(value: Any, scope: Mapping[str, Value]) -> Value:
    """The value with every expression worked out; raises ExpressionFault."""
    if isinstance(value, tuple | list):
        return tuple(resolved(part, scope) for part in cast("tuple[Any, ...]", value))
    return worked_out(text_of(value), scope) if is_expression(value) else value


def worked_out(text: str, scope: Mapping[str, Value]) -> Value:
    """What an expression comes to for these names; raises ExpressionFault."""
    return _value(parsed(text).body, scope)


@functools.lru_cache(4096)
def parsed(text: str) -> ast.Expression:
    """The syntax of an expression, nothing in it but what the head of this module names; raises ExpressionFault."""
    if len(text) > LONGEST:
        raise ExpressionFault(f"it is longer than {LONGEST} characters")
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionFault(f"{_short(text)!r} is not an expression") from None
    level: list[ast.AST] = [tree.body]
    for _ in range(DEEPEST):
        for node in level:
            _allow(node, text)
        level = [inner for node in level for inner in ast.iter_child_nodes(node)]
    if level:
        raise ExpressionFault(f"{_short(text)!r} holds parts more than {DEEPEST} deep in each other")
    return tree


def _allow(node: ast.AST, text: str) -> None:
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.keywords:
            raise ExpressionFault(f"{_short(text)!r} calls something else than {', '.join(FUNCTIONS)}")
    elif isinstance(node, ast.Constant):
        if not isinstance(node.value, bool | int | float | str | None):
            raise ExpressionFault(f"{_short(text)!r} holds {node.value!r}, which is no plain value")
    elif not isinstance(node, ALLOWED):
        raise ExpressionFault(
            f"{_short(text)!r} holds more than arithmetic, comparison and names ({type(node).__name__})"
        )


def _value(node: ast.expr, scope: Mapping[str, Value]) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            if node.id not in scope:
                known = ", ".join(sorted(scope)) or "none"
                raise ExpressionFault(f"there is no parameter {node.id[:60]} (known here: {known})")
            return scope[node.id]
        case ast.Tuple():
            return tuple(_value(part, scope) for part in node.elts)
        case ast.IfExp():
            return _value(node.body if _value(node.test, scope) else node.orelse, scope)
        case ast.BoolOp():
            result: Any = None
            for part in node.values:
                result = _value(part, scope)
                if bool(result) is isinstance(node.op, ast.Or):
                    break
            return result
        case ast.Compare():
            left = _value(node.left, scope)
            for sign, part in zip(node.ops, node.comparators, strict=True):
                right = _value(part, scope)
                if not _worked(COMPARISONS[type(sign)], node, left, right):
                    return False
                left = right
            return True
        case ast.UnaryOp():
            return _bounded(_worked(UNARY[type(node.op)], node, _value(node.operand, scope)), node)
        case ast.BinOp():
            return _bounded(_binary(node, _value(node.left, scope), _value(node.right, scope)), node)
        case ast.Call(func=ast.Name(id=name)):
            return _bounded(_worked(FUNCTIONS[name], node, *(_value(part, scope) for part in node.args)), node)
        case _:
            raise ExpressionFault(f"{_short(ast.unparse(node))!r} is not an expression")


def _binary(node: ast.BinOp, left: Any, right: Any) -> Any:
    if not all(isinstance(side, int | float) for side in (left, right)):
        raise ExpressionFault(f"{_short(ast.unparse(node))!r} is worked out with something that is no number")
    if isinstance(node.op, ast.Pow) and abs(right) > LARGEST_EXPONENT:
        raise ExpressionFault(f"{_short(ast.unparse(node))!r} has an exponent beyond {LARGEST_EXPONENT}")
    return _worked(BINARY[type(node.op)], node, left, right)


def _worked(function: Callable[..., Any], node: ast.expr, *given: Any) -> Any:
    try:
        return function(*given)
    except ZeroDivisionError:
        raise ExpressionFault(f"{_short(ast.unparse(node))!r} divides by zero") from None
    except (TypeError, ValueError, OverflowError, ArithmeticError) as error:
        raise ExpressionFault(f"{_short(ast.unparse(node))!r} has no value ({error})") from None


def _bounded(value: Any, node: ast.expr) -> Any:
    good = not isinstance(value, int | float) or (math.isfinite(value) and abs(value) <= LARGEST)
    if isinstance(value, complex) or not good:
        raise ExpressionFault(f"{_short(ast.unparse(node))!r} comes to more than 64 bits hold")
    return value


def written(value: Any, names: Mapping[str, str]) -> str:
    """An expression as source, its names replaced by what they are called there; raises ExpressionFault."""
    tree = ast.parse(text_of(value), mode="eval") if parsed(text_of(value)) else None
    assert tree is not None

    class Renamed(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            node.args = [self.visit(each) for each in node.args]
            return node

        def visit_Name(self, node: ast.Name) -> ast.AST:
            return ast.copy_location(ast.parse(names.get(node.id, node.id), mode="eval").body, node)

    return ast.unparse(Renamed().visit(tree))


def rewritten(value: Any, names: Mapping[str, str]) -> Any:
    """The value with names in its expressions replaced by expressions; raises ExpressionFault."""
    if isinstance(value, tuple | list):
        return tuple(rewritten(part, names) for part in cast("tuple[Any, ...]", value))
    return expression(written(value, names)) if is_expression(value) and names_in(value) & set(names) else value


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _truediv(left: Any, right: Any) -> Any:
    return left / right


def _floordiv(left: Any, right: Any) -> Any:
    return left // right


def _pow(left: Any, right: Any) -> Any:
    return left**right


FUNCTIONS: dict[str, Callable[..., Any]] = {"min": min, "max": max, "round": round, "abs": abs, "int": int}
BINARY: dict[type[ast.operator], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _truediv,
    ast.FloorDiv: _floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _pow,
}
UNARY: dict[type[ast.unaryop], Callable[..., Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
}
COMPARISONS: dict[type[ast.cmpop], Callable[..., Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
ALLOWED = (
    ast.Expression, ast.Name, ast.Load, ast.Tuple, ast.IfExp, ast.BoolOp, ast.And, ast.Or, ast.Compare, ast.UnaryOp,
    ast.BinOp, *BINARY, *UNARY, *COMPARISONS,
)  # fmt: skip
