"""A question that leans on the turns before it gets the names that it leans on; every other stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.memory.follow_ups import MOST_NAMES, MOST_TURNS, NamedThing, Turn, in_context

KINDS = {"Ilse Mennick": "person", "Quillen": "location", "Dusk": "name", "望潮大桥": "location", "李明": "person"}


def names_of(text: str) -> list[NamedThing]:
    """The names of this file that stand in a text."""
    found = [NamedThing(text=name, start=text.index(name), kind=kind) for name, kind in KINDS.items() if name in text]
    return sorted(found, key=lambda one: one.start)


MASTER = Turn("Who is harbour master of Quillen?", "Ilse Mennick [1]")
BRIDGE = Turn("望潮大桥由谁设计？", "李明 [1]")


@pytest.mark.parametrize(
    ("earlier", "question", "wanted"),
    [
        (MASTER, "When did she retire?", "When did Ilse Mennick retire?"),
        (MASTER, "How large is it?", "How large is Quillen?"),
        (MASTER, "Whom do they pay?", "Quillen, Ilse Mennick: Whom do they pay?"),
        (MASTER, "What was her salary?", "What was Ilse Mennick's salary?"),
        (MASTER, "Is it safe to swim there?", "Quillen: Is it safe to swim there?"),
        (MASTER, "And in 2025?", "Quillen, Ilse Mennick: And in 2025?"),
        (BRIDGE, "他什么时候出生？", "李明什么时候出生？"),
        (BRIDGE, "它有多长？", "望潮大桥有多长？"),
        (BRIDGE, "费用呢？", "望潮大桥、李明：费用呢？"),
    ],
)
def test_a_pronoun_or_a_question_that_goes_on_gets_the_names_of_the_last_turn(earlier: Turn, question: str, wanted: str) -> None:
    assert in_context(question, [earlier], names_of) == wanted


@pytest.mark.parametrize(
    "question",
    [
        "When was the lighthouse built?",
        "When did Dusk sink, and who was on it?",
        "Is it true that Dusk sank?",
        "Dusk应该在哪里停靠？",
        "其他大桥有多长？",
    ],
)
def test_a_question_that_stands_alone_stays_as_it_is(question: str) -> None:
    assert in_context(question, [MASTER, BRIDGE], names_of) == question


def test_a_pronoun_before_the_first_name_still_leans() -> None:
    assert in_context("Did she ever sail on Dusk?", [MASTER], names_of) == "Did Ilse Mennick ever sail on Dusk?"


def test_a_turn_that_leaned_itself_passes_on_what_it_got() -> None:
    turns = [MASTER, Turn("When did she retire?", "in 2024 [1]"), Turn("Where does she live?")]
    assert in_context("Is she married?", turns, names_of) == "Is Ilse Mennick married?"


def test_a_turn_with_a_subject_of_its_own_ends_the_one_before() -> None:
    assert in_context("When was it built?", [MASTER, Turn("How long is Dusk?", "90 m [1]")], names_of) == "When was Dusk built?"


def test_without_earlier_names_there_is_nothing_to_lean_on() -> None:
    assert in_context("When did she retire?", [Turn("How are you?", "Fine.")], names_of) == "When did she retire?"


def test_what_is_far_back_is_forgotten() -> None:
    turns = [MASTER, *[Turn("Where is the lighthouse?", "On the cliff.")] * MOST_TURNS]
    assert in_context("When did she retire?", turns, names_of) == "When did she retire?"


@given(st.lists(st.builds(Turn, st.text(max_size=40), st.text(max_size=40)), max_size=12), st.text(max_size=40))
def test_a_question_gets_few_names_whatever_was_said(turns: list[Turn], question: str) -> None:
    def words(text: str) -> list[NamedThing]:
        return [NamedThing(text=word, start=text.index(word), kind="name") for word in text.split()]

    assert len(in_context(question, turns, words)) - len(question) <= MOST_NAMES * 42
    assert in_context(question, [], words) == question
