"""What a model states counts only where the chunk holds it and the template allows it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tadarag.components import template_of
from tadarag.extraction.extractor import Unit
from tadarag.extraction.llm_grounding import EXACT, LOOSE, MENDED, STATED, ground, occurrences
from tadarag.extraction.llm_reply import Reply, StatedFact, StatedName
from tadarag.findings import Findings
from tadarag.testing.unit_extractor_contract import unit_of_lines

FINANCE = template_of("finance", None)
UNIT = unit_of_lines("Mona Adler leads Kestrel Group. It bought Pine Rail. Adler also advises Pine Rail on steel prices.")
PERSON = StatedName("Mona Adler", "person")
GROUP = StatedName("Kestrel Group", "organization")
RAIL = StatedName("Pine Rail", "organization")


def found(*parts: StatedName | StatedFact, unit: Unit = UNIT) -> Findings:
    names = tuple(part for part in parts if isinstance(part, StatedName))
    facts = tuple(part for part in parts if isinstance(part, StatedFact))
    return ground(Reply(names=names, facts=facts), unit, FINANCE)


def texts(findings: Findings, unit: Unit = UNIT) -> list[str]:
    return [name.span.of(unit.text) for name in findings.names]


def told(findings: Findings, unit: Unit = UNIT) -> list[tuple[str, str, str, int, bool]]:
    names = texts(findings, unit)
    return [(names[fact.head], fact.relation, names[fact.tail], fact.sentence, fact.is_open) for fact in findings.facts]


def test_a_name_is_found_wherever_it_stands() -> None:
    assert texts(found(RAIL)) == ["Pine Rail", "Pine Rail"]
    assert {name.probability for name in found(RAIL).names} == {EXACT}


def test_a_name_that_the_text_does_not_hold_is_dropped_and_counted() -> None:
    findings = found(PERSON, StatedName("Solace AI", "organization"))
    assert texts(findings) == ["Mona Adler"]
    assert findings.n_ungrounded == 1


def test_case_and_white_space_are_forgiven() -> None:
    unit = unit_of_lines("Mona\nAdler met the KESTREL GROUP", language="und")
    unit = Unit(text=unit.text, sentences=(type(unit.sentences[0])(0, len(unit.text)),))
    findings = found(PERSON, GROUP, unit=unit)
    assert texts(findings, unit) == ["Mona\nAdler", "KESTREL GROUP"]
    assert {name.probability for name in findings.names} == {LOOSE}


def test_part_of_a_word_is_no_place_of_a_name() -> None:
    unit = unit_of_lines("Bonn is not Bonnet, and Trabonn is neither.")
    assert len(occurrences("Bonn", unit)[0]) == 1


def test_latin_names_may_touch_chinese_text() -> None:
    unit = unit_of_lines("他在Bonn的Kestrel公司工作。", language="zh")
    assert [span.of(unit.text) for span, _ in occurrences("Bonn", unit)[0]] == ["Bonn"]
    assert [span.of(unit.text) for span, _ in occurrences("Kestrel公司", unit)[0]] == ["Kestrel公司"]


def test_spaces_that_a_model_puts_into_chinese_are_forgiven() -> None:
    unit = unit_of_lines("红隼集团收购松岭铁路。", language="zh")
    assert [span.of(unit.text) for span, _ in occurrences("松岭 铁路", unit)[0]] == ["松岭铁路"]


def test_of_overlapping_names_the_longest_is_kept_and_speaks_for_the_shorter() -> None:
    adler = StatedName("Adler", "person")
    findings = found(PERSON, adler, GROUP, StatedFact("Adler", "leads", "Kestrel Group"))
    assert texts(findings) == ["Mona Adler", "Kestrel Group", "Adler"]
    assert told(findings) == [("Mona Adler", "leads", "Kestrel Group", 0, False)]


@pytest.mark.parametrize("label", ["organization", "Organisation", "company", "公司"])
def test_a_type_may_be_called_by_any_of_its_names(label: str) -> None:
    assert [name.label for name in found(StatedName("Kestrel Group", label)).names] == ["organization"]


def test_a_type_that_the_template_lacks_is_dropped_and_counted() -> None:
    assert found(StatedName("Kestrel Group", "spaceship")) == Findings(n_ungrounded=1)


def test_a_fact_is_placed_in_the_sentence_that_holds_both_names() -> None:
    findings = found(PERSON, GROUP, RAIL, StatedFact("Mona Adler", "leads", "Kestrel Group"))
    assert told(findings) == [("Mona Adler", "leads", "Kestrel Group", 0, False)]
    assert findings.facts[0].probability == STATED


def test_a_fact_between_names_of_different_sentences_is_dropped_and_counted() -> None:
    findings = found(GROUP, RAIL, StatedFact("Kestrel Group", "acquires", "Pine Rail"))
    assert (findings.facts, findings.n_ungrounded) == ((), 1)


def test_ends_that_the_relation_does_not_allow_are_exchanged_once() -> None:
    findings = found(PERSON, GROUP, StatedFact("Kestrel Group", "leads", "Mona Adler"))
    assert told(findings) == [("Mona Adler", "leads", "Kestrel Group", 0, False)]
    assert findings.facts[0].probability == MENDED


def test_a_relation_that_no_exchange_helps_becomes_related_to() -> None:
    findings = found(PERSON, GROUP, StatedFact("Mona Adler", "acquires", "Kestrel Group"))
    assert told(findings) == [("Mona Adler", "related_to", "Kestrel Group", 0, False)]


def test_a_relation_may_be_called_by_any_of_its_names() -> None:
    assert told(found(PERSON, GROUP, StatedFact("Mona Adler", "领导", "Kestrel Group")))[0][1] == "leads"


def test_words_of_the_sentence_are_an_open_relation() -> None:
    adler = StatedName("Adler", "person")
    findings = found(adler, RAIL, StatedFact("Adler", "also advises", "Pine Rail"))
    assert told(findings) == [("Adler", "also_advises", "Pine Rail", 2, True)]


def test_words_that_the_sentence_does_not_hold_become_related_to() -> None:
    adler = StatedName("Adler", "person")
    assert told(found(adler, RAIL, StatedFact("Adler", "secretly owns", "Pine Rail")))[0][1] == "related_to"


def test_a_fact_about_a_name_that_was_not_stated_is_dropped_and_counted() -> None:
    assert found(PERSON, StatedFact("Mona Adler", "leads", "Kestrel Group")).n_ungrounded == 1


def test_a_fact_that_is_stated_twice_counts_once() -> None:
    fact = StatedFact("Mona Adler", "leads", "Kestrel Group")
    assert len(found(PERSON, GROUP, fact, fact).facts) == 1


def test_broken_parts_of_the_reply_count_too() -> None:
    assert ground(Reply(n_broken=2), UNIT, FINANCE).n_ungrounded == 2


@given(
    st.lists(st.builds(StatedName, st.text(max_size=8), st.sampled_from(["person", "organization", "x"])), max_size=6), st.text(max_size=40)
)
def test_whatever_is_stated_only_text_comes_out(names: list[StatedName], text: str) -> None:
    unit = unit_of_lines(text)
    findings = ground(Reply(names=tuple(names)), unit, FINANCE)
    for name in findings.names:
        assert any(one.start <= name.span.start < name.span.end <= one.end for one in unit.sentences)
    assert all(before.span.end <= after.span.start for before, after in zip(findings.names, findings.names[1:], strict=False))
