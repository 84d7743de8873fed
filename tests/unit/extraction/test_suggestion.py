"""A template is suggested from what documents hold, as a draft that loads."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tadarag.extraction.rules import RuleExtractor
from tadarag.extraction.suggestion import Suggestion, suggest
from tadarag.extraction.suggestion_yaml import suggestion_yaml
from tadarag.templates.library import load_file, load_template
from tadarag.testing.extractor_contract import extraction_of
from tadarag.values import Chunk, Document, Record, SourceName, Span

CORE = load_template("core")
ENGLISH = (
    "The hive of Ada Quist stands in Quillen. The Dawn is a hive. Vega Ridge pollinates Sorrel Field. The hive was opened on 3 May 2024.\n\n"
    "The Dusk is a hive. Nord Apiary pollinates Amber Orchard. Each colony of the hive has a queen. Polar Apiary pollinates Linden Park.\n"
)
CHINESE = "晨一号是一种蜂箱。晨二号是一种木制的蜂箱。该蜂箱由顾以宁打开。晨三号是一种蜂箱。\n"


def record(number: int, text: str) -> Record:
    """A document of one passage, a sentence ending at each full stop, read by the rule extractor."""
    ends = [found.end() for found in re.finditer(r"[.。]\s*", text)]
    sentences = tuple(Span(start, end) for start, end in pairwise([0, *ends]))
    chunks = (Chunk(id="1", span=Span(0, len(text)), sentences=sentences),)
    document = Document(text=text)
    extraction = extraction_of(RuleExtractor(), document, chunks)
    source = SourceName(".", f"{number}.txt")
    return Record(
        source=source, content="", document=document, chunks=chunks, vectors=(), vector_keys=(), extraction=extraction, domain="news"
    )


def suggestion(*texts: str, min_count: int = 2) -> Suggestion:
    return suggest([record(number, text) for number, text in enumerate(texts)], CORE, min_count=min_count)


def test_a_noun_that_definitions_and_phrases_use_is_suggested_as_a_type() -> None:
    hive = next(one for one in suggestion(ENGLISH).types if one.name == "hive")
    assert (hive.n_definitions, hive.is_shared, hive.language) == (2, False, "en")
    assert hive.n_phrases >= 3
    assert "hive" in hive.example


def test_a_chinese_definition_suggests_a_type() -> None:
    box = next(one for one in suggestion(CHINESE).types if one.name == "蜂箱")
    assert (box.n_definitions, box.language) == (3, "zh")


def test_kinds_of_names_that_all_domains_share_are_suggested_by_their_shared_name() -> None:
    shared = {one.name: one for one in suggestion(ENGLISH, min_count=1).types if one.is_shared}
    assert shared["time"].n_mentions == 1
    assert shared["time"].core == "time"


def test_a_frequent_turn_of_phrase_between_names_is_suggested_as_a_relation() -> None:
    pollinates = next(one for one in suggestion(ENGLISH).relations if one.name == "pollinates")
    assert pollinates.count == 3
    assert "pollinates" in pollinates.example


def test_what_is_seen_less_often_is_left_out() -> None:
    assert suggestion(ENGLISH, min_count=50) == Suggestion(types=(), relations=(), n_documents=1, domains=(("news", 1),))


def test_no_documents_give_an_empty_suggestion_that_is_still_a_template(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(suggestion_yaml(suggestion(), "mine"), encoding="utf-8")
    assert load_file(file).problems == ()


def test_the_draft_shows_counts_and_a_sentence_for_every_suggestion() -> None:
    draft = suggestion_yaml(suggestion(ENGLISH), "bees")
    assert "A suggestion from 1 documents, counted by simple rules" in draft
    assert "# names 0, definitions 2, noun phrases" in draft
    assert "core: concept  # a guess" in draft or "# a guess; under which core type it is linked" in draft


@given(st.lists(st.text(alphabet="ab AB.是一种的'\":#-[]{}\n\t%&*!|>", max_size=120), max_size=3))
def test_every_draft_passes_the_checks_of_a_template(tmp_path_factory: object, texts: list[str]) -> None:
    file = tmp_path_factory.mktemp("draft") / "mine.yaml"  # type: ignore[attr-defined]
    file.write_text(suggestion_yaml(suggestion(ENGLISH, CHINESE, *texts, min_count=1), "mine"), encoding="utf-8")
    assert load_file(file).problems == ()


def test_the_order_of_equal_documents_does_not_change_the_suggestion() -> None:
    first, second = suggestion(ENGLISH, CHINESE), suggestion(CHINESE, ENGLISH)
    assert {one.name: one.weight for one in first.types} == {one.name: one.weight for one in second.types}
    assert {one.name: one.count for one in first.relations} == {one.name: one.count for one in second.relations}
