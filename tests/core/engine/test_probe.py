"""A person's own code tried in a process of its own: what it makes, and how it is stopped."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest
import torch

from core.client import environment
from core.engine import trust
from core.engine.examine import Fault, Found, examined
from core.engine.fault import Fault as EngineFault
from core.engine.probe import Probe, close
from core.examples import example_project
from core.graph import Graph, Node
from core.layers.custom import DEFAULT, Python
from core.parameters import read
from core.project import Project
from core.specs import Spec
from core.trust import fingerprint

VECTORS = {"x": Spec(("N", 8))}


def layer(code: str, **values: Any) -> Python:
    made = read(Python.of({"code": code}), {"code": code, **values})[0]
    assert isinstance(made, Python)
    return made


@pytest.fixture(scope="module")
def probe() -> Iterator[Probe]:
    """One child for all tests that leave it as it was."""
    held = Probe()
    held.examined(layer(DEFAULT), {"input": Spec(("N", 2))})
    yield held
    held.close()


def found(probe: Probe, code: str, inputs: dict[str, Spec] = VECTORS, **values: Any) -> Found:
    told = probe.examined(layer(code, **values), inputs)
    assert isinstance(told, Found), told
    return told


def sentence(probe: Probe, code: str, inputs: dict[str, Spec] = VECTORS, **bounds: Any) -> str:
    told = probe.examined(layer(code), inputs, **bounds)
    assert isinstance(told, Fault), told
    return told.message


MIXER = """\
import math

class Mixer(nn.Module):
    def __init__(self, in_features, hidden: int = 4):
        super().__init__()
        self.first = nn.Linear(in_features, hidden)
        self.norm = nn.BatchNorm1d(hidden)

    def forward(self, x):
        first = self.norm(self.first(x)) * math.pi
        return first, first > 0
"""


def test_that_a_module_is_measured_like_any_other(probe: Probe) -> None:
    told = found(probe, MIXER, hidden=5)
    assert told.outputs == {"output_0": Spec(("N", 5)), "output_1": Spec(("N", 5), "bool")}
    assert told.parameters == 8 * 5 + 5 + 5 + 5
    assert told.macs == 40
    assert told.call == layer(MIXER, hidden=5).call(VECTORS)


@pytest.mark.parametrize(
    ("expression", "shape", "dtype"),
    [
        ("F.scaled_dot_product_attention(x[:, None], x[:, None], x[:, None])", ("N", 1, 8), "float32"),
        ("torch.fft.rfft(x).abs()", ("N", 5), "float32"),
        ("x.view(-1, 2)", ("4*N", 2), "float32"),
        ("torch.cat([x, x[:1]])", ("N+1", 8), "float32"),
        ("x.argmax(1)", ("N",), "int64"),
        ("torch.utils.checkpoint.checkpoint(torch.tanh, x, use_reentrant=False)", ("N", 8), "float32"),
        ("torch.distributions.Normal(0, 1).log_prob(x)", ("N", 8), "float32"),
        ("torch.autograd.grad((x * x).sum(), x, create_graph=True)[0]", ("N", 8), "float32"),
        ("torch.from_numpy(x.detach().numpy())[:, :3]", ("N", 3), "float32"),  # meta cannot: numbers say it
        ("x[:, : 2 + int(x.sum().item() * 0)]", ("N", 2), "float32"),
    ],
)
def test_that_shapes_are_found_on_meta_or_with_numbers(
    probe: Probe, expression: str, shape: tuple[int | str, ...], dtype: str
) -> None:
    told = found(probe, f"import torch.nn.functional as F\ndef f(x):\n    return {expression}\n")
    assert told.outputs == {"output": Spec(shape, dtype)}


BAD = [
    ("raise ValueError('n')", "{self} fails in line 3 (raise ValueError('n')) on N × 8 from {source}: ValueError: n."),
    ("raise SystemExit", "{self} fails in line 3 (raise SystemExit) on N × 8 from {source}: SystemExit."),
    ("x = x @ torch.zeros(3, 4)", "mat1 and mat2 shapes cannot be multiplied (4x8 and 3x4)."),
    ("return [1, 2]", "{self} returned a list as output, where a tensor was expected: return one."),
    ("return None", "{self} returned a NoneType as output"),
    ("return x.to_sparse()", "{self} returned a sparse tensor as output"),
    ("return x.new_zeros(len(x), random.randint(1, 1000))", "sizes must follow from the inputs alone"),
    ("return x[x > 0]", "sizes must follow from the inputs alone"),
    ("open('made', 'w')", "{self} tried to write a file (made), which code in a network may not do"),
    ("open('made', 'ab')", "{self} tried to write a file (made)"),
    ("os.open('made', os.O_CREAT)", "{self} tried to write a file (made)"),
    ("os.remove(__import__('core').__file__)", "{self} tried to remove"),
    ("os.rename('a', 'b')", "{self} tried to rename a"),
    ("os.mkdir('made')", "{self} tried to make a folder made"),
    ("os.chdir('/')", "{self} tried to work in another folder: /"),
    ("import shutil; shutil.rmtree('made')", "{self} tried to remove made"),
    ("import tempfile; tempfile.mkstemp()", "{self} tried to write a file"),
    ("os.system('echo')", "{self} tried to start a process"),
    ("os.fork()", "{self} tried to start a process"),
    ("os.execv('/bin/true', ['true'])", "{self} tried to start a process"),
    ("import subprocess; subprocess.run(['true'])", "{self} tried to start a process"),
    ("os.kill(os.getppid(), 9)", "{self} tried to end a process"),
    ("import socket; socket.create_connection(('127.0.0.1', 9))", "{self} tried to open a connection"),
    ("import ctypes; ctypes.CDLL(None)", "{self} tried to call machine code"),
    (
        "import threading; t = threading.Thread(target=lambda: open('made', 'w')); t.start(); t.join()",
        "{self} tried to write a file (made)",
    ),
    ("input()", "{self} tried to wait for the keyboard"),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(("line", "said"), BAD)
def test_that_what_code_may_not_do_is_one_sentence(probe: Probe, line: str, said: str) -> None:
    pid = probe.pid
    told = sentence(probe, f"import os, random\ndef f(x):\n    {line}\n    return x\n")
    assert said in told
    assert told.endswith(".")
    assert probe.pid == pid
    assert not Path("made").exists()


def test_that_a_refusal_that_the_code_swallows_is_said_all_the_same(probe: Probe) -> None:
    code = "def f(x):\n    try:\n        open('made', 'w')\n    except BaseException:\n        pass\n    return x\n"
    assert "tried to write a file (made)" in sentence(probe, code)


def test_that_a_line_is_named_as_the_person_sees_it_whatever_stands_above(probe: Probe) -> None:
    code = '"""Words."""\n\nimport math\n\n\n# Why.\ndef f(x):\n    y = x * math.pi\n\n    return y.nothing\n'
    assert "in line 10 (return y.nothing)" in sentence(probe, code)


def test_that_a_refusal_of_what_arrives_is_in_our_own_words(probe: Probe) -> None:
    told = probe.examined(layer(MIXER), {"x": Spec((8, "N"))})
    assert isinstance(told, Fault)
    assert "takes its in_features from axis -1 of its input, but that axis varies" in told.message


def test_that_a_flood_of_prints_disturbs_nobody(probe: Probe) -> None:
    code = "import os, sys\ndef f(x):\n    for _ in range(300):\n        print('a' * 9999, file=sys.stderr)\n"
    assert found(probe, code + "        print('a' * 9999)\n    os.write(1, b'x' * 99999)\n    return x\n").macs == 0


@pytest.fixture
def own() -> Iterator[Probe]:
    """A child that may come to harm."""
    held = Probe()
    yield held
    held.close()


def test_that_code_without_an_end_or_a_measure_is_stopped_and_the_next_is_tried_anew(own: Probe) -> None:
    own.examined(layer(DEFAULT), {"input": Spec(("N", 2))})  # the start is not what is timed
    began, pid = time.monotonic(), own.pid
    told = sentence(own, "def f(x):\n    while True:\n        pass\n    return x\n", seconds=0.5)
    assert told == "{self} did not end within 0.5 s: look for a loop that has no end."
    assert time.monotonic() - began < 5
    assert not psutil.pid_exists(pid)

    code = "def f(x):\n    held = []\n    while True:\n        held.append(torch.zeros(1_000_000))\n    return x\n"
    told = sentence(own, code, memory=200_000_000)
    assert told.startswith("{self} took more than ")
    assert "GB of memory" in told

    code = "import builtins\ndef f(x):\n    builtins.len = None\n    return x\n"
    assert sentence(own, code) == "{self} changes builtins.len, which all code shares: leave it as it is."
    assert own.pid == 0


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("time.sleep(99)", "did not end within 5 s"),
        ("x = 10 ** 10 ** 10", "did not end within 5 s"),
        ("return x if [bytearray(1 << 27) for _ in range(99)] else x", "GB of memory"),
        ("torch.zeros(1 << 36)", "GB of memory"),
        ("os._exit(3)", "{self} ended the process that tried it (exit code 3)"),
        ("os.abort()", "{self} ended the process that tried it (signal 6)"),
        ("sys.modules.clear()", "{self} changes sys.modules."),
        ("torch.relu = None", "{self} changes torch.relu"),
        ("nn.Module.__call__ = None", "{self} changes nn.Module.__call__"),
        ("torch.Tensor.relu = None", "{self} changes torch.Tensor.relu"),
        ("threading.Thread(target=lambda: time.sleep(9), daemon=True).start()", "{self} leaves a thread running"),
        ("sys.setrecursionlimit(10**9); f(x)", "{self}"),
    ],
)  # fmt: skip
def test_that_other_harm_ends_the_child_alone(own: Probe, line: str, said: str) -> None:
    own.examined(layer(DEFAULT), {"input": Spec(("N", 2))})
    told = sentence(own, f"import os, sys, threading, time\ndef f(x):\n    {line}\n    return x\n")
    assert said in told
    assert found(own, "def f(x):\n    return x\n").outputs == {"output": VECTORS["x"]}


@pytest.mark.campaign
def test_that_a_dead_child_is_replaced(own: Probe) -> None:
    assert found(own, "def f(x):\n    return x\n").parameters == 0
    os.kill(own.pid, 9)
    psutil.wait_procs([psutil.Process(own.pid)], timeout=5)
    assert found(own, "def f(x):\n    return x\n").parameters == 0


# ---- in training, where it runs beside the engine's own work

SLY = """\
def f(input):
    if len(input) == 32:
        {line}
    return torch.relu(input)
"""


def sly(line: str) -> Project:
    """The moons with code that does no harm at the batches at which it is tried."""
    project = example_project("moons")
    code = SLY.format(line=line)
    trust.trust([fingerprint(code)])
    nodes = {**project.graph.nodes, "relu1": Node("Python", {"code": code})}
    return msgspec.structs.replace(project, graph=Graph(nodes, project.graph.links))


def test_that_code_is_refused_files_in_training_while_the_engine_writes_its_own(train: Callable[..., Any]) -> None:
    try:
        ended = train(sly("open('made', 'w')"), epochs=1)
        assert ended.how == "failed"
        assert ended.message == (
            "The run stopped at step 1 (epoch 1), because the code of relu1 tried to write a file (made), which code "
            "in a network may not do: take that line out. What was trained before is kept."
        )
        assert not Path("made").exists()
        ended = train(sly("input = input * 1.0"), folder="sound", epochs=1)
        assert (ended.how, ended.message) == ("finished", "")
        assert (Path(ended.run) / "best.safetensors").exists()
    finally:
        close()


RAISED = {
    "raise KeyError('q')": "raised KeyError: 'q', in the line raise KeyError('q')",
    "input[99]": "raised IndexError: index 99 is out of bounds for dimension 0 with size 32, in the line input[99]",
    "open('absent.txt')": "raised FileNotFoundError: [Errno 2] No such file or directory: 'absent.txt', in the line "
    "open('absent.txt')",
    "assert False": "raised AssertionError, in the line assert False",
    "raise SystemExit(3)": "tried to end the program, which code in a network may not do: take that line out",
}


@pytest.mark.parametrize("line", RAISED)
def test_that_what_code_raises_in_the_timed_trial_or_later_is_one_sentence_that_names_its_node(
    train: Callable[..., Any], line: str
) -> None:
    said = re.escape(RAISED[line]).replace("'", "['\"]")
    try:
        ended = train(sly(line), epochs=1)
        assert ended.how == "failed"
        assert re.fullmatch(
            rf"The run stopped at step 1 \(epoch 1\), because the code of relu1 {said}\. "
            r"What was trained before is kept\.",
            ended.message,
        ), ended.message
        with pytest.raises(EngineFault) as told:
            train(sly(line), folder="again", choices=None, epochs=1)
        sentence = told.value.message
        assert re.fullmatch(rf"The run did not begin, because the code of relu1 {said}\.", sentence), sentence
    finally:
        close()


@pytest.mark.parametrize(
    ("node", "home", "name"), [("relu1", torch.nn.functional, "relu"), ("linear1", torch.nn.Linear, "forward")]
)
def test_that_an_exception_of_torch_in_the_first_step_names_the_node(
    train: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, node: str, home: Any, name: str
) -> None:
    kept = getattr(home, name)

    def refuse(*values: Any, **settings: Any) -> Any:
        if values[-1].is_meta:  # check has to go on
            return kept(*values, **settings)
        raise NotImplementedError("no kernel for it")

    monkeypatch.setattr(home, name, refuse)
    with pytest.raises(EngineFault) as told:
        train("moons", choices=None, epochs=1)
    assert told.value.message == (
        f"The run did not begin, because torch refused its first step at {node}: no kernel for it."
    )


def test_that_a_step_without_an_end_ends_the_process_with_a_sentence_and_memory_is_bounded() -> None:
    program = (
        "import time\nfrom core.engine import guard\n"
        "with guard.limited_memory(100_000_000):\n"
        "    try:\n        bytearray(1 << 30)\n"
        "    except MemoryError:\n        print('bounded')\n"
        "bytearray(1 << 28)\n"
        "quick = guard.watched(lambda: 1, 0.2)\n[quick() for _ in range(30)]\ntime.sleep(0.3)\n"
        "print('quick', flush=True)\nguard.watched(lambda: time.sleep(60), 0.2)()\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], env=environment(), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 3, done.stderr
    bounded = "bounded\n" if sys.platform.startswith("linux") and not torch.cuda.is_available() else ""
    assert done.stdout == bounded + "quick\n"
    assert done.stderr.strip() == (
        "a step with code of your own did not end within 0.2 s, look for a loop that has no end"
    )


def test_that_code_that_was_not_trusted_is_run_nowhere() -> None:
    made = layer("def never_seen(x):\n    open('made', 'w')\n    return x\n")
    told = examined(made, VECTORS)
    assert isinstance(told, Fault)
    assert "is not run until you trust it" in told.message
    assert not trust.is_trusted(made.code)
    assert not Path("made").exists()
