"""What the links of a graph are worth: one corpus and its vectors, the links of several extractors."""

import json
from pathlib import Path

import pytest

from tadarag.errors import UsageError
from tadarag.evaluation.beir import Dataset, Passages
from tadarag.evaluation.graph_worth import WITHOUT_LINKS, describe_graph_worth, run_graph_worth
from tadarag.evaluation.triples import load_triples
from tadarag.extraction.rules import RuleExtractor
from tadarag.templates.library import load_template
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.values import Chunk, Document, Span

TEXT = "The Bravix is a machine that comes from Corwick. Nothing else is known."
PASSAGES = Passages(ids=("p",), titles=("Bravix",), texts=(TEXT,))
SENTENCES = (Span(0, 48), Span(49, len(TEXT)))
GENERAL = load_template("general_knowledge")


def a_file(folder: Path, **row: object) -> Path:
    file = folder / "openie.jsonl"
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return file


def test_links_by_names_lift_recall_over_the_first_stage_on_a_corpus_that_needs_them(world: Dataset) -> None:
    records = run_graph_worth(world, {"rules": RuleExtractor()}, HashingEncoder(128))
    report = describe_graph_worth(world, records, "rules")
    assert list(report["systems"]) == [WITHOUT_LINKS, "rules"]
    assert report["minus"][WITHOUT_LINKS]["recall@5"] > 0.2


def test_a_kept_base_gives_the_same_records_again(world: Dataset, tmp_path: Path) -> None:
    first = run_graph_worth(world, {"rules": RuleExtractor()}, HashingEncoder(128), base_folder=tmp_path)
    assert run_graph_worth(world, {"rules": RuleExtractor()}, HashingEncoder(128), base_folder=tmp_path) == first


def test_triples_become_mentions_where_they_stand_and_relations_with_their_sentence(tmp_path: Path) -> None:
    file = a_file(
        tmp_path,
        _id="p",
        entities=["Bravix"],
        triples=[["bravix", "comes from", "Corwick"], ["Bravix", "is", "a lamp"], ["Bravix", "Corwick"]],
    )
    chunk = Chunk(id="c", span=Span(0, len(TEXT)), sentences=SENTENCES)
    found = load_triples(file, PASSAGES).extract(Document(text=TEXT, title="Bravix"), (chunk,), GENERAL)
    assert [mention.text for mention in found.mentions] == ["Bravix", "Corwick"]
    assert [(found.entities[one.head].name, one.predicate, found.entities[one.tail].name) for one in found.relations] == [
        ("Bravix", "comes from", "Corwick")
    ]
    assert found.relations[0].evidence == SENTENCES[0]


def test_a_name_inside_another_word_is_no_mention(tmp_path: Path) -> None:
    chunk = Chunk(id="c", span=Span(0, len(TEXT)), sentences=SENTENCES)
    extractor = load_triples(a_file(tmp_path, _id="p", entities=["wick", "Bra"], triples=[]), PASSAGES)
    assert not extractor.extract(Document(text=TEXT, title="Bravix"), (chunk,), GENERAL).mentions


def test_triples_of_an_unknown_passage_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the corpus lacks"):
        load_triples(a_file(tmp_path, _id="q", entities=[], triples=[]), PASSAGES)
