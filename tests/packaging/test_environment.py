"""What is installed, when, and from where."""

import subprocess
import sys
from pathlib import Path

import environment
import launch
import machine
import pytest
from environment import APPLICATION, BENCHES, ROOT, TESTS, Environment, Refused


def calls(tmp_path: Path) -> list[str]:
    """How the script in place of python was called, a line each."""
    noted = tmp_path / "calls"
    return noted.read_text(encoding="utf-8").splitlines() if noted.exists() else []


def test_that_a_second_start_runs_neither_pip_nor_anything_else(lazy, tmp_path: Path):
    made = lazy()
    environment.fill(made)
    before = calls(tmp_path)
    assert before
    assert launch.installed(made) is made
    assert calls(tmp_path) == before


def test_that_an_environment_for_the_tests_is_one_for_the_application_too(lazy, tmp_path: Path):
    environment.fill(lazy(lock=TESTS))
    assert environment.is_ready(Environment(tmp_path / "env", APPLICATION))
    assert not environment.is_ready(Environment(tmp_path / "env", BENCHES))


def test_that_a_changed_lock_asks_for_pip_again(lazy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = lazy()
    environment.fill(made)
    assert environment.is_ready(made)
    (tmp_path / APPLICATION).write_text("torch==2.13.1\n", encoding="utf-8")
    monkeypatch.setattr(environment, "LOCKS", tmp_path)
    assert not environment.is_ready(made)


def test_that_the_lock_comes_first_and_the_project_without_network(lazy, tmp_path: Path):
    environment.fill(lazy(), ["--extra-index-url", "https://example.org"])
    first, second = calls(tmp_path)
    assert f"-r {environment.LOCKS / APPLICATION} --extra-index-url https://example.org" in first
    assert "--no-deps --no-build-isolation --no-index" in second
    assert f"-e {ROOT}" in second


def test_that_a_failing_pip_is_refused_and_its_environment_made_afresh(lazy):
    made = lazy("exit 1")
    with pytest.raises(Refused, match="the reason is above"):
        environment.fill(made)
    assert not environment.is_ready(made)
    assert not environment.is_reusable(made)


def test_that_an_installation_killed_halfway_is_not_taken_for_a_whole_one(lazy, tmp_path: Path):
    made = lazy("kill -9 $PPID")
    script = f"""if True:
        import sys; sys.path.insert(0, {str(environment.LOCKS)!r})
        import environment, pathlib
        environment.fill(environment.Environment(pathlib.Path({str(made.folder)!r})))
    """
    assert subprocess.run([sys.executable, "-c", script]).returncode == -9
    assert not environment.is_ready(made)
    assert not environment.is_reusable(made)


def test_that_an_environment_of_this_python_is_gone_on_with(lazy):
    assert environment.is_reusable(lazy(f"echo {environment.python_version()}"))


def test_that_an_environment_of_another_python_is_made_afresh(lazy):
    assert not environment.is_reusable(lazy("echo 3.9"))


def test_that_an_environment_that_was_moved_is_made_afresh(lazy, tmp_path: Path):
    made = lazy(f"echo {environment.python_version()}")
    environment.write(made, {"folder": str(tmp_path / "elsewhere")})
    assert not environment.is_reusable(made)


@pytest.mark.parametrize("text", ["", "{", "7", '["a"]'])
def test_that_a_damaged_stamp_only_means_installing_again(lazy, text: str):
    made = lazy()
    made.stamp.write_text(text, encoding="utf-8")
    assert environment.stamped(made) == {}
    assert not environment.is_ready(made)


def test_that_sizes_are_stated_before_anything_is_downloaded(lazy, capsys: pytest.CaptureFixture[str]):
    made = lazy()
    launch.announce(made, "linux-cpu")
    assert "0.5 GB to download, 1.9 GB on disk" in capsys.readouterr().out


def test_that_a_disk_without_room_is_refused_before_the_download(lazy, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(environment, "sizes", lambda build, lock: (10**9, 10**9))
    with pytest.raises(Refused, match="make room there"):
        launch.announce(lazy(), "linux-cpu")


def test_that_every_build_and_lock_has_its_measured_sizes():
    for build in ("linux-cpu", "linux-cuda", "macos", "windows"):
        for lock in (APPLICATION, TESTS, BENCHES):
            download, disk = environment.sizes(build, lock)
            assert 300 < download < disk


# Which build of torch


PIN = environment.pinned("torch")
CUDA_ONLY = f"echo 'torch ({PIN})'; echo 'Available versions: 2.99.0, {PIN}, 2.10.0'"
OWN_CPU = f"echo 'Available versions: 2.99.0, {PIN}+cpu, {PIN}'"
OWN_CUDA = f"echo 'Available versions: {PIN}+cu130, {PIN}'"
CPU_INDEX_ONLY = f'case "$*" in *download.pytorch.org*) {OWN_CPU};; *) {CUDA_ONLY};; esac'


@pytest.mark.parametrize(
    ("pip", "has_driver", "options", "sizes"),
    [
        (OWN_CPU, False, (), "linux-cpu"),
        (OWN_CPU, True, (), "linux-cpu"),
        (OWN_CUDA, False, (), "linux-cuda"),
        (CPU_INDEX_ONLY, False, environment.CPU_BUILDS, "linux-cpu"),
        (CPU_INDEX_ONLY, True, (), "linux-cuda"),
        (CUDA_ONLY, False, (), "linux-cuda"),
        ("exit 1", False, (), "linux-cuda"),
    ],
)
def test_that_torch_comes_without_cuda_where_no_driver_is_and_as_configured_where_it_is(
    lazy, pip: str, has_driver: bool, options: tuple[str, ...], sizes: str
):
    assert environment.torch_build(lazy(pip), has_driver) == (options, sizes)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is one build")
def test_that_taking_cuda_without_a_driver_is_said(
    lazy, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(machine, "has_nvidia_driver", lambda: False)
    assert launch.chosen_build(lazy(CUDA_ONLY)).sizes == "linux-cuda"
    assert "No NVIDIA driver was found" in capsys.readouterr().out
