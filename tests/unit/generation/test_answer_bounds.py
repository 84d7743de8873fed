"""Where an answer begins and ends in the span that the network found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.generation.answer_bounds import answer_bounds
from tadarag.generation.question_form import read_question
from tadarag.routing.questions import route_question


def bounded(question: str, text: str, span: str) -> str:
    form = read_question(question, route_question(question))
    start = text.index(span)
    first, last = answer_bounds(text, start, start + len(span), form)
    return text[first:last]


@pytest.mark.parametrize(
    ("question", "text", "span", "answer"),
    [
        ("这条线什么时候开办的？", "本线于1983年5月2日开办。", "1983年", "1983年5月2日"),
        ("这条线什么时候开办的？", "本线于1983年5月2日起开办。", "5月2日起", "1983年5月2日"),
        ("王连是什么时候被封侯的？", "王连于建兴元年（223年）封侯。", "建兴元年", "建兴元年（223年）"),
        ("这条线是哪一年开办的？", "本线于1983年5月2日开办。", "1983年", "1983年"),
    ],
)
def test_a_chinese_date_is_whole_unless_only_its_year_is_asked(question: str, text: str, span: str, answer: str) -> None:
    assert bounded(question, text, span) == answer


@pytest.mark.parametrize(
    ("question", "text", "span", "answer"),
    [
        ("此方法流行于什么时期？", "此方法是明治时代的产物。", "明治时代的", "明治时代"),
        ("黄鳍雀鲷分布在什么海域？", "本鱼分布于印度西太平洋区。", "于印度西太平洋区", "印度西太平洋区"),
        ("地方自治從哪一年開始？", "1950年起實行地方自治。", "1950年起", "1950年"),
        ("谁创办了学校？", "于谦创办了学校。", "于谦", "于谦"),
    ],
)
def test_particles_at_the_ends_of_a_chinese_answer_are_left_out(question: str, text: str, span: str, answer: str) -> None:
    assert bounded(question, text, span) == answer


@pytest.mark.parametrize(
    ("text", "span", "answer"),
    [
        ("她主演了《碧血黄花》。", "《碧血黄花", "《碧血黄花》"),
        ("她主演了《碧血黄花之二》。", "《碧血黄花", "碧血黄花"),
        ("套路岛山」纪念他。", "岛山」", "岛山"),
        ("货币（编号: AOA）是流通货币。", "编号: AOA）是流通货币", "是流通货币"),
        ("The game Tunnels & Trolls (or T&T, TT) came out.", "Tunnels & Trolls (or T&T", "Tunnels & Trolls"),
        ("地震发生在六月（1668年）。", "六月（1668年", "六月（1668年）"),
        ("Ada (born 1950) sings.", "Ada (born 1950)", "Ada (born 1950)"),
    ],
)
def test_of_a_pair_of_marks_both_halves_are_part_of_an_answer_or_none(text: str, span: str, answer: str) -> None:
    question = "What is it called?" if text.isascii() else "它叫什么名字？"
    assert bounded(question, text, span) == answer


def test_a_word_that_was_cut_is_whole() -> None:
    assert bounded("Which is it?", "The Heron 75 river turbine turns.", "Heron 75 river turbin") == "Heron 75 river turbine"
    assert bounded("它叫什么？", "它叫Heron河轮机。", "eron河") == "Heron河"


def test_of_a_date_the_year_alone_answers_a_question_for_the_year() -> None:
    assert bounded("In what year was she born?", "She was born on December 10, 1962.", "December 10, 1962") == "1962"
    assert bounded("When was she born?", "She was born on December 10, 1962.", "December 10, 1962") == "December 10, 1962"


@given(text=st.text(alphabet="在于的是谁什么年月12（）「」《》 ab,为以由", min_size=1, max_size=30), data=st.data())
def test_an_answer_is_never_empty_and_never_outside_of_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    for question in ("他是谁？", "什么是它？", "这是什么时候？", "In what year was it?"):
        first, last = answer_bounds(text, start, end, read_question(question, route_question(question)))
        assert 0 <= first < last <= len(text)
