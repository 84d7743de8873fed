"""Controls against cheating: what an honest system must lose, and what must not change."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

import tadarag
from tadarag.evaluation.beir import Question
from tadarag.evaluation.controls import chance_of_recall, reordered, with_permuted_titles, with_shuffled_gold
from tadarag.evaluation.measures import RETRIEVAL_MEASURES

SYSTEMS = ("tadarag", "tadarag-f", "bm25", "rrf", "ppr")


def mean(run, system: str, measure: str = "recall@5") -> float:
    values = [RETRIEVAL_MEASURES[measure](record) for record in run.systems[system].records]
    return sum(values) / len(values)


def linked_pages(world):
    """The same questions with the maker's page as the only gold: it shares no word with them, so only a link leads there."""
    qrels = {question: frozenset(passage for passage in gold if passage.startswith("m")) for question, gold in world.qrels.items()}
    return replace(world, name="linked pages", qrels=qrels)


def test_in_an_honest_world_links_reach_what_no_list_contains(world, run):
    honest = run(linked_pages(world), *SYSTEMS)
    assert mean(honest, "tadarag", "recall@10") >= 0.9
    for flat in ("tadarag-f", "bm25", "rrf"):
        assert mean(honest, flat, "recall@10") <= 3 * chance_of_recall(10, len(world.passages))


def test_with_shuffled_gold_every_system_falls_to_chance(world, run):
    shuffled = run(with_shuffled_gold(world), *SYSTEMS)
    for system in SYSTEMS:
        assert mean(shuffled, system, "recall@20") <= 3 * chance_of_recall(20, len(world.passages))
        assert mean(shuffled, system) <= 0.1


def test_with_permuted_titles_the_gain_of_links_vanishes(world, run):
    permuted = run(with_permuted_titles(linked_pages(world)), *SYSTEMS)
    assert mean(permuted, "tadarag", "recall@10") <= 3 * chance_of_recall(10, len(world.passages))


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_order_of_the_corpus_does_not_matter(world, run, system):
    turned = reordered(world, seed=7)
    assert turned.passages.ids != world.passages.ids
    for measure in RETRIEVAL_MEASURES:
        assert mean(run(world, *SYSTEMS), system, measure) == pytest.approx(mean(run(turned, *SYSTEMS), system, measure))


def test_our_rankings_are_the_same_in_any_corpus_order(world, run):
    one, other = run(world, *SYSTEMS), run(reordered(world, seed=7), *SYSTEMS)
    assert [record.ranking for record in one.systems["tadarag"].records] == [record.ranking for record in other.systems["tadarag"].records]


def test_shuffled_gold_moves_every_label_and_keeps_their_number(world):
    shuffled = with_shuffled_gold(world)
    for question, gold in world.qrels.items():
        assert len(shuffled.qrels[question]) == len(gold)
        assert shuffled.qrels[question] <= set(world.passages.ids)
    assert all(shuffled.qrels[question] != gold for question, gold in world.qrels.items())


def test_permuted_titles_are_the_same_titles_elsewhere(world):
    permuted = with_permuted_titles(world).passages
    assert sorted(permuted.titles) == sorted(world.passages.titles)
    assert permuted.texts == world.passages.texts
    assert all(one != other for one, other in zip(permuted.titles, world.passages.titles, strict=True))


class Sealed(Mapping[str, object]):
    """Metadata that only a report may open: everything but the type raises."""

    def __getitem__(self, key: str) -> object:
        raise AssertionError(f"the metadata field {key!r} was read during retrieval")

    def get(self, key: str, default: object = None) -> object:
        return "bridge" if key == "type" else self[key]

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("metadata were listed during retrieval")

    def __len__(self) -> int:
        return 1


def test_no_metadata_field_is_read_while_retrieving(world, run):
    questions = tuple(Question(id=question.id, text=question.text, metadata=Sealed()) for question in world.questions[:3])
    sealed = run(replace(world, name="sealed", questions=questions), *SYSTEMS)
    assert [record.ranking for record in sealed.systems["tadarag"].records] == [
        record.ranking for record in run(world, *SYSTEMS).systems["tadarag"].records[:3]
    ]


def test_what_retrieves_and_answers_never_imports_the_evaluation():
    package = Path(tadarag.__file__).parent
    files = [package / "knowledge_base.py"]
    for room in ("retrieval", "generation", "routing", "store", "models", "documents", "extraction", "graph"):
        files += sorted((package / room).rglob("*.py"))
    imported = {name for file in files for name in imports(file)}
    assert "tadarag.values" in imported
    assert not [name for name in imported if name.startswith("tadarag.evaluation")]


def test_retrieval_names_no_field_of_the_gold_labels():
    package = Path(tadarag.__file__).parent
    words = {
        node.value
        for file in sorted((package / "retrieval").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not words & {"metadata", "answers", "evidence", "decomposition", "supporting", "qrels"}


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
