"""The rule extractor: names, dates, amounts and identifiers without any model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tadarag.analysis import CJK
from tadarag.extraction.amounts import find_amounts
from tadarag.extraction.chinese_names import find_chinese_names
from tadarag.extraction.dates import find_dates
from tadarag.extraction.found import Found, without_overlaps
from tadarag.extraction.identifiers import find_identifiers
from tadarag.extraction.latin_names import find_names
from tadarag.extraction.relations import find_relations
from tadarag.findings import Findings
from tadarag.templates.template import Template
from tadarag.values import Chunk, Document, Extraction, Mention, Span

RULES = "rules-1"
"""Names the rules: another name means other finds."""
_DIGIT = re.compile(r"\d")
_CHINESE = re.compile(f"[{CJK}]")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_SMALL_WORD = re.compile(r"(?<![^\W_])[a-z]{3,}")


class RuleExtractor:
    """Extracts by rules that read one sentence at a time; kinds of names are then made equal within the document."""

    fingerprint = RULES
    units = None

    def extract(self, document: Document, chunks: Sequence[Chunk], template: Template, findings: Sequence[Findings] = ()) -> Extraction:
        """As `Extractor.extract`; the template changes nothing.

        Kinds: person, organization, location, event, product, time, number, money, percent, quantity, identifier, title, and name where no
        rule tells.
        """
        text = document.text
        common = small_words(text)
        mentions: list[Mention] = []
        sentences: list[Span] = []
        for number, chunk in enumerate(chunks):
            for index, sentence in enumerate(chunk.sentences):
                for found in find_in_sentence(text, sentence, document.date, common):
                    span = Span(found.start, found.end)
                    mentions.append(
                        Mention(
                            span=span,
                            text=text[found.start : found.end],
                            kind=found.kind,
                            chunk=number,
                            sentence=index,
                            normal=found.normal,
                        )
                    )
                    sentences.append(sentence)
        order = sorted(range(len(mentions)), key=lambda index: mentions[index].span)
        mentions = with_agreed_kinds([mentions[index] for index in order])
        entities, relations = find_relations(text, mentions, [sentences[index] for index in order])
        return Extraction(mentions=tuple(mentions), entities=entities, relations=relations)


def small_words(text: str) -> frozenset[str]:
    """The words that a document writes small somewhere: no name begins with one of them because its sentence does."""
    return frozenset(_SMALL_WORD.findall(text))


def find_in_sentence(text: str, sentence: Span, stated: str, common: frozenset[str]) -> list[Found]:
    """Names and values in one sentence of a document, in order of place, none touching another.

    stated: the ISO date that the document states about itself, or "". common: `small_words` of the document.
    """
    start, end = sentence.start, sentence.end
    has_digits = _DIGIT.search(text, start, end) is not None
    has_chinese = _CHINESE.search(text, start, end) is not None
    has_mail = text.find("@", start, end) >= 0
    names = find_names(text, start, end, is_common=common.__contains__)
    if not (has_digits or has_chinese or has_mail or stated):
        return names
    dates = find_dates(text, start, end, stated=stated, has_digits=has_digits, has_chinese=has_chinese)
    amounts = find_amounts(text, start, end, has_digits=has_digits, has_chinese=has_chinese)
    identifiers = find_identifiers(text, start, end, has_digits=has_digits, has_chinese=has_chinese, has_mail=has_mail)
    sure = [found for found in dates if found.end - found.start > 4 or not found.normal.isdecimal()]
    sure += [found for found in amounts if found.kind != "number"]
    # A bare number or year gives way to a name that holds it ("Apollo 11"), a full date or an amount of money cuts the name.
    names = without_parts(text, names, sure)
    values = [found for found in dates if len(found.normal) == 4] + [found for found in amounts if found.kind == "number"]
    chinese = find_chinese_names(text, start, end) if has_chinese else []
    return without_overlaps([sure, identifiers, *chinese[:2], names, *chinese[2:], dates, values])


def without_parts(text: str, names: Sequence[Found], values: Sequence[Found]) -> list[Found]:
    """Names without the parts that belong to a value or to a surer name; what is left on either side stays a name of unknown kind.

    "March 1950 in Bonn" leaves "Bonn". Neither the names nor the values touch each other.
    """
    cut: list[Found] = []
    for name in names:
        inside = sorted(value for value in values if value.start < name.end and name.start < value.end)
        if not inside:
            cut.append(name)
            continue
        edges = [name.start, *(edge for value in inside for edge in (value.start, value.end)), name.end]
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            left, right = _capital_part(text, start, end)
            if right - left >= 2:
                cut.append(Found(left, right, "name"))
    return cut


def _capital_part(text: str, start: int, end: int) -> tuple[int, int]:
    """The range from the first to the last capitalised word of text[start:end]; empty when there is none."""
    words = [match for match in _WORD.finditer(text, start, end) if match.group()[0].isupper()] if start < end else []
    return (words[0].start(), words[-1].end()) if words else (start, start)


def with_agreed_kinds(mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions in which a name of unknown kind takes the kind that equal names have elsewhere in the document, if they all agree."""
    kinds: dict[str, set[str]] = {}
    for mention in mentions:
        if mention.kind != "name" and not mention.normal:
            kinds.setdefault(mention.text, set()).add(mention.kind)
    return [
        replace(mention, kind=next(iter(known)))
        if mention.kind == "name" and len(known := kinds.get(mention.text, set())) == 1
        else mention
        for mention in mentions
    ]
