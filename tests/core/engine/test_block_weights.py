"""Weights of a used block as a whole: frozen, taken from a run or a file, carried by exports and counted by costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from msgspec.structs import replace

from core.costs import training_memory
from core.engine.check import check
from core.engine.compile import loaded_weights, module_names, written
from core.engine.control import Controls
from core.engine.export import export
from core.engine.fit import fit
from core.engine.trial import Choices
from core.expressions import expression as e
from core.graph import Block, BlockParameter, Graph, Node, with_node
from core.grouping import ungrouped
from core.messages import Export, Problem, Train
from core.project import Data, Project
from tests.core.source.drawn_blocks import links

CONV: dict[str, Any] = {"kernel_size": 3, "padding": 1}
SETTINGS = {"epochs": 1, "device": "cpu", "threads": 1, "optimizer": "AdamW", "weight_decay": 0.1}


@pytest.fixture(scope="module")
def project() -> Project:
    """The digits through a block in a block, the inner one repeated."""
    unit = Block(
        {
            "x": Node("Input", {"axes": "N, channels"}),
            "conv": Node("Conv2d", {**CONV, "out_channels": e("channels")}),
            "bn": Node("BatchNorm2d"),
            "drop": Node("Dropout", {"p": 0.3}),
            "add": Node("Add"),
            "y": Node("Output"),
        },
        links("x conv, conv bn, bn drop, drop add.tensors_0, x add.tensors_1, add y"),
    )
    stage = Block(
        {
            "x": Node("Input"),
            "units": Node("Unit", {"repeat": e("depth")}),
            "pool": Node("MaxPool2d"),
            "scale": Node("Parameter", {"shape": (1, 1, 1)}),
            "mul": Node("Multiply"),
            "y": Node("Output"),
        },
        links("x units.x, units.y pool, pool mul.tensors_0, scale mul.tensors_1, mul y"),
        (BlockParameter("depth", default=2),),
    )
    nodes = {
        "image": Node("Input", {"field": "image"}),
        "first": Node("Conv2d", {**CONV, "out_channels": 4}),
        "stage": Node("Stage"),
        "flat": Node("Flatten"),
        "fc": Node("Linear", {"out_features": 10}),
        "label": Node("Target", {"field": "label"}),
        "loss": Node("CrossEntropyLoss"),
        "out": Node("Output"),
    }
    drawn = links("image first, first stage.x, stage.y flat, flat fc, fc loss, label loss.target, fc out")
    few = Data("Digits", split={"validation": 0.6, "test": 0.3})
    return Project(Graph(nodes, drawn, {"Unit": unit, "Stage": stage}), few, SETTINGS, 3)


def said(project: Project, node_id: str, **weights: Any) -> Project:
    return replace(project, graph=with_node(project.graph, node_id, weights=weights))


def trained(project: Project, folder: Path) -> dict[str, torch.Tensor]:
    ended = fit(Train(project, str(folder)), lambda _: None, Controls(), Choices(1))
    assert ended.how == "finished", ended.message
    return safetensors.torch.load_file(folder / "best.safetensors")


def problems(project: Project) -> list[Problem]:
    return [each for each in check(project, 0).problems if each.severity != "note" and each.node == "stage"]


@pytest.fixture(scope="module")
def run(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights") / "run7"
    trained(project, folder)
    return folder


@pytest.fixture(scope="module")
def other_file(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same weights as another program might have kept them."""
    path = tmp_path_factory.mktemp("others") / "resnet.safetensors"
    held = safetensors.torch.load_file(run / "best.safetensors")
    mine = {name.replace("stage.", "layer1."): tensor for name, tensor in held.items() if name.startswith("stage.")}
    safetensors.torch.save_file({**mine, "layer2.conv.weight": torch.ones(3, 3)}, path)
    return path


def test_that_a_frozen_block_is_one_line_and_works_as_in_evaluation(project: Project) -> None:
    still = said(project, "stage", frozen=True)
    text = written(still, check(still, 0)).files["model.py"]
    assert text.count("requires_grad_") == 1
    assert "        self.stage.requires_grad_(False)\n" in text
    assert "        super().train(mode)\n        self.stage.eval()\n        return self\n" in text
    assert "requires_grad_" not in written(project, check(project, 0)).files["model.py"]


def test_that_nothing_in_a_frozen_block_moves_while_others_learn(project: Project, run: Path, tmp_path: Path) -> None:
    before = safetensors.torch.load_file(run / "best.safetensors")
    after = trained(said(replace(project, seed=5), "stage", file=str(run), frozen=True), tmp_path / "run")
    held = [name for name in before if name.startswith("stage.")]
    assert len(held) == 2 * 7 + 1  # two convolutions and norms, and the scale
    for name in held:
        assert torch.equal(before[name], after[name]), name
    assert not torch.equal(before["fc.weight"], after["fc.weight"])


def test_that_a_block_of_other_programs_is_taken_by_what_stands_before_its_names(
    project: Project, run: Path, other_file: Path
) -> None:
    mine = safetensors.torch.load_file(run / "best.safetensors")
    for name in ("layer1", "layer1."):
        taking = said(project, "stage", file=str(other_file), from_node=name)
        found = loaded_weights(taking, check(taking, 0))
        assert set(found) == {name for name in mine if name.startswith("stage.")}
        assert all(torch.equal(found[each], mine[each]) for each in found)


def test_that_a_node_inside_that_takes_its_own_weights_keeps_them(project: Project, run: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.safetensors"
    safetensors.torch.save_file({"weight": torch.ones(4, 4, 3, 3), "bias": torch.zeros(4)}, file)
    unit = project.graph.blocks["Unit"]
    own = Node("Conv2d", unit.nodes["conv"].values, weights={"file": str(file)})
    blocks = {**project.graph.blocks, "Unit": replace(unit, nodes={**unit.nodes, "conv": own})}
    taking = said(replace(project, graph=replace(project.graph, blocks=blocks)), "stage", file=str(run))
    found = loaded_weights(taking, check(taking, 0))
    assert torch.equal(found["stage.units.1.conv.weight"], torch.ones(4, 4, 3, 3))
    assert found["stage.units.1.bn.num_batches_tracked"] > 0


def test_that_an_export_carries_the_weights_of_a_block(project: Project, run: Path, tmp_path: Path) -> None:
    taking = said(replace(project, seed=8), "stage", file=str(run), frozen=True)
    for to in ("python", "script"):
        found = export(Export(taking, to, str(tmp_path / to)), lambda _: None, Controls())  # type: ignore[arg-type]
        assert found.max_difference is not None
        assert found.max_difference <= 1e-6
    before = safetensors.torch.load_file(run / "best.safetensors")
    after = safetensors.torch.load_file(tmp_path / "python" / "weights.safetensors")
    assert all(torch.equal(before[name], after[name]) for name in before if name.startswith("stage."))
    assert (
        "requires_grad"
        in (tmp_path / "script" / "train.py").read_text() + (tmp_path / "script" / "model.py").read_text()
    )


def test_that_costs_count_what_stands_still_in_blocks(project: Project) -> None:
    known = check(project, 0)
    learned = training_memory(project, known)
    still = said(project, "stage", frozen=True)
    found = check(still, 0)
    frozen = known.nodes["stage"].parameters
    assert found.frozen == frozen > 0
    assert training_memory(still, found).gradients == learned.gradients - 4 * frozen
    assert training_memory(still, found).optimizer == learned.optimizer - 8 * frozen
    assert found.activation_bytes < known.activation_bytes
    unit = project.graph.blocks["Unit"]
    inner = Node("Conv2d", unit.nodes["conv"].values, weights={"frozen": True})
    blocks = {**project.graph.blocks, "Unit": replace(unit, nodes={**unit.nodes, "conv": inner})}
    one = replace(project, graph=replace(project.graph, blocks=blocks))
    assert check(one, 0).frozen == 2 * (4 * 4 * 9 + 4)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"file": "{run}", "from_node": "stagf"}, "holds nothing of that name: is stage meant?"),
        ({"file": "{run}", "from_node": "stage/units"}, "holds nothing of that name|stage expects"),
        ({"file": "{run}", "from_node": "first"}, "stage expects scale 1×1×1, but first in run7 has none"),
        ({"file": "{other}", "from_node": "layer2"}, "stage expects scale 1×1×1, but layer2 in resnet"),
        ({"file": "{other}", "from_node": "layer"}, "holds nothing of that name: is layer1 meant?|is layer2 meant?"),
        ({"init": "normal_"}, "init is set on the layers inside the block, not on a use of it"),
        ({"frozen": "yes"}, "frozen must be"),
    ],
)
def test_that_weights_that_do_not_fit_a_block_are_said_in_one_sentence(
    project: Project, run: Path, other_file: Path, weights: dict[str, Any], words: str
) -> None:
    filled = {
        name: value.format(run=run, other=other_file) if isinstance(value, str) else value
        for name, value in weights.items()
    }
    (found,) = problems(said(project, "stage", **filled))
    assert any(part in found.message for part in words.split("|")), found.message
    assert found.severity == "error"


def test_that_another_depth_is_refused_and_said(project: Project, run: Path) -> None:
    deeper = said(project, "stage", file=str(run))
    deeper = replace(deeper, graph=with_node(deeper.graph, "stage", values={"depth": 3}))
    (found,) = problems(deeper)
    assert "stage expects units.2.conv.weight 4×4×3×3, but stage in run7 has none" in found.message
    one = said(project, "stage", file=str(run))
    one = replace(one, graph=with_node(one.graph, "stage", values={"depth": 1}))
    (found,) = problems(one)
    assert "has one of" in found.message


def test_that_a_network_of_frozen_blocks_has_nothing_to_train(project: Project) -> None:
    still = said(project, "stage", frozen=True)
    for node_id in ("first", "fc"):
        still = said(still, node_id, frozen=True)
    (found,) = [each for each in check(still, 0).problems if "nothing to train" in each.message]
    assert found.repair is not None


def test_that_a_block_without_weights_says_that_its_settings_do_nothing(project: Project) -> None:
    part = Block({"x": Node("Input"), "relu": Node("ReLU"), "y": Node("Output")}, links("x relu, relu y"))
    graph = replace(project.graph, blocks={**project.graph.blocks, "Stage": part})
    (found,) = [
        each for each in check(said(replace(project, graph=graph), "stage", frozen=True), 0).problems
        if each.node == "stage"
    ]  # fmt: skip
    assert found.severity == "note"
    assert "has no weights inside" in found.message


def test_that_a_block_taken_apart_keeps_what_was_said_of_it(project: Project, run: Path, other_file: Path) -> None:
    for file, name in ((run, ""), (other_file, "layer1")):
        taking = said(project, "stage", file=str(file), from_node=name, frozen=True)
        known = check(taking, 0)
        whole = loaded_weights(taking, known)
        graph, paths = ungrouped(taking.graph, "stage", {})
        inner = next(new for new, path in paths.items() if path == "stage/units")
        graph, deeper = ungrouped(graph, inner, {inner: {"channels": 4}})
        apart = replace(taking, graph=graph)
        found = check(apart, 0)
        assert found.frozen == known.frozen
        assert not [each for each in found.problems if each.severity == "error"]
        loaded = loaded_weights(apart, found)
        assert len(loaded) == len(whole)
        places = module_names(apart, found)
        for new, path in deeper.items():
            turn, old = path.split("/")[1:]
            name = f"stage.units.{turn}.{old}.weight"
            if name in whole:
                assert torch.equal(loaded[f"{places[new]}.weight"], whole[name])
