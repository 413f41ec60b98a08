"""The examples: files that read, check without a word, and reach the goal that they name."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.engine.check import check
from core.engine.control import Controls
from core.engine.fit import fit
from core.examples import EXAMPLES, Example, example_project
from core.messages import Train
from core.project import text_of


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)
def test_that_an_example_has_words_and_checks_without_errors_or_warnings(example: Example) -> None:
    assert example.title
    assert example.about.endswith(".")
    assert example.seconds > 0
    checked = check(example_project(example.name), 0)
    assert [problem.message for problem in checked.problems if problem.severity != "note"] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)
def test_that_nodes_of_an_example_stand_apart_in_reading_order(example: Example) -> None:
    project = example_project(example.name)
    places = [(node.x, node.y) for node in project.graph.nodes.values()]
    for index, (x, y) in enumerate(places):
        for other_x, other_y in places[:index]:
            assert abs(x - other_x) >= 180 or abs(y - other_y) >= 120


def test_that_the_file_of_an_example_is_what_saving_would_write() -> None:
    folder = Path(__file__).resolve().parents[2] / "resources" / "examples"
    assert {path.stem for path in folder.glob("*.loom")} == {each.name for each in EXAMPLES}
    for path in folder.glob("*.loom"):
        assert path.read_text(encoding="utf-8") == text_of(example_project(path.stem))
    with pytest.raises(KeyError):
        example_project("nothing")


def reached(example: Example, folder: Path, seeds: int) -> float:
    goal: Any = example.goal
    found = []
    for seed in range(seeds):
        project = msgspec.structs.replace(example_project(example.name), seed=seed)
        ended = fit(Train(project, str(folder / str(seed))), lambda event: None, Controls())
        assert ended.how == "finished"
        found.append(ended.metrics[goal["metric"]])
    return statistics.median(found)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)
def test_that_a_first_run_of_an_example_comes_near_its_goal(example: Example, tmp_path: Path) -> None:
    goal: Any = example.goal
    assert reached(example, tmp_path, 1) >= goal["at_least"] - 0.02


@pytest.mark.campaign
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)
def test_that_the_median_of_three_seeds_reaches_the_goal(example: Example, tmp_path: Path) -> None:
    goal: Any = example.goal
    assert reached(example, tmp_path, 3) >= goal["at_least"]
