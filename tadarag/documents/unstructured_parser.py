"""PowerPoint, Excel, Outlook, EPUB, RTF and OpenDocument through the extra `parse` (the library unstructured)."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from tadarag.documents.archive_guard import check_archive
from tadarag.documents.building import DocumentBuilder, collapse
from tadarag.documents.sniffing import EXTRA_SUFFIXES, suffix_of
from tadarag.documents.text import one_line
from tadarag.errors import DocumentError
from tadarag.values import Document

_MEDIA_TYPES = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "msg": "application/vnd.ms-outlook",
    "epub": "application/epub+zip",
    "rtf": "application/rtf",
    "odt": "application/vnd.oasis.opendocument.text",
}
_ZIPPED = frozenset({"pptx", "xlsx", "epub", "odt"})
_WITH_PAGES = frozenset({"pptx", "xlsx"})  # slides, sheets
_SKIPPED = frozenset({"Header", "Footer", "PageBreak", "PageNumber", "Image"})


def is_installed() -> bool:
    """Whether the extra is there; imports nothing of it."""
    return find_spec("unstructured") is not None and find_spec("spacy") is not None


def load() -> None:
    """Import the library, and hand it a blank pipeline with a sentence splitter when spaCy's English model is not installed.

    unstructured wants `en_core_web_sm` to tell prose from titles and would download it at the first document. It gets its pipeline
    from `unstructured.nlp.tokenize._load_spacy_model` (0.27), which is replaced only when the model is missing.
    """
    os.environ.setdefault("UNSTRUCTURED_DISABLE_NOTICE", "1")
    os.environ.setdefault("DO_NOT_TRACK", "true")
    os.environ.setdefault("SCARF_NO_ANALYTICS", "true")
    import spacy

    tokenize: Any = import_module("unstructured.nlp.tokenize")
    if not spacy.util.is_package("en_core_web_sm"):
        tokenize._load_spacy_model = _blank_pipeline


def parse_unstructured(name: str, data: bytes) -> Document:
    """Read a file of one of the extra's formats. Raises DocumentError for damaged ones, and when the extra is not installed."""
    kind = EXTRA_SUFFIXES.get(suffix_of(name), "rtf")  # RTF also stands under names such as x.txt
    if not is_installed():
        raise DocumentError(f"{one_line(name)} needs the extra `parse` to be read", "pip install 'tadarag[parse]'")
    if kind in _ZIPPED:
        check_archive(name, data)
    load()
    try:
        module = import_module(f"unstructured.partition.{kind}")
        elements = getattr(module, f"partition_{kind}")(file=io.BytesIO(data))
    except MemoryError:
        raise
    except ImportError as error:
        raise DocumentError(f"{one_line(name)} needs a library that is missing: {error}", "pip install 'tadarag[parse]'") from error
    except OSError as error:
        if "pandoc" in str(error).lower():
            raise DocumentError(f"{one_line(name)} needs pandoc to be read", "pip install pypandoc_binary, or install pandoc") from error
        raise DocumentError(f"{one_line(name)} cannot be read as {kind.upper()}: {_first_line(error)}", "open and save it again") from error
    except Exception as error:
        raise DocumentError(f"{one_line(name)} cannot be read as {kind.upper()}: {_first_line(error)}", "open and save it again") from error
    return elements_to_document(elements, kind)


def elements_to_document(elements: Sequence[Any], kind: str) -> Document:
    """unstructured's elements as text with headings, tables and (for slides and sheets) pages."""
    builder = DocumentBuilder()
    page = None
    after_item = False
    for element in elements:
        text = collapse(str(element.text or ""))
        if not text or element.category in _SKIPPED:
            continue
        metadata = element.metadata
        if kind in _WITH_PAGES and metadata.page_number != page:
            builder.page()
            page = metadata.page_number
        depth = metadata.category_depth or 0
        is_item = element.category == "ListItem" or (kind == "pptx" and element.category in ("Title", "NarrativeText") and depth > 0)
        if element.category == "Table":
            builder.rows(_rows(metadata.text_as_html or "") or [text])
        elif is_item:
            builder.paragraph("- " + text.removeprefix("- "), joint="\n" if after_item else "\n\n")
        elif element.category == "Title":
            builder.heading(text, depth + 1)
        else:
            builder.paragraph(text)
        after_item = is_item
    top = [heading.title for heading in builder.headings if heading.level == 1]
    return builder.document(media_type=_MEDIA_TYPES[kind], title=top[0] if top else "")


def _rows(table: str) -> list[str]:
    """The rows of a table's HTML as "cell | cell"."""
    from selectolax.lexbor import LexborHTMLParser

    return [" | ".join(collapse(cell.text()).replace("\n", " ") for cell in row.css("td, th")) for row in LexborHTMLParser(table).css("tr")]


def _blank_pipeline() -> Any:
    import spacy

    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    return pipeline


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
