"""The form in which a layer is declared: one class a layer, everything else is read from it.

class Linear(Layer, family="linear", torch="nn.Linear"):
    \"\"\"Weighs every input for each output and adds a bias.\"\"\"

    out_features: int = parameter(32, "How many numbers come out.", low=1, required=True)
    bias: bool = parameter(True, "Whether a learned constant is added.")

    def call(self, inputs: Inputs) -> Call:
        return self.module(fixed_size(inputs, "input", -1), self.out_features)
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar, Literal, dataclass_transform

import msgspec

from core.graph import natural
from core.parameters import Value, parameter, parameters
from core.repairs import Insert, Repair
from core.specs import Spec, shape_text

Inputs = Mapping[str, Spec]
"""The specs that arrive, by port; only ports with a link are there."""

Family = Literal[
    "data", "linear", "convolution", "pooling", "normalisation", "activation", "recurrent", "attention", "shape",
    "merge", "regularisation", "loss", "output", "custom",
]  # fmt: skip

FAMILIES: dict[str, str] = {
    "data": "Data",
    "linear": "Linear",
    "convolution": "Convolution",
    "pooling": "Pooling",
    "normalisation": "Normalisation",
    "activation": "Activation",
    "recurrent": "Recurrent",
    "attention": "Attention, embedding",
    "shape": "Shape",
    "merge": "Merge and arithmetic",
    "regularisation": "Regularisation",
    "loss": "Loss",
    "output": "Output",
    "custom": "Your own",
}
"""The palette's families in the order in which they are shown, with their titles."""


class Port(msgspec.Struct, frozen=True):
    """A named place for a link; a variadic input `tensors` stands for `tensors_0`, `tensors_1`, ...

    An optional output is there for some settings and inputs alone; `when` names the parameter that brings it.
    """

    name: str
    help: str = ""
    optional: bool = False
    variadic: bool = False
    when: str = ""
    least: int = 2
    """How many links a variadic input needs."""
    shape: str = ""
    """One sentence with its shape, in the letters of torch's pages; `*` stands for any further axes."""


class Call(msgspec.Struct, frozen=True):
    """What a node stands for in source: a module that is built and called, or an expression.

    `target` is the module's name as it is written (`nn.Conv2d`), or "" for an expression. `positional` and
    `keywords` are checked literals; an expression uses its keywords as `{name}`. `expression` is a template over
    input ports (see `calls.invocation`), and for modules `{module}`. `unpack` is the pattern of several outputs,
    in which the names are ports: `("output", ("h", "c"))`.
    """

    target: str = ""
    positional: tuple[Value | Call, ...] = ()
    """The first arguments; a Call among them is a module that is built inside this one."""
    keywords: tuple[tuple[str, Value | Call], ...] = ()
    expression: str = "{module}({input})"
    optional: tuple[tuple[str, str], ...] = ()
    """(port, text that `{optional}` in the expression becomes when the port is linked): `("hx", ", {hx}")`."""
    unpack: tuple[Any, ...] = ()
    imports: tuple[str, ...] = ()
    """Lines that the text needs at the top of its file besides torch's own: `import math`."""
    code: str = ""
    """A function or class that stands above the model, where a person wrote one for this node."""
    function: str = ""
    """A function of the catalogue's own that stands above the model, where an expression would be too long to read."""
    exact: tuple[str, ...] = ()
    """Arguments that are shapes, by keyword or position ("0"), so that `(3, 3)` is not shortened to `3`."""


class Refused(Exception):
    """A layer's own words for an input or a setting that cannot work.

    `message` is one sentence: expected, received, way out. `{source}` in it becomes the node it came from.
    """

    def __init__(self, message: str, port: str = "", repair: Repair | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.port = port
        self.repair = repair


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(parameter,))
class Layer:
    """The base of every declaration in the catalogue; a subclass becomes a frozen dataclass and is registered.

    A class without a family is a base for others and is not registered.
    """

    family: ClassVar[str] = ""
    torch: ClassVar[str] = ""
    inputs: ClassVar[tuple[Port, ...]] = (Port("input"),)
    outputs: ClassVar[tuple[Port, ...]] = (Port("output"),)
    port_shapes: ClassVar[Mapping[str, str]] = {}
    """The shape of what its ports take and give, one sentence a port; it adds to those of its bases.

    `{grid}`, `{sizes}` and `{resized}` become "picture", "H, W" and "H′, W′", or what stands for these with `spatial`.
    """
    synonyms: ClassVar[tuple[str, ...]] = ()
    use: ClassVar[str] = ""
    """When to use it, and what to use instead, in one or two sentences that name other entries as they are called.

    `{spatial}` in the words of a base becomes the number of axes that its layers work along: 1, 2 or 3.
    """
    formula: ClassVar[str] = ""
    """What it computes, in plain text: `y = x Wᵀ + b`."""
    paper: ClassVar[str] = ""
    """The paper that it comes from, as `Author, year, title`; torch's own page is known from `torch`."""
    is_composed: ClassVar[bool] = False
    """Whether it is more than the operation of torch that `torch` names, so that torch has no page on it."""
    constant_ports: ClassVar[tuple[str, ...]] = ()
    """Inputs that torch cannot send a gradient through: what arrives there must not be learned."""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> type[Layer]:
        """The declaration for a node with these values: the class itself, but where the values bring the ports."""
        return cls

    @classmethod
    def own(cls, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Those of a node's values that are looked at: all but where the ports and settings come and go with a text."""
        return values

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        """What the axes of the outputs count, by port, where the layer knows; the others keep none."""
        return {}

    def __init_subclass__(cls, *, family: Family | Literal[""] = "", torch: str = "", **said: Any) -> None:
        super().__init_subclass__(**said)
        own = vars(cls).get("__annotations__", {}).values()
        # Without settings of its own it is as its base is; Layer itself is none yet.
        if not dataclasses.is_dataclass(cls) or not all(str(kind).startswith("ClassVar") for kind in own):
            dataclasses.dataclass(frozen=True, kw_only=True, repr=False, eq=False)(cls)
        cls.family, cls.torch = family, torch
        if family:
            cls.use = cls.use.replace("{spatial}", str(getattr(cls, "spatial", "")))
            said_shapes = {port: text for base in reversed(cls.__mro__) for port, text in _own_shapes(base).items()}
            cls.inputs, cls.outputs = (_shaped(cls, ports, said_shapes) for ports in (cls.inputs, cls.outputs))
            CATALOGUE[cls.__name__] = cls

    # Once for all layers: a dataclass would write and compile them anew for each, a third of loading the catalogue.

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    def call(self, inputs: Inputs) -> Call:
        """The call that this layer stands for, given what arrives; raises Refused in the layer's own words."""
        raise NotImplementedError(type(self).__name__)

    def rule(self, inputs: Inputs) -> dict[str, Spec] | None:
        """The outputs by a rule of our own, for the few layers that torch's meta device cannot run or runs slowly."""
        return None

    def macs(self, inputs: Inputs) -> int | None:
        """Multiply-accumulates for one sample by a closed form, where counting on meta is wrong; else None."""
        return None

    def module(self, *positional: Value | Call, expression: str = "{module}({input})", **said: Any) -> Call:
        """A module call with these first arguments and every other parameter that differs from torch's default."""
        return Call(self.torch, positional, self.keywords(), expression, **said)

    def keywords(self) -> tuple[tuple[str, Value], ...]:
        """The parameters that torch has a default for and that differ from it, as keyword arguments."""
        rest = (each for each in parameters(type(self)) if not each.required)
        return tuple((each.name, value) for each in rest if (value := getattr(self, each.name)) != each.default)


def _own_shapes(base: type) -> Mapping[str, str]:
    return vars(base).get("port_shapes", {})


def _shaped(layer: type[Layer], ports: tuple[Port, ...], shapes: Mapping[str, str]) -> tuple[Port, ...]:
    """The ports with their shapes, those of a layer on a grid with the names of its axes."""
    grid, axes = PLACES.get(getattr(layer, "spatial", 0), ("", ()))
    words = {"{grid}": grid, "{sizes}": ", ".join(axes), "{resized}": ", ".join(f"{axis}′" for axis in axes)}
    made: list[Port] = []
    for port in ports:
        text = shapes.get(port.name, port.shape)
        for place, word in words.items():
            text = text.replace(place, word)
        made.append(msgspec.structs.replace(port, shape=text))
    return tuple(made)


CATALOGUE: dict[str, type[Layer]] = {}
"""Every declared layer by name."""


GRID: dict[int, tuple[str, ...]] = {1: ("N", "C", "T"), 2: ("N", "C", "H", "W"), 3: ("N", "C", "D", "H", "W")}
"""The names of the axes of sequences, pictures and volumes with channels; torch's pages call T a length, L."""

PLACES: dict[int, tuple[str, tuple[str, ...]]] = {
    1: ("sequence", ("T",)),
    2: ("picture", ("H", "W")),
    3: ("volume", ("D", "H", "W")),
}
"""What has one, two or three axes besides samples and channels, and what these are called."""

SEQUENCE = ("N", "T", "features")
"""The names of the axes of a sequence of vectors, batch first."""


def sequence_axes(batch_first: bool) -> tuple[str, ...]:
    """The names of the axes of a sequence of vectors, the batch where it stands."""
    return SEQUENCE if batch_first else ("T", "N", "features")


def axes_of(spec: Spec) -> tuple[str, ...]:
    """A name for each axis: those that are known, else `N` for the batch and "" for the rest."""
    if len(spec.axes) == spec.rank:
        return spec.axes
    return tuple("N" if size == "N" else "" for size in spec.shape)


def same_axes(inputs: Inputs, outputs: Inputs, *otherwise: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """For each output the names of the first input of as many axes that knows them, else those given of that length."""
    found = {
        port: _first_of(spec.rank, (*(each.axes for each in inputs.values()), *otherwise))
        for port, spec in outputs.items()
    }
    return {port: axes for port, axes in found.items() if axes}


def these_axes(outputs: Inputs, *names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """For each output those of the names given that are as many as its axes."""
    return same_axes({}, outputs, *names)


def _first_of(rank: int, names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return next((axes for axes in names if axes and len(axes) == rank), ())


class SameAxes(Layer):
    """The base of layers whose outputs have the axes of their input."""

    port_shapes: ClassVar = {"input": "Any shape.", "output": "The shape of input."}

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return same_axes(inputs, outputs)


class OnGrid(Layer):
    """The base of layers that work along the axes of a sequence, a picture or a volume with channels."""

    port_shapes: ClassVar = {
        "input": "A {grid} for each sample, (N, C, {sizes}).",
        "output": "(N, C, {sizes}), as input.",
    }

    spatial: ClassVar[int]
    """How many these are: 1, 2 or 3."""

    def axis_names(self, inputs: Inputs, outputs: Inputs) -> Mapping[str, tuple[str, ...]]:
        return these_axes(outputs, GRID[self.spatial])


def linked_ports(declared: type[Layer], linked: Collection[str]) -> list[str]:
    """The linked input ports of a layer in the order of its declaration, a variadic one in natural order."""
    found: list[str] = []
    for port in declared.inputs:
        if port.variadic:
            numbered = re.compile(rf"{re.escape(port.name)}_\d+")
            found += sorted(filter(numbered.fullmatch, linked), key=natural)
        elif port.name in linked:
            found.append(port.name)
    return found


def fixed_size(inputs: Inputs, port: str, axis: int, layer: str = "", what: str = "size") -> int:
    """The constant size of one axis of an input; raises Refused where it varies or is not there."""
    shape = inputs[port].shape
    if not -len(shape) <= axis < len(shape):
        raise Refused(
            f"{layer or 'This layer'} expects an axis {axis}, but receives {shape_text(shape)} from {{source}}: insert "
            "Unsqueeze, which adds one.",
            port,
            Repair("Insert Unsqueeze", (Insert("{self}", port, "Unsqueeze", {"dim": len(shape)}),)) if shape else None,
        )
    size = shape[axis]
    if isinstance(size, str):
        raise Refused(
            f"{layer or 'This layer'} takes its {what} from axis {axis} of its input, but that axis varies ({size}) "
            f"in the {shape_text(shape)} from {{source}}: give it an input whose axis {axis} has one size.",
            port,
        )
    return size
