from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtWidgets import QApplication

from core import graph as graphs
from core.graph import Graph, Link, Node
from core.messages import Checked, NodeReport
from core.project import Project, ProjectError, read_text, text_of
from designer.document import Document


def with_graph(document: Document, graph: Graph) -> Project:
    return msgspec.structs.replace(document.project, graph=graph)


def test_that_an_edit_is_told_undone_and_done_again(qapp: QApplication) -> None:
    document = Document()
    told: list[tuple[Project, Project]] = []
    document.changed.connect(lambda before, after: told.append((before, after)))
    first = document.project
    document.edit("Add ReLU", with_graph(document, Graph({"relu1": Node("ReLU")})))
    second = document.project
    assert told == [(first, second)]
    assert document.undo_stack.undoText() == "Add ReLU"
    document.undo_stack.undo()
    assert document.project is first
    document.undo_stack.redo()
    assert document.project is second


def test_that_an_edit_that_changes_nothing_is_no_step(qapp: QApplication) -> None:
    document = Document()
    document.edit("Nothing", Project())
    assert document.undo_stack.count() == 0


def test_that_an_answer_to_an_older_value_is_passed_over(qapp: QApplication) -> None:
    document = Document()
    document.edit("Add", with_graph(document, Graph({"relu1": Node("ReLU")})))
    document.take(Checked(document.revision - 1))
    assert document.report is None
    document.take(Checked(document.revision))
    assert document.report is not None


def test_that_while_a_check_streams_in_nodes_keep_what_was_known(qapp: QApplication) -> None:
    document = Document()
    document.new(Project(Graph({"a": Node("ReLU"), "b": Node("ReLU")})))
    document.take(Checked(document.revision, nodes={"a": NodeReport("ReLU"), "b": NodeReport("ReLU", parameters=5)}))
    document.edit("Move", with_graph(document, graphs.with_node(document.project.graph, "a", x=5.0)))
    document.take(Checked(document.revision, nodes={"a": NodeReport("ReLU", parameters=3)}, partial=True))
    assert document.report is not None
    assert (document.report.nodes["a"].parameters, document.report.nodes["b"].parameters) == (3, 5)


def test_that_a_file_that_cannot_be_opened_leaves_the_document_as_it_is(qapp: QApplication, tmp_path: Path) -> None:
    document = Document()
    document.edit("Add", with_graph(document, Graph({"relu1": Node("ReLU")})))
    before = document.project
    bad = tmp_path / "bad.loom"
    bad.write_text("{")
    with pytest.raises(ProjectError, match=r"bad\.loom"):
        document.open(bad)
    assert document.project is before
    assert document.undo_stack.count() == 1
    assert not document.is_clean


def test_that_saving_makes_clean_and_undo_makes_it_modified_again(qapp: QApplication, tmp_path: Path) -> None:
    document = Document()
    document.edit("Add", with_graph(document, Graph({"relu1": Node("ReLU")})))
    document.save(tmp_path / "a.loom")
    assert document.is_clean
    document.undo_stack.undo()
    assert not document.is_clean


class Edits(RuleBasedStateMachine):
    """Random edits; undoing all gives the first bytes, doing all again the last, and save-load-save is identical."""

    def __init__(self) -> None:
        super().__init__()
        self.document = Document()
        self.first = text_of(self.document.project)

    @property
    def ids(self) -> list[str]:
        return sorted(self.document.project.graph.nodes)

    def edit(self, graph: Graph) -> None:
        self.document.edit("Edit", with_graph(self.document, graph))

    @rule(layer=st.sampled_from(["Linear", "ReLU", "Conv2d", "Add"]), x=st.integers(-500, 500))
    def add(self, layer: str, x: int) -> None:
        graph = self.document.project.graph
        self.edit(graphs.with_nodes(graph, {graphs.fresh_id(graph.nodes, layer): Node(layer, {}, x, 0)}))

    @precondition(lambda self: len(self.ids) > 1)
    @rule(data=st.data())
    def link(self, data: st.DataObject) -> None:
        source, target = data.draw(st.sampled_from(self.ids)), data.draw(st.sampled_from(self.ids))
        if not graphs.would_cycle(self.document.project.graph, source, target):
            self.edit(graphs.with_link(self.document.project.graph, Link(source, "output", target, "input")))

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        self.edit(graphs.without_nodes(self.document.project.graph, [data.draw(st.sampled_from(self.ids))]))

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), name=st.text("abc_1", min_size=1, max_size=4))
    def rename(self, data: st.DataObject, name: str) -> None:
        if name not in self.document.project.graph.nodes:
            self.edit(graphs.renamed(self.document.project.graph, data.draw(st.sampled_from(self.ids)), name))

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), value=st.integers(1, 64))
    def set_value(self, data: st.DataObject, value: int) -> None:
        self.edit(
            graphs.with_value(self.document.project.graph, data.draw(st.sampled_from(self.ids)), "out_features", value)
        )

    @rule()
    def undo(self) -> None:
        self.document.undo_stack.undo()

    @rule()
    def redo(self) -> None:
        self.document.undo_stack.redo()

    @invariant()
    def every_link_has_its_nodes(self) -> None:
        graph = self.document.project.graph
        assert all(link.source in graph.nodes and link.target in graph.nodes for link in graph.links)
        ports = [(link.target, link.input) for link in graph.links]
        assert len(ports) == len(set(ports))

    @invariant()
    def saving_is_exact(self) -> None:
        text = text_of(self.document.project)
        assert text_of(read_text(text)) == text

    def teardown(self) -> None:
        stack = self.document.undo_stack
        while stack.canRedo():
            stack.redo()
        last = text_of(self.document.project)
        stack.setIndex(0)
        assert text_of(self.document.project) == self.first
        stack.setIndex(stack.count())
        assert text_of(self.document.project) == last


@pytest.mark.usefixtures("qapp")
class TestEdits(Edits.TestCase):
    settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
