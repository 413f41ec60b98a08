"""What window and engine say to each other: frozen structs, framed as length and msgpack.

A request carries an id; its replies carry the same. `Progress` and the run's events may come before the one
`Reply` or `Failure` that ends it. Arrays travel as raw little-endian bytes.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from core.events import Ended, Evaluated, Event
from core.layers.layer import Call
from core.project import Data, Project
from core.repairs import Repair
from core.specs import Size, Spec

# ---- values inside messages


class Problem(msgspec.Struct, frozen=True):
    """One fault, said once: where, one sentence, the way out, and why where a person may ask ("Explain")."""

    severity: Literal["error", "warning", "note"]
    node: str
    port: str
    message: str
    repair: Repair | None = None
    why: str = ""
    block: str = ""
    """The block in whose drawing the node stands, "" for the project's own."""
    uses: tuple[str, ...] = ()
    """The paths of the nodes that use the block where the fault shows."""


class Held(msgspec.Struct, frozen=True):
    """What a node holds, by name with shapes: its parameters, and its state, which running statistics belong to too.

    `differs` says whether it works otherwise while it trains. `places` says for a used block where in it the module of
    each node is, by the path from the use: `0/conv1` at `0.conv1`.
    """

    parameters: dict[str, tuple[int, ...]] = {}
    state: dict[str, tuple[int, ...]] = {}
    differs: bool = False
    places: dict[str, str] = {}


class NodeReport(msgspec.Struct, frozen=True):
    """What check found out about one node; outputs are empty where it is unknown."""

    layer: str
    outputs: dict[str, Spec] = {}
    parameters: int = 0
    macs: int = 0
    call: Call | None = None
    held: Held | None = None
    """Known where the node says how its weights begin."""


class Field(msgspec.Struct, frozen=True):
    """One field of a data set: N is the row. `classes` names the classes of an integer target.

    `low` and `high` are the least and greatest raw value of the training part, in the units of the data.
    """

    name: str
    role: Literal["input", "target"]
    spec: Spec
    classes: tuple[str, ...] = ()
    help: str = ""
    low: float = 0.0
    high: float = 1.0


class DataReport(msgspec.Struct, frozen=True):
    """What a data set holds, after the split; `fault` is a sentence where it cannot be read."""

    title: str = ""
    fields: tuple[Field, ...] = ()
    training: int = 0
    validation: int = 0
    test: int = 0
    fault: str = ""
    notes: tuple[str, ...] = ()


class Checked(msgspec.Struct, frozen=True, tag="checked"):
    """The answer to a check: problems, what is known of each node, totals, the data, and the order of the nodes."""

    revision: int
    problems: tuple[Problem, ...] = ()
    nodes: dict[str, NodeReport] = {}
    parameters: int = 0
    frozen: int = 0
    """How many of the parameters stand still while the others learn."""
    macs: int = 0
    data: DataReport = DataReport()
    order: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    """The nodes of the model part, in order; the others are the training part."""
    inner: dict[str, NodeReport] = {}
    """What is known of nodes in blocks, by path: `stage1/conv1`, and with the repetition `stage1/2/conv1`."""
    sizes: dict[str, dict[str, Size]] = {}
    """What the inputs of a used block have named, by the path of the use (with its repetition)."""
    outputs: tuple[tuple[str, str], ...] = ()
    """(node, port) of each value that `forward` returns, in order."""
    losses: tuple[str, ...] = ()
    kept: dict[str, tuple[int, int]] = {}
    """What training keeps for its backward pass, by node: bytes for each sample, and bytes whatever the batch."""
    activation_bytes: int = 0
    """What training keeps for each sample; a value that several nodes need counts once."""
    fixed_bytes: int = 0
    """What it keeps beside that, whatever the batch."""
    partial: bool = False
    """Whether more of the same check follows: nodes that are missing here are not yet looked at."""

    @property
    def has_errors(self) -> bool:
        """Whether anything stands in the way of training."""
        return any(problem.severity == "error" for problem in self.problems)

    @property
    def model_errors(self) -> tuple[Problem, ...]:
        """What stands in the way of the model itself: a network without a loss cannot be trained, but taken away."""
        held = set(self.model)
        errors = (problem for problem in self.problems if problem.severity == "error")
        return tuple(problem for problem in errors if problem.node in held or not held)


class Source(msgspec.Struct, frozen=True, tag="source"):
    """The written files by name (`model.py`, `train.py`) and, for each line of model.py (from 1), its nodes.

    They stand in the order in which they are computed; `script_lines` say the same of train.py.
    """

    files: dict[str, str]
    lines: dict[int, tuple[str, ...]] = {}
    script_lines: dict[int, tuple[str, ...]] = {}


# ---- requests


class Check(msgspec.Struct, frozen=True, tag="check"):
    """Check a project; a newer check in the queue makes an older one be passed over (its reply is None)."""

    project: Project
    revision: int = 0


class Describe(msgspec.Struct, frozen=True, tag="describe"):
    """Read a data set and say what it holds (reply: DataReport), for the dialog that chooses one."""

    data: Data


class Write(msgspec.Struct, frozen=True, tag="write"):
    """Write a project's source (reply: Source)."""

    project: Project


class Warm(msgspec.Struct, frozen=True, tag="warm"):
    """Load everything that a first training step needs; with a project, do ahead what its run will need.

    With a project the reply is Estimated, or Nothing where another request came meanwhile.
    """

    project: Project | None = None


class Train(msgspec.Struct, frozen=True, tag="train"):
    """Train a project into a run folder; events follow, the reply is the last of them (Ended)."""

    project: Project
    folder: str
    watch: str = ""


class Control(msgspec.Struct, frozen=True, tag="control"):
    """Steer what this engine is doing; read at once, between two steps."""

    action: Literal["pause", "continue", "stop", "cancel"]


class Watch(msgspec.Struct, frozen=True, tag="watch"):
    """Which node's weights the histograms should follow, "" for every node with weights."""

    node: str


class Evaluate(msgspec.Struct, frozen=True, tag="evaluate"):
    """Measure a run's best weights on the test part, and record that it was done (reply: Evaluated)."""

    project: Project
    run: str


class Predict(msgspec.Struct, frozen=True, tag="predict"):
    """Predict every row of a data file into a CSV (reply: Predicted)."""

    project: Project
    run: str
    data: str
    out: str


class Try(msgspec.Struct, frozen=True, tag="try"):
    """What the trained network says to one input given by hand; `values` by field, raw as in the data (reply: Tried).

    A `file` (picture, CSV row, NPZ) may be given instead; its first row counts.
    """

    project: Project
    run: str
    values: dict[str, list[float]] = {}
    file: str = ""


class Export(msgspec.Struct, frozen=True, tag="export"):
    """Export a project, with the weights of a run where one is given (reply: Exported)."""

    project: Project
    to: Literal["python", "script", "onnx"]
    out: str
    run: str = ""


class About(msgspec.Struct, frozen=True, tag="about"):
    """Versions and devices (reply: a dict)."""


class Sketch(msgspec.Struct, frozen=True, tag="sketch"):
    """What curve a layer with these values has (reply: Sketched)."""

    layer: str
    values: dict[str, Any] = {}


class Trust(msgspec.Struct, frozen=True, tag="trust"):
    """Code that the person lets run here, by SHA-256 of its text; read at once, before the requests behind it."""

    hashes: tuple[str, ...]


Request = (
    Check
    | Describe
    | Write
    | Warm
    | Train
    | Evaluate
    | Predict
    | Try
    | Export
    | About
    | Sketch
    | Control
    | Watch
    | Trust
)


# ---- other replies


class Predicted(msgspec.Struct, frozen=True, tag="predicted"):
    """How many rows were predicted into which file."""

    rows: int
    out: str
    note: str = ""


class Tried(msgspec.Struct, frozen=True, tag="tried"):
    """What the network says to one input: probabilities with class names, or numbers."""

    output: tuple[float, ...]
    classes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class Exported(msgspec.Struct, frozen=True, tag="exported"):
    """The files of an export and how far it is from the app's own model (None where it was not compared)."""

    files: tuple[str, ...]
    max_difference: float | None = None
    note: str = ""


class Estimated(msgspec.Struct, frozen=True, tag="estimated"):
    """What a run will take, from a few timed steps of it: seconds in all and for a step, and bytes at the peak.

    `seconds` are 0 where no step could be taken, because it would not fit into what is free (`free_bytes`).
    """

    seconds: float
    step_seconds: float
    peak_bytes: int
    device: str = "cpu"
    free_bytes: int = 0


class Curve(msgspec.Struct, frozen=True):
    """One line of a sketch, as raw float32 for each x: its value, its slope, and the band that training draws from."""

    name: str
    y: bytes
    slope: bytes = b""
    low: bytes = b""
    high: bytes = b""


class Sketched(msgspec.Struct, frozen=True, tag="sketched"):
    """The curves of a layer over x (raw float32), with what stands at the axes; no curves where it has none."""

    x: bytes = b""
    curves: tuple[Curve, ...] = ()
    across: str = ""
    up: str = ""
    note: str = ""


class Described(msgspec.Struct, frozen=True, tag="described"):
    """The answer to Describe."""

    report: DataReport


class Facts(msgspec.Struct, frozen=True, tag="facts"):
    """Versions and devices."""

    versions: dict[str, str]
    devices: tuple[str, ...]


# ---- the envelope


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The engine listens."""

    pid: int


class Progress(msgspec.Struct, frozen=True, tag="progress"):
    """How far a long request is: a share from 0 to 1 (or -1 where it is unknown), and what is being done."""

    share: float
    text: str


class Failure(msgspec.Struct, frozen=True, tag="failure"):
    """A request that could not be done: one sentence; torch's text or a traceback goes into the details."""

    message: str
    details: str = ""
    kind: Literal["problem", "cancelled", "crash"] = "problem"
    problems: tuple[Problem, ...] = ()


class Nothing(msgspec.Struct, frozen=True, tag="nothing"):
    """A reply without content: done, or passed over."""


Answer = (
    Checked
    | Source
    | Described
    | Estimated
    | Facts
    | Predicted
    | Tried
    | Exported
    | Sketched
    | Evaluated
    | Ended
    | Nothing
    | Failure
)
Body = (
    Ready
    | Progress
    | Failure
    | Nothing
    | Checked
    | Source
    | Described
    | Estimated
    | Facts
    | Predicted
    | Tried
    | Exported
    | Sketched
    | Event
)


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """A request under its id."""

    id: int
    body: Request


class Said(msgspec.Struct, frozen=True, array_like=True):
    """An answer or event under the id of the request that it belongs to; `last` ends the request."""

    id: int
    body: Body
    last: bool = False


ASKED: msgspec.msgpack.Decoder[Asked] = msgspec.msgpack.Decoder(Asked)
SAID: msgspec.msgpack.Decoder[Said] = msgspec.msgpack.Decoder(Said)
