"""The curve of a layer is what torch computes with its settings, and no person's code is ever run for it."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from core.client import Waiting
from core.engine.sketch import sketch
from core.layers import CATALOGUE, Call, Layer
from core.messages import Sketch, Sketched
from core.parameters import dropped_values

ACTIVATIONS = [name for name, layer in CATALOGUE.items() if layer.family == "activation"]


def drawn(name: str, **values: object) -> Sketched:
    return sketch(Sketch(name, {**dropped_values(CATALOGUE[name]), **values}))


def numbers(content: bytes) -> np.ndarray:
    return np.frombuffer(content, "<f4")


def at(found: Sketched, x: float, curve: int = 0) -> float:
    return float(np.interp(x, numbers(found.x), numbers(found.curves[curve].y)))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_that_every_activation_draws_its_own_curve_and_slope(name: str):
    found = drawn(name)
    assert found.curves
    for curve in found.curves:
        y, slope, x = numbers(curve.y), numbers(curve.slope), numbers(found.x)
        assert len(x) == len(y) == len(slope) > 100
        assert np.isfinite(y).all()
        assert len(np.unique(np.round(y, 4))) > 1
        measured = np.gradient(y.astype(float), x.astype(float))
        assert np.median(np.abs(measured - slope)) < 0.02  # kinks differ in a few places


def test_that_a_curve_is_drawn_with_the_settings_that_are_asked_for():
    assert at(drawn("LeakyReLU"), -2) == pytest.approx(-0.02, abs=1e-4)
    assert at(drawn("LeakyReLU", negative_slope=0.5), -2) == pytest.approx(-1.0, abs=1e-4)
    assert at(drawn("ELU", alpha=3.0), -4) == pytest.approx(3 * (math.exp(-4) - 1), abs=1e-4)
    assert numbers(drawn("Hardtanh", min_val=-20.0, max_val=20.0).x)[-1] == 30


def test_that_a_curve_with_several_learned_factors_is_drawn_too():
    assert at(drawn("PReLU", num_parameters=4, init=0.5), -2) == pytest.approx(-1.0, abs=1e-4)


def test_that_competing_scores_are_shown_as_what_one_of_them_does():
    for dim in (1, -1, 2):
        found = drawn("Softmax", dim=dim)
        assert at(found, 0) == pytest.approx(1 / 3, abs=1e-3)
        assert at(found, 4) + 2 * at(found, 4, 1) == pytest.approx(1, abs=1e-4)
    assert at(drawn("GLU"), 0) == pytest.approx(0.5, abs=1e-3)


def test_that_chance_is_shown_as_a_band_around_the_line_of_evaluation():
    found = drawn("RReLU", lower=0.1, upper=0.5)
    curve = found.curves[0]
    assert at(found, -2) == pytest.approx(-0.6, abs=1e-4)
    below = numbers(found.x) < -0.1
    assert (numbers(curve.low)[below] < numbers(curve.y)[below]).all()
    assert (numbers(curve.high)[below] > numbers(curve.y)[below]).all()
    assert (numbers(curve.low) >= numbers(found.x) * 0.5 - 1e-5)[below].all()
    assert "band" in found.note


def test_that_sketching_leaves_the_chances_of_a_run_alone():
    torch.manual_seed(3)
    wanted = torch.rand(4)
    torch.manual_seed(3)
    drawn("RReLU")
    assert torch.equal(torch.rand(4), wanted)


def test_that_a_loss_is_drawn_over_the_prediction():
    assert at(drawn("MSELoss"), 2) == pytest.approx(4, abs=0.02)
    assert at(drawn("HuberLoss", delta=0.5), 2) == pytest.approx(0.5 * (2 - 0.25), abs=0.02)
    found = drawn("CrossEntropyLoss")
    assert at(found, 0) == pytest.approx(math.log(3), abs=1e-3)
    assert at(found, 4) < at(found, 4, 1)
    smoothed = drawn("CrossEntropyLoss", label_smoothing=0.3)
    assert at(smoothed, 4) > at(found, 4) + 0.3


def test_that_layers_without_a_curve_have_none():
    for name in ("Conv2d", "Linear", "LSTM", "Add", "Gt", "BatchNorm1d", "Zeros", "Input", "Cat"):
        assert not drawn(name).curves, name


def test_that_every_layer_is_answered_with_or_without_a_curve():
    assert [name for name in CATALOGUE if not isinstance(drawn(name), Sketched)] == []


def test_that_settings_that_cannot_work_have_no_curve():
    assert not drawn("Softmax", dim=None).curves
    assert not sketch(Sketch("Softmax", {"dim": 0})).curves
    assert drawn("LeakyReLU", negative_slope="steep").curves  # as at its default: the form says what is wrong


def test_that_an_unknown_layer_has_no_curve():
    assert sketch(Sketch("Gone", {"a": 1})) == Sketched()


def test_that_code_of_a_persons_own_is_never_run_for_a_picture(tmp_path):
    mark = tmp_path / "ran"

    class Hostile(Layer):
        """Writes a file."""

        def call(self, inputs):
            return Call("nn.ReLU", code=f"open({str(mark)!r}, 'w')", imports=("import os",))

    Hostile.family = "activation"
    CATALOGUE["Hostile"] = Hostile
    try:
        assert sketch(Sketch("Hostile", {})) == Sketched()
    finally:
        del CATALOGUE["Hostile"]
    assert not mark.exists()
    assert not sketch(Sketch("Python", {"code": f"def f(x):\n    open({str(mark)!r}, 'w')\n    return x\n"})).curves
    assert not mark.exists()


def test_that_an_engine_answers_with_a_curve():
    with Waiting() as engine:
        found = engine.ask(Sketch("Tanh"))
    assert isinstance(found, Sketched)
    assert at(found, 4) == pytest.approx(math.tanh(4), abs=1e-4)
