"""Replies of language models are read strictly, mended where that is safe, and counted where nothing can be made of them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.extraction.llm_reply import Reply, StatedFact, StatedName, format_tuples, parse_reply

WHOLE = {
    "entities": [{"name": "Mona Adler", "type": "person"}, {"name": "红隼集团", "type": "organization"}],
    "relations": [{"head": "Mona Adler", "relation": "leads", "tail": "红隼集团"}],
}
NAMES = (StatedName("Mona Adler", "person"), StatedName("红隼集团", "organization"))
FACTS = (StatedFact("Mona Adler", "leads", "红隼集团"),)
TEXT = json.dumps(WHOLE, ensure_ascii=False)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        json.dumps(WHOLE, indent=2),
        f"```json\n{TEXT}\n```",
        f"Here is the result:\n```\n{TEXT}\n```\nI hope that helps!",
        f"<think>Is {{}} an object? [1, 2]</think>{TEXT}",
        f"Sure: {TEXT} That is all.",
        TEXT.replace("}]", "},]").replace("]}", "],}"),
        TEXT.replace('"entities"', '"nodes"').replace('"relations"', '"edges"'),
        TEXT.replace('"name"', '"text"').replace('"type"', '"label"').replace('"head"', '"source"').replace('"tail"', '"target"'),
    ],
)
def test_a_whole_reply_is_read_whatever_stands_around_it(text: str) -> None:
    assert parse_reply(text) == Reply(names=NAMES, facts=FACTS)


def test_a_reply_that_was_cut_keeps_what_stands_before_the_cut() -> None:
    cut = TEXT[: TEXT.index('"leads"')]
    assert parse_reply(cut) == Reply(names=NAMES, n_broken=1)


def test_a_cut_in_a_code_fence_without_its_end_is_mended_too() -> None:
    cut = "```json\n" + TEXT[: TEXT.index("红隼集团")]
    assert parse_reply(cut) == Reply(names=NAMES[:1], n_broken=1)


def test_an_object_without_a_name_is_counted_and_the_others_stay() -> None:
    reply = {"entities": [{"type": "person"}, {"name": "Mona Adler", "type": "person"}, 7], "relations": [{"head": "Mona Adler"}]}
    assert parse_reply(json.dumps(reply)) == Reply(names=NAMES[:1], n_broken=3)


def test_a_comma_before_a_bracket_inside_a_name_is_kept() -> None:
    text = '{"entities": [{"name": "f(x,]", "type": "person"},]}'
    assert parse_reply(text).names == (StatedName("f(x,]", "person"),)


@pytest.mark.parametrize("text", ["", "I cannot help with that.", "{}", "[]", "{", "null", '{"answer": 42}', "{" * 5000])
def test_what_is_no_reply_is_one_broken_part(text: str) -> None:
    assert parse_reply(text) == Reply(n_broken=1)


def test_a_reply_that_found_nothing_is_whole() -> None:
    assert parse_reply('{"entities": [], "relations": []}') == Reply()


def test_tuples_are_read_and_their_descriptions_are_not_kept() -> None:
    text = '("Entity", "Mona Adler", "person", "leads a group"); ("entity" | "红隼集团" | "organization")\n("relation", "Mona Adler", "leads", "红隼集团")'
    assert parse_reply(text) == Reply(names=NAMES, facts=FACTS)


def test_a_broken_tuple_is_counted() -> None:
    assert parse_reply('("entity", "Mona Adler"); ("entity", "红隼集团", "organization")') == Reply(names=NAMES[1:], n_broken=1)


WORDS = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=12).filter(str.strip)


@given(
    names=st.lists(st.builds(StatedName, WORDS, WORDS), max_size=4), facts=st.lists(st.builds(StatedFact, WORDS, WORDS, WORDS), max_size=4)
)
def test_tuples_read_back_as_they_were_written(names: list[StatedName], facts: list[StatedFact]) -> None:
    reply = Reply(names=tuple(names), facts=tuple(facts), n_broken=0 if names or facts else 1)
    assert parse_reply(format_tuples(reply)) == reply


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    parse_reply(text)


@given(cut=st.integers(min_value=0, max_value=len(TEXT)))
def test_wherever_a_reply_is_cut_nothing_is_made_up(cut: int) -> None:
    found = parse_reply(TEXT[:cut])
    assert set(found.names) <= set(NAMES)
    assert set(found.facts) <= set(FACTS)
