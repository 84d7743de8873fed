"""The extractor over spaCy pipelines; skipped where spaCy is not installed, but for what is said then."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from typing import Any

import pytest

from tadarag.components import template_of
from tadarag.errors import ModelError, UsageError
from tadarag.extraction.extractor import Unit
from tadarag.extraction.labels import type_of_label
from tadarag.extraction.spacy_units import SpacyUnits, spacy_extractor
from tadarag.findings import Findings
from tadarag.testing.unit_extractor_contract import unit_of_lines

GENERAL = template_of("general_knowledge", None)
BIO = template_of("bio_medical_research", None)
has_spacy = importlib.util.find_spec("spacy") is not None


def with_patterns(*patterns: tuple[str, str]) -> Any:
    spacy = pytest.importorskip("spacy")
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": label, "pattern": text} for label, text in patterns])
    return pipeline


def english_pipeline() -> Any:
    spacy = pytest.importorskip("spacy")
    installed = [name for name in sorted(spacy.util.get_installed_models()) if name.startswith("en_core_web")]
    if not installed:
        pytest.skip("no English pipeline is installed")
    return spacy.load(installed[0])


def read(pipeline: Any, text: str, template: Any = GENERAL) -> tuple[list[tuple[str, str]], Findings]:
    found = SpacyUnits({"en": pipeline}).read(unit_of_lines(text), template)
    return [(name.span.of(text), name.label) for name in found.names], found


@pytest.mark.parametrize(
    ("label", "template", "meant"),
    [
        ("PERSON", GENERAL, "person"),
        ("GPE", GENERAL, "location"),
        ("WORK_OF_ART", GENERAL, "product"),
        ("MONEY", GENERAL, "number"),
        ("NORP", GENERAL, None),
        ("GPE", BIO, None),
        ("DISEASE", BIO, "disease"),
        ("drug", BIO, "drug"),
        ("PER", GENERAL, "person"),
        ("LAW", template_of("legal_contracts", None), "contract"),
    ],
)
def test_labels_of_taggers_mean_types_of_the_template(label: str, template: Any, meant: str | None) -> None:
    found = type_of_label(label, template)
    assert (found.name if found else None) == meant


def test_a_person_s_own_patterns_meet_a_person_s_own_types() -> None:
    names, _ = read(with_patterns(("drug", "Velmexin")), "We gave Velmexin twice.", BIO)
    assert names == [("Velmexin", "drug")]


def test_an_article_before_a_name_is_left_out() -> None:
    names, _ = read(with_patterns(("ORG", "The Harbour Board")), "The Harbour Board met.")
    assert names == [("Harbour Board", "organization")]


def test_an_entity_across_two_sentences_is_left_out() -> None:
    assert read(with_patterns(("ORG", "Board. Council")), "The Board. Council members left.")[0] == []


def test_text_of_a_language_without_a_pipeline_gives_nothing() -> None:
    units = SpacyUnits({"en": with_patterns(("PERSON", "Lind"))})
    unit = unit_of_lines("Lind kam.")
    assert units.read(replace(unit, language="de"), GENERAL) == Findings()
    assert len(units.read(replace(unit, language="und"), GENERAL).names) == 1


def test_other_patterns_have_another_fingerprint() -> None:
    one, other = (SpacyUnits({"en": with_patterns(("PERSON", name))}).fingerprint for name in ("Lind", "Velm"))
    assert one != other
    assert one.startswith("spacy-1/en=en_")


def test_a_pipeline_names_people_places_and_organizations() -> None:
    names, _ = read(english_pipeline(), "Angela Merkel met Emmanuel Macron in Berlin. Microsoft acquired GitHub in 2018.")
    assert {("Angela Merkel", "person"), ("Berlin", "location"), ("Microsoft", "organization")} <= set(names)


def test_a_parser_states_facts_in_the_text_s_own_words_or_the_template_s() -> None:
    text = "Microsoft acquired GitHub. Angela Merkel visited France."
    names, found = read(english_pipeline(), text, template_of("finance", None))
    told = {(names[fact.head][0], fact.relation, names[fact.tail][0], fact.is_open) for fact in found.facts}
    assert told <= {("Microsoft", "acquired", "GitHub", True), ("Microsoft", "acquires", "GitHub", False)}
    names, found = read(english_pipeline(), text)
    told = {(names[fact.head][0], fact.relation, names[fact.tail][0], fact.is_open) for fact in found.facts}
    assert ("Angela Merkel", "visited", "France", True) in told


def test_an_installed_pipeline_is_found_by_itself() -> None:
    english_pipeline()
    extractor = spacy_extractor()
    assert "en=en_core_web" in extractor.fingerprint
    assert extractor.units.read(Unit(text="", sentences=()), GENERAL) == Findings()


@pytest.mark.skipif(not has_spacy, reason="spaCy is not installed")
def test_a_pipeline_that_is_not_there_is_an_error_with_its_name() -> None:
    with pytest.raises(ModelError, match="'no_such_pipeline' cannot be loaded"):
        spacy_extractor("no_such_pipeline")


@pytest.mark.skipif(has_spacy, reason="spaCy is installed")
def test_without_the_extra_it_says_what_to_install() -> None:
    with pytest.raises(UsageError, match="spaCy, which is not installed") as refusal:
        spacy_extractor()
    assert "tadarag[spacy]" in refusal.value.do
