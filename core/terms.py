"""Values of a block that depend on its parameters, written with Python's own operators: `block.channels * 4`."""

from __future__ import annotations

import ast
from typing import Any, cast

from core.expressions import expression, parsed


class Term:
    """An expression over a block's names; what is done with it makes a longer one."""

    def __init__(self, tree: ast.expr) -> None:
        self.tree = tree

    @property
    def text(self) -> str:
        """How it is written in a project: `channels * 4`."""
        return ast.unparse(self.tree)

    def __repr__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        raise TypeError(f'{self.text} has no value while its block is drawn; write term("a if ... else b") instead.')

    def __eq__(self, other: object) -> Term:  # pyright: ignore[reportIncompatibleMethodOverride]
        return _compared(self, ast.Eq(), other)

    def __ne__(self, other: object) -> Term:  # pyright: ignore[reportIncompatibleMethodOverride]
        return _compared(self, ast.NotEq(), other)

    def __lt__(self, other: Operand) -> Term:
        return _compared(self, ast.Lt(), other)

    def __le__(self, other: Operand) -> Term:
        return _compared(self, ast.LtE(), other)

    def __gt__(self, other: Operand) -> Term:
        return _compared(self, ast.Gt(), other)

    def __ge__(self, other: Operand) -> Term:
        return _compared(self, ast.GtE(), other)

    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __add__(self, other: Operand) -> Term:
        return _joined(self, ast.Add(), other)

    def __radd__(self, other: Operand) -> Term:
        return _joined(other, ast.Add(), self)

    def __sub__(self, other: Operand) -> Term:
        return _joined(self, ast.Sub(), other)

    def __rsub__(self, other: Operand) -> Term:
        return _joined(other, ast.Sub(), self)

    def __mul__(self, other: Operand) -> Term:
        return _joined(self, ast.Mult(), other)

    def __rmul__(self, other: Operand) -> Term:
        return _joined(other, ast.Mult(), self)

    def __truediv__(self, other: Operand) -> Term:
        return _joined(self, ast.Div(), other)

    def __rtruediv__(self, other: Operand) -> Term:
        return _joined(other, ast.Div(), self)

    def __floordiv__(self, other: Operand) -> Term:
        return _joined(self, ast.FloorDiv(), other)

    def __rfloordiv__(self, other: Operand) -> Term:
        return _joined(other, ast.FloorDiv(), self)

    def __mod__(self, other: Operand) -> Term:
        return _joined(self, ast.Mod(), other)

    def __rmod__(self, other: Operand) -> Term:
        return _joined(other, ast.Mod(), self)

    def __pow__(self, other: Operand) -> Term:
        return _joined(self, ast.Pow(), other)

    def __neg__(self) -> Term:
        return Term(ast.UnaryOp(ast.USub(), self.tree))


Operand = Term | int | float


def named(name: str) -> Term:
    """The expression that is a name alone."""
    return Term(ast.Name(name, ast.Load()))


def term(text: str) -> Term:
    """The expression that a text says, as `channels if stride == 1 else 2 * channels`; raises ExpressionFault."""
    return Term(parsed(text.strip()).body)


def plain(value: Any) -> Any:
    """The value as a project holds it: terms as `{"=": text}`, lists as tuples."""
    if isinstance(value, Term):
        return expression(value.text)
    if isinstance(value, list | tuple):
        return tuple(plain(part) for part in cast("tuple[Any, ...]", value))
    return value


def _joined(left: Operand, sign: ast.operator, right: Operand) -> Term:
    return Term(ast.BinOp(_tree(left), sign, _tree(right)))


def _compared(left: Term, sign: ast.cmpop, right: Any) -> Term:
    return Term(ast.Compare(left.tree, [sign], [_tree(right)]))


def _tree(value: Operand) -> ast.expr:
    return value.tree if isinstance(value, Term) else ast.Constant(value)
