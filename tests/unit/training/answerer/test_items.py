"""Readings made of question sets: answers stand where they are said to, foreign contexts do not hold them."""

import gzip
import json

from hypothesis import given
from hypothesis import strategies as st

from tadarag.training.answerer.hard_negatives import hard_negatives
from tadarag.training.answerer.items import Asked, answer_ranges, cut_around_answer, items_of_asked, n_pieces_about, read_asked, titled


def asked(number, question, context, *answers, title=""):
    return Asked(id=f"q{number}", question=question, title=title, context=context, answers=answers)


HARBOUR = [
    asked(1, "Who built the harbour of Velden?", "The harbour of Velden was built by Anna Holm in 1931.", "Anna Holm", title="Velden"),
    asked(2, "Who closed the harbour of Quillen?", "The harbour of Quillen was closed by Bo Ostrevir.", "Bo Ostrevir", title="Quillen"),
    asked(3, "What do otters eat?", "Otters eat fish and crabs.", "fish"),
]


def test_an_answer_stands_at_whole_words_only():
    assert answer_ranges("Eat the meat, eat!", ["eat"]) == ((0, 3), (14, 17))


def test_a_chinese_answer_needs_no_word_border():
    assert answer_ranges("他出生于北京市。", ["北京"]) == ((4, 6),)


def test_a_stated_start_is_the_only_place():
    assert answer_ranges("one two one", ["one"], start=8) == ((8, 11),)


def test_a_stated_start_that_does_not_hold_the_answer_is_no_place():
    assert answer_ranges("one two one", ["one"], start=4) == ()


def test_a_title_moves_the_answer_along():
    passage = titled("Velden", "built in 1931", [(9, 13)])
    (start, end) = passage.answers[0]
    assert passage.text[start:end] == "1931"
    assert passage.text.startswith("Velden")


def test_a_foreign_context_shares_words_and_not_the_answer():
    found = hard_negatives(HARBOUR)
    assert found["q1"][0].context == HARBOUR[1].context
    assert not answer_ranges(found["q1"][0].context, HARBOUR[0].answers)


def test_no_more_foreign_contexts_are_taken_than_asked_for():
    many = [asked(10 + number, f"Who saw harbour {number}?", f"Harbour {number} was seen.", f"{number}") for number in range(9)]
    assert len(hard_negatives([HARBOUR[0], HARBOUR[2], *many], n=3)["q1"]) == 3


def test_a_context_that_holds_the_answer_is_never_foreign():
    other = asked(4, "Who lived in Velden harbour?", "Anna Holm lived at the harbour of Velden.", "Anna Holm")
    assert hard_negatives([HARBOUR[0], other]) == {}


def test_every_question_is_read_over_its_own_context_and_most_over_a_foreign_one_too():
    many = [asked(number, HARBOUR[0].question, f"{HARBOUR[0].context} Log {number}.", "Anna Holm", title="Velden") for number in range(60)]
    items = items_of_asked(many, {one.id: (HARBOUR[1],) for one in many}, seed=3)
    for item in items:
        (passage,) = item.passages
        assert item.answered == item.relevant == bool(passage.answers)
    assert sum(item.answered for item in items) == 60
    assert 20 < sum(not item.answered for item in items) < 52


def test_readings_follow_from_the_seed():
    negatives = hard_negatives(HARBOUR)
    assert items_of_asked(HARBOUR, negatives, seed=3) == items_of_asked(HARBOUR, negatives, seed=3)


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_long_context_is_cut_to_sentences_around_its_answer(before, behind):
    filler = "The ferry of the northern line left the old harbour at noon that day. "
    context = filler * before + "Anna Holm built it. " + filler * behind
    one = Asked(id="q", question="Who?", title="", context=context, answers=("Anna Holm",), start=context.index("Anna"))
    cut = cut_around_answer(one, longest=100)
    assert cut.context[cut.start : cut.start + 9] == "Anna Holm"
    assert cut.context in context
    assert n_pieces_about(cut.context) <= 100 or cut.context == context


def test_questions_whose_answer_is_nowhere_are_left_out(tmp_path):
    rows = [
        {"question": "Who?", "context": "Anna.", "answers": ["Anna"], "answer_start": 0},
        {"question": "Who?", "context": "Anna.", "answers": ["Bo"], "answer_start": 0},
    ]
    file = tmp_path / "train.jsonl.gz"
    with gzip.open(file, "wt") as lines:
        lines.writelines(f"{json.dumps(row)}\n" for row in rows)
    assert [one.answers for one in read_asked(file)] == [("Anna",)]


def test_one_context_is_in_one_script(tmp_path):
    rows = [{"question": f"問{n}？", "context": "臺灣鐵路。", "title": "鐵路", "answers": ["鐵路"]} for n in range(20)]
    file = tmp_path / "train.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.writelines(f"{json.dumps(row)}\n" for row in rows)
    assert {one.context for one in read_asked(file, simplified_share=1.0)} == {"台湾铁路。"}
    assert len({one.context for one in read_asked(file, simplified_share=0.5)}) == 1
