"""Where the modules of nodes are in the model, and what people wrote for nodes, through all classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.source.blocks import BlockClass, Laid
from core.source.cases import Case
from core.source.flow import own_code


def module_paths(laid: Laid, held_alone: bool = False) -> dict[str, str]:
    """The place in the model of each node's module, by the path of the node: `stage1/0/conv1` is `stage1.0.conv1`.

    With `held_alone` those that the model does not hold are left out.
    """
    names = laid.flow.names
    if held_alone:
        names = {step.node: names[step.node] for step in laid.flow.held}
    if laid.cases is None:
        return dict(names)
    found = {node_id: name for node_id, name in names.items() if node_id not in laid.cases.whole.uses}
    by_case = {id(case): made for made in laid.classes for case in made.cases}
    written = {step.node for step in laid.flow.held}
    for node_id, turns in laid.cases.whole.uses.items():
        if node_id in written:
            for path, place, turn in _turns(node_id, names[node_id], turns, node_id in laid.loops):
                found |= dict(_inside(turn, path, place, by_case))
    return found


def _turns(path: str, place: str, turns: tuple[Case, ...], is_loop: bool) -> Iterator[tuple[str, str, Case]]:
    for number, turn in enumerate(turns):
        yield (f"{path}/{number}" if len(turns) > 1 else path), (f"{place}.{number}" if is_loop else place), turn


def _inside(case: Case, path: str, place: str, by_case: Mapping[int, BlockClass]) -> Iterator[tuple[str, str]]:
    made = by_case[id(case)]
    for step in made.flow.held:
        node_id, name = step.node, made.flow.names[step.node]
        if node_id not in case.uses:
            yield f"{path}/{node_id}", f"{place}.{name}"
            continue
        for inner, at_place, turn in _turns(
            f"{path}/{node_id}", f"{place}.{name}", case.uses[node_id], node_id in made.loops
        ):
            yield from _inside(turn, inner, at_place, by_case)


def all_code(laid: Laid) -> dict[str, str]:
    """The functions and classes that stand above those of blocks, each text once."""
    found: dict[str, str] = {}
    for made in laid.classes:
        for text, node_id in own_code(made.flow.in_model_file).items():
            found.setdefault(text, f"{made.block}:{node_id}")
    return found | {text: node for text, node in own_code(laid.flow.in_model_file).items() if text not in found}
