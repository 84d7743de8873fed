"""The rule extractor: names, dates, amounts and identifiers without any model."""

from __future__ import annotations

import re
from collections.abc import Sequence

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

_DIGIT = re.compile(r"\d")
_CHINESE = re.compile(f"[{CJK}]")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_SMALL_WORD = re.compile(r"(?<![^\W_])[a-z]{3,}")


class RuleExtractor:
    """Extracts by rules that read one sentence at a time; kinds of names are then made equal within the document."""

    fingerprint = "rules-1"
    units = None

    def extract(self, document: Document, chunks: Sequence[Chunk], template: Template, findings: Sequence[Findings] = ()) -> Extraction:
        """As `Extractor.extract`; the template changes nothing.

        Kinds: person, organization, location, event, product, time, number, money, percent, quantity, identifier, title, and name where no
        rule tells.
        """
        text = document.text
        common = frozenset(_SMALL_WORD.findall(text))
        mentions: list[Mention] = []
        sentences: list[Span] = []
        for number, chunk in enumerate(chunks):
            for index, sentence in enumerate(chunk.sentences):
                for found in _find(text, sentence, document.date, common):
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
        mentions = _with_agreed_kinds([mentions[index] for index in order])
        entities, relations = find_relations(text, mentions, [sentences[index] for index in order])
        return Extraction(mentions=tuple(mentions), entities=entities, relations=relations)


def _find(text: str, sentence: Span, stated: str, common: frozenset[str]) -> list[Found]:
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
    names = _cut(text, names, sure)
    values = [found for found in dates if len(found.normal) == 4] + [found for found in amounts if found.kind == "number"]
    chinese = find_chinese_names(text, start, end) if has_chinese else []
    return without_overlaps([sure, identifiers, *chinese[:2], names, *chinese[2:], dates, values])


def _cut(text: str, names: Sequence[Found], values: Sequence[Found]) -> list[Found]:
    """Names without the parts that belong to a value; what is left on either side stays a name ("March 1950 in Bonn" leaves "Bonn")."""
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


def _with_agreed_kinds(mentions: list[Mention]) -> list[Mention]:
    """Mentions in which a name of unknown kind takes the kind that equal names have elsewhere in the document, if they all agree."""
    kinds: dict[str, set[str]] = {}
    for mention in mentions:
        if mention.kind != "name" and not mention.normal:
            kinds.setdefault(mention.text, set()).add(mention.kind)
    return [
        Mention(
            span=mention.span,
            text=mention.text,
            kind=next(iter(known)),
            chunk=mention.chunk,
            sentence=mention.sentence,
            normal=mention.normal,
        )
        if mention.kind == "name" and len(known := kinds.get(mention.text, set())) == 1
        else mention
        for mention in mentions
    ]
