"""What stands between two names may be a predicate."""

import pytest

from tadarag.extraction.predicates import predicate_between


@pytest.mark.parametrize(
    ("gap", "name", "phrase"),
    [
        (" was built by the ", "built_by", "was built by"),
        (" shall pay ", "pay", "shall pay"),
        (" pollinates ", "pollinates", "pollinates"),
        ("授粉了", "授粉", "授粉了"),
    ],
)
def test_a_turn_of_phrase_becomes_a_name(gap: str, name: str, phrase: str) -> None:
    found = predicate_between(gap)
    assert found is not None
    assert (found.name, found.phrase) == (name, phrase)


@pytest.mark.parametrize(
    "gap", [" and ", " of the ", ", ", " ", "", "的", "和", " which in the ", ". She then went on to ", " 12 ", "，由"]
)
def test_words_that_say_nothing_of_the_two_are_no_predicate(gap: str) -> None:
    assert predicate_between(gap) is None
