"""A retrieval run asks every judged question of every system, and its base can be kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tadarag.errors import UsageError
from tadarag.evaluation.baselines import BASELINES
from tadarag.evaluation.beir import Dataset, Passages, Question
from tadarag.evaluation.ranked_questions import DEFAULT_SYSTEMS
from tadarag.evaluation.retrieval_run import run_retrieval
from tadarag.testing.hashing_encoder import HashingEncoder

LONG = " ".join(f"The keeper of lighthouse {n} wrote a report about the sea on day {n}." for n in range(60))
DATASET = Dataset(
    name="small",
    passages=Passages(
        ids=("long", "ferry", "港"),
        titles=("Keepers", "Ferry", "珍珠港"),
        texts=(LONG, "The ferry crosses the strait twice a day.", "珍珠港位于群岛南部。渡轮每天开两次。"),
    ),
    questions=(
        Question(id="q1", text="How often does the ferry cross?", metadata={}),
        Question(id="q2", text="珍珠港在哪里？", metadata={}),
        Question(id="q3", text="Which keeper wrote a report?", metadata={}),
        Question(id="q4", text="Nobody labelled this one", metadata={}),
    ),
    qrels={"q1": frozenset({"ferry"}), "q2": frozenset({"港"}), "q3": frozenset({"long"})},
    digest="made here",
)


@pytest.fixture(scope="module")
def small_run():
    return run_retrieval(DATASET, encoder=HashingEncoder(128))


def test_every_system_has_a_record_for_every_judged_question(small_run):
    assert tuple(small_run.systems) == DEFAULT_SYSTEMS
    for system in small_run.systems.values():
        assert [record.question for record in system.records] == ["q1", "q2", "q3"]
    assert (small_run.n_queries, small_run.n_unjudged, small_run.n_passages) == (3, 1, 3)


def test_english_and_chinese_questions_find_their_passage_first(small_run):
    for system in ("tadarag", "bm25", "rrf"):
        assert [record.ranking[0] for record in small_run.systems[system].records] == ["ferry", "港", "long"]


def test_a_passage_that_was_cut_into_chunks_is_ranked_once(small_run):
    for system in small_run.systems.values():
        for record in system.records:
            assert len(set(record.ranking)) == len(record.ranking)
            assert set(record.ranking) <= set(DATASET.passages.ids)


def test_costs_are_measured_for_every_system(small_run):
    for name, system in small_run.systems.items():
        assert 0 < system.costs["query_ms_p50"] <= system.costs["query_ms_p95"], name
        assert system.costs["index_seconds"] > 0
    ours = small_run.systems["tadarag"].costs
    assert ours["passages_per_second"] > 0
    assert ours["peak_memory_mib"] > 10
    assert ours["ingest_to_encoder"] == pytest.approx(ours["passages_per_second"] / ours["encoder_passages_per_second"])


def test_a_kept_base_is_only_queried_the_second_time(tmp_path):
    first = run_retrieval(DATASET, encoder=HashingEncoder(128), systems=("tadarag",), base_folder=tmp_path)
    second = run_retrieval(DATASET, encoder=HashingEncoder(128), systems=("tadarag",), base_folder=tmp_path)
    assert (first.index_reused, second.index_reused) == (False, True)
    assert second.systems["tadarag"].costs["index_seconds"] == first.systems["tadarag"].costs["index_seconds"]
    assert second.systems["tadarag"].records == first.systems["tadarag"].records


def test_a_kept_base_of_another_corpus_is_refused(tmp_path):
    run_retrieval(DATASET, encoder=HashingEncoder(128), systems=("tadarag",), base_folder=tmp_path)
    untitled = replace(DATASET, passages=replace(DATASET.passages, titles=("", "", "")))
    with pytest.raises(UsageError, match="something else"):
        run_retrieval(untitled, encoder=HashingEncoder(128), systems=("tadarag",), base_folder=tmp_path)


@pytest.mark.parametrize("systems", [("tadarag", "bm26"), (), ("bm25", "bm25")])
def test_unknown_repeated_or_no_systems_are_refused_with_the_known_names(systems):
    with pytest.raises(UsageError) as error:
        run_retrieval(DATASET, encoder=HashingEncoder(128), systems=systems)
    assert all(name in error.value.do for name in ("tadarag", *BASELINES))


def test_a_data_set_without_labels_is_refused():
    with pytest.raises(UsageError, match="gold"):
        run_retrieval(replace(DATASET, qrels={}), encoder=HashingEncoder(128))
