"""Where values enter and leave: fields of the data set, noise, and the model's outputs."""

from __future__ import annotations

from typing import ClassVar

from core.layers.layer import Layer, Port
from core.parameters import parameter

DTYPES = ("float32", "int64", "bool")
TYPED = ("field", ("",))
"""What is typed by hand matters only while no field of the data set is chosen."""


class Input(Layer, family="data"):
    """Takes one field of the data set, or values of a shape that you type, into the network."""

    inputs = ()
    port_shapes: ClassVar = {"output": "(N, *), * the shape of the field, or the one that you type."}
    synonyms = ("data", "dataset", "image", "picture", "table", "features", "x", "source", "start")
    use = (
        "Every network begins with an Input for each thing that it reads. Use Noise for random numbers, Target for "
        "the right answers."
    )

    field: str = parameter("", "Which field of the data set; empty for a shape typed by hand.", kind="field")
    shape: tuple[int, ...] = parameter(
        (1,), "The shape of one sample, used where no field is chosen.", low=1, when=TYPED
    )
    dtype: str = parameter(
        "float32", "The kind of number, used where no field is chosen.", choices=DTYPES, rare=True, when=TYPED
    )
    axes: str = parameter(
        "",
        "In a block: names for the sizes that come in, as N, channels, height, width; its expressions may use them.",
        rare=True,
    )


class Target(Layer, family="data"):
    """Takes the right answers from the data set to a loss; it must not lead into the model itself."""

    inputs = ()
    port_shapes: ClassVar = {"output": "(N, *), * the shape of the field; (N) for class numbers."}
    synonyms = ("label", "labels", "y", "ground truth", "answer", "class", "truth")
    use = (
        "Link it to the target of a loss, as CrossEntropyLoss for classes or MSELoss for numbers. What the model "
        "itself may see comes from an Input."
    )

    field: str = parameter("", "Which field of the data set holds the right answers.", kind="field")
    shape: tuple[int, ...] = parameter((), "The shape of one answer, used where no field is chosen.", low=1, when=TYPED)
    dtype: str = parameter(
        "int64", "The kind of number, used where no field is chosen.", choices=DTYPES, rare=True, when=TYPED
    )


class Noise(Layer, family="data"):
    """Draws new random numbers from a normal distribution for every sample."""

    inputs = ()
    port_shapes: ClassVar = {"output": "(N, *), * the shape that you type."}
    synonyms = ("random", "latent", "gaussian", "z", "generator", "gan", "sample")
    use = (
        "The beginning of a generator, and the random part of a variational autoencoder. Use Dropout to disturb "
        "values that are there already."
    )
    formula = "z ~ Normal(0, 1)"

    shape: tuple[int, ...] = parameter((16,), "The shape of one sample of noise.", low=1)


class Output(Layer, family="output"):
    """Names what the trained model returns."""

    inputs = (Port("input", "What the model returns."),)
    outputs = ()
    port_shapes: ClassVar = {"input": "Any shape."}
    synonyms = ("result", "prediction", "return", "end")
    use = (
        "Put one on each value that the trained model is to return. Without any, the model returns what its losses "
        "compare with a Target."
    )
