"""Where values enter and leave: fields of the data set, noise, and the model's outputs."""

from __future__ import annotations

from core.layers.layer import Layer, Port
from core.parameters import parameter

DTYPES = ("float32", "int64", "bool")


class Input(Layer, family="data"):
    """Takes one field of the data set, or values of a shape that you type, into the network."""

    inputs = ()
    synonyms = ("data", "image", "features", "x", "source")

    field: str = parameter("", "Which field of the data set; empty for a shape typed by hand.", kind="field")
    shape: tuple[int, ...] = parameter((1,), "The shape of one sample, used where no field is chosen.", low=1)
    dtype: str = parameter("float32", "The kind of number, used where no field is chosen.", choices=DTYPES, rare=True)


class Target(Layer, family="data"):
    """Takes the right answers from the data set to a loss; it must not lead into the model itself."""

    inputs = ()
    synonyms = ("label", "labels", "y", "ground truth", "answer")

    field: str = parameter("", "Which field of the data set holds the right answers.", kind="field")
    shape: tuple[int, ...] = parameter((), "The shape of one answer, used where no field is chosen.", low=1)
    dtype: str = parameter("int64", "The kind of number, used where no field is chosen.", choices=DTYPES, rare=True)


class Noise(Layer, family="data"):
    """Draws new random numbers from a normal distribution for every sample."""

    inputs = ()
    synonyms = ("random", "latent", "gaussian", "z")

    shape: tuple[int, ...] = parameter((16,), "The shape of one sample of noise.", low=1)


class Output(Layer, family="output"):
    """Names what the trained model returns."""

    inputs = (Port("input", "What the model returns."),)
    outputs = ()
    synonyms = ("result", "prediction", "return")
