"""The dock of weight histograms, fed with histograms of real numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from core.events import Histogram, Started
from core.events import Histograms as Sampled
from designer.plots.histograms import RIDGES, Histograms
from designer.plots.ticks import figure, percent
from designer.plots.weights import MOST, Course, Snapshot, snapshot


def histogram(name: str, values: np.ndarray, gradient: float = 0.03) -> Histogram:
    counts, edges = np.histogram(values, 64)
    return Histogram(
        name, float(edges[0]), float(edges[-1]), counts.astype("<u4").tobytes(),
        float(values.mean()), float(values.std()), float((values == 0).mean()), gradient,
    )  # fmt: skip


def taken(step: int, values: np.ndarray) -> Snapshot:
    made = snapshot(step, histogram("w", values))
    assert made is not None
    return made


@pytest.fixture
def sampled() -> list[Sampled]:
    """Twelve moments of two weights."""
    rng = np.random.default_rng(5)
    return [
        Sampled(step * 10, 1.0, (
            histogram("conv1.weight", rng.normal(0, 0.1 + 0.02 * step, 4000), 0.5 / (step + 1)),
            histogram("fc.weight", np.where(rng.random(300) < 0.25, 0, rng.normal(0.2, 0.3, 300))),
        ))
        for step in range(12)
    ]  # fmt: skip


@pytest.fixture
def dock(qtbot):
    made = Histograms()
    qtbot.addWidget(made)
    made.resize(420, 290)
    made.show()
    qtbot.waitExposed(made)
    return made


def give(dock, events):
    for event in events:
        dock.receive(event)
    dock._refresh.now()


def started(run: str = "run 1") -> Started:
    weights = ("conv1.weight", "conv1.bias", "fc.weight")
    return Started(run, "cpu", 2, False, 5, 20, (1, 1, 1), 0, 10, weights)


def test_that_a_density_is_the_share_of_values_in_each_bin():
    values = np.random.default_rng(0).normal(size=20_000)
    own = taken(0, values)
    edges = np.linspace(own.low, own.high, 17)  # every own bin lies whole in one of 16
    counts = np.histogram(values, edges)[0] / len(values)
    assert np.abs(own.density(edges) - counts).max() < 1e-9
    assert own.density(np.linspace(-10, 10, 50)).sum() == pytest.approx(1)


def test_that_a_weight_of_one_value_stands_in_one_bin():
    same = Snapshot(0, 0.5, 0.5, np.array([32], np.uint32), 0.5, 0, 0, 0)
    density = same.density(np.linspace(0, 1, 11))
    assert density.sum() == 1
    assert density[5] == 1


def test_that_the_map_stands_upright():
    course = Course()
    course.put(taken(0, np.linspace(-1, 0, 1000)))
    course.put(taken(1, np.linspace(0, 1, 1000)))
    field = course.field(rows=40)
    assert field.shape == (40, 2)
    assert field[:19, 0].max() == 0  # the upper half is above 0, where the first moment has nothing
    assert field[21:, 1].max() == 0
    assert field.max() == 1


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 1500))
def test_that_long_courses_are_thinned_evenly_and_keep_the_newest(count):
    course = Course()
    for step in range(count):
        course.put(Snapshot(step, -1, 1, np.ones(4, np.uint32), 0, 1, 0, 0))
    steps = [each.step for each in course.snapshots]
    assert len(steps) <= MOST + 1
    assert steps[0] == 0
    assert steps[-1] == count - 1
    gaps = np.diff(steps[:-1])
    assert len(set(gaps.tolist())) <= 1
    shown = [each.step for each in course.spread_out(RIDGES)]
    assert len(shown) <= RIDGES
    assert shown[-1] == count - 1


def test_that_snapshots_stand_in_the_order_of_their_steps():
    course = Course()
    for step in (5, 1, 9, 5, 3):
        course.put(Snapshot(step, -1, 1, np.ones(4, np.uint32), step, 1, 0, 0))
    assert [each.step for each in course.snapshots] == [1, 3, 5, 9]


def test_that_the_figures_are_those_of_the_newest_histogram(dock, sampled):
    give(dock, [started(), *sampled])
    newest = sampled[-1].weights[0]
    assert dock.weight == "conv1.weight"
    assert dock.figures() == {
        "mean": figure(newest.mean),
        "spread": figure(newest.spread),
        "zeros": "0.0\u00a0%",
        "gradient": figure(0.5 / 12),
    }
    dock.chooser.setCurrentText("fc.weight")
    dock._show()
    assert dock.figures()["zeros"] == percent(sampled[-1].weights[1].zeros)


def test_that_the_chooser_holds_the_weights_of_the_run_and_follows_the_selection(dock, sampled, qtbot):
    give(dock, [started(), *sampled])
    names = [dock.chooser.itemText(number) for number in range(dock.chooser.count())]
    assert names == ["conv1.weight", "conv1.bias", "fc.weight"]
    with qtbot.waitSignal(dock.watch_wanted) as asked:
        dock.follow(("image", "fc"))
    assert asked.args == ["fc"]
    assert dock.weight == "fc.weight"
    dock.follow(("relu1",))
    assert dock.weight == "fc.weight"
    dock.chooser.setCurrentText("conv1.bias")
    dock.follow(("conv1",))
    assert dock.weight == "conv1.bias"  # a weight of this very node is already shown


def test_that_the_selection_counts_also_before_the_run(dock, sampled):
    dock.follow(("fc",))
    give(dock, [started(), *sampled])
    assert dock.weight == "fc.weight"


def test_that_a_node_is_not_mistaken_for_one_whose_name_begins_alike(dock):
    rng = np.random.default_rng(0)
    give(
        dock,
        [
            Sampled(
                0, 0.0, (histogram("fc10.weight", rng.normal(size=50)), histogram("fc1.weight", rng.normal(size=50)))
            )
        ],
    )
    dock.follow(("fc1",))
    assert dock.weight == "fc1.weight"


def test_that_ridges_and_map_are_painted_in_the_accent(dock, sampled, theme, shot, qtbot):
    give(dock, [started(), *sampled])
    dock.set_theme(theme)
    ridges = shot(dock.plot)
    qtbot.mouseClick(dock.view._buttons["map"], Qt.MouseButton.LeftButton)
    assert dock.plot.as_map
    field = shot(dock.plot)
    for picture in (ridges, field):
        pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), -1, 4)[:, :, :3].astype(int)
        blue, red = pixels[:, :, 0], pixels[:, :, 2]
        assert np.count_nonzero(blue - red > 60) > 0.02 * blue.size
    assert ridges != field


def test_that_a_new_run_begins_empty_and_clearing_shows_the_hint(dock, sampled):
    give(dock, [started(), *sampled])
    give(dock, [started("run 2")])
    assert not dock.courses["conv1.weight"].snapshots
    assert dock._below.isHidden()
    give(dock, sampled)
    dock.clear()
    assert dock.weight == ""
    assert dock.chooser.isHidden()


def test_that_histograms_of_nothing_are_passed_over(dock):
    broken = (Histogram("a.weight", float("nan"), 1.0, b"\1\0\0\0"), Histogram("b.weight", 0.0, 1.0, b""))
    give(dock, [Sampled(0, 0.0, broken), Sampled(1, 0.0, (Histogram("c.weight", 0.0, 1.0, bytes(16)),))])
    assert list(dock.courses) == ["c.weight"]


@pytest.mark.parametrize("size", [(1, 1), (60, 40), (200, 160), (1600, 500)])
def test_that_every_size_can_be_painted(dock, sampled, shot, size):
    give(dock, [started(), *sampled])
    dock.resize(*size)
    for view in ("ridges", "map"):
        dock.view.choose(view)
        dock._show()
        assert not shot(dock).isNull()
