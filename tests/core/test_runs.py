"""Run folders: names, events that survive a kill, the record, and the picture of the curves."""

from __future__ import annotations

import math
import os
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest

from core import runs
from core.curves import smoothed, svg, thinned
from core.events import Baseline, Ended, Epoch, Event, Losses, Note, Started
from core.frames import frame
from core.project import Project

STORY: list[Event] = [
    Started("run", "cpu", 1, False, 3, 2, (8, 2, 1), 0, 5, time=12.0),
    Losses(0, struct.pack("<2f", 2.0, 1.0), 0.1, 80, 0.5, 0.1),
    Epoch(1, 2, 0.2, {"validation_loss": 1.5}, True),
    Losses(2, struct.pack("<2f", 0.8, 0.7), 0.3, 80, 1.0, 0.0),
    Epoch(2, 4, 0.4, {"validation_loss": 1.7}),
    Baseline("Logistic regression", "validation_accuracy", 0.9),
    Note("note", "Something was seen."),
    Ended("run", "finished", 2, 4, 0.4, 80.0, {"validation_loss": 1.5}),
]


def told(folder: Path, story: list[Event] = STORY) -> Path:
    (folder / runs.EVENTS).write_bytes(b"".join(frame(event) for event in story))
    return folder


def test_that_a_new_folder_never_takes_the_place_of_another(tmp_path: Path) -> None:
    made = {runs.new_folder(tmp_path / "runs") for _ in range(5)}
    assert len(made) == 5
    assert all(folder.is_dir() and not list(folder.iterdir()) for folder in made)
    (tmp_path / "file").write_text("")
    with pytest.raises(runs.RunFault, match="cannot be made"):
        runs.new_folder(tmp_path / "file" / "runs")


def test_that_runs_go_to_the_home_folder_by_default(own_home: Path) -> None:
    assert runs.new_folder().is_relative_to(own_home)


def test_that_events_come_back_as_they_were_told(tmp_path: Path) -> None:
    assert list(runs.events(told(tmp_path))) == STORY


def test_that_a_stream_cut_anywhere_gives_the_events_before_the_cut(tmp_path: Path) -> None:
    path = told(tmp_path) / runs.EVENTS
    whole = path.read_bytes()
    ends = [sum(len(frame(event)) for event in STORY[: count + 1]) for count in range(len(STORY))]
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        assert list(runs.events(tmp_path)) == STORY[: sum(end <= size for end in ends)]


def test_that_garbage_behind_the_events_is_passed_over(tmp_path: Path) -> None:
    path = told(tmp_path) / runs.EVENTS
    path.write_bytes(path.read_bytes() + b"\x05\x00\x00\x00hello\xff\xff\xff\xff")
    assert list(runs.events(tmp_path)) == STORY


def test_that_a_folder_without_events_is_said(tmp_path: Path) -> None:
    with pytest.raises(runs.RunFault, match="holds no run that can be read"):
        list(runs.events(tmp_path))


def test_that_a_summary_tells_a_run(tmp_path: Path) -> None:
    found = runs.summary(told(tmp_path))
    assert (found.how, found.epochs, found.steps, found.best_epoch) == ("finished", 2, 4, 1)
    assert found.metrics == {"validation_loss": 1.5}
    assert found.baseline == STORY[5]
    assert found.notes == ("Something was seen.",)
    assert runs.summary(told(tmp_path, STORY[:4])).how == ""


def test_that_the_newest_run_is_listed_first(tmp_path: Path) -> None:
    for name, time in (("old", 1000), ("new", 2000)):
        (tmp_path / name).mkdir()
        os.utime(told(tmp_path / name) / runs.EVENTS, (time, time))
    (tmp_path / "other").mkdir()
    assert [folder.name for folder in runs.list_runs(tmp_path)] == ["new", "old"]
    assert runs.list_runs(tmp_path / "absent") == []


def test_that_an_evaluation_is_added_and_the_rest_kept(tmp_path: Path) -> None:
    runs.write_record(tmp_path, {"seed": 3})
    assert runs.record_evaluation(tmp_path, {"test_loss": 0.5}).uses == 1
    assert runs.record_evaluation(tmp_path, {"test_loss": 0.5}).uses == 2
    record = runs.read_record(tmp_path)
    assert record["seed"] == 3
    assert len(record["evaluations"]) == 2


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_that_a_damaged_record_gives_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / runs.RECORD).write_bytes(content)
    with pytest.raises(runs.RunFault, match="damaged"):
        runs.read_record(tmp_path)


def test_that_beginning_again_takes_away_only_what_a_run_wrote(tmp_path: Path) -> None:
    told(tmp_path)
    (tmp_path / "tensorboard").mkdir()
    (tmp_path / "notes.txt").write_text("mine")
    runs.begin(tmp_path, Project(), {"model.py": "x = 1\n"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.py", "notes.txt", "project.loom"]


# ---- the picture

SPACE = "{http://www.w3.org/2000/svg}"


def test_that_the_picture_shows_both_curves_inside_its_frame() -> None:
    text = runs.curves_svg(STORY, "Digits <one>")
    root = ElementTree.fromstring(text)
    lines = {line.get("class"): line for line in root.iter(f"{SPACE}polyline")}
    assert set(lines) == {"faint", "train", "validation"}
    for line in lines.values():
        for point in (line.get("points") or "").split():
            x, y = map(float, point.split(","))
            assert 64 <= x <= 740
            assert 56 <= y <= 372
    words = [each.text for each in root.iter(f"{SPACE}text")]
    assert "Digits <one>" in words
    assert "steps" in words


def test_that_a_falling_loss_falls_in_the_picture() -> None:
    root = ElementTree.fromstring(svg("x", [10.0 ** (2 - index / 100) for index in range(500)], []))
    line = next(line for line in root.iter(f"{SPACE}polyline") if line.get("class") == "train")
    heights = [float(point.split(",")[1]) for point in (line.get("points") or "").split()]
    assert heights == sorted(heights)


@pytest.mark.parametrize("steps", [[], [1.0], [0.0, -1.0], [math.nan, math.inf], [1e-30, 1e30], [5.0] * 10])
def test_that_any_losses_make_a_picture(steps: list[float]) -> None:
    ElementTree.fromstring(svg("x", steps, [(1, steps[0])] if steps else []))


def test_that_no_spike_is_lost_when_points_are_thinned() -> None:
    points = [(float(index), 1.0) for index in range(100_000)]
    points[54_321] = (54_321.0, 9.0)
    assert (54_321.0, 9.0) in thinned(points)
    assert len(thinned(points)) <= 1200


def test_that_smoothing_keeps_a_constant() -> None:
    assert all(y == pytest.approx(4) for _, y in smoothed([(float(x), 4.0) for x in range(1000)]))
