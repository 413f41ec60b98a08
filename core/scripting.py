"""A network in a few lines of Python: add layers, link them, draw blocks, check, write, train and export.

    from core.scripting import Drawing

    with Drawing(data="Digits", training={"epochs": 5}) as net:
        with net.block("Step", channels=32) as step:
            x = step.input("x")
            x = step.add("Conv2d", x, out_channels=step.channels, kernel_size=3, padding=1)
            step.output(step.add("ReLU", x))
        x = net.add("Input", field="image", name="image")
        x = net.add("Step", x, channels=16, repeat=2)
        x = net.add("Linear", net.add("Flatten", x), out_features=10)
        net.add("CrossEntropyLoss", x, net.add("Target", field="label"))
        print(net.check().parameters)
        net.train("run")
        net.export("onnx", "digits.onnx", run="run")

Nothing here loads torch: what needs it is done by an engine of its own, as for the window.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, cast, get_args

import msgspec

from core import library
from core import project as projects
from core.blocks import axis_names, parameter_faults
from core.client import Refusal, Waiting
from core.events import Ended
from core.graph import Block, BlockParameter, Graph
from core.layers import CATALOGUE
from core.layout import laid_out
from core.messages import Body, Check, Checked, Export, Exported, Request, Source, Train, Trust, Write
from core.parameters import shown
from core.project import Data, Project
from core.sheets import ScriptFault, Sheet, Value
from core.terms import Term, named, term
from core.trust import codes, fingerprint, trusted

__all__ = ["BlockDrawing", "Drawing", "ScriptFault", "Term", "Value", "parameter", "term"]

Target = Literal["python", "script", "onnx"]
T = TypeVar("T", bound=msgspec.Struct)
KINDS = {bool: "boolean", int: "integer", float: "number", str: "text", tuple: "shape"}


def parameter(
    default: Any,
    help: str = "",
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
) -> BlockParameter:
    """A parameter of a block with its default, help and bounds, for `Drawing.block`; its kind is the default's."""
    kind = "choice" if choices else KINDS.get(cast("type[Any]", type(default)))
    if kind is None:
        raise ScriptFault(f"A block's parameter begins with a number, a text or a shape, but this is {shown(default)}.")
    return BlockParameter("", cast(Any, kind), default, help, low, high, choices)


class BlockDrawing(Sheet):
    """A block in the making; its parameters and the sizes that its inputs name are attributes: `block.channels`."""

    def __init__(self, drawing: Drawing, name: str, help: str, declared: tuple[BlockParameter, ...]) -> None:
        super().__init__()
        self.drawing, self.name, self.help, self.parameters = drawing, name, help, declared

    @property
    def blocks(self) -> dict[str, Block]:
        """The blocks of the project that were drawn before this one."""
        return self.drawing.blocks

    @property
    def names(self) -> frozenset[str]:
        """Its parameters, the sizes that its inputs name, and `i`, which counts its repetitions."""
        axes = (str(node.values.get("axes", "")) for node in self.nodes.values() if node.layer == "Input")
        sizes = {name for each in axes for name in axis_names(each) if name}
        return frozenset({each.name for each in self.parameters} | sizes | {"i"})

    def __getattr__(self, name: str) -> Term:
        if name.startswith("_") or name not in self.names:
            raise AttributeError(
                f"The block {self.name} has no parameter and no named size {name!r}; known: "
                f"{', '.join(sorted(self.names))}."
            )
        return named(name)

    def __getitem__(self, name: str) -> Term:
        """A parameter or a named size, also where its name is that of a method."""
        return BlockDrawing.__getattr__(self, name)

    def input(self, name: str = "x", axes: str = "", note: str = "") -> Value:
        """A place where a value enters; `axes` names its sizes, as "N, in_channels, height, width"."""
        return self.add("Input", name=name, axes=axes, note=note)

    def output(self, value: Value, name: str = "y", note: str = "") -> None:
        """A place where a value leaves."""
        self.add("Output", value, name=name, note=note)

    def made(self) -> Block:
        """The block as a value."""
        return Block(dict(self.nodes), self.links, self.parameters, self.help)

    def __enter__(self) -> BlockDrawing:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.drawing.keep(self)


class Drawing(Sheet):
    """A project in the making. As a context it ends the engine that check, source, train and export have begun.

    `data` is the name of a data set, as `Digits`, or a Data with its settings; `training` holds training
    settings as they are called in the window's file. With `trust`, code that the project brings may be run.
    """

    def __init__(
        self,
        data: str | Data = "",
        training: Mapping[str, Any] | None = None,
        seed: int = 0,
        trust: bool = False,
    ) -> None:
        super().__init__()
        self._blocks: dict[str, Block] = {}
        self._base = Project(
            data=Data(data) if isinstance(data, str) else data, training=dict(training or {}), seed=seed
        )
        self._trust = trust
        self._engine: Waiting | None = None
        self._opened = Graph()

    @classmethod
    def open(cls, path: str | Path, trust: bool = False) -> Drawing:
        """The project in a file, to go on with; raises ProjectError."""
        return cls.of(projects.load(Path(path)), trust)

    @classmethod
    def of(cls, project: Project, trust: bool = False) -> Drawing:
        """A project as a drawing, to go on with; its nodes keep their places until one is added."""
        made = cls(trust=trust)
        made._base, made._opened = project, project.graph
        made.nodes, made._blocks = dict(project.graph.nodes), dict(project.graph.blocks)
        made._links = {(link.target, link.input): link for link in project.graph.links}
        return made

    @property
    def blocks(self) -> dict[str, Block]:
        """The blocks of the project, by name."""
        return self._blocks

    @property
    def graph(self) -> Graph:
        """The drawing as a value, with every node in its place."""
        drawn = Graph(dict(self.nodes), self.links, dict(self._blocks))
        if drawn == self._opened:
            return self._opened
        return laid_out(drawn)

    @property
    def project(self) -> Project:
        """The project as a value."""
        return msgspec.structs.replace(self._base, graph=self.graph)

    def value(self, node: str, port: str = "") -> Value:
        """What a node gives, by its name; without a port at its first output."""
        if node not in self.nodes:
            raise ScriptFault(f"There is no node {node} in this drawing.")
        outputs = self.in_order(self.nodes[node].layer, self.declared(node).outputs)
        first = Value(self, node, outputs[0].name if outputs else "")
        return first[port] if port else first

    # ---- blocks

    def block(self, name: str, /, help: str = "", **given: Any) -> BlockDrawing:
        """Begin a block, whose parameters are given by their defaults (or see `parameter`); use it in a `with`."""
        if not name.strip() or name in CATALOGUE or name in self._blocks:
            raise ScriptFault(f"A block needs a name of its own, but {name!r} is taken by another block or a layer.")
        declared = tuple(
            msgspec.structs.replace(each if isinstance(each, BlockParameter) else parameter(each), name=key)
            for key, each in given.items()
        )
        faults = parameter_faults(Block(parameters=declared))
        faults += [
            (key, f"a parameter of a script cannot be called {key}, which is a word of it; call it otherwise.")
            for key in given
            if hasattr(BlockDrawing, key) or key in ("drawing", "name", "help", "parameters", "nodes")
        ]
        if faults:
            raise ScriptFault(f"The block {name}: {faults[0][1]}")
        return BlockDrawing(self, name, help, declared)

    def keep(self, drawn: BlockDrawing) -> None:
        """Make a drawn block known to the project; a `with` does it at its end."""
        if not any(node.layer == "Output" for node in drawn.nodes.values()):
            raise ScriptFault(f"Nothing comes out of the block {drawn.name}: end it with its output(value).")
        self._blocks[drawn.name] = drawn.made()

    def bring(self, name: str) -> str:
        """Bring a block of the library, and what it uses, into the project; gives the name that it has here."""
        graph, used = library.added(Graph(blocks=self._blocks), library.load(name))
        self._blocks = graph.blocks
        return used

    # ---- what an engine does

    def check(self) -> Checked:
        """Every shape, cost and problem."""
        return self._asked(Check(self.project), Checked)

    def source(self, file: str = "model.py") -> str:
        """The text of `model.py` or `train.py`."""
        files = self._asked(Write(self.project), Source).files
        if file not in files:
            raise ScriptFault(f"There is no {file} for this network; written are {', '.join(sorted(files))}.")
        return files[file]

    def train(self, folder: str | Path, listen: Callable[[Body], None] | None = None, **settings: Any) -> Ended:
        """Train into a new run folder; settings such as epochs=3 hold for this run. `listen` gets every event."""
        project = self.project
        project = msgspec.structs.replace(project, training={**project.training, **settings})
        path = Path(folder).resolve()
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise ScriptFault(
                f"{folder} is there already, and a run is never written over another; choose a new folder."
            )
        path.mkdir(parents=True, exist_ok=True)
        ended = self._asked(Train(project, str(path)), Ended, listen)
        if ended.how == "failed":
            raise ScriptFault(ended.message)
        return ended

    def export(self, to: Target, out: str | Path, run: str | Path = "") -> Exported:
        """Write the network as Python, as a script that trains it, or as ONNX, with the weights of a run if given."""
        known = get_args(Target)
        if to not in known:
            raise ScriptFault(f"A network is exported to {', '.join(known)}, but not to {shown(to)}.")
        run_folder = str(Path(run).resolve()) if run else ""
        return self._asked(Export(self.project, to, str(Path(out).resolve()), run_folder), Exported)

    def save(self, path: str | Path) -> None:
        """Write the project's file; raises ProjectError."""
        projects.save(self.project, Path(path))

    def close(self) -> None:
        """End the engine, if one was begun."""
        if self._engine:
            self._engine.engine.close()
            self._engine = None

    def __enter__(self) -> Drawing:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _asked(self, request: Request, kind: type[T], listen: Callable[[Body], None] | None = None) -> T:
        """The engine's answer; its refusal is a ScriptFault."""
        brought = {fingerprint(code) for code in codes(self.project).values()}
        self._engine = self._engine or Waiting()
        self._engine.engine.tell(Trust(tuple(sorted(brought if self._trust else brought & trusted()))))
        try:
            answer = self._engine.ask(request, listen)
        except Refusal as refusal:
            raise ScriptFault(refusal.failure.message) from None
        if not isinstance(answer, kind):
            raise ScriptFault(f"The engine answered {type(answer).__name__}; please report this.")
        return answer
