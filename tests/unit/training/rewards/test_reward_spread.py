"""A reward that cannot teach is said before a run starts, and its terms are recorded at every step."""

import pytest

from tadarag.errors import TrainingError
from tadarag.training.rewards.spread import N_CHECKED, FlatTerm, require_outcome_spread, warn_of_flat_terms
from tadarag.training.rewards.term_log import record_terms
from tadarag.training.rewards.weighted import read_weights

WEIGHTS = read_weights({}, mode="evidence")


def test_a_weighted_term_with_one_value_is_warned_of():
    samples = [{"evidence_recall": number / 4, "cost": 0.2} for number in range(4)]
    with pytest.warns(FlatTerm) as told:
        flat = warn_of_flat_terms(samples, WEIGHTS)
    assert any("term cost has one value" in str(one.message) for one in told)
    assert "cost" in flat
    assert "evidence_recall" not in flat


def test_a_run_whose_outcome_never_varies_is_refused():
    samples = [{"evidence_recall": 1.0, "cost": number / 40} for number in range(N_CHECKED)]
    with pytest.raises(TrainingError, match="outcome"):
        require_outcome_spread(samples, WEIGHTS)


def test_a_run_whose_outcome_varies_may_start():
    require_outcome_spread([{"evidence_recall": number % 2} for number in range(N_CHECKED)], WEIGHTS)


def test_too_few_samples_tell_nothing():
    with pytest.raises(TrainingError, match="too few"):
        require_outcome_spread([{"evidence_recall": 1.0}], WEIGHTS)


def test_the_record_of_a_term_counts_only_samples_that_reached_it():
    record = record_terms([{"cost": 0.0}, {"cost": 1.0}, {"cost": None}, {"cost": None}])["cost"]
    assert (record.mean, record.std, record.least, record.most, record.null_share) == (0.5, 0.5, 0.0, 1.0, 0.5)


def test_a_term_that_no_sample_reached_has_no_mean():
    record = record_terms([{"answer_gain": None}])["answer_gain"]
    assert (record.mean, record.null_share) == (None, 1.0)
