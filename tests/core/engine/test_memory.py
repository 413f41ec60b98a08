from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest

from core import graph as graphs
from core import validation
from core.anatomy import readings
from core.engine import check as engine
from core.engine.data import describe
from core.engine.visit import configurations
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE
from core.messages import ASKED, Asked, Check, Checked
from core.project import Data, Project

DATA = Data("Digits")
VALUES: dict[str, list[dict[str, Any]]] = {
    "Conv2d": [{"out_channels": 4}, {"out_channels": 4, "padding": (1, 1)}, {"out_channels": 0}, {"kernel_size": "x"}],
    "BatchNorm2d": [{}, {"eps": 1}, {"eps": 1.0}, {"momentum": True}],
    "MaxPool2d": [{"kernel_size": 2}, {"kernel_size": 2, "return_indices": True}, {"kernel_size": 9}],
    "Linear": [{"out_features": 10}, {"out_features": 3}, {"out_features": 10.0}, {"units": 3}],
    "ReLU": [{}, {"inplace": 1}],
    "Softmax": [{"dim": 1}, {"dim": 7}],
    "Flatten": [{}],
    "Add": [{}],
    "Cat": [{"dim": 1}],
    "LSTM": [{"hidden_size": 4}],
    "Dropout": [{}, {"p": 2}, {"p": None}],
    "CrossEntropyLoss": [{}, {"reduction": "none"}],
    "NLLLoss": [{}],
    "Output": [{}],
    "Target": [{"field": "label"}],
    "Liner": [{"out_features": 3}],
}
NAMES = [name for name in VALUES if name == "Liner" or name in CATALOGUE]


def drawn(dice: random.Random, count: int) -> Graph:
    """A graph that is mostly a chain, with branches, muted nodes, open inputs, wrong links and now and then a cycle."""
    nodes = {"image": Node("Input", {"field": "image"})}
    graph = Graph(nodes)
    while len(graph.nodes) < count:
        graph = with_one_more(dice, graph)
    for _ in range(dice.randrange(3)):
        source, target = dice.choices(list(graph.nodes), k=2)
        graph = linked(
            graph, source, dice.choice(["output", "indices", "h"]), target, dice.choice(["input", "tensors_7"])
        )
    return graph


def with_one_more(dice: random.Random, graph: Graph) -> Graph:
    name = dice.choice(NAMES)
    # Sorting must see numbers: node10 stands behind node9, and ten of them in another order than they were made.
    node_id = f"{name.lower()}{dice.randrange(1000)}"
    if node_id in graph.nodes:
        return graph
    before = list(graph.nodes)
    values = VALUES[name][0] if dice.random() < 0.8 else dice.choice(VALUES[name])
    graph = graphs.with_nodes(graph, {node_id: Node(name, values, muted=dice.random() < 0.06)})
    declared = CATALOGUE.get(name)
    for port in declared.inputs if declared else ():
        for number in range(2 if port.variadic else 1):
            if dice.random() < 0.97:
                source = dice.choice([before[-1], before[-1], "image", dice.choice(before)])
                graph = linked(
                    graph, source, "output", node_id, f"{port.name}_{number}" if port.variadic else port.name
                )
    return graph


def linked(graph: Graph, source: str, output: str, target: str, port: str) -> Graph:
    return graphs.with_link(graph, Link(source, output, target, port))


def edited(dice: random.Random, graph: Graph) -> Graph:
    """The graph after one thing that a person does."""
    node_id = dice.choice([node_id for node_id in graph.nodes if node_id != "image"])
    node = graph.nodes[node_id]
    match dice.randrange(5):
        case 0 if node.layer in VALUES:
            return graphs.with_node(graph, node_id, values=dice.choice(VALUES[node.layer]))
        case 1:
            return graphs.with_node(graph, node_id, muted=not node.muted)
        case 2 if graph.links:
            return graphs.without_links(graph, [dice.choice(graph.links)])
        case 3:
            return graphs.without_nodes(graph, [node_id])
        case _:
            return with_one_more(dice, graph)


def arrived(graph: Graph) -> Project:
    """The project as the engine gets it: every value made anew, so that nothing is known by identity."""
    asked = ASKED.decode(msgspec.msgpack.encode(Asked(1, Check(Project(graph, DATA)))))
    assert isinstance(asked.body, Check)
    return asked.body.project


def said(checked: Checked) -> bytes:
    return msgspec.msgpack.encode(checked)


@pytest.mark.parametrize("seed", range(6))
def test_that_what_is_remembered_changes_no_answer(seed: int) -> None:
    dice = random.Random(seed)
    graph = drawn(dice, 24)
    remembered: list[tuple[Graph, bytes]] = []
    for _ in range(8):
        remembered.append((graph, said(engine.check(arrived(graph), 0))))
        graph = edited(dice, graph)
    for graph, answer in remembered:
        engine.forget()
        assert said(engine.check(arrived(graph), 0)) == answer


def test_that_whole_numbers_truths_and_numbers_with_a_point_are_not_taken_for_each_other() -> None:
    messages: list[set[str]] = []
    for value in (1, True, 1.0):
        graph = Graph({"image": Node("Input", {"field": "image"}), "fc": Node("Linear", {"out_features": value})})
        graph = linked(graph, "image", "output", "fc", "input")
        messages.append({problem.message for problem in engine.check(arrived(graph), 0).problems})
    assert not any("out_features must be" in message for message in messages[0])
    assert any("but is True" in message for message in messages[1])
    assert any("but is 1.0" in message for message in messages[2])


def test_that_nodes_that_say_the_same_share_one_report() -> None:
    nodes = {"image": Node("Input", {"field": "image"})}
    nodes |= {f"pad{index}": Node("Conv2d", {"out_channels": 1, "padding": (1, 1)}) for index in range(3)}
    graph = Graph(nodes)
    for source, target in (("image", "pad0"), ("pad0", "pad1"), ("pad1", "pad2")):
        graph = linked(graph, source, "output", target, "input")
    engine.check(arrived(graph), 0)
    known = configurations()
    reports = engine.check(arrived(graph), 1).nodes
    assert reports["pad1"] is reports["pad2"]
    assert configurations() == known


@pytest.mark.parametrize("seed", range(12))
def test_that_a_glance_passes_over_sound_nodes_alone(seed: int) -> None:
    graph = arrived(drawn(random.Random(100 + seed), 60)).graph
    drawing = validation._Drawing(Project(graph, DATA), describe(DATA))
    passed = [node_id for node_id in graph.nodes if validation._is_plain(drawing, node_id)]
    assert passed
    assert [problem for node_id in passed for problem in validation._node(drawing, node_id)] == []
    faulty = {node_id for node_id, reading in readings(graph).items() if reading.faults}
    assert not faulty & set(passed)
