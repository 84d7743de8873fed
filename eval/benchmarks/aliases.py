"""How well names are joined: pairwise precision, recall and F1, and the share of homonyms that stay apart.

Inside a document (`graph.resolve` over gold mentions) and across documents (the view of `graph.view`). No model; the rules of the house.

    python eval/benchmarks/aliases.py --data-dir DIR [--set dev]

DIR holds entity_resolution, extraction_redocred, extraction_bc5cdr and, for the share of the largest thing, hotpotqa/corpus.jsonl.gz. Without
--data-dir only the sample corpus is measured, whose gold is data/samples/aliases.jsonl.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reporting import report

from tadarag.content import content_folder
from tadarag.evaluation.measures.pairs import PairCounts, homonyms_apart, pair_counts
from tadarag.extraction.rules import RuleExtractor
from tadarag.graph.resolve import folded_name, resolve, resolve_extraction
from tadarag.graph.view import CorpusView, corpus_view
from tadarag.knowledge_base import KnowledgeBase
from tadarag.templates.library import load_template
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.testing.marked_records import marked_record
from tadarag.values import Chunk, Document, Extraction, Mention, Record, SourceName, Span

KINDS = {"PER": "person", "ORG": "organization", "LOC": "location", "TIME": "time", "NUM": "number", "MISC": "name"}
MAGELLAN = ("beer", "fodors-zagats", "itunes-amazon", "amazon-google")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--set", default="dev", choices=("dev", "train"))
    parser.add_argument("--pages", type=int, default=20_000, help="pages of hotpotqa for the largest thing, 0 to leave it out")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    figures: dict[str, Any] = {"samples": samples()}
    if arguments.data_dir:
        data = arguments.data_dir
        figures["redocred"] = redocred(data, arguments.set)
        figures["bc5cdr"] = bc5cdr(data, arguments.set)
        figures["gap"] = gap(data / f"entity_resolution/gap_{arguments.set}.jsonl.gz")
        for name in MAGELLAN:
            figures[f"magellan_{name}"] = magellan(data / f"entity_resolution/magellan_{name}_{arguments.set}.jsonl.gz")
        if arguments.pages:
            figures["hotpotqa_largest"] = largest_thing(data / "hotpotqa/corpus.jsonl.gz", arguments.pages)
        figures["data"] = hashes(data, arguments.set)
    report("aliases", seed=0, figures=figures, out=arguments.out)


def hashes(data: Path, part: str) -> dict[str, str]:
    """SHA-256 of the files that were read, by path inside the data folder."""
    files = [
        *(data / f"extraction_{name}/{part}.jsonl.gz" for name in ("redocred", "bc5cdr")),
        *(data / f"entity_resolution/{name}_{part}.jsonl.gz" for name in ("gap", *(f"magellan_{one}" for one in MAGELLAN))),
    ]
    return {str(file.relative_to(data)): hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(files)}


def samples() -> dict[str, Any]:
    """The sample corpus as it is ingested, against its gold; only entities whose name and source gold lists are counted."""
    folder = content_folder("data/samples")
    with TemporaryDirectory() as place, KnowledgeBase.open(place, encoder=HashingEncoder()) as base:
        base.ingest(folder / "documents")
        view = base.graph()
    by_name: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for line in (folder / "aliases.jsonl").read_text(encoding="utf-8").splitlines():
        thing = json.loads(line)
        for name in thing["names"]:
            by_name.setdefault(folded_name(name), []).append((thing["thing"], frozenset(thing.get("sources", ()))))
    items = []
    for node, entity in view.entities.items():
        names = [entity.folded, *(name for name, _ in entity.names)]
        source = str(node[0]).rpartition("documents/")[2].partition(":")[2] or str(node[0])
        source = source.removeprefix("documents/")
        found = {
            thing
            for name in names
            for thing, sources in by_name.get(name, ())
            if not entity.is_value and (source in sources or not sources)
        }
        if len(found) == 1:
            items.append((entity.folded, found.pop(), view.of[node]))
    return {"n_entities": len(items), **_figures(items), **_size(view)}


def redocred(data: Path, part: str) -> dict[str, Any]:
    """Names of one document that mean one entity: gold mentions and types in, clusters out."""
    inside = PairCounts()
    for document in _lines(data / f"extraction_redocred/{part}.jsonl.gz"):
        mentions, numbers = _mentions(document)
        gold = {entity: min(group) for group in document["coref"] for entity in group}
        of = {
            index: number for number, entity in enumerate(resolve(Document(text=document["text"]), mentions)) for index in entity.mentions
        }
        names: dict[tuple[str, str], int] = {}  # one mention for each name of a gold cluster
        for entity, index in numbers.items():
            if mentions[index].kind not in ("time", "number"):
                names.setdefault((gold.get(entity, entity), folded_name(mentions[index].text)), index)
        inside += pair_counts((cluster, of[index]) for (cluster, _), index in names.items())
    return {"names_inside_a_document": _scores(inside)}


def bc5cdr(data: Path, part: str) -> dict[str, Any]:
    """Clusters of different abstracts that mean one MeSH concept: gold mentions and types in, the corpus view out."""
    records, concept_of = [], {}
    for document in _lines(data / f"extraction_bc5cdr/{part}.jsonl.gz"):
        mentions, numbers = _mentions(document)
        record = _record(document["id"], Document(text=document["text"]), Extraction(mentions=tuple(mentions)))
        records.append(record)
        concept_at = {index: document["concepts"].get(entity, "") for entity, index in numbers.items()}
        for number, entity in enumerate(record.extraction.entities):
            concepts = Counter(concept_at[index] for index in entity.mentions)
            concept_of[record.source, number] = min(concepts, key=lambda one: (-concepts[one], one))
    view = corpus_view(records)
    items = [
        (entity.folded, concept_of[node], view.of[node]) for node, entity in view.entities.items() if concept_of[node] not in ("", "-1")
    ]
    return {"n_entities": len(items), **_figures(items), **_size(view)}


def gap(file: Path) -> dict[str, Any]:
    """Two persons that one text names: they must not become one. Pronouns are not resolved."""
    apart = n = 0
    for line in _lines(file):
        mentions = [
            Mention(span=Span(one["start"], one["end"]), text=one["text"], kind="person", chunk=0, sentence=0)
            for one in (line["a"], line["b"])
        ]
        n += 1
        apart += len(resolve(Document(text=line["text"]), mentions)) == 2
    return {"persons_kept_apart": round(apart / n, 4), "n": n}


def magellan(file: Path) -> dict[str, Any]:
    """Pairs of records of two lists: joined when the names that they give are one full name of one type."""
    counts = PairCounts()
    for line in _lines(file):
        names = [
            next(iter(record.values())).strip("'` ").replace("|", " ").replace("]", " ").replace("[", " ")
            for record in (line["a"], line["b"])
        ]
        view = corpus_view(marked_record(str(number), f"[{name}|product]") for number, name in enumerate(names) if name)
        joined = len(names) - len(view.things) if len(view.entities) == len(names) else 0
        counts += PairCounts(both=joined * line["match"], predicted=joined, gold=line["match"])
    return _scores(counts)


def largest_thing(file: Path, pages: int) -> dict[str, Any]:
    """The share of all entities that the largest thing holds: where aliases chain, it is large."""

    def records() -> Iterator[Record]:
        for number, page in enumerate(_lines(file)):
            if number == pages:
                return
            document = Document(text=page["text"], title=page["title"], language="en")
            chunk = Chunk(id=str(number), span=Span(0, len(page["text"])), sentences=(Span(0, len(page["text"])),))
            extraction = RuleExtractor().extract(document, [chunk], load_template("general_knowledge"))
            yield _record(f"{number}", document, extraction, chunk)

    held = list(records())
    started = time.process_time()
    view = corpus_view(held)
    seconds = time.process_time() - started
    names = [len({view.entities[node].folded for node in thing.nodes if view.entities[node].is_full}) for thing in view.things]
    most = max(view.things, key=lambda thing: (len(thing.nodes), thing.name))
    return {
        **_size(view),
        "n_pages": len(held),
        "largest": most.name,
        "most_names": max(names),
        "things_of_several_names": sum(n > 1 for n in names),
        "view_seconds": round(seconds, 1),  # of CPU: other work on the machine plays no part
    }


def _record(path: str, document: Document, extraction: Extraction, chunk: Chunk | None = None) -> Record:
    return Record(
        source=SourceName(".", path),
        content=path,
        document=document,
        chunks=(chunk,) if chunk else (),
        vectors=(),
        vector_keys=(),
        extraction=resolve_extraction(document, extraction),
    )


def _mentions(document: Mapping[str, Any]) -> tuple[list[Mention], dict[str, int]]:
    """Gold mentions by place, and the index of each gold mention's id."""
    ordered = sorted(document["entities"], key=lambda one: (one["start"], one["end"], one["id"]))
    mentions = [
        Mention(
            span=Span(one["start"], one["end"]), text=one["text"], kind=KINDS.get(one["type"], one["type"].lower()), chunk=0, sentence=0
        )
        for one in ordered
    ]
    return mentions, {one["id"]: index for index, one in enumerate(ordered)}


def _figures(items: list[tuple[str, str, int]]) -> dict[str, Any]:
    apart, n_homonyms = homonyms_apart(items)
    return {
        **_scores(pair_counts((gold, predicted) for _, gold, predicted in items)),
        "homonym_accuracy": round(apart / n_homonyms, 4) if n_homonyms else None,
        "n_homonym_pairs": n_homonyms,
    }


def _scores(counts: PairCounts) -> dict[str, Any]:
    return {
        "precision": round(counts.precision, 4),
        "recall": round(counts.recall, 4),
        "f1": round(counts.f1, 4),
        "n_gold_pairs": counts.gold,
        "n_joined_pairs": counts.predicted,
    }


def _size(view: CorpusView) -> dict[str, Any]:
    largest = max((len(thing.nodes) for thing in view.things), default=0)
    return {"n_things": len(view.things), "largest_share": round(largest / max(1, len(view.entities)), 4)}


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


if __name__ == "__main__":
    main()
