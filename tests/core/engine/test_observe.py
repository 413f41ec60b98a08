"""What is seen of weights, outputs and time is what is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some
from torch import nn

from core.engine.announce import Announcer, NotFinite
from core.engine.data import Scale
from core.engine.fault import Fault
from core.engine.judge import Judge, Tally
from core.engine.observe import histograms, weights_of
from core.engine.trial import Choices, Chosen, Patience, batch_of, choose, laid_out
from core.engine.weights import load, save
from core.events import Epoch, Losses


def test_that_a_histogram_of_a_small_weight_counts_every_value() -> None:
    model = nn.Linear(10, 20)
    weight = model.weight.detach().numpy().ravel()
    seen = {each.name: each for each in histograms(model, 3, 0.5).weights}["weight"]
    counts, _ = np.histogram(weight, 64, (weight.min(), weight.max()))
    found = np.frombuffer(seen.counts, "<u4")
    assert found.sum() == 200
    assert np.abs(found.astype(int) - counts).sum() <= 4  # edges of bins fall by rounding
    assert seen.mean == pytest.approx(float(weight.mean()), abs=1e-6)
    assert seen.spread == pytest.approx(float(weight.std()), rel=1e-4)
    assert seen.gradient_norm == 0.0


def test_that_a_large_weight_is_sampled_in_any_layout() -> None:
    model = nn.Conv2d(64, 96, 3)
    plain = histograms(model, 0, 0.0).weights[0]
    model = model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    turned = histograms(model, 0, 0.0).weights[0]
    for each in (plain, turned):
        assert 3000 < np.frombuffer(each.counts, "<u4").sum() <= 4096
        assert each.spread == pytest.approx(float(model.weight.detach().std()), rel=0.05)


def test_that_constant_and_broken_weights_have_histograms() -> None:
    model = nn.BatchNorm1d(5)
    one = histograms(model, 0, 0.0).weights[0]
    assert (one.low, one.high, one.zeros) == (1.0, 1.0, 0.0)
    assert np.frombuffer(one.counts, "<u4")[0] == 5
    with torch.no_grad():
        model.weight[0] = float("nan")
    assert np.frombuffer(histograms(model, 0, 0.0).weights[0].counts, "<u4").sum() == 0


def test_that_watching_a_node_without_weights_shows_all() -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    assert [name for name, _ in weights_of(model, "0")] == ["0.weight", "0.bias"]
    assert len(weights_of(model, "1")) == 4


@given(some.integers(1, 5), some.integers(1, 40), some.integers(0, 3))
def test_that_counting_in_pieces_gives_the_whole(pieces: int, rows: int, seed: int) -> None:
    random = torch.Generator().manual_seed(seed)
    scores = torch.randn(rows, 4, generator=random)
    target = torch.randint(0, 4, (rows,), generator=random)
    tally = Tally(Judge(0, "y", "classes", "softmax"), Scale("classes", ()))
    for part, right in zip(scores.chunk(pieces), target.chunk(pieces), strict=True):
        tally.add(part, right)
    assert tally.metrics()["accuracy"] == pytest.approx(float((scores.argmax(1) == target).float().mean()))


def test_that_numbers_are_measured_as_the_library_does() -> None:
    from sklearn.metrics import mean_absolute_error, r2_score

    random = np.random.default_rng(0)
    scale = Scale("numbers", (1,), (150.0,), (70.0,))
    right, said = random.normal(size=(50, 1)), random.normal(size=(50, 1))
    tally = Tally(Judge(0, "y", "numbers"), scale)
    tally.add(torch.from_numpy(said[:20]), torch.from_numpy(right[:20]))
    tally.add(torch.from_numpy(said[20:]), torch.from_numpy(right[20:]))
    back = [scale.undo(values) for values in (right, said)]
    assert tally.metrics()["mae"] == pytest.approx(mean_absolute_error(*back))
    assert tally.metrics()["r2"] == pytest.approx(r2_score(*back))


@pytest.mark.parametrize(
    ("judge", "scores", "expected"),
    [
        (Judge(0, "y", "classes", "softmax"), [[0.0, 0.0]], [[0.5, 0.5]]),
        (Judge(0, "y", "classes", "exp"), [[-0.6931472, -0.6931472]], [[0.5, 0.5]]),
        (Judge(0, "y", "classes", "none"), [[0.25, 0.75]], [[0.25, 0.75]]),
        (Judge(0, "y", "binary", "sigmoid"), [[0.0]], [[0.5, 0.5]]),
        (Judge(0, "y", "binary", "none"), [[0.25]], [[0.75, 0.25]]),
    ],
)
def test_that_scores_become_probabilities(judge: Judge, scores: list[list[float]], expected: list[list[float]]) -> None:
    assert torch.allclose(judge.probabilities(torch.tensor(scores)), torch.tensor(expected))
    loss = judge.row_losses(torch.tensor(scores), torch.tensor([1]))
    assert float(loss) == pytest.approx(-np.log(expected[0][1]), rel=1e-5)


def test_that_a_batch_is_the_same_in_both_layouts() -> None:
    fields = {"image": torch.randn(20, 3, 4, 5), "label": torch.arange(20)}
    rows = torch.tensor([3, 1, 17])
    turned = batch_of(laid_out(fields, True), rows, True)
    assert torch.equal(turned["image"], fields["image"][rows])
    assert turned["image"].is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(turned["label"], fields["label"][rows])


def test_that_a_trial_leaves_network_and_random_numbers_as_they_were() -> None:
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Dropout(), nn.Flatten(), nn.Linear(144, 2))
    fields = {"image": torch.randn(50, 1, 8, 8), "label": torch.arange(50) % 2}
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    try:
        chosen = choose(
            model,
            lambda parameters: torch.optim.Adam(parameters, fused=True),
            lambda trial, batch: (nn.functional.cross_entropy(trial(batch["image"]), batch["label"]), ()),
            fields,
            16,
        )
    finally:
        torch.set_num_threads(threads)
    assert chosen.choices.threads >= 1
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())


def test_that_threads_are_given_up_only_when_steps_stay_slow() -> None:
    patience = Patience(Chosen(Choices(2), alone=0.01))
    assert not patience.ends(1, 0.0)
    assert not patience.ends(60, 0.6)  # 10 ms a step
    assert not patience.ends(61, 0.8)  # too soon to say
    assert patience.ends(62, 1.2)  # 300 ms a step
    assert not patience.ends(63, 9.0)  # said once
    assert not Patience(Chosen(Choices(2))).ends(1, 100.0)


def test_that_losses_come_together_and_in_order() -> None:
    told: list[Any] = []
    announcer = Announcer(told.append, 10, on_cpu=True)
    for value in (3.0, 2.0, 1.0):
        announcer.take(torch.tensor(value))
    epoch = Epoch(1, 3, 0.1, {})
    announcer.add(epoch)
    assert announcer.total == 6.0
    announcer.speak(1.0, 300)
    assert isinstance(told[0], Losses)
    assert np.frombuffer(told[0].values, "<f4").tolist() == [3.0, 2.0, 1.0]
    assert told[0].done == 0.3
    assert told[0].seconds_left == pytest.approx(1.0 * 7 / 3)
    assert told[1] is epoch
    announcer.take(torch.tensor(0.5))
    with pytest.raises(NotFinite) as wrong:
        announcer.take(torch.tensor(float("nan")))
    assert wrong.value.step == 4


def test_that_losses_of_a_device_are_read_when_due() -> None:
    told: list[Any] = []
    announcer = Announcer(told.append, 10, on_cpu=False)
    announcer.take(torch.tensor(3.0))
    announcer.take(torch.tensor(float("inf")))
    with pytest.raises(NotFinite) as wrong:
        announcer.speak(1.0, 2)
    assert wrong.value.step == 1


def test_that_weights_come_back_and_damage_is_found(tmp_path: Path) -> None:
    model, other = nn.Linear(30, 40), nn.Linear(30, 40)
    path = tmp_path / "best.safetensors"
    save(path, model.state_dict(), {"weight": "weight"}, 3, 12)
    assert load(other, path)["epoch"] == 3
    assert torch.equal(other.weight, model.weight)
    whole = path.read_bytes()
    random = np.random.default_rng(0)
    for _ in range(100):
        broken = bytearray(whole)
        broken[int(random.integers(len(whole)))] ^= 1 << int(random.integers(8))
        path.write_bytes(broken)
        with pytest.raises(Fault, match=r"best\.safetensors"):
            load(other, path)
    path.write_bytes(whole[:-7])
    with pytest.raises(Fault, match="damaged"):
        load(other, path)
    path.write_bytes(whole)
    with pytest.raises(Fault, match="do not belong to this network"):
        load(nn.Linear(3, 4), path)


def test_that_tied_weights_can_be_saved(tmp_path: Path) -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = nn.Linear(3, 3), nn.Linear(3, 3)
            self.two.weight = self.one.weight

    model, other = Tied(), Tied()
    save(tmp_path / "w.safetensors", model.state_dict(), {"first": "one"})
    load(other, tmp_path / "w.safetensors")
    assert torch.equal(model.two.weight, other.two.weight)
