"""Random projects of blocks compute what is drawn, and go on to when they are taken apart and put together."""

from __future__ import annotations

import contextlib
import itertools
import random
from pathlib import Path

import pytest
import torch
from carrying import RUN, carried, given, learning, model_of, small_projects
from proving import proved

from core.blocks import BlockFault
from core.engine.check import check
from core.engine.control import Controls
from core.engine.export import export
from core.grouping import ENDS, grouped, ungrouped
from core.messages import Export
from core.project import Project

pytestmark = pytest.mark.usefixtures("one_thread")


# ---- source and interpreter


@pytest.mark.parametrize("seed", range(0, 400, 20))
def test_that_random_blocks_compute_what_is_drawn(seed: int) -> None:
    _, drawn = next(small_projects(seed))
    proved(drawn, given(drawn), lints=seed < 60)


@pytest.mark.campaign
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("hundred", range(10))
def test_that_a_thousand_random_projects_compute_what_is_drawn(hundred: int) -> None:
    for seed, drawn in itertools.islice(small_projects(RUN + 1000 * hundred), 100):
        try:
            proved(drawn, given(drawn), lints=seed % 10 == 0)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {type(error).__name__}: {error}") from error


# ---- ONNX


def as_onnx(drawn: Project, path: Path) -> float | None:
    return export(Export(drawn, "onnx", str(path)), lambda _: None, Controls()).max_difference


def test_that_a_random_project_is_the_same_as_onnx(tmp_path: Path) -> None:
    _, drawn = next(small_projects(3))
    assert (as_onnx(drawn, tmp_path / "model.onnx") or 0) <= 1e-5


@pytest.mark.campaign
@pytest.mark.timeout(1200)
def test_that_thirty_random_projects_are_the_same_as_onnx(tmp_path: Path) -> None:
    for seed, drawn in itertools.islice(small_projects(RUN + 50_000), 30):
        assert (as_onnx(drawn, tmp_path / f"{seed}.onnx") or 0) <= 1e-5, seed


# ---- taken apart and put together


def taken_apart(drawn: Project) -> tuple[Project, dict[str, str]]:
    """The project with every block drawn out, and the path that each node had."""
    graph, paths = drawn.graph, dict[str, str]()
    while uses := [node_id for node_id, node in graph.nodes.items() if node.layer in graph.blocks]:
        sizes = check(Project(graph), 0).sizes
        graph, made = ungrouped(graph, uses[0], sizes)
        for path, was in made.items():
            use, _, rest = was.partition("/")
            paths[path] = f"{paths.get(use, use)}/{rest}"
    return Project(graph), paths


def put_together(drawn: Project, rng: random.Random) -> tuple[Project, dict[str, str]]:
    """The project with a random selection as a block, and the path that each node had; some cannot be one."""
    graph = drawn.graph
    may = [node_id for node_id, node in graph.nodes.items() if node.layer not in ENDS]
    order = check(drawn, 0).order
    for count in range(min(len(may), 8), 0, -1):
        for first in rng.sample(range(len(may) - count + 1), len(may) - count + 1):
            chosen = sorted(may, key=order.index)[first : first + count]
            with contextlib.suppress(BlockFault):
                made, used = grouped(graph, chosen, "Chosen")
                return Project(made), {f"{used}/{each}": each for each in chosen}
    return drawn, {}


def unchanged(seed: int, drawn: Project) -> None:
    """Taking apart and putting together change no number and no count."""
    torch.manual_seed(seed)
    model, row = model_of(drawn), given(drawn)
    expected, count = learning(model, row)
    apart, paths = taken_apart(drawn)
    assert not {node.layer for node in apart.graph.nodes.values()} & set(drawn.graph.blocks)
    whole = carried(drawn, model, apart, paths)
    changed = [whole]
    for before, held in ((drawn, model), (apart, whole)):
        after, moved = put_together(before, random.Random(seed))
        assert moved or len(before.graph.nodes) < 4, "something can always be a block"
        changed.append(carried(before, held, after, moved))
    for each in changed:
        found, has = learning(each, row)
        assert all(torch.equal(one, other) for one, other in zip(expected, found, strict=True))
        assert has == count


@pytest.mark.parametrize("seed", range(0, 120, 20))
def test_that_taking_apart_and_putting_together_change_no_number(seed: int) -> None:
    unchanged(*next(small_projects(seed)))


@pytest.mark.campaign
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("hundred", range(10))
def test_that_a_thousand_projects_taken_apart_and_put_together_change_no_number(hundred: int) -> None:
    for seed, drawn in itertools.islice(small_projects(RUN + 1000 * hundred), 100):
        try:
            unchanged(seed, drawn)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {type(error).__name__}: {error}") from error
