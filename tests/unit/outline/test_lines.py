"""Outline lines: what lies under each, and that every passage lies under one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tadarag.outline.lines import OutlineLine, outline_lines
from tadarag.values import Chunk, Document, DocumentMemory, OutlineEntry, Record, SourceName, Span


def record(*entries: OutlineEntry, n_chunks: int, pages: tuple[Span, ...] = (), names: tuple[str, ...] = ()) -> Record:
    """A document of passages of ten characters each; `names` are their lines in the outline."""
    text = "".join(f"passage {index}." for index in range(n_chunks))
    chunks = tuple(
        Chunk(id=str(index), span=Span(10 * index, 10 * index + 10), outline=names[index] if names else "") for index in range(n_chunks)
    )
    return Record(
        source=SourceName(".", "a.txt"),
        content="0",
        document=Document(text=text, pages=pages),
        chunks=chunks,
        vectors=(),
        vector_keys=(),
        memory=DocumentMemory(outline=entries),
    )


def heading(title: str, level: int, chunk: int, *, is_topic: bool = False) -> OutlineEntry:
    return OutlineEntry(title=title, level=level, chunk=chunk, is_topic=is_topic)


def passages(lines: tuple[OutlineLine, ...]) -> list[tuple[str, int, int, int]]:
    return [(line.title, line.depth, line.first, line.last) for line in lines]


def test_a_line_reaches_to_the_next_line_that_is_not_below_it() -> None:
    made = record(heading("A", 1, 0), heading("B", 2, 1), heading("C", 3, 2), heading("D", 2, 4), n_chunks=6)
    assert passages(outline_lines(made)) == [("A", 0, 0, 5), ("B", 1, 1, 3), ("C", 2, 2, 3), ("D", 1, 4, 5)]


def test_headings_in_one_passage_both_lead_to_it() -> None:
    made = record(heading("A", 1, 0), heading("B", 1, 0), heading("C", 1, 1), n_chunks=2)
    assert passages(outline_lines(made)) == [("A", 0, 0, 0), ("B", 0, 0, 0), ("C", 0, 1, 1)]


def test_levels_that_skip_make_no_empty_depths() -> None:
    made = record(heading("A", 2, 0), heading("B", 5, 1), heading("C", 1, 2), n_chunks=3)
    assert [line.depth for line in outline_lines(made)] == [0, 1, 0]


def test_text_before_the_first_heading_gets_a_line_of_its_own() -> None:
    made = record(heading("A", 1, 1), n_chunks=2)
    assert passages(outline_lines(made)) == [("passage 0.", 0, 0, 0), ("A", 0, 1, 1)]


def test_a_document_without_headings_has_a_line_for_each_passage() -> None:
    assert passages(outline_lines(record(n_chunks=2, names=("ferries", "")))) == [("ferries", 0, 0, 0), ("passage 1.", 0, 1, 1)]


def test_a_document_without_text_has_no_lines() -> None:
    assert outline_lines(record(n_chunks=0)) == ()


def test_a_line_says_on_which_pages_its_text_lies() -> None:
    made = record(heading("A", 1, 0), heading("B", 2, 1), n_chunks=3, pages=(Span(0, 15), Span(15, 30)))
    assert [(line.page, line.last_page) for line in outline_lines(made)] == [(1, 2), (1, 2)]
    assert outline_lines(record(heading("A", 1, 0), n_chunks=1))[0].page is None


def test_a_topic_stays_a_topic() -> None:
    made = record(heading("A", 1, 0), heading("weed · guard", 2, 1, is_topic=True), n_chunks=2)
    assert [line.is_topic for line in outline_lines(made)] == [False, True]


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 3)), max_size=12))
def test_every_passage_lies_under_a_line_and_lines_below_stay_inside(steps: list[tuple[int, int]]) -> None:
    place, entries = 0, []
    for level, step in steps:
        place += step
        entries.append(heading("x", level, place))
    lines = outline_lines(record(*entries, n_chunks=place + 2))
    assert {index for line in lines for index in range(line.first, line.last + 1)} == set(range(place + 2))
    above: list[OutlineLine] = []
    for line in lines:
        above = [*above[: line.depth], line]
        assert all(outer.first <= line.first <= line.last <= outer.last for outer in above)
