"""Source becomes modules: laid out, imported under names of their own, proved on meta, with their weights."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
import safetensors.torch
import torch
from torch import nn

from core.engine.check import check
from core.engine.compile import build, formatted, laid_out, load_weights, new_model, save_weights, verify, written
from core.engine.fault import Fault
from core.messages import Checked, NodeReport, Source
from core.project import Project

Draw = Callable[..., Project]

NETWORK = """
image = Input(field="image")
flatten1 = Flatten(image)
hidden = Linear(flatten1, out_features=16)
norm = BatchNorm1d(hidden)
linear1 = Linear(norm, out_features=10)
label = Target(field="label")
loss1 = CrossEntropyLoss(linear1, label)
"""


def put(project: Project, folder: Path) -> Checked:
    """Write the source of a project into a folder."""
    checked = check(project, 0)
    for name, text in written(project, checked).files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return checked


def test_that_two_folders_are_built_side_by_side(draw: Draw, tmp_path: Path) -> None:
    made: list[tuple[ModuleType, ModuleType]] = []
    for name, width in (("first", 16), ("second", 24)):
        (tmp_path / name).mkdir()
        put(draw(NETWORK.replace("out_features=16", f"out_features={width}")), tmp_path / name)
        made.append(build(tmp_path / name))
    assert [module.Model().hidden.out_features for module, _ in made] == [16, 24]
    assert [train.Model is module.Model for module, train in made] == [True, True]
    assert "model" not in sys.modules


def test_that_a_folder_written_anew_in_the_same_second_is_built_anew_and_nothing_is_left_in_it(
    draw: Draw, tmp_path: Path
) -> None:
    for width in (16, 24, 32):
        put(draw(NETWORK.replace("out_features=16", f"out_features={width}")), tmp_path)
        for name in ("model.py", "train.py"):
            os.utime(tmp_path / name, (1_000_000_000, 1_000_000_000))
        assert build(tmp_path)[0].Model().hidden.out_features == width
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.py", "train.py"]


def test_that_a_module_called_model_which_is_there_already_is_put_back(draw: Draw, tmp_path: Path) -> None:
    put(draw(NETWORK), tmp_path)
    other = sys.modules["model"] = ModuleType("model")
    try:
        build(tmp_path)
        assert sys.modules["model"] is other
    finally:
        del sys.modules["model"]


def test_that_a_folder_without_source_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"There is no model\.py in .*; choose the folder of a run"):
        build(tmp_path)


def test_that_source_which_does_not_run_is_refused_in_one_sentence(draw: Draw, tmp_path: Path) -> None:
    put(draw(NETWORK), tmp_path)
    (tmp_path / "train.py").write_text("import nowhere_to_be_found\n", encoding="utf-8")
    with pytest.raises(Fault, match=r"train\.py cannot be run \(ModuleNotFoundError: .*train again"):
        build(tmp_path)
    assert "model" not in sys.modules


def test_that_tracebacks_point_at_lines_of_the_written_file(draw: Draw, tmp_path: Path) -> None:
    put(draw(NETWORK), tmp_path)
    with pytest.raises(RuntimeError) as caught:
        new_model(tmp_path)(torch.zeros(2, 3))
    frames = [entry for entry in caught.traceback if entry.path == tmp_path / "model.py"]
    assert "self.hidden(image.flatten(1))" in str(frames[-1].statement)


def test_that_a_model_with_other_parameters_than_check_has_counted_is_refused(draw: Draw, tmp_path: Path) -> None:
    project = draw(NETWORK)
    checked = put(project, tmp_path)
    verify(type(new_model(tmp_path)), project, checked)
    path = tmp_path / "model.py"
    path.write_text(
        path.read_text(encoding="utf-8").replace("nn.Linear(64, 16)", "nn.Linear(64, 16, bias=False)"), "utf-8"
    )
    with pytest.raises(Fault, match="has 1024 parameters in hidden, where check has counted 1040"):
        verify(type(new_model(tmp_path)), project, checked)


def test_that_a_module_that_check_knows_nothing_of_is_refused(draw: Draw, tmp_path: Path) -> None:
    project = draw(NETWORK)
    checked = put(project, tmp_path)
    unknown = Checked(0, nodes={**checked.nodes, "hidden": NodeReport("Linear")})
    with pytest.raises(Fault, match="has 1040 parameters in hidden, where check has counted 0"):
        verify(type(new_model(tmp_path)), project, unknown)


def test_that_weights_come_back_to_the_last_bit(draw: Draw, tmp_path: Path) -> None:
    project = draw(NETWORK)
    put(project, tmp_path)
    torch.manual_seed(1)
    first, second = new_model(tmp_path), new_model(tmp_path)
    save_weights(first, tmp_path / "weights.safetensors", project)
    load_weights(second, tmp_path / "weights.safetensors")
    states = zip(first.state_dict().values(), second.state_dict().values(), strict=True)
    assert all(torch.equal(mine, theirs) for mine, theirs in states)


def test_that_the_weights_name_the_node_of_each_tensor(draw: Draw, tmp_path: Path) -> None:
    project = draw(NETWORK.replace("hidden", "Versteckt"))
    put(project, tmp_path)
    save_weights(new_model(tmp_path), tmp_path / "weights.safetensors", project)
    with safetensors.safe_open(tmp_path / "weights.safetensors", "pt") as file:
        said = str(file.metadata())
        assert "versteckt.weight" in file.keys()  # noqa: SIM118
    assert "Versteckt" in said


def test_that_weights_of_another_network_are_refused(draw: Draw, tmp_path: Path) -> None:
    project = draw(NETWORK)
    put(project, tmp_path)
    save_weights(new_model(tmp_path), tmp_path / "weights.safetensors", project)
    with pytest.raises(Fault, match="do not belong to this network"):
        load_weights(nn.Linear(2, 2), tmp_path / "weights.safetensors")


def test_that_a_flipped_bit_in_the_weights_is_noticed(draw: Draw, tmp_path: Path) -> None:
    project = draw(NETWORK)
    put(project, tmp_path)
    path = tmp_path / "weights.safetensors"
    model = new_model(tmp_path)
    save_weights(model, path, project)
    whole = path.read_bytes()
    for position in range(len(whole) - 1, 1500, -997):
        damaged = bytearray(whole)
        damaged[position] ^= 0x10
        path.write_bytes(damaged)
        with pytest.raises(Fault, match="damaged"):
            load_weights(model, path)


def test_that_long_lines_are_broken_and_still_known_by_their_node() -> None:
    name = "a_name_of_forty_characters_or_thereabouts"
    text = f"class Model:\n    def __init__(self):\n        self.{name} = call({name}, {name}, {name})\n"
    text += "        # missing: other has no input\n        self.short = 1\n"
    held = {3: ("long",), 4: ("other", "in"), 5: ("short",)}
    plain = Source({"model.py": text, "train.py": "import torch\nimport json\n"}, held)
    made = formatted(plain)
    lines = made.files["model.py"].split("\n")
    assert made.lines == {**dict.fromkeys(range(3, 8), ("long",)), 8: ("other", "in"), 9: ("short",)}
    assert lines[7].strip() == "# missing: other has no input"
    assert made.files["train.py"] == "import json\n\nimport torch\n"


def test_that_text_which_is_no_python_is_refused_rather_than_written() -> None:
    with pytest.raises(Fault, match="could not be laid out"):
        laid_out({"model.py": "def (:\n", "train.py": ""})
