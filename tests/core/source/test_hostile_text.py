"""Whatever people type, wherever it enters: the written files hold our statements alone, and they run."""

from __future__ import annotations

import ast
import builtins
import csv
import io
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.engine.check import check
from core.engine.compile import build, written
from core.engine.data import describe
from core.expressions import expression as e
from core.graph import Block, BlockParameter, Graph, Link, Node
from core.layers import CATALOGUE
from core.project import Data, Project

pytestmark = pytest.mark.usefixtures("one_thread")
EVIL = [
    '"; import os #', "'); import os; ('", "a\nimport os\n", "a\rimport os", "a\x0cimport os", "\u2028import os",
    "import os", "#", "\\", '"""', "'''", "'''\"\"\"\\", "{0} % {port} {module} {*}", "%s%n", "${HOME}",
    "\\N{DIGIT ONE}", "\\x00", "<MODEL>", "class", "forward", "Model", "Outputs", "Values", "nn", "torch", "np", "self",
    "x", "batch", "print", "__init__", "__class__", "load", "main", "objective", "FIELDS", "None", "True", "Соnv",
    "сlass", "ｃonv１", "ﬁt", "\u202eevil\u202c", "\u200b", "\ufeff", "e\u0301", "\U0001f525", "卷积", "x" * 10_000,
    "é" * 10_000, "\n" * 10_000, "9" * 400, " ",
]  # fmt: skip
TEXT = st.one_of(st.sampled_from(EVIL), st.text(max_size=40), st.text("\"'\\\n#(){}%;: \t=,.abi_0", max_size=20))
WORDS = "width print max nn x super forward Tensor eval zero_grad open index y batch"
PARAMETERS = st.sampled_from(WORDS.split())

IMPORTED = {"json", "pathlib", "typing", "numpy", "torch", "model", "safetensors.torch", "polars", "__future__"}
CALLED = {
    "super", "range", "len", "zip", "enumerate", "print", "float", "int", "list", "dict", "sum", "max", "min", "round",
    "abs", "sorted", "str", "isinstance", "ValueError", "NotImplementedError", "Path", "any", "all",
}  # fmt: skip
STATEMENTS = (
    ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef, ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign,
    ast.Return, ast.For, ast.If, ast.Raise, ast.With, ast.Pass,
)  # fmt: skip


def expect_ours(text: str) -> None:
    """Nothing stands in a file but statements, imports, names and calls of ours."""
    tree = ast.parse(text)
    hidden = {each for each in text if not each.isprintable() and each != "\n"}
    assert not hidden, hidden
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    imported: set[str] = set()
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Global | ast.Nonlocal | ast.Delete | ast.Lambda | ast.Await | ast.NamedExpr)
        if isinstance(node, ast.stmt):
            assert isinstance(node, STATEMENTS), ast.dump(node)
        if isinstance(node, ast.Import):
            assert {each.name for each in node.names} <= IMPORTED, ast.unparse(node)
            imported |= {each.asname or each.name for each in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.module in IMPORTED, ast.unparse(node)
            imported |= {each.asname or each.name for each in node.names}
        if isinstance(node, ast.Name | ast.Attribute | ast.arg):
            name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else node.arg
            assert name.isascii(), name
            assert not name.startswith("_") or name in ("_", "__init__", "__name__"), name
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = node.func.id
            assert called in CALLED | defined | imported or not hasattr(builtins, called), called
            assert called not in ("eval", "exec", "open", "compile", "getattr", "setattr")
    expect_unique(tree)


def expect_unique(tree: ast.Module) -> None:
    """No class, function, method, argument or attribute is defined twice."""
    bodies = [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]
    for body in bodies:
        names = [each.name for each in body.body if isinstance(each, ast.ClassDef | ast.FunctionDef)]
        assert max(Counter(names).values(), default=1) == 1, names
        for each in body.body:
            if isinstance(each, ast.FunctionDef) and each.name == "__init__":
                kept = [ast.unparse(node.targets[0]) for node in each.body if isinstance(node, ast.Assign)]
                assert max(Counter(kept).values(), default=1) == 1, kept


def table(folder: Path, names: list[str], classes: list[str]) -> Data:
    """A table whose columns and classes have these names."""
    made = io.StringIO(newline="")
    rows = csv.writer(made)
    rows.writerow(names)
    for row in range(40):
        rows.writerow([row % 7, row % 3, classes[row % len(classes)]])
    path = folder / "table.csv"
    path.write_text(made.getvalue(), encoding="utf-8", newline="")
    return Data("Csv", {"path": str(path), "target": names[-1]})


def different(texts: list[str]) -> list[str]:
    """Texts that can stand beside each other as names: none empty, none twice."""
    made: list[str] = []
    for text in texts:
        text = text if text.strip() else f"{text}n"
        while text in made:
            text += "'"
        made.append(text)
    return made


def sound(texts: list[str], parameter: str, data: Data) -> Project:
    """A project that has nothing wrong, with these texts wherever one can stand."""
    count = max((len(field.classes) for field in describe(data).fields), default=3)
    ids = different(texts[:10])
    a, one, two, out, target, loss, x, fc, y, act = ids
    name, deep = (each if each not in CATALOGUE else f"{each}!" for each in different(texts[10:12]))
    choices = tuple(different(texts[12:14]))
    literal = texts[14][:100]
    mode, word = ("mode", "word") if parameter not in ("mode", "word") else ("m", "w")
    parameters = (
        BlockParameter(parameter, default=count, help=texts[15]),
        BlockParameter(mode, "choice", choices[0], texts[16], choices=choices),
        BlockParameter(word, "text", texts[17]),
    )
    inner = Block(
        {
            x: Node("Input", {"axes": "N, width_of"}, note=texts[18]),
            fc: Node("Linear", {"out_features": e(f"{parameter} if {word} == {literal!r} else {parameter} + 0")}),
            act: Node("Scale", {"factor": e(f"1.5 if {mode} == {literal!r} else 0.5")}, note=texts[19]),
            y: Node("Output", note=texts[20]),
        },
        (Link(x, "output", fc, "input"), Link(fc, "output", act, "input"), Link(act, "output", y, "input")),
        parameters,
        help=texts[21],
    )
    outer = Block(
        {x: Node("Input"), fc: Node(name, {parameter: count}), y: Node("Output")},
        (Link(x, "output", fc, x), Link(fc, y, y, "input")),
        help=texts[22],
    )
    nodes = {
        a: Node("Input", {"field": "features"}, note=texts[23]),
        one: Node(name, {parameter: 5, word: texts[24], mode: choices[1]}, note=texts[25]),
        two: Node(deep, {"repeat": 2}),
        out: Node("Output", note=texts[26]),
        target: Node("Target", {"field": str(data.values["target"])}),
        loss: Node("CrossEntropyLoss"),
    }
    links = (
        Link(a, "output", one, x), Link(one, y, two, x), Link(two, y, out, "input"), Link(two, y, loss, "input"),
        Link(target, "output", loss, "target"),
    )  # fmt: skip
    extra = {texts[27]: texts[28]}
    return Project(Graph(nodes, links, {name: inner, deep: outer}), data, extra=extra)


def unsound(project: Project, texts: list[str]) -> Project:
    """The same with texts where numbers, files and names of what is there should stand."""
    graph = project.graph
    nodes = dict(graph.nodes)
    nodes["Einsum"] = Node("Einsum", {"equation": texts[0]})
    nodes["field"] = Node("Input", {"field": texts[1], "axes": texts[2], "shape": texts[3]})
    nodes["file"] = Node("Linear", {"out_features": texts[4]}, weights={"file": texts[5], "from_node": texts[6]})
    nodes["init"] = Node("Linear", weights={"init": texts[7], texts[8]: texts[9]}, shares=texts[10])
    nodes["layer"] = Node(texts[11], {texts[12]: texts[13]})
    nodes["bad"] = Node("Bad", {texts[14]: e(texts[15])})
    bad = Block(
        {
            "in": Node("Input", {"axes": f"N, {texts[16]}"}),
            "fc": Node("Linear", {"out_features": e(texts[17])}),
            "out": Node("Output"),
        },
        (Link("in", "output", "fc", "input"), Link("fc", "output", "out", "input")),
        (
            BlockParameter(texts[18], default=texts[19], help=texts[20]),
            BlockParameter("kind", "choice", texts[21], choices=tuple(texts[22:24])),
            BlockParameter("text", "text", texts[24]),
        ),
    )
    first = next(iter(graph.nodes))
    links = (
        *graph.links, Link(first, "output", "bad", "in"), Link(first, "output", "file", "input"),
        Link("file", texts[25], "init", "input"), Link("init", "output", "Einsum", texts[26]),
    )  # fmt: skip
    data = Data(texts[27], {"path": texts[28], texts[0]: texts[1]}, {"normalise": texts[2]})
    training = {"optimizer": texts[3], "device": texts[4], "lr": texts[5]}
    return Project(Graph(nodes, links, {**graph.blocks, "Bad": bad}), data, training, extra=project.extra)


def expect_harmless(texts: list[str], parameter: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        columns = different([texts[0][:200], texts[1][:200], texts[2][:200]])
        classes = [text for text in (unicodedata.normalize("NFC", each[:99]) for each in texts[3:6]) if text.strip()]
        data = table(Path(place), columns, [*classes, "cat", "dog"])
        if not describe(data).fields:  # such names and classes are refused in a sentence of their own
            data = table(Path(place), ["length", "width", "kind"], ["cat", "dog"])
        drawn = sound(texts, parameter, data)
        checked = check(drawn, 0)
        said = [each.message for each in checked.problems if each.severity == "error" and (each.node or each.block)]
        files = written(drawn, checked).files
        for name, text in files.items():
            expect_ours(text)
            Path(place, name).write_text(text, encoding="utf-8")
        assert said == []
        module, script = build(Path(place))
        model = module.Model()
        assert model(torch.rand(2, 2)).shape[0] == 2
        row = {name: torch.from_numpy(values[:2]) for name, values in script.load()["training"].items()}
        loss, _ = script.objective(model, row)
        loss.backward()


def expect_parsed(texts: list[str], parameter: str) -> None:
    drawn = unsound(sound(texts, parameter, Data("Csv", {"target": texts[0]})), texts)
    for text in written(drawn, check(drawn, 0)).files.values():
        expect_ours(text)


def mixed(first: int) -> list[str]:
    """Hostile texts, each in another place."""
    return [EVIL[(first + place) % len(EVIL)] for place in range(29)]


@pytest.mark.parametrize("first", range(0, len(EVIL), 14))
def test_that_no_hostile_text_breaks_out_wherever_it_stands(first: int) -> None:
    expect_harmless(mixed(first), "width")
    expect_parsed(mixed(first), "width")


SLOW: Any = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.large_base_example]}
EVERYWHERE = given(st.lists(TEXT, min_size=29, max_size=29), PARAMETERS)


@settings(max_examples=3, **SLOW)
@EVERYWHERE
def test_that_no_text_breaks_out_of_a_sound_network(texts: list[str], parameter: str) -> None:
    expect_harmless(texts, parameter)


@settings(max_examples=4, **SLOW)
@EVERYWHERE
def test_that_no_text_breaks_out_of_a_broken_network(texts: list[str], parameter: str) -> None:
    expect_parsed(texts, parameter)


@pytest.mark.campaign
@pytest.mark.parametrize("text", EVIL, ids=lambda text: ascii(text[:12]))
def test_that_one_hostile_text_everywhere_breaks_out_of_nothing(text: str) -> None:
    expect_harmless([text] * 29, "width")
    expect_parsed([text] * 29, "width")


@pytest.mark.campaign
@pytest.mark.timeout(1200)
@settings(max_examples=300, **SLOW)
@EVERYWHERE
def test_that_no_text_breaks_out_however_long_one_looks(texts: list[str], parameter: str) -> None:
    expect_harmless(texts, parameter)
    expect_parsed(texts, parameter)
