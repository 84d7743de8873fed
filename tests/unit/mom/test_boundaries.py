import numpy as np

from mom.boundaries import read_boundaries, shipped_weights
from mom.cohesion import SIMILARITIES
from mom.cues import CUES, REGISTERS
from mom.word_table import shipped_word_table

PROSE = ["The dam was built in 1932.", "It held back the river.", "A waltz was written in Vienna.", "Pianists played the waltz."]


def test_every_register_has_weights_of_known_evidence() -> None:
    weights = shipped_weights()
    assert sorted(weights) == sorted(REGISTERS)
    assert all(set(register.evidence) <= {*SIMILARITIES, *CUES} for register in weights.values())


def test_a_sentence_that_points_back_is_no_good_beginning() -> None:
    costs = read_boundaries(PROSE, shipped_word_table()).cut_costs
    assert costs[0] == 0.0
    assert costs[1] > costs[2]


def test_a_cut_is_cheaper_where_the_words_change() -> None:
    costs = list(read_boundaries(PROSE, shipped_word_table()).costs())
    assert [len(row) for row in costs] == [1, 2, 3, 4]
    two_topics, split_elsewhere = costs[1][0] + costs[3][2], costs[0][0] + costs[3][1]
    assert two_topics < split_elsewhere


def test_only_the_asked_number_of_units_is_tried() -> None:
    boundaries = read_boundaries(["Hi! Do you like cars?", "Yes, I do.", "Are you married?"], shipped_word_table())
    assert [len(row) for row in boundaries.costs(2)] == [1, 2, 2]


def test_no_units_have_no_boundaries() -> None:
    assert np.array_equal(read_boundaries([], shipped_word_table()).cut_costs, np.zeros(0))
