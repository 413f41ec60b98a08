"""What a person types becomes a value, and a value reads as a person would write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.layers import CATALOGUE
from core.parameters import Parameter, parameters, read
from core.training import Split, Training
from designer.fuzzy import best, score
from designer.numbers import NARROW, counted, difference, duration, grouped, memory, scientific, short
from designer.values import typed, written


def declared(kind: str, **said) -> Parameter:
    return Parameter(name="size", kind=kind, default=None, dropped=None, help="", **said)  # type: ignore[arg-type]


def test_that_sizes_are_read_with_any_sign_between_them():
    two = declared("sizes", length=2, low=1)
    assert typed(two, "3 × 5") == typed(two, "3x5") == typed(two, "3, 5") == typed(two, "(3,5)") == (3, 5)


def test_that_equal_sizes_become_one_number_as_torch_writes_them():
    two = declared("sizes", length=2, low=1)
    assert typed(two, "3 × 3") == 3
    assert written(two, 3) == "3 × 3"


def test_that_a_list_of_numbers_is_read_and_written_with_commas():
    several = declared("numbers")
    assert typed(several, "1, 2.5 -3e-2") == typed(several, "[1; 2.5; -0.03]") == (1.0, 2.5, -0.03)
    assert written(several, (1.0, 2.5, -0.03)) == "1, 2.5, -0.03"
    with pytest.raises(ValueError, match=r"size must be a list of numbers, but is “1, two”\."):
        typed(several, "1, two")


def test_that_none_is_only_taken_where_it_is_allowed():
    assert typed(declared("integer", optional=True), "none") is None
    with pytest.raises(ValueError, match="must be a whole number"):
        typed(declared("integer"), "none")


@pytest.mark.parametrize("text", ["", "three", "3.5", "0", "101"])
def test_that_a_text_that_is_no_fitting_number_is_refused_in_one_sentence(text: str):
    with pytest.raises(ValueError, match=r"size must be a whole number from 1 to 100, but is .*\.$"):
        typed(declared("integer", low=1, high=100), text)


def test_that_a_decimal_comma_is_understood():
    assert typed(declared("number"), "0,5") == 0.5


@given(st.floats(1e-12, 1e12))
def test_that_a_number_survives_its_own_text_to_six_digits(number: float):
    assert float(scientific(number)) == pytest.approx(number, rel=1e-5)


@pytest.mark.parametrize("declaration", [*CATALOGUE.values(), Training, Split], ids=lambda each: each.__name__)
def test_that_every_default_reads_back_from_its_own_text(declaration: type):
    for each in parameters(declaration):
        if each.kind in ("integer", "number", "sizes", "shape", "numbers", "text"):
            for value in (each.default, each.dropped):
                back = typed(each, written(each, value))
                assert read(declaration, {each.name: back})[0] == read(declaration, {each.name: value})[0] or back == (
                    value[0] if isinstance(value, tuple) else value
                )


def test_that_numbers_are_grouped_shortened_and_counted():
    assert grouped(74762) == f"74{NARROW}762"
    assert short(18432, "MAC") == f"18.4{NARROW}kMAC"
    assert short(1_240_000_000, "MAC") == f"1.2{NARROW}GMAC"
    assert counted(0, "problem") == "no problems"
    assert counted(1, "node") == "1 node"
    assert memory(38 * 2**20) == f"38{NARROW}MiB"
    assert duration(125) == f"2{NARROW}min 05{NARROW}s"
    assert scientific(1e-3) == "1e-3"
    assert difference(2.1e-7) == "2.1e-7"


def test_that_a_search_puts_the_beginning_of_a_name_before_its_inside():
    names = ["ConvTranspose2d", "Conv2d", "LazyConv2d"]
    assert best("conv2", names, lambda each: (each,))[0] == "Conv2d"
    assert score("cv2", "Conv2d") > 0
    assert score("xq", "Conv2d") == 0


def test_that_a_search_finds_by_what_a_layer_is_for():
    found = best("label", CATALOGUE.values(), lambda each: (each.__name__, *each.synonyms))
    assert found[0].__name__ == "Target"
