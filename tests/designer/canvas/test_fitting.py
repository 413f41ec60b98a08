"""What a layer says beforehand, the nodes that a link could lead to, and what find finds."""

from __future__ import annotations

import pytest

from core.graph import Block, Graph, Link, Node
from core.layers import CATALOGUE
from core.messages import NodeReport
from core.specs import Spec
from designer.canvas import finding, fitting, joining
from designer.canvas.drawing import MANY, Drawing
from designer.canvas.look import Look
from designer.theme import DARK

PICTURE, ROW, WORDS = Spec(("N", 3, 8, 8)), Spec(("N", 64)), Spec(("N", 12), "int64")


@pytest.mark.parametrize(
    ("layer", "spec", "words"),
    [
        ("Conv2d", PICTURE, ""),
        ("Conv2d", ROW, "Conv2d expects N × channels × height × width"),
        ("Linear", ROW, ""),
        ("Linear", WORDS, "works on floating point numbers"),
        ("Embedding", WORDS, ""),
        ("Embedding", ROW, "whole numbers"),
        ("CrossEntropyLoss", ROW, ""),
    ],
)
def test_that_a_layer_speaks_for_itself(layer, spec, words):
    said = fitting.refusal_of_entry(CATALOGUE[layer], spec, "before")
    assert bool(said) == bool(words)
    assert words in said
    assert "{source}" not in said
    assert not said or "before" in said


@pytest.mark.parametrize("spec", [PICTURE, ROW, WORDS, Spec(("N",)), Spec((), "bool"), Spec(("N", "T", 4))])
def test_that_every_layer_can_be_asked_about_anything(spec):
    offered = [name for name, layer in CATALOGUE.items() if not fitting.refusal_of_entry(layer, spec, "before")]
    assert "Output" in offered


def chain() -> tuple[Graph, dict[str, NodeReport]]:
    nodes = {
        "data": Node("Input", {}, 0, 0),
        "conv": Node("Conv2d", {}, 220, 0),
        "flat": Node("Flatten", {}, 440, 0),
        "sub": Node("Subtract", {}, 660, 0),
        "free": Node("BatchNorm2d", {}, 220, 200),
        "loss": Node("MSELoss", {}, 880, 0),
    }
    links = (Link("data", "output", "conv", "input"), Link("conv", "output", "flat", "input"))
    reports = {"data": PICTURE, "conv": Spec(("N", 32, 6, 6)), "flat": Spec(("N", 1152))}
    known = {name: NodeReport(nodes[name].layer, {"output": spec}) for name, spec in reports.items()}
    return Graph(nodes, tuple(sorted(links))), known


def test_that_a_link_is_asked_about_with_what_else_arrives():
    graph, known = chain()
    assert fitting.refusal(graph, known, Link("conv", "output", "free", "input")) == ""
    assert "from flat" in fitting.refusal(graph, known, Link("flat", "output", "free", "input"))
    assert fitting.refusal(graph, known, Link("sub", "output", "free", "input")) == ""  # nothing is known of sub
    muted = Graph({**graph.nodes, "free": Node("BatchNorm2d", {}, 0, 0, True)}, graph.links)
    assert fitting.refusal(muted, known, Link("flat", "output", "free", "input")) == ""


@pytest.fixture
def drawing(qapp) -> Drawing:
    from core.messages import Checked

    graph, known = chain()
    made = Drawing(Look(DARK))
    made.follow(graph)
    made.report(Checked(0, nodes=known))
    return made


def test_that_the_first_free_port_that_fits_is_taken(drawing):
    link, doubt = joining.best(drawing, "conv", "sub")
    assert (link, doubt) == (Link("conv", "output", "sub", "input"), "")
    assert joining.best(drawing, "flat", "conv") == (None, "This would close a cycle: conv already leads to flat.")
    assert joining.best(drawing, "loss", "data") == (None, "data has no input.")
    link, doubt = joining.best(drawing, "flat", "free")
    assert link == Link("flat", "output", "free", "input")
    assert "BatchNorm2d expects" in doubt


def test_that_what_fits_is_offered_before_what_the_layer_refuses(drawing):
    offers = joining.offers(drawing, "flat")
    assert not {"data", "conv"} & {each.node_id for each in offers}
    assert [bool(each.doubt) for each in offers] == sorted(bool(each.doubt) for each in offers)
    assert offers[-1].node_id == "free"
    assert {each.node_id for each in joining.offers(drawing, "flat", "mse")} == {"loss"}


def test_that_an_end_offers_what_could_feed_it(qapp):
    nodes = {"out": Node("Output", {}, 300, 0), "a": Node("ReLU", {}, 0, 0), "b": Node("GELU", {}, 0, 200)}
    made = Drawing(Look(DARK))
    made.follow(Graph(nodes))
    assert {each.link for each in joining.offers(made, "out")} == {
        Link("a", "output", "out", "input"),
        Link("b", "output", "out", "input"),
    }


def test_that_many_nodes_moved_together_lie_where_each_alone_would(qapp):
    nodes = {f"n{number}": Node("ReLU", {}, number % 20 * 220, number // 20 * 110) for number in range(MANY + 40)}
    links = tuple(Link(f"n{number}", "output", f"n{number + 1}", "input") for number in range(MANY + 39))
    together, apart = Drawing(Look(DARK)), Drawing(Look(DARK))
    ids = [f"n{number}" for number in range(MANY + 5)]
    for each in (together, apart):
        each.follow(Graph(nodes, tuple(sorted(links))))
    start = together.state()
    for dx, dy in ((11, 22), (33, -11), (0, 0)):
        together.shift(ids, dx, dy)
        for half in (ids[:150], ids[150:]):
            for node_id in half:
                apart.shift((node_id,), dx, dy)
        assert together.state() == apart.state()
    assert together.state() == start


# ---- find


def test_that_every_word_has_to_be_found_and_names_count_most():
    inner = Block({"conv2": Node("Conv2d", {"out_channels": 64})})
    nodes = {
        "conv1": Node("Conv2d", {"out_channels": 32}),
        "head": Node("Linear", {"out_features": 32}, note="the last one"),
        "conv": Node("Part"),
    }
    known = finding.entries(Graph(nodes, (), {"Part": inner}))

    def names(typed: str, shown: str = "") -> list[str]:
        return [":".join(filter(None, row.value[:2])) for row in finding.found(known, typed, shown)]

    assert names("conv") == ["conv", "conv1", "Part:conv2"]
    assert names("conv", "Part") == ["conv", "Part:conv2", "conv1"]
    assert names("conv2d 64") == ["Part:conv2"]
    assert names("32") == ["conv1", "head"]
    assert names("last") == ["head"]
    assert names("nothing") == []
    assert len(names("")) == 4
