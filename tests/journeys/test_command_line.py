"""The command line from outside, as people and scripts meet it: real processes, real data, no network."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from no_network import NO_NETWORK

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a project, and a hook on every Python that is started from it: using the network fails."""
    folder = tmp_path_factory.mktemp("journey")
    (folder / "hook").mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    return folder


def layerloom(place: Path, *words: object, timeout: float = 240) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(place / "hook")])}
    command = [sys.executable, "-P", "-m", "core", *map(str, words)]
    return subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, timeout=timeout)


def answer(place: Path, *words: object, code: int = 0) -> Any:
    done = layerloom(place, *words, "--json")
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def project(place: Path) -> Path:
    """The digits example in a file."""
    done = layerloom(place, "new", "digits", "digits.loom")
    assert done.returncode == 0, done.stderr
    return place / "digits.loom"


@pytest.fixture(scope="module")
def run(place: Path, project: Path) -> Path:
    """A run of two epochs of the digits example."""
    trained = answer(place, "train", project, "--out", "run", "--epochs", "2", "--seed", "3")
    assert trained["epochs"] == 2
    assert trained["steps"] > 20
    assert trained["samples_per_second"] > 0
    assert {"train_loss", "validation_loss", "validation_accuracy"} <= set(trained["metrics"])
    assert trained["metrics"]["validation_accuracy"] > 0.8
    return place / "run"


def test_that_the_network_hook_would_fail_a_journey_that_used_it(place: Path) -> None:
    code = "import socket; socket.create_connection(('127.0.0.1', 9))"
    environment = {**os.environ, "PYTHONPATH": str(place / "hook")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert "the network was used" in done.stderr


def test_that_layers_are_listed_with_everything_that_a_program_needs(place: Path) -> None:
    layers = answer(place, "layers")
    assert len(layers) >= 45
    for entry in layers:
        assert entry.keys() >= {"name", "family", "torch", "help", "use", "formula", "paper", "synonyms"}
        assert entry["help"]
        for parameter in entry["parameters"]:
            assert parameter.keys() >= {"name", "type", "default", "bounds", "help", "choices", "optional", "when"}
            assert parameter["help"]
        for side in ("inputs", "outputs"):
            assert [port["name"] for port in entry["ports"][side]] == entry[side]
            assert all(port["shape"] for port in entry["ports"][side])
    by_name = {entry["name"]: entry for entry in layers}
    (_, indices) = by_name["MaxPool2d"]["ports"]["outputs"]
    assert (indices["optional"], indices["when"]) == (True, "return_indices")
    assert by_name["Cat"]["ports"]["inputs"][0]["variadic"] is True
    padding = next(each for each in by_name["Conv2d"]["parameters"] if each["name"] == "padding")
    assert set(padding["choices"]) == {"same", "valid"}


def test_that_every_example_is_written_and_has_no_error(place: Path) -> None:
    for example in answer(place, "examples"):
        path = place / f"{example['name']}-example.loom"
        answer(place, "new", example["name"], path)
        checked = answer(place, "check", path)
        assert not [problem for problem in checked["problems"] if problem["severity"] == "error"]
        assert checked["parameters"] > 0


def test_that_new_never_writes_over_a_file(place: Path, project: Path) -> None:
    before = project.read_bytes()
    done = layerloom(place, "new", "digits", project)
    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert project.read_bytes() == before


def test_that_check_says_every_shape_with_the_batch_as_n(place: Path, project: Path) -> None:
    checked = answer(place, "check", project)
    image = next(node for node in checked["nodes"].values() if node["layer"] == "Input")
    assert image["outputs"]["output"] == {"shape": ["N", 1, 8, 8], "dtype": "float32"}
    assert checked["macs"] > 0


def test_that_a_project_with_an_error_is_exit_code_1_and_is_not_trained(place: Path, project: Path) -> None:
    document = json.loads(project.read_text(encoding="utf-8"))
    document["links"] = document["links"][1:]
    broken = place / "broken.loom"
    broken.write_text(json.dumps(document), encoding="utf-8")
    checked = answer(place, "check", broken, code=1)
    assert any(problem["severity"] == "error" for problem in checked["problems"])
    refused = answer(place, "train", broken, "--out", "broken-run", code=1)
    assert refused["error"]


def test_that_a_run_folder_holds_what_a_person_keeps(run: Path) -> None:
    held = {path.name for path in run.iterdir()}
    expected = {"project.loom", "model.py", "train.py", "events.msgpack", "best.safetensors", "last.safetensors"}
    assert expected | {"run.json", "curves.svg", "tensorboard"} <= held
    assert not list(run.glob("**/*.pt"))
    assert not list(run.glob("**/*.pkl"))


def test_that_a_run_is_never_written_over_another(place: Path, project: Path, run: Path) -> None:
    refused = answer(place, "train", project, "--out", "run", "--epochs", "1", code=1)
    assert "not empty" in refused["error"]


@pytest.mark.parametrize(("kind", "out"), [("python", "model"), ("script", "script"), ("onnx", "model.onnx")])
def test_that_each_export_gives_the_same_numbers(place: Path, project: Path, run: Path, kind: str, out: str) -> None:
    exported = answer(place, "export", project, "--to", kind, "--out", out, "--run", run)
    assert exported["files"]
    assert all(Path(file).exists() for file in exported["files"])
    if kind != "script":
        assert exported["max_difference"] is not None
        assert exported["max_difference"] <= 1e-5


def test_that_evaluating_uses_the_test_part_and_counts_it(place: Path, project: Path, run: Path) -> None:
    first = answer(place, "evaluate", project, "--run", run)
    second = answer(place, "evaluate", project, "--run", run)
    assert first["metrics"] == second["metrics"]
    assert second["uses"] == first["uses"] + 1


def test_that_rows_of_a_file_are_predicted(place: Path, project: Path, run: Path) -> None:
    from sklearn.datasets import load_digits

    digits: Any = load_digits()
    np.savez(place / "some.npz", image=digits.images[:50].reshape(-1, 1, 8, 8))
    predicted = answer(place, "predict", project, "--run", run, "--data", "some.npz", "--out", "said.csv")
    assert predicted["rows"] == 50
    with (place / "said.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 50
    said = [row["label"] for row in rows]
    right = sum(text == str(label) for text, label in zip(said, digits.target[:50], strict=True))
    assert right >= 40


def test_that_data_that_does_not_fit_is_one_sentence_that_names_the_file(place: Path, project: Path, run: Path) -> None:
    (place / "points.csv").write_text("x,y\n1,2\n3,4\n", encoding="utf-8")
    done = layerloom(place, "predict", project, "--run", run, "--data", "points.csv", "--out", "p.csv")
    assert done.returncode == 1
    assert "points.csv" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (place / "p.csv").exists()


def test_that_a_run_folder_is_data_and_never_code(place: Path, project: Path, run: Path) -> None:
    foreign = place / "foreign"
    shutil.copytree(run, foreign)
    for name in ("model.py", "train.py"):
        with (foreign / name).open("a", encoding="utf-8") as file:
            file.write(f"open({str(place / 'OWNED')!r}, 'w')\n")
    assert answer(place, "evaluate", project, "--run", foreign)["metrics"]
    assert not (place / "OWNED").exists()


def test_that_measuring_another_network_than_the_runs_is_noted(place: Path, run: Path) -> None:
    answer(place, "new", "iris", "other.loom")
    assert "edited since the run" in answer(place, "evaluate", "other.loom", "--run", run)["note"]


def test_that_a_command_never_writes_over_what_it_reads(place: Path, project: Path, run: Path) -> None:
    before = project.read_bytes()
    refused = answer(place, "export", project, "--to", "onnx", "--out", project, "--run", run, code=1)
    assert "written over" in refused["error"]
    assert project.read_bytes() == before


def test_that_wrong_use_is_one_document_too(place: Path) -> None:
    done = layerloom(place, "nonsense", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]


def test_that_wrong_use_is_exit_code_2(place: Path, project: Path) -> None:
    assert layerloom(place, "nonsense").returncode == 2
    assert layerloom(place, "train", project).returncode == 2
    assert layerloom(place, "train", project, "--out", "x", "--device", "abacus").returncode == 2
    assert layerloom(place, "export", project, "--to", "punchcards", "--out", "x").returncode == 2


def test_that_an_interrupted_training_keeps_what_it_has(place: Path, project: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(place / "hook")])}
    command = [sys.executable, "-P", "-m", "core", "train", str(project), "--out", "cut", "--epochs", "5000"]
    process = subprocess.Popen(
        command, cwd=place, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    while "epoch 2/" not in (line := process.stderr.readline()):
        assert line, "the run ended early"
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 130, rest
    assert "Traceback" not in rest
    assert (place / "cut" / "best.safetensors").exists()
    from core import runs

    assert sum(1 for _ in runs.events(place / "cut")) > 2


def test_that_about_says_nothing_personal(place: Path) -> None:
    said = answer(place, "about")
    assert said["versions"]["torch"]
    assert "cpu" in said["devices"]
    assert str(Path.home()) not in json.dumps(said)
