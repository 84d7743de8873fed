"""What cannot be the kind of thing that is asked for: money and lengths are no times, and a bare small number is none in Chinese."""

import pytest

from tadarag.generation.answer_types import clashes
from tadarag.generation.candidate_spans import Candidate
from tadarag.generation.question_form import read_question
from tadarag.values import Route


def is_impossible(question: str, span: str) -> bool:
    return clashes(read_question(question, Route(language="en")), Candidate(start=0, end=len(span), kind="phrase"), span)


@pytest.mark.parametrize("span", ["£240", "$3.5 million", "40 km", "12 per cent", "a while"])
def test_no_time_in_english(span):
    assert is_impossible("When was the harbour opened?", span)


@pytest.mark.parametrize("span", ["1911", "3 May", "in the 19th century", "September 2025", "Monday", "at 9", "10 minutes"])
def test_times_in_english(span):
    assert not is_impossible("When was the harbour opened?", span)


@pytest.mark.parametrize("span", ["80元", "80", "40公里", "王建国"])
def test_no_time_in_chinese(span):
    assert is_impossible("缆车什么时候停运？", span)


@pytest.mark.parametrize("span", ["大风天", "1987年", "7月1日前", "早上7点", "下午", "明代", "1987"])
def test_times_in_chinese(span):
    assert not is_impossible("缆车什么时候停运？", span)
