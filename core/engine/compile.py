"""From written source to modules that run: formatting, import under names of their own, and the proof on meta."""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import itertools
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import torch
from torch import nn

from core import source
from core.blocks import walk
from core.engine import guard, pretrained, weights
from core.engine.collection import no_collection
from core.engine.fault import Fault
from core.engine.forms import cases
from core.messages import Checked, Source
from core.project import Project
from core.source.statements import WIDTH
from core.weights import weights_of

MARK = re.compile(r"\s*# missing: ")
_numbers = itertools.count(1)


def written(project: Project, checked: Checked, **choices: Any) -> Source:
    """The formatted source of a project, its lines still known by node; see `core.source.write` for the choices."""
    with no_collection():
        return formatted(source.write(project, checked, cases(project, checked), **choices))


def module_names(project: Project, checked: Checked, held_alone: bool = False) -> dict[str, str]:
    """The place of each node's module in the model, by the path of the node; see `core.source.module_names`."""
    return source.module_names(project, checked, cases(project, checked), held_alone)


def loaded_weights(project: Project, checked: Checked) -> dict[str, torch.Tensor]:
    """The tensors that the model begins with from files, under their names in its state; raises Fault."""
    if not any(weights_of(node).file for _, node in walk(project.graph.nodes, project.graph.blocks)):
        return {}
    return pretrained.gathered(project, checked, module_names(project, checked, held_alone=True))


def formatted(plain: Source) -> Source:
    """The source as ruff lays it out (imports sorted), with the lines followed to where they went."""
    files = laid_out(plain.files)
    model, script = (
        moved(plain.files[name], files[name], lines)
        for name, lines in (("model.py", plain.lines), ("train.py", plain.script_lines))
    )
    return Source(files, model, script)


def laid_out(files: Mapping[str, str]) -> dict[str, str]:
    """Files as ruff lays them out; raises Fault where ruff is not there or finds no Python."""
    from ruff import find_ruff_bin

    with tempfile.TemporaryDirectory(prefix="layerloom-") as folder:
        paths = {name: Path(folder, name) for name in files}
        for name, text in files.items():
            paths[name].write_text(text, encoding="utf-8", newline="\n")
        common = ["--isolated", "--no-cache", "--quiet", "--line-length", str(WIDTH), *files]
        for command in (["check", "--fix", "--select", "I", "--exit-zero"], ["format"]):
            try:
                subprocess.run(
                    [find_ruff_bin(), *command, *common],
                    cwd=folder,
                    check=True,
                    capture_output=True,
                    text=True,
                    timeout=60,
                )
            except (OSError, subprocess.SubprocessError) as error:
                details = str(getattr(error, "stderr", "") or error)
                raise Fault(
                    "The source could not be laid out, because ruff failed; install Layerloom again.", details
                ) from None
        return {name: path.read_text(encoding="utf-8") for name, path in paths.items()}


def moved(before: str, after: str, lines: Mapping[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    """Which nodes each line belongs to once the layout has changed.

    Where layout has only sorted the imports, lines are counted from the end. Otherwise the two texts are walked side
    by side: the order of statements and of the marked comments is kept.
    """
    old_lines, new_lines = before.split("\n"), after.split("\n")
    pairs = zip(reversed(old_lines), reversed(new_lines), strict=False)
    same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
    if all(line > len(old_lines) - same for line in lines):
        further = len(new_lines) - len(old_lines)
        return {line + further: nodes for line, nodes in lines.items()}
    found: dict[int, tuple[str, ...]] = {}
    for old, new in zip(_statements(ast.parse(before)), _statements(ast.parse(after)), strict=True):
        nodes = lines.get(old.lineno)
        if nodes is not None:
            found.update(dict.fromkeys(range(new.lineno, _end(new) + 1), nodes))
    for old_line, new_line in zip(_marked(before), _marked(after), strict=True):
        if old_line in lines:
            found[new_line] = lines[old_line]
    return dict(sorted(found.items()))


def _statements(tree: ast.Module | ast.ClassDef | ast.FunctionDef) -> Iterator[ast.stmt]:
    """Statements of the module, its classes and their functions, in order; without imports, which are sorted."""
    for statement in tree.body:
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            yield statement
        if isinstance(statement, ast.ClassDef | ast.FunctionDef):
            yield from _statements(statement)


def _end(statement: ast.stmt) -> int:
    """The last line of a statement, or of its head where it has a body."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return max(statement.body[0].lineno - 1, statement.lineno)
    return statement.end_lineno or statement.lineno


def _marked(text: str) -> list[int]:
    return [number for number, line in enumerate(text.split("\n"), 1) if MARK.match(line)]


def build(folder: Path) -> tuple[ModuleType, ModuleType]:
    """Import model.py and train.py of a folder under names of their own; raises Fault."""
    number = next(_numbers)
    model = _imported(folder / "model.py", f"layerloom_model_{number}")
    held = sys.modules.get("model")
    sys.modules["model"] = model  # what `from model import Model` in train.py means
    try:
        train = _imported(folder / "train.py", f"layerloom_train_{number}")
    finally:
        if held is None:
            del sys.modules["model"]
        else:
            sys.modules["model"] = held
    return model, train


def build_own(folder: Path, seconds: float = 0.0) -> tuple[ModuleType, ModuleType]:
    """Import them as `build` does, and guard them from then on: a person's own code is in them; raises Fault."""
    with guard.Guarded():
        model, train = build(folder)
    guard.around_modules(model, train, seconds)
    return model, train


class _Fresh(importlib.machinery.SourceFileLoader):
    """Reads the text each time: Python's own cache takes two texts of one length, written in one second, for one."""

    def get_code(self, fullname: str) -> CodeType:
        """The compiled text, with nothing kept beside it."""
        return compile(self.get_data(self.path), self.path, "exec", dont_inherit=True)


def _imported(path: Path, name: str) -> ModuleType:
    loader = _Fresh(name, str(path))
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # so that objects of it can be copied and found again
    try:
        loader.exec_module(module)
    except FileNotFoundError:
        del sys.modules[name]
        raise Fault(f"There is no {path.name} in {path.parent}; choose the folder of a run, or train again.") from None
    except Exception as error:
        del sys.modules[name]
        raise Fault(f"{path} cannot be run ({type(error).__name__}: {error}); train again to write it anew.") from error
    return module


def new_model(folder: Path) -> nn.Module:
    """A fresh model from a folder's model.py, with torch's initial weights."""
    return _imported(folder / "model.py", f"layerloom_model_{next(_numbers)}").Model()


def verify(model_class: type[nn.Module], project: Project, checked: Checked) -> None:
    """Prove on the meta device that each node holds the parameters that check has counted; raises Fault."""
    with torch.device("meta"):
        model = model_class()
    held = {name: sum(each.numel() for each in module.parameters()) for name, module in model.named_modules()}
    held |= {name: parameter.numel() for name, parameter in model.named_parameters()}
    for node_id, name in module_names(project, checked).items():
        report = checked.nodes.get(node_id) or checked.inner.get(node_id)
        expected = report.parameters if report else 0
        if name in held and held[name] != expected:
            raise Fault(
                f"The written model has {held[name]} parameters in {node_id}, where check has counted {expected}; "
                "this is a fault of Layerloom, please report it with the project."
            )


def load_weights(model: nn.Module, path: Path) -> None:
    """Put the weights of a file into a model, every one of them and no other; raises Fault."""
    weights.load(model, path)


def save_weights(model: nn.Module, path: Path, project: Project, checked: Checked | None = None) -> None:
    """Write a model's weights with the node of each, those in blocks where `checked` is given; raises OSError."""
    nodes = source.attribute_names(project.graph) if checked is None else module_names(project, checked)
    weights.save(path, model.state_dict(), nodes)
