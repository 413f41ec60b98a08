"""Check a project: torch itself, on its meta device, says every shape, dtype, size and cost.

Each node is examined in topological order (see `core.engine.examine`). What was found for a layer and its inputs is
kept, refusals included, so that thousands of nodes check in milliseconds and an edit costs what it changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import chain

import msgspec

from core import anatomy, gradients, rules, validation
from core.engine import beginnings, ranges, trust, visit
from core.engine.collection import no_collection
from core.engine.data import describe
from core.engine.inner import flat, said_once, standing_still, turns, walked
from core.engine.kept import network_kept
from core.engine.visit import Visit
from core.graph import Graph
from core.messages import Checked, DataReport, Problem
from core.project import Project
from core.repairs import Repair
from core.weights import weights_of

STREAM_SECONDS = 0.04
LONGEST_MESSAGE, LONGEST_REPAIR = 400, 120

_before = [Graph()]
"""The graph that was checked last."""


@no_collection()
def check(
    project: Project,
    revision: int,
    partly: Callable[[Checked], None] | None = None,
    data: DataReport | None = None,
) -> Checked:
    """Everything that can be said about a project without training it; `partly` gets what is known every 40 ms.

    `data` says what the data set holds where that is known without reading it.
    """
    is_read = data is None
    data = describe(project.data) if data is None else data
    anatomy.follow(project.graph, _before[0])
    _before[0] = project.graph
    problems = validation.static_problems(project, data)
    walk = _walked(project, revision, problems, data, partly)
    broken = {problem.node for problem in problems if problem.severity == "error"}
    problems += [problem for problem in trust.problems(project) if problem.block or problem.node not in broken]
    whole = flat(walk)
    problems += walk.problems
    flat_project = project if whole is walk else msgspec.structs.replace(project, graph=whole.graph)
    problems += gradients.problems(whole.graph, whole.reports)
    if is_read:
        problems += ranges.problems(flat_project, whole.layers, whole.inputs, whole.found)
    inside = (problem for _, inner in turns(walk) for problem in inner.problems)
    if not any(problem.severity == "error" for problem in chain(problems, inside)):
        problems += _nothing_to_train(whole, project.graph)
    problems += rules.advice(flat_project, whole.layers, whole.reports, whole.inputs, data)
    told = Checked(
        revision=revision,
        problems=tuple(map(_in_short, said_once(problems, walk) if walk.entered else problems)),
        nodes=walk.reports,
        inner={} if whole is walk else {path: each for path, each in walked(walk) if "/" in path},
        sizes={path: each.sizes for path, each in turns(walk) if each.sizes},
        data=data,
        order=tuple(walk.order),
    )
    return _with_totals(told, walk, whole)


def _walked(
    project: Project,
    revision: int,
    static: list[Problem],
    data: DataReport,
    partly: Callable[[Checked], None] | None,
) -> Visit:
    """Every node looked at in order; a person's code may take seconds, so what is known without it is said before."""
    walk = Visit(project.graph, static, {field.name: field.spec for field in data.fields})
    told = time.perf_counter()
    slow = walk.behind_own_code()
    for node_id in sorted(walk.order, key=slow.__contains__) if slow else walk.order:
        if partly and (node_id in slow or time.perf_counter() - told > STREAM_SECONDS):
            partly(Checked(revision, nodes=dict(walk.reports), partial=True))
            told = time.perf_counter()
            slow = frozenset[str]() if node_id in slow else slow
        walk.look_at(node_id)
        if project.graph.nodes[node_id].weights:
            walk.look_at_weights(node_id)
    walk.look_at_sharing()
    return walk


def _with_totals(told: Checked, walk: Visit, whole: Visit) -> Checked:
    """What is known with the parts of the project and what they come to; `whole` is the walk with its blocks drawn out.

    Parameters are those of what leads to outputs and losses, operations those of the model part alone.
    """
    graph = walk.graph
    leading, losses = anatomy.feeding_outputs(graph), anatomy.loss_nodes(graph)
    model = [node_id for node_id in walk.order if node_id in leading]
    held = anatomy.reaching(graph, losses, leading) if model or losses else frozenset[str]()
    counted = [node_id for node_id in walk.reports if node_id in held or not held]
    within = tuple(f"{node_id}/" for node_id in walk.entered if node_id in held)
    kept_in = held if whole is walk else {path for path in whole.reports if path in held or path.startswith(within)}
    kept, (sample_bytes, fixed_bytes) = network_kept(
        whole.order, whole.graph, whole.found, whole.outputs_of, whole.kept_with, kept_in or whole.reports.keys()
    )
    return msgspec.structs.replace(
        told,
        parameters=sum(walk.reports[node_id].parameters for node_id in counted),
        frozen=standing_still(walk, counted),
        macs=sum(walk.reports[node_id].macs for node_id in (model or walk.reports)),
        model=tuple(model),
        outputs=tuple(anatomy.model_outputs(graph)),
        losses=tuple(losses),
        kept=kept,
        activation_bytes=sample_bytes,
        fixed_bytes=fixed_bytes,
    )


def forget() -> None:
    """Find out everything anew from here on, as a fresh process does."""
    visit.forget()
    _before[0] = Graph()
    anatomy.forget()


def _in_short(problem: Problem) -> Problem:
    """The problem on one line of readable length, whatever people call their nodes and ports."""
    message, repair = _line(problem.message, LONGEST_MESSAGE), problem.repair
    if repair and (text := _line(repair.text, LONGEST_REPAIR)) != repair.text:
        problem = msgspec.structs.replace(problem, repair=Repair(text, repair.edits))
    return problem if message == problem.message else msgspec.structs.replace(problem, message=message)


def _line(text: str, longest: int) -> str:
    if len(text) <= longest and text.isprintable():
        return text
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return text if len(text) <= longest else text[: longest - 3] + "..."


def _nothing_to_train(whole: Visit, graph: Graph) -> list[Problem]:
    """What is said where nothing learns; `whole` is the walk with the blocks of the graph drawn out."""
    counts = {node_id: report.parameters for node_id, report in whole.reports.items() if report.parameters}
    if counts:
        begun = all(whole.graph.nodes[node_id].weights for node_id in counts)  # with none set, none is frozen
        own = [node_id for node_id, node in graph.nodes.items() if node.weights and weights_of(node).frozen]
        still = beginnings.all_frozen(whole.graph, counts, own) if begun else None
        return [still] if still else []
    message = "There is nothing to train: no layer in the graph has weights; add one, for example Linear."
    return [Problem("error", "", "", message)]
