"""Gold annotations as training examples: windows of a text with spans in word pieces, and relations between them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tadarag.training.pieces import aligned, piece_spans, windows

SENTENCE_WINDOW = 256
DOCUMENT_WINDOW = 448
"""Pieces in a window of a record with coreference: its relations are stated between sentences far apart."""

Placed = tuple[int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One window of a record with what stands in it.

    pieces: (start, end) of each word piece in `text`. entities: (first piece, last piece, type), each once. relations: (index of head,
    index of tail, relation). unsure: likewise, what a document-level annotation makes true of two things without saying that these two
    mentions state it: neither true nor false in training. entity_types, relation_types: the names that annotators could choose from.
    clusters: for each entity the thing it names; without coreference every entity is a thing of its own. facts: the relations of the
    whole record, (thing, thing, relation), whether or not both stand in this window. n_lost: gold entities of this window that no model
    on these pieces can find, since their ends fall inside a piece or they are too wide.
    """

    record: str
    text: str
    pieces: tuple[tuple[int, int], ...]
    entities: tuple[Placed, ...]
    relations: tuple[Placed, ...]
    unsure: tuple[Placed, ...]
    entity_types: tuple[str, ...]
    relation_types: tuple[str, ...]
    clusters: tuple[str, ...]
    facts: tuple[tuple[str, str, str], ...]
    n_lost: int


@dataclass(frozen=True, slots=True)
class _Names:
    entity_types: tuple[str, ...]
    relation_types: tuple[str, ...]


def read_examples(file: Path, tokenizer: Any, *, max_width: int) -> Iterator[Example]:
    """Examples of a gzip JSONL file in the layout of the extraction sets, with types.json beside it.

    A record that names a `template` has the types of that ontology (ontologies.jsonl.gz beside the file). A long record becomes windows
    that end at sentences; a relation is kept where both its ends lie in one window. Entities wider than `max_width` pieces are left out.
    """
    stated = json.loads((file.parent / "types.json").read_text("utf-8"))
    shared = _Names(tuple(sorted(stated["entity_types"])), tuple(sorted(stated.get("relation_types", {}))))
    ontologies = _ontologies(file.parent / "ontologies.jsonl.gz")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            names = ontologies.get(record.get("template", ""), shared)
            longest = DOCUMENT_WINDOW if record.get("coref") else SENTENCE_WINDOW
            for start, end in windows(record["text"], tokenizer, longest=longest):
                example = _example(record, start, end, names, tokenizer, max_width)
                if example.pieces:
                    yield example


def _ontologies(file: Path) -> dict[str, _Names]:
    if not file.exists():
        return {}
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {row["id"]: _Names(tuple(row["concepts"]), tuple(sorted({one["label"] for one in row["relations"]}))) for row in rows}


def _example(record: Mapping[str, Any], start: int, end: int, names: _Names, tokenizer: Any, max_width: int) -> Example:
    text = record["text"][start:end]
    pieces = piece_spans(text, tokenizer)
    thing = _things(record)
    place_of: dict[Placed, str] = {}
    index_of: dict[str, int] = {}
    lost: set[Placed] = set()
    for entity in record["entities"]:
        if entity["start"] < start or entity["end"] > end:
            continue
        placed = aligned(pieces, entity["start"] - start, entity["end"] - start)
        if placed is None or placed[1] - placed[0] >= max_width:
            lost.add((entity["start"], entity["end"], entity["type"]))
            continue
        found = (*placed, entity["type"])
        place_of.setdefault(found, thing[entity["id"]])
        index_of[entity["id"]] = list(place_of).index(found)
    entities = tuple(place_of)
    stated, unsure = _placed_relations(record, index_of, entities)
    return Example(
        record=str(record["id"]),
        text=text,
        pieces=tuple(pieces),
        entities=entities,
        relations=stated,
        unsure=unsure,
        entity_types=names.entity_types,
        relation_types=names.relation_types,
        clusters=tuple(place_of.values()),
        facts=tuple(sorted({(thing[one["head"]], thing[one["tail"]], one["type"]) for one in record["relations"]})),
        n_lost=len(lost),
    )


def _things(record: Mapping[str, Any]) -> dict[str, str]:
    """For each entity id the first id of its thing: those of its coreference group, or of the same span and type."""
    group = {id_: str(ids[0]) for ids in record.get("coref", ()) for id_ in ids}
    first: dict[tuple[int, int, str], str] = {}
    return {
        entity["id"]: first.setdefault((entity["start"], entity["end"], entity["type"]), group.get(entity["id"], entity["id"]))
        for entity in record["entities"]
    }


def _placed_relations(
    record: Mapping[str, Any], index_of: Mapping[str, int], entities: Sequence[Placed]
) -> tuple[tuple[Placed, ...], tuple[Placed, ...]]:
    """The relations between mentions of one window, and those that are unsure.

    A relation between clusters of mentions is placed on the two mentions that stand nearest to each other; other pairs are unsure.
    """
    cluster = {id_: tuple(group) for group in record.get("coref", ()) for id_ in group}
    stated: set[Placed] = set()
    possible: set[Placed] = set()
    for row in record["relations"]:
        heads = [index_of[id_] for id_ in cluster.get(row["head"], (row["head"],)) if id_ in index_of]
        tails = [index_of[id_] for id_ in cluster.get(row["tail"], (row["tail"],)) if id_ in index_of]
        pairs = [(head, tail) for head in heads for tail in tails if head != tail]
        if pairs:
            nearest = min(pairs, key=lambda pair: (abs(entities[pair[0]][0] - entities[pair[1]][0]), pair))
            stated.add((*nearest, row["type"]))
            possible.update((*pair, row["type"]) for pair in pairs)
    return tuple(sorted(stated)), tuple(sorted(possible - stated))
