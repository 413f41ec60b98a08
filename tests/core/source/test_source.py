"""The written source: how it reads, and that it computes what the graph says, to the last bit."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from interpreter import Interpreter
from proving import lint
from ruff import find_ruff_bin
from torch import Tensor, nn

from core import graph as graphs
from core.engine.check import check
from core.engine.compile import build, verify, written
from core.graph import Graph, Link, Node
from core.messages import Checked, NodeReport, Source
from core.project import Data, Project, read_text, text_of
from core.source import write

Draw = Callable[..., Project]

CHAIN = """
image = Input(field="image")
conv1 = Conv2d(image, out_channels=8, padding=1)
relu1 = ReLU(conv1)
pool1 = MaxPool2d(relu1)
flatten1 = Flatten(pool1)
linear1 = Linear(flatten1, out_features=10)
label = Target(field="label")
loss1 = CrossEntropyLoss(linear1, label)
"""

SKIP = """
image = Input(field="image")
conv1 = Conv2d(image, out_channels=8, padding=1)
conv2 = Conv2d(conv1, out_channels=8, padding=1)
bn2 = BatchNorm2d(conv2)
shortcut = Conv2d(conv1, out_channels=8, kernel_size=1)
add1 = Add(bn2, shortcut, conv1)
flatten1 = Flatten(add1)
linear1 = Linear(flatten1, out_features=10)
label = Target(field="label")
loss1 = CrossEntropyLoss(linear1, label)
"""

SEVERAL = """
image = Input(field="image")
again = Input(field="image")
flatten1 = Flatten(image)
flatten2 = Flatten(again)
cat1 = Cat(flatten1, flatten2)
trunk = Linear(cat1, out_features=16)
relu1 = ReLU(trunk)
head1 = Linear(relu1, out_features=10)
head2 = Linear(relu1, out_features=10)
digit = Output(head1)
other = Output(head2)
label = Target(field="label")
loss1 = CrossEntropyLoss(head1, label)
loss2 = CrossEntropyLoss(head2, label)
"""

SEQUENCE = """
image = Input(field="image")
rows = Squeeze(image, dim=1)
lstm1 = LSTM(rows, hidden_size=16)
attention1 = MultiheadAttention(lstm1, lstm1, lstm1, num_heads=4)
lstm2 = LSTM(attention1, h_0=lstm1.h, c_0=lstm1.c, hidden_size=16)
last = Select(lstm2, dim=1)
linear1 = Linear(last, out_features=10)
label = Target(field="label")
loss1 = CrossEntropyLoss(linear1, label)
"""

INNER = """
image = Input(field="image")
flatten1 = Flatten(image)
hidden = Linear(flatten1, out_features=32)
mu = Linear(hidden, out_features=4)
logvar = Linear(hidden, out_features=4)
half = Scale(logvar, factor=0.5)
spread = Exp(half)
noise1 = Noise(shape=(4,))
moved = Multiply(spread, noise1)
z = Add(mu, moved)
decoded = Linear(z, out_features=64)
picture = Output(decoded)
pixels = Flatten(image)
loss1 = MSELoss(decoded, pixels)
squared = Square(mu)
head = Linear(squared, out_features=10)
drop = Dropout(head)
label = Target(field="label")
loss2 = CrossEntropyLoss(drop, label)
"""

SECOND = "        # missing: second names the same value as another output (linear1)\n"

GRAPHS = {"chain": CHAIN, "skip": SKIP, "several": SEVERAL, "sequence": SEQUENCE, "inner": INNER}


def built(project: Project, folder: Path) -> tuple[Checked, Source, Any, Any]:
    """The check, the source, and the modules that it becomes."""
    checked = check(project, 0)
    assert [problem.message for problem in checked.problems if problem.severity == "error"] == []
    source = written(project, checked)
    for name, text in source.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return checked, source, *build(folder)


def samples(project: Project, checked: Checked, rows: int = 4) -> dict[str, Tensor]:
    """Values for every Input, Target and Noise; those of one field are the same."""
    given: dict[str, Tensor] = {}
    for node_id, node in project.graph.nodes.items():
        if node.layer in ("Input", "Target", "Noise"):
            spec = checked.nodes[node_id].outputs["output"]
            generator = torch.Generator().manual_seed(len(str(node.values.get("field", node_id))))
            shape = [rows, *(int(size) for size in spec.shape[1:])]
            floats = torch.randn(shape, generator=generator)
            given[node_id] = floats if spec.is_floating else torch.randint(0, 10, shape, generator=generator)
    return given


@pytest.mark.parametrize("name", GRAPHS)
def test_that_the_written_model_equals_the_graph_to_the_last_bit(name: str, draw: Draw, tmp_path: Path) -> None:
    project = draw(GRAPHS[name])
    checked, _, model_module, _ = built(project, tmp_path)
    model = model_module.Model().eval()
    given = samples(project, checked)
    arguments = [given[node_id] for node_id in sorted(given) if project.graph.nodes[node_id].layer != "Target"]
    outputs = model(*arguments)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    values = Interpreter(project.graph, checked, model).values(given)
    assert len(outputs) == len(checked.outputs)
    assert all(torch.equal(mine, values[value]) for value, mine in zip(checked.outputs, outputs, strict=True))


@pytest.mark.parametrize("name", GRAPHS)
def test_that_the_written_objective_equals_the_losses_of_the_graph(name: str, draw: Draw, tmp_path: Path) -> None:
    project = draw(GRAPHS[name])
    checked, _, model_module, train_module = built(project, tmp_path)
    model = model_module.Model().eval()
    given = samples(project, checked)
    torch.manual_seed(7)
    given |= {
        node_id: torch.randn(4, 4) for node_id, node in project.graph.nodes.items() if node.layer == "Noise"
    }  # the objective draws the same from the same seed
    batch = {str(project.graph.nodes[node_id].values["field"]): value for node_id, value in given.items()
             if "field" in project.graph.nodes[node_id].values}  # fmt: skip
    torch.manual_seed(7)
    loss, outputs = train_module.objective(model, batch)
    interpreter = Interpreter(project.graph, checked, model)
    assert torch.equal(loss, interpreter.total(interpreter.values(given)))
    assert len(outputs) == len(checked.outputs)
    assert set(train_module.FIELDS) == set(batch)
    loss.backward()


@pytest.mark.parametrize("name", GRAPHS)
def test_that_the_linter_finds_nothing_in_the_written_files(name: str, draw: Draw, tmp_path: Path) -> None:
    project = draw(GRAPHS[name])
    built(project, tmp_path)
    for arguments in (["check", "--select", "E,F,I,N,UP,SIM", "--output-format", "concise"], ["format", "--check"]):
        command = [find_ruff_bin(), *arguments, "--isolated", "--no-cache", "."]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", GRAPHS)
def test_that_saving_and_loading_does_not_change_a_letter(name: str, draw: Draw) -> None:
    project = draw(GRAPHS[name])
    shuffled = Graph(dict(reversed(project.graph.nodes.items())), project.graph.links)
    before = write(project, check(project, 0))
    loaded = read_text(text_of(Project(shuffled, project.data)))
    assert write(loaded, check(loaded, 0)) == before


def test_that_a_chain_reads_as_an_engineer_would_write_it(draw: Draw) -> None:
    project = draw(CHAIN)
    assert (
        written(project, check(project, 0)).files["model.py"]
        == '''\
"""The network as a PyTorch module."""

from torch import Tensor, nn


class Model(nn.Module):
    """Takes image (N, 1, 8, 8) and returns linear1 (N, 10)."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.pool1 = nn.MaxPool2d(2)
        self.linear1 = nn.Linear(128, 10)

    def forward(self, image: Tensor) -> Tensor:
        x = nn.functional.relu(self.conv1(image))
        x = self.pool1(x).flatten(1)
        return self.linear1(x)
'''
    )


def test_that_branches_are_written_one_after_the_other_and_named_where_they_are_needed_later(draw: Draw) -> None:
    project = draw(SKIP)
    text = written(project, check(project, 0)).files["model.py"]
    assert (
        text.split("-> Tensor:\n")[1]
        == """\
        conv1 = self.conv1(image)
        x = self.conv2(conv1)
        bn2 = self.bn2(x)
        x = self.shortcut(conv1)
        x = bn2 + x + conv1
        return self.linear1(x.flatten(1))
"""
    )


def test_that_several_outputs_are_a_named_tuple_and_losses_stand_in_the_objective(draw: Draw) -> None:
    project = draw(SEVERAL)
    files = written(project, check(project, 0)).files
    assert "class Outputs(NamedTuple):" in files["model.py"]
    assert "    digit: Tensor\n    other: Tensor\n" in files["model.py"]
    assert "def forward(self, again: Tensor, image: Tensor) -> Outputs:" in files["model.py"]
    assert files["model.py"].endswith("        return Outputs(digit, other)\n")
    assert "loss" not in files["model.py"]
    assert 'loss1(outputs.digit, batch["label"]) + loss2(' in files["train.py"]


def test_that_outputs_nobody_takes_are_left_as_underscores(draw: Draw) -> None:
    project = draw(SEQUENCE)
    text = written(project, check(project, 0)).files["model.py"]
    assert "x, (lstm1_h, lstm1_c) = self.lstm1(x)\n" in text
    assert "x, _ = self.attention1(x, x, x)\n" in text
    assert "x, _ = self.lstm2(x, (lstm1_h, lstm1_c))\n" in text


def test_that_inner_tensors_serve_forward_and_objective_through_values(draw: Draw) -> None:
    project = draw(INNER)
    files = written(project, check(project, 0)).files
    assert "def values(self, image: Tensor, noise1: Tensor) -> Values:" in files["model.py"]
    assert files["model.py"].endswith("        return self.values(image, noise1).picture\n")
    assert 'values = model.values(batch["image"], noise1)' in files["train.py"]
    assert "model.head(" in files["train.py"]
    assert "model.drop(" in files["train.py"]  # it must hear of model.eval()
    assert "torch.randn" not in files["model.py"]


def test_that_a_muted_node_passes_its_input_on_and_a_muted_loss_counts_nothing(draw: Draw, tmp_path: Path) -> None:
    text = CHAIN.replace("ReLU(conv1)", "ReLU(conv1, muted=True)")
    text += "loss2 = CrossEntropyLoss(linear1, label, muted=True)\n"
    project = draw(text)
    checked, source, model_module, train_module = built(project, tmp_path)
    assert "relu1" not in source.files["model.py"]
    assert "x = self.pool1(x)" in source.files["model.py"]
    assert "loss2" not in source.files["train.py"]
    model, given = model_module.Model().eval(), samples(project, checked)
    own = Interpreter(project.graph, checked, model).values(given)["linear1", "output"]
    assert torch.equal(model(given["image"]), own)
    loss, _ = train_module.objective(model, {"image": given["image"], "label": given["label"]})
    assert torch.equal(loss, nn.functional.cross_entropy(own, given["label"]))


@pytest.mark.parametrize("name", GRAPHS)
def test_that_the_state_dict_follows_the_names_of_the_nodes(name: str, draw: Draw, tmp_path: Path) -> None:
    project = draw(GRAPHS[name])
    checked, _, model_module, _ = built(project, tmp_path)
    verify(model_module.Model, project, checked)
    state = model_module.Model().state_dict()
    assert {key.split(".")[0] for key in state} == {
        node_id for node_id, report in checked.nodes.items() if report.parameters
    }
    torch.nn.Module.load_state_dict(model_module.Model(), state, strict=True)


def test_that_every_line_of_a_layer_is_known_by_its_node(draw: Draw) -> None:
    project = draw(SKIP)
    source = written(project, check(project, 0))
    lines = source.files["model.py"].split("\n")
    for number, nodes in source.lines.items():
        line = lines[number - 1]
        said = {"add1": " + ", "flatten1": ".flatten(1)", "image": "def forward"}
        assert all(said.get(node_id, node_id) in line for node_id in nodes)
    assert ("flatten1", "linear1") in source.lines.values()
    known = {node_id for nodes in source.lines.values() for node_id in nodes}
    assert known == set(project.graph.nodes) - {"label", "loss1"}


# ---- what is not finished


def test_that_an_unfinished_graph_is_written_with_what_is_missing_as_comments(draw: Draw) -> None:
    begun = 'image = Input(field="image")\nconv1 = Conv2d(image)\nrelu1 = ReLU(conv1)\n'
    project = draw(begun + "conv2 = Conv2d()\nrelu2 = ReLU(conv2)")
    source = written(project, check(project, 0))
    text = source.files["model.py"]
    compile(text, "model.py", "exec")
    assert "# missing: conv2 has no input" in text
    assert "# missing: relu2 waits for conv2" in text
    assert "return nn.functional.relu(self.conv1(image))" in text
    assert "# missing: the graph has no loss" in source.files["train.py"]
    compile(source.files["train.py"], "train.py", "exec")
    assert {"conv2", "relu2", "conv1", "relu1"} <= {node_id for nodes in source.lines.values() for node_id in nodes}


def test_that_what_leads_up_to_a_gap_is_written_and_what_waits_behind_it_is_told_of(draw: Draw) -> None:
    project = draw(CHAIN + "digit = Output(linear1)\n")
    project = Project(graphs.without_nodes(project.graph, ["pool1"]), project.data)
    text = write(project, check(project, 0)).files["model.py"]
    compile(text, "model.py", "exec")
    assert "self.conv1 = nn.Conv2d(1, 8, 3, padding=1)" in text
    assert "nn.functional.relu(self.conv1(image))" in text
    assert [line.strip() for line in text.splitlines() if "# missing" in line] == [
        "# missing: flatten1 has no input",
        "# missing: linear1 waits for flatten1",
    ]


UNLINKED = """
image = Input(field="image")
conv1 = Conv2d(image)
bn1 = BatchNorm2d(conv1)
relu1 = ReLU(bn1)
pool1 = MaxPool2d(relu1)
wide1 = Conv2d(relu1)
linear1 = Linear()
add1 = Add(pool1, linear1)
label = Target(field="label")
float1 = Float(label)
digit = Output(linear1)
"""

SO_FAR = """
        x = self.conv1(image)
        relu1 = nn.functional.relu(self.bn1(x))
        _ = self.pool1(relu1)
        _ = self.wide1(relu1)
        # missing: linear1 has no input
        # missing: add1 waits for linear1
        # missing: float1 leads to no output and no loss
        # missing: label leads to no output and no loss
        raise NotImplementedError("This network is not finished.")
"""


def test_that_what_is_drawn_so_far_is_written_while_the_head_is_not_linked(draw: Draw) -> None:
    project = draw(UNLINKED)
    source = written(project, check(project, 0))
    text = source.files["model.py"]
    assert text.endswith(SO_FAR)
    assert "self.bn1 = nn.BatchNorm2d(32)\n" in text
    assert lint(text) == []
    with_loss = draw(UNLINKED + "loss1 = CrossEntropyLoss(linear1, label)")
    again = written(with_loss, check(with_loss, 0))
    assert "        _ = self.pool1(relu1)\n" in again.files["model.py"]
    assert "# missing: loss1 waits for linear1" in again.files["train.py"]
    linked = draw(UNLINKED.replace("Linear()", "Linear(wide1)"))
    whole = written(linked, check(linked, 0)).files["model.py"]
    assert "# missing: pool1 leads to no output and no loss" in whole
    assert "self.pool1" not in whole


def test_that_the_model_never_takes_a_target(draw: Draw) -> None:
    project = draw(
        CHAIN.replace("Flatten(pool1)", "Flatten(pool1)\nfloat1 = Float(label)\nmixed = Add(flatten1, float1)")
    )
    project = Project(graphs.with_link(project.graph, Link("mixed", "output", "linear1", "input")), project.data)
    text = write(project, check(project, 0)).files["model.py"]
    assert "# missing: float1 takes the target label, which the model must not see" in text
    assert "label: Tensor" not in text


def test_that_two_outputs_of_one_value_are_one_and_the_other_is_told_of(draw: Draw, tmp_path: Path) -> None:
    project = draw(CHAIN + "first = Output(linear1)\nsecond = Output(linear1)\n")
    checked, source, model_module, _ = built(project, tmp_path)
    assert len(checked.outputs) == 1
    assert source.files["model.py"].endswith(SECOND + "        return self.linear1(x)\n")
    assert model_module.Model()(torch.zeros(2, 1, 8, 8)).shape == (2, 10)


def test_that_a_loss_may_be_something_that_the_model_returns(draw: Draw, tmp_path: Path) -> None:
    text = 'x = Input(field="image")\nflat = Flatten(x)\nhead = Linear(flat, out_features=3)\nsize = Penalty(head)\n'
    project = draw(text + "returned = Output(size)\n")
    checked, _, model_module, train_module = built(project, tmp_path)
    model, given = model_module.Model().eval(), samples(project, checked)
    loss, (returned,) = train_module.objective(model, {"image": given["x"]})
    expected = Interpreter(project.graph, checked, model).values(given)["size", "loss"]
    assert torch.equal(loss, expected)
    assert torch.equal(returned, expected)


def test_that_data_settings_that_no_message_holds_are_said_as_missing(draw: Draw) -> None:
    project = draw(CHAIN, data=Data("Csv", {"path": 10**30}))
    assert "# missing: the data" in write(project, check(project, 0)).files["train.py"]


def test_that_an_empty_graph_is_written() -> None:
    project = Project()
    for text in written(project, check(project, 0)).files.values():
        compile(text, "file", "exec")


def test_that_a_cycle_is_written_as_a_comment() -> None:
    nodes = {name: Node("ReLU") for name in ("a", "b")}
    graph = Graph(nodes, (Link("a", "output", "b", "input"), Link("b", "output", "a", "input")))
    text = written(Project(graph), check(Project(graph), 0)).files["model.py"]
    compile(text, "model.py", "exec")


def test_that_a_value_which_is_no_literal_never_enters_the_text(draw: Draw) -> None:
    project = draw(CHAIN)
    checked = check(project, 0)
    call = checked.nodes["linear1"].call
    assert call is not None
    for bad in (float("inf"), float("nan"), [1], {"a": 1}, nn.Linear, (1, [2])):
        reports = {**checked.nodes, "linear1": NodeReport("Linear", call=type(call)(call.target, (bad,)))}  # type: ignore[arg-type]
        text = write(project, Checked(0, nodes=reports, outputs=checked.outputs, losses=checked.losses)).files[
            "model.py"
        ]
        assert "# missing: linear1" in text
        assert "self.linear1" not in text


# ---- nothing breaks out

HOSTILE = [
    "'; import os #", '"""\nimport os\n"""', "a\nimport os", "a\r\nimport os", "\x0cimport os", "__import__('os')",
    "{module.__class__}", "{0}", "%s", "\\", "#", "\u2028import os", "\u202eimport os", "nn", "torch", "Model",
    "forward", "a" * 10_000, " ", "0", "卷积", "ﬁ", "self.conv", "import", "lambda: 0", "x\x00y",
]  # fmt: skip


def is_harmless(text: str) -> None:
    """Only the statements that a written file is made of; no import but the known ones, no name that is reserved."""
    import ast

    allowed = {"json", "pathlib", "typing", "numpy", "torch", "model", "sklearn.datasets", "sklearn"}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= allowed
        if isinstance(node, ast.ImportFrom):
            assert node.module in allowed
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_") or node.attr == "__init__"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("eval", "exec", "compile", "open", "getattr", "__import__")


def renamed(project: Project, names: list[str]) -> Project:
    """The project with its nodes under other names, as far as they go."""
    graph = project.graph
    for old, new in zip(sorted(project.graph.nodes), names, strict=False):
        if new.strip() and new not in graph.nodes:
            graph = graphs.renamed(graph, old, new)
    return Project(graph, project.data)


@pytest.mark.parametrize("name", GRAPHS)
def test_that_hostile_names_stay_names(name: str, draw: Draw, tmp_path: Path) -> None:
    project = renamed(draw(GRAPHS[name]), HOSTILE)
    checked, source, model_module, _ = built(project, tmp_path)
    for text in source.files.values():
        is_harmless(text)
        assert all(len(line) <= 88 for line in text.split("\n"))
    model_module.Model()
    assert checked.outputs


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.text(min_size=1), max_size=20, unique=True),
    text=st.text(),
    spoilt=st.sampled_from(["nothing", "layer", "field", "value", "port", "data"]),
)
def test_that_any_text_of_a_project_stays_harmless(draw: Draw, names: list[str], text: str, spoilt: str) -> None:
    graph = draw(SKIP).graph
    match spoilt:
        case "layer":
            graph = graphs.with_node(graph, "bn2", layer=text)
        case "field":
            graph = graphs.with_value(graph, "label", "field", text)
        case "value":
            graph = graphs.with_value(graphs.with_value(graph, "conv2", text, text), "conv1", "padding_mode", text)
        case "port":
            graph = graphs.with_link(graph, Link("conv1", text, "add1", text))
    data = Data(text, {text: text}) if spoilt == "data" else Data("Csv", {"path": text}) if spoilt == "value" else None
    project = renamed(Project(graph, data or Data("Digits")), names)
    for written_text in write(project, check(project, 0)).files.values():
        is_harmless(written_text)
        compile(written_text, "file", "exec")


def test_that_the_package_knows_neither_torch_nor_qt() -> None:
    program = "import sys; import core.source; print(sorted({'torch', 'PySide6'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
