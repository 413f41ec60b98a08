"""What a used block holds as a whole: the modules inside, each at its place, and what is asked of all their weights."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from core.engine.examine import Found
from core.engine.pretrained import Unfit, held_by, tensors
from core.expressions import has_expression
from core.graph import Graph, Node
from core.layers.block import REPEAT
from core.messages import Held, NodeReport, Problem
from core.repairs import Repair, SetWeights
from core.source.flow import block_names
from core.weights import weights_of


class Walked(Protocol):
    """A walk through a drawing, as `core.engine.visit` makes it."""

    @property
    def graph(self) -> Graph: ...
    @property
    def block(self) -> str: ...
    @property
    def order(self) -> Sequence[str]: ...
    @property
    def entered(self) -> Mapping[str, Sequence[Walked]]: ...
    @functools.cached_property
    def leading(self) -> set[str]: ...
    @property
    def reports(self) -> Mapping[str, NodeReport]: ...
    @property
    def found(self) -> Mapping[str, Found]: ...


def held_within(visit: Walked, node_id: str) -> Held:
    """What the modules in a used block hold, under the names that they have in the written class."""
    shapes: dict[str, tuple[int, ...]] = {}
    state: dict[str, tuple[int, ...]] = {}
    places: dict[str, str] = {}
    differs = False
    for path, place, held in _modules(visit, node_id):
        places[path] = place
        shapes |= {f"{place}.{name}" if name else place: shape for name, shape in held.parameters.items()}
        state |= {f"{place}.{name}" if name else place: shape for name, shape in held.state.items()}
        differs = differs or held.differs
    return Held(shapes, state, differs, places)


def looked_at(visit: Walked, node_id: str) -> tuple[Held, list[Problem]]:
    """What a node that uses a block holds, and what does not fit of its settings of weights; no tensor is read."""
    node, held = visit.graph.nodes[node_id], held_within(visit, node_id)
    if not held.state and not held.differs:
        edits = tuple(SetWeights(node_id, name, None) for name in node.weights)
        message = f"{node_id} has no weights inside, so its settings of weights do nothing: reset them."
        return held, [Problem("note", node_id, "", message, Repair("Reset the weights", edits))]
    problems = [*_shortened(visit, node_id, node)]
    if weights_of(node).file and held.state:
        try:
            tensors(node_id, node, held)
        except Unfit as unfit:
            problems.append(Problem("error", node_id, "", str(unfit), unfit.repair))
    return held, problems


def _modules(visit: Walked, node_id: str) -> Iterator[tuple[str, str, Held]]:
    """The path, the place and what it holds of each module in a used block; those that others own are left out."""
    entered = visit.entered[node_id]
    drawn = visit.graph.blocks[visit.block].nodes if visit.block else visit.graph.nodes
    is_loop = len(entered) > 1 or has_expression(drawn[node_id].values.get(REPEAT))
    for turn, inner in enumerate(entered):
        before = f"{turn}/" if len(entered) > 1 else ""
        home = f"{turn}." if is_loop else ""
        names = block_names(inner.graph)
        for each in inner.order:
            if each not in inner.leading or inner.graph.nodes[each].shares:
                continue
            if each in inner.entered:
                for path, place, held in _modules(inner, each):
                    yield f"{before}{each}/{path}", f"{home}{names[each]}.{place}", held
            elif held := _held(inner, each):
                yield f"{before}{each}", f"{home}{names[each]}", held


def _held(visit: Walked, node_id: str) -> Held | None:
    """What one node holds; None where it is no module or cannot be built."""
    call = visit.reports[node_id].call
    if call is None or not call.target:
        return None
    return visit.found[node_id].held if call.code and node_id in visit.found else held_by(call)


def _shortened(visit: Walked, node_id: str, node: Node) -> Iterator[Problem]:
    """What is said where torch changes weights as they are used, frozen or not."""
    if not weights_of(node).frozen:
        return
    for turn in visit.entered[node_id]:
        for each, report in turn.reports.items():
            if report.call and dict(report.call.keywords).get("max_norm") is not None:
                message = (
                    f"{node_id} is frozen, but max_norm of {each} still shortens its rows as they are used: set "
                    "max_norm to none there."
                )
                yield Problem("warning", node_id, "", message)
                return
