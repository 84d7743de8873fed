"""A document put together from findings: values, titles and aliases by rules, names and facts from the units."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tadarag.components import template_of
from tadarag.extraction.assembly import UnitwiseExtractor
from tadarag.extraction.extractor import Unit
from tadarag.extraction.rules import RuleExtractor
from tadarag.findings import Findings, FoundFact, FoundName
from tadarag.templates.template import Template
from tadarag.testing.extractor_contract import ExtractorContract, document_with_chunks, extraction_of
from tadarag.values import Extraction, Mention, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Finds the first place of each name that it is told of. names: (text, kind, label). facts: (head, relation, tail), by the texts."""

    names: tuple[tuple[str, str, str], ...] = ()
    facts: tuple[tuple[str, str, str], ...] = ()
    is_open: bool = False
    fingerprint: str = "reading"
    trunk: str = ""

    def read(self, unit: Unit, template: Template) -> Findings:
        places = sorted((unit.text.find(text), text, kind, label) for text, kind, label in self.names if text in unit.text)
        names = tuple(FoundName(span=Span(at, at + len(text)), kind=kind, label=label, probability=0.9) for at, text, kind, label in places)
        index = {text: number for number, (_, text, _, _) in enumerate(places)}
        facts = tuple(
            FoundFact(head=index[head], relation=relation, tail=index[tail], sentence=0, probability=0.8, is_open=self.is_open)
            for head, relation, tail in self.facts
            if head in index and tail in index
        )
        return Findings(names=names, facts=facts)


class TestUnitwiseExtractor(ExtractorContract):
    @pytest.fixture
    def extractor(self) -> UnitwiseExtractor:
        names = (("Petra Solvane", "person", "person"), ("World Health Organization", "organization", "organization"))
        return UnitwiseExtractor(Reading(names=names, facts=(("Petra Solvane", "member_of", "World Health Organization"),)))


def extract(text: str, units: Reading) -> Extraction:
    return extraction_of(UnitwiseExtractor(units), *document_with_chunks(text))


def mention(extraction: Extraction, text: str) -> Mention:
    return next(one for one in extraction.mentions if one.text == text)


def facts(extraction: Extraction) -> set[tuple[str, str, str, float]]:
    name = [entity.name for entity in extraction.entities]
    return {(name[one.head], one.predicate, name[one.tail], one.probability) for one in extraction.relations}


def test_a_name_keeps_its_label_and_probability() -> None:
    one = mention(extract("They saw Orvex grow.", Reading(names=(("Orvex", "organization", "firm"),))), "Orvex")
    assert (one.kind, one.label, one.probability) == ("organization", "firm", 0.9)


def test_a_fact_becomes_a_relation_with_its_sentence_as_evidence() -> None:
    text = "Nothing here.\nPetra Solvane likes Orvex.\n"
    units = Reading(
        names=(("Petra Solvane", "person", ""), ("Orvex", "organization", "")), facts=(("Petra Solvane", "invests_in", "Orvex"),)
    )
    (relation,) = extract(text, units).relations
    assert relation.evidence.of(text) == "Petra Solvane likes Orvex."
    assert facts(extract(text, units)) == {("Petra Solvane", "invests_in", "Orvex", 0.8)}


def test_values_and_identifiers_are_found_by_rules() -> None:
    extraction = extract("On 9 March 2022 Orvex paid EUR 1.2 million for HX-200.", Reading())
    found = {(one.text, one.kind, one.normal) for one in extraction.mentions if one.normal}
    assert found == {
        ("9 March 2022", "time", "2022-03-09"),
        ("EUR 1.2 million", "money", "EUR 1200000"),
        ("HX-200", "identifier", "HX-200"),
    }


def test_a_fact_about_a_date_holds_of_the_value_that_took_its_place() -> None:
    units = Reading(
        names=(("Orvex Fair", "event", "event"), ("March 2022", "time", "time")), facts=(("Orvex Fair", "occurs_on", "March 2022"),)
    )
    assert facts(extract("The Orvex Fair was on 9 March 2022.", units)) == {("Orvex Fair", "occurs_on", "9 March 2022", 0.8)}


def test_two_names_of_one_value_have_no_fact_between_them() -> None:
    units = Reading(names=(("9 March", "time", "time"), ("2022", "time", "time")), facts=(("9 March", "before", "2022"),))
    assert extract("It was on 9 March 2022.", units).relations == ()


def test_a_name_that_only_the_rules_know_stays_as_a_name_of_unknown_kind() -> None:
    assert mention(extract("We asked Mr Mennick about it.", Reading()), "Mennick").kind == "name"


def test_a_name_of_unknown_kind_takes_the_kind_that_equal_names_have_elsewhere() -> None:
    text = "They saw Orvex grow.\nLater Orvex fell.\n"
    extraction = extraction_of(
        UnitwiseExtractor(OnlyIn("saw", Reading(names=(("Orvex", "organization", "firm"),)))), *document_with_chunks(text)
    )
    assert [(one.text, one.kind, one.label) for one in extraction.mentions] == [
        ("Orvex", "organization", "firm"),
        ("Orvex", "organization", ""),
    ]


@dataclass(frozen=True, slots=True)
class OnlyIn:
    """Reads with `units` where a chunk holds `word`, and finds nothing elsewhere."""

    word: str
    units: Reading
    fingerprint: str = "only in"
    trunk: str = ""

    def read(self, unit: Unit, template: Template) -> Findings:
        return self.units.read(unit, template) if self.word in unit.text else Findings()


def test_an_alias_that_the_text_states_is_a_relation() -> None:
    units = Reading(names=(("chronic lung disease", "condition", "disease"), ("CLD", "condition", "disease")))
    assert facts(extract("He has chronic lung disease (CLD) now.", units)) == {("chronic lung disease", "same_as", "CLD", 1.0)}


FOUNDED = "Orvex was founded by Petra Solvane."
FOUNDED_NAMES = (("Orvex", "organization", ""), ("Petra Solvane", "person", ""))


def test_a_fixed_turn_of_phrase_states_a_fact_where_the_units_found_none() -> None:
    assert facts(extract(FOUNDED, Reading(names=FOUNDED_NAMES))) == {("Orvex", "founded_by", "Petra Solvane", 1.0)}


def test_what_the_units_found_goes_before_a_fixed_turn_of_phrase() -> None:
    units = Reading(names=FOUNDED_NAMES, facts=(("Petra Solvane", "leads", "Orvex"),))
    assert facts(extract(FOUNDED, units)) == {("Petra Solvane", "leads", "Orvex", 0.8)}


def test_a_fixed_turn_of_phrase_goes_before_the_texts_own_words() -> None:
    units = Reading(names=FOUNDED_NAMES, facts=(("Orvex", "founded", "Petra Solvane"),), is_open=True)
    assert facts(extract(FOUNDED, units)) == {("Orvex", "founded_by", "Petra Solvane", 1.0)}


def test_a_fact_in_the_texts_own_words_stays_where_nothing_else_is_told() -> None:
    units = Reading(names=FOUNDED_NAMES, facts=(("Orvex", "hired", "Petra Solvane"),), is_open=True)
    assert facts(extract("Orvex hired Petra Solvane.", units)) == {("Orvex", "hired", "Petra Solvane", 0.8)}


def test_without_findings_every_link_of_the_rules_is_still_there() -> None:
    document, chunks = document_with_chunks("Petra Solvane met Lena Orvik at the University of Tarnwick.\n他在北京大学读《红楼梦》。\n")
    by_rules = extraction_of(RuleExtractor(), document, chunks).mentions
    assembled = extraction_of(UnitwiseExtractor(Reading()), document, chunks).mentions
    assert [one.span for one in assembled] == [one.span for one in by_rules]


def test_findings_must_be_there_for_every_chunk() -> None:
    document, chunks = document_with_chunks("One.\nTwo.\n")
    with pytest.raises(ValueError):
        UnitwiseExtractor(Reading()).extract(document, chunks, template_of("news", None), [Findings()])


def test_other_units_are_another_extractor() -> None:
    assert UnitwiseExtractor(Reading()).fingerprint != UnitwiseExtractor(Reading(fingerprint="another")).fingerprint
