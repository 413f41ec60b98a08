"""The text of one block's class: its arguments, its modules, and `forward`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from core.layers import Call
from core.layers.calls import construction, exact
from core.layers.layer import axes_of
from core.parameters import Value
from core.source.blocks import BlockClass
from core.source.cases import Case
from core.source.docstrings import docstring, plain, shape_words
from core.source.flow import takes_gradients
from core.source.initial import initial_lines, train_lines
from core.source.leaves import MISSING
from core.source.names import in_order, unique
from core.source.statements import Body, Line, comments, indented
from core.specs import Spec

UNFINISHED = 'raise NotImplementedError("This block is not finished.")'


def class_lines(made: BlockClass) -> list[Line]:
    """The lines of a block's class, each with the block and its node: `Residual:conv1`."""
    flow = made.flow
    lines = [Line(f"class {made.name}(nn.Module):"), *indented(_docstring(made))]
    begin = [
        f"{argument.name}: {argument.kind}" + ("" if argument.default is MISSING else f" = {exact(argument.default)}")
        for argument in made.arguments
    ]
    body = [Line(f"self.{attribute} = {name}") for name, attribute in made.stored.items()]
    calls = {step.node: step.call for step in flow.held}
    often = _often([*calls.values()])
    name = _local(made) if often else ""
    if name:
        body.append(Line(f"{name} = {often}"))
        calls = {node_id: _with_name(call, often, name) for node_id, call in calls.items()}
    body += [Line(f"self.{flow.names[node_id]} = {construction(call)}", node_id) for node_id, call in calls.items()]
    body += initial_lines(flow)
    if body or begin:
        lines += [Line(""), Line(f"    def __init__({', '.join(['self', *begin])}) -> None:")]
        lines += indented(indented([Line("super().__init__()"), *body]))
    still = train_lines(flow, made.name)
    lines += [Line(""), *indented(still)] if still else []
    lines += [Line(""), *indented(_forward(made))]
    return [Line(line.text, *(f"{made.block}:{node}" for node in line.nodes)) for line in lines]


OFTEN = 3
"""How often an expression stands in `__init__` before it gets a name there."""
LOCALS = ("hidden", "inner", "middle", "width")


def _often(calls: Sequence[Call]) -> str:
    """The size that is worked out most often when the modules are built, `channels // reduction`; "" for none."""
    counts: dict[str, int] = {}
    for call in calls:
        for part in (*call.positional, *(value for _, value in call.keywords)):
            if isinstance(part, Call) and not part.target and WORKED_OUT.fullmatch(part.expression):
                counts[part.expression] = counts.get(part.expression, 0) + 1
    most = max(counts, key=lambda text: (counts[text], len(text)), default="")
    return most if counts.get(most, 0) >= OFTEN else ""


QUOTES = frozenset("\"'")
WORKED_OUT = re.compile(r"[a-z_]\w*( (\*|//|\+|-) \w+)+")


def _local(made: BlockClass) -> str:
    """A name for it that is no argument of the class; "" where all are."""
    taken = {argument.name for argument in made.arguments}
    return next((name for name in LOCALS if name not in taken), "")


def _with_name(call: Call, text: str, name: str) -> Call:
    def said(value: Value | Call) -> Value | Call:
        if not isinstance(value, Call) or value.target or QUOTES & set(value.expression):
            return value
        parts = (re.sub(rf"^(\w+=)?{re.escape(text)}$", rf"\1{name}", part) for part in value.expression.split(", "))
        return Call(expression=", ".join(parts))

    keywords = tuple((key, said(value)) for key, value in call.keywords)
    return replace(call, positional=tuple(map(said, call.positional)), keywords=keywords)


def _forward(made: BlockClass) -> list[Line]:
    flow = made.flow
    returns = "Tensor" if len(made.outputs) < 2 else f"tuple[{', '.join(['Tensor'] * len(made.outputs))}]"
    arguments = ", ".join(["self", *(f"{flow.names[node_id]}: Tensor" for node_id in made.inputs)])
    only = made.inputs[0] if len(made.inputs) == 1 else ""
    head = [
        *[Line("@torch.enable_grad()")] * takes_gradients(flow.model),
        Line(f"def forward({arguments}) -> {returns}:", only),
    ]
    return [*head, *indented(_body(made))]


def _body(made: BlockClass) -> list[Line]:
    flow, given = made.flow, made.flow.given
    if not flow.is_whole:
        lost = comments(flow.missing, list(flow.missing), 8)
        return [*Body(flow, flow.model, "self", given, {}).lines, *lost, Line(UNFINISHED)]
    lost = comments(flow.missing, in_order(flow.missing), 8)
    ends = [value for _, value in flow.outputs]
    last = flow.model[-1] if flow.model else None
    if len(ends) == 1 and last and ends[0][0] == last.node and last.is_expression:
        *before, end = Body(flow, flow.model, "self", given, {}, returned=flow.output_nodes[0]).lines
        return [*before, *lost, end]
    taken = set(given.values())
    named = {value: unique(name, taken) if name in taken else name for name, value in reversed(flow.outputs)}
    named = {value: name for value, name in named.items() if value not in given}
    body = Body(flow, flow.model, "self", given, named)
    said = ", ".join(given.get(value) or named[value] for value in ends)
    return [*body.lines, *lost, Line(f"return {said}", flow.output_nodes[0] if len(ends) == 1 else "")]


# ---- shapes


def _docstring(made: BlockClass) -> list[Line]:
    flow = made.flow
    takes = [f"{flow.names[port]} {_shape(made, port, True)}".strip() for port in made.inputs]
    gives = [f"{flow.names[port]} {_shape(made, port, False)}".strip() for port in made.outputs]
    return docstring(takes, gives if flow.is_whole else [], plain(made.help), "A block")


def _shape(made: BlockClass, port: str, is_input: bool) -> str:
    """The shape of a port in every use, sizes that vary as arguments where they follow from these, else by a letter."""
    specs = [spec for case in made.cases if (spec := _spec(case, port, is_input))]
    if not specs or len({spec.rank for spec in specs}) > 1:
        return ""
    first = specs[0]
    sizes = tuple(_size(made, port, is_input, axis, [spec.shape[axis] for spec in specs]) for axis in range(first.rank))
    letters = _letters(first)
    said = [size or letters[axis] for axis, size in enumerate(sizes)]
    inner = ", ".join(said) + "," * (len(said) == 1)
    kind = shape_words(Spec((), first.dtype)).partition(")")[2]
    return f"({inner}){kind}"


def _spec(case: Case, port: str, is_input: bool) -> Spec | None:
    return (case.arriving if is_input else case.leaving).get(port)


def _size(made: BlockClass, port: str, is_input: bool, axis: int, found: Sequence[int | str]) -> str:
    def read(case: Case) -> object:
        spec = _spec(case, port, is_input)
        size = spec.shape[axis] if spec and axis < spec.rank else MISSING
        return size if type(size) is int else MISSING

    if all(type(size) is int for size in found) and (said := made.texts.known(read)) and len(said) <= 24:
        return said
    same = len(set(found)) == 1 and set(str(found[0])) <= set("0123456789NT*+- ")
    return str(found[0]) if same else ""


LETTERS = {2: ("N", "C"), 3: ("N", "T", "C"), 4: ("N", "C", "H", "W"), 5: ("N", "C", "D", "H", "W")}


def _letters(spec: Spec) -> tuple[str, ...]:
    known = [name if name.isidentifier() and name.isascii() else "" for name in axes_of(spec)]
    return tuple(name or letter for name, letter in zip(known, LETTERS.get(spec.rank, ("S",) * spec.rank), strict=True))
