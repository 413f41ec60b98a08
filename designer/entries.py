"""What can be put into a drawing: the layers of the catalogue, the project's own blocks, and those of the library."""

from __future__ import annotations

from collections.abc import Mapping

from core.graph import Block, Graph
from core.layers import CATALOGUE, FAMILIES, Layer
from core.layers.block import declaration
from designer import library
from designer.words import tr

TITLES = {**FAMILIES, "block": tr("Blocks")}
"""The families with their titles, blocks the last."""


def declared(name: str, blocks: Mapping[str, Block]) -> type[Layer] | None:
    """The declaration under a name: a block of the project, a layer, or a block of the library; None for no entry."""
    if name in blocks:
        return declaration(name, blocks[name])
    return CATALOGUE.get(name) or library.declared(name)


def names(graph: Graph) -> list[str]:
    """Every name that can be put into a drawing: layers, then own blocks, then those of the library."""
    return [*CATALOGUE, *(each for each in blocks_of(graph) if each not in CATALOGUE)]


def blocks_of(graph: Graph) -> list[str]:
    """The names of blocks: the project's own first, then those of the library."""
    own = sorted(graph.blocks, key=str.casefold)
    return [*own, *(name for name in library.names() if name not in graph.blocks)]
