"""Steps as statements: one a line, `x = ...` along a chain, a name where a value is needed more than once."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence, Set

from core.layers.calls import invocation, unpacking
from core.source.flow import Flow, Step, Value
from core.source.names import unique

WIDTH = 88
CHAIN = "x"
UNUSED = re.compile(r"\((?:_, )*_\)")
"""A nested pattern of which nothing is used."""


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of source and the node that it belongs to, "" for none."""

    text: str
    node: str = ""


class Body:
    """Writes the steps of one function.

    `home` is what modules hang on ("self" or "model"); `given` the text of values that are there already; `named`
    the names of values that are needed at the end; `last` how often the statement behind the steps uses a value;
    `free` the modules that stand alone, by node. Tensors that the model holds are written where they are used.
    """

    def __init__(
        self,
        flow: Flow,
        steps: Sequence[Step],
        home: str,
        given: Mapping[Value, str],
        named: Mapping[Value, str],
        last: Set[Value] = frozenset(),
        free: Mapping[str, str] | None = None,
    ) -> None:
        self._flow = flow
        held = {step.node: step for step in steps if step.call.expression == "{module}" and not _named(step, named)}
        self._steps = [step for step in steps if step.node not in held]
        self._home = home
        self._named = named
        self._free = free or {}
        self._uses = self._counted(last)
        self._texts: dict[Value, str] = dict(given)
        self._texts |= {(step.node, step.ports[0]): self.expression(step) for step in held.values()}
        self.lines = [self._statement(index, step) for index, step in enumerate(self._steps)]

    def _counted(self, last: Set[Value]) -> dict[Value, set[int]]:
        """In which statements each value is used."""
        uses: dict[Value, set[int]] = {}
        for index, step in enumerate(self._steps):
            for value in step.arguments.values():
                uses.setdefault(value, set()).add(index)
        for value in last:
            uses.setdefault(value, set()).add(len(self._steps))
        return uses

    def text(self, value: Value) -> str:
        """How a value is written where it is used."""
        return self._texts[value]

    def expression(self, step: Step) -> str:
        """The right side of a step."""
        module = self._free.get(step.node) or f"{self._home}.{self._flow.names[step.node]}"
        arguments = {port: self.text(value) for port, value in step.arguments.items()}
        written = invocation(step.call, module, arguments)
        return written if self._home == "self" else written.replace("self.training", f"{self._home}.training")

    def _name(self, step: Step) -> str:
        """The name of a step's first output; a free module holds the node's own name already."""
        name = self._flow.names[step.node]
        return unique(f"{name}_value", set(self._flow.names.values())) if step.node in self._free else name

    def _statement(self, index: int, step: Step) -> Line:
        right = self.expression(step)  # before the left side: `x` on the right is the value before
        names: dict[str, str] = {}
        for port in step.ports:
            value = (step.node, port)
            uses = self._uses.get(value, set())
            if value in self._named:
                names[port] = self._named[value]
            elif uses == {index + 1} and CHAIN not in names.values():
                names[port] = CHAIN
            elif uses:
                names[port] = self._flow.ports.get(value) or self._name(step)
            if port in names:
                self._texts[value] = names[port]
        left = unpacking(step.call, names) if step.call.unpack else names.get(step.ports[0], "_")
        while UNUSED.search(left):
            left = UNUSED.sub("_", left)
        return Line(f"{left} = {right}", step.node)


def _named(step: Step, named: Mapping[Value, str]) -> bool:
    return (step.node, step.ports[0]) in named


def comments(missing: Mapping[str, str], wanted: Sequence[str], indent: int) -> list[Line]:
    """What is missing as marked comments, one line each, nothing in them but printable characters."""
    return [Line(comment(node_id, missing[node_id], WIDTH - indent), node_id) for node_id in wanted]


def comment(node_id: str, why: str, width: int = WIDTH) -> str:
    """One comment: `# missing: conv2 has no input`."""
    why = why.removeprefix("it ") if why.startswith("it ") else f"({why})"
    name = node_id if len(node_id) <= 40 else node_id[:37] + "..."
    text = "".join(letter if letter.isprintable() else " " for letter in f"# missing: {name} {why}")
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 3] + "..."
