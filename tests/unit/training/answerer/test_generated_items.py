"""Readings of questions made from corpora: comparisons are read whole, the others a paragraph at a time."""

import gzip
import json

import pytest

from tadarag.training.answerer.generated_items import generated_items

SIDES = ("north", "south")


def row(number, shape, question, answer, *passages, corpus="one"):
    return {
        "id": f"{corpus}-{number}",
        "corpus": corpus,
        "shape": shape,
        "question": question,
        "answer": {"text": answer},
        "passages": [{"title": title, "text": text} for title, text in passages],
    }


@pytest.fixture
def file(tmp_path):
    """Births and films, of which each question's other paragraphs are made."""
    births = [(f"Person {n}", f"Person {n} of the {SIDES[n % 2]} was born in Town{n} in 19{n}.") for n in range(10, 30)]
    rows = [
        row(n, "single", f"Where was {title} of the {SIDES[n % 2]} born?", f"Town{n + 10}", (title, text))
        for n, (title, text) in enumerate(births)
    ]
    rows += [
        row(100 + n, "comparison", f"Was {births[n][0]} born before {births[n + 1][0]}?", "yes", births[n], births[n + 1])
        for n in range(12)
    ]
    rows.append(row(900, "single", "Where was Person 10 born?", "Elsewhere", ("Person 10", "Person 10 of Elsewhere."), corpus="two"))
    made = tmp_path / "questions.jsonl.gz"
    with gzip.open(made, "wt", encoding="utf-8") as lines:
        lines.writelines(f"{json.dumps(one)}\n" for one in rows)
    return made


def test_a_comparison_is_read_over_all_it_needs(file):
    whole = generated_items(file, seed=1)[""]
    assert {item.kind for item in whole if item.answered} == {"yes"}
    assert all(len(item.passages) >= 2 for item in whole if item.answered)


def test_other_questions_are_read_a_paragraph_at_a_time_over_right_and_wrong_ones(file):
    pairs = generated_items(file, seed=1)["-pairs"]
    assert all(len(item.passages) == 1 for item in pairs)
    assert {item.relevant for item in pairs} == {True, False}
    assert all(item.answered == bool(item.passages[0].answers) for item in pairs)


def test_distracting_paragraphs_are_of_the_same_corpus(file):
    lonely = [item for item in generated_items(file, seed=1)["-pairs"] if item.id.startswith("two")]
    assert [item.answered for item in lonely] == [True]


def test_readings_follow_from_the_seed(file):
    assert generated_items(file, seed=1) == generated_items(file, seed=1)
