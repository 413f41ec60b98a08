"""Check through blocks: shapes, sizes, costs and problems as if every block were drawn out."""

from __future__ import annotations

from typing import Any

from drawn_blocks import links, resnet18

from core.engine.check import check
from core.expressions import expression as e
from core.graph import Block, BlockParameter, Graph, Link, Node
from core.grouping import ungrouped
from core.project import Project
from core.trust import codes


def errors(project: Project) -> list[str]:
    return [each.message for each in check(project, 0).problems if each.severity == "error" and each.node]


def test_that_resnet_18_from_two_blocks_has_its_published_size() -> None:
    checked = check(resnet18(), 0)
    assert checked.parameters == 11_689_512
    assert round(checked.macs / 1e6) == 1814
    assert checked.nodes["stage4"].outputs["y"].shape == ("N", 512, 7, 7)
    assert checked.inner["stage1/1/conv2"].outputs["output"].shape == ("N", 64, 56, 56)
    assert checked.inner["down3/short"].parameters == 128 * 256
    assert checked.sizes["down3"]["in_channels"] == 128
    assert not [each for each in checked.problems if each.node]


def test_that_a_drawing_with_its_blocks_taken_apart_is_found_the_same() -> None:
    project = resnet18()
    graph, paths = project.graph, dict[str, str]()
    for use in [name for name, node in graph.nodes.items() if node.layer in graph.blocks]:
        graph, made = ungrouped(graph, use)
        paths |= made
    whole, apart = check(project, 0), check(Project(graph), 0)
    assert whole.parameters == apart.parameters
    assert whole.macs == apart.macs
    assert whole.activation_bytes == apart.activation_bytes
    assert {path: whole.inner[path].outputs for path in paths.values()} == {
        path: apart.nodes[name].outputs for name, path in paths.items()
    }


def test_that_named_sizes_and_the_repetition_grow_a_dense_block() -> None:
    layer = Block(
        {
            "x": Node("Input", {"axes": "N, in_features"}),
            "fc": Node("Linear", {"out_features": e("growth + in_features * 0 + i")}),
            "cat": Node("Cat", {"dim": 1}),
            "y": Node("Output"),
        },
        links("x fc, x cat.tensors_0, fc cat.tensors_1, cat y"),
        (BlockParameter("growth", default=4),),
    )
    graph = Graph(
        {"data": Node("Input", {"shape": (10,)}), "dense": Node("Dense", {"repeat": 3}), "out": Node("Output")},
        links("data dense.x, dense.y out"),
        {"Dense": layer},
    )
    checked = check(Project(graph), 0)
    assert checked.nodes["dense"].outputs["y"].shape == ("N", 10 + 4 + 5 + 6)
    assert [checked.sizes[f"dense/{turn}"]["in_features"] for turn in range(3)] == [10, 14, 19]
    assert checked.parameters == 10 * 4 + 4 + 14 * 5 + 5 + 19 * 6 + 6


def test_that_a_fault_in_a_block_is_said_once_with_its_uses() -> None:
    project = resnet18()
    block = project.graph.blocks["Basic"]
    broken = Block({**block.nodes, "bn1": Node("BatchNorm1d")}, block.links, block.parameters)
    graph = Graph(project.graph.nodes, project.graph.links, {**project.graph.blocks, "Basic": broken})
    found = [each for each in check(Project(graph), 0).problems if each.severity == "error" and each.node]
    assert len(found) == 1
    assert (found[0].block, found[0].node) == ("Basic", "bn1")
    assert found[0].uses[:2] == ("stage1/0",) or found[0].uses[0].startswith("stage1")
    assert found[0].message.startswith("In the block Basic, used as stage1")


def test_that_what_is_wrong_with_blocks_is_said_in_one_sentence_each() -> None:
    def sentences(nodes: dict[str, Node], drawn: str, **blocks: Block) -> list[str]:
        return [each.message for each in check(Project(Graph(nodes, links(drawn), blocks)), 0).problems if each.block]

    use = {"data": Node("Input", {"shape": (4,)}), "b": Node("B"), "out": Node("Output")}
    chain = "data b.x, b.y out"

    def block(values: dict[str, Any], *parameters: BlockParameter) -> Block:
        nodes = {"x": Node("Input"), "fc": Node("Linear", values), "y": Node("Output")}
        return Block(nodes, links("x fc, fc y"), parameters)

    assert sentences(use, chain, B=block({"out_features": e("width")})) == [
        "In the block B, used as b: fc: out_features has no value, because there is no parameter width (known here: "
        "i): change it."
    ]
    assert "divides by zero" in sentences(use, chain, B=block({"out_features": e("4 // i")}))[0]
    silent = Block({"x": Node("Input"), "fc": Node("Linear")}, links("x fc"))
    assert "Nothing comes out of the block B: put an Output behind its last layer." in sentences(use, chain, B=silent)
    inner = Block({"x": Node("Input"), "again": Node("B"), "y": Node("Output")}, links("x again.x, again.y y"))
    assert sentences(use, chain, B=inner) == ["B → B is a circle: a block cannot hold itself, so take again out of B."]
    odd = block({}, BlockParameter("class"), BlockParameter("n", default=3), BlockParameter("n"))
    said = sentences(use, chain, B=odd)
    assert "The block B: a parameter cannot be called 'class'; call it something like channels." in said
    assert "The block B: it has two parameters called n; give one of them another name." in said


def test_that_the_repair_of_a_fault_in_a_block_is_an_edit_of_its_drawing() -> None:
    project = resnet18()
    block = project.graph.blocks["Basic"]
    doubled = Block({**block.nodes, "relu2": Node("Softmax")}, block.links, block.parameters)
    nodes = {**project.graph.nodes, "flat": Node("Linear", {"out_features": 3})}
    graph = Graph(nodes, project.graph.links, {**project.graph.blocks, "Basic": doubled})
    for problem in check(Project(graph), 0).problems:
        if problem.block and problem.repair:
            assert all("/" not in getattr(edit, "node", "") for edit in problem.repair.edits)


def test_that_code_in_a_block_asks_for_trust_like_any_other() -> None:
    code = "def twice(x):\n    return x * 2\n"
    block = Block(
        {"x": Node("Input"), "own": Node("Python", {"code": code}), "y": Node("Output")}, links("x own.x, own y")
    )
    graph = Graph(
        {"data": Node("Input", {"shape": (4,)}), "use": Node("Twice"), "out": Node("Output")},
        links("data use.x, use.y out"),
        {"Twice": block},
    )
    project = Project(graph)
    assert codes(project) == {"Twice:own": code}
    told = [each for each in check(project, 0).problems if "trust" in each.message]
    assert [(each.block, each.node) for each in told] == [("Twice", "own")]


def test_that_a_block_before_what_does_not_fit_is_no_stumbling_block() -> None:
    unit = Block(
        {"x": Node("Input"), "fc": Node("Linear", {"out_features": 4}), "y": Node("Output")},
        (Link("x", "output", "fc", "input"), Link("fc", "output", "y", "input")),
    )
    nodes = {"a": Node("Input", {"shape": (8,)}), "one": Node("ConvUnit"), "add": Node("Add"), "out": Node("Output")}
    links = (
        Link("a", "output", "one", "x"),
        Link("one", "y", "add", "tensors_0"),
        Link("a", "output", "add", "tensors_1"),
        Link("add", "output", "out", "input"),
    )
    found = check(Project(Graph(nodes, links, {"ConvUnit": unit})), 0)
    assert [each.node for each in found.problems if each.severity == "error" and each.node] == ["add"]
