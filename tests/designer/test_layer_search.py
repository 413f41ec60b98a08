"""The search over the catalogue finds what a person means, by whatever word."""

from __future__ import annotations

import time

import pytest

from core.layers import CATALOGUE, Layer
from core.parameters import parameter
from designer.layer_search import found

FIRST = {
    "conv2d": "Conv2d",
    "conv": "Conv2d",
    "linear": "Linear",
    "dense": "Linear",
    "fully connected": "Linear",
    "fc": "Linear",
    "downsample": "MaxPool2d",
    "pool": "MaxPool2d",
    "smaller picture": "MaxPool2d",
    "skip": "Add",
    "skip connection": "Add",
    "residual": "Add",
    "plus": "Add",
    "concatenate": "Cat",
    "prevent overfitting": "Dropout",
    "overfitting": "Dropout",
    "mean": "Mean",
    "average": "Mean",
    "label": "Target",
    "image": "Input",
    "noise": "Noise",
    "result": "Output",
    "word vectors": "Embedding",
    "tokens": "Embedding",
    "time series": "LSTM",
    "attention": "MultiheadAttention",
    "transformer": "Transformer",
    "batch norm": "BatchNorm2d",
    "layernorm": "LayerNorm",
    "relu": "ReLU",
    "activation": "ReLU",
    "swish": "SiLU",
    "logistic": "Sigmoid",
    "probabilities": "Softmax",
    "deconvolution": "ConvTranspose2d",
    "upsample": "Upsample",
    "cross entropy": "CrossEntropyLoss",
    "classification": "CrossEntropyLoss",
    "regression": "MSELoss",
    "mse": "MSELoss",
    "mae": "L1Loss",
    "loss": "CrossEntropyLoss",
    "matrix product": "MatMul",
    "causal": "CausalMask",
    "stop gradient": "Detach",
    "linaer": "Linear",
    "dorpout": "Dropout",
    "flaten": "Flatten",
    "softmx": "Softmax",
    "lsmt": "LSTM",
    "crossentropi": "CrossEntropyLoss",
    "cv2": "Conv2d",
}
"""What is typed, and what must come first."""

AMONG_THREE = {
    "text": "Embedding",
    "join": "Cat",
    "random": "Noise",
    "memory": "LSTM",
    "normalise": "BatchNorm2d",
    "enlarge": "Upsample",
    "vector": "Flatten",
    "position": "SinusoidalPositions",
    "binary cross entropy": "BCEWithLogitsLoss",
    "outliers": "HuberLoss",
    "mask": "MaskedFill",
    "global average pooling": "AdaptiveAvgPool2d",
    "gated": "GRU",
    "patches": "Unfold",
}


@pytest.mark.parametrize(("query", "wanted"), FIRST.items())
def test_that_the_layer_that_is_meant_comes_first(query: str, wanted: str):
    assert found(query, CATALOGUE)[:1] == [wanted]


@pytest.mark.parametrize(("query", "wanted"), AMONG_THREE.items())
def test_that_the_layer_that_is_meant_is_among_the_first_three(query: str, wanted: str):
    assert wanted in found(query, CATALOGUE)[:3]


def test_that_every_layer_is_found_first_by_its_name_in_any_case():
    assert [name for name in CATALOGUE if found(name.lower(), CATALOGUE)[0] != name] == []


def test_that_every_layer_is_found_by_its_first_synonym():
    missing = [
        name for name, layer in CATALOGUE.items() if layer.synonyms and name not in found(layer.synonyms[0], CATALOGUE)
    ]
    assert missing == []


def test_that_nothing_is_found_by_nonsense():
    assert found("qqqq", CATALOGUE) == []


def test_that_a_clear_match_leaves_no_room_for_scattered_letters():
    assert found("gan", CATALOGUE)[-1] != "GaussianNLLLoss"
    assert found("conv2d", CATALOGUE)[0] == "Conv2d"


def test_that_a_layer_is_found_by_what_its_declaration_says_of_its_use():
    class Sponge(Layer):
        """Soaks everything up."""

        use = "For marine biology."
        depth: int = parameter(1, "How deep.")

    Sponge.family = "shape"
    CATALOGUE["Sponge"] = Sponge
    try:
        assert found("marine", ["Linear", "Sponge"]) == ["Sponge"]
        assert found("soak", ["Linear", "Sponge"]) == ["Sponge"]
    finally:
        del CATALOGUE["Sponge"]


def test_that_without_a_query_what_lies_at_hand_comes_first():
    assert found("", CATALOGUE, ("Add", "Gone", "Linear"))[:2] == ["Add", "Linear"]
    assert sorted(found(" ", CATALOGUE)) == sorted(CATALOGUE)


def test_that_a_search_is_over_before_the_next_letter_is_typed():
    found("warm", CATALOGUE)
    begun = time.perf_counter()
    for query in FIRST:
        found(query, CATALOGUE)
    assert (time.perf_counter() - begun) / len(FIRST) < 0.05
