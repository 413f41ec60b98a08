"""Small projects that train in a moment, and a way to train them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.engine.control import Controls
from core.engine.fit import fit
from core.engine.trial import Choices
from core.events import Ended, Event
from core.examples import example_project
from core.messages import Train
from core.project import Project

ONE_THREAD = Choices(1)


class Heard(list[Any]):
    """The events of a run, with what steers it."""

    def __init__(self) -> None:
        super().__init__()
        self.control = Controls()
        self.when: Callable[[Event], None] = lambda event: None

    def __call__(self, event: Event) -> None:
        self.append(event)
        self.when(event)

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self if isinstance(event, kind)]


Training = Callable[..., Ended]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def train(tmp_path: Path, heard: Heard) -> Training:
    """Train an example (or a project) with other settings into a folder of the test."""

    def run(
        project: str | Project, folder: str = "run", choices: Choices | None = ONE_THREAD, **settings: Any
    ) -> Ended:
        if isinstance(project, str):
            project = example_project(project)
        seed = settings.pop("seed", project.seed)
        made = msgspec.structs.replace(project, training={**project.training, **settings}, seed=seed)
        return fit(Train(made, str(tmp_path / folder)), heard, heard.control, choices)

    return run
