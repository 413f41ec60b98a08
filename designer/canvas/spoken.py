"""What a node is, in words: for screen readers and for the outline."""

from __future__ import annotations

from collections.abc import Iterable

from core.graph import Link, Node
from core.messages import NodeReport, Problem
from core.specs import flow_text
from designer.words import tr

WORD = {"error": tr("error"), "warning": tr("warning"), "note": tr("note")}


def in_words(
    node_id: str,
    node: Node,
    arriving: Iterable[Link] = (),
    report: NodeReport | None = None,
    problems: Iterable[Problem] = (),
) -> str:
    """A node in one line: `conv1, Conv2d, from image, gives 8×6×6, error: ...`."""
    parts = [node_id, node.layer]
    if sources := dict.fromkeys(link.source for link in arriving):
        parts.append(tr("from {join}", join=tr(" and ").join(sources)))
    if report is not None and report.outputs:
        parts.append(tr("gives {join}", join=tr(" and ").join(flow_text(spec) for spec in report.outputs.values())))
    if node.muted:
        parts.append(tr("muted"))
    parts += [f"{WORD[problem.severity]}: {problem.message}" for problem in problems]
    return ", ".join(parts)
