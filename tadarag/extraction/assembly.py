"""A document's extraction from the findings of its chunks: with values and unread names by rules, and stated aliases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tadarag.extraction.asked_names import SAME_AS
from tadarag.extraction.extractor import UnitExtractor
from tadarag.extraction.merging import Merged, merge
from tadarag.extraction.relations import joined, stated_facts
from tadarag.extraction.rules import RULES, find_in_sentence, small_words, with_agreed_kinds
from tadarag.findings import Findings, FoundName
from tadarag.templates.template import Template
from tadarag.values import Chunk, Document, Extraction, Mention, Span

_ASSEMBLY = "assembly-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fact:
    """A fact between mentions, given by their indexes; is_open: in the text's own words."""

    evidence: Span
    head: int
    predicate: str
    tail: int
    probability: float = 1.0
    is_open: bool = False

    @property
    def ends(self) -> frozenset[int]:
        return frozenset((self.head, self.tail))


@dataclass(frozen=True, slots=True)
class UnitwiseExtractor:
    """Extracts with any `UnitExtractor`: it names things and their facts, the rules find values, titles and aliases."""

    units: UnitExtractor

    @property
    def fingerprint(self) -> str:
        """That of the units, and the names of the rules and of how both are put together."""
        return f"{self.units.fingerprint}+{RULES}+{_ASSEMBLY}"

    def with_units(self, units: UnitExtractor) -> UnitwiseExtractor:
        """The same with other units, such as those that remember what a model replied."""
        return UnitwiseExtractor(units)

    def extract(self, document: Document, chunks: Sequence[Chunk], template: Template, findings: Sequence[Findings] = ()) -> Extraction:
        """See `Extractor.extract`. Raises ValueError unless there are findings for each chunk.

        Kinds: the core types, and those of the rules (money, percent, quantity, identifier, title; name where nothing tells the kind).
        A fact in a fixed turn of phrase is added where the units found no fact of the template between its ends; "same as" always.
        """
        mentions, sentences, place = _mentions(document, chunks, findings)
        facts = _best_told(_found_facts(chunks, findings, place), _stated(document.text, mentions, sentences))
        entities, relations = joined(mentions, [(fact.head, fact.predicate, fact.tail, fact.evidence, fact.probability) for fact in facts])
        return Extraction(mentions=tuple(mentions), entities=entities, relations=relations)


def _mentions(
    document: Document, chunks: Sequence[Chunk], findings: Sequence[Findings]
) -> tuple[list[Mention], list[Span], dict[tuple[int, int], int]]:
    """Mentions by span, the sentence of each, and the index of the mention that stands for a name, by (chunk, index of the name)."""
    common = small_words(document.text)
    drafts: list[tuple[Mention, Span, tuple[tuple[int, int], ...]]] = []
    for number, (chunk, found) in enumerate(zip(chunks, findings, strict=True)):
        names = [(index, _moved(name, chunk.span.start)) for index, name in enumerate(found.names)]
        for index, sentence in enumerate(chunk.sentences):
            own = [(key, name) for key, name in names if sentence.start <= name.span.start and name.span.end <= sentence.end]
            for merged in merge(document.text, own, find_in_sentence(document.text, sentence, document.date, common)):
                mention = _mention(document.text, merged, chunk=number, sentence=index)
                drafts.append((mention, sentence, tuple((number, key) for key in merged.names)))
    drafts.sort(key=lambda draft: draft[0].span)
    place = {key: index for index, (_, _, keys) in enumerate(drafts) for key in keys}
    return with_agreed_kinds([mention for mention, _, _ in drafts]), [sentence for _, sentence, _ in drafts], place


def _moved(name: FoundName, start: int) -> FoundName:
    return replace(name, span=Span(name.span.start + start, name.span.end + start))


def _mention(text: str, merged: Merged, *, chunk: int, sentence: int) -> Mention:
    found = merged.found
    return Mention(
        span=Span(found.start, found.end),
        text=text[found.start : found.end],
        kind=found.kind,
        chunk=chunk,
        sentence=sentence,
        normal=found.normal,
        label=merged.label,
        probability=merged.probability,
    )


def _found_facts(chunks: Sequence[Chunk], findings: Sequence[Findings], place: dict[tuple[int, int], int]) -> list[_Fact]:
    """The units' facts between mentions; one whose two names became one value, or whose name lies in no sentence, is left out."""
    facts = []
    for number, (chunk, found) in enumerate(zip(chunks, findings, strict=True)):
        for fact in found.facts:
            head, tail = place.get((number, fact.head)), place.get((number, fact.tail))
            if head is not None and tail is not None and head != tail:
                evidence = chunk.sentences[fact.sentence]
                facts.append(
                    _Fact(
                        evidence=evidence,
                        head=head,
                        predicate=fact.relation,
                        tail=tail,
                        probability=fact.probability,
                        is_open=fact.is_open,
                    )
                )
    return facts


def _stated(text: str, mentions: Sequence[Mention], sentences: Sequence[Span]) -> list[_Fact]:
    return [
        _Fact(evidence=sentences[head], head=head, predicate=predicate, tail=tail)
        for head, predicate, tail in stated_facts(text, mentions, sentences)
    ]


def _best_told(found: Sequence[_Fact], stated: Sequence[_Fact]) -> list[_Fact]:
    """Facts sorted by evidence, none twice: of a pair what the units found, else its fixed turn of phrase, else the text's own words."""
    told = {fact.ends for fact in found if not fact.is_open}
    added = [fact for fact in stated if fact.predicate == SAME_AS or fact.ends not in told]
    worded = {fact.ends for fact in added}
    kept: dict[tuple[Span, int, str, int], _Fact] = {}
    for fact in [*(fact for fact in found if not (fact.is_open and fact.ends in worded)), *added]:
        key = (fact.evidence, fact.head, fact.predicate, fact.tail)
        if key not in kept or kept[key].probability < fact.probability:
            kept[key] = fact
    return [kept[key] for key in sorted(kept)]
