"""The written train.py loads what the application loads, and trains with every setting that a person can choose."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from ruff import find_ruff_bin

from core.datasets import DATASETS
from core.engine.check import check
from core.engine.compile import build, written
from core.engine.data import load
from core.messages import Checked, DataReport
from core.project import Data, Project
from core.source import write

Draw = Callable[..., Project]

PICTURES = """
image = Input(field="image")
conv1 = Conv2d(image, out_channels=4)
drop1 = Dropout(conv1)
flatten1 = Flatten(drop1)
linear1 = Linear(flatten1, out_features=10)
label = Target(field="label")
loss1 = CrossEntropyLoss(linear1, label)
"""

LINEAR = """
given = Input(field={given!r})
flatten1 = Flatten(given)
linear1 = Linear(flatten1, out_features={width})
wanted = Target(field={wanted!r})
loss1 = {loss}(linear1, wanted)
"""


def built(project: Project, folder: Path, **choices: Any) -> tuple[Any, str]:
    """The imported train.py of a project, and its text."""
    checked = check(project, 0)
    assert [problem.message for problem in checked.problems if problem.severity == "error"] == []
    source = written(project, checked, **choices)
    for name, text in source.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return build(folder)[1], source.files["train.py"]


def linear(draw: Draw, data: Data, report: DataReport) -> Project:
    """One Linear between the input and the target of a data set."""
    given = next(field for field in report.fields if field.role == "input")
    wanted = next(field for field in report.fields if field.role == "target")
    width = len(wanted.classes) or wanted.spec.shape[-1]
    loss = "CrossEntropyLoss" if wanted.classes else "MSELoss"
    return draw(LINEAR.format(given=given.name, wanted=wanted.name, width=width, loss=loss), data=data)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, list[Data]]:
    """Files of a person's own: classes and numbers in a CSV with a difficult name, arrays in an NPZ."""
    folder = tmp_path / 'it\'s my "data"'
    folder.mkdir()
    rows = [f"{row % 7},{row % 5},{'xy'[row % 2]},{row / 10}" for row in range(60)]
    (folder / "a.csv").write_text("\n".join(["a,b,kind", *(row.rsplit(",", 1)[0] for row in rows)]) + "\n", "utf-8")
    (folder / "b.csv").write_text(
        "\n".join(["a,b,kind,y", *rows]).replace("x", "1").replace(",y,", ",0,") + "\n", "utf-8"
    )
    np.savez(folder / "c.npz", x=np.random.default_rng(0).random((60, 3), np.float32), y=np.arange(60) % 3)
    tables = [Data("Csv", {"path": str(folder / name)}) for name in ("a.csv", "b.csv")]
    return {"Csv": tables, "Npz": [Data("Npz", {"path": str(folder / "c.npz")})]}


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_that_the_script_loads_every_data_set_bit_for_bit_as_the_application(
    name: str, files: dict[str, list[Data]], draw: Draw, tmp_path: Path
) -> None:
    for data in files.get(name, [Data(name)]):
        own = load(data)
        train, text = built(linear(draw, data, own.report), tmp_path)
        theirs = train.load()
        assert theirs.keys() == own.parts.keys()
        for part, fields in own.parts.items():
            assert theirs[part].keys() == fields.keys()
            for field, values in fields.items():
                assert theirs[part][field].dtype == values.dtype
                assert np.array_equal(theirs[part][field], values)
        (tmp_path / "train.py").write_text(text.replace(repr(str(tmp_path))[1:-1], ""), encoding="utf-8")  # may be long
        command = [find_ruff_bin(), "check", "--isolated", "--no-cache", "--select", "E,F,I,N,UP,SIM", "."]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def trained(
    train: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[list[str], dict[str, torch.Tensor]]:
    """The lines that the script prints, and the weights that it leaves."""
    monkeypatch.chdir(folder)
    train.main()
    return capsys.readouterr().out.strip().split("\n"), safetensors.torch.load_file(folder / "weights.safetensors")


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "AdamW", "RMSprop"])
def test_that_the_script_trains_with_every_optimizer(
    optimizer: str, draw: Draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = {
        "epochs": 3,
        "optimizer": optimizer,
        "lr": 0.01,
        "momentum": 0.5,
        "weight_decay": 0.001,
        "device": "cpu",
    }
    train, text = built(draw(PICTURES, training=settings), tmp_path)
    lines, weights = trained(train, tmp_path, monkeypatch, capsys)
    assert len(lines) == 3
    losses = [float(re.findall(r"validation loss ([0-9.]+)", line)[0]) for line in lines]
    assert losses[-1] < losses[0]
    assert "momentum" in text if optimizer in ("SGD", "RMSprop") else "momentum" not in text
    assert weights.keys() == train.Model().state_dict().keys()


def test_that_the_choices_of_a_run_are_written_and_change_nothing_but_rounding(
    draw: Draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[list[str]] = []
    for name, choices in (("plain", {}), ("chosen", {"threads": torch.get_num_threads(), "channels_last": True})):
        (tmp_path / name).mkdir()
        settings = {"epochs": 2, "device": "cpu"}
        project = draw(PICTURES.replace("Dropout(conv1)", "ReLU(conv1)"), training=settings)  # dropout follows memory
        train, text = built(project, tmp_path / name, **choices)
        assert ("channels_last" in text) == ("set_num_threads" in text) == bool(choices)
        said.append(trained(train, tmp_path / name, monkeypatch, capsys)[0])
    losses = [[float(word) for word in re.findall(r"loss ([0-9.]+)", " ".join(lines))] for lines in said]
    assert np.allclose(*losses, atol=2e-3)


def test_that_without_validation_rows_the_last_weights_are_kept(
    draw: Draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = Data("Digits", split={"validation": 0.0})
    train, text = built(draw(PICTURES, data=data, training={"epochs": 1, "device": "cpu"}), tmp_path)
    lines, _ = trained(train, tmp_path, monkeypatch, capsys)
    assert "validation loss" not in text
    assert re.fullmatch(r"epoch 1: train loss \d\.\d+", lines[0])


def test_that_a_batch_larger_than_the_data_is_one_step(
    draw: Draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    train, _ = built(draw(PICTURES, training={"epochs": 1, "batch_size": 100_000, "device": "cpu"}), tmp_path)
    lines, _ = trained(train, tmp_path, monkeypatch, capsys)
    assert lines[0].startswith("epoch 1: train loss 2.")


def test_that_data_which_cannot_be_read_stands_as_a_comment(draw: Draw) -> None:
    project = draw(PICTURES, data=Data("Csv", {"path": "/nowhere/at\nall.csv"}))
    text = write(project, check(project, 0)).files["train.py"]
    compile(text, "train.py", "exec")
    assert "\n# missing: the data (" in text


def test_that_a_loss_named_like_a_function_of_the_script_gets_another_name(draw: Draw, tmp_path: Path) -> None:
    names = ("digits", "scaled", "split_rows", "json")
    text = PICTURES + "".join(f"{name} = CrossEntropyLoss(linear1, label)\n" for name in names)
    train, text = built(draw(text), tmp_path)
    assert all(f"{name}_2 = nn.CrossEntropyLoss()" in text for name in names)
    assert train.load()["training"]["image"].shape[1:] == (1, 8, 8)


def test_that_an_objective_without_losses_is_written_as_unfinished() -> None:
    text = write(Project(), Checked(0)).files["train.py"]
    assert "# missing: the graph has no loss" in text
    assert 'raise NotImplementedError("This objective is not finished.")' in text
