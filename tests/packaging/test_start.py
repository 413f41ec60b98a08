"""What each command of start.py does once everything is installed."""

import os
import subprocess
import sys
from pathlib import Path

import environment
import launch
import machine
import pytest
from environment import Environment, Refused

LAYERLOOM = """#!/bin/sh
echo "layerloom $@" >> "$HOME/said"
case "$1" in
    new) echo "{}" > "$3";;
esac
"""


@pytest.fixture
def ready(lazy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """An installed environment whose layerloom only notes what it is asked, and a new person's home."""
    made = lazy()
    environment.fill(made)
    layerloom = Path(made.program("layerloom"))
    layerloom.write_text(LAYERLOOM, encoding="utf-8")
    layerloom.chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    return made


def test_that_without_a_display_the_example_is_trained_in_a_run_folder_of_its_own(
    ready: Environment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert launch.start(ready) == 0
    made, trained = (tmp_path / "said").read_text(encoding="utf-8").splitlines()
    project = tmp_path / "Layerloom" / "digits.loom"
    assert made == f"layerloom new digits {project}"
    assert trained.startswith(f"layerloom train {project} --out {project.parent / 'runs' / 'digits-'}")
    assert capsys.readouterr().out.startswith("There is no display")


def test_that_with_a_display_the_window_opens_on_the_same_example_every_time(ready: Environment, tmp_path: Path):
    script = f"""if True:
        import sys; sys.path.insert(0, {str(environment.LOCKS)!r})
        import environment, launch, pathlib
        launch.start(environment.Environment(pathlib.Path({str(ready.folder)!r})))
    """
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    for _ in range(2):
        assert subprocess.run([sys.executable, "-c", script], env=surroundings).returncode == 0
    project = tmp_path / "Layerloom" / "digits.loom"
    opened = f"layerloom {project}"
    said = (tmp_path / "said").read_text(encoding="utf-8").splitlines()
    assert said == [f"layerloom new digits {project}", opened, opened]


def test_that_a_window_without_its_system_libraries_is_refused_before_it_is_tried(
    ready: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(machine, "missing_libraries", lambda wanted: ["libEGL.so.1"])
    with pytest.raises(Refused, match="apt-get install libegl1"):
        launch.start(ready)
    assert not (tmp_path / "said").exists()


@pytest.mark.parametrize("arguments", [["instal"], ["bench", "--jsn", "x"], ["test", "fast"]])
def test_that_a_wrong_command_is_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        launch.main(arguments)
    assert ended.value.code == 2
    assert "usage: start.py" in capsys.readouterr().err
