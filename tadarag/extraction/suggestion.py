"""Proposes the types and relations of a template from what a corpus holds: frequent nouns, definitions and turns of phrase."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tadarag.extraction.noun_phrases import defined_nouns, last_noun, noun_heads
from tadarag.extraction.predicates import predicate_between
from tadarag.templates.template import Template
from tadarag.values import Mention, Record, Relation, Span

ANY = "*"
_KINDS_OF_LABELS = {"title": "product"}  # rule extraction calls the name of a film or book a title
_WITHOUT_TYPE = frozenset({"name", "identifier"})
_FALLBACK_CORE = "concept"
_DEFINITION_WEIGHT = 3  # "X is a Y" says that Y is a type; a noun phrase only that the word is used
_LONGEST_EXAMPLE = 160
_WHITE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedType:
    """A type that the corpus seems to speak of.

    n_mentions: names of that kind that extraction found. n_definitions: sentences that call something one. n_phrases: noun phrases with that
    noun. is_shared: the core template has it. example: a sentence of the corpus.
    """

    name: str
    core: str
    language: str
    n_mentions: int
    n_definitions: int
    n_phrases: int
    n_documents: int
    is_shared: bool
    example: str

    @property
    def weight(self) -> int:
        """How much speaks for the type."""
        return self.n_mentions + _DEFINITION_WEIGHT * self.n_definitions + self.n_phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedRelation:
    """A relation that sentences seem to state: `phrase` stands between two names. "*" in heads or tails: a name of unknown kind."""

    name: str
    phrase: str
    language: str
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    count: int
    n_documents: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Types and relations by weight, most first, ties by name; n_documents that were read, and the domains they were routed to."""

    types: tuple[SuggestedType, ...]
    relations: tuple[SuggestedRelation, ...]
    n_documents: int
    domains: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class _Seen:
    counts: Counter[str] = field(default_factory=Counter)  # by the kind of evidence
    documents: int = 0
    last_document: int = -1
    example: str = ""
    language: str = "en"
    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, evidence: str, document: int, example: str) -> None:
        self.counts[evidence] += 1
        if document != self.last_document:
            self.documents, self.last_document = self.documents + 1, document
        if not self.example and len(example) <= _LONGEST_EXAMPLE:
            self.example = example


def suggest(records: Iterable[Record], core: Template, *, min_count: int = 3, limit: int = 12) -> Suggestion:
    """What a template for these records might hold; a guess from counts, to be read by a person.

    core: the template whose types are shared. min_count: what is seen less often is left out. limit: most types beside the shared ones, and
    most relations. Equal records in equal order give equal suggestions.
    """
    types: dict[str, _Seen] = {}
    relations: dict[str, _Seen] = {}
    kinds_of_names: dict[str, Counter[str]] = {}
    domains: Counter[str] = Counter()
    n_documents = 0
    for number, record in enumerate(records):
        n_documents += 1
        domains[record.domain] += 1
        _see_types(record, core, number, types, kinds_of_names)
        _see_relations(record, core, number, relations)
    suggested = [_type(name, seen, kinds_of_names.get(name, Counter()), core) for name, seen in types.items()]
    frequent = sorted((one for one in suggested if one.weight >= min_count), key=lambda one: (-one.weight, one.name))
    chosen = [_relation(name, seen) for name, seen in relations.items() if seen.counts.total() >= min_count and core.relation(name) is None]
    chosen = sorted(chosen, key=lambda one: (-one.count, one.name))[:limit]
    needed = {name for one in chosen for name in (*one.heads, *one.tails)}
    own = {one.name for one in [one for one in frequent if not one.is_shared][:limit]}
    kept = [one for one in frequent if one.name in own or one.is_shared]
    kept += sorted((one for one in suggested if one.name in needed and one not in kept), key=lambda one: one.name)
    return Suggestion(
        types=tuple(kept),
        relations=tuple(chosen),
        n_documents=n_documents,
        domains=tuple(sorted((item for item in domains.items() if item[0]), key=lambda item: (-item[1], item[0]))),
    )


def _see_types(record: Record, core: Template, number: int, types: dict[str, _Seen], kinds_of_names: dict[str, Counter[str]]) -> None:
    """Count what speaks for types. kinds_of_names: last noun of a name -> kinds of the names that end with it, which tells a noun's core type."""
    text, extraction = record.document.text, record.extraction
    starts: dict[int, Mention] = {mention.span.end: mention for mention in extraction.mentions}
    for mention in extraction.mentions:
        if kind := _type_of_kind(mention.kind, core):
            types.setdefault(kind, _Seen()).add("mention", number, _sentence(record, mention))
            kinds_of_names.setdefault(last_noun(mention.text), Counter())[kind] += 1
    for span in _sentences(record):
        sentence = span.of(text)
        example = _one_line(sentence)
        for noun in defined_nouns(sentence):
            seen = _see_noun(noun.head, noun.language, "definition", number, example, core, types)
            mention_before = starts.get(span.start + noun.start)
            if mention_before and (kind := _type_of_kind(mention_before.kind, core)):
                seen.kinds[kind] += 1
        for noun in noun_heads(sentence):
            _see_noun(noun.head, noun.language, "phrase", number, example, core, types)


def _see_noun(head: str, language: str, evidence: str, number: int, example: str, core: Template, types: dict[str, _Seen]) -> _Seen:
    shared = core.type_labelled(head)
    seen = types.setdefault(shared.name if shared else head.replace("-", "_"), _Seen(language=language))
    seen.add(evidence, number, example)
    return seen


def _see_relations(record: Record, core: Template, number: int, relations: dict[str, _Seen]) -> None:
    text, extraction = record.document.text, record.extraction
    stated: set[tuple[int, int]] = set()
    for relation in extraction.relations:
        head, tail = extraction.entities[relation.head], extraction.entities[relation.tail]
        seen = relations.setdefault(relation.predicate, _Seen())
        seen.add(relation.predicate.replace("_", " "), number, _evidence(text, relation))
        seen.ends[_end(head.kind, core), _end(tail.kind, core)] += 1
        stated.add((relation.evidence.start, relation.evidence.end))
    for left, right in zip(extraction.mentions, extraction.mentions[1:], strict=False):
        if (left.chunk, left.sentence) != (right.chunk, right.sentence) or left.normal:
            continue  # what follows a value is its unit or its subject, no predicate
        predicate = predicate_between(text[left.span.end : right.span.start])
        sentence = _span_of(record, left)
        if predicate is None or (sentence.start, sentence.end) in stated:
            continue
        seen = relations.setdefault(predicate.name, _Seen(language=predicate.language))
        seen.add(predicate.phrase, number, _sentence(record, left))
        seen.ends[_end(left.kind, core), _end(right.kind, core)] += 1


def _type(name: str, seen: _Seen, kinds_of_names: Counter[str], core: Template) -> SuggestedType:
    shared = core.entity_type(name)
    kinds = seen.kinds + kinds_of_names
    guessed = min(kinds, key=lambda kind: (-kinds[kind], kind)) if kinds else ""
    of_guess = core.entity_type(guessed)
    return SuggestedType(
        name=name,
        core=shared.core if shared else of_guess.core if of_guess else _FALLBACK_CORE,
        language=seen.language,
        n_mentions=seen.counts["mention"],
        n_definitions=seen.counts["definition"],
        n_phrases=seen.counts["phrase"],
        n_documents=seen.documents,
        is_shared=shared is not None,
        example=seen.example,
    )


def _relation(name: str, seen: _Seen) -> SuggestedRelation:
    phrase = min(seen.counts, key=lambda one: (-seen.counts[one], one))
    return SuggestedRelation(
        name=name,
        phrase=phrase,
        language=seen.language,
        heads=_side(seen, 0),
        tails=_side(seen, 1),
        count=seen.counts.total(),
        n_documents=seen.documents,
        example=seen.example,
    )


def _side(seen: _Seen, side: int) -> tuple[str, ...]:
    """The types that stand on a side, most frequent first; any type when most of the names there are of unknown kind."""
    counts: Counter[str] = Counter()
    for ends, count in seen.ends.items():
        counts[ends[side]] += count
    if 2 * counts[ANY] > counts.total() or set(counts) == {ANY}:
        return (ANY,)
    return tuple(sorted((name for name in counts if name != ANY), key=lambda name: (-counts[name], name)))


def _type_of_kind(kind: str, core: Template) -> str:
    """The shared type that a mention's kind means, "" when it means none."""
    if kind in _WITHOUT_TYPE:
        return ""
    found = core.type_labelled(_KINDS_OF_LABELS.get(kind, kind))
    return found.name if found else ""


def _end(kind: str, core: Template) -> str:
    return _type_of_kind(kind, core) or ANY


def _sentences(record: Record) -> Iterator[Span]:
    for chunk in record.chunks:
        yield from chunk.sentences


def _span_of(record: Record, mention: Mention) -> Span:
    return record.chunks[mention.chunk].sentences[mention.sentence]


def _sentence(record: Record, mention: Mention) -> str:
    return _one_line(_span_of(record, mention).of(record.document.text))


def _evidence(text: str, relation: Relation) -> str:
    return _one_line(relation.evidence.of(text))


def _one_line(text: str) -> str:
    return _WHITE.sub(" ", text).strip()
