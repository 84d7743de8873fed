"""Clauses that say the same of different things are told apart."""

import pytest

from tadarag.generation.clauses import is_across_clauses, is_in_other_clause

DUTIES = "乙方负责日常保养，甲方负责大修。"


@pytest.mark.parametrize(("word", "is_other"), [("乙方", True), ("甲方", False)])
def test_the_clause_with_all_that_is_asked_counts(word, is_other):
    place = DUTIES.index(word)
    assert is_in_other_clause("谁负责大修？", DUTIES, place, place + len(word)) == is_other


@pytest.mark.parametrize(
    ("question", "sentence", "word"),
    [
        ("谁负责清洁？", DUTIES, "乙方"),  # in neither clause
        ("公司是谁创立的？", "公司成立于1911年，由安娜创立。", "安娜"),
        ("Who repairs it?", "The tenant repairs the lamps, the landlord repairs it.", "The tenant"),
    ],
)
def test_else_it_tells_nothing(question, sentence, word):
    place = sentence.index(word)
    assert not is_in_other_clause(question, sentence, place, place + len(word))


@pytest.mark.parametrize(
    ("question", "sentence", "is_across"),
    [
        ("乙方负责大修", DUTIES, True),
        ("甲方负责大修", DUTIES, False),
        ("Does the tenant repair the roof?", "The tenant repairs the lamps, the landlord repairs the roof.", True),
        ("Does the landlord repair the roof?", "The tenant repairs the lamps and the landlord repairs the roof.", False),
        ("Did the ferry sail to Velden in 1911?", "In 1911, the ferry sailed to Velden.", False),  # no term stands in two clauses
    ],
)
def test_what_is_said_of_one_is_not_said_of_the_other(question, sentence, is_across):
    assert is_across_clauses(question, sentence) == is_across
