"""Which questions for yes or no are about one thing; what is said of them is tested with the answerer."""

import pytest

from tadarag.generation.read_verdict import is_about_one


@pytest.mark.parametrize(
    "question", ["Is flood covered?", "May the tenant sublet?", "合同可以延期吗？", "望海亭在首都吗？", "比例是一半吗？", "总和是十元吗？"]
)
def test_a_question_about_one_thing(question):
    assert is_about_one(question, ())


@pytest.mark.parametrize(
    "question",
    [
        "Are both from Velden?",
        "Is Ada older than Ben?",
        "Do they have the same owner?",
        "甲方和乙方都签字了吗？",
        "甲比乙高吗？",
        "甲与乙相同吗？",
    ],
)
def test_a_question_that_sets_two_things_side_by_side(question):
    assert not is_about_one(question, ())
