"""Valid graphs made invalid at random: what people, half-made edits and damaged files do to them."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from typing import Any

import msgspec
from random_graphs import Drawn

from core import graph as graphs
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE, declaration_of
from core.messages import DataReport
from core.parameters import parameters
from core.project import Data
from core.specs import Spec

TEXTS = (
    "", " ", "ü", "卷积", "🜚", "\u202eabc", "a\x00b", "{source}", "{self}", "{0}", "%s", "nan", "x" * 300, "é\u0301",
    "\u2028", "'", '"', "\\", "None", "__class__", "{input.__class__}",
    "two\nlines", "\x1b[31mred", "y" * 3_000,
)  # fmt: skip
JUNK: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 2, 10**9, 2**63 - 1, 2**63, 10**30, -(10**30), 0.5, -0.0, 1e-300, 1e308, float("nan"),
    float("inf"), float("-inf"), (), (0,), (-1, -1), (1, 2, 3, 4, 5, 6, 7), (10**9, 10**9), [], [1, 2], [[1]],
    ((1,), 2), {}, {"a": 1}, (None,), ("a", "b"), (float("nan"),), *TEXTS,
)  # fmt: skip
LAYERS = ("Conv2dd", "linear", "", "💥", "nn.Linear", "x" * 500, "Transformr", "\u202eRelu", "None")
DTYPES = ("float32", "int64", "bool")


def spoilt(drawn: Drawn, draw: random.Random) -> Drawn:
    """The graph after one to four faults."""
    for _ in range(draw.randint(1, 4)):
        drawn = draw.choice(FAULTS)(drawn, draw)
    return drawn


def _with(drawn: Drawn, graph: Graph) -> Drawn:
    return dataclasses.replace(drawn, project=msgspec.structs.replace(drawn.project, graph=graph))


def _node(drawn: Drawn, draw: random.Random) -> str:
    return draw.choice(sorted(drawn.project.graph.nodes))


def _link(drawn: Drawn, draw: random.Random) -> Link | None:
    links = drawn.project.graph.links
    return draw.choice(links) if links else None


def _joined(drawn: Drawn, away: Link | None, *links: Link) -> Drawn:
    graph = drawn.project.graph
    graph = graphs.without_links(graph, [away]) if away else graph
    for link in links:
        graph = graphs.with_link(graph, link)
    return _with(drawn, graph)


def no_link(drawn: Drawn, draw: random.Random) -> Drawn:
    """A link is gone."""
    return _joined(drawn, _link(drawn, draw))


def other_source(drawn: Drawn, draw: random.Random) -> Drawn:
    """An input gets another value, perhaps its own."""
    link, source = _link(drawn, draw), _node(drawn, draw)
    declared = declaration_of(drawn.project.graph.nodes[source], {})
    if link is None or declared is None or not declared.outputs:
        return drawn
    return _joined(drawn, None, Link(source, draw.choice(declared.outputs).name, link.target, link.input))


def swapped(drawn: Drawn, draw: random.Random) -> Drawn:
    """Two inputs have each other's values."""
    one, two = _link(drawn, draw), _link(drawn, draw)
    if one is None or two is None:
        return drawn
    return _joined(
        drawn,
        None,
        Link(two.source, two.output, one.target, one.input),
        Link(one.source, one.output, two.target, two.input),
    )


def odd_input(drawn: Drawn, draw: random.Random) -> Drawn:
    """A link ends at a port that is not there."""
    link = _link(drawn, draw)
    name = draw.choice([*TEXTS, "inputs", "output", "tensors_9", "weight_0"])
    return (
        _joined(drawn, link if draw.random() < 0.5 else None, Link(link.source, link.output, link.target, name))
        if link
        else drawn
    )


def odd_output(drawn: Drawn, draw: random.Random) -> Drawn:
    """A link begins at a port that is not there."""
    link = _link(drawn, draw)
    name = draw.choice([*TEXTS, "outputs", "h", "indices", "part_7"])
    return _joined(drawn, None, Link(link.source, name, link.target, link.input)) if link else drawn


def cycle(drawn: Drawn, draw: random.Random) -> Drawn:
    """A node is fed by one that it feeds."""
    link = _link(drawn, draw)
    if link is None:
        return drawn
    source, target = drawn.project.graph.nodes[link.target], drawn.project.graph.nodes[link.source]
    outputs, inputs = (declaration_of(source, {}), declaration_of(target, {}))
    output = outputs.outputs[0].name if outputs and outputs.outputs else "output"
    port = inputs.inputs[0] if inputs and inputs.inputs else None
    return _joined(
        drawn, None, Link(link.target, output, link.source, port.name + "_0" * port.variadic if port else "input")
    )


def junk_value(drawn: Drawn, draw: random.Random) -> Drawn:
    """A setting holds what it must not."""
    node_id = _node(drawn, draw)
    node = drawn.project.graph.nodes[node_id]
    declared = declaration_of(node, {})
    names = [each.name for each in parameters(declared)] if declared else []
    name = draw.choice([*names, *names, "strange", draw.choice(TEXTS)])
    values = {**node.values, name: draw.choice(JUNK)}
    return _with(drawn, graphs.with_node(drawn.project.graph, node_id, values=values))


def other_value(drawn: Drawn, draw: random.Random) -> Drawn:
    """A setting has another value of its kind, which may not fit its neighbours."""
    from random_graphs import drawn_values

    node_id = _node(drawn, draw)
    declared = CATALOGUE.get(drawn.project.graph.nodes[node_id].layer)
    if declared is None or declared.family == "data":
        return drawn
    return _with(drawn, graphs.with_node(drawn.project.graph, node_id, values=drawn_values(declared, draw, 0.8)))


def huge_value(drawn: Drawn, draw: random.Random) -> Drawn:
    """A whole number is far too large, though its bounds allow it."""
    node_id = _node(drawn, draw)
    node = drawn.project.graph.nodes[node_id]
    declared = declaration_of(node, {})
    names = [each for each in parameters(declared) if each.kind in ("integer", "sizes", "shape")] if declared else []
    if not names:
        return drawn
    each = draw.choice(names)
    size = draw.choice([10**4, 10**6, 2**31, 10**12, 2**62])
    values = {**node.values, each.name: (size,) * draw.randint(1, 3) if each.kind == "shape" else size}
    return _with(drawn, graphs.with_node(drawn.project.graph, node_id, values=values))


def other_layer(drawn: Drawn, draw: random.Random) -> Drawn:
    """A node is another layer, known or not."""
    name = draw.choice(LAYERS) if draw.random() < 0.5 else draw.choice(sorted(CATALOGUE))
    return _with(drawn, graphs.with_node(drawn.project.graph, _node(drawn, draw), layer=name))


def no_node(drawn: Drawn, draw: random.Random) -> Drawn:
    """A node is gone; more often one where values enter or leave."""
    nodes = drawn.project.graph.nodes
    ends = [each for each in sorted(nodes) if nodes[each].layer in ("Input", "Target", "Output", "Penalty", "Noise")]
    gone = draw.choice(ends) if ends and draw.random() < 0.7 else _node(drawn, draw)
    return _with(drawn, graphs.without_nodes(drawn.project.graph, [gone])) if len(nodes) > 1 else drawn


def new_node(drawn: Drawn, draw: random.Random) -> Drawn:
    """A node stands alone."""
    name = draw.choice(sorted(CATALOGUE))
    return _with(
        drawn, graphs.with_nodes(drawn.project.graph, {graphs.fresh_id(drawn.project.graph.nodes, name): Node(name)})
    )


def odd_name(drawn: Drawn, draw: random.Random) -> Drawn:
    """A node has a strange name."""
    graph, name = drawn.project.graph, draw.choice(TEXTS)
    return (
        drawn
        if not name.strip() or name in graph.nodes
        else _with(drawn, graphs.renamed(graph, _node(drawn, draw), name))
    )


def muted(drawn: Drawn, draw: random.Random) -> Drawn:
    """A node is passed over."""
    return _with(drawn, graphs.with_node(drawn.project.graph, _node(drawn, draw), muted=True))


def odd_weights(drawn: Drawn, draw: random.Random) -> Drawn:
    """A node's weights begin in a way that is none."""
    name = draw.choice(["init", "bias", "frozen", "file", "gain", "std", draw.choice(TEXTS)])
    return _with(drawn, graphs.with_node(drawn.project.graph, _node(drawn, draw), weights={name: draw.choice(JUNK)}))


def other_data(drawn: Drawn, draw: random.Random) -> Drawn:
    """A field of the data has another shape or kind of number, or is gone; or nothing can be read."""
    fields = list(drawn.data.fields)
    if draw.random() < 0.1:
        return dataclasses.replace(drawn, data=DataReport(fault="numbers.csv cannot be read: there is no such file."))
    if draw.random() < 0.1:
        return dataclasses.replace(drawn, data=DataReport())
    place = draw.randrange(len(fields)) if fields else 0
    if fields and draw.random() < 0.3:
        del fields[place]
    elif fields:
        shape = draw.choice(
            [("N",), ("N", 1), ("N", 8), ("N", 3, 7), ("N", 8, 4, 4), ("N", "T", 8), ("N", 2, 3, 4, 5, 6)]
        )
        classes = draw.choice([0, 0, 3, 5000])
        dtype = draw.choice(DTYPES)
        fields[place] = msgspec.structs.replace(
            fields[place], spec=Spec(shape, dtype, classes if dtype == "int64" else 0)
        )
    return dataclasses.replace(drawn, data=msgspec.structs.replace(drawn.data, fields=tuple(fields)))


def odd_settings(drawn: Drawn, draw: random.Random) -> Drawn:
    """The settings of the training or of the data hold what they must not."""
    project, junk = drawn.project, draw.choice(JUNK)
    name = draw.choice(["epochs", "batch_size", "lr", "optimizer", "device", draw.choice(TEXTS)])
    if draw.random() < 0.5:
        project = msgspec.structs.replace(project, training={name: junk})
    else:
        split = {draw.choice(["validation", "test", "seed", name]): junk}
        project = msgspec.structs.replace(project, data=Data(draw.choice(TEXTS), {name: junk}, split))
    return dataclasses.replace(drawn, project=project)


FAULTS: tuple[Callable[[Drawn, random.Random], Drawn], ...] = (
    no_link, no_link, other_source, other_source, other_source, swapped, swapped, odd_input, odd_output, cycle,
    junk_value, junk_value, junk_value, other_value, other_value, huge_value, other_layer, other_layer, no_node,
    no_node, new_node, odd_name, muted, odd_weights, other_data, other_data, odd_settings,
)  # fmt: skip
