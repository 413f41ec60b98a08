"""Code that a project brings: known by its text, run by nobody before it is trusted, and then like any other layer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core import project as projects
from core.client import Refusal, Waiting
from core.engine import probe
from core.engine import trust as engine_trust
from core.engine.check import check
from core.engine.compile import written
from core.events import Ended
from core.examples import example_project
from core.graph import Graph, Link, Node
from core.layers.custom import DEFAULT
from core.messages import (
    Check,
    Checked,
    Evaluate,
    Export,
    Exported,
    Failure,
    Predict,
    Predicted,
    Source,
    Train,
    Trust,
    Try,
    Warm,
    Write,
)
from core.project import Project
from core.trust import codes, fingerprint, trust, trusted, trusted_file, untrusted

ROOT = Path(__file__).resolve().parents[2]

GATE = """\
import math
from torch.nn import functional as F


def gate(input, slope: float = 1.5):
    # Through the gate.
    return F.silu(input * slope) * math.sqrt(2)
"""
MIXER = """\
class Mixer(nn.Module):
    def __init__(self, in_features, hidden: int = 8):
        super().__init__()
        self.first = nn.Linear(in_features, hidden)

    def forward(self, x):
        return self.first(x), x
"""
SOFTEN = "import numpy as np\n\n\ndef soften(scores):\n    return scores * float(np.float32(0.5))\n"


def own_project(**training: Any) -> Project:
    """Two moons with a function of a person's own, twice, a module, and a function that the objective alone uses."""
    project = example_project("moons")
    nodes = {
        **project.graph.nodes,
        "relu1": Node("Python", {"code": GATE}),
        "relu2": Node("Python", {"code": GATE, "slope": 2.0}),
        "linear2": Node("Python", {"code": MIXER, "hidden": 12}),
        "soft": Node("Python", {"code": SOFTEN}),
        "scores": Node("Output"),
    }
    links = [each for each in project.graph.links if "linear2" not in (each.source, each.target)]
    links = [each for each in links if (each.source, each.target) != ("linear3", "loss")]
    links += [
        Link("relu1", "output", "linear2", "x"),
        Link("linear2", "output_0", "relu2", "input"),
        Link("linear3", "output", "scores", "input"),
        Link("linear3", "output", "soft", "scores"),
        Link("soft", "output", "loss", "input"),
    ]
    settings = {"epochs": 2, "threads": 1, **training}
    return msgspec.structs.replace(project, graph=Graph(nodes, tuple(links)), training=settings)


def errors(checked: Checked) -> list[str]:
    return [each.message for each in checked.problems if each.severity == "error"]


# ---- what is trusted


def test_that_code_is_known_by_its_text_and_a_changed_letter_asks_again() -> None:
    project = own_project()
    assert codes(project) == {"linear2": MIXER, "relu1": GATE, "relu2": GATE, "soft": SOFTEN}
    known = frozenset(map(fingerprint, (MIXER, GATE)))
    assert untrusted(project, known) == {"soft": SOFTEN}
    assert untrusted(project, known | {fingerprint(SOFTEN)}) == {}
    assert untrusted(project, known | {fingerprint(SOFTEN + " ")}) == {"soft": SOFTEN}
    assert len(fingerprint("half \ud800 a letter")) == 64


def test_that_muted_nodes_and_our_own_default_ask_for_nothing() -> None:
    nodes = {"a": Node("Python"), "b": Node("Python", {"code": DEFAULT}), "c": Node("Python", {"code": 3}),
             "d": Node("Python", {"code": GATE}, muted=True), "e": Node("ReLU", {"code": GATE})}  # fmt: skip
    assert codes(Project(Graph(nodes))) == {}


def test_that_trust_is_remembered_and_a_damaged_file_trusts_nothing(own_home: Path) -> None:
    assert trusted() == frozenset()
    first, second = fingerprint("a"), fingerprint("b")
    trust([first])
    trust([second])
    assert trusted() == {first, second}
    whole = trusted_file().read_text()
    held = json.loads(whole)
    for damaged in (whole[:-9], json.dumps({"all": True}), json.dumps([*held, "*"]), json.dumps([held]), "\0", "[1]"):
        trusted_file().write_text(damaged)
        assert trusted() == frozenset()
    assert [path.name for path in own_home.iterdir()] == ["trusted.json"]


# ---- through the engine


def test_that_code_is_run_after_it_was_trusted_and_never_before(tmp_path: Path) -> None:
    project, folder = own_project(), tmp_path / "run"
    rows = tmp_path / "rows.csv"
    rows.write_text("x,y\n0.5,0.5\n-1,0\n")

    def refused(engine: Waiting, request: Any) -> Failure:
        with pytest.raises(Refusal) as told:
            engine.ask(request)
        return told.value.failure

    with Waiting() as engine:
        checked = engine.ask(Check(project))
        assert isinstance(checked, Checked)
        told = [each for each in checked.problems if each.severity == "error"]
        assert [each.node for each in told] == ["linear2", "relu1", "relu2", "soft"]
        assert told[1].message == (
            "relu1 brings code of its own (gate, 3 lines), which is not run until you trust it: read it in its form, "
            "then choose Trust (on the command line: --trust)."
        )
        assert checked.nodes["linear1"].outputs
        source = engine.ask(Write(project))
        assert isinstance(source, Source)
        assert "def gate(input, slope: float = 1.5):\n    # Through the gate." in source.files["model.py"]
        for request in (Train(project, str(folder)), Warm(project), Export(project, "python", str(tmp_path / "out"))):
            failure = refused(engine, request)
            assert failure.message.startswith("linear2 brings code of its own (Mixer, 7 lines), which is not run")
            assert failure.message.endswith("(and 3 more).")
            assert [each.node for each in failure.problems] == ["linear2", "relu1", "relu2", "soft"]
        assert not folder.exists()

        engine.engine.tell(Trust(tuple(map(fingerprint, codes(project).values()))))
        checked = engine.ask(Check(project))
        assert isinstance(checked, Checked)
        assert errors(checked) == []
        assert checked.nodes["linear2"].parameters == 16 * 12 + 12
        ended = engine.ask(Train(project, str(folder)))
        assert isinstance(ended, Ended)
        assert ended.how == "finished"
        exported = engine.ask(Export(project, "python", str(tmp_path / "out"), str(folder)))
        assert isinstance(exported, Exported)
        assert exported.max_difference is not None
        assert exported.max_difference < 1e-5

    # A run folder is data: an engine that was not told to trust its code runs none of it.
    with Waiting() as engine:
        for request in (
            Evaluate(project, str(folder)),
            Predict(project, str(folder), str(rows), str(tmp_path / "out.csv")),
            Try(project, str(folder), {"point": [0.1, 0.2]}),
        ):
            told_of_run = refused(engine, request).message
            assert f"The run in {folder} brings code of its own at linear2 (and 3 more)" in told_of_run
        engine.engine.tell(Trust(tuple(map(fingerprint, codes(project).values()))))
        predicted = engine.ask(Predict(project, str(folder), str(rows), str(tmp_path / "out.csv")))
        assert isinstance(predicted, Predicted)
        assert predicted.rows == 2


@pytest.mark.campaign
def test_that_a_script_and_onnx_hold_code_like_any_other_layer(tmp_path: Path) -> None:
    project = own_project()
    with Waiting(map(fingerprint, codes(project).values())) as engine:
        for to, out in (("script", tmp_path / "script"), ("onnx", tmp_path / "model.onnx")):
            exported = engine.ask(Export(project, to, str(out)))  # type: ignore[arg-type]
            assert isinstance(exported, Exported)
            assert exported.max_difference is not None
            assert exported.max_difference < 1e-5
    assert "def soften(scores):" in (tmp_path / "script" / "train.py").read_text()


def test_that_code_stands_once_in_the_file_that_uses_it_with_its_node() -> None:
    project = own_project()
    engine_trust.trust(map(fingerprint, codes(project).values()))
    try:
        source = written(project, check(project, 0))
    finally:
        probe.close()
    model, script = source.files["model.py"], source.files["train.py"]
    assert model.startswith(
        '"""The network as a PyTorch module."""\n\nimport math\n\nfrom torch import Tensor, nn\n'
        "from torch.nn import functional as F\n\n\ndef gate("
    )
    assert model.count("def gate(") == 1
    assert model.index("class Mixer(nn.Module)") < model.index("class Model(nn.Module)")
    assert "slope=2.0)" in model
    assert "soften" not in model
    assert "def soften(scores):" in script
    assert "= soften(" in script
    assert script.count("import numpy as np") == 1
    lines = model.split("\n")
    assert {lines[number - 1].strip() for number, nodes in source.lines.items() if "linear2" in nodes} >= {
        "class Mixer(nn.Module):", "self.linear2 = Mixer(in_features=16, hidden=12)",
    }  # fmt: skip


# ---- the command line


def layerloom(home: Path, *words: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LAYERLOOM_HOME": str(home)}
    command = [sys.executable, "-P", "-m", "core", *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def test_that_the_command_line_runs_code_with_trust_alone_and_remembers_nothing(tmp_path: Path, own_home: Path) -> None:
    file = tmp_path / "own.loom"
    projects.save(own_project(), file)
    done = layerloom(own_home, "check", file, "--json")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    told = [each for each in document["problems"] if each["severity"] == "error"]
    assert "brings code of its own" in told[0]["message"]
    assert document["nodes"]["linear1"]["outputs"]["output"]["shape"] == ["N", 16]
    done = layerloom(own_home, "check", file, "--trust", "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["nodes"]["linear2"]["outputs"]["output_0"]["shape"] == ["N", 12]
    assert trusted() == frozenset()
