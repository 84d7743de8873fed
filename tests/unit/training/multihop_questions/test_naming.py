from __future__ import annotations

import pytest

from tadarag.training.multihop_questions.naming import name_key, named_at_start, plain_title


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Grey Harbour (film)", "Grey Harbour"),
        ("Tor Vik - Early life", "Tor Vik"),
        ("Bert Myers -", "Bert Myers"),
        ("雅芳河 (汉普郡)", "雅芳河"),
    ],
)
def test_a_title_is_named_without_its_parenthesis_and_section(title: str, name: str) -> None:
    assert plain_title(title) == name


def test_a_name_with_and_without_its_article_has_one_key() -> None:
    assert name_key("The Salt Road") == name_key("Salt Road")


@pytest.mark.parametrize(
    ("sentence", "title", "named"),
    [
        ("Tor Vik was a painter.", "Tor Vik", "Tor Vik"),
        ("Tor Anders Vik (born 1950) is a painter.", "Tor Vik", "Tor Anders Vik"),
        ('"Salt Road" is a song.', "Salt Road", '"Salt Road"'),
        ("Ada Lund- Berg( born 1950) is a singer.", "Ada Lund-Berg", "Ada Lund- Berg"),
    ],
)
def test_a_first_sentence_names_the_subject_in_several_ways(sentence: str, title: str, named: str) -> None:
    found = named_at_start(sentence, title, "en", is_first=True)
    assert found is not None
    assert sentence[found[0] : found[1]].strip('"') == named.strip('"')


@pytest.mark.parametrize(
    ("sentence", "kind", "noun"),
    [("He was born in Bonn.", "person", ""), ("Vikström was born in Bonn.", "person", ""), ("The film was shot in Bonn.", "work", "film")],
)
def test_a_later_sentence_may_name_the_subject_by_a_shorter_word(sentence: str, kind: str, noun: str) -> None:
    assert named_at_start(sentence, "Tor Vikström", "en", is_first=False, kind=kind, noun=noun) is not None


@pytest.mark.parametrize("sentence", ["His father was born in Bonn.", "Vik's son was born in Bonn.", "She moved to Bonn."])
def test_a_sentence_about_something_else_names_nothing(sentence: str) -> None:
    assert named_at_start(sentence, "Tor Vik", "en", is_first=False, kind="work", noun="film") is None


def test_a_chinese_title_is_found_whether_its_characters_are_simplified_or_not() -> None:
    assert named_at_start("《東方學報》是一份期刊。", "东方学报", "zh", is_first=True) == (1, 6)
