"""Blocks looked at again with other sizes and values, so that source can tell what follows from what.

Equal numbers say nothing: a size is written as `channels * 4` where it was 4 times as large in every block that was
tried with other channels, and as itself where it was not.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import msgspec
import torch

from core.blocks import axis_names
from core.engine.visit import Visit, inside, shapes_alone
from core.expressions import ExpressionFault, has_expression, is_expression, names_in, parsed, text_of
from core.graph import Block
from core.layers import CATALOGUE, Call
from core.layers.block import REPEAT, BlockUse
from core.messages import Checked
from core.parameters import Parameter, parameters
from core.project import Project
from core.source.cases import INDEX, Case, Cases
from core.specs import Spec

MOST = 10_000
"""The largest number of an expression around which is looked."""
Change = Mapping[str, Any]
"""Other values for some names of a scope."""


def cases(project: Project, checked: Checked) -> Cases | None:
    """What is known of the blocks of a project, used and tried; None for a project that uses none."""
    graph = project.graph
    if not any(node.layer in graph.blocks for node in graph.nodes.values()):
        return None
    fields = {field.name: field.spec for field in checked.data.fields}
    visit = Visit(graph, [], fields)
    for node_id in visit.order:
        visit.look_at(node_id)
    visit.look_at_sharing()
    whole = _case(visit, {}, {})
    used: dict[str, list[Case]] = {}
    for case in whole.walk():
        used.setdefault(case.block, []).append(case)
    with shapes_alone():
        tried = {name: tuple(_tried(visit, name, held)) for name, held in used.items() if name}
    named = _argument_names(each for held in (*used.values(), *tried.values()) for case in held for each in case.walk())
    return Cases(whole, tried, named)


def _case(visit: Visit, scope: Change, bound: Mapping[str, Spec]) -> Case:
    """A walk as a case, with the cases inside it."""
    uses: dict[str, tuple[Case, ...]] = {}
    for node_id, turns in visit.entered.items():
        layer = visit.layers[node_id]
        assert isinstance(layer, BlockUse)
        uses[node_id] = tuple(_of_turn(turn, layer, number) for number, turn in enumerate(turns))
    refused = any(problem.severity == "error" for problem in visit.problems)
    is_sound = not refused and all(turn.is_sound for turns in uses.values() for turn in turns)
    return Case(
        visit.block, scope, visit.graph, visit.reports, visit.layers, uses, bound, visit.leaving(), is_sound
    )  # fmt: skip


def _of_turn(visit: Visit, layer: BlockUse, turn: int) -> Case:
    declared = type(layer)
    bound = visit.bound or {}
    values = {each.name: getattr(layer, each.name) for each in parameters(declared) if each.name != REPEAT}
    named = {place for places in axes_by_name(declared.block, bound).values() for place in places}
    places = {name: size for name, place, size in _unnamed(bound) if place not in named}
    return _case(visit, {**visit.sizes, **values, INDEX: turn, **places}, bound)


def _unnamed(arriving: Mapping[str, Spec]) -> Iterator[tuple[str, tuple[str, int], int]]:
    """The constant sizes that arrive, each by a name of its own, `x:1`, and where it stands."""
    for port, spec in arriving.items():
        for axis, size in enumerate(spec.shape):
            if isinstance(size, int):
                yield f"{port}:{axis}", (port, axis), size


def axes_by_name(block: Block, arriving: Mapping[str, Spec]) -> dict[str, list[tuple[str, int]]]:
    """Where the sizes stand that inputs name: the first place, and others of the same size."""
    found: dict[str, list[tuple[str, int]]] = {}
    for port, spec in arriving.items():
        names = axis_names(str(block.nodes[port].values.get("axes", ""))) if port in block.nodes else []
        for axis, (name, size) in enumerate(zip(names, spec.shape, strict=False)):
            if name and isinstance(size, int):
                held = found.setdefault(name, [])
                if not held or arriving[held[0][0]].shape[held[0][1]] == size:
                    held.append((port, axis))
    return found


# ---- trying


class _Trial:
    """One use of a block that is looked at again with other values."""

    def __init__(self, visit: Visit, base: Case) -> None:
        self.graph = visit.graph
        self.base = base
        self.block = visit.graph.blocks[base.block]
        self.declared = {each.name: each for each in parameters(_declared(base, self.block)) if each.name != REPEAT}
        self.named = axes_by_name(self.block, base.arriving)
        taken = {place for places in self.named.values() for place in places}
        self.unnamed = {name: place for name, place, _ in _unnamed(base.arriving) if place not in taken}
        self.places = self.named | {name: [place] for name, place in self.unnamed.items()}

    def look(self, change: Change) -> Case:
        """The block with these values changed."""
        values = {name: change.get(name, self.base.scope[name]) for name in self.declared}
        layer = _declared(self.base, self.block)(**values)
        arriving = dict(self.base.arriving)
        for name, value in change.items():
            for port, axis in self.places.get(name, ()):
                arriving[port] = _with_size(arriving[port], axis, value)
        turn = int(change.get(INDEX, self.base.scope[INDEX]))
        return _of_turn(inside(self.graph, layer, turn, arriving), layer, turn)


def _declared(case: Case, block: Block) -> type[BlockUse]:
    from core.layers.block import declaration

    return declaration(case.block, block)


def _with_size(spec: Spec, axis: int, size: int) -> Spec:
    return msgspec.structs.replace(spec, shape=(*spec.shape[:axis], size, *spec.shape[axis + 1 :]))


def _tried(visit: Visit, name: str, used: list[Case]) -> Iterator[Case]:
    """One use of a block, the smallest, and the same with each value changed by itself and all at once."""
    trial = _Trial(visit, min(used, key=lambda case: (not case.is_sound, sum(1 for _ in case.walk()))))
    base = trial.base
    yield base
    for declared in trial.declared.values():
        for value in _other_values(declared, base.scope[declared.name]):
            yield trial.look({declared.name: value})
    counts = _counts(trial.block)
    numbers = {
        each: base.scope[each]
        for each in (*trial.named, *trial.declared)
        if type(base.scope[each]) is int and (each not in trial.declared or trial.declared[each].kind == "integer")
    }
    if INDEX in _names(trial.block):
        numbers[INDEX] = base.scope[INDEX]
        counts |= {INDEX}
    moved = _that_matter(trial)
    numbers |= {each: base.scope[each] for each in trial.unnamed if each in moved}
    for each, value in numbers.items():
        yield from _alone(trial, each, value, each in counts)
    yield from _together(trial, numbers, counts)
    if moved:  # and without the sizes that have no name, which are mostly the same in every use
        yield from _together(trial, {each: value for each, value in numbers.items() if each not in moved}, counts)


def _other_values(declared: Parameter, value: Any) -> list[Any]:
    match declared.kind:
        case "boolean":
            return [not value]
        case "choice":
            return [each for each in declared.choices if each != value][:2]
        case "number":
            return [value * 0.5, value * 0.25] if value else [0.5, 0.25]
        case "shape":
            return [tuple(2 * size for size in value), tuple(3 * size for size in value)]
        case _:
            return []


def _that_matter(trial: _Trial) -> set[str]:
    """The sizes without a name on which any call inside depends, or might."""
    if not trial.unnamed:
        return set()
    base = _calls(trial.base)
    for factor in (2, 3):
        change = {name: trial.base.scope[name] * (factor + place % 2) for place, name in enumerate(trial.unnamed)}
        found = trial.look(change)
        if not found.is_sound or _calls(found) != base:
            return set(trial.unnamed)
    return set()


def _calls(case: Case) -> list[Call | None]:
    return [report.call for each in case.walk() for report in each.reports.values()]


def _alone(trial: _Trial, name: str, value: int, is_count: bool) -> Iterator[Case]:
    """One value changed by two amounts under which the block still works, where there are such."""
    amounts = (
        [value + 1, value + 2, 2 * value] if is_count or value < 1 else [2 * value, 3 * value, value + 1, value + 2]
    )
    sound = 0
    for amount in dict.fromkeys([*amounts, max(1, value // 2)]):
        if amount == value:
            continue
        found = trial.look({name: amount})
        sound += found.is_sound
        yield found
        if sound == 2:
            break
    far = () if is_count else (5 * value + 16,)
    for amount in {1, value // 2, *far, *_edges(trial.block, name)} - {0, value}:  # where min and max show themselves
        yield trial.look({name: amount})


def _edges(block: Block, name: str) -> set[int]:
    """The whole numbers around those to which an expression over this name compares something."""
    found: set[int] = set()
    for text in _texts(block):
        nodes = list(ast.walk(parsed(text)))
        compares = any(isinstance(node, ast.Call | ast.Compare | ast.IfExp) for node in nodes)
        if compares and any(isinstance(node, ast.Name) and node.id == name for node in nodes):
            numbers = (node.value for node in nodes if isinstance(node, ast.Constant) and type(node.value) is int)
            found |= {near for number in numbers if 0 < number < MOST for near in (number - 1, number + 1)}
    return found


def _texts(block: Block) -> Iterator[str]:
    ahead: list[Any] = [value for node in block.nodes.values() for value in node.values.values()]
    while ahead:
        value = ahead.pop()
        if isinstance(value, tuple | list):
            ahead += cast("Sequence[Any]", value)
        elif is_expression(value):
            with contextlib.suppress(ExpressionFault):
                parsed(text_of(value))
                yield text_of(value)


def _together(trial: _Trial, numbers: Mapping[str, int], counts: set[str]) -> Iterator[Case]:
    """All values changed at once, each in the same way and each in another, and those of equal value in pairs."""
    if len(numbers) < 2:
        return
    for factor in (2, 3):
        yield trial.look(
            {name: value + factor - 1 if name in counts else value * factor for name, value in numbers.items()}
        )
    factors = {name: 2 + place for place, name in enumerate(numbers)}
    yield trial.look(
        {
            name: value + factors[name] % 3 if name in counts else value * factors[name]
            for name, value in numbers.items()
        }
    )
    names = [name for name in numbers if name not in counts]
    for place, first in enumerate(names):
        for second in names[place + 1 :]:
            if numbers[first] == numbers[second] > 1:
                for factor in (2, 3):
                    yield trial.look({name: numbers[name] * factor for name in (first, second)})


def _names(block: Block) -> set[str]:
    values = (value for node in block.nodes.values() for value in node.values.values() if has_expression(value))
    return {name for value in values for name in names_in(value)}


def _counts(block: Block) -> set[str]:
    """The parameters that say how often something is repeated: small steps are enough, and large ones slow."""
    held = (node.values.get(REPEAT) for node in block.nodes.values() if node.layer not in CATALOGUE)
    return {name for value in held if has_expression(value) for name in names_in(value)}


def _argument_names(used: Iterable[Case]) -> dict[str, tuple[str, ...]]:
    """What torch calls the positional arguments of the modules in these cases."""
    targets = {report.call.target for case in used for report in case.reports.values() if report.call}
    found: dict[str, tuple[str, ...]] = {}
    for target in sorted(targets):
        made: Any = getattr(torch.nn, target.removeprefix("nn."), None) if target.startswith("nn.") else None
        if inspect.isclass(made):
            found[target] = tuple(inspect.signature(made).parameters)
    return found
