import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.analysis import terms
from tadarag.retrieval.lexical import PASSAGES, SENTENCES, LexicalScorer, term_weights
from tadarag.store.protocol import Change
from tadarag.testing.memory_store import MemoryStore
from tadarag.testing.records import SETTINGS, make_record
from tadarag.values import SourceName

WORDS = ("harbour", "ferry", "river", "quay", "storm", "奎伦湾", "master")
texts = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join), min_size=1, max_size=7)
queries = st.lists(st.sampled_from((*WORDS, "unknown")), min_size=1, max_size=5).map(" ".join)


def oracle(query, documents, saturation):
    """BM25 as the paper writes it, with Lucene's idf."""
    counted = [Counter(terms(text)) for text in documents]
    lengths = [sum(counts.values()) for counts in counted]
    mean = sum(lengths) / len(lengths)
    scores = []
    for counts, length in zip(counted, lengths, strict=True):
        score = 0.0
        for term in terms(query):
            n = sum(term in other for other in counted)
            tf = counts[term]
            idf = math.log(1 + (len(counted) - n + 0.5) / (n + 0.5))
            score += idf * tf * (saturation.k1 + 1) / (tf + saturation.k1 * (1 - saturation.b + saturation.b * length / mean)) if tf else 0
        scores.append(score)
    return scores


def snapshot_of(documents):
    store = MemoryStore(SETTINGS)
    store.apply(Change(put=tuple(make_record(f"{number:03}", text) for number, text in enumerate(documents))))
    store.catch_up()
    return store.snapshot()


@given(documents=texts, query=queries)
def test_passage_scores_are_those_of_a_plain_bm25(documents, query):
    scorer = LexicalScorer(snapshot_of(documents), "passage")
    assert scorer.scores(term_weights(terms(query))).tolist() == pytest.approx(oracle(query, documents, PASSAGES))


@given(documents=texts, query=queries)
def test_sentence_scores_are_those_of_a_plain_bm25_over_sentences(documents, query):
    scorer = LexicalScorer(snapshot_of(["\n".join(documents)]), "sentence")
    assert scorer.scores(term_weights(terms(query))).tolist() == pytest.approx(oracle(query, documents, SENTENCES))


@given(documents=texts, query=queries)
def test_the_order_of_the_query_terms_changes_no_bit(documents, query):
    snapshot = snapshot_of(documents)
    words = terms(query)
    forward = LexicalScorer(snapshot, "passage").scores(term_weights(words))
    backward = LexicalScorer(snapshot, "passage").scores(term_weights(words[::-1]))
    assert np.array_equal(forward, backward)


def test_a_base_without_live_passages_scores_nothing():
    store = MemoryStore(SETTINGS)
    store.apply(Change(put=(make_record("a", "harbour"),)))
    store.apply(Change(removed=(SourceName(".", "a"),)))
    store.catch_up()
    assert LexicalScorer(store.snapshot(), "passage").scores(term_weights(["harbour"])).tolist() == []
