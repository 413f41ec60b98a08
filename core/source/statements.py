"""Steps as statements: `x = ...` along a chain, a name where a value is needed more than once, a function around it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set

from core.layers.calls import invocation, unpacking
from core.source.flow import CHAIN, Flow, Step, Value
from core.source.folds import is_function, may_stand_inside
from core.source.names import unique

WIDTH, INDENT = 88, 8
UNUSED = re.compile(r"\((?:_, )*_\)")
"""A nested pattern of which nothing is used."""


class Line:
    """One line of source and the nodes that it belongs to ("" is none), in the order in which they are computed."""

    def __init__(self, text: str, *nodes: str) -> None:
        self.text = text
        self.nodes = tuple(filter(None, nodes))


class Body:
    """Writes the steps of one function.

    `home` is what modules hang on ("self" or "model"); `given` the text of values that are there already; `named`
    the names of values that are needed at the end; `last` how often the statement behind the steps uses a value;
    `free` the modules that stand alone, by node; with `returned` the last step is what the function returns, for
    this Output node ("" where none is drawn). Tensors that the model holds are written where they are used.
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
        returned: str | None = None,
    ) -> None:
        self._flow = flow
        kept = {*named, *((step.node, step.ports[0]) for step in steps[-1:] if returned is not None and step.ports)}
        held = {
            step.node: step
            for step in steps
            if step.call.expression == "{module}" and (step.node, step.ports[0]) not in kept
        }
        self._steps = [step for step in steps if step.node not in held]
        self._home = home
        self._named = named
        self._free = free or {}
        self._returned = returned
        self._uses = self._counted(last)
        self._chain = self._free_chain(given, last)
        self._texts: dict[Value, str] = dict(given)
        self._texts |= {(step.node, step.ports[0]): self.expression(step) for step in held.values()}
        self._inside: tuple[str, ...] = ()
        """The nodes that stand inside the statement which comes next."""
        self.lines = [line for index in range(len(self._steps)) for line in self._statement(index)]

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
        return unique(f"{name.rstrip('_')}_value", set(self._flow.names.values())) if step.node in self._free else name

    def _statement(self, index: int) -> list[Line]:
        step, names = self._steps[index], self._output_names(index)
        nodes = (*self._inside, step.node)
        if step.fed is not None:
            arguments = {port: self.text(value) for port, value in step.arguments.items()}
            lines = self._loop(step, arguments, names)
        elif self._stands_inside(index):
            self._inside = nodes
            return []
        elif self._is_returned(index):
            lines = [Line(self._assignment(index, names), *nodes, self._returned or "")]
        else:  # the right side speaks of `x` before this statement
            lines = [Line(self._assignment(index, names), *nodes)]
        self._inside = ()
        self._texts |= {(step.node, port): name for port, name in names.items()}
        return lines

    def _stands_inside(self, index: int) -> bool:
        """Whether the value of a step is written inside the next statement, which alone takes it, and fits there."""
        if not self._may_stand_inside(index, len(self._inside)):
            return False
        step, then, *further = self._steps[index : index + 3]
        if then.is_module and self._may_stand_inside(index + 1) and is_function(further[0]):
            return False  # a function stands around the layer before it: `relu(self.fc(x))`
        text = self._texts[step.node, step.ports[0]] = self.expression(step)
        written = self._assignment(index + 1, self._output_names(index + 1))
        return written.count(text) == 1 and len(written) + INDENT <= WIDTH

    def _may_stand_inside(self, index: int, before: int = 0) -> bool:
        step, *others = self._steps[index : index + 2]
        value = (step.node, step.ports[0]) if step.ports else None
        if not others or value is None or value in self._named or value in self._flow.ports:
            return False
        return self._uses.get(value) == {index + 1} and may_stand_inside(step, others[0], before)

    def _is_returned(self, index: int) -> bool:
        return self._returned is not None and index + 1 == len(self._steps)

    def _assignment(self, index: int, names: Mapping[str, str]) -> str:
        step = self._steps[index]
        left = "return" if self._is_returned(index) else f"{self._left(step, names)} ="
        return f"{left} {self.expression(step)}"

    def _output_names(self, index: int) -> dict[str, str]:
        """What the outputs of a step are called, those that are used."""
        step = self._steps[index]
        arguments = {port: self.text(value) for port, value in step.arguments.items()}
        names: dict[str, str] = {}
        for port in step.ports:
            value = (step.node, port)
            uses = self._uses.get(value, set())
            if value in self._named:
                names[port] = self._named[value]
            elif uses == {index + 1} and self._may_chain(step, names, arguments):
                names[port] = self._chain
            elif uses:
                names[port] = self._flow.ports.get(value) or self._name(step)
        return names

    def _free_chain(self, given: Mapping[Value, str], last: Set[Value]) -> str:
        """`x`, or `out` where an argument called x is needed again behind the first statement."""
        uses = set[int]().union(*(self._uses.get(value, ()) for value, text in given.items() if text == CHAIN))
        kept = {value for value, text in self._named.items() if text == CHAIN} if uses else set[Value]()
        if max(uses, default=0) == 0 and not kept and not any(given.get(value) == CHAIN for value in last):
            return CHAIN
        return unique("out", {*self._flow.names.values(), *self._flow.ports.values(), *self._named.values()})

    def _may_chain(self, step: Step, names: Mapping[str, str], arguments: Mapping[str, str]) -> bool:
        """Whether an output may be called `x`: one of each step, and none where all of them have names of their own."""
        is_named = (step.node, step.ports[0]) in self._flow.ports
        return not is_named and self._chain not in names.values() and not self._is_held(step, arguments)

    def _is_held(self, step: Step, arguments: Mapping[str, str]) -> bool:
        """Whether a loop needs the value called `x` in each of its turns, so that nothing else may be called that."""
        fed = {port for port, _ in step.fed or ()}
        return step.fed is not None and any(text == self._chain for port, text in arguments.items() if port not in fed)

    def _left(self, step: Step, names: Mapping[str, str]) -> str:
        first = names.get(step.ports[0], "_") if step.ports else "_"  # a block that gives nothing yet
        left = unpacking(step.call, names) if step.call.unpack else first
        while UNUSED.search(left):
            left = UNUSED.sub("_", left)
        return left

    def _loop(self, step: Step, arguments: dict[str, str], names: dict[str, str]) -> list[Line]:
        """A loop over modules, each of which takes what the one before has given."""
        taken = set(self._flow.names.values()) | set(self._flow.ports.values()) | set(names.values())
        for _, output in step.fed or ():  # even what nobody needs in the end has a name from turn to turn
            if output not in names:
                names[output] = self._flow.ports.get((step.node, output)) or self._name(step)
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
    return [Line("    " + line.text if line.text else "", *line.nodes) for line in lines]
