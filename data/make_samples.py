"""Write the .docx and .pdf documents of the sample corpus from the text in data/sources, the same bytes on every run.

Run from anywhere: python data/make_samples.py [--check]. Needs python-docx and reportlab.
A source is Markdown with front matter (target, and for PDF header, footer, lang) and four kinds of block: "# " title, "## " heading,
"| " table, and paragraphs, in which each line stays a line.
"""

import argparse
import io
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import docx
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Spacer, Table, TableStyle

DATA = Path(__file__).resolve().parent
# The zip format begins in 1980 and both writers would otherwise stamp the present time.
FIXED_TIME = datetime(2026, 1, 1)
CHINESE_FONT = "STSong-Light"
AUTHOR = "tadarag sample corpus"


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a source; rows is filled for a table only, text for everything else."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A parsed file of data/sources; target is relative to data/samples/documents."""

    target: str
    header: str
    footer: str
    is_chinese: bool
    blocks: tuple[Block, ...]


def main() -> int:
    """Write every target, or with --check only compare; returns 1 if --check found a difference."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true", help="write nothing, fail if a shipped file differs")
    is_check = arguments.parse_args().check
    stale = []
    for target, made in make_all():
        path = DATA / "samples" / "documents" / target
        if is_check:
            if not path.is_file() or path.read_bytes() != made:
                stale.append(target)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made)
        print(f"{target}: {len(made):,} bytes")
    for target in stale:
        print(f"{target} differs from its source; run: python data/make_samples.py", file=sys.stderr)
    return 1 if stale else 0


def make_all() -> Iterator[tuple[str, bytes]]:
    """(target, bytes) of every binary sample, in the order of the source names."""
    for path in sorted((DATA / "sources").glob("*.md")):
        source = parse_source(path.read_text(encoding="utf-8"))
        yield source.target, make_pdf(source) if source.target.endswith(".pdf") else make_docx(source)


def parse_source(text: str) -> Source:
    """Front matter and blocks of a source; blocks are separated by empty lines."""
    _, front, body = text.split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in front.strip().splitlines())
    return Source(
        target=fields["target"],
        header=fields.get("header", ""),
        footer=fields.get("footer", ""),
        is_chinese=fields.get("lang") == "zh",
        blocks=tuple(_parse_block(block) for block in body.strip().split("\n\n")),
    )


def _parse_block(block: str) -> Block:
    if block.startswith("|"):
        lines = block.splitlines()
        rows = tuple(tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines if not line.startswith("| ---"))
        return Block("table", rows=rows)
    for mark, kind in (("## ", "heading"), ("# ", "title")):
        if block.startswith(mark):
            return Block(kind, block.removeprefix(mark).strip())
    return Block("paragraph", block)


def make_docx(source: Source) -> bytes:
    """A Word document with real heading styles and tables."""
    document = docx.Document()
    for block in source.blocks:
        if block.kind == "table":
            table = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
            for row in block.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
        elif block.kind == "paragraph":
            for line in block.text.splitlines():
                document.add_paragraph(line)
        else:
            document.add_heading(block.text, level=1 if block.kind == "title" else 2)
    properties = document.core_properties
    properties.title = source.blocks[0].text
    properties.author = AUTHOR
    properties.created = properties.modified = FIXED_TIME
    written = io.BytesIO()
    document.save(written)
    return _with_fixed_dates(written)


def _with_fixed_dates(archive: io.BytesIO) -> bytes:
    fixed = io.BytesIO()
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        # [Content_Types].xml sorts first, where readers of the format expect it.
        for name in sorted(old.namelist()):
            entry = zipfile.ZipInfo(name, FIXED_TIME.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            new.writestr(entry, old.read(name))
    return fixed.getvalue()


def make_pdf(source: Source) -> bytes:
    """A paged document (A5, so that a short text has several pages) with a header and a numbered footer on every page."""
    body_font, bold_font = ("Times-Roman", "Times-Bold")
    if source.is_chinese:
        pdfmetrics.registerFont(UnicodeCIDFont(CHINESE_FONT))
        body_font = bold_font = CHINESE_FONT
    wrap = "CJK" if source.is_chinese else None
    styles = {
        "title": ParagraphStyle("title", fontName=bold_font, fontSize=15, leading=20, spaceAfter=8, wordWrap=wrap),
        "heading": ParagraphStyle("heading", fontName=bold_font, fontSize=11.5, leading=16, spaceBefore=8, spaceAfter=3, wordWrap=wrap),
        "paragraph": ParagraphStyle("paragraph", fontName=body_font, fontSize=10.5, leading=15, spaceAfter=6, wordWrap=wrap),
    }

    def draw_header(canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.setFont(body_font, 8)
        canvas.drawString(18 * mm, A5[1] - 12 * mm, source.header)

    def draw_footer(canvas: Canvas, template: BaseDocTemplate) -> None:
        page = f"第 {template.page} 页" if source.is_chinese else f"Page {template.page}"
        canvas.setFont(body_font, 8)
        canvas.drawString(18 * mm, 9 * mm, f"{source.footer}    {page}")

    written = io.BytesIO()
    frame = Frame(18 * mm, 18 * mm, A5[0] - 36 * mm, A5[1] - 36 * mm, id="body")
    page = PageTemplate("page", [frame], onPage=draw_header, onPageEnd=draw_footer)
    # invariant: no time stamp and no random document id.
    template = BaseDocTemplate(written, pagesize=A5, invariant=1, pageTemplates=[page], title=source.blocks[0].text, author=AUTHOR)
    template.build(list(_flow(source.blocks, styles)))
    return written.getvalue()


def _flow(blocks: tuple[Block, ...], styles: dict[str, ParagraphStyle]) -> Iterator[Flowable]:
    for block in blocks:
        if block.kind == "table":
            cells = [[Paragraph(escape(cell), styles["paragraph"]) for cell in row] for row in block.rows]
            yield Table(cells, style=TableStyle([("GRID", (0, 0), (-1, -1), 0.4, "grey"), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
            yield Spacer(1, 6)
        else:
            for line in block.text.splitlines():
                yield Paragraph(escape(line), styles[block.kind])


if __name__ == "__main__":
    sys.exit(main())
