"""What a node shows: title, values, ports, footer and marks, as values that know nothing of Qt."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal, NamedTuple

from core.expressions import is_expression, text_of
from core.graph import Block, Node
from core.layers import Layer, Port, declaration_of
from core.layers.block import REPEAT, BlockUse
from core.layers.own_code import reading
from core.messages import NodeReport, Problem
from core.parameters import Parameter, parameters, shown
from core.specs import Spec, sample_text
from designer.canvas.metrics import BODY_PADDING, FIRST_PORT, HEADER_HEIGHT, LINE_HEIGHT, PORT_PITCH
from designer.numbers import counted
from designer.words import tr

MOST_SHOWN = 3
"""So many parameters of a block stand on a card."""

Mark = Literal["", "error", "warning"]


def stand_side_by_side(title: str, layer: str) -> bool:
    """Whether name and layer fit side by side in a header, in a font of usual width."""
    return len(title) + len(layer) <= 14


UNNAMED_SIZES = ("kernel_size", "output_size", "scale_factor")
"""Sizes that people know without their name: `3×3`."""


class Run(NamedTuple):
    """A piece of a line; `strong` is in the colour of text, the rest is dim; `name` is the parameter that it shows."""

    text: str
    strong: bool = False
    name: str = ""


class Slot(NamedTuple):
    """A port as it is painted: `y` is measured from the node's top, `label` is empty where it needs none."""

    name: str
    is_output: bool
    y: float
    label: str = ""
    linked: bool = False
    known: bool = True
    optional: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Card:
    """Everything that is painted on one node."""

    title: str
    layer: str
    family: str
    lines: tuple[tuple[Run, ...], ...] = ()
    """Body lines from `lines_top` downwards."""
    lines_top: float = HEADER_HEIGHT + BODY_PADDING
    foot: str = ""
    has_foot: bool = True
    slots: tuple[Slot, ...] = ()
    mark: Mark = ""
    muted: bool = False
    known: bool = True
    height: float = 0.0
    collapsed: bool = False
    """Whether only the header is shown, with one dot a side at which all ports are."""
    note: str = ""

    def dots(self) -> tuple[Slot, ...]:
        """The ports as they are painted: one a side of a collapsed node."""
        if not self.collapsed:
            return self.slots
        sides = ([each for each in self.slots if each.is_output is side] for side in (False, True))
        return tuple(
            ports[0]._replace(linked=any(each.linked for each in ports), known=all(each.known for each in ports))
            for ports in sides
            if ports
        )

    def names_at(self, dot: Slot) -> list[str]:
        """The ports that a dot stands for."""
        if not self.collapsed:
            return [dot.name]
        return [each.name for each in self.slots if each.is_output is dot.is_output]

    def slot(self, name: str, is_output: bool) -> Slot | None:
        """The port of that name on that side."""
        return next((each for each in self.slots if each.name == name and each.is_output == is_output), None)


def card_of(
    node_id: str,
    node: Node,
    linked_inputs: Collection[str] = (),
    linked_outputs: Collection[str] = (),
    report: NodeReport | None = None,
    problems: Collection[Problem] = (),
    data_title: str = "",
    fits: Callable[[str, str], bool] = stand_side_by_side,
    blocks: Mapping[str, Block] | None = None,
    is_inside: bool = False,
) -> Card:
    """The card of a node, from its value, the ports that have links and what check found out.

    `is_inside` says that it stands in a block. `fits` says whether name and layer stand side by side in the header;
    else the layer takes the first line.
    """
    declared = declaration_of(node, blocks or {})
    slots = port_slots(declared, linked_inputs, linked_outputs, offered_outputs(node, declared, report), node.tight)
    if node.collapsed:
        return _collapsed(node_id, node, declared, slots, _mark(problems), fits)
    rows = _label_rows(slots)
    is_port = is_inside and node.layer == "Input"
    lines = _port_lines(node, report) if is_port else _lines(node, declared, report)
    beside = fits(node_id, node.layer)
    if not beside:
        lines = ((Run(node.layer, strong=True),), *lines)
    has_foot = declared is None or declared.family not in ("loss", "output") or node.muted
    lines_top = HEADER_HEIGHT + BODY_PADDING + (rows * PORT_PITCH - 3 if rows else 0)
    height = lines_top + (len(lines) + has_foot) * LINE_HEIGHT + BODY_PADDING
    return Card(
        title=node_id,
        layer=node.layer if beside else "",
        family=declared.family if declared else "",
        lines=lines,
        lines_top=lines_top,
        foot=_foot(node, declared, report, "" if is_inside else data_title) if has_foot else "",
        has_foot=has_foot,
        slots=slots,
        mark=_mark(problems),
        muted=node.muted,
        known=declared is not None,
        height=max(height, FIRST_PORT + PORT_PITCH / 2 + BODY_PADDING),
        note=node.note,
    )


def _collapsed(
    node_id: str,
    node: Node,
    declared: type[Layer] | None,
    slots: tuple[Slot, ...],
    mark: Mark,
    fits: Callable[[str, str], bool],
) -> Card:
    """The header alone; every port is at the one dot of its side, those with links first, so that they are pulled."""
    ordered = sorted(slots, key=lambda each: (each.is_output, not each.linked))
    return Card(
        title=node_id,
        layer=node.layer if fits(node_id, node.layer) else "",
        family=declared.family if declared else "",
        has_foot=False,
        slots=tuple(each._replace(y=HEADER_HEIGHT / 2, label="") for each in ordered),
        mark=mark,
        muted=node.muted,
        known=declared is not None,
        height=HEADER_HEIGHT,
        collapsed=True,
        note=node.note,
    )


def _mark(problems: Collection[Problem]) -> Mark:
    severities = {problem.severity for problem in problems}
    return "error" if "error" in severities else "warning" if "warning" in severities else ""


# ---- ports


def offered_outputs(node: Node, declared: type[Layer] | None, report: NodeReport | None) -> tuple[Port, ...]:
    """The outputs that a node has with its settings: an optional one where it is asked for, or check found it."""
    known = report.outputs if report else {}
    return tuple(
        port
        for port in (declared.outputs if declared else ())
        if not port.optional or node.values.get(port.when) or port.name in known
    )


def port_slots(
    declared: type[Layer] | None,
    linked_inputs: Collection[str],
    linked_outputs: Collection[str],
    offered: Collection[Port],
    tight: bool = False,
) -> tuple[Slot, ...]:
    """The ports of a node from top to bottom, inputs first; links to ports that do not exist keep a place.

    `tight` leaves out those that no link uses and that need none, but for the first of a side.
    """
    inputs: list[tuple[str, bool, bool]] = []
    for port in declared.inputs if declared else ():
        if port.variadic:
            inputs += [(name, True, True) for name in variadic_names(port.name, linked_inputs)]
        else:
            inputs.append((port.name, True, port.optional))
    outputs = [(port.name, True, True) for port in offered]
    inputs += _strangers(inputs, linked_inputs, declared is None)
    outputs += _strangers(outputs, linked_outputs, declared is None)
    if tight:
        inputs = [each for each in inputs if each[0] in linked_inputs or not each[2]] or inputs[:1]
        outputs = [each for each in outputs if each[0] in linked_outputs] or outputs[:1]
    sides = ((inputs, linked_inputs, False), (outputs, linked_outputs, True))
    return tuple(
        Slot(
            name,
            is_output,
            FIRST_PORT + row * PORT_PITCH,
            name if len(ports) > 1 else "",
            name in linked,
            known,
            optional,
        )
        for ports, linked, is_output in sides
        for row, (name, known, optional) in enumerate(ports)
    )


def variadic_names(base: str, linked: Collection[str]) -> list[str]:
    """The places of a variadic port: each that is linked, those between, and one that is free."""
    numbers = [int(tail) for name in linked if (tail := name.removeprefix(base + "_")).isdecimal() and len(tail) < 4]
    return [f"{base}_{number}" for number in range(max(numbers, default=-1) + 2)]


def _strangers(
    known: list[tuple[str, bool, bool]], linked: Collection[str], fitting: bool
) -> list[tuple[str, bool, bool]]:
    names = {name for name, _, _ in known}
    return [(name, fitting, True) for name in sorted(linked) if name not in names]


def _label_rows(slots: tuple[Slot, ...]) -> int:
    return max((round((slot.y - FIRST_PORT) / PORT_PITCH) + 1 for slot in slots if slot.label), default=0)


# ---- lines


def _lines(node: Node, declared: type[Layer] | None, report: NodeReport | None) -> tuple[tuple[Run, ...], ...]:
    if declared is None:
        return ()
    if node.layer in ("Input", "Target"):
        return _data_lines(node, report)
    if issubclass(declared, BlockUse):
        return _use_lines(node, declared)
    items = [
        _item(each, node.values.get(each.name, each.default)) for each in parameters(declared) if _is_shown(each, node)
    ]
    if not items:
        return ()
    first, *rest = items
    if len(first) == 1:
        return (_joined(items),)
    return (first, _joined(rest)) if rest else (first,)


def _data_lines(node: Node, report: NodeReport | None) -> tuple[tuple[Run, ...], ...]:
    """The field, and under it what one sample of it is."""
    field = node.values.get("field", "")
    name = (Run(str(field), strong=True, name="field"),) if field else (Run(tr("shape typed by hand"), name="shape"),)
    spec = next(iter(report.outputs.values()), None) if report else None
    return (name, _sample(spec) if spec else (Run("…"),))


def _port_lines(node: Node, report: NodeReport | None) -> tuple[tuple[Run, ...], ...]:
    """An input of a block: what its sizes are called, and what arrives in the use that is shown."""
    axes = str(node.values.get("axes", ""))
    spec = next(iter(report.outputs.values()), None) if report else None
    lines = ((Run(axes, name="axes"),),) if axes else ()
    return (*lines, _sample(spec) if spec else (Run(tr("what each use brings")),))


def _sample(spec: Spec) -> tuple[Run, ...]:
    if spec.classes:
        return (Run(str(spec.classes), strong=True), Run(tr(" classes {dtype}", dtype=spec.dtype)))
    return (Run(sample_text(spec.shape), strong=True), Run(" " + spec.dtype))


def _use_lines(node: Node, declared: type[Layer]) -> tuple[tuple[Run, ...], ...]:
    """What a use of a block says: its parameters, those it sets first, and how often it is repeated."""
    own = [each for each in parameters(declared) if each.name != REPEAT]
    own.sort(key=lambda each: each.name not in node.values)
    times = node.values.get(REPEAT, 1)
    runs: list[tuple[Run, ...]] = []
    if times != 1:
        said = text_of(times) if is_expression(times) else str(times)
        runs.append((Run(f"× {said}", strong=True, name=REPEAT),))
    values = [
        _of(each, (Run(f"{each.name} "), Run(value_text(each, node.values.get(each.name, each.default)), strong=True)))
        for each in own[:MOST_SHOWN]
    ]
    if runs and values:
        return (_joined([*runs, values[0]]), *((_joined(values[1:]),) if values[1:] else ()))
    return tuple(map(_joined, ([*runs, *values],))) if runs or values else ()


def _is_shown(each: Parameter, node: Node) -> bool:
    return each.required or (each.name in node.values and node.values[each.name] != each.default)


def _of(each: Parameter, runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs as those of a parameter."""
    return tuple(run._replace(name=each.name) for run in runs)


def _item(each: Parameter, value: Any) -> tuple[Run, ...]:
    """One parameter as it is said, known as its own."""
    return _of(each, _said(each, value))


def _said(each: Parameter, value: Any) -> tuple[Run, ...]:
    """One parameter in the shortest words that are clear: `32 out_channels`, `3×3`, `padding 1`, `no bias`."""
    if each.kind == "code":
        return (Run(reading(str(value)).name or tr("not yet Python"), strong=True), Run(""))
    if each.kind == "boolean" and is_expression(value):
        return (Run(f"{each.name} "), Run(text_of(value)))
    if isinstance(value, bool):
        return (Run(each.name if value else tr("no {name}", name=each.name)), Run(""))
    text = value_text(each, value)
    if each.name in UNNAMED_SIZES:
        return (Run(text, strong=True),)
    if each.required or (each.kind == "number" and len(each.name) < 3):
        return (Run(text, strong=True), Run(f" {each.name}"))
    return (Run(f"{each.name} "), Run(text))


def value_text(each: Parameter, value: Any) -> str:
    """A value as it stands on a card: sizes as `3×3`, one for all axes once where it is no kernel."""
    if is_expression(value):
        return text_of(value)
    if each.kind == "sizes" and isinstance(value, int) and each.name in UNNAMED_SIZES:
        return "×".join([str(value)] * max(1, each.length))
    if isinstance(value, tuple | list):
        same = len(set(map(str, value))) == 1 and each.kind == "sizes" and each.name not in UNNAMED_SIZES
        parts = [text_of(part) if is_expression(part) else str(part) for part in value]
        return parts[0] if same else "×".join(parts)
    if isinstance(value, float):
        return f"{value:g}"
    return value if isinstance(value, str) else shown(value)


def _joined(items: list[tuple[Run, ...]]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for item in items:
        if runs:
            runs.append(Run(" "))
        runs += item
    return tuple(runs)


def _foot(node: Node, declared: type[Layer] | None, report: NodeReport | None, data_title: str) -> str:
    if declared is None:
        return tr("unknown layer")
    if node.muted:
        return tr("muted: counts 0") if declared.family == "loss" else tr("muted: passes through")
    if declared.family == "data":
        return data_title if node.values.get("field") else ""
    if report is None or not report.outputs:
        return ""
    if node.shares:
        return tr("weights of {shares}", shares=node.shares)
    frozen = tr(", frozen") if report.parameters and node.weights.get("frozen") is True else ""
    return counted(report.parameters, "parameter") + frozen


def described(card: Card, report: NodeReport | None, problems: Collection[Problem]) -> str:
    """A node in one sentence for a screen reader."""
    words = [f"{card.title}, {card.layer or (card.lines[0][0].text if card.lines else 'layer')}"]
    if report and report.outputs:
        words.append(tr("gives ") + ", ".join(sample_text(spec.shape) for spec in report.outputs.values()))
    if card.foot:
        words.append(card.foot)
    words += [problem.message for problem in problems]
    words += ["collapsed"] * card.collapsed + [tr("note: {note}", note=card.note)] * bool(card.note)
    return "; ".join(words)


def problems_by_node(problems: Collection[Problem]) -> Mapping[str, tuple[Problem, ...]]:
    """The problems of each node in the order of the report."""
    found: dict[str, tuple[Problem, ...]] = {}
    for problem in problems:
        found[problem.node] = (*found.get(problem.node, ()), problem)
    return found
