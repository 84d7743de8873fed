"""What a host has loaded, as documents of a base."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis.strategies import text

from tadarag import KnowledgeBase, SourceName
from tadarag.integrations.host_documents import HostDocument, _converted, ingest_host_documents


def sources(*documents: HostDocument) -> list[str]:
    return [str(source) for source, _ in _converted(documents, "host", [])]


@pytest.mark.parametrize(
    ("metadata", "identifier", "name"),
    [
        ({"file_path": "/data/reports/a.pdf"}, "77", "host:data/reports/a.pdf"),
        ({"source": "https://example.org/news?id=3"}, "", "host:example.org/news?id=3"),
        ({"source": "C:\\reports\\b.txt"}, "", "host:reports/b.txt"),
        ({"source": "../../etc/./passwd"}, "", "host:etc/passwd"),
        ({"file_name": "re\u0301sume\u0301.txt"}, "", "host:résumé.txt"),
        ({}, "note-7", "host:note-7"),
        ({}, "", "host:982d9e3eb996f559"),
    ],
)
def test_a_document_is_named_by_its_path_else_its_id_else_its_text(metadata: dict[str, str], identifier: str, name: str) -> None:
    assert sources(HostDocument(text="text", metadata=metadata, id=identifier)) == [name]


def test_documents_without_any_name_are_told_apart_by_their_text() -> None:
    one, other = HostDocument(text="one"), HostDocument(text="other")
    assert len({*sources(one), *sources(other)}) == 2
    assert sources(one) == sources(one)


@pytest.mark.parametrize("first", [0, 1])
def test_pages_that_come_one_by_one_are_one_document_with_pages(first: int) -> None:
    pages = [HostDocument(text=f"Text of page {n}.", metadata={"source": "a.pdf", "page": first + n}) for n in range(3)]
    ((source, document),) = list(_converted(pages, "host", []))
    assert str(source) == "host:a.pdf"
    assert [page.of(document.text).strip() for page in document.pages] == [f"Text of page {n}." for n in range(3)]
    assert "".join(page.of(document.text) for page in document.pages) == document.text


def test_form_feeds_end_pages() -> None:
    ((_, document),) = list(_converted([HostDocument(text="First page.\fSecond page.\f", id="a")], "host", []))
    assert [page.of(document.text).strip() for page in document.pages] == ["First page.", "Second page."]


def test_some_pages_of_a_file_stay_apart_and_say_which_they_are() -> None:
    pages = [HostDocument(text=f"Page {n}.", metadata={"source": "a.pdf", "page_label": str(n)}) for n in (3, 7, 7)]
    assert sources(*pages) == ["host:a.pdf#page 3", "host:a.pdf#page 7", "host:a.pdf#page 7~2"]


def test_rows_and_other_parts_of_one_file_do_not_replace_each_other() -> None:
    rows = [HostDocument(text=f"Row {n}", metadata={"source": "a.csv", "row": n}) for n in range(2)]
    parts = [HostDocument(text=part, metadata={"source": "b.txt"}) for part in ("one", "two")]
    assert sources(*rows, *parts) == ["host:a.csv#0", "host:a.csv#1", "host:b.txt", "host:b.txt#2"]


def test_stated_titles_and_dates_count_and_other_plain_values_are_kept() -> None:
    metadata = {"title": "Minutes", "date": "2024-03-05", "author": "Ada Brandt", "file_size": 12, "tags": ["a"]}
    ((_, document),) = list(_converted([HostDocument(text="The pump was replaced.", metadata=metadata, id="a")], "host", []))
    assert (document.title, document.date, document.fields) == ("Minutes", "2024-03-05", (("author", "Ada Brandt"),))


def test_markdown_keeps_its_headings() -> None:
    ((_, document),) = list(_converted([HostDocument(text="# Ferry\n\nIt sails.\n", metadata={"source": "a.md"})], "host", []))
    assert [heading.title for heading in document.headings] == ["Ferry"]


def test_what_is_no_text_is_reported_and_the_rest_is_taken_in(base: KnowledgeBase) -> None:
    documents = [HostDocument(text="\ufffd" * 500, id="broken"), HostDocument(text="The lighthouse of Tarn is white.", id="fine")]
    report = ingest_host_documents(base, documents, root="host")
    assert [str(source) for source in report.added] == ["host:fine"]
    ((source, reason, do),) = report.quarantined
    assert str(source) == "host:broken"
    assert reason
    assert do


def test_the_same_again_costs_nothing_and_a_change_replaces(base: KnowledgeBase) -> None:
    first = HostDocument(text="The lighthouse of Tarn is white.", id="tarn")
    assert ingest_host_documents(base, [first], root="host").added == (SourceName("host", "tarn"),)
    assert ingest_host_documents(base, [first], root="host").unchanged == 1
    changed = HostDocument(text="The lighthouse of Tarn is red.", id="tarn")
    assert ingest_host_documents(base, [changed], root="host").replaced == (SourceName("host", "tarn"),)


@given(text=text(), name=text())
def test_any_text_under_any_name_is_converted_or_reported(text: str, name: str) -> None:
    unreadable: list[tuple[SourceName, str, str]] = []
    found = list(_converted([HostDocument(text=text, metadata={"source": name})], "host", unreadable))
    assert len(found) + len(unreadable) == 1
    for source, document in found:
        assert not source.path.startswith("/")
        assert ".." not in source.path.split("/")
        assert all(page.end <= len(document.text) for page in document.pages)
