import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mom.cohesion import DIRECTION, PRIOR_UNITS, SEGMENT, SIMILARITIES, UNIT, gap_similarities, read_section, segment_costs
from mom.word_table import FrozenWordTable
from mom.word_vectors import WordVectors

TABLE = FrozenWordTable("test", {"the": 0.5}, 5.0)
VECTORS = WordVectors({"dam": 0, "river": 1, "waltz": 2}, np.array([[90, 10], [80, 30], [-50, 90]], np.int8))
BAGS = [["dam", "the", "river"], ["river", "flood"], ["the"], ["waltz", "flood", "flood"], ["waltz"]]


def expected_cost(bags: list[list[str]], first: int, end: int) -> float:
    section = read_section(bags, TABLE, VECTORS)
    counts = Counter(term for bag in bags[first:end] for term in bag if term != "the")
    vocabulary = len({term for bag in bags for term in bag if term != "the"})
    n = counts.total()
    likelihood = sum(f * math.log((n + vocabulary) / (f + 1)) for f in counts.values())
    direction = (section.sums[end] - section.sums[first]) / UNIT
    return likelihood - DIRECTION * float(direction @ direction) / (end - first + PRIOR_UNITS) + SEGMENT


@given(
    bags=st.lists(st.lists(st.sampled_from(["dam", "river", "waltz", "flood", "the"]), max_size=4), max_size=9), reach=st.integers(1, 10)
)
@settings(deadline=None)
def test_segment_costs_are_those_of_their_formula(bags: list[list[str]], reach: int) -> None:
    costs = list(segment_costs(read_section(bags, TABLE, VECTORS), reach))
    assert [len(row) for row in costs] == [min(end, reach) for end in range(1, len(bags) + 1)]
    for end, row in enumerate(costs, start=1):
        first = end - len(row)
        assert row == pytest.approx([expected_cost(bags, start, end) for start in range(first, end)], abs=1e-4)


def test_units_about_the_same_thing_are_held_together() -> None:
    costs = list(segment_costs(read_section(BAGS, TABLE, VECTORS)))
    same, other = costs[1][0] - costs[1][1] - costs[0][0], costs[3][2] - costs[3][3] - costs[2][2]
    assert same < other


def test_similarities_across_a_gap_fall_where_the_topic_changes() -> None:
    similarities = gap_similarities(read_section(BAGS, TABLE, VECTORS))
    assert similarities.shape == (4, len(SIMILARITIES))
    vectors_1, terms_1 = SIMILARITIES.index("vectors_1"), SIMILARITIES.index("terms_1")
    assert similarities[0, vectors_1] > 0.5 > similarities[2, vectors_1]
    assert similarities[0, terms_1] > similarities[1, terms_1] == 0.0
    assert np.abs(similarities).max() <= 1.0 + 1e-9


def test_a_section_of_one_unit_has_no_gap_and_one_of_none_no_cost() -> None:
    assert gap_similarities(read_section([["dam"]], TABLE, VECTORS)).shape == (0, len(SIMILARITIES))
    assert list(segment_costs(read_section([], TABLE, VECTORS))) == []


def test_a_long_section_does_not_raise_the_cost_of_its_words() -> None:
    block = [[f"w{index}x", f"o{index}x", "dam"] for index in range(80)]
    renamed = [[f"{term}{copy}" for term in bag] for copy in range(5) for bag in block]
    short, long = (list(segment_costs(read_section(bags, TABLE, VECTORS), 4))[3] for bags in (renamed[:80], renamed))
    assert long == pytest.approx(short, abs=0.5)
