"""What is drawn, run by an interpreter of its own, beside what source has written of it."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from ruff import find_ruff_bin
from torch import Tensor, nn

from core.anatomy import reaching
from core.engine.check import check
from core.engine.compile import build, module_names, save_weights, verify, written
from core.engine.examine import namespace
from core.engine.inner import flat
from core.engine.visit import Visit
from core.layers.calls import construction, invocation, ports_of
from core.messages import Checked, Source
from core.project import Project


class Interpreter(nn.Module):
    """Runs the drawing with every block drawn out, node by node; its modules come from the written model by path."""

    def __init__(self, project: Project, checked: Checked, model: nn.Module) -> None:
        super().__init__()
        visit = Visit(project.graph, [], {})
        for node_id in visit.order:
            visit.look_at(node_id)
        visit.look_at_sharing()
        self.flat = flat(visit)
        self.places = module_names(project, checked)
        self.model, self.drawn = model, project.graph
        self.outputs = [node for node in self.drawn.in_order if self.drawn.nodes[node].layer == "Output"]
        self.leading = reaching(self.flat.graph, self.outputs)

    def own(self, path: str) -> Any:
        """A module made anew from the call that check has found, with the weights of the written model."""
        path = self.owner(path)
        call = self.flat.reports[path].call
        assert call is not None
        if not call.target:
            return None
        module = eval(construction(call), namespace(call))
        theirs = operator_get(self.model, self.places[path])
        if isinstance(module, nn.Module):
            module.load_state_dict(theirs.state_dict(), strict=True)
            return module.train(self.model.training)
        return theirs

    def owner(self, path: str) -> str:
        """The path of the module that a node uses: its own, or that of the node whose weights it shares."""
        nodes, found = self.drawn.nodes, list[str]()
        for part in path.split("/"):
            if part in nodes:
                while nodes[part].shares:
                    part = nodes[part].shares
                block = self.drawn.blocks.get(nodes[part].layer)
                nodes = block.nodes if block else {}
            found.append(part)
        return "/".join(found)

    def forward(self, *given: Tensor) -> list[Tensor]:
        values: dict[tuple[str, str], Tensor] = {}
        arriving = self.flat.graph.arriving
        inputs = [path for path in self.flat.graph.in_order if self.flat.graph.nodes[path].layer == "Input"]
        values |= {(path, "output"): each for path, each in zip(inputs, given, strict=True)}
        outputs: list[Tensor] = []
        for path in self.flat.order:
            node = self.flat.graph.nodes[path]
            if node.layer in ("Input", "Output") or path not in self.leading:
                continue
            came = {port: values[link.source, link.output] for port, link in arriving[path].items()}
            call = self.flat.reports[path].call
            assert call is not None
            holder = {"m": self.own(path), **{f"v_{port}": each for port, each in came.items()}}
            text = invocation(call, "m", {port: f"v_{port}" for port in came})
            result = eval(text, {**namespace(call), "self": self, **holder})
            ports = ports_of(call) or self.flat.readings[path].outputs[:1]
            found = flatten(result) if call.unpack else [result]
            values |= {(path, port): each for port, each in zip(ports, found, strict=True)}
        for node_id in self.outputs:
            link = arriving[node_id]["input"]
            outputs.append(values[link.source, link.output])
        return outputs


def operator_get(model: nn.Module, place: str) -> Any:
    found: Any = model
    for part in place.split("."):
        found = found[int(part)] if part.isdecimal() else getattr(found, part)
    return found


def flatten(value: Any) -> list[Tensor]:
    return [value] if isinstance(value, Tensor) else [leaf for part in value for leaf in flatten(part)]


def lint(text: str) -> list[str]:
    """What ruff finds in a written file."""
    command = [find_ruff_bin(), "check", "--isolated", "--select", "E,F,I,N,UP,SIM", "--output-format", "concise", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60)
    return [] if done.returncode == 0 else done.stdout.splitlines()


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
            theirs = Interpreter(project, checked, model)(*given)
        assert [each.shape for each in ours] == [each.shape for each in theirs]
        assert all(torch.equal(one, other) for one, other in zip(ours, theirs, strict=True)), text
        save_weights(model, Path(folder) / "w.safetensors", project, checked)
        again = module.Model()
        again.load_state_dict(safetensors.torch.load_file(str(Path(folder) / "w.safetensors")), strict=True)
        assert set(again.state_dict()) == set(model.state_dict())
    if lints:
        assert lint(text) == [], text
    return text
