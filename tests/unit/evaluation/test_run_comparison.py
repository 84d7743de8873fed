"""Two runs are compared over the questions that both asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tadarag.errors import UsageError
from tadarag.evaluation.run_comparison import compare_runs
from tadarag.evaluation.suite_results import Asked, SuitePart, SuiteRun, SystemValues


def made(values: dict[str, float], *, system: str = "tadarag", digest: str = "d") -> SuiteRun:
    part = SuitePart(
        name="one",
        digest=digest,
        n_passages=3,
        questions=tuple(Asked(id=name, text=name) for name in values),
        systems={system: SystemValues(values={"f1": tuple(values.values())})},
    )
    return SuiteRun(name="run", suite="s", task="answers", headline=("f1",), parts=(part,), pools={})


def test_the_difference_is_over_shared_questions_whatever_their_order():
    one, other = made({"a": 1.0, "b": 0.5, "c": 1.0}), made({"c": 0.0, "a": 1.0, "z": 1.0})
    (gap,) = compare_runs(one, other)
    assert (gap.one.mean, gap.other.mean, gap.gap.mean, gap.gap.n) == (1.0, 0.5, 0.5, 2)
    assert not gap.is_clear


def test_a_difference_on_every_question_is_clear():
    (gap,) = compare_runs(made(dict.fromkeys("abcdef", 0.8)), made(dict.fromkeys("abcdef", 0.2)))
    assert gap.is_clear
    assert gap.gap.low == pytest.approx(0.6)


def test_two_systems_of_one_run_can_be_compared():
    run = made({"a": 1.0, "b": 1.0})
    systems = {**run.parts[0].systems, "bm25": SystemValues(values={"f1": (0.0, 1.0)})}
    run = replace(run, parts=(replace(run.parts[0], systems=systems),))
    (gap,) = compare_runs(run, run, system="tadarag", against="bm25")
    assert gap.gap.mean == 0.5


def test_runs_over_other_data_or_of_other_systems_are_not_compared():
    with pytest.raises(UsageError, match="no question of the same data"):
        compare_runs(made({"a": 1.0}), made({"a": 1.0}, digest="other"))
    with pytest.raises(UsageError, match="no system in common"):
        compare_runs(made({"a": 1.0}), made({"a": 1.0}, system="bm25"))
