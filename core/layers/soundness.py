"""What makes a declaration whole, asked of those that come from other packages; ours are asked by the tests."""

from __future__ import annotations

import re

from core.layers.layer import FAMILIES, Layer
from core.parameters import parameters


def fault(declared: type) -> str:
    """What is wrong with a declared layer, in words that follow its name, or nothing."""
    if not issubclass(declared, Layer):
        return "is not a Layer"
    if declared.family not in FAMILIES:
        return f"is of the family {declared.family!r}, but the families are {', '.join(FAMILIES)}"
    said = (declared.__doc__ or "").strip()  # without one, a dataclass writes its signature there
    if not said or said == (Layer.__doc__ or "").strip() or said.startswith(f"{declared.__name__}("):
        return "has no docstring, which is its help"
    if declared.call is Layer.call:
        return "has no method call"
    if not declared.outputs:
        return "has no output"
    ports = [port.name for side in (declared.inputs, declared.outputs) for port in side]
    strange = next((name for name in ports if not re.fullmatch("[a-z][a-z0-9_]*", name)), "")
    if strange:
        return f"has a port {strange!r}, which is no lower-case identifier"
    try:
        declared_parameters = parameters(declared)
    except Exception as error:  # an annotation that stands for no kind of parameter
        return f"has a parameter that cannot be read ({type(error).__name__}: {error})"
    silent = next((each.name for each in declared_parameters if not each.help), "")
    return f"says nothing about its parameter {silent}" if silent else ""
