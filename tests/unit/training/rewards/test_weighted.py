"""The reward table of tadarag.md section 5, the modes, and what is refused as weights."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.errors import TrainingError
from tadarag.training.rewards.answer_gain import clipped_gain
from tadarag.training.rewards.budget import overrun
from tadarag.training.rewards.cost import share_of_source
from tadarag.training.rewards.terms import TERMS
from tadarag.training.rewards.weighted import F10, JUDGE, MODES, read_weights, weighted_sum

T_SOURCE, T_BUDGET = 180, 96

# graph: gain in nats, anchored, evidence recall, tokens, duplicates, copying, empty, total in mode "both"
TABLE = {
    "honest": (1.10, 1, 1, 48, 0, 0, 0, 0.970000000000),
    "repetition": (1.15, 1, 1, 96, 0.5, 0, 0, 0.665000000000),
    "stuffing": (1.20, 1, 1, 150, 0, 0.1, 0, 0.631250000000),
    "whole copy plus a fake edge": (1.30, 1, 1, 180, 0, 1, 0, 0.087500000000),
    "weak honest": (0.05, 1, 0, 48, 0, 0, 0, -0.055000000000),
    "empty": (0, 0, 0, 0, 0, 0, 1, -0.200000000000),
    "harmful": (-0.80, 1, 0.5, 40, 0, 0, 0, -0.216666666667),
    "answer-only node": (1.60, 0, 0, 4, 0, 0, 0, -0.306666666667),
    "whole copy": (1.30, 0, 1, 180, 0, 1, 0, -0.862500000000),
}


def total(name: str, mode: str = "both", *, recall: float | None = None) -> float:
    gain, anchored, stated_recall, tokens, duplicates, copying, empty, _ = TABLE[name]
    terms = {
        "answer_gain": clipped_gain(gain, is_anchored=bool(anchored)),
        "evidence_recall": stated_recall if recall is None else recall,
        "cost": share_of_source(int(tokens), T_SOURCE),
        "budget": overrun(int(tokens), T_BUDGET),
        "duplicates": duplicates,
        "copying": copying,
        "emptiness": empty,
        "looseness": float(not empty and not anchored),
        "validity": 0.0,
    }
    return weighted_sum(terms, read_weights(mode=mode))


@pytest.mark.parametrize("name", TABLE)
def test_the_reward_table(name: str) -> None:
    assert total(name) == pytest.approx(TABLE[name][-1], abs=1e-9)


@pytest.mark.parametrize(("mode", "expected"), [("likelihood", (0.47, 0.165, 0.13125)), ("evidence", (0.42, 0.09, 0.03125))])
def test_the_modes(mode: str, expected: tuple[float, ...]) -> None:
    assert [total(name, mode) for name in ("honest", "repetition", "stuffing")] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("mode", MODES)
def test_the_honest_graph_is_first_in_every_mode(mode: str) -> None:
    assert max(TABLE, key=lambda name: total(name, mode)) == "honest"


def test_the_known_gap_closes_when_long_spans_earn_no_evidence() -> None:
    assert total("whole copy plus a fake edge") > total("weak honest")
    assert total("whole copy plus a fake edge", recall=0) == pytest.approx(-0.4125, abs=1e-9)


def test_a_term_that_was_not_reached_adds_nothing() -> None:
    assert weighted_sum({"answer_gain": None, "cost": 0.5}, read_weights()) == pytest.approx(-0.15)


def test_a_recipe_states_only_the_weights_that_it_changes() -> None:
    weights = read_weights({"duplicates": -1})
    assert (weights.of("duplicates"), weights.of("answer_gain")) == (-1.0, 1.0)


def test_every_weight_is_that_of_a_term_and_every_term_but_the_anchoring_has_one() -> None:
    assert set(F10) == {*TERMS, JUDGE} - {"anchored"}


def test_the_names_of_the_terms_are_fixed() -> None:
    assert list(TERMS) == [
        "well_formed",
        "validity",
        "cost",
        "budget",
        "duplicates",
        "copying",
        "emptiness",
        "anchored",
        "looseness",
        "evidence_recall",
        "answer_gain",
    ]


@given(st.floats(0, 2), st.floats(0, 2), st.floats(0, 2))
def test_weights_that_are_accepted_leave_the_outcome_most_of_what_can_be_won(gain: float, recall: float, form: float) -> None:
    try:
        weights = read_weights({"answer_gain": gain, "evidence_recall": recall, "well_formed": form})
    except TrainingError:
        return
    assert gain + recall >= 0.6 * (gain + recall + form)
    assert weights.of("well_formed") <= 0.2 * (gain + recall + form) + 1e-12


@pytest.mark.parametrize(
    ("stated", "mode", "said"),
    [
        ({"well_formed": 0.5}, "both", "format would be learned"),
        ({"answer_gain": 0, "evidence_recall": 0}, "both", "no outcome has a weight"),
        ({"evidence_recall": 0}, "evidence", "no outcome has a weight"),
        ({"duplicates": 0.5}, "both", "below zero"),
        ({"answer_gain": -1}, "both", "above zero"),
        ({"copyng": -0.5}, "both", "did you mean 'copying'"),
        ({"cost": "much"}, "both", "no number"),
        ({"cost": float("nan")}, "both", "no number"),
        ({}, "likelyhood", "did you mean 'likelihood'"),
    ],
)
def test_weights_that_teach_the_wrong_thing_are_refused(stated: dict[str, object], mode: str, said: str) -> None:
    with pytest.raises(TrainingError, match=said):
        read_weights(stated, mode=mode)


def test_a_gain_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="no reward"):
        clipped_gain(float("nan"), is_anchored=True)


@given(st.floats(-10, 10))
def test_a_loss_counts_in_full_whether_the_graph_is_anchored_or_not(gain: float) -> None:
    loose, firm = (clipped_gain(gain, is_anchored=anchored) for anchored in (False, True))
    assert loose == (firm if gain <= 0 else 0)
    assert -1 <= firm <= 1
