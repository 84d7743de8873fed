"""The text of passages as HTML: nothing is lost, nothing is put in, and what is marked is marked."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from tadarag.outline.text_drawing import draw_texts, escaped
from tadarag.values import Chunk, Document, Heading, Span


class _Read(HTMLParser):
    """What a browser would take for text, and what of it is marked."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.marked, self.tags = "", "", []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._depth += tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        self.marked += data if self._depth else ""


def read(html: str) -> _Read:
    parser = _Read()
    parser.feed(html)
    parser.close()
    return parser


def draw(text: str, *, core: tuple[Span, ...] = (), document: Document | None = None) -> str:
    [drawn] = draw_texts(document or Document(text=text), [Chunk(id="1", span=Span(0, len(text)), core=core)])
    return drawn


def spans(length: int) -> st.SearchStrategy[tuple[Span, ...]]:
    """Ranges in order that do not overlap."""
    places = st.lists(st.integers(0, length), max_size=8, unique=True).map(sorted)
    return places.map(lambda cuts: tuple(Span(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False)))


@st.composite
def documents(draw: st.DrawFn) -> tuple[Document, list[Chunk]]:
    text = draw(st.text(alphabet=st.sampled_from("ab 中。.<>&\"'|\n#\t-"), min_size=1, max_size=60))
    headings = tuple(Heading(span=span, level=1, title=span.of(text).strip()) for span in draw(spans(len(text))))
    pages = sorted({0, *draw(st.lists(st.integers(1, len(text)), max_size=3))} - {len(text)})
    borders = sorted({0, len(text), *draw(st.lists(st.integers(1, len(text)), max_size=4))})
    core = draw(spans(len(text)))
    tiles = [Span(start, end) for start, end in pairwise(borders)]
    document = Document(
        text=text,
        headings=headings,
        blocks=draw(spans(len(text))),
        pages=tuple(Span(start, end) for start, end in zip(pages, [*pages[1:], len(text)], strict=True)),
    )
    chunks = [
        Chunk(id=str(tile), span=tile, core=tuple(one for one in core if tile.start <= one.start and one.end <= tile.end)) for tile in tiles
    ]
    return document, chunks


@given(documents())
@example((Document(text="| a | |\n|-|-|\n| b | c", blocks=(Span(0, 21),)), [Chunk(id="1", span=Span(0, 21), core=(Span(0, 7),))]))
@example((Document(text="a | b\nc | d", blocks=(Span(0, 11),)), [Chunk(id="1", span=Span(0, 11), core=(Span(4, 11),))]))
def test_what_is_drawn_reads_as_the_text_and_marks_the_core(made: tuple[Document, list[Chunk]]) -> None:
    document, chunks = made
    for chunk, drawn in zip(chunks, draw_texts(document, chunks), strict=True):
        shown = read(drawn)
        assert shown.text == chunk.span.of(document.text)
        kept = "".join(span.of(document.text) for span in chunk.core)
        assert "".join(shown.marked.replace("|", "").split()) == "".join(kept.replace("|", "").split())


@given(documents())
def test_every_page_but_the_first_is_announced_once(made: tuple[Document, list[Chunk]]) -> None:
    document, chunks = made
    drawn = "".join(draw_texts(document, chunks))
    assert [f'data-page="{number}"' in drawn for number in range(2, len(document.pages) + 1)] == [True] * (len(document.pages) - 1)
    assert drawn.count("data-page=") == len(document.pages) - 1


def test_a_table_is_drawn_as_one_and_its_bars_stay_in_the_text() -> None:
    text = "Ship | Built\nCorrin | 2019"
    drawn = draw(text, document=Document(text=text, blocks=(Span(0, len(text)),)))
    assert read(drawn).tags.count("td") == 4
    assert read(drawn).text == text


def test_a_table_that_a_passage_border_cuts_stays_a_table_on_both_sides() -> None:
    document = Document(text="a | b\nc | d\ne | f", blocks=(Span(0, 17),))
    drawn = list(draw_texts(document, [Chunk(id="1", span=Span(0, 12)), Chunk(id="2", span=Span(12, 17))]))
    assert [one.count("<tr>") for one in drawn] == [2, 1]


def test_a_table_in_markdown_is_drawn_without_its_bars_and_rule() -> None:
    text = "| Ship | Built |\n| --- | ---: |\n| Corrin | |"
    drawn = draw(text, document=Document(text=text, blocks=(Span(0, len(text)),)))
    assert read(drawn).text == text
    assert drawn.count("<tr>") == 2
    assert '<tr class="rule">' in drawn
    assert drawn.count("</td><td>") == 2


def test_code_stays_as_it_was_set() -> None:
    text = "run:\n\n    one |\n  two"
    drawn = draw(text, document=Document(text=text, blocks=(Span(6, len(text)),)))
    assert '<div class="scroll set" tabindex="0">    one |\n  two</div>' in drawn


def test_the_marks_of_a_heading_are_set_apart_from_its_title() -> None:
    text = "## Ferries\n\nThe Dusk."
    drawn = draw(text, document=Document(text=text, headings=(Heading(span=Span(0, 10), level=2, title="Ferries"),)))
    assert '<div class="heading h2"><span class="marks">## </span>Ferries</div>' in drawn


def test_markup_in_the_text_is_shown_not_run() -> None:
    drawn = draw("<script>alert(1)</script> & <b>", core=(Span(0, 8),))
    assert read(drawn).tags == ["mark"]
    assert "&lt;script&gt;" in drawn


def test_what_html_cannot_hold_is_replaced_visibly() -> None:
    assert escaped("a\x00b\x1b[31m\ud800") == "a\ufffdb\ufffd[31m\ufffd"
