"""A drawing that a script makes node by node: what it adds is looked at at once, and refused in one sentence."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from core import graph as graphs
from core.expressions import has_expression, names_in
from core.graph import Block, Link, Node
from core.layers import CATALOGUE, Layer, Port, declaration_of
from core.parameters import dropped_values, fitted, parameter_of, parameters, shown
from core.terms import plain


class ScriptFault(ValueError):
    """Why a line of a script cannot be done: one sentence."""


@dataclasses.dataclass(frozen=True)
class Value:
    """What a node gives at one of its outputs; the others are there by name: `lstm["h"]`."""

    sheet: Sheet = dataclasses.field(repr=False)
    node: str
    port: str

    def __getitem__(self, port: str) -> Value:
        known = [each.name for each in self.sheet.declared(self.node).outputs]
        if port not in known:
            raise ScriptFault(f"{self.node} has no output {port}; it gives {', '.join(known) or 'nothing'}.")
        return Value(self.sheet, self.node, port)

    def __iter__(self) -> Any:
        raise TypeError(f"{self.node} gives one value at a time: name the output, as in value['{self.port}'].")


class Sheet:
    """A drawing in the making: nodes by name and the links between them."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self._links: dict[tuple[str, str], Link] = {}

    @property
    def blocks(self) -> dict[str, Block]:
        """The blocks that can be used here."""
        raise NotImplementedError

    @property
    def names(self) -> frozenset[str]:
        """The names that expressions may use here."""
        return frozenset()

    @property
    def links(self) -> tuple[Link, ...]:
        """The links, in the order in which they are kept."""
        return tuple(sorted(self._links.values(), key=graphs.link_key))

    def add(
        self,
        layer: str,
        *inputs: Value,
        name: str = "",
        note: str = "",
        shares: Value | str = "",
        muted: bool = False,
        weights: Mapping[str, Any] | None = None,
        **given: Any,
    ) -> Value:
        """Add a layer or block and link its inputs, by place or by port; what is no value is a parameter.

        It begins with the values that it has when it is dropped in the window (recurrent layers take the batch
        first). `name` is the node's, else one like `conv1`; `shares` names the node whose weights it uses.
        """
        values = {key: plain(each) for key, each in given.items() if not isinstance(each, Value)}
        declared = self._known(layer, values)
        node_id = name or graphs.fresh_id(self.nodes, layer)
        if not node_id.strip() or node_id in self.nodes:
            raise ScriptFault(f"A node needs a name of its own, but {node_id!r} is taken.")
        owner = shares.node if isinstance(shares, Value) else shares
        if owner and owner not in self.nodes:
            raise ScriptFault(f"{node_id} cannot use the weights of {owner}, because there is no such node here.")
        held = self._fitting(node_id, declared, values)
        by_port = {key: each for key, each in given.items() if isinstance(each, Value)}
        taken = self._taken(node_id, declared, self.in_order(layer, declared.inputs), inputs, by_port)
        self.nodes[node_id] = Node(layer, held, 0.0, 0.0, muted, note, dict(weights or {}), owner)
        for port, value in taken.items():
            self._links[node_id, port] = Link(value.node, value.port, node_id, port)
        outputs = self.in_order(layer, declared.outputs)
        return Value(self, node_id, outputs[0].name if outputs else "")

    def link(self, value: Value, node: Value | str, port: str) -> None:
        """Link a value to an input of a node; what was linked there before goes."""
        target = node.node if isinstance(node, Value) else node
        if target not in self.nodes:
            raise ScriptFault(f"There is no node {target} here to link to.")
        self._expect_port(target, self.declared(target), port)
        self._links[target, port] = Link(*self._own(target, value), target, port)

    def declared(self, node_id: str) -> type[Layer]:
        """The declaration of a node: its ports and parameters."""
        found = declaration_of(self.nodes[node_id], self.blocks)
        assert found is not None
        return found

    def in_order(self, layer: str, ports: Sequence[Port]) -> list[Port]:
        """The ports as they are counted here: those of a block in the order in which it was drawn."""
        block = self.blocks.get(layer)
        drawn = list(block.nodes) if block else []
        return sorted(ports, key=lambda port: drawn.index(port.name)) if block else list(ports)

    def _known(self, layer: str, values: dict[str, Any]) -> type[Layer]:
        declared = declaration_of(Node(layer, values), self.blocks)
        if declared is None:
            near = difflib.get_close_matches(layer, [*CATALOGUE, *self.blocks], 1, 0.6)
            raise ScriptFault(f"There is no layer or block {layer!r}" + (f"; did you mean {near[0]}?" if near else "."))
        return declared

    def _fitting(self, node_id: str, declared: type[Layer], values: dict[str, Any]) -> dict[str, Any]:
        """The values that differ from the defaults, each looked at."""
        held: dict[str, Any] = dict(dropped_values(declared))
        for name, value in values.items():
            known = parameter_of(declared, name)
            if known is None:
                names = ", ".join(each.name for each in parameters(declared)) or "none"
                ports = ", ".join(port.name for port in declared.inputs) or "none"
                raise ScriptFault(f"{node_id} has no parameter {name}; it has {names} (and the inputs {ports}).")
            if has_expression(value):
                strange = sorted(names_in(value) - self.names)
                if strange:
                    here = ", ".join(sorted(self.names)) or "none, since it is no block"
                    raise ScriptFault(f"{node_id} needs {strange[0]} for {name}; names that are known here: {here}.")
            else:
                try:
                    value = fitted(known, value)
                except ValueError as error:
                    raise ScriptFault(f"{node_id}: {error}") from None
            held[name] = value
            if value == known.default and type(value) is type(known.default):
                del held[name]
        return held

    def _taken(
        self,
        node_id: str,
        declared: type[Layer],
        ports: list[Port],
        inputs: tuple[Value, ...],
        by_port: Mapping[str, Value],
    ) -> dict[str, Value]:
        """The values that a node takes, by port; those without a name in the order of `ports`."""
        taken: dict[str, Value] = {}
        for place, value in enumerate(inputs):
            port = _port_at(ports, place)
            if port is None:
                raise ScriptFault(f"{node_id} takes {len(ports)} inputs, but is given {len(inputs)}.")
            taken[port] = value
        for port, value in by_port.items():
            self._expect_port(node_id, declared, port)
            if port in taken:
                raise ScriptFault(f"{node_id} is given two values for {port}.")
            taken[port] = value
        for value in taken.values():
            self._own(node_id, value)
        return taken

    def _expect_port(self, node_id: str, declared: type[Layer], port: str) -> None:
        names = [each.name for each in declared.inputs]
        variadic = [each.name for each in declared.inputs if each.variadic]
        base, _, number = port.rpartition("_")
        if not (port in names and port not in variadic) and not (base in variadic and number.isdecimal()):
            raise ScriptFault(f"{node_id} has no input {port}; it takes {', '.join(names) or 'nothing'}.")

    def _own(self, node_id: str, value: Any) -> tuple[str, str]:
        """Node and port of a value that was made in this drawing."""
        if not isinstance(value, Value):
            raise ScriptFault(f"{node_id} takes what another layer gives, but is given {shown(value)}.")
        if value.sheet is not self:
            raise ScriptFault(f"{node_id} cannot take {value.node}, which stands in another drawing.")
        if not value.port:
            raise ScriptFault(f"{node_id} cannot take {value.node}, which gives nothing.")
        return value.node, value.port


def _port_at(ports: list[Port], place: int) -> str | None:
    """The name of the input at a place; a variadic one takes all that is left."""
    for index, port in enumerate(ports):
        if port.variadic:
            return f"{port.name}_{place - index}"
        if index == place:
            return port.name
    return None
