"""What each measure says of one record."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.evaluation.measures import ANSWER_MEASURES, LONG_ANSWER_MEASURES, RETRIEVAL_MEASURES
from tadarag.evaluation.measures.abstention import near_miss_refusal, right_refusal, wrong_refusal
from tadarag.evaluation.measures.all_gold_at_k import all_gold_at_k
from tadarag.evaluation.measures.answer_tokens import answer_tokens
from tadarag.evaluation.measures.average_precision import average_precision
from tadarag.evaluation.measures.bleu import bleu, sentence_bleu
from tadarag.evaluation.measures.citation_precision import citation_existence, citation_precision
from tadarag.evaluation.measures.citation_recall import citation_recall
from tadarag.evaluation.measures.exact_match import exact_match
from tadarag.evaluation.measures.hits_at_k import hits_at_k
from tadarag.evaluation.measures.item_recall import item_recall
from tadarag.evaluation.measures.meteor import meteor, meteor_score
from tadarag.evaluation.measures.mrr import reciprocal_rank
from tadarag.evaluation.measures.ndcg import ndcg
from tadarag.evaluation.measures.recall_at_k import recall_at_k
from tadarag.evaluation.measures.rouge_l import longest_common, rouge_l, rouge_l_f1
from tadarag.evaluation.measures.span_f1 import span_f1
from tadarag.evaluation.measures.token_f1 import answer_text_f1, short_answer_f1, token_f1
from tadarag.evaluation.records import AnswerRecord, CitedSpan, GoldSpan, RetrievalRecord
from tadarag.values import Span

RECORD = RetrievalRecord(question="q", gold=frozenset({"b", "d"}), ranking=("a", "b", "c", "d"))


def answer(short: str = "", *, found: bool = True, expected=("Paris",), **more) -> AnswerRecord:
    return AnswerRecord(
        question="q", answerable=bool(expected), found=found, short=short, text=more.pop("text", short), expected=expected, **more
    )


def cited(source: str = "a.md", start: int = 0, end: int = 10, *, exists: bool = True) -> CitedSpan:
    return CitedSpan(source=source, span=Span(start, end), exists=exists)


def test_recall_is_the_share_of_gold_passages_among_the_first_k():
    assert [recall_at_k(RECORD, k) for k in (1, 2, 3, 4, 9)] == [0, 0.5, 0.5, 1, 1]


def test_all_gold_needs_every_gold_passage():
    assert [all_gold_at_k(RECORD, k) for k in (2, 3, 4)] == [0, 0, 1]


def test_reciprocal_rank_counts_from_one_and_stops_at_k():
    assert reciprocal_rank(RECORD, 10) == 0.5
    assert reciprocal_rank(RECORD, 1) == 0.0


def test_hits_needs_one_gold_passage_only():
    assert [hits_at_k(RECORD, k) for k in (1, 2, 4)] == [0, 1, 1]


def test_average_precision_is_the_precision_at_each_gold_passage():
    assert average_precision(RECORD, 10) == pytest.approx((1 / 2 + 2 / 4) / 2)
    assert average_precision(RECORD, 3) == pytest.approx((1 / 2) / 2)


def test_average_precision_of_more_gold_than_places_can_be_one():
    assert average_precision(RetrievalRecord(question="q", gold=frozenset("abc"), ranking=("a", "b")), 2) == 1


def test_ndcg_discounts_by_the_logarithm_of_the_place():
    ideal = 1 + 1 / math.log2(3)
    assert ndcg(RECORD, 10) == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal)


@given(st.permutations("abcdefgh"), st.sets(st.sampled_from("abcdefgh"), min_size=1))
def test_every_retrieval_measure_is_a_fraction_and_best_when_gold_comes_first(ranking, gold):
    gold_first = RetrievalRecord(question="q", gold=frozenset(gold), ranking=tuple(sorted(ranking, key=lambda name: name not in gold)))
    record = RetrievalRecord(question="q", gold=frozenset(gold), ranking=tuple(ranking))
    for measure in RETRIEVAL_MEASURES.values():
        assert 0 <= measure(record) <= measure(gold_first) <= 1


def test_a_question_without_gold_and_a_ranking_with_a_repeat_are_no_records():
    with pytest.raises(ValueError, match="no gold"):
        RetrievalRecord(question="q", gold=frozenset(), ranking=("a",))
    with pytest.raises(ValueError, match="twice"):
        RetrievalRecord(question="q", gold=frozenset("a"), ranking=("a", "a"))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The  Eiffel-Tower, a landmark!", ["eiffeltower", "landmark"]),
        ("更轻便、更廉价。", ["更", "轻", "便", "更", "廉", "价"]),
        ("於２０２４年", ["于", "2024", "年"]),
        ("iPhone 15發布", ["iphone", "15", "发", "布"]),
        ("…", []),
    ],
)
def test_answers_are_compared_by_words_in_english_and_by_characters_in_chinese(text, tokens):
    assert answer_tokens(text) == tokens


def test_exact_match_ignores_case_articles_and_punctuation_and_takes_any_alternative():
    assert exact_match(answer("the Paris.", expected=("London", "paris"))) == 1
    assert exact_match(answer("Paris, France")) == 0
    assert exact_match(answer("", found=False)) == 0


def test_an_empty_answer_never_matches():
    assert exact_match(answer("...", expected=("...",))) == 0


def test_token_f1_is_the_harmonic_mean_of_shared_tokens():
    assert token_f1("Paris France", "Paris") == pytest.approx(2 / 3)
    assert token_f1("春季和夏季", "春季") == pytest.approx(2 * (2 / 5) * 1 / (2 / 5 + 1))
    assert token_f1("London", "Paris") == 0
    assert token_f1("very very good", "very good good") == pytest.approx(2 / 3)


def test_short_answer_f1_takes_the_best_alternative_and_a_refusal_scores_zero():
    assert short_answer_f1(answer("Paris France", expected=("Lyon", "Paris"))) == pytest.approx(2 / 3)
    assert short_answer_f1(answer("Paris", found=False)) == 0
    assert answer_text_f1(answer("x", text="Paris")) == 1


@given(st.text(), st.text())
def test_token_f1_is_symmetric_and_a_fraction(one, other):
    assert token_f1(one, other) == pytest.approx(token_f1(other, one))
    assert 0 <= token_f1(one, other) <= 1


def test_citation_precision_wants_an_existing_quote_from_a_gold_source():
    record = answer("Paris", citations=(cited(), cited(exists=False), cited("b.md"), cited()), gold_sources=frozenset({"a.md"}))
    assert citation_precision(record) == 0.5
    assert citation_existence(record) == 0.75


def test_an_answer_without_a_citation_scores_zero_and_a_refusal_is_not_judged():
    assert citation_precision(answer("Paris", gold_sources=frozenset({"a.md"}))) == 0
    assert citation_precision(answer(found=False, gold_sources=frozenset({"a.md"}))) is None


def test_citation_recall_counts_the_gold_sources_that_are_cited_with_an_existing_quote():
    gold = frozenset({"a.md", "b.md"})
    assert citation_recall(answer("Paris", citations=(cited(), cited(), cited("c.md")), gold_sources=gold)) == 0.5
    assert citation_recall(answer("Paris", citations=(cited("b.md", exists=False),), gold_sources=gold)) == 0
    assert citation_recall(answer(found=False, citations=(cited(),), gold_sources=gold)) == 0
    assert citation_recall(answer("Paris")) is None


def test_rouge_l_follows_the_order_of_tokens():
    assert rouge_l_f1("Police killed the gunman.", "police kill the gunman") == pytest.approx(2 / 3)
    assert rouge_l_f1("the gunman kill police", "police kill the gunman") == pytest.approx(1 / 3)
    assert rouge_l_f1("春季和夏季", "夏季和春季") == pytest.approx(3 / 5)
    assert rouge_l_f1("", "police") == 0


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_the_longest_common_sequence_does_not_depend_on_the_order_of_the_texts(one, other):
    assert longest_common(one, other) == longest_common(other, one) <= min(len(one), len(other))
    assert longest_common(one, one) == len(one)


def test_bleu_is_the_brevity_penalty_where_all_words_are_right():
    pytest.importorskip("sacrebleu")
    assert sentence_bleu("Paris", "Paris France") == pytest.approx(math.exp(-1))
    assert sentence_bleu("一九九八年建成的渡轮", "一九九八年建成的渡轮") == pytest.approx(1)
    assert sentence_bleu("London", "Paris") == 0


def test_meteor_counts_stems_and_pays_for_every_chunk():
    pytest.importorskip("nltk")
    assert meteor_score("two ferries cross daily", "two ferries cross daily") == pytest.approx(1 - 0.5 / 4**3)
    assert meteor_score("cats sat down", "cat sat down") == pytest.approx(1 - 0.5 / 3**3)
    assert meteor_score("春季启用", "春季启用") == pytest.approx(1 - 0.5 / 4**3)
    assert meteor_score("...", "春季") == 0


def test_long_answers_are_judged_by_their_text_and_the_best_reference():
    pytest.importorskip("sacrebleu")
    pytest.importorskip("nltk")
    record = answer("short", text="two ferries cross daily", expected=("nothing of it", "two ferries cross daily"))
    assert (rouge_l(record), bleu(record)) == (1, pytest.approx(1))
    assert meteor(record) > 0.9
    assert [measure(answer(found=False)) for measure in (rouge_l, bleu, meteor)] == [0, 0, 0]
    assert [measure(answer("x", expected=())) for measure in (rouge_l, bleu, meteor)] == [None, None, None]


def test_a_failure_is_right_in_no_measure():
    unanswerable, answerable = answer(found=False, expected=(), failed="EndpointError"), answer(found=False, failed="EndpointError")
    assert (right_refusal(unanswerable), wrong_refusal(answerable)) == (0, 1)


def test_abstention_tells_right_from_wrong_refusals():
    refused, invented = answer(found=False, expected=(), near_miss=True), answer("x", expected=())
    assert (right_refusal(refused), right_refusal(invented), right_refusal(answer("x"))) == (1, 0, None)
    assert (wrong_refusal(answer(found=False)), wrong_refusal(answer("x")), wrong_refusal(refused)) == (1, 0, None)
    assert (near_miss_refusal(refused), near_miss_refusal(invented)) == (1, None)


def test_unanswerable_questions_do_not_count_in_the_measures_of_answers():
    record = answer("x", expected=())
    assert [exact_match(record), short_answer_f1(record), citation_precision(record), span_f1(record)] == [None] * 4


def test_span_f1_compares_cited_and_gold_characters_of_the_same_source():
    gold = (GoldSpan(source="a.md", span=Span(5, 15)),)
    assert span_f1(answer("x", citations=(cited(start=5, end=15),), gold_spans=gold)) == 1
    assert span_f1(answer("x", citations=(cited(start=0, end=10),), gold_spans=gold)) == 0.5
    assert span_f1(answer("x", citations=(cited("b.md", 5, 15),), gold_spans=gold)) == 0
    assert span_f1(answer("x", citations=(cited(start=5, end=15, exists=False),), gold_spans=gold)) == 0
    assert span_f1(answer("x")) is None


def test_item_recall_counts_the_items_of_which_any_wording_is_named():
    items = (("MV Corrin",), ("Tessaly", "the Tessaly ferry"), ("Lowan",), ("桑德雷尔号",))
    assert item_recall(answer("", text="The fleet: MV Corrin, Tessaly and 桑德雷尔号.", items=items)) == 0.75
    assert item_recall(answer("", text="MV Corrinton", items=items)) == 0
    assert item_recall(answer("", text="MV Corrin", found=False, items=items)) == 0
    assert item_recall(answer("MV Corrin")) is None


def test_the_names_of_the_measures_are_the_published_ones():
    assert set(RETRIEVAL_MEASURES) == {
        "recall@2",
        "recall@5",
        "recall@10",
        "recall@20",
        "all_gold@5",
        "all_gold@10",
        "hits@4",
        "hits@10",
        "mrr@10",
        "map@10",
        "ndcg@10",
    }
    assert set(LONG_ANSWER_MEASURES) == {"bleu", "meteor"}
    assert set(ANSWER_MEASURES) == {
        "exact_match",
        "f1",
        "text_f1",
        "item_recall",
        "span_f1",
        "rouge_l",
        "citation_precision",
        "citation_recall",
        "citation_existence",
        "refused_unanswerable",
        "refused_near_miss",
        "refused_answerable",
    }
