from __future__ import annotations

import dataclasses

import pytest

from core.parameters import dropped_values, fitted, parameter, parameter_of, parameters, read


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sample:
    """Something with one parameter of each kind."""

    count: int = parameter(3, "How many.", low=1)
    share: float = parameter(0.5, "How much.", low=0, high=1)
    above: float = parameter(1.0, "More than nothing.", low=0, open_low=True)
    flag: bool = parameter(True, "Whether.", dropped=False)
    mode: str = parameter("a", "Which.", choices=("a", "b"))
    kernel_size: int | tuple[int, int] = parameter(3, "How large.", low=1, length=2)
    padding: int | tuple[int, int] | str = parameter(0, "Border.", low=0, length=2, choices=("same",))
    shape: tuple[int, ...] = parameter((1,), "Shape.", low=1)
    maybe: int | None = parameter(None, "Perhaps.", low=1)
    numbers: tuple[float, ...] = parameter((1.0,), "Numbers.", low=-1)


def test_that_kinds_follow_from_annotations() -> None:
    kinds = {each.name: each.kind for each in parameters(Sample)}
    assert kinds == {
        "count": "integer", "share": "number", "above": "number", "flag": "boolean", "mode": "choice",
        "kernel_size": "sizes", "padding": "sizes", "shape": "shape", "maybe": "integer",
        "numbers": "numbers",
    }  # fmt: skip


def test_that_what_a_node_is_dropped_with_is_what_differs_from_the_default() -> None:
    assert dropped_values(Sample) == {"flag": False}


@pytest.mark.parametrize(
    ("name", "value", "held"),
    [
        ("count", 7, 7),
        ("share", 1, 1.0),
        ("kernel_size", [3, 5], (3, 5)),
        ("kernel_size", 2, 2),
        ("padding", "same", "same"),
        ("shape", [2, 3], (2, 3)),
        ("shape", 4, (4,)),
        ("maybe", None, None),
        ("numbers", [1, 0.5], (1.0, 0.5)),
        ("numbers", 2, (2.0,)),
    ],
)
def test_that_a_fitting_value_is_held_in_one_form(name: str, value: object, held: object) -> None:
    declared = parameter_of(Sample, name)
    assert declared is not None
    assert fitted(declared, value) == held


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("count", 0, "count must be a whole number of at least 1, but is 0."),
        ("count", True, "count must be a whole number of at least 1, but is True."),
        ("count", 2.5, "count must be a whole number of at least 1, but is 2.5."),
        ("share", 1.5, "share must be a number from 0 to 1, but is 1.5."),
        ("share", float("nan"), "share must be a number from 0 to 1, but is nan."),
        ("above", 0, "above must be a number above 0, but is 0."),
        ("mode", "c", "mode must be one of a, b, but is 'c'."),
        (
            "kernel_size",
            [3, 3, 3],
            "kernel_size must be a whole number or 2 of them of at least 1, but is (3, 3, 3).",
        ),
        ("flag", 1, "flag must be true or false, but is 1."),
        ("numbers", [1, "x"], "numbers must be a list of numbers of at least -1, but is (1, 'x')."),
        ("numbers", [-2], "numbers must be a list of numbers of at least -1, but is (-2,)."),
        ("shape", ["x"], "shape must be a list of whole numbers of at least 1, but is ('x',)."),
        ("maybe", 0, "maybe must be a whole number of at least 1 or none, but is 0."),
    ],
)
def test_that_a_value_that_does_not_fit_is_refused_in_one_sentence(name: str, value: object, sentence: str) -> None:
    declared = parameter_of(Sample, name)
    assert declared is not None
    with pytest.raises(ValueError, match="must be") as refused:
        fitted(declared, value)
    assert str(refused.value) == sentence


def test_that_reading_keeps_what_fits_and_names_what_does_not() -> None:
    sample, faults = read(Sample, {"count": 9, "share": "much", "colour": 1})
    assert sample == Sample(count=9)
    assert [name for name, _ in faults] == ["share", "colour"]
    assert faults[1][1].startswith("There is no parameter colour; known here: count, share")
