"""An extractor that knows what it is told: names of a list, and facts where a phrase of a list stands between two of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise

from tadarag.extraction.extractor import Unit
from tadarag.findings import Findings, FoundFact, FoundName
from tadarag.templates.template import Template
from tadarag.values import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class GazetteerUnits:
    """A `UnitExtractor` without a model: deterministic, exact, and it finds only types and relations of the template it is given.

    types: the type of each name. phrases: the relation that a stretch of text between two names of one sentence states, the first being the
    head; one that the template lacks is stated in the phrase's own words. read_texts: every text that was read, in order.
    """

    types: Mapping[str, str]
    phrases: Mapping[str, str] = field(default_factory=dict)
    read_texts: list[str] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """A hash of both lists."""
        told = repr((sorted(self.types.items()), sorted(self.phrases.items())))
        return f"gazetteer-{sha256(told.encode()).hexdigest()[:12]}"

    @property
    def trunk(self) -> str:
        """Empty: it reads text."""
        return ""

    def read(self, unit: Unit, template: Template) -> Findings:
        """Names, the longer of two that overlap, and facts between neighbours in a sentence."""
        self.read_texts.append(unit.text)
        names = tuple(sorted(self._names(unit, template), key=lambda name: name.span))
        facts = tuple(
            fact for number, sentence in enumerate(unit.sentences) for fact in self._facts(unit.text, names, number, sentence, template)
        )
        return Findings(names=names, facts=facts)

    def _names(self, unit: Unit, template: Template) -> Iterator[FoundName]:
        taken: list[Span] = []
        for text in sorted(self.types, key=lambda text: (-len(text), text)):
            known = template.entity_type(self.types[text])
            start = unit.text.find(text) if known else -1
            while known and start >= 0:
                span = Span(start, start + len(text))
                if not any(span.start < other.end and other.start < span.end for other in taken):
                    taken.append(span)
                    yield FoundName(span=span, kind=known.core, label=known.name)
                start = unit.text.find(text, start + len(text))

    def _facts(self, text: str, names: tuple[FoundName, ...], number: int, sentence: Span, template: Template) -> Iterator[FoundFact]:
        inside = [index for index, name in enumerate(names) if sentence.start <= name.span.start and name.span.end <= sentence.end]
        for head, tail in pairwise(inside):
            gap = text[names[head].span.end : names[tail].span.start].strip()
            if gap in self.phrases:
                known = template.relation(self.phrases[gap])
                fits = known is not None and known.allows(names[head].label, names[tail].label)
                yield FoundFact(
                    head=head, relation=self.phrases[gap] if fits else gap, tail=tail, sentence=number, probability=0.9, is_open=not fits
                )
