"""Edits of blocks: group and ungroup, enter and leave, and what a drawing must be to be a block."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from core import graph as graphs
from core.expressions import ExpressionFault, has_expression, names_in, resolved
from core.graph import Block, Graph, Link, Node, natural, once
from core.layers.block import REPEAT, can_be_named, declaration
from core.parameters import Value, dropped_values, fitted, parameters

ENDS = ("Input", "Target", "Noise", "Output")
FED = ("_out", "_next")
"""What may stand behind the name of an output that feeds the input of that name in the next repetition."""


class BlockFault(Exception):
    """Why a block cannot be made, used or taken apart: one sentence."""


# ---- inside and outside


def inside(graph: Graph, name: str) -> Graph:
    """The drawing of a block as a graph that knows the same blocks."""
    block = graph.blocks[name]
    return Graph(block.nodes, block.links, graph.blocks)


def with_inside(graph: Graph, name: str, drawn: Graph) -> Graph:
    """The graph with another drawing for one of its blocks, and the blocks that the drawing knows."""
    block = replace(graph.blocks[name], nodes=drawn.nodes, links=drawn.links)
    return replace(graph, blocks={**drawn.blocks, name: block})


def with_block(graph: Graph, name: str, block: Block) -> Graph:
    """The graph with a block added or replaced."""
    return replace(graph, blocks={**graph.blocks, name: block})


def used_in(nodes: Mapping[str, Node], blocks: Mapping[str, Block]) -> set[str]:
    """The blocks that a drawing uses, straight or through other blocks."""
    found: set[str] = set()
    ahead = [node.layer for node in nodes.values()]
    while ahead:
        name = ahead.pop()
        if name in blocks and name not in found:
            found.add(name)
            ahead += [node.layer for node in blocks[name].nodes.values()]
    return found


def knots(blocks: Mapping[str, Block]) -> list[list[str]]:
    """The ways in which blocks hold themselves, each as the names along it; empty for sound blocks."""
    found: list[list[str]] = []
    for name in sorted(blocks, key=natural):
        way = _way_back(blocks, name)
        if way and not any(set(way) == set(each) for each in found):
            found.append(way)
    return found


@once
def tied_blocks(graph: Graph) -> frozenset[str]:
    """The blocks that hold themselves, or hold one that does: none of them can be entered."""
    tied = {name for knot in knots(graph.blocks) for name in knot}
    return frozenset(
        name for name, block in graph.blocks.items() if name in tied or tied & used_in(block.nodes, graph.blocks)
    )


def _way_back(blocks: Mapping[str, Block], name: str) -> list[str]:
    ahead, been = [[name]], {name}
    while ahead:
        way = ahead.pop(0)
        for inner in sorted({node.layer for node in blocks[way[-1]].nodes.values()} & set(blocks), key=natural):
            if inner == name:
                return way
            if inner not in been:
                been.add(inner)
                ahead.append([*way, inner])
    return []


def order_of(blocks: Mapping[str, Block]) -> list[str]:
    """The blocks, each behind those that it uses; those in a knot come last."""
    found: list[str] = []
    left = sorted(blocks, key=natural)
    while left:
        ready = [each for each in left if not (used_in(blocks[each].nodes, blocks) - set(found) - {each})]
        ready = ready or left
        found += ready
        left = [each for each in left if each not in ready]
    return found


# ---- group


def grouped(graph: Graph, node_ids: Collection[str], name: str) -> tuple[Graph, str]:
    """The graph with these nodes as one block, and the id of the node that uses it; raises BlockFault."""
    chosen = {each for each in node_ids if each in graph.nodes}
    _expect_groupable(graph, chosen, name)
    entering, leaving = _crossing(graph, chosen)
    ins = _names(((link.source, link.output) for link in entering), [link.input for link in entering], "input")
    ends = [(link.source, link.output) for link in leaving] or _loose(graph, chosen)
    outs = _names(ends, [source for source, _ in ends], "output")
    inner = {each: replace(graph.nodes[each]) for each in graph.nodes if each in chosen}
    left = min(node.x for node in inner.values())
    right = max(node.x for node in inner.values())
    top = min(node.y for node in inner.values())
    links = [link for link in graph.links if link.source in chosen and link.target in chosen]
    taken = set(inner)
    held: dict[str, str] = {}
    for place, (value, port) in enumerate([*ins.items(), *outs.items()]):
        held[port] = port if port not in taken else graphs.fresh_id(taken, port)
        taken.add(held[port])
        is_input = value in ins and ins[value] == port
        at = left - graphs_pitch() if is_input else right + graphs_pitch()
        inner[held[port]] = Node("Input" if is_input else "Output", x=at, y=top + 90 * place)
    links += [Link(held[ins[link.source, link.output]], "output", link.target, link.input) for link in entering]
    links += [Link(source, output, held[port], "input") for (source, output), port in outs.items()]
    block = Block(inner, tuple(sorted(links, key=graphs.link_key)))
    rest = graphs.without_nodes(graph, chosen)
    used = graphs.fresh_id(rest.nodes, _word(name))
    middle = (left + right) / 2
    made = with_block(graphs.with_nodes(rest, {used: Node(name, x=middle, y=top)}), name, block)
    for value, port in ins.items():
        made = graphs.with_link(made, Link(*value, used, held[port]))
    for link in leaving:
        out = held[outs[link.source, link.output]]
        made = graphs.with_link(made, Link(used, out, link.target, link.input))
    return made, used


def graphs_pitch() -> float:
    """How far the ports of a new block stand from its nodes."""
    return 220.0


def _word(name: str) -> str:
    return name if name.isidentifier() else "block"


def _expect_groupable(graph: Graph, chosen: set[str], name: str) -> None:
    if not chosen:
        raise BlockFault("Nothing is selected that could become a block: select some layers first.")
    if not name.strip() or name in graph.blocks:
        raise BlockFault(
            f"A block needs a name of its own, but {name!r} is " + ("taken." if name.strip() else "empty.")
        )
    ends = sorted((each for each in chosen if graph.nodes[each].layer in ENDS), key=natural)
    if ends:
        kind = graph.nodes[ends[0]].layer
        raise BlockFault(f"{ends[0]} is an {kind}, where the data enters or leaves: take it out of the selection.")
    split = next((each for each in sorted(graph.nodes, key=natural) if _is_split(graph, each, chosen)), None)
    if split is not None:
        raise BlockFault(f"{split} uses the weights of {graph.nodes[split].shares}: group both of them or neither.")
    way = _way_around(graph, chosen)
    if way:
        raise BlockFault(f"The data leaves these nodes for {way} and comes back, so they cannot be one: add {way}.")


def _is_split(graph: Graph, node_id: str, chosen: set[str]) -> bool:
    owner = graph.nodes[node_id].shares
    return owner in graph.nodes and (node_id in chosen) is not (owner in chosen)


def _way_around(graph: Graph, chosen: set[str]) -> str:
    """A node outside that is fed by the chosen ones and feeds them, "" where there is none."""
    feeds: dict[str, set[str]] = {}
    fed: dict[str, set[str]] = {}
    for link in graph.links:
        feeds.setdefault(link.source, set()).add(link.target)
        fed.setdefault(link.target, set()).add(link.source)
    behind, before = (_reach(steps, chosen) for steps in (feeds, fed))
    return min((behind & before) - chosen, key=natural, default="")


def _reach(steps: Mapping[str, set[str]], starts: Iterable[str]) -> set[str]:
    found: set[str] = set()
    ahead = list(starts)
    while ahead:
        for node_id in steps.get(ahead.pop(), ()):
            if node_id not in found:
                found.add(node_id)
                ahead.append(node_id)
    return found


def _crossing(graph: Graph, chosen: set[str]) -> tuple[list[Link], list[Link]]:
    ordered = sorted(graph.links, key=graphs.link_key)
    entering = [link for link in ordered if link.target in chosen and link.source not in chosen]
    leaving = [link for link in ordered if link.source in chosen and link.target not in chosen]
    return entering, leaving


def _loose(graph: Graph, chosen: set[str]) -> list[tuple[str, str]]:
    """What a selection gives that nothing takes yet."""
    from core.layers import declaration_of

    used = {link.source for link in graph.links}
    found: list[tuple[str, str]] = []
    for node_id in sorted(chosen - used, key=natural):
        declared = declaration_of(graph.nodes[node_id], graph.blocks)
        if declared and declared.outputs:
            found.append((node_id, declared.outputs[0].name))
    return found


def _names(values: Iterable[tuple[str, str]], words: list[str], alone: str) -> dict[tuple[str, str], str]:
    """A name for each different value: `input` for one alone, else what it is called where it is used."""
    wanted: dict[tuple[str, str], str] = {}
    for value, word in zip(values, words, strict=True):
        wanted.setdefault(value, word)
    if len(wanted) == 1:
        return dict.fromkeys(wanted, alone)
    named: dict[tuple[str, str], str] = {}
    for value, word in wanted.items():
        base, number = word, 2
        while word in named.values():
            word, number = f"{base}_{number}", number + 1
        named[value] = word
    return named


# ---- a use


def drawn(graph: Graph, name: str, scope: Mapping[str, Value]) -> tuple[Graph, list[tuple[str, str]]]:
    """A block's drawing with its expressions worked out, and (node, words that follow "because") for what could not be.

    Drawings of one block for one scope are one value, whose readings and orders are known already.
    """
    block = graph.blocks[name]
    used = {each: scope[each] for each in sorted(_names_used(block) & set(scope))}
    key = ("drawn", tuple(used.items()), id(graph.blocks))
    kept: dict[Any, tuple[Graph, list[tuple[str, str]]]] = _beside(block).setdefault("drawings", {})
    if key not in kept or kept[key][0].blocks is not graph.blocks:
        if len(kept) >= MOST_DRAWINGS:
            kept.clear()
        kept[key] = _drawn(graph, block, scope)
    return kept[key]


MOST_DRAWINGS = 2_000


def _beside(block: Block) -> dict[str, Any]:
    """What is kept with a block because it follows from it alone."""
    return vars(block)


def _names_used(block: Block) -> frozenset[str]:
    held = _beside(block).get("names_used")
    if held is None:
        values = (value for node in block.nodes.values() for value in node.values.values() if has_expression(value))
        held = _beside(block)["names_used"] = frozenset[str]().union(*map(names_in, values))
    return held


def _drawn(graph: Graph, block: Block, scope: Mapping[str, Value]) -> tuple[Graph, list[tuple[str, str]]]:
    nodes: dict[str, Node] = {}
    faults: list[tuple[str, str]] = []
    for node_id, node in block.nodes.items():
        if any(has_expression(value) for value in node.values.values()):
            values: dict[str, Any] = {}
            for name, value in node.values.items():
                try:
                    values[name] = resolved(value, scope)
                except ExpressionFault as fault:
                    faults.append((node_id, f"{name} has no value, because {fault}"))
            node = replace(node, values=values)
        nodes[node_id] = node
    return Graph(nodes, block.links, graph.blocks), faults


def fed_back(declared: type[Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    """What the next repetition takes, by input; the inputs that are not there go unchanged into each.

    An output feeds the input of its name, or of its name without `_out` or `_next` behind it (`h_out` feeds `h`);
    a single output with no such partner feeds the first input.
    """
    names = [port.name for port in declared.inputs]
    fed: dict[str, Any] = {}
    for port, value in outputs.items():
        partner = next((each for each in (port, *map(port.removesuffix, FED)) if each in names and each not in fed), "")
        if partner:
            fed[partner] = value
    if not fed and names and len(outputs) == 1:
        fed = {names[0]: next(iter(outputs.values()))}
    return fed


def axis_names(text: str) -> list[str]:
    """The names in an Input's `axes`, "" where an axis has none that an expression could use."""
    parts = [part.strip() for part in text.split(",")] if text.strip() else []
    return [part if part.isidentifier() and part not in ("N", "_", "i") else "" for part in parts]


def parameter_faults(block: Block) -> list[tuple[str, str]]:
    """(parameter, sentence) for each parameter of a block that cannot be used as it is."""
    faults: list[tuple[str, str]] = []
    seen: set[str] = set()
    for each in block.parameters:
        if not can_be_named(each.name):
            faults.append(
                (each.name, f"a parameter cannot be called {each.name[:60]!r}; call it something like channels.")
            )
        elif each.name in seen:
            faults.append((each.name, f"it has two parameters called {each.name}; give one of them another name."))
        seen.add(each.name)
    declared = declaration("block", replace(block))
    for each in parameters(declared):
        try:
            fitted(each, each.default)
        except ValueError as error:
            faults.append((each.name, f"the default of {error}"))
    return faults


# ---- ungroup


def ungrouped(graph: Graph, node_id: str, sizes: Mapping[str, Value] | None = None) -> tuple[Graph, dict[str, str]]:
    """The graph with a block's nodes in the place of one use, and the path that each new node had; raises BlockFault.

    `sizes` are what the block's inputs name, where its expressions use them. Of a repeated block each repetition
    becomes nodes of its own.
    """
    use = graph.nodes[node_id]
    block = graph.blocks[use.layer]
    declared = declaration(use.layer, block)
    times = use.values.get(REPEAT, 1)
    if not isinstance(times, int):
        raise BlockFault(f"{node_id} is repeated {times!r} times: give it a number before it is taken apart.")
    came = graphs.incoming(graph, node_id)
    went = graphs.outgoing(graph, node_id)
    made = graphs.without_nodes(graph, [node_id])
    given = {port: (link.source, link.output) for port, link in came.items()}
    paths: dict[str, str] = {}
    for turn in range(times):
        scope = _scope(use, declared, sizes or {}, turn)
        names = _fresh_names(made, node_id, block, turn if times > 1 else None)
        made = _inlined(made, use, block, scope, names, given)
        paths |= {new: f"{node_id}/{turn}/{old}" if times > 1 else f"{node_id}/{old}" for old, new in names.items()}
        outputs = _outputs(block, names, given)
        last, given = outputs, {**given, **fed_back(declared, outputs)}
        if turn == times - 1:
            for link in went:
                value = last.get(link.output)
                if value:
                    made = graphs.with_link(made, Link(*value, link.target, link.input))
    return made, paths


def _scope(use: Node, declared: type[Any], sizes: Mapping[str, Value], turn: int) -> dict[str, Value]:
    given = {each.name: use.values.get(each.name, each.default) for each in parameters(declared)}
    return {**sizes, **{name: value for name, value in given.items() if not has_expression(value)}, "i": turn}


def _fresh_names(graph: Graph, node_id: str, block: Block, turn: int | None) -> dict[str, str]:
    taken = set(graph.nodes)
    names: dict[str, str] = {}
    for old in sorted(block.nodes, key=natural):
        if block.nodes[old].layer in ("Input", "Output"):
            continue
        wanted = f"{node_id}_{old}" if turn is None else f"{node_id}_{turn}_{old}"
        new, number = wanted, 2
        while new in taken:
            new, number = f"{wanted}_{number}", number + 1
        names[old] = new
        taken.add(new)
    return names


def _inlined(
    graph: Graph,
    use: Node,
    block: Block,
    scope: Mapping[str, Value],
    names: Mapping[str, str],
    given: Mapping[str, tuple[str, str]],
) -> Graph:
    left = min((node.x for node in block.nodes.values()), default=0.0)
    top = min((node.y for node in block.nodes.values()), default=0.0)
    nodes: dict[str, Node] = {}
    for old, new in names.items():
        node = block.nodes[old]
        nodes[new] = replace(
            node,
            values={name: _value(value, scope, old) for name, value in node.values.items()},
            x=use.x + node.x - left,
            y=use.y + node.y - top,
            shares=names.get(node.shares, ""),
            muted=node.muted or use.muted,
        )
    graph = graphs.with_nodes(graph, nodes)
    for link in block.links:
        if link.target not in names:
            continue
        value = (names[link.source], link.output) if link.source in names else given.get(link.source)
        if value:
            graph = graphs.with_link(graph, Link(*value, names[link.target], link.input))
    return graph


def _value(value: Any, scope: Mapping[str, Value], node_id: str) -> Any:
    if not has_expression(value):
        return value
    missing = names_in(value) - set(scope)
    if missing and set(scope) == {"i"}:
        return value  # inside another block, whose own parameters it names
    try:
        return resolved(value, scope)
    except ExpressionFault as fault:
        raise BlockFault(f"{node_id} cannot be taken out of its block, because {fault}.") from None


def _outputs(
    block: Block, names: Mapping[str, str], given: Mapping[str, tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for link in block.links:
        if link.target in block.nodes and block.nodes[link.target].layer == "Output":
            value = (names[link.source], link.output) if link.source in names else given.get(link.source)
            if value:
                found[link.target] = value
    return found


def dropped(name: str, block: Block) -> Node:
    """A node that uses a block, as it is dropped."""
    return Node(name, dropped_values(declaration(name, block)))


def walk(nodes: Mapping[str, Node], blocks: Mapping[str, Block], path: str = "") -> Iterator[tuple[str, Node]]:
    """Every node with its path, through the blocks: `layer1/conv1`; repetitions are one."""
    for node_id, node in nodes.items():
        yield f"{path}{node_id}", node
        if node.layer in blocks and node.layer not in path.split("/"):
            yield from walk(blocks[node.layer].nodes, blocks, f"{path}{node_id}/")
