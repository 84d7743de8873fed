"""A place in a document is shown with what stands around it, or it is said why not."""

from __future__ import annotations

import pytest

from tadarag.errors import UsageError
from tadarag.knowledge_base import KnowledgeBase
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.sample_files import pdf
from tadarag.values import Document, Heading, SourceName, Span

SOURCE = SourceName("test", "report")
TEXT = "Report\n\nFirst part. It says little.\n\nCosts\n\nThe crane cost 40,000 crowns. 费用由奎伦湾承担。\n"
COSTS = TEXT.index("Costs")
DOCUMENT = Document(
    text=TEXT,
    title="Report",
    language="en",
    date="2025-03-01",
    headings=(
        Heading(span=Span(0, 6), level=1, title="Report"),
        Heading(span=Span(COSTS, COSTS + 5), level=2, title="Costs"),
    ),
    pages=(Span(0, COSTS), Span(COSTS, len(TEXT))),
)


@pytest.fixture
def base(tmp_path):
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder(), workers=1) as base:
        base.ingest_documents([(SOURCE, DOCUMENT)])
        yield base


def span_of(words):
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


@pytest.mark.parametrize("words", ["40,000 crowns", "费用由奎伦湾承担"])
def test_a_place_has_its_words_page_headings_and_text(base, words):
    found = base.passage(SOURCE, span_of(words))
    assert (found.quote, found.text, found.page) == (words, TEXT, 2)
    assert found.heading_path == ("Report", "Costs")
    assert found.chunk_span.start <= found.span.start < found.chunk_span.end
    assert all(sentence in TEXT for sentence in found.core)


def test_the_passage_of_a_hit_is_the_one_in_which_it_stands(base):
    hit = base.search("crane crowns")[0]
    found = base.passage(hit.passage.source, hit.passage.span, content=hit.passage.content)
    assert (found.chunk, found.quote, found.heading_path) == (hit.passage.chunk, hit.passage.text, hit.passage.heading_path)


@pytest.mark.parametrize("span", [Span(0, 0), Span(5, 4), Span(-1, 3), Span(0, len(TEXT) + 1)])
def test_a_span_that_is_not_in_the_text_is_refused(base, span):
    with pytest.raises(UsageError, match="no text at"):
        base.passage(SOURCE, span)


def test_a_document_that_has_changed_is_not_taken_for_the_cited_one(base):
    content = base.record(SOURCE).content
    base.ingest_documents([(SOURCE, Document(text="All new.", title="Report"))])
    with pytest.raises(UsageError, match="has changed since it was cited"):
        base.passage(SOURCE, Span(0, 3), content=content)


def test_a_document_that_is_gone_is_said_to_be(base):
    base.delete(SOURCE)
    with pytest.raises(UsageError, match="no document"):
        base.passage(SOURCE, Span(0, 3))


def test_a_citation_names_the_page_of_its_quote_though_its_passage_begins_on_the_one_before(tmp_path):
    first = [("The ferry Dusk was built at the Ostrevir Yard in 1998.", 11.0), ("It sails from Quillen Bay to Port Hesk every", 11.0)]
    second = [("morning. The fare to Port Hesk is 28 korla.", 11.0), ("Children travel for half of that.", 11.0)]
    (tmp_path / "ferry.pdf").write_bytes(pdf(first, second))
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder(), workers=1) as base:
        base.ingest(tmp_path)
        answer = base.ask("What is the fare to Port Hesk?")
        cited = next(citation for citation in answer.citations if "28 korla" in citation.quote)
        passage = next(hit.passage for hit in answer.evidence.hits if hit.passage.span.start <= cited.span.start < hit.passage.span.end)
        assert (passage.page, cited.page) == (1, 2)
        assert base.passage(cited.source, cited.span).page == 2
