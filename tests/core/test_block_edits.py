"""Edits around blocks: names and parameters with all that refers to them, copies, pasting, and shared weights."""

from __future__ import annotations

import pytest

from core.block_edits import (
    brought_in,
    fresh_name,
    may_own,
    promoted,
    renamed,
    sharing,
    unused,
    with_own_block,
    with_parameter,
    with_parameter_renamed,
    without_blocks,
    without_parameter,
)
from core.blocks import BlockFault
from core.expressions import expression
from core.graph import Block, BlockParameter, Graph, Link, Node
from core.layers import CATALOGUE
from core.parameters import parameter_of


def graph() -> Graph:
    """Inner has a parameter that Outer sets by its own; both are used in the drawing."""
    inner = Block(
        {
            "x": Node("Input"),
            "fc": Node("Linear", {"out_features": expression("width * 2")}),
            "pool": Node("Conv2d", {"kernel_size": (3, expression("width"))}),
            "y": Node("Output"),
        },
        (Link("x", "output", "fc", "input"), Link("fc", "output", "y", "input")),
        (BlockParameter("width", default=8),),
    )
    outer = Block({"deep": Node("Inner", {"width": expression("size + 1")})}, (), (BlockParameter("size", default=3),))
    return Graph({"a": Node("Inner", {"width": 4}), "b": Node("Outer")}, (), {"Inner": inner, "Outer": outer})


def test_that_a_block_is_renamed_wherever_it_is_used() -> None:
    made = renamed(graph(), "Inner", "Core")
    assert set(made.blocks) == {"Core", "Outer"}
    assert made.nodes["a"].layer == "Core"
    assert made.blocks["Outer"].nodes["deep"].layer == "Core"


@pytest.mark.parametrize(("name", "said"), [("Outer", "is taken"), (" ", "is empty"), ("Linear", "a layer is called")])
def test_that_a_name_that_a_block_cannot_have_is_refused_in_a_sentence(name: str, said: str) -> None:
    with pytest.raises(BlockFault, match=said):
        renamed(graph(), "Inner", name)


def test_that_a_renamed_parameter_is_followed_inside_and_at_every_use() -> None:
    made = with_parameter_renamed(graph(), "Inner", "width", "channels")
    inner = made.blocks["Inner"]
    assert [each.name for each in inner.parameters] == ["channels"]
    assert inner.nodes["fc"].values == {"out_features": expression("channels * 2")}
    assert inner.nodes["pool"].values == {"kernel_size": (3, expression("channels"))}
    assert made.nodes["a"].values == {"channels": 4}
    assert made.blocks["Outer"].nodes["deep"].values == {"channels": expression("size + 1")}
    deeper = with_parameter_renamed(made, "Outer", "size", "count")
    assert deeper.blocks["Outer"].nodes["deep"].values == {"channels": expression("count + 1")}


@pytest.mark.parametrize("name", ["width", "i", "class", "two words", "repeat", ""])
def test_that_a_parameter_is_refused_a_name_that_is_taken_or_no_word(name: str) -> None:
    with pytest.raises(BlockFault):
        with_parameter(graph(), "Inner", BlockParameter(name))


def test_that_a_removed_parameter_leaves_its_default_behind() -> None:
    made = without_parameter(graph(), "Inner", "width")
    assert made.blocks["Inner"].parameters == ()
    assert made.blocks["Inner"].nodes["fc"].values == {"out_features": 16}
    assert made.blocks["Inner"].nodes["pool"].values == {"kernel_size": (3, 8)}
    assert made.nodes["a"].values == {}
    assert made.blocks["Outer"].nodes["deep"].values == {}


def test_that_a_setting_becomes_a_parameter_with_its_bounds_and_help() -> None:
    declared = parameter_of(CATALOGUE["Conv2d"], "stride")
    assert declared is not None
    made, name = promoted(graph(), "Inner", "pool", declared, 2)
    assert name == "stride"
    assert made.blocks["Inner"].nodes["pool"].values["stride"] == expression("stride")
    added = made.blocks["Inner"].parameters[-1]
    assert (added.kind, added.default, added.low, added.help) == ("integer", 2, 1, declared.help)


def test_that_a_use_gets_a_block_of_its_own() -> None:
    made, name = with_own_block(graph(), "a")
    assert name == "Inner2"
    assert made.nodes["a"].layer == "Inner2"
    assert made.blocks["Outer"].nodes["deep"].layer == "Inner"
    assert fresh_name(made) == "Block1"


def test_that_blocks_are_unused_where_neither_drawing_nor_used_blocks_use_them() -> None:
    whole = graph()
    assert unused(whole) == []
    bare = Graph({}, (), whole.blocks)
    assert unused(bare) == ["Inner", "Outer"]
    assert without_blocks(bare, ["Outer"]).blocks.keys() == {"Inner"}


def test_that_a_block_is_brought_in_once_and_another_of_its_name_under_a_new_one() -> None:
    whole = graph()
    same, names = brought_in(whole, whole.blocks)
    assert (same, names) == (whole, {"Inner": "Inner", "Outer": "Outer"})
    other = {**whole.blocks, "Inner": Block({"y": Node("Output")})}
    made, names = brought_in(whole, other)
    assert names == {"Inner": "Inner2", "Outer": "Outer2"}
    assert made.blocks["Outer2"].nodes["deep"].layer == "Inner2"
    assert made.blocks["Inner"] is whole.blocks["Inner"]
    again, names = brought_in(made, other)
    assert (again.blocks.keys(), names["Inner"]) == (made.blocks.keys(), "Inner2")


def test_that_only_nodes_of_one_layer_share_or_a_linear_with_an_embedding() -> None:
    nodes = {
        "token": Node("Embedding", {"num_embeddings": 9}),
        "head": Node("Linear", {"out_features": 9}),
        "one": Node("Conv2d", {"out_channels": 4}, weights={"frozen": True}),
        "two": Node("Conv2d", {"out_channels": 8}, weights={"frozen": True}),
    }
    whole = Graph(nodes)
    assert may_own(whole, "head") == ["token"]
    assert may_own(whole, "token") == []
    assert may_own(whole, "one") == ["two"]
    made = sharing(whole, "two", "one")
    assert (made.nodes["two"].shares, made.nodes["two"].values, made.nodes["two"].weights) == (
        "one",
        {"out_channels": 4},
        {},
    )
    assert may_own(made, "one") == []
    assert sharing(made, "two", "").nodes["two"].shares == ""
    assert sharing(whole, "head", "token").nodes["head"].values == {"out_features": 9}


def test_that_a_use_with_a_block_of_its_own_shares_weights_with_none_of_the_old() -> None:
    blocks = {"Stage": Block({"fc": Node("Linear")})}
    whole = Graph({"a": Node("Stage"), "b": Node("Stage", shares="a"), "c": Node("Stage", shares="a")}, (), blocks)
    made, name = with_own_block(whole, "b")
    assert {each: (node.layer, node.shares) for each, node in made.nodes.items()} == {
        "a": ("Stage", ""), "b": (name, ""), "c": ("Stage", "a"),
    }  # fmt: skip
    made, name = with_own_block(whole, "a")
    assert {each: (node.layer, node.shares) for each, node in made.nodes.items()} == {
        "a": (name, ""), "b": ("Stage", ""), "c": ("Stage", ""),
    }  # fmt: skip
