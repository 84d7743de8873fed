"""The mapping is tested on recorded elements everywhere, the library itself where the extra is installed."""

import io
import zipfile
from types import SimpleNamespace

import pytest

from tadarag.documents.parsing import parse
from tadarag.documents.pool import ParserPool
from tadarag.documents.unstructured_parser import elements_to_document, is_installed
from tadarag.errors import DocumentError

needs_extra = pytest.mark.skipif(not is_installed(), reason="the extra `parse` is not installed")
RTF = rb"{\rtf1\ansi {\b Fares}\par The fare rises to 35 korla.\par}"


def element(category, text, *, depth=None, page=None, html=None):
    return SimpleNamespace(
        category=category, text=text, metadata=SimpleNamespace(category_depth=depth, page_number=page, text_as_html=html)
    )


def test_slides_become_pages_with_their_titles_as_headings():
    # recorded from unstructured 0.27 on two slides; with a blank pipeline it calls every short bullet a title of depth 1
    elements = [
        element("Title", "Fares", depth=0, page=1),
        element("Title", "North line", depth=1, page=1),
        element("Title", "South line", depth=1, page=1),
        element("PageBreak", "", page=1),
        element("Title", "Times", depth=0, page=2),
        element("NarrativeText", "Boats leave at noon.", depth=0, page=2),
    ]
    document = elements_to_document(elements, "pptx")
    assert document.text == "Fares\n\n- North line\n- South line\n\nTimes\n\nBoats leave at noon."
    assert [page.of(document.text) for page in document.pages] == [
        "Fares\n\n- North line\n- South line\n\n",
        "Times\n\nBoats leave at noon.",
    ]
    assert [heading.title for heading in document.headings] == ["Fares", "Times"]


def test_tables_become_rows():
    html = "<table><tr><td>Line</td><td>Fare</td></tr><tr><td>North</td><td>35</td></tr></table>"
    document = elements_to_document([element("Table", "Line Fare North 35", html=html, page=1)], "xlsx")
    assert document.text == "Line | Fare\nNorth | 35"
    assert [block.of(document.text) for block in document.blocks] == [document.text]


def test_titles_below_the_first_level_are_lower_headings():
    document = elements_to_document(
        [element("Title", "Head", depth=0), element("Title", "Sub", depth=1), element("ListItem", "a", depth=1)], "odt"
    )
    assert [(heading.level, heading.title) for heading in document.headings] == [(1, "Head"), (2, "Sub")]


@pytest.mark.skipif(is_installed(), reason="the extra `parse` is installed")
def test_without_the_extra_its_formats_say_how_to_get_it():
    with pytest.raises(DocumentError) as caught:
        parse("a.rtf", RTF)
    assert caught.value.args == ("a.rtf needs the extra `parse` to be read", "pip install 'tadarag[parse]'")


@needs_extra
def test_rtf_is_read_without_network_or_model():
    with ParserPool() as pool:
        assert pool.parse("a.rtf", RTF)[0].document.text == "Fares\n\nThe fare rises to 35 korla."


@needs_extra
def test_a_workbook_is_read_sheet_by_sheet():
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Line", "Fare"])
    book.active.append(["North", 35])
    stream = io.BytesIO()
    book.save(stream)
    assert parse("a.xlsx", stream.getvalue())[0].document.text == "Line | Fare\nNorth | 35"


@needs_extra
def test_slides_are_read():
    pptx = pytest.importorskip("pptx")
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "Fares"
    slide.placeholders[1].text = "North line 35 korla"
    stream = io.BytesIO()
    show.save(stream)
    assert parse("a.pptx", stream.getvalue())[0].document.text == "Fares\n\n- North line 35 korla"


@needs_extra
@pytest.mark.parametrize("suffix", [".pptx", ".xlsx", ".epub", ".odt"])
def test_other_archives_under_its_names_are_refused(suffix):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("x", "y")
    with pytest.raises(DocumentError):
        parse(f"a{suffix}", stream.getvalue())
