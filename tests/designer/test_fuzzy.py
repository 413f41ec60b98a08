"""A typed word is forgiven one wrong letter, and no more."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.fuzzy import begins_with_a_typo, is_one_typo_off

WORDS = st.text(string.ascii_lowercase, min_size=5, max_size=12)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("linaer", "linear"), ("dorpout", "dropout"), ("flaten", "flatten"), ("softmaxx", "softmax"), ("lsmt", "lstm")],
)
def test_that_one_wrong_missing_doubled_or_swapped_letter_is_forgiven(typed: str, meant: str):
    assert is_one_typo_off(typed, meant)


@pytest.mark.parametrize(("typed", "meant"), [("linreaa", "linear"), ("gru", "gru"), ("sum", "sun"), ("relu", "silu6")])
def test_that_two_wrong_letters_and_short_words_are_not(typed: str, meant: str):
    assert not is_one_typo_off(typed, meant)


@given(WORDS, st.data())
def test_that_any_one_edit_of_a_word_is_forgiven(word: str, data: st.DataObject):
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    edits = [
        word[:at] + letter + word[at:],
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    ]
    assert all(is_one_typo_off(edit, word) for edit in edits)


@given(WORDS, WORDS)
def test_that_forgiveness_goes_both_ways_and_never_over_more_than_one_letter_of_length(one: str, other: str):
    assert is_one_typo_off(one, other) == is_one_typo_off(other, one)
    assert not is_one_typo_off(one, one + other)


def test_that_the_beginning_of_a_longer_word_may_hold_a_typo():
    assert begins_with_a_typo("convtrnas", "convtranspose2d")
    assert not begins_with_a_typo("conv", "convtranspose2d")
