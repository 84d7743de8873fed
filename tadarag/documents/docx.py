"""Word documents: paragraphs, headings by style, lists and tables in reading order."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from tadarag.documents.archive_guard import check_archive
from tadarag.documents.building import DocumentBuilder, collapse
from tadarag.documents.text import one_line
from tadarag.errors import DocumentError
from tadarag.values import Document

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING_STYLE = re.compile(r"(?:heading|标题|標題)\s*(\d)$", re.IGNORECASE)
_LIST_STYLE = re.compile(r"^(?:list|列表|列出)", re.IGNORECASE)


def parse_docx(name: str, data: bytes) -> Document:
    """Read a .docx; headers, footers and deleted revisions are left out. Raises DocumentError for damaged, encrypted or bomb files."""
    check_archive(name, data, needs="word/document.xml")
    import docx
    from docx.opc.exceptions import OpcError

    try:
        word = docx.Document(io.BytesIO(data))
        styles = {style.style_id: style.name or "" for style in word.styles if style.style_id}
        body = word.element.body
        builder = DocumentBuilder()
        title = _read_body(body, styles, builder)
        stated_title = collapse(word.core_properties.title or "").replace("\n", " ")
    except (OpcError, SyntaxError, KeyError, ValueError, AttributeError) as error:
        raise DocumentError(
            f"{one_line(name)} is no readable Word document: {error}", "open and save it again in a word processor"
        ) from error
    top = [heading.title for heading in builder.headings if heading.level == 1]
    return builder.document(media_type=MEDIA_TYPE, title=title or (top[0] if top else "") or stated_title)


def _read_body(body: Any, styles: dict[str, str], builder: DocumentBuilder) -> str:
    """Append every block of the body; returns the text in style "Title", or ""."""
    title = ""
    after_item = False
    for block in _blocks(body):
        if block.tag == _W + "tbl":
            builder.rows(_rows(block))
            after_item = False
            continue
        text = collapse(_text(block))
        if not text:
            continue
        style = styles.get(_style_id(block), "")
        level = _heading_level(block, style)
        is_item = not level and (block.find(f"{_W}pPr/{_W}numPr") is not None or bool(_LIST_STYLE.match(style)))
        if level:
            builder.heading(text, level)
            if style.lower() in ("title", "标题", "標題") and not title:
                title = text.replace("\n", " ")
        elif is_item:
            builder.paragraph("- " + text, joint="\n" if after_item else "\n\n")
        else:
            builder.paragraph(text)
        after_item = is_item
    return title


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, those inside content controls too; a generated table of contents is left out."""
    for child in parent:
        if child.tag in (_W + "p", _W + "tbl"):
            yield child
        elif child.tag == _W + "sdt":
            gallery = child.find(f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery")
            content = child.find(_W + "sdtContent")
            if content is not None and (gallery is None or "Contents" not in (gallery.get(_W + "val") or "")):
                yield from _blocks(content)
        elif child.tag in (_W + "customXml", _W + "ins", _W + "moveTo"):
            yield from _blocks(child)


def _text(element: Any) -> str:
    """The text of a paragraph with inserted revisions and links; deleted revisions have other tags and do not show."""
    parts = []
    for piece in element.iter(_W + "t", _W + "tab", _W + "br", _W + "cr", _W + "noBreakHyphen"):
        if any(ancestor.tag in (_FALLBACK, _W + "moveFrom") for ancestor in piece.iterancestors()):
            continue  # the same text box a second time for old programs, or text that was moved elsewhere
        if piece.tag == _W + "t":
            parts.append(piece.text or "")
        elif piece.tag == _W + "noBreakHyphen":
            parts.append("-")
        elif not (piece.tag == _W + "tab" and piece.getparent().tag == _W + "tabs"):  # those are tab stops
            parts.append("\n" if piece.tag in (_W + "br", _W + "cr") else " ")
    return "".join(parts)


def _rows(table: Any) -> list[str]:
    """Rows as "cell | cell"; a cell that goes on from the row above stays empty."""
    rows = []
    for row in table.iter(_W + "tr"):
        cells = [" ".join(collapse(_text(paragraph)) for paragraph in cell.iter(_W + "p")) for cell in row.findall(_W + "tc")]
        if any(cell.strip() for cell in cells):
            rows.append(" | ".join(cell.replace("\n", " ").strip() for cell in cells))
    return rows


def _style_id(paragraph: Any) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return (style.get(_W + "val") or "") if style is not None else ""


def _heading_level(paragraph: Any, style: str) -> int:
    """1 for the title, N for "Heading N" or an outline level of N; 0 for other paragraphs."""
    match = _HEADING_STYLE.search(style)
    if match:
        return int(match[1])
    if style.lower() in ("title", "标题", "標題"):
        return 1
    outline = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
    value = (outline.get(_W + "val") or "") if outline is not None else ""
    return int(value) + 1 if value.isdigit() and int(value) < 9 else 0
