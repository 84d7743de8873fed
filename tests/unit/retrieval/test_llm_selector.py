"""A language model chooses the passages that together answer; what it cannot be trusted with stays with the selector before it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.errors import EndpointError
from tadarag.models.openai_model import Limits, OpenAIModel
from tadarag.retrieval.llm_selector import LLMSelector
from tadarag.retrieval.selector import FormulaSelector
from tadarag.retrieval.set_prompt import ask_for_set, candidate_block, read_numbers
from tadarag.testing.scripted_endpoint import ScriptedEndpoint, Turn
from tadarag.testing.scripted_model import ScriptedModel
from tadarag.testing.selector_contract import QUESTIONS, candidates, records_of_world, snapshot_of

QUESTION, CHINESE = QUESTIONS[0], QUESTIONS[1]
SNAPSHOT = snapshot_of(records_of_world())


def names(selection, asked):
    return [SNAPSHOT.passage(row).source.path for row in asked.rows[selection.order].tolist()]


def selected(reply, question=QUESTION, **options):
    asked = candidates(question, SNAPSHOT)
    return LLMSelector(model=ScriptedModel(reply, price=0.5), before=FormulaSelector(), **options).select(asked), asked


def test_chosen_passages_come_first_in_the_models_order_and_the_others_keep_theirs():
    selection, asked = selected('{"passages": [3, 1]}')
    before = names(FormulaSelector().select(asked), asked)
    assert names(selection, asked) == [before[2], before[0], before[1], *before[3:]]
    assert (selection.choice.n_chosen, selection.choice.problem) == (2, "")


def test_numbers_that_no_passage_has_are_dropped_and_counted():
    selection, asked = selected('{"passages": [99, 2, 0, "x", 2]}')
    assert names(selection, asked)[0] == names(FormulaSelector().select(asked), asked)[1]
    assert (selection.choice.n_chosen, selection.choice.n_unknown) == (1, 3)


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ("I would take the second one.", "no JSON"),
        ('{"passages": [1, 2', "no whole JSON"),
        ('{"answer": "Veldam"}', "no list"),
        ('{"passages": []}', "chose no passage"),
        ('{"passages": [77]}', "not shown"),
    ],
)
def test_a_reply_that_cannot_be_used_leaves_the_order_before_it_and_says_why(reply, problem):
    selection, asked = selected(reply)
    assert names(selection, asked) == names(FormulaSelector().select(asked), asked)
    assert problem in selection.choice.problem


def test_thoughts_fences_and_numbers_as_text_are_read():
    assert read_numbers('<think>{"passages": [5]}</think>```json\n{"passages": ["[2]", "1"]}\n```', n_shown=5).numbers == (2, 1)


@given(st.text(), st.integers(0, 40))
def test_whatever_is_replied_the_numbers_are_of_shown_passages(reply, n_shown):
    for text in (reply, json.dumps({"passages": [reply, 1, 50, None]})):
        found = read_numbers(text, n_shown=n_shown)
        assert all(1 <= number <= n_shown for number in found.numbers)
        assert bool(found.numbers) == (found.problem == "")


def test_only_as_many_passages_are_shown_as_the_budget_allows_and_one_always_is():
    model = ScriptedModel('{"passages": [1]}')
    LLMSelector(model=model, before=FormulaSelector(), most_tokens=1).select(candidates(QUESTION, SNAPSHOT))
    assert "[1] " in model.calls[0][1].content
    assert "[2] " not in model.calls[0][1].content


def test_passages_are_left_out_until_they_fit_the_models_context():
    whole, _ = selected('{"passages": [1]}')
    model = ScriptedModel('{"passages": [1]}', context_tokens=whole.choice.usage.prompt_tokens - 1)
    selection = LLMSelector(model=model, before=FormulaSelector()).select(candidates(QUESTION, SNAPSHOT))
    assert len(model.calls) > 1
    assert 0 < selection.choice.n_shown < whole.choice.n_shown


def test_a_question_is_asked_about_in_its_own_language():
    for question, words in ((QUESTION, "Reply with the numbers"), (CHINESE, "段落编号")):
        model = ScriptedModel('{"passages": [1]}')
        LLMSelector(model=model, before=FormulaSelector()).select(candidates(question, SNAPSHOT))
        assert words in model.calls[0][1].content


def test_a_passage_can_neither_pass_for_another_nor_close_the_fence():
    passage = SNAPSHOT.passage(0)
    block = candidate_block(1, passage, most_characters=20)
    assert len(block) < len(candidate_block(1, passage, most_characters=1000))
    _, user = ask_for_set("Who?", ["[1] a\ntext\n"])
    fence = user.content.splitlines()[1]
    assert user.content.splitlines().count(fence) == 2


def test_equal_candidates_are_asked_about_in_equal_words():
    first, again = ScriptedModel('{"passages": [1]}'), ScriptedModel('{"passages": [1]}')
    for model in (first, again):
        LLMSelector(model=model, before=FormulaSelector()).select(candidates(QUESTION, SNAPSHOT))
    assert first.calls == again.calls


def test_what_the_call_cost_is_told():
    selection, _ = selected('{"passages": [1]}')
    usage = selection.choice.usage
    assert usage.cost == 0.5 * (usage.prompt_tokens + usage.completion_tokens)
    assert usage.model == "scripted"


def test_an_endpoint_is_held_to_the_schema_and_asked_for_the_likeliest_reply():
    with ScriptedEndpoint([Turn(text='{"passages": [2]}')]) as endpoint:
        model = OpenAIModel("scripted", base_url=endpoint.url)
        selection = LLMSelector(model=model, before=FormulaSelector()).select(candidates(QUESTION, SNAPSHOT))
    assert selection.choice.n_chosen == 1
    assert endpoint.requests[0]["response_format"]["json_schema"]["schema"]["required"] == ["passages"]
    assert endpoint.requests[0]["temperature"] == 0.0


@pytest.mark.parametrize("turn", [Turn(status=503), Turn(text='{"passages": [1, 2, 3, 4]}', break_after=2)])
def test_an_endpoint_that_gives_no_whole_reply_is_an_error(turn):
    with ScriptedEndpoint([turn]) as endpoint:
        model = OpenAIModel("scripted", base_url=endpoint.url, limits=Limits(max_attempts=2), sleep=lambda seconds: None)
        with pytest.raises(EndpointError):
            LLMSelector(model=model, before=FormulaSelector()).select(candidates(QUESTION, SNAPSHOT))
