"""Numbers far too large for any network: they are told at once, and never tried for minutes."""

from __future__ import annotations

import time
import warnings

import pytest
from fitting import fitting_inputs

from core.engine.examine import Fault, examined
from core.layers import CATALOGUE, Layer
from core.parameters import dropped_values, parameters, read

SIZES = (10**6, 10**9, 2**62)
NUMBERS = (1e30, 1e300, 1e-300)
SECONDS = 5.0
"""Of this process's own time; all of the catalogue together needs about as much."""


@pytest.mark.parametrize("name", [name for name, each in CATALOGUE.items() if each.family not in ("data", "output")])
def test_that_a_huge_setting_is_told_at_once(name: str) -> None:
    declared: type[Layer] = CATALOGUE[name]
    dropped = dropped_values(declared)
    inputs = fitting_inputs(declared(**dropped))
    assert inputs is not None
    for each in parameters(declared):
        sizes = SIZES if each.kind in ("integer", "sizes", "shape") else NUMBERS if each.kind == "number" else ()
        for size in sizes:
            layer, faults = read(declared, {**dropped, each.name: (size,) if each.kind == "shape" else size})
            began = time.process_time()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = examined(layer, inputs)
            assert time.process_time() - began < SECONDS, (each.name, size)
            assert faults or not isinstance(found, Fault) or found.message.endswith((".", "!")), found
