"""A checked graph laid out for writing: which statement follows which, in the model and in the objective."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping, Set

from core.graph import Graph, natural
from core.layers import declaration_of
from core.layers.calls import ports_of
from core.layers.own_code import reading
from core.messages import Checked
from core.project import Project
from core.source.names import RESERVED, attribute_names, identifier, in_order, unique
from core.source.walk import ARGUMENTS, CHAIN, HELD, STATELESS, Step, Used, Value, Walk


@dataclasses.dataclass(frozen=True)
class Flow:
    """What is written, in order; every order in it follows from node ids and ports alone."""

    project: Project
    checked: Checked
    names: dict[str, str]
    ports: dict[Value, str]
    """The names of values at second and later outputs, `lstm1_h`, and at all outputs of blocks that have several."""
    arguments: tuple[str, ...]
    """The Input and Noise nodes of the model part: the arguments of `forward`."""
    model: tuple[Step, ...]
    outputs: tuple[tuple[str, Value], ...]
    """Under which name the model returns which value."""
    output_nodes: tuple[str, ...]
    """For each output the Output node that names it, "" where it is implied."""
    inner: tuple[Value, ...]
    """Values inside the model part that only the objective takes."""
    training: tuple[Step, ...]
    owners: tuple[Step, ...]
    """Modules that others use, of nodes which lead nowhere themselves."""
    losses: tuple[Value, ...]
    missing: dict[str, str]
    """Why a node could not be written, in one line, by node."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing in what leads to the outputs."""
        made = {(step.node, port) for step in self.model for port in step.ports} | self.given.keys()
        return bool(self.outputs) and all(value in made for _, value in self.outputs)

    @functools.cached_property
    def held(self) -> tuple[Step, ...]:
        """The modules that the class holds: those of the model part, and those of the objective that have a state."""
        steps = (*self.model, *self.training, *self.owners)
        return tuple(step for step in steps if step.is_module and not step.shares and not self.is_free(step))

    def is_free(self, step: Step) -> bool:
        """Whether a module of the objective has nothing to keep, so that it stands in train.py."""
        node = self.project.graph.nodes[step.node]
        layer, declared = node.layer, declaration_of(node, self.project.graph.blocks)
        family = declared.family if declared else ""
        report = self.checked.nodes[step.node]
        return family in STATELESS and layer not in HELD and not report.parameters and step.node not in self._in_model

    @property
    def given(self) -> dict[Value, str]:
        """How the arguments of `forward` are written."""
        return {(node_id, "output"): self.names[node_id] for node_id in self.arguments}

    @property
    def in_order(self) -> tuple[Step, ...]:
        """Every step of the model part, those of modules that others use last."""
        return (*self.model, *self.owners)

    @property
    def in_model_file(self) -> tuple[Step, ...]:
        """The steps whose calls stand in model.py: those of the model part, and modules that the class holds."""
        return (*self.model, *self.held)

    @property
    def in_train_file(self) -> tuple[Step, ...]:
        """The steps whose calls stand in train.py."""
        held = {step.node for step in self.held}
        return tuple(step for step in self.training if step.node not in held)

    @functools.cached_property
    def _in_model(self) -> frozenset[str]:
        return frozenset(step.node for step in self.model)

    def is_known(self, source: str) -> bool:
        """Whether check knows the shape of an Input, Noise or Target."""
        report = self.checked.nodes.get(source)
        return report is not None and "output" in report.outputs

    def layer_name(self, node_id: str) -> str:
        """The name of a node's layer."""
        return self.project.graph.nodes[node_id].layer

    def is_loss(self, node_id: str) -> bool:
        """Whether a node is a loss, or takes the value of one."""
        declared = declaration_of(self.project.graph.nodes[node_id], self.project.graph.blocks)
        return declared is not None and declared.family == "loss"


def import_lines(steps: Iterable[Step]) -> set[str]:
    """The lines that calls need at the top of their file, besides what stands there for every network."""
    return {line for step in steps for line in step.call.imports}


def own_code(steps: Iterable[Step]) -> dict[str, str]:
    """The functions and classes that stand above the model for these steps, each once, with the first of its nodes."""
    found: dict[str, str] = {}
    for step in steps:
        for text in filter(None, (step.call.code, step.call.function)):
            found.setdefault(text, step.node)
    return found


def takes_gradients(steps: Iterable[Step]) -> bool:
    """Whether a gradient is one of the values, so that torch has to follow what is computed in evaluation too."""
    return any("autograd" in step.call.expression + step.call.code for step in steps)


def flow(project: Project, checked: Checked, used: Used | None = None) -> Flow:
    """The layout of a project; what cannot be written is in `missing`, nothing is raised."""
    walk = Walk(project.graph, checked, used or {})
    names = attribute_names(project.graph)
    values, output_nodes = walk.outputs()
    model = walk.steps((value[0] for value in values), targets=False)
    if not values or not all(walk.is_made(value[0]) for value in values):
        model += walk.loose_steps()
    arguments = in_order(node_id for node_id in walk.seen if walk.is_kind(node_id, ARGUMENTS))
    if not checked.outputs:  # nothing is chosen yet: what there is so far is returned
        there = {step.node for step in model} | set(arguments)
        kept = [pair for pair in zip(values, output_nodes, strict=True) if pair[0][0] in there]
        values, output_nodes = [value for value, _ in kept], [node_id for _, node_id in kept]
    lost = [node_id for node_id in checked.losses if node_id in project.graph.nodes]
    training = walk.steps(lost)
    owners = walk.owners([*model, *training])
    walk.note_the_rest()
    made = {step.node for step in (*model, *training)}
    ports = _port_names([*model, *training], names, project.graph)
    inside = {step.node for step in model}
    wanted = {value for step in training for value in step.arguments.values() if value[0] in inside}
    wanted |= {(node_id, walk.first_output(node_id)) for node_id in lost if node_id in inside}
    return Flow(
        project=project,
        checked=checked,
        names=names,
        ports=ports,
        arguments=tuple(arguments),
        model=tuple(model),
        outputs=_named(values, output_nodes, names, ports),
        output_nodes=tuple(output_nodes),
        inner=tuple(sorted(wanted - set(values), key=lambda value: (natural(value[0]), *value))),
        training=tuple(training),
        owners=tuple(owners),
        losses=tuple((node_id, walk.first_output(node_id)) for node_id in lost if node_id in made),
        missing=walk.missing,
    )


def block_names(graph: Graph) -> dict[str, str]:
    """The names of a block's nodes; an input called x may be called that, since only `forward` sees it."""
    names = attribute_names(graph)
    return names | {CHAIN: CHAIN} if CHAIN in names and graph.nodes[CHAIN].layer == "Input" else names


def block_flow(graph: Graph, checked: Checked, used: Used) -> Flow:
    """The layout of one block's drawing: its Input nodes are the arguments, each Output node names what it returns."""
    walk = Walk(graph, checked, used)
    names = block_names(graph)
    ends = {node_id: walk.end(node_id) for node_id in in_order(graph.nodes) if graph.nodes[node_id].layer == "Output"}
    model = walk.steps(value[0] for value in ends.values() if value)
    if not ends or not all(value and walk.is_made(value[0]) for value in ends.values()):
        model += walk.loose_steps()
    owners = walk.owners(model)
    walk.note_the_rest()
    is_whole = bool(ends) and all(ends.values())
    return Flow(
        project=Project(graph),
        checked=checked,
        names=names,
        ports=_port_names(model, names, graph),
        arguments=tuple(node_id for node_id in in_order(graph.nodes) if graph.nodes[node_id].layer == "Input"),
        model=tuple(model),
        outputs=tuple((names[node_id], value) for node_id, value in ends.items() if value) if is_whole else (),
        output_nodes=tuple(ends) if is_whole else (),
        inner=(),
        training=(),
        owners=tuple(owners),
        losses=(),
        missing=walk.missing,
    )


def _words(step: Step, name: str, taken: Set[str]) -> list[str]:
    """The names of parts that a node is called after: `query_key_value` gives query, key and value; none otherwise."""
    words, ports = name.split("_"), ports_of(step.call)
    is_parts = len(words) == len(ports) > 1 and all(port.startswith("part_") for port in ports)
    new = set(words) - taken - RESERVED - {CHAIN}
    return words if is_parts and len(new) == len(words) and all(word.isidentifier() for word in words) else []


def _named(
    values: list[Value], output_nodes: list[str], names: Mapping[str, str], ports: Mapping[Value, str]
) -> tuple[tuple[str, Value], ...]:
    """Each output under the name of its Output node, else of the node that computes it."""
    taken: set[str] = set()
    named: list[tuple[str, Value]] = []
    for value, node_id in zip(values, output_nodes, strict=True):
        name = names[node_id] if node_id else ports.get(value, names[value[0]])
        name = unique(name, taken | set(names.values())) if name in taken else name
        taken.add(name)
        named.append((name, value))
    return tuple(named)


def _port_names(steps: Iterable[Step], names: Mapping[str, str], graph: Graph) -> dict[Value, str]:
    """A name for each output but the first, different from every node's and from each other.

    All outputs of a block that has several are called what the block calls them, where that is free.
    """
    taken = set(names.values()) | {reading(text).name for text in own_code(steps)}
    named: dict[Value, str] = {}
    for step in steps:
        if words := _words(step, names[step.node], taken):
            named |= {(step.node, port): word for port, word in zip(ports_of(step.call), words, strict=True)}
            taken |= set(words)
            continue
        is_block = graph.nodes[step.node].layer in graph.blocks
        for port in ports_of(step.call):
            if is_block or port != step.ports[0]:
                own, before = identifier(port, "output"), names[step.node].rstrip("_")
                free = is_block and own not in taken and own != CHAIN
                named[step.node, port] = name = own if free else unique(f"{before}_{own.rstrip('_')}", taken)
                taken.add(name)
    return named
