"""Text of documents made safe to show: it is data, and never becomes markup."""

from __future__ import annotations

import re
import unicodedata
from html import escape

_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")  # all ASCII punctuation: each may begin markup of the labels that streamlit reads as Markdown
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_KEPT = frozenset("\n\t\u200c\u200d")  # line ends, and the joiners that shape words of several scripts


def readable(text: str) -> str:
    """The text with control characters, direction marks and broken surrogates shown as U+FFFD: none may act on the page."""
    if text.isascii() and text.isprintable():
        return text
    return "".join("\ufffd" if unicodedata.category(one) in _HIDDEN and one not in _KEPT else one for one in text)


def as_html(text: str) -> str:
    """The text for an element or a quoted attribute of a page."""
    return escape(readable(text))


def as_label(text: str) -> str:
    """The text on one line, for a label that streamlit reads as Markdown: no link, picture, colour or formula comes of it."""
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def one_line(text: str) -> str:
    """The text with runs of white space as one space."""
    return " ".join(readable(text).split())


def shortened(text: str, longest: int) -> str:
    """The text on one line, cut to `longest` characters with an ellipsis."""
    line = one_line(text)
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
