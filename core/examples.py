"""The projects that come with Layerloom: examples that train, and the architectures that the field builds on.

An example is a file in resources/examples, with a goal and how long it takes; an architecture one in
resources/architectures, drawn from blocks, with its published number of parameters.
"""

from __future__ import annotations

import importlib.resources
from pathlib import Path
from typing import Literal

import msgspec

from core.project import Project, read_text

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
FOLDERS = {"example": "examples", "architecture": "architectures"}


class Example(msgspec.Struct, frozen=True):
    """One example or architecture.

    `goal` names a metric and the bound (`at_least` or `at_most`) that the median of three seeds keeps; `seconds` is
    what training may take on two processor cores. An architecture has `parameters` and the `paper` it is from instead.
    """

    name: str
    title: str
    about: str
    goal: dict[str, str | float] | None
    seconds: float
    kind: Literal["example", "architecture"] = "example"
    parameters: int = 0
    paper: str = ""


def _accuracy(at_least: float) -> dict[str, str | float]:
    return {"metric": "validation_accuracy", "at_least": at_least}


EXAMPLES: tuple[Example, ...] = (
    Example(
        "digits",
        "Read handwritten digits",
        "A small convolutional network on 1,797 real handwritten digits.",
        _accuracy(0.985),
        15,
    ),
    Example(
        "iris",
        "Tell flowers apart",
        "Two linear layers on four lengths of 150 real flowers of three species.",
        _accuracy(0.93),
        5,
    ),
    Example(
        "diabetes",
        "Predict a number",
        "Regression on ten measures of 442 real patients: how far the disease goes within a year.",
        {"metric": "validation_r2", "at_least": 0.48},
        5,
    ),
    Example(
        "moons",
        "Bend a line",
        "Two moons that no straight line parts, and a small network that does.",
        _accuracy(0.97),
        5,
    ),
    Example(
        "spirals",
        "Unwind two spirals",
        "Two spirals in the plane, parted by a network with two hidden layers.",
        _accuracy(0.97),
        10,
    ),
    Example(
        "xor",
        "Why one layer is not enough",
        "The exclusive or of two signs: hopeless for one linear layer, easy for two.",
        _accuracy(0.97),
        5,
    ),
)
"""Every example, the first one first."""


def _architecture(name: str, title: str, parameters: int, about: str, paper: str) -> Example:
    return Example(name, title, about, None, 0, "architecture", parameters, paper)


ARCHITECTURES: tuple[Example, ...] = (
    _architecture(
        "lenet5",
        "LeNet-5",
        61_706,
        "The first convolutional network that read handwriting: two stages and three linear layers.",
        "LeCun et al., 1998, Gradient-based learning applied to document recognition",
    ),
    _architecture(
        "alexnet",
        "AlexNet",
        61_100_840,
        "Five convolutions and three wide linear layers, which began deep learning on pictures.",
        "Krizhevsky, 2014, One weird trick for parallelizing convolutional neural networks",
    ),
    _architecture(
        "vgg16",
        "VGG-16",
        138_357_544,
        "Nothing but convolutions of 3 × 3, in five stages of the same make.",
        "Simonyan and Zisserman, 2014, Very deep convolutional networks for large-scale image recognition",
    ),
    _architecture(
        "resnet18",
        "ResNet-18",
        11_689_512,
        "Residual blocks in four stages: the input of each is added to what it makes.",
        "He et al., 2015, Deep residual learning for image recognition",
    ),
    _architecture(
        "resnet50",
        "ResNet-50",
        25_557_032,
        "Bottlenecks in four stages, the most used backbone for pictures.",
        "He et al., 2015, Deep residual learning for image recognition",
    ),
    _architecture(
        "googlenet",
        "GoogLeNet",
        6_624_904,
        "Inception modules: four branches with windows of different sizes, side by side; without auxiliary heads.",
        "Szegedy et al., 2014, Going deeper with convolutions",
    ),
    _architecture(
        "densenet121",
        "DenseNet-121",
        7_978_856,
        "Each layer sees what all layers before it in its block have made.",
        "Huang et al., 2016, Densely connected convolutional networks",
    ),
    _architecture(
        "mobilenet_v2",
        "MobileNetV2",
        3_504_872,
        "Inverted residuals, for telephones: convolutions in each channel by itself.",
        "Sandler et al., 2018, MobileNetV2: inverted residuals and linear bottlenecks",
    ),
    _architecture(
        "efficientnet_b0",
        "EfficientNet-B0",
        5_288_548,
        "Inverted residuals with squeeze-excitation; stochastic depth is left out.",
        "Tan and Le, 2019, EfficientNet: rethinking model scaling for convolutional neural networks",
    ),
    _architecture(
        "convnext_tiny",
        "ConvNeXt-Tiny",
        28_589_128,
        "A convolutional network made as a transformer is; stochastic depth is left out.",
        "Liu et al., 2022, A ConvNet for the 2020s",
    ),
    _architecture(
        "unet",
        "U-Net",
        31_030_658,
        "Down and up again, with a shortcut at each size: a class for each pixel of one channel, two classes.",
        "Ronneberger et al., 2015, U-Net: convolutional networks for biomedical image segmentation",
    ),
    _architecture(
        "vit_b_16",
        "Vision transformer B/16",
        86_567_656,
        "A picture as 196 patches and a class token, through twelve encoder layers.",
        "Dosovitskiy et al., 2020, An image is worth 16x16 words",
    ),
    _architecture(
        "bert_base",
        "BERT base",
        109_482_240,
        "Twelve encoder layers that read a text in both directions, with pooler.",
        "Devlin et al., 2018, BERT: pre-training of deep bidirectional transformers for language understanding",
    ),
    _architecture(
        "gpt2_small",
        "GPT-2 small",
        124_439_808,
        "Twelve decoder layers that go on with a text; input and output share their table of words.",
        "Radford et al., 2019, Language models are unsupervised multitask learners",
    ),
    _architecture(
        "llama_style",
        "Llama-style decoder",
        6_843_648,
        "A small language model with RMSNorm, rotary positions and SwiGLU.",
        "Touvron et al., 2023, LLaMA: open and efficient foundation language models",
    ),
    _architecture(
        "lstm_classifier",
        "LSTM classifier",
        52_874,
        "Reads the rows of a handwritten digit one after the other and tells which it is.",
        "Hochreiter and Schmidhuber, 1997, Long short-term memory",
    ),
    _architecture(
        "seq2seq_attention",
        "Sequence to sequence with attention",
        11_351_872,
        "One recurrent network reads a sentence, another writes its translation and looks back at what was read.",
        "Luong et al., 2015, Effective approaches to attention-based neural machine translation",
    ),
    _architecture(
        "dcgan",
        "DCGAN",
        6_342_272,
        "A generator makes pictures of random numbers, a discriminator says how real one looks.",
        "Radford et al., 2015, Unsupervised representation learning with deep convolutional GANs",
    ),
    _architecture(
        "vae",
        "Variational autoencoder",
        19_792,
        "Handwritten digits through a code of eight numbers and back, its divergence built of operations.",
        "Kingma and Welling, 2013, Auto-encoding variational Bayes",
    ),
)
"""Every architecture, roughly by what it is for and its year."""


def example_project(name: str) -> Project:
    """The project of an example or an architecture; raises KeyError where there is none of that name."""
    kind = {each.name: each.kind for each in (*EXAMPLES, *ARCHITECTURES)}[name]
    path = RESOURCES / FOLDERS[kind] / f"{name}.loom"
    if path.is_file():
        return read_text(path.read_bytes(), path.name)
    installed = importlib.resources.files("resources").joinpath(FOLDERS[kind], path.name)
    return read_text(installed.read_bytes(), path.name)
