"""Sentences as questions of yes or no: a denial goes out of the question and makes the answer a no."""

import pytest

from tadarag.training.answerer.items import Asked
from tadarag.training.answerer.sentence_questions import MOST_PLAIN, question_of, sentence_questions


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The tenant may not sublet the flat to others.", ("May the tenant sublet the flat to others?", True)),
        ("Trainers are allowed in sports lessons only.", ("Are Trainers allowed in sports lessons only?", False)),
        ("The bridge cannot carry heavy lorries at night.", ("Can the bridge carry heavy lorries at night?", True)),
        ("Visitors don't pay for the last hour of the day.", ("Do Visitors pay for the last hour of the day?", True)),
        ("The lift didn't run during the storm of 1987.", ("Did the lift run during the storm of 1987?", True)),
        ("景区的南门可以乘坐公交车到达。", ("景区的南门可以乘坐公交车到达吗？", False)),
        ("景区的北门不可以停车。", ("景区的北门可以停车吗？", True)),
        ("电车的终点不是维尔登。", ("电车的终点是维尔登吗？", True)),
        ("這座橋不能通行卡車和巴士。", None),
        ("電車的終點不是維爾登。", ("電車的終點是維爾登嗎？", True)),
        ("公司没有食堂和停车场。", ("公司有食堂和停车场吗？", True)),
    ],
)
def test_a_sentence_is_asked_without_its_denial(sentence, expected):
    assert question_of(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "It is allowed to sublet the whole flat.",
        "Is it allowed to sublet the flat to others?",
        "Pets stay outside.",
        "The tenant may not sublet and is not to move.",
        "他可以乘坐公交车到达南门。",
        "景区不但可以停车也可以住宿。",
        "景区的北门可以停车，南门不行。",
    ],
)
def test_what_is_loose_or_denied_twice_is_not_asked(sentence):
    assert question_of(sentence) is None


def texts(*sentences):
    return [
        Asked(id=f"q{number}", question="What?", title="", context=f"It rained on day {number}. {sentence}", answers=(f"day {number}",))
        for number, sentence in enumerate(sentences)
    ]


def test_a_denied_sentence_is_a_no_over_its_own_text():
    (made,) = sentence_questions(texts("The tenant may not sublet the flat to others."), seed=1)
    assert (made.question, made.answer) == ("May the tenant sublet the flat to others?", "no")
    assert made.context == made.asked.context


def test_others_are_a_yes_or_a_no_over_a_text_that_denies_them():
    made = list(sentence_questions(texts(*(f"The owner of house {number} may keep bees." for number in range(60))), seed=1))
    assert {one.answer for one in made} == {"yes", "no"}
    for one in made:
        assert (one.answer == "no") == (" may not keep bees." in one.context)
        assert (one.answer == "yes") == (one.context == one.asked.context)


def test_each_text_is_asked_once_and_not_too_often():
    asked = texts(*(f"The owner of house {number} may keep bees." for number in range(MOST_PLAIN + 20)))
    once, twice = (list(sentence_questions(asked * times, seed=1)) for times in (1, 2))
    assert once == twice
    assert len(once) <= MOST_PLAIN
