"""Notes, frames, points of links and collapsed nodes: values, files, and what edits make of them."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core import graph as graphs
from core import picture, project
from core.blocks import inside, with_inside
from core.graph import Annotation, Block, BlockParameter, Graph, Link, Node
from core.grouping import grouped, ungrouped
from core.messages import Check
from core.picture import Bend, Carried
from core.project import MOST_POINTS, Data, Project, ProjectError, read_text, text_of

PLACE = st.integers(-100_000, 100_000).map(lambda tenth: tenth / 4)
SIDE = st.integers(88, 40_000).map(lambda tenth: tenth / 4)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAME = WORDS.filter(lambda text: bool(text.strip()))
ANNOTATIONS = st.builds(Annotation, st.sampled_from(["note", "frame", "later"]), PLACE, PLACE, SIDE, SIDE, WORDS, WORDS)
POINTS = st.lists(st.tuples(PLACE, PLACE), min_size=1, max_size=4).map(tuple)

ONE, TWO = Link("a", "output", "b", "input"), Link("b", "output", "c", "input")
CHAIN = Graph(
    {"a": Node("Linear"), "b": Node("ReLU", x=300.0), "c": Node("Flatten", x=600.0)},
    (ONE, TWO),
    bends={ONE: ((200.0, 40.0), (220.0, 80.0)), TWO: ((500.0, -30.0),)},
)


@st.composite
def drawings(draw: st.DrawFn) -> Graph:
    flags = st.booleans()
    nodes = draw(
        st.dictionaries(NAME, st.builds(Node, NAME, x=PLACE, y=PLACE, collapsed=flags, tight=flags), max_size=5)
    )
    links: dict[tuple[str, str], Link] = {}
    if nodes:
        ids = st.sampled_from(sorted(nodes))
        for link in draw(st.lists(st.builds(Link, ids, NAME, ids, NAME), max_size=5)):
            links[link.target, link.input] = link
    ordered = tuple(sorted(links.values(), key=graphs.link_key))
    bends = {link: draw(POINTS) for link in ordered if draw(st.booleans())}
    return Graph(nodes, ordered, {}, draw(st.dictionaries(NAME, ANNOTATIONS, max_size=3)), bends)


@given(drawings(), drawings())
def test_that_a_picture_is_saved_and_loaded_as_it_was(outer: Graph, inner: Graph) -> None:
    block = Block(inner.nodes, inner.links, annotations=inner.annotations, bends=inner.bends)
    held = Project(replace(outer, blocks={"Part": block}))
    text = text_of(held)
    assert read_text(text) == held
    assert text_of(read_text(text)) == text


def test_that_a_file_has_one_annotation_and_one_bent_link_a_line() -> None:
    note = Annotation("note", 10, 20, 198, 110, "why\nso", "blue")
    lines = text_of(Project(replace(CHAIN, annotations={"note1": note}))).splitlines()
    wanted = '{"at": [10, 20], "colour": "blue", "kind": "note", "size": [198, 110], "text": "why\\nso"}'
    assert f'  "note1": {wanted}' in lines
    assert '  ["a", "output", "b", "input", [200, 40], [220, 80]],' in lines


def test_that_a_drawing_without_a_picture_is_written_as_before() -> None:
    document = json.loads(text_of(Project(Graph({"a": Node("ReLU")}))))
    assert document == {
        "version": 1, "seed": 0, "training": {}, "data": {}, "links": [],
        "nodes": {"a": {"at": [0, 0], "layer": "ReLU"}},
    }  # fmt: skip


BAD = {
    '"annotations": []': "annotations should be an object",
    '"annotations": {" ": {}}': "should be a name",
    '"annotations": {"n": 3}': "annotations.n should be an object",
    '"annotations": {"n": {"text": 3}}': "annotations.n.text should be text",
    '"annotations": {"n": {"at": [1]}}': "annotations.n.at should be two numbers",
    '"annotations": {"n": {"at": [1, 1e12]}}': "up to a billion",
    '"annotations": {"n": {"size": [3, 400]}}': "annotations.n.size should be from 22 to 1,000,000, but is 3 by 400",
    '"annotations": {"n": {"size": [400, 2000000]}}': "annotations.n.size should be from 22",
    '"annotations": {"n": {"text": "' + "x" * 10_001 + '"}}': "at most 10,000 characters",
    '"annotations": {"n": {"colour": ["red"]}}': "annotations.n.colour should be text",
    '"bends": {}': "bends should be a list",
    '"bends": [["a", "o", "a", "i"]]': "bends[0] should be a link and up to 40 points, but is 4 parts",
    '"bends": [["a", "o", "a", "i"' + ", [1, 2]" * 41 + "]]": "bends[0] should be a link",
    '"bends": [["a", "o", "a", 7, [1, 2]]]': "bends[0] should be text",
    '"bends": [["a", "o", "a", "i", [1, 2, 3]]]': "bends[0] should be two numbers",
    '"bends": [["a", "o", "a", "i", [1, 2]], ["a", "o", "a", "i", [1, 2]]]': "bends[1] should be one row for each link",
    '"nodes": {"a": {"layer": "X", "collapsed": 1}}': "nodes.a.collapsed should be true or false",
    '"nodes": {"a": {"layer": "X", "tight": "no"}}': "nodes.a.tight should be true or false",
    '"blocks": {"B": {"annotations": {"n": {"size": 1}}}}': "blocks.B.annotations.n.size should be a list",
    '"blocks": {"B": {"bends": [[]]}}': "blocks.B.bends[0] should be a link",
}


@pytest.mark.parametrize("part", BAD)
def test_that_a_bad_picture_is_refused_in_one_sentence(part: str) -> None:
    with pytest.raises(ProjectError) as refused:
        read_text('{"version": 1, ' + part + "}", "mine.loom")
    assert BAD[part] in str(refused.value)
    assert "mine.loom" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_that_points_of_a_link_that_an_older_version_removed_are_forgotten() -> None:
    text = '{"version": 1, "nodes": {"a": {"layer": "X"}}, "bends": [["a", "output", "b", "input", [1, 2]]]}'
    assert read_text(text).graph.bends == {}


def test_that_what_a_newer_version_wrote_is_kept_at_every_level() -> None:
    node = {"layer": "ReLU", "at": [0, 0], "new": 1, "weights": {"new": 2}, "values": {"new": 3}}
    drawn = {
        "nodes": {"a": node, "b": {"layer": "ReLU", "at": [5, 5]}},
        "links": [["a", "output", "b", "input"]],
        "annotations": {"n": {"kind": "stamp", "at": [0, 0], "size": [99, 99], "new": [4]}},
    }
    block = {**drawn, "new": {"deep": [5]}, "parameters": [{"name": "size", "kind": "integer", "default": 1, "new": 6}]}
    document = {
        **drawn,
        "version": 1,
        "new": 7,
        "seed": 0,
        "blocks": {"B": block},
        "data": {"source": "Digits", "new": 8, "values": {"new": 9}, "split": {"new": 10}},
        "training": {"new": 11},
    }
    held = read_text(json.dumps(document))
    edited = graphs.with_node(held.graph, "b", x=7.0)
    edited = picture.with_annotation(edited, "n", replace(edited.annotations["n"], colour="red"))
    edited = with_inside(edited, "B", graphs.with_node(inside(edited, "B"), "b", x=8.0))
    wanted = json.loads(json.dumps(document))
    wanted["nodes"]["b"]["at"], wanted["blocks"]["B"]["nodes"]["b"]["at"] = [7, 5], [8, 5]
    wanted["annotations"]["n"]["colour"] = "red"
    again = json.loads(text_of(replace(held, graph=edited, data=replace(held.data, source="Digits"))))
    assert again == wanted


def test_that_a_field_called_extra_is_no_way_around() -> None:
    row = {"name": "size", "kind": "integer", "default": 1, "extra": {"name": "other"}}
    text = json.dumps({"version": 1, "blocks": {"B": {"parameters": [row]}}, "data": {"extra": {"source": "x"}}})
    held = read_text(text)
    assert held.graph.blocks["B"].parameters == (BlockParameter("size", extra={"extra": {"name": "other"}}),)
    assert held.data == Data(extra={"extra": {"source": "x"}})
    assert json.loads(text_of(held))["blocks"]["B"]["parameters"] == [row]


# ---- what nothing is computed from


def test_that_a_picture_changes_nothing_that_a_network_computes() -> None:
    plain = graphs.without_links(CHAIN, ())
    seen = replace(plain, annotations={"n": Annotation()}, bends={})
    seen = graphs.with_node(seen, "a", collapsed=True, tight=True, note="hm")
    assert project.drawing(Project(seen)) == project.drawing(Project(CHAIN))


def test_that_what_is_asked_of_an_engine_has_no_picture() -> None:
    block = Block({"x": Node("ReLU")}, annotations={"n": Annotation()})
    held = Project(replace(CHAIN, annotations={"n": Annotation()}, blocks={"B": block}))
    asked = picture.bare(held).graph
    assert (asked.annotations, asked.bends, asked.blocks["B"].annotations) == ({}, {}, {})
    assert asked.nodes is CHAIN.nodes
    plain = Project(Graph({"a": Node("ReLU")}))
    assert picture.bare(plain) is plain
    sent = msgspec.msgpack.decode(msgspec.msgpack.encode(Check(held)), type=Check)
    assert sent.project == held  # a training keeps the whole project in its folder


# ---- points of links follow their links


def test_that_points_go_with_their_link() -> None:
    assert graphs.without_links(CHAIN, [ONE]).bends == {TWO: CHAIN.bends[TWO]}
    assert graphs.without_nodes(CHAIN, ["c"]).bends == {ONE: CHAIN.bends[ONE]}
    assert graphs.with_link(CHAIN, Link("a", "output", "c", "input")).bends == {ONE: CHAIN.bends[ONE]}
    assert graphs.with_link(CHAIN, Link("a", "output", "c", "other")).bends is CHAIN.bends


def test_that_points_follow_a_renamed_node() -> None:
    held = graphs.renamed(CHAIN, "b", "middle")
    assert held.bends == {
        Link("a", "output", "middle", "input"): CHAIN.bends[ONE],
        Link("middle", "output", "c", "input"): CHAIN.bends[TWO],
    }


def test_that_points_are_added_where_they_are_wanted_up_to_a_bound() -> None:
    held = picture.with_bend(CHAIN, ONE, 1, 5.0, 6.0)
    assert held.bends[ONE] == ((200.0, 40.0), (5.0, 6.0), (220.0, 80.0))
    for _ in range(MOST_POINTS + 5):
        held = picture.with_bend(held, TWO, 0, 1.0, 1.0)
    assert len(held.bends[TWO]) == MOST_POINTS
    assert read_text(text_of(Project(held))).graph == held


def test_that_a_link_without_points_has_no_entry() -> None:
    assert picture.without(CHAIN, [Bend(ONE, 0)]).bends[ONE] == ((220.0, 80.0),)
    assert picture.without(CHAIN, [Bend(ONE, 0), Bend(ONE, 1)]).bends == {TWO: CHAIN.bends[TWO]}
    assert picture.straightened(CHAIN, ["a", "b"]).bends == {TWO: CHAIN.bends[TWO]}


def test_that_a_node_put_into_a_link_parts_its_points() -> None:
    points = ((100.0, 0.0), (200.0, 0.0), (400.0, 0.0))
    held = graphs.with_nodes(CHAIN, {"new": Node("ReLU", x=250.0)})
    first, second = Link("a", "output", "new", "input"), Link("new", "output", "b", "input")
    held = graphs.with_link(graphs.with_link(graphs.without_links(held, [ONE]), first), second)
    assert picture.led_through(held, points, first, second, "new").bends == {
        TWO: CHAIN.bends[TWO],
        first: points[:2],
        second: points[2:],
    }
    assert picture.led_through(held, (), first, second, "new") is held


# ---- what moves along


BOXES = {"a": (0.0, 0.0, 152.0, 90.0), "b": (300.0, 0.0, 152.0, 90.0), "c": (600.0, 0.0, 152.0, 90.0)}


def test_that_a_frame_carries_what_lies_wholly_in_it() -> None:
    held = replace(
        CHAIN,
        annotations={
            "outer": Annotation("frame", -50, -50, 520, 300),
            "inner": Annotation("frame", -10, 150, 100, 60),
            "note": Annotation("note", 0, 160, 40, 40),
            "beside": Annotation("note", 460, 0, 100, 100),
        },
    )
    carried = picture.carried(held, (), ["outer"], BOXES)
    assert set(carried.nodes) == {"a", "b"}
    assert set(carried.pieces) == {"outer", "inner", "note", Bend(ONE, 0), Bend(ONE, 1)}
    moved = picture.moved(held, carried, 11.0, 22.0)
    assert (moved.nodes["a"].x, moved.nodes["b"].x, moved.nodes["c"].x) == (11.0, 311.0, 600.0)
    assert moved.bends == {ONE: ((211.0, 62.0), (231.0, 102.0)), TWO: CHAIN.bends[TWO]}
    assert moved.annotations["note"] == replace(held.annotations["note"], x=11.0, y=182.0)
    assert moved.annotations["beside"] is held.annotations["beside"]


def test_that_a_note_carries_nothing_and_two_moved_nodes_carry_the_points_between_them() -> None:
    held = replace(CHAIN, annotations={"note": Annotation("note", -50, -50, 900, 900)})
    assert picture.carried(held, (), ["note"], BOXES) == Carried((), ("note",))
    assert picture.carried(held, ["b", "c"], (), BOXES).pieces == (Bend(TWO, 0),)


# ---- blocks


def test_that_grouping_takes_points_and_annotations_in_and_ungrouping_out_again() -> None:
    held = replace(CHAIN, annotations={"in": Annotation("note", 320, -90), "out": Annotation("note", 0, 300)})
    made, used = grouped(held, ["b", "c"], "Part", ["in"])
    assert made.blocks["Part"].bends == {TWO: CHAIN.bends[TWO]}
    assert made.blocks["Part"].annotations == {"in": held.annotations["in"]}
    assert set(made.annotations) == {"out"}
    assert made.bends == {}
    out, names = ungrouped(made, used)
    new = {old.rpartition("/")[2]: each for each, old in names.items()}
    link = Link(new["b"], "output", new["c"], "input")
    dx, dy = out.nodes[new["b"]].x - 300.0, out.nodes[new["b"]].y
    assert out.bends == {link: ((500.0 + dx, -30.0 + dy),)}
    assert (out.annotations["note1"].x, out.annotations["note1"].y) == (320.0 + dx, -90.0 + dy)


def test_that_an_edit_inside_a_block_keeps_its_picture() -> None:
    block = Block({"x": Node("ReLU")}, annotations={"n": Annotation(text="inside")})
    held = Graph(blocks={"B": block})
    drawn = picture.with_annotation(inside(held, "B"), "m", Annotation("frame"))
    assert set(with_inside(held, "B", drawn).blocks["B"].annotations) == {"n", "m"}
    assert with_inside(held, "B", inside(held, "B")).blocks["B"] == block


def test_that_sizes_stay_within_what_can_be_read_again() -> None:
    held = picture.with_annotation(Graph(), "n", Annotation(width=1.0, height=1e9))
    assert read_text(text_of(Project(held))).graph == held
