"""What the selected passages name and state, joined across documents: the candidates of a question graph."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from tadarag.graph.cannot_link import CannotLink, cannot_link_in
from tadarag.graph.resolve import UNKNOWN_KIND, folded_name
from tadarag.templates.template import Template
from tadarag.values import Entity, Extraction, FactSource, Passage, SourceName, Span

Key = tuple[str, str]
"""A node: folded name or normal value, and kind."""
_Fact = tuple[Key, str, Key]
TOGETHER: Literal["together"] = "together"
RELATED_TO = "related_to"


@dataclass(slots=True, kw_only=True)
class NodeCandidate:
    """A thing that at least one passage mentions."""

    key: Key
    name: str
    normal: str
    spans: set[tuple[SourceName, Span]] = field(default_factory=set)
    labels: Counter[str] = field(default_factory=Counter)

    @property
    def label(self) -> str:
        """The template's type that most of its mentions have, "" for none."""
        return min(self.labels, key=lambda label: (-self.labels[label], label), default="")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # one object a fact: looked up by identity thousands of times a question
class EdgeCandidate:
    """A fact with all sentences that state it, or two things that sentences name together (written from the smaller key to the larger)."""

    head: Key
    relation: str
    tail: Key
    kind: Literal["template", "open", "together"]
    probability: float
    stated_in: tuple[FactSource, ...]

    @property
    def is_fallback(self) -> bool:
        """Whether it says no more than that the two have to do with each other."""
        return self.kind == TOGETHER or self.relation == RELATED_TO

    @property
    def order(self) -> tuple[Key, str, Key]:
        """What tells it from any other; ties go by it."""
        return (self.head, self.relation, self.tail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Nodes by key, and edges in order; every edge joins two of the nodes."""

    nodes: Mapping[Key, NodeCandidate]
    edges: tuple[EdgeCandidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """One cluster of one document, with its mentions inside one passage."""

    folded: str
    kind: str
    source: SourceName
    entity: Entity
    normal: str
    mentions: tuple[int, ...]


def find_candidates(
    passages: Sequence[Passage], extractions: Mapping[SourceName, Extraction], template: Template, links: Collection[CannotLink] = ()
) -> Candidates:
    """What the passages name and state. Only what stands inside a passage counts; passages without an extraction are left out.

    Things of two documents meet in the same name and kind; a name of unknown kind joins the only known kind that its name has. A single
    word that is the last name of two persons of the passages joins nothing outside its document, nor does what a decision parts.
    extractions: entities resolved. links: the decisions in force.
    """
    read = [(number, passage) for number, passage in enumerate(passages, start=1) if passage.source in extractions]
    places = {passage.source: _places(extractions[passage.source]) for _, passage in read}
    named = [dict(_named_in(passage, extractions[passage.source], places[passage.source])) for _, passage in read]
    keys = _keys([one for found in named for one in found.values()], frozenset(links))
    nodes: dict[Key, NodeCandidate] = {}
    facts: dict[_Fact, list[tuple[float, FactSource]]] = {}
    symmetric = {relation.name for relation in template.relations if relation.symmetric}
    for (number, passage), found in zip(read, named, strict=True):
        extraction = extractions[passage.source]
        here = {index: keys[one.folded, one.kind, one.source] for index, one in found.items()}
        for index, one in found.items():
            node = nodes.setdefault(here[index], NodeCandidate(key=here[index], name=one.entity.name, normal=one.normal))
            node.spans.update((one.source, extraction.mentions[mention].span) for mention in one.mentions)
            node.labels.update(label for mention in one.mentions if (label := extraction.mentions[mention].label))
        for (head, relation, tail), probability, sentence in _facts(passage, extraction, here, found):
            ends = (min(head, tail), max(head, tail)) if relation in symmetric else (head, tail)
            stated = FactSource(passage=number, source=passage.source, content=passage.content, span=sentence)
            facts.setdefault((ends[0], relation, ends[1]), []).append((probability, stated))
    told = {frozenset((head, tail)) for head, relation, tail in facts if relation != TOGETHER}
    kept = sorted(fact for fact in facts if fact[1] != TOGETHER or frozenset((fact[0], fact[2])) not in told)
    return Candidates(nodes=dict(sorted(nodes.items())), edges=tuple(_edge(fact, facts[fact], template) for fact in kept))


def _edge(fact: _Fact, stated: Sequence[tuple[float, FactSource]], template: Template) -> EdgeCandidate:
    head, relation, tail = fact
    kind: Literal["template", "open", "together"] = (
        TOGETHER if relation == TOGETHER else "template" if template.relation(relation) else "open"
    )
    return EdgeCandidate(
        head=head,
        relation=relation,
        tail=tail,
        kind=kind,
        probability=max(probability for probability, _ in stated),
        stated_in=tuple(sorted({source for _, source in stated})),
    )


def _places(extraction: Extraction) -> tuple[list[int], list[int]]:
    """Where each mention begins, in order, and the cluster that it belongs to."""
    owners = [0] * len(extraction.mentions)
    for index, entity in enumerate(extraction.entities):
        for number in entity.mentions:
            owners[number] = index
    return [mention.span.start for mention in extraction.mentions], owners


def _named_in(passage: Passage, extraction: Extraction, places: tuple[list[int], list[int]]) -> Iterator[tuple[int, _Named]]:
    """The clusters that the passage mentions, with their indexes."""
    starts, owners = places
    inside: dict[int, list[int]] = {}
    for number in range(bisect_left(starts, passage.span.start), bisect_left(starts, passage.span.end)):
        if extraction.mentions[number].span.end <= passage.span.end:
            inside.setdefault(owners[number], []).append(number)
    for index, mentions in sorted(inside.items()):
        entity = extraction.entities[index]
        normal = min((normal for number in entity.mentions if (normal := extraction.mentions[number].normal)), default="")
        folded = normal or folded_name(entity.name) or entity.name
        yield (
            index,
            _Named(folded=folded, kind=entity.kind, source=passage.source, entity=entity, normal=normal, mentions=tuple(mentions)),
        )


def _keys(named: Sequence[_Named], links: frozenset[CannotLink]) -> dict[tuple[str, str, SourceName], Key]:
    """For every name, kind and source the node that it is."""
    kinds: dict[str, set[str]] = {}
    last_names: dict[str, set[str]] = {}
    for one in named:
        if one.kind != UNKNOWN_KIND:
            kinds.setdefault(one.folded, set()).add(one.kind)
        if one.kind == "person" and " " in one.folded:
            last_names.setdefault(one.folded.rpartition(" ")[2], set()).add(one.folded)
    keys: dict[tuple[str, str, SourceName], Key] = {}
    for one in named:
        known = kinds.get(one.folded, set())
        kind = next(iter(known)) if one.kind == UNKNOWN_KIND and len(known) == 1 else one.kind
        is_ambiguous = one.kind in ("person", UNKNOWN_KIND) and len(last_names.get(one.folded, ())) > 1
        is_parted = is_ambiguous or (bool(links) and cannot_link_in(one.entity.name, one.source) in links)
        keys[one.folded, one.kind, one.source] = (f"{one.folded} @ {one.source}" if is_parted else one.folded, kind)
    return keys


def _facts(
    passage: Passage, extraction: Extraction, here: Mapping[int, Key], clusters: Mapping[int, _Named]
) -> Iterator[tuple[_Fact, float, Span]]:
    """The relations whose evidence is a sentence of the passage, and for each sentence the neighbours among the things it names."""
    sentences = frozenset(passage.sentences)
    for relation in extraction.relations:
        head, tail = here.get(relation.head), here.get(relation.tail)
        if relation.evidence in sentences and head is not None and tail is not None and head != tail:
            yield (head, relation.predicate, tail), relation.probability, relation.evidence
    places = sorted((extraction.mentions[number].span, here[index]) for index, one in clusters.items() for number in one.mentions)
    starts = [span.start for span, _ in places]
    for sentence in passage.sentences:
        found = places[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        names = list(dict.fromkeys(key for span, key in found if span.end <= sentence.end))
        # Neighbours, and the first name with all others: all pairs of a long sentence would drown the relations.
        pairs = [*pairwise(names), *((names[0], key) for key in names[1:])]
        for head, tail in sorted({(min(pair), max(pair)) for pair in pairs}):
            yield (head, TOGETHER, tail), 1.0, sentence
