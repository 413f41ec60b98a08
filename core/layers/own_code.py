"""What a person's Python text says of itself: ports, settings and outputs, read off its syntax; it is never run here.

    def gated(input: Tensor, slope: float = 1.0) -> Tensor:
        return input * torch.sigmoid(slope * input)

The text holds imports and one function, or one class that is an `nn.Module`. Arguments that are tensors become ports,
arguments with a plain default become settings; what the last `return` names are the outputs.
"""

from __future__ import annotations

import ast
import builtins
import dataclasses
import functools
import keyword
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from core.layers.layer import Layer, Port
from core.parameters import MISSING, Parameter, Value, fitted

LONGEST = 20_000
LONGEST_NAME = 40
FILENAME = "<your code>"
"""What the text is called where it is read and run, so that lines of it are known in a traceback."""

FILES = {
    "torch": "torch", "nn": "torch.nn", "Tensor": "torch.Tensor", "np": "numpy", "json": "json", "Any": "typing.Any",
    "NamedTuple": "typing.NamedTuple", "Path": "pathlib.Path", "annotations": "__future__.annotations",
}  # fmt: skip
"""What a name stands for in the written files, by name; the text may import it as the same thing alone."""

WRITTEN_WORDS = """
    Model Values Outputs objective load main save evaluate laid_out load_file SEED EPOCHS BATCH_SIZE FIELDS model batch
    values self x loss read_csv read_npz split_rows class_indices scaling scaled moons circles spirals xor blobs digits
    iris wine breast_cancer diabetes turned_by_position
"""
WRITTEN = frozenset(WRITTEN_WORDS.split())
"""Names that the written files have already (a test compares them with what is written)."""

SIZES = {"in_features": -1, "input_size": -1, "embed_dim": -1, "d_model": -1, "in_channels": 1, "num_channels": 1}
"""Arguments of a class that are filled from the first input, and the axis that says it."""

TAKEN = frozenset(dir(Layer)) | {"code", "fault"}
"""Names that a declaration has itself, so that no setting can be called so."""

KINDS: dict[str, type] = {"bool": bool, "int": int, "float": float, "str": str}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclasses.dataclass(frozen=True)
class Setting:
    """An argument that stands in the form: its type, its default, and what it may be where the text says so."""

    name: str
    kind: type
    default: Value
    optional: bool = False
    choices: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Argument:
    """An argument that takes what is linked to its port; one behind the star or with a default is named in the call."""

    port: Port
    is_named: bool = False


@dataclasses.dataclass(frozen=True)
class Reading:
    """What a text says of itself; `fault` is one sentence where it cannot be used, and the rest is what is known."""

    name: str = ""
    is_class: bool = False
    arguments: tuple[Argument, ...] = (Argument(Port("input")),)
    outputs: tuple[str, ...] = ("output",)
    is_single: bool = False
    """Whether the one output comes in a tuple of one."""
    settings: tuple[Setting, ...] = ()
    sizes: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    bound: tuple[tuple[str, str], ...] = ()
    """(name, what it stands for) of each import."""
    text: str = ""
    """The function or class with the comments above it, without the imports."""
    fault: str = ""

    @property
    def lines(self) -> int:
        """How many lines the function or class has."""
        return self.text.count("\n") + 1


class _Wrong(Exception):
    """A text that cannot be used, in one sentence."""


@functools.lru_cache(500)
def reading(code: str) -> Reading:
    """What a text says of itself, by its syntax tree alone; nothing is raised and nothing of it is run."""
    try:
        tree = _parsed(code)
        definition = _definition(tree)
    except _Wrong as wrong:
        return Reading(fault=str(wrong))
    found = Reading(name=definition.name, is_class=isinstance(definition, ast.ClassDef))
    for step in (_imported, _named, _ported, _returned, _set, _written):
        try:
            found = step(found, code, tree, definition)
        except _Wrong as wrong:
            found = dataclasses.replace(found, fault=found.fault or str(wrong))
    return found


def _parsed(code: str) -> ast.Module:
    if len(code) > LONGEST:
        raise _Wrong(
            f"The code has {len(code):,} characters, where at most {LONGEST:,} are taken: put it into a module of your "
            "own and import that."
        )
    try:
        with warnings.catch_warnings():  # a strange escape in a text is no matter of ours
            warnings.simplefilter("ignore")
            return ast.parse(code, FILENAME)
    except SyntaxError as error:
        where = f" in line {error.lineno}" if error.lineno else ""
        raise _Wrong(f"The code is not Python{where} ({_plain(str(error.msg))}): mend that line.") from None
    except ValueError as error:  # a character that no text has
        raise _Wrong(f"The code is not Python ({_plain(str(error))}): take that character out.") from None
    except (RecursionError, MemoryError):
        raise _Wrong("The code is nested too deeply to be read: write it with more and shorter lines.") from None


def _plain(text: str) -> str:
    """A text as one line of printable characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:120]


def _definition(tree: ast.Module) -> Function | ast.ClassDef:
    """The one function or class; raises _Wrong where there is none, several, or anything else beside it."""
    rest = [each for each in tree.body if not isinstance(each, ast.Import | ast.ImportFrom)]
    if rest and _is_text(rest[0]):
        rest = rest[1:]
    found = [each for each in rest if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    if not found:
        raise _Wrong("The code has no function: write one, for example def double(x): return 2 * x.")
    if len(found) > 1:
        raise _Wrong(
            f"The code has {found[0].name[:60]} and {found[1].name[:60]}, where one function or class is expected: put "
            "the others inside it."
        )
    other = next((each for each in rest if each is not found[0]), None)
    if other is not None:
        raise _Wrong(
            f"Line {other.lineno} stands beside {found[0].name[:60]}, where imports alone may stand: move it inside."
        )
    return found[0]


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


# ---- imports and names


def _imported(found: Reading, code: str, tree: ast.Module, definition: Function | ast.ClassDef) -> Reading:
    lines: list[str] = []
    bound: list[tuple[str, str]] = []
    for statement in tree.body:
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            continue
        whole = statement.module if isinstance(statement, ast.ImportFrom) and not statement.level else ""
        for alias in statement.names:
            if whole is None or alias.name == "*" or (isinstance(statement, ast.ImportFrom) and not whole):
                raise _Wrong(f"Line {statement.lineno} imports what cannot be told from outside: name a module and it.")
            renamed = f" as {alias.asname}" if alias.asname else ""
            if whole:
                lines.append(f"from {whole} import {alias.name}{renamed}")
                bound.append((alias.asname or alias.name, f"{whole}.{alias.name}"))
            else:
                lines.append(f"import {alias.name}{renamed}")
                first = alias.name.partition(".")[0]
                bound.append((alias.asname or first, alias.name if alias.asname else first))
            _check_bound(*bound[-1], definition.name)
    names = {name for name, _ in bound}
    if "torch" not in names and any(isinstance(each, ast.Name) and each.id == "torch" for each in ast.walk(definition)):
        lines.append("import torch")
        bound.append(("torch", "torch"))
    return dataclasses.replace(found, imports=tuple(dict.fromkeys(lines)), bound=tuple(dict.fromkeys(bound)))


def _check_bound(name: str, origin: str, defined: str) -> None:
    if name == defined:
        raise _Wrong(f"The code imports and defines {name[:60]}: give one of them another name.")
    if FILES.get(name, origin) != origin:
        raise _Wrong(f"The code imports {origin[:60]} as {name}, which is {FILES[name]} here: give it another name.")
    if name in WRITTEN or (name in dir(builtins) and name not in FILES):
        raise _Wrong(f"The code imports {origin[:60]} as {name}, a name of the written files: write `as` another.")


def _named(found: Reading, code: str, tree: ast.Module, definition: Function | ast.ClassDef) -> Reading:
    name = definition.name
    if isinstance(definition, ast.AsyncFunctionDef):
        raise _Wrong(f"{name[:60]} is an async function, which torch cannot wait for: write def without async.")
    if not name.isascii() or len(name) > LONGEST_NAME or name.startswith("__"):
        raise _Wrong(f"{name[:60]} is no name for a function here: take up to {LONGEST_NAME} Latin letters and digits.")
    if name in WRITTEN or name in FILES or name in dir(builtins) or name in keyword.softkwlist:
        raise _Wrong(f"{name} is a name that Python or the written files use: call it {name}_of_mine, for example.")
    return found


# ---- arguments


def _ported(found: Reading, code: str, tree: ast.Module, definition: Function | ast.ClassDef) -> Reading:
    """The ports of a function, or of the forward of a class."""
    if not isinstance(definition, ast.ClassDef):
        first = next(iter([*definition.args.posonlyargs, *definition.args.args]), None)
        if first is not None and first.arg == "self":
            raise _Wrong(f"{definition.name} takes self, which only a function inside a class is given: drop self.")
        ported = _ports(definition.args, definition.name, 0)
        return dataclasses.replace(found, arguments=ported)
    if not any(ast.unparse(base) in ("nn.Module", "torch.nn.Module", "Module") for base in definition.bases):
        raise _Wrong(f"{definition.name} is no module: write class {definition.name}(nn.Module).")
    forward = _method(definition, "forward")
    if forward is None:
        raise _Wrong(f"{definition.name} has no forward: write def forward(self, x) in it.")
    return dataclasses.replace(found, arguments=_ports(forward.args, f"forward of {definition.name}", 1))


def _method(definition: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    return next((each for each in definition.body if isinstance(each, ast.FunctionDef) and each.name == name), None)


def _every(arguments: ast.arguments, skipped: int) -> list[tuple[ast.arg, ast.expr | None, bool]]:
    """(argument, default, whether it stands behind the star) of each, without the first ones."""
    plain = [*arguments.posonlyargs, *arguments.args]
    without = [None] * (len(plain) - len(arguments.defaults))
    placed = [(each, default, False) for each, default in zip(plain, [*without, *arguments.defaults], strict=True)]
    named = [(each, default, True) for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    return [*placed[skipped:], *named]


def _ports(arguments: ast.arguments, where: str, skipped: int) -> tuple[Argument, ...]:
    if arguments.kwarg:
        raise _Wrong(f"{where} takes **{arguments.kwarg.arg[:40]}, which no link can be named by: write each argument.")
    if arguments.posonlyargs:
        raise _Wrong(f"{where} has a / among its arguments, which none needs here: take it out.")
    if len(arguments.args) < skipped:
        raise _Wrong(f"{where} has no self: write def forward(self, x).")
    found: list[Argument] = []
    has_passed = False
    for each, default, is_named in _every(arguments, skipped):
        is_port = _is_port(each, default, where)
        if is_port:
            _check_port(each.arg, where)
            optional = default is not None
            found.append(Argument(Port(each.arg, _help(each.arg, where), optional), is_named or optional or has_passed))
        has_passed = has_passed or not is_port or default is not None
    star = arguments.vararg
    if star:
        if any(each.is_named for each in found if not each.port.optional) or len(arguments.defaults):
            raise _Wrong(f"{where} has arguments with a default before *{star.arg[:40]}: put them behind it.")
        _check_port(star.arg, where)
        place = len([each for each in found if not each.is_named])
        found.insert(place, Argument(Port(star.arg, _help(star.arg, where), variadic=True)))
    return tuple(found)


def _help(name: str, where: str) -> str:
    return f"The argument {name} of {where}."


def _is_port(each: ast.arg, default: ast.expr | None, where: str) -> bool:
    said = _kinds(each.annotation)
    if said:
        if default is None:
            raise _Wrong(
                f"{each.arg[:60]} of {where} is no tensor and has no default: give it one, for example "
                f"{each.arg[:60]}: {said[0].__name__} = {said[0]()!r}."
            )
        return False
    return default is None or (isinstance(default, ast.Constant) and default.value is None)


def _kinds(annotation: ast.expr | None) -> list[type]:
    """The plain types that an annotation names (`int`, `float | None`, `Literal[...]`), none for a tensor."""
    match annotation:
        case ast.Constant(value=str() as text) if len(text) < 100:  # an annotation in quotes
            try:
                return _kinds(ast.parse(text, FILENAME, "eval").body)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return []
        case ast.Name(id=name):
            return [KINDS[name]] if name in KINDS else []
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return [*_kinds(left), *_kinds(right)]
        case ast.Subscript(value=ast.Name(id="Literal")):
            return [str]
        case _:
            return []


def _check_port(name: str, where: str) -> None:
    if not name.isascii() or len(name) > LONGEST_NAME or name.startswith("__") or name in ("module", "optional"):
        raise _Wrong(
            f"{name[:60]} of {where} is no name for an input here: take another, of up to {LONGEST_NAME} Latin letters."
        )


def _set(found: Reading, code: str, tree: ast.Module, definition: Function | ast.ClassDef) -> Reading:
    """The settings of a function, or of the __init__ of a class with the sizes that its input fills."""
    if not isinstance(definition, ast.ClassDef):
        return dataclasses.replace(found, settings=_settings(_every(definition.args, 0), definition.name, {}))
    init = _method(definition, "__init__")
    if init is None:
        return found
    where = f"__init__ of {definition.name}"
    if init.args.vararg or init.args.kwarg or init.args.posonlyargs or not init.args.args:
        raise _Wrong(f"{where} takes *, ** or / arguments, or no self: write each argument after self by name.")
    every = _every(init.args, 1)
    sizes = tuple(each.arg for each, default, _ in every if default is None and each.arg in SIZES)
    for each, default, _ in every:
        if default is None and each.arg not in SIZES:
            raise _Wrong(
                f"{each.arg[:60]} of {where} has no default: give it one, or call it in_features or in_channels, which "
                "the input fills."
            )
    if sizes and not any(not each.port.optional for each in found.arguments):
        raise _Wrong(f"{sizes[0]} of {where} is filled from an input, but forward takes none: give it a default.")
    settings = _settings([each for each in every if each[0].arg not in sizes], where, {})
    return dataclasses.replace(found, settings=settings, sizes=sizes)


def _settings(
    every: Iterable[tuple[ast.arg, ast.expr | None, bool]], where: str, made: dict[str, Setting]
) -> tuple[Setting, ...]:
    for each, default, _ in every:
        if default is None:
            continue
        kinds = _kinds(each.annotation)
        value = _literal(default)
        if value is MISSING or (value is None and not kinds):
            if kinds:
                raise _Wrong(
                    f"{each.arg[:60]} of {where} has a default that is no plain value: write the value itself."
                )
            continue  # left as the text has it
        if not kinds and type(value) not in KINDS.values():
            continue
        name = each.arg
        if not name.isascii() or len(name) > LONGEST_NAME or name.startswith("_") or name in TAKEN:
            raise _Wrong(f"{name[:60]} of {where} is no name for a setting here: call it {name[:30].strip('_')}_value.")
        kind = kinds[0] if kinds else type(value)
        setting = Setting(name, kind, value, value is None or _allows_none(each.annotation), _choices(each.annotation))
        made[name] = dataclasses.replace(setting, default=_fitted(setting, where))
    return tuple(made.values())


def _fitted(setting: Setting, where: str) -> Value:
    """The default as its own type takes it; raises _Wrong where it does not fit."""
    kinds: dict[type, Any] = {bool: "boolean", int: "integer", float: "number", str: "text"}
    kind = "choice" if setting.choices else kinds[setting.kind]
    declared = Parameter(
        setting.name, kind, setting.default, setting.default, "", choices=setting.choices, optional=setting.optional
    )
    try:
        return fitted(declared, setting.default)
    except ValueError as error:
        raise _Wrong(f"The default in {where} does not fit: {_plain(str(error)).rstrip('.')}.") from None


def _allows_none(annotation: ast.expr | None) -> bool:
    return annotation is not None and any(
        isinstance(each, ast.Constant) and each.value is None for each in ast.walk(annotation)
    )


def _choices(annotation: ast.expr | None) -> tuple[str, ...]:
    """The texts of `Literal["sum", "mean"]`."""
    match annotation:
        case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
            parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            return tuple(texts) if len(texts) == len(parts) else ()
        case _:
            return ()


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return MISSING


# ---- outputs and text


def _returned(found: Reading, code: str, tree: ast.Module, definition: Function | ast.ClassDef) -> Reading:
    function = _method(definition, "forward") if isinstance(definition, ast.ClassDef) else definition
    if function is None:
        return found
    returns = [each for each in _own(function) if isinstance(each, ast.Return)]
    last = max(returns, key=lambda each: (each.lineno, each.col_offset), default=None)
    if last is None or last.value is None:
        raise _Wrong(f"{definition.name} returns nothing: end it with return and a tensor.")
    if not isinstance(last.value, ast.Tuple):
        return found
    parts = last.value.elts
    if not parts or any(isinstance(part, ast.Starred) for part in parts) or len(parts) > 64:
        raise _Wrong(f"{definition.name} returns values that cannot be counted: write return a, b with each by name.")
    names = [part.id for part in parts if isinstance(part, ast.Name)]
    fit = len(set(names)) == len(parts) and all(name.isascii() and len(name) <= LONGEST_NAME for name in names)
    outputs = tuple(names) if fit else tuple(f"output_{number}" for number in range(len(parts)))
    return dataclasses.replace(found, outputs=outputs, is_single=len(parts) == 1)


def _own(function: Function) -> list[ast.AST]:
    """The nodes of a function without those of functions and classes inside it."""
    held: list[ast.AST] = []
    ahead: list[ast.AST] = list(function.body)
    while ahead:
        each = ahead.pop()
        held.append(each)
        if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            ahead += ast.iter_child_nodes(each)
    return held


def _written(found: Reading, code: str, tree: ast.Module, definition: Function | ast.ClassDef) -> Reading:
    """The text without its imports and the words above them, which stand elsewhere in a written file."""
    lines = code.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ").split("\n")
    gone: set[int] = set()
    for statement in tree.body:
        if statement is not definition:
            gone |= set(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    text = "\n".join(line for number, line in enumerate(lines, 1) if number not in gone).strip("\n").rstrip()
    return dataclasses.replace(found, text=text)


# ---- several texts in one project


def clashes(codes: Mapping[str, str]) -> dict[str, str]:
    """What stands in the way of writing these texts into one file, one sentence by node; the first one is right."""
    found: dict[str, str] = {}
    owners: dict[str, tuple[str, str]] = {}
    for node_id, code in codes.items():
        told = reading(code)
        if told.fault:
            continue
        meanings = [*told.bound, (told.name, f"{told.text}\n{told.imports}")]
        for name, meaning in meanings:
            first, held = owners.setdefault(name, (node_id, meaning))
            if held != meaning and node_id not in found:
                found[node_id] = f"{name} is something else in {first}: give it another name in one of them."
    return found
