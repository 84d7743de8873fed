"""What every Extractor promises, as a suite that an implementation inherits and passes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tadarag.components import template_of
from tadarag.derivation import unit_of
from tadarag.extraction.extractor import Extractor
from tadarag.templates.template import Template
from tadarag.values import Chunk, Document, Extraction, Span

KINDS = frozenset(
    "person organization location event product time number money percent quantity identifier title name organism symptom disease drug technique "
    "device operation diet contract clause judgment policy condition document concept".split()
)
DOCUMENT_TEXT = (
    "Petra Solvane joined the World Health Organization (WHO) on 9 March 2022. She paid EUR 1.2 million for 24 pumps, model HX-200.\n"
    "维尔茅斯大学2024年第三季度收到“里弗林”项目的3.2亿元拨款。联系人：lena@example.org。\n"
    "An empty line follows.\n\n🙂 Naïve café, 12.5 % off."
)


def document_with_chunks(text: str, *, date: str = "") -> tuple[Document, tuple[Chunk, ...]]:
    """A document cut at its line ends into chunks, each with one sentence that holds its words."""
    chunks: list[Chunk] = []
    start = 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        end = start + len(line)
        words = Span(start, start + len(line.rstrip("\n")))
        sentences = (words,) if line.strip() else ()
        chunks.append(Chunk(id=f"chunk-{number}", span=Span(start, end), sentences=sentences))
        start = end
    return Document(text=text, date=date), tuple(chunks)


def extraction_of(extractor: Extractor, document: Document, chunks: Sequence[Chunk], *, template: Template | None = None) -> Extraction:
    """What an extractor makes of a document: its chunks are read one by one where it reads so, then put together."""
    template = template or template_of("general_knowledge", None)
    found = [extractor.units.read(unit_of(document, chunk), template) for chunk in chunks] if extractor.units else []
    return extractor.extract(document, chunks, template, found)


class ExtractorContract:
    """Inherit it, and give the fixture `extractor`."""

    @pytest.fixture
    def extractor(self) -> Extractor:
        raise NotImplementedError("return the extractor under test")

    def test_every_mention_quotes_its_document_exactly(self, extractor: Extractor) -> None:
        document, chunks = document_with_chunks(DOCUMENT_TEXT)
        for mention in extraction_of(extractor, document, chunks).mentions:
            assert mention.span.of(document.text) == mention.text
            assert mention.text.strip()

    def test_something_is_found(self, extractor: Extractor) -> None:
        document, chunks = document_with_chunks(DOCUMENT_TEXT)
        assert extraction_of(extractor, document, chunks).mentions

    def test_mentions_are_sorted_by_span_and_none_is_there_twice(self, extractor: Extractor) -> None:
        document, chunks = document_with_chunks(DOCUMENT_TEXT)
        mentions = extraction_of(extractor, document, chunks).mentions
        assert [mention.span for mention in mentions] == sorted({(mention.span) for mention in mentions})

    def test_every_mention_lies_in_the_sentence_that_it_names(self, extractor: Extractor) -> None:
        document, chunks = document_with_chunks(DOCUMENT_TEXT)
        for mention in extraction_of(extractor, document, chunks).mentions:
            sentence = chunks[mention.chunk].sentences[mention.sentence]
            assert sentence.start <= mention.span.start < mention.span.end <= sentence.end

    def test_every_kind_is_one_of_the_core_types(self, extractor: Extractor) -> None:
        document, chunks = document_with_chunks(DOCUMENT_TEXT)
        assert {mention.kind for mention in extraction_of(extractor, document, chunks).mentions} <= KINDS

    def test_relations_name_entities_and_the_sentence_that_states_them(self, extractor: Extractor) -> None:
        document, chunks = document_with_chunks(DOCUMENT_TEXT)
        extraction = extraction_of(extractor, document, chunks)
        sentences = {sentence for chunk in chunks for sentence in chunk.sentences}
        for relation in extraction.relations:
            assert relation.evidence in sentences
            assert 0 <= relation.probability <= 1
            for end in (relation.head, relation.tail):
                assert 0 <= end < len(extraction.entities)

    def test_entities_are_made_of_mentions(self, extractor: Extractor) -> None:
        document, chunks = document_with_chunks(DOCUMENT_TEXT)
        extraction = extraction_of(extractor, document, chunks)
        for entity in extraction.entities:
            assert entity.mentions
            assert all(0 <= index < len(extraction.mentions) for index in entity.mentions)

    def test_the_same_document_gives_the_same_extraction(self, extractor: Extractor) -> None:
        document, chunks = document_with_chunks(DOCUMENT_TEXT)
        assert extraction_of(extractor, document, chunks) == extraction_of(extractor, document, chunks)

    def test_a_document_without_chunks_gives_nothing(self, extractor: Extractor) -> None:
        extraction = extraction_of(extractor, Document(text=""), ())
        assert (extraction.mentions, extraction.entities, extraction.relations) == ((), (), ())

    def test_what_another_chunk_says_does_not_move_a_mention(self, extractor: Extractor) -> None:
        first = DOCUMENT_TEXT.splitlines(keepends=True)[0]
        alone = extraction_of(extractor, *document_with_chunks(first)).mentions
        beside = extraction_of(extractor, *document_with_chunks(first + "Nothing to see here.\n")).mentions
        assert [mention.span for mention in alone] == [mention.span for mention in beside if mention.chunk == 0]

    def test_the_fingerprint_is_a_name(self, extractor: Extractor) -> None:
        assert extractor.fingerprint.strip()
        assert extractor.fingerprint == extractor.fingerprint.strip()
