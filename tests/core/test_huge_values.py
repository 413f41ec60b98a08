"""Values that no message to an engine can hold are refused where they come in."""

from __future__ import annotations

import pytest

from core.layers import CATALOGUE
from core.parameters import fitted, parameter_of
from core.project import ProjectError, read_text


@pytest.mark.parametrize("text", ['{"version": 1, "seed": 99999999999999999999}', '{"version": 1, "a": "\\ud800"}'])
def test_that_a_file_that_no_message_can_hold_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(ProjectError) as refused:
        read_text(text, "it.loom")
    assert str(refused.value).startswith("it.loom ")


def test_that_a_number_beyond_64_bits_does_not_fit() -> None:
    declared = parameter_of(CATALOGUE["Linear"], "out_features")
    assert declared is not None
    with pytest.raises(ValueError, match="64 bits"):
        fitted(declared, 2**63)
