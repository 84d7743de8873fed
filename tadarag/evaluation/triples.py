"""Triples that a language model made of passages elsewhere, as an extractor: what a graph from them would link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from tadarag.errors import UsageError
from tadarag.evaluation.beir import Passages, json_lines
from tadarag.findings import Findings
from tadarag.templates.template import Template
from tadarag.values import Chunk, Document, Entity, Extraction, Mention, Relation, Span

Triple = tuple[str, str, str]
_LETTER = re.compile(r"[^\W\d_]")


class TripleExtractor:
    """An Extractor that knows the names and triples of each passage: names are found where they stand in its text, word for word.

    passages: (title, text) -> (names, triples); a document that is not there gives nothing. Names without a letter are numbers.
    """

    units = None

    def __init__(self, passages: Mapping[tuple[str, str], tuple[Sequence[str], Sequence[Triple]]]) -> None:
        self._passages = passages
        self.fingerprint = "triples-" + sha256(repr(sorted(passages.items())).encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def extract(self, document: Document, chunks: Sequence[Chunk], template: Template, findings: Sequence[Findings] = ()) -> Extraction:
        """As `Extractor.extract`; the evidence of a triple is the first sentence that holds both ends, and none without one is kept."""
        names, triples = self._passages.get((document.title, document.text), ((), ()))
        wanted = sorted({*names, *(end for head, _, tail in triples for end in (head, tail))}, key=lambda name: (-len(name), name))
        mentions = _mentions(document.text, chunks, wanted)
        entities: list[Entity] = []
        relations: list[Relation] = []
        for head, predicate, tail in triples:
            pair = _together(mentions, head.lower(), tail.lower())
            if pair is None:
                continue
            for index in pair:
                entities.append(Entity(name=mentions[index].text, kind=mentions[index].kind, mentions=(index,)))
            evidence = chunks[mentions[pair[0]].chunk].sentences[mentions[pair[0]].sentence]
            relations.append(Relation(head=len(entities) - 2, predicate=predicate, tail=len(entities) - 1, evidence=evidence))
        return Extraction(mentions=tuple(mentions), entities=tuple(entities), relations=tuple(relations))


def load_triples(file: Path, passages: Passages) -> TripleExtractor:
    """The triples of a corpus as an extractor. Raises UsageError as `read_triples` does, and for a passage that the corpus lacks."""
    texts = {id_: (title, text) for id_, title, text in zip(passages.ids, passages.titles, passages.texts, strict=True)}
    known = read_triples(file)
    if missing := sorted(set(known) - set(texts)):
        raise UsageError(f"{file} names the passage {missing[0]!r}, which the corpus lacks", "give the triples of this corpus")
    return TripleExtractor({texts[identifier]: found for identifier, found in known.items()})


def read_triples(file: Path) -> dict[str, tuple[tuple[str, ...], tuple[Triple, ...]]]:
    """Names and triples by passage id: JSONL with _id, entities, triples; what a model wrote that has not three parts is left out.

    Raises UsageError for a missing or malformed file.
    """
    known: dict[str, tuple[tuple[str, ...], tuple[Triple, ...]]] = {}
    for number, row in json_lines(file):
        try:
            whole = (triple for triple in row["triples"] if len(triple) == 3)
            triples = tuple((str(head), str(predicate), str(tail)) for head, predicate, tail in whole)
            known[str(row["_id"])] = (tuple(map(str, row["entities"])), triples)
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(f"{file}, line {number}: {error}", "give JSONL with _id of the corpus, entities, triples") from error
    return known


def _mentions(text: str, chunks: Sequence[Chunk], names: Iterable[str]) -> list[Mention]:
    """Every place at which a name stands whole, longer names first; none overlaps another."""
    found: list[Mention] = []
    taken: set[int] = set()
    sentences = [(span, number, index) for number, chunk in enumerate(chunks) for index, span in enumerate(chunk.sentences)]
    for name in names:
        if not name.strip():
            continue
        for match in re.finditer(rf"(?<!\w){re.escape(name.strip())}(?!\w)", text, re.IGNORECASE):
            inside = next((one for one in sentences if one[0].start <= match.start() and match.end() <= one[0].end), None)
            if inside is None or not taken.isdisjoint(range(match.start(), match.end())):
                continue
            taken.update(range(match.start(), match.end()))
            kind = "name" if _LETTER.search(match.group()) else "number"
            span = Span(match.start(), match.end())
            found.append(Mention(span=span, text=match.group(), kind=kind, chunk=inside[1], sentence=inside[2]))
    return sorted(found, key=lambda mention: mention.span)


def _together(mentions: Sequence[Mention], head: str, tail: str) -> tuple[int, int] | None:
    heads = [index for index, one in enumerate(mentions) if one.text.lower() == head]
    tails = [index for index, one in enumerate(mentions) if one.text.lower() == tail]
    place = {index: (mentions[index].chunk, mentions[index].sentence) for index in (*heads, *tails)}
    return next(((one, other) for one in heads for other in tails if place[one] == place[other] and one != other), None)
