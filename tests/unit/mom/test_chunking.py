import numpy as np
import pytest

from mom.chunking import (
    Lengths,
    boundary_probabilities,
    lexical_products,
    merge_short,
    norm_costs,
    segment,
    segment_cost,
    split_lengths,
)
from mom.word_table import FrozenWordTable

ROWS = np.array([[1, 0], [0.9, 0.1], [0.1, 0.9], [0, 1], [0.05, 0.95]])
ROWS = ROWS / np.linalg.norm(ROWS, axis=1, keepdims=True)
NO_LIMITS = Lengths(1, 1e9)


def test_segment_costs_are_the_golden_ones() -> None:
    costs = [segment_cost(ROWS, 0, 2), segment_cost(ROWS, 2, 5), segment_cost(ROWS, 0, 5)]
    assert costs == pytest.approx([0.003060474289, 0.003062985685, 1.221071630960], abs=1e-9)


@pytest.mark.parametrize(("gamma", "total"), [(0.1, 0.206123459974), (0.5, 1.006123459974)])
def test_the_golden_segmentation_is_found(gamma: float, total: float) -> None:
    starts, cost = segment(norm_costs(ROWS), [1] * 5, NO_LIMITS, gamma=gamma, mu=0)
    assert starts == [0, 2]
    assert cost == pytest.approx(total, abs=1e-9)


def test_the_dynamic_programme_finds_what_trying_everything_finds() -> None:
    rows = np.random.default_rng(7).random((9, 4))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    lengths, limits = [3.0, 9, 4, 4, 7, 2, 8, 5, 6], Lengths(8, 20, is_hard=False)

    def cost(cuts: list[int]) -> float:
        total = 0.0
        for start, end in zip(cuts, [*cuts[1:], 9], strict=True):
            length = sum(lengths[start:end])
            total += segment_cost(rows, start, end) + 0.5 + max(0, 8 - length) / 8 + max(0, length - 20) / 20
        return total

    everything = [[0, *(i + 1 for i in range(8) if mask >> i & 1)] for mask in range(256)]
    starts, found = segment(norm_costs(rows), lengths, limits)
    assert found == pytest.approx(min(map(cost, everything)), abs=1e-9)
    assert cost(starts) == pytest.approx(found, abs=1e-9)


def test_ties_go_to_the_longest_last_segment() -> None:
    same = np.ones((4, 1))
    assert segment(norm_costs(same), [1] * 4, NO_LIMITS, gamma=0, mu=0)[0] == [0]


def test_no_segment_passes_a_hard_maximum_but_a_single_unit() -> None:
    starts, _ = segment(norm_costs(np.ones((5, 1))), [4, 4, 30, 4, 4], Lengths(1, 10))
    assert starts == [0, 2, 3]


def test_depths_and_boundary_probabilities_are_the_golden_ones() -> None:
    depths, probabilities = boundary_probabilities([0.8, 0.75, 0.2, 0.7, 0.78])
    assert depths == pytest.approx([0, 0.05, 1.18, 0.08, 0], abs=1e-9)
    assert probabilities == pytest.approx([0.361342123832, 0.386783691565, 0.880331880006, 0.402360995399, 0.361342123832], abs=1e-9)


def test_equal_similarities_leave_every_boundary_open() -> None:
    assert boundary_probabilities([0.5, 0.5])[1] == [0.5, 0.5]


def test_short_chunks_join_the_one_before_as_in_the_golden_example() -> None:
    lengths = [30, 120, 40, 200, 45, 20]
    groups = merge_short(lengths, Lengths(50, 250), ends=False)
    assert [sum(lengths[index] for index in group) for group in groups] == [30, 160, 245, 20]


def test_the_repair_also_joins_a_short_first_chunk() -> None:
    lengths = [30, 120, 40, 200, 45, 20]
    groups = merge_short(lengths, Lengths(50, 250))
    assert [sum(lengths[index] for index in group) for group in groups] == [190, 245, 20]


def test_lexical_products_are_the_cosines_of_weighted_terms() -> None:
    table = FrozenWordTable("test", {"a": 1.0, "b": 2.0}, 3.0)
    units = [["a", "b"], ["b"], ["z"], ["a", "b"]]
    products = list(lexical_products(units, table))
    assert products[1] == pytest.approx([2 / 5**0.5], abs=1e-3)
    assert products[3] == pytest.approx([0, 2 / 5**0.5, 1], abs=1e-3)
    assert [len(row) for row in lexical_products(units, table, reach=2)] == [0, 1, 1, 1]


def test_terms_no_heavier_than_the_floor_count_nothing() -> None:
    table = FrozenWordTable("test", {"a": 1.0, "b": 2.0}, 3.0)
    assert list(lexical_products([["a", "b"], ["a"], ["b"]], table, floor=1.0)) == [[], [0.0], [0.0, 1.0]]


def test_a_cut_that_is_worth_enough_is_made_and_one_that_costs_too_much_is_not() -> None:
    same = np.ones((4, 1))
    worth = segment(norm_costs(same), [1] * 4, NO_LIMITS, gamma=0.5, mu=0, cut_costs=[0.0, 0.0, -1.0, 0.0])
    assert worth == ([0, 2], pytest.approx(0.0, abs=1e-9))
    assert segment(norm_costs(ROWS), [1] * 5, NO_LIMITS, gamma=0.1, mu=0, cut_costs=[0.0, 5.0, 5.0, 5.0, 5.0])[0] == [0]


def test_lines_fill_chunks_up_to_the_maximum() -> None:
    assert split_lengths([4, 4, 4, 11, 1], 10) == [range(2), range(2, 3), range(3, 4), range(4, 5)]
