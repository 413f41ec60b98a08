"""Layers and data sets of other packages, installed as people have them: a folder with an entry point on the path."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from core import plugins
from core.layers import CATALOGUE, soundness

ROOT = Path(__file__).resolve().parents[2]

LAYERS = """
    from core.layers import Call, Inputs, Layer
    from core.layers.layer import fixed_size
    from core.parameters import parameter


    class Maxout(Layer, family="activation", torch="plugin_for_tests.modules.Maxout"):
        \"\"\"Gives the largest of several weighted sums.\"\"\"

        out_features: int = parameter(8, "How many numbers come out.", low=1, required=True)
        pieces: int = parameter(2, "How many sums each of them is the largest of.", low=1)

        def call(self, inputs: Inputs) -> Call:
            size = fixed_size(inputs, "input", -1)
            return self.module(size, self.out_features, imports=("import plugin_for_tests.modules",))
"""

MODULES = """
    import torch
    from torch import nn


    class Maxout(nn.Module):
        def __init__(self, in_features: int, out_features: int, pieces: int = 2) -> None:
            super().__init__()
            self.pieces = pieces
            self.linear = nn.Linear(in_features, out_features * pieces)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.linear(x).unflatten(-1, (-1, self.pieces)).amax(-1)
"""

DATA = """
    import numpy as np

    from core.datasets import DataSet
    from core.parameters import parameter


    def ramp(n: int) -> dict[str, np.ndarray]:
        value = np.linspace(0, 1, n, dtype=np.float32)[:, None]
        return {"value": value, "half": value / 2}


    class Ramp(DataSet, title="Ramp", family="toys", loader=ramp, target="half"):
        \"\"\"Numbers and their halves.\"\"\"

        n: int = parameter(100, "How many numbers there are.", low=10)
"""

POINTS = """
    [layerloom.layers]
    absent = plugin_for_tests.absent
    maxout = plugin_for_tests.layers
    [layerloom.datasets]
    ramp = plugin_for_tests.data
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package whose layer and data set are offered, and one entry point that leads nowhere."""
    folder = tmp_path_factory.mktemp("site")
    package, about = folder / "plugin_for_tests", folder / "plugin_for_tests-1.5.dist-info"
    package.mkdir()
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: plugin-for-tests\nVersion: 1.5\n")
    (about / "entry_points.txt").write_text(textwrap.dedent(POINTS))
    for name, text in {"__init__": "", "layers": LAYERS, "modules": MODULES, "data": DATA}.items():
        (package / f"{name}.py").write_text(textwrap.dedent(text))
    return folder


def layerloom(installed: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(installed)])}
    command = [sys.executable, "-P", "-m", "core", *words]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=200)


def project(place: Path) -> Path:
    nodes = {
        "value": {"layer": "Input", "values": {"field": "value"}},
        "maxout1": {"layer": "Maxout", "values": {"pieces": 3}},
        "linear1": {"layer": "Linear", "values": {"out_features": 1}},
        "half": {"layer": "Target", "values": {"field": "half"}},
        "loss1": {"layer": "MSELoss"},
    }
    links = [
        ["value", "output", "maxout1", "input"],
        ["maxout1", "output", "linear1", "input"],
        ["linear1", "output", "loss1", "input"],
        ["half", "output", "loss1", "target"],
    ]
    document = {"version": 1, "nodes": nodes, "links": links, "data": {"source": "Ramp"}, "training": {"epochs": 2}}
    path = place / "plugged.loom"
    path.write_text(json.dumps(document))
    return path


def test_that_another_packages_layer_and_data_set_are_listed_and_the_one_that_fails_is_named(
    installed: Path, tmp_path: Path
) -> None:
    done = layerloom(installed, "layers", "--json", cwd=tmp_path)
    listed = {entry["name"]: entry for entry in json.loads(done.stdout)}
    assert listed["Maxout"]["family"] == "activation"
    assert {each["name"] for each in listed["Maxout"]["parameters"]} == {"out_features", "pieces"}
    assert len(listed) == len(CATALOGUE) + 1
    assert "The plugin absent of plugin-for-tests 1.5 was left out, because it stopped with ModuleNotFoundError" in (
        done.stderr
    )
    assert "update or remove it." in done.stderr
    assert "Traceback" not in done.stderr


def test_that_another_packages_layer_is_trained_on_its_data_and_exported_like_any_other(
    installed: Path, tmp_path: Path
) -> None:
    path = project(tmp_path)
    trained = layerloom(installed, "train", str(path), "--out", "run", "--json", cwd=tmp_path)
    assert trained.returncode == 0, trained.stderr
    assert json.loads(trained.stdout)["epochs"] == 2
    exported = layerloom(
        installed, "export", str(path), "--to", "python", "--out", "made", "--run", "run", "--json", cwd=tmp_path
    )
    assert exported.returncode == 0, exported.stderr
    assert json.loads(exported.stdout)["max_difference"] == 0
    text = (tmp_path / "made" / "model.py").read_text()
    assert "import plugin_for_tests.modules\n" in text
    assert "self.maxout1 = plugin_for_tests.modules.Maxout(1, 8, pieces=3)" in text


BROKEN_DATA = """
    raise OSError("no disk")
"""


@pytest.mark.parametrize("command", [("about",), ("check", "plugged.loom")])
def test_that_a_data_plugin_that_fails_is_named_on_the_command_line(tmp_path: Path, command: tuple[str, ...]) -> None:
    about = tmp_path / "site" / "broken_data-2.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-data\nVersion: 2.0\n")
    (about / "entry_points.txt").write_text("[layerloom.datasets]\nramp = broken_data_for_tests\n")
    (about.parent / "broken_data_for_tests.py").write_text(textwrap.dedent(BROKEN_DATA))
    project(tmp_path)
    done = layerloom(about.parent, *command, cwd=tmp_path)
    said = "The plugin ramp of broken-data 2.0 was left out, because it stopped with OSError: no disk"
    assert done.stderr.count(said) == 1
    assert (said in done.stdout) == (command == ("about",))


def load(place: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> tuple[plugins.Plugin, dict[str, Any]]:
    """What comes of a module as a plugin of layers, and the registry behind it."""
    (place / f"{name}.py").write_text(textwrap.dedent(text))
    monkeypatch.syspath_prepend(str(place))
    registry: dict[str, Any] = dict(CATALOGUE)
    before = dict(CATALOGUE)
    entry = EntryPoint(name, name, "layerloom.layers")
    try:
        # Declarations enter the catalogue itself, so it is what is loaded into, and put back as it was.
        made = plugins._loaded("layerloom.layers", entry, CATALOGUE, soundness.fault)  # type: ignore[arg-type]
        registry = dict(CATALOGUE)
    finally:
        CATALOGUE.clear()
        CATALOGUE.update(before)
        sys.modules.pop(name, None)
    return made, registry


GOOD = """
    from core.layers import Call, Inputs, Layer

    class Doubled(Layer, family="merge", torch="torch.add"):
        \'\'\'Doubles its input.\'\'\'

        def call(self, inputs: Inputs) -> Call:
            return Call(expression="{input} + {input}")
"""


@pytest.mark.parametrize(
    ("name", "text", "because"),
    [
        ("broken", GOOD + "\n    raise ValueError('half way')", "it stopped with ValueError: half way"),
        ("unfinished", "class (", "it stopped with SyntaxError"),
        ("leaver", GOOD + "\n    raise SystemExit(3)", "it stopped with SystemExit: 3"),
        ("empty", "x = 1", "it declares nothing"),
        ("thief", GOOD.replace("Doubled", "Linear"), "it declares Linear, a name that is taken"),
        ("silent", GOOD.replace("Doubles its input.", ""), "Doubled has no docstring"),
        ("homeless", GOOD.replace('"merge"', '"odd"'), "Doubled is of the family 'odd'"),
        ("idle", GOOD.replace("def call", "def calls"), "Doubled has no method call"),
        ("mute", GOOD.replace("def call", "x: int = parameter(1, '')\n\n        def call").replace(
            "from core.layers import Call", "from core.parameters import parameter\n    from core.layers import Call"),
         "Doubled says nothing about its parameter x"),
    ],
)  # fmt: skip
def test_that_a_plugin_that_fails_is_named_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, because: str
) -> None:
    made, registry = load(tmp_path, monkeypatch, f"plugin_{name}", text)
    assert because in made.fault
    assert made.fault.startswith(f"The plugin plugin_{name} of ")
    assert made.brought == ()
    assert registry == CATALOGUE


def test_that_a_good_plugin_brings_its_layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, registry = load(tmp_path, monkeypatch, "plugin_good", GOOD)
    assert made.fault == ""
    assert made.brought == ("Doubled",)
    assert list(registry)[-1] == "Doubled"
