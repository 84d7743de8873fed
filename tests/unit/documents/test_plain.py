from hypothesis import given
from hypothesis import strategies as st

from tadarag.documents.plain import heading_level, parse_plain, plain_headings

BODY = "The ferry left the harbour at noon, and it was crowded with people from the island who wanted to go home early."


@given(st.lists(st.sampled_from(["1. Scope", "ALL CAPITALS", "第三条 违约", "", "  2.1 Parts  ", "words go on.", "一、条件"])))
def test_a_heading_is_the_line_it_covers(lines):
    text = "\n".join(lines)
    for heading in plain_headings(text):
        assert heading.span.of(text) == heading.title
        assert heading.title in [line.strip() for line in lines]


def test_numbers_give_levels():
    assert [
        heading_level(line) for line in ["1. Scope", "2.1 Parts", "第三章 总则", "第三条 违约", "THE CONTRACT", "3 korla", "It ends."]
    ] == [1, 2, 1, 2, 1, 1, 0]


def test_the_headline_stands_under_the_name_of_the_paper_and_above_the_byline():
    text = f"THE COURIER\nMonday, 4 November 2024\n\nFERRY STRIKES PIER\nBy Jory Pellant\n\n{BODY}\n"
    document = parse_plain("a.txt", text.encode())
    assert (document.title, document.date, document.language) == ("FERRY STRIKES PIER", "2024-11-04", "en")
    assert document.text == text


def test_the_first_short_line_is_the_title():
    assert parse_plain("a.txt", f"Ferry fares\n\n{BODY}\n".encode()).title == "Ferry fares"


def test_prose_without_a_title_has_none():
    document = parse_plain("a.txt", f"{BODY}\n\n{BODY}\n".encode())
    assert (document.title, document.headings) == ("", ())
