from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication

from core import graph as graphs
from core.backups import backups
from core.graph import Graph, Node
from core.messages import Checked, NodeReport
from core.project import Project, ProjectError, read_text, text_of
from designer.document import ChangedElsewhere, Document


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


def test_that_a_file_of_another_version_is_not_saved_over_but_kept_when_it_is(
    qapp: QApplication, own_home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.loom"
    document = Document()
    document.edit("Add", with_graph(document, Graph({"relu1": Node("ReLU")})))
    assert document.save(path) == ""
    theirs = text_of(Project(seed=9))
    path.write_text(theirs)
    document.edit("Add", with_graph(document, Graph({"relu2": Node("ReLU")})))
    with pytest.raises(ChangedElsewhere, match=r"a\.loom was changed by another program"):
        document.save(path)
    assert path.read_text() == theirs
    document.reload()
    assert (document.project.seed, document.is_clean) == (9, True)
    document.undo_stack.undo()
    assert list(document.project.graph.nodes) == ["relu2"]
    path.write_text(text_of(Project(seed=10)))
    document.save(path, over=True)
    assert "relu2" in path.read_text()
    assert [read_text(each.file.read_text()).seed for each in backups(path)] == [10]


def test_that_a_document_whose_file_changed_stays_unclean_through_undo_and_redo(qapp: QApplication) -> None:
    document = Document()
    told: list[bool] = []
    document.clean_changed.connect(told.append)
    document.edit("Add", with_graph(document, Graph({"relu1": Node("ReLU")})))
    document.undo_stack.undo()
    document.undo_stack.setUnclean()
    document.undo_stack.redo()
    document.undo_stack.undo()
    assert not document.is_clean
    assert told == [False, True, False]


def test_that_a_save_through_a_link_keeps_the_link(qapp: QApplication, tmp_path: Path) -> None:
    real, link = tmp_path / "real.loom", tmp_path / "link.loom"
    document = Document()
    document.save(real)
    link.symlink_to(real)
    document.open(link)
    document.edit("Add", with_graph(document, Graph({"relu1": Node("ReLU")})))
    document.save(link)
    assert link.is_symlink()
    assert "relu1" in real.read_text()


def test_that_what_a_killed_save_left_beside_a_file_is_swept_by_a_later_one(qapp: QApplication, tmp_path: Path) -> None:
    path, left, fresh = tmp_path / "a.loom", tmp_path / ".a.loom.x1.tmp", tmp_path / ".a.loom.x2.tmp"
    other = tmp_path / ".b.loom.x1.tmp"
    for each in (left, fresh, other):
        each.write_text("torn")
    for each in (left, other):
        os.utime(each, (1e9, 1e9))
    Document().save(path)
    assert sorted(tmp_path.iterdir()) == sorted([path, fresh, other])
