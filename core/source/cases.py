"""What is known of blocks, as source needs it: each repetition of each use, and uses that were tried beside them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from core.graph import Graph
from core.layers import Layer
from core.messages import NodeReport
from core.specs import Spec

INDEX = "i"
"""The repetition, as expressions call it."""


@dataclasses.dataclass(frozen=True, eq=False)
class Case:
    """One repetition of a block: the values and sizes that it was given, and what is known of its nodes.

    `scope` holds parameters, sizes that its inputs name, the repetition, and under `port:axis` sizes without a name.
    """

    block: str
    scope: Mapping[str, Any]
    graph: Graph
    reports: Mapping[str, NodeReport]
    layers: Mapping[str, Layer]
    uses: Mapping[str, tuple[Case, ...]]
    arriving: Mapping[str, Spec]
    leaving: Mapping[str, Spec]
    is_sound: bool = True

    def walk(self) -> Iterator[Case]:
        """This case and all inside it."""
        yield self
        for turns in self.uses.values():
            for turn in turns:
                yield from turn.walk()


@dataclasses.dataclass(frozen=True)
class Cases:
    """The drawing itself as a case, and for each block the cases that were tried to see what follows from what."""

    whole: Case
    tried: Mapping[str, tuple[Case, ...]] = dataclasses.field(default_factory=dict[str, tuple[Case, ...]])
    arguments: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict[str, tuple[str, ...]])
    """The names of a module's positional arguments, by its name as it is written: `nn.Linear`."""

    def of(self, block: str) -> list[Case]:
        """The cases of one block that are used, in the order of the drawing."""
        return [case for case in self.whole.walk() if case.block == block]
