from __future__ import annotations

import copy
import itertools
import random
import re
from typing import Any

import networkx as nx
import pytest

from core import anatomy
from core.graph import Graph, Link, Node, natural, network, once


def scattered(seed: int, count: int = 40) -> Graph:
    """Nodes with names in no order, and links that now and then close a cycle."""
    dice = random.Random(seed)
    names = [f"{dice.choice('abc')}{number}" for number in dice.sample(range(300), count)]
    layers = ("Input", "Noise", "ReLU", "Add", "CrossEntropyLoss", "MSELoss", "Output")
    nodes = {name: Node(dice.choice(layers), muted=dice.random() < 0.2) for name in names}
    pairs = [(dice.randrange(count), dice.randrange(count)) for _ in range(count)]
    back = seed % 3 == 0
    links = [
        Link(names[a], "output", names[b], f"tensors_{number}")
        for number, (a, b) in enumerate(pairs)
        if a < b or (back and number == 7)
    ]
    return Graph(nodes, tuple(links))


def told_by_parts(text: str) -> tuple[tuple[int, int, str], ...]:
    """The natural order as it is meant: parts of text and whole numbers, compared one by one."""
    parts = re.split(r"(\d+)", text)
    return tuple((1, int(part), "") if part.isdecimal() and len(part) < 19 else (0, 0, part) for part in parts)


NAMES = [
    "",
    "a",
    "a1",
    "a01",
    "a1b",
    "a2",
    "a10",
    "a10b2",
    "a10b10",
    "ab",
    "A9",
    "9",
    "10",
    "é1",
    "a" + "9" * 30,
    "1a",
    "a b",
]


def test_that_the_key_of_natural_order_sorts_as_its_parts_do() -> None:
    for one, other in itertools.product(NAMES, repeat=2):
        meant, found = told_by_parts(one), told_by_parts(other)
        assert (natural(one) < natural(other)) == (meant < found), (one, other)
        assert (natural(one) == natural(other)) == (meant == found), (one, other)


@pytest.mark.parametrize("seed", range(30))
def test_that_order_and_what_leads_where_are_what_networkx_says(seed: int) -> None:
    graph = scattered(seed)
    drawn = nx.DiGraph(network(graph))
    whole = nx.DiGraph(drawn)
    drawn.remove_nodes_from([node_id for knot in anatomy.cycles(graph) for node_id in knot])
    assert anatomy.order(graph) == list(nx.lexicographical_topological_sort(drawn, key=natural))
    for node_id in list(graph.nodes)[:9]:
        assert anatomy.reached(graph, [node_id]) == {node_id} | nx.descendants(whole, node_id)
        assert anatomy.reaching(graph, [node_id]) == {node_id} | nx.ancestors(whole, node_id)
    first, second = list(graph.nodes)[:2]
    known = anatomy.reaching(graph, [first])
    assert anatomy.reaching(graph, [second], known) == anatomy.reaching(graph, [first, second])


def test_that_nodes_are_found_by_layer_in_natural_order() -> None:
    graph = scattered(1)
    wanted = ("MSELoss", "Input", "Nothing")
    meant = sorted((name for name, node in graph.nodes.items() if node.layer in wanted), key=natural)
    assert anatomy.nodes_of(graph, *wanted) == meant
    losses = [name for name in anatomy.losses(graph) if not graph.nodes[name].muted]
    assert anatomy.loss_nodes(graph) == losses
    assert losses


@pytest.mark.parametrize(
    ("first", "second", "is_shared"),
    [
        ({"padding": (1, 1)}, {"padding": [1, 1]}, True),
        ({"padding": 1}, {"padding": 2}, False),
        ({"bias": True}, {"bias": 1}, False),
        ({"out_channels": 2}, {"out_channels": 2.0}, False),
        ({"out_channels": 0}, {"out_channels": 0}, False),
    ],
)
def test_that_one_reading_is_shared_by_what_says_the_same_and_fits(
    first: dict[str, Any], second: dict[str, Any], is_shared: bool
) -> None:
    one, other = (anatomy.reading_of(Node("Conv2d", values), {}) for values in (first, second))
    assert one is not None
    assert other is not None
    assert (one is other) == is_shared


@pytest.mark.parametrize("value", [object(), 2**200, {1, 2}, float("nan")])
def test_that_a_value_that_no_message_holds_is_read_and_refused(value: Any) -> None:
    reading = anatomy.reading_of(Node("Linear", {"out_features": value}), {})
    assert reading is not None
    assert [name for name, _ in reading.faults] == ["out_features"]


def test_that_a_layer_that_is_not_known_has_no_reading() -> None:
    assert anatomy.reading_of(Node("Liner"), {}) is None
    assert anatomy.readings(Graph({"a": Node("Liner"), "b": Node("ReLU")})).keys() == {"b"}


def test_that_what_is_asked_once_of_a_graph_is_not_computed_again() -> None:
    asked: list[Graph] = []

    @once
    def count(graph: Graph) -> int:
        asked.append(graph)
        return len(graph.nodes)

    small, large = Graph({"a": Node("ReLU")}), Graph({"a": Node("ReLU"), "b": Node("ReLU")})
    assert [count(small), count(large), count(small)] == [1, 2, 1]
    assert len(asked) == 2
    assert small == Graph({"a": Node("ReLU")})


def test_that_an_edited_graph_takes_over_how_its_nodes_stand_only_where_they_stand_the_same() -> None:
    before = scattered(2)
    anatomy.order(before)
    first = next(iter(before.nodes))
    muted = Graph({**before.nodes, first: Node("ReLU", muted=True)}, tuple(map(copy.copy, before.links)))
    shorter = Graph(before.nodes, before.links[1:])
    turned = Graph(dict(reversed(before.nodes.items())), before.links)
    for graph, is_like in ((muted, True), (shorter, False), (turned, False)):
        anatomy.follow(graph, before)
        assert (anatomy.order(graph) is anatomy.order(before)) == is_like
        alone = Graph(graph.nodes, graph.links)
        assert anatomy.order(graph) == anatomy.order(alone)
        assert graph.arriving == alone.arriving
        assert graph.leaving == alone.leaving
        assert anatomy.nodes_by_layer(graph) == anatomy.nodes_by_layer(alone)
