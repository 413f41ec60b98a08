"""Models of a project before and after an edit, the weights carried over, and what both make of the same row."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from proving import flatten, module_owner
from random_blocks import random_project, small
from torch import Tensor, nn

from core.engine.check import check
from core.engine.compile import module_names, written
from core.project import Project

RUN = 100_000
"""The first seed of a campaign."""


def given(drawn: Project) -> Tensor:
    torch.manual_seed(1)
    return torch.rand(3, *drawn.graph.nodes["a"].values["shape"])


def small_projects(first: int) -> Iterator[tuple[int, Project]]:
    """Projects of consecutive seeds, each of which is quickly computed."""
    return ((seed, drawn) for seed in itertools.count(first) if small(drawn := random_project(seed)))


def model_of(drawn: Project) -> nn.Module:
    space: dict[str, Any] = {"__name__": "model"}
    exec(compile(written(drawn, check(drawn, 0)).files["model.py"], "model.py", "exec"), space)
    return space["Model"]().eval()


def carried(before: Project, model: nn.Module, after: Project, paths: Mapping[str, str]) -> nn.Module:
    """The model of an edited project with the weights of the one before; `paths` say what each node was."""
    made = model_of(after)
    old, new = (module_names(each, check(each, 0)) for each in (before, after))
    given, held = dict(model.named_modules()), dict(made.named_modules())
    for path, place in new.items():
        if place in held:
            whole = next((each for each in paths if f"{path}/".startswith(f"{each}/")), path)
            owner = module_owner(before.graph, paths.get(whole, whole) + path.removeprefix(whole))
            if (begin := given.get(old.get(owner, " "))) is not None:  # else it leads nowhere there
                held[place].load_state_dict(begin.state_dict())
    return made


def learning(model: nn.Module, row: Tensor) -> tuple[list[Tensor], int]:
    """What a model makes of a row, and how many numbers have a part in it: others lead nowhere."""
    outputs = flatten(model(row.clone().requires_grad_()))
    sum(each.sum() for each in outputs).backward()  # type: ignore[union-attr]
    count = sum(each.numel() for each in model.parameters() if each.grad is not None)
    return [each.detach() for each in outputs], count
