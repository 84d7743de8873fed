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


def test_a_few_words_above_a_long_paragraph_are_a_heading():
    text = f"Report\n\n{BODY}\n\nThe patient\n\n{BODY}\n\nThomas\nBell\n"
    assert [(heading.level, heading.title) for heading in parse_plain("a.txt", text.encode()).headings] == [
        (1, "Report"),
        (2, "The patient"),
    ]


def test_a_chinese_heading_may_stand_right_above_its_text():
    text = "奎伦湾航运公司\n\n奎伦湾航运公司是最大的航运企业，总部设在防波堤路1号。\n\n航线\n公司经营两条主要航线。渡轮航线全程46公里，单程约一小时。\n"
    assert [heading.title for heading in parse_plain("a.txt", text.encode()).headings] == ["奎伦湾航运公司", "航线"]
