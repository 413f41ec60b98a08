"""What an Input inside a block is asked for: nothing but the names of its sizes, since each use brings the rest."""

from __future__ import annotations

from core.layers import Layer
from core.layers.data import Input
from core.parameters import parameter
from designer.words import tr


class PortOfBlock(Layer):
    """Where something enters the block: its name is the name of the port."""

    axes: str = parameter(
        "", tr("Names for the sizes that come in, as N, channels, height, width; expressions inside may use them.")
    )


def shown_declaration(declared: type[Layer], is_inside: bool) -> type[Layer]:
    """The declaration whose parameters the form shows for a node."""
    return PortOfBlock if is_inside and declared is Input else declared
