"""The baselines are what they are called, checked against slow oracles and small worlds."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.analysis import terms
from tadarag.evaluation.baselines import BASELINES
from tadarag.evaluation.baselines.bm25 import K1, B, Bm25
from tadarag.evaluation.baselines.dense import Dense
from tadarag.evaluation.baselines.fusion import RRF_K, ranked, reciprocal_rank_fusion, rescaled
from tadarag.evaluation.baselines.pagerank import PageRank, TitleMatcher
from tadarag.evaluation.baselines.rankings import BaselineIndex
from tadarag.evaluation.beir import Passages
from tadarag.values import Vectors

WORDS = st.lists(st.sampled_from(["harbour", "ferry", "turbine", "bank", "port", "珍珠港", "fever"]), min_size=1, max_size=8).map(" ".join)


def bm25_by_hand(texts: list[str], question: str) -> list[float]:
    passages = [Counter(terms(text)) for text in texts]
    mean_length = sum(sum(passage.values()) for passage in passages) / len(passages)
    scores = []
    for passage in passages:
        score = 0.0
        for term in terms(question):
            n_holding = sum(term in other for other in passages)
            idf = math.log(1 + (len(passages) - n_holding + 0.5) / (n_holding + 0.5))
            norm = K1 * (1 - B + B * sum(passage.values()) / mean_length)
            score += idf * passage[term] / (passage[term] + norm)
        scores.append(score)
    return scores


@given(st.lists(WORDS, min_size=1, max_size=6), WORDS)
def test_bm25_is_the_formula_it_claims(texts, question):
    assert Bm25(texts).scores(question) == pytest.approx(bm25_by_hand(texts, question), abs=1e-5)


def test_bm25_scores_nothing_for_unknown_terms_and_for_an_empty_question():
    assert Bm25(["harbour", "ferry"]).scores("zebra of the").tolist() == [0, 0]
    assert Bm25(["the", "of"]).scores("harbour").tolist() == [0, 0]


def vectors(*rows: list[float]) -> Vectors:
    matrix = np.asarray(rows, dtype=np.int8)
    return Vectors(vector=matrix[0], scale=0.01, sentences=matrix, sentence_scales=np.full(len(matrix), 0.02, dtype=np.float32))


def test_dense_counts_the_best_chunk_and_the_best_sentence_of_a_passage():
    dense = Dense([(vectors([100, 0]), vectors([0, 100])), (vectors([60, 80], [0, 90]),)])
    query = np.asarray([0, 1], dtype=np.float32)
    assert dense.passage_scores(query) == pytest.approx([1.0, 0.8])
    assert dense.sentence_scores(query) == pytest.approx([2.0, 1.8])


def test_dense_puts_a_passage_without_chunks_last():
    assert Dense([(), (vectors([-50, 0]),)]).passage_scores(np.asarray([1, 0], dtype=np.float32))[0] == -1


def test_reciprocal_ranks_add_up():
    fused = reciprocal_rank_fusion([np.asarray([2, 0]), np.asarray([0, 1, 2])], 3)
    assert fused == pytest.approx([1 / (RRF_K + 2) + 1 / (RRF_K + 1), 1 / (RRF_K + 2), 1 / (RRF_K + 1) + 1 / (RRF_K + 3)])


def test_equal_scores_keep_the_order_of_the_corpus_and_non_matches_are_left_out():
    scores = np.asarray([0, 2, 2, 0, 3], dtype=np.float32)
    assert ranked(scores).tolist() == [4, 1, 2, 0, 3]
    assert ranked(scores, matches=scores > 0).tolist() == [4, 1, 2]


def test_rescaling_maps_the_hundredth_best_to_zero_and_the_best_to_one():
    scores = rescaled(np.arange(250, dtype=np.float32))
    assert (scores[249], scores[150], scores[0]) == (1, 0, 0)
    assert rescaled(np.asarray([1, 3], dtype=np.float32)).tolist() == [0, 1]
    assert rescaled(np.full(5, 7, dtype=np.float32)).tolist() == [0] * 5


TITLES = ["Velmouth Ferry", "Ostrevir", "Lighthouses", "Ana Terrow"]
TEXTS = [
    "The line was founded by Ana Terrow.",
    "Ostrevir is a medicine against fever.",
    "A lighthouse stands on many coasts.",
    "She was born in Brill and liked the sea.",
]


def test_the_walk_reaches_a_passage_that_shares_no_word_with_the_question():
    walk = PageRank(TITLES, TEXTS)
    direct = np.asarray([1, 0, 0, 0], dtype=np.float32)
    scores = walk.scores("Where was the founder of the Velmouth Ferry born?", direct)
    assert np.argsort(-scores)[:2].tolist() == [0, 3]
    assert scores[1] == scores[2] == 0


def test_the_walk_without_links_returns_to_its_seeds():
    scores = PageRank(["", ""], ["one sea", "two seas"]).scores("which sea?", np.asarray([0.0, 1.0], dtype=np.float32))
    assert scores[0] == 0
    assert scores[1] > 0


def test_the_longest_title_at_a_place_wins():
    assert TitleMatcher(["Velmouth", "Velmouth Ferry"]).found_in("The Velmouth Ferry of Velmouth") == ["velmouth ferry", "velmouth"]


def test_titles_count_as_whole_words_with_a_capital():
    assert TitleMatcher(["Lighthouses", "Sea", "A"]).found_in("lighthouses by the Sea and A Sealion") == ["sea"]


def test_chinese_titles_are_found_without_spaces():
    assert TitleMatcher(["珍珠港", "海"]).found_in("谁袭击了珍珠港？海") == ["珍 珠 港"]


def test_every_baseline_ranks_the_passage_that_all_evidence_points_at_first():
    passages = Passages(
        ids=("a", "b", "c"), titles=("Ferry", "Bank", "Fever"), texts=("The ferry sails.", "A bank lends.", "A fever ends.")
    )
    index = BaselineIndex(passages, [(vectors([100, 0]),), (vectors([0, 100]),), (vectors([0, -100]),)])
    encoding = 1e6  # seconds: more than anything else takes
    rankings = index.rank("Which bank lends?", np.asarray([0, 1], dtype=np.float32), encoding)
    assert tuple(rankings) == BASELINES
    assert {name: ranking.ids[0] for name, ranking in rankings.items()} == dict.fromkeys(BASELINES, "b")
    assert rankings["bm25"].ids == ("b",)
    assert rankings["bm25"].seconds < encoding <= rankings["dense"].seconds <= min(rankings["rrf"].seconds, rankings["rrf+ppr"].seconds)
