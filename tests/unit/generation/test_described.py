"""What passages are about, told by the headings that they stand under."""

from __future__ import annotations

from dataclasses import replace

from tadarag.generation.described import asked_about, describe, own_sentences, two_named
from tests.unit.generation.passages import passage

FIRST = replace(passage("people.md", "# Dora Keller\n\nDora Keller was a German director."), heading_path=("Dora Keller",))
SECOND = replace(passage("people.md", "# Carl Berg\n\nCarl Berg was a director from Austria."), heading_path=("Dora Keller", "Carl Berg"))
PART = replace(passage("ada.md", "She was born in Bergen."), heading_path=("Ada Moor", "Early life"))


def test_a_passage_is_about_its_nearest_heading_and_behind_all_of_these_about_those_above() -> None:
    assert [(one.title, one.passage) for one in describe([SECOND, PART])] == [
        ("Carl Berg", 0),
        ("Early life", 1),
        ("Dora Keller", 0),
        ("Ada Moor", 1),
    ]


def test_what_repeats_a_heading_says_nothing_of_it() -> None:
    assert [SECOND.sentence_text(index) for index in own_sentences(SECOND)][-1].endswith("Carl Berg was a director from Austria.")
    assert all("# Carl" not in SECOND.sentence_text(index) for index in own_sentences(SECOND))


def test_two_things_under_one_heading_are_told_apart_by_their_own_headings() -> None:
    described = describe([SECOND, FIRST])
    sides = two_named("Are Dora Keller and Carl Berg from the same country?", described)
    assert sides is not None
    assert [described[side].passage for side in sides] == [0, 1]


def test_one_passage_is_never_both_sides() -> None:
    assert two_named("Are Dora Keller and Carl Berg from the same country?", describe([SECOND])) is None


def test_a_part_of_a_document_is_about_what_the_document_is_about() -> None:
    assert asked_about("Where was Ada Moor born?", describe([PART])) == "Ada Moor"
