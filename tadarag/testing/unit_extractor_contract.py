"""What every UnitExtractor promises, as a suite that an implementation inherits and passes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tadarag.components import template_of
from tadarag.extraction.extractor import Unit, UnitExtractor
from tadarag.findings import Findings
from tadarag.templates.template import Template
from tadarag.values import Span

ENGLISH = "Marie Curie joined the University of Paris. She bought 24 pumps in Geneva. 🙂 Naïve café Müller GmbH, too."
CHINESE = "王伟加入了世界卫生组织。他在日内瓦买了24台水泵。"


def unit_of_lines(text: str, *, language: str = "en") -> Unit:
    """A unit whose sentences end at full stops; white space between them belongs to none."""
    sentences: list[Span] = []
    start = 0
    for position, character in enumerate(text):
        if character in ".。\n" or position == len(text) - 1:
            begin = start + len(text[start : position + 1]) - len(text[start : position + 1].lstrip())
            if begin < position + 1:
                sentences.append(Span(begin, position + 1))
            start = position + 1
    return Unit(text=text, sentences=tuple(sentences), context="Health\n", language=language)


UNITS = (
    unit_of_lines(ENGLISH),
    unit_of_lines(CHINESE, language="zh"),
    unit_of_lines(ENGLISH + "\n" + CHINESE, language="und"),
    unit_of_lines("A line of nothing in particular, and 12.5 % of it."),
    unit_of_lines("🙂🙂🙂 🇨🇭"),
    unit_of_lines(""),
    unit_of_lines(" \n\n "),
)


class UnitExtractorContract:
    """Inherit it, and give the fixture `units`; `finds_in_chinese` is False for an extractor that knows no Chinese."""

    finds_in_chinese = True

    @pytest.fixture
    def units(self) -> UnitExtractor:
        raise NotImplementedError("return the unit extractor under test")

    @pytest.fixture
    def template(self) -> Template:
        """General knowledge."""
        return template_of("general_knowledge", None)

    def _found(self, units: UnitExtractor, template: Template) -> list[tuple[Unit, Findings]]:
        return [(unit, units.read(unit, template)) for unit in UNITS]

    def test_names_lie_in_the_text_and_hold_no_space_at_their_ends(self, units: UnitExtractor, template: Template) -> None:
        for unit, found in self._found(units, template):
            for name in found.names:
                assert 0 <= name.span.start < name.span.end <= len(unit.text)
                assert name.span.of(unit.text) == name.span.of(unit.text).strip()

    def test_names_are_sorted_and_none_overlaps_another(self, units: UnitExtractor, template: Template) -> None:
        for _, found in self._found(units, template):
            assert all(before.span.end <= after.span.start for before, after in zip(found.names, found.names[1:], strict=False))

    def test_every_name_lies_inside_one_sentence(self, units: UnitExtractor, template: Template) -> None:
        for unit, found in self._found(units, template):
            for name in found.names:
                assert any(one.start <= name.span.start and name.span.end <= one.end for one in unit.sentences)

    def test_labels_are_the_templates_and_kinds_their_core_types(self, units: UnitExtractor, template: Template) -> None:
        core = {one.name: one.core for one in template.entity_types}
        for _, found in self._found(units, template):
            for name in found.names:
                assert name.kind == core[name.label]
                assert 0 < name.probability <= 1

    def test_facts_join_two_names_of_the_sentence_that_states_them(self, units: UnitExtractor, template: Template) -> None:
        for unit, found in self._found(units, template):
            for fact in found.facts:
                sentence = unit.sentences[fact.sentence]
                ends = (found.names[fact.head], found.names[fact.tail])
                assert fact.head != fact.tail
                assert all(sentence.start <= name.span.start and name.span.end <= sentence.end for name in ends)
                assert 0 < fact.probability <= 1

    def test_facts_of_the_template_join_the_types_that_it_allows(self, units: UnitExtractor, template: Template) -> None:
        for _, found in self._found(units, template):
            for fact in found.facts:
                relation = template.relation(fact.relation)
                assert fact.is_open == (relation is None)
                assert relation is None or relation.allows(found.names[fact.head].label, found.names[fact.tail].label)

    def test_facts_are_sorted_and_none_is_there_twice(self, units: UnitExtractor, template: Template) -> None:
        for _, found in self._found(units, template):
            keys = [(fact.sentence, fact.head, fact.relation, fact.tail) for fact in found.facts]
            assert keys == sorted(set(keys))

    def test_a_person_and_an_organization_are_found(self, units: UnitExtractor, template: Template) -> None:
        found = units.read(UNITS[0], template)
        named = {name.span.of(ENGLISH): name.label for name in found.names}
        assert named["Marie Curie"] == "person"
        assert any("University of Paris" in name for name in named)

    def test_chinese_names_are_found(self, units: UnitExtractor, template: Template) -> None:
        if not self.finds_in_chinese:
            pytest.skip("this extractor knows no Chinese")
        found = units.read(UNITS[1], template)
        assert "世界卫生组织" in {name.span.of(CHINESE) for name in found.names}

    def test_text_without_words_gives_nothing(self, units: UnitExtractor, template: Template) -> None:
        for unit in UNITS[-3:]:
            assert units.read(unit, template).names == ()

    def test_the_same_unit_gives_the_same_findings_from_any_thread(self, units: UnitExtractor, template: Template) -> None:
        alone = [units.read(unit, template) for unit in UNITS]
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(lambda unit: units.read(unit, template), UNITS * 2))
        assert together == alone * 2

    def test_a_type_that_the_template_lacks_is_not_found(self, units: UnitExtractor, template: Template) -> None:
        narrow = replace(
            template,
            name="persons",
            entity_types=tuple(one for one in template.entity_types if one.name == "person"),
            relations=(),
            examples=(),
        )
        assert {name.label for name in units.read(UNITS[0], narrow).names} <= {"person"}

    def test_the_fingerprint_is_a_name_and_the_trunk_is_stated(self, units: UnitExtractor) -> None:
        assert units.fingerprint == units.fingerprint.strip() != ""
        assert units.trunk == units.trunk.strip()
