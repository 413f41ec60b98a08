"""A person's own layer, read off its text: ports, settings, outputs, and one sentence for what cannot be used."""

from __future__ import annotations

import ast
import builtins
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets import DATASETS
from core.datasets.preparation import EXPORTED
from core.engine.check import check
from core.examples import example_project
from core.graph import Graph, Link, Node
from core.layers import Refused
from core.layers.calls import construction, invocation
from core.layers.custom import DEFAULT, Python, clashes, reading
from core.layers.own_code import FILES, WRITTEN
from core.messages import DataReport
from core.parameters import parameters, read
from core.project import Project, read_text, text_of
from core.source import attribute_names, write
from core.specs import Spec
from core.validation import static_problems

SEVERAL = '''\
"""Two numbers from several."""

import math
from torch.nn import functional as F


# The comment above stays with it.
def spread(left, right: Tensor, mask=None, *, scale: float = 2.0, how: Literal["sum", "mean"] = "sum", keep=True):
    def inner(y):
        return y, y
    total = F.relu(left + right) * scale * math.pi
    rest = total - left
    return total, rest
'''

MODULE = '''\
class Mixer(nn.Module):
    """Mixes features."""

    def __init__(self, in_features, hidden: int = 8, bias: bool = True, name: str | None = None):
        super().__init__()
        self.first = nn.Linear(in_features, hidden, bias)

    def forward(self, x: Tensor, extra: Tensor | None = None):
        return self.first(x)
'''


def layer(code: str, **values: Any) -> Any:
    """The layer of a Python node with this text, and values that fit."""
    made, faults = read(Python.of({"code": code}), {"code": code, **values})
    assert not faults
    return made


def text(code: str, *linked: str, **values: Any) -> str:
    """How the node is written where these inputs are linked."""
    inputs = {port: Spec(("N", 16)) for port in linked}
    call = layer(code, **values).call(inputs)
    built = f"{construction(call)} " if call.target else ""
    return built + invocation(call, "self.m", {port: port.upper() for port in linked})


def test_that_the_arguments_of_a_function_become_ports_and_settings() -> None:
    declared = Python.of({"code": SEVERAL})
    assert [(port.name, port.optional) for port in declared.inputs] == [
        ("left", False),
        ("right", False),
        ("mask", True),
    ]
    assert [port.name for port in declared.outputs] == ["total", "rest"]
    assert [(each.name, each.kind, each.default) for each in parameters(declared)] == [
        ("code", "code", DEFAULT),
        ("scale", "number", 2.0),
        ("how", "choice", "sum"),
        ("keep", "boolean", True),
    ]
    assert parameters(declared)[2].choices == ("sum", "mean")
    assert declared.__name__ == "Python"
    assert declared.family == "custom"
    assert Python.of({"code": SEVERAL}) is declared


def test_that_a_function_is_written_by_name_with_what_differs_and_what_is_linked() -> None:
    assert text(SEVERAL, "left", "right") == "spread(LEFT, RIGHT)"
    assert text(SEVERAL, "left", "right", "mask", scale=3.0) == "spread(LEFT, RIGHT, mask=MASK, scale=3.0)"
    assert text(SEVERAL, "left", "right", how="mean", keep=False) == "spread(LEFT, RIGHT, how='mean', keep=False)"
    called = layer(SEVERAL).call({"left": Spec(("N", 2)), "right": Spec(("N", 2))})
    assert called.unpack == ("total", "rest")
    assert called.imports == ("import math", "from torch.nn import functional as F")
    assert called.code.startswith("# The comment above stays with it.\ndef spread(")
    assert "import" not in called.code


def test_that_braces_in_a_text_setting_stay_what_they_are() -> None:
    code = "def f(x, pattern: str = 'a'):\n    return x\n"
    assert text(code, "x", pattern="{x} {{y}} {0}") == "f(X, pattern='{x} {{y}} {0}')"


def test_that_a_module_takes_sizes_from_its_input_and_settings_from_the_form() -> None:
    declared = Python.of({"code": MODULE})
    assert [each.name for each in parameters(declared)] == ["code", "hidden", "bias", "name"]
    assert text(MODULE, "x") == "Mixer(in_features=16) self.m(X)"
    assert text(MODULE, "x", "extra", hidden=4, name="a") == (
        "Mixer(in_features=16, hidden=4, name='a') self.m(X, extra=EXTRA)"
    )
    with pytest.raises(Refused, match=r"takes its in_features from axis -1 .* varies \(N\)"):
        layer(MODULE).call({"x": Spec((3, "N"))})
    with pytest.raises(Refused, match="nothing is linked"):
        layer(MODULE).call({})


@pytest.mark.parametrize(
    ("code", "linked", "written", "outputs"),
    [
        (
            "def f(*parts):\n    return sum(parts)",
            ("parts_0", "parts_1", "parts_10"),
            "f(PARTS_0, PARTS_1, PARTS_10)",
            1,
        ),
        ("def f(a, *parts, k=1):\n    return a", ("a", "parts_0"), "f(A, PARTS_0)", 1),
        ("def f(x, n: int = 1, *, y):\n    return x", ("x", "y"), "f(X, y=Y)", 1),
        ("def f(x, dims=(1, 2)):\n    return (x,)", ("x",), "f(X)[0]", 1),
        ("def f(x):\n    if x is None:\n        return x\n    return x + 1, x", ("x",), "f(X)", 2),
        ("def f(x):\n    return x, x", ("x",), "f(X)", 2),
        ("def f(x: 'Tensor', k: 'int' = -3):\n    return x", ("x",), "f(X)", 1),
        ("def f():\n    return torch.zeros(3)", (), "f()", 1),
    ],
)
def test_that_the_forms_of_arguments_and_returns_are_understood(
    code: str, linked: tuple[str, ...], written: str, outputs: int
) -> None:
    assert reading(code).fault == ""
    assert text(code, *linked) == written
    assert len(Python.of({"code": code}).outputs) == outputs


FAULTS = [
    ("", "The code has no function: write one, for example def double(x): return 2 * x."),
    ("def f(x:\n    return x", "The code is not Python in line 1 ('(' was never closed): mend that line."),
    ("import math", "The code has no function: write one, for example def double(x): return 2 * x."),
    ("def f(x): return x\ndef g(x): return x", "The code has f and g, where one function or class is expected"),
    ("EPS = 1\ndef f(x): return x", "Line 1 stands beside f, where imports alone may stand: move it inside."),
    ("print(1)\ndef f(x): return x", "Line 1 stands beside f"),
    ("from os import *\ndef f(x): return x", "Line 1 imports what cannot be told from outside"),
    ("from . import a\ndef f(x): return x", "Line 1 imports what cannot be told from outside"),
    ("import numpy as torch\ndef f(x): return x", "The code imports numpy as torch, which is torch here"),
    ("from os import path as nn\ndef f(x): return x", "The code imports os.path as nn, which is torch.nn here"),
    ("import os as Model\ndef f(x): return x", "a name of the written files"),
    ("import os as len\ndef f(x): return x", "a name of the written files"),
    ("import f\ndef f(x): return x", "The code imports and defines f"),
    ("def Model(x): return x", "Model is a name that Python or the written files use: call it Model_of_mine"),
    ("def sum(x): return x", "sum is a name that Python or the written files use"),
    ("def nn(x): return x", "nn is a name that Python or the written files use"),
    ("def größe(x): return x", "größe is no name for a function here"),
    ("async def f(x): return x", "f is an async function"),
    ("def f(x): pass", "f returns nothing: end it with return and a tensor."),
    ("def f(x):\n    def g():\n        return x", "f returns nothing"),
    ("def f(x, **rest): return x", "f takes **rest, which no link can be named by"),
    ("def f(x, /): return x", "f has a / among its arguments"),
    ("def f(x, k: int): return x", "k of f is no tensor and has no default: give it one, for example k: int = 0."),
    ("def f(x, k: int = 1.5): return x", "The default in f does not fit: k must be a whole number"),
    ("def f(x, k: int = 2 ** 9): return x", "k of f has a default that is no plain value"),
    ("def f(x, k: float = 1e999): return x", "The default in f does not fit: k must be a number"),
    (f"def f(x, k: int = {2**70}): return x", "The default in f does not fit"),
    ("def f(x, inputs: int = 3): return x", "inputs of f is no name for a setting here: call it inputs_value."),
    ("def f(x, code: str = 'a'): return x", "code of f is no name for a setting here"),
    ("def f(optional): return optional", "optional of f is no name for an input here"),
    ("def forward(self, x): return x", "forward takes self, which only a function inside a class is given: drop self."),
    ("def f(x, k=1, *rest): return x", "f has arguments with a default before *rest"),
    ("def f(x): return *x, 1", "f returns values that cannot be counted"),
    ("class A:\n    def forward(self, x): return x", "A is no module: write class A(nn.Module)."),
    ("class A(nn.Module):\n    pass", "A has no forward: write def forward(self, x) in it."),
    ("class A(nn.Module):\n    def forward(): return x", "forward of A has no self"),
    (
        "class A(nn.Module):\n    def __init__(self, size):\n        pass\n    def forward(self, x): return x",
        "size of __init__ of A has no default: give it one, or call it in_features or in_channels",
    ),
    (
        "class A(nn.Module):\n    def __init__(self, *a):\n        pass\n    def forward(self, x): return x",
        "__init__ of A takes *, ** or / arguments",
    ),
    ("def f(x): return x" + " " * 20_000, "The code has 20,018 characters, where at most 20,000 are taken"),
    ("def f(x): return " + "(" * 5000 + "x" + ")" * 5000, "The code is not Python"),
    ("def f(x): return " + "-" * 15_000 + "x", "nested too deeply"),
    ("def f(x):\n    return x\0", "The code is not Python"),
]


@pytest.mark.parametrize(("code", "sentence"), FAULTS)
def test_that_a_faulty_text_is_one_sentence_at_the_node(code: str, sentence: str) -> None:
    fault = reading(code).fault
    assert sentence in fault
    assert re.fullmatch(r"[^\n]+[.]", fault)
    project = Project(Graph({"python1": Node("Python", {"code": code}), "relu1": Node("ReLU")},
                            (Link("python1", "some", "relu1", "input"),)))  # fmt: skip
    told = [each for each in static_problems(project, DataReport()) if each.node in ("python1", "relu1")]
    assert [each.message for each in told] == [f"python1: {fault}"]
    with pytest.raises(Refused):
        layer(code).call({})


def test_that_the_ports_of_a_faulty_text_are_kept_as_far_as_they_are_known() -> None:
    declared = Python.of({"code": "import os as len\ndef f(left, right):\n    return left, right"})
    assert [port.name for port in declared.inputs] == ["left", "right"]
    assert [port.name for port in declared.outputs] == ["left", "right"]


def test_that_values_of_arguments_that_are_gone_are_kept_and_no_fault() -> None:
    values = {"code": "def f(x):\n    return x", "slope": 3.0, "how": "sum"}
    project = Project(Graph({"image": Node("Input", {"shape": (4,)}), "python1": Node("Python", values)},
                            (Link("image", "output", "python1", "x"),)))  # fmt: skip
    assert not [each for each in static_problems(project, DataReport()) if each.node == "python1"]
    assert read_text(text_of(project)).graph.nodes["python1"].values == values


def test_that_texts_that_cannot_stand_in_one_file_are_told_at_the_second_node() -> None:
    one, two = "def f(x):\n    return x", "def f(x):\n    return x + 1"
    assert clashes({"a": one, "b": one}) == {}
    assert clashes({"a": one, "b": two}) == {
        "b": "f is something else in a: give it another name in one of them."
    }  # fmt: skip
    left, right = "import numpy as np\ndef f(x):\n    return x", "import cmath as math\ndef g(x):\n    return x"
    third = "import math\ndef h(x):\n    return x"
    assert list(clashes({"a": left, "b": right, "c": third})) == ["c"]
    graph = Graph({"a": Node("Python", {"code": one}), "b": Node("Python", {"code": two}, muted=True)})
    assert not [each for each in static_problems(Project(graph), DataReport()) if "something else" in each.message]


def test_that_no_name_of_the_written_files_can_be_taken() -> None:
    told = {each.__name__ for each in EXPORTED} | {declared.loader.__name__ for declared in DATASETS.values()}
    project = example_project("moons")
    for written in write(project, check(project, 0), channels_last=True).files.values():
        for each in ast.parse(written).body:
            told |= {each.name} if isinstance(each, ast.FunctionDef | ast.ClassDef) else set()
            if isinstance(each, ast.Import | ast.ImportFrom):
                told |= {(alias.asname or alias.name).partition(".")[0] for alias in each.names}
            if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
                told |= {each.targets[0].id} - set(attribute_names(project.graph).values())
    assert len(told) > 25
    for name in told - set(dir(builtins)):
        assert name in WRITTEN or name in FILES, name


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet=st.sampled_from("def f(x,*):=/ \n\t'\"@{}[]0.9NoneTensor\\\0\r\fü…lambdyiwhrt"), max_size=120))
def test_that_no_text_is_too_strange_to_be_read(code: str) -> None:
    found = reading(code)
    declared = Python.of({"code": code})
    assert issubclass(declared, Python)
    assert found.fault == declared.fault
    assert all(port.name.isidentifier() for port in (*declared.inputs, *declared.outputs))
    if not found.fault:
        ast.parse(found.text)
