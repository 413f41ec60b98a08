"""Blocks as values: grouped, taken apart, kept in the file, and what stands in the way."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core import blocks, grouping
from core import graph as graphs
from core.blocks import BlockFault
from core.engine.check import check
from core.expressions import expression
from core.graph import Block, BlockParameter, Graph, Link, Node
from core.layers.block import declaration
from core.parameters import parameters, read
from core.project import Project, read_text, text_of


def chain() -> Graph:
    """image -> conv1 -> relu1 -> add1 (with image) -> linear1 -> out."""
    nodes = {
        "image": Node("Input", {"shape": (3, 8, 8)}),
        "conv1": Node("Conv2d", {"out_channels": 3, "padding": 1}, 200, 10),
        "relu1": Node("ReLU", {}, 400, 10),
        "add1": Node("Add", {}, 600, 10),
        "out": Node("Output", {}, 800, 10),
    }
    links = [
        Link("image", "output", "conv1", "input"),
        Link("conv1", "output", "relu1", "input"),
        Link("relu1", "output", "add1", "tensors_0"),
        Link("image", "output", "add1", "tensors_1"),
        Link("add1", "output", "out", "input"),
    ]
    return Graph(nodes, tuple(sorted(links, key=graphs.link_key)))


def test_that_a_selection_becomes_a_block_and_comes_back_as_it_was() -> None:
    graph, used = grouping.grouped(chain(), {"conv1", "relu1", "add1"}, "Residual")
    assert graph.nodes[used].layer == "Residual"
    assert set(graph.nodes) == {"image", "out", used}
    block = graph.blocks["Residual"]
    assert sorted(node.layer for node in block.nodes.values()) == ["Add", "Conv2d", "Input", "Output", "ReLU"]
    assert Link("image", "output", used, "input") in graph.links
    assert Link(used, "output", "out", "input") in graph.links
    back, paths = grouping.ungrouped(graph, used)
    assert paths[f"{used}_conv1"] == f"{used}/conv1"
    named = {f"{used}_{each}": each for each in ("conv1", "relu1", "add1")}
    links = {
        (named.get(link.source, link.source), link.output, named.get(link.target, link.target), link.input)
        for link in back.links
    }
    assert links == {(link.source, link.output, link.target, link.input) for link in chain().links}
    assert {named.get(each, each) for each in back.nodes} == set(chain().nodes)


def test_that_a_block_declares_its_parameters_and_ports() -> None:
    block = Block(
        {"x": Node("Input", note="what comes in"), "y": Node("Output"), "fc": Node("Linear")},
        (),
        (
            BlockParameter("channels", "integer", 16, "How wide.", low=1),
            BlockParameter("act", "choice", "a", choices=("a", "b")),
        ),
    )
    declared = declaration("Wide", block)
    assert declared is declaration("Wide", block)
    assert [port.name for port in declared.inputs] == ["x"]
    assert declared.inputs[0].help == "what comes in"
    assert [port.name for port in declared.outputs] == ["y"]
    assert [each.name for each in parameters(declared)] == ["repeat", "channels", "act"]
    value, faults = read(declared, {"channels": 0, "act": "b"})
    assert vars(value)["act"] == "b"
    assert faults == [("channels", "channels must be a whole number of at least 1, but is 0.")]


def test_that_a_repeated_block_is_taken_apart_turn_by_turn() -> None:
    block = Block(
        {
            "input": Node("Input"),
            "fc": Node("Linear", {"out_features": expression("width + i")}),
            "output": Node("Output"),
        },
        (Link("fc", "output", "output", "input"), Link("input", "output", "fc", "input")),
        (BlockParameter("width", default=4),),
    )
    graph = Graph(
        {"x": Node("Input"), "stack": Node("Fc", {"repeat": 3, "width": 8}), "y": Node("Output")},
        (Link("stack", "output", "y", "input"), Link("x", "output", "stack", "input")),
        {"Fc": block},
    )
    back, paths = grouping.ungrouped(graph, "stack")
    assert [back.nodes[f"stack_{turn}_fc"].values["out_features"] for turn in range(3)] == [8, 9, 10]
    assert paths["stack_2_fc"] == "stack/2/fc"
    assert Link("stack_0_fc", "output", "stack_1_fc", "input") in back.links
    assert Link("stack_2_fc", "output", "y", "input") in back.links
    assert Link("x", "output", "stack_0_fc", "input") in back.links


def one_layer(width: object) -> Block:
    """x -> fc -> act -> y, as wide as it is told."""
    nodes = {
        "x": Node("Input", {"axes": "N, width"}),
        "fc": Node("Linear", {"out_features": width}),
        "act": Node("ReLU"),
        "y": Node("Output"),
    }
    links = (
        Link("fc", "output", "act", "input"),
        Link("x", "output", "fc", "input"),
        Link("act", "output", "y", "input"),
    )
    return Block(nodes, links)


def test_that_each_turn_of_a_repeated_block_is_taken_apart_with_its_own_sizes() -> None:
    graph = Graph(
        {"a": Node("Input", {"shape": (3,)}), "stack": Node("Layer", {"repeat": 3}), "out": Node("Output")},
        (Link("stack", "y", "out", "input"), Link("a", "output", "stack", "x")),
        {"Layer": one_layer(expression("width * 2"))},
    )
    sizes = check(Project(graph), 0).sizes
    apart, _ = grouping.ungrouped(graph, "stack", sizes)
    assert [apart.nodes[f"stack_{turn}_fc"].values["out_features"] for turn in range(3)] == [6, 12, 24]
    assert check(Project(apart), 0).parameters == check(Project(graph), 0).parameters


def within_a_block() -> Graph:
    """a -> one (Layer, 4 wide) -> two (Layer, twice) -> out; its nodes name a parameter, a size and the turn."""
    said = one_layer(expression("(gain + 1) * width + i"))
    return Graph(
        {
            "a": Node("Input", {"shape": (3,)}),
            "one": Node("Layer", {"gain": 4}),
            "two": Node("Layer", {"repeat": 2}),
            "out": Node("Output"),
        },
        (Link("one", "y", "two", "x"), Link("two", "y", "out", "input"), Link("a", "output", "one", "x")),
        {"Layer": replace(said, parameters=(BlockParameter("gain", default=2, help="How much wider.", low=1),))},
    )


def test_that_what_nodes_refer_to_goes_with_them_into_a_block_within_a_block_and_back() -> None:
    graph = within_a_block()
    before = check(Project(graph), 0)
    known = graph.blocks["Layer"].parameters
    made, used = grouping.grouped(blocks.inside(graph, "Layer"), ["fc", "act"], "Part", known=known)
    handed = made.blocks["Part"].parameters
    assert [each.name for each in handed] == ["gain", "turn", "width"]
    assert handed[0] == known[0]
    assert made.nodes[used].values == {
        "gain": expression("gain"),
        "turn": expression("i"),
        "width": expression("width"),
    }
    apart, _ = grouping.ungrouped(made, used)
    assert apart.nodes[f"{used}_fc"].values == {"out_features": expression("(gain + 1) * width + i")}
    for inside in (made, apart):
        after = check(Project(blocks.with_inside(graph, "Layer", inside)), 0)
        assert not [problem for problem in after.problems if problem.block]
        assert after.parameters == before.parameters
        assert after.nodes["two"].outputs == before.nodes["two"].outputs


def test_that_an_expression_which_a_use_is_given_stands_whole_where_the_use_stood() -> None:
    nodes = {"x": Node("Input"), "pool": Node("MaxPool2d", {"kernel_size": expression("size")}), "y": Node("Output")}
    links = (Link("pool", "output", "y", "input"), Link("x", "output", "pool", "input"))
    held = {
        "Layer": replace(one_layer(expression("gain * 2 + i")), parameters=(BlockParameter("gain"),)),
        "Pool": Block(nodes, links, (BlockParameter("size", "shape", (2, 2)),)),
    }
    uses = {
        "one": Node("Layer", {"gain": expression("a + i"), "repeat": 2}),
        "two": Node("Pool", {"size": (expression("a"), 3)}),
    }
    apart = Graph(uses, (), held)
    for each in uses:
        apart, _ = grouping.ungrouped(apart, each)
    said = {each: next(iter(node.values.values())) for each, node in apart.nodes.items() if node.values}
    assert said == {
        "one_0_fc": expression("(a + i) * 2 + 0"),
        "one_1_fc": expression("(a + i) * 2 + 1"),
        "two_pool": (expression("a"), 3),
    }


@pytest.mark.parametrize("taken", ["one", "two", "three"])
def test_that_uses_which_share_weights_are_taken_apart_together_and_go_on_sharing(taken: str) -> None:
    uses = {"one": Node("Layer"), "two": Node("Layer", shares="one"), "three": Node("Layer", shares="one")}
    graph = Graph(
        {"a": Node("Input", {"shape": (3,)}), **uses, "out": Node("Output")},
        (Link("three", "y", "out", "input"), Link("a", "output", "one", "x"), Link("two", "y", "three", "x"),
         Link("one", "y", "two", "x")),
        {"Layer": one_layer(3)},
    )  # fmt: skip
    apart, paths = grouping.ungrouped(graph, taken)
    assert set(apart.nodes) == {"a", "out", *(f"{use}_{node}" for use in uses for node in ("fc", "act"))}
    assert {name: node.shares for name, node in apart.nodes.items() if node.shares} == {
        "two_fc": "one_fc",
        "three_fc": "one_fc",
    }
    assert paths["two_fc"] == "two/fc"
    assert check(Project(apart), 0).parameters == check(Project(graph), 0).parameters == 12


def test_that_a_muted_use_is_not_taken_apart_because_its_nodes_would_compute() -> None:
    graph = Graph({"one": Node("Layer", muted=True)}, (), {"Layer": one_layer(3)})
    with pytest.raises(BlockFault, match="one is muted, so its nodes compute nothing: unmute it before"):
        grouping.ungrouped(graph, "one")


def test_that_blocks_survive_the_file_byte_for_byte() -> None:
    graph, _ = grouping.grouped(chain(), {"conv1", "relu1"}, "Größe 2")
    block = graph.blocks["Größe 2"]
    parameter = BlockParameter("channels", "integer", 3, "How many.", low=1)
    nodes = {**block.nodes, "conv1": graphs.Node("Conv2d", {"out_channels": expression("channels")}, shares="")}
    graph = blocks.with_block(graph, "Größe 2", Block(nodes, block.links, (parameter,), "Help.", {"later": [1]}))
    text = text_of(Project(graph))
    again = read_text(text)
    assert text_of(again) == text
    assert again.graph.blocks["Größe 2"].parameters == (parameter,)
    assert again.graph.blocks["Größe 2"].nodes["conv1"].values == {"out_channels": {"=": "channels"}}


@pytest.mark.parametrize(
    ("chosen", "name", "sentence"),
    [
        ((), "B", "Nothing is selected that could become a block: select some layers first."),
        (("conv1",), " ", "A block needs a name, but this one is empty."),
        (("conv1",), "ReLU", "A block cannot be called ReLU, because a layer is called so: choose another name."),
        (("image", "conv1"), "B", "image is an Input, where the data enters or leaves: take it out of the selection."),
        (
            ("conv1", "add1"),
            "B",
            "The data leaves these nodes for relu1 and comes back, so they cannot be one: add relu1.",
        ),
    ],
)
def test_that_what_cannot_be_a_block_is_refused_in_one_sentence(
    chosen: tuple[str, ...], name: str, sentence: str
) -> None:
    with pytest.raises(BlockFault) as refused:
        grouping.grouped(chain(), chosen, name)
    assert str(refused.value) == sentence


def test_that_blocks_that_hold_themselves_are_found() -> None:
    def using(*names: str) -> Block:
        return Block({f"n{place}": Node(name) for place, name in enumerate(names)})

    drawn = {
        "A": using("B"),
        "B": using("C"),
        "C": using("A", "Linear"),
        "D": using("A"),
        "E": using("E"),
        "F": using(),
    }
    assert blocks.knots(drawn) == [["A", "B", "C"], ["E"]]
    assert blocks.order_of({"A": using("B"), "B": using("F"), "F": using()}) == ["F", "B", "A"]
    assert blocks.used_in({"x": Node("D")}, drawn) == {"A", "B", "C", "D"}
