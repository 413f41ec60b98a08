"""Names of nodes become identifiers; whatever people type, nothing breaks out of them."""

from __future__ import annotations

import builtins
import keyword

from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from core.graph import Graph, Node
from core.source import attribute_names
from core.source.names import LONGEST, MODULE, RESERVED, identifier


def test_that_the_reserved_names_hold_every_public_attribute_of_a_torch_module() -> None:
    assert {name for name in dir(nn.Module()) if not name.startswith("_")} == MODULE


def test_that_plain_ids_are_kept_as_they_are() -> None:
    graph = Graph({name: Node("Linear") for name in ("conv1", "layer_2", "embedding")})
    assert attribute_names(graph) == {"conv1": "conv1", "layer_2": "layer_2", "embedding": "embedding"}


def test_that_keywords_builtins_and_attributes_of_modules_are_never_names() -> None:
    for name in [
        *keyword.kwlist,
        *keyword.softkwlist,
        *dir(builtins),
        *dir(nn.Module()),
        "model",
        "batch",
        "self",
        "x",
    ]:
        assert identifier(name) not in RESERVED
        assert not hasattr(nn.Module(), identifier(name))


def test_that_an_id_which_is_an_identifier_keeps_its_name_beside_ids_that_look_like_it() -> None:
    graph = Graph({name: Node("Linear") for name in ("Conv1", "conv1", "conv-1", "CONV1", "ｃonv1", "соnv1")})
    names = attribute_names(graph)
    assert names["conv1"] == "conv1"
    assert len(set(names.values())) == len(names)
    assert all(name.isascii() for name in names.values())


def test_that_names_do_not_depend_on_the_order_in_which_nodes_stand() -> None:
    ids = ["Conv 1", "conv_1", "conv-1", "conv 1", "10", "2", "卷积", "é"]
    forward = attribute_names(Graph({name: Node("Conv2d") for name in ids}))
    backward = attribute_names(Graph({name: Node("Conv2d") for name in reversed(ids)}))
    assert forward == backward


@settings(derandomize=True)
@given(st.text())
def test_that_any_text_becomes_a_short_ascii_identifier(name: str) -> None:
    made = identifier(name)
    assert made.isidentifier()
    assert made.isascii()
    assert made == made.lower()
    assert not made.startswith("_")
    assert "__" not in made
    assert made not in RESERVED
    assert len(made) <= LONGEST + 1


@settings(derandomize=True)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=30, unique=True), st.text())
def test_that_any_node_ids_get_different_names(ids: list[str], layer: str) -> None:
    names = attribute_names(Graph({name: Node(layer) for name in ids}))
    assert len(set(names.values())) == len(ids)
    assert all(name.isidentifier() and name not in RESERVED for name in names.values())


def test_that_an_id_of_ten_thousand_characters_is_cut() -> None:
    graph = Graph({"a" * 10_000: Node("Linear"), "a" * 9_999: Node("Linear")})
    assert sorted(map(len, attribute_names(graph).values())) == [LONGEST, LONGEST + 2]
