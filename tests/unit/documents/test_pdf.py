import io

import pytest

from tadarag.documents.pdf import parse_pdf
from tadarag.errors import DocumentError
from tadarag.testing.sample_files import pdf, scanned_pdf

TITLE = ("Ferry Fares", 18.0)
GAP = ("", 12.0)


def lines(*texts):
    return [(text, 10.0) for text in texts]


def test_lines_become_paragraphs_and_words_are_mended():
    page = [
        TITLE,
        GAP,
        *lines("The fare for the cross-", "ing rises to 35 korla in the spring of the com-", "ing year."),
        GAP,
        *lines("A second paragraph stands here."),
    ]
    assert (
        parse_pdf("a.pdf", pdf(page)).text
        == "Ferry Fares\n\nThe fare for the crossing rises to 35 korla in the spring of the coming year.\n\nA second paragraph stands here."
    )


def test_a_hyphen_that_the_document_writes_elsewhere_stays():
    page = lines("It is a well-known ferry and everybody on the island knows its well-", "known captain.")
    assert parse_pdf("a.pdf", pdf(page)).text.endswith("its well-known captain.")


def test_headers_footers_and_page_numbers_are_dropped():
    pages = [lines(f"Page {word} has its own words, and they are of some length.") for word in ("one", "two", "three")]
    document = parse_pdf("a.pdf", pdf(*pages, header="The Velmouth Courier", footer="Page {page} of 3"))
    assert document.text == "\n\n".join(page[0][0] for page in pages)


def test_lines_that_only_look_alike_are_kept():
    pages = [[(f"Table {number}", 10.0), *lines("Words follow here.")] for number in (4, 9, 2)]
    assert all(f"Table {number}" in parse_pdf("a.pdf", pdf(*pages)).text for number in (4, 9, 2))


def test_pages_tile_the_text_and_a_sentence_may_run_over():
    document = parse_pdf("a.pdf", pdf(lines("The ferry left the harbour at noon and"), lines("came back at night."), [], lines("Last.")))
    assert [page.of(document.text) for page in document.pages] == [
        "The ferry left the harbour at noon and ",
        "came back at night.\n\n",
        "",
        "Last.",
    ]


def test_larger_fonts_are_headings():
    body = lines("The ferry left the harbour at noon, and it was crowded.", "It came back at night.")
    document = parse_pdf("a.pdf", pdf([TITLE, GAP, *body * 3, GAP, ("1. Scope", 14.0), GAP, *body * 3]))
    assert [(heading.level, heading.span.of(document.text)) for heading in document.headings] == [(1, "Ferry Fares"), (2, "1. Scope")]
    assert document.title == "Ferry Fares"


def test_a_blank_pdf_is_an_empty_document():
    document = parse_pdf("a.pdf", pdf([]))
    assert (document.text, len(document.pages)) == ("", 1)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (pdf([TITLE], password="otter"), "encrypted with a password"),
        (pdf([TITLE])[:500], "damaged or cut off"),
        (b"%PDF-1.7\n", "damaged or cut off"),
        (scanned_pdf(), "pictures of pages but no text"),
    ],
)
def test_unreadable_pdfs_are_refused_with_their_reason(data, message):
    with pytest.raises(DocumentError, match=message):
        parse_pdf("a.pdf", data)


def test_rows_of_a_table_become_one_block():
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.setFont("Helvetica", 10)
    for number, cells in enumerate([("Line", "Fare"), ("North line", "35"), ("South line", "28")]):
        for column, cell in enumerate(cells):
            canvas.drawString(72 + 150 * column, 700 - 18 * number, cell)
    canvas.drawString(72, 600, "The fares hold for the whole of the next year, as the board has said.")
    canvas.save()
    document = parse_pdf("a.pdf", stream.getvalue())
    assert [block.of(document.text) for block in document.blocks] == ["Line | Fare\nNorth line | 35\nSouth line | 28"]
    assert document.text.endswith("\n\nThe fares hold for the whole of the next year, as the board has said.")
