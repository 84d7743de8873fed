"""Baselines that are built one by one: each finds what it should on small corpora, in English and Chinese."""

from __future__ import annotations

import numpy as np
import pytest

from tadarag.errors import UsageError
from tadarag.evaluation.baselines import OTHERS
from tadarag.evaluation.baselines.corpus import Corpus, unit
from tadarag.evaluation.baselines.others import make_ranker
from tadarag.evaluation.baselines.raptor import spherical_clusters
from tadarag.evaluation.beir import Dataset, Passages, Question
from tadarag.evaluation.ranked_questions import ALL_SYSTEMS, check_systems
from tadarag.evaluation.retrieval_run import indexed_bench, run_retrieval
from tadarag.testing.hashing_encoder import HashingEncoder

LIBRARIES = {"rank-bm25": "rank_bm25", "llama-index": "llama_index.core", "llama-index-hybrid": "llama_index.retrievers.bm25"}
TEXTS = {
    "ferry": ("Dusk", "The ferry Dusk crosses the strait twice a day."),
    "yard": ("Ostrevir Yard", "The Ostrevir Yard built ships in the north. It belongs to Ilse Marren."),
    "marren": ("Ilse Marren", "Ilse Marren was born in Velmouth."),
    "港": ("珍珠港", "珍珠港位于群岛南部。渡轮每天开两次。"),
    **{f"x{n}": (f"Weather {n}", f"Rain fell on day {n} and the wind turned north.") for n in range(30)},
}
TRIPLES = {
    "ferry": (("Dusk", "built by", "Ostrevir Yard"),),
    "yard": (("Ostrevir Yard", "belongs to", "Ilse Marren"),),
    "marren": (("Ilse Marren", "born in", "Velmouth"),),
}
DATASET = Dataset(
    name="small",
    passages=Passages(
        ids=tuple(TEXTS), titles=tuple(title for title, _ in TEXTS.values()), texts=tuple(text for _, text in TEXTS.values())
    ),
    questions=(
        Question(id="en", text="How often does the ferry Dusk cross the strait?", metadata={}),
        Question(id="zh", text="珍珠港位于哪里？", metadata={}),
    ),
    qrels={"en": frozenset({"ferry"}), "zh": frozenset({"港"})},
    digest="made here",
)


@pytest.fixture(scope="module")
def corpus():
    encoder = HashingEncoder(128)
    with indexed_bench(DATASET, DATASET.questions, encoder=encoder, base_folder=None, progress=lambda *_: None) as bench:
        records = {record.source.path: record for record in bench.base.records()}
    return Corpus(passages=DATASET.passages, records=[records[name] for name in TEXTS], encoder=encoder, triples=TRIPLES)


def ranked(corpus: Corpus, name: str, question: str) -> list[str]:
    pytest.importorskip(LIBRARIES.get(name, "scipy"))
    query = np.asarray(corpus.encoder.read(question, kind="query").vector, dtype=np.float32)
    return list(make_ranker(name, corpus).rank(question, query))


@pytest.mark.parametrize("name", ["rank-bm25", "raptor", "llama-index", "llama-index-hybrid"])
def test_the_passage_that_shares_the_most_words_comes_first(corpus, name):
    assert [ranked(corpus, name, question.text)[0] for question in DATASET.questions] == ["ferry", "港"]


@pytest.mark.parametrize("name", OTHERS)
def test_no_passage_is_ranked_twice(corpus, name):
    found = ranked(corpus, name, DATASET.questions[0].text)
    assert len(set(found)) == len(found)
    assert set(found) <= set(TEXTS)


def test_hipporag_reaches_what_only_triples_lead_to(corpus):
    found = ranked(corpus, "hipporag", "Who owns the yard behind the Dusk?")
    assert set(found[:3]) == {"ferry", "yard", "marren"}
    assert found.index("ferry") < found.index("marren")


def test_hipporag_falls_back_to_vectors_for_a_question_without_a_known_name(corpus):
    assert ranked(corpus, "hipporag", "on which day did rain fall and the wind turn north")[0].startswith("x")


def test_hipporag_without_triples_says_so(corpus):
    with pytest.raises(UsageError, match="triples"):
        make_ranker("hipporag", Corpus(passages=corpus.passages, records=corpus.records, encoder=corpus.encoder, triples={}))


def test_clusters_hold_every_row_once_and_near_rows_together():
    rows = unit(np.asarray([[1, 0.1 * n, 0] for n in range(5)] + [[0, 0.1 * n, 1] for n in range(5)], np.float32))
    clusters = spherical_clusters(rows, 2)
    assert sorted(map(tuple, clusters)) == [(0, 1, 2, 3, 4), (5, 6, 7, 8, 9)]


def test_a_run_takes_them_beside_the_others():
    pytest.importorskip("rank_bm25")
    run = run_retrieval(DATASET, encoder=HashingEncoder(128), systems=("tadarag", "rank-bm25", "raptor"))
    assert tuple(run.systems) == ("tadarag", "rank-bm25", "raptor")
    for system in run.systems.values():
        assert system.records[0].ranking[0] == "ferry"
        assert 0 < system.costs["context_tokens"] <= 1_200


def test_unknown_systems_are_refused_with_all_names():
    with pytest.raises(UsageError) as error:
        check_systems(("tadarag", "lightrag"))
    assert all(name in error.value.do for name in ALL_SYSTEMS)
