"""Nouns that a text speaks of, and what it calls things."""

import pytest

from tadarag.extraction.noun_phrases import defined_nouns, last_noun, noun_heads


@pytest.mark.parametrize(
    ("sentence", "heads"),
    [
        ("The old wooden hives of the apiary were moved.", ["hive", "apiary"]),
        ("Each colony has a queen, and its boxes are painted.", ["colony", "queen", "box"]),
        ("The way of the world.", []),
        ("He quickly painted it.", []),
        ("该蜂箱需要清洁。", ["蜂箱"]),
    ],
)
def test_the_head_of_a_noun_phrase_is_its_last_noun_in_the_singular(sentence: str, heads: list[str]) -> None:
    assert [noun.head for noun in noun_heads(sentence)] == heads


@pytest.mark.parametrize(
    ("sentence", "heads"),
    [
        ("Dusk is a passenger ferry of the Line.", ["ferry"]),
        ("Varroa (a mite) is a kind of parasite that lives on bees.", ["parasite"]),
        ("The queen is in the hive.", []),
        ("意蜂是一种常见的蜜蜂。", ["蜜蜂"]),
        ("晨星是一家公司，位于奎伦。", ["公司"]),
        ("布兰诺克是本省最大的医院，建于1912年。", ["医院"]),
        ("它是红色的。", []),
    ],
)
def test_a_definition_tells_what_a_thing_is_called(sentence: str, heads: list[str]) -> None:
    assert [noun.head for noun in defined_nouns(sentence)] == heads


def test_a_definition_begins_where_the_name_ends() -> None:
    (noun,) = defined_nouns("Dusk is a ferry.")
    assert "Dusk is a ferry."[: noun.start] == "Dusk"


def test_the_last_noun_of_a_name_tells_its_kind_and_a_single_word_does_not() -> None:
    assert (last_noun("Ysk River"), last_noun("Tern Labs"), last_noun("River"), last_noun("")) == ("river", "lab", "", "")
