from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.retrieval.filtering import passes
from tadarag.store.protocol import DocumentInfo
from tadarag.values import Filters, SourceName


def info(path="notes/a.md", *, root=".", part="", date="2024-05-17", language="en", domain="news"):
    return DocumentInfo(
        source=SourceName(root, path, part),
        content="",
        title="",
        language=language,
        date=date,
        domain=domain,
        media_type="text/plain",
        n_characters=1,
        n_passages=1,
    )


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("notes", True), ("notes/", True), ("notes/a.md", True), ("*.md", True), ("note", False), ("a.md", False), ("*.txt", False)],
)
def test_a_source_pattern_is_a_name_a_folder_or_a_glob(pattern, expected):
    assert passes(info(), Filters(sources=(pattern,))) is expected


def test_the_name_of_a_table_stands_for_its_rows():
    assert passes(info("rows.csv", part="7"), Filters(sources=("rows.csv",)))


def test_a_file_under_a_named_root_goes_by_the_root_too():
    assert passes(info(root="away"), Filters(sources=("away:notes",)))
    assert not passes(info(root="away"), Filters(sources=("notes",)))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2024-05-17", "2024-05-17", True),
        ("2024", "", True),
        ("", "2024", True),
        ("2024-05-18", "", False),
        ("", "2024-05-16", False),
        ("2025", "", False),
        ("", "2023", False),
    ],
)
def test_dates_are_an_inclusive_range_and_may_be_partial(first, last, expected):
    assert passes(info(), Filters(date_from=first, date_to=last)) is expected


def test_a_document_without_a_date_is_in_no_range():
    assert not passes(info(date=""), Filters(date_from="1900"))
    assert passes(info(date=""), Filters())


def test_language_and_domain_must_be_among_the_named():
    assert passes(info(), Filters(languages=("zh", "en"), domains=("news",)))
    assert not passes(info(), Filters(languages=("zh",)))
    assert not passes(info(), Filters(domains=("finance",)))


def test_a_source_that_is_left_out_does_not_pass_whatever_else_lets_it_in():
    assert not passes(info(), Filters(without=(str(info().source),)))
    assert not passes(info(), Filters(sources=("*",), without=("*",)))
    assert passes(info(), Filters(without=("elsewhere.md",)))


def matches_one_by_one(name, pattern):
    folder = pattern.rstrip("/")
    return name == pattern or name.startswith((f"{folder}/", f"{folder}#")) or fnmatchcase(name, pattern)


@given(
    path=st.text("ab/#.*[]", min_size=1, max_size=8),
    patterns=st.lists(st.text("ab/#.*?[]!", min_size=1, max_size=5), min_size=1, max_size=3),
)
def test_several_patterns_match_what_each_would_by_itself(path, patterns):
    expected = any(matches_one_by_one(path, pattern) for pattern in patterns)
    assert passes(info(path), Filters(sources=tuple(patterns))) is expected
    assert passes(info(path), Filters(without=tuple(patterns))) is not expected
