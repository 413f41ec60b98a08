"""The classes of model.py with their lines and blocks, and what an edit changed in a text."""

from __future__ import annotations

from core.blocks import block_of
from core.graph import Block, Graph, Node
from designer.plots.source_parts import Changes, Part, changes_between, parts_of

TEXT = '''\
"""The network."""

from torch import nn


class Pair(nn.Module):
    """Two layers.

    Takes x.
    """

    def forward(self, x):
        return self.fc(x)


class Outputs(NamedTuple):
    scores: Tensor


class Model(nn.Module):
    def forward(self, x):
        return self.pair(x)
'''


def test_that_the_classes_are_found_with_their_lines_and_blocks() -> None:
    graph = Graph({"pair": Node("A pair")}, (), {"A pair": Block({"fc": Node("ReLU")}, ())})
    found = parts_of(TEXT, {13: ("A pair:fc",), 22: ("pair",)}, graph)
    assert found == (Part("Pair", "A pair", 6, 13), Part("Model", "", 20, 22))
    lines = TEXT.splitlines()
    assert [lines[part.first - 1] for part in found] == ["class Pair(nn.Module):", "class Model(nn.Module):"]


def test_that_a_file_without_classes_has_no_parts() -> None:
    assert parts_of("", {}, Graph()) == ()
    assert parts_of("x = 1\n", {}, Graph()) == ()


def test_that_the_block_of_a_key_is_the_longest_that_fits_and_nodes_come_first() -> None:
    blocks = {"A": Block({}, ()), "A:B": Block({}, ())}
    graph = Graph({"A:own": Node("ReLU")}, (), blocks)
    assert [block_of(key, graph) for key in ("A:x", "A:B:x", "A:own", "x", "C:x")] == ["A", "A:B", "", "", ""]


def test_that_changed_added_and_removed_lines_are_told_apart() -> None:
    before = "one\ntwo\nthree\nfour\nfive\n"
    after = "one\n2\nthree\nthree and a half\nfour\n"
    assert changes_between(before, after) == Changes(frozenset({2}), frozenset({4}), frozenset({6}))
    assert changes_between(before, before) == Changes()
    assert changes_between("", "one\n") == Changes(added=frozenset({1}))
    assert changes_between("one\n", "") == Changes(removed=frozenset({1}))


def test_that_changes_are_said_in_words() -> None:
    assert Changes().words == ""
    said = Changes(frozenset({2}), frozenset({4, 5}), frozenset({6})).words
    assert said == "Since the text before: 1 line changed, 2 lines added, lines removed in 1 place."


def test_that_a_text_of_many_equal_lines_is_compared_at_once() -> None:
    before = "x = 1\n" * 20_000
    changes = changes_between(before, before + "y = 2\n" + before)
    assert 20_001 in changes.added | changes.changed
