"""Which drawing of the document is on the canvas: the project's own, or a block's that was entered.

To canvas and inspector it is a document: `project` holds the drawing that is shown, `edit` puts an edit of it back
where it belongs, and `changed` and `checked` speak of it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from PySide6.QtCore import QObject, Signal

from core.blocks import axis_names, inside, used_in, with_inside
from core.expressions import ExpressionFault, has_expression, resolved
from core.graph import Block, Graph
from core.messages import Checked, NodeReport, Problem
from core.parameters import Value
from core.project import Project
from designer.document import Document
from designer.history import History


class Step(NamedTuple):
    """One step into the drawing: the node that was entered, and the block that it uses."""

    node_id: str
    block: str


class Scope(QObject):
    """The drawing that is shown; `entered(steps)` says that another one is, `leaving` that it will be."""

    changed = Signal(object, object)
    checked = Signal(object)
    entered = Signal(object)
    leaving = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.begins = False
        """Whether what is being told is another document, and no edit of this one."""
        self.opened = 0
        """How many documents were shown: what was begun in one of them is not to end in the next."""
        self.steps: tuple[Step, ...] = ()
        self._shown = document.project
        self._report: tuple[Checked | None, Checked | None] = (None, None)
        document.changed.connect(self._follow)
        document.checked.connect(lambda _: self._tell_report())

    @property
    def block(self) -> str:
        """The block that is shown, "" for the project's own drawing."""
        return self.steps[-1].block if self.steps else ""

    @property
    def project(self) -> Project:
        """The project with the shown drawing as its graph."""
        return self._shown

    @property
    def undo_stack(self) -> History:
        """The history of the document."""
        return self.document.undo_stack

    @property
    def revision(self) -> int:
        """The revision of the document."""
        return self.document.revision

    @property
    def report(self) -> Checked | None:
        """What check found out about the shown drawing."""
        whole = self.document.report
        if whole is None or not (self.steps or whole.inner):
            return whole
        if self._report[0] is not whole:
            self._report = (whole, report_inside(whole, self.document.project.graph, self.steps))
        return self._report[1]

    def edit(self, text: str, project: Project) -> None:
        """Change the document: `project` is the shown one after the edit."""
        self.document.edit(text, self._lifted(project))

    def enter(self, node_id: str) -> bool:
        """Show the block that a node of the shown drawing uses; says whether there is one."""
        node = self._shown.graph.nodes.get(node_id)
        if node is None or node.layer not in self._shown.graph.blocks:
            return False
        self._show((*self.steps, Step(node_id, node.layer)))
        return True

    def enter_block(self, name: str) -> None:
        """Show a block by its name: at its first use where it has one."""
        graph = self.document.project.graph
        if name in graph.blocks:
            self._show(way_to(graph, name) or (Step("", name),))

    def show_drawing(self, name: str) -> None:
        """Show the drawing of a block, or the project's own ("") unless it is shown already."""
        if not name:
            self.leave(0)
        elif name != self.block:
            self.enter_block(name)

    def enter_use(self, path: str) -> None:
        """Show the block of a use by its path, as problems name it: `stage1`, `stage1/2/deep`."""
        self._show(steps_of(self.document.project.graph, path))

    def go_to(self, node_id: str) -> str:
        """Show the drawing of a node named by its path (`stage1/conv1`) or its block (`Basic:conv1`); gives its id."""
        graph = self.document.project.graph
        use, _, inner = node_id.rpartition("/")
        block, _, of_block = node_id.partition(":")
        if node_id not in graph.nodes and use:
            self.enter_use(use)
            return inner
        if node_id not in graph.nodes and of_block and block in graph.blocks:
            if self.block != block:
                self.enter_block(block)
            return of_block
        self.leave(0)
        return node_id

    def go_to_problem(self, problem: Problem) -> None:
        """Show the drawing in which a problem stands: a block at a use where it shows, unless it is shown already."""
        if not problem.block:
            self.leave(0)
        elif self.block != problem.block:
            if problem.uses:
                self.enter_use(problem.uses[0])
            if self.block != problem.block:
                self.enter_block(problem.block)

    def leave(self, depth: int | None = None) -> None:
        """Show the drawing around this one, or the one at a depth: 0 is the project's own."""
        self._show(self.steps[: max(0, len(self.steps) - 1) if depth is None else depth])

    def rename_steps(self, old: str, new: str) -> None:
        """A block that is shown gets another name in the edit that follows."""
        self.steps = tuple(step._replace(block=new) if step.block == old else step for step in self.steps)

    def can_hold(self, name: str, blocks: Mapping[str, Block]) -> bool:
        """Whether a block may stand in the shown drawing: none may hold itself."""
        return not self.block or name not in blocks or self.block not in {name, *used_in(blocks[name].nodes, blocks)}

    def key(self, node_id: str) -> str:
        """A node of the shown drawing as the whole document knows it: `Basic:conv1` in a block."""
        return f"{self.block}:{node_id}" if self.block else node_id

    @property
    def prefix(self) -> str:
        """How the paths of the shown nodes begin, "" at the project's own drawing and where nothing uses the block."""
        return prefix_of(self.document.report, self.steps) if self.document.report else ""

    def terms(self) -> dict[str, Value] | None:
        """What an expression in the shown drawing may name, with its value here (None: not known); None outside."""
        return terms_of(self.document.project.graph, self.steps, self.document.report) if self.steps else None

    def _show(self, steps: tuple[Step, ...]) -> None:
        if steps == self.steps:
            return
        self.leaving.emit()
        self.steps, self.begins = steps, False
        before, self._shown = self._shown, self._drawn(self.document.project)
        self._report = (None, None)
        self.entered.emit(steps)
        self.changed.emit(before, self._shown)
        self._tell_report()

    def _drawn(self, project: Project) -> Project:
        return msgspec.structs.replace(project, graph=inside(project.graph, self.block)) if self.steps else project

    def _lifted(self, project: Project) -> Project:
        if not self.steps:
            return project
        outer = self.document.project.graph
        return msgspec.structs.replace(project, graph=with_inside(outer, self.block, project.graph))

    def _follow(self, before: Project, after: Project) -> None:
        self.begins = self.document.undo_stack.count() == 0
        self.opened += self.begins
        kept = () if self.begins else standing(after.graph, self.steps)
        elsewhere = None if self.begins else changed_elsewhere(before.graph, after.graph, kept)
        if elsewhere is not None:  # an undo, or a repair: what it changes is shown
            kept = (way_to(after.graph, elsewhere) or (Step("", elsewhere),)) if elsewhere else ()
        was_shown, had = self._shown, self.steps
        self.steps = kept
        self._shown = self._drawn(after)
        self._report = (None, None)
        if kept != had:
            self.entered.emit(kept)
        self.changed.emit(was_shown, self._shown)

    def _tell_report(self) -> None:
        report = self.report
        if report is not None:
            self.checked.emit(report)


def standing(graph: Graph, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps that still lead somewhere, from the outside in; a use that is gone does not close its block."""
    kept: list[Step] = []
    nodes = graph.nodes
    for step in steps:
        if step.block not in graph.blocks:  # renamed, or that was undone: what the node uses now
            use = nodes.get(step.node_id)
            if use is None or use.layer not in graph.blocks:
                break
            step = step._replace(block=use.layer)
        kept.append(step)
        nodes = graph.blocks[step.block].nodes
    return tuple(kept)


def changed_elsewhere(before: Graph, after: Graph, steps: tuple[Step, ...]) -> str | None:
    """The one drawing that differs while the shown one does not ("" is the project's own); None without such a one."""
    shown = steps[-1].block if steps else ""
    if shown and shown not in before.blocks:  # it has got another name, and its uses with it
        return None
    differs = [""] if before.nodes is not after.nodes and before.nodes != after.nodes else []
    differs += [""] if not differs and before.links is not after.links and before.links != after.links else []
    if not differs and (before.annotations, before.bends) != (after.annotations, after.bends):
        differs = [""]
    for name, block in after.blocks.items():
        was = before.blocks.get(name)
        if was is not None and was is not block and was != block:
            differs.append(name)
    return differs[0] if len(differs) == 1 and differs[0] != shown else None


def steps_of(graph: Graph, path: str) -> tuple[Step, ...]:
    """The steps along the path of a use; numbers of repetitions are passed over, and the way ends where it breaks."""
    steps: list[Step] = []
    nodes, rest = graph.nodes, path
    while rest:
        found = (each for each in nodes if nodes[each].layer in graph.blocks and f"{rest}/".startswith(f"{each}/"))
        node_id = max(found, key=len, default="")
        if not node_id:
            break
        steps.append(Step(node_id, nodes[node_id].layer))
        rest = rest[len(node_id) + 1 :]
        turn, _, behind = rest.partition("/")
        nodes = graph.blocks[steps[-1].block].nodes
        if turn.isdecimal() and turn not in nodes:
            rest = behind
    return tuple(steps)


def terms_of(graph: Graph, steps: tuple[Step, ...], report: Checked | None) -> dict[str, Value]:
    """The names that expressions in an entered block may use, with their values in that use, None where unknown."""
    found: dict[str, Value] = {}
    nodes = graph.nodes
    for depth, step in enumerate(steps, 1):
        block = graph.blocks.get(step.block)
        if block is None:
            return {}
        outer, found = found, dict[str, Value]()
        prefix = prefix_of(report, steps[:depth]).rstrip("/") if report else ""
        sizes = report.sizes.get(prefix, {}) if report else {}
        for port, node in block.nodes.items():
            if node.layer == "Input":
                names = filter(None, axis_names(str(node.values.get("axes", ""))))
                found |= {name: sizes.get(name) for name in names if port}
        use = nodes.get(step.node_id)
        for each in block.parameters:
            value = use.values.get(each.name, each.default) if use else each.default
            found[each.name] = _known(value, outer)
        found["i"] = 0
        nodes = block.nodes
    return found


def _known(value: object, outer: dict[str, Value]) -> Value:
    try:
        known = {name: each for name, each in outer.items() if each is not None}
        return resolved(value, known) if has_expression(value) else value  # type: ignore[return-value]
    except ExpressionFault:
        return None


def way_to(graph: Graph, name: str) -> tuple[Step, ...]:
    """The steps to the first use of a block, through as few others as may be; empty where nothing uses it."""
    ahead: list[tuple[Step, ...]] = [()]
    been: set[str] = set()
    while ahead:
        steps = ahead.pop(0)
        nodes = graph.blocks[steps[-1].block].nodes if steps else graph.nodes
        for node_id, node in nodes.items():
            if node.layer == name:
                return (*steps, Step(node_id, name))
            if node.layer in graph.blocks and node.layer not in been:
                been.add(node.layer)
                ahead.append((*steps, Step(node_id, node.layer)))
    return ()


def report_inside(whole: Checked, graph: Graph, steps: tuple[Step, ...]) -> Checked:
    """What check says of a block's drawing: the nodes of the use that was entered, and the problems of the block."""
    if not steps:
        return msgspec.structs.replace(whole, problems=problems_inside(whole, "", ""))
    prefix = prefix_of(whole, steps)
    block = steps[-1].block
    nodes: dict[str, NodeReport] = {}
    if prefix:
        for node_id in graph.blocks[block].nodes if block in graph.blocks else ():
            report = whole.inner.get(prefix + node_id)
            if report is not None:
                nodes[node_id] = report
    return msgspec.structs.replace(whole, nodes=nodes, problems=problems_inside(whole, block, prefix))


def problems_inside(whole: Checked, block: str, prefix: str) -> tuple[Problem, ...]:
    """The problems that a drawing shows: its own, and those in blocks that it uses, each at the node that uses it."""
    found: list[Problem] = []
    for problem in whole.problems:
        if problem.block == block:
            found.append(problem)
        elif problem.block:
            inner = (use for use in problem.uses if f"{use}/".startswith(prefix) and use != prefix.rstrip("/"))
            users = dict.fromkeys(use.removeprefix(prefix).partition("/")[0] for use in inner)
            found += (msgspec.structs.replace(problem, node=user, port="", repair=None) for user in users)
    return tuple(found)


def prefix_of(whole: Checked, steps: tuple[Step, ...]) -> str:
    """How the paths of a use's nodes begin, in the first repetition: `stage1/`, `stage1/0/`; "" where unknown."""
    prefix = ""
    for step in steps:
        if not step.node_id:
            return ""
        plain, repeated = f"{prefix}{step.node_id}/", f"{prefix}{step.node_id}/0/"
        prefix = repeated if any(path.startswith(repeated) for path in whole.inner) else plain
    return prefix


def scope_of(document: Document | Scope, parent: QObject | None = None) -> Scope:
    """The scope of a document, made where it is given none."""
    return document if isinstance(document, Scope) else Scope(document, parent)
