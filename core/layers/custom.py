"""A layer of a person's own, declared by the Python text in its form (see `core.layers.own_code`)."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, cast

import msgspec

from core.layers.layer import Call, Inputs, Layer, Port, Refused, fixed_size
from core.layers.own_code import SIZES, Reading, clashes, reading
from core.parameters import Value, parameter, parameters

__all__ = ["DEFAULT", "Python", "clashes", "reading"]

DEFAULT = '''\
def gated(input: Tensor, slope: float = 1.0) -> Tensor:
    """Lets each number through as far as it is positive."""
    return input * torch.sigmoid(slope * input)
'''

MEANT = {bool: "True or false", int: "A whole number", float: "A number", str: "A text"}


class Python(Layer, family="custom"):
    """Runs a function or module of your own, written in Python.

    Arguments that take tensors become inputs, arguments with a default become settings.
    """

    port_shapes: ClassVar = {
        "input": "Any shape that your code takes.",
        "output": "Whatever shape your code returns.",
    }

    synonyms: ClassVar = ("code", "own layer", "custom", "function", "script", "module", "lambda")
    use: ClassVar = (
        "For what no other entry computes; what the catalogue has is better taken from it, because it is checked, "
        "explained and repaired by name."
    )
    formula: ClassVar = "y = f(x)"
    fault: ClassVar[str] = ""
    """Why the text cannot be used, in one sentence; "" where it can."""

    code: str = parameter(
        DEFAULT,
        "Imports and one function, or one class that is an nn.Module; torch, nn and Tensor are there already. An "
        "argument of __init__ called in_features or in_channels is filled from the input.",
        kind="code",
        required=True,
    )

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> type[Layer]:
        """The declaration that the text in these values describes."""
        code = values.get("code", DEFAULT)
        return _declared(code if isinstance(code, str) else DEFAULT)

    @classmethod
    def own(cls, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values without those of arguments that the text no longer has; they stay, for when it has them again."""
        known = {each.name for each in parameters(cls)}
        return {name: value for name, value in values.items() if name in known}

    def call(self, inputs: Inputs) -> Call:
        """The call of the function, or of the module that is built with the settings."""
        found = reading(self.code)
        if found.fault:
            raise Refused(f"{{self}}: {found.fault}")
        given: list[str] = []
        for argument in found.arguments:
            port = argument.port
            is_linked = port.name in inputs or port.variadic
            if is_linked:
                given.append(f"{port.name}={{{port.name}}}" if argument.is_named else f"{{{port.name}}}")
        changed = tuple(self._changed(found))
        unpack = found.outputs if len(found.outputs) > 1 else ()
        end = "[0]" if found.is_single else ""
        if found.is_class:
            filled = tuple((name, self._size(inputs, name)) for name in found.sizes)
            return Call(
                found.name,
                (),
                (*filled, *changed),
                f"{{module}}({', '.join(given)}){end}",
                unpack=unpack,
                imports=found.imports,
                code=found.text,
            )
        given += [f"{name}={{{name}}}" for name, _ in changed]
        expression = f"{found.name}({', '.join(given)}){end}"
        return Call("", (), changed, expression, unpack=unpack, imports=found.imports, code=found.text)

    def _changed(self, found: Reading) -> Iterable[tuple[str, Value]]:
        for setting in found.settings:
            value = cast("Value", getattr(self, setting.name, setting.default))
            if value != setting.default or type(value) is not type(setting.default):
                yield setting.name, value

    def _size(self, inputs: Inputs, name: str) -> int:
        ports = [port.name for port in type(self).inputs if port.name in inputs]
        ports = ports or sorted(inputs)
        if not ports:
            raise Refused(f"{{self}} takes {name} from its input, but nothing is linked to it: link something.")
        return fixed_size(inputs, ports[0], SIZES[name], "{self}", name)


@functools.lru_cache(500)
def _declared(code: str) -> type[Python]:
    found = reading(code)
    annotations: dict[str, Any] = {}
    space: dict[str, Any] = {"__doc__": Python.__doc__, "__module__": __name__, "__annotations__": annotations}
    for setting in found.settings:
        annotations[setting.name] = setting.kind | None if setting.optional else setting.kind
        about = f"{MEANT[setting.kind]} that {found.name} takes as {setting.name}."
        space[setting.name] = parameter(setting.default, about, choices=setting.choices)
    made = cast("type[Python]", type("Python", (Python,), space))
    made.family = Python.family  # a class of its own for each text; the catalogue holds the first one alone
    taken, given = Python.inputs[0].shape, Python.outputs[0].shape
    made.inputs = tuple(msgspec.structs.replace(argument.port, shape=taken) for argument in found.arguments)
    made.outputs = tuple(Port(name, shape=given) for name in found.outputs)
    made.fault = found.fault
    return made
