"""What is grouped and ungrouped inside a block changes no number, wherever the block is used."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping

import pytest
import torch
from carrying import RUN, carried, given, learning, model_of, small_projects
from drawn_blocks import image
from msgspec.structs import replace

from core.blocks import BlockFault, inside, used_in, with_inside
from core.engine.check import check
from core.engine.compile import module_names
from core.expressions import expression as e
from core.graph import Block, BlockParameter, Graph, Link, Node
from core.grouping import ENDS, grouped, ungrouped
from core.named_sizes import sizes_of_uses
from core.project import Project

pytestmark = pytest.mark.usefixtures("one_thread")
REFUSED = ("is repeated ", " in different uses of ", " uses the weights of ", "so they cannot be one")


def split(graph: Graph, block: str, path: str) -> tuple[str, str]:
    """A path up to a use of the block (with its repetition), and what follows."""
    nodes, parts = graph.nodes, path.split("/")
    for place, part in enumerate(parts):
        if part in nodes:
            layer = nodes[part].layer
            nodes = graph.blocks[layer].nodes if layer in graph.blocks else {}
            if layer == block:
                cut = place + (2 if "".join(parts[place + 1 : place + 2]).isdecimal() else 1)
                return "/".join(parts[:cut]), "/".join(parts[cut:])
    return "", path


def expect_same(seed: int, before: Project, block: str, drawn: Graph, moved: Mapping[str, str]) -> None:
    """The same numbers with another drawing of a block, whose nodes are called what `moved` says."""
    after = replace(before, graph=with_inside(before.graph, block, drawn))
    assert not [each for each in check(after, 0).problems if each.severity == "error" and each.block]
    torch.manual_seed(seed)
    model, row = model_of(before), given(before)
    paths: dict[str, str] = {}
    for path in module_names(after, check(after, 0)):
        outer, rest = split(after.graph, block, path)
        whole = next((each for each in moved if f"{rest}/".startswith(f"{each}/")), "")
        if outer and whole:
            paths[path] = f"{outer}/{moved[whole]}{rest.removeprefix(whole)}"
    (expected, count), (found, has) = (learning(each, row) for each in (model, carried(before, model, after, paths)))
    assert all(torch.equal(one, other) for one, other in zip(expected, found, strict=True))
    assert has == count


# ---- sizes that differ between uses


def layer(width: object, axes: str = "N, width") -> Block:
    """x -> fc -> y, as wide as it is told."""
    nodes = {"x": Node("Input", {"axes": axes}), "fc": Node("Linear", {"out_features": width}), "y": Node("Output")}
    return Block(nodes, (Link("fc", "output", "y", "input"), Link("x", "output", "fc", "input")))


def two_uses(axes: str, inner: Node, widths: tuple[int, int] = (4, 4)) -> Project:
    """a (4 wide) -> one -> fc -> two -> out, where one and two use Shell: x -> part -> y."""
    held = {"a": Node("Input", {"axes": axes}), "part": inner, "y": Node("Output")}
    shell = Block(held, (Link("a", "output", "part", "x"), Link("part", "y", "y", "input")))
    nodes = {
        "a": image(widths[0]),
        "one": Node("Shell"),
        "fc": Node("Linear", {"out_features": widths[1]}),
        "two": Node("Shell"),
        "out": Node("Output"),
    }
    links = (
        Link("a", "output", "one", "a"),
        Link("one", "y", "fc", "input"),
        Link("fc", "output", "two", "a"),
        Link("two", "y", "out", "input"),
    )
    return Project(Graph(nodes, links, {"Layer": layer(e("width * 2 + 1")), "Shell": shell}))


def apart(drawn: Project, block: str, use: str) -> tuple[Graph, dict[str, str]]:
    sizes = sizes_of_uses(drawn.graph, block, check(drawn, 0).sizes)
    return ungrouped(inside(drawn.graph, block), use, sizes)


def test_that_a_size_which_is_the_same_in_all_uses_becomes_its_number() -> None:
    drawn = two_uses("", Node("Layer"), widths=(5, 5))
    made, moved = apart(drawn, "Shell", "part")
    assert made.nodes["part_fc"].values == {"out_features": 11}
    expect_same(0, drawn, "Shell", made, moved)


def test_that_a_size_which_differs_is_handed_on_by_the_name_that_the_outer_input_gives_it() -> None:
    drawn = two_uses("N, wide", Node("Layer"), widths=(3, 6))
    made, moved = apart(drawn, "Shell", "part")
    assert made.nodes["part_fc"].values == {"out_features": e("wide * 2 + 1")}
    expect_same(0, drawn, "Shell", made, moved)


@pytest.mark.parametrize(
    ("axes", "inner", "way"),
    [
        ("", Node("Layer"), "give axis 1 of a, which feeds it, a name of its own in its axes"),
        ("N, wide", Node("Layer", {"repeat": 2}), "ungroup those uses first, or give each a block of its own"),
    ],
)
def test_that_a_size_which_differs_and_has_no_name_is_refused(axes: str, inner: Node, way: str) -> None:
    drawn = two_uses(axes, inner, widths=(3, 6))
    with pytest.raises(BlockFault) as refused:
        apart(drawn, "Shell", "part")
    sizes = "7 and 13" if axes else "3 and 6"
    because = f"its width is {sizes} in different uses of Shell"
    assert str(refused.value) == f"fc cannot be taken out of its block, because {because}: {way}."


def test_that_a_size_is_not_handed_on_by_the_name_of_a_parameter_nor_refused_where_nothing_names_it() -> None:
    drawn = two_uses("N, wide", Node("Layer"), widths=(3, 6))
    outer = replace(drawn.graph.blocks["Shell"], parameters=(BlockParameter("wide", default=2),))
    said = replace(drawn, graph=replace(drawn.graph, blocks={**drawn.graph.blocks, "Shell": outer}))
    with pytest.raises(BlockFault, match="give axis 1 of a"):
        apart(said, "Shell", "part")
    plain = replace(drawn, graph=replace(drawn.graph, blocks={**drawn.graph.blocks, "Layer": layer(5)}))
    made, moved = apart(plain, "Shell", "part")
    expect_same(0, plain, "Shell", made, moved)


# ---- random drawings


def expect_refusal(fault: BlockFault) -> None:
    assert any(each in str(fault) for each in REFUSED), fault


def grouped_inside(drawn: Project, block: str, rng: random.Random) -> tuple[Graph, dict[str, str]] | None:
    """The block's drawing with a random selection as a block of its own; some selections cannot be one."""
    held = inside(drawn.graph, block)
    may = [node_id for node_id, node in held.nodes.items() if node.layer not in ENDS]
    for count in range(len(may), 0, -1) if rng.random() < 0.5 else [rng.randint(1, len(may)) for _ in range(6)]:
        first = rng.randrange(len(may) - count + 1)
        chosen = may[first : first + count] if rng.random() < 0.7 else rng.sample(may, count)
        try:
            made, used = grouped(held, chosen, "Chosen", known=drawn.graph.blocks[block].parameters)
        except BlockFault as fault:
            expect_refusal(fault)
            continue
        return made, {f"{used}/{each}": each for each in chosen}
    return None


def inner_uses(drawn: Project) -> list[tuple[str, str]]:
    """The uses in blocks that are used, which say in a number how often they are repeated, each with its block."""
    held = drawn.graph.blocks
    return [
        (outer, use)
        for outer in sorted(used_in(drawn.graph.nodes, held))
        for use, node in held[outer].nodes.items()
        if node.layer in held and isinstance(node.values.get("repeat", 1), int)
    ]


def unchanged_inside(seed: int, drawn: Project) -> tuple[int, int]:
    """Grouping inside a block, and ungrouping each use inside blocks, change nothing; how many of each were done."""
    rng = random.Random(seed)
    blocks = sorted(used_in(drawn.graph.nodes, drawn.graph.blocks))
    block = rng.choice(blocks)
    made = grouped_inside(drawn, block, rng)
    if made is not None:
        expect_same(seed, drawn, block, *made)
    uses, count = inner_uses(drawn), 0
    for outer, use in rng.sample(uses, min(len(uses), 2)):
        try:
            taken, moved = apart(drawn, outer, use)
        except BlockFault as fault:
            expect_refusal(fault)
            continue
        count += 1
        expect_same(seed, drawn, outer, taken, moved)
    return int(made is not None), count


def all_unchanged(first: int, count: int) -> tuple[int, int]:
    done = [0, 0]
    nested = ((seed, drawn) for seed, drawn in small_projects(first) if inner_uses(drawn))
    for seed, drawn in itertools.islice(nested, count):
        try:
            groups, uses = unchanged_inside(seed, drawn)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {type(error).__name__}: {error}") from error
        done = [done[0] + groups, done[1] + uses]
    return done[0], done[1]


def test_that_grouping_and_ungrouping_inside_blocks_change_no_number() -> None:
    groups, uses = all_unchanged(0, 5)
    assert groups >= 3
    assert uses >= 2


@pytest.mark.campaign
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("fifty", range(4))
def test_that_grouping_and_ungrouping_inside_two_hundred_projects_change_no_number(fifty: int) -> None:
    groups, uses = all_unchanged(RUN + 1000 * fifty, 50)
    assert groups >= 25
    assert uses >= 10
