"""Passages whose every sentence states one fact, with the extraction that a perfect extractor would give: worlds for tests of graphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from tadarag.graph.resolve import resolve_extraction
from tadarag.values import Document, Entity, Extraction, Hit, Mention, Passage, Relation, SourceName, Span

Fact = tuple[str, str, str]
"""Head, relation and tail; a relation "" states nothing: the sentence only names the two."""


def stating(path: str, *facts: Fact, kinds: Mapping[str, str] | None = None, scores: Sequence[float] = ()) -> tuple[Hit, Extraction]:
    """A hit of one passage that states the facts, a sentence each, and its extraction.

    kinds: of names; the rest are organizations. A time's normal value is its name. scores: of the sentences.
    """
    kinds = kinds or {}
    text = ""
    sentences: list[Span] = []
    mentions: list[Mention] = []
    relations: list[Relation] = []
    for number, (head, relation, tail) in enumerate(facts):
        start = len(text)
        text += f"{head} {relation.replace('_', ' ') or 'and'} "
        places = ((head, start), (tail, len(text)))
        text += f"{tail}. "
        sentences.append(Span(start, len(text) - 1))
        for name, place in places:
            kind = kinds.get(name, "organization")
            mentions.append(
                Mention(
                    span=Span(place, place + len(name)),
                    text=name,
                    kind=kind,
                    chunk=0,
                    sentence=number,
                    normal=name if kind == "time" else "",
                    label=kind,
                )
            )
        if relation:
            relations.append(Relation(head=2 * number, predicate=relation, tail=2 * number + 1, evidence=sentences[-1], probability=0.9))
    single = tuple(Entity(name=mention.text, kind=mention.kind, mentions=(index,)) for index, mention in enumerate(mentions))
    extraction = Extraction(mentions=tuple(mentions), entities=single, relations=tuple(relations))
    passage = Passage(
        source=SourceName(".", path),
        content=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        chunk=path,
        span=Span(0, len(text)),
        text=text,
        sentences=tuple(sentences),
    )
    return Hit(passage=passage, score=1.0, sentence_scores=tuple(scores)), resolve_extraction(Document(text=text), extraction)
