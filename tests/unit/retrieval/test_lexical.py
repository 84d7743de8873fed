import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.analysis import is_mostly_cjk, terms
from tadarag.retrieval.lexical import PASSAGES, SENTENCES, LexicalScorer, term_weights
from tadarag.store.protocol import Change
from tadarag.testing.memory_store import MemoryStore
from tadarag.testing.records import SETTINGS, make_record
from tadarag.values import SourceName

WORDS = ("harbour", "ferry", "river", "quay", "storm", "奎伦湾", "master")
texts = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join), min_size=1, max_size=7)
queries = st.lists(st.sampled_from((*WORDS, "unknown")), min_size=1, max_size=5).map(" ".join)


def oracle(query, documents, saturation, entries=None):
    """BM25 as the paper writes it, with Lucene's idf, and the number and mean length of what is written in a script like the query's.

    entries: of each document's sentences, where these are scored.
    """
    counted = [Counter(terms(text)) for text in documents]
    lengths = [sum(counts.values()) for counts in counted]
    alike = [is_mostly_cjk(terms(text)) == is_mostly_cjk(terms(query)) for text in entries or documents]
    alike = alike if any(alike) else [True] * len(alike)
    mean = sum(length for length, is_alike in zip(lengths, alike, strict=True) if is_alike) / sum(alike)
    scores = []
    for counts, length in zip(counted, lengths, strict=True):
        score = 0.0
        for term in terms(query):
            n = sum(term in other for other, is_alike in zip(counted, alike, strict=True) if is_alike)
            tf = counts[term]
            idf = math.log(1 + (sum(alike) - n + 0.5) / (n + 0.5))
            score += idf * tf * (saturation.k1 + 1) / (tf + saturation.k1 * (1 - saturation.b + saturation.b * length / mean)) if tf else 0
        scores.append(score)
    return scores


def snapshot_of(documents):
    store = MemoryStore(SETTINGS)
    store.apply(Change(put=tuple(make_record(f"{number:03}", text) for number, text in enumerate(documents))))
    store.catch_up()
    return store.snapshot()


def scorer_for(query, snapshot, field):
    return LexicalScorer(snapshot, field, in_cjk=is_mostly_cjk(terms(query)))


@given(documents=texts, query=queries)
def test_passage_scores_are_those_of_a_plain_bm25(documents, query):
    scorer = scorer_for(query, snapshot_of(documents), "passage")
    assert scorer.scores(term_weights(terms(query))).tolist() == pytest.approx(oracle(query, documents, PASSAGES))


@given(documents=texts, query=queries)
def test_sentence_scores_are_those_of_a_plain_bm25_over_sentences(documents, query):
    text = "\n".join(documents)
    scorer = scorer_for(query, snapshot_of([text]), "sentence")
    expected = oracle(query, documents, SENTENCES, entries=[text] * len(documents))
    assert scorer.scores(term_weights(terms(query))).tolist() == pytest.approx(expected)


@given(documents=texts, query=queries)
def test_the_order_of_the_query_terms_changes_no_bit(documents, query):
    snapshot = snapshot_of(documents)
    words = terms(query)
    forward = scorer_for(query, snapshot, "passage").scores(term_weights(words))
    backward = scorer_for(query, snapshot, "passage").scores(term_weights(words[::-1]))
    assert np.array_equal(forward, backward)


def test_a_base_without_live_passages_scores_nothing():
    store = MemoryStore(SETTINGS)
    store.apply(Change(put=(make_record("a", "harbour"),)))
    store.apply(Change(removed=(SourceName(".", "a"),)))
    store.catch_up()
    assert scorer_for("harbour", store.snapshot(), "passage").scores(term_weights(["harbour"])).tolist() == []


ENGLISH = ("harbour ferry at the quay", "the ferry left the river in a storm", "a quay by the river")
CHINESE = ("奎伦湾的渡轮停在码头旁边", "风暴中渡轮（ferry）离开了奎伦湾", "河边的码头很长，渡轮每天从这里开往奎伦湾的另一边")


@pytest.mark.parametrize(("own", "foreign", "query"), [(ENGLISH, CHINESE, "ferry at the quay"), (CHINESE, ENGLISH, "奎伦湾的渡轮 ferry")])
def test_documents_in_another_script_change_no_bit_of_a_score(own, foreign, query):
    weights = term_weights(terms(query))
    alone = scorer_for(query, snapshot_of(own), "passage").scores(weights)
    among = scorer_for(query, snapshot_of([*own, *foreign]), "passage").scores(weights)
    assert alone.any()
    assert np.array_equal(among[: len(own)], alone)


def test_a_question_in_a_script_that_no_document_is_written_in_is_scored_among_all():
    mixed = [f"{text} Kelton 2031" for text in CHINESE] + ["奎伦湾 Kelton"]
    scores = scorer_for("Kelton 2031", snapshot_of(mixed), "passage").scores(term_weights(terms("Kelton 2031")))
    assert min(scores[:3]) > scores[3] > 0


def test_a_word_that_stands_in_more_passages_than_are_written_in_its_script_still_counts():
    documents = ["Kelton sails", *(f"{text} Kelton" for text in CHINESE)]
    scores = scorer_for("Kelton", snapshot_of(documents), "passage").scores(term_weights(terms("Kelton")))
    assert scores.min() > 0
