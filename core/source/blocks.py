"""Blocks as classes: which node stands for which call, and how each use is built."""

from __future__ import annotations

import ast
import dataclasses
import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Set
from typing import Any

from msgspec.structs import replace

from core.blocks import fed_back, order_of
from core.expressions import has_expression
from core.graph import Block, Graph
from core.layers import Call, Layer
from core.layers.block import REPEAT, declaration
from core.layers.calls import exact
from core.messages import Checked
from core.parameters import parameters
from core.project import Project
from core.source.arguments import Argument, Arguments, Read, Varied, plain, said_of
from core.source.cases import Case, Cases
from core.source.flow import Flow, Used, block_flow, block_names, flow
from core.source.leaves import MISSING, Place, at, keyword_before, skeleton, with_texts
from core.source.names import LONGEST, RESERVED, attribute_names, code_names

LONGEST_LIST = 60
"""Characters of arguments that a line holds beside the name of the module and the class."""
PLACEHOLDER = Call("nn.Identity", expression="{module}()")
Fed = tuple[tuple[str, str], ...] | None
UPPER = frozenset({"Model", "Values", "Outputs", "Tensor", "NamedTuple"})


@dataclasses.dataclass(frozen=True)
class BlockClass:
    """A block as it is written, for all uses whose calls differ in numbers alone."""

    block: str
    name: str
    arguments: tuple[Argument, ...]
    stored: Mapping[str, str]
    """The arguments that `forward` needs, with the attribute that keeps each."""
    flow: Flow
    cases: tuple[Case, ...]
    texts: Arguments
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    help: str
    loops: frozenset[str]
    """The nodes that are written as several modules behind each other."""


@dataclasses.dataclass(frozen=True)
class Laid:
    """A project laid out: its classes from the innermost, and the drawing itself."""

    classes: tuple[BlockClass, ...]
    flow: Flow
    loops: frozenset[str] = frozenset()
    cases: Cases | None = None


def laid_out(project: Project, checked: Checked, cases: Cases | None) -> Laid:
    """The layout of a project with the blocks that it uses."""
    if cases is None:
        return Laid((), flow(project, checked))
    return _Writer(project, checked, cases).laid


class _Writer:
    """Makes the classes from the innermost to the drawing itself."""

    def __init__(self, project: Project, checked: Checked, cases: Cases) -> None:
        self.project, self.checked, self.cases = project, checked, cases
        self.blocks = project.graph.blocks
        self.variants: dict[str, dict[Any, BlockClass]] = {}
        self.taken = set(UPPER) | _code_names(project.graph)
        self._keys: dict[int, Any] = {}
        made: list[BlockClass] = []
        for name in order_of(self.blocks):
            held: dict[Any, list[Case]] = {}
            ports = {port.name for port in declaration(name, self.blocks[name]).inputs}
            known = cases.of(name)
            for case in [case for case in known if ports <= case.arriving.keys()] or known:
                held.setdefault(self._key(case), []).append(case)
            for key, used in held.items():
                found = self._class(name, used)
                self.variants.setdefault(name, {})[key] = found
                made.append(found)
        used_by = _Uses(self, [cases.whole], [], None, attribute_names(project.graph))
        self.laid = Laid(
            tuple(made), flow(project, checked, used_by.of(cases.whole.uses)), frozenset(used_by.loops), cases
        )

    def _key(self, case: Case) -> Any:
        """What must be the same in two uses of a block that one class is written for."""
        if id(case) not in self._keys:
            calls = [
                (node_id, report.layer, skeleton(report.call), _strange(report.call, case.layers.get(node_id)))
                for node_id, report in case.reports.items()
            ]
            inner = [
                (node_id, tuple(dict.fromkeys(self._key(turn) for turn in turns)))
                for node_id, turns in case.uses.items()
            ]
            self._keys[id(case)] = tuple(sorted(calls, key=repr)), tuple(inner), frozenset(case.leaving)
        return self._keys[id(case)]

    def variant(self, case: Case) -> BlockClass | None:
        """The class that a case is built from; None for one that was tried alone and has no class."""
        return self.variants.get(case.block, {}).get(self._key(case))

    def _class(self, name: str, used: list[Case]) -> BlockClass:
        block, first = self.blocks[name], used[0]
        names = block_names(first.graph)
        made = _Uses(self, used, list(self.cases.tried.get(name, ())), block, names)
        said = [replace(each, message=_inner(each.message)) for each in self.checked.problems if each.block == name]
        checked = Checked(0, tuple(said), nodes=dict(first.reports))
        plain: Used = dict.fromkeys(first.uses, (PLACEHOLDER, None))
        order = [step.node for step in block_flow(first.graph, checked, plain).in_order]
        calls = made.calls(order)
        laid = block_flow(first.graph, checked, calls)
        title = _unique_class(class_name(name), self.taken)
        self.taken.add(title)
        declared = declaration(name, block)
        return BlockClass(
            name,
            title,
            made.texts.arguments(),
            made.texts.stored,
            laid,
            tuple(used),
            made.texts,
            tuple(port.name for port in declared.inputs),
            tuple(port.name for port in declared.outputs),
            block.help,
            frozenset(made.loops),
        )


class _Uses:
    """The calls of one drawing, right for all its cases."""

    def __init__(
        self, writer: _Writer, used: list[Case], tried: list[Case], block: Block | None, names: Mapping[str, str]
    ) -> None:
        self.writer, self.used, self.block = writer, used, block
        self.tried = [] if block is None else tried
        self.texts = Arguments(used, self.tried, block, names.values())
        self.loops: set[str] = set()
        self.nodes = block.nodes if block else writer.project.graph.nodes

    def calls(self, order: Iterable[str]) -> Used:
        """The calls of these nodes, in their order, so that arguments come in the order of the data."""
        made: dict[str, tuple[Call, Fed]] = {}
        for node_id in order:
            if node_id in self.used[0].uses:
                made |= self.of([node_id])
            elif call := self._written(node_id):
                made[node_id] = (call, None)
        return made

    # ---- layers

    def _written(self, node_id: str) -> Call | None:
        """The call of a layer with texts in the place of its values; None where it cannot be written."""
        report = self.used[0].reports[node_id]
        if report.call is None:
            return None
        call = self._with_all_keywords(node_id, report.call)
        shape, values = skeleton(report.call), self.nodes[node_id].values
        torch_names = self.writer.cases.arguments.get(call.target, ())

        def write(place: Place, value: Any) -> str:
            def read(case: Case) -> Any:
                there = case.reports[node_id].call if node_id in case.reports else None
                if there is None or skeleton(there) != shape:
                    return MISSING
                return at(there, place, case.layers.get(node_id))

            home = "self." if not call.target or place[0] == "words" else ""
            said_as = keyword_before(report.call.expression, place[1]) if report.call and place[0] == "words" else ""
            name = said_as or _called(place, torch_names)
            return self.texts.text(read, said_of(values, place, torch_names), name, home, values)

        try:
            return with_texts(call, write)
        except ValueError:
            return None

    def _with_all_keywords(self, node_id: str, call: Call) -> Call:
        """The call with the settings that stand at their default in one use and not in another."""
        layer = self.used[0].layers[node_id]
        values = self.nodes[node_id].values
        given, shape = dict(call.keywords), skeleton(call)
        for case in (*self.used, *self.tried):
            there = case.reports[node_id].call if node_id in case.reports else None
            for name, value in there.keywords if there else ():
                if name in given or not hasattr(layer, name) or not _takes(call, name):
                    continue
                if skeleton(there) != shape:  # tried alone, with another text
                    break
                if case in self.used or has_expression(values.get(name)):
                    given[name] = value if isinstance(value, Call) else getattr(layer, name)
        rank = {each.name: place for place, each in enumerate(parameters(type(layer)))}
        ordered = dict(call.keywords) if len(given) == len(call.keywords) else None
        if ordered is None:
            ordered = dict(sorted(given.items(), key=lambda item: rank.get(item[0], -1)))
        return replace(call, keywords=tuple(ordered.items()))

    # ---- uses of blocks

    def of(self, node_ids: Iterable[str]) -> Used:
        """The calls of nodes that use blocks, with what is fed back in a loop over them."""
        return {node_id: call for node_id in node_ids if (call := self._use(node_id))}

    def _use(self, node_id: str) -> tuple[Call, Fed] | None:
        values = self.nodes[node_id].values
        turns = [case.uses[node_id] for case in self.used if case.uses.get(node_id)]
        if not turns:
            return None
        is_loop = has_expression(values.get(REPEAT)) or any(len(each) > 1 for each in turns)
        kinds = [self.writer.variant(turn) for turn in turns[0]]
        found = [each for each in kinds if each is not None]
        if not found:  # something is not linked yet, so that it is not written
            return None
        first = found[0]
        declared = declaration(first.block, self.writer.blocks[first.block])
        ports = [port.name for port in declared.inputs]
        expression, outputs = "{module}({*})", first.outputs
        unpack = outputs if len(outputs) > 1 else ()
        if not is_loop:
            said = self._built(node_id, first, self._given(node_id, first, ""))
            return Call(first.name, (_plain(said),), (), expression, unpack=unpack), None
        self.loops.add(node_id)
        is_chain = len(ports) == len(outputs) == 1
        if len({each.name for each in found}) > 1:
            text = self._each(node_id, found)
        else:
            text = self._generated(node_id, first)
            text = f"*({text})" if is_chain else text
        if is_chain:
            return Call("nn.Sequential", (_plain(text),), (), expression), None
        fed = tuple(fed_back(declared, {port: port for port in outputs}).items())
        return Call("nn.ModuleList", (_plain(text),), (), expression, unpack=unpack), fed

    def _read(self, node_id: str, argument: Argument) -> Read:
        def read(case: Case) -> Any:
            values = tuple(argument.read(turn) for turn in case.uses.get(node_id, ()))
            return MISSING if not values or MISSING in values else values

        return read

    def _given(self, node_id: str, made: BlockClass, count: str) -> list[tuple[Argument, Varied]]:
        """What each argument of a class is given."""
        said = self.nodes[node_id].values
        given: list[tuple[Argument, Varied]] = []
        for argument in made.arguments:
            own = said.get(argument.parameter) if argument.parameter else None
            text = self.texts.series(self._read(node_id, argument), own, argument.name, count)
            given.append((argument, text))
        return given

    def _built(self, node_id: str, made: BlockClass, given: list[tuple[Argument, Varied]]) -> str:
        """The arguments as they are written: sizes by position, settings by name unless they stand at their default.

        So many settings that no line holds them with their names stand by position as well.
        """
        parts: list[str] = []
        for argument, varied in given:
            if argument.default is MISSING:
                parts.append(varied.text)
            elif varied.is_list or varied.by_index or varied.text != _literal(argument.default):
                parts.append(f"{argument.name}={varied.text}")
        text = ", ".join(parts)
        if len(text) <= LONGEST_LIST or any(varied.is_list or varied.by_index for _, varied in given):
            return text
        named = [place for place, (each, varied) in enumerate(given) if f"{each.name}={varied.text}" in parts]
        return ", ".join(varied.text for _, varied in given[: max(named) + 1]) if named else text

    def _generated(self, node_id: str, made: BlockClass) -> str:
        """`Residual(64) for _ in range(3)`, with what each repetition is given."""

        def repeat(case: Case) -> Any:
            return getattr(case.layers[node_id], REPEAT) if case.uses.get(node_id) else MISSING

        count = self.texts.text(repeat, self.nodes[node_id].values.get(REPEAT), REPEAT)
        given = self._given(node_id, made, count)
        lists = {argument.name: varied.text for argument, varied in given if varied.is_list}
        by_index = any(varied.by_index for _, varied in given)
        said = [
            (each, dataclasses.replace(varied, text=each.name) if varied.is_list else varied) for each, varied in given
        ]
        names = ", ".join(lists)
        over = next(iter(lists.values())) if len(lists) == 1 else f"zip({', '.join(lists.values())}, strict=True)"
        if lists and by_index:
            names, over = f"i, {names if len(lists) == 1 else f'({names})'}", f"enumerate({over})"
        elif not lists:
            names, over = "i" if by_index else "_", f"range({count})"
        return f"{made.name}({self._built(node_id, made, said)}) for {names} in {over}"

    def _each(self, node_id: str, found: list[BlockClass]) -> str:
        """Repetitions of different classes, one by one."""
        texts: list[str] = []
        for turn, made in enumerate(found):
            given: list[tuple[Argument, Varied]] = []
            for argument in made.arguments:
                read = functools.partial(_of_turn, self._read_any(node_id, argument), turn)
                given.append((argument, Varied(self.texts.text(read, None, argument.name))))
            texts.append(f"{made.name}({self._built(node_id, made, given)})")
        return ", ".join(texts)

    def _read_any(self, node_id: str, argument: Argument) -> Callable[[Case], tuple[Any, ...]]:
        return lambda case: tuple(argument.read(turn) for turn in case.uses.get(node_id, ()))


def _inner(message: str) -> str:
    """What is said of a node in a block, without the block and its uses before it."""
    return message.partition(": ")[2] if message.startswith("In the block ") else message


def _of_turn(read: Callable[[Case], tuple[Any, ...]], turn: int, case: Case) -> Any:
    values = read(case)
    return values[turn] if turn < len(values) else MISSING


def _plain(text: str) -> Call:
    return Call(expression=text)


def _literal(value: Any) -> str:
    return exact(plain(value))


def _called(place: Place, names: tuple[str, ...]) -> str:
    """What torch calls the value at a place."""
    said = [each for each in place if isinstance(each, str) and each not in ("positional", "keywords", "words")]
    if "words" in place:
        return "size"
    if place[0] == "positional" and len(place) >= 2 and place[1] < len(names):
        return names[int(place[1])]
    return str(said[-1]) if said else "size"


def _strange(call: Call | None, layer: Layer | None) -> tuple[str, ...]:
    """The keywords of a call that are no settings of its layer, so that none stands for one that is left out."""
    return tuple(name for name, _ in call.keywords if not hasattr(layer, name)) if call else ()


def _takes(call: Call, keyword: str) -> bool:
    """Whether the text of a call has a place for a keyword."""
    return bool(call.target) or any(f"{{{name}}}" in call.expression for name in ("keywords", keyword))


def class_name(name: str) -> str:
    """A class's name close to a block's: `basic block` becomes `BasicBlock`, what has no letters `Block`."""
    plain = unicodedata.normalize("NFKD", name[:1000].replace("ß", "ss")).encode("ascii", "ignore").decode("ascii")
    made = "".join(part[0].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", plain) if part)[:LONGEST]
    if not re.search("[A-Za-z]", made) or not made[0].isalpha():
        made = f"Block{made}"
    return f"{made}Block" if made in RESERVED or made in UPPER else made


def _unique_class(name: str, taken: Set[str]) -> str:
    """The name, or the name with the first number behind it that makes it new."""
    number, made = 2, name
    while made in taken or made in RESERVED:
        made, number = f"{name}{number}", number + 1
    return made


def _code_names(graph: Graph) -> set[str]:
    """The functions and classes that people wrote anywhere, and what their texts import."""
    drawings = [graph, *(Graph(block.nodes) for block in graph.blocks.values())]
    found = {name for each in drawings for name in code_names(each)}
    for each in drawings:
        for node in each.nodes.values():
            code = node.values.get("code")
            if isinstance(code, str):
                found |= _imported(code)
    return found


def _imported(code: str) -> set[str]:
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    named = (each for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) for each in node.names)
    return {(each.asname or each.name).partition(".")[0] for each in named}
