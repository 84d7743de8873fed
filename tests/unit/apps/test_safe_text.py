"""Text of documents never acts on the page."""

from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis.strategies import text
from tadarag_studio.safe_text import as_html, as_label, readable, shortened

MARKUP = (
    "<script>alert('fare')</script> <img src=x onerror=alert(1)>",
    "![x](http://evil.example/x.png) [click](javascript:alert(1)) :red[x] $x^2$ **b** `c` <b>d</b>",
    '" onmouseover="alert(1)',
    "\u202egnp.exe",
    "</style><style>body{display:none}</style>",
)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, attributes))


def tags(html):
    parser = Tags()
    parser.feed(html)
    return parser.seen


@given(text())
def test_no_text_becomes_an_element_or_leaves_its_attribute(value):
    assert tags(f'<p title="{as_html(value)}">{as_html(value)}</p>') == [("p", [("title", readable(value))])]


@given(text())
def test_what_is_shown_is_the_text(value):
    assert unescape(as_html(value)) == readable(value)


@pytest.mark.parametrize("value", MARKUP)
def test_a_label_has_every_mark_of_markdown_escaped(value):
    label = as_label(value)
    assert not [label[i] for i in range(1, len(label)) if label[i] in "[](){}<>*_`!:$#~\"'" and label[i - 1] != "\\"]


def test_marks_that_turn_the_reading_direction_are_shown():
    assert "\u202e" not in as_html("\u202egnp.exe")


@given(text(), text(min_size=1))
def test_a_shortened_text_is_never_longer_than_asked(value, other):
    assert len(shortened(value + other, 10)) <= 10
