"""Valid graphs at random out of the whole catalogue, the same for a seed on any machine."""

from __future__ import annotations

import dataclasses
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
import torch
from torch import Tensor

from core import graph as graphs
from core.engine.examine import Found, examined
from core.engine.sizes import size_at
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE, Inputs, Layer, Refused
from core.messages import DataReport, Field
from core.parameters import Parameter, dropped_values, fitted, parameters, read
from core.project import Project
from core.specs import Size, Spec

MOST_NUMBERS = 3_000
"""Of one sample's value; larger ones are not drawn."""
MOST_PARAMETERS = 60_000
MOST_NODES = 25
TRIES = 60
MEANT = ("Sigmoid", "RequiresGrad")
"""What others count on, so that it is never muted: numbers between 0 and 1, and a gradient."""
SHAPES: tuple[tuple[Size, ...], ...] = (
    ("N", 8), ("N", 6, 8), ("N", 4, 8, 8), ("N", 4, 4, 6, 8), ("N",), ("N", 6, 4), ("N", 1, 12), (6, "N", 8), ("N", 3),
)  # fmt: skip
ANSWERS = ("target", "targets", "input_lengths", "target_lengths")
INDICES = {"Embedding": "input", "EmbeddingBag": "input", "OneHot": "input", "Gather": "index", "Lookup": "input"}
"""Inputs that torch looks something up with, so that not every number may arrive."""
EQUATIONS = (
    "nij,njk->nik", "nij,nkj->nik", "ni,nj->nij", "nij,nij->ni", "ni, ni -> n", "nchw,nchw->nc", "nij,nj->ni",
    "...ij,...jk->...ik", "...i, ...i -> ...", "ni,nj", "...,...", "n...,n...->n",
)  # fmt: skip
ODD_NAMES = (
    "self",
    "größe 2",
    "loss",
    "torch",
    "x",
    "Model",
    "入力",
    "class",
    "1st",
    "a-b",
    "values",
    "forward",
    "batch",
)


@dataclasses.dataclass(frozen=True)
class Value:
    """One output in the graph: `answers` says that a Target leads to it, so that the model must not take it.

    `is_fed` says that an Input or a Noise leads to it, as one must to every loss.
    """

    node: str
    port: str
    spec: Spec
    answers: bool = False
    is_fed: bool = True


@dataclasses.dataclass(frozen=True)
class Drawn:
    """A graph with the fields of the data that it takes; `below` bounds the whole numbers of a field."""

    project: Project
    data: DataReport
    below: Mapping[str, int]
    is_whole: bool = True
    """Whether every node leads to an output or a loss."""

    def rows(self, batch: int) -> dict[str, Tensor]:
        """Numbers for every field, in the bounds that layers ask for."""
        found: dict[str, Tensor] = {}
        for index, field in enumerate(self.data.fields):
            source = torch.Generator().manual_seed(100 * index + batch)
            shape = [size_at(size, batch) for size in field.spec.shape]
            if field.spec.dtype == "float32":
                found[field.name] = torch.rand(shape, generator=source) * 0.9 + 0.05
            else:
                high = 2 if field.spec.dtype == "bool" else self.below[field.name]
                whole = torch.randint(0, high, shape, generator=source)
                found[field.name] = whole.bool() if field.spec.dtype == "bool" else whole
        return found


def drawn_graph(seed: int, uses: Counter[str]) -> Drawn:
    """A valid graph of 3 to 25 nodes with the layers that were used least; counts what it uses."""
    return _Drawing(random.Random(seed), uses).graph()


def plain(spec: Spec) -> Spec:
    """The spec without what its axes count."""
    return Spec(spec.shape, spec.dtype, spec.classes)


class _Drawing:
    def __init__(self, draw: random.Random, uses: Counter[str]) -> None:
        self.draw, self.uses = draw, uses
        self.nodes: dict[str, Node] = {}
        self.links: list[Link] = []
        self.fields: list[Field] = []
        self.below: dict[str, int] = {}
        self.pool: list[Value] = []
        self.is_whole = True

    def graph(self) -> Drawn:
        start = self.new("Input", Spec(("N", 8)))
        self.placed("Linear", {"out_features": 8}, {"input": start})
        wanted = self.draw.randint(2, 18)
        layers = sorted(CATALOGUE, key=lambda name: (self.uses[name], self.draw.random()))
        for name in layers:
            if len(self.nodes) >= wanted or len(self.nodes) + len(self.loose()) > MOST_NODES - 5:
                break
            if name not in ("Input", "Target", "Output"):
                self.add(name)
        self.finish()
        self.mute()
        graph = Graph(self.nodes, tuple(sorted(self.links, key=graphs.link_key)))
        self.uses.update(node.layer for node in self.nodes.values() if not node.muted)
        report = DataReport("Drawn", tuple(self.fields), 70, 20, 10)
        return Drawn(Project(graph, seed=self.draw.randrange(1000)), report, self.below, self.is_whole)

    # ---- nodes

    def named(self, layer: str) -> str:
        """A new name for a node, now and then one that source must not take as it is."""
        if self.draw.random() < 0.05:
            name = self.draw.choice(ODD_NAMES)
            if name not in self.nodes:
                return name
        return graphs.fresh_id(self.nodes, layer)

    def placed(self, layer: str, values: Mapping[str, Any], given: Mapping[str, Value]) -> list[Value] | None:
        """The outputs of a new node, or None where it does not fit or grows too large."""
        declared = CATALOGUE[layer]
        made, faults = read(declared, values)
        inputs = {port: value.spec for port, value in given.items()}
        found = examined(made, inputs) if not faults else None
        if not isinstance(found, Found) or not self.is_small(found):
            return None
        node_id = self.named(layer)
        differing = {each.name: values[each.name] for each in parameters(declared) if each.name in values}
        self.nodes[node_id] = Node(layer, differing, **self.beside(declared, found))
        self.links += [Link(value.node, value.port, node_id, port) for port, value in given.items()]
        answers = any(value.answers for value in given.values())
        is_fed = any(value.is_fed for value in given.values())
        outputs = [Value(node_id, port, spec, answers, is_fed) for port, spec in found.outputs.items()]
        self.pool += outputs
        return outputs

    def beside(self, declared: type[Layer], found: Found) -> dict[str, Any]:
        """Now and then a frozen node, or one whose weights begin in another way."""
        if found.parameters and declared.family in ("convolution", "linear", "normalisation") and len(self.nodes) > 2:
            if self.draw.random() < 0.08:
                return {"weights": {"frozen": True}}
            if self.draw.random() < 0.08:
                return {"weights": {"init": "normal_"}}
        return {}

    def is_small(self, found: Found) -> bool:
        numbers = [math.prod(size_at(size, 1) for size in spec.shape) for spec in found.outputs.values()]
        return (
            max(numbers, default=0) <= MOST_NUMBERS
            and min(numbers, default=1) > 0
            and found.parameters <= MOST_PARAMETERS
        )

    def new(self, layer: str, spec: Spec, below: int = 0) -> Value:
        """A value of this spec by an Input or Target of its own."""
        name = f"field{len(self.fields)}"
        if spec.dtype == "int64":
            self.below[name] = below or spec.classes or 3
            if layer == "Target" and below > 1 and self.draw.random() < 0.5:
                spec = Spec(spec.shape, spec.dtype, below)
        self.fields.append(Field(name, "target" if layer == "Target" else "input", spec))
        node_id = self.named(layer)
        self.nodes[node_id] = Node(layer, {"field": name})
        value = Value(node_id, "output", spec, layer == "Target", layer != "Target")
        self.pool.append(value)
        return value

    def value(self, spec: Spec, layer: str = "Input", below: int = 0, answers: bool = True) -> Value | None:
        """A value of this spec: one that there is already, or a new one; None where none can be made."""
        spec = plain(spec)
        bounded = below and spec.dtype == "int64"
        if layer != "Target" and not bounded and self.draw.random() < 0.7:
            fitting = [each for each in self.pool if self.is_like(each.spec, spec) and (answers or not each.answers)]
            if fitting:
                return self.chosen(fitting)
        where = next((axis for axis, size in enumerate(spec.shape) if size == "N"), None)
        if any(isinstance(size, str) and size != "N" for size in spec.shape) or spec.shape.count("N") > 1:
            return None
        if where is None:
            return self.constant(spec)
        if where:
            turned = list(spec.shape)
            turned[0], turned[where] = turned[where], turned[0]
            start = self.new(layer, Spec(tuple(turned), spec.dtype, spec.classes), below)
            outputs = self.placed("Transpose", {"dim0": 0, "dim1": where}, {"input": start})
            return outputs[0] if outputs else None
        if layer == "Input" and spec.dtype == "float32" and spec.rank > 1 and self.draw.random() < 0.1:
            node_id = self.named("Noise")
            self.nodes[node_id] = Node("Noise", {"shape": spec.shape[1:]})
            self.pool.append(made := Value(node_id, "output", spec))
            return made
        return self.new(layer, spec, below)

    def is_like(self, one: Spec, other: Spec) -> bool:
        return one.shape == other.shape and one.dtype == other.dtype and one.classes == other.classes

    def constant(self, spec: Spec) -> Value | None:
        """Numbers that the model holds, for what is the same in every sample."""
        shape = tuple(int(size) for size in spec.shape)
        if spec.dtype == "int64":
            made = self.placed("Buffer", {"values": (0.0,), "shape": shape, "dtype": "int64"}, {})
        elif spec.dtype == "bool":
            numbers = self.placed("Buffer", {"values": (0.25,), "shape": shape}, {})
            made = self.placed("Gt", {"other": 0.5}, {"input": numbers[0]}) if numbers else None
        else:
            made = self.placed("Buffer", {"values": (0.75,), "shape": shape}, {})
        return made[0] if made else None

    # ---- layers

    def add(self, name: str) -> None:
        """A node of this layer, with what it takes; nothing where no try fits."""
        if name == "Noise":
            self.value_of_noise()
            return
        special, share = RECIPES.get(name), self.draw.choice([0.15, 0.35, 0.7])
        for attempt in range(TRIES):
            declared = CATALOGUE[name]
            values = drawn_values(declared, self.draw, share if attempt < TRIES // 2 else 0.1)
            if name == "Einsum":
                values["equation"] = self.draw.choice(EQUATIONS)
            if special and (attempt < 3 or self.draw.random() < 0.5):
                try:
                    wanted = special(self, values)
                except _Added:
                    return
                if wanted is None:
                    continue
            else:
                wanted = self.wanted(declared)
            layer, faults = read(declared, values)
            if faults or not self.fits(layer, wanted):
                continue
            wanted = self.with_options(layer, wanted)
            if self.supplied(name, layer, values, wanted):
                return

    def value_of_noise(self) -> None:
        node_id = self.named("Noise")
        shape = self.draw.choice([(8,), (6, 8), (4, 8, 8)])
        self.nodes[node_id] = Node("Noise", {"shape": shape})
        self.pool.append(Value(node_id, "output", Spec(("N", *shape))))

    def fits(self, layer: Layer, wanted: Inputs) -> bool:
        """Whether the layer takes such specs, and torch too."""
        try:
            layer.call(wanted)
        except Refused:
            return False
        found = examined(layer, wanted)
        return isinstance(found, Found) and self.is_small(found)

    def supplied(self, name: str, layer: Layer, values: Mapping[str, Any], wanted: Inputs) -> bool:
        """Whether a node with values at all of these inputs was added."""
        declared, given = CATALOGUE[name], {}
        for port, spec in wanted.items():
            is_answer = declared.family == "loss" and port in ANSWERS and self.draw.random() < 0.8
            is_constant = port in declared.constant_ports  # nothing learned may lead to it
            below = bound(name, layer, wanted, port)
            if (is_answer or is_constant) and spec.shape[:1] == ("N",) and spec.shape.count("N") == 1:
                value = self.new("Target", plain(spec), below)
            elif is_constant and "N" not in spec.shape:
                value = self.constant(plain(spec))
            else:
                value = self.value(spec, "Input", below)
            if name in ("BCELoss", "GaussianNLLLoss") and port in ("input", "target", "var") and value is not None:
                value = self.positive(spec)
            if value is None:
                return False
            given[port] = value
        if declared.family == "loss" and not any(value.is_fed for value in given.values()):
            return False
        return self.placed(name, values, given) is not None

    def positive(self, spec: Spec) -> Value | None:
        """Numbers between 0 and 1, whatever weights there are."""
        start = self.new("Input", plain(spec)) if spec.shape[:1] == ("N",) else None
        made = self.placed("Sigmoid", {}, {"input": start}) if start else None
        return made[0] if made else None

    def wanted(self, declared: type[Layer]) -> dict[str, Spec]:
        """Specs for the inputs that a layer needs: mostly of values that there are, the others made like the first."""
        ports: list[str] = []
        for port in declared.inputs:
            if port.variadic:
                ports += [f"{port.name}_{number}" for number in range(self.draw.choice([2, 2, 3]))]
            elif not port.optional:
                ports.append(port.name)
        wanted: dict[str, Spec] = {}
        for port in ports:
            wanted[port] = self.first() if not wanted else self.like(next(iter(wanted.values())))
        return wanted

    def first(self) -> Spec:
        if self.draw.random() < 0.6:
            return plain(self.chosen(self.pool).spec)
        dtype = self.draw.choice(["float32"] * 5 + ["int64", "bool"])
        return Spec(self.draw.choice(SHAPES), dtype)

    def chosen(self, values: list[Value]) -> Value:
        """One of these values, often one that nobody takes yet, so that graphs grow deep."""
        taken = {link.source for link in self.links}
        loose = [each for each in values if each.node not in taken]
        return self.draw.choice(loose if loose and self.draw.random() < 0.6 else values)

    def like(self, spec: Spec) -> Spec:
        """A spec that may well stand beside another one."""
        shape, last = spec.shape, spec.shape[-1:]
        options = [
            spec, spec, spec, Spec(shape), Spec(shape, "int64"), Spec(shape, "bool"), Spec(shape[:1], "int64"),
            Spec(shape[:1]), Spec((*shape[:1], *shape[2:]), "int64"), Spec((*shape[:-2], *shape[:-3:-1])),
            Spec(last if last != ("N",) else ()), Spec((*shape[:-1], 1)),
        ]  # fmt: skip
        return self.draw.choice(options)

    def with_options(self, layer: Layer, wanted: Inputs) -> dict[str, Spec]:
        """The inputs with some of the optional ones that fit beside them."""
        held = dict(wanted)
        offers = options(layer, wanted, self.draw)
        if offers and self.draw.random() < 0.5:
            for group in offers:
                if self.draw.random() < 0.6 and self.fits(layer, {**held, **group}):
                    held.update(group)
        order = [port.name for port in type(layer).inputs]
        return (
            held
            if any(port.variadic for port in type(layer).inputs)
            else {each: held[each] for each in order if each in held}
        )

    # ---- the end

    def finish(self) -> None:
        """Give every value that nobody takes an end: an Output, or a Penalty that training makes smaller."""
        loose = self.loose()
        has_output, has_loss = False, any(map(self.is_loss, self.nodes))
        computed = [
            each
            for each in self.pool
            if not each.answers and self.nodes[each.node].layer not in ("Input", "Noise", "Parameter", "Buffer")
        ]
        for node_id in loose:
            value = next(each for each in self.pool if each.node == node_id)
            if self.draw.random() < 0.03:
                self.is_whole = False  # it leads nowhere, and is not written
            elif value.answers or (value.is_fed and self.draw.random() < 0.3):
                self.penalty(value)
                has_loss = True
            else:
                self.output(value)
                has_output = True
        ends = [each for each in self.pool if self.is_loss(each.node) and not each.answers]
        if ends and self.draw.random() < 0.1:  # a loss may be something that the model returns, too
            self.output(self.draw.choice(ends))
            has_output = True
        if not has_output:
            self.output(self.draw.choice(computed))
        if not has_loss:
            self.penalty(next(each for each in self.pool if self.nodes[each.node].layer == "Linear"))

    def loose(self) -> list[str]:
        """The nodes whose values nobody takes, losses apart."""
        taken = {link.source for link in self.links}
        return [node_id for node_id in self.nodes if node_id not in taken and not self.is_loss(node_id)]

    def mute(self) -> None:
        """Now and then a node that gives what it takes is passed over."""
        specs = {(each.node, each.port): plain(each.spec) for each in self.pool}
        for node_id, node in list(self.nodes.items())[2:]:
            declared = CATALOGUE[node.layer]
            taken = [(link.source, link.output) for link in self.links if link.target == node_id]
            given = [link.output for link in self.links if link.source == node_id]
            if (
                declared.family in ("activation", "regularisation", "normalisation", "merge", "attention")
                and len(taken) == 1
                and node.layer not in MEANT
                and set(given) <= {declared.outputs[0].name}
                and specs[taken[0]] == specs[node_id, declared.outputs[0].name]
                and self.draw.random() < 0.06
            ):
                self.nodes[node_id] = msgspec.structs.replace(node, muted=True)

    def is_loss(self, node_id: str) -> bool:
        return CATALOGUE[self.nodes[node_id].layer].family == "loss"

    def output(self, value: Value) -> None:
        node_id = self.named("Output")
        self.nodes[node_id] = Node("Output")
        self.links.append(Link(value.node, value.port, node_id, "input"))

    def penalty(self, value: Value) -> None:
        """A Penalty on a value; where nothing but answers lead to it, a number of the network is put beside it."""
        if not value.spec.is_floating:
            value = self.certain("Float", {}, input=value)
        if not value.is_fed:
            number = self.certain("Constant", {}, input=self.pool[0])
            value = self.certain("Add", {}, tensors_0=value, tensors_1=number)
        self.certain("Penalty", drawn_values(CATALOGUE["Penalty"], self.draw, 0.3), number=value)

    def certain(self, layer: str, values: Mapping[str, Any], **given: Value) -> Value:
        """The first output of a node that always fits."""
        made = self.placed(layer, values, given)
        assert made is not None, (layer, given)
        return made[0]


# ---- settings

SMALL = {"dim_feedforward": 8, "num_embeddings": 12, "hidden_size": 8, "num_layers": 1}
"""What a person would not leave so small, but a test does."""


def drawn_values(declared: type[Layer], draw: random.Random, share: float) -> dict[str, Any]:
    """A share of the settings at other values that their declaration allows, small ones mostly."""
    values = dict(dropped_values(declared))
    values |= {each.name: SMALL[each.name] for each in parameters(declared) if each.name in SMALL}
    for each in parameters(declared):
        if draw.random() < share:
            value = _drawn(each, draw)
            try:
                values[each.name] = fitted(each, value)
            except ValueError:
                continue
    if "reduction" in values and values["reduction"] == "none":
        del values["reduction"]
    return values


def _drawn(each: Parameter, draw: random.Random) -> Any:
    if each.optional and draw.random() < 0.3:
        return None
    low = -2 if each.low is None else math.ceil(each.low) + (each.open_low and each.low == math.ceil(each.low))
    whole = draw.choice([low, low + 1, low + 1, low + 2, low + 3, 2, 4, 8])
    match each.kind:
        case "boolean":
            return draw.random() < 0.5
        case "integer":
            return whole
        case "number":
            return draw.choice([each.low if each.low is not None else -1.5, 0.0, 0.1, 0.5, 0.9, 1.0, 2.0, 3.5])
        case "choice":
            return draw.choice(each.choices)
        case "sizes":
            sizes = tuple(draw.choice([low, low + 1, low + 2]) for _ in range(each.length))
            return draw.choice([whole, sizes, *each.choices])
        case "shape":
            count = draw.randint(1, 3)
            return tuple(draw.choice([low, low + 1, low + 2, -1, 1, 2, 3, 4, 8]) for _ in range(count))
        case "numbers":
            return tuple(draw.choice([-1.0, 0.5, 2.0]) for _ in range(draw.randint(1, 4)))
        case _:
            return each.dropped


def bound(name: str, layer: Any, wanted: Inputs, port: str) -> int:
    """Below what the whole numbers at a port must lie; 0 where any will do."""
    if wanted[port].dtype != "int64":
        return 0
    if INDICES.get(name) == port:
        if name == "Lookup":
            return int(wanted["weight"].shape[0])
        sizes = {"OneHot": "num_classes", "Gather": ""}.get(name, "num_embeddings")
        held = getattr(layer, sizes) if sizes else wanted["input"].shape[layer.dim]
        return int(held)
    if port == "indices":
        return 1
    if type(layer).family == "loss" and port in ANSWERS:
        if name == "CTCLoss":
            steps, _, classes = wanted["log_probs"].shape
            labels = wanted["targets"].shape[1]
            return int({"targets": classes, "input_lengths": steps, "target_lengths": labels}[port])
        for setting in ("n_classes", "num_classes"):
            if hasattr(layer, setting):
                return int(getattr(layer, setting))
        scores = wanted["input"].shape if "input" in wanted else ()
        return int(scores[1]) if len(scores) > 1 and isinstance(scores[1], int) else 2
    return 0


# ---- inputs of layers that are hardly met by chance

Recipe = Callable[[_Drawing, dict[str, Any]], dict[str, Spec] | None]
"""The specs of a layer's inputs, and changes to its values; None for another try."""


def _sequence(draw: random.Random, layer_values: Mapping[str, Any], time: int = 6, width: int = 8) -> Spec:
    return Spec(("N", time, width) if layer_values.get("batch_first") else (time, "N", width))


def _attention(drawing: _Drawing, values: dict[str, Any]) -> dict[str, Spec]:
    query = _sequence(drawing.draw, values)
    values["num_heads"] = drawing.draw.choice([1, 2, 4, 8])
    other = _sequence(drawing.draw, values, drawing.draw.choice([4, 6]), drawing.draw.choice([8, 3]))
    return (
        {"query": query, "key": other, "value": other}
        if drawing.draw.random() < 0.5
        else dict.fromkeys(("query", "key", "value"), query)
    )


def _heads(*ports: str) -> Recipe:
    def recipe(drawing: _Drawing, values: dict[str, Any]) -> dict[str, Spec]:
        values["nhead"] = drawing.draw.choice([1, 2, 4, 8])
        times = [6, drawing.draw.choice([4, 6])]
        return {port: _sequence(drawing.draw, values, time) for port, time in zip(ports, times, strict=False)}

    return recipe


def _unpooled(axes: int) -> Recipe:
    def recipe(drawing: _Drawing, values: dict[str, Any]) -> dict[str, Spec] | None:
        shape = ("N", 4, *(8, 6, 4)[:axes])
        values.clear()
        values["kernel_size"] = 2
        if drawing.draw.random() < 0.6:  # the values and places of a pooling that it turns around
            start = drawing.value(Spec(shape))
            made = (
                drawing.placed(f"MaxPool{axes}d", {"kernel_size": 2, "return_indices": True}, {"input": start})
                if start
                else None
            )
            if made and drawing.placed(f"MaxUnpool{axes}d", values, {"input": made[0], "indices": made[1]}):
                raise _Added
        return {"input": Spec(shape), "indices": Spec(shape, "int64")}

    return recipe


class _Added(Exception):
    """A recipe has added its node itself."""


def _gradient(drawing: _Drawing, values: dict[str, Any]) -> dict[str, Spec] | None:
    floats = [
        each
        for each in drawing.pool
        if each.spec.is_floating and each.spec.rank > 1 and isinstance(each.spec.shape[-1], int)
    ]
    start = drawing.draw.choice(floats)
    by = drawing.placed("RequiresGrad", {}, {"input": start})
    inner = drawing.placed("Linear", {"out_features": 3}, {"input": by[0]}) if by else None
    value = (
        drawing.placed(drawing.draw.choice(["Tanh", "Sigmoid", "Square"]), {}, {"input": inner[0]}) if inner else None
    )
    if value and by and drawing.placed("Gradient", values, {"value": value[0], "by": by[0]}):
        raise _Added
    return None


def _squeezed(drawing: _Drawing, values: dict[str, Any]) -> dict[str, Spec]:
    values["dim"] = drawing.draw.choice([1, 2])
    return {"input": Spec(("N", 1, 8) if values["dim"] == 1 else ("N", 8, 1))}


def _split(drawing: _Drawing, values: dict[str, Any]) -> dict[str, Spec]:
    values.update(dim=1, split_sizes=drawing.draw.choice([(2, 4), (1, 2, 3), (3, 3)]))
    return {"input": Spec(("N", 6, 8))}


def _halves(drawing: _Drawing, values: dict[str, Any]) -> dict[str, Spec] | None:
    """Two batches behind each other, through a Chunk or Split of the batch's axis."""
    if drawing.draw.random() < 0.5:
        return _split(drawing, values) if "split_sizes" in values else {"input": Spec(("N", 6, 8))}
    spec = drawing.draw.choice(FLOATS)
    pair = [drawing.value(spec) for _ in range(3)]
    given = {f"tensors_{number}": value for number, value in enumerate(pair) if value}
    both = drawing.placed("Cat", {"dim": 0}, given) if len(given) == 3 else None
    values.update({"dim": 0, "split_sizes": (1, 2)} if "split_sizes" in values else {"dim": 0, "chunks": 3})
    if both and drawing.placed("Split" if "split_sizes" in values else "Chunk", values, {"input": both[0]}):
        raise _Added
    return None


def _frames(drawing: _Drawing, values: dict[str, Any]) -> dict[str, Spec] | None:
    """A sample of each step of a sequence, and back."""
    if drawing.draw.random() < 0.5:
        return {"input": Spec(("N", 8))}
    start = drawing.value(Spec(("N", 6, 8)))
    steps = drawing.placed("Flatten", {"start_dim": 0, "end_dim": 1}, {"input": start}) if start else None
    values.update(dim=0, unflattened_size=(-1, 6))
    if steps and drawing.placed("Unflatten", values, {"input": steps[0]}):
        raise _Added
    return None


def _fixed(*choices: dict[str, Spec]) -> Recipe:
    return lambda drawing, values: dict(drawing.draw.choice(choices))


FLOATS = [Spec(("N", 8)), Spec(("N", 6, 8)), Spec(("N", 4, 8, 8))]
RECIPES: dict[str, Recipe] = {
    "MultiheadAttention": _attention,
    "TransformerEncoderLayer": _heads("src"),
    "TransformerEncoder": _heads("src"),
    "TransformerDecoderLayer": _heads("tgt", "memory"),
    "TransformerDecoder": _heads("tgt", "memory"),
    "Transformer": _heads("src", "tgt"),
    **{f"MaxUnpool{axes}d": _unpooled(axes) for axes in (1, 2, 3)},
    "Gradient": _gradient,
    "CTCLoss": _fixed(
        {
            "log_probs": Spec((12, "N", 5)),
            "targets": Spec(("N", 4), "int64"),
            "input_lengths": Spec(("N",), "int64"),
            "target_lengths": Spec(("N",), "int64"),
        }
    ),
    "Where": _fixed(*({"condition": Spec(spec.shape, "bool"), "input": spec, "other": spec} for spec in FLOATS)),
    "MaskedFill": _fixed(*({"input": spec, "mask": Spec(spec.shape, "bool")} for spec in FLOATS)),
    "GridSample": _fixed(
        {"input": Spec(("N", 4, 8, 8)), "grid": Spec(("N", 4, 5, 2))},
        {"input": Spec(("N", 4, 4, 6, 8)), "grid": Spec(("N", 2, 3, 4, 3))},
    ),
    "Bmm": _fixed({"input": Spec(("N", 6, 8)), "mat2": Spec(("N", 8, 5))}),
    "Baddbmm": _fixed({"input": Spec((5,)), "batch1": Spec(("N", 6, 8)), "batch2": Spec(("N", 8, 5))}),
    "Gather": _fixed({"input": Spec(("N", 8)), "index": Spec(("N", 2), "int64")}),
    "Squeeze": _squeezed,
    "Split": _halves,
    "Chunk": _halves,
    "Unflatten": _frames,
    "Lookup": _fixed({"input": Spec(("N", 2), "int64"), "weight": Spec((6, 8))}),
    "Fold": _fixed({"input": Spec(("N", 8, 16))}),
    "MultiLabelMarginLoss": _fixed({"input": Spec(("N", 6)), "target": Spec(("N", 6), "int64")}),
    "PaddingMask": _fixed({"input": Spec(("N", 6, 8)), "lengths": Spec(("N",), "int64")}),
    "ScaledDotProductAttention": _fixed(
        dict.fromkeys(("query", "key", "value"), Spec(("N", 6, 8))),
        {"query": Spec(("N", 2, 6, 4)), "key": Spec(("N", 2, 5, 4)), "value": Spec(("N", 2, 5, 3))},
    ),
    "LinearCrossEntropyLoss": _fixed({"input": Spec(("N", 8)), "target": Spec(("N",), "int64")}),
    "AdaptiveLogSoftmaxWithLoss": _fixed({"input": Spec(("N", 8)), "target": Spec(("N",), "int64")}),
}


def options(layer: Any, wanted: Inputs, draw: random.Random) -> Iterator[dict[str, Spec]] | list[dict[str, Spec]]:
    """What optional inputs may get beside these, those that go together in one group."""
    name = type(layer).__name__
    if name in ("RNN", "GRU", "LSTM"):
        batch = wanted["input"].shape[0 if layer.batch_first else 1]
        count = layer.num_layers * (1 + layer.bidirectional)
        state = Spec((count, batch, layer.hidden_size))
        first = Spec((count, batch, getattr(layer, "proj_size", 0) or layer.hidden_size))
        return [{"h_0": first, "c_0": state} if name == "LSTM" else {"hx": state}]
    if name in ("RNNCell", "GRUCell", "LSTMCell"):
        state = Spec((wanted["input"].shape[0], layer.hidden_size))
        return [{"h_0": state, "c_0": state} if name == "LSTMCell" else {"hx": state}]
    if hasattr(layer, "batch_first"):
        return _masks(type(layer), wanted, layer.batch_first)
    if name == "ScaledDotProductAttention":
        return [
            {"attn_mask": Spec((wanted["query"].shape[-2], wanted["key"].shape[-2]), draw.choice(["bool", "float32"]))}
        ]
    if name == "EmbeddingBag":
        return [{"per_sample_weights": Spec(wanted["input"].shape)}]
    spec = next(iter(wanted.values()), Spec(()))
    optional = [port.name for port in type(layer).inputs if port.optional]
    shapes = [spec.shape, spec.shape[-1:], spec.shape[1:2], (*spec.shape[:1], 1)]
    return [{port: Spec(draw.choice([each for each in shapes if each != ("N",)] or [()]))} for port in optional]


def _masks(declared: type[Layer], wanted: Inputs, batch_first: bool) -> list[dict[str, Spec]]:
    time = 1 if batch_first else 0
    steps = {port: spec.shape[time] for port, spec in wanted.items()}
    pairs = {
        "attn_mask": ("query", "key"), "key_padding_mask": ("", "key"), "mask": ("src", "src"),
        "src_mask": ("src", "src"),
        "tgt_mask": ("tgt", "tgt"), "memory_mask": ("tgt", "memory" if "memory" in steps else "src"),
        "src_key_padding_mask": ("", "src"), "tgt_key_padding_mask": ("", "tgt"),
        "memory_key_padding_mask": ("", "memory" if "memory" in steps else "src"),
    }  # fmt: skip
    return [
        {port.name: Spec((steps.get(pairs[port.name][0], "N"), steps[pairs[port.name][1]]), "bool")}
        for port in declared.inputs
        if port.optional
    ]
