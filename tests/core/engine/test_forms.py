"""What follows from what in a block: a form that is written is right at values that were never tried."""

from __future__ import annotations

import random
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.engine.check import check
from core.engine.compile import cases
from core.expressions import expression as e
from core.graph import Block, BlockParameter, Graph, Link, Node, link_key
from core.project import Project
from core.source import write
from core.source.blocks import BlockClass, laid_out
from core.source.cases import Case
from core.source.forms import Form, fitted

SIZES: list[Any] = [
    3,
    6,
    e("p"),
    e("q"),
    e("p * 2"),
    e("p + q"),
    e("max(p, 3)"),
    e("q // 2 + 1"),
    e("p * q"),
    e("width"),
]


def unit(sizes: list[Any], cats: list[bool]) -> Block:
    """Dense layers of these sizes behind each other, some joined with what came before."""
    nodes: dict[str, Node] = {"x": Node("Input", {"axes": "N, width"})}
    links: list[Link] = []
    before, earlier = ("x", "output"), ("x", "output")
    for place, (size, is_joined) in enumerate(zip(sizes, cats, strict=True)):
        nodes[f"fc{place}"] = Node("Linear", {"out_features": size})
        nodes[f"norm{place}"] = Node("BatchNorm1d")
        links += [Link(*before, f"fc{place}", "input"), Link(f"fc{place}", "output", f"norm{place}", "input")]
        earlier, before = before, (f"norm{place}", "output")
        if is_joined:
            nodes[f"cat{place}"] = Node("Cat", {"dim": 1})
            links += [Link(*earlier, f"cat{place}", "tensors_0"), Link(*before, f"cat{place}", "tensors_1")]
            before = (f"cat{place}", "output")
    nodes["y"] = Node("Output")
    links.append(Link(*before, "y", "input"))
    held = (BlockParameter("p", default=3), BlockParameter("q", default=4))
    return Block(nodes, tuple(sorted(links, key=link_key)), held)


def used(block: Block, width: int, **values: int) -> Project:
    nodes = {"a": Node("Input", {"shape": (width,)}), "use": Node("Unit", values), "out": Node("Output")}
    return Project(Graph(nodes, (Link("a", "output", "use", "x"), Link("use", "y", "out", "input")), {"Unit": block}))


def class_of(project: Project) -> tuple[BlockClass, Case, str]:
    checked = check(project, 0)
    found = cases(project, checked)
    assert found is not None
    laid = laid_out(project, checked, found)
    return laid.classes[-1], found.of("Unit")[0], write(project, checked, found).files["model.py"]


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(
    st.lists(st.tuples(st.integers(0, len(SIZES) - 1), st.booleans()), min_size=1, max_size=4),
    st.lists(st.tuples(*[st.integers(1, 9)] * 3), min_size=2, max_size=2),
)
def test_that_a_class_is_right_at_values_that_no_use_has(
    drawn: list[tuple[int, bool]], values: list[tuple[int, int, int]]
) -> None:
    block = unit([SIZES[size] for size, _ in drawn], [is_joined for _, is_joined in drawn])
    (width, p, q), (other_width, other_p, other_q) = values
    made, _, text = class_of(used(block, width, p=p, q=q))
    _, other, _ = class_of(used(block, other_width, p=other_p, q=other_q))
    given_now = {argument.name: argument.read(other) for argument in made.arguments}
    space: dict[str, Any] = {"__name__": "written"}
    exec(text, space)
    with torch.device("meta"):
        module = space["Unit"](**given_now)
    for node_id, report in other.reports.items():
        if report.call and report.call.target:
            held = sum(each.numel() for each in getattr(module, node_id).parameters())
            assert held == report.parameters, f"{node_id} at {given_now}\n{text}"


@pytest.mark.campaign
def test_that_many_classes_are_right_at_values_that_no_use_has() -> None:
    rng = random.Random(4)
    test = test_that_a_class_is_right_at_values_that_no_use_has.hypothesis.inner_test  # type: ignore[attr-defined]
    for _ in range(1000):
        drawn = [(rng.randrange(len(SIZES)), rng.random() < 0.5) for _ in range(rng.randint(1, 4))]
        test(drawn, [tuple(rng.randint(1, 9) for _ in range(3)) for _ in range(2)])


def test_that_equal_numbers_are_never_joined() -> None:
    made, _, text = class_of(used(unit([e("p"), 8, e("q")], [False, False, True]), 8, p=8, q=8))
    assert [argument.name for argument in made.arguments] == ["width", "p", "q"]
    for line in ("nn.Linear(width, p)", "nn.Linear(p, 8)", "nn.Linear(8, q)", "nn.BatchNorm1d(q)"):
        assert line in text


def test_that_a_sum_is_read_off_what_was_tried() -> None:
    tried = [({"a": a, "b": b}, 2 * a + b + 1) for a, b in ((4, 4), (8, 4), (12, 4), (4, 8), (4, 12), (8, 8))]
    assert fitted(tried[:1], tried, ["a", "b"]) == Form(1, (("a", 2), ("b", 1)))


def test_that_nothing_is_said_of_what_is_no_sum_or_was_not_tried_enough() -> None:
    square = [({"a": a}, a * a) for a in (4, 8, 12)]
    assert fitted(square[:1], square, ["a"]) is None
    once = [({"a": 4}, 4), ({"a": 8}, 8)]
    assert fitted(once[:1], once, ["a"]) is None
    same = [({"a": 4, "b": 4}, 4)]
    assert fitted([*same, ({"a": 8, "b": 8}, 8)], same, ["a", "b"]) is None


def test_that_a_use_which_differs_from_what_was_tried_is_not_hidden() -> None:
    tried = [({"a": a}, a) for a in (4, 8, 12)]
    assert fitted([({"a": 5}, 6)], tried, ["a"]) is None


def test_that_a_project_without_blocks_needs_no_cases() -> None:
    project = Project(Graph({"a": Node("Input", {"shape": (3,)})}))
    assert cases(project, check(project, 0)) is None
