"""A stand-in for an environment, so that installing can be watched without installing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from environment import APPLICATION, Environment


@pytest.fixture
def lazy(tmp_path: Path) -> Callable[..., Environment]:
    """Makes an environment whose python is a script that notes how it was called and does as told."""

    def make(script: str = "", lock: str = APPLICATION) -> Environment:
        made = Environment(tmp_path / "env", lock)
        made.programs.mkdir(parents=True, exist_ok=True)
        python = Path(made.program("python"))
        python.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/calls"\n{script}\n', encoding="utf-8")
        python.chmod(0o755)
        return made

    return make
