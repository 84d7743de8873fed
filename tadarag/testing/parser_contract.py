"""What every parser promises, as a suite that outsiders inherit."""

from __future__ import annotations

import unicodedata
from abc import abstractmethod
from collections.abc import Mapping
from itertools import pairwise

from tadarag.documents.parsing import ParsedPart, Parser, content_hash
from tadarag.errors import DocumentError


class ParserContract:
    """Inherit as `class TestMyParser(ParserContract)` and say which parser, which files, and what their text must hold."""

    @abstractmethod
    def parser(self) -> Parser:
        """The parser under test."""

    @abstractmethod
    def files(self) -> Mapping[str, bytes]:
        """Readable files by name; at least one with a heading where the format has headings."""

    @abstractmethod
    def phrases(self) -> Mapping[str, str]:
        """For each of the files a phrase that one of its documents must hold."""

    def damaged(self) -> Mapping[str, bytes]:
        """Files that must be refused."""
        return {}

    def parts(self) -> list[tuple[str, ParsedPart]]:
        """Every part of every file, with the file's name."""
        return [(name, part) for name, data in self.files().items() for part in self.parser()(name, data)]

    def test_every_file_yields_its_phrase(self) -> None:
        for name, data in self.files().items():
            texts = [part.document.text for part in self.parser()(name, data)]
            assert any(self.phrases()[name] in text for text in texts), f"{name}: {texts}"

    def test_the_parts_of_a_file_have_different_names(self) -> None:
        for name, data in self.files().items():
            names = [part.part for part in self.parser()(name, data)]
            assert names
            assert len(set(names)) == len(names)

    def test_the_text_is_normalised(self) -> None:
        for name, part in self.parts():
            text = part.document.text
            assert unicodedata.is_normalized("NFC", text), name
            assert not set(text) & set("\r\0\u00ad\ufeff"), name

    def test_every_span_lies_inside_the_text(self) -> None:
        for _, part in self.parts():
            document = part.document
            for span in (*document.pages, *document.blocks, *(heading.span for heading in document.headings)):
                assert 0 <= span.start <= span.end <= len(document.text)

    def test_a_heading_stands_in_the_line_that_its_span_covers(self) -> None:
        for _, part in self.parts():
            for heading in part.document.headings:
                line = heading.span.of(part.document.text)
                assert heading.level >= 1
                assert heading.title
                assert _letters(heading.title) in _letters(line)
                assert heading.span.start == 0 or part.document.text[heading.span.start - 1].isspace()

    def test_headings_and_blocks_are_in_order_and_do_not_overlap(self) -> None:
        for _, part in self.parts():
            for spans in ([heading.span for heading in part.document.headings], list(part.document.blocks)):
                assert all(before.end <= after.start for before, after in pairwise(spans))

    def test_pages_tile_the_text(self) -> None:
        for _, part in self.parts():
            pages = part.document.pages
            if pages:
                assert "".join(page.of(part.document.text) for page in pages) == part.document.text
                assert pages[0].start == 0
                assert pages[-1].end == len(part.document.text)

    def test_the_same_bytes_give_the_same_documents_under_any_folder_and_stem(self) -> None:
        for name, data in self.files().items():
            other = f"elsewhere/other{name[name.rindex('.') :]}"
            first = [(part.part, content_hash(part.document)) for part in self.parser()(name, data)]
            assert first == [(part.part, content_hash(part.document)) for part in self.parser()(other, data)]

    def test_dates_and_languages_have_their_form(self) -> None:
        for _, part in self.parts():
            assert part.document.date == "" or len(part.document.date) in (7, 10)
            assert 2 <= len(part.document.language) <= 3
            assert "/" in part.document.media_type

    def test_damaged_files_are_refused_with_one_clear_line_and_a_remedy(self) -> None:
        for name, data in self.damaged().items():
            error = _refusal(self.parser(), name, data)
            assert error is not None, f"{name} was not refused"
            assert error.happened
            assert "\n" not in error.happened
            assert error.do


def _refusal(parser: Parser, name: str, data: bytes) -> DocumentError | None:
    try:
        parser(name, data)
    except DocumentError as error:
        return error
    return None


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
