"""What a walk has found inside blocks: each repetition by its path, the whole drawn out, and each problem once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from core.blocks import fed_back
from core.engine.visit import Visit
from core.graph import Graph, Link, Node, link_key
from core.layers.data import Input, Output
from core.messages import NodeReport, Problem
from core.repairs import Edit, Join, Repair, SetData


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
    if not visit.entered:
        return visit
    nodes: dict[str, Node] = {}
    links: list[Link] = []
    made = Visit(Graph(), [], visit.fields)
    order: list[str] = []
    _drawn_out(visit, "", {}, nodes, links, made, order)
    made.graph = Graph(nodes, tuple(sorted(links, key=link_key)))
    made.order = order
    made.readings = {path: made.readings[path] for path in nodes if path in made.readings}
    return made


def _drawn_out(
    visit: Visit,
    prefix: str,
    given: Mapping[str, tuple[str, str]],
    nodes: dict[str, Node],
    links: list[Link],
    made: Visit,
    order: list[str],
) -> dict[str, tuple[str, str]]:
    """Put the nodes of one walk under their paths; gives what its Output nodes get."""
    values: dict[tuple[str, str], tuple[str, str]] = {}
    leaving: dict[str, tuple[str, str]] = {}

    def arriving(node_id: str) -> dict[str, tuple[str, str]]:
        came = visit.graph.arriving[node_id]
        known = {port: values.get((link.source, link.output)) for port, link in came.items()}
        return {port: value for port, value in known.items() if value}

    for node_id in visit.order:
        node, path = visit.graph.nodes[node_id], f"{prefix}{node_id}"
        if node_id in visit.entered:
            values |= _turns_drawn_out(visit, node_id, path, arriving(node_id), nodes, links, made, order)
            continue
        if prefix and node.layer == Input.__name__:
            if node_id in given:
                values[node_id, "output"] = given[node_id]
            continue
        if prefix and node.layer == Output.__name__:
            for value in arriving(node_id).values():
                leaving[node_id] = value
            continue
        nodes[path] = node
        order.append(path)
        made.reports[path] = visit.reports[node_id]
        links += [Link(*value, path, port) for port, value in arriving(node_id).items()]
        if node_id in visit.layers:
            made.layers[path] = visit.layers[node_id]
        if node_id in visit.inputs:
            made.inputs[path] = visit.inputs[node_id]
        if node_id in visit.found:
            made.found[path] = visit.found[node_id]
        if node_id in visit.readings:
            made.readings[path] = visit.readings[node_id]
            values |= {(node_id, port): (path, port) for port in visit.readings[node_id].outputs}
    return leaving


def _turns_drawn_out(
    visit: Visit,
    node_id: str,
    path: str,
    given: dict[str, tuple[str, str]],
    nodes: dict[str, Node],
    links: list[Link],
    made: Visit,
    order: list[str],
) -> dict[tuple[str, str], tuple[str, str]]:
    """Put every repetition of a used block under its paths; gives the values of the use's outputs."""
    entered, leaving = visit.entered[node_id], dict[str, tuple[str, str]]()
    for turn, inner in enumerate(entered):
        within = f"{path}/{turn}/" if len(entered) > 1 else f"{path}/"
        leaving = _drawn_out(inner, within, given, nodes, links, made, order)
        given |= fed_back(visit.readings[node_id].declared, leaving)
    return {(node_id, port): value for port, value in leaving.items()}


def said_once(problems: list[Problem], visit: Visit) -> list[Problem]:
    """Problems of nodes in blocks, once for each place in a block, with the uses where they show."""
    places = {f"{use}/{node_id}": (use, node_id, inner) for use, inner in turns(visit) for node_id in inner.graph.nodes}
    inside_blocks = [(use, inner.block, each) for use, inner in turns(visit) for each in inner.problems]
    told: list[Problem] = []
    for problem in problems:
        if problem.node in places and not problem.block:
            use, node_id, inner = places[problem.node]
            repair = _within(problem.repair, f"{use}/") if problem.repair else None
            inside_blocks.append((use, inner.block, msgspec.structs.replace(problem, node=node_id, repair=repair)))
        else:
            told.append(problem)
    uses: dict[tuple[str, str, str], list[str]] = {}
    first: dict[tuple[str, str, str], Problem] = {}
    for use, block, problem in inside_blocks:
        key = block, problem.node, problem.port
        uses.setdefault(key, []).append(use)
        first.setdefault(key, problem)
    for (block, node_id, port), problem in first.items():
        held = tuple(uses[block, node_id, port])
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
