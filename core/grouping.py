"""Nodes made into a block, and a block taken apart into its nodes: no number that the network computes changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

from msgspec.structs import replace

from core import anatomy, expressions, picture
from core import graph as graphs
from core.block_edits import expect_free_name
from core.blocks import BlockFault, fed_back, with_block
from core.edits import NODE_PITCH
from core.expressions import ExpressionFault, expression, has_expression, names_in, resolved, rewritten
from core.graph import Block, BlockParameter, Graph, Link, Node, natural, sharing
from core.layers import declaration_of
from core.layers.block import REPEAT, can_be_named, declaration
from core.named_sizes import Unsettled
from core.parameters import parameters

ENDS = ("Input", "Target", "Noise", "Output")
HOLDING = (
    "linear", "convolution", "recurrent", "attention", "normalisation", "custom", "block",
    "PReLU", "Parameter", "Buffer", "AdaptiveLogSoftmaxWithLoss",
)  # fmt: skip
"""Families and layers that have weights or something else to keep."""


# ---- group


def grouped(
    graph: Graph,
    node_ids: Collection[str],
    name: str,
    annotations: Collection[str] = (),
    known: Sequence[BlockParameter] = (),
) -> tuple[Graph, str]:
    """The graph with these nodes as one block, and the id of the node that uses it; raises BlockFault.

    Its drawing takes these annotations along, and the points of the links between the nodes. In a block with the
    parameters `known`, what the nodes refer to is handed on: it becomes parameters of the new block.
    """
    chosen = {each for each in node_ids if each in graph.nodes}
    _expect_groupable(graph, chosen, name)
    entering, leaving = _crossing(graph, chosen)
    ins = _names(((link.source, link.output) for link in entering), [link.input for link in entering], "input")
    ends = [(link.source, link.output) for link in leaving] or _loose(graph, chosen)
    outs = _names(ends, [source for source, _ in ends], "output")
    inner, handed, values = _handed_on({each: graph.nodes[each] for each in graph.nodes if each in chosen}, known)
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
        at = left - NODE_PITCH if is_input else right + NODE_PITCH
        inner[held[port]] = Node("Input" if is_input else "Output", x=at, y=top + 90 * place)
    links += [Link(held[ins[link.source, link.output]], "output", link.target, link.input) for link in entering]
    links += [Link(source, output, held[port], "input") for (source, output), port in outs.items()]
    block = Block(
        inner,
        tuple(sorted(links, key=graphs.link_key)),
        handed,
        annotations={each: graph.annotations[each] for each in annotations if each in graph.annotations},
        bends={link: graph.bends[link] for link in links if link in graph.bends},
    )
    rest = picture.without(graphs.without_nodes(graph, chosen), block.annotations)
    used = graphs.fresh_id(rest.nodes, _word(name))
    middle = (left + right) / 2
    made = with_block(graphs.with_nodes(rest, {used: Node(name, values, x=middle, y=top)}), name, block)
    for value, port in ins.items():
        made = graphs.with_link(made, Link(*value, used, held[port]))
    for link in leaving:
        out = held[outs[link.source, link.output]]
        made = graphs.with_link(made, Link(used, out, link.target, link.input))
    return made, used


def _handed_on(
    nodes: Mapping[str, Node], known: Sequence[BlockParameter]
) -> tuple[dict[str, Node], tuple[BlockParameter, ...], dict[str, Any]]:
    """Copies of nodes that leave a drawing, parameters for what they refer to there, and the values of these there."""
    referred = frozenset[str]().union(*(names_in(each) for node in nodes.values() for each in node.values.values()))
    declared = {each.name: each for each in known if each.name in referred}
    names, taken = dict[str, str](), {each for each in referred if can_be_named(each)}
    made: list[BlockParameter] = []
    for each in (*declared, *sorted(referred.difference(declared), key=natural)):
        word = each if can_be_named(each) else "turn" if each == "i" else "size"
        names[each] = word if word == each or word not in taken else graphs.fresh_id(taken, word)
        taken.add(names[each])
        like = declared.get(each) or BlockParameter("", default=1, low=0 if each == "i" else 1)
        made.append(replace(like, name=names[each]))
    other = {old: new for old, new in names.items() if new != old}
    copies = {
        node_id: replace(node, values={key: rewritten(value, other) for key, value in node.values.items()})
        for node_id, node in nodes.items()
    }
    return copies, tuple(made), {new: expression(old) for old, new in names.items()}


def _word(name: str) -> str:
    return name if name.isidentifier() else "block"


def _expect_groupable(graph: Graph, chosen: set[str], name: str) -> None:
    if not chosen:
        raise BlockFault("Nothing is selected that could become a block: select some layers first.")
    expect_free_name(graph, name)
    ends = sorted((each for each in chosen if graph.nodes[each].layer in ENDS), key=natural)
    if ends:
        kind = graph.nodes[ends[0]].layer
        article = "a" if kind in ("Target", "Noise") else "an"
        raise BlockFault(
            f"{ends[0]} is {article} {kind}, where the data enters or leaves: take it out of the selection."
        )
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
    around = (anatomy.reached(graph, chosen) & anatomy.reaching(graph, chosen)) - chosen
    return min(around, key=natural, default="")


def _crossing(graph: Graph, chosen: set[str]) -> tuple[list[Link], list[Link]]:
    ordered = sorted(graph.links, key=graphs.link_key)
    entering = [link for link in ordered if link.target in chosen and link.source not in chosen]
    leaving = [link for link in ordered if link.source in chosen and link.target not in chosen]
    return entering, leaving


def _loose(graph: Graph, chosen: set[str]) -> list[tuple[str, str]]:
    """What a selection gives that nothing takes yet."""
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


# ---- ungroup


def ungrouped(
    graph: Graph, node_id: str, sizes: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[Graph, dict[str, str]]:
    """The graph with a block's nodes in the place of one use, and the path that each new node had; raises BlockFault.

    `sizes` are what the block's inputs name, by use or `use/turn`: as check says them, or in a block's drawing as
    `sizes_of_uses` does. Of a repeated block each repetition becomes nodes of its own. Uses that share weights are
    taken apart together, and then share node by node.
    """
    owner = sharing(graph, node_id) or node_id
    family = [owner, *(each for each in graph.in_order if each != owner and sharing(graph, each) == owner)]
    paths: dict[str, str] = {}
    owned: list[dict[str, str]] = []
    for use in family:
        graph, turns = _one_ungrouped(graph, use, sizes or {}, owned)
        owned = owned or turns
        for turn, names in enumerate(turns):
            paths |= {new: f"{_turn(use, turn, len(turns))}/{old}" for old, new in names.items()}
    return graph, paths


def _one_ungrouped(
    graph: Graph, node_id: str, sizes: Mapping[str, Mapping[str, Any]], owned: Sequence[Mapping[str, str]]
) -> tuple[Graph, list[dict[str, str]]]:
    """The graph with one use taken apart, and what each node of the block is called now, turn by turn.

    `owned` are the same names of the use whose weights this one shares.
    """
    use = graph.nodes[node_id]
    block = graph.blocks[use.layer]
    declared = declaration(use.layer, block)
    times = use.values.get(REPEAT, 1)
    if not isinstance(times, int):
        said = expressions.text_of(times) if expressions.is_expression(times) else repr(times)
        raise BlockFault(f"{node_id} is repeated {said} times: give it a number before it is taken apart.")
    if use.muted:
        raise BlockFault(f"{node_id} is muted, so its nodes compute nothing: unmute it before it is taken apart.")
    came = graphs.incoming(graph, node_id)
    went = graphs.outgoing(graph, node_id)
    made = graphs.without_nodes(graph, [node_id])
    given = {port: (link.source, link.output) for port, link in came.items()}
    last, turns = dict[str, tuple[str, str]](), list[dict[str, str]]()
    for turn in range(times):
        path = _turn(node_id, turn, times)
        scope = _scope(use, declared, sizes.get(path, sizes.get(node_id, {})), turn)
        names = _fresh_names(made, node_id, block, turn if times > 1 else None)
        shares: Mapping[str, str] = owned[turn] if owned else {}
        made = _inlined(made, use, block, scope, names, given, f"{path}/", shares)
        made = _with_picture(made, use, block, names, is_first=not turn)
        turns.append(names)
        last = _outputs(block, names, given)
        given |= fed_back(declared, last)
    for link in went:
        if value := last.get(link.output):
            made = graphs.with_link(made, Link(*value, link.target, link.input))
    return made, turns


def _turn(use: str, turn: int, times: int) -> str:
    """The path of a repetition: `stage1/2`, `stage1` of what is not repeated."""
    return f"{use}/{turn}" if times > 1 else use


def _scope(use: Node, declared: type[Any], sizes: Mapping[str, Any], turn: int) -> dict[str, Any]:
    """What the nodes of a block may name in this use; in another block that may be an expression itself."""
    given = {each.name: use.values.get(each.name, each.default) for each in parameters(declared)}
    known = {name: size for name, size in sizes.items() if isinstance(size, int | Unsettled) or has_expression(size)}
    return {**known, **given, "i": turn}


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
    scope: Mapping[str, Any],
    names: Mapping[str, str],
    given: Mapping[str, tuple[str, str]],
    before: str,
    shares: Mapping[str, str],
) -> Graph:
    left, top = _corner(block)
    nodes: dict[str, Node] = {}
    for old, new in names.items():
        node = block.nodes[old]
        nodes[new] = replace(
            node,
            values={name: _value(value, scope, old) for name, value in node.values.items()},
            x=use.x + node.x - left,
            y=use.y + node.y - top,
            weights=_weights(use, node, f"{before}{old}", graph),
            shares=shares.get(node.shares or old, "") if shares and _holds(node, graph) else names.get(node.shares, ""),
        )
    graph = graphs.with_nodes(graph, nodes)
    for link in block.links:
        if link.target not in names:
            continue
        value = (names[link.source], link.output) if link.source in names else given.get(link.source)
        if value:
            graph = graphs.with_link(graph, Link(*value, names[link.target], link.input))
    return graph


def _with_picture(graph: Graph, use: Node, block: Block, names: Mapping[str, str], is_first: bool) -> Graph:
    """The graph with the points and, once, the annotations of a block beside the nodes that came out of it."""
    left, top = _corner(block)
    seen = block.annotations if is_first else {}
    return picture.brought(graph, seen, block.bends, names, use.x - left, use.y - top)[0]


def _corner(block: Block) -> tuple[float, float]:
    nodes = block.nodes.values()
    return min((node.x for node in nodes), default=0.0), min((node.y for node in nodes), default=0.0)


def _weights(use: Node, node: Node, path: str, graph: Graph) -> dict[str, Any]:
    """How the weights of a node begin that is taken out of a block: what was said of the whole now says each."""
    declared = declaration_of(node, graph.blocks)
    if not use.weights or declared is None or node.shares:
        return node.weights
    weights = dict(node.weights)
    holds = _holds(node, graph)
    if (holds or declared.family == "regularisation") and use.weights.get("frozen"):
        weights["frozen"] = True
    if holds and use.weights.get("file") and not weights.get("file"):
        name = str(use.weights.get("from_node") or path.partition("/")[0]).removesuffix(".")
        weights |= {"file": use.weights["file"], "from_node": f"{name}/{path.partition('/')[2]}"}
    return weights


def _holds(node: Node, graph: Graph) -> bool:
    """Whether a node has weights or something else to keep."""
    declared = declaration_of(node, graph.blocks)
    return declared is not None and (declared.family in HOLDING or node.layer in HOLDING)


def _text(value: Any) -> str:
    """A value as an expression names it."""
    if isinstance(value, tuple | list):
        return f"({''.join(f'{_text(part)}, ' for part in cast('tuple[Any, ...]', value))})"
    return f"({expressions.text_of(value)})" if expressions.is_expression(value) else repr(value)


def _value(value: Any, scope: Mapping[str, Any], node_id: str) -> Any:
    if not has_expression(value):
        return value
    try:
        used = names_in(value)
        for unsettled in (scope[each] for each in sorted(used) if isinstance(scope.get(each), Unsettled)):
            raise ExpressionFault(unsettled.because)
        if used <= scope.keys() and any(has_expression(scope[name]) for name in used):
            if expressions.is_expression(value) and expressions.text_of(value) in scope:
                return scope[expressions.text_of(value)]
            return rewritten(value, {name: _text(known) for name, known in scope.items()})
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
