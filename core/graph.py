"""The drawing as a value: nodes by id and links; an edit is a function that returns a new graph."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec
from msgspec.structs import replace

from core.parameters import Value

if TYPE_CHECKING:
    import networkx as nx

T = TypeVar("T")


class Node(msgspec.Struct, frozen=True, gc=False):
    """One node: a layer's name and the values that differ from its defaults.

    The id that it stands under in the graph is also the name that people and source see. `weights` says how its
    weights begin (see `core.weights`). `extra` keeps what a newer version wrote and this one does not know.
    """

    layer: str
    values: dict[str, Any] = {}
    x: float = 0.0
    y: float = 0.0
    muted: bool = False
    note: str = ""
    weights: dict[str, Any] = {}
    shares: str = ""
    """The node of the same drawing whose module this one uses, "" for a module of its own."""
    collapsed: bool = False
    """Whether its header alone is shown."""
    tight: bool = False
    """Whether ports are hidden that no link uses and that need none."""
    extra: dict[str, Any] = {}


class Link(msgspec.Struct, frozen=True, order=True, gc=False):
    """From an output port of one node to an input port of another."""

    source: str
    output: str
    target: str
    input: str


class BlockParameter(msgspec.Struct, frozen=True):
    """A setting that each use of a block may give a value of its own; inner nodes refer to it by its name."""

    name: str
    kind: Literal["integer", "number", "boolean", "text", "choice", "shape"] = "integer"
    default: Any = 1
    help: str = ""
    low: int | float | None = None
    high: int | float | None = None
    choices: tuple[str, ...] = ()
    extra: dict[str, Any] = {}


class Annotation(msgspec.Struct, frozen=True, gc=False):
    """A note on the drawing, or a frame around a part of it: for people alone, nothing is computed from it.

    Its kind is "note" or "frame"; what a newer version calls otherwise is kept, and shown as a note.
    """

    kind: str = "note"
    x: float = 0.0
    y: float = 0.0
    width: float = 198.0
    height: float = 110.0
    text: str = ""
    colour: str = ""
    extra: dict[str, Any] = {}


Points = tuple[tuple[float, float], ...]


class Block(msgspec.Struct, frozen=True, dict=True):
    """A drawing under a name, used as a node any number of times: its Input and Output nodes are its ports."""

    nodes: dict[str, Node] = {}
    links: tuple[Link, ...] = ()
    parameters: tuple[BlockParameter, ...] = ()
    help: str = ""
    extra: dict[str, Any] = {}
    annotations: dict[str, Annotation] = {}
    bends: dict[Link, Points] = {}


class Graph(msgspec.Struct, frozen=True, dict=True):
    """Nodes by id, the links between them, and blocks by name; one input port holds at most one link.

    Annotations by id, and the points through which links are led, are a matter of the picture alone.
    """

    nodes: dict[str, Node] = {}
    links: tuple[Link, ...] = ()
    blocks: dict[str, Block] = {}
    annotations: dict[str, Annotation] = {}
    bends: dict[Link, Points] = {}

    @functools.cached_property
    def arriving(self) -> dict[str, dict[str, Link]]:
        """For every node the links that end at it, by input port in natural order; kept, since nothing changes it."""
        found: dict[str, dict[str, Link]] = {node_id: {} for node_id in self.nodes}
        for link in self.links:
            if link.target in found and link.source in self.nodes:
                found[link.target][link.input] = link
        return found

    @functools.cached_property
    def leaving(self) -> dict[str, list[Link]]:
        """For every node the links that begin at it and end at a node."""
        found: dict[str, list[Link]] = {node_id: [] for node_id in self.nodes}
        for link in self.links:
            if link.source in found and link.target in found:
                found[link.source].append(link)
        return found

    @functools.cached_property
    def in_order(self) -> tuple[str, ...]:
        """The ids of the nodes in natural order."""
        return tuple(sorted(sorted(self.nodes), key=natural))


def once(made: Callable[[Graph], T]) -> Callable[[Graph], T]:
    """A function that is computed once for each graph: its result is kept with the graph, and not to be changed."""
    name = f"{made.__module__}.{made.__qualname__}"

    @functools.wraps(made)
    def kept(graph: Graph) -> T:
        held = vars(graph)
        if name not in held:
            held[name] = made(graph)
        return held[name]

    return kept


@functools.lru_cache(50_000)
def natural(text: str) -> str:
    """A sort key in which `conv2` comes before `conv10`; kept, since every check sorts the same names."""
    # One text, which compares much faster than a tuple: a number stands behind how many digits it has.
    return "".join(map(_key, re.split(r"(\d+)", text)))


def _key(part: str) -> str:
    if not part.isdecimal() or len(part) > 18:
        return f"\1{part}\0"
    digits = str(int(part))
    return f"\2{len(digits):02}{digits}"


def link_key(link: Link) -> tuple[Any, ...]:
    """The order in which links are kept and written."""
    return (natural(link.target), natural(link.input), natural(link.source), natural(link.output))


def with_nodes(graph: Graph, nodes: Mapping[str, Node]) -> Graph:
    """The graph with these nodes added or replaced."""
    return replace(graph, nodes={**graph.nodes, **nodes})


def with_node(graph: Graph, node_id: str, **changes: Any) -> Graph:
    """The graph with fields of one node changed."""
    return with_nodes(graph, {node_id: msgspec.structs.replace(graph.nodes[node_id], **changes)})


def with_value(
    graph: Graph, node_id: str, name: str, value: Value, default: Value = None, reset: bool = False
) -> Graph:
    """The graph with one parameter of one node set; `reset`, or a value equal to `default`, takes the entry away."""
    values = {key: held for key, held in graph.nodes[node_id].values.items() if key != name}
    if not reset and not (value == default and type(value) is type(default)):
        values[name] = value
    return with_node(graph, node_id, values=values)


def without_nodes(graph: Graph, gone: Iterable[str]) -> Graph:
    """The graph without these nodes and every link that touches them."""
    away = set(gone)
    nodes = {node_id: node for node_id, node in graph.nodes.items() if node_id not in away}
    links = (link for link in graph.links if link.source not in away and link.target not in away)
    return with_links(replace(graph, nodes=nodes), links)


def with_links(graph: Graph, links: Iterable[Link]) -> Graph:
    """The graph with exactly these links, in the order in which they come; the points of others are forgotten."""
    links = tuple(links)
    bends = graph.bends
    if bends and not bends.keys() <= (held := set(links)):
        bends = {link: points for link, points in bends.items() if link in held}
    return replace(graph, links=links, bends=bends)


def with_link(graph: Graph, link: Link) -> Graph:
    """The graph with a link added; what stood on the same input port before goes."""
    kept = (each for each in graph.links if (each.target, each.input) != (link.target, link.input))
    return with_links(graph, sorted((*kept, link), key=link_key))


def without_links(graph: Graph, gone: Iterable[Link]) -> Graph:
    """The graph without these links."""
    away = set(gone)
    return with_links(graph, (link for link in graph.links if link not in away))


def renamed(graph: Graph, old: str, new: str) -> Graph:
    """The graph with one node under another id; raises ValueError where the id is taken or empty."""
    if new == old:
        return graph
    if not new.strip() or new in graph.nodes:
        raise ValueError(f"A node needs a name of its own, but {new!r} is " + ("taken." if new.strip() else "empty."))
    nodes = {
        (new if node_id == old else node_id): replace(node, shares=new) if node.shares == old else node
        for node_id, node in graph.nodes.items()
    }

    def follow(link: Link) -> Link:
        source, target = (new if node_id == old else node_id for node_id in (link.source, link.target))
        return Link(source, link.output, target, link.input)

    links = tuple(sorted(map(follow, graph.links), key=link_key))
    bends = {follow(link): points for link, points in graph.bends.items()}
    return replace(graph, nodes=nodes, links=links, bends=bends)


def incoming(graph: Graph, node_id: str) -> dict[str, Link]:
    """The links that end at a node, by input port."""
    return {link.input: link for link in graph.links if link.target == node_id}


def outgoing(graph: Graph, node_id: str) -> list[Link]:
    """The links that begin at a node."""
    return [link for link in graph.links if link.source == node_id]


def sharing(graph: Graph, node_id: str) -> str:
    """The node whose module a node uses, however many it goes through; "" for its own and in a circle."""
    been = {node_id}
    while (owner := graph.nodes[node_id].shares) in graph.nodes and owner not in been:
        been.add(owner)
        node_id = owner
    return "" if len(been) == 1 or owner in been else node_id


def network(graph: Graph) -> nx.MultiDiGraph[str]:
    """The graph for networkx, which is loaded only here: the window opens without it."""
    import networkx as nx

    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    made.add_nodes_from(graph.nodes)
    made.add_edges_from(
        (link.source, link.target) for link in graph.links if link.source in graph.nodes and link.target in graph.nodes
    )
    return made


def would_cycle(graph: Graph, source: str, target: str) -> bool:
    """Whether a link from source to target would close a cycle."""
    import networkx as nx

    return source == target or nx.has_path(network(graph), target, source)


SHORT = {"CrossEntropyLoss": "loss", "Linear": "linear", "MultiheadAttention": "attention"}


def fresh_id(taken: Iterable[str], layer: str) -> str:
    """An id for a new node that reads well in source: `conv1`, `linear2`, `image`."""
    base = SHORT.get(layer) or ("loss" if layer.endswith("Loss") else re.sub(r"\d+d$|\W", "", layer).lower()) or "node"
    base = re.sub(r"(?<=conv)transpose$", "_transpose", base)
    held = set(taken)
    number = 1
    while f"{base}{number}" in held:
        number += 1
    return f"{base}{number}"


def fresh_port(graph: Graph, node_id: str, name: str) -> str:
    """The first free port of a variadic input: `tensors_0`, `tensors_1`, ..."""
    held = incoming(graph, node_id)
    number = 0
    while f"{name}_{number}" in held:
        number += 1
    return f"{name}_{number}"
