"""A drawn question graph: everything on one page, nothing from elsewhere, and no two boxes on top of each other."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tadarag.components import template_of
from tadarag.graph.question_drawing import shortened, text_width
from tadarag.graph.question_graph import join_facts
from tadarag.graph.question_layout import Box, lay_out
from tadarag.graph.question_page import question_page
from tadarag.testing.stated_facts import stating
from tadarag.values import Answer, Evidence, Route

GENERAL = template_of("general_knowledge", None)


def answer(*facts: tuple[str, str, str], question: str = "Who made Otter?", short: str = "Halvrin", language: str = "en") -> Answer:
    """An answer from one passage, with its graph."""
    hit, extraction = stating("a.md", *facts)
    route = Route(language=language)
    graph = join_facts(question, route, [hit], {hit.passage.source: extraction}, GENERAL)
    evidence = Evidence(question=question, hits=(hit,), sequence=1, graph=graph)
    return Answer(
        question=question,
        text=f"{short} [1]",
        short=short,
        found=True,
        statements=(),
        citations=(),
        confidence=1.0,
        route=route,
        evidence=evidence,
    )


def test_every_thing_and_fact_is_drawn_and_listed_with_its_sentence() -> None:
    page = question_page(answer(("Otter", "created_by", "Halvrin")))
    assert page.count('class="edge e0 ') == page.count('id="f0"') == page.count('id="c0"') == 1
    for number in (0, 1):
        assert len(re.findall(rf'class="node v{number} ', page)) == page.count(f'id="n{number}"') == 1
    assert "Otter created by Halvrin." in page
    assert ">[1]</a> a.md" in page


def test_what_the_question_names_and_what_the_answer_names_are_marked() -> None:
    page = question_page(answer(("Otter", "created_by", "Halvrin")))
    marked = dict(re.findall(r'class="node v\d+ (?P<classes>[^"]*)" href="#n\d+" aria-label="(?P<name>[^"]*)"', page))
    assert {name: classes.split()[1:] for classes, name in marked.items()} == {"Otter": ["asked"], "Halvrin": ["told"]}


def test_the_page_needs_nothing_beside_itself_and_runs_no_script() -> None:
    page = question_page(answer(("Otter", "created_by", "Halvrin")))
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page
    assert not re.search(r"<script|https?:|url\(|@import|<img|<link| style=", page)


def test_what_documents_say_cannot_become_markup() -> None:
    page = question_page(answer(("<script>x</script>", "created_by", 'Hal"vrin\ud800'), question="<b>?</b>", short="<i>"))
    assert "<script" not in page
    assert "<b>?" not in page
    assert "<i>" not in page
    page.encode("utf-8")


def test_a_poor_graph_says_that_the_answer_rests_on_the_passages() -> None:
    assert "rests on the passages alone" in question_page(answer(("Otter", "", "Halvrin")))
    assert "rests on the passages alone" in question_page(answer())


def test_what_is_only_named_together_is_shown_by_a_switch_that_is_off_where_facts_are_stated() -> None:
    stated = [("Otter", "created_by", f"Halvrin{number}") for number in range(4)]
    page = question_page(answer(*stated, ("Otter", "", "Tern"), ("Halvrin1", "", "Halvrin2")))
    assert '<input type="checkbox" id="together">' in page
    assert page.count(' together" href="#f') == 1
    assert ".desk:has(#together:not(:checked)) :is(.edge.together, .loose) { display: none; }" in page
    assert len(re.findall(r'<li id="f\d+" class=loose>', page)) == 1


def test_the_switch_is_on_where_nothing_else_is_there_and_missing_where_nothing_is_named_together() -> None:
    assert '<input type="checkbox" id="together" checked>' in question_page(answer(("Otter", "", "Halvrin")))
    assert "<input" not in question_page(answer(("Otter", "created_by", "Halvrin")))


def test_things_that_only_stand_beside_others_go_with_the_switch() -> None:
    page = question_page(answer(("Otter", "", "Tern"), ("Otter", "", "Halvrin")))
    drawn = re.findall(r'class="node v\d+ (?P<classes>[^"]*)" href="#n\d+" aria-label="(?P<name>[^"]*)"', page)
    assert {name for classes, name in drawn if classes.endswith(" loose")} == {"Tern"}, "Otter is asked about, Halvrin is the answer"


def test_a_chinese_question_has_a_chinese_page() -> None:
    page = question_page(answer(("水獭", "created_by", "燕鸥"), question="谁制造了水獭？", short="燕鸥", language="zh"))
    assert '<html lang="zh">' in page
    assert "问题图谱" in page


def test_the_same_answer_is_drawn_the_same() -> None:
    one = answer(("Otter", "created_by", "Halvrin"), ("Halvrin", "located_in", "Velmouth"))
    assert question_page(one) == question_page(one)


@pytest.mark.parametrize(
    ("text", "cut"), [("Halvrin", "Halvrin"), ("a" * 31, "a" * 30 + "…"), ("奎" * 16, "奎" * 15 + "…"), ("a\nb", "a b")]
)
def test_long_names_are_shortened(text: str, cut: str) -> None:
    assert shortened(text, 30) == cut


def test_a_chinese_character_is_as_wide_as_high() -> None:
    assert text_width("奎湾", 14) == 28.0


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 30), st.data())
def test_no_two_boxes_overlap(count: int, data: st.DataObject) -> None:
    lines = data.draw(
        st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda pair: pair[0] != pair[1]), max_size=30)
    )
    boxes = lay_out([(60.0 + 7 * (number % 9), 30.0) for number in range(count)], lines, [(50.0, 17.0)] * len(lines))
    assert len(boxes) == count + len(lines)
    for number, one in enumerate(boxes):
        assert one.x >= one.width / 2 - 0.1
        for other in boxes[:number]:
            assert not overlap(one, other)


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than a border."""
    wide, high = (one.width + other.width) / 2, (one.height + other.height) / 2
    return abs(one.x - other.x) < wide - 1 and abs(one.y - other.y) < high - 1


def test_nothing_to_draw_has_no_places() -> None:
    assert lay_out([], [], []) == ()
