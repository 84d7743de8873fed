"""Questions of yes or no made of others: the right answer is a yes, another one or a negated sentence a no."""

import pytest

from tadarag.training.answerer.items import Asked
from tadarag.training.answerer.yes_no_items import as_yes_no, items_of_yes_no, yes_no_questions


def asked(number, question, answer, context="", title="Velden"):
    context = context or f"The records were kept by clerk {number}. It was {answer}, they say."
    return Asked(id=f"q{number}", question=question, title=title, context=context, answers=(answer,))


YEARS = [asked(number, f"When did tram {number} open?", str(1900 + number)) for number in range(40)]


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("What is the capital of Orrowen?", "Velden", "Is Velden the capital of Orrowen?"),
        ("When did the tram open?", "1911", "Did the tram open in 1911?"),
        ("When did the tram open?", "May 2, 1911", "Did the tram open on May 2, 1911?"),
        ("When was the mill built?", "in the 1880s", "Was the mill built in the 1880s?"),
        ("In what year did Anna Holm die?", "1911", "Did Anna Holm die in 1911?"),
        ("Where was Anna Holm born?", "Quillen", "Was Anna Holm born in Quillen?"),
        ("Where was Anna Holm born?", "near Quillen", "Was Anna Holm born near Quillen?"),
        ("How many trams does Velden have?", "12", "Does Velden have 12 trams?"),
        ("Who founded Acme?", "Anna Holm", "Was it Anna Holm who founded Acme?"),
        ("谁创立了公司？", "安娜", "安娜创立了公司吗？"),
        ("電車在哪一年開通？", "1911年", "電車在1911年開通嗎？"),
        ("公司有多少人？", "300", "公司有300人吗？"),
        ("首都在哪里？", "维尔登", "首都在维尔登吗？"),
    ],
)
def test_a_question_is_asked_of_one_answer(question, answer, expected):
    assert as_yes_no(question, answer) == expected


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Why did it close?", "rain"),
        ("Is Velden a town?", "yes"),
        ("Who founded Acme?", "Acme"),
        ("为什么关闭？", "下雨"),
        ("谁认识谁？", "安娜"),
    ],
)
def test_what_no_rule_fits_is_not_asked(question, answer):
    assert as_yes_no(question, answer) == ""


def test_yes_goes_with_the_answer_and_no_with_another_of_its_form():
    made = list(yes_no_questions(YEARS, seed=1))
    assert {one.answer for one in made} == {"yes", "no"}
    for one in made:
        own = one.asked.answers[0]
        assert (own in one.question) == (one.answer == "yes" or one.context != one.asked.context)
        assert one.question.startswith(f"Did tram {one.id.split('-')[0][1:]} open in 19")


def test_a_negated_sentence_is_a_no_to_its_own_answer():
    made = [one for one in yes_no_questions(YEARS, seed=1) if one.context != one.asked.context]
    assert made
    for one in made:
        assert one.answer == "no"
        assert one.context == one.asked.context.replace("It was ", "It was not ")


def test_chinese_sentences_are_negated_too():
    lines = [
        asked(number, f"{number}路的起点是哪里？", f"维尔登{number}", f"{number}路的起点是维尔登{number}。", title="")
        for number in range(60)
    ]
    negated = [one for one in yes_no_questions(lines, seed=1) if one.context != one.asked.context]
    assert negated
    assert all("不是" in one.context and one.answer == "no" for one in negated)


def test_a_reading_has_no_span_and_a_foreign_passage_decides_nothing():
    items = list(items_of_yes_no(list(yes_no_questions(YEARS, seed=1)), seed=1))
    deciding = [item for item in items if item.answered]
    foreign = [item for item in items if not item.answered]
    assert deciding
    assert foreign
    assert all(item.kind in ("yes", "no") and item.answers == (item.kind,) for item in deciding)
    assert all(item.kind == "span" and item.relevant is False for item in foreign)
    assert not any(passage.answers for item in items for passage in item.passages)


def test_the_same_seed_makes_the_same_questions():
    assert list(yes_no_questions(YEARS, seed=1)) == list(yes_no_questions(YEARS, seed=1))
    assert list(yes_no_questions(YEARS, seed=1)) != list(yes_no_questions(YEARS, seed=2))
