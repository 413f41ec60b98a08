"""What the locks, the wheel and the desktop entry promise."""

import configparser
import os
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import environment
import pytest
from environment import APPLICATION, BENCHES, ROOT, TESTS
from packaging.requirements import Requirement


def pins(lock: str) -> dict[str, str]:
    """The versions in a lock and in those that it includes."""
    found: dict[str, str] = {}
    for line in (environment.LOCKS / lock).read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            found |= pins(line[3:])
        elif "==" in line and not line.startswith("#"):
            name, version = line.split("==")
            found[name] = version
    return found


def project() -> dict:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("lock", "extra"), [(APPLICATION, ""), (TESTS, "dev"), (BENCHES, "bench")])
def test_that_every_dependency_is_locked_within_its_range(lock: str, extra: str):
    declared = project()["project"]
    asked = declared["optional-dependencies"][extra] if extra else declared["dependencies"]
    locked = pins(lock)
    for requirement in map(Requirement, asked):
        assert requirement.specifier.contains(locked[requirement.name.lower()]), requirement


def test_that_the_tests_run_with_the_locked_versions():
    others = {
        name: found
        for name, version in pins(TESTS).items()
        if (found := metadata.version(name).partition("+")[0]) != version
    }
    assert others == {}


def test_that_qt_survives_20000_void_calls_and_keeps_its_references():
    script = """if True:
        import sys
        from PySide6.QtWidgets import QApplication, QGraphicsRectItem
        application = QApplication([])
        item = QGraphicsRectItem()
        for kept in (None, True):
            before = sys.getrefcount(kept)
            for _ in range(1000):
                item.setVisible(True)
            assert abs(sys.getrefcount(kept) - before) < 10, (kept, before, sys.getrefcount(kept))
        for turn in range(20_000):
            item.setPos(turn, turn)
    """
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run([sys.executable, "-c", script], env=surroundings, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_that_the_wheel_holds_the_packages_and_their_resources_and_nothing_else(tmp_path: Path):
    build = [
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        str(tmp_path),
    ]
    subprocess.run([sys.executable, *build, str(ROOT)], check=True, stderr=subprocess.DEVNULL)
    (wheel,) = tmp_path.glob("layerloom-*.whl")
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    here = {
        path.relative_to(ROOT).as_posix()
        for package in ("core", "designer", "resources")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names == here
    entry = metadata.entry_points(group="console_scripts", name="layerloom")
    assert {point.value for point in entry} == {"designer.__main__:main"}


def test_that_all_of_core_but_the_engine_is_typed_strictly():
    folders = {path.parent for path in (ROOT / "core").glob("*/*.py")}
    strict = {folder.relative_to(ROOT).as_posix() for folder in folders} - {"core/engine"}
    assert set(project()["tool"]["pyright"]["strict"]) == strict | {"core/*.py"}


def test_that_the_desktop_entry_opens_project_files():
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(environment.LOCKS / "layerloom.desktop", encoding="utf-8")
    mime = (environment.LOCKS / "layerloom.xml").read_text(encoding="utf-8")
    kind = entry["Desktop Entry"]["MimeType"].rstrip(";")
    assert entry["Desktop Entry"]["Exec"] == "layerloom %f"
    assert f'<mime-type type="{kind}">' in mime
    assert '<glob pattern="*.loom"/>' in mime
