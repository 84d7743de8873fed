"""When and where someone was born, died or is buried."""

from __future__ import annotations

import pytest

from tadarag.generation.described import describe
from tadarag.generation.life_facts import stated_fact
from tests.unit.generation.passages import passage

PASSAGES = {
    "Ada Moor": "Ada Moor (born 10 May 1950 in Bergen, Norway) is a singer. She lives in Oslo.",
    "Ben Hill": "Ben Hill (3 March 1920, Leith – 4 June 1990, Rome) was a writer. He is buried in York.",
    "Carl Berg": "Carl Berg (1901 – 1999) was a director. Berg was born in Ulm and died after a fall in Vienna.",
    "The Long Road": "The Long Road is a film directed by Carl Berg and starring Ben Hill.",
    "Eva Moor": "Eva Moor (born 1980) is the daughter of Ada Moor. Her mother taught her.",
}
DESCRIBED = describe([passage(f"{title}.md", text, title=title) for title, text in PASSAGES.items()])


def told(question: str) -> str | None:
    texts = list(PASSAGES.values())
    fact = stated_fact(question, DESCRIBED, texts)
    return texts[fact.passage][fact.start : fact.end] if fact is not None else None


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When was Ada Moor born?", "10 May 1950"),
        ("Where was Ada Moor born?", "Bergen, Norway"),
        ("In what city was Ada Moor born?", "Bergen"),
        ("What is the place of birth of Ben Hill?", "Leith"),
        ("What is the date of death of Ben Hill?", "4 June 1990"),
        ("Where did Ben Hill die?", "Rome"),
        ("Where was Ben Hill buried?", "York"),
        ("Where was the director of film The Long Road born?", "Ulm"),
        ("When did the director of film The Long Road die?", "1999"),
        ("What is the place of death of the director of The Long Road?", "Vienna"),
        ("When was Eva Moor's mother born?", "10 May 1950"),
    ],
)
def test_a_fact_of_the_life_of_one_person_is_read_where_it_stands(question: str, answer: str) -> None:
    assert told(question) == answer


@pytest.mark.parametrize(
    "question",
    [
        "When did Ada Moor die?",
        "Where was Emil Roth born?",
        "When was the singer to whom Ada Moor was a friend born?",
        "Who is the mother of Eva Moor?",
        "Where was the father of Ada Moor born?",
    ],
)
def test_what_is_not_said_of_the_one_who_is_asked_about_stays_open(question: str) -> None:
    assert told(question) is None


@pytest.mark.parametrize(
    ("question", "answer"), [("林山是什么时候出生的？", "1950年3月2日"), ("林山出生在哪里？", "苏州"), ("林山什么时候去世？", "2001年")]
)
def test_chinese_questions_are_read_as_well(question: str, answer: str) -> None:
    text = "林山（1950年3月2日－2001年），中国画家，生于苏州。"
    fact = stated_fact(question, describe([passage("a.md", text, title="林山")]), [text])
    assert fact is not None
    assert text[fact.start : fact.end] == answer
