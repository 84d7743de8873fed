"""Rewards as trl's trainers ask for them: one function a term, each completion scored once."""

import pytest

from tadarag.components import template_of
from tadarag.testing.reward_worlds import World, honest
from tadarag.training.rewards.gates import GATE, Scoring, score_completion
from tadarag.training.rewards.trl_functions import reward_functions, trl_weights
from tadarag.training.rewards.weighted import JUDGE, read_weights


def scoring(asked: list[str] | None = None) -> Scoring:
    def gain(graph, item):
        if asked is not None:
            asked.append(item.question)
        return 1.1

    return Scoring(weights=read_weights({}, mode="both"), template_of=lambda domain: template_of(domain, None), gain_of=gain)


def columns(world: World, n: int = 1) -> dict[str, list[object]]:
    row = {
        "question": world.question,
        "source": world.source,
        "gold_answer": world.answer,
        "gold_evidence": list(world.sentences),
        "domain": "general_knowledge",
        "task": "bridge",
        "base_nll": 2.0,
    }
    return {name: [value] * n for name, value in row.items()}


def test_weighted_they_are_the_reward(world: World) -> None:
    functions = reward_functions(scoring())
    weights = trl_weights(functions, scoring().weights)
    values = [function(["p"], [honest(world)], **columns(world))[0] for function in functions]
    total = sum(weight * value for weight, value in zip(weights, values, strict=True) if value is not None)
    whole = score_completion(honest(world), world.item, scoring())
    assert total == pytest.approx(whole.total, abs=0.1)  # the budget is that of the template's task, not the world's


def test_a_completion_is_scored_once_however_many_terms_are_asked(world: World) -> None:
    asked: list[str] = []
    for function in reward_functions(scoring(asked)):
        function(["p"], [honest(world)], **columns(world))
    assert asked == [world.question]


def test_a_term_behind_a_failed_gate_is_none(world: World) -> None:
    by_name = {function.__name__: function for function in reward_functions(scoring())}
    assert by_name[GATE](["p"], ["no graph at all"], **columns(world)) == [-0.5]
    assert by_name["cost"](["p"], ["no graph at all"], **columns(world)) == [None]
    assert JUDGE not in by_name


def test_a_conversation_is_read_as_its_messages(world: World) -> None:
    by_name = {function.__name__: function for function in reward_functions(scoring())}
    plain = by_name["cost"](["p"], [honest(world)], **columns(world))
    assert by_name["cost"](["p"], [[{"role": "assistant", "content": honest(world)}]], **columns(world)) == plain


def test_evidence_that_the_source_does_not_hold_is_refused(world: World) -> None:
    (function, *_) = reward_functions(scoring())
    with pytest.raises(ValueError, match="does not stand in its source"):
        function(["p"], [honest(world)], **{**columns(world), "gold_evidence": [["Nobody said this."]]})
