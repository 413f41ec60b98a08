"""Exports give the same numbers as the application, run alone, and are refused where they do not."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import onnx
import onnxruntime
import pytest
import safetensors.torch
import torch

from core import runs
from core.engine import proof
from core.engine.check import check
from core.engine.compile import load_weights, new_model, save_weights, written
from core.engine.control import Controls
from core.engine.export import export
from core.engine.fault import Cancelled, Fault
from core.engine.fit import fit
from core.messages import ASKED, Asked, Export, Progress, Train
from core.project import Data, Project

Draw = Callable[..., Project]

NETWORK = """
image = Input(field="image")
conv1 = Conv2d(image, out_channels=8, padding=1)
norm1 = BatchNorm2d(conv1)
relu1 = ReLU(norm1)
pool1 = MaxPool2d(relu1)
flatten1 = Flatten(pool1)
drop1 = Dropout(flatten1)
linear1 = Linear(drop1, out_features=10)
label = Target(field="label")
loss1 = CrossEntropyLoss(linear1, label)
"""

TWO_OUTPUTS = """
point = Input(field="point")
noise1 = Noise(shape=(2,))
add1 = Add(point, noise1)
trunk = Linear(add1, out_features=8)
tanh1 = Tanh(trunk)
head1 = Linear(tanh1, out_features=2)
head2 = Linear(tanh1, out_features=2)
side = Output(head1)
other = Output(head2)
label = Target(field="label")
loss1 = CrossEntropyLoss(head1, label)
loss2 = CrossEntropyLoss(head2, label)
"""

SEQUENCE = """
image = Input(field="image")
rows = Squeeze(image, dim=1)
lstm1 = LSTM(rows, hidden_size=16, bidirectional=True)
attention1 = MultiheadAttention(lstm1, lstm1, lstm1, num_heads=4)
lstm2 = LSTM(attention1, hidden_size=8)
last = Select(lstm2, dim=1)
linear1 = Linear(last, out_features=10)
label = Target(field="label")
loss1 = CrossEntropyLoss(linear1, label)
"""

UNSTABLE = """
image = Input(field="image")
flatten1 = Flatten(image)
small = Scale(flatten1, factor=1e-5)
sigmoid1 = Sigmoid(small)
large = Scale(sigmoid1, factor=1e6)
norm1 = LayerNorm(large)
linear1 = Linear(norm1, out_features=10)
label = Target(field="label")
loss1 = CrossEntropyLoss(linear1, label)
"""

USED_ALONE = """
import os, sys
sys.modules["core"] = None
os.chdir(sys.argv[1])
sys.path.insert(0, sys.argv[1])
import safetensors.torch, torch
from model import Model
model = Model()
model.load_state_dict(safetensors.torch.load_file("weights.safetensors"))
model.eval()
print(model(torch.ones(3, 1, 8, 8)).tolist())
"""

CPU = {"epochs": 2, "device": "cpu", "threads": 1}


@pytest.fixture(scope="module")
def trained(draw: Draw, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Path]:
    """A small network trained for two epochs on the digits, and its run."""
    project = draw(NETWORK, training=CPU, seed=3)
    folder = tmp_path_factory.mktemp("trained") / "run"
    assert fit(Train(project, str(folder)), lambda _: None, Controls()).how == "finished"
    return project, folder


@pytest.fixture
def run(trained: tuple[Project, Path], tmp_path: Path) -> tuple[Project, Path]:
    """A copy of that run which a test may change."""
    return trained[0], Path(shutil.copytree(trained[1], tmp_path / "run"))


def exported(project: Project, to: str, out: Path, run: Path | str = "") -> tuple[list[str], float | None, str]:
    """The names of the files, the difference and the note of an export that was made."""
    told: list[Progress] = []
    made = export(Export(project, to, str(out), str(run)), told.append, Controls())  # type: ignore[arg-type]
    assert [each.share for each in told] == sorted(each.share for each in told)
    assert all(Path(path).is_file() for path in made.files)
    return [Path(path).name for path in made.files], made.max_difference, made.note


def own_answer(project: Project, run: Path, folder: Path, images: torch.Tensor) -> torch.Tensor:
    """What the application's model says with the weights of a run."""
    folder.mkdir()
    (folder / "model.py").write_text(written(project, check(project, 0)).files["model.py"], encoding="utf-8")
    model = new_model(folder).eval()
    load_weights(model, run / "best.safetensors")
    with torch.no_grad():
        return model(images)


def test_that_python_is_exported_with_its_weights_and_runs_without_layerloom(
    run: tuple[Project, Path], tmp_path: Path
) -> None:
    names, difference, note = exported(run[0], "python", tmp_path / "out", run[1])
    assert names == ["model.py", "weights.safetensors"]
    assert difference == 0
    assert note == ""
    command = [sys.executable, "-I", "-c", USED_ALONE, str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    own = own_answer(run[0], run[1], tmp_path / "own", torch.ones(3, 1, 8, 8))
    assert np.allclose(json.loads(done.stdout), own.numpy(), atol=1e-6)
    text = (tmp_path / "out" / "model.py").read_text(encoding="utf-8")
    assert 'load_file("weights.safetensors")' in text
    assert "layerloom" not in text.lower()


def test_that_python_without_a_run_is_the_module_alone(draw: Draw, tmp_path: Path) -> None:
    names, difference, _ = exported(draw(NETWORK), "python", tmp_path / "out")
    assert names == ["model.py"]
    assert difference == 0


def test_that_the_script_runs_alone_and_reaches_the_losses_of_the_run(
    run: tuple[Project, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    names, difference, note = exported(run[0], "script", out, run[1])
    assert names == ["model.py", "train.py", "weights.safetensors"]
    assert difference == 0
    assert "epoch 1: " in note
    done = subprocess.run(
        [sys.executable, "train.py"],
        cwd=out,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": ""},
    )
    said = [float(number) for number in re.findall(r"validation loss ([0-9.]+)", done.stdout)]
    told = [event.metrics["validation_loss"] for event in runs.events(run[1]) if hasattr(event, "best")]  # type: ignore[union-attr]
    assert len(said) == len(told) == 2
    assert np.allclose(said, told, atol=2e-4)
    weights = safetensors.torch.load_file(out / "weights.safetensors")
    best = safetensors.torch.load_file(run[1] / "best.safetensors")
    assert weights.keys() == best.keys()
    assert all(torch.allclose(weights[name], best[name], atol=1e-4) for name in best)


def test_that_onnx_has_a_batch_of_any_size_and_the_numbers_of_the_run(
    run: tuple[Project, Path], tmp_path: Path
) -> None:
    path = tmp_path / "model.onnx"
    names, difference, _ = exported(run[0], "onnx", path, run[1])
    assert names == ["model.onnx"]
    assert difference is not None
    assert difference <= 1e-5
    assert sorted(each.name for each in tmp_path.iterdir()) == ["model.onnx", "run"]
    session = onnxruntime.InferenceSession(path)
    assert session.get_inputs()[0].name == "image"
    assert session.get_inputs()[0].shape == ["N", 1, 8, 8]
    images = torch.randn(7, 1, 8, 8)
    own = own_answer(run[0], run[1], tmp_path / "own", images)
    (theirs,) = session.run(None, {"image": images.numpy()})
    assert np.abs(theirs - own.numpy()).max() <= 1e-5 * max(1.0, float(own.abs().max()))
    metadata = {each.key: each.value for each in onnx.load(path).metadata_props}
    assert json.loads(metadata["classes"]) == [str(digit) for digit in range(10)]
    assert json.loads(metadata["project"])["nodes"]["conv1"]["layer"] == "Conv2d"
    assert "image" in json.loads(metadata["scaling"])


def test_that_onnx_takes_noise_as_an_input_and_names_its_outputs(draw: Draw, tmp_path: Path) -> None:
    project = draw(TWO_OUTPUTS, data=Data("Moons"))
    path = tmp_path / "new folder" / "model.onnx"
    _, difference, _ = exported(project, "onnx", path)
    assert difference is not None
    assert difference <= 1e-5
    session = onnxruntime.InferenceSession(path)
    assert [each.name for each in session.get_inputs()] == ["noise1", "point"]
    assert [each.name for each in session.get_outputs()] == ["other", "side"]


def test_that_onnx_holds_memory_and_attention(draw: Draw, tmp_path: Path) -> None:
    _, difference, _ = exported(draw(SEQUENCE), "onnx", tmp_path / "model.onnx")
    assert difference is not None
    assert difference <= 1e-5


def test_that_an_export_is_recorded_in_the_run(run: tuple[Project, Path], tmp_path: Path) -> None:
    exported(run[0], "python", tmp_path / "out", run[1])
    entries = runs.read_record(run[1])["exports"]
    assert [(each["to"], each["max_difference"]) for each in entries] == [("python", 0.0)]
    assert entries[0]["files"] == [str(tmp_path / "out" / name) for name in ("model.py", "weights.safetensors")]


def test_that_other_files_in_the_folder_are_left_alone(draw: Draw, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    (out / "model.py").write_text("old", encoding="utf-8")
    exported(draw(NETWORK), "python", out)
    assert (out / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert "class Model" in (out / "model.py").read_text(encoding="utf-8")
    assert sorted(path.name for path in out.iterdir()) == ["mine.txt", "model.py"]


# ---- the proof


def test_that_wrong_weights_make_the_proof_fail(run: tuple[Project, Path], tmp_path: Path) -> None:
    project, folder = run
    staged = tmp_path / "staged"
    staged.mkdir()
    (staged / "model.py").write_text(written(project, check(project, 0)).files["model.py"], encoding="utf-8")
    model = new_model(staged).eval()
    load_weights(model, folder / "best.safetensors")
    cases = [{"image": np.random.default_rng(rows).standard_normal((rows, 1, 8, 8), np.float32)} for rows in (1, 2, 5)]
    assert proof.of_python(staged, folder / "best.safetensors", model, cases, Controls()) == 0
    with torch.no_grad():
        model.get_parameter("linear1.bias")[3] += 1e-3
    save_weights(model, tmp_path / "wrong.safetensors", project)
    load_weights(model, folder / "best.safetensors")
    found = proof.of_python(staged, tmp_path / "wrong.safetensors", model, cases, Controls())
    assert proof.LARGEST_DIFFERENCE < found <= 1.001e-3


def test_that_an_export_which_differs_is_reported_with_its_figure_and_writes_nothing(
    draw: Draw, tmp_path: Path
) -> None:
    # The last bit of a sigmoid, blown up until it is all that is left: onnxruntime rounds it differently.
    project = draw(UNSTABLE)
    sentence = r"differ from the app's own model by 0\.\d+, where at most 1e-05 is allowed; nothing was exported"
    with pytest.raises(Fault, match=sentence):
        exported(project, "onnx", tmp_path / "model.onnx")
    assert not (tmp_path / "model.onnx").exists()


def test_that_the_proof_runs_without_layerloom_on_its_path(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import core.project\n", encoding="utf-8")
    with pytest.raises(Fault, match=r"does not run by itself.*core"):
        proof.of_script(tmp_path, Controls())


def test_that_a_script_which_does_not_end_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    assert proof.of_script(tmp_path, Controls(), seconds=0.5) is None


def test_that_a_proof_can_be_cancelled(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    controls = Controls()
    controls.cancelled = True
    with pytest.raises(Cancelled):
        proof.of_script(tmp_path, controls)


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ([1.0, 2.0], [1.0, 2.5], 0.25),
        ([0.1, 0.2], [0.1, 0.3], 0.1),
        ([300.0, 0.0], [300.0, 3.0], 0.01),
        ([np.nan, 1.0], [np.nan, 1.0], 0.0),
        ([np.nan, 1.0], [0.0, 1.0], np.inf),
        ([1.0, 1.0], [np.nan, 1.0], np.inf),
        ([np.inf], [-np.inf], np.inf),
        ([1.0], [1.0, 1.0], np.inf),
        ([], [], 0.0),
    ],
)
def test_that_a_difference_is_of_the_larger_of_one_and_the_largest_output(
    mine: list[float], theirs: list[float], expected: float
) -> None:
    found = proof.difference({"0": np.array(mine)}, {"0": np.array(theirs)})
    assert found == pytest.approx(expected)


def test_that_a_missing_output_is_an_endless_difference() -> None:
    assert proof.difference({"0": np.zeros(1), "1": np.zeros(1)}, {"0": np.zeros(1)}) == np.inf


# ---- refusals


def test_that_a_network_with_errors_is_not_exported(draw: Draw, tmp_path: Path) -> None:
    project = draw(NETWORK.replace("Flatten(pool1)", "Flatten()"))
    with pytest.raises(Fault, match="cannot be exported before it fits together") as caught:
        exported(project, "python", tmp_path / "out")
    assert caught.value.problems
    assert not (tmp_path / "out").exists()


def test_that_places_that_do_not_fit_are_refused_before_the_work(draw: Draw, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for to, out, sentence in (
        ("python", tmp_path / "file", "is a file, where this export needs a folder"),
        ("onnx", tmp_path, "is a folder, where an ONNX export is one file"),
        ("script", tmp_path / "file" / "deeper", "it is not a folder"),
    ):
        with pytest.raises(Fault, match=sentence):
            exported(draw(NETWORK), to, out)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_that_a_folder_that_is_no_run_is_refused(draw: Draw, tmp_path: Path) -> None:
    with pytest.raises(Fault, match="is not a run folder"):
        exported(draw(NETWORK), "python", tmp_path / "out", tmp_path)


def test_that_a_run_of_another_network_is_refused(run: tuple[Project, Path], draw: Draw, tmp_path: Path) -> None:
    other = draw(NETWORK.replace("out_channels=8", "out_channels=9"))
    with pytest.raises(Fault, match="do not belong to this network"):
        exported(other, "python", tmp_path / "out", run[1])


def test_that_an_edit_since_the_run_is_said(run: tuple[Project, Path], draw: Draw, tmp_path: Path) -> None:
    edited = draw(NETWORK.replace("ReLU(norm1)", "Tanh(norm1)"))
    _, difference, note = exported(edited, "python", tmp_path / "out", run[1])
    assert difference == 0
    assert "edited since this run" in note


def test_that_a_cancelled_export_writes_nothing(draw: Draw, tmp_path: Path) -> None:
    controls = Controls()
    controls.cancelled = True
    with pytest.raises(Cancelled):
        export(Export(draw(NETWORK), "python", str(tmp_path / "out")), lambda _: None, controls)
    assert not (tmp_path / "out").exists()


def test_that_a_network_with_sizes_is_not_called_edited_after_its_way_to_the_engine(draw: Draw, tmp_path: Path) -> None:
    project = draw(NETWORK.replace("padding=1", "kernel_size=(3, 5), padding=(1, 2)"), training=CPU)
    came = ASKED.decode(msgspec.msgpack.encode(Asked(1, Train(project, str(tmp_path / "run"))))).body
    assert isinstance(came, Train)
    fit(came, lambda _: None, Controls())
    assert exported(came.project, "python", tmp_path / "out", tmp_path / "run")[2] == ""


def test_that_a_script_of_other_settings_than_the_run_says_so(run: tuple[Project, Path], tmp_path: Path) -> None:
    assert "not of this run" not in exported(run[0], "script", tmp_path / "same", run[1])[2]
    other = msgspec.structs.replace(run[0], seed=run[0].seed + 1)
    assert "not of this run" in exported(other, "script", tmp_path / "other", run[1])[2]


def test_that_a_loss_that_sums_is_measured_by_the_script_as_by_the_run(draw: Draw, tmp_path: Path) -> None:
    text = NETWORK.replace("CrossEntropyLoss(linear1, label)", 'CrossEntropyLoss(linear1, label, reduction="sum")')
    project = draw(text, training=CPU)
    fit(Train(project, str(tmp_path / "run")), lambda _: None, Controls())
    note = exported(project, "script", tmp_path / "out", tmp_path / "run")[2]
    ours, theirs = re.findall(r"validation loss ([\d.]+)", note)
    assert float(ours) == pytest.approx(float(theirs), rel=1e-3)
