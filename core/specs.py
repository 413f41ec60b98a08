"""What flows along a link: a shape whose sizes may be symbolic, and a dtype."""

from __future__ import annotations

import re

import msgspec

SYMBOLIC = re.compile(r"(?:(\d+)\*)?N([+-]\d+)?")

Size = int | str
"""A constant, or a size that varies: "N" for the batch, "2*N", "N+1", "T" for a length."""


def factors(size: Size) -> tuple[int, int]:
    """How often the batch is in a size, and what is added: (2, 1) for `2*N+1`; raises ValueError for other texts."""
    if isinstance(size, int):
        return 0, size
    match = SYMBOLIC.fullmatch(size)
    if match is None:
        raise ValueError(f"{size!r} is not a size")
    return int(match[1] or 1), int(match[2] or 0)


class Spec(msgspec.Struct, frozen=True):
    """Shape and dtype of one value; `classes` is how many classes an integer target counts, 0 where unknown."""

    shape: tuple[Size, ...]
    dtype: str = "float32"
    classes: int = 0
    axes: tuple[str, ...] = ()
    """What each axis counts, the batch included, where it is known: ("N", "C", "H", "W"); else empty."""

    @property
    def rank(self) -> int:
        """How many axes there are, the batch included."""
        return len(self.shape)

    @property
    def is_floating(self) -> bool:
        """Whether the values are floating point numbers."""
        return self.dtype in ("float16", "bfloat16", "float32", "float64")


def shape_text(shape: tuple[Size, ...]) -> str:
    """A shape for people, the batch included: `N × 32 × 8 × 8`, a single number as `one number`."""
    return " × ".join(str(size) for size in shape) if shape else "one number"


def axes_text(spec: Spec) -> str:
    """A shape with what its axes count, where that is known: `N × C=32 × H=8 × W=8`."""
    named = zip(spec.axes, spec.shape, strict=False) if len(spec.axes) == spec.rank > 0 else ()
    return " × ".join(_axis(*each) for each in named) or shape_text(spec.shape)


def _axis(name: str, size: Size) -> str:
    plain = not name or name == size or (name == "N" and isinstance(size, str))
    return str(size) if plain else f"{name}={size}"


def flow_text(spec: Spec) -> str:
    """All that is known of what flows along a link: `N × C=32 × H=8 × W=8 float32`, `N int64, 10 classes`."""
    return f"{axes_text(spec)} {spec.dtype}" + (f", {spec.classes} classes" if spec.classes else "")


def sample_text(shape: tuple[Size, ...]) -> str:
    """The shape of one sample, as it stands on a link: `32×8×8`."""
    rest = shape[1:] if shape and shape[0] == "N" else shape
    return "×".join(str(size) for size in rest) if rest else "1"
