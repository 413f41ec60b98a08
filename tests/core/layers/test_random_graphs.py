"""Graphs at random out of the whole catalogue: what check says of valid ones is what runs, and broken ones are told."""

from __future__ import annotations

import random
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch
from interpreter import Interpreter, SameDraws
from random_graphs import Drawn, drawn_graph
from spoiling import spoilt
from torch import Tensor

from core import source
from core.engine.check import check
from core.engine.compile import build, verify, written
from core.engine.sizes import size_at
from core.layers import CATALOGUE, declaration_of
from core.messages import Checked, Problem
from core.project import Project, ProjectError, read_text, repaired, text_of
from core.validation import has_port

pytestmark = [
    pytest.mark.usefixtures("one_thread"),
    pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN"),
    pytest.mark.filterwarnings("ignore:.*degrees of freedom"),  # the spread over a batch of one
]
BATCHES = (1, 2, 5)
NEEDS_SEVERAL = ("BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "SyncBatchNorm")
"""In training torch refuses a batch of one number for each channel."""


# ---- valid graphs


def sound(drawn: Drawn, laid_out: bool) -> None:
    """Check, source and file of a valid graph, against what really runs."""
    project, graph = drawn.project, drawn.project.graph
    checked = check(project, 0, data=drawn.data)
    assert [(each.node, each.message) for each in checked.problems if each.severity == "error"] == []
    text = text_of(project)
    loaded = read_text(text)
    assert text_of(loaded) == text
    assert loaded.graph == graph
    with tempfile.TemporaryDirectory() as place:
        made = written(project, checked) if laid_out else source.write(project, checked)
        for name, content in made.files.items():
            Path(place, name).write_text(content, encoding="utf-8")
        model_module, train_module = build(Path(place))
    verify(model_module.Model, project, checked)
    torch.manual_seed(drawn.project.seed)
    model = model_module.Model()
    interpreter = Interpreter(graph, checked, model)
    several = any(node.layer in NEEDS_SEVERAL and not node.muted for node in graph.nodes.values())
    for batch in BATCHES:
        for training in (True, False):
            if not (training and batch == 1 and several):
                runs_as_said(drawn, checked, model, train_module, interpreter, batch, training)


def runs_as_said(
    drawn: Drawn, checked: Checked, model: Any, train_module: Any, interpreter: Interpreter, batch: int, training: bool
) -> None:
    """The model, the objective and its backward pass at one batch, beside the interpreter."""
    graph = drawn.project.graph
    rows = drawn.rows(batch)
    model.train(training)
    follows = training or any(node.layer == "Gradient" for node in graph.nodes.values())
    with torch.set_grad_enabled(follows):
        with SameDraws() as draws:
            given = sources(drawn, rows, checked, batch)
            values = interpreter.values(given, training)
        counted = draws.count
        for node_id, report in checked.nodes.items():
            for port, spec in report.outputs.items():
                tensor = values[node_id, port]
                said = tuple(size_at(size, batch) for size in spec.shape), f"torch.{spec.dtype}"
                assert (tuple(tensor.shape), str(tensor.dtype)) == said, (node_id, graph.nodes[node_id])
        interpreter_loss = interpreter.total(values)
        begun = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        with SameDraws() as draws:
            loss, outputs = train_module.objective(model, {name: tensor.clone() for name, tensor in rows.items()})
        assert draws.count == counted or not drawn.is_whole, "as many draws of random numbers"
        if training and loss.requires_grad:
            loss.backward()
            model.zero_grad()
        assert is_same(loss, interpreter_loss), (loss, interpreter_loss)
        assert len(outputs) == len(checked.outputs)
        for value, output in zip(checked.outputs, outputs, strict=True):
            assert is_same(output, values[value]), value
    if not training:
        model.load_state_dict(begun)  # max_norm shortens rows of a table in place, each time by the last bit
        with SameDraws(), torch.set_grad_enabled(follows):
            named = {interpreter.names[node_id]: tensor.clone() for node_id, tensor in given.items()}
            again = model(*(named[name] for name in arguments(model)))
        for value, output in zip(checked.outputs, again if isinstance(again, tuple) else (again,), strict=True):
            assert is_same(output, values[value]), value


def arguments(model: Any) -> list[str]:
    """The names of what `forward` takes."""
    code = type(model).forward
    code = getattr(code, "__wrapped__", code).__code__
    return list(code.co_varnames[1 : code.co_argcount])


def sources(drawn: Drawn, rows: dict[str, Tensor], checked: Checked, batch: int) -> dict[str, Tensor]:
    """The values of Inputs, Targets and Noises; noise is drawn as the objective draws it."""
    given: dict[str, Tensor] = {}
    for node_id, node in drawn.project.graph.nodes.items():
        if node.layer == "Noise":
            shape = checked.nodes[node_id].outputs["output"].shape
            given[node_id] = torch.randn([size_at(size, batch) for size in shape])
        elif node.layer in ("Input", "Target"):
            given[node_id] = rows[node.values["field"]].clone()
    return given


def is_same(one: Tensor, other: Tensor) -> bool:
    """Whether two tensors agree in every bit; what is no number in one must be none in the other."""
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    return torch.equal(one, other) or torch.allclose(one, other, rtol=0, atol=0, equal_nan=True)


def sound_from(first: int, count: int, laid_out: int = 10) -> Counter[str]:
    """Many graphs of consecutive seeds, every so many of them with the source laid out; how often each entry came."""
    uses: Counter[str] = Counter()
    for seed in range(first, first + count):
        drawn = drawn_graph(seed, uses)
        try:
            sound(drawn, laid_out=(seed - first) % laid_out == 0)
        except Exception as error:
            raise AssertionError(f"seed {seed} (after {first}): {type(error).__name__}: {error}") from error
    return uses


def test_that_a_graph_at_random_runs_as_check_and_source_say() -> None:
    uses = sound_from(0, 36)
    assert len(uses) > len(CATALOGUE) / 2


@pytest.mark.campaign
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("chunk", range(4))
def test_that_many_graphs_at_random_run_as_check_and_source_say(chunk: int) -> None:
    uses = sound_from(1000 * (chunk + 1), 500)
    print(f"\nvalid {chunk}: {uses.total()} nodes; fewest: {uses.most_common()[:-8:-1]}")
    assert all(uses[name] >= 5 for name in CATALOGUE), [name for name in CATALOGUE if uses[name] < 5]


# ---- broken graphs


def told(seed: int, uses: Counter[str], counts: Counter[str]) -> None:
    """Check, repairs and source of a graph that was spoilt: everything wrong is said, and nothing is raised."""
    draw = random.Random(seed)
    drawn = drawn_graph(seed, uses)
    while True:
        drawn = spoilt(drawn, draw)
        project, data = drawn.project, drawn.data
        checked = check(project, 0, data=data)
        if checked.has_errors:
            break
        written_anyway(project, checked)
    written_anyway(project, checked)
    travels(project, checked)
    counts["graphs"] += 1
    errors = [each for each in checked.problems if each.severity == "error"]
    counts["errors"] += len(errors)
    for problem in checked.problems:
        names_a_place(project, problem)
        if problem.repair is None:
            continue
        after = repaired(project, problem.repair)
        again = check(after, 0, data=data)
        written_anyway(after, again)
        if problem.severity == "error":
            counts["repairs"] += 1
            left = {(each.node, each.port, each.message) for each in again.problems}
            counts["repairs that mend"] += (problem.node, problem.port, problem.message) not in left
            counts["repairs that leave fewer errors"] += sum(each.severity == "error" for each in again.problems) < len(
                errors
            )


def names_a_place(project: Project, problem: Problem) -> None:
    """A problem names a node and a port that are there, and says one short sentence."""
    graph = project.graph
    assert problem.node in graph.nodes or not problem.node, problem
    if problem.port:
        declared = declaration_of(graph.nodes[problem.node], {})
        known = declared is not None and has_port(declared.inputs, problem.port)
        assert known or problem.port in graph.arriving[problem.node], problem
    assert re.fullmatch(r".{8,400}[.!?]", problem.message), problem
    assert problem.message.isprintable(), problem
    assert problem.repair is None or 3 < len(problem.repair.text) <= 120, problem
    marks = [mark for mark in ("{source}", "{self}") if mark not in repr(project)]
    assert not any(mark in problem.message for mark in marks), problem
    assert "Traceback" not in problem.message, problem


def travels(project: Project, checked: Checked) -> None:
    """What a message and a file can hold comes back from them as it was."""
    try:
        msgspec.msgpack.encode(project)
        text = text_of(project)
        assert text_of(read_text(text)) == text
    except (TypeError, ValueError, OverflowError, ProjectError):
        return  # no form and no file gives such a value, but check must live with it
    arrived = msgspec.msgpack.decode(msgspec.msgpack.encode(checked), type=Checked)
    assert [each.message for each in arrived.problems] == [each.message for each in checked.problems]


def written_anyway(project: Project, checked: Checked) -> None:
    """The source of a graph that is not sound is Python all the same."""
    for name, text in source.write(project, checked).files.items():
        compile(text, name, "exec")


def told_from(first: int, count: int) -> Counter[str]:
    """Many spoilt graphs of consecutive seeds; what was counted."""
    uses, counts = Counter[str](), Counter[str]()
    for seed in range(first, first + count):
        try:
            told(seed, uses, counts)
        except Exception as error:
            raise AssertionError(f"seed {seed} (after {first}): {type(error).__name__}: {error}") from error
    return counts


def test_that_a_broken_graph_is_told_and_nothing_is_raised() -> None:
    counts = told_from(500, 60)
    assert counts["repairs that mend"] > counts["repairs"] * 0.9


@pytest.mark.campaign
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("chunk", range(4))
def test_that_many_broken_graphs_are_told_and_nothing_is_raised(chunk: int) -> None:
    counts = told_from(100_000 + 1000 * chunk, 500)
    print(f"\nbroken {chunk}: {dict(counts)}")
    assert counts["repairs that mend"] > counts["repairs"] * 0.9
