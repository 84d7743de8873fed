"""Feedback: exact, once for each token, and refused when it says nothing."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tadarag.errors import UsageError
from tadarag.memory.feedback import MAX_COMMENT, give
from tadarag.memory.feedback import given as feedback_given


@pytest.fixture
def answered(answer_from, kept_in):
    """The id of a kept answer from two passages, one cited."""
    return kept_in(answer_from("Who leads?", "a", "b", cited=("b",)))


def test_feedback_is_returned_as_it_is_listed(tmp_path, answered):
    said = give(tmp_path, answered, 0.25, comment="fair 尚可", source="correction", token="t1")
    assert feedback_given(tmp_path) == (said,)
    assert (said.answer, said.reward, said.comment, said.source, said.token) == (answered, 0.25, "fair 尚可", "correction", "t1")
    assert said.question == "Who leads?"


def test_feedback_names_the_passages_that_its_answer_rests_on(tmp_path, answered):
    used = give(tmp_path, answered, 1.0, token=None).rests_on
    assert [(one.rank, str(one.source), one.chunk, one.similarity, one.is_cited) for one in used] == [
        (1, "a", "a:1", 0.5, False),
        (2, "b", "b:1", 0.5, True),
    ]


def test_feedback_without_a_token_counts_each_time(tmp_path, answered):
    first, second = (give(tmp_path, answered, 1.0, token=None) for _ in range(2))
    assert feedback_given(tmp_path) == (first, second)
    assert first.token != second.token


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([-1.0, 0.0, 1.0])), min_size=1, max_size=8))
def test_giving_everything_twice_equals_giving_it_once(tmp_path, answered, given_feedback):
    before = len(feedback_given(tmp_path))
    tokens = [f"{before}-{token}" for token, _ in given_feedback]
    once = [give(tmp_path, answered, reward, token=token) for token, (_, reward) in zip(tokens, given_feedback, strict=True)]
    listed = feedback_given(tmp_path)
    twice = [give(tmp_path, answered, reward, token=token) for token, (_, reward) in zip(tokens, given_feedback, strict=True)]
    assert twice == once
    assert feedback_given(tmp_path) == listed
    assert len(listed) - before == len(set(tokens))


def test_the_same_token_in_many_threads_counts_once(tmp_path, answered):
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: give(tmp_path, answered, 1.0, token="t"), range(16)))
    assert set(said) == set(feedback_given(tmp_path))
    assert len(feedback_given(tmp_path)) == 1


def _give_in_process(folder, answer_id):
    give(folder, answer_id, 1.0, token="shared")
    give(folder, answer_id, 1.0, token=None)


def test_the_same_token_in_two_processes_counts_once(tmp_path, answered):
    processes = [get_context("fork").Process(target=_give_in_process, args=(tmp_path, answered)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert sorted(one.token == "shared" for one in feedback_given(tmp_path)) == [False, False, True]


def test_a_token_of_another_answer_is_refused_and_changes_nothing(tmp_path, answered, answer_from, kept_in):
    give(tmp_path, answered, 1.0, token="t")
    other = kept_in(answer_from("Another?", "a"))
    with pytest.raises(UsageError, match="used for another answer"):
        give(tmp_path, other, 1.0, token="t")
    assert len(feedback_given(tmp_path)) == 1


@pytest.mark.parametrize("reward", [1.5, -1.01, math.nan, math.inf])
def test_a_reward_out_of_range_is_refused(tmp_path, answered, reward):
    with pytest.raises(UsageError, match="not between -1 and 1"):
        give(tmp_path, answered, reward, token=None)


@pytest.mark.parametrize(
    ("options", "happened"),
    [
        ({"source": "rumour"}, "no source 'rumour'"),
        ({"comment": "x" * (MAX_COMMENT + 1)}, "characters"),
        ({"comment": "half \ud800"}, "half of a character"),
        ({"token": "\udfff"}, "half of a character"),
        ({"token": " "}, "token is empty"),
    ],
)
def test_what_cannot_be_stored_is_refused(tmp_path, answered, options, happened):
    with pytest.raises(UsageError, match=happened):
        give(tmp_path, answered, 1.0, **{"token": None, **options})
    assert feedback_given(tmp_path) == ()


def test_an_answer_that_is_not_kept_is_refused_with_what_to_do(tmp_path, answered):
    with pytest.raises(UsageError, match="no answer 'feed' is kept") as caught:
        give(tmp_path, "feed", 1.0, token=None)
    assert "ask again" in caught.value.do
