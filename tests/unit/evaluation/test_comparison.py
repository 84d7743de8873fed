"""The JSON form of retrieval runs: the published keys, differences over the same questions, pools by question."""

from __future__ import annotations

import json

import pytest

from tadarag.evaluation.comparison import describe_pool, describe_run
from tadarag.evaluation.records import RetrievalRecord
from tadarag.evaluation.retrieval_run import RetrievalRun, SystemRun


def system(*rankings: str, costs=None) -> SystemRun:
    records = tuple(
        RetrievalRecord(question=str(n), gold=frozenset("ab"), ranking=tuple(ranking), type="bridge" if n else "list")
        for n, ranking in enumerate(rankings)
    )
    return SystemRun(records=records, costs=costs or {"query_ms_p50": 2.0, "index_seconds": 1.0})


def run(name: str = "one", **systems: SystemRun) -> RetrievalRun:
    return RetrievalRun(dataset=name, digest="d", titles=True, n_passages=9, n_unjudged=1, systems=systems, index_reused=False)


def test_the_json_has_the_promised_shape():
    described = describe_run(run(tadarag=system("abc", "cab"), bm25=system("cde", "cba")))
    assert (described["corpus"], described["n_queries"], described["n_passages"]) == ("one", 2, 9)
    ours = described["systems"]["tadarag"]
    assert ours["recall@5"] == 1.0
    assert ours["recall@2"] == 0.75
    assert ours["recall@2_interval"][0] <= 0.75 <= ours["recall@2_interval"][1]
    assert ours["query_ms_p50"] == 2.0
    assert json.loads(json.dumps(described)) == described


def test_differences_are_ours_minus_theirs():
    described = describe_run(run(tadarag=system("abc", "cab"), bm25=system("cde", "cba")))
    assert described["tadarag_minus"]["bm25"]["recall@5"] == 0.5
    assert set(described["tadarag_minus"]) == {"bm25"}


def test_means_are_given_by_question_type():
    described = describe_run(run(tadarag=system("cde", "abc", "acd")))
    by_type = described["systems"]["tadarag"]["by_type"]
    assert by_type["list"] == {"n_queries": 1, **{name: 0 for name in by_type["list"] if name != "n_queries"}}
    assert by_type["bridge"]["recall@2"] == 0.75


def test_a_pool_counts_every_question_once():
    pool = describe_pool(
        [run(tadarag=system("abc"), rrf=system("abc")), run("two", tadarag=system("cde", "cde", "cde"), rrf=system("abc", "a", "b"))]
    )
    assert pool["n_queries"] == 4
    assert pool["systems"]["tadarag"]["recall@5"] == 0.25
    assert pool["tadarag_minus"]["rrf"]["recall@5"] == pytest.approx(-0.5)


def test_a_pool_names_the_best_of_the_flat_baselines():
    pool = describe_pool([run(tadarag=system("abc"), bm25=system("cde"), dense=system("acd"), rrf=system("cda"))])
    assert pool["best_of_bm25_dense_rrf"] in {"dense", "rrf"}
    assert pool["systems"][pool["best_of_bm25_dense_rrf"]]["recall@5"] == 0.5
