"""The layers that lie at hand: the starter set, a person's favourites, and what was used last."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from core.layers import CATALOGUE
from designer.preferences import settings

STARTER = (
    "Input",
    "Target",
    "Linear",
    "Conv2d",
    "MaxPool2d",
    "AdaptiveAvgPool2d",
    "BatchNorm2d",
    "LayerNorm",
    "ReLU",
    "GELU",
    "Sigmoid",
    "Dropout",
    "LSTM",
    "Embedding",
    "MultiheadAttention",
    "Flatten",
    "Mean",
    "Add",
    "Cat",
    "CrossEntropyLoss",
    "MSELoss",
    "Output",
)
"""What most first networks are made of, by family in the palette's order."""

MOST_RECENT = 5
SETS = ("starter", "all")
"""What the palette can open on besides a project's own set."""


def favourites() -> tuple[str, ...]:
    """The layers that a person has starred, in the order in which that was done."""
    return _stored("favourites")


def star(name: str, is_favourite: bool) -> None:
    """Make a layer a favourite, or no longer."""
    rest = tuple(each for each in favourites() if each != name)
    _store("favourites", (*rest, name) if is_favourite else rest)


def recent_layers() -> tuple[str, ...]:
    """The layers used last, newest first."""
    return _stored("recent")[:MOST_RECENT]


def remember_layers(names: Iterable[str]) -> None:
    """Put layers first among the recent ones, the last of them foremost."""
    before = recent_layers()
    recent = tuple(dict.fromkeys((*reversed(tuple(names)), *before)))[:MOST_RECENT]
    if recent != before:
        _store("recent", recent)


def chosen_set() -> str:
    """The set that the palette was left on: "starter" or "all"."""
    value = settings().value("palette/set")
    return value if value in SETS else SETS[0]


def choose_set(name: str) -> None:
    """Remember the set that the palette is left on; a project's own is the project's affair."""
    if name in SETS and name != chosen_set():
        stored = settings()
        stored.setValue("palette/set", name)
        stored.sync()


def at_hand(fixed: Iterable[str] = ()) -> tuple[str, ...]:
    """What is offered first where nothing is typed: favourites, recent ones, then the project's set or the starter."""
    return tuple(dict.fromkeys((*favourites(), *recent_layers(), *(tuple(fixed) or STARTER))))


def used_in(layers: Iterable[str], known: Collection[str] = CATALOGUE) -> tuple[str, ...]:
    """The layers that a drawing uses, each once, in the order of the catalogue."""
    used = set(layers)
    return tuple(name for name in known if name in used)


def _stored(key: str) -> tuple[str, ...]:
    value = settings().value(f"palette/{key}")
    names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(dict.fromkeys(str(name) for name in names if name))


def _store(key: str, names: tuple[str, ...]) -> None:
    stored = settings()
    stored.setValue(f"palette/{key}", list(names))
    stored.sync()
