"""Examples say what should be found in a text; the mentions are found in it."""

from __future__ import annotations

from tadarag.templates.draft import DraftExample, Place, Word
from tadarag.templates.examples import resolve_example
from tadarag.templates.library import load_template
from tadarag.templates.template import Example, Template

PLACE = Place("made.yaml", 1)
GENERAL = load_template("general_knowledge")


def resolved(text: str, entities: dict[str, str], template: Template = GENERAL) -> Example:
    pairs = tuple((Word(name, PLACE), Word(kind, PLACE)) for name, kind in entities.items())
    example, problems = resolve_example(DraftExample(place=PLACE, language="en", text=text, entities=pairs, relations=()), template)
    assert problems == ()
    return example


def found(example: Example) -> list[tuple[int, str]]:
    return [(mention.span.start, mention.span.of(example.text)) for mention in example.mentions]


def test_every_occurrence_of_a_name_is_a_mention() -> None:
    assert found(resolved("Ada met Ada's aunt.", {"Ada": "person"})) == [(0, "Ada"), (8, "Ada")]


def test_a_name_inside_a_longer_word_is_none() -> None:
    assert found(resolved("An Angler called An.", {"An": "person"})) == [(0, "An"), (17, "An")]


def test_a_name_inside_a_longer_name_belongs_to_the_longer() -> None:
    assert found(resolved("Tern Labs, the Tern.", {"Tern": "product", "Tern Labs": "organization"})) == [(0, "Tern Labs"), (15, "Tern")]


def test_chinese_names_need_no_space_around_them() -> None:
    assert found(resolved("他在青岛出生，青岛在山东。", {"青岛": "location"})) == [(2, "青岛"), (7, "青岛")]


def test_one_text_cannot_be_of_two_types() -> None:
    pairs = tuple((Word("Ada", PLACE), Word(kind, PLACE)) for kind in ("person", "product"))
    _, problems = resolve_example(DraftExample(place=PLACE, language="en", text="Ada", entities=pairs, relations=()), GENERAL)
    assert [problem.happened for problem in problems] == ["'Ada' is both person and product"]
