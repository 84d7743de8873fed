"""Untitled passages lead nowhere by their first name unless that is what they are about; many mentions make a name worth less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.retrieval.first_stage import LEXICAL_WEIGHT, LEXICAL_WEIGHT_OF_LONG, lexical_weight
from tadarag.retrieval.named import is_named
from tadarag.retrieval.retrieve import score, select
from tadarag.testing.hashing_encoder import HashingEncoder
from tadarag.values import Passage, SourceName, Span

NEWS = {f"n{n}": ("", f"Velmouth saw rain on day {n}. The Ostrevir Yard said that its ferry will sail.") for n in range(12)}
PAGES = {
    "yard": ("", "Ostrevir Yard is a shipyard in the north. It belongs to Ilse Marren."),
    "marren": ("", "Ilse Marren (1921) was an engineer. She lived in Velmouth."),
    **{f"p{n}": ("", f"Harbour {n} is a port with a ferry. The Ostrevir Yard built its ferry.") for n in range(12)},
}


def scored(snapshot, question):
    vector = np.asarray(HashingEncoder().read(question, kind="query").vector, np.float32)
    return score(question, vector, snapshot, task="bridge")


def passage(text, subject):
    return Passage(source=SourceName(".", "a"), content="", chunk="", span=Span(0, len(text)), text=text, sentences=(), subject=subject)


@pytest.mark.parametrize(
    ("text", "subject", "named"),
    [
        ("Google announced a phone on Tuesday.", "Google", False),
        ("Google LLC is an American company.", "Google LLC", True),
        ("Apollo 11 (16 July 1969) was a flight to the Moon.", "Apollo 11", True),
        ("and then it rained.", "", False),
        ("海外网1月1日电，印度发生踩踏事件。", "海外网", False),
        ("珍珠港是位于群岛南部的一座海港。", "珍珠港", True),
        ("《人世间》（A Lifelong Journey）由李路执导。", "人世间", True),
    ],
)
def test_a_passage_is_named_by_a_title_or_by_a_definition(text, subject, named):
    assert is_named(passage(text, subject)) is named


def test_a_passage_under_a_title_or_heading_is_named_whatever_it_says():
    assert is_named(replace(passage("The price rose again.", "Ferries"), heading_path=("Ferries",)))


def test_among_untitled_news_no_subject_counts_and_the_order_of_the_formula_stays(snapshot_of):
    snapshot = snapshot_of(NEWS)
    found = scored(snapshot, "Who owns the yard that Velmouth and the Ostrevir Yard speak of?")
    assert found.titles is None
    assert not found.stage.titles.any()
    assert select(found, snapshot, selector=None) is found


def test_pages_that_define_their_subject_are_linked_without_titles(snapshot_of):
    snapshot = snapshot_of(PAGES)
    found = scored(snapshot, "Where did the owner of the Ostrevir Yard live?")
    rows = {snapshot.passage(row).source.path: row for row in range(len(PAGES))}
    assert found.titles is not None
    assert found.titles[rows["yard"]] > 0
    assert found.links.first.scores[rows["marren"]] > 0


@pytest.mark.parametrize(("title", "expected"), [("", [2**-0.5, 13**-0.5]), ("Ostrevir Yard", [1, 1])])
def test_a_first_name_that_more_passages_mention_counts_less_and_a_title_does_not(snapshot_of, title, expected):
    pages = {**PAGES, "yard": (title, PAGES["yard"][1])}
    few = {name: page for name, page in pages.items() if name in ("yard", "marren", "p0")}
    values = []
    for world in (few, pages):
        snapshot = snapshot_of(world)
        found = scored(snapshot, "Where did the owner of the Ostrevir Yard live?")
        rows = {snapshot.passage(row).source.path: row for row in range(len(world))}
        values.append(float(found.stage.titles[rows["yard"]]))
    assert values == pytest.approx(expected)  # the yard's own page and p0; and p0 to p11


@given(n=st.integers(0, 200))
def test_words_weigh_more_the_longer_a_question_is(n):
    assert LEXICAL_WEIGHT <= lexical_weight(n) <= lexical_weight(n + 1) <= LEXICAL_WEIGHT_OF_LONG


def test_questions_of_usual_length_weigh_words_as_measured():
    assert (lexical_weight(12), lexical_weight(18), lexical_weight(24)) == pytest.approx((0.35, 0.5, 0.65))
