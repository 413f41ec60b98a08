"""Random sequences of every kind of edit: undo of all gives the first bytes, redo of all the last, and what has to hold
of any project holds after every step. Builds that are broken on purpose must fail the same sequences.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from core import block_edits, picture
from core import graph as graphs
from core import project as projects
from core.blocks import BlockFault, inside, knots, tied_blocks, used_in, with_inside
from core.graph import Annotation, Block, BlockParameter, Graph, Link, Node, link_key
from core.grouping import grouped, ungrouped
from core.layers import CATALOGUE, declaration_of
from core.project import Project, read_text, text_of
from core.weights import with_weights
from designer.canvas import changes, clipboard
from designer.document import Document
from designer.history import History

LAYERS = ("Linear", "Linear", "Linear", "Conv2d", "ReLU", "Add", "Embedding", "LSTM", "CrossEntropyLoss")
Pick = random.Random
Change = Callable[[Graph, Pick], Graph]


# ---- what has to hold


def faults(project: Project) -> list[str]:
    """What does not hold of a project although it always has to, in words."""
    graph = project.graph
    found = [f"blocks hold themselves: {way}" for way in knots(graph.blocks)]
    for name, drawn in [("", graph), *((name, inside(graph, name)) for name in graph.blocks)]:
        found += [f"{name}: {words}" for words in drawing_faults(drawn)]
    text = text_of(project)
    again = read_text(text)
    if projects.drawing(again) != projects.drawing(project) or again.data != project.data:  # places are rounded
        found.append("the file is read as another project")
    if text_of(again) != text:
        found.append("save, load and save give another file")
    return found


def drawing_faults(graph: Graph) -> list[str]:
    """What does not hold of one drawing."""
    found: list[str] = []
    nodes, links = graph.nodes, graph.links
    found += [f"{link} leads nowhere" for link in links if link.source not in nodes or link.target not in nodes]
    if len({(link.target, link.input) for link in links}) < len(links):
        found.append("an input has two links")
    if list(links) != sorted(links, key=link_key):
        found.append("links are out of order")
    if not graph.bends.keys() <= set(links):
        found.append("a point belongs to no link")
    for node_id, node in nodes.items():
        if not node_id.strip():
            found.append("a node has no name")
        if node.layer not in CATALOGUE and node.layer not in graph.blocks:
            found.append(f"{node_id} is a {node.layer}, which there is not")
        if node.shares and (node.shares not in nodes or not graphs.sharing(graph, node_id)):
            found.append(f"{node_id} uses the weights of {node.shares}, which there are not")
        if node.shares and nodes.get(node.shares) and nodes[node.shares].layer not in (node.layer, "Embedding"):
            found.append(f"{node_id} uses the weights of another kind of layer")
        if not (abs(node.x) < 1e9 and abs(node.y) < 1e9):
            found.append(f"{node_id} stands nowhere")
    if has_cycle(graph):
        found.append("the data goes round in a circle")
    return found


def has_cycle(graph: Graph) -> bool:
    """Whether links lead back to where they began."""
    arriving: dict[str, set[str]] = {node_id: set() for node_id in graph.nodes}
    for link in graph.links:
        arriving.get(link.target, set()).add(link.source)
    while ready := [node_id for node_id, sources in arriving.items() if not sources & arriving.keys()]:
        for node_id in ready:
            del arriving[node_id]
    return bool(arriving)


# ---- every kind of edit


def nodes_of(graph: Graph, pick: Pick, most: int = 4) -> list[str]:
    """Some of the nodes, at least one."""
    ids = sorted(graph.nodes)
    return pick.sample(ids, min(len(ids), pick.randint(1, most))) if ids else []


def one_of(graph: Graph, pick: Pick) -> str:
    """One of the nodes, "" where there is none."""
    return pick.choice(sorted(graph.nodes)) if graph.nodes else ""


def place(pick: Pick) -> float:
    """A place on the drawing that a file holds exactly."""
    return pick.randint(-4000, 4000) / 4


def added(graph: Graph, pick: Pick) -> Graph:
    layer = pick.choice(LAYERS)
    node = Node(layer, {}, place(pick), place(pick))
    return graphs.with_nodes(graph, {graphs.fresh_id(graph.nodes, layer): node})


def linked(graph: Graph, pick: Pick) -> Graph:
    source, target = one_of(graph, pick), one_of(graph, pick)
    if not source or graphs.would_cycle(graph, source, target):
        return graph
    declared = declaration_of(graph.nodes[target], graph.blocks), declaration_of(graph.nodes[source], graph.blocks)
    port = changes.first_input(graph, target, declared[0]) if declared[0] else ""
    if not port or declared[1] is None or not declared[1].outputs:
        return graph
    return graphs.with_link(graph, Link(source, declared[1].outputs[0].name, target, port))


def unlinked(graph: Graph, pick: Pick) -> Graph:
    return graphs.without_links(graph, pick.sample(graph.links, min(len(graph.links), 2)))


def renamed(graph: Graph, pick: Pick) -> Graph:
    name = "".join(pick.choices("abc_1é ", k=3)).strip() or "x"
    old = one_of(graph, pick)
    return graphs.renamed(graph, old, name) if old and name not in graph.nodes else graph


def valued(graph: Graph, pick: Pick) -> Graph:
    node_id = one_of(graph, pick)
    name, value = pick.choice(
        [("out_features", 7), ("kernel_size", (3, 5)), ("bias", False), ("p", 0.25), ("note", "ü"), ("nothing", None)]
    )
    return graphs.with_value(graph, node_id, name, value, reset=pick.random() < 0.2) if node_id else graph


def noted(graph: Graph, pick: Pick) -> Graph:
    node_id = one_of(graph, pick)
    return graphs.with_node(graph, node_id, note=pick.choice(["", "why", "zwei\nZeilen"])) if node_id else graph


def weighted(graph: Graph, pick: Pick) -> Graph:
    node_id = one_of(graph, pick)
    return with_weights(graph, node_id, "frozen", pick.random() < 0.7) if node_id else graph


def shared(graph: Graph, pick: Pick) -> Graph:
    node_id = one_of(graph, pick)
    owners = block_edits.may_own(graph, node_id) if node_id else []
    return block_edits.sharing(graph, node_id, pick.choice([*owners, ""])) if owners else graph


def inserted(graph: Graph, pick: Pick) -> Graph:
    if not graph.links:
        return graph
    made = graphs.fresh_id(graph.nodes, "ReLU")
    return changes.inserted_on(graphs.with_nodes(graph, {made: Node("ReLU")}), pick.choice(graph.links), made)


def annotated(graph: Graph, pick: Pick) -> Graph:
    kind = pick.choice(["note", "frame"])
    made = Annotation(
        kind, place(pick), place(pick), 240.0, 120.0, pick.choice(["", "look"]), pick.choice(["", "blue"])
    )
    names = sorted(graph.annotations)
    if names and pick.random() < 0.4:
        return picture.without(graph, [pick.choice(names)])
    return picture.with_annotation(graph, picture.fresh_id(graph, kind), made)


def bent(graph: Graph, pick: Pick) -> Graph:
    return picture.with_bend(graph, pick.choice(graph.links), 0, place(pick), place(pick)) if graph.links else graph


def without_parameter(graph: Graph, pick: Pick) -> Graph:
    name, block = block_of(graph, pick)
    held = [each.name for each in block.parameters] if block else []
    return block_edits.without_parameter(graph, name, pick.choice(held)) if held else graph


def with_parameter(graph: Graph, pick: Pick) -> Graph:
    name, block = block_of(graph, pick)
    if block is None:
        return graph
    held = [each.name for each in block.parameters]
    if held and pick.random() < 0.5:
        return block_edits.with_parameter_renamed(graph, name, held[0], block_edits.fresh_parameter(block, "depth"))
    made = BlockParameter(block_edits.fresh_parameter(block), default=pick.randint(1, 9), help="How many.", low=1)
    graph = block_edits.with_parameter(graph, name, made)
    inner = [each for each, node in block.nodes.items() if node.layer == "Linear"]
    return (
        with_inside(graph, name, graphs.with_value(inside(graph, name), inner[0], "out_features", f"={made.name}"))
        if inner
        else graph
    )


def block_of(graph: Graph, pick: Pick) -> tuple[str, Block | None]:
    """One of the blocks."""
    name = pick.choice(sorted(graph.blocks)) if graph.blocks else ""
    return name, graph.blocks.get(name)


def block_renamed(graph: Graph, pick: Pick) -> Graph:
    name, block = block_of(graph, pick)
    return block_edits.renamed(graph, name, block_edits.fresh_name(graph, "Stage")) if block else graph


def block_owned(graph: Graph, pick: Pick) -> Graph:
    uses = [each for each, node in sorted(graph.nodes.items()) if node.layer in graph.blocks]
    return block_edits.with_own_block(graph, pick.choice(uses))[0] if uses else graph


def blocks_swept(graph: Graph, pick: Pick) -> Graph:
    return block_edits.without_blocks(graph, block_edits.unused(graph))


def grouped_some(graph: Graph, pick: Pick) -> Graph:
    try:
        return grouped(graph, nodes_of(graph, pick), block_edits.fresh_name(graph))[0]
    except BlockFault:
        return graph


def ungrouped_one(graph: Graph, pick: Pick) -> Graph:
    uses = [each for each, node in sorted(graph.nodes.items()) if node.layer in graph.blocks]
    try:
        return ungrouped(graph, pick.choice(uses))[0] if uses else graph
    except BlockFault:
        return graph


IN_A_DRAWING: tuple[Change, ...] = (
    *(added, linked) * 4, *(renamed, shared) * 2, unlinked, valued, noted, weighted, inserted, annotated, bent,
    grouped_some, ungrouped_one, block_owned,
)  # fmt: skip
OF_BLOCKS: tuple[Change, ...] = (with_parameter, without_parameter, block_renamed, blocks_swept)


def deleted(project: Project, pick: Pick) -> Project:
    return changes.removed(project, nodes_of(project.graph, pick, 2), reconnect=pick.random() < 0.5)


def moved(project: Project, pick: Pick) -> Project:
    return changes.moved(project, nodes_of(project.graph, pick), place(pick), place(pick))


def muted(project: Project, pick: Pick) -> Project:
    return changes.muted(project, nodes_of(project.graph, pick)) if project.graph.nodes else project


def collapsed(project: Project, pick: Pick) -> Project:
    field = pick.choice(["collapsed", "tight"])
    return changes.switched(project, nodes_of(project.graph, pick), field) if project.graph.nodes else project


def pasted(project: Project, pick: Pick) -> Project:
    if not project.graph.nodes:
        return project
    text = clipboard.copied(project.graph, nodes_of(project.graph, pick))
    return clipboard.pasted(project, clipboard.read(text), None, 40.0, is_here=pick.random() < 0.5)[0]


def data_chosen(project: Project, pick: Pick) -> Project:
    source, values = pick.choice([("Digits", {}), ("Table", {"path": "näh.csv"}), ("", {}), ("Moons", {"noise": 0.5})])
    split = {"validation": 0.25} if pick.random() < 0.5 else {}
    return replace(project, data=replace(project.data, source=source, values=values, split=split))


def settled(project: Project, pick: Pick) -> Project:
    training = {"epochs": pick.randint(1, 99), "optimizer": pick.choice(["Adam", "SGD"])}
    return replace(project, training=training, seed=pick.randint(0, 2**40), palette=("Linear",) * pick.randint(0, 1))


def on_drawing(change: Change) -> Callable[[Project, Pick], Project]:
    """An edit of a drawing as one of a project."""
    return lambda project, pick: replace(project, graph=change(project.graph, pick))


EDITS = (
    *map(on_drawing, (*OF_BLOCKS, *IN_A_DRAWING)),
    *(deleted, deleted, moved, muted, collapsed, pasted, data_chosen, settled),
)
KINDS = len(EDITS)


def edited(project: Project, kind: int, pick: Pick) -> Project:
    """The project after one edit, in its own drawing or, as often, in that of a block."""
    name = block_of(project.graph, pick)[0] if pick.random() < 0.4 else ""
    is_inner = bool(name) and kind >= len(OF_BLOCKS) and name not in tied_blocks(project.graph)
    shown = replace(project, graph=inside(project.graph, name)) if is_inner else project
    shown = EDITS[kind](shown, pick)
    if not is_inner:
        return shown
    if name in used_in(shown.graph.nodes, shown.graph.blocks):
        return project  # as the window refuses it: no block may hold itself
    return replace(shown, graph=with_inside(project.graph, name, shown.graph))


# ---- the sequences

Sequences = st.integers(1, 50).flatmap(lambda count: st.lists(st.integers(0, 2**31), min_size=count, max_size=count))


def follow(sequence: list[int]) -> None:
    """Do a sequence in a document; fails where something does not hold."""
    document = Document()
    stack = document.undo_stack
    first = text_of(document.project)
    for number in sequence:
        kind, seed = number % (KINDS + 2), number // (KINDS + 2)
        if kind == KINDS:
            stack.undo()
        elif kind > KINDS:
            stack.redo()
        else:
            before = document.project
            document.edit("Edit", edited(before, kind, random.Random(seed)))
            if document.project is not before:
                assert not stack.canRedo()
                after = document.project
                stack.undo()
                assert document.project is before
                stack.redo()
                assert document.project is after
        assert faults(document.project) == []
    while stack.canRedo():
        stack.redo()
    last = text_of(document.project)
    texts = [last]
    while stack.canUndo():
        stack.undo()
        texts.append(text_of(document.project))
    assert texts[-1] == first
    for text in reversed(texts):
        assert text_of(document.project) == text
        stack.redo()
    assert text_of(document.project) == last


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
QUICK = settings(max_examples=300, deadline=None, derandomize=True, database=None, suppress_health_check=SLOW)


@pytest.mark.usefixtures("qapp")
@QUICK
@given(Sequences)
def test_that_every_edit_can_be_undone_to_the_byte_and_leaves_a_sound_project(sequence: list[int]) -> None:
    follow(sequence)


@pytest.mark.campaign
@pytest.mark.timeout(0)
@pytest.mark.usefixtures("qapp")
@settings(QUICK, max_examples=10_000)
@given(Sequences)
def test_that_ten_thousand_sequences_are_undone_and_sound(sequence: list[int]) -> None:
    follow(sequence)


def test_that_the_sequences_hold_every_kind_of_edit(qapp: QApplication) -> None:
    for kind in range(KINDS):
        project, pick = Project(), random.Random(kind)
        for other in range(400):
            before = project
            project = edited(project, kind if other % 2 else other // 2 % KINDS, pick)
            if other % 2 and project != before:
                break
        else:
            pytest.fail(f"edit {kind} never changes anything")


# ---- builds that are broken on purpose


def forget_muted(patch: pytest.MonkeyPatch) -> None:
    written = projects._node_document
    patch.setattr(projects, "_node_document", lambda node: {k: v for k, v in written(node).items() if k != "muted"})


def forget_a_link_in_undo(patch: pytest.MonkeyPatch) -> None:
    undo = History.undo

    def broken(self: History) -> None:
        undo(self)
        document = self.parent()
        assert isinstance(document, Document)
        project = document.project
        if len(project.graph.links) > 1:
            self._show(replace(project, graph=graphs.without_links(project.graph, project.graph.links[-1:])))

    patch.setattr(History, "undo", broken)


def keep_links_of_deleted_nodes(patch: pytest.MonkeyPatch) -> None:
    def broken(graph: Graph, gone: list[str]) -> Graph:
        return replace(graph, nodes={each: node for each, node in graph.nodes.items() if each not in set(gone)})

    patch.setattr(graphs, "without_nodes", broken)


def forget_shares_in_rename(patch: pytest.MonkeyPatch) -> None:
    def broken(graph: Graph, old: str, new: str) -> Graph:
        nodes = {(new if each == old else each): node for each, node in graph.nodes.items()}
        return replace(true(graph, old, new), nodes=nodes)

    true = graphs.renamed
    patch.setattr(graphs, "renamed", broken)


def keep_undone_steps(patch: pytest.MonkeyPatch) -> None:
    def broken(self: History, step: object) -> None:
        self._steps.insert(self._index, step)  # type: ignore[arg-type]
        self.setIndex(self._index + 1)

    patch.setattr(History, "push", broken)


def write_links_unsorted(patch: pytest.MonkeyPatch) -> None:
    def broken(graph: Graph, link: Link) -> Graph:
        kept = (each for each in graph.links if (each.target, each.input) != (link.target, link.input))
        return replace(graph, links=(*kept, link))

    patch.setattr(graphs, "with_link", broken)


BROKEN = (
    forget_muted, forget_a_link_in_undo, keep_links_of_deleted_nodes, forget_shares_in_rename, keep_undone_steps,
    write_links_unsorted,
)  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN)
def test_that_a_build_broken_on_purpose_fails_the_sequences(
    broken: Callable[[pytest.MonkeyPatch], None], qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    phases = [Phase.generate]  # the first failure is enough, and comes long before the last sequence
    searched = settings(QUICK, max_examples=5000, phases=phases, report_multiple_bugs=False)(given(Sequences)(follow))
    with pytest.raises((AssertionError, projects.ProjectError, KeyError)):
        searched()
