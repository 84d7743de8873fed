from hypothesis import given
from hypothesis import strategies as st

from mom.alignment import Anchors
from mom.anchors import choose_anchors
from mom.values import Span

TEXT = "Section one. The pump is dry.\n\nSection two. The pump is wet.\n"
CHUNKS = [Span(0, 31), Span(31, len(TEXT))]


def test_anchors_are_as_short_as_uniqueness_allows() -> None:
    assert list(choose_anchors(TEXT, CHUNKS)) == [Anchors("Section o", "s dry."), Anchors("Section t", "s wet.")]


def test_an_anchor_runs_over_a_line_break_as_over_a_space() -> None:
    text = "Rye\nbread and wheat bread. Rye is dark."
    assert next(choose_anchors(text, [Span(0, len(text))])).head == "Rye br"


def test_a_short_chunk_is_its_own_anchor() -> None:
    assert list(choose_anchors("Yes. No.", [Span(0, 5), Span(5, 8)])) == [Anchors("Yes.", "Yes."), Anchors("No.", "No.")]


def test_a_repeated_chunk_keeps_twenty_characters() -> None:
    text = "The same sentence comes again. " * 2
    anchors = list(choose_anchors(text, [Span(0, 31), Span(31, 62)]))
    assert anchors[0].head == anchors[1].head == "The same sentence co"


@given(words=st.lists(st.sampled_from("pump water dry wet 水泵 干燥 the of".split()), min_size=2, max_size=60), cut=st.integers(1, 59))
def test_an_anchor_is_a_part_of_its_chunk_and_unique_unless_twenty_long(words: list[str], cut: int) -> None:
    first, second = " ".join(words[:cut]) + " ", " ".join(words[cut:])
    text = (first + second).strip()
    chunks = [Span(0, min(len(first), len(text))), Span(min(len(first), len(text)), len(text))]
    for chunk, anchors in zip(chunks, choose_anchors(text, chunks), strict=True):
        body = chunk.of(text).strip()
        assert body.startswith(anchors.head)
        assert body.endswith(anchors.tail)
        assert text.count(anchors.head) <= 1 or len(anchors.head) >= min(19, len(body)) or not body
