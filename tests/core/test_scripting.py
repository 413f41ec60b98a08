"""A network written as a script: what it becomes, what is refused at once, and what an engine does with it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.blocks import walk
from core.engine.check import check
from core.graph import Link, Node
from core.messages import Body, Problem
from core.project import Data, load, text_of
from core.scripting import Drawing, ScriptFault, parameter, term

ROOT = Path(__file__).resolve().parents[2]


def small() -> Drawing:
    net = Drawing(data="Digits", training={"epochs": 1})
    with net.block("Step", "A convolution and ReLU.", channels=parameter(8, "How many.", low=1)) as step:
        x = step.input("x", axes="N, in_channels, height, width")
        x = step.add("Conv2d", x, out_channels=step.channels, kernel_size=3, padding=1, name="conv")
        step.output(step.add("ReLU", x, name="relu"))
    image = net.add("Input", field="image", name="image")
    x = net.add("Step", image, channels=4, repeat=2, name="steps")
    x = net.add("Linear", net.add("Flatten", x), out_features=10, name="scores")
    net.add("CrossEntropyLoss", x, net.add("Target", field="label", name="label"))
    net.add("Output", x, name="out")
    return net


def messages(net: Drawing) -> list[str]:
    said: tuple[Problem, ...] = check(net.project, 0).problems
    return [problem.message for problem in said if problem.severity != "note"]


def test_that_a_script_makes_the_project_that_the_window_would() -> None:
    project = small().project
    graph = project.graph
    assert (project.data, project.training) == (Data("Digits"), {"epochs": 1})
    assert list(graph.nodes) == ["image", "steps", "flatten1", "scores", "label", "loss1", "out"]
    assert graph.nodes["steps"].values == {"channels": 4, "repeat": 2}
    assert graph.nodes["scores"].values == {"out_features": 10}
    assert Link("steps", "y", "flatten1", "input") in graph.links
    assert Link("label", "output", "loss1", "target") in graph.links
    block = graph.blocks["Step"]
    assert block.nodes["conv"].values == {"out_channels": {"=": "channels"}, "padding": 1}
    assert (block.parameters[0].name, block.parameters[0].kind, block.parameters[0].low) == ("channels", "integer", 1)
    assert messages(small()) == []


def test_that_values_are_those_of_a_dropped_node_and_defaults_are_left_out() -> None:
    net = Drawing()
    x = net.add("Input", shape=(5, 4), name="x")
    lstm = net.add("LSTM", x, hidden_size=64)
    net.add("Cat", lstm["output"], lstm, dim=0, name="rows")
    net.add("Cat", lstm["output"], lstm, name="features")
    assert net.nodes["lstm1"].values == {"batch_first": True}
    assert net.nodes["rows"].values == {}
    assert net.nodes["features"].values == {"dim": 1}


def test_that_outputs_and_inputs_are_named_and_places_of_variadic_ones_counted() -> None:
    net = Drawing()
    x = net.add("Input", shape=(5, 4), name="x")
    lstm = net.add("LSTM", x, name="lstm")
    again = net.add("LSTM", x, c_0=lstm["c"], h_0=lstm["h"], name="again")
    total = net.add("Add", lstm, again, x, name="total")
    net.link(lstm, total, "tensors_2")
    assert Link("lstm", "h", "again", "h_0") in net.links
    assert [(link.source, link.input) for link in net.links if link.target == "total"] == [
        ("lstm", "tensors_0"), ("again", "tensors_1"), ("lstm", "tensors_2"),
    ]  # fmt: skip
    assert net.value("lstm", "c") == lstm["c"]


def test_that_the_ports_of_a_block_are_counted_in_the_order_in_which_it_was_drawn() -> None:
    net = Drawing()
    with net.block("Gate") as b:
        x, h = b.input("x"), b.input("h")
        b.output(b.add("Multiply", x, h), name="state")
        b.output(b.add("Sigmoid", h), name="gate")
    first = net.add("Gate", net.add("Input", name="one"), net.add("Input", name="two"), name="use")
    assert {link.input: link.source for link in net.links} == {"x": "one", "h": "two"}
    assert (first.port, net.value("use").port) == ("state", "state")


def test_that_a_block_without_a_value_is_not_said_to_leave_nothing_to_train() -> None:
    net = Drawing(data="Digits")
    with net.block("B", k=3) as b:
        b.output(b.add("Conv2d", b.input("x"), out_channels=b.k // (b.k - 3), kernel_size=3, name="conv"))
    x = net.add("B", net.add("Input", field="image"), name="use")
    x = net.add("Linear", net.add("Flatten", x), out_features=10)
    net.add("CrossEntropyLoss", x, net.add("Target", field="label"))
    net.add("Output", x)
    assert [each.message for each in check(net.project, 0).problems] == [
        "In the block B, used as use: conv: out_channels has no value, because 'k // (k - 3)' divides by zero: "
        "change it."
    ]


def test_that_operators_write_expressions_as_a_person_would() -> None:
    net = Drawing()
    with net.block("B", channels=8, shape=(2, 3), wide=False, kind=parameter("same", choices=("same", "other"))) as b:
        c = b.channels
        texts: dict[str, Any] = {
            "channels": c, "channels * 4": c * 4, "4 * channels": 4 * c, "(channels + 1) * 2": (c + 1) * 2,
            "channels // 4 - 1": c // 4 - 1, "2 ** channels if wide else 1": term("2**channels if wide else 1"),
            "-channels % 3": -c % 3, "1 - channels / 2": 1 - c / 2, "i + channels": b.i + c, "channels ** 2": c**2,
            "channels == 3": c == 3, "channels != i": c != b.i, "channels < 3": c < 3, "channels >= 3": c >= 3,
        }  # fmt: skip
        assert {text: value.text for text, value in texts.items()} == {text: text for text in texts}
        x = b.input("x", axes="N, width")
        shape = b.add("Parameter", shape=(1, b.width, c * 2), name="shape")
        b.output(b.add("Expand", shape, like=x, size=(-1, -1, -1)))
    assert net.blocks["B"].nodes["shape"].values == {"shape": (1, {"=": "width"}, {"=": "channels * 2"})}
    assert [each.kind for each in net.blocks["B"].parameters] == ["integer", "shape", "boolean", "choice"]


def test_that_blocks_stand_in_blocks_and_come_from_the_library() -> None:
    net = Drawing()
    with net.block("Twice", hidden=16) as b:
        x = b.input("x", axes="N, _, width")
        b.output(b.add(net.bring("GatedMLP"), x, hidden=b.hidden, repeat=2, name="mlps"))
    net.add("Output", net.add("Twice", net.add("Input", shape=(5, 8)), hidden=24))
    assert [path for path, node in walk(net.nodes, net.blocks) if node.layer == "SiLU"] == ["twice1/mlps/silu"]
    assert check(net.project, 0).parameters == 2 * 3 * 8 * 24


def test_that_two_nodes_share_weights() -> None:
    net = Drawing()
    tokens = net.add("Input", shape=(6,), dtype="int64", name="tokens")
    words = net.add("Embedding", tokens, num_embeddings=50, embedding_dim=8, name="words")
    net.add("Output", net.add("Linear", words, out_features=50, bias=False, shares=words, name="scores"))
    assert net.nodes["scores"].shares == "words"
    assert check(net.project, 0).parameters == 50 * 8


def faults() -> list[tuple[str, Any]]:
    """What is said, and the line that it is said of: a function of a drawing with an Input x."""
    return [
        ("There is no layer or block 'Conv2D'; did you mean Conv2d?", lambda net, x: net.add("Conv2D", x)),
        ("There is no layer or block 'Frobnicate'.", lambda net, x: net.add("Frobnicate", x)),
        (
            "linear1 has no parameter out; it has out_features, bias (and the inputs input).",
            lambda net, x: net.add("Linear", x, out=3),
        ),
        (
            "linear1: out_features must be a whole number of at least 1, but is 0.",
            lambda net, x: net.add("Linear", x, out_features=0),
        ),
        (
            "linear1: out_features must be a whole number of at least 1, but is '8'.",
            lambda net, x: net.add("Linear", x, out_features="8"),
        ),
        ("linear1 takes 1 inputs, but is given 2.", lambda net, x: net.add("Linear", x, x)),
        ("linear1 is given two values for input.", lambda net, x: net.add("Linear", x, input=x)),
        ("linear1 has no input data; it takes input.", lambda net, x: net.add("Linear", data=x)),
        ("add1 has no input tensors; it takes tensors.", lambda net, x: net.add("Add", tensors=x)),
        ("linear1 takes what another layer gives, but is given 3.", lambda net, x: net.add("Linear", 3)),
        ("A node needs a name of its own, but 'x' is taken.", lambda net, x: net.add("Linear", x, name="x")),
        (
            "linear1 needs channels for out_features; names that are known here: none, since it is no block.",
            lambda net, x: net.add("Linear", x, out_features=term("channels")),
        ),
        ("x has no output h; it gives output.", lambda net, x: x["h"]),
        (
            "relu1 cannot take out, which gives nothing.",
            lambda net, x: net.add("ReLU", net.add("Output", x, name="out")),
        ),
        (
            "relu1 cannot take x, which stands in another drawing.",
            lambda net, x: Drawing().add("ReLU", x),
        ),
        (
            "linear1 cannot use the weights of y, because there is no such node here.",
            lambda net, x: net.add("Linear", x, shares="y"),
        ),
        ("There is no node y in this drawing.", lambda net, x: net.value("y")),
        ("There is no node y here to link to.", lambda net, x: net.link(x, "y", "input")),
        (
            "A block needs a name of its own, but 'Linear' is taken by another block or a layer.",
            lambda net, x: net.block("Linear"),
        ),
        (
            "The block B: a parameter cannot be called 'lambda'; call it something like channels.",
            lambda net, x: net.block("B", **{"lambda": 3}),
        ),
        (
            "The block B: a parameter of a script cannot be called links, which is a word of it; call it otherwise.",
            lambda net, x: net.block("B", links=3),
        ),
        (
            "The block B: a parameter of a script cannot be called name, which is a word of it; call it otherwise.",
            lambda net, x: net.block("B", name=3),
        ),
        (
            "The block B: the default of channels must be a whole number of at least 1, but is 0.",
            lambda net, x: net.block("B", channels=parameter(0, low=1)),
        ),
        (
            "A block's parameter begins with a number, a text or a shape, but this is None.",
            lambda net, x: net.block("B", channels=None),
        ),
        (
            "A network is exported to python, script, onnx, but not to 'tensorflow'.",
            lambda net, x: net.export("tensorflow", "model"),
        ),
        (
            "Nothing comes out of the block B: end it with its output(value).",
            lambda net, x: net.keep(net.block("B")),
        ),
    ]


@pytest.mark.parametrize(("sentence", "line"), faults(), ids=lambda value: value[:40] if isinstance(value, str) else "")
def test_that_a_wrong_line_is_refused_at_once_in_one_sentence_and_changes_nothing(sentence: str, line: Any) -> None:
    net = Drawing()
    x = net.add("Input", name="x")
    with pytest.raises(ScriptFault) as fault:
        line(net, x)
    assert str(fault.value) == sentence
    assert set(net.nodes) <= {"x", "out"}
    assert net.blocks == {}


def test_that_a_block_that_uses_itself_or_a_strange_name_is_refused_and_a_broken_with_leaves_none() -> None:
    net = Drawing()
    with pytest.raises(ScriptFault, match="There is no layer or block 'Loop'"), net.block("Loop") as b:
        b.output(b.add("Loop", b.input("x")))
    assert net.blocks == {}
    unknown = "has no parameter and no named size 'widht'; known: i, width"
    with pytest.raises(AttributeError, match=unknown), net.block("B", width=3) as b:
        b.add("Linear", b.input("x"), out_features=b.widht)
    unknown = re.escape("names that are known here: i, width")
    with pytest.raises(ScriptFault, match=unknown), net.block("B", width=3) as b:
        b.add("Linear", b.input("x"), out_features=term("height"))


def test_that_a_file_is_saved_and_gone_on_with(tmp_path: Path) -> None:
    small().save(tmp_path / "small.loom")
    assert load(tmp_path / "small.loom") == small().project
    net = Drawing.open(tmp_path / "small.loom")
    assert net.graph.nodes["image"] == Node("Input", {"field": "image"})
    assert text_of(net.project) == (tmp_path / "small.loom").read_text()
    net.add("Output", net.value("steps"), name="seen")
    assert net.graph.nodes["seen"].layer == "Output"
    assert messages(net) == []


def test_that_an_engine_checks_writes_and_trains(tmp_path: Path) -> None:
    seen: list[Body] = []
    with small() as net:
        checked = net.check()
        assert checked.parameters == 4 * 9 + 4 + 4 * 4 * 9 + 4 + 256 * 10 + 10
        assert "class Step(nn.Module):" in net.source()
        assert "python train.py" in net.source("train.py")
        with pytest.raises(ScriptFault, match=re.escape("There is no test.py for this network; written are model.py")):
            net.source("test.py")
        ended = net.train(tmp_path / "run", seen.append, epochs=2)
        assert (ended.how, ended.epochs) == ("finished", 2)
        assert seen
        with pytest.raises(ScriptFault, match="is there already, and a run is never written over another"):
            net.train(tmp_path / "run")
        net.add("ReLU", name="loose")
        with pytest.raises(ScriptFault):
            net.train(tmp_path / "other")


def test_that_the_example_of_the_readme_runs(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("## In a few lines of Python")[2]
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert code
    script = code[1].replace('"epochs": 10', '"epochs": 1')
    assert script != code[1]
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert {path.name for path in tmp_path.iterdir()} == {"run", "digits.onnx", "digits.loom"}
    assert "class Residual(nn.Module):" in done.stdout
    assert "'validation_accuracy': " in done.stdout
