"""A project's own palette is kept in its file, read strictly, and not there where there is none."""

from __future__ import annotations

import json
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.project import Project, ProjectError, read_text, text_of

NAMES = st.lists(st.text(min_size=1, max_size=20).filter(str.strip), unique=True, max_size=8)


@given(NAMES)
def test_that_a_palette_comes_back_as_it_was_and_in_its_order(names: list[str]):
    project = Project(palette=tuple(names))
    text = text_of(project)
    assert read_text(text) == project
    assert text_of(read_text(text)) == text


def test_that_no_palette_leaves_no_trace_in_the_file():
    assert "palette" not in json.loads(text_of(Project()))
    assert read_text(text_of(Project())).palette == ()


def test_that_layers_that_are_not_known_here_are_kept():
    assert read_text('{"version": 1, "palette": ["Linear", "FromAPlugin"]}').palette == ("Linear", "FromAPlugin")


@pytest.mark.parametrize(
    ("palette", "place"),
    [
        ('"Linear"', "palette should be a list, but is text"),
        ("null", "palette should be a list, but is nothing"),
        ("[1]", "palette[0] should be text, but is a number"),
        ('["Add", ["Cat"]]', "palette[1] should be text, but is a list"),
        ('["Add", " "]', "palette[1] should be the name of a layer"),
        ('["Add", "Add"]', "palette[1] should be a layer that is not yet in the palette"),
    ],
)
def test_that_a_palette_of_another_form_is_refused_with_its_place(palette: str, place: str):
    with pytest.raises(ProjectError, match=re.escape(f"It cannot be read: {place}")):
        read_text(f'{{"version": 1, "palette": {palette}}}', "It")


def test_that_a_palette_survives_the_way_to_an_engine():
    project = Project(palette=("Add", "Linear"))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(project), type=Project) == project
