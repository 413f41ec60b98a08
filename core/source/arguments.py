"""What stands for a number in the class of a block: an argument, a sum of arguments, or the number itself."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from core.expressions import ExpressionFault, expression, is_expression, names_in, text_of, worked_out
from core.expressions import written as expression_text
from core.graph import Block, BlockParameter
from core.layers.calls import exact
from core.source.cases import INDEX, Case
from core.source.forms import Form, Row, fitted, with_names
from core.source.leaves import MISSING
from core.source.names import identifier, unique

Read = Callable[[Case], Any]
"""What a value is in a case, MISSING where that is not known."""

KINDS = {
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "text": "str",
    "choice": "str",
    "shape": "tuple[int, ...]",
}
ENOUGH_TURNS = 3
"""How many repetitions a number must have grown through before it is written as growing."""


@dataclasses.dataclass(frozen=True)
class Argument:
    """One argument of a class, its kind as Python writes it, and what it is in each case."""

    name: str
    kind: str
    read: Read
    default: Any = MISSING
    parameter: str = ""
    """The declared parameter that it is, "" for a size."""


@dataclasses.dataclass(frozen=True)
class Varied:
    """What is written for each repetition: one text for all, one that counts with `i`, or a text for all of them."""

    text: str
    by_index: bool = False
    is_list: bool = False


class Arguments:
    """Writes the values of one drawing, and gathers the arguments that its class needs for that.

    `used` are the cases that the text must be right for, `tried` those that show what follows from what.
    """

    def __init__(self, used: Sequence[Case], tried: Sequence[Case], block: Block | None, taken: Iterable[str]) -> None:
        self.used, self.tried = used, tried
        self._attributes = set(taken)
        self._declared = {each.name: each for each in block.parameters} if block else {}
        scope = used[0].scope
        self._declared = {name: each for name, each in self._declared.items() if name in scope}
        self._sizes = [name for name, value in scope.items() if type(value) is int and self._is_size(name)]
        self._names: dict[str, str] = {}
        for name in self._declared:
            self._names[name] = unique(identifier(name), set(self._names.values()))
        numbers = [name for name, each in self._declared.items() if each.kind == "integer"]
        self._columns = [*numbers, *self._sizes, *([INDEX] if self._differ(INDEX) else [])]
        self._unnamed = [name for name in scope if ":" in name and self._differ(name)]
        self._aliases = self._forced()
        self._fixed = {
            name: scope[name]
            for name in self._unnamed
            if name not in self._aliases and all(case.scope.get(name) == scope[name] for case in used)
        }
        self.tried = [case for case in tried if all(case.scope.get(name) == each for name, each in self._fixed.items())]
        self._unnamed = [name for name in self._unnamed if name not in self._fixed]
        self._expressions = _expressions(block) if block else []
        self._parts = _parts([*self._columns, *map(text_of, self._expressions)])
        self._own: list[Argument] = []
        self._asked: dict[str, None] = {}
        self._fitted: dict[Any, Form | None] = {}
        self.stored: dict[str, str] = {}
        """Arguments that `forward` needs, with the attribute that keeps each."""

    def _is_size(self, name: str) -> bool:
        return name not in self._declared and name != INDEX and ":" not in name

    def _differ(self, name: str) -> bool:
        return len({case.scope.get(name) for case in (*self.used, *self.tried)}) > 1

    def _forced(self) -> dict[str, str]:
        """Sizes without a name that a block takes only where they equal a parameter or a size with a name."""
        found: dict[str, str] = {}
        sound = [case.scope for case in self.tried if case.is_sound]
        refused = [case.scope for case in self.tried if not case.is_sound]
        for name in self._unnamed:
            for other in self._columns:
                always = all(case.scope.get(name) == case.scope.get(other) for case in self.used)
                alike = (
                    scope.get(name) == scope.get(other) or 1 in (scope.get(name), scope.get(other)) for scope in sound
                )
                always = always and all(alike)  # a size of one is stretched to any other, which says nothing
                varied = len({scope.get(name) for scope in sound}) > 2
                if always and varied and sum(scope.get(name) != scope.get(other) for scope in refused) > 3:
                    found[name] = other
                    break
        return found

    # ---- one value

    def text(self, read: Read, said: Any, name: str, home: str = "", near: Mapping[str, Any] | None = None) -> str:
        """The text of a value; `said` is what the drawing says of it, `name` what torch calls it.

        `home` is "self." in `forward`, where arguments are attributes; `near` are all values of the node.
        """
        used, tried = self._rows(self.used, read), self._rows(self.tried, read)
        found = self._text(used, tried, said, name, home)
        if found is None:
            others = (each for each in (near or {}).values() if is_expression(each))
            other = next((each for each in (*others, *self._parts) if used and self._holds(each, used, tried)), None)
            found = None if other is None else self._expression(other, home)
        return found if found is not None else self._of_its_own(read, name, home)

    @staticmethod
    def _rows(cases: Iterable[Case], read: Read) -> list[Row]:
        return [(case.scope, value) for case in cases if (value := read(case)) is not MISSING]

    def _text(self, used: list[Row], tried: list[Row], said: Any, name: str, home: str) -> str | None:
        if is_expression(said) and self._holds(said, used, tried):
            return self._expression(said, home)
        form = self._form(used, tried)
        if form is None or not form.is_plain:
            other = next((each for each in self._expressions if self._holds(each, used, tried)), None)
            if other is not None and used:
                return self._expression(other, home)
        if form is not None:
            return form.text({each: self._name(each, name, home) for each, _ in form.factors})
        if (joined := self._joined(used, tried)) is not None:
            form, other = joined
            return self._sum(form, other, name, home)
        if (
            used
            and len({value for _, value in tried}) < 2
            and all(value == used[0][1] and type(value) is type(used[0][1]) for _, value in used)
        ):
            return exact(used[0][1])
        return None

    def _form(self, used: list[Row], tried: list[Row]) -> Form | None:
        key = (len(used), *((id(scope), type(value).__name__, value) for scope, value in (*used, *tried)))
        if key not in self._fitted:
            form = fitted(used, tried, [*self._columns, *self._unnamed])
            self._fitted[key] = self._settled(form) if form else None
        return self._fitted[key]

    def _joined(self, used: list[Row], tried: list[Row]) -> tuple[Form, Any] | None:
        """A sum with one expression of the drawing in it, as sizes are that were joined."""
        if not used or type(used[0][1]) is not int:
            return None
        for said in self._expressions:
            for times in (1, 2):
                try:
                    left, others = (
                        [(scope, value - times * int(worked_out(text_of(said), scope))) for scope, value in rows]  # type: ignore[arg-type]
                        for rows in (used, tried)
                    )
                except (ExpressionFault, TypeError, ValueError):
                    break
                if form := self._form(left, others):
                    return form, expression(f"({text_of(said)}) * {times}" if times > 1 else f"({text_of(said)})")
        return None

    def _sum(self, form: Form, said: Any, name: str, home: str) -> str:
        """The text of a sum with an expression in it."""
        names = {each: self._name(each, name, home) for each, _ in form.factors}
        last = self._expression(said, home)
        is_product = re.fullmatch(r"[\w.]+( (\*|//|%) [\w.]+)*|\w+\(.*\)", last) is not None
        return f"{form.text(names)} + {last if is_product else f'({last})'}"

    @staticmethod
    def _holds(said: Any, used: list[Row], tried: list[Row]) -> bool:
        """Whether an expression comes to the value in every case."""
        try:
            for scope, value in (*used, *tried):
                found = worked_out(text_of(said), scope)
                if found != value or (type(found) is not type(value) and type(value) is not float):
                    return False
        except ExpressionFault:
            return False
        return True

    def _expression(self, said: Any, home: str) -> str:
        return expression_text(said, {name: self._name(name, name, home) for name in names_in(said)})

    def _name(self, scope_name: str, torch_name: str, home: str) -> str:
        """What a name of the scope is called in the text."""
        if scope_name not in self._names:
            wanted = {INDEX: "index"}.get(scope_name, torch_name if ":" in scope_name else scope_name)
            self._names[scope_name] = unique(identifier(wanted), self._taken())
        self._asked[scope_name] = None
        return self._at_home(self._names[scope_name], home)

    def _at_home(self, name: str, home: str) -> str:
        if not home:
            return name
        if name not in self.stored:
            self.stored[name] = unique(name, self._attributes | set(self.stored.values()))
        return home + self.stored[name]

    def _taken(self) -> set[str]:
        return set(self._names.values()) | {each.name for each in self._own}

    def _of_its_own(self, read: Read, name: str, home: str) -> str:
        """An argument for a value that differs between uses and follows from nothing."""
        held = next((each for each in self._own if all(each.read(case) == read(case) for case in self._all)), None)
        if held is None:
            value = next(found for case in self.used if (found := read(case)) is not MISSING)
            held = Argument(unique(identifier(name), self._taken()), _kind(value), read)
            self._own.append(held)
        return self._at_home(held.name, home)

    @property
    def _all(self) -> tuple[Case, ...]:
        return (*self.used, *self.tried)

    def known(self, read: Read) -> str:
        """The text of a value made of arguments that are there already; "" where it needs others."""
        used, tried = self._rows(self.used, read), self._rows(self.tried, read)
        form = self._form(used, tried)
        if form is not None:
            return form.text(self._names) if all(self._is_there(name) for name, _ in form.factors) else ""
        there = (each for each in self._expressions if all(map(self._is_there, names_in(each))))
        said = next((each for each in there if self._holds(each, used, tried)), None)
        return expression_text(said, self._names) if said is not None else ""

    def _is_there(self, name: str) -> bool:
        return name in self._asked

    # ---- one value for each repetition

    def series(self, read: Read, said: Any, name: str, count: str) -> Varied:
        """The text of a value that each repetition has, `read` giving a tuple of them; `count` is their number."""
        used, tried = self._rows(self.used, read), self._rows(self.tried, read)
        if all(len(set(values)) == 1 for _, values in (*used, *tried)):
            return Varied(self.text(_first(read), said, name))
        if max(len(values) for _, values in used) >= ENOUGH_TURNS:
            form = fitted(_spread(used), _spread(tried) if tried else [], self._columns_of_turns())
            if form is not None:
                return Varied(self._of_turns(form, name), by_index=True)
        return Varied(self._list(read, name, count), is_list=True)

    def _columns_of_turns(self) -> list[str]:
        plain = [*self._columns, *self._unnamed]
        return [*plain, TURN, *(f"{TURN}*{each}" for each in plain)]

    def _of_turns(self, form: Form, name: str) -> str:
        base = Form(form.constant, tuple(each for each in form.factors if not each[0].startswith(TURN)))
        steps = dict(form.factors)
        slope = Form(steps.get(TURN, 0), tuple((each[len(TURN) + 1 :], k) for each, k in form.factors if "*" in each))
        texts = [
            each.text({held: self._name(held, name, "") for held, _ in each.factors})
            for each in (self._settled(base), self._settled(slope))
        ]
        factor = texts[1] if " " not in texts[1] else f"({texts[1]})"
        step = "i" if factor == "1" else f"i * {factor}"
        return step if texts[0] == "0" else f"{texts[0]} + {step}"

    def _settled(self, form: Form) -> Form:
        """The form as it is written, sizes first."""
        found = with_names(form, self._aliases)
        return Form(found.constant, tuple(sorted(found.factors, key=lambda each: each[0] in self._declared)))

    def _list(self, read: Read, name: str, count: str) -> str:
        """All the values, as a tuple, or the first and how often the second follows."""
        rows = self._rows(self.used, read)
        lengths = {len(values) for _, values in rows}
        if all(len(set(values[1:])) <= 1 for _, values in rows) and (len(lengths) > 1 or max(lengths) > 4):
            first, second = (self._turn(read, turn, name) for turn in (0, 1))
            if first is not None and second is not None:
                rest = str(int(count) - 1) if count.isdecimal() else f"({count} - 1)"
                return f"[{first}] + [{second}] * {rest}"
        if len(lengths) == 1 and count.isdecimal():
            texts = [self._turn(read, turn, name) for turn in range(max(lengths))]
            if all(text is not None for text in texts):
                return f"({', '.join(cast('list[str]', texts))})"
        return self._of_its_own(read, f"{name}s", "")

    def _turn(self, read: Read, turn: int, name: str) -> str | None:
        one = _turn(read, turn)
        return self._text(self._rows(self.used, one), self._rows(self.tried, one), None, name, "")

    # ---- the arguments

    def arguments(self) -> tuple[Argument, ...]:
        """The arguments that the class reads: sizes first, then what is declared, with its defaults."""
        sizes = [name for name in (*self._sizes, *self._unnamed) if name in self._asked]
        made = [Argument(self._names[name], "int", _of_scope(name)) for name in sizes]
        declared = [_declared(self._names[name], each) for name, each in self._declared.items() if name in self._asked]
        index = [Argument(self._names[INDEX], "int", _of_scope(INDEX), 0)] if INDEX in self._asked else []
        return (*made, *self._own, *declared, *index)


TURN = "i#"


def _spread(rows: Iterable[Row]) -> list[Row]:
    """Each repetition as a row of its own, with its number and that number times each size."""
    made: list[Row] = []
    for scope, values in rows:
        numbers = {name: value for name, value in scope.items() if type(value) is int}
        for turn, value in enumerate(values):
            grown = {f"{TURN}*{name}": turn * number for name, number in numbers.items()}
            made.append(({**scope, TURN: turn, **grown}, value))
    return made


def _first(read: Read) -> Read:
    return _turn(read, 0)


def _turn(read: Read, turn: int) -> Read:
    def one(case: Case) -> Any:
        values = read(case)
        return values[turn] if values is not MISSING and turn < len(values) else MISSING

    return one


def _of_scope(name: str) -> Read:
    return lambda case: case.scope.get(name, MISSING)


def _declared(name: str, each: BlockParameter) -> Argument:
    default = plain(each.default)
    if each.kind == "number" and type(default) is int:
        default = float(default)
    try:
        exact(default)
    except ValueError:  # check says that it fits no parameter
        default = None
    return Argument(name, KINDS[each.kind], _of_scope(each.name), default, each.name)


def plain(value: Any) -> Any:
    """A default as it is written: what a file holds as a list is a tuple."""
    return tuple(cast("list[Any]", value)) if isinstance(value, list) else value


def _kind(value: Any) -> str:
    if isinstance(value, tuple):
        held = cast("tuple[Any, ...]", value)
        return f"tuple[{_kind(held[0]) if held else 'int'}, ...]"
    return type(value).__name__ if isinstance(value, bool | int | float | str) else "object"


def _expressions(block: Block) -> list[Any]:
    """The expressions of a drawing that join at least two names or numbers, the short ones first, each once."""
    found: dict[str, Any] = {}

    def gather(value: Any) -> None:
        if isinstance(value, tuple | list):
            for part in cast("Sequence[Any]", value):
                gather(part)
        elif is_expression(value) and not text_of(value).isidentifier():
            found.setdefault(text_of(value), value)

    for node in block.nodes.values():
        for value in node.values.values():
            gather(value)
    return sorted((value for value in found.values() if names_in(value)), key=lambda value: len(text_of(value)))


def _parts(texts: Iterable[str]) -> list[Any]:
    """Sizes and expressions in equal parts, as layers divide what arrives."""
    return [expression(f"({text}) // {parts}") for text in texts if text != INDEX for parts in (2, 3, 4)]


def said_of(values: Mapping[str, Any], place: tuple[Any, ...], names: Sequence[str]) -> Any:
    """What the drawing says of the value at a place of a node's call, None where it says nothing."""
    kind, key, *rest = place
    found: Any = values.get(key) if kind == "keywords" else None
    if kind == "positional" and key < len(names):
        found = values.get(str(names[key]))
    for index in rest:
        if isinstance(found, tuple | list) and isinstance(index, int):
            parts = cast("Sequence[Any]", found)
            found = parts[index] if index < len(parts) else None
        elif not is_expression(found):
            return None
    return cast("Any", found)
