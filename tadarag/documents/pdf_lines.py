"""The lines of a PDF page with their place and font size, as PDFium tells them."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tadarag.documents.text import normalise, one_line
from tadarag.errors import DocumentError

MAX_PAGES = 20_000
_LINE_END_HYPHEN = re.compile("[\x02\ufffe]")  # PDFium puts one of these where it saw a hyphen at the end of a line
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
CELL = " | "
SOFT = "\x02"  # in a line of ours: a hyphen that only the line's end asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text; the cells of a table's row (`is_row`) are parted by " | ".

    `top`, `bottom`, `left`, `right` in points from the page's lower left corner, `size` of its font in points.
    """

    text: str
    top: float
    bottom: float
    left: float
    right: float
    size: float
    is_bold: bool
    is_row: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The lines of one page in the order of the file, and whether anything but text is drawn on it."""

    lines: tuple[Line, ...]
    has_images: bool


def read_pages(name: str, data: bytes) -> tuple[list[Page], str]:
    """Every page, and the title that the file states about itself. Raises DocumentError for encrypted, damaged or endless files."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", 0) == _PASSWORD_ERROR or "password" in str(error).lower():
            raise DocumentError(f"{one_line(name)} is encrypted with a password", "save a copy without password and ingest that") from error
        raise DocumentError(
            f"{one_line(name)} is damaged or cut off and cannot be read as PDF", "get a whole copy of the file and ingest it again"
        ) from error
    try:
        n_pages = len(pdf)
        if n_pages > MAX_PAGES:
            raise DocumentError(f"{one_line(name)} has {n_pages:,} pages; PDFs are read up to {MAX_PAGES:,}", "split it into smaller files")
        if n_pages == 0:
            raise DocumentError(
                f"{one_line(name)} is damaged or cut off: no page can be found in it", "get a whole copy of the file and ingest it again"
            )
        pages = [_read_page(pdf, index) for index in range(n_pages)]
        title = str(pdf.get_metadata_dict(skip_empty=True).get("Title", ""))
    except pypdfium2.PdfiumError as error:
        raise DocumentError(f"a page of {one_line(name)} cannot be read: {error}", "print it to a new PDF and ingest that") from error
    finally:
        pdf.close()
    return pages, title


def _read_page(pdf: Any, index: int) -> Page:
    import pypdfium2.raw as pdfium

    page = pdf[index]
    textpage = page.get_textpage()
    try:
        lines = _lines(pdfium, textpage)
        has_images = bool(lines) or any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    finally:
        textpage.close()
        page.close()
    return Page(lines=tuple(lines), has_images=has_images)


def _lines(pdfium: Any, textpage: Any) -> list[Line]:
    n_characters = textpage.count_chars()
    text = textpage.get_text_range(errors="replace") if n_characters else ""
    if len(text) != n_characters:  # characters beyond the basic plane: one by one, so that positions are PDFium's character indexes
        text = "".join(chr(pdfium.FPDFText_GetUnicode(textpage, index) & 0x1FFFFF) for index in range(n_characters))
    lines = []
    for match in re.finditer(r"[^\r\n]+", text):
        visible = [index for index in range(*match.span()) if not text[index].isspace()]
        if not visible:
            continue
        starts = [match.start(), *_cell_starts(pdfium, textpage, visible), match.end()]
        shown = CELL.join(text[start:end] for start, end in pairwise(starts))
        shown = _LINE_END_HYPHEN.sub(SOFT, shown)
        # PDFium joins a line with the next at such a hyphen, so SOFT stands inside a line as well as at its end.
        shown = SOFT.join(normalise(_joined_surrogates(piece)) for piece in shown.split(SOFT))
        shown = " ".join(shown.split())
        if shown:
            lines.append(_line(pdfium, textpage, shown, visible, is_row=len(starts) > 2))
    return lines


def _cell_starts(pdfium: Any, textpage: Any, visible: list[int]) -> list[int]:
    """Where the cells after the first begin: at words that stand more than one and a half times the font's size after the word before."""
    spaces = [(before, after) for before, after in pairwise(visible) if after > before + 1]
    if not spaces or len(spaces) > 60:
        return []
    size = float(pdfium.FPDFText_GetFontSize(textpage, visible[0]))
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    found = []
    for before, after in spaces:
        pdfium.FPDFText_GetCharBox(textpage, before, left, right, bottom, top)
        end = right.value
        pdfium.FPDFText_GetCharBox(textpage, after, left, right, bottom, top)
        if left.value - end > 1.5 * max(size, 6.0):
            found.append(after)
    return found


def _joined_surrogates(text: str) -> str:
    """Characters beyond the basic plane come as two surrogates."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _line(pdfium: Any, textpage: Any, text: str, visible: list[int], *, is_row: bool) -> Line:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    middle = visible[len(visible) // 2]  # the first character may be a bullet or a drop cap
    pdfium.FPDFText_GetCharBox(textpage, visible[-1], left, right, bottom, top)
    line_right = right.value
    pdfium.FPDFText_GetCharBox(textpage, visible[0], left, right, bottom, top)
    line_left = left.value
    loose = pdfium.FS_RECTF()
    if pdfium.FPDFText_GetLooseCharBox(textpage, middle, loose):  # the font's box: equal for all characters of a line
        line_top, line_bottom = float(loose.top), float(loose.bottom)
    else:
        line_top, line_bottom = top.value, bottom.value
    size = float(pdfium.FPDFText_GetFontSize(textpage, middle))
    weight = pdfium.FPDFText_GetFontWeight(textpage, middle)
    height = line_top - line_bottom
    # Some producers set fonts at size 1 and scale them by the matrix; then the box tells the size.
    return Line(
        text=text,
        top=line_top,
        bottom=line_bottom,
        left=line_left,
        right=line_right,
        size=size if size > 2 else height,
        is_bold=weight >= 600,
        is_row=is_row,
    )
