"""What a run will take, before it starts: from a rehearsal of it."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import msgspec
import psutil
import pytest
import torch

from core.client import Waiting
from core.costs import estimate_text, memory_warning, training_memory
from core.engine import estimate
from core.engine.check import check
from core.engine.fault import Fault
from core.engine.fit import get_ready
from core.events import Ended
from core.examples import example_project
from core.graph import Graph, Node
from core.messages import Estimated, Train, Warm
from core.project import Project
from core.training import Training

SLACK = 6.0
"""How far seconds may be off on a machine where others take the processor; the bench holds the real bound."""


def with_training(project: Project, **settings: object) -> Project:
    return msgspec.structs.replace(project, training={**project.training, **settings})


@pytest.fixture(autouse=True)
def as_many_threads_as_before() -> object:
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def test_that_a_run_takes_about_what_was_estimated(tmp_path: Path) -> None:
    project = with_training(example_project("digits"), epochs=3)
    with Waiting() as engine:
        said = engine.ask(Warm(project))
        assert isinstance(said, Estimated)
        ended = engine.ask(Train(project, str(tmp_path / "run")))
        peak = psutil.Process(engine.engine.pid).memory_info()
    assert isinstance(ended, Ended)
    assert ended.seconds / SLACK < said.seconds < ended.seconds * SLACK
    assert said.device == "cpu"
    assert 0 < said.step_seconds < said.seconds
    assert said.peak_bytes == pytest.approx(peak.rss, rel=0.25)
    assert said.free_bytes > said.peak_bytes
    assert memory_warning(said, Training()) == ""


def test_that_seconds_grow_with_the_epochs_and_memory_does_not() -> None:
    project = with_training(example_project("moons"), threads=1)
    few = get_ready(with_training(project, epochs=10))
    many = get_ready(with_training(project, epochs=1000))
    assert few is not None
    assert many is not None
    assert many.seconds > 3 * few.seconds
    assert many.peak_bytes == pytest.approx(few.peak_bytes, rel=0.25)


def test_that_a_rehearsal_leaves_nothing_behind_and_chance_as_it_was(tmp_path: Path) -> None:
    project = with_training(example_project("iris"), epochs=2, threads=1)
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    assert get_ready(project) is not None
    assert torch.equal(torch.rand(3), expected)
    assert not list(tmp_path.iterdir())


def test_that_a_rehearsal_makes_way_for_who_waits() -> None:
    project = with_training(example_project("xor"), epochs=77)
    assert get_ready(project, lambda: True) is None


def test_that_what_was_estimated_once_is_known() -> None:
    project = with_training(example_project("xor"), epochs=78)
    first = get_ready(project)
    moved = Graph({name: msgspec.structs.replace(node, x=5.0) for name, node in project.graph.nodes.items()})
    moved = msgspec.structs.replace(moved, links=project.graph.links)
    assert get_ready(msgspec.structs.replace(project, graph=moved)) is first


def test_that_a_network_that_cannot_fit_is_never_tried() -> None:
    example = example_project("iris")
    nodes = dict(example.graph.nodes)
    name = next(name for name, node in nodes.items() if node.layer == "Linear")
    nodes[name] = Node("Linear", {"out_features": 2_000_000_000})
    project = msgspec.structs.replace(example, graph=Graph(nodes, example.graph.links))
    said = get_ready(project)
    assert said is not None
    assert said.seconds == 0
    checked = check(project, 0)
    assert said.peak_bytes > training_memory(project, checked).total > said.free_bytes
    assert memory_warning(said, Training(batch_size=16)).startswith("A run would take about ")


def test_that_a_project_with_a_fault_is_refused_in_its_own_words() -> None:
    example = example_project("iris")
    nodes = {name: node for name, node in example.graph.nodes.items() if node.layer != "CrossEntropyLoss"}
    links = tuple(link for link in example.graph.links if link.target in nodes and link.source in nodes)
    with pytest.raises(Fault):
        get_ready(msgspec.structs.replace(example, graph=Graph(nodes, links)))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems hand freed memory back when they like")
def test_that_a_peak_of_memory_is_seen() -> None:
    gc.collect()
    with estimate.Peak(torch.device("cpu")) as peak:
        before = peak.now()
        torch.ones(60_000_000).mul_(2).sum()
    assert 200e6 < peak.bytes - before < 500e6
    assert peak.now() - before < 100e6


def test_that_words_say_time_memory_and_the_way_out() -> None:
    said = Estimated(9.2, 0.01, 640 * 1024**2, free_bytes=2 * 1024**3)
    assert estimate_text(said) == "about 9 s, 640 MiB"
    assert memory_warning(said, Training()) == ""
    large = Estimated(9000, 0.01, 31 * 1024**3, "cuda", 20 * 1024**3)
    assert estimate_text(large) == "about 2 h 30 min, 31 GiB on the GPU"
    assert memory_warning(large, Training(batch_size=64)) == (
        "A run would take about 31 GiB of memory, but the GPU has 20 GiB free: lower batch_size (it is 64; try 32), "
        "or close other programs."
    )
    assert "make the network smaller" in memory_warning(large, Training(batch_size=1))
    assert estimate_text(Estimated(0, 0, 1024**4)) == "about 1024 GiB"
