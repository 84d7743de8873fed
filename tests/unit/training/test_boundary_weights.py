import numpy as np
import pytest

from mom.chunking import Lengths, segment
from mom.cohesion import read_section, segment_costs
from mom.cues import REGISTERS
from mom.word_table import shipped_word_table
from mom.word_vectors import shipped_word_vectors
from tadarag.training.boundary_weights import CHOSEN, RECIPES, Recipe, cut_margins, fit_logistic, fit_register, read_gaps

BAGS = [["dam", "river", "water"], ["dam", "turbine"], ["river", "turbine"], ["waltz", "piano"], ["piano", "opera", "waltz"]]
DOCUMENTS = [
    [[f"The dam {n} held the river.", f"It fed {n} turbines of the dam."], [f"Waltz {n} was played.", f"It is a waltz for {n} pianos."]]
    for n in range(20)
]


def test_the_margin_of_a_cut_is_what_it_costs_to_do_without_it() -> None:
    section = read_section(BAGS, shipped_word_table(), shipped_word_vectors())
    limits = Lengths(1, 1e9)
    for gap, margin in enumerate(cut_margins(section), start=1):
        forced, barred = (
            segment(segment_costs(section), [1] * 5, limits, gamma=0, cut_costs=[cost * (place == gap) for place in range(5)])[1]
            for cost in (-1e6, 1e6)
        )
        assert margin == pytest.approx(barred - (forced + 1e6), abs=1e-3)


def test_the_fit_finds_which_feature_tells() -> None:
    features = np.random.default_rng(3).normal(size=(400, 2))
    weights = fit_logistic(features, (features[:, 0] > 0.5).astype(float), np.ones(400), penalty=1.0)
    assert weights[0] > 5 * abs(weights[1])
    assert weights[2] < 0


def test_gaps_know_where_segments_begin() -> None:
    assert list(read_gaps(DOCUMENTS[:1]).is_boundary) == [0.0, 1.0, 0.0]


def test_a_fitted_register_holds_only_the_evidence_of_its_recipe() -> None:
    recipe = Recipe(collections=("made",), features=("anaphor_after", "request_after"), with_cohesion=True, threshold=1.0)
    plain = Recipe(collections=("made",), features=("anaphor_after", "request_after"), with_cohesion=True)
    weights, other = fit_register(recipe, [DOCUMENTS]), fit_register(plain, [DOCUMENTS])
    assert weights.evidence.keys() == {"anaphor_after"}
    assert weights.evidence["anaphor_after"] < 0 < weights.cohesion
    assert weights.bias == pytest.approx(other.bias - 1.0)


def test_every_register_is_fitted_or_chosen() -> None:
    assert sorted([*RECIPES, *CHOSEN]) == sorted(REGISTERS)
