"""Faults that can be seen without torch: unknown layers, bad values, open inputs, cycles, nothing to train on.

Every fault is one problem, said at the node where it can be mended; what lies behind it is left alone.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import itertools
from collections.abc import Iterator

from core.anatomy import (
    SOURCES,
    Reading,
    cycles,
    fed_by_data,
    feeding_outputs,
    implied_outputs,
    is_loss,
    loss_nodes,
    losses,
    model_outputs,
    model_part,
    nodes_of,
    order,
    reached,
    reaching,
    readings,
)
from core.blocks import DEEPEST, axis_names, knots, parameter_faults, tied_blocks, too_deep, used_in
from core.expressions import names_in
from core.graph import Block, Graph, Link, Node, natural
from core.layers import CATALOGUE, Layer, Port
from core.layers.custom import Python, clashes
from core.layers.data import Input, Noise, Output, Target
from core.layers.remedies import plain
from core.messages import DataReport, Field, Problem
from core.parameters import parameter_of, read, shown
from core.placement import placed
from core.project import Project, split_of
from core.repairs import AddBefore, Append, Bypass, Join, Remove, Repair, SetData, SetValue, Swap, Unlink
from core.training import Split, Training

ANSWERS = ("target", "targets", "input_lengths", "target_lengths")
"""The inputs of losses that the data answers, rather than the network."""

__all__ = ["implied_outputs", "loss_nodes", "model_outputs", "model_part", "order", "placed", "static_problems"]


def static_problems(project: Project, data: DataReport) -> list[Problem]:
    """Every fault of the drawing and its settings, in natural order of the nodes, settings first."""
    drawn = _Drawing(project, data)
    unclear = [node_id for node_id in project.graph.nodes if not _is_plain(drawn, node_id)]
    problems = [
        *_settings(project, data),
        *(problem for node_id in unclear for problem in _node(drawn, node_id)),
        *_cycles(drawn),
        *_blocks(drawn),
        *_training_part(drawn),
    ]
    return sorted(problems, key=lambda problem: natural(problem.node))


def problems_inside(graph: Graph) -> list[Problem]:
    """Every fault of a block's drawing whose expressions are worked out, in natural order of the nodes."""
    drawn = _Drawing(Project(graph), DataReport())
    asked = [node_id for node_id in graph.nodes if graph.nodes[node_id].layer != Input.__name__]
    unclear = [node_id for node_id in asked if not _is_plain(drawn, node_id)]
    problems = [*(problem for node_id in unclear for problem in _node(drawn, node_id)), *_cycles(drawn)]
    for node_id, node in graph.nodes.items():
        if node.layer in (Target.__name__, Noise.__name__) or is_loss(node.layer):
            message = f"{node_id} is a {node.layer}, which stands in the project's drawing, not in a block: move it."
            problems.append(Problem("error", node_id, "", message, Repair(f"Remove {node_id}", (Remove(node_id),))))
    return sorted(problems, key=lambda problem: natural(problem.node))


@dataclasses.dataclass
class _Drawing:
    """A project looked at once: links by target, the layers that are known, and what the data offers."""

    project: Project
    data: DataReport

    def __post_init__(self) -> None:
        self.graph = self.project.graph
        self.links = self.graph.arriving
        self.readings = readings(self.graph)
        self.fields = {field.name: field for field in self.data.fields}
        self.unsound: set[str] = set()
        """Nodes that have a problem already, so that nothing more is said about what follows from it."""

    def nodes_of(self, *layers: str) -> list[str]:
        """The nodes of these layers, in natural order."""
        return nodes_of(self.graph, *layers)

    @functools.cached_property
    def clashes(self) -> dict[str, str]:
        """What keeps the texts of several Python nodes from standing in one file, by node."""
        held = {name: self.readings[name].layer for name in self.nodes_of(Python.__name__)}
        texts = {name: layer.code for name, layer in held.items() if isinstance(layer, Python)}
        return clashes({name: text for name, text in texts.items() if not self.graph.nodes[name].muted})

    @functools.cached_property
    def loose_ends(self) -> list[str]:
        """The nodes whose first output nobody takes, other than targets, losses and outputs."""
        taken = {link.source for link in self.graph.links}
        return [
            node_id
            for node_id in self.graph.in_order
            if node_id not in taken
            and node_id in self.readings
            and self.readings[node_id].declared.outputs
            and not is_loss(self.graph.nodes[node_id].layer)
            and self.graph.nodes[node_id].layer not in (Target.__name__, "Parameter", "Buffer")
        ]


# ---- settings


def _settings(project: Project, data: DataReport) -> Iterator[Problem]:
    for _, sentence in read(Training, project.training)[1]:
        yield Problem("error", "", "", f"Training settings: {sentence}")
    for name, sentence in read(Split, project.data.split)[1]:
        yield Problem("error", "", "", f"Split of the data: {sentence}", _default_split(project, name))
    if data.fault:
        if project.data.source or project.graph.nodes:
            yield Problem("error", "", "", data.fault)
        return
    split = split_of(project)
    if split.validation + split.test >= 1:
        left = "nothing is left to train on"
        message = (
            f"Validation ({split.validation:g}) and test ({split.test:g}) take all rows, so {left}: lower one of them."
        )
        yield Problem("error", "", "", message, _default_split(project, "validation", "test"))
    elif data.fields and not data.training:
        yield Problem("error", "", "", f"{data.title or 'The data set'} has no rows left to train on: lower the split.")


def _default_split(project: Project, *names: str) -> Repair:
    kept = {name: value for name, value in project.data.split.items() if name not in names}
    return Repair("Use the default split", (SetData("split", kept),))


# ---- one node


def _is_plain(drawn: _Drawing, node_id: str) -> bool:
    """Whether a glance shows that there is nothing to say of a node, as of nearly all: thousands are asked about."""
    node, reading, links = drawn.graph.nodes[node_id], drawn.readings.get(node_id), drawn.links[node_id]
    if reading is None or reading.faults or node.muted or reading.declared.family in ("data", "custom"):
        return False
    for link in links.values():
        source = drawn.readings.get(link.source)
        if source is not None and link.output not in source.outputs:
            return False
    return _takes(reading.declared, tuple(links))


@functools.lru_cache(10_000)
def _takes(declared: type[Layer], ports: tuple[str, ...]) -> bool:
    """Whether these are inputs of the layer, and all that it needs."""
    held = {port: sum(has_port((port,), name) for name in ports) for port in declared.inputs}
    needed = all(count >= (port.least if port.variadic else 1) for port, count in held.items() if not port.optional)
    return needed and all(has_port(declared.inputs, name) for name in ports)


def _node(drawn: _Drawing, node_id: str) -> Iterator[Problem]:
    node = drawn.graph.nodes[node_id]
    reading = drawn.readings.get(node_id)
    found = [_unknown_layer(node_id, node)] if reading is None else []
    if reading is not None:
        declared = reading.declared
        found = [*_own_code(drawn, node_id), *_values(node_id, node, reading), *_muted(drawn, node_id, node, declared)]
        if not own_fault(declared):
            found += _strange_links(drawn, node_id, declared) or (
                [] if found else _open_ports(drawn, node_id, node, declared)
            )
        if node.layer in (Input.__name__, Target.__name__) and not found:
            found += _field(drawn, node_id, node)
    if any(problem.severity == "error" for problem in found):
        drawn.unsound.add(node_id)
    yield from found


def _own_code(drawn: _Drawing, node_id: str) -> Iterator[Problem]:
    """What is wrong with the text of a Python node, alone or beside the others: nothing of it is run to say so."""
    reading = drawn.readings[node_id]
    fault = own_fault(reading.declared) or drawn.clashes.get(node_id, "")
    if fault and not drawn.graph.nodes[node_id].muted:
        yield Problem("error", node_id, "", f"{node_id}: {fault}")


def own_fault(declared: type[Layer]) -> str:
    """Why a person's own text cannot be used, "" where it can or there is none."""
    return declared.fault if issubclass(declared, Python) else ""


@functools.lru_cache(1_000)
def _close(layer: str, known: tuple[str, ...]) -> list[str]:
    """The known layer whose name is like this one; kept, since all nodes of a missing plugin ask the same."""
    return difflib.get_close_matches(layer, known, 1)


def _unknown_layer(node_id: str, node: Node) -> Problem:
    close = _close(node.layer, tuple(CATALOGUE))
    message = f"{node_id} is a {node.layer[:60]}, a layer that this version of Layerloom does not know"
    if close:
        repair = Repair(f"Make it {close[0]}", (Swap(node_id, close[0], node.values),))
        return Problem("error", node_id, "", f"{message}: is {close[0]} meant?", repair)
    repair = Repair(f"Remove {node_id}", (Remove(node_id),))
    return Problem("error", node_id, "", f"{message}: update Layerloom or remove the node.", repair)


def _values(node_id: str, node: Node, reading: Reading) -> Iterator[Problem]:
    for name, sentence in reading.faults:
        known = parameter_of(reading.declared, name)
        repair = Repair(f"Remove {name[:60]}", (SetValue(node_id, name, None),))
        if known is not None:
            repair = Repair(f"Set {name} to {plain(known.dropped)}", (SetValue(node_id, name, known.dropped),))
        yield Problem("error", node_id, "", f"{node.layer}: {sentence}", repair)


def _muted(drawn: _Drawing, node_id: str, node: Node, declared: type[Layer]) -> Iterator[Problem]:
    if not node.muted:
        return
    if not declared.inputs:
        message = f"{node_id} is muted, but a source has nothing to pass on: unmute it, or remove it."
        yield Problem("error", node_id, "", message, Repair(f"Remove {node_id}", (Remove(node_id),)))
    elif not is_loss(node.layer) and node.layer != Output.__name__:
        first = declared.outputs[0].name
        for link in drawn.graph.leaving[node_id]:
            if link.output not in ("", first):
                message = (
                    f"{link.target} takes {link.output} of {node_id}, which is muted and so passes its first input to "
                    f"{first} alone: unmute {node_id}, or unlink it."
                )
                yield Problem(
                    "error", link.target, link.input, message, Repair("Unlink", (Unlink(link.target, link.input),))
                )


def _strange_links(drawn: _Drawing, node_id: str, declared: type[Layer]) -> list[Problem]:
    """Links that end at a port that the node does not have, or begin at one that its source does not have."""
    found: list[Problem] = []
    arriving = drawn.links[node_id]
    for port, link in arriving.items():
        if not has_port(declared.inputs, port):
            free = next((each for each in declared.inputs if each.name not in arriving and not each.variadic), None)
            known = ", ".join(each.name for each in declared.inputs) or "none"
            message = (
                f"{node_id} has no input {port[:60]} for the link from {link.source}; it has {known}: link it anew."
            )
            found.append(Problem("error", node_id, port, message, _moved(link, input=free.name if free else "")))
        source = drawn.readings.get(link.source)
        if source is not None and link.output not in source.outputs and not own_fault(source.declared):
            known = ", ".join(source.outputs) or "none"
            message = f"{link.source} has no output {link.output[:60]} for {node_id}; it has {known}: link it anew."
            found.append(
                Problem(
                    "error",
                    node_id,
                    port,
                    message,
                    _moved(link, output=source.outputs[0] if source.outputs else ""),
                )
            )
    return found


def _moved(link: Link, input: str | None = None, output: str | None = None) -> Repair:
    """Take a link away and, where an end for it is known, draw it there."""
    away = Unlink(link.target, link.input)
    anew = Link(
        link.source, link.output if output is None else output, link.target, link.input if input is None else input
    )
    if not anew.input or not anew.output:
        return Repair("Unlink", (away,))
    return Repair(f"Link to {anew.input}" if output is None else f"Link from {anew.output}", (away, Join(anew)))


def has_port(ports: tuple[Port, ...], name: str) -> bool:
    """Whether a name is one of the ports, or a place of a variadic one (`tensors_0`)."""
    base, _, number = name.rpartition("_")
    return any(base == port.name and number.isdecimal() if port.variadic else name == port.name for port in ports)


def _open_ports(drawn: _Drawing, node_id: str, node: Node, declared: type[Layer]) -> list[Problem]:
    arriving = drawn.links[node_id]
    needed = [port for port in declared.inputs if not port.optional]
    if node.muted:
        needed = [] if arriving else needed[:1]
    found: list[Problem] = []
    for port in needed:
        held = [name for name in arriving if has_port((port,), name)]
        if port.variadic and not node.muted and 1 == len(held) < port.least:
            message = f"{node_id} joins at least two inputs, but has only {arriving[held[0]].source}: link another one."
            repair = Repair(f"Remove {node_id}", (Bypass(node_id),))
            found.append(Problem("error", node_id, f"{port.name}_{_free(held)}", message, repair))
        elif not held:
            found.append(_open_port(drawn, node_id, node, port))
    return found


def _free(held: list[str]) -> int:
    taken = {int(name.rpartition("_")[2]) for name in held}
    return next(number for number in range(len(taken) + 1) if number not in taken)


def _open_port(drawn: _Drawing, node_id: str, node: Node, port: Port) -> Problem:
    name = f"{port.name}_0" if port.variadic else port.name
    said = f" ({port.help[0].lower()}{port.help[1:-1]})" if port.help else ""
    what = f"{node_id} needs a link to its input “{port.name}”{said}"
    if not drawn.links[node_id] and not drawn.graph.leaving[node_id]:
        repair = Repair(f"Remove {node_id}", (Remove(node_id),))
        return Problem(
            "error", node_id, name, f"{what}: link it, or remove it.", _source_for(drawn, node_id, node, port) or repair
        )
    repair = _source_for(drawn, node_id, node, port)
    way = f"{repair.text[0].lower()}{repair.text[1:]}" if repair else "draw a link to it"
    return Problem("error", node_id, name, f"{what}: {way}.", repair)


def _source_for(drawn: _Drawing, node_id: str, node: Node, port: Port) -> Repair | None:
    """What an open input is most likely meant to get: the target, the loose end of the network, or new data."""
    name = f"{port.name}_0" if port.variadic else port.name
    linked = {link.source for link in drawn.links[node_id].values()}
    role = Target.__name__ if port.name in ANSWERS and is_loss(node.layer) else Input.__name__
    if role == Target.__name__:
        standing = [each for each in drawn.nodes_of(Target.__name__) if each not in linked]
    else:
        ahead = reached(drawn.graph, [node_id])
        loose = drawn.loose_ends
        standing = list(itertools.islice((each for each in loose if each not in ahead), 2))  # one, or no telling which
    if len(standing) == 1:
        output = drawn.readings[standing[0]].outputs[0]
        return Repair(f"Link {standing[0]}", (Join(Link(standing[0], output, node_id, name)),))
    if standing or (role == Input.__name__ and drawn.nodes_of(Input.__name__, Noise.__name__)):
        return None
    taken = {drawn.graph.nodes[each].values.get("field") for each in linked}
    field = next((each for each in drawn.data.fields if each.name == port.name), None) or _field_of(drawn.data, role)
    values = {"field": field.name} if field and field.name not in taken else {}
    return Repair(f"Add {role}", (AddBefore(node_id, name, role, values),))


# ---- data


def _field_of(data: DataReport, role: str) -> Field | None:
    """The one field that a node of that role would take, or None where there are several."""
    fitting = [field for field in data.fields if field.role == role.lower()]
    return fitting[0] if len(fitting) == 1 else None


def _field(drawn: _Drawing, node_id: str, node: Node) -> list[Problem]:
    named = str(node.values.get("field", ""))
    if drawn.data.fault or named in drawn.fields:
        return []
    if not drawn.project.data.source:
        message = f"{node_id} has no data to train on: choose a data set."
        return (
            [Problem("error", node_id, "", message)]
            if node_id == drawn.nodes_of(Input.__name__, Target.__name__)[0]
            else []
        )
    known = ", ".join(drawn.fields) or "none"
    close = difflib.get_close_matches(named, drawn.fields, 1)
    only = _field_of(drawn.data, node.layer)
    fitting = close[0] if close else only.name if only else ""
    repair = Repair(f"Use {fitting}", (SetValue(node_id, "field", fitting),)) if fitting else None
    title = drawn.data.title or drawn.project.data.source
    if not named:
        message = f"{node_id} takes no field of {title}, so training has nothing to give it: choose one of {known}."
    else:
        message = f"{node_id} takes the field {shown(named)}, which {title} does not have: choose one of {known}."
    return [Problem("error", node_id, "", message, repair)]


# ---- the whole graph


# ---- blocks


def _blocks(drawn: _Drawing) -> Iterator[Problem]:
    """What can be said of blocks without looking at a use: names, circles, parameters, and that something comes out."""
    blocks = drawn.graph.blocks
    tied = tied_blocks(drawn.graph)
    for knot in knots(blocks):
        inner = next(each for each, node in blocks[knot[-1]].nodes.items() if node.layer == knot[0])
        way = " → ".join([*knot, knot[0]] if len(knot) <= 8 else [*knot[:3], "…", *knot[-3:], knot[0]])
        message = f"{way} is a circle: a block cannot hold itself, so take {inner} out of {knot[-1]}."
        yield Problem("error", inner, "", message, Repair(f"Remove {inner}", (Remove(inner),)), block=knot[-1])
    for name in too_deep(blocks):
        message = f"{name[:60]} holds blocks {DEEPEST} deep, which is the most, and one more: ungroup some of them."
        yield Problem("error", "", "", message, block=name)
    used = used_in(drawn.graph.nodes, blocks)
    for name in sorted(blocks, key=natural):
        block = blocks[name]
        if name in CATALOGUE:
            yield Problem("error", "", "", f"The block {name} has the name of a layer: give it another.", block=name)
        if not any(node.layer == Output.__name__ for node in block.nodes.values()):
            message = f"Nothing comes out of the block {name[:60]}: put an Output behind its last layer."
            yield Problem("error", "", "", message, block=name)
        known = {each.name for each in block.parameters} | {"i"} | _named_sizes(block)
        for each, sentence in parameter_faults(block):
            yield Problem("error", "", "", f"The block {name[:60]}: {sentence}", None, each, block=name)
        if name not in tied and name not in used:  # else its uses tell
            yield from _unknown_names(name, block, known)


def _named_sizes(block: Block) -> set[str]:
    inputs = (node for node in block.nodes.values() if node.layer == Input.__name__)
    return {name for node in inputs for name in axis_names(str(node.values.get("axes", ""))) if name}


def _unknown_names(name: str, block: Block, known: set[str]) -> Iterator[Problem]:
    for node_id, node in block.nodes.items():
        for parameter, value in node.values.items():
            strange = sorted(names_in(value) - known)
            if strange:
                message = f"{node_id} needs {strange[0]} for {parameter}, but the block has no such parameter: add it."
                yield Problem("error", node_id, "", message, block=name)


# ---- the drawing


def _cycles(drawn: _Drawing) -> Iterator[Problem]:
    if len(order(drawn.graph)) == len(drawn.graph.nodes):
        return
    for knot in cycles(drawn.graph):
        held = set(knot)
        drawn.unsound |= held
        inside = [link for link in drawn.graph.links if link.source in held and link.target in held]
        fed = [node_id for node_id in knot if any(link.source not in held for link in drawn.links[node_id].values())]
        entry = (fed or knot)[0]
        closing = next(link for link in inside if link.target == entry)
        road = _road(inside, entry, closing.source)
        shown_road = " → ".join([*road, road[0]])
        message = f"{shown_road} is a cycle: a network cannot wait for its own output, so take one link out."
        repair = Repair(f"Unlink {closing.source} from {entry}", (Unlink(entry, closing.input),))
        yield Problem("error", entry, closing.input, message, repair)


def _road(links: list[Link], start: str, end: str) -> list[str]:
    """The nodes of a shortest way from start to end along links."""
    import networkx as nx

    drawn: nx.DiGraph[str] = nx.DiGraph()
    drawn.add_edges_from((link.source, link.target) for link in links)
    return nx.shortest_path(drawn, start, end)  # pyright: ignore[reportUnknownMemberType]


def _training_part(drawn: _Drawing) -> Iterator[Problem]:
    graph = drawn.graph
    if not graph.nodes:
        return
    drawn_losses = losses(graph)
    if not drawn_losses:
        yield _no_loss(drawn)
    elif not loss_nodes(graph):
        names = " and ".join(drawn_losses)
        yield Problem(
            "error", drawn_losses[0], "", f"Every loss ({names}) is muted, so there is nothing to train: unmute one."
        )
    fed = fed_by_data(graph)
    for loss in loss_nodes(graph):
        if loss not in fed and not reaching(graph, [loss]) & drawn.unsound:
            message = (
                f"No Input leads to {loss}, so it measures nothing that the network does: link a prediction to it."
            )
            yield Problem("error", loss, CATALOGUE[graph.nodes[loss].layer].inputs[0].name, message)
    yield from _targets_in_model(drawn)


def _no_loss(drawn: _Drawing) -> Problem:
    message = "There is no loss, so there is nothing to train: add one, for example CrossEntropyLoss."
    loose = [each for each in drawn.loose_ends if drawn.graph.nodes[each].layer not in SOURCES]
    ends = loose or [node_id for node_id, _ in model_outputs(drawn.graph)]
    known = drawn.readings.get(ends[0]) if len(ends) == 1 else None
    if known is None or not known.outputs:
        return Problem("error", "", "", message)
    output = known.outputs[0]
    target = _field_of(drawn.data, Target.__name__)
    loss = "CrossEntropyLoss" if target is None or target.classes else "MSELoss"
    repair = Repair(f"Add {loss}", (Append(ends[0], output, loss),))
    return Problem("error", "", "", message.replace("CrossEntropyLoss", loss), repair)


def _targets_in_model(drawn: _Drawing) -> Iterator[Problem]:
    graph = drawn.graph
    model = feeding_outputs(graph)
    for node_id in drawn.nodes_of(Target.__name__):
        link = next((each for each in graph.links if each.source == node_id and each.target in model), None)
        if node_id not in model:
            continue
        where = link.target if link else next(each.target for each in graph.links if each.source == node_id)
        port = link.input if link else next(each.input for each in graph.links if each.source == node_id)
        message = (
            f"{node_id} leads into the model by {where}, but the right answers are not known when the model is used: "
            f"unlink it from {where}."
        )
        yield Problem("error", node_id, "", message, Repair(f"Unlink {where}", (Unlink(where, port),)))
