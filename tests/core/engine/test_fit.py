"""A training from its first step to its end: what it says, what it keeps, and every way in which it can end."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from core import runs
from core.engine import weights
from core.engine.compile import new_model
from core.engine.device import chosen, is_out_of_memory
from core.engine.fault import Fault
from core.engine.trial import Choices
from core.events import Baseline, Ended, Epoch, Histograms, Losses, Note, Paused, Predictions, Started
from core.examples import example_project
from core.graph import with_value, without_links
from core.messages import Control
from core.project import Data, Project, save


def all_losses(events: list[Any]) -> np.ndarray[Any, Any]:
    return np.concatenate([np.frombuffer(event.values, "<f4") for event in events if isinstance(event, Losses)])


def test_that_a_run_says_everything_in_order(train: Any, heard: Any) -> None:
    ended = train("moons", epochs=5)
    started = heard[0]
    assert isinstance(started, Started)
    assert started.rows == (420, 120, 60)
    assert started.steps_per_epoch == 420 // 32
    assert started.weights[0] == "linear1.weight"
    assert len(started.data_hash) == 64
    assert all_losses(heard).size == ended.steps == 5 * (420 // 32)
    firsts = [event.first for event in heard.of(Losses)]
    sizes = [len(event.values) // 4 for event in heard.of(Losses)]
    assert firsts == [sum(sizes[:index]) for index in range(len(sizes))]
    assert [event.epoch for event in heard.of(Epoch)] == [1, 2, 3, 4, 5]
    assert heard.of(Losses)[-1].done == 1.0
    assert ended.how == "finished"
    assert {"train_loss", "validation_loss", "train_accuracy", "validation_accuracy"} <= set(ended.metrics)


def test_that_the_mean_of_the_losses_is_the_training_loss(train: Any, heard: Any) -> None:
    train("moons", epochs=3)
    steps = all_losses(heard).reshape(3, -1)
    for epoch, losses in zip(heard.of(Epoch), steps, strict=True):
        assert epoch.metrics["train_loss"] == pytest.approx(float(losses.mean()), rel=1e-5)


def test_that_the_folder_holds_the_whole_run(train: Any, heard: Any, tmp_path: Path) -> None:
    ended = train("moons", epochs=4)
    folder = tmp_path / "run"
    kept = list(runs.events(folder))
    assert kept[:-1] == list(heard)
    assert kept[-1] == ended
    for name in runs.OF_A_RUN:
        assert (folder / name).exists(), name
    rows = list(csv.DictReader((folder / "metrics.csv").read_text().splitlines()))
    assert [float(row["validation_loss"]) for row in rows] == [e.metrics["validation_loss"] for e in heard.of(Epoch)]
    record = json.loads((folder / "run.json").read_text())
    assert record["choices"] == {"threads": 1, "channels_last": False}
    assert record["seed"] == 0
    assert record["versions"]["torch"] == str(torch.__version__)
    assert "<svg" in (folder / "curves.svg").read_text()
    summary = runs.summary(folder)
    assert (summary.how, summary.epochs, summary.steps) == ("finished", 4, ended.steps)
    assert not list(folder.glob(".*"))


def test_that_tensorboard_reads_the_log(train: Any, heard: Any, tmp_path: Path) -> None:
    train("moons", epochs=3)
    log = EventAccumulator(str(tmp_path / "run" / "tensorboard"))
    log.Reload()
    values = [event.value for event in log.Scalars("loss/validation")]
    assert values == pytest.approx([event.metrics["validation_loss"] for event in heard.of(Epoch)])
    assert "linear1.weight" in log.Tags()["histograms"]


def test_that_the_kept_weights_are_the_best_and_the_last(train: Any, heard: Any, tmp_path: Path) -> None:
    train("iris", epochs=60, lr=0.05)
    best = min(heard.of(Epoch), key=lambda event: event.metrics["validation_loss"])
    assert best.best
    assert best.epoch < 60
    tensors, metadata = weights.read(tmp_path / "run" / "best.safetensors")
    assert metadata["epoch"] == best.epoch
    assert metadata["nodes"]["linear1.weight"] == "linear1"
    last, metadata = weights.read(tmp_path / "run" / "last.safetensors")
    assert metadata["epoch"] == 60
    assert not torch.equal(tensors["linear1.weight"], last["linear1.weight"])
    weights.load(new_model(tmp_path / "run"), tmp_path / "run" / "best.safetensors")


@pytest.mark.parametrize("choices", [Choices(1), Choices(2, True)])
def test_that_the_same_seed_gives_the_same_weights_to_the_last_bit(
    train: Any, heard: Any, tmp_path: Path, choices: Choices
) -> None:
    for folder in ("one", "two"):
        train("digits", folder, choices, epochs=1, seed=7)
    one, two = ((tmp_path / folder / "last.safetensors").read_bytes() for folder in ("one", "two"))
    assert one == two
    train("digits", "three", choices, epochs=1, seed=8)
    assert (tmp_path / "three" / "last.safetensors").read_bytes() != one


def test_that_choosing_by_timing_does_not_change_the_run(train: Any, tmp_path: Path, heard: Any) -> None:
    train("digits", "timed", None, epochs=1)
    started = heard.of(Started)[0]
    train("digits", "told", Choices(started.threads, started.channels_last), epochs=1)
    if not any(isinstance(event, Note) for event in heard):  # a busy machine may have cost a thread on the way
        timed, told = ((tmp_path / folder / "last.safetensors").read_bytes() for folder in ("timed", "told"))
        assert timed == told


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "AdamW", "RMSprop"])
def test_that_every_optimizer_learns(train: Any, heard: Any, optimizer: str) -> None:
    ended = train("moons", epochs=12, optimizer=optimizer, lr=0.1 if optimizer == "SGD" else 0.01)
    assert ended.metrics["validation_accuracy"] > 0.75
    assert ended.metrics["validation_loss"] < heard.of(Epoch)[0].metrics["validation_loss"]


def test_that_regression_is_measured_in_the_units_of_the_data(train: Any, heard: Any) -> None:
    ended = train("diabetes", epochs=20)
    assert 30 < ended.metrics["validation_mae"] < 60
    assert ended.metrics["validation_r2"] > 0.3
    told = heard.of(Predictions)[-1]
    assert all(20 < row.target[0] < 350 for row in told.rows)
    assert heard.of(Baseline)[0].metric == "validation_r2"


def test_that_histograms_follow_the_watched_node(train: Any, heard: Any) -> None:
    heard.control.watch = "linear2"
    train("moons", epochs=2)
    first = heard.of(Histograms)[0]
    assert len(first.weights) > 0
    for each in first.weights:
        counts = np.frombuffer(each.counts, "<u4")
        assert len(counts) == 64
        assert each.low <= each.mean <= each.high
        assert each.gradient_norm > 0
    assert heard.of(Histograms)[-1].step == heard.of(Epoch)[-1].step


def test_that_the_worst_validation_rows_come_first_with_their_raw_input(train: Any, heard: Any) -> None:
    train("digits", epochs=1)
    told = heard.of(Predictions)[-1]
    losses = [row.loss for row in told.rows]
    assert losses == sorted(losses, reverse=True)
    assert len(told.rows) == 32
    assert (told.field, told.shape) == ("image", (1, 8, 8))
    picture = np.frombuffer(told.rows[0].input, "<f4")
    assert picture.max() == 16
    assert sum(told.rows[0].output) == pytest.approx(1, abs=1e-6)
    assert told.classes == tuple("0123456789")


def test_that_the_baseline_is_the_score_of_logistic_regression(train: Any, heard: Any) -> None:
    train("digits", epochs=1)
    told = heard.of(Baseline)[0]
    assert told.name == "Logistic regression"
    assert 0.95 < told.value < 0.99


# ---- steering


def test_that_stop_ends_after_the_current_step_and_keeps_the_weights(train: Any, heard: Any, tmp_path: Path) -> None:
    def stop(event: Any) -> None:
        heard.control.stopped = heard.control.stopped or isinstance(event, Losses)

    heard.when = stop
    ended = train("digits", epochs=500)
    assert ended.how == "stopped"
    assert ended.steps < 19
    assert ended.metrics["validation_loss"] > 0
    for name in ("best.safetensors", "last.safetensors", "curves.svg"):
        assert (tmp_path / "run" / name).exists()


def test_that_a_pause_stands_still_until_it_goes_on(train: Any, heard: Any) -> None:
    stood: list[int] = []

    def steer(event: Any) -> None:
        if isinstance(event, Losses) and not stood:
            heard.control.steer(Control("pause"))
        if event == Paused(True):
            stood.append(int(all_losses(heard).size))
            heard.control.steer(Control("continue"))

    heard.when = steer
    ended = train("moons", epochs=3)
    assert [event.paused for event in heard.of(Paused)] == [True, False]
    assert 0 < stood[0] < ended.steps
    assert ended.how == "finished"
    assert ended.steps == 39


def test_that_a_paused_run_gives_the_same_weights_as_one_that_was_not(train: Any, heard: Any, tmp_path: Path) -> None:
    train("moons", "whole", epochs=2)

    def steer(event: Any) -> None:
        if isinstance(event, Losses):
            heard.control.steer(Control("pause"))
        if event == Paused(True):
            heard.control.steer(Control("continue"))

    heard.when = steer
    train("moons", "paused", epochs=2)
    whole, paused = ((tmp_path / folder / "last.safetensors").read_bytes() for folder in ("whole", "paused"))
    assert whole == paused


# ---- what goes wrong


def test_that_a_loss_that_is_no_number_ends_the_run_with_one_sentence(train: Any, heard: Any, tmp_path: Path) -> None:
    ended = train("diabetes", epochs=200, optimizer="SGD", lr=30.0)
    assert ended.how == "failed"
    assert "NaN" in ended.message or "infinite" in ended.message
    assert f"at step {ended.steps + 1} " in ended.message
    assert "lower the learning rate" in ended.message
    assert heard.of(Note)[-1].severity == "error"
    assert heard.of(Note)[-1].message == ended.message
    assert runs.summary(tmp_path / "run").how == "failed"
    assert np.isfinite(all_losses(heard)).all()


def test_that_the_best_weights_survive_a_loss_that_is_no_number(train: Any, heard: Any, tmp_path: Path) -> None:
    def spoil(event: Any) -> None:
        if isinstance(event, Epoch) and event.epoch >= 3:
            loop = next(frame for frame in _frames() if "self" in frame and hasattr(frame["self"], "_model"))["self"]
            with torch.no_grad():
                loop._parameters[0].fill_(float("nan"))

    heard.when = spoil
    ended = train("moons", epochs=2000)
    assert ended.how == "failed"
    assert "NaN" in ended.message
    tensors, _ = weights.read(tmp_path / "run" / "best.safetensors")
    assert all(torch.isfinite(tensor).all() for tensor in tensors.values())
    assert not (tmp_path / "run" / "last.safetensors").exists()


def _frames() -> list[dict[str, Any]]:
    frame, found = sys._getframe(), []
    while frame is not None:
        found.append(frame.f_locals)
        frame = frame.f_back  # type: ignore[assignment]
    return found


def test_that_nothing_starts_from_a_graph_with_an_error(train: Any, heard: Any, tmp_path: Path) -> None:
    project = example_project("moons")
    open_loss = msgspec.structs.replace(
        project, graph=without_links(project.graph, [link for link in project.graph.links if link.target == "loss"])
    )
    with pytest.raises(Fault) as refused:
        train(open_loss)
    assert refused.value.problems
    assert not (tmp_path / "run" / "events.msgpack").exists()
    with pytest.raises(Fault):
        train(msgspec.structs.replace(project, data=Data("Csv", {"path": "/absent/points.csv"})))
    assert heard == []


def test_that_a_device_that_is_not_there_is_said(train: Any) -> None:
    missing = "mps" if not torch.backends.mps.is_available() else "cuda"
    with pytest.raises(Fault, match=rf"The device {missing} is not there.*set the device to auto"):
        train("moons", device=missing)
    assert chosen("cpu").type == "cpu"


def test_that_running_out_of_memory_is_said_in_one_sentence(train: Any, heard: Any, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError) as error:
        torch.empty(1 << 50)
    assert is_out_of_memory(error.value)
    assert not is_out_of_memory(RuntimeError("shapes differ"))
    project = example_project("moons")
    huge = with_value(with_value(project.graph, "linear1", "out_features", 1 << 23), "linear2", "out_features", 1 << 23)
    with pytest.raises(Fault, match="Memory ran out on cpu at a batch size of 32; make the batch or"):
        train(msgspec.structs.replace(project, graph=huge))


def test_that_a_folder_that_cannot_be_written_is_said(train: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Fault, match=r"The run folder .* cannot be written"):
        train("moons", "file/run")


def test_that_a_second_run_into_a_folder_leaves_nothing_of_the_first(train: Any, tmp_path: Path) -> None:
    train("moons", epochs=4)
    (tmp_path / "run" / "mine.txt").write_text("a person's own")
    train("moons", epochs=1)
    assert runs.summary(tmp_path / "run").epochs == 1
    assert (tmp_path / "run" / "mine.txt").read_text() == "a person's own"
    assert len(list((tmp_path / "run" / "tensorboard").iterdir())) == 1


# ---- in a process of its own

CHILD = """
import resource, sys
from pathlib import Path
from core.engine.control import Controls
from core.engine.fit import fit
from core.engine.trial import Choices
from core.events import Epoch
from core.messages import Train
from core.project import load

def hear(event):
    if isinstance(event, Epoch) and event.epoch == 3:
        print("going", flush=True)
    if LIMIT and isinstance(event, Epoch) and event.epoch == 2:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))

LIMIT = int(sys.argv[3])
ended = fit(Train(load(Path(sys.argv[1])), sys.argv[2]), hear, Controls(), Choices(1))
print(ended.how, ended.message, sep="|", flush=True)
"""


def child(project: Project, folder: Path, limit: int = 0) -> subprocess.Popen[str]:
    path = folder / "project.loom"
    save(project, path)
    root = str(Path(__file__).resolve().parents[3])
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), str(folder / "run"), str(limit)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )


def endless(name: str) -> Project:
    project = example_project(name)
    return msgspec.structs.replace(project, training={**project.training, "epochs": 1_000_000})


def test_that_a_killed_run_can_be_read_as_far_as_it_came(tmp_path: Path) -> None:
    running = child(endless("iris"), tmp_path)
    assert running.stdout is not None
    assert running.stdout.readline() == "going\n"
    running.kill()
    running.communicate()
    folder = tmp_path / "run"
    kept = list(runs.events(folder))
    assert all(not isinstance(event, Ended) for event in kept)
    assert runs.summary(folder).how == ""
    weights.load(new_model(folder), folder / "best.safetensors")


def test_that_a_full_disk_ends_the_run_with_one_sentence_and_keeps_what_was_written(tmp_path: Path) -> None:
    running = child(endless("iris"), tmp_path, limit=40_000)
    out, errors = running.communicate(timeout=120)
    assert running.returncode == 0, errors
    how, message = out.splitlines()[-1].split("|")
    assert how == "failed"
    assert "cannot be written" in message
    assert "What was written before is kept." in message
    assert "Traceback" not in errors
    kept = list(runs.events(tmp_path / "run"))
    assert isinstance(kept[0], Started)
    assert any(isinstance(event, Epoch) for event in kept)
