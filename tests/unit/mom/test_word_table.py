from importlib.resources import files

from mom.terms import count_units, terms
from mom.word_table import parse_word_table, shipped_word_table


def test_terms_are_singular_words_and_chinese_bigrams() -> None:
    assert terms("The Cities' buses, analysis 上海市 and 图") == ["the", "city", "buse", "analysis", "上海", "海市", "and", "图"]


def test_length_counts_words_and_characters() -> None:
    assert count_units("Two words, 上海市 3.5") == 7


def test_common_words_weigh_less_than_rare_ones() -> None:
    table = shipped_word_table()
    assert 0 < table.weight("the") < table.weight("film") < table.weight("reactor") < table.weight("xqzzt") == table.unknown
    assert 0 < table.weight("一个") < table.weight("黄河") <= table.unknown


def test_traditional_and_simplified_characters_are_both_known() -> None:
    table = shipped_word_table()
    assert max(table.weight("国家"), table.weight("國家")) < table.unknown


def test_the_shipped_table_is_small_and_says_how_it_was_made() -> None:
    content = files("mom").joinpath("data/word_table.tsv").read_text("utf-8")
    assert len(content.encode()) <= 600_000
    assert content.startswith("# Word weights")
    assert "make_word_table.py" in content


def test_a_changed_weight_changes_the_version() -> None:
    one, other = (parse_word_table(f"# header\nunknown\t900\n{weight}\tthe of\n") for weight in (10, 11))
    assert (one.weight("of"), one.weight("rare")) == (0.1, 9.0)
    assert one.version != other.version
