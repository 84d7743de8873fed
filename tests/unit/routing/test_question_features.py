"""The wording of a question as features."""

from hypothesis import given
from hypothesis import strategies as st

from tadarag.routing.question_features import wording


def test_case_and_question_marks_do_not_matter():
    assert wording("Who owns the Ferry?", "en") == wording("who owns the ferry", "en")


def test_the_first_word_counts_as_such():
    assert wording("which ferries run", "en")["the first word 'which'"] == 1
    assert "the first word 'which'" not in wording("ferries which run", "en")


def test_years_are_counted_up_to_two():
    assert "two years" not in wording("in 1998", "en")
    assert wording("from 1998 to 2004", "en")["two years"] == 1
    assert wording("从1998年到2004年", "zh")["two years"] == 1


def test_traditional_characters_are_read_as_simplified_ones():
    assert wording("哪個大還是小", "zh") == wording("哪个大还是小", "zh")


@given(st.text(max_size=80), st.sampled_from(["en", "zh"]))
def test_any_text_has_features_that_count_one(text, language):
    assert set(wording(text, language).values()) == {1}
