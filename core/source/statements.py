"""Steps as statements: one a line, `x = ...` along a chain, a name where a value is needed more than once."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence, Set

from core.layers.calls import invocation, unpacking
from core.source.flow import CHAIN, Flow, Step, Value
from core.source.names import unique

WIDTH = 88
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
        self._chain = self._free_chain(given, last)
        self._texts: dict[Value, str] = dict(given)
        self._texts |= {(step.node, step.ports[0]): self.expression(step) for step in held.values()}
        self.lines = [line for index, step in enumerate(self._steps) for line in self._statement(index, step)]

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
        arguments = {port: self.text(value) for port, value in step.arguments.items()}
        return self._called(step, self.module(step), arguments)

    def module(self, step: Step) -> str:
        """Where the module of a step hangs."""
        return self._free.get(step.node) or f"{self._home}.{self._flow.names[step.shares or step.node]}"

    def _called(self, step: Step, module: str, arguments: Mapping[str, str]) -> str:
        written = invocation(step.call, module, arguments)
        return written if self._home == "self" else written.replace("self.training", f"{self._home}.training")

    def _name(self, step: Step) -> str:
        """The name of a step's first output; a free module holds the node's own name already."""
        name = self._flow.names[step.node]
        return unique(f"{name}_value", set(self._flow.names.values())) if step.node in self._free else name

    def _statement(self, index: int, step: Step) -> list[Line]:
        arguments = {port: self.text(value) for port, value in step.arguments.items()}
        names: dict[str, str] = {}
        for port in step.ports:
            value = (step.node, port)
            uses = self._uses.get(value, set())
            if value in self._named:
                names[port] = self._named[value]
            elif uses == {index + 1} and self._chain not in names.values() and not self._is_held(step, arguments):
                names[port] = self._chain
            elif uses:
                names[port] = self._flow.ports.get(value) or self._name(step)
        if step.fed is not None:
            lines = self._loop(step, arguments, names)
        else:  # the right side speaks of `x` before this statement
            lines = [Line(f"{self._left(step, names)} = {self.expression(step)}", step.node)]
        self._texts |= {(step.node, port): name for port, name in names.items()}
        return lines

    def _free_chain(self, given: Mapping[Value, str], last: Set[Value]) -> str:
        """`x`, or `out` where an argument called x is needed again behind the first statement."""
        uses = set[int]().union(*(self._uses.get(value, ()) for value, text in given.items() if text == CHAIN))
        kept = {value for value, text in self._named.items() if text == CHAIN} if uses else set[Value]()
        if max(uses, default=0) == 0 and not kept and not any(given.get(value) == CHAIN for value in last):
            return CHAIN
        return unique("out", {*self._flow.names.values(), *self._flow.ports.values(), *self._named.values()})

    def _is_held(self, step: Step, arguments: Mapping[str, str]) -> bool:
        """Whether a loop needs the value called `x` in each of its turns, so that nothing else may be called that."""
        fed = {port for port, _ in step.fed or ()}
        return step.fed is not None and any(text == self._chain for port, text in arguments.items() if port not in fed)

    def _left(self, step: Step, names: Mapping[str, str]) -> str:
        left = unpacking(step.call, names) if step.call.unpack else names.get(step.ports[0], "_")
        while UNUSED.search(left):
            left = UNUSED.sub("_", left)
        return left

    def _loop(self, step: Step, arguments: dict[str, str], names: dict[str, str]) -> list[Line]:
        """A loop over modules, each of which takes what the one before has given."""
        taken = set(self._flow.names.values()) | set(self._flow.ports.values()) | set(names.values())
        for _, output in step.fed or ():  # even what nobody needs in the end has a name from turn to turn
            if output not in names:
                first = output == step.ports[0]
                names[output] = self._name(step) if first else self._flow.ports[step.node, output]
        begin = {port: (names[output], arguments[port]) for port, output in step.fed or () if port in arguments}
        inside = {**arguments, **{port: name for port, (name, _) in begin.items()}}
        moved = [(name, text) for name, text in begin.values() if name != text]
        layer = unique("layer", taken)
        lines = [Line(f"for {layer} in {self.module(step)}:", step.node)]
        lines += [Line(f"    {self._left(step, names)} = {self._called(step, layer, inside)}", step.node)]
        if moved:
            left, right = ", ".join(name for name, _ in moved), ", ".join(text for _, text in moved)
            lines.insert(0, Line(f"{left} = {right}", step.node))
        return lines


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


def indented(lines: list[Line]) -> list[Line]:
    """The lines one step further in."""
    return [Line("    " + line.text if line.text else "", line.node) for line in lines]
