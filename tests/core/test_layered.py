"""The automatic layout: links lead forwards, boxes never overlap, long chains become rows, and nothing is left out."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.layered import Bond, forwards, own_order, parts, placed, quick_order
from core.layout import PITCH_X
from core.wrapping import Boxes, arranged

WIDTH = 152.0


def chain(count: int) -> tuple[Bond, ...]:
    return tuple(Bond(each, each + 1, 40.0, 40.0) for each in range(count - 1))


@st.composite
def drawings(draw: st.DrawFn) -> Boxes:
    count = draw(st.integers(1, 24))
    ends = st.integers(0, count - 1)
    ports = st.sampled_from([41.5, 63.5])
    bonds = draw(st.lists(st.builds(Bond, ends, ends, ports, ports), max_size=40))
    heights = draw(st.lists(st.sampled_from([26.0, 76.0, 93.0, 210.0]), min_size=count, max_size=count))
    wide = draw(st.sampled_from([300.0, 900.0, 5000.0]))
    return Boxes(tuple(heights), tuple(bonds), wide, 1.6, draw(st.booleans()))


@settings(max_examples=150, deadline=None)
@given(drawings())
def test_that_every_box_has_a_place_of_its_own_and_the_same_each_time(boxes: Boxes):
    corners = arranged(boxes, quick_order)
    assert len(corners) == len(boxes.heights)
    rects = [(x, y, x + WIDTH, y + height) for (x, y), height in zip(corners, boxes.heights, strict=True)]
    for one, other in itertools.combinations(rects, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] + 8 <= other[1] or other[3] + 8 <= one[1]
        assert apart, (one, other)
    assert arranged(boxes, quick_order) == corners


@settings(max_examples=100, deadline=None)
@given(drawings())
def test_that_what_is_kept_has_no_cycle_and_leads_to_the_right(boxes: Boxes):
    bonds = forwards(len(boxes.heights), boxes.bonds)
    wide = Boxes(boxes.heights, boxes.bonds, 1e9, 1.6, boxes.is_quick)
    corners = arranged(wide, quick_order)
    assert all(corners[bond.source][0] < corners[bond.target][0] for bond in bonds)
    given_ends = {(bond.source, bond.target) for bond in boxes.bonds}
    acyclic = all(source < target for source, target in given_ends)
    assert not acyclic or {(bond.source, bond.target) for bond in bonds} == given_ends


def test_that_a_chain_is_one_level_row_where_it_fits():
    corners = arranged(Boxes((93.0, 76.0, 93.0, 76.0), chain(4)), quick_order)
    assert corners == [(PITCH_X * place, 0.0) for place in range(4)]


@pytest.mark.parametrize("is_quick", [True, False])
def test_that_a_chain_of_1000_becomes_rows_of_the_views_aspect(is_quick: bool):
    boxes = Boxes((90.0,) * 1000, chain(1000), 2600.0, 1.6, is_quick)
    corners = arranged(boxes, quick_order)
    wide, high = max(x for x, _ in corners) + WIDTH, max(y for _, y in corners) + 90
    assert 1.2 < wide / high < 2.1
    back = sum(corners[each + 1][0] <= corners[each][0] for each in range(999))
    assert 10 < back < 60  # so many rows, less one
    assert all(y2 > y1 + 90 for (x1, y1), (x2, y2) in itertools.pairwise(corners) if x2 <= x1)


def test_that_a_ladder_of_shortcuts_is_not_broken_into_rows():
    ladder = tuple(Bond(each, 17 - each) for each in range(8))
    corners = arranged(Boxes((90.0,) * 18, (*chain(18), *ladder), 2000.0, 1.6), quick_order)
    assert all(corners[each][0] < corners[each + 1][0] for each in range(17))


def test_that_a_shortcut_passes_above_or_below_the_boxes_that_it_skips():
    for enter, rise in ((40.0, 0.0), (62.0, 0.0), (128.0, 88.0)):  # the next port is near enough to stay level
        bonds = (*chain(5), Bond(0, 4, 40.0, enter))
        corners = arranged(Boxes((90.0,) * 5, bonds), quick_order)
        assert corners[0][1] - corners[4][1] == rise
        line = corners[0][1] + 40.0
        assert all(not y - 5 < line < y + 95 for _, y in corners[1:4])


def test_that_rows_leave_room_for_the_link_that_leads_back():
    heights = tuple(300.0 if each % 7 == 3 else 80.0 for each in range(60))
    corners = arranged(Boxes(heights, chain(60), 1500.0, 1.6), quick_order)
    for each in range(59):
        (x1, y1), (x2, y2) = corners[each], corners[each + 1]
        if x2 > x1:
            continue
        level = (y1 + y2) / 2 + 40
        covered = [place for place, (_, y) in enumerate(corners) if y < level < y + heights[place]]
        assert not covered


def test_that_the_largest_part_comes_first_and_lone_boxes_stand_in_rows():
    assert parts(5, [Bond(2, 3), Bond(3, 4)]) == [[2, 3, 4], [0], [1]]
    corners = arranged(Boxes((80.0,) * 40, (), 1000.0, 1.6), quick_order)
    assert len({y for _, y in corners}) > 3
    assert len({x for x, _ in corners}) > 3


def test_that_our_own_order_stands_in_where_a_link_would_lead_back(monkeypatch: pytest.MonkeyPatch):
    import fast_sugiyama

    said = fast_sugiyama.from_edges

    def turned(*args, **named):
        """What about one random graph in a hundred gets: an edge that does not lead forwards."""
        found = said(*args, **named)
        positions, width, height, edges = found[0]
        found[0] = ([(name, (x, -y)) for name, (x, y) in positions], width, height, edges)
        return found

    monkeypatch.setattr(fast_sugiyama, "from_edges", turned)
    bonds = chain(4)
    assert quick_order(4, bonds) is None
    assert [x for x, _ in arranged(Boxes((80.0,) * 4, bonds), quick_order)] == [0, PITCH_X, 2 * PITCH_X, 3 * PITCH_X]


def test_that_one_box_that_feeds_everything_takes_no_quadratic_room():
    count = 800
    bonds = [*chain(count), *(Bond(0, each) for each in range(2, count))]
    assert quick_order(count, bonds) is None  # as many vertices as there are ranks passed would be needed
    ordered = own_order(count, bonds)
    assert sum(map(len, ordered.ranks)) < 3 * count
    assert len(placed(ordered, [80.0] * count)) < 3 * count


def test_that_a_wide_random_drawing_keeps_most_neighbours_near():
    chooser = random.Random(1)
    count = 300
    bonds = tuple(sorted({(chooser.randrange(max(0, each - 8), each), each) for each in range(1, count)}))
    corners = arranged(Boxes((90.0,) * count, tuple(Bond(*ends, 40.0, 40.0) for ends in bonds), 1e9), quick_order)
    level = sum(abs(corners[source][1] - corners[target][1]) < 1 for source, target in bonds)
    assert level > len(bonds) * 0.4
