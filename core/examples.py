"""The projects that come with Layerloom: each is a file in resources/examples, a goal, and how long it takes."""

from __future__ import annotations

import importlib.resources
from pathlib import Path

import msgspec

from core.project import Project, read_text

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "examples"


class Example(msgspec.Struct, frozen=True):
    """One example.

    `goal` names a metric and the bound (`at_least` or `at_most`) that the median of three seeds keeps; `seconds` is
    what training may take on two processor cores.
    """

    name: str
    title: str
    about: str
    goal: dict[str, str | float] | None
    seconds: float


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


def example_project(name: str) -> Project:
    """The project of an example; raises KeyError where there is none of that name."""
    if name not in {each.name for each in EXAMPLES}:
        raise KeyError(name)
    path = FOLDER / f"{name}.loom"
    if path.is_file():
        return read_text(path.read_bytes(), path.name)
    installed = importlib.resources.files("resources").joinpath("examples", path.name)
    return read_text(installed.read_bytes(), path.name)
