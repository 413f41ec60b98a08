"""Names that people give to nodes, made into identifiers that an engineer would type and Python takes."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable, Set

from core.graph import Graph, natural
from core.layers.custom import DEFAULT, Python, reading

LONGEST = 40
"""Characters of a name that are kept: a statement with two of them still fits a line of 88."""

MODULE_WORDS = """
    T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches
    eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict
    modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook
    register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook
    register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook
    register_module register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_
    set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu zero_grad
"""
MODULE = frozenset(MODULE_WORDS.split())
"""The public attributes of `nn.Module` (a test compares them with torch's)."""

TUPLE = frozenset({"count", "index"})
"""The public methods of a tuple, which a field of a NamedTuple would hide."""

WRITTEN_WORDS = """
    self model batch x values loss nn np torch Model Values Outputs Tensor NamedTuple objective load main save
    evaluate copyright credits exit license quit l turned_by_position
"""
WRITTEN = frozenset(WRITTEN_WORDS.split())
"""Names that the written files use themselves, what `site` adds to the builtins, and `l`, which reads as a one."""

RESERVED = (
    frozenset(keyword.kwlist) | frozenset(keyword.softkwlist) | frozenset(dir(builtins)) | MODULE | TUPLE | WRITTEN
)


def identifier(name: str, otherwise: str = "node") -> str:
    """A lower-case ASCII identifier close to a name: `Größe 2` becomes `grosse_2`, what has no letters `otherwise`.

    Letters of other scripts are left out, because some look like Latin ones and are not.
    """
    plain = unicodedata.normalize("NFKD", name[:1000].replace("ß", "ss"))
    plain = plain.encode("ascii", "ignore").decode("ascii")
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", "_", plain)
    plain = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:LONGEST].rstrip("_")
    if not re.search("[a-z]", plain):
        plain = f"{otherwise}_{plain}".rstrip("_")
    if plain[0].isdecimal():
        plain = f"n{plain}"[:LONGEST]
    return plain + "_" if plain in RESERVED else plain


def unique(name: str, taken: Set[str]) -> str:
    """The name, or the name with the first number behind it that makes it new: `conv_2`."""
    number, made = 2, name
    while made in taken or made in RESERVED:
        made = f"{name.rstrip('_')}_{number}"
        number += 1
    return made


def in_order(node_ids: Iterable[str]) -> list[str]:
    """Node ids in natural order, the same whatever order they came in."""
    return sorted(node_ids, key=lambda node_id: (natural(node_id), node_id))


def attribute_names(graph: Graph) -> dict[str, str]:
    """The identifier under which each node stands in source, by node id.

    A node whose id is an identifier already keeps it, whatever its neighbours are called.
    """
    names: dict[str, str] = {}
    wanted = {node_id: identifier(node_id, _kind(graph.nodes[node_id].layer)) for node_id in in_order(graph.nodes)}
    taken = code_names(graph)
    for kept in (True, False):
        for node_id, name in wanted.items():
            if (name == node_id) is kept:
                names[node_id] = unique(name, taken)
                taken.add(names[node_id])
    return names


def code_names(graph: Graph) -> set[str]:
    """The functions and classes that people wrote for nodes of this graph, which no node may be called."""
    held = (node.values.get("code", DEFAULT) for node in graph.nodes.values() if node.layer == Python.__name__)
    return {reading(code).name for code in held if isinstance(code, str)} - {""}


def _kind(layer: str) -> str:
    word = re.sub(r"[^a-z]", "", layer[:LONGEST].lower())
    return "node" if not word or word in RESERVED else word
