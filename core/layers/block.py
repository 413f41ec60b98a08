"""The declaration that a block stands for: its ports are its Input and Output nodes, its parameters its own.

Where a block is repeated, what its outputs give feeds the inputs of the next repetition: an output feeds the input of
its name, or of its name without `_out` or `_next` behind it (`h_out` feeds `h`); a single output with no such partner
feeds the first input; the other inputs go unchanged to each (`core.blocks.fed_back`).
"""

from __future__ import annotations

import keyword
import types
from collections.abc import Mapping
from typing import Any, ClassVar

from core.graph import Block, BlockParameter, Node, natural
from core.layers.layer import CATALOGUE, Layer, Port
from core.parameters import parameter

REPEAT = "repeat"
MOST_REPEATS = 1_000
KINDS: dict[str, Any] = {
    "integer": int,
    "number": float,
    "boolean": bool,
    "text": str,
    "choice": str,
    "shape": tuple[int, ...],
}


class BlockUse(Layer):
    """A block of the project, used as a node."""

    block: ClassVar[Block] = Block()

    repeat: int = parameter(1, "How many of it stand behind each other.", low=1, high=MOST_REPEATS)


def declaration_of(node: Node, blocks: Mapping[str, Block]) -> type[Layer] | None:
    """The declaration of a node, with the ports that its values bring; None for a layer that is not known here."""
    if node.layer in blocks:
        return declaration(node.layer, blocks[node.layer])
    declared = CATALOGUE.get(node.layer)
    return declared.of(node.values) if declared else None


def declaration(name: str, block: Block) -> type[BlockUse]:
    """The declaration of a block, made once for each value of it."""
    kept = vars(block)
    held: type[BlockUse] | None = kept.get("declaration")
    if held is None or kept.get("called") != name:
        kept["called"] = name
        held = kept["declaration"] = _made(name, block)
    return held


def can_be_named(name: str) -> bool:
    """Whether a parameter of a block can have that name, in an expression and as an argument in source."""
    plain = name.isascii() and name.isidentifier() and not name.startswith("_") and not keyword.iskeyword(name)
    return plain and name not in ("i", "N", "self") and not hasattr(BlockUse, name)


def _made(name: str, block: Block) -> type[BlockUse]:
    said: dict[str, Any] = {"__annotations__": {}, "__doc__": block.help or "A block of this project."}
    for each in block.parameters:
        if each.kind in KINDS and can_be_named(each.name) and each.name not in said:
            said["__annotations__"][each.name] = KINDS[each.kind]
            said[each.name] = _declared(each)
    ids = sorted(block.nodes, key=natural)
    said["block"] = block
    said["inputs"] = tuple(_port(block, each) for each in ids if block.nodes[each].layer == "Input")
    said["outputs"] = tuple(_port(block, each) for each in ids if block.nodes[each].layer == "Output")
    made = types.new_class(name.replace("\0", " "), (BlockUse,), {}, lambda namespace: namespace.update(said))
    made.family = "block"
    return made


def _port(block: Block, node_id: str) -> Port:
    return Port(node_id, block.nodes[node_id].note)


def _declared(each: BlockParameter) -> Any:
    default: Any = None if isinstance(each.default, dict) else each.default  # no field of a class can begin with one
    return parameter(
        default,
        each.help or "A setting of this block.",
        low=each.low,
        high=each.high,
        choices=each.choices if each.kind == "choice" else (),
        kind="choice" if each.kind == "choice" else None,
    )
