"""The words of the catalogue: when to use a layer, what it computes, where it comes from, and what it is found by."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch
from fitting import fitting_inputs, varied
from torch import nn

from core.engine.examine import Found, examined
from core.layers import CATALOGUE, Layer
from core.layers.calls import construction
from core.parameters import fitted, parameter_of, parameters
from core.specs import Spec

ENTRIES = pytest.mark.parametrize("declared", CATALOGUE.values(), ids=list(CATALOGUE))

NO_ENTRIES = {
    "AlexNet", "EfficientNet", "GANs", "ISTA", "LeCun", "MobileNetV2", "MobileNetV3", "N", "SegNet", "T", "U-Net",
    "YOLO",
}  # fmt: skip
"""Words with capitals that name no entry: published networks, people, and terms of the field."""


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return re.split(r"(?<=\.) (?=[A-Z])", text)


def names_in(text: str) -> list[str]:
    """The words that look like entries: capitals inside a word, and capitals inside a sentence."""
    found: list[str] = []
    for sentence in sentences(text):
        for match in re.finditer(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Z][a-z]+)?", sentence):
            word = match.group()
            starts = match.start() == 0 or sentence[: match.start()].endswith((": ", "; "))
            inner = any(letter.isupper() for letter in word[1:])
            if inner or (word[0].isupper() and not starts):
                found.append(word)
    return found


@ENTRIES
def test_that_an_entry_says_in_plain_sentences_when_to_use_it(declared: type[Layer]) -> None:
    assert declared.use
    assert declared.use.endswith(".")
    assert "{" not in declared.use
    assert len(sentences(declared.use)) <= 3
    assert all(len(sentence) <= 300 for sentence in sentences(declared.use))


def test_that_every_entry_named_in_the_words_exists() -> None:
    known = CATALOGUE.keys() | NO_ENTRIES
    unknown = {entry: set(names_in(declared.use)) - known for entry, declared in CATALOGUE.items()}
    assert {entry: names for entry, names in unknown.items() if names} == {}


@pytest.mark.parametrize(
    "declared",
    [each for each in CATALOGUE.values() if each.family in ("activation", "loss", "normalisation")],
    ids=lambda each: each.__name__,
)
def test_that_every_activation_loss_and_normalisation_has_a_formula(declared: type[Layer]) -> None:
    assert declared.formula


def test_that_a_formula_stands_on_few_short_lines() -> None:
    lines = {entry: declared.formula.split("\n") for entry, declared in CATALOGUE.items()}
    assert [entry for entry, those in lines.items() if len(those) > 5] == []
    assert [line for those in lines.values() for line in those if line != line.strip() or len(line) > 160] == []


def test_that_a_paper_is_said_by_author_year_and_title() -> None:
    papers = {declared.paper for declared in CATALOGUE.values() if declared.paper}
    assert len(papers) > 40
    assert [each for each in papers if not re.fullmatch(r"[A-Za-z].+, (19|20)\d\d, [A-Z0-9].+[^.]", each)] == []


def test_that_synonyms_are_said_once() -> None:
    said = {entry: declared.synonyms for entry, declared in CATALOGUE.items()}
    assert [entry for entry, words in said.items() if not isinstance(words, tuple)] == []
    assert [entry for entry, words in said.items() if len(set(words)) < len(words)] == []


PURPOSES = {
    "downsample": {"MaxPool2d", "AvgPool2d", "AdaptiveAvgPool2d", "Conv2d", "Interpolate"},
    "upsample": {"Upsample", "ConvTranspose2d", "PixelShuffle", "MaxUnpool2d"} - {"Upsample"},
    "fully connected": {"Linear"},
    "dense": {"Linear"},
    "skip": {"Add"},
    "prevent overfitting": {"Dropout", "Dropout2d", "AlphaDropout"},
    "sequence": {"LSTM", "GRU", "RNN", "TransformerEncoder", "Conv1d"},
    "text": {"Embedding", "LSTM", "TransformerEncoder"},
    "image": {"Conv2d", "Input"},
    "normalise": {"BatchNorm2d", "LayerNorm", "GroupNorm"},
    "gan": {"LeakyReLU", "Noise"},
    "classification": {"Softmax", "CrossEntropyLoss"},
}


@pytest.mark.parametrize("purpose", PURPOSES)
def test_that_layers_are_found_by_what_they_are_for(purpose: str) -> None:
    found = {name for name, declared in CATALOGUE.items() if purpose in declared.synonyms}
    assert PURPOSES[purpose] <= found


# ---- ports


@ENTRIES
def test_that_every_port_says_its_shape(declared: type[Layer]) -> None:
    for port in (*declared.inputs, *declared.outputs):
        assert port.shape.endswith("."), port
        assert len(port.shape) <= 120
        assert "{" not in port.shape
        assert re.search(r"\(.*\)|[Ss]hape|axis|All of one|One letter", port.shape), port
        assert port.help == "" or re.fullmatch(r"[A-Z1].*\.", port.help), port


def fits(spec: Spec, said: str) -> bool:
    """Whether a shape is one of those in brackets; `*` and `…` stand for any axes."""
    for inner in re.findall(r"\(([^()]*)\)", said):
        names = inner.split(", ") if inner else []
        free = [name for name in names if name in ("*", "…")]
        is_long = spec.rank >= len(names) - len(free) if free else spec.rank == len(names)
        first = names.index("N") if "N" in names and not free else 0
        if is_long and ("N" not in names or spec.shape[first] == "N"):
            return True
    return False


@ENTRIES
def test_that_the_shapes_in_brackets_are_those_that_arrive_and_leave(declared: type[Layer]) -> None:
    if declared.family in ("data", "output", "custom") or declared.__name__ in ("Parameter", "Buffer"):
        return
    layer = next(iter(varied(declared)))
    inputs = fitting_inputs(layer)
    assert inputs is not None
    found = examined(layer, inputs)
    assert isinstance(found, Found)
    specs = {**inputs, **found.outputs}
    for port in (*declared.inputs, *declared.outputs):
        spec = specs.get(port.name, specs.get(f"{port.name}_0"))
        if spec is not None and "(" in port.shape and "broadcast" not in port.shape:
            assert fits(spec, port.shape), (port, spec)


def test_that_a_shape_in_brackets_is_told_from_another() -> None:
    assert fits(Spec(("N", 3, 8, 8)), "Pictures, (N, C, H, W).")
    assert fits(Spec(("N", 3)), "(N, C, *).")
    assert fits(Spec((5, "N", 3)), "(N, T, E); (T, N, E) where batch_first is off.")
    assert not fits(Spec(("N", 3, 8)), "(N, C, H, W).")
    assert not fits(Spec((5, "N", 3)), "(N, T, E).")


def test_that_a_setting_hangs_on_values_that_another_one_can_have() -> None:
    hanging = [(entry, each) for entry in CATALOGUE.values() for each in parameters(entry) if each.when]
    assert len(hanging) > 10
    for entry, each in hanging:
        assert each.when
        name, values = each.when
        other = parameter_of(entry, name)
        assert other is not None
        assert other.name != each.name
        assert [fitted(other, value) for value in values] == list(values)


# ---- formulas of one number, computed and held against torch

ALONG_AXES = {"Softmax", "LogSoftmax", "Softmin", "Softmax2d", "GLU"}
SIGNS = {"−": "-", "·": "*", "≥": ">=", "ln(": "log(", "|x|": "abs(x)"}
FUNCTIONS: dict[str, Any] = {
    "exp": torch.exp, "log": torch.log, "tanh": torch.tanh, "sign": torch.sign, "abs": torch.abs,
    "σ": torch.sigmoid, "Φ": torch.distributions.Normal(0.0, 1.0).cdf,
}  # fmt: skip


def tensor(value: Any) -> torch.Tensor:
    """A number as torch's functions take it."""
    return torch.as_tensor(value, dtype=torch.float64)


def computed(formula: str, x: torch.Tensor, known: dict[str, Any]) -> list[torch.Tensor]:
    """What each side of a formula `y = ... = ...` gives; the parts behind `with` or a comma explain letters."""
    for sign, plain in SIGNS.items():
        formula = formula.replace(sign, plain)
    bounds = {
        "max": lambda a, b: torch.maximum(tensor(a), tensor(b)),
        "min": lambda a, b: torch.minimum(tensor(a), tensor(b)),
    }
    names = {"x": x, **FUNCTIONS, **bounds, **known}
    made: list[torch.Tensor] = []
    for side in re.split(r" = ", formula)[1:]:
        case = re.fullmatch(r"(.+) for (.+), else (.+?)(?: with .+)?", side)
        if case:
            then, condition, rest = (eval(text, {}, names) for text in case.groups())
            made.append(torch.where(condition, tensor(then), tensor(rest)))
        else:
            made.append(eval(re.sub(r", [^()]*$", "", side), {}, names))
    return made


@pytest.mark.parametrize(
    "name", [name for name, each in CATALOGUE.items() if each.family == "activation" and name not in ALONG_AXES]
)
def test_that_the_formula_of_an_activation_is_what_torch_computes(name: str) -> None:
    layer = CATALOGUE[name]()
    known = {each.name: getattr(layer, each.name) for each in parameters(type(layer))}
    if name in ("PReLU", "RReLU"):
        known["a"] = known["init"] if name == "PReLU" else (known["lower"] + known["upper"]) / 2
    x = torch.linspace(-7.5, 7.5, 301, dtype=torch.float64)
    module = eval(construction(layer.call({"input": Spec(("N",))})), {"nn": nn, "torch": torch}).double().eval()
    sides = computed(layer.formula, x, known)
    assert sides
    for side in sides:
        torch.testing.assert_close(side, module(x), rtol=1e-4, atol=1e-4)
