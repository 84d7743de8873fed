"""What one document contributes to the corpus graph: its entities, facts, stated second names and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from tadarag.analysis import is_cjk
from tadarag.graph.resolve import UNKNOWN_KIND, folded_name
from tadarag.graph.second_names import second_names
from tadarag.templates.library import core_type
from tadarag.values import Mention, Record, Relation, SourceName, Span

Node = tuple[SourceName, int]
"""A document-local entity: its source, and its index in that document's extraction."""

SAME_AS = "same_as"
_VALUES = frozenset({"time", "number"})
_SHORTEST_IDENTIFIER = 6
_SUBSTANCES = frozenset({"chemical", "drug", "substance"})
_SHORTEST_TERM = 5  # characters, not tuned; abbreviations such as RA and CPA name several concepts in BC5CDR's alias list
_DESCRIBED_TITLE = re.compile(r"(?P<name>.+?) ?[(（](?P<descriptor>[^()（）]+)[)）]")
_DESCRIBED_LINE = re.compile(
    r"(?m)^[#*_ ]*(?P<name>[^\W\d_][^()（）\n]{1,60}?) ?[(（](?P<descriptor>[a-z\u4e00-\u9fff][^()（）\n]{1,40})[)）][*_]*"
    r"(?:,|，| is | was |是)"
)
_PLACE_IN_DOCUMENT = re.compile(
    r"(?:clause|section|article|table|figure|chapter|annex|schedule|appendix|amendment|addendum|page|part|item|step|note|line|exhibit)s? (?:no )?[\divx]+"
    r"|第.{1,6}[条章节款项页]|[表图]\d+"
)
_INTERVAL = re.compile(r" ?(?:to|until|till|through|and|[-–—~至到]) ?(?:the )?")


@dataclass(frozen=True, slots=True, order=True)
class Quote:
    """A place in a present document, and the text that stands there."""

    source: SourceName
    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalEntity:
    """One document's cluster as the corpus sees it.

    kind: as extracted. core: the core type of the kind, under which names are linked; the kind itself where it has none. folded: the
    normal value or the folded canonical name. names: for each folded name of its mentions, sorted, the sentence of the first that has it.
    descriptor: what the document's title adds to this name in parentheses. is_titled: the document's title is this name.
    """

    node: Node
    name: str
    folded: str
    kind: str
    core: str
    names: tuple[tuple[str, Quote], ...]
    spans: tuple[Span, ...]
    is_titled: bool = False
    descriptor: str = ""

    @property
    def is_value(self) -> bool:
        """Whether it is a date or a number: equal values are no second names of each other."""
        return self.core in _VALUES

    @property
    def is_known(self) -> bool:
        """Whether its type is known."""
        return self.core != UNKNOWN_KIND

    @property
    def is_full(self) -> bool:
        """Whether its name says enough to stand for one thing.

        One word is enough for a substance, which has its name to itself. It is not for a condition or an organism: "atrophy" is one of muscles
        in one text and of nerves in the next.
        """
        if self.kind in _SUBSTANCES:
            return len(self.folded) >= _SHORTEST_TERM or (is_cjk(self.folded[0]) and len(self.folded) > 1)
        return is_full_name(self.folded) or (self.kind == "identifier" and len(self.folded) >= _SHORTEST_IDENTIFIER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A relation as a document states it.

    evidence: the sentence. stated_on: the date that the document states about itself, or "". valid_from, valid_to: the dates that the
    sentence states (one date, or an interval), otherwise from `stated_on`; ISO dates of any precision, "" where none is stated.
    """

    head: Node
    predicate: str
    tail: Node
    content: str
    evidence: Quote
    probability: float
    stated_on: str = ""
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence and the entities that it mentions, values left out."""

    quote: Quote
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalGraph:
    """Everything that one document contributes; a pure function of its record.

    `facts` hold no second names, these are in `second_names`.

    descriptors: (folded name, descriptor) pairs of title, headings and openings such as "Aldmere (village), ...", for names of the entities.
    """

    entities: tuple[LocalEntity, ...]
    facts: tuple[Fact, ...]
    second_names: tuple[Fact, ...]
    sentences: tuple[Sentence, ...]
    descriptors: frozenset[tuple[str, str]] = frozenset()


def local_graph(record: Record) -> LocalGraph:
    """The contribution of one record, in the order of its extraction."""
    relations = record.extraction.relations
    facts = tuple(_fact(record, relation) for relation in dict.fromkeys((*relations, *_read_second_names(record))))
    title = _title(record.document.title)
    entities = tuple(_entity(record, index, title) for index in range(len(record.extraction.entities)))
    named = {name for entity in entities for name, _ in entity.names}
    return LocalGraph(
        entities=entities,
        facts=tuple(fact for fact in facts if fact.predicate != SAME_AS),
        second_names=tuple(fact for fact in facts if fact.predicate == SAME_AS),
        sentences=_sentences(record, entities),
        descriptors=frozenset(pair for pair in _descriptors(record) if pair[0] in named),
    )


def _read_second_names(record: Record) -> Iterator[Relation]:
    """Second names that the text states between entities of the record."""
    mentions = record.extraction.mentions
    entity_of = {number: index for index, entity in enumerate(record.extraction.entities) for number in entity.mentions}
    by_sentence: dict[Span, list[int]] = {}
    for number in sorted(entity_of, key=lambda number: (mentions[number].span, number)):
        if linked_type(mentions[number].kind) not in _VALUES:
            by_sentence.setdefault(_sentence_of(record, mentions[number]), []).append(number)
    for sentence, numbers in by_sentence.items():
        for one, other in second_names(record.document.text, [mentions[number] for number in numbers]):
            head, tail = entity_of[numbers[one]], entity_of[numbers[other]]
            if head != tail:
                yield Relation(head=head, predicate=SAME_AS, tail=tail, evidence=sentence)


@lru_cache(maxsize=1 << 16)
def is_full_name(folded: str) -> bool:
    """Whether a folded name says enough to stand for one thing: two words or more, or three CJK characters or more.

    A place in a document ("clause 5", 第三条) is another one in every document.
    """
    if _PLACE_IN_DOCUMENT.fullmatch(folded):
        return False
    return " " in folded or (not folded.isascii() and len(folded) >= 3 and "\u3040" <= folded[0] <= "\uffff")


@cache
def linked_type(kind: str) -> str:
    """The type under which entities of a kind are linked: its core type, or the kind itself where it has none."""
    return core_type(kind) or kind


def _entity(record: Record, index: int, titled: tuple[str, str]) -> LocalEntity:
    entity = record.extraction.entities[index]
    mentions = sorted((record.extraction.mentions[number] for number in entity.mentions), key=lambda mention: mention.span)
    values = {mention.normal for mention in mentions if mention.normal}
    names: dict[str, Quote] = {}
    for mention in mentions:
        names.setdefault(folded_name(mention.text) or mention.text, _quote(record, _sentence_of(record, mention)))
    title, descriptor = titled
    is_titled = bool(title) and title in names
    return LocalEntity(
        node=(record.source, index),
        name=entity.name,
        folded=min(values) if values else folded_name(entity.name) or entity.name,
        kind=entity.kind,
        core=linked_type(entity.kind),
        names=tuple(sorted(names.items())),
        spans=tuple(mention.span for mention in mentions),
        is_titled=is_titled,
        descriptor=descriptor if is_titled else "",
    )


def _title(title: str) -> tuple[str, str]:
    """A title's folded name and descriptor: "Marten Kroll (painter)" is ("marten kroll", "painter")."""
    match = _DESCRIBED_TITLE.fullmatch(title.strip())
    return (folded_name(match["name"]), folded_name(match["descriptor"])) if match else (folded_name(title), "")


def _descriptors(record: Record) -> frozenset[tuple[str, str]]:
    document = record.document
    titles = [_title(one) for one in (document.title, *(heading.title for heading in document.headings))]
    openings = ((folded_name(match["name"]), folded_name(match["descriptor"])) for match in _DESCRIBED_LINE.finditer(document.text))
    return frozenset((name, descriptor) for name, descriptor in (*titles, *openings) if name and descriptor)


def _fact(record: Record, relation: Relation) -> Fact:
    stated_on = record.document.date
    valid_from, valid_to = _stated_dates(record, relation.evidence)
    return Fact(
        head=(record.source, relation.head),
        predicate=relation.predicate,
        tail=(record.source, relation.tail),
        content=record.content,
        evidence=_quote(record, relation.evidence),
        probability=relation.probability,
        stated_on=stated_on,
        valid_from=valid_from or stated_on,
        valid_to=valid_to,
    )


def _stated_dates(record: Record, evidence: Span) -> tuple[str, str]:
    """The only date of a sentence, or the two ends of its only interval; ("", "") where the sentence states none or several."""
    dates = [
        mention
        for mention in record.extraction.mentions
        if mention.kind == "time" and mention.normal[:4].isdecimal() and evidence.start <= mention.span.start < evidence.end
    ]
    dates.sort(key=lambda mention: mention.span)
    if len({mention.normal for mention in dates}) == 1:
        return dates[0].normal, ""
    if len(dates) == 2:
        first, second = dates
        gap = record.document.text[first.span.end : second.span.start]
        if _INTERVAL.fullmatch(gap) and first.normal <= second.normal:
            return first.normal, second.normal
    return "", ""


def _sentences(record: Record, entities: tuple[LocalEntity, ...]) -> tuple[Sentence, ...]:
    nodes: dict[Span, set[Node]] = {}
    for entity in entities:
        if not entity.is_value:
            for number in record.extraction.entities[entity.node[1]].mentions:
                nodes.setdefault(_sentence_of(record, record.extraction.mentions[number]), set()).add(entity.node)
    return tuple(
        Sentence(quote=_quote(record, span), nodes=tuple(sorted(found))) for span, found in sorted(nodes.items()) if len(found) > 1
    )


def _sentence_of(record: Record, mention: Mention) -> Span:
    """The span of a mention's sentence; the mention's own where an extractor names no sentence of the chunk."""
    if mention.chunk < len(record.chunks):
        sentences = record.chunks[mention.chunk].sentences
        if mention.sentence < len(sentences):
            return sentences[mention.sentence]
    return mention.span


def _quote(record: Record, span: Span) -> Quote:
    return Quote(record.source, span, span.of(record.document.text))
