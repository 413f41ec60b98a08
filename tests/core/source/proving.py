"""What is drawn, run by an interpreter of its own, beside what source has written of it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from interpreter import Interpreter
from ruff import find_ruff_bin
from torch import Tensor, nn

from core.engine.check import check
from core.engine.compile import build, module_names, save_weights, verify, written
from core.engine.inner import flat
from core.engine.visit import Visit
from core.graph import Graph
from core.messages import Checked, Source
from core.project import Project


def interpreted(project: Project, checked: Checked, model: nn.Module, *given: Tensor) -> list[Tensor]:
    """What the Outputs of a drawing get with its blocks drawn out, node by node; the weights are the model's."""
    visit = Visit(project.graph, [], {})
    for node_id in visit.order:
        visit.look_at(node_id)
    visit.look_at_sharing()
    whole, names = flat(visit), module_names(project, checked)
    places = {path: names[owner] for path in whole.graph.nodes if (owner := module_owner(project.graph, path)) in names}
    inputs = [path for path in whole.graph.in_order if whole.graph.nodes[path].layer == "Input"]
    interpreter = Interpreter(whole.graph, Checked(0, nodes=whole.reports), model, places)
    values = interpreter.values(dict(zip(inputs, given, strict=True)))
    arriving = whole.graph.arriving
    ends = [arriving[path]["input"] for path in whole.graph.in_order if whole.graph.nodes[path].layer == "Output"]
    return [values[link.source, link.output] for link in ends]


def module_owner(graph: Graph, path: str) -> str:
    """The path of the node whose module a node uses: its own, or that of the node whose weights it shares."""
    nodes, found = graph.nodes, list[str]()
    for part in path.split("/"):
        if part in nodes:
            while nodes[part].shares:
                part = nodes[part].shares
            nodes = graph.blocks[nodes[part].layer].nodes if nodes[part].layer in graph.blocks else {}
        found.append(part)
    return "/".join(found)


def flatten(value: Any) -> list[Tensor]:
    return [value] if isinstance(value, Tensor) else [leaf for part in value for leaf in flatten(part)]


def lint(text: str) -> list[str]:
    """What ruff finds in a written file."""
    command = [find_ruff_bin(), "check", "--isolated", "--select", "E,F,I,N,UP,SIM", "--output-format", "concise", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60)
    return [] if done.returncode == 0 else done.stdout.splitlines()


def expect_typed(folder: Path) -> None:
    """Pyright with its basic rules finds nothing in the folders of a folder; the files of each stand together."""
    settings = {
        "typeCheckingMode": "basic",
        "executionEnvironments": [{"root": each.name} for each in sorted(folder.iterdir()) if each.is_dir()],
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-P", "-m", "pyright", "--pythonpath", sys.executable, "-p", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, cwd=folder)
    assert done.returncode == 0, done.stdout


def proved(project: Project, *given: Tensor, lints: bool = True) -> str:
    """The text of model.py, built, counted, compared with the interpreter, loaded again from a file, and linted."""
    checked = check(project, 0)
    assert [each.message for each in checked.problems if each.severity == "error" and each.node] == []
    source: Source = written(project, checked)
    text = source.files["model.py"]
    with tempfile.TemporaryDirectory() as folder:
        for name, each in source.files.items():
            (Path(folder) / name).write_text(each, encoding="utf-8")
        module, _ = build(Path(folder))
        verify(module.Model, project, checked)
        torch.manual_seed(0)
        model: nn.Module = module.Model().eval()
        assert sum(each.numel() for each in model.parameters()) == checked.parameters, text
        with torch.no_grad():
            ours = flatten(model(*given))
            theirs = interpreted(project, checked, model, *given)
        assert [each.shape for each in ours] == [each.shape for each in theirs]
        assert all(torch.equal(one, other) for one, other in zip(ours, theirs, strict=True)), text
        save_weights(model, Path(folder) / "w.safetensors", project, checked)
        again = module.Model()
        again.load_state_dict(safetensors.torch.load_file(str(Path(folder) / "w.safetensors")), strict=True)
        assert set(again.state_dict()) == set(model.state_dict())
    if lints:
        assert lint(text) == [], text
    return text
