"""Nodes as text: what is copied is a project file that holds them, so that it can be pasted anywhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import msgspec

from core import graph as graphs
from core import picture
from core.block_edits import brought_in
from core.blocks import used_in
from core.graph import Graph, Link, Node
from core.layers import CATALOGUE
from core.project import Project, read_text, text_of
from designer.canvas import changes, rewiring
from designer.words import tr


def copied(graph: Graph, node_ids: Collection[str], annotations: Collection[str] = ()) -> str:
    """The nodes, the links between them with their points, and annotations, in the form of a project file."""
    nodes = {node_id: graph.nodes[node_id] for node_id in node_ids}
    links = tuple(link for link in graph.links if link.source in nodes and link.target in nodes)
    used = used_in(nodes, graph.blocks)
    inputs = [list(link) for link in map(_words, rewiring.outer_links(graph, nodes)) if link[2] in nodes]
    seen = {name: graph.annotations[name] for name in annotations}
    bends = {link: graph.bends[link] for link in links if link in graph.bends}
    kept = Graph(nodes, links, {name: graph.blocks[name] for name in sorted(used)}, seen, bends)
    return text_of(Project(graph=kept, extra={INPUTS: inputs} if inputs else {}))


INPUTS = "inputs"
"""Beside the nodes stand the links that fed them from elsewhere; other readers keep it as what they do not know."""


def _words(link: Link) -> tuple[str, str, str, str]:
    return link.source, link.output, link.target, link.input


def with_inputs(project: Project, text: str, names: Mapping[str, str]) -> Project:
    """The project with pasted nodes fed by what fed the copied ones, where nodes of these names and outputs are here.

    `names` gives the new name of each copied node.
    """
    said = read_text(text, tr("The clipboard")).extra.get(INPUTS)
    rows = said if isinstance(said, list) else []
    words = [row for row in rows if isinstance(row, list) and len(row) == 4 and all(isinstance(w, str) for w in row)]
    links = [Link(row[0], row[1], names[row[2]], row[3]) for row in words if row[2] in names]
    return changes.with_graph(project, rewiring.with_inputs(project.graph, links))


def read(text: str) -> Graph:
    """The nodes in a text; raises ProjectError with one sentence where there are none to be read."""
    return read_text(text, tr("The clipboard")).graph


def pasted(
    project: Project, graph: Graph, corner: tuple[float, float] | None, shift: float = 0.0, is_here: bool = False
) -> tuple[Project, list[str]]:
    """The project with these nodes under names of their own, their upper left corner here, and the new names.

    Blocks that they use come along, but for those that are there already. `is_here` says that they are copies of nodes
    of this drawing: they may use the weights of others in it.
    """
    things = [*graph.nodes.values(), *graph.annotations.values()]
    if not things:
        return project, []
    whole, called = brought_in(project.graph, graph.blocks)
    left, top = min(each.x for each in things), min(each.y for each in things)
    dx, dy = (shift, shift) if corner is None else (changes.snapped(corner[0] - left), changes.snapped(corner[1] - top))
    names: dict[str, str] = {}
    made: dict[str, Node] = {}
    for node_id, node in graph.nodes.items():
        names[node_id] = fresh_name(project.graph.nodes.keys() | made.keys(), node_id, node.layer)
        layer = called.get(node.layer, node.layer)
        made[names[node_id]] = msgspec.structs.replace(node, layer=layer, x=node.x + dx, y=node.y + dy)
    here = project.graph.nodes if is_here else ()
    for node_id, node in made.items():
        if node.shares:
            owner = names.get(node.shares) or (node.shares if node.shares in here else "")
            made[node_id] = msgspec.structs.replace(node, shares=owner)
    links = [Link(names[link.source], link.output, names[link.target], link.input) for link in graph.links]
    whole = graphs.with_nodes(whole, made)
    whole = graphs.with_links(whole, sorted((*whole.links, *links), key=graphs.link_key))
    whole, _ = picture.brought(whole, graph.annotations, graph.bends, names, dx, dy)
    return changes.with_graph(project, whole), list(made)


def fresh_name(taken: Collection[str], wanted: str, layer: str) -> str:
    """The wanted name where it is free, else the same word with the next number."""
    if wanted not in taken:
        return wanted
    word = re.sub(r"\d+$", "", wanted)
    if not word and layer in CATALOGUE:
        return graphs.fresh_id(taken, layer)
    number = 2
    while f"{word}{number}" in taken:
        number += 1
    return f"{word}{number}"
