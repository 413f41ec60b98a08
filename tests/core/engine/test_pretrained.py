"""Weights from a run or a file: looked at in check, loaded before training, carried by runs and exports."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import onnx
import pytest
import safetensors.torch
import torch

from core import runs
from core.edits import repaired
from core.engine import pretrained, probe, trust, weights
from core.engine.check import check
from core.engine.compile import build, new_model
from core.engine.control import Controls
from core.engine.export import export
from core.engine.fault import Fault
from core.engine.fit import fit
from core.engine.plan import prepare
from core.engine.predict import evaluate
from core.engine.trial import Choices
from core.events import Epoch
from core.graph import renamed, with_node, with_value
from core.messages import Evaluate, Export, Problem, Train
from core.project import Data, Project, load, save
from core.source import write
from core.trust import fingerprint
from core.weights import PRETRAINED

Draw = Callable[..., Project]
Weighed = dict[str, dict[str, Any]]

NETWORK = """
image = Input(field="image")
conv1 = Conv2d(image, out_channels=8, padding=1)
norm1 = BatchNorm2d(conv1)
relu1 = ReLU(norm1)
pool1 = MaxPool2d(relu1)
flatten1 = Flatten(pool1)
linear1 = Linear(flatten1, out_features=10)
label = Target(field="label")
loss1 = CrossEntropyLoss(linear1, label)
"""
STATISTICS = ("weight", "bias", "running_mean", "running_var")


def weighed(project: Project, asked: Weighed) -> Project:
    graph = project.graph
    for node_id, values in asked.items():
        graph = with_node(graph, node_id, weights=values)
    return msgspec.structs.replace(project, graph=graph)


def problems(project: Project, node_id: str) -> list[Problem]:
    return [each for each in check(project, 0).problems if each.node == node_id and each.severity == "error"]


def trained(project: Project, folder: Path, **settings: Any) -> list[Any]:
    told: list[Any] = []
    made = msgspec.structs.replace(project, training={"epochs": 1, "batch_size": 64, **settings})
    ended = fit(Train(made, str(folder)), told.append, Controls(), Choices(1))
    assert ended.how == "finished", ended.message
    return told


def held(folder: Path, name: str = "best.safetensors") -> dict[str, torch.Tensor]:
    return safetensors.torch.load_file(folder / name)


@pytest.fixture(scope="session")
def draw(draw: Draw) -> Draw:
    """Projects on a tenth of the digits, so that the linear model beside each run takes no time."""
    few = Data("Digits", split={"validation": 0.6, "test": 0.3})
    return lambda text, **said: draw(text, few, **said)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, draw: Draw) -> Path:
    """A run of the network, one epoch on the digits."""
    folder = tmp_path_factory.mktemp("first") / "run7"
    trained(draw(NETWORK), folder, epochs=4)
    return folder


def test_that_frozen_weights_of_a_run_stay_to_the_last_bit_while_others_learn(
    draw: Draw, first: Path, tmp_path: Path
) -> None:
    taken = {"file": str(first)}
    project = weighed(draw(NETWORK, seed=5), {"conv1": {**taken, "frozen": True}, "norm1": {**taken, "frozen": True}})
    trained(project, tmp_path / "run", weight_decay=0.1, optimizer="AdamW")
    before, after = held(first), held(tmp_path / "run")
    for name in ("conv1.weight", "conv1.bias", *(f"norm1.{each}" for each in STATISTICS)):
        assert torch.equal(before[name], after[name]), name
    assert after["norm1.num_batches_tracked"] == before["norm1.num_batches_tracked"] > 0
    assert not torch.equal(after["linear1.weight"], before["linear1.weight"])


def test_that_loaded_weights_that_are_not_frozen_learn_on(draw: Draw, first: Path, tmp_path: Path) -> None:
    taken = {"file": str(first / "best.safetensors")}
    project = weighed(draw(NETWORK, seed=5), dict.fromkeys(("conv1", "norm1", "linear1"), taken))
    plan = prepare(Train(project, str(tmp_path / "begun")))
    begun = {name: tensor.clone() for name, tensor in plan.model().state_dict().items()}
    assert all(torch.equal(begun[name], tensor) for name, tensor in held(first).items())
    told = trained(project, tmp_path / "run")
    after = held(tmp_path / "run")
    for name in ("conv1.weight", "norm1.running_mean", "linear1.weight"):
        assert not torch.equal(after[name], begun[name]), name
    losses = [next(each for each in events if isinstance(each, Epoch)) for events in (told, runs.events(first))]
    assert losses[0].metrics["train_loss"] < losses[1].metrics["train_loss"]


def test_that_a_renamed_node_finds_its_weights_by_the_node_not_the_attribute(draw: Draw, tmp_path: Path) -> None:
    old = draw(NETWORK)
    old = msgspec.structs.replace(old, graph=renamed(old.graph, "conv1", "Erste Faltung ①"))
    trained(old, tmp_path / "old")
    attribute = next(name for name in held(tmp_path / "old") if name.endswith("faltung_1.weight") or "faltung" in name)
    assert not attribute.startswith("conv1")
    new = weighed(draw(NETWORK, seed=3), {"conv1": {"file": str(tmp_path / "old"), "from_node": "Erste Faltung ①"}})
    made = prepare(Train(new, str(tmp_path / "new"))).model()
    assert torch.equal(made.get_parameter("conv1.weight"), held(tmp_path / "old")[attribute.split(".")[0] + ".weight"])


def test_that_loading_draws_no_random_numbers(draw: Draw, tmp_path: Path) -> None:
    project = draw(NETWORK)
    told = trained(project, tmp_path / "plain")
    torch.manual_seed(project.seed)
    initial = new_model(tmp_path / "plain").state_dict()
    weights.save(tmp_path / "initial.safetensors", initial, {"conv1": "conv1", "linear1": "linear1"})
    file = {"file": str(tmp_path / "initial.safetensors")}
    again = trained(weighed(project, {"conv1": file, "linear1": file}), tmp_path / "again")
    metrics = [[each.metrics for each in events if isinstance(each, Epoch)] for events in (told, again)]
    assert metrics[0] == metrics[1]


def test_that_a_run_can_begin_with_the_weights_of_its_own_folder(draw: Draw, first: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(first, folder)
    project = weighed(draw(NETWORK), {"conv1": {"file": str(folder), "frozen": True}})
    trained(project, folder)
    assert torch.equal(held(folder)["conv1.weight"], held(first)["conv1.weight"])
    assert set(held(folder, PRETRAINED)) == {"conv1.weight", "conv1.bias"}
    trained(draw(NETWORK), folder)
    assert not (folder / PRETRAINED).exists()


def test_that_a_run_and_its_folder_need_the_file_no_longer(
    draw: Draw, first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "run7"
    shutil.copytree(first, source)
    taken = {"file": str(source), "frozen": True}
    project = weighed(draw(NETWORK), {"conv1": taken, "norm1": taken})
    trained(project, tmp_path / "run")
    shutil.rmtree(source)
    measured = evaluate(Evaluate(project, str(tmp_path / "run")))
    assert measured.metrics["test_loss"] > 0
    exported = export(
        Export(project, "python", str(tmp_path / "out"), str(tmp_path / "run")), lambda _: None, Controls()
    )
    assert exported.max_difference == 0
    monkeypatch.chdir(tmp_path / "run")
    build(tmp_path / "run")[1].main()
    assert "epoch 1" in capsys.readouterr().out
    script = safetensors.torch.load_file(tmp_path / "run" / "weights.safetensors")
    for name, tensor in held(tmp_path / "run").items():
        assert torch.allclose(script[name].float(), tensor.float(), atol=1e-4), name
    assert torch.equal(script["norm1.running_mean"], held(first)["norm1.running_mean"])


def test_that_exports_without_a_run_carry_what_was_loaded(draw: Draw, first: Path, tmp_path: Path) -> None:
    project = weighed(draw(NETWORK), {"conv1": {"file": str(first), "frozen": True}})
    out = tmp_path / "script"
    exported = export(Export(project, "script", str(out)), lambda _: None, Controls())
    assert sorted(each.name for each in out.iterdir()) == ["model.py", PRETRAINED, "train.py", "weights.safetensors"]
    assert exported.max_difference == 0
    assert "epoch 1" in exported.note
    assert torch.equal(held(out, "weights.safetensors")["conv1.weight"], held(first)["conv1.weight"])
    assert 'load_file("weights.safetensors")' in (out / "model.py").read_text(encoding="utf-8")
    train_py = (out / "train.py").read_text(encoding="utf-8")
    assert 'model.load_state_dict(load_file("pretrained.safetensors"), strict=False)' in train_py
    assert "safetensors" in train_py.split('"""')[1]


def test_that_onnx_holds_what_was_loaded_and_tells_no_folder(draw: Draw, first: Path, tmp_path: Path) -> None:
    small = """
image = Input(field="image")
flatten1 = Flatten(image)
linear1 = Linear(flatten1, out_features=10, bias=False)
label = Target(field="label")
loss1 = CrossEntropyLoss(linear1, label)
"""
    rows = torch.randn(10, 64)
    safetensors.torch.save_file({"head.weight": rows}, tmp_path / "head.safetensors")
    project = weighed(draw(small), {"linear1": {"file": str(tmp_path / "head.safetensors"), "from_node": "head"}})
    exported = export(Export(project, "onnx", str(tmp_path / "model.onnx")), lambda _: None, Controls())
    assert exported.max_difference is not None
    assert exported.max_difference <= 1e-5
    made = onnx.load(tmp_path / "model.onnx")
    inside = [onnx.numpy_helper.to_array(each) for each in made.graph.initializer]
    assert any(
        each.size == 640 and torch.equal(torch.tensor(each).reshape(-1).sort()[0], rows.reshape(-1).sort()[0])
        for each in inside
    )
    said = json.loads({each.key: each.value for each in made.metadata_props}["project"])
    assert said["nodes"]["linear1"]["weights"]["file"] == "head.safetensors"


def test_that_weights_of_other_programs_are_taken_by_the_name_before_them(draw: Draw, tmp_path: Path) -> None:
    kernel = torch.randn(8, 1, 3, 3)
    file = tmp_path / "features.safetensors"
    tensors = {"features.0.weight": kernel, "features.0.bias": torch.zeros(8), "features.1.weight": torch.ones(8)}
    safetensors.torch.save_file(tensors, file)
    project = weighed(draw(NETWORK), {"conv1": {"file": str(file), "from_node": "features.0"}})
    assert torch.equal(prepare(Train(project, str(tmp_path / "a"))).model().get_parameter("conv1.weight"), kernel)
    alone = tmp_path / "alone.safetensors"
    safetensors.torch.save_file({"weight": kernel, "bias": torch.zeros(8)}, alone)
    project = weighed(draw(NETWORK), {"conv1": {"file": str(alone)}})
    assert torch.equal(prepare(Train(project, str(tmp_path / "b"))).model().get_parameter("conv1.weight"), kernel)


def test_that_a_learned_parameter_begins_with_numbers_of_a_file(draw: Draw, tmp_path: Path) -> None:
    network = NETWORK.replace(
        "flatten1 = Flatten(pool1)",
        "pooled = Flatten(pool1)\nscale = Parameter(shape=(128,))\nflatten1 = Multiply(pooled, scale)",
    )
    safetensors.torch.save_file({"gamma": torch.arange(128.0)}, tmp_path / "a.safetensors")
    asked = {"file": str(tmp_path / "a.safetensors"), "from_node": "gamma", "frozen": True}
    project = weighed(draw(network), {"scale": asked})
    assert not problems(project, "scale")
    trained(project, tmp_path / "run")
    assert torch.equal(held(tmp_path / "run")["scale"], torch.arange(128.0))


# ---- what is said in check


def test_that_a_wrong_shape_is_said_with_the_setting_that_mends_it(draw: Draw, first: Path) -> None:
    asked = {"conv1": {"file": str(first)}}
    for setting, value, words in (
        ("out_channels", 16, "weight 16×1×3×3, but weight of conv1 in run7 is 8×1×3×3: set out_channels to 8"),
        ("kernel_size", 5, "weight 8×1×5×5, but weight of conv1 in run7 is 8×1×3×3: set kernel_size to"),
        ("bias", False, "conv1 has no bias, but conv1 in run7 has one of 8: set bias to true"),
    ):
        project = weighed(draw(NETWORK), asked)
        project = msgspec.structs.replace(project, graph=with_value(project.graph, "conv1", setting, value))
        (said,) = problems(project, "conv1")
        assert words in said.message
        assert said.repair is not None
        mended = msgspec.structs.replace(project, graph=repaired(project.graph, said.repair))
        assert not problems(mended, "conv1"), setting
    (said,) = problems(weighed(draw(NETWORK), {"conv1": {"file": str(first), "from_node": "linear1"}}), "conv1")
    assert said.message == (
        "conv1 expects weight 8×1×3×3, but weight of linear1 in run7 is 10×128: choose another node, or change the "
        "settings of conv1."
    )


def test_that_a_node_that_is_not_there_is_said_with_the_one_that_is_meant(draw: Draw, first: Path) -> None:
    project = weighed(draw(NETWORK), {"conv1": {"file": str(first), "from_node": "cnov1"}})
    (said,) = problems(project, "conv1")
    assert said.message == "conv1 takes the weights of cnov1, but run7 holds nothing of that name: is conv1 meant?"
    assert said.repair is not None
    assert not problems(msgspec.structs.replace(project, graph=repaired(project.graph, said.repair)), "conv1")
    (said,) = problems(weighed(draw(NETWORK), {"conv1": {"file": str(first), "from_node": "zzz"}}), "conv1")
    assert "set from_node to what is there (conv1, linear1, norm1)" in said.message


def test_that_what_cannot_be_read_is_one_sentence(draw: Draw, first: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.pt").write_bytes(b"PK\x03\x04" + b"\x00" * 200)
    torn = (first / "best.safetensors").read_bytes()
    (tmp_path / "torn.safetensors").write_bytes(torn[: len(torn) // 2])
    (tmp_path / "zero.safetensors").write_bytes(b"")
    for file, words in (
        ("weights.safetensors", "is not a whole path"),
        (str(tmp_path / "gone.safetensors"), "which is not there: choose the file again"),
        (str(tmp_path / "empty"), "a folder without best.safetensors"),
        (str(tmp_path / "a.pt"), "damaged or no safetensors file"),
        (str(tmp_path / "torn.safetensors"), "damaged or no safetensors file"),
        (str(tmp_path / "zero.safetensors"), "damaged or no safetensors file"),
        ("/a\0b", "damaged or no safetensors file"),
    ):
        project = weighed(draw(NETWORK), {"conv1": {"file": file}})
        (said,) = problems(project, "conv1")
        assert words in said.message, said.message
        assert said.message.startswith("conv1 takes its weights from ")
        assert said.message.endswith(".")
        assert "\n" not in said.message
        with pytest.raises(Fault):
            prepare(Train(project, str(tmp_path / "run")))
    assert not (tmp_path / "run").exists()


def test_that_damage_inside_a_run_is_found_before_training(draw: Draw, first: Path, tmp_path: Path) -> None:
    content = bytearray((first / "best.safetensors").read_bytes())
    content[-3] ^= 0x40
    (tmp_path / "flipped.safetensors").write_bytes(content)
    project = weighed(draw(NETWORK), {"conv1": {"file": str(tmp_path / "flipped.safetensors")}})
    assert not problems(project, "conv1")
    with pytest.raises(Fault, match="checksum"):
        prepare(Train(project, str(tmp_path / "run")))


def test_that_a_file_that_changed_is_looked_at_again_and_one_that_did_not_is_not(draw: Draw, tmp_path: Path) -> None:
    file = tmp_path / "a.safetensors"
    project = weighed(draw(NETWORK), {"conv1": {"file": str(file), "from_node": "c"}})
    assert "is not there" in problems(project, "conv1")[0].message
    safetensors.torch.save_file({"c.weight": torch.zeros(4, 1, 3, 3), "c.bias": torch.zeros(4)}, file)
    assert "4×1×3×3" in problems(project, "conv1")[0].message
    safetensors.torch.save_file({"c.weight": torch.zeros(8, 1, 3, 3), "c.bias": torch.zeros(8)}, file)
    assert not problems(project, "conv1")
    looked = pretrained._header.cache_info().misses
    for _ in range(5):
        check(project, 0)
    assert pretrained._header.cache_info().misses == looked


def test_that_metadata_of_another_kind_is_passed_over(draw: Draw, tmp_path: Path) -> None:
    file = tmp_path / "a.safetensors"
    tensors = {"conv1.weight": torch.zeros(8, 1, 3, 3), "conv1.bias": torch.zeros(8)}
    for said in ("[]", "3", '{"nodes": 5}', '{"nodes": {}}'):
        safetensors.torch.save_file(tensors, file, {"layerloom": said})
        assert not problems(weighed(draw(NETWORK), {"conv1": {"file": str(file)}}), "conv1"), said


def test_that_a_network_that_is_frozen_altogether_has_nothing_to_train(draw: Draw) -> None:
    project = weighed(draw(NETWORK), {each: {"frozen": True} for each in ("conv1", "norm1", "linear1")})
    said = [each for each in check(project, 0).problems if "nothing to train" in each.message]
    assert len(said) == 1
    assert said[0].repair is not None
    mended = msgspec.structs.replace(project, graph=repaired(project.graph, said[0].repair))
    assert not check(mended, 0).has_errors


def test_that_the_optimizer_holds_only_what_learns(draw: Draw, tmp_path: Path) -> None:
    project = weighed(draw(NETWORK), {"conv1": {"frozen": True}})
    plan = prepare(Train(project, str(tmp_path / "run")))
    model = plan.model()
    shapes = [
        tuple(each.shape) for group in plan.optimizer(model.parameters()).param_groups for each in group["params"]
    ]
    assert shapes == [(8,), (8,), (10, 128), (10,)]


def test_that_a_saved_project_trains_from_the_same_weights(draw: Draw, first: Path, tmp_path: Path) -> None:
    project = weighed(draw(NETWORK), {"conv1": {"file": str(first), "frozen": True}})
    save(project, tmp_path / "a.loom")
    assert load(tmp_path / "a.loom") == project


MIXER = """\
class Mixer(nn.Module):
    def __init__(self, in_features, hidden: int = 4):
        super().__init__()
        self.first = nn.Linear(in_features, hidden)
        self.norm = nn.BatchNorm1d(hidden)

    def forward(self, x):
        return self.norm(self.first(x))
"""


def test_that_code_of_a_persons_own_begins_stays_and_loads_as_any_layer(draw: Draw, tmp_path: Path) -> None:
    trust.trust([fingerprint(MIXER)])
    drawn = draw("""
image = Input(field="image")
flatten1 = Flatten(image)
linear1 = Linear(mixer1, out_features=10)
mixer1 = Linear(flatten1)
label = Target(field="label")
loss1 = CrossEntropyLoss(linear1, label)
""")
    held_by_mixer = {"first.weight": torch.randn(4, 64), "first.bias": torch.zeros(4), "norm.weight": torch.ones(4)}
    held_by_mixer |= {
        "norm.bias": torch.zeros(4),
        "norm.running_mean": torch.ones(4),
        "norm.running_var": torch.ones(4),
    }
    file = tmp_path / "mixer.safetensors"
    safetensors.torch.save_file({f"old.{name}": tensor for name, tensor in held_by_mixer.items()}, file)
    graph = with_node(drawn.graph, "mixer1", layer="Python", values={"code": MIXER})
    links = tuple(msgspec.structs.replace(link, input="x") if link.target == "mixer1" else link for link in graph.links)
    project = msgspec.structs.replace(drawn, graph=msgspec.structs.replace(graph, links=links))
    try:
        checked = check(weighed(project, {"mixer1": {"init": "orthogonal_", "bias": "ones_"}}), 0)
        assert not checked.has_errors, checked.problems
        text = write(weighed(project, {"mixer1": {"init": "orthogonal_", "bias": "ones_"}}), checked).files["model.py"]
        assert "nn.init.orthogonal_(values)" in text
        taken = {"file": str(file), "from_node": "old", "frozen": True}
        trained(weighed(project, {"mixer1": taken}), tmp_path / "run")
        for name, tensor in held_by_mixer.items():
            assert torch.equal(held(tmp_path / "run")[f"mixer1.{name}"], tensor), name
        (said,) = problems(weighed(project, {"mixer1": {"file": str(file), "from_node": "old.first"}}), "mixer1")
        assert "expects first.weight 4×64, but old.first in mixer.safetensors has none" in said.message
    finally:
        probe.close()
