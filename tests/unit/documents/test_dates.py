from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.documents.dates import document_date, find_dates, parse_date

DIGITS = "〇一二三四五六七八九"


def numeral(number):
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (DIGITS[ones] if ones or not tens else "")


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_way_of_writing_a_day_is_read(day):
    year = "".join(DIGITS[int(digit)] for digit in str(day.year))
    written = [
        day.isoformat(),
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%B} {day.year}",
        f"{day.day} {day:%b}. {day.year}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{year}年{numeral(day.month)}月{numeral(day.day)}日",
        f"{day:%A}, {day.day} {day:%b} {day.year} 10:30:00 +0100",
    ]
    assert {text: parse_date(text) for text in written} == dict.fromkeys(written, day.isoformat())


@given(st.text(), st.dates(min_value=date(1000, 1, 1)), st.text())
def test_a_found_date_is_quoted_by_its_span(before, day, after):
    text = f"{before} {day.day} {day:%B} {day.year} {after}"
    for span, iso in find_dates(text):
        assert parse_date(span.of(text)) == iso
    assert f"{day.isoformat()}" in [iso for _, iso in find_dates(text)] or any(character.isalnum() for character in before + after)


@pytest.mark.parametrize("text", ["03/04/2024", "30 February 2024", "三年一月", "12.03.2024", "24年3月1日", "next Tuesday", ""])
def test_ambiguous_impossible_and_relative_dates_are_not_read(text):
    assert parse_date(text) == ""


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("25/12/2024", "2024-12-25"),
        ("民國113年3月12日", "2024-03-12"),
        ("民国元年一月一日", "1912-01-01"),
        ("March 2024", "2024-03"),
        ("2024年3月", "2024-03"),
    ],
)
def test_dates_that_leave_one_reading_are_read(text, iso):
    assert parse_date(text) == iso


def test_all_dates_of_a_text_are_found_in_order():
    text = "From 12 March 2024 to April 2, 2024, then 二〇二四年五月六日。"
    assert [(span.of(text), iso) for span, iso in find_dates(text)] == [
        ("12 March 2024", "2024-03-12"),
        ("April 2, 2024", "2024-04-02"),
        ("二〇二四年五月六日", "2024-05-06"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "TARNWICK, 9 March 2022. Halvrin Hydrokinetics said on Tuesday that it would anchor a field of turbines in the Narrows, eight kilometres up.",
        "**The Lantern**, 9 March 2022. By Wilmot Gaze",
        "Title\n\nWednesday, 9 March 2022\n\nText follows.",
        "By Jory Pellant, health reporter. Velmouth, 9 March 2022",
        "Published: 9 March 2022 in News",
        "2022年3月9日 記者 溫若蘅",
    ],
)
def test_a_dateline_states_the_document_date(text):
    assert document_date(text) == "2022-03-09"


@pytest.mark.parametrize(
    "text",
    [
        "John Smith (born March 9, 2022) is an actor.",
        "He was born on 9 March 2022.",
        "Edward Wood Jr. (October 10, 1924 – December 10, 1978) was an American filmmaker, actor, and author who wrote a number of books.",
        "On 9 March 2022 the battle began, and everything went wrong for a very long time, so that nobody wanted to go on with it any more.",
        "x " * 200 + "\n9 March 2022",
    ],
)
def test_a_date_in_prose_is_not_the_document_date(text):
    assert document_date(text) == ""
