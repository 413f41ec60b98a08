"""The drawing that is shown: entering blocks, edits that go where they belong, and what check says there."""

from __future__ import annotations

from typing import Any

import msgspec

from core import graph as graphs
from core.engine.check import check
from core.expressions import expression
from core.graph import Block, BlockParameter, Graph, Link, Node
from core.grouping import grouped
from core.messages import Checked
from core.project import Project
from designer.document import Document
from designer.scope import Scope, Step, changed_elsewhere, steps_of, way_to
from designer.use_card import renaming


def project(inner: str = "Linear") -> Project:
    """data -> first (Shell) -> second (Inner, twice) -> out; Shell holds an Inner."""
    inside = Block(
        {"x": Node("Input"), "fc": Node(inner, {"out_features": expression("width")}), "y": Node("Output")},
        (Link("fc", "output", "y", "input"), Link("x", "output", "fc", "input")),
        (BlockParameter("width", default=8),),
    )
    outer = Block(
        {"x": Node("Input"), "deep": Node("Inner", {"width": 5}), "y": Node("Output")},
        (Link("deep", "y", "y", "input"), Link("x", "output", "deep", "x")),
    )
    nodes = {
        "data": Node("Input", {"shape": (3,)}),
        "first": Node("Shell"),
        "second": Node("Inner", {"repeat": 2}),
        "out": Node("Output"),
    }
    links = (
        Link("first", "y", "second", "x"),
        Link("second", "y", "out", "input"),
        Link("data", "output", "first", "x"),
    )
    return Project(Graph(nodes, tuple(sorted(links, key=graphs.link_key)), {"Inner": inside, "Shell": outer}))


def opened(shown: Project) -> tuple[Document, Scope]:
    document = Document()
    document.new(shown)
    document.take(check(shown, document.revision))
    return document, Scope(document)


def test_that_a_block_is_entered_edited_and_left_with_undo_across_all_of_it() -> None:
    document, scope = opened(project())
    seen: list[Any] = []
    scope.changed.connect(lambda before, after: seen.append((set(before.graph.nodes), set(after.graph.nodes))))
    assert scope.enter("first")
    assert scope.enter("deep")
    assert scope.steps == (Step("first", "Shell"), Step("deep", "Inner"))
    assert seen[-1] == ({"x", "deep", "y"}, {"x", "fc", "y"})
    assert not scope.enter("fc")
    graph = graphs.with_node(scope.project.graph, "fc", note="mine")
    scope.edit("Note", msgspec.structs.replace(scope.project, graph=graph))
    assert document.project.graph.blocks["Inner"].nodes["fc"].note == "mine"
    assert scope.project.graph.nodes["fc"].note == "mine"
    document.undo_stack.undo()
    assert scope.project.graph.nodes["fc"].note == ""
    scope.leave()
    assert scope.block == "Shell"
    scope.leave(0)
    assert scope.project is document.project
    document.undo_stack.redo()
    assert document.project.graph.blocks["Inner"].nodes["fc"].note == "mine"


def test_that_what_check_found_is_shown_for_the_use_that_was_entered() -> None:
    _, scope = opened(project())
    scope.enter("second")
    report = scope.report
    assert isinstance(report, Checked)
    assert report.nodes["fc"].outputs["output"].shape == ("N", 8)
    scope.leave()
    scope.enter("first")
    assert scope.report is not None
    assert scope.report.nodes["deep"].outputs["y"].shape == ("N", 5)
    scope.enter("deep")
    assert scope.report is not None
    assert scope.report.nodes["fc"].parameters == 3 * 5 + 5


def test_that_a_fault_in_a_block_stands_at_its_uses_outside_and_at_its_node_inside() -> None:
    _, scope = opened(project("Conv2d"))
    assert scope.report is not None
    outside = {each.node for each in scope.report.problems if each.block}
    assert "first" in outside
    assert "fc" not in outside
    scope.enter("first")
    assert {each.node for each in scope.report.problems} == {"deep"}
    scope.enter("deep")
    assert {each.node for each in scope.report.problems} == {"fc"}


def test_that_a_block_that_an_undo_takes_away_is_left() -> None:
    document, scope = opened(Project())
    document.edit("Add blocks", project())
    scope.enter_block("Inner")
    assert scope.block == "Inner"
    document.undo_stack.undo()
    assert scope.steps == ()
    assert scope.project.graph.nodes == {}


def test_that_the_way_to_a_block_is_the_shortest() -> None:
    graph = project().graph
    assert way_to(graph, "Inner") == (Step("second", "Inner"),)
    assert way_to(graph, "Nothing") == ()


def test_that_paths_of_uses_lead_through_repetitions() -> None:
    graph = project().graph
    assert steps_of(graph, "first/deep") == (Step("first", "Shell"), Step("deep", "Inner"))
    assert steps_of(graph, "second/1") == (Step("second", "Inner"),)
    assert steps_of(graph, "first/0/deep/3") == (Step("first", "Shell"), Step("deep", "Inner"))
    assert steps_of(graph, "nothing/deep") == ()


def test_that_expressions_know_what_the_entered_use_gives_them() -> None:
    _, scope = opened(project())
    assert scope.terms() is None
    scope.enter("second")
    assert scope.terms() == {"width": 8, "i": 0}
    scope.leave()
    scope.enter("first")
    assert scope.terms() == {"i": 0}
    scope.enter("deep")
    assert scope.terms() == {"width": 5, "i": 0}


def test_that_only_a_change_of_another_drawing_alone_is_elsewhere() -> None:
    whole = project().graph
    inner = msgspec.structs.replace(whole.blocks["Inner"], help="mine")
    changed = msgspec.structs.replace(whole, blocks={**whole.blocks, "Inner": inner})
    assert changed_elsewhere(whole, changed, ()) == "Inner"
    assert changed_elsewhere(whole, changed, (Step("second", "Inner"),)) is None
    moved = graphs.with_node(whole, "data", x=5.0)
    assert changed_elsewhere(whole, moved, (Step("second", "Inner"),)) == ""
    both = msgspec.structs.replace(changed, nodes=moved.nodes)
    assert changed_elsewhere(whole, both, ()) is None


def test_that_the_drawing_of_a_class_is_shown_and_stays_at_the_use_that_was_entered() -> None:
    _, scope = opened(project())
    scope.enter("first")
    scope.enter("deep")
    scope.show_drawing("Inner")
    assert scope.steps == (Step("first", "Shell"), Step("deep", "Inner"))
    scope.show_drawing("Shell")
    assert scope.steps == (Step("first", "Shell"),)
    scope.show_drawing("")
    assert scope.steps == ()


def test_that_a_block_which_the_project_alone_uses_stays_shown_while_it_is_renamed() -> None:
    document, scope = opened(project())
    scope.enter("first")
    assert renaming(scope, "Shell", "Wrapper") == ""
    assert scope.steps == (Step("first", "Wrapper"),)
    document.undo_stack.undo()
    assert scope.steps == (Step("first", "Shell"),)


def test_that_a_use_inside_a_block_follows_the_name_that_its_block_is_given() -> None:
    document, scope = opened(project())
    scope.enter("first")
    graph, used = grouped(scope.project.graph, ["deep"], "Block1")
    scope.edit("Group", msgspec.structs.replace(scope.project, graph=graphs.renamed(graph, used, "block1")))
    assert renaming(scope, "Block1", "core", "block1") == ""
    assert document.project.graph.blocks["Shell"].nodes.keys() == {"x", "y", "core1"}
    assert scope.block == "Shell"


def test_that_a_block_may_not_stand_in_itself_nor_in_what_it_uses() -> None:
    _, scope = opened(project())
    blocks = scope.project.graph.blocks
    assert scope.can_hold("Shell", blocks)
    scope.enter("second")
    assert not scope.can_hold("Inner", blocks)
    assert not scope.can_hold("Shell", blocks)
    assert scope.can_hold("Linear", blocks)
