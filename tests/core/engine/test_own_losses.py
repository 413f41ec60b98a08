"""Losses that are built of operations: gradients as values, noise inside the network, numbers that the model holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

from core.engine import weights
from core.engine.check import check
from core.engine.compile import build, new_model, written
from core.engine.control import Controls
from core.engine.export import export
from core.events import Epoch, Histograms
from core.graph import with_node
from core.messages import Export, Problem
from core.project import Data, Project, repaired

Draw = Callable[..., Project]
CPU = {"device": "cpu", "threads": 1}

PENALTY = """
point = Input(field="point")
follow = RequiresGrad(point)
hidden = Linear(follow, out_features=16)
bend = Tanh(hidden)
score = Linear(bend, out_features=1)
critic = Output(score)
slope = Gradient(score, follow)
length = Norm(slope)
one = Constant(length, value=1.0)
gap = Subtract(length, one)
square = Square(gap)
penalty = Penalty(square, weight=10.0)
"""

AUTOENCODER = """
image = Input(field="image")
flatten = Flatten(image)
hidden = Linear(flatten, out_features=32)
bend = ReLU(hidden)
mean = Linear(bend, out_features=4)
spread = Linear(bend, out_features=4)
half = Scale(spread, factor=0.5)
sigma = Exp(half)
epsilon = RandnLike(mean)
noise = Multiply(sigma, epsilon)
code = Add(mean, noise)
decoder = Linear(code, out_features=64)
picture = Output(decoder)
loss = MSELoss(decoder, flatten)
variance = Exp(spread)
square = Square(mean)
ends = Add(variance, square)
terms = Subtract(ends, spread)
divergence = Penalty(terms, weight=0.01)
"""

HELD = """
point = Input(field="point")
centre = Parameter(shape=(2,), init="normal", std=0.5)
moved = Subtract(point, centre)
hidden = Linear(moved, out_features=8)
factor = Buffer(values=(2.0,), shape=(8,))
larger = Multiply(hidden, factor)
bend = Tanh(larger)
linear = Linear(bend, out_features=2)
label = Target(field="label")
balance = Buffer(values=(1.0, 3.0))
loss = CrossEntropyLoss(linear, label, weight=balance)
"""


def errors(project: Project) -> list[Problem]:
    return [problem for problem in check(project, 0).problems if problem.severity == "error"]


def test_that_a_gradient_penalty_is_learned(draw: Draw, train: Any, heard: Any, tmp_path: Path) -> None:
    project = draw(PENALTY, Data("Moons"))
    assert errors(project) == []
    ended = train(project, epochs=20, lr=0.01, **CPU)
    assert ended.how == "finished", ended.message
    measured = [event.metrics["validation_loss"] for event in heard.of(Epoch)]
    assert measured[-1] < measured[0] / 4
    model = new_model(tmp_path / "run")
    weights.load(model, tmp_path / "run" / "last.safetensors")
    points = torch.randn(64, 2, requires_grad=True)
    (slope,) = torch.autograd.grad(model(points).sum(), points)
    assert 10 * (slope.norm(dim=1) - 1).square().mean().item() < 2 * measured[0]


def test_that_a_gradient_is_the_one_of_torch_and_follows_the_weights(draw: Draw, tmp_path: Path) -> None:
    project = draw(PENALTY, Data("Moons"))
    files = written(project, check(project, 0)).files
    assert "torch.autograd.grad(values.critic.sum(), values.follow, create_graph=True)" in " ".join(
        files["train.py"].replace("(\n", "(").split()
    )
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    model_module, train_module = build(tmp_path)
    torch.manual_seed(0)
    model = model_module.Model()
    points = torch.randn(6, 2)
    with torch.no_grad():  # as the exported script measures
        loss, _ = train_module.objective(model, {"point": points.clone()})
    by_hand = points.clone().requires_grad_()
    (slope,) = torch.autograd.grad(model(by_hand).sum(), by_hand, create_graph=True)
    assert torch.allclose(loss, 10 * (slope.norm(dim=-1) - 1).square().mean())
    loss.backward()
    assert model.hidden.weight.grad is not None
    assert model.hidden.weight.grad.abs().sum() > 0


def test_that_a_network_may_return_a_gradient(draw: Draw, train: Any, tmp_path: Path) -> None:
    text = PENALTY.replace("critic = Output(score)", "forces = Output(slope)")
    project = draw(text, Data("Moons"))
    assert errors(project) == []
    assert train(project, epochs=1, **CPU).how == "finished"
    model = new_model(tmp_path / "run").eval()
    with torch.no_grad():
        assert model(torch.randn(5, 2)).shape == (5, 2)
    assert exported(project, "python", tmp_path / "out", tmp_path / "run") == 0.0


def exported(project: Project, to: str, out: Path, run: Path) -> float | None:
    """The largest difference between an export and the application's own model."""
    asked = Export(project, to, str(out), run=str(run))  # type: ignore[arg-type]
    return export(asked, lambda _: None, Controls()).max_difference


WRONG = [
    ("follow = RequiresGrad(point)", "follow = Identity(point)", "expects a value that torch follows at by"),
    ("slope = Gradient(score, follow)", "slope = Gradient(score, aside)\naside = RequiresGrad(point)", "depends on"),
    ("score = Linear(bend, ", "held = Detach(bend)\nscore = Linear(held, ", "depends on follow"),
]


@pytest.mark.parametrize(("old", "new", "words"), WRONG)
def test_that_a_gradient_that_torch_cannot_take_is_refused_in_words(draw: Draw, old: str, new: str, words: str) -> None:
    (problem,) = errors(draw(PENALTY.replace(old, new), Data("Moons")))
    assert problem.node == "slope"
    assert words in problem.message


def test_that_a_variational_autoencoder_trains_and_leaves_as_its_mean(
    draw: Draw, train: Any, heard: Any, tmp_path: Path
) -> None:
    project = draw(AUTOENCODER, training={"lr": 0.005})
    assert errors(project) == []
    assert train(project, epochs=6, **CPU).how == "finished"
    measured = [event.metrics["validation_loss"] for event in heard.of(Epoch)]
    assert measured[-1] < measured[0]
    model = new_model(tmp_path / "run")
    picture = torch.rand(3, 1, 8, 8)
    assert not torch.equal(model(picture), model(picture))
    model.eval()
    assert torch.equal(model(picture), model(picture))
    for to, out in (("script", "out"), ("onnx", "model.onnx")):
        difference = exported(project, to, tmp_path / out, tmp_path / "run")
        assert difference is not None
        assert difference < 1e-4


def test_that_held_numbers_are_learned_stored_and_watched(draw: Draw, train: Any, heard: Any, tmp_path: Path) -> None:
    project = draw(HELD, Data("Moons"))
    checked = check(project, 0)
    assert errors(project) == []
    assert (checked.nodes["centre"].parameters, checked.nodes["factor"].parameters) == (2, 0)
    assert checked.parameters == 2 + 24 + 18
    assert train(project, epochs=2, **CPU).how == "finished"
    text = (tmp_path / "run" / "model.py").read_text()
    assert "self.centre = nn.Parameter(nn.init.normal_(torch.empty(2), std=0.5))" in text
    assert "self.factor = nn.Buffer(torch.full((8,), 2.0))" in text
    assert "x = self.hidden(point - self.centre)" in text
    assert "weight=model.balance)" in (tmp_path / "run" / "train.py").read_text()
    tensors, said = weights.read(tmp_path / "run" / "last.safetensors")
    assert {said["nodes"][name] for name in ("centre", "factor", "balance")} == {"centre", "factor", "balance"}
    assert tensors["balance"].tolist() == [1.0, 3.0]
    assert "centre" in {each.name for each in heard.of(Histograms)[-1].weights}
    torch.manual_seed(project.seed)
    assert not torch.equal(new_model(tmp_path / "run").centre, tensors["centre"])  # type: ignore[arg-type]


def test_that_a_held_number_that_is_not_whole_in_the_written_model_is_noticed(draw: Draw) -> None:
    from core.engine.compile import verify
    from core.engine.fault import Fault

    project = draw(HELD, Data("Moons"))

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.centre = torch.nn.Parameter(torch.zeros(3))

    with pytest.raises(Fault, match="3 parameters in centre, where check has counted 2"):
        verify(Model, project, check(project, 0))


def test_that_class_weights_are_those_of_torch(draw: Draw, tmp_path: Path) -> None:
    project = draw(HELD, Data("Moons"))
    for name, text in written(project, check(project, 0)).files.items():
        (tmp_path / name).write_text(text)
    model_module, train_module = build(tmp_path)
    model = model_module.Model()
    points, labels = torch.randn(8, 2), torch.tensor([0, 1] * 4)
    loss, (scores,) = train_module.objective(model, {"point": points, "label": labels})
    wanted = torch.nn.CrossEntropyLoss(weight=torch.tensor([1.0, 3.0]))(scores, labels)
    assert torch.equal(loss, wanted)


LEARNED_WEIGHTS = HELD.replace("Buffer(values=(1.0, 3.0))", "Parameter(shape=(2,), init='ones')")
LEARNED_TARGET = """
point = Input(field="point")
one = Linear(point, out_features=2)
other = Linear(point, out_features=2)
score = Output(one)
loss = SoftMarginLoss(one, other)
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LEARNED_WEIGHTS, "loss cannot be learned through its weight, but receives balance there"),
        (LEARNED_TARGET, "loss cannot be learned through its target, but receives other there"),
    ],
)
def test_that_what_must_not_be_learned_is_detached_by_the_button(draw: Draw, text: str, words: str) -> None:
    project = draw(text, Data("Moons"))
    (problem,) = errors(project)
    assert words in problem.message
    assert problem.repair is not None
    assert errors(repaired(project, problem.repair)) == []


def test_that_a_frozen_teacher_may_be_the_target(draw: Draw, train: Any) -> None:
    project = draw(LEARNED_TARGET, Data("Moons"))
    frozen = with_node(project.graph, "other", weights={"frozen": True})
    project = msgspec.structs.replace(project, graph=frozen)
    assert errors(project) == []
    ended = train(project, epochs=1, **CPU)
    assert ended.how == "finished", ended.message


def test_that_a_token_is_shown_for_each_sample(draw: Draw) -> None:
    project = draw(
        """
        image = Input(field="image")
        rows = Squeeze(image, dim=1)
        token = Parameter(shape=(1, 8), init="trunc_normal")
        tokens = Expand(token, like=rows, size=(-1, -1))
        joined = Cat(tokens, rows, dim=1)
        first = Select(joined, dim=1, index=0)
        linear = Linear(first, out_features=10)
        label = Target(field="label")
        loss = CrossEntropyLoss(linear, label)
        """.replace("\n        ", "\n"),
    )
    checked = check(project, 0)
    assert errors(project) == []
    assert checked.nodes["joined"].outputs["output"].shape == ("N", 9, 8)
    text = written(project, checked).files["model.py"]
    assert "self.token.expand(rows.shape[0], -1, -1)" in text


DIGITS = """
image = Input(field="image")
flat = Flatten(image)
hidden = Linear(flat, out_features=16)
scores = Linear(hidden, out_features=10)
label = Target(field="label")
"""
TRAINED = {
    "scores inside the loss": "loss = LinearCrossEntropyLoss(hidden, label, num_classes=10)",
    "rare classes": "loss = AdaptiveLogSoftmaxWithLoss(hidden, label, n_classes=10, cutoffs=(4,))",
    "yes or no for each class": """
        each = OneHot(label)
        target = Float(each)
        rare = Buffer(values=(9.0,))
        loss = BCEWithLogitsLoss(scores, target, weight=rare, pos_weight=rare)""",
    "labels": "each = OneHot(label)\ntarget = Float(each)\nloss = MultiLabelSoftMarginLoss(scores, target)",
    "noise": """
        norm = SyncBatchNorm(hidden)
        noisy = GaussianNoise(norm)
        rounded = UniformNoise(noisy)
        last = Linear(rounded, out_features=10)
        loss = CrossEntropyLoss(last, label)""",
    "angles": """
        positive = Linear(flat, out_features=10)
        negative = Linear(flat, out_features=10)
        loss = TripletMarginWithDistanceLoss(scores, positive, negative, distance_function="cosine")""",
}


@pytest.mark.parametrize("name", TRAINED)
def test_that_less_usual_losses_train_to_their_end(draw: Draw, train: Any, heard: Any, name: str) -> None:
    project = draw(DIGITS + TRAINED[name].replace("\n        ", "\n"))
    assert errors(project) == []
    ended = train(project, epochs=1, **CPU)
    assert ended.how == "finished", ended.message
    judged = {"yes or no for each class", "noise"}
    assert ("validation_accuracy" in heard.of(Epoch)[-1].metrics) == (name in judged)


def test_that_answers_of_a_ctc_loss_are_asked_of_the_data(draw: Draw) -> None:
    project = draw(
        """
image = Input(field="image")
rows = Squeeze(image, dim=1)
scores = Linear(rows, out_features=5)
likely = LogSoftmax(scores, dim=-1)
steps = Transpose(likely, dim0=0, dim1=1)
loss = CTCLoss(steps)
"""
    )
    said = {problem.port: problem.repair for problem in errors(project) if problem.node == "loss"}
    assert set(said) == {"targets", "input_lengths", "target_lengths"}
    assert {repair.text for repair in said.values() if repair} == {"Add Target"}
    for _ in said:  # a target that is there answers one port alone
        repair = next(problem.repair for problem in errors(project) if problem.repair and problem.port in said)
        project = repaired(project, repair)
    held = {link.input: link.source for link in project.graph.links if link.target == "loss"}
    assert len(set(held.values())) == len(held) == 4
