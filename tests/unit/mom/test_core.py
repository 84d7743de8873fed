import re

from mom.core import FACET_SHARE, MAX_TOKENS, core_statement
from mom.sentences import split_sentences
from mom.terms import count_units
from mom.word_table import shipped_word_table

PROSE = (
    "It is one of the things that people say. The Halden reactor was shut down on 14 March 2018 after 58 years and not restarted. "
    "People said many things about it then. It was in the news for some time after that. There were also some others who said so. "
    "They had been there before and they were there again. It was as it had been in the time before that."
)


def core(text: str) -> list[str]:
    return [span.of(text) for span in core_statement(text, split_sentences(text), shipped_word_table()).sentences]


def test_the_core_keeps_the_sentence_with_name_number_and_negation() -> None:
    assert core(PROSE) == ["The Halden reactor was shut down on 14 March 2018 after 58 years and not restarted."]


def test_a_single_sentence_is_its_own_core() -> None:
    assert core("Nothing else was said.") == ["Nothing else was said."]


def test_no_sentences_have_no_core() -> None:
    assert core("") == []


def test_a_repeated_sentence_is_picked_once() -> None:
    fact = "The Orion bridge spans 410 metres over the Vell river."
    filler = " ".join(f"Somebody else said it was nice and good and so on, number {n}." for n in range(30))
    assert core(f"{fact} {filler} {fact}").count(fact) == 1


def test_the_core_stays_within_its_budget() -> None:
    text = " ".join(f"Station {n} measured {n * 7} millimetres of rain near Torvik in June." for n in range(60))
    assert 0 < sum(count_units(sentence) for sentence in core(text)) <= MAX_TOKENS


def test_a_chinese_core_keeps_the_figures() -> None:
    text = "大家都说了一些话。星河公司2023年营业收入为45.6亿元，同比增长12%。这是一个问题。后来也是这样的。人们对此有不同的看法。其中有一些人认为是可以的。"
    assert core(text) == ["星河公司2023年营业收入为45.6亿元，同比增长12%。"]


def left_out(text: str) -> tuple[str, ...]:
    return core_statement(text, split_sentences(text), shipped_word_table()).left_out


def test_facts_that_the_core_does_not_hold_are_listed_once_in_text_order() -> None:
    text = f"{PROSE} It was said by some others in Oslo that they had not been there. They were in Oslo and Ann Lind was there on 7 May."
    assert "The Halden reactor was shut down on 14 March 2018 after 58 years and not restarted." in core(text)
    assert left_out(text) == ("Oslo", "not been", "Ann Lind", "7 May")


def test_what_the_core_holds_is_not_listed() -> None:
    assert not {"Halden", "14 March 2018", "58", "not restarted"} & set(left_out(PROSE))


def test_a_part_of_a_name_that_the_core_holds_in_full_is_not_listed() -> None:
    text = "Marten Kroll painted 41 harbours of the Sele Sea in 1931. It was so then. It is what it is. So they said of Kroll once more."
    assert core(text) == ["Marten Kroll painted 41 harbours of the Sele Sea in 1931."]
    assert "Kroll" not in left_out(text)


def test_chinese_facts_are_listed_too() -> None:
    text = "星河公司2023年营业收入为45.6亿元，同比增长12%。大家都说了一些话。后来也是这样的。人们对此有不同的看法。甲方不得于5月3日转让。"
    assert core(text) == ["星河公司2023年营业收入为45.6亿元，同比增长12%。"]
    assert left_out(text) == ("不得于", "5月3日")


def test_a_facet_that_the_core_lacks_brings_in_a_sentence_within_its_share() -> None:
    rare = [[f"{first}{second}{n}um" for first in "bdfkz" for second in "ou"] for n in "aeghiklmnprt"]
    text = f"{' '.join(' '.join(words).capitalize() + '.' for words in rare)} So it was paid."
    spans = core_statement(text, split_sentences(text), shipped_word_table(), facets=(re.compile("paid"),)).sentences
    assert "So it was paid." not in core(text)
    assert "So it was paid." in [span.of(text) for span in spans]
    assert sum(count_units(span.of(text)) for span in spans) <= FACET_SHARE * count_units(text)
