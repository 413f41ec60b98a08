"""The source of every example architecture: as long as a person would write it, clean, and it runs both ways."""

from __future__ import annotations

import functools
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
import torch
from proving import expect_typed
from ruff import find_ruff_bin
from torch import Tensor, nn

from core.engine.check import check
from core.engine.compile import written
from core.engine.control import Controls
from core.engine.export import export
from core.examples import ARCHITECTURES, example_project
from core.grouping import ungrouped
from core.messages import Checked, Export, Source
from core.project import Project

each_one = pytest.mark.parametrize("name", [each.name for each in ARCHITECTURES])
ON_META_NOT_TRAINED = ("lstm_classifier", "seq2seq_attention")
"""torch's meta device knows no backward pass of recurrent layers; these are small enough for the processor."""
SMALL = ("lenet5", "vae")
"""Proved in every run; one has blocks, one draws random numbers."""


@functools.cache
def looked_at(name: str) -> tuple[Checked, Source]:
    project = example_project(name)
    checked = check(project, 0)
    return checked, written(project, checked)


def built(name: str, device: str) -> nn.Module:
    space: dict[str, Any] = {"__name__": name}
    exec(compile(looked_at(name)[1].files["model.py"], name, "exec"), space)
    with torch.device(device):
        return space["Model"]()


def inputs(name: str, device: str, count: int = 2) -> list[Tensor]:
    checked, _ = looked_at(name)
    nodes = example_project(name).graph.nodes
    ids = [node_id for node_id in checked.model if nodes[node_id].layer in ("Input", "Noise")]
    made: list[Tensor] = []
    torch.manual_seed(0)
    for node_id in ids:
        spec = checked.nodes[node_id].outputs["output"]
        shape = [count, *(size for size in spec.shape[1:] if isinstance(size, int))]
        whole = spec.dtype == "int64"
        made.append(torch.randint(0, 2, shape, device=device) if whole else torch.randn(shape, device=device))
    return made


@each_one
def test_that_the_source_of_an_architecture_is_whole_short_and_holds_its_parameters(name: str) -> None:
    checked, source = looked_at(name)
    text = source.files["model.py"]
    assert "# missing" not in text
    assert len(text.splitlines()) < 250
    model = built(name, "meta")
    assert sum(each.numel() for each in model.parameters()) == checked.parameters


@each_one
def test_that_the_source_of_an_architecture_runs_forward_and_backward(name: str) -> None:
    checked, _ = looked_at(name)
    device = "cpu" if name in ON_META_NOT_TRAINED else "meta"
    model = built(name, device)
    outputs = model(*inputs(name, device))
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    for output, (node_id, port) in zip(outputs, checked.outputs, strict=True):
        nodes = {**checked.nodes, **checked.inner}
        assert tuple(output.shape) == (2, *nodes[node_id].outputs[port].shape[1:])
    sum(output.float().mean() for output in outputs).backward()  # type: ignore[union-attr]
    assert [key for key, each in model.named_parameters() if each.grad is None] == []


def taken_apart(project: Project) -> Project:
    """The project with no block left: every use drawn out, however deep."""
    graph = project.graph
    while uses := [node_id for node_id, node in graph.nodes.items() if node.layer in graph.blocks]:
        graph, _ = ungrouped(graph, uses[0], check(msgspec.structs.replace(project, graph=graph), 0).sizes)
    return msgspec.structs.replace(project, graph=graph)


def model_of(project: Project) -> nn.Module:
    """The model of a project's source, its parameters filled so that those of one shape are the same."""
    space: dict[str, Any] = {"__name__": "model"}
    exec(compile(written(project, check(project, 0)).files["model.py"], "model.py", "exec"), space)
    model = space["Model"]().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            generator = torch.Generator().manual_seed(hash(tuple(parameter.shape)) % 2**31)
            parameter.copy_(0.1 * torch.randn(parameter.shape, generator=generator))
    return model


@pytest.mark.parametrize("name", ["lenet5", "llama_style", "seq2seq_attention", "vae"])
def test_that_the_source_with_blocks_computes_what_the_drawing_without_them_does(name: str) -> None:
    project = example_project(name)
    given = inputs(name, "cpu")
    with torch.no_grad():
        one, other = model_of(project)(*given), model_of(taken_apart(project))(*given)
    torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)


def exported_files(folder: Path, names: Iterable[str]) -> None:
    """What each architecture is written as, in a folder of its own."""
    for name in names:
        (folder / name).mkdir()
        for file, text in looked_at(name)[1].files.items():
            (folder / name / file).write_text(text, encoding="utf-8")


def test_that_ruff_finds_nothing_in_the_source_of_any_architecture(tmp_path: Path) -> None:
    exported_files(tmp_path, [each.name for each in ARCHITECTURES])
    rules = ["--isolated", "--no-cache", "--select", "E,F,I,N,UP,SIM", "--target-version", "py311"]
    for folder in sorted(tmp_path.iterdir()):  # from within: else ruff takes `model` for another package
        for words in (["check", *rules], ["format", "--isolated", "--no-cache", "--check"]):
            command = [find_ruff_bin(), *words, "."]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout


def test_that_pyright_finds_nothing_in_the_source_of_an_architecture(tmp_path: Path) -> None:
    exported_files(tmp_path, [*SMALL, "resnet18", "gpt2_small"])
    expect_typed(tmp_path)


@pytest.mark.campaign
def test_that_pyright_finds_nothing_in_the_source_of_any_architecture(tmp_path: Path) -> None:
    exported_files(tmp_path, [each.name for each in ARCHITECTURES])
    expect_typed(tmp_path)


def expect_proved(name: str, folder: Path) -> None:
    """Weights saved and loaded in an interpreter of its own, and both exports beside the application's model."""
    ways: tuple[tuple[Literal["python", "onnx"], str, float], ...] = (
        ("python", "python", 0.0),
        ("onnx", "model.onnx", 1e-5),
    )
    for to, file, largest in ways:
        asked = Export(example_project(name), to, str(folder / file))
        found = export(asked, lambda _: None, Controls()).max_difference
        assert found is not None
        assert found <= largest, (name, to)
        print(f"\n{name}, {to}: {found:.1e}, {len(looked_at(name)[1].files['model.py'].splitlines())} lines", end="")


@pytest.mark.parametrize("name", SMALL)
def test_that_an_exported_architecture_of_few_numbers_is_proved(name: str, tmp_path: Path) -> None:
    expect_proved(name, tmp_path)


@pytest.mark.campaign
@pytest.mark.timeout(1200)
@each_one
def test_that_an_exported_architecture_is_proved(name: str, tmp_path: Path) -> None:
    expect_proved(name, tmp_path)
