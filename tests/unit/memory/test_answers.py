"""Kept answers: found again by their id, and gone with what they rest on."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tadarag.answer_json import answer_id, answer_json
from tadarag.memory.answers import forget_absent, keep, kept, latest_kept
from tadarag.memory.feedback import give
from tadarag.memory.feedback import given as feedback_given
from tadarag.memory.use_file import USE_FILE, compact


def present(*names):
    return lambda: {f"hash of {name}" for name in names}


def test_a_kept_answer_is_found_by_its_id_as_its_json(tmp_path, answer_from, kept_in):
    answer = answer_from("Who leads?", "a", cited=("a",))
    assert kept(tmp_path, kept_in(answer)) == answer_json(answer)


def test_what_was_never_kept_is_nothing_and_makes_no_file(tmp_path):
    assert kept(tmp_path, "0123456789abcdef") is None
    assert latest_kept(tmp_path) is None
    assert feedback_given(tmp_path) == ()
    assert forget_absent(tmp_path, present()) == 0
    assert not (tmp_path / USE_FILE).exists()


def test_keeping_an_answer_again_makes_it_the_latest(tmp_path, answer_from, kept_in):
    first = kept_in(answer_from("first?", "a"))
    second = kept_in(answer_from("second?", "a"))
    assert latest_kept(tmp_path) == second
    assert kept_in(answer_from("first?", "a")) == first
    assert latest_kept(tmp_path) == first


def test_an_answer_is_not_kept_when_a_document_has_gone_meanwhile(tmp_path, answer_from):
    answer = answer_from("Who?", "a")
    assert not keep(tmp_path, answer_id(answer), answer, answer_json(answer), quoted={"hash of a"}, is_current=lambda: False)
    assert kept(tmp_path, answer_id(answer)) is None


def test_an_answer_goes_with_any_document_that_it_quotes(tmp_path, answer_from, kept_in):
    both, one = kept_in(answer_from("both?", "a", "b", cited=("a",))), kept_in(answer_from("one?", "b", cited=("b",)))
    assert forget_absent(tmp_path, present("a")) == 2
    assert kept(tmp_path, both) is None
    assert kept(tmp_path, one) is None


def test_nothing_goes_while_all_documents_are_present(tmp_path, answer_from, kept_in):
    kept_id = kept_in(answer_from("both?", "a", "b", cited=("a",)))
    assert forget_absent(tmp_path, present("a", "b", "c")) == 0
    assert kept(tmp_path, kept_id) is not None


def test_feedback_goes_with_the_last_document_that_its_answer_cites(tmp_path, answer_from, kept_in):
    give(tmp_path, kept_in(answer_from("Who?", "a", "b", cited=("a",))), 1.0, token=None)
    forget_absent(tmp_path, present("b"))
    assert feedback_given(tmp_path) == ()


def test_feedback_stays_while_a_cited_document_is_left_but_without_its_comment(tmp_path, answer_from, kept_in):
    give(tmp_path, kept_in(answer_from("Who?", "a", "b", cited=("a", "b"))), -1.0, comment="a is wrong", token=None)
    forget_absent(tmp_path, present("b"))
    (left,) = feedback_given(tmp_path)
    assert (left.reward, left.comment, left.question) == (-1.0, "", "")
    assert [str(used.source) for used in left.rests_on] == ["b"]


def test_a_document_that_was_only_retrieved_takes_no_comment_with_it(tmp_path, answer_from, kept_in):
    give(tmp_path, kept_in(answer_from("Who?", "a", "b", cited=("a",))), 1.0, comment="well found", token=None)
    forget_absent(tmp_path, present("a"))
    assert [one.comment for one in feedback_given(tmp_path)] == ["well found"]


def test_feedback_on_an_answer_that_cites_nothing_stays_while_one_passage_is_left(tmp_path, answer_from, kept_in):
    give(tmp_path, kept_in(answer_from("Who?", "a", "b")), -1.0, token=None)
    forget_absent(tmp_path, present("b"))
    assert len(feedback_given(tmp_path)) == 1
    forget_absent(tmp_path, present())
    assert feedback_given(tmp_path) == ()


def test_feedback_on_an_answer_without_any_passage_stays(tmp_path, answer_from, kept_in):
    give(tmp_path, kept_in(answer_from("Who?")), -1.0, token=None)
    assert forget_absent(tmp_path, present()) == 0
    assert len(feedback_given(tmp_path)) == 1


def test_unjudged_answers_are_kept_up_to_a_number_and_judged_ones_stay(tmp_path, answer_from, kept_in):
    judged = kept_in(answer_from("judged?", "a"))
    give(tmp_path, judged, 1.0, token=None)
    ids = [kept_in(answer_from(f"question {number}?", "a"), most_unjudged=3) for number in range(5)]
    assert [one for one in ids if kept(tmp_path, one)] == ids[2:]
    assert kept(tmp_path, judged) is not None


def test_a_question_with_half_a_character_is_kept(tmp_path, answer_from, kept_in):
    answer = answer_from("Who \ud800 leads?", "a")
    assert kept(tmp_path, kept_in(answer))["question"] == answer.question


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sets(st.sampled_from("abcd"), min_size=1), st.booleans()), max_size=6), st.sets(st.sampled_from("abcd")))
def test_no_byte_of_an_absent_document_is_left_after_compacting(tmp_path_factory, answer_from, made, gone):
    folder = tmp_path_factory.mktemp("use")
    for number, (letters, is_judged) in enumerate(made):
        names = sorted(f"Zyxquorvane{letter}" for letter in letters)
        answer = answer_from(f"question {number}?", *names, cited=tuple(names))
        keep(
            folder,
            answer_id(answer),
            answer,
            answer_json(answer),
            quoted={f"hash of {name}" for name in names},
            is_current=lambda: True,
        )
        if is_judged:
            give(folder, answer_id(answer), 1.0, comment=f"about {' '.join(names)}", token=None)
    forget_absent(folder, present(*(f"Zyxquorvane{letter}" for letter in set("abcd") - gone)))
    compact(folder)
    left = (folder / USE_FILE).read_bytes() if (folder / USE_FILE).exists() else b""
    assert [letter for letter in sorted(gone) if f"Zyxquorvane{letter}".encode() in left] == []
    assert all(f"Zyxquorvane{letter}" not in str(kept(folder, row.answer)) for row in feedback_given(folder) for letter in gone)
