"""Points in the plane whose classes can be seen at a glance: what a small network learns is a picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.datasets.dataset import DataSet
from core.parameters import parameter

HOW_MANY = "How many points are drawn, all classes together."
HOW_NOISY = "How far points stray: the spread of what is added to each coordinate."
HOW_SEEDED = "Where the random numbers begin: the same seed draws the same points."


def moons(n: int, noise: float, seed: int) -> dict[str, np.ndarray[Any, Any]]:
    """Two half circles that hold each other."""
    random = np.random.default_rng(seed)
    label = np.arange(n) % 2
    angle = random.uniform(0, np.pi, n)
    x = np.where(label == 0, np.cos(angle), 1 - np.cos(angle))
    y = np.where(label == 0, np.sin(angle), 0.5 - np.sin(angle))
    point = np.stack([x, y], axis=1) + random.normal(0, noise, (n, 2))
    return {"point": point.astype(np.float32), "label": label}


def circles(n: int, noise: float, seed: int) -> dict[str, np.ndarray[Any, Any]]:
    """A ring around another."""
    random = np.random.default_rng(seed)
    label = np.arange(n) % 2
    angle = random.uniform(0, 2 * np.pi, n)
    radius = np.where(label == 0, 1.0, 0.5)
    point = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1) + random.normal(0, noise, (n, 2))
    return {"point": point.astype(np.float32), "label": label}


def spirals(n: int, noise: float, seed: int) -> dict[str, np.ndarray[Any, Any]]:
    """Two spirals that wind around each other."""
    random = np.random.default_rng(seed)
    label = np.arange(n) % 2
    radius = np.sqrt(random.uniform(0.01, 1, n))
    angle = 3 * np.pi * radius + np.pi * label
    point = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1) + random.normal(0, noise, (n, 2))
    return {"point": point.astype(np.float32), "label": label}


def xor(n: int, noise: float, seed: int) -> dict[str, np.ndarray[Any, Any]]:
    """Four clouds at the corners of a square; those across from each other belong together."""
    random = np.random.default_rng(seed)
    corner = np.arange(n) % 4
    label = (corner == 1) | (corner == 2)
    centre = np.stack([np.where(corner % 2 == 0, -1.0, 1.0), np.where(corner < 2, -1.0, 1.0)], axis=1)
    point = centre + random.normal(0, noise, (n, 2))
    return {"point": point.astype(np.float32), "label": label.astype(np.int64)}


def blobs(n: int, classes: int, noise: float, seed: int) -> dict[str, np.ndarray[Any, Any]]:
    """Round clouds on a circle, one for each class."""
    random = np.random.default_rng(seed)
    label = np.arange(n) % classes
    angle = 2 * np.pi * label / classes
    point = 2 * np.stack([np.cos(angle), np.sin(angle)], axis=1) + random.normal(0, noise, (n, 2))
    return {"point": point.astype(np.float32), "label": label}


class Moons(DataSet, title="Two moons", family="toys", loader=moons, target="label"):
    """Two half circles that hold each other: no straight line parts them."""

    n: int = parameter(600, HOW_MANY, low=8, high=1_000_000)
    noise: float = parameter(0.15, HOW_NOISY, low=0, high=10)
    seed: int = parameter(0, HOW_SEEDED, low=0, high=2**63 - 1)


class Circles(DataSet, title="Two circles", family="toys", loader=circles, target="label"):
    """A ring around another: distance from the middle is what counts."""

    n: int = parameter(600, HOW_MANY, low=8, high=1_000_000)
    noise: float = parameter(0.08, HOW_NOISY, low=0, high=10)
    seed: int = parameter(0, HOW_SEEDED, low=0, high=2**63 - 1)


class Spirals(DataSet, title="Two spirals", family="toys", loader=spirals, target="label"):
    """Two spirals that wind around each other: the hardest of the toys."""

    n: int = parameter(1000, HOW_MANY, low=8, high=1_000_000)
    noise: float = parameter(0.02, HOW_NOISY, low=0, high=10)
    seed: int = parameter(0, HOW_SEEDED, low=0, high=2**63 - 1)


class Xor(DataSet, title="Exclusive or", family="toys", loader=xor, target="label"):
    """Four clouds at the corners of a square, opposite corners alike: one linear layer cannot learn it."""

    n: int = parameter(400, HOW_MANY, low=8, high=1_000_000)
    noise: float = parameter(0.25, HOW_NOISY, low=0, high=10)
    seed: int = parameter(0, HOW_SEEDED, low=0, high=2**63 - 1)


class Blobs(DataSet, title="Clouds", family="toys", loader=blobs, target="label"):
    """Round clouds on a circle, one for each class: the easiest of the toys."""

    n: int = parameter(600, HOW_MANY, low=8, high=1_000_000)
    classes: int = parameter(4, "How many clouds there are, each a class of its own.", low=2, high=100)
    noise: float = parameter(0.4, HOW_NOISY, low=0, high=10)
    seed: int = parameter(0, HOW_SEEDED, low=0, high=2**63 - 1)
