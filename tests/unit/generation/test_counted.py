"""A number of a list that counts something else is no answer to how many."""

import pytest

from tadarag.generation.counted import counts_another

CAKE = "You need 500 g plums, 200 g of flour, three large eggs and a teaspoon of cinnamon."


def counts(question, number, sentence=CAKE):
    place = sentence.index(number)
    return counts_another(question, sentence, place, place + len(number))


@pytest.mark.parametrize(("number", "is_other"), [("500 g", True), ("200 g", False), ("three", True)])
def test_in_a_list_each_number_counts_its_own_word(number, is_other):
    assert counts("How much flour is needed?", number) == is_other


def test_numbers_of_things_are_counted_too():
    assert counts("How many eggs do I need?", "500 g")
    assert not counts("How many eggs do I need?", "three")


@pytest.mark.parametrize(
    ("question", "number", "sentence"),
    [
        ("How much sugar is needed?", "500 g", CAKE),  # of which the list has none
        ("What is needed?", "500 g", CAKE),
        ("How many awards did she win?", "three", "She was nominated for six awards, ultimately winning three."),
        ("How many students survived?", "60", "The school collapsed with 900 students buried and fewer than 60 survived."),
        ("How many trams ran in 1911?", "12", "In 1911 the town had 12 trams."),
    ],
)
def test_what_is_no_list_or_does_not_count_what_is_asked_tells_nothing(question, number, sentence):
    assert not counts(question, number, sentence)
