"""stdout carries the result, as text or JSON; stderr carries everything else."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from tadarag.answer_json import with_schema

_CONTROL = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = frozenset(
    "\u200c\u200d"
)  # zero-width joiners shape words of several scripts and cannot move the cursor or the reading direction


class ExitCode(IntEnum):
    """What the exit status of every command means."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    QUARANTINED = 3
    REFUSED = 4
    INTERRUPTED = 130


class PipeClosed(Exception):
    """Whoever read the output went away; that is no error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """How one command speaks: `as_json` replaces the text result by JSON, `quiet` silences stderr except for errors."""

    as_json: bool = False
    quiet: bool = False
    verbose: bool = False

    def result(self, document: Mapping[str, object], lines: Iterable[str]) -> None:
        """Write the result: the JSON document with its schema, or the lines."""
        if self.as_json:
            self.json_line(document, indent=2)
        else:
            self.lines(lines)

    def lines(self, lines: Iterable[str]) -> None:
        """Write lines of text to stdout."""
        for line in lines:
            _write(line + "\n")
        _flush()

    def json_line(self, document: Mapping[str, object], *, indent: int | None = None) -> None:
        """Write one JSON document to stdout, with its schema first."""
        _write(json.dumps(with_schema(document), ensure_ascii=False, indent=indent) + "\n")
        _flush()

    def note(self, line: str) -> None:
        """Tell a person something that is not the result."""
        self.write_note(line + "\n")

    def write_note(self, text: str) -> None:
        """Write part of a line to stderr."""
        if not self.quiet:
            sys.stderr.write(text)
            sys.stderr.flush()

    @property
    def shows_progress(self) -> bool:
        """Whether a moving bar helps: a person watches stderr and wants to know."""
        return not self.quiet and sys.stderr.isatty()


def printable(text: str) -> str:
    """The text of a document, safe for a terminal: control characters and direction marks are shown as escapes, never sent.

    Documents are data; an escape sequence in one must not move the cursor or colour the answer. Tabs and line ends stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(character) if _is_control(character) else character for character in text)


def counted(count: int, noun: str) -> str:
    """The count with its noun: "1 passage", "2 passages"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def one_line(text: str) -> str:
    """The text on one line: runs of white space become one space."""
    return printable(" ".join(text.split()))


def as_typed(argument: str) -> str:
    """An argument as its UTF-8 says, also where the locale made Python read its bytes otherwise; broken bytes become U+FFFD."""
    return os.fsencode(argument).decode("utf-8", "replace")


def use_utf8() -> None:
    """Write UTF-8 whatever LANG says; a lone surrogate of a strange file name is escaped instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def silence_closed_pipe() -> None:
    """Point stdout at the null device, so that the interpreter's last flush cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def table(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Rows with their columns aligned by the width of what is shown; the last column is not padded."""
    shown = [tuple(one_line(cell) for cell in row) for row in rows]
    if not shown:
        return []
    widths = [max(_width(row[column]) for row in shown) for column in range(len(shown[0]))]
    return ["  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip() for row in shown]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _is_control(character: str) -> bool:
    return character not in "\n\t" and character not in _JOINERS and unicodedata.category(character) in _CONTROL


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
    except BrokenPipeError as error:
        raise PipeClosed from error


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise PipeClosed from error
