import io
import zipfile

import pytest

from tadarag.documents.docx import parse_docx
from tadarag.errors import DocumentError
from tadarag.testing.sample_files import docx, zip_bomb


def test_headings_lists_and_tables_stand_in_reading_order():
    document = parse_docx("a.docx", docx())
    assert [(heading.level, heading.span.of(document.text)) for heading in document.headings] == [
        (1, "The Ferry Report"),
        (1, "Passengers"),
    ]
    assert document.text.endswith("- islanders\n- visitors\n\nLine | Fare\nNorth | 12\n\nAfter the table.")
    assert [block.of(document.text) for block in document.blocks] == ["Line | Fare\nNorth | 12"]
    assert (document.title, document.date, document.language) == ("The Ferry Report", "2021-05-03", "en")


def test_inserted_revisions_show_and_deleted_ones_do_not():
    body = (
        "<w:p><w:r><w:t>It is </w:t></w:r><w:del><w:r><w:delText>30</w:delText></w:r></w:del><w:ins><w:r><w:t>35</w:t></w:r></w:ins></w:p>"
    )
    assert parse_docx("a.docx", with_body(body)).text == "It is 35"


def test_paragraphs_in_content_controls_are_read():
    assert (
        parse_docx("a.docx", with_body("<w:sdt><w:sdtContent><w:p><w:r><w:t>Filled in.</w:t></w:r></w:p></w:sdtContent></w:sdt>")).text
        == "Filled in."
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [(docx()[:3000], "damaged or cut off"), (zip_bomb(), "unpacks from"), (b"PK\x05\x06" + b"\0" * 18, "not of its named format")],
)
def test_damaged_bombs_and_other_archives_are_refused(data, message):
    with pytest.raises(DocumentError, match=message):
        parse_docx("a.docx", data)


def test_broken_xml_inside_is_refused():
    with pytest.raises(DocumentError, match="no readable Word document"):
        parse_docx("a.docx", with_body("<w:p>"))


def with_body(body):
    """The sample with its body replaced by raw XML."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx())) as source, zipfile.ZipFile(stream, "w") as target:
        for member in source.namelist():
            data = source.read(member)
            if member == "word/document.xml":
                start, end = data.index(b"<w:body>") + 8, data.index(b"<w:sectPr")
                data = data[:start] + body.encode() + data[end:]
            target.writestr(member, data)
    return stream.getvalue()
