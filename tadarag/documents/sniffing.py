"""The format of a file, by its name's suffix where the bytes do not say otherwise."""

from __future__ import annotations

import re

from tadarag.documents.text import one_line
from tadarag.errors import DocumentError

# suffix -> format of the core parsers
SUFFIXES: dict[str, str] = {
    ".txt": "plain",
    ".text": "plain",
    ".log": "plain",
    ".rst": "plain",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".eml": "email",
    ".pdf": "pdf",
    ".docx": "docx",
}
# suffix -> format that the extra `parse` reads
EXTRA_SUFFIXES: dict[str, str] = {
    ".pptx": "pptx",
    ".xlsx": "xlsx",
    ".msg": "msg",
    ".epub": "epub",
    ".rtf": "rtf",
    ".odt": "odt",
}
TEXT_FORMATS = frozenset({"plain", "markdown", "csv", "json", "jsonl"})  # safe to parse in the caller's own process

_TEXT_LIKE = TEXT_FORMATS | {"html", "email"}
_MAGIC = (
    (b"%PDF-", "pdf", "a PDF"),
    (b"PK\x03\x04", "zip", "a zip archive"),
    (b"PK\x05\x06", "zip", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole", "an old or encrypted Office file"),
    (b"{\\rtf", "rtf", "an RTF document"),
    (b"\x89PNG\r\n\x1a\n", "", "a PNG image"),
    (b"\xff\xd8\xff", "", "a JPEG image"),
    (b"GIF8", "", "a GIF image"),
    (b"II*\x00", "", "a TIFF image"),
    (b"MM\x00*", "", "a TIFF image"),
    (b"\x1f\x8b", "", "a gzip archive"),
    (b"BZh", "", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "", "a 7z archive"),
    (b"Rar!\x1a\x07", "", "a RAR archive"),
    (b"\x7fELF", "", "a program"),
    (b"SQLite format 3\x00", "", "an SQLite database"),
    (b"OggS", "", "an Ogg recording"),
    (b"ID3", "", "an MP3 recording"),
    (b"RIFF", "", "a sound or video file"),
)
_ZIP_FORMATS = frozenset({"docx", "pptx", "xlsx", "epub", "odt"})


def suffix_of(name: str) -> str:
    """The last suffix in lower case with its dot, or ""."""
    match = re.search(r"(?<=[^/.])\.[^./\s]{1,16}$", name)
    return match[0].lower() if match else ""


def format_of(name: str, data: bytes) -> str:
    """The format by which to read a file: a key of the parsers.

    Text under any unknown suffix is refused; a PDF, RTF or Word file under a text suffix is read as what it is.
    Raises DocumentError when name and bytes do not go together, or nothing reads them.
    """
    suffix = suffix_of(name)
    named = SUFFIXES.get(suffix) or EXTRA_SUFFIXES.get(suffix, "")
    if not data:
        return named or _unreadable(name, suffix)
    found, description = _magic(data)
    if not named:
        return _unreadable(name, suffix)
    if found == "pdf":
        return "pdf"
    if description and named in _TEXT_LIKE:
        if found == "rtf":
            return "rtf"
        if found == "zip" and b"word/document.xml" in data:
            return "docx"
        raise DocumentError(f"{one_line(name)} is {description}, not text", "give it the suffix of its real format, or leave it out")
    if named == "pdf":
        raise DocumentError(f"{one_line(name)} is no PDF: it does not begin with %PDF", "give it the suffix of its real format")
    if named in _ZIP_FORMATS and found != "zip":
        what = "an old or password-protected Office file" if found == "ole" else f"no {suffix[1:].upper()} file"
        raise DocumentError(
            f"{one_line(name)} is {what}", f"save it as {suffix} without password, or give it the suffix of its real format"
        )
    if (named == "rtf" and found != "rtf") or (named == "msg" and found != "ole"):
        raise DocumentError(f"{one_line(name)} is no {suffix[1:].upper()} file", "give it the suffix of its real format")
    return named


def _magic(data: bytes) -> tuple[str, str]:
    head = data[:1024]
    for magic, found, description in _MAGIC:
        if head.startswith(magic):
            return found, description
    # Some producers put a few bytes before a PDF's header; readers accept that.
    return ("pdf", "a PDF") if b"%PDF-1." in head and b"\n" in head and not head.isascii() else ("", "")


def _unreadable(name: str, suffix: str) -> str:
    what = f"{suffix} files are" if suffix else "files without a suffix are"
    raise DocumentError(
        f"{one_line(name)}: {what} not read",
        f"convert it to one of: {' '.join(sorted({*SUFFIXES, *EXTRA_SUFFIXES}))}; or install a parser for it",
    )
