import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.documents.text import decode, normalise, one_line
from tadarag.errors import DocumentError

CHINESE = "奎伦湾港扩建工程9月1日正式动工。工程总投资3.2亿科拉，是共和国独立以来最大的单项港口投资。"
TRADITIONAL = "離鄉一年的名畫《暮色渡船》3月6日隨貨輪「洛萬號」回到奧羅文，當天下午由警車護送至博物館。"


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_normalised_text_is_nfc_without_carriage_returns_nulls_and_soft_hyphens(text):
    result = normalise(text)
    assert unicodedata.is_normalized("NFC", result)
    assert not set(result) & set("\r\0\u00ad\u200b\ufeff\u2028")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])))  # enough control characters make a text binary
def test_utf8_with_a_mark_is_read_as_it_was_written(text):
    assert decode("a.txt", b"\xef\xbb\xbf" + ("word " * 20 + text).encode()) == normalise("word " * 20 + text)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", CHINESE),
        ("utf-8-sig", CHINESE),
        ("utf-16", CHINESE),
        ("utf-16-le", CHINESE),
        ("utf-16-be", CHINESE),
        ("utf-16-le", "Plain words, in English.\n"),
        ("utf-16-be", "Hello"),
        ("utf-32", CHINESE),
        ("gb18030", CHINESE),
        ("gbk", "你好"),
        ("big5", TRADITIONAL),
        ("cp1252", "Le café naïve, “déjà vu”, für 5 €"),
        ("cp1251", "Привет, как дела сегодня? Всё хорошо."),
        ("shift_jis", "これは日本語のテキストです。東京は晴れです。"),
    ],
)
def test_the_encoding_is_found(encoding, text):
    assert decode("a.txt", text.encode(encoding)) == text


def test_a_declared_encoding_is_believed_when_it_fits():
    assert decode("a.html", "Škoda".encode("iso8859-2"), declared="iso-8859-2") == "Škoda"


def test_an_unknown_declared_encoding_is_ignored():
    assert decode("a.html", "Škoda".encode(), declared="klingon") == "Škoda"


def test_broken_utf8_keeps_all_but_the_damaged_place():
    assert decode("a.txt", "héllo wörld çà".encode() + b"\xff end") == "héllo wörld çà\ufffd end"


def test_a_few_null_bytes_are_dropped():
    assert decode("a.txt", b"one\0 two") == "one two"


@pytest.mark.parametrize("data", [b"\xff", b"\0", bytes(range(256)) * 10, b"\0\1\2\3" * 100])
def test_binary_data_is_refused(data):
    with pytest.raises(DocumentError, match="binary data, not text"):
        decode("a.txt", data)


def test_empty_and_one_byte_files_are_text():
    assert decode("a.txt", b"") == ""
    assert decode("a.txt", b"a") == "a"


def test_a_name_with_line_ends_and_direction_marks_is_shown_on_one_line():
    assert one_line("a\nb\u202egnp.txt") == "a\\nb\\u202egnp.txt"
