"""Laws of document memories over random texts."""

from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

import mom
from mom.sentences import split_sentences

_LINES = (
    "# Heading|## Sub|第一章 总则|一、范围|（一）对象|1. item|- item|```|> quoted. Twice.|Name: Ada|Title\n=====|**Bold**|CAPITALS HERE"
)
_RUNS = [
    "Dr. Smith left. ",
    "The river rose by 3.5 m in May 2020. ",
    "今天下雨了。",
    "他说：“走吧！”",
    "他等了很久……",
    "word " * 90,
    "字" * 230,
    "x" * 400,
]
_MARKS = ["\n", "\n\n", "\u3000", "\t", "é", "e\u0301", "\U0001f469\u200d\U0001f467", "\u200b", "!!!", "...", '"', "”", "；"]
PIECES = st.sampled_from([*(line + "\n" for line in _LINES.split("|")), "| a | b |\n", *_RUNS, *_MARKS])
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))
_SENTENCES = ["The river rose again. ", "Nobody saw the old mill fall. ", "价格上涨了百分之五。", "We met Ann in Oslo.\n\n"]
PLAIN = st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=30).map("".join)


def assert_tiles(text: str, memory: mom.Memory) -> None:
    assert "".join(item.span.of(text) for item in memory.items) == text
    for item in memory.items:
        assert item.span.start < item.span.end
        assert set(item.core) <= set(item.sentences)
        assert bool(item.core) == bool(item.sentences)
        assert all(fact in item.span.of(text) for fact in item.left_out)
        assert len(set(item.left_out)) == len(item.left_out)
        place = item.span.start
        for sentence in item.sentences:
            assert not text[place : sentence.start].strip()
            assert sentence.of(text) == sentence.of(text).strip() != ""
            place = sentence.end
        assert place <= item.span.end
        assert not text[place : item.span.end].strip()


@given(text=TEXTS)
@example(text="a.\x1cB")
@example(text="# ")
@settings(max_examples=200, deadline=None)
def test_chunks_tile_the_text_and_sentences_cover_them(text: str) -> None:
    assert_tiles(text, mom.build(text))


@given(text=TEXTS, max_length=st.integers(1, 40), data=st.data())
@settings(max_examples=200, deadline=None)
def test_any_headings_pages_blocks_and_maximum_still_tile(text: str, max_length: int, data: st.DataObject) -> None:
    ends = st.integers(0, len(text) + 2)
    spans = st.lists(st.builds(lambda a, b: mom.Span(min(a, b), max(a, b)), ends, ends), max_size=4)
    headings = [mom.Heading(span, level, "T") for level, span in enumerate(data.draw(spans), start=1)]
    blocks, pages = data.draw(spans), data.draw(spans)
    assert_tiles(text, mom.build(text, title="D", headings=headings, blocks=blocks, pages=pages, measure=len, max_length=max_length))


@given(text=TEXTS)
@settings(max_examples=125, deadline=None)
def test_the_same_text_gives_the_same_memory(text: str) -> None:
    assert mom.build(text, title="T", max_length=50) == mom.build(text, title="T", max_length=50)


@given(text=TEXTS)
@settings(max_examples=200, deadline=None)
def test_facts_lie_in_the_text_in_order_and_do_not_overlap(text: str) -> None:
    found = mom.find_facts(text)
    assert all(0 <= fact.span.start < fact.span.end <= len(text) for fact in found)
    assert all(before.span.end <= after.span.start for before, after in pairwise(found))


@given(text=TEXTS, name=st.sampled_from(mom.scenario_names()))
@settings(max_examples=150, deadline=None)
def test_any_scenario_tiles_any_text(text: str, name: str) -> None:
    memory = mom.build(text, scenario=name)
    assert memory.scenario == name
    assert_tiles(text, memory)


@given(text=TEXTS)
@settings(max_examples=200, deadline=None)
def test_sentences_hold_all_that_is_not_white_space_in_order(text: str) -> None:
    spans = split_sentences(text)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())


@given(bodies=st.lists(PLAIN, min_size=2, max_size=6), edited=st.integers(0, 5), replacement=PLAIN)
@settings(max_examples=125, deadline=None)
def test_editing_one_section_leaves_the_chunks_of_the_others(bodies: list[str], edited: int, replacement: str) -> None:
    edited %= len(bodies)
    before = _chunks_by_section(bodies)
    after = _chunks_by_section([*bodies[:edited], replacement, *bodies[edited + 1 :]])
    assert before.keys() == after.keys()
    assert {path for path in before if before[path] != after[path]} <= {("Doc", f"Section {edited}")}


def _chunks_by_section(bodies: list[str]) -> dict[tuple[str, ...], list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]]:
    text = "".join(f"## Section {number}\n\n{body}\n\n" for number, body in enumerate(bodies))
    sections: dict[tuple[str, ...], list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]] = {}
    for item in mom.build(text, title="Doc", max_length=40).items:
        core = tuple(span.of(text) for span in item.core)
        sections.setdefault(item.path, []).append((item.span.of(text), item.outline, core, item.left_out))
    return sections
