"""The hashed words of a document's beginning."""

from hypothesis import given
from hypothesis import strategies as st

from tadarag.routing.document_words import MAX_TOKENS, N_BUCKETS, word_buckets


def test_a_word_has_one_bucket_however_often_it_stands_and_whatever_its_case():
    assert word_buckets("Ferry ferry FERRY") == word_buckets("ferry")


def test_function_words_numbers_and_very_short_words_are_left_out():
    assert word_buckets("the of 42 ox") == ()


def test_chinese_is_read_by_pairs_of_neighbours_and_traditional_as_simplified():
    assert len(word_buckets("合同条款")) == 3
    assert word_buckets("合同條款") == word_buckets("合同条款")
    assert word_buckets("合同，条款") == tuple(sorted({*word_buckets("合同"), *word_buckets("条款")}))


def test_only_the_first_thousand_tokens_are_read():
    assert word_buckets("xx " * (MAX_TOKENS - 1) + "ferry harbour") == word_buckets("ferry")


@given(st.text(max_size=200))
def test_any_text_has_ascending_buckets(text):
    buckets = word_buckets(text)
    assert list(buckets) == sorted(set(buckets))
    assert all(0 <= bucket < N_BUCKETS for bucket in buckets)
