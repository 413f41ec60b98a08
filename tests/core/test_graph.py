from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import graph as graphs
from core.edits import bypassed, inserted, repaired
from core.graph import Graph, Link, Node
from core.repairs import Insert, Repair, SetValue

CHAIN = Graph(
    {"image": Node("Input"), "fc": Node("Linear"), "relu": Node("ReLU"), "out": Node("Output")},
    (
        Link("image", "output", "fc", "input"),
        Link("fc", "output", "relu", "input"),
        Link("relu", "output", "out", "input"),
    ),
)


def test_that_natural_order_counts() -> None:
    assert sorted(["conv10", "conv2", "conv1", "a"], key=graphs.natural) == ["a", "conv1", "conv2", "conv10"]


@given(st.lists(st.text(max_size=8), min_size=2, max_size=6))
def test_that_natural_order_is_an_order_for_any_text(names: list[str]) -> None:
    once = sorted(names, key=graphs.natural)
    keys = [graphs.natural(name) for name in once]
    assert all(earlier <= later for earlier, later in itertools.pairwise(keys))
    assert sorted(once) == sorted(names)


def test_that_an_input_port_holds_one_link() -> None:
    graph = graphs.with_link(CHAIN, Link("image", "output", "relu", "input"))
    assert graphs.incoming(graph, "relu") == {"input": Link("image", "output", "relu", "input")}
    assert len(graph.links) == 3


def test_that_removing_a_node_takes_its_links_along() -> None:
    graph = graphs.without_nodes(CHAIN, ["fc"])
    assert set(graph.nodes) == {"image", "relu", "out"}
    assert graph.links == (Link("relu", "output", "out", "input"),)


def test_that_bypassing_heals_the_links() -> None:
    graph = bypassed(CHAIN, "relu")
    assert graphs.incoming(graph, "out") == {"input": Link("fc", "output", "out", "input")}


def test_that_inserting_stands_between() -> None:
    graph, made = inserted(CHAIN, "fc", "input", "Flatten", {})
    assert graphs.incoming(graph, made)["input"].source == "image"
    assert graphs.incoming(graph, "fc")["input"].source == made


def test_that_renaming_follows_every_link_and_refuses_a_taken_name() -> None:
    graph = graphs.renamed(CHAIN, "fc", "hidden")
    assert graphs.incoming(graph, "relu")["input"].source == "hidden"
    assert graphs.outgoing(graph, "hidden") == [Link("hidden", "output", "relu", "input")]
    with pytest.raises(ValueError, match="taken"):
        graphs.renamed(CHAIN, "fc", "relu")


def test_that_a_cycle_is_seen_before_it_is_drawn() -> None:
    assert graphs.would_cycle(CHAIN, "relu", "fc")
    assert graphs.would_cycle(CHAIN, "fc", "fc")
    assert not graphs.would_cycle(CHAIN, "image", "relu")


def test_that_setting_a_value_to_its_default_takes_the_entry_away() -> None:
    graph = graphs.with_value(CHAIN, "fc", "out_features", 5, default=32)
    assert graph.nodes["fc"].values == {"out_features": 5}
    assert graphs.with_value(graph, "fc", "out_features", 32, default=32) == CHAIN


def test_that_new_ids_read_well_and_are_free() -> None:
    assert graphs.fresh_id([], "Conv2d") == "conv1"
    assert graphs.fresh_id(["conv1"], "Conv2d") == "conv2"
    assert graphs.fresh_id([], "ConvTranspose2d") == "conv_transpose1"
    assert graphs.fresh_id([], "MSELoss") == "loss1"


def test_that_a_repair_is_a_new_graph_and_passes_over_what_is_gone() -> None:
    repair = Repair(
        "Mend",
        (SetValue("fc", "out_features", 7), SetValue("gone", "x", 1), Insert("relu", "input", "Flatten")),
    )
    graph = repaired(CHAIN, repair)
    assert graph.nodes["fc"].values == {"out_features": 7}
    assert len(graph.nodes) == 5
    assert CHAIN.nodes["fc"].values == {}
