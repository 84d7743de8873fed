"""When something begins or ends: the time behind the verb that is asked for, and none where sentences do not say it or do not agree."""

from __future__ import annotations

import pytest

from tadarag.generation.described import describe
from tadarag.generation.event_dates import event_date, is_of_opposite
from tadarag.values import Passage
from tests.unit.generation.passages import passage


def about(title: str, *sentences: str) -> Passage:
    return passage(f"{title}.md", " ".join(sentences), title=title)


TERMS = about(
    "Handbook",
    "The autumn term begins on 1 September 2025 and ends on 19 December 2025.",
    "The spring term begins on 7 January 2026.",
    "The office opens at 9 a.m. and closes at 4:30 p.m. on school days.",
)
LIBRARY = about("Library", "It opens at noon.", "The reading room opens from 10:00 to 18:00.")
FAIR = about("Velden Fair", "It started on 3 May 1999.")
PARK = about("青岚山景区", "开放时间：每天早上7点至下午5点半，冬季提前一小时关门。")
EXHIBITION = about("展览", "秋季展览于2025年9月1日开始，将在12月5日结束。", "秋季展览开始于2025年9月1日。")


def said(question: str, *passages: Passage) -> str | None:
    texts = [one.text for one in passages]
    found = event_date(question, describe(passages), texts)
    return None if found is None else texts[found.passage][found.start : found.end]


@pytest.mark.parametrize(
    ("question", "time"),
    [
        ("When does the autumn term end?", "19 December 2025"),
        ("When does the autumn term begin?", "1 September 2025"),
        ("On what date will the spring term start?", "7 January 2026"),
        ("What time does the office close?", "4:30 p.m."),
        ("When did the Velden Fair start?", "3 May 1999"),
        ("When does the reading room close?", "18:00"),
        ("When does the reading room open?", "10:00"),
        ("景区几点开门？", "早上7点"),
        ("景区什么时候关门？", "下午5点半"),
    ],
)
def test_the_time_of_the_asked_event(question, time):
    assert said(question, TERMS, LIBRARY, FAIR, PARK) == time


@pytest.mark.parametrize(
    "question",
    [
        "When does the spring term end?",
        "When does the summer term begin?",
        "Who begins the autumn term?",
        "When was the school founded?",
        "展览是谁开始的？",
    ],
)
def test_nothing_is_said_of_what_no_sentence_states(question):
    assert said(question, TERMS, LIBRARY, FAIR, EXHIBITION) is None


def test_sentences_that_disagree_say_nothing():
    other = about("Letter", "The autumn term begins on 3 September 2025.")
    assert said("When does the autumn term begin?", TERMS, other) is None


@pytest.mark.parametrize(
    ("question", "before", "is_opposite"),
    [
        ("When does the tenancy end?", "The tenancy begins on ", True),
        ("When does the tenancy end?", "The tenancy begins on 1 April and ends on ", False),
        ("When does the tenancy end?", "The tenancy begins on 1 April and runs to ", False),
        ("When does the tenancy begin?", "The tenancy ends on ", True),
        ("Who ends the tenancy?", "The tenancy begins on ", False),
        ("租期什么时候结束？", "租期开始于", True),
    ],
)
def test_the_time_of_the_opposite_event_is_known(question, before, is_opposite):
    assert is_of_opposite(question, before) == is_opposite
