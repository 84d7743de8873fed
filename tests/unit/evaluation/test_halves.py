"""A development set is cut in two by the ids of its questions alone."""

from __future__ import annotations

from hashlib import md5

from hypothesis import given
from hypothesis import strategies as st

from tadarag.evaluation.halves import half_of, in_half


def test_an_even_md5_is_half_a():
    # the last hexadecimal digit decides the parity: md5("b") ends in f, md5("c") in 3, md5("e") in 4
    assert [half_of(name) for name in "bce"] == ["B", "B", "A"]


@given(st.text())
def test_every_question_is_in_one_half_and_in_the_whole(question_id):
    assert in_half(question_id, "A") != in_half(question_id, "B")
    assert in_half(question_id, "")
    assert (half_of(question_id) == "A") == (md5(question_id.encode()).digest()[-1] % 2 == 0)
