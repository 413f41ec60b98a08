"""Edits of links by hand: what is joined, what is kept, and what another layer takes over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import graph as graphs
from core.graph import Graph, Link, Node
from designer.canvas import rewiring


def graph_of(nodes: dict[str, str], *links: str) -> Graph:
    """Nodes as `name: layer`, and links as `source.output target.input`, `output` and `input` where nothing is said."""
    made: list[Link] = []
    for text in links:
        one, two = text.split()
        source, _, output = one.partition(".")
        target, _, port = two.partition(".")
        made.append(Link(source, output or "output", target, port or "input"))
    return Graph({name: Node(layer) for name, layer in nodes.items()}, tuple(sorted(made, key=graphs.link_key)))


def texts(graph: Graph) -> set[str]:
    return {f"{link.source}.{link.output} {link.target}.{link.input}" for link in graph.links}


ROW = graph_of({"a": "Input", "b": "ReLU", "c": "GELU", "d": "Tanh", "e": "Tanh"}, "a b", "b c", "c d", "c e")


def test_that_a_detached_node_leaves_what_it_stood_between_joined():
    assert texts(rewiring.detached(ROW, ["c"])) == {"a.output b.input", "b.output d.input", "b.output e.input"}


def test_that_detached_nodes_keep_the_links_between_them():
    assert texts(rewiring.detached(ROW, ["b", "c"])) == {"b.output c.input", "a.output d.input", "a.output e.input"}


def test_that_a_detached_source_joins_nothing():
    assert texts(rewiring.detached(ROW, ["a"])) == {"b.output c.input", "c.output d.input", "c.output e.input"}


def test_that_a_merge_is_healed_by_its_first_input():
    graph = graph_of(
        {"a": "Input", "b": "Input", "add": "Add", "d": "ReLU"}, "a add.tensors_1", "b add.tensors_0", "add d"
    )
    assert texts(rewiring.detached(graph, ["add"])) == {"b.output d.input"}


@given(st.sets(st.sampled_from(list(ROW.nodes))))
def test_that_detaching_leaves_no_outer_link_and_no_other_node_open(ids):
    graph = rewiring.detached(ROW, ids)
    assert not rewiring.outer_links(graph, ids)
    for node_id in ROW.nodes.keys() - ids:
        had, feeds = ROW.arriving[node_id], graph.arriving[node_id]
        assert set(feeds) <= set(had)
        if "a" not in ids:  # something feeds the row then, and so every node that it fed
            assert set(feeds) == set(had)


def test_that_only_a_row_without_links_to_others_goes_into_a_link():
    graph = graph_of({"a": "Input", "b": "ReLU", "x": "GELU", "y": "Tanh", "z": "Tanh"}, "a b", "x y")
    assert rewiring.row_of(graph, ["x", "y"]) == ("x", "y")
    assert rewiring.row_of(graph, ["z"]) == ("z", "z")
    assert rewiring.row_of(graph, ["x", "y", "z"]) is None
    assert rewiring.row_of(graph, ["b"]) is None
    assert rewiring.row_of(graph, ["x"]) is None
    inserted = rewiring.inserted_row(graph, Link("a", "output", "b", "input"), ("x", "y"))
    assert texts(inserted) == {"a.output x.input", "x.output y.input", "y.output b.input"}


def test_that_inputs_are_swapped_and_a_lone_one_changes_sides():
    both = graph_of({"a": "Input", "b": "Input", "s": "Subtract"}, "a s.input", "b s.other")
    assert texts(rewiring.with_swapped_inputs(both, "s")) == {"b.output s.input", "a.output s.other"}
    lone = graph_of({"a": "Input", "s": "Subtract"}, "a s.input")
    assert texts(rewiring.with_swapped_inputs(lone, "s")) == {"a.output s.other"}
    one = graph_of({"a": "Input", "r": "ReLU"}, "a r")
    assert rewiring.with_swapped_inputs(one, "r") is one


def test_that_inputs_are_kept_only_where_they_are_there_and_free():
    graph = graph_of({"a": "Input", "b": "ReLU", "c": "ReLU"}, "a c")
    wanted = [
        Link("a", "output", "b", "input"),
        Link("gone", "output", "b", "input"),
        Link("a", "strange", "b", "input"),
        Link("b", "output", "c", "input"),
    ]
    assert texts(rewiring.with_inputs(graph, wanted)) == {"a.output b.input", "a.output c.input"}


def test_that_another_layer_keeps_links_and_shared_settings_and_takes_a_fresh_name_for_a_given_one():
    graph = graph_of({"a": "Input", "conv1": "Conv2d", "b": "ReLU"}, "a conv1", "conv1 b")
    graph = graphs.with_node(graph, "conv1", values={"out_channels": 7, "kernel_size": (5, 5), "padding": "same"})
    made, name = rewiring.replaced(graph, "conv1", "ConvTranspose2d", {})
    assert name == "conv_transpose1"
    assert made.nodes[name].layer == "ConvTranspose2d"
    assert made.nodes[name].values == {"out_channels": 7, "kernel_size": (5, 5)}  # it takes no words for padding
    assert texts(made) == {"a.output conv_transpose1.input", "conv_transpose1.output b.input"}


def test_that_a_name_given_by_hand_stays_with_another_layer():
    graph = graph_of({"stem": "Conv2d"})
    assert rewiring.replaced(graph, "stem", "MaxPool2d", {"kernel_size": 2})[1] == "stem"


@pytest.mark.parametrize(
    ("before", "after", "linked", "expected"),
    [
        ("Add", "Cat", "a x.tensors_0|b x.tensors_1", {"a.output x.tensors_0", "b.output x.tensors_1"}),
        ("Add", "Subtract", "a x.tensors_0|b x.tensors_1", {"a.output x.input", "b.output x.other"}),
        ("Subtract", "Add", "a x.input|b x.other", {"a.output x.tensors_0", "b.output x.tensors_1"}),
    ],
)
def test_that_links_find_their_ports_in_a_layer_that_calls_them_otherwise(before, after, linked, expected):
    graph = graph_of({"a": "Input", "b": "Input", "x": before}, *linked.split("|"))
    assert rewiring.may_replace(graph, "x", after)
    assert texts(rewiring.replaced(graph, "x", after, {})[0]) == expected


def test_that_a_layer_without_room_for_the_links_cannot_replace():
    graph = graph_of({"a": "Input", "b": "Input", "x": "Add", "y": "ReLU"}, "a x.tensors_0", "b x.tensors_1", "x y")
    assert not rewiring.may_replace(graph, "x", "ReLU")
    assert not rewiring.may_replace(graph, "y", "Noise")
    assert rewiring.may_replace(graph, "y", "GELU")


def test_that_the_way_up_and_down_is_found():
    assert rewiring.extended(ROW, ["c"], backwards=True) == ["a", "b", "c"]
    assert rewiring.extended(ROW, ["c"], backwards=False) == ["c", "d", "e"]
