"""What the makers of blocks share: which function draws which block, and chains of layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.scripting import Drawing, Value
from core.sheets import Sheet

Maker = Callable[[Drawing], None]

BLOCKS: dict[str, Maker] = {}
"""The function that draws each block of the library, by the block's name."""

IMAGE = "N, in_channels, height, width"


def library_block(name: str) -> Callable[[Maker], Maker]:
    """Note the function below as the maker of a block of the library."""

    def noted(maker: Maker) -> Maker:
        BLOCKS[name] = maker
        return maker

    return noted


def need(net: Drawing, *names: str) -> None:
    """Draw blocks of the library that are not there yet."""
    for name in names:
        if name not in net.blocks:
            BLOCKS[name](net)


def chain(sheet: Sheet, value: Value, *layers: tuple[str, str] | tuple[str, str, dict[str, Any]]) -> Value:
    """Layers one behind the other, each (layer, name) or (layer, name, values)."""
    for layer, name, *values in layers:
        value = sheet.add(layer, value, name=name, **(values[0] if values else {}))
    return value


def classified(net: Drawing, scores: Value, **target: Any) -> None:
    """Output, Target and loss of a classifier."""
    net.add("Output", scores, name="scores")
    label = net.add("Target", name="label", **target)
    net.add("CrossEntropyLoss", scores, label, name="loss")
