"""A judge is asked seldom, only where rules cannot decide, and a call that fails drops its sample."""

from dataclasses import replace

import pytest

from tadarag.errors import ModelError, TrainingError
from tadarag.testing.reward_worlds import WORLDS, honest, scored
from tadarag.training.rewards.judging import JudgeCounts, judge_undecided
from tadarag.training.rewards.weighted import JUDGE, read_weights

WORLD = WORLDS["en"]
WEIGHTS = read_weights({}, mode="both")
DECIDED = scored(WORLD, honest(WORLD), 1.1)
UNDECIDED = replace(DECIDED, terms={**DECIDED.terms, "evidence_recall": None})


def judged(samples, judge, counts=None):
    return judge_undecided(samples, [WORLD.item] * len(samples), judge, WEIGHTS, counts or JudgeCounts())


def failing(graph, item):
    raise ModelError("the endpoint is gone", "start it")


def test_only_what_rules_cannot_decide_is_judged():
    found, counts = judged([DECIDED] * 9 + [UNDECIDED], lambda graph, item: 0.7)
    assert counts == JudgeCounts(n_samples=10, n_calls=1)
    assert [one.terms[JUDGE] for one in found] == [None] * 9 + [0.7]


def test_no_more_than_a_fifth_is_judged():
    found, counts = judged([UNDECIDED] * 20, lambda graph, item: 0.7)
    assert counts.n_calls == 4
    assert sum(one.terms[JUDGE] is not None for one in found) == 4


def test_a_failed_call_drops_its_sample():
    found, counts = judged([DECIDED] * 9 + [UNDECIDED], failing)
    assert found[-1].is_dropped
    assert counts.n_failures == 1


def test_a_judge_that_often_fails_stops_the_run():
    with pytest.raises(TrainingError, match="judge failed"):
        judged([UNDECIDED], failing, JudgeCounts(n_samples=200, n_calls=30, n_failures=2))
