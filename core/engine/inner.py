"""What a walk has found inside blocks: each repetition by its path, the whole drawn out, and each problem once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from core.blocks import fed_back
from core.engine.visit import Visit
from core.graph import Graph, Link, Node, link_key
from core.layers.data import Input, Output
from core.messages import NodeReport, Problem
from core.repairs import Edit, Join, Repair, SetData
from core.weights import weights_of

Value = tuple[str, str]
"""One output port of one node."""


def turns(visit: Visit, prefix: str = "") -> Iterator[tuple[str, Visit]]:
    """The repetitions of every used block, however deep, by path: `stage1`, `stage1/2` where repeated."""
    for node_id, entered in visit.entered.items():
        for turn, inner in enumerate(entered):
            path = f"{prefix}{node_id}" + (f"/{turn}" if len(entered) > 1 else "")
            yield path, inner
            yield from turns(inner, f"{path}/")


def walked(visit: Visit, prefix: str = "") -> Iterator[tuple[str, NodeReport]]:
    """What is known of every node, those in blocks by their path."""
    yield from visit.reports.items()
    for path, inner in turns(visit):
        for node_id, report in inner.reports.items():
            yield f"{path}/{node_id}", report


def flat(visit: Visit) -> Visit:
    """The walk as if every block were drawn out: nodes by path, what enters and leaves blocks joined straight."""
    return _DrawnOut(visit).whole if visit.entered else visit


class _DrawnOut:
    """Puts the nodes of a walk, and of all walks in it, under their paths."""

    def __init__(self, visit: Visit) -> None:
        self._nodes: dict[str, Node] = {}
        self._links: list[Link] = []
        self.whole = Visit(Graph(), [], visit.fields)
        self.whole.order = []
        readings = self.whole.readings = {}
        self._put(visit, "", {}, False)
        self.whole.graph = Graph(self._nodes, tuple(sorted(self._links, key=link_key)))
        self.whole.readings = {path: readings[path] for path in self._nodes if path in readings}

    def _put(self, visit: Visit, prefix: str, given: Mapping[str, Value], frozen: bool) -> dict[str, Value]:
        """Put the nodes of one walk there; gives what its Output nodes get. In a frozen block all of them are."""
        values: dict[Value, Value] = {}
        leaving: dict[str, Value] = {}
        for node_id in visit.order:
            node, path = visit.graph.nodes[node_id], f"{prefix}{node_id}"
            came = visit.graph.arriving[node_id]
            arriving = {port: values[value] for port, link in came.items() if (value := _end(link)) in values}
            if node_id in visit.entered:
                still = frozen or _is_frozen(node)
                values |= self._put_turns(visit, node_id, path, arriving, still)
            elif prefix and node.layer == Input.__name__:
                if node_id in given:
                    values[node_id, "output"] = given[node_id]
            elif prefix and node.layer == Output.__name__:
                if arriving:
                    leaving[node_id] = arriving["input"]
            else:
                self._nodes[path] = _still(node) if frozen else node
                self._links += [Link(*value, path, port) for port, value in arriving.items()]
                self._know(visit, node_id, path)
                if node_id in visit.readings:
                    values |= {(node_id, port): (path, port) for port in visit.readings[node_id].outputs}
        return leaving

    def _know(self, visit: Visit, node_id: str, path: str) -> None:
        """Take over what is known of one node."""
        made = self.whole
        made.order.append(path)
        made.reports[path] = visit.reports[node_id]
        if node_id in visit.layers:
            made.layers[path] = visit.layers[node_id]
        if node_id in visit.inputs:
            made.inputs[path] = visit.inputs[node_id]
        if node_id in visit.found:
            made.found[path] = visit.found[node_id]
        if node_id in visit.readings:
            made.readings[path] = visit.readings[node_id]

    def _put_turns(
        self, visit: Visit, node_id: str, path: str, given: dict[str, Value], frozen: bool
    ) -> dict[Value, Value]:
        """Put every repetition of a used block there; gives the values of the use's outputs."""
        entered, leaving = visit.entered[node_id], dict[str, Value]()
        for turn, inner in enumerate(entered):
            within = f"{path}/{turn}/" if len(entered) > 1 else f"{path}/"
            leaving = self._put(inner, within, given, frozen)
            given |= fed_back(visit.readings[node_id].declared, leaving)
        return {(node_id, port): value for port, value in leaving.items()}


def _end(link: Link) -> Value:
    return link.source, link.output


def _is_frozen(node: Node) -> bool:
    return bool(node.weights) and weights_of(node).frozen


def _still(node: Node) -> Node:
    return msgspec.structs.replace(node, weights={**node.weights, "frozen": True})


def standing_still(visit: Visit, node_ids: Iterable[str]) -> int:
    """How many parameters of these nodes stand still, by themselves or with a block that they are in."""
    count = 0
    for node_id in node_ids:
        report = visit.reports[node_id]
        if _is_frozen(visit.graph.nodes[node_id]):
            count += report.parameters
        elif report.parameters and node_id in visit.entered:
            count += sum(standing_still(turn, turn.leading) for turn in visit.entered[node_id])
    return count


def said_once(problems: list[Problem], visit: Visit) -> list[Problem]:
    """Problems of nodes in blocks, once for each place in a block, with the uses where they show."""
    places = {f"{use}/{node_id}": (use, node_id, inner) for use, inner in turns(visit) for node_id in inner.graph.nodes}
    inside_blocks = [(use, inner.block, each) for use, inner in turns(visit) for each in inner.problems]
    told: list[Problem] = []
    for problem in problems:
        if problem.node in places and not problem.block:
            use, node_id, inner = places[problem.node]
            repair = _within(problem.repair, f"{use}/") if problem.repair else None
            message = re.sub(rf"(?<![\w/]){re.escape(use)}/", "", problem.message)  # beside its block its own name does
            found = msgspec.structs.replace(problem, node=node_id, repair=repair, message=message)
            inside_blocks.append((use, inner.block, found))
        else:
            told.append(problem)
    uses: dict[tuple[str, str, str], list[str]] = {}
    first: dict[tuple[str, str, str], Problem] = {}
    for use, block, problem in inside_blocks:
        key = block, problem.node, problem.port
        uses.setdefault(key, []).append(use)
        first.setdefault(key, problem)
    for (block, node_id, port), problem in first.items():
        held = tuple(dict.fromkeys(uses[block, node_id, port]))
        message = _with_uses(problem.message, block, held)
        told.append(msgspec.structs.replace(problem, block=block, uses=held, message=message))
    return told


def _within(repair: Repair, prefix: str) -> Repair | None:
    """A repair of the whole drawn out, as edits of a block's drawing; None where it reaches beyond the block."""
    edits: list[Edit] = []
    for edit in repair.edits:
        if isinstance(edit, SetData):
            return None
        if isinstance(edit, Join):
            ends = (edit.link.source, edit.link.target)
            if not all(each.startswith(prefix) for each in ends):
                return None
            source, target = (each.removeprefix(prefix) for each in ends)
            edits.append(Join(msgspec.structs.replace(edit.link, source=source, target=target)))
        elif not edit.node.startswith(prefix) or "/" in edit.node.removeprefix(prefix):
            return None
        else:
            edits.append(msgspec.structs.replace(edit, node=edit.node.removeprefix(prefix)))
    return Repair(repair.text.replace(prefix, ""), tuple(edits))


def _with_uses(message: str, block: str, uses: Sequence[str]) -> str:
    shown = ", ".join(uses[:3]) + (f" and {len(uses) - 3} more" if len(uses) > 3 else "")
    return f"In the block {block}, used as {shown}: {message}"
