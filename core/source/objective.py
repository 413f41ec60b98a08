"""The text of the objective: what the loss is made of, from one batch of the data."""

from __future__ import annotations

from collections.abc import Set

from core.layers.calls import construction, exact
from core.source.flow import Flow, Step, Value, takes_gradients
from core.source.model import value_names
from core.source.names import unique
from core.source.statements import Body, Line, comments, indented

UNFINISHED = 'raise NotImplementedError("This objective is not finished.")'


def field_of(flow: Flow, node_id: str) -> str:
    """The field of the data set that an Input or Target takes, "" for a shape typed by hand."""
    field = flow.project.graph.nodes[node_id].values.get("field", "")
    return field if isinstance(field, str) else ""


def sources(flow: Flow) -> list[str]:
    """The Input, Noise and Target nodes that a batch has to fill, in the order of their use."""
    used = [value[0] for step in flow.training for value in step.arguments.values()]
    kinds = ("Input", "Noise", "Target")
    held = [
        *flow.arguments,
        *(node_id for node_id in used if flow.project.graph.nodes[node_id].layer in kinds),
    ]
    return list(dict.fromkeys(held))


def fields(flow: Flow) -> list[str]:
    """The fields of the data set that a batch holds, each once."""
    named = (field_of(flow, node_id) for node_id in sources(flow))
    return list(dict.fromkeys(field for field in named if field))


def free_modules(flow: Flow) -> list[Step]:
    """The modules without weights that stand beside the objective: losses above all."""
    return [step for step in flow.training if step.is_module and flow.is_free(step)]


def is_whole(flow: Flow) -> bool:
    """Whether there is an objective, and everything in it can be filled."""
    kinds = {node_id: flow.project.graph.nodes[node_id].layer for node_id in sources(flow)}
    unnamed = [node_id for node_id, kind in kinds.items() if kind != "Noise" and not field_of(flow, node_id)]
    lost = [node_id for node_id in flow.checked.losses if node_id in flow.missing]
    lost += [node_id for node_id in kinds if not flow.is_known(node_id)]
    return flow.is_whole and bool(flow.losses) and not unnamed and not lost and bool(fields(flow))


def objective_lines(flow: Flow, taken: Set[str]) -> list[Line]:
    """The free modules, and the function `objective(model, batch)`; `taken` are the names that train.py has already."""
    free = free_names(flow, taken)
    lines = [Line(f"{free[step.node]} = {construction(step.call)}", step.node) for step in free_modules(flow)]
    if lines:
        lines += [Line(""), Line("")]
    if takes_gradients((*flow.model, *flow.training)):
        lines += [Line("@torch.enable_grad()")]
    lines += [
        Line("def objective(model: Model, batch: dict[str, Tensor]) -> tuple[Tensor, tuple[Tensor, ...]]:"),
        Line('    """The loss of one batch, and what the model returns for it."""'),
    ]
    lost = [node_id for node_id in flow.missing if flow.is_loss(node_id)]
    body = comments(flow.missing, lost, 4)
    if not is_whole(flow):
        unnamed = [
            node_id for node_id in sources(flow) if flow.layer_name(node_id) != "Noise" and not field_of(flow, node_id)
        ]
        body += comments(dict.fromkeys(unnamed, "it names no field of the data"), unnamed, 4)
        body += [] if flow.checked.losses else [Line("# missing: the graph has no loss")]
        return lines + indented([*body, Line(UNFINISHED)])
    body += _body(flow, free)
    return lines + indented(body)


def free_names(flow: Flow, taken: Set[str]) -> dict[str, str]:
    """The names of the free modules by node: other than those that train.py has already, and every node's."""
    held = {*flow.names.values(), *flow.ports.values()}
    names: dict[str, str] = {}
    for step in free_modules(flow):
        name = flow.names[step.node]
        names[step.node] = unique(name, taken | held) if name in taken else name
        held.add(names[step.node])
    return names


def _body(flow: Flow, free: dict[str, str]) -> list[Line]:
    taken = set(flow.names.values()) | set(flow.ports.values())
    given, lines = _given(flow)
    call = f"({', '.join(given[node_id, 'output'] for node_id in flow.arguments)})"
    names = value_names(flow)
    if flow.inner:
        lines.append(Line(f"values = model.values{call}"))
        given |= {value: f"values.{name}" for value, name in names.items() if value not in given}
        returned = [f"values.{names[value]}" for _, value in flow.outputs]
    elif len(flow.outputs) > 1:
        outputs = unique("outputs", taken)
        lines.append(Line(f"{outputs} = model{call}"))
        given |= {value: f"{outputs}.{name}" for value, name in names.items() if value not in given}
        returned = [f"{outputs}.{name}" for name, _ in flow.outputs]
    else:
        (name, value), drawn = next(iter(flow.outputs)), flow.output_nodes[0]
        output = name if drawn else unique("output", taken)
        lines.append(Line(f"{output} = model{call}", drawn))
        given.setdefault(value, output)
        returned = [output]
    return [
        *lines,
        *_loss(flow, free, given),
        Line(f"return loss, ({', '.join(returned)}{',' * (len(returned) == 1)})"),
    ]


def _given(flow: Flow) -> tuple[dict[Value, str], list[Line]]:
    """How sources are written, and the lines that draw noise for each sample."""
    first = f"batch[{fields(flow)[0]!r}]"
    given: dict[Value, str] = {}
    lines: list[Line] = []
    for node_id in sources(flow):
        if flow.layer_name(node_id) == "Noise":
            spec = flow.checked.nodes[node_id].outputs["output"]
            sizes = ", ".join([f"len({first})", *(exact(size) for size in spec.shape[1:])])
            name = given[node_id, "output"] = flow.names[node_id]
            lines.append(Line(f"{name} = torch.randn({sizes}, device={first}.device)", node_id))
        else:
            given[node_id, "output"] = f"batch[{field_of(flow, node_id)!r}]"
    return given, lines


def _loss(flow: Flow, free: dict[str, str], given: dict[Value, str]) -> list[Line]:
    """The steps of the training part, losses that nothing else takes written straight into the sum."""
    used = {value for step in flow.training for value in step.arguments.values()}
    ends = set(flow.losses)
    inlined = [step for step in flow.training if (step.node, step.ports[0]) in ends - used and step.is_expression]
    steps = [step for step in flow.training if step not in inlined]
    last = {value for step in inlined for value in step.arguments.values()}
    last |= ends - {(step.node, step.ports[0]) for step in inlined}
    body = Body(flow, steps, "model", given, {}, last, free)
    by_node = {step.node: step for step in inlined}
    terms = [body.expression(by_node[value[0]]) if value[0] in by_node else body.text(value) for value in flow.losses]
    return [
        *body.lines,
        Line(f"loss = {' + '.join(terms)}", flow.losses[0][0] if len(flow.losses) == 1 else ""),
    ]
