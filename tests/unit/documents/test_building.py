import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tadarag.documents.building import DocumentBuilder, collapse

TEXT = st.text(st.one_of(st.sampled_from("ab \n\u0301\u1100\u1161\u00adé-"), st.characters(exclude_categories=["Cs"])), max_size=10)
STEPS = st.lists(st.tuples(st.sampled_from(["paragraph", "glued", "heading", "block", "verbatim", "rows", "page"]), TEXT), max_size=20)


@given(STEPS)
def test_whatever_is_appended_spans_quote_it_and_pages_tile_the_text(steps):
    builder = DocumentBuilder()
    n_pages = 0
    quoted = []
    for kind, text in steps:
        if kind == "paragraph":
            quoted.append((builder.paragraph(text), collapse(text)))
        elif kind == "glued":
            quoted.append((builder.paragraph(text, joint=""), collapse(text)))
        elif kind == "heading":
            builder.heading(text, 2)
        elif kind == "rows":
            builder.rows([text, text])
        elif kind == "page":
            builder.page()
            n_pages += 1
        elif kind in ("block", "verbatim"):
            getattr(builder, kind)(text)
    document = builder.document()
    assert unicodedata.is_normalized("NFC", document.text)
    for span, text in quoted:
        assert span.of(document.text) == text
    for heading in document.headings:
        assert heading.span.of(document.text) == heading.title
    assert len(document.pages) == n_pages
    if n_pages:
        assert "".join(page.of(document.text) for page in document.pages) == document.text


def test_a_cut_hyphen_joins_the_word():
    builder = DocumentBuilder()
    builder.paragraph("a cross-")
    builder.cut_hyphen()
    builder.paragraph("ing", joint="")
    assert builder.document().text == "a crossing"


def test_what_is_stated_goes_before_what_the_text_suggests():
    builder = DocumentBuilder()
    builder.paragraph("9 March 2022")
    assert builder.document().date == "2022-03-09"
    assert builder.document(date="2024-01-01", title="T", language="").date == "2024-01-01"
